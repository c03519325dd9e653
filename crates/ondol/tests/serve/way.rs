//! The person's way: pain before and after, and what is made of it.

use crate::house::{House, Visitor};
use host::store::{SessionLine, Store};
use serde_json::{Value, json};

fn sessions(house: &House, name: &str) -> Vec<SessionLine> {
    let record = Store::open(house.folder.path()).and_then(|store| store.record(name)).expect("a record");
    record.sessions().expect("sessions")
}

#[test]
fn pain_is_kept_with_the_session_while_the_bed_waits_and_at_no_other_time() {
    let house = House::with(&["Ann", "Ben"], 5.0);
    let ann = house.person("Ann");
    let tell =
        |whom: &Visitor, pain: u8| house.post("/api/v1/session/pain", whom, &json!({ "before": pain })).code;
    assert_eq!(tell(&ann, 6), 409, "no session is under way");
    assert_eq!(house.post("/api/v1/session", &ann, &json!({ "program": "first-time" })).code, 202);
    house.until_for("the wait", &ann, |picture| picture["live"]["phase"] == "waiting_person");
    assert_eq!((tell(&ann, 7), tell(&ann, 6), tell(&ann, 11)), (204, 204, 422));
    assert_eq!(tell(&house.person("Ben"), 1), 409, "it is not Ben's");
    let reads = tell(&house.program("Ann", "read"), 1);
    assert!([401, 403].contains(&reads), "a program that reads writes nothing: {reads}");
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
    house.until_for("the scan", &ann, |picture| picture["live"]["phase"] == "scanning");
    assert_eq!(tell(&ann, 2), 409, "what hurts now is no longer before");
    assert_eq!(house.post("/api/v1/stop", &ann, &Value::Null).code, 204);
    house.until_for("the end", &ann, |picture| picture["under_way"] == false);
    let told: Vec<_> =
        sessions(&house, "Ann").iter().map(|line| (line.pain_before, line.pain_after)).collect();
    assert_eq!(told, [(Some(6.0), None)]);
    let page = house.get("/after", &ann);
    assert!(page.code == 200 && page.text.contains("because it was stopped early"), "{}", page.text);
    let said = "session=1&pain_after=5&felt=right";
    let elsewhere = Visitor { csrf: None, ..ann.clone() };
    assert_eq!(house.form("/after", &elsewhere, said).code, 403, "without its secret");
    assert_eq!(house.form("/after", &ann, said).code, 303);
    assert_eq!(sessions(&house, "Ann")[0].pain_after, Some(5.0));
    assert!(house.get("/after", &ann).text.contains("nothing you said asks for less"));
}
