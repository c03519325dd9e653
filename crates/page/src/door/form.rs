//! The secret in every form.
//!
//! A browser sends its cookie with every request to this address, whoever made the page that asked for it. A
//! form therefore counts only with a second secret that stands in our own pages alone: it is made of the
//! browser's token, so it changes with every sign-in and needs no place to be kept. The door writes it into
//! every form that it serves to somebody signed in, as its first field, and takes it out again before the form
//! is heard: no page can forget it. A script sends it as a [header](CSRF_HEADER).

use std::convert::Infallible;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use maud::html;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Header with which a script sends the secret.
pub const CSRF_HEADER: &str = "x-ondol-csrf";

/// Name of the field.
const FIELD: &str = "csrf";

/// Longest form, bytes.
///
/// Design: a little above the longest that any page hears, the import of a diary; nobody who is not signed in
/// gets as far as this.
const FORM_BYTES_MAX: usize = 65_000_000;

/// Longest page, bytes.
///
/// Design: a printed diary of many years stays far below it.
const PAGE_BYTES_MAX: usize = 32 << 20;

/// The secret for the forms of one signed-in browser; nothing for everybody else.
#[derive(Clone, Debug, Default)]
pub struct Csrf(Option<String>);

impl Csrf {
    /// The secret that goes with a browser's token.
    pub(super) fn of(token: &str) -> Self {
        let digest = Sha256::new_with_prefix("ondol form ").chain_update(token).finalize();
        Self(Some(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The secret, for a script that sends it as [`CSRF_HEADER`]; `None` where nobody is signed in.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.0.as_deref()
    }

    fn is(&self, told: &[u8]) -> bool {
        self.0.as_ref().is_some_and(|secret| secret.as_bytes().ct_eq(told).into())
    }

    /// The request without its secret, or why it is refused.
    pub(super) async fn taken_from(&self, request: Request) -> Result<Request, StatusCode> {
        let told = request.headers().get(CSRF_HEADER).map(|value| self.is(value.as_bytes()));
        match told {
            Some(true) => return Ok(request),
            Some(false) => return Err(StatusCode::FORBIDDEN),
            None => {}
        }
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let rest = self.rest(&parts.headers, &body).ok_or(StatusCode::FORBIDDEN)?;
        parts.headers.remove(header::CONTENT_LENGTH);
        Ok(Request::from_parts(parts, Body::from(rest)))
    }

    /// What stands in a form behind the secret, if that is its first field.
    fn rest(&self, headers: &HeaderMap, body: &Bytes) -> Option<Bytes> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let (before, end) = match kind.split(';').next()?.trim() {
            "application/x-www-form-urlencoded" => (format!("{FIELD}="), "&".to_owned()),
            "multipart/form-data" => {
                let line =
                    kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
                let head = format!("--{line}\r\nContent-Disposition: form-data; name=\"{FIELD}\"\r\n\r\n");
                (head, format!("\r\n--{line}\r\n"))
            }
            _ => return None,
        };
        let told = body.strip_prefix(before.as_bytes())?;
        let (secret, rest) = told.split_at_checked(self.0.as_ref()?.len())?;
        if !self.is(secret) {
            return None;
        }
        if rest.is_empty() {
            return Some(Bytes::new());
        }
        let rest = rest.strip_prefix(end.as_bytes())?;
        // The line before the next part of a multipart form belongs to that part.
        let back = if end == "&" { 0 } else { end.len() - 2 };
        Some(body.slice(body.len() - rest.len() - back..))
    }

    /// A page with the secret in each of its forms.
    pub(super) async fn given_to(&self, response: Response) -> Response {
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let (Some(secret), true) = (&self.0, kind.is_some_and(|kind| kind.starts_with("text/html"))) else {
            return response;
        };
        let field = html! { input type="hidden" name=(FIELD) value=(secret); }.into_string();
        let (mut parts, body) = response.into_parts();
        let Ok(page) = to_bytes(body, PAGE_BYTES_MAX).await else {
            parts.status = StatusCode::INTERNAL_SERVER_ERROR;
            return Response::from_parts(parts, Body::empty());
        };
        parts.headers.remove(header::CONTENT_LENGTH);
        let page = match std::str::from_utf8(&page) {
            Ok(text) => Body::from(filled(text, &field)),
            Err(_) => Body::from(page),
        };
        Response::from_parts(parts, page)
    }
}

/// A page with `field` at the start of each form that is sent by POST.
fn filled(page: &str, field: &str) -> String {
    let mut filled = String::with_capacity(page.len() + field.len());
    let mut rest = page;
    while let Some(start) = rest.find("<form") {
        let Some(end) = rest[start..].find('>').map(|end| start + end + 1) else { break };
        filled.push_str(&rest[..end]);
        if rest[start..end].to_ascii_lowercase().contains("method=\"post\"") {
            filled.push_str(field);
        }
        rest = &rest[end..];
    }
    filled.push_str(rest);
    filled
}

impl<S: Send + Sync> FromRequestParts<S> for Csrf {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_put_into_every_form_that_changes_something_and_into_no_other() {
        let page = r#"<p>a</p><form method="get" action="/q"><b></b></form><form action="/x" method="post" class="y">z</form><form method="post">w"#;
        let whole = filled(page, "[F]");
        assert_eq!(whole.matches("[F]").count(), 2);
        assert!(whole.contains(r#"class="y">[F]z"#) && whole.ends_with(r#"method="post">[F]w"#), "{whole}");
        assert_eq!(whole.replace("[F]", ""), page);
        assert_eq!(filled("<form method=\"post\"", "[F]"), "<form method=\"post\"");
    }

    #[test]
    fn the_secret_is_the_first_field_of_either_kind_of_form_and_is_taken_out() {
        let csrf = Csrf::of("planted");
        let secret = csrf.0.clone().expect("a secret");
        let rest = |kind: &str, body: String| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().expect("a value"))]);
            csrf.rest(&headers, &Bytes::from(body))
                .map(|rest| String::from_utf8(rest.to_vec()).expect("text"))
        };
        let coded = "application/x-www-form-urlencoded";
        assert_eq!(rest(coded, format!("csrf={secret}&a=1&b=2")).as_deref(), Some("a=1&b=2"));
        assert_eq!(rest(coded, format!("csrf={secret}")).as_deref(), Some(""));
        let parts = "multipart/form-data; boundary=XX";
        let part = |name: &str, value: &str| {
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = |secret: &str| format!("{}{}--XX--\r\n", part("csrf", secret), part("a", "1"));
        assert_eq!(rest(parts, body(&secret)), Some(format!("{}--XX--\r\n", part("a", "1"))));
        let wrong = Csrf::of("another").0.expect("a secret");
        for (kind, body) in [
            (coded, format!("a=1&csrf={secret}")),
            (coded, format!("csrf={wrong}&a=1")),
            (coded, format!("csrf={secret}a=1")),
            (coded, format!("csrf={}", &secret[..63])),
            (coded, String::new()),
            (parts, body(&wrong)),
            (parts, String::new()),
            ("text/plain", format!("csrf={secret}&a=1")),
            ("application/json", "{}".to_owned()),
        ] {
            assert_eq!(rest(kind, body.clone()), None, "{kind} {body}");
        }
        assert_ne!(secret, wrong);
        assert!(!Csrf::default().is(b""));
    }
}
