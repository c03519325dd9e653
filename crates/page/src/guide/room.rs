//! A guide on a folder of its own, and a browser before it, for tests.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use care::ask::next_screen;
use care::{Findings, Language, Value};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tower::ServiceExt;

use super::tests::past_the_tables;
use super::{Guide, Keeper, link, router};
use host::store::Store;

/// Whose record it is.
pub(super) const NAME: &str = "Planted Name 7391";

pub(super) struct Room {
    pub(super) folder: TempDir,
    pub(super) guide: Guide,
}

pub(super) struct Answer {
    pub(super) code: StatusCode,
    /// Where it sends the browser.
    pub(super) to: String,
    pub(super) refresh: Option<String>,
    pub(super) text: String,
}

impl Room {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let keeper = Some(Keeper { store, name: NAME.to_owned() });
        Self { folder, guide: Guide { keeper, ..Guide::default() } }
    }

    pub(super) fn store(&self) -> &Store {
        &self.guide.keeper.as_ref().expect("a keeper").store
    }

    pub(super) fn ask(&self, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let response = router(self.guide.clone()).oneshot(request).await.expect("an answer");
            let code = response.status();
            let told = |name| response.headers().get(name).map(|it| it.to_str().expect("text").to_owned());
            let (to, refresh) = (told(header::LOCATION).unwrap_or_default(), told(header::REFRESH));
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            Answer { code, to, refresh, text: String::from_utf8(body.to_vec()).expect("text") }
        })
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::HOST, "127.0.0.1:7000");
        self.ask(request.body(Body::empty()).expect("a request"))
    }

    /// Sends a form as a browser does.
    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let form: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:7000")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.join("&"))).expect("a request"))
    }

    /// Sends a form with a file as a browser does.
    pub(super) fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        const LINE: &str = "----planted7391";
        let part = |(name, value): &(&str, &str)| {
            let file = if *name == "file" { "; filename=\"planted.txt\"" } else { "" };
            format!("--{LINE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
        };
        let body: String = fields.iter().map(part).chain([format!("--{LINE}--\r\n")]).collect();
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:7000")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={LINE}"));
        self.ask(request.body(Body::from(body)).expect("a request"))
    }

    /// Sends a form, and follows the way on.
    pub(super) fn kept(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, fields);
        assert_eq!(answer.code, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
        let page = self.get(&answer.to);
        assert_eq!(page.code, StatusCode::OK, "{}", answer.to);
        page
    }

    /// Holds pages to what every page keeps: all words from the tables, one heading, no script, each mark once,
    /// and no link that leads nowhere.
    pub(super) fn holds(&self, paths: &[&str]) {
        for path in paths {
            let page = self.get(&link(path, Language::Pseudo));
            assert_eq!(page.code, StatusCode::OK, "{path}");
            assert_eq!(past_the_tables(&page.text), Vec::<String>::new(), "{path}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert!(!page.text.contains("<script") && !page.text.contains(" style="), "{path}");
            let ids: Vec<&str> =
                page.text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(ids.len(), unique.len(), "{path}: {ids:?}");
            for rest in page.text.split("href=\"/").skip(1) {
                let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
                assert_eq!(self.get(&format!("/{address}")).code, StatusCode::OK, "{path}: {address}");
            }
        }
    }
}

/// What an adult with an everyday strain tells.
pub(super) fn everyday() -> Findings {
    everyday_since(1.0)
}

/// The same, some days old.
pub(super) fn everyday_since(days: f64) -> Findings {
    let mut told = Findings::new();
    while let Some(screen) = next_screen(&told) {
        for row in screen.rows {
            let value = match row.id {
                "days_since_start" => Value::Number(days),
                _ => super::tests::everyday(&row),
            };
            told.set(row.id, value).expect("a fitting answer");
        }
    }
    told
}
