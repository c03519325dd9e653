//! The door: who comes in, what they may do, and how nobody else gets in through their browser.
//!
//! [`keep`] stands before every page and every call of the API. It knows the [`Visitor`] by the cookie of a
//! browser or the token of a program, refuses what was not meant for this computer or comes from another
//! site, and puts a secret of the browser's own into every form, without which no form counts. What a visitor
//! may do stands in one table, [`may`].
//!
//! [Stop](STOP) stands before the door: it is served without any check and waits for nobody. Nothing behind
//! the door can begin a session: a page only asks for one, and the bed begins it when its hand switch is
//! pressed.
//!
//! A room for each: `visitor` is who it is and what they may do, `origin` where a request comes from, `form`
//! the secret in forms, `gate` the check before every page, `pages` and `server` the sign-in, `listen` the
//! address and its certificate.

pub(crate) mod api;
mod form;
mod gate;
mod listen;
mod origin;
mod pages;
mod server;
mod visitor;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::middleware;
use care::Language;
use host::accounts::{AccountError, AccountId, Accounts, Deed, Moment, Outcome, Role};
use host::store::{Store, StoreError};
use tokio::sync::{Mutex, Semaphore};

pub use form::{CSRF_HEADER, Csrf};
pub use gate::{POLICY, Source};
pub use listen::{ListenError, Listener, Peer, Tls, listen};
pub use origin::Here;
pub(crate) use visitor::allowed;
pub use visitor::{Denied, Visitor, Why, may};

/// Where a page sends Stop, by POST.
pub const STOP: &str = "/stop";

/// Where the sign-in begins.
pub const SIGN_IN: &str = "/sign-in";

/// Most people who can begin a record here through a page.
///
/// Design: more than a practice has on one bed; made-up names must not fill the disk.
const PEOPLE_MAX: usize = 200;

/// What the door knows. A clone is the same door.
#[derive(Clone, Debug)]
pub struct Door {
    accounts: Accounts,
    store: Store,
    here: Here,
    language: Language,
    /// Looking at a secret takes memory and a core: one at a time, and the others wait without a thread.
    secrets: Arc<Semaphore>,
    /// Held while a new person begins, so that no name begins twice.
    joining: Arc<Mutex<()>>,
}

/// The door cannot work.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The accounts cannot be used.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// The people's records cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A thread was lost.
    #[error("the work was cut short; try again")]
    Cut,
}

impl Door {
    /// A door before this store, spoken at in `language` where an address names none.
    #[must_use]
    pub fn new(accounts: Accounts, store: Store, here: Here, language: Language) -> Self {
        let (secrets, joining) = (Arc::new(Semaphore::new(1)), Arc::new(Mutex::new(())));
        Self { accounts, store, here, language, secrets, joining }
    }

    /// Decides whether a visitor may do a deed, and writes into the audit log what belongs there. `whom` is
    /// the record it is done to.
    ///
    /// # Errors
    /// They may not, or what must be written down cannot be.
    pub async fn pass(&self, visitor: &Visitor, deed: Deed, whom: Option<&AccountId>) -> Result<(), Denied> {
        let decided = may(visitor, deed);
        if decided.is_ok() && !deed.audited() {
            return decided;
        }
        let outcome = if decided.is_ok() { Outcome::Done } else { Outcome::Denied };
        let (who, whom) = (visitor.actor(), whom.cloned());
        let noted = self
            .accounts(move |accounts| accounts.note(&who, deed, whom.as_ref(), outcome, Moment::now()))
            .await;
        decided.and(noted.map_err(|_| Denied::unwritten(deed)))
    }

    /// Writes down who stopped, after it was done: Stop itself waits for nothing, so this neither fails nor
    /// is waited for.
    pub fn stopped(&self, headers: &HeaderMap) {
        let (door, headers) = (self.clone(), headers.clone());
        tokio::spawn(async move {
            let who = door.who(&headers).await.actor();
            let note = move |accounts: &Accounts| {
                accounts.note(&who, Deed::Stop, None, Outcome::Done, Moment::now())
            };
            if let Err(error) = door.accounts(note).await {
                eprintln!("ondol: Stop was done, but not written down: {error}");
            }
        });
    }

    /// Who sends these headers now; nobody where that cannot be told. A page that stays open, as a live picture
    /// does, asks again from time to time: who has signed out sees no more.
    pub async fn who(&self, headers: &HeaderMap) -> Visitor {
        self.visitor(headers).await.map_or(Visitor::Nobody, |(visitor, _)| visitor)
    }

    /// Drops what has outlived its time, and accounts of people whose record was erased. To be called on
    /// starting and once a day.
    ///
    /// # Errors
    /// Accounts or records cannot be used.
    pub async fn sweep(&self) -> Result<(), DoorError> {
        let door = self.clone();
        blocking(move || {
            door.accounts.sweep(Moment::now())?;
            let there = people(&door.store)?;
            let gone = |id: &AccountId| there.iter().all(|(known, _)| known != id);
            for account in door.accounts.list()? {
                if account.role == Role::Person && gone(&account.id) {
                    door.accounts.remove(&account.id)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Does something with the accounts on a thread that may wait.
    async fn accounts<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Accounts) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, DoorError> {
        let accounts = self.accounts.clone();
        blocking(move || Ok(work(&accounts)?)).await
    }
}

/// The pages with their sign-in behind the door, and Stop before it.
///
/// `pages` is everything else that is served, `/style.css` of the guide among it; `stop` answers [`STOP`] and
/// its twin in the API, and does nothing else: no check stands before it.
pub fn keep(door: &Door, pages: Router, stop: Router) -> Router {
    let kept = pages
        .merge(server::routes(door.clone()))
        .layer(middleware::from_fn_with_state(door.clone(), gate::gate));
    kept.merge(stop.layer(middleware::map_response(gate::told)))
}

/// Everybody who has a record: id and name, by name.
fn people(store: &Store) -> Result<Vec<(AccountId, String)>, StoreError> {
    let one = |name: String| Ok((AccountId::of(&store.record(&name)?), name));
    store.names()?.into_iter().map(one).collect()
}

/// Does on a thread that may wait what would hold every other request up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DoorError> + Send + 'static,
) -> Result<T, DoorError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(DoorError::Cut))
}
