//! The check before every page.

use std::net::IpAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use host::accounts::Moment;
use std::convert::Infallible;

use super::form::Csrf;
use super::listen::Peer;
use super::visitor::{Denied, Visitor, Why};
use super::{Door, DoorError, SIGN_IN, pages, server};
use crate::api::Trouble;

/// What a browser may do with a page that says nothing else: show it, load style sheets, scripts and pictures
/// from here, and talk to nobody else.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Name of the cookie on a plain connection of this computer with itself.
const COOKIE: &str = "ondol";

/// Name of the cookie on an encrypted connection; the browser then holds it to `Secure`, `Path=/` and to this
/// host alone (RFC 6265bis, "__Host-" prefix).
const COOKIE_TLS: &str = "__Host-ondol";

/// That accounts cannot be read, for programs.
pub(super) const BROKEN: &str = "Accounts cannot be read or written just now. Perhaps the disk is full. Stop and the hand switch work all the same.";

/// Where a request comes from, as wrong tries are counted: an address, or the network of 2^64 of a version 6.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source(pub(super) String);

impl Source {
    /// The source of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>();
        Ok(peer.map_or_else(|| Self("unknown".to_owned()), |ConnectInfo(peer)| Self::of(peer.0.ip())))
    }
}

/// The token of a browser that is signed in.
#[derive(Clone)]
pub(super) struct BrowserToken(pub(super) String);

impl Door {
    /// Who sent a request, and the token of their browser if they are known by one.
    pub(super) async fn visitor(
        &self,
        headers: &HeaderMap,
    ) -> Result<(Visitor, Option<BrowserToken>), Unknown> {
        if let Some(told) = headers.get(header::AUTHORIZATION) {
            let bearer = told.to_str().ok().and_then(|told| told.split_once(' '));
            let token = bearer.filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
            let token = token.ok_or(Unknown::Token)?.1.trim().to_owned();
            let found = self.accounts(move |accounts| accounts.token(&token, Moment::now())).await;
            let token = found.map_err(Unknown::Broken)?.ok_or(Unknown::Token)?;
            return Ok((Visitor::program(token), None));
        }
        let Some(token) = cookie(headers, self.cookie_name()) else { return Ok((Visitor::Nobody, None)) };
        let asked = token.clone();
        let found = self.accounts(move |accounts| accounts.browser(&asked, Moment::now())).await;
        Ok(match found.map_err(Unknown::Broken)? {
            Some((account, role)) => (Visitor::known(account, role), Some(BrowserToken(token))),
            None => (Visitor::Nobody, None),
        })
    }

    /// Name of the cookie of a sign-in.
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.here.tls() { COOKIE_TLS } else { COOKIE }
    }

    /// Gives a browser its token, or takes it away. The cookie lasts as long as the browser runs; how long it
    /// counts is decided here.
    pub(super) fn set_cookie(&self, token: Option<&str>) -> HeaderValue {
        let secure = if self.here.tls() { "; Secure" } else { "" };
        let name = self.cookie_name();
        let cookie = match token {
            Some(token) => format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}"),
            None => format!("{name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}"),
        };
        HeaderValue::from_str(&cookie).expect("a token is hexadecimal digits")
    }
}

/// Why it is not known who sent a request.
#[derive(Debug)]
pub(super) enum Unknown {
    /// A token that does not count.
    Token,
    /// The accounts cannot be read.
    Broken(DoorError),
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let told = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = told.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(told, _)| *told == name).map(|(_, value)| value.to_owned())
}

/// Stands before every page: refuses strangers, says who it is, keeps forms to our own pages, and tells the
/// browser what a page may do.
pub(super) async fn gate(State(door): State<Door>, request: Request, next: Next) -> Response {
    let asked = server::Asked::of(&door, &request);
    told(match passed(&door, request, next, &asked).await {
        Ok(response) | Err(response) => response,
    })
    .await
}

async fn passed(
    door: &Door,
    mut request: Request,
    next: Next,
    asked: &server::Asked,
) -> Result<Response, Response> {
    if !door.here.meant(request.headers()) {
        let words = "Refused: this computer does not answer to that name. Use its number, or start it with --host-name.";
        return Err(asked.refused("host", words));
    }
    if !door.here.ours(request.method(), request.headers()) {
        let words = "Refused: this was sent from the page of another site. Send it from this computer's own.";
        return Err(asked.refused("origin", words));
    }
    let (visitor, browser) = door.visitor(request.headers()).await.map_err(|unknown| match unknown {
        Unknown::Token => {
            let told = [(header::WWW_AUTHENTICATE, "Bearer")];
            let words = "This token does not count: it was revoked, has ended, or was never made. Make a new one with `ondol account token add`.";
            (told, Trouble::new(StatusCode::UNAUTHORIZED, "token", words)).into_response()
        }
        Unknown::Broken(error) => {
            eprintln!("ondol: {error}");
            let code = StatusCode::INTERNAL_SERVER_ERROR;
            match asked.api {
                true => Trouble::new(code, "accounts", BROKEN).into_response(),
                false => asked.answer(code, &pages::broken(asked.language)),
            }
        }
    })?;
    let csrf = browser.as_ref().map(|token| Csrf::of(&token.0)).unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if browser.is_some() && !reads {
        request = csrf.taken_from(request).await.map_err(|status| match asked.api {
            true => {
                let words = "Send the secret of your sign-in as the header x-ondol-csrf.";
                Trouble::new(status, "form_secret", words).into_response()
            }
            false => asked.answer(status, &pages::stale(asked)),
        })?;
    }
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(csrf.clone());
    if let Some(browser) = browser {
        request.extensions_mut().insert(browser);
    }
    let response = next.run(request).await;
    let response = match response.extensions().get::<Denied>() {
        Some(denied) => said(*denied, asked, reads),
        None => response,
    };
    Ok(csrf.given_to(response).await)
}

/// That somebody may not, in words; whoever is not signed in is asked who they are.
fn said(denied: Denied, asked: &server::Asked, reads: bool) -> Response {
    if asked.api {
        let deed = denied.deed.tag();
        let (code, words) = match denied.why {
            Why::Unknown => {
                ("unknown", "nobody is signed in here: sign in, or send a token as Authorization: Bearer")
            }
            Why::Role => ("role", "this account may not: sign in as somebody who may"),
            Why::Unwritten => (
                "unwritten",
                "it must be written into the audit log, and that did not work. Is the disk full?",
            ),
        };
        return Trouble::new(denied.status(), code, format!("Not done ({deed}): {words}")).into_response();
    }
    match denied.why {
        Why::Unknown if reads => asked.away_to(SIGN_IN),
        Why::Unknown => asked.answer(denied.status(), &pages::stale(asked)),
        Why::Role => asked.answer(denied.status(), &pages::not_yours(asked.language)),
        Why::Unwritten => asked.answer(denied.status(), &pages::broken(asked.language)),
    }
}

/// Tells the browser what it may do with a page. What a page says itself about scripts and caches stands.
pub(super) async fn told(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not "no-referrer": with that, browsers hide the origin of our own forms as well.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

impl server::Asked {
    /// That a request was not meant for here, or not sent from here.
    fn refused(&self, code: &'static str, words: &'static str) -> Response {
        match self.api {
            true => Trouble::new(StatusCode::FORBIDDEN, code, words).into_response(),
            false => (StatusCode::FORBIDDEN, format!("{words}\n")).into_response(),
        }
    }

    /// A page as an answer.
    pub(super) fn answer(&self, status: StatusCode, page: &maud::Markup) -> Response {
        (status, Html(page.0.clone())).into_response()
    }
}
