//! Stop on every page: no room has to remember it, and none can forget it.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use care::Language;

use crate::bedside;

/// Longest page, bytes. Source: the longest there is, the claims, has a tenth of it.
const PAGE_MAX: usize = 4 << 20;

/// Puts the bed's Stop at the end of every page that does not carry it already.
pub(super) async fn stop(request: Request, next: Next) -> Response {
    let (mut parts, body) = next.run(request).await.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return Response::from_parts(parts, body);
    }
    let Ok(page) = to_bytes(body, PAGE_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = with_stop(&String::from_utf8_lossy(&page));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    Response::from_parts(parts, Body::from(page))
}

fn with_stop(page: &str) -> String {
    let ends = (page.find("</head>"), page.rfind("</body>"));
    let (Some(head), Some(end)) = ends else { return page.to_owned() };
    if page.contains(bedside::STOP_ID) {
        return page.to_owned();
    }
    let language = page.split_once("<html lang=\"").and_then(|(_, rest)| rest.split_once('"'));
    let language = language.and_then(|(tag, _)| tag.parse().ok()).unwrap_or(Language::English);
    let style = "<link rel=\"stylesheet\" href=\"/bedside/stop.css\">";
    let stop = bedside::stop(language).into_string();
    [&page[..head], style, &page[head..end], &stop, &page[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_one_stop_in_its_language() {
        let plain = "<html lang=\"de\"><head><title>x</title></head><body><p>y</p></body></html>";
        let once = with_stop(plain);
        assert!(once.contains("Stopp") && once.contains("/bedside/stop.css"));
        assert_eq!(with_stop(&once), once);
        assert_eq!(with_stop("no page"), "no page");
    }
}
