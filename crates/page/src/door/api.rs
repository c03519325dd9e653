//! The door for programs: who is here, signing in and out, and one's own secret. The same waits after wrong tries
//! as on the pages.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use care::Language;
use host::accounts::{Claim, Deed, Moment, NewBrowser, Role, Scope, Secret, SignIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::form::Csrf;
use super::gate::{BROKEN, BrowserToken};
use super::pages;
use super::server::Caller;
use super::{Door, DoorError, Visitor, may};
use crate::api::{Body, Trouble};

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(door: Door) -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(people, join))
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(secret))
        .with_state(door)
}

impl From<DoorError> for Trouble {
    fn from(error: DoorError) -> Self {
        eprintln!("ondol: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "accounts", BROKEN)
    }
}

impl From<pages::Trouble> for Trouble {
    fn from(trouble: pages::Trouble) -> Self {
        use pages::Trouble as At;
        let (status, code) = match trouble {
            At::Wrong(_) => (StatusCode::UNAUTHORIZED, "wrong"),
            At::Early(_) => (StatusCode::TOO_MANY_REQUESTS, "early"),
            At::Secret(_) => (StatusCode::UNPROCESSABLE_ENTITY, "secret"),
            At::Name => (StatusCode::UNPROCESSABLE_ENTITY, "name"),
            At::Taken => (StatusCode::CONFLICT, "taken"),
            At::Full => (StatusCode::CONFLICT, "full"),
        };
        let told = Self::new(status, code, trouble.say(Language::English));
        match trouble {
            At::Wrong(wait) | At::Early(wait) if !wait.is_zero() => told.wait(wait.as_secs().max(1)),
            _ => told,
        }
    }
}

/// Who is here.
#[derive(Serialize, ToSchema)]
struct Me {
    /// person, clinician or service; null where nobody is signed in.
    role: Option<&'static str>,
    /// Name of the person, or of the account.
    name: Option<String>,
    /// Whether a secret is asked of this account.
    secret: Option<bool>,
    /// read or stop, where a program shows a token.
    token: Option<&'static str>,
    /// What a browser that is signed in sends as x-ondol-csrf with everything that changes something.
    form_secret: Option<String>,
}

/// Who is here
#[utoipa::path(get, path = "/api/v1/me", tag = "sign in", responses((status = 200, body = Me)))]
async fn me(caller: Caller, csrf: Csrf) -> Result<Json<Me>, Trouble> {
    let token = match &caller.visitor {
        Visitor::Token { scope, .. } => Some(scope.tag()),
        _ => None,
    };
    let mut me = Me { role: None, name: None, secret: None, token, form_secret: None };
    // A token that is only to stop tells nothing.
    let Some(id) = caller.visitor.account().filter(|_| token != Some(Scope::Stop.tag())).cloned() else {
        return Ok(Json(me));
    };
    let person = caller.door.choice(id.as_str()).await?;
    let account = caller.door.accounts(move |accounts| accounts.account(&id)).await?;
    if let Some(account) = account {
        me.role = Some(account.role.tag());
        me.secret = Some(account.secret);
        me.name = account.label.or(person.map(|(_, choice)| choice.name));
    }
    me.form_secret = csrf.value().map(str::to_owned);
    Ok(Json(me))
}

/// Somebody who can sign in as a person.
#[derive(Serialize, ToSchema)]
struct SomeoneHere {
    /// By this they sign in.
    id: String,
    name: String,
    /// Whether they have a PIN.
    pin: bool,
}

/// Who can sign in as a person
///
/// The same that the sign-in page shows.
#[utoipa::path(get, path = "/api/v1/people", tag = "sign in", responses((status = 200, body = [SomeoneHere])))]
async fn people(caller: Caller) -> Result<Json<Vec<SomeoneHere>>, Trouble> {
    let choices = caller.door.choices().await?;
    let one = |choice: pages::Choice| SomeoneHere { id: choice.id, name: choice.name, pin: choice.pin };
    Ok(Json(choices.into_iter().map(one).collect()))
}

/// A browser or program that is signed in; its cookie came as `Set-Cookie`.
#[derive(Serialize, ToSchema)]
struct SignedIn {
    /// To be sent as x-ondol-csrf with everything that changes something.
    form_secret: String,
}

/// The answer to whoever is let in.
async fn let_in(
    door: &Door,
    status: StatusCode,
    new: &NewBrowser,
    old: Option<BrowserToken>,
) -> Result<Response, Trouble> {
    let cookie = door.cookie_for(new, old).await?;
    let form_secret = Csrf::of(&new.token).value().unwrap_or_default().to_owned();
    Ok((status, [(header::SET_COOKIE, cookie)], Json(SignedIn { form_secret })).into_response())
}

/// In, or why not.
async fn told(caller: &Caller, tried: SignIn, old: Option<BrowserToken>) -> Result<Response, Trouble> {
    match tried {
        SignIn::In(new) => let_in(&caller.door, StatusCode::OK, &new, old).await,
        SignIn::Wrong(wait) => Err(pages::Trouble::Wrong(wait).into()),
        SignIn::Early(wait) => Err(pages::Trouble::Early(wait).into()),
    }
}

/// Who somebody says they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Claimed {
    /// A person of `GET /api/v1/people`.
    #[serde(rename_all = "snake_case")]
    Person {
        id: String,
        /// Their PIN, if they have one.
        #[serde(default)]
        secret: String,
    },
    /// A clinician, or whoever looks after the bed.
    #[serde(rename_all = "snake_case")]
    Staff { role: StaffRole, label: String, secret: String },
}

/// What somebody of the staff is.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StaffRole {
    Clinician,
    Service,
}

/// Sign in
#[utoipa::path(
    post, path = "/api/v1/sign-in", tag = "sign in", extensions(("x-deed" = json!("sign in"))),
    request_body(content = Claimed, examples(
        ("person" = (value = json!({ "person": { "id": "0f3c", "secret": "4711" } }))),
        ("staff" = (value = json!({ "staff": { "role": "clinician", "label": "practice", "secret": "river anvil" } }))),
    )),
    responses(
        (status = 200, body = SignedIn, description = "Signed in; the cookie comes with it."),
        (status = 404, body = Trouble, description = "There is nobody of this id."),
        (status = 429, body = Trouble, description = "Too many wrong tries: wait as Retry-After says."),
    ),
)]
async fn sign_in(caller: Caller, Body(claimed): Body<Claimed>) -> Result<Response, Trouble> {
    may(&caller.visitor, Deed::SignIn)?;
    let (claim, attempt) = match claimed {
        Claimed::Person { id, secret } => match caller.door.choice(&id).await? {
            Some((id, _)) => (Claim::Person(id), secret),
            None => {
                return Err(Trouble::none(
                    "There is nobody of this id: GET /api/v1/people says who is here.",
                ));
            }
        },
        Claimed::Staff { role, label, secret } => {
            let role = match role {
                StaffRole::Clinician => Role::Clinician,
                StaffRole::Service => Role::Service,
            };
            (Claim::Staff { role, label: label.trim().to_owned() }, secret)
        }
    };
    let tried = caller.door.sign_in(claim, attempt, caller.source.clone()).await?;
    told(&caller, tried, caller.browser.clone()).await
}

/// A new person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Joined {
    /// As they wish to be called.
    name: String,
    /// A PIN, if they wish one.
    secret: Option<String>,
}

/// Begin a record of one's own
#[utoipa::path(
    post, path = "/api/v1/people", tag = "sign in", extensions(("x-deed" = json!("join"))),
    request_body(content = Joined, example = json!({ "name": "Noor", "secret": null })),
    responses(
        (status = 201, body = SignedIn, description = "Begun, and signed in."),
        (status = 409, body = Trouble, description = "Somebody has this name, or there is no room."),
    ),
)]
async fn join(caller: Caller, Body(joined): Body<Joined>) -> Result<Response, Trouble> {
    may(&caller.visitor, Deed::Join)?;
    let pin = match joined.secret.as_deref() {
        None | Some("") => None,
        Some(pin) => Some(Secret::pin(pin).map_err(pages::Trouble::Secret)?),
    };
    let id = caller.door.begin_record(joined.name.trim().to_owned()).await??;
    let new = caller.door.look(move |accounts| accounts.join(&id, pin.as_ref(), Moment::now())).await?;
    let_in(&caller.door, StatusCode::CREATED, &new, caller.browser.clone()).await
}

/// How far to sign out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    /// On every other tablet and computer as well.
    #[serde(default)]
    everywhere: bool,
}

/// Sign out
#[utoipa::path(
    post, path = "/api/v1/sign-out", tag = "sign in", extensions(("x-deed" = json!("sign out"))),
    request_body(content = Leaving, example = json!({ "everywhere": false })),
    responses((status = 204, description = "Nobody is signed in any more.")),
)]
async fn sign_out(caller: Caller, Body(leaving): Body<Leaving>) -> Result<Response, Trouble> {
    may(&caller.visitor, Deed::SignOut)?;
    let own = caller.browser.clone();
    caller
        .door
        .left(&caller.visitor, move |accounts, id| match (leaving.everywhere, own) {
            (true, _) => accounts.end_browsers(id),
            (false, Some(BrowserToken(token))) => accounts.end_browser(&token),
            (false, None) => Ok(()),
        })
        .await?;
    let gone: HeaderValue = caller.door.set_cookie(None);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// A new secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Changed {
    /// The present one, if there is one.
    #[serde(default)]
    current: String,
    /// The new one; empty for a person who wishes none.
    secret: String,
}

/// Set, change or remove one's own PIN or passphrase
///
/// Every other browser and every token of the account ends.
#[utoipa::path(
    post, path = "/api/v1/me/secret", tag = "sign in", extensions(("x-deed" = json!("set secret"))),
    request_body(content = Changed, example = json!({ "current": "", "secret": "4711" })),
    responses(
        (status = 200, body = SignedIn, description = "Changed, and signed in anew."),
        (status = 429, body = Trouble, description = "Too many wrong tries: wait as Retry-After says."),
    ),
)]
async fn secret(caller: Caller, Body(changed): Body<Changed>) -> Result<Response, Trouble> {
    may(&caller.visitor, Deed::SetSecret)?;
    let unknown = || Trouble::from(pages::Trouble::Wrong(std::time::Duration::ZERO));
    let id = caller.visitor.account().cloned().ok_or_else(unknown)?;
    let tried =
        caller.door.change_secret(id, changed.current, &changed.secret, caller.source.clone()).await?;
    told(&caller, tried.map_err(pages::Trouble::Secret)?, None).await
}
