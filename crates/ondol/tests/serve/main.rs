//! The bed's pages and API as they are served: who may what, and what never happens.

mod api;
mod house;
mod lost;
mod schema;
mod service;
mod way;

use api::{Call, calls};
use host::store::Store;
use house::{House, Visitor};
use serde_json::{Value, json};

/// What the journal says moved, pressed or heated.
fn moved(house: &House) -> Vec<Value> {
    let bad = |entry: &Value| {
        let armed = ["Armed", "Scanning", "Treating"].iter().any(|state| entry["to"] == *state);
        armed || entry["what"] == "presses"
    };
    house.journal().into_iter().filter(bad).collect()
}

#[test]
fn no_route_and_no_role_starts_anything_without_the_hand_switch() {
    let house = House::with(&["Ann", "Ben"], 5.0);
    let ann = house.person("Ann");
    let visitors = [
        ("person", ann.clone()),
        ("nobody", Visitor::default()),
        ("person", house.person("Ben")),
        ("clinician", house.staff("clinician")),
        ("service", house.staff("service")),
        ("a token to read", house.program("Ann", "read")),
        ("a token to stop", house.program("Ann", "stop")),
    ];
    let all = calls(&house, "Ann");
    assert!(all.len() > 60, "{}", all.len());
    // What ends a session or a sign-in comes last: it would hide what the rest does.
    let (ends, goes_on): (Vec<_>, Vec<_>) = all.iter().partition(|call| call.ends());
    let send = |calls: &[&Call]| {
        for (kind, visitor) in &visitors {
            for call in calls {
                let told = house.call(call, visitor);
                assert!(told.code < 500 && told.code != 0, "{kind} {call:?}: {told:?}");
                let denied = [401, 403].contains(&told.code);
                assert!(denied || call.is_for(kind), "{kind} may not {call:?}: {told:?}");
            }
        }
    };
    send(&goes_on);
    house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    send(&goes_on);
    // Seven seconds of life are thirty-five of the bed's: longer than the switch's lead.
    std::thread::sleep(std::time::Duration::from_secs(7));
    assert_eq!(moved(&house), Vec::<Value>::new());
    send(&ends);
    assert_eq!(moved(&house), Vec::<Value>::new());
    // With it the same session begins: what was tried would have shown.
    let ann = house.person_with("Ann", "4711");
    let before = house.until("a bed", |picture| picture["bed"].is_object());
    house.post("/api/v1/twin", &ann, &json!({ "act": "Restart" }));
    house.until("a bed that was switched off and on", |picture| {
        let fresh = picture["bed"].is_object() && picture["bed"]["boot"] != before["bed"]["boot"];
        fresh && picture["live"]["phase"] == "at_rest" && picture["under_way"] == false
    });
    let begun = house.post("/api/v1/session", &ann, &json!({ "program": "first-time" }));
    assert_eq!(begun.code, 202, "{begun:?}");
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    house.until_for("the hand switch again", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    assert_eq!(house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" })).code, 204);
    house.until_for("the scan", &ann, |picture| picture["live"]["phase"] == "scanning");
    assert!(!moved(&house).is_empty());
}

#[test]
fn everybody_stops_the_bed_and_nobody_else_wishes_or_sees() {
    for who in ["nobody", "another", "clinician", "service", "program"] {
        let house = House::with(&["Ann", "Ben"], 5.0);
        let ann = house.person("Ann");
        assert_eq!(house.post("/api/v1/session", &ann, &json!({ "program": "first-time" })).code, 202);
        house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
        house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
        house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
        house.until_for("the scan", &ann, |picture| picture["live"]["phase"] == "scanning");
        let other = match who {
            "nobody" => Visitor::default(),
            "another" => house.person("Ben"),
            "program" => house.program("Ann", "stop"),
            role => house.staff(role),
        };
        let wished = house.post("/api/v1/session/wish", &other, &json!({ "wish": "finish" }));
        assert!([401, 403, 409].contains(&wished.code), "{who}: {wished:?}");
        let seen = house.picture(&other);
        assert_eq!(seen["under_way"], true);
        assert_eq!(seen["live"].is_null(), who != "clinician", "{who} sees {seen}");
        assert_eq!(house.post("/api/v1/stop", &other, &Value::Null).code, 204, "{who}");
        house.until_for("the release", &ann, |picture| picture["live"]["machine"] == "Safe");
        let journal = house.journal();
        let stop = journal.iter().find(|entry| entry["what"] == "stop").expect("a stop");
        assert_eq!(stop["presses_on"], false, "{who}");
    }
}

#[test]
fn once_the_page_is_lost_the_session_ends_and_nothing_brings_it_back() {
    let house = House::with(&["Ann", "Ben"], 3.0);
    let ann = house.person("Ann");
    house.post("/api/v1/session", &ann, &json!({ "program": "first-time" }));
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
    house.until_for("the scan", &ann, |picture| picture["live"]["phase"] == "scanning");
    // Looking is no sign of life: only the page says that it is here.
    let program = house.program("Ann", "read");
    house.until_for("the loss", &program, |picture| picture["live"]["lost"] == true);
    assert_eq!(house.post("/api/v1/session/here", &ann, &Value::Null).code, 204);
    assert_eq!(house.picture(&ann)["live"]["lost"], true, "coming back brings nothing back");
    house.until_for("the end", &program, |picture| picture["under_way"] == false);
    let report = house.get("/sessions/1/report", &ann);
    assert!(report.code == 200 && report.text.contains(host::NOTICE), "{}", report.head);
    let ben = house.person("Ben");
    assert_eq!(house.get("/sessions/1/report", &ben).code, 404, "whose session it was has its report");
    let rest = house.picture(&ben);
    assert!(rest["live"]["phase"] == "at_rest" && rest["live"]["weight"].is_null(), "{rest}");
    assert!(rest["outcome"].is_null(), "{rest}");
    let states: Vec<_> = house.journal().into_iter().filter(|entry| entry["what"] == "state").collect();
    assert_eq!(states.last().expect("states")["to"], "Idle");
    assert!(states.iter().all(|entry| entry["to"] != "Treating"), "nothing was given after the loss");
}

#[test]
fn what_cannot_be_understood_is_refused_in_words_and_changes_nothing() {
    let house = House::with(&["Ann"], 5.0);
    let ann = house.person("Ann");
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        "{\"wish\":1}",
        "{\"wish\":\"hotter\"}",
        "{\"program\":\"x\",\"y\":1}",
        "\u{0}",
    ];
    for path in [
        "/api/v1/session",
        "/api/v1/session/wish",
        "/api/v1/session/answer",
        "/api/v1/session/pain",
        "/api/v1/twin",
    ] {
        for body in bodies {
            let told = house.ask("POST", path, &ann, "application/json", body);
            assert!((400..500).contains(&told.code), "{path} {body:?}: {told:?}");
            let words: Value = serde_json::from_str(&told.text).expect("JSON");
            assert!(words["message"].as_str().is_some_and(|words| !words.is_empty()), "{told:?}");
        }
    }
    let unknown = house.post("/api/v1/session", &ann, &json!({ "program": "nothing" }));
    assert_eq!(unknown.code, 404, "{unknown:?}");
    assert_eq!(house.picture(&ann)["under_way"], false);
}

#[test]
fn everybody_has_their_own_break_reminder_which_nobody_else_sees() {
    let house = House::with(&["Ann", "Ben"], 1.0);
    let (ann, ben) = (house.person("Ann"), house.person("Ben"));
    let fields = format!("csrf={}&every=35", ann.csrf.as_deref().unwrap_or_default());
    assert_eq!(house.form("/breaks/start", &ann, &fields).code, 303);
    let page = |whom: &Visitor| house.get("/breaks", whom);
    assert!(page(&ann).text.contains("action=\"/breaks/stop"), "hers runs");
    assert!(page(&ben).text.contains("action=\"/breaks/start"), "his does not");
    assert!(!page(&Visitor::default()).text.contains("action=\"/breaks/st"), "nobody's is nobody's");
    let fields = format!("csrf={}", ben.csrf.as_deref().unwrap_or_default());
    house.form("/breaks/stop", &ben, &fields);
    assert!(page(&ann).text.contains("action=\"/breaks/stop"), "nobody else turns it off");
    let record = Store::open(house.folder.path()).and_then(|store| store.record("Ann")).expect("a record");
    let (settings, _) = host::breaks::recall(&record, host::clock::today()).expect("kept");
    assert_eq!(settings.interval_min, 35);
}
