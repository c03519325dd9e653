//! A door on a folder of its own, with a few pages behind it, and a browser before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use care::{Day, Language};
use host::accounts::{AccountId, Accounts, Deed, Role, Scope, Secret, TOKEN_LASTS};
use host::store::Store;
use http_body_util::BodyExt;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::door::{Door, Here, STOP, Visitor, keep, may};

pub(super) const PIN: &str = "83917264";
pub(super) const PHRASE: &str = "river anvil planted moth";
pub(super) const HOST: &str = "127.0.0.1:7000";

pub(super) struct Room {
    pub(super) folder: TempDir,
    pub(super) store: Store,
    pub(super) accounts: Accounts,
    pub(super) door: Door,
    runtime: Runtime,
    /// How often each thing was really done behind the door.
    pub(super) done: Arc<Done>,
}

#[derive(Default)]
pub(super) struct Done {
    pub(super) wished: AtomicU32,
    pub(super) stopped: AtomicU32,
}

pub(super) struct Answer {
    pub(super) code: StatusCode,
    pub(super) to: String,
    pub(super) cookie: Option<String>,
    pub(super) headers: header::HeaderMap,
    pub(super) text: String,
}

impl Answer {
    /// The secret that stands in the page's forms.
    pub(super) fn csrf(&self) -> String {
        let rest = self.text.split("name=\"csrf\" value=\"").nth(1).expect("a form with its secret");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

/// A browser: it holds one cookie.
#[derive(Default)]
pub(super) struct Browser {
    pub(super) cookie: Option<String>,
}

impl Room {
    pub(super) fn new() -> Self {
        Self::with(false)
    }

    pub(super) fn with(tls: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let accounts = Accounts::open(folder.path()).expect("accounts");
        let here = Here::new(HOST.parse().expect("an address"), tls, &[]);
        let door = Door::new(accounts.clone(), store.clone(), here, Language::English);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { folder, store, accounts, door, runtime, done: Arc::default() }
    }

    /// Somebody with a record, and a PIN if they wish one.
    pub(super) fn person(&self, name: &str, pin: Option<&str>) -> AccountId {
        let id = AccountId::of(&self.store.record_or_new(name, Day(20_000)).expect("a record"));
        self.accounts.person(&id).expect("an account");
        let pin = pin.map(|pin| Secret::pin(pin).expect("a PIN"));
        self.accounts.set_secret(&id, pin.as_ref()).expect("kept");
        id
    }

    pub(super) fn staff(&self, role: Role) -> AccountId {
        let secret = Secret::passphrase(PHRASE, "desk").expect("a passphrase");
        self.accounts.add(role, "desk", &secret).expect("an account")
    }

    pub(super) fn token(&self, id: &AccountId, scope: Scope) -> String {
        self.accounts.add_token(id, scope, TOKEN_LASTS, host::accounts::Moment::now()).expect("a token").1
    }

    pub(super) fn router(&self) -> Router {
        async fn own(visitor: Visitor) -> axum::response::Response {
            match may(&visitor, Deed::ReadOwn) {
                Ok(()) => Html("<form method=\"post\" action=\"/wish\"><button>Softer</button></form>")
                    .into_response(),
                Err(denied) => denied.into_response(),
            }
        }
        async fn wish(
            visitor: Visitor,
            State(done): State<Arc<Done>>,
            body: String,
        ) -> axum::response::Response {
            if let Err(denied) = may(&visitor, Deed::WishOwn) {
                return denied.into_response();
            }
            done.wished.fetch_add(1, Ordering::SeqCst);
            format!("heard [{body}]").into_response()
        }
        let pages = Router::new()
            .route("/style.css", get(|| async { "" }))
            .route("/", get(|| async { "home" }))
            .route("/own", get(own))
            .route("/api/v1/own", get(own))
            .route("/wish", post(wish))
            .route("/api/v1/wish", post(wish))
            .with_state(self.done.clone());
        self.keeping(pages)
    }

    /// These pages behind the door, and Stop before it.
    pub(super) fn keeping(&self, pages: Router) -> Router {
        async fn stop(State(done): State<Arc<Done>>) -> StatusCode {
            done.stopped.fetch_add(1, Ordering::SeqCst);
            StatusCode::NO_CONTENT
        }
        let halt = Router::new().route(STOP, post(stop)).route("/api/v1/stop", post(stop));
        keep(&self.door, pages, halt.with_state(self.done.clone()))
    }

    pub(super) fn ask(&self, request: Request<Body>) -> Answer {
        self.ask_of(self.router(), request)
    }

    pub(super) fn ask_of(&self, router: Router, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response: Response<Body> = router.oneshot(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            let told = |name| parts.headers.get(name).map(|it| it.to_str().expect("text").to_owned());
            let body = body.collect().await.expect("a body").to_bytes();
            Answer {
                code: parts.status,
                to: told(header::LOCATION).unwrap_or_default(),
                cookie: told(header::SET_COOKIE),
                text: String::from_utf8(body.to_vec()).expect("text"),
                headers: parts.headers,
            }
        })
    }

    pub(super) fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.ask(request(Method::GET, path, browser).body(Body::empty()).expect("a request"))
    }

    /// Sends a form as a browser does, and keeps the cookie that comes back.
    pub(super) fn post(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = request(Method::POST, path, browser)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.ask(request.body(form(fields)).expect("a request"));
        if let Some(cookie) = &answer.cookie {
            let pair = cookie.split(';').next().expect("a pair");
            browser.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }

    /// Signs a person in, who has no PIN or tells it.
    pub(super) fn inside(&self, id: &AccountId, pin: &str) -> Browser {
        let mut browser = Browser::default();
        let answer = self.post(&mut browser, "/sign-in/person", &[("who", id.as_str()), ("secret", pin)]);
        assert_eq!(answer.code, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }
}

pub(super) fn request(method: Method, path: &str, browser: &Browser) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    match &browser.cookie {
        Some(cookie) => request.header(header::COOKIE, cookie),
        None => request,
    }
}

pub(super) fn form(fields: &[(&str, &str)]) -> Body {
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let pair = |(name, value): &(&str, &str)| match *name {
        // A browser leaves plain letters as they are.
        "csrf" => format!("csrf={value}"),
        name => format!("{}={}", coded(name), coded(value)),
    };
    Body::from(fields.iter().map(pair).collect::<Vec<_>>().join("&"))
}
