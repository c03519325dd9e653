use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use care::Language;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{Door, link, page, router, signs};

const HERE: &str = "127.0.0.1:7000";

fn ask(request: Request<Body>) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let response = router(Language::English).oneshot(request).await.expect("an answer");
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .is_ok_and(|p| p.contains("default-src 'none'"))
        );
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8(body.to_vec()).expect("text"))
    })
}

fn get(path: &str, host: &str) -> (StatusCode, String) {
    ask(Request::get(path).header(header::HOST, host).body(Body::empty()).expect("a request"))
}

fn post(form: &str, language: Language) -> String {
    let request = Request::post(link("/now", language))
        .header(header::HOST, HERE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .expect("a request");
    let (status, text) = ask(request);
    assert_eq!(status, StatusCode::OK);
    text
}

/// Every address of the guide.
fn paths() -> Vec<String> {
    let fixed = ["/", "/now", "/now/sheet", "/why", "/keep", "/claims"].map(str::to_owned);
    let topics = care::topic::topics().iter().map(|topic| format!("/topic/{}", topic.id));
    fixed.into_iter().chain(topics).collect()
}

fn check_page(text: &str, language: Language, what: &str) {
    assert!(text.contains(&format!("<html lang=\"{}\">", language.tag())), "{what}");
    assert!(!text.to_lowercase().contains("<script"), "{what}");
    assert!(!text.contains("src="), "{what}");
    assert_eq!(text.matches("<h1").count(), 1, "{what}");
    for part in ["class=\"skip\" href=\"#main\"", "<main id=\"main\"", "<nav", "<footer>"] {
        assert!(text.contains(part), "{what}: {part}");
    }
    for rest in text.split("href=\"").skip(1) {
        let (address, after) = rest.split_once('"').expect("an end");
        if address.contains("//") {
            let tag = after.split('>').next().unwrap_or_default();
            assert!(
                address.starts_with("https://doi.org/10.") && tag.contains("noreferrer"),
                "{what}: {address}"
            );
        }
    }
}

#[test]
fn every_page_stands_in_both_languages_without_script_or_anything_from_elsewhere() {
    for language in Language::ALL {
        for path in paths() {
            let (status, text) = get(&link(&path, language), HERE);
            assert_eq!(status, StatusCode::OK, "{path}");
            check_page(&text, language, &path);
        }
    }
}

#[test]
fn every_link_within_the_guide_leads_somewhere() {
    for path in paths() {
        let (_, text) = get(&path, HERE);
        for rest in text.split("href=\"").skip(1) {
            let address = rest.split('"').next().unwrap_or_default();
            if let Some(id) = address.strip_prefix('#') {
                assert!(text.contains(&format!("id=\"{id}\"")), "{path}: #{id}");
            } else if address.starts_with('/') {
                let (target, part) = address.split_once('#').unwrap_or((address, ""));
                let (status, there) = get(target, HERE);
                assert_eq!(status, StatusCode::OK, "{path}: {address}");
                assert!(part.is_empty() || there.contains(&format!("id=\"{part}\"")), "{path}: {address}");
            }
        }
    }
}

#[test]
fn each_emergency_sign_stands_on_the_list_and_its_tick_alone_leads_to_the_emergency_page() {
    for language in Language::ALL {
        let (_, list) = get(&link("/now", language), HERE);
        for sign in signs(language) {
            assert!(list.contains(&format!("value=\"{}\"", sign.id)), "{}", sign.id);
            for fits in ["none", "some"] {
                let text = post(&format!("sign={}&fits={fits}", sign.id), language);
                check_page(&text, language, sign.id);
                assert!(text.contains("href=\"tel:112\"") && text.contains("Call the emergency number now"));
                assert!(text.contains(maud::html! { (sign.advice) }.into_string().as_str()), "{}", sign.id);
            }
        }
    }
}

#[test]
fn who_is_not_sure_is_told_to_call_and_who_says_nothing_is_asked_again() {
    assert!(post("fits=some", Language::English).contains("tel:112"));
    assert!(post("sign=something_else", Language::English).contains("tel:112"));
    let again = post("", Language::English);
    assert!(again.contains("type=\"checkbox\"") && !again.contains("tel:112"));
}

#[test]
fn the_next_hours_are_told_only_after_the_questions() {
    let text = post("fits=none", Language::English);
    check_page(&text, Language::English, "steps");
    for line in &care::topic::topic("now").expect("the sheet").lines {
        let told = text.contains(&format!("id=\"{}\"", line.id));
        assert_eq!(told, line.part() != "stop", "{}", line.id);
    }
    assert_eq!(get("/now/steps", HERE).0, StatusCode::NOT_FOUND);
}

#[test]
fn english_stands_beside_german_emergency_words() {
    let (_, list) = get("/now?language=de", HERE);
    for sign in signs(Language::English) {
        assert!(list.contains(&format!("<span class=\"beside\" lang=\"en\">{}", sign.ask)), "{}", sign.id);
    }
    let (_, sheet) = get("/now/sheet?language=de", HERE);
    assert!(sheet.contains("First: chest pain"));
}

#[test]
fn a_page_that_does_not_exist_says_so_in_plain_words() {
    for path in ["/nothing", "/topic/nothing", "/topic/..%2fnow"] {
        let (status, text) = get(path, HERE);
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(text.contains("There is no such page"), "{path}");
    }
}

#[test]
fn a_foreign_host_and_a_form_from_another_site_are_refused() {
    for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "evil.example:7000"] {
        assert_eq!(get("/now", host).0, StatusCode::FORBIDDEN, "{host}");
    }
    let bare = Request::get("/now").body(Body::empty()).expect("a request");
    assert_eq!(ask(bare).0, StatusCode::FORBIDDEN);
    assert_eq!(get("/", "localhost:7000").0, StatusCode::OK);
    let form = |origin: &str, site: &str| {
        let request = Request::post("/now").header(header::HOST, HERE).header(header::ORIGIN, origin);
        ask(request.header("sec-fetch-site", site).body(Body::empty()).expect("a request")).0
    };
    assert_eq!(form("http://evil.example", "cross-site"), StatusCode::FORBIDDEN);
    assert_eq!(form("null", "cross-site"), StatusCode::FORBIDDEN);
    assert_eq!(form("null", "same-origin"), StatusCode::OK);
}

#[test]
fn the_page_for_a_lost_way_is_a_page_like_any_other() {
    check_page(&page(&Door::Lost, Language::German).into_string(), Language::German, "lost");
}
