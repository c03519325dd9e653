//! What gets past the door, and what does not.

use super::room::{Browser, HOST, PIN, Room, form, request};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use host::accounts::{Deed, Role, Scope};
use std::sync::atomic::Ordering;

use crate::door::{CSRF_HEADER, Visitor};

const CODED: &str = "application/x-www-form-urlencoded";

#[test]
fn a_cookie_without_its_forms_secret_does_nothing() {
    let room = Room::new();
    let (ann, bo) = (room.person("Ann", None), room.person("Bo", None));
    let (mut ann, bo) = (room.inside(&ann, ""), room.inside(&bo, ""));
    let others = room.get(&bo, "/own").csrf();
    for fields in [&[][..], &[("csrf", others.as_str())], &[("csrf", "")], &[("wish", "softer")]] {
        let refused = room.post(&mut ann, "/wish", fields);
        assert_eq!(refused.code, StatusCode::FORBIDDEN, "{fields:?}");
        assert!(refused.text.contains("Nothing was done"), "{}", refused.text);
    }
    for path in ["/sign-out", "/sign-out/everywhere", "/sign-in/secret"] {
        assert_eq!(room.post(&mut ann, path, &[]).code, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(room.done.wished.load(Ordering::SeqCst), 0);
    let own = room.get(&ann, "/own").csrf();
    let heard = room.post(&mut ann, "/wish", &[("csrf", &own), ("wish", "softer")]);
    assert_eq!(heard.code, StatusCode::OK);
    assert!(!heard.text.contains("csrf") && heard.text.starts_with("heard [%77"), "{}", heard.text);
    assert_eq!(room.done.wished.load(Ordering::SeqCst), 1);
}

#[test]
fn a_script_sends_the_secret_as_a_header_and_is_told_in_json_when_it_does_not() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let browser = room.inside(&ann, "");
    let csrf = room.get(&browser, "/own").csrf();
    let call = |secret: Option<&str>| {
        let call =
            request(Method::POST, "/api/v1/wish", &browser).header(header::CONTENT_TYPE, "application/json");
        let call = match secret {
            Some(secret) => call.header(CSRF_HEADER, secret),
            None => call,
        };
        room.ask(call.body(Body::from("{\"wish\":\"softer\"}")).expect("a request"))
    };
    assert_eq!(call(None).code, StatusCode::FORBIDDEN);
    assert!(call(None).text.contains("x-ondol-csrf"));
    assert_eq!(call(Some("")).code, StatusCode::FORBIDDEN);
    assert_eq!(call(Some(&csrf)).text, "heard [{\"wish\":\"softer\"}]");
}

#[test]
fn another_site_cannot_send_a_form_even_with_everything_right() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let browser = room.inside(&ann, "");
    let csrf = room.get(&browser, "/own").csrf();
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1:7001"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let call =
            request(Method::POST, "/wish", &browser).header(header::CONTENT_TYPE, CODED).header(name, value);
        let refused = room.ask(call.body(form(&[("csrf", &csrf)])).expect("a request"));
        assert_eq!(refused.code, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let sign_in = axum::http::Request::post("/sign-in/person")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, "http://evil.example")
        .header(header::CONTENT_TYPE, CODED);
    let refused = room.ask(sign_in.body(form(&[("who", "x")])).expect("a request"));
    assert_eq!(refused.code, StatusCode::FORBIDDEN);
    let rebound = axum::http::Request::get("/own").header(header::HOST, "evil.example");
    assert_eq!(room.ask(rebound.body(Body::empty()).expect("a request")).code, StatusCode::FORBIDDEN);
    assert_eq!(room.done.wished.load(Ordering::SeqCst), 0);
}

#[test]
fn a_token_reads_and_can_neither_wish_nor_sign_out_nor_change_a_secret() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let (read, stop) = (room.token(&ann, Scope::Read), room.token(&ann, Scope::Stop));
    let call = |method: Method, path: &str, token: &str| {
        let call = request(method, path, &Browser::default())
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        room.ask(call.body(Body::empty()).expect("a request"))
    };
    assert_eq!(call(Method::GET, "/api/v1/own", &read).code, StatusCode::OK);
    assert_eq!(call(Method::GET, "/api/v1/own", &stop).code, StatusCode::FORBIDDEN);
    for token in [&read, &stop] {
        let refused = call(Method::POST, "/api/v1/wish", token);
        assert_eq!(refused.code, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("wish own"), "{}", refused.text);
        assert_eq!(call(Method::POST, "/sign-in/secret", token).code, StatusCode::FORBIDDEN);
    }
    assert_eq!(room.done.wished.load(Ordering::SeqCst), 0);
    for wrong in ["", "ondol_", &read[..read.len() - 1], "%%%"] {
        let refused = call(Method::GET, "/api/v1/own", wrong);
        assert_eq!(refused.code, StatusCode::UNAUTHORIZED, "{wrong}");
        assert!(refused.text.contains("does not count"));
    }
    let inside = room.inside(&ann, "");
    let both = request(Method::GET, "/api/v1/own", &inside).header(header::AUTHORIZATION, "Bearer wrong");
    let refused = room.ask(both.body(Body::empty()).expect("a request"));
    assert_eq!(refused.code, StatusCode::UNAUTHORIZED, "a wrong token is not made good by a cookie");
}

#[test]
fn a_token_leaves_a_persons_sign_ins_alone() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let (read, inside) = (room.token(&ann, Scope::Read), room.inside(&ann, ""));
    let call = request(Method::POST, "/sign-out/everywhere", &Browser::default())
        .header(header::AUTHORIZATION, format!("Bearer {read}"));
    assert_eq!(room.ask(call.body(Body::empty()).expect("a request")).code, StatusCode::FORBIDDEN);
    assert_eq!(room.get(&inside, "/own").code, StatusCode::OK);
}

#[test]
fn stop_is_everybodys_whatever_comes_with_it() {
    let room = Room::new();
    let ann = room.person("Ann", Some(PIN));
    let inside = room.inside(&ann, PIN);
    let mut count = 0;
    for path in ["/stop", "/api/v1/stop"] {
        for browser in [&inside, &Browser::default(), &Browser { cookie: Some("ondol=rubbish".to_owned()) }] {
            for (name, value) in [
                ("x-nothing", "1"),
                ("origin", "http://evil.example"),
                ("authorization", "Bearer wrong"),
                ("sec-fetch-site", "cross-site"),
            ] {
                let call = request(Method::POST, path, browser).header(name, value);
                let answer = room.ask(call.body(Body::from("rubbish")).expect("a request"));
                assert_eq!(answer.code, StatusCode::NO_CONTENT, "{path} {name}: {value}");
                count += 1;
            }
        }
    }
    // Even where the accounts cannot be read at all.
    std::fs::write(room.folder.path().join(host::accounts::FILE), "broken").expect("broken");
    let call = request(Method::POST, "/stop", &inside).body(Body::empty()).expect("a request");
    assert_eq!(room.ask(call).code, StatusCode::NO_CONTENT);
    assert_eq!(room.done.stopped.load(Ordering::SeqCst), count + 1);
}

#[test]
fn what_is_denied_and_what_concerns_others_is_written_down_or_not_done() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let desk = room.staff(Role::Clinician);
    let clinician = Visitor::known(desk, Role::Clinician);
    let person = Visitor::known(ann.clone(), Role::Person);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let pass = |visitor: &Visitor, deed| runtime.block_on(room.door.pass(visitor, deed, Some(&ann)));
    assert!(pass(&clinician, Deed::ReadOthers).is_ok());
    assert!(pass(&person, Deed::ReadOwn).is_ok());
    assert!(pass(&person, Deed::PlayTwin).is_err());
    let rows = room.accounts.audit(10).expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (row.deed.as_str(), row.outcome.as_str())).collect();
    assert_eq!(told, [("read others", "done"), ("play twin", "denied")]);
    std::fs::write(room.folder.path().join(host::accounts::FILE), "broken").expect("broken");
    assert!(pass(&clinician, Deed::ReadOthers).is_err(), "what cannot be written down is not done");
    assert!(pass(&person, Deed::WishOwn).is_ok(), "but a person in a session can still wish");
}

#[test]
fn an_erased_person_leaves_no_account_behind() {
    let room = Room::new();
    room.person("Ann", Some(PIN));
    let bo = room.person("Bo", None);
    room.store.erase("Ann").expect("erased");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(room.door.sweep()).expect("swept");
    let left: Vec<_> = room.accounts.list().expect("a list").into_iter().map(|account| account.id).collect();
    assert_eq!(left, [bo]);
}

#[test]
fn every_answer_tells_the_browser_to_run_nothing_and_keep_nothing() {
    let room = Room::new();
    for path in ["/", "/sign-in", "/own", "/nowhere", "/door.css"] {
        let answer = room.get(&Browser::default(), path);
        let told =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().expect("text").to_owned());
        assert!(
            told("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        assert_eq!(told("cache-control").as_deref(), Some("no-store"), "{path}");
        assert_eq!(told("referrer-policy").as_deref(), Some("same-origin"), "{path}");
        assert_eq!(told("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
    }
}

#[test]
fn every_form_of_the_guide_carries_the_secret_and_is_heard_with_it_files_too() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let browser = room.inside(&ann, "");
    let keeper = crate::guide::Keeper { store: room.store.clone(), name: "Ann".to_owned() };
    let guide = crate::guide::Guide { keeper: Some(keeper), ..Default::default() };
    let ask = |request: axum::http::Request<Body>| {
        room.ask_of(room.keeping(crate::guide::pages(guide.clone())), request)
    };
    let get = |path: &str| ask(request(Method::GET, path, &browser).body(Body::empty()).expect("a request"));
    let mut forms = 0;
    for path in ["/now", "/diary", "/diary/carry", "/week", "/bed", "/breaks"] {
        let page = get(path);
        assert_eq!(page.code, StatusCode::OK, "{path}");
        let posts = page.text.matches("method=\"post\"").count();
        assert_eq!(page.text.matches("<input type=\"hidden\" name=\"csrf\"").count(), posts, "{path}");
        forms += posts;
    }
    assert!(forms >= 3, "{forms}");
    let csrf = get("/now").csrf();
    let post = |kind: &str, body: String| {
        let call = request(Method::POST, "/diary/carry", &browser).header(header::CONTENT_TYPE, kind);
        ask(call.body(Body::from(body)).expect("a request"))
    };
    let part = |name: &str, value: &str| {
        let file = if name == "file" { "; filename=\"planted.txt\"" } else { "" };
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    let kind = "multipart/form-data; boundary=XX";
    let bare = format!("{}--XX--\r\n", part("file", "planted,7391"));
    assert_eq!(post(kind, bare.clone()).code, StatusCode::FORBIDDEN);
    let heard = post(kind, format!("{}{bare}", part("csrf", &csrf)));
    assert_eq!(heard.code, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(heard.text.contains("This file is no diary"), "the file was heard: {}", heard.text);
}
