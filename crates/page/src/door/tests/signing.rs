//! Signing in and out.

use super::room::{Browser, PHRASE, PIN, Room};
use axum::http::{StatusCode, header};
use care::Language;
use host::accounts::{AccountId, Claim, Deed, Moment, Role, SignIn, WAIT_MAX};

#[test]
fn a_person_without_a_pin_is_in_with_one_tap_and_comes_to_where_they_were_going() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let mut browser = Browser::default();
    let away = room.get(&browser, "/own?language=de");
    assert_eq!(away.code, StatusCode::SEE_OTHER);
    let names = room.get(&browser, &away.to);
    assert!(
        names.text.contains("<button>Ann</button>") && names.text.contains(ann.as_str()),
        "{}",
        names.text
    );
    let action =
        names.text.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    let action = action.replace("&amp;", "&");
    let tap = room.post(&mut browser, &action, &[("who", ann.as_str())]);
    assert_eq!((tap.code, tap.to.as_str()), (StatusCode::SEE_OTHER, "/own?language=de"));
    assert_eq!(room.get(&browser, "/own").code, StatusCode::OK);
}

#[test]
fn the_way_back_never_leads_to_another_site() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    for evil in
        ["//evil.example", "https://evil.example", "/%5cevil.example", "/%09/evil.example", "evil", ""]
    {
        let path = format!("/sign-in/person?to={evil}");
        let tap = room.post(&mut Browser::default(), &path, &[("who", ann.as_str())]);
        assert_eq!(tap.to, "/?language=en", "{evil}");
    }
}

#[test]
fn a_wrong_pin_is_told_in_plain_words_then_waited_for_with_the_seconds() {
    let room = Room::new();
    let ann = room.person("Ann", Some(PIN));
    let mut browser = Browser::default();
    let mut tap =
        |pin: &str, path: &str| room.post(&mut browser, path, &[("who", ann.as_str()), ("secret", pin)]);
    for _ in 0..2 {
        let wrong = tap("2580", "/sign-in/person");
        assert_eq!(wrong.code, StatusCode::UNAUTHORIZED);
        assert!(wrong.text.contains("That was not right. Please try again."), "{}", wrong.text);
        assert!(!wrong.text.contains("2580"));
    }
    let third = tap("2580", "/sign-in/person");
    assert!(third.text.contains("in 5 seconds"), "{}", third.text);
    assert_eq!(third.headers.get(header::RETRY_AFTER).map(|it| it.as_bytes()), Some(&b"5"[..]));
    // Somebody with many more, so that the wait is longer than this test can take.
    let bo = room.person("Bo", Some(PIN));
    let now = Moment::now();
    for tries in (0..8).rev() {
        let claim = Claim::Person(bo.clone());
        let then = now.before(WAIT_MAX * tries);
        let wrong = room.accounts.sign_in(&claim, "2580", "elsewhere", then).expect("an answer");
        assert!(matches!(wrong, SignIn::Wrong(_)), "{wrong:?}");
    }
    let fields = [("who", bo.as_str()), ("secret", PIN)];
    let early = room.post(&mut Browser::default(), "/sign-in/person?language=de", &fields);
    assert_eq!(early.code, StatusCode::TOO_MANY_REQUESTS);
    let seconds = |n: u64| early.text.contains(&format!("Bitte warten Sie {n} Sekunden"));
    assert!((100..=160).any(seconds), "{}", early.text);
    assert!(early.cookie.is_none() && early.text.contains("role=\"alert\""));
}

#[test]
fn the_names_tell_who_has_a_pin_and_the_page_of_an_unknown_id_is_the_list() {
    let room = Room::new();
    let (_, bo) = (room.person("Ann", None), room.person("Bo", Some(PIN)));
    let names = room.get(&Browser::default(), "/sign-in").text;
    assert!(names.contains(&format!("/sign-in/pin?who={bo}")), "{names}");
    assert_eq!(names.matches("with a PIN").count(), 1);
    let page = room.get(&Browser::default(), &format!("/sign-in/pin?who={bo}"));
    assert!(page.text.contains("<strong>Bo</strong>") && page.text.contains("inputmode=\"numeric\""));
    assert_eq!(room.get(&Browser::default(), "/sign-in/pin?who=nobody").code, StatusCode::SEE_OTHER);
    let stranger = room.post(&mut Browser::default(), "/sign-in/person", &[("who", "nobody")]);
    assert!(stranger.cookie.is_none() && stranger.to.starts_with("/sign-in"));
    assert_eq!(room.accounts.list().expect("a list").len(), 2, "nobody got an account");
}

#[test]
fn a_new_person_begins_with_a_name_and_a_pin_and_nobody_gets_in_under_a_name_that_is_taken() {
    let room = Room::new();
    let join = |name: &str, pin: &str| {
        let mut browser = Browser::default();
        (room.post(&mut browser, "/sign-in/new", &[("name", name), ("secret", pin)]), browser)
    };
    let (begun, ann) = join("Ann", PIN);
    assert_eq!(begun.code, StatusCode::SEE_OTHER, "{}", begun.text);
    assert_eq!(room.get(&ann, "/own").code, StatusCode::OK);
    let (taken, stranger) = join(" Ann ", "");
    assert_eq!(taken.code, StatusCode::CONFLICT);
    assert!(stranger.cookie.is_none() && taken.text.contains("is here already"));
    for (name, pin) in [("", ""), ("Bo", "12"), ("Bo", "1234"), (&*"x".repeat(61), "")] {
        assert_eq!(join(name, pin).0.code, StatusCode::UNPROCESSABLE_ENTITY, "{name} {pin}");
    }
    assert_eq!(room.store.names().expect("names"), ["Ann"]);
    let id = AccountId::of(&room.store.record("Ann").expect("a record"));
    assert!(room.accounts.asks(&id).expect("an answer"));
}

#[test]
fn a_clinician_comes_in_with_label_and_passphrase_as_clinician_only() {
    let room = Room::new();
    room.staff(Role::Clinician);
    let come = |role: &str, secret: &str| {
        let mut browser = Browser::default();
        let fields = [("role", role), ("label", "desk"), ("secret", secret)];
        (room.post(&mut browser, "/sign-in/staff", &fields), browser)
    };
    assert_eq!(come("clinician", "wrong words here").0.code, StatusCode::UNAUTHORIZED);
    assert_eq!(come("service", PHRASE).0.code, StatusCode::UNAUTHORIZED);
    let (inside, browser) = come("clinician", PHRASE);
    assert_eq!(inside.code, StatusCode::SEE_OTHER);
    let page = room.get(&browser, "/own");
    assert_eq!(page.code, StatusCode::FORBIDDEN, "a clinician has no record of their own");
    assert!(page.text.contains("This is not for this account"));
}

#[test]
fn a_cookie_is_strict_hidden_from_scripts_and_bound_to_this_host_where_there_is_tls() {
    for (tls, start, end) in
        [(false, "ondol=", "SameSite=Strict"), (true, "__Host-ondol=", "SameSite=Strict; Secure")]
    {
        let room = Room::with(tls);
        let ann = room.person("Ann", None);
        let request = super::room::request(axum::http::Method::POST, "/sign-in/person", &Browser::default())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(super::room::form(&[("who", ann.as_str())]))
            .expect("a request");
        let cookie = room.ask(request).cookie.expect("a cookie");
        assert!(cookie.starts_with(start) && cookie.ends_with(end), "{cookie}");
        assert!(cookie.contains("; Path=/; HttpOnly; ") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[test]
fn a_browser_gets_a_new_token_with_every_sign_in_and_the_old_one_is_dead() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let mut browser = room.inside(&ann, "");
    let old = Browser { cookie: browser.cookie.clone() };
    let csrf = room.get(&browser, "/own").csrf();
    room.post(&mut browser, "/sign-in/person", &[("csrf", &csrf), ("who", ann.as_str())]);
    assert_ne!(browser.cookie, old.cookie);
    assert_eq!(room.get(&browser, "/own").code, StatusCode::OK);
    assert_eq!(room.get(&old, "/own").code, StatusCode::SEE_OTHER);
    let planted = Browser { cookie: Some(format!("ondol={}", "a".repeat(64))) };
    assert_eq!(room.get(&planted, "/own").code, StatusCode::SEE_OTHER);
}

#[test]
fn a_signed_out_cookie_is_dead_here_and_everywhere() {
    let room = Room::new();
    let ann = room.person("Ann", None);
    let (mut one, mut two, three) = (room.inside(&ann, ""), room.inside(&ann, ""), room.inside(&ann, ""));
    let held = Browser { cookie: one.cookie.clone() };
    let csrf = room.get(&one, "/own").csrf();
    let out = room.post(&mut one, "/sign-out", &[("csrf", &csrf)]);
    assert!(out.cookie.as_deref().is_some_and(|cookie| cookie.contains("Max-Age=0")) && one.cookie.is_none());
    assert_eq!(room.get(&held, "/own").code, StatusCode::SEE_OTHER);
    assert_eq!(room.get(&two, "/own").code, StatusCode::OK);
    let csrf = room.get(&two, "/own").csrf();
    room.post(&mut two, "/sign-out/everywhere", &[("csrf", &csrf)]);
    assert_eq!(room.get(&three, "/own").code, StatusCode::SEE_OTHER);
}

#[test]
fn a_pin_is_changed_and_removed_only_with_the_present_one() {
    let room = Room::new();
    let ann = room.person("Ann", Some(PIN));
    let (mut browser, other) = (room.inside(&ann, PIN), room.inside(&ann, PIN));
    let mut change = |current: &str, fresh: &str| {
        let csrf = room.get(&browser, "/sign-in").csrf();
        let fields = [("csrf", csrf.as_str()), ("current", current), ("secret", fresh)];
        room.post(&mut browser, "/sign-in/secret", &fields).code
    };
    assert_eq!(change("2580", ""), StatusCode::UNAUTHORIZED);
    assert_eq!(change(PIN, "1111"), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(change(PIN, "73910"), StatusCode::SEE_OTHER);
    assert_eq!(room.get(&other, "/own").code, StatusCode::SEE_OTHER, "other browsers are out");
    assert_eq!(change("73910", ""), StatusCode::SEE_OTHER, "this one stayed in");
    assert!(!room.accounts.asks(&ann).expect("an answer"));
    let nobody = room.post(&mut Browser::default(), "/sign-in/secret", &[("secret", "73910")]);
    assert_eq!(nobody.code, StatusCode::UNAUTHORIZED);
}

/// What a page in the pseudo-language says without its marks, but for names and commands.
fn past_the_tables(page: &str) -> Vec<&str> {
    let body = page.split_once("<body>").expect("a body").1;
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    let named = |text: &&str| !["Ondol", "English", "Deutsch"].contains(text) && !text.starts_with("ondol ");
    texts
        .filter(named)
        .filter(|text| text.chars().any(char::is_alphabetic) && !text.starts_with('⟦'))
        .collect()
}

#[test]
fn every_page_of_the_door_speaks_both_languages_has_stop_and_one_heading() {
    let room = Room::new();
    let (ann, bo) = (room.person("⟦Ann⟧", None), room.person("⟦Bo⟧", Some(PIN)));
    let (nobody, inside) = (Browser::default(), room.inside(&ann, ""));
    let inside_with_pin = room.inside(&bo, PIN);
    let pin = format!("/sign-in/pin?who={bo}&language=");
    let pages = ["/sign-in?language=", "/sign-in/new?language=", "/sign-in/staff?language=", pin.as_str()];
    let mut seen = pages.map(|page| (&nobody, page)).to_vec();
    seen.extend([(&inside, "/sign-in?language="), (&inside_with_pin, "/sign-in?language=")]);
    for (browser, path) in seen {
        let page = room.get(browser, &format!("{path}{}", Language::Pseudo.tag()));
        assert_eq!(page.code, StatusCode::OK, "{path}");
        assert_eq!(past_the_tables(&page.text), Vec::<&str>::new(), "{path}");
        assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
        assert!(page.text.contains("action=\"/stop?language=") && !page.text.contains("<script"), "{path}");
        assert!(!page.text.contains(" style="), "{path}");
        assert_eq!(
            page.text.matches("<input type=\"password\"").count()
                + page.text.matches("<input type=\"text\"").count(),
            page.text.matches("<label for=").count(),
            "{path}: every field has its label"
        );
    }
}

#[test]
fn what_was_done_at_the_door_stands_in_the_log_without_names() {
    let room = Room::new();
    let ann = room.person("Ann", Some(PIN));
    room.post(&mut Browser::default(), "/sign-in/person", &[("who", ann.as_str()), ("secret", "2580")]);
    let mut browser = room.inside(&ann, PIN);
    let csrf = room.get(&browser, "/own").csrf();
    room.post(&mut browser, "/sign-out", &[("csrf", &csrf)]);
    let rows = room.accounts.audit(10).expect("rows");
    let told: Vec<_> =
        rows.iter().map(|row| (row.who.as_str(), row.deed.as_str(), row.outcome.as_str())).collect();
    let me = format!("account:{ann}");
    let expected = [
        ("nobody", Deed::SignIn.tag(), "wrong"),
        (me.as_str(), Deed::SignIn.tag(), "done"),
        (me.as_str(), Deed::SignOut.tag(), "done"),
    ];
    assert_eq!(told, expected);
    let bytes = std::fs::read(room.folder.path().join(host::accounts::FILE)).expect("the file");
    assert!(!bytes.windows(PIN.len()).any(|window| window == PIN.as_bytes()));
}
