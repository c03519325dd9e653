//! The service room: who looks after the bed sees it, tests it, and breaks its twin to watch the guard.

use crate::house::{House, Visitor};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn told(house: &House, path: &str, whom: &Visitor) -> Value {
    let told = house.get(path, whom);
    assert_eq!(told.code, 200, "{path}: {told:?}");
    serde_json::from_str(&told.text).expect("JSON")
}

/// Asks again until it is so.
fn until(house: &House, path: &str, whom: &Visitor, so: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = told(house, path, whom);
        if so(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "waited at {path}: {seen}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

const ROOM: [&str; 5] = ["/service", "/service/faults", "/service/test", "/service/explorer", "/service/log"];

#[test]
fn the_service_room_is_for_whoever_looks_after_the_bed_and_for_nobody_else() {
    let house = House::with(&["Ann"], 5.0);
    let (ann, keeper, clinician) = (house.person("Ann"), house.staff("service"), house.staff("clinician"));
    for path in ROOM {
        assert!([302, 303, 401, 403].contains(&house.get(path, &Visitor::default()).code), "{path}");
        assert!([302, 303, 403].contains(&house.get(path, &ann).code), "{path}");
        for language in ["en", "de"] {
            let page = house.get(&format!("{path}?language={language}"), &keeper);
            assert_eq!(page.code, 200, "{path}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert!(page.text.contains("id=\"stop-form\""), "{path} has no Stop");
            assert!(page.text.contains(if language == "de" { "Simulierte Person" } else { host::NOTICE }));
        }
    }
    for path in ["/api/v1/service/selftest", "/api/v1/service/explorer"] {
        let body = json!({ "do": "break", "class": "supply_lost", "seed": 1 });
        for other in [&ann, &Visitor::default(), &clinician] {
            assert!([401, 403].contains(&house.post(path, other, &body).code), "{path}");
        }
    }
    let faults = house.get("/service/faults?language=de", &keeper).text;
    for text in host::faults::faults() {
        assert!(faults.contains(&format!("id=\"{}\"", text.code())), "{:?}", text.name);
    }
}

#[test]
fn a_whole_bed_says_that_every_sensor_speaks_and_passes_its_self_test_without_a_session() {
    let house = House::with(&[], 5.0);
    let keeper = house.staff("service");
    let seen = until(&house, "/api/v1/service", &keeper, |seen| {
        seen["heard"] == true && seen["state"]["en"] == "at rest"
    });
    for row in seen["readings"].as_array().expect("readings") {
        assert!(row["standing"] == "fine" || row["standing"] == "missing", "{row}");
    }
    let test = house.post("/api/v1/service/selftest", &keeper, &Value::Null);
    assert_eq!(test.code, 200, "{test:?}");
    let test: Value = serde_json::from_str(&test.text).expect("JSON");
    assert_eq!(test["fine"], true, "{test}");
    let ids: Vec<_> = test["checks"].as_array().expect("checks").iter().map(|check| &check["id"]).collect();
    assert!(ids.contains(&&json!("press_hand_switch")) && ids.contains(&&json!("press_emergency_stop")));
    let moved = |entry: &Value| entry["to"] == "AwaitingPerson" || entry["what"] == "presses";
    assert!(!house.journal().iter().any(moved), "a self-test begins nothing");
}

#[test]
fn what_is_broken_in_a_session_shows_the_guards_answer_and_that_the_limits_hold() {
    let house = House::with(&["Ann"], 5.0);
    let (ann, keeper) = (house.person("Ann"), house.staff("service"));
    let explore = |body: Value| house.post("/api/v1/service/explorer", &keeper, &body);
    let stop = explore(json!({ "do": "break", "class": "stop", "seed": 1 }));
    assert_eq!(stop.code, 409, "a press must not stand for the person's own: {stop:?}");
    assert_eq!(explore(json!({ "do": "break", "class": "nothing", "seed": 1 })).code, 404);
    house.post("/api/v1/session", &ann, &json!({ "program": "first-time" }));
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    let test = house.post("/api/v1/service/selftest", &keeper, &Value::Null);
    assert_eq!(test.code, 409, "nothing is tested under somebody: {test:?}");
    house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
    house.until_for("the scan", &ann, |picture| picture["live"]["phase"] == "scanning");
    assert_eq!(explore(json!({ "do": "break", "class": "supply_lost", "seed": 1 })).code, 204);
    let line = |seen: &Value, kind: &str| {
        seen["lines"].as_array().expect("lines").iter().find(|line| line["kind"] == kind).cloned()
    };
    let journal = "/api/v1/service/journal";
    let seen = until(&house, journal, &keeper, |seen| line(seen, "released").is_some());
    assert_eq!(seen["notice"], host::NOTICE);
    let words =
        |kind| line(&seen, kind).map(|line| line["words"]["en"].as_str().unwrap_or_default().to_owned());
    assert!(words("broke").is_some_and(|words| words.contains("supply")), "{seen}");
    assert!(words("fault").is_some_and(|words| words.contains("F03")), "{seen}");
    assert!(seen["lines"].as_array().expect("lines").iter().all(|line| line["bad"] == false), "{seen}");
    let verdict = &seen["verdict"];
    assert!(
        verdict["holds"] == true && verdict["open"] == true && verdict["key"] == "supply_lost",
        "{verdict}"
    );
    let now = told(&house, "/api/v1/service", &keeper);
    assert_eq!(now["faults"][0]["name"], "SupplyLost", "{now}");
    assert_eq!(now["guard"]["en"], "takes the power away: lifts sink");
    assert_eq!(explore(json!({ "do": "break", "class": "clock", "seed": 1 })).code, 409, "one at a time");
    assert_eq!(explore(json!({ "do": "mend" })).code, 204);
    until(&house, journal, &keeper, |seen| seen["verdict"]["open"] == false);
    assert_eq!(explore(json!({ "do": "restart" })).code, 204);
    until(&house, "/api/v1/service", &keeper, |seen| seen["state"]["en"] == "at rest");
}

#[test]
fn the_beds_whole_journal_is_for_whoever_looks_after_it_and_no_name_leads_out_of_its_folder() {
    let house = House::with(&["Ann"], 1.0);
    let (ann, keeper) = (house.person("Ann"), house.staff("service"));
    let list = told(&house, "/api/v1/service/files", &keeper);
    let names: Vec<&str> =
        list.as_array().expect("a list").iter().filter_map(|file| file["name"].as_str()).collect();
    assert_eq!(names, ["bed.jsonl"], "a log that is being written is no file yet");
    let journal = house.get("/api/v1/service/files/bed.jsonl", &keeper);
    let kept = std::fs::read_to_string(house.folder.path().join("bed/bed.jsonl")).expect("a journal");
    assert_eq!(journal.code, 200);
    assert!(journal.text.lines().count() > 3 && kept.contains("\"what\":\"leads\""), "{journal:?}");
    assert!(kept.lines().take(3).all(|line| journal.text.contains(line)), "{journal:?}");
    for name in ["..%2Faccounts.sqlite", "%2Fetc%2Fpasswd", "accounts.sqlite", "..", "bed-1-1.mcap"] {
        let reply = house.get(&format!("/api/v1/service/files/{name}"), &keeper);
        assert!(matches!(reply.code, 400 | 404), "{name}: {reply:?}");
    }
    assert!(house.get("/service/log", &keeper).text.contains("/api/v1/service/files/bed.jsonl"));
    for path in ["/api/v1/service/files", "/api/v1/service/files/bed.jsonl"] {
        assert_eq!(house.get(path, &ann).code, 403, "{path}");
        assert!(matches!(house.get(path, &Visitor::default()).code, 401 | 403), "{path}");
    }
}
