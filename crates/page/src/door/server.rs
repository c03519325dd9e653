//! Hears the forms of the door.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use care::Language;
use host::accounts::{
    AccountError, AccountId, Accounts, Claim, Deed, Moment, NewBrowser, Outcome, Role, Secret, SecretFault,
    SignIn,
};
use host::store::StoreError;

use super::gate::{BrowserToken, Source};
use super::pages::{self, Choice, Trouble};
use super::{Door, DoorError, PEOPLE_MAX, SIGN_IN, Visitor, blocking, may, people};

type Fields = HashMap<String, String>;

/// In which language somebody asks, and where they are going.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) language: Language,
    /// Whether a program asks rather than a page.
    pub(super) api: bool,
    /// A path of this host, with its query.
    to: Option<String>,
}

impl Asked {
    pub(super) fn of(door: &Door, request: &Request) -> Self {
        let query: Fields = Query::try_from_uri(request.uri()).map(|Query(query)| query).unwrap_or_default();
        let language = query.get("language").and_then(|tag| tag.parse().ok()).unwrap_or(door.language);
        let path = request.uri().path();
        let own = [SIGN_IN, "/sign-out"].iter().any(|own| path.starts_with(own));
        let to = if own { query.get("to").filter(|to| local(to)).cloned() } else { None };
        let here = request.uri().path_and_query().map(|here| here.as_str().to_owned());
        let here = here.filter(|here| local(here) && request.method() == Method::GET);
        let to = if own { to } else { here };
        Self { language, api: path.starts_with("/api/"), to }
    }

    pub(super) fn plain(language: Language) -> Self {
        Self { language, api: false, to: None }
    }

    /// The same in another language.
    pub(super) fn spoken(&self, language: Language) -> Self {
        Self { language, ..self.clone() }
    }

    /// A link that keeps language and destination.
    pub(super) fn link(&self, path: &str) -> String {
        let more = if path.contains('?') { '&' } else { '?' };
        let to = self.to.as_ref().map(|to| format!("&to={}", coded(to))).unwrap_or_default();
        format!("{path}{more}language={}{to}", self.language.tag())
    }

    /// Where they are going.
    pub(super) fn to(&self) -> String {
        self.to.clone().unwrap_or_else(|| Self::plain(self.language).link("/"))
    }

    /// Sends the browser to one of the door's pages, and later back here.
    pub(super) fn away_to(&self, path: &str) -> Response {
        Redirect::to(&self.link(path)).into_response()
    }
}

/// Whether a destination is a path of this host: never another site's, in whatever way it is written.
fn local(to: &str) -> bool {
    let plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && to.starts_with('/') && !to.starts_with("//") && to.len() <= 512
}

fn coded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

pub(super) fn routes(door: Door) -> Router {
    Router::new()
        .route(SIGN_IN, get(choose))
        .route("/sign-in/pin", get(ask_pin))
        .route("/sign-in/person", post(person))
        .route("/sign-in/new", get(ask_new).post(join))
        .route("/sign-in/staff", get(ask_staff).post(staff))
        .route("/sign-in/secret", post(set_secret))
        .route("/sign-out", post(sign_out))
        .route("/sign-out/everywhere", post(sign_out_everywhere))
        .route(
            pages::STYLE_HERE,
            get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], pages::STYLE) }),
        )
        .with_state(door)
}

type Told = Result<Form<Fields>, FormRejection>;

/// One field of a form; empty where it was not told.
fn field(form: &Told, name: &str) -> String {
    form.as_ref().ok().and_then(|Form(fields)| fields.get(name).cloned()).unwrap_or_default()
}

impl Door {
    /// Everybody who can sign in as a person.
    pub(super) async fn choices(&self) -> Result<Vec<Choice>, DoorError> {
        let door = self.clone();
        blocking(move || {
            let mut choices = Vec::new();
            for (id, name) in people(&door.store)? {
                choices.push(Choice { pin: door.accounts.asks(&id)?, id: id.to_string(), name });
            }
            Ok(choices)
        })
        .await
    }

    /// One of them.
    pub(super) async fn choice(&self, id: &str) -> Result<Option<(AccountId, Choice)>, DoorError> {
        let (door, id) = (self.clone(), id.to_owned());
        blocking(move || {
            let found = people(&door.store)?.into_iter().find(|(known, _)| known.as_str() == id);
            let Some((known, name)) = found else { return Ok(None) };
            let choice = Choice { pin: door.accounts.asks(&known)?, id, name };
            Ok(Some((known, choice)))
        })
        .await
    }

    /// Looks at a secret, one at a time.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Accounts) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, DoorError> {
        let _turn = self.secrets.acquire().await.map_err(|_| DoorError::Cut)?;
        self.accounts(look).await
    }

    pub(super) async fn sign_in(
        &self,
        claim: Claim,
        attempt: String,
        source: Source,
    ) -> Result<SignIn, DoorError> {
        self.look(move |accounts| accounts.sign_in(&claim, &attempt, &source.0, Moment::now())).await
    }

    /// Lets a browser in with a token of its own; the one that it held before ends.
    async fn let_in(
        &self,
        asked: &Asked,
        new: &NewBrowser,
        old: Option<BrowserToken>,
    ) -> Result<Response, DoorError> {
        let cookie = self.cookie_for(new, old).await?;
        let mut response = Redirect::to(&asked.to()).into_response();
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// The cookie of a browser that is let in; the token that it held before ends.
    pub(super) async fn cookie_for(
        &self,
        new: &NewBrowser,
        old: Option<BrowserToken>,
    ) -> Result<HeaderValue, DoorError> {
        if let Some(BrowserToken(old)) = old {
            self.accounts(move |accounts| accounts.end_browser(&old)).await?;
        }
        Ok(self.set_cookie(Some(&new.token)))
    }

    /// Begins the record of a new person of this name.
    pub(super) async fn begin_record(&self, name: String) -> Result<Result<AccountId, Trouble>, DoorError> {
        let _one = self.joining.lock().await;
        let store = self.store.clone();
        blocking(move || {
            let names = store.names()?;
            if names.contains(&name) {
                return Ok(Err(Trouble::Taken));
            }
            if names.len() >= PEOPLE_MAX {
                return Ok(Err(Trouble::Full));
            }
            match store.record_or_new(&name, host::clock::today()) {
                Ok(record) => Ok(Ok(AccountId::of(&record))),
                Err(StoreError::Name(_)) => Ok(Err(Trouble::Name)),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Ends browsers of whoever leaves, if anybody is signed in.
    pub(super) async fn left(
        &self,
        visitor: &Visitor,
        end: impl FnOnce(&Accounts, &AccountId) -> Result<(), AccountError> + Send + 'static,
    ) -> Result<(), DoorError> {
        let Some(id) = visitor.account().cloned() else { return Ok(()) };
        let who = visitor.actor();
        self.accounts(move |accounts| {
            end(accounts, &id)?;
            accounts.note(&who, Deed::SignOut, None, Outcome::Done, Moment::now())
        })
        .await
    }

    /// Sets, changes or removes the secret of an account, after the present one was shown again.
    pub(super) async fn change_secret(
        &self,
        id: AccountId,
        current: String,
        fresh: &str,
        source: Source,
    ) -> Result<Result<SignIn, SecretFault>, DoorError> {
        let known = id.clone();
        let account = self.accounts(move |accounts| accounts.account(&known)).await?;
        let secret = match account.and_then(|account| account.label) {
            Some(label) => Secret::passphrase(fresh, &label).map(Some),
            None if fresh.is_empty() => Ok(None),
            None => Secret::pin(fresh).map(Some),
        };
        let secret = match secret {
            Ok(secret) => secret,
            Err(fault) => return Ok(Err(fault)),
        };
        let change = move |accounts: &Accounts| {
            accounts.change_secret(&id, &current, secret.as_ref(), &source.0, Moment::now())
        };
        Ok(Ok(self.look(change).await?))
    }
}

/// What a request brings that comes to the door.
pub(super) struct Caller {
    pub(super) door: Door,
    asked: Asked,
    pub(super) source: Source,
    pub(super) browser: Option<BrowserToken>,
    pub(super) visitor: Visitor,
}

impl axum::extract::FromRequestParts<Door> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        door: &Door,
    ) -> Result<Self, Self::Rejection> {
        let bare = Request::from_parts(parts.clone(), axum::body::Body::empty());
        Ok(Self {
            door: door.clone(),
            asked: Asked::of(door, &bare),
            source: Source::from_request_parts(parts, door).await?,
            browser: parts.extensions.get::<BrowserToken>().cloned(),
            visitor: Visitor::from_request_parts(parts, door).await?,
        })
    }
}

impl Caller {
    /// The answer where the visitor may not: a program's token opens none of the door's forms.
    fn denied(&self, deed: Deed) -> Option<Response> {
        may(&self.visitor, deed).err().map(IntoResponse::into_response)
    }

    fn show(&self, status: StatusCode, page: &maud::Markup) -> Response {
        self.asked.answer(status, page)
    }

    fn broken(&self, error: &DoorError) -> Response {
        eprintln!("ondol: {error}");
        self.show(StatusCode::INTERNAL_SERVER_ERROR, &pages::broken(self.asked.language))
    }

    /// The answer to a try that did not fit; `page` says why.
    fn refused(&self, sign_in: &SignIn, page: impl FnOnce(Trouble) -> maud::Markup) -> Response {
        let (status, trouble, wait) = match sign_in {
            SignIn::Wrong(wait) => (StatusCode::UNAUTHORIZED, Trouble::Wrong(*wait), *wait),
            SignIn::Early(wait) => (StatusCode::TOO_MANY_REQUESTS, Trouble::Early(*wait), *wait),
            SignIn::In(_) => unreachable!("who is in is not refused"),
        };
        let mut response = self.show(status, &page(trouble));
        if wait > Duration::ZERO {
            let seconds = HeaderValue::from(wait.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }

    /// The page of whoever is signed in.
    async fn inside(&self, status: StatusCode, trouble: Option<Trouble>) -> Result<Response, DoorError> {
        let Some(id) = self.visitor.account().cloned() else {
            let people = self.door.choices().await?;
            return Ok(self.show(status, &pages::choose(&self.asked, &people)));
        };
        let (name, pin) = match self.door.choice(id.as_str()).await? {
            Some((_, choice)) => (choice.name, choice.pin),
            None => {
                let account = self.door.accounts(move |accounts| accounts.account(&id)).await?;
                (account.and_then(|account| account.label).unwrap_or_default(), true)
            }
        };
        Ok(self.show(status, &pages::inside(&self.asked, &name, &self.visitor, pin, trouble)))
    }
}

async fn choose(caller: Caller) -> Response {
    caller.inside(StatusCode::OK, None).await.unwrap_or_else(|error| caller.broken(&error))
}

async fn ask_pin(caller: Caller, Query(query): Query<Fields>) -> Response {
    let who = query.get("who").map(String::as_str).unwrap_or_default();
    match caller.door.choice(who).await {
        Ok(Some((_, choice))) => caller.show(StatusCode::OK, &pages::pin(&caller.asked, &choice, None)),
        Ok(None) => caller.asked.away_to(SIGN_IN),
        Err(error) => caller.broken(&error),
    }
}

async fn person(caller: Caller, form: Told) -> Response {
    if let Some(denied) = caller.denied(Deed::SignIn) {
        return denied;
    }
    let tried = async {
        let Some((id, choice)) = caller.door.choice(&field(&form, "who")).await? else {
            return Ok(caller.asked.away_to(SIGN_IN));
        };
        let claim = Claim::Person(id);
        match caller.door.sign_in(claim, field(&form, "secret"), caller.source.clone()).await? {
            SignIn::In(new) => caller.door.let_in(&caller.asked, &new, caller.browser.clone()).await,
            not => Ok(caller.refused(&not, |trouble| pages::pin(&caller.asked, &choice, Some(trouble)))),
        }
    };
    tried.await.unwrap_or_else(|error: DoorError| caller.broken(&error))
}

async fn ask_new(caller: Caller) -> Response {
    caller.show(StatusCode::OK, &pages::new(&caller.asked, "", None))
}

async fn join(caller: Caller, form: Told) -> Response {
    if let Some(denied) = caller.denied(Deed::Join) {
        return denied;
    }
    let (name, pin) = (field(&form, "name").trim().to_owned(), field(&form, "secret"));
    let again = |status, trouble| caller.show(status, &pages::new(&caller.asked, &name, Some(trouble)));
    let pin = match (pin.is_empty(), Secret::pin(&pin)) {
        (true, _) => None,
        (false, Ok(pin)) => Some(pin),
        (false, Err(fault)) => return again(StatusCode::UNPROCESSABLE_ENTITY, Trouble::Secret(fault)),
    };
    let joined = async {
        let id = match caller.door.begin_record(name.clone()).await? {
            Ok(id) => id,
            Err(Trouble::Taken) => return Ok(again(StatusCode::CONFLICT, Trouble::Taken)),
            Err(trouble) => return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, trouble)),
        };
        let new = caller.door.look(move |accounts| accounts.join(&id, pin.as_ref(), Moment::now())).await?;
        caller.door.let_in(&caller.asked, &new, caller.browser.clone()).await
    };
    joined.await.unwrap_or_else(|error: DoorError| caller.broken(&error))
}

async fn ask_staff(caller: Caller) -> Response {
    caller.show(StatusCode::OK, &pages::staff(&caller.asked, Role::Clinician, "", None))
}

async fn staff(caller: Caller, form: Told) -> Response {
    if let Some(denied) = caller.denied(Deed::SignIn) {
        return denied;
    }
    let role = if field(&form, "role") == Role::Service.tag() { Role::Service } else { Role::Clinician };
    let label = field(&form, "label").trim().to_owned();
    let claim = Claim::Staff { role, label: label.clone() };
    let tried = async {
        match caller.door.sign_in(claim, field(&form, "secret"), caller.source.clone()).await? {
            SignIn::In(new) => caller.door.let_in(&caller.asked, &new, caller.browser.clone()).await,
            not => {
                Ok(caller.refused(&not, |trouble| pages::staff(&caller.asked, role, &label, Some(trouble))))
            }
        }
    };
    tried.await.unwrap_or_else(|error: DoorError| caller.broken(&error))
}

/// Sets, changes or removes one's own secret, after the present one was shown again.
async fn set_secret(caller: Caller, form: Told) -> Response {
    if let Some(denied) = caller.denied(Deed::SetSecret) {
        return denied;
    }
    let changed = async {
        let Some(id) = caller.visitor.account().cloned() else { return Ok(caller.asked.away_to(SIGN_IN)) };
        let (current, fresh) = (field(&form, "current"), field(&form, "secret"));
        let changed = match caller.door.change_secret(id, current, &fresh, caller.source.clone()).await? {
            Ok(changed) => changed,
            Err(fault) => {
                return caller.inside(StatusCode::UNPROCESSABLE_ENTITY, Some(Trouble::Secret(fault))).await;
            }
        };
        match changed {
            SignIn::In(new) => caller.door.let_in(&caller.asked, &new, None).await,
            SignIn::Early(wait) => {
                caller.inside(StatusCode::TOO_MANY_REQUESTS, Some(Trouble::Early(wait))).await
            }
            SignIn::Wrong(wait) => caller.inside(StatusCode::UNAUTHORIZED, Some(Trouble::Wrong(wait))).await,
        }
    };
    changed.await.unwrap_or_else(|error: DoorError| caller.broken(&error))
}

async fn sign_out(caller: Caller) -> Response {
    let out = caller.browser.clone();
    leave(caller, move |accounts, _| out.map_or(Ok(()), |BrowserToken(token)| accounts.end_browser(&token)))
        .await
}

async fn sign_out_everywhere(caller: Caller) -> Response {
    leave(caller, |accounts, id| accounts.end_browsers(id)).await
}

async fn leave(
    caller: Caller,
    end: impl FnOnce(&Accounts, &AccountId) -> Result<(), AccountError> + Send + 'static,
) -> Response {
    if let Some(denied) = caller.denied(Deed::SignOut) {
        return denied;
    }
    if let Err(error) = caller.door.left(&caller.visitor, end).await {
        return caller.broken(&error);
    }
    let mut response = Asked::plain(caller.asked.language).away_to(SIGN_IN);
    response.headers_mut().insert(header::SET_COOKIE, caller.door.set_cookie(None));
    response
}
