//! The API by its own document: every route that stands there, and whether what is sent is what it says.

use crate::house::{House, Visitor};
use crate::schema;
use serde_json::{Value, json};

/// One request that the document shows.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// As the document writes it.
    route: String,
    /// With what it names.
    pub path: String,
    pub body: Option<Value>,
    who: Vec<String>,
}

impl Call {
    /// Whether it may end a session, a sign-in, or what a session needs.
    pub fn ends(&self) -> bool {
        let leaves = ["/stop", "/sign-in", "/sign-out", "/secret", "/people", "/explorer"];
        let by = leaves.iter().any(|end| self.route.ends_with(end));
        let wish = self.body.as_ref().is_some_and(|body| body["wish"] == "stop" || body["wish"] == "finish");
        (self.method == "POST" && by) || wish
    }

    /// Whether the document names this kind of visitor.
    pub fn is_for(&self, kind: &str) -> bool {
        self.who.iter().any(|who| who == kind || who == "everybody")
    }

    /// The press of the hand switch, which alone begins.
    fn is_the_switch(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body["act"] == "PressHandSwitch")
    }
}

pub fn document(house: &House) -> Value {
    let told = house.get("/api/openapi.json", &Visitor::default());
    assert_eq!(told.code, 200, "{told:?}");
    serde_json::from_str(&told.text).expect("JSON")
}

/// Every route of the document but streams, with each of its examples but the press of the hand switch; addresses
/// name `whom` and their first session.
pub fn calls(house: &House, whom: &str) -> Vec<Call> {
    let document = document(house);
    let id = house.id(whom);
    let mut calls = Vec::new();
    for (route, methods) in document["paths"].as_object().expect("paths") {
        for (method, told) in methods.as_object().expect("methods") {
            if told["responses"]["200"]["content"]["text/event-stream"].is_object() {
                continue;
            }
            let path =
                ["{number}", "{item}"].iter().fold(route.clone(), |path, name| path.replace(name, "1"));
            let who = told["x-who"].as_array().expect("who may").iter();
            let call = Call {
                method: method.to_uppercase(),
                route: route.clone(),
                path: path.replace("{id}", &id).replace("{name}", "bed.jsonl"),
                body: None,
                who: who.map(|who| who.as_str().unwrap_or_default().to_owned()).collect(),
            };
            let body = &told["requestBody"]["content"]["application/json"];
            let examples =
                body["examples"].as_object().map(|all| all.values().map(|one| one["value"].clone()));
            let examples: Vec<Value> = examples.map(Iterator::collect).unwrap_or_default();
            let examples = examples.into_iter().chain(body.get("example").cloned()).map(Some);
            let mut examples: Vec<Option<Value>> = examples.collect();
            assert!(body.is_null() || !examples.is_empty(), "{route} shows no example");
            if body.is_null() {
                examples.push(None);
            }
            calls.extend(examples.into_iter().map(|body| Call { body, ..call.clone() }));
        }
    }
    calls.retain(|call| !call.is_the_switch());
    calls
}

/// Judges an answer by what the document says of its route.
fn judge(document: &Value, route: &str, method: &str, code: u16, text: &str) {
    let answer = &document["paths"][route][method]["responses"][code.to_string()];
    assert!(answer.is_object(), "{method} {route} answers {code}, which is not told: {text}");
    let schema = &answer["content"]["application/json"]["schema"];
    if schema.is_null() {
        return;
    }
    let told: Value = serde_json::from_str(text).expect("JSON");
    let wrong = schema::wrong(document, schema, &told);
    assert!(wrong.is_empty(), "{method} {route}: {wrong:#?}");
}

/// Judges an event of a stream by the schema of this name.
fn judge_event(document: &Value, (name, told): &(String, Value), wanted: &str, shape: &str) {
    assert_eq!(name, wanted);
    let wrong = schema::wrong(document, &document["components"]["schemas"][shape], told);
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

/// Every route that shows something, as whoever may see it: those that had nothing to show.
fn look(house: &House, document: &Value, visitors: &[(&str, &Visitor)]) -> Vec<String> {
    let mut empty = Vec::new();
    for call in calls(house, "Ann").into_iter().filter(|call| call.method == "GET") {
        let may = visitors.iter().find(|(kind, _)| call.is_for(kind)).unwrap_or_else(|| panic!("{call:?}"));
        let told = house.call(&call, may.1);
        judge(document, &call.route, "get", told.code, &told.text);
        if told.code != 200 {
            empty.push(call.route);
        }
    }
    empty
}

#[test]
fn what_is_sent_is_what_the_document_says() {
    let house = House::with(&["Ann"], 3.0);
    let document = document(&house);
    let (ann, clinician, keeper) = (house.person("Ann"), house.staff("clinician"), house.staff("service"));
    let visitors = [("person", &ann), ("clinician", &clinician), ("service", &keeper)];
    let live = |what: &str, phase: &str| {
        let picture = house.until_for(what, &ann, |picture| picture["live"]["phase"] == phase);
        judge(&document, "/api/v1/live", "get", 200, &picture.to_string());
    };
    house.post("/api/v1/session", &ann, &json!({ "program": "first-time" }));
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    live("the hand switch", "waiting_switch");
    house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
    live("the scan", "scanning");
    live("a proposal", "proposed");
    let proposal = house.get("/api/v1/session/proposal", &ann);
    assert_eq!(proposal.code, 200, "{proposal:?}");
    judge(&document, "/api/v1/session/proposal", "get", 200, &proposal.text);
    house.post("/api/v1/session/answer", &ann, &json!({ "answer": "yes" }));
    live("a stroke", "treating");
    house.post("/api/v1/session/wish", &ann, &json!({ "wish": "firmer" }));
    live("a stroke still", "treating");
    house.post("/api/v1/session/wish", &ann, &json!({ "wish": "finish" }));
    let over = house.until_for("the end", &ann, |picture| picture["under_way"] == false);
    judge(&document, "/api/v1/live", "get", 200, &over.to_string());
    let rated = house.post("/api/v1/sessions/1/rating", &ann, &json!({ "pain_before": 6, "pain_after": 3 }));
    assert_eq!(rated.code, 204, "{rated:?}");
    let path = format!("/api/v1/clinic/people/{}/prescription", house.id("Ann"));
    let wish = json!({ "by": "practice", "program": "relief", "heat_max": { "surface": 38 } });
    let told = house.post(&path, &clinician, &wish);
    assert_eq!(told.code, 200, "{told:?}");
    judge(&document, "/api/v1/clinic/people/{id}/prescription", "post", 200, &told.text);
    let told = house.post("/api/v1/prescription", &ann, &json!({ "word": "yes" }));
    judge(&document, "/api/v1/prescription", "post", told.code, &told.text);
    assert_eq!(serde_json::from_str::<Value>(&told.text).expect("JSON")["standing"]["by"], "practice");
    let wish = json!({ "wishes": { "minutes_a_day": 15, "quiet": [], "massage": "none" } });
    let week = house.post("/api/v1/week", &ann, &wish);
    judge(&document, "/api/v1/week", "post", week.code, &week.text);
    let week: Value = serde_json::from_str(&week.text).expect("JSON");
    let ticks = json!({ "first": week["week"]["first"], "day": 0, "items": [0] });
    assert_eq!(house.post("/api/v1/week/ticks", &ann, &ticks).code, 204, "{week}");
    assert_eq!(
        house.post("/api/v1/week/ticks", &ann, &json!({ "first": "2020-01-01", "day": 0, "items": [] })).code,
        409
    );
    let table = house.get("/api/v1/diary/table.csv", &ann).text;
    let brought = house.post("/api/v1/diary/bring", &ann, &json!({ "file": table, "keep": true }));
    judge(&document, "/api/v1/diary/bring", "post", brought.code, &brought.text);
    assert!(brought.text.contains("\"already\":1"), "{brought:?}");
    judge_event(&document, &house.event("/api/v1/live/stream", &ann), "picture", "Picture");
    judge_event(&document, &house.event("/api/v1/service/live", &keeper), "service", "ServicePicture");
    house.until_for("a bed at rest", &ann, |picture| picture["live"]["phase"] == "at_rest");
    let test = house.post("/api/v1/service/selftest", &keeper, &Value::Null);
    judge(&document, "/api/v1/service/selftest", "post", test.code, &test.text);
    assert_eq!(look(&house, &document, &visitors), ["/api/v1/session/proposal"], "over, so none is proposed");
    let page = house.get("/api?language=de", &Visitor::default());
    assert_eq!(page.code, 200);
    for route in document["paths"].as_object().expect("paths").keys() {
        assert!(page.text.contains(route.as_str()), "{route} is not on the page");
    }
}

/// What somebody with an everyday strain answers.
fn harmless(question: &Value) -> Value {
    let (takes, id) = (&question["takes"], question["id"].as_str().expect("an id"));
    match (takes["kind"].as_str().expect("a kind"), id) {
        ("yes_no", _) => json!(id == "moving_changes_it"),
        ("number", "age_years") => json!(38),
        ("number", "days_since_start") => json!(10),
        ("number", _) => takes["min"].clone(),
        ("choice", _) => takes["options"][0]["id"].clone(),
        (_, "regions") => json!(["lumbar"]),
        _ => json!([]),
    }
}

#[test]
fn a_program_can_come_in_answer_what_is_asked_and_ask_for_a_session() {
    let house = House::with(&[], 5.0);
    let document = document(&house);
    let sent = |whom: &Visitor, route: &str, body: &Value| {
        let told = house.post(route, whom, body);
        judge(&document, route, "post", told.code, &told.text);
        (told.code, serde_json::from_str::<Value>(&told.text).unwrap_or_default(), told.head)
    };
    let (code, joined, head) = sent(&Visitor::default(), "/api/v1/people", &json!({ "name": "Noor" }));
    assert_eq!(code, 201);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let secret = joined["form_secret"].as_str().expect("a secret").to_owned();
    let noor = Visitor { cookie: Some(cookie), csrf: Some(secret), bearer: None };
    let bare = Visitor { csrf: None, ..noor.clone() };
    assert_eq!(house.post("/api/v1/today", &bare, &json!({})).code, 403, "a cookie alone changes nothing");
    let mut told = json!({});
    let verdict = loop {
        let (_, said, _) = sent(&Visitor::default(), "/api/v1/interview", &json!({ "told": told }));
        let Some(questions) = said["next"]["questions"].as_array() else { break said["verdict"].clone() };
        for question in questions {
            told[question["id"].as_str().expect("an id")] = harmless(question);
        }
    };
    assert_eq!(verdict["may_go_on"], true, "{verdict}");
    let (code, mut today, _) = sent(&noor, "/api/v1/today/interview", &json!({ "told": told }));
    assert_eq!(code, 200, "{today}");
    assert_eq!(house.post("/api/v1/session", &noor, &json!({ "program": "first-time" })).code, 403);
    for _ in 0..4 {
        let ids = |of: &Value| -> Vec<String> {
            let all = of.as_array().into_iter().flatten();
            all.map(|one| one["id"].as_str().unwrap_or_default().to_owned()).collect()
        };
        if today["stage"] != "ask" {
            break;
        }
        let rows: Value = ids(&today["ask"]["rows"]).into_iter().map(|id| (id, json!("no"))).collect();
        let facts = today["ask"]["facts"].as_array().into_iter().flatten();
        let facts: Value =
            facts.map(|fact| (fact["id"].as_str().expect("an id").to_owned(), harmless(fact))).collect();
        let body = json!({ "stature_mm": 1720, "mass_kg": 70 });
        let reply = json!({ "rows": rows, "facts": facts, "person": body, "still_true": true });
        let (code, next, _) = sent(&noor, "/api/v1/today", &reply);
        assert_eq!(code, 200, "{next}");
        today = next;
    }
    let verdict = &today["said"]["summary"]["verdict"];
    assert!(verdict == "go" || verdict == "soften", "{today}");
    let (code, ..) = sent(&noor, "/api/v1/session", &json!({ "program": "first-time" }));
    assert_eq!(code, 202);
    assert_eq!(house.post("/api/v1/me/erase", &noor, &json!({ "sure": true })).code, 409, "a session waits");
    let (code, ..) = sent(&noor, "/api/v1/sign-out", &json!({}));
    assert_eq!(code, 204);
    assert_eq!(house.get("/api/v1/today", &noor).code, 401, "signed out");
}

#[test]
fn answers_that_were_not_asked_or_cannot_be_are_named_and_change_nothing() {
    let house = House::with(&["Ann"], 5.0);
    let ann = house.person("Ann");
    let before = house.get("/api/v1/today", &ann).text;
    let cases = [
        ("/api/v1/today", json!({ "rows": { "no_such_row": "yes" } }), "no_such_row"),
        ("/api/v1/today", json!({ "facts": { "age_years": 38 } }), "age_years"),
        ("/api/v1/today", json!({ "person": { "mass_kg": 4000 } }), "mass_kg"),
        ("/api/v1/interview", json!({ "told": { "age_years": 200 } }), "age_years"),
        ("/api/v1/sessions/1/rating", json!({ "pain_before": 11 }), "session"),
        ("/api/v1/diary", json!({ "day": "2999-01-01", "record": { "roland": 3 } }), "2999-01-01"),
        ("/api/v1/me/erase", json!({ "sure": false }), "sure"),
        ("/api/v1/people", json!({ "name": "Ann" }), "name"),
        ("/api/v1/nothing", json!({}), "openapi.json"),
    ];
    for (path, body, named) in cases {
        let told = house.post(path, &ann, &body);
        assert!((400..500).contains(&told.code), "{path} {body}: {told:?}");
        let words: Value = serde_json::from_str(&told.text).expect("JSON");
        let message = words["message"].as_str().expect("words");
        assert!(message.contains(named), "{path} {body}: {message}");
    }
    assert_eq!(house.ask("PUT", "/api/v1/today", &ann, "application/json", "{}").code, 405);
    assert_eq!(house.get("/api/v1/today", &ann).text, before);
}
