//! Who somebody is, and what they may do.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use host::accounts::{AccountId, Actor, Deed, Role, Scope, Task, Token};

/// Who is before the door. Where no door stands before a page, everybody is nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody who is known.
    #[default]
    Nobody,
    /// The person of this record.
    Person {
        /// Id of their record, and of their account.
        record: AccountId,
    },
    /// A clinician.
    Clinician {
        /// Their account.
        account: AccountId,
    },
    /// Whoever looks after the bed.
    Service {
        /// Their account.
        account: AccountId,
    },
    /// A program with a token.
    Token {
        /// Id of the token.
        token: String,
        /// What it is for.
        scope: Scope,
        /// Whose it is; it can never do more than they.
        of: Box<Visitor>,
    },
}

impl Visitor {
    /// Who is signed in with an account.
    #[must_use]
    pub fn known(account: AccountId, role: Role) -> Self {
        match role {
            Role::Person => Self::Person { record: account },
            Role::Clinician => Self::Clinician { account },
            Role::Service => Self::Service { account },
        }
    }

    pub(super) fn program(token: Token) -> Self {
        let of = Box::new(Self::known(token.account, token.role));
        Self::Token { token: token.id, scope: token.scope, of }
    }

    /// The account, unless it is nobody.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Nobody => None,
            Self::Person { record: account } | Self::Clinician { account } | Self::Service { account } => {
                Some(account)
            }
            Self::Token { of, .. } => of.account(),
        }
    }

    /// Their own record: only a person, or a person's program, has one.
    #[must_use]
    pub fn record(&self) -> Option<&AccountId> {
        match self {
            Self::Person { record } => Some(record),
            Self::Token { of, .. } => of.record(),
            Self::Nobody | Self::Clinician { .. } | Self::Service { .. } => None,
        }
    }

    /// The deed that a task on this record is for this visitor: on their own, or on another's.
    #[must_use]
    pub fn deed(&self, task: Task, record: &AccountId) -> Deed {
        task.deed(self.record() == Some(record))
    }

    /// As the audit log names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Token { token, .. } => Actor::Token(token.clone()),
            known => known.account().map_or(Actor::Nobody, |id| Actor::Account(id.clone())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Somebody may not do something. As an answer it is a page or, in the API, JSON; the door chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What they may not do.
    pub deed: Deed,
    /// Why.
    pub why: Why,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody is signed in.
    Unknown,
    /// Their role does not do this.
    Role,
    /// It must be written down, and that did not work.
    Unwritten,
}

impl Denied {
    pub(super) fn unwritten(deed: Deed) -> Self {
        Self { deed, why: Why::Unwritten }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self.why {
            Why::Unknown => StatusCode::UNAUTHORIZED,
            Why::Role => StatusCode::FORBIDDEN,
            Why::Unwritten => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether a visitor may do a deed: the one table of the product.
///
/// Stop is everybody's. No line of this table begins a session: [`Deed::BeginOwn`] asks the bed for one, and
/// the bed begins it only when its hand switch is pressed; that is the bed's own business, and no account
/// can do it. Accounts and tokens are made on the computer itself, through no page.
///
/// # Errors
/// They may not, and why.
pub fn may(visitor: &Visitor, deed: Deed) -> Result<(), Denied> {
    let role = match visitor {
        Visitor::Nobody => None,
        Visitor::Person { .. } => Some(Role::Person),
        Visitor::Clinician { .. } => Some(Role::Clinician),
        Visitor::Service { .. } => Some(Role::Service),
        Visitor::Token { scope, of, .. } if scope.covers(deed) => return may(of, deed),
        Visitor::Token { .. } => return Err(Denied { deed, why: Why::Role }),
    };
    match (allowed(role, deed), role) {
        (true, _) => Ok(()),
        (false, None) => Err(Denied { deed, why: Why::Unknown }),
        (false, Some(_)) => Err(Denied { deed, why: Why::Role }),
    }
}

/// The table of [`may`]: what a role may do, or nobody in particular.
pub(crate) fn allowed(role: Option<Role>, deed: Deed) -> bool {
    let is = |wanted| role == Some(wanted);
    match deed {
        Deed::Stop | Deed::SeeHealth | Deed::SignIn | Deed::SignOut | Deed::Join => true,
        Deed::SetSecret => role.is_some(),
        Deed::ReadOwn
        | Deed::WriteOwn
        | Deed::BeginOwn
        | Deed::WishOwn
        | Deed::AcceptOwn
        | Deed::ExportOwn
        | Deed::EraseOwn => is(Role::Person),
        Deed::ReadOthers | Deed::ExportOthers | Deed::Prescribe => is(Role::Clinician),
        Deed::MoveTwin => is(Role::Person) || is(Role::Service),
        Deed::SeeService | Deed::TestBed | Deed::TakeLogs | Deed::PlayTwin => is(Role::Service),
        Deed::WriteOthers
        | Deed::BeginOthers
        | Deed::WishOthers
        | Deed::AcceptOthers
        | Deed::EraseOthers
        | Deed::AddAccount
        | Deed::ResetAccount
        | Deed::RemoveAccount
        | Deed::AddToken
        | Deed::RevokeToken => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Role by deed, written a second time and by hand: n nobody, p person, c clinician, s service, r and t
    /// a token of a person to read and to stop.
    const TABLE: &[(Deed, &str)] = &[
        (Deed::Stop, "npcsrt"),
        (Deed::SeeHealth, "npcsrt"),
        (Deed::SignIn, "npcs"),
        (Deed::SignOut, "npcs"),
        (Deed::Join, "npcs"),
        (Deed::SetSecret, "pcs"),
        (Deed::ReadOwn, "pr"),
        (Deed::ReadOthers, "c"),
        (Deed::WriteOwn, "p"),
        (Deed::WriteOthers, ""),
        (Deed::BeginOwn, "p"),
        (Deed::BeginOthers, ""),
        (Deed::WishOwn, "p"),
        (Deed::WishOthers, ""),
        (Deed::AcceptOwn, "p"),
        (Deed::AcceptOthers, ""),
        (Deed::ExportOwn, "p"),
        (Deed::ExportOthers, "c"),
        (Deed::EraseOwn, "p"),
        (Deed::EraseOthers, ""),
        (Deed::Prescribe, "c"),
        (Deed::SeeService, "s"),
        (Deed::TestBed, "s"),
        (Deed::TakeLogs, "s"),
        (Deed::MoveTwin, "ps"),
        (Deed::PlayTwin, "s"),
        (Deed::AddAccount, ""),
        (Deed::ResetAccount, ""),
        (Deed::RemoveAccount, ""),
        (Deed::AddToken, ""),
        (Deed::RevokeToken, ""),
    ];

    fn visitors() -> (host::store::Store, tempfile::TempDir, Vec<(char, Visitor)>) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = host::store::Store::open(folder.path()).expect("a store");
        let id = AccountId::of(&store.record_or_new("Ann", care::Day(20_000)).expect("a record"));
        let person = Visitor::known(id.clone(), Role::Person);
        let program = |scope| Visitor::Token { token: "t".to_owned(), scope, of: Box::new(person.clone()) };
        let all = vec![
            ('n', Visitor::Nobody),
            ('p', person.clone()),
            ('c', Visitor::known(id.clone(), Role::Clinician)),
            ('s', Visitor::known(id, Role::Service)),
            ('r', program(Scope::Read)),
            ('t', program(Scope::Stop)),
        ];
        (store, folder, all)
    }

    #[test]
    fn every_visitor_may_do_what_the_table_says_and_nothing_else() {
        let (_store, _folder, visitors) = visitors();
        let listed: Vec<Deed> = TABLE.iter().map(|(deed, _)| *deed).collect();
        assert_eq!(listed, Deed::ALL, "a deed without its line");
        for (deed, who) in TABLE {
            for (letter, visitor) in &visitors {
                let decided = may(visitor, *deed);
                assert_eq!(decided.is_ok(), who.contains(*letter), "{letter} {deed:?}");
                if let Err(denied) = decided {
                    assert_eq!(denied.why == Why::Unknown, *letter == 'n', "{letter} {deed:?}");
                }
            }
        }
    }

    #[test]
    fn a_token_never_does_more_than_its_account_and_never_more_than_reading_and_stopping() {
        let (_store, _folder, visitors) = visitors();
        for (letter, of) in visitors.iter().take(4) {
            for scope in Scope::ALL {
                let token = Visitor::Token { token: "t".to_owned(), scope, of: Box::new(of.clone()) };
                for deed in Deed::ALL.iter().filter(|deed| may(&token, **deed).is_ok()) {
                    assert!(may(of, *deed).is_ok(), "{letter} {deed:?}");
                    let small = matches!(
                        deed,
                        Deed::Stop | Deed::SeeHealth | Deed::ReadOwn | Deed::ReadOthers | Deed::SeeService
                    );
                    assert!(small, "{letter} {deed:?}");
                }
            }
        }
    }

    #[test]
    fn a_record_is_ones_own_only_by_its_id() {
        let (store, _folder, visitors) = visitors();
        let other = AccountId::of(&store.record_or_new("Bo", care::Day(20_000)).expect("a record"));
        let own = visitors[1].1.record().expect("a record").clone();
        let deeds = |visitor: &Visitor| (visitor.deed(Task::Read, &own), visitor.deed(Task::Read, &other));
        assert_eq!(deeds(&visitors[1].1), (Deed::ReadOwn, Deed::ReadOthers));
        assert_eq!(deeds(&visitors[4].1), (Deed::ReadOwn, Deed::ReadOthers));
        for other in [&visitors[0].1, &visitors[2].1, &visitors[3].1] {
            assert_eq!(deeds(other), (Deed::ReadOthers, Deed::ReadOthers));
        }
    }
}
