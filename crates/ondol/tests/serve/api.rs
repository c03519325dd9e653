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
            let named = told["parameters"].as_array().into_iter().flatten();
            let path = named.fold(path, |path, one| match (one["name"].as_str(), one["example"].as_str()) {
                (Some(name), Some(example)) => path.replace(&format!("{{{name}}}"), example),
                _ => path,
            });
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
    let empty = look(&house, &document, &visitors);
    let expected = ["/api/v1/clinic/people/{id}/compare", "/api/v1/session/proposal"];
    assert_eq!(empty, expected, "one session alone, and it is over");
    let account = seen(&house, "/api/v1/sessions/1", &ann);
    assert_eq!(account["pain"], "better", "{account}");
    let next = seen(&house, "/api/v1/next", &ann);
    assert!(
        next["earliest"] != "now" && next["words"].as_array().is_some_and(|all| !all.is_empty()),
        "{next}"
    );
    let page = house.get("/api?language=de", &Visitor::default());
    assert_eq!(page.code, 200);
    for route in document["paths"].as_object().expect("paths").keys() {
        assert!(page.text.contains(route.as_str()), "{route} is not on the page");
    }
}

fn seen(house: &House, path: &str, whom: &Visitor) -> Value {
    let told = house.get(path, whom);
    assert_eq!(told.code, 200, "{path}: {told:?}");
    serde_json::from_str(&told.text).expect("JSON")
}

#[test]
fn a_program_starts_its_own_break_reminder_and_the_page_shows_the_same() {
    let house = House::with(&["Ann", "Ben"], 5.0);
    let document = document(&house);
    let (ann, ben, reader) = (house.person("Ann"), house.person("Ben"), house.program("Ann", "read"));
    let send = |whom: &Visitor, end: &str, body: Value| {
        let route = format!("/api/v1/breaks{end}");
        let told = house.post(&route, whom, &body);
        judge(&document, &route, "post", told.code, &told.text);
        told.code
    };
    let off = seen(&house, "/api/v1/breaks", &ann);
    assert!(off["running"].is_null() && off["settings"]["interval_min"] == 30, "{off}");
    for (interval, quiet) in [(4, json!(null)), (45, json!({ "from_min": 60, "until_min": 60 }))] {
        assert_eq!(send(&ann, "", json!({ "interval_min": interval, "quiet": quiet })), 422);
    }
    let wish = json!({ "interval_min": 45, "quiet": { "from_min": 1320, "until_min": 420 } });
    assert_eq!(send(&reader, "", wish.clone()), 403, "a token reads and stops");
    assert_eq!(send(&ann, "", wish.clone()), 200);
    assert_eq!(send(&ann, "", json!({ "interval_min": 50, "quiet": null })), 409, "one at a time");
    assert_eq!(send(&ann, "/reply", json!({ "reply": "taken" })), 409, "none waits");
    assert_eq!(send(&ann, "/sitting", json!({ "sitting": false })), 204);
    let on = seen(&house, "/api/v1/breaks", &reader);
    assert!(on["settings"] == wish && on["running"]["sitting"] == false, "{on}");
    assert!(house.get("/breaks", &ann).text.contains("You are away"));
    assert!(seen(&house, "/api/v1/breaks", &ben)["running"].is_null(), "his is his own");
    assert_eq!(send(&ann, "/stop", Value::Null), 204);
    let off = seen(&house, "/api/v1/breaks", &ann);
    assert!(off["running"].is_null() && off["settings"] == wish, "{off}");
}

#[test]
fn a_program_reads_the_guide_as_its_pages_show_it_and_advice_comes_after_the_signs_of_an_emergency() {
    let house = House::with(&[], 5.0);
    let (document, nobody) = (document(&house), Visitor::default());
    let index = seen(&house, "/api/v1/guide", &nobody);
    for (kind, least) in [("topics", 10), ("exercises", 30)] {
        let all = index[kind].as_array().expect("a list");
        assert!(all.len() >= least, "{kind}: {}", all.len());
        for one in all {
            let path = format!("/api/v1/guide/{kind}/{}", one["id"].as_str().expect("an id"));
            let text = seen(&house, &path, &nobody);
            assert_eq!(text["title"], one["title"]);
            let route = format!("/api/v1/guide/{kind}/{{{}}}", kind.trim_end_matches('s'));
            judge(&document, &route, "get", 200, &text.to_string());
            let lines = text["lines"].as_array().into_iter().flatten();
            for cited in lines.flat_map(|line| line["source"].as_array().expect("keys")) {
                let known = text["sources"].as_array().expect("sources").iter();
                assert!(known.clone().any(|source| source["key"] == *cited), "{path}: {cited}");
            }
        }
    }
    assert_eq!(house.get("/api/v1/guide/topics/nothing", &nobody).code, 404);
    let sent = |route: &str, body: &Value| {
        let told = house.post(route, &nobody, body);
        judge(&document, route, "post", told.code, &told.text);
        (told.code, serde_json::from_str::<Value>(&told.text).expect("JSON"))
    };
    for route in ["/api/v1/guide/causes", "/api/v1/guide/heat"] {
        assert_eq!(sent(route, &json!({ "told": {} })).0, 409, "the signs of an emergency come first");
    }
    let answer = |signs: &dyn Fn(&Value) -> Value| {
        let mut told = json!({});
        loop {
            let (_, said) = sent("/api/v1/interview", &json!({ "told": told }));
            let Some(questions) = said["next"]["questions"].as_array() else {
                break (told, said["verdict"].clone());
            };
            for question in questions {
                told[question["id"].as_str().expect("an id")] = signs(question);
            }
        }
    };
    let (mut mild, verdict) = answer(&harmless);
    let shown = |list: &str| verdict[list].as_array().expect("a list").len();
    assert!(verdict["emergency"].is_null() && shown("hours") > 5 && shown("again") > 0, "{verdict}");
    let page = house.get("/topic/now", &nobody).text;
    let line = verdict["hours"][0]["words"]["en"].as_str().expect("words");
    assert!(page.contains(line.split(['&', '"', '<']).next().expect("words")), "{line}");
    let mut screened = json!({});
    let advice = loop {
        let (code, said) = sent("/api/v1/guide/heat", &json!({ "told": mild, "screened": screened }));
        assert_eq!(code, 200, "{said}");
        if said["advice"].is_object() {
            break said["advice"].clone();
        }
        for (list, to) in [("told", &mut mild), ("screened", &mut screened)] {
            for question in said[list].as_array().expect("questions") {
                to[question["id"].as_str().expect("an id")] = harmless(question);
            }
        }
    };
    assert!(advice["words"].as_array().is_some_and(|words| words.len() == 3), "{advice}");
    let (code, said) = sent("/api/v1/guide/heat", &json!({ "told": mild, "screened": { "ghost": true } }));
    assert!(code == 422 && said["message"].as_str().is_some_and(|words| words.contains("ghost")), "{said}");
    loop {
        let (code, said) = sent("/api/v1/guide/causes", &json!({ "told": mild }));
        assert!(code == 200 && said["doctor_first"] == false, "{said}");
        assert!(said["likely"][0]["certainty"].is_string(), "{said}");
        let Some(questions) = said["next"]["questions"].as_array() else { break };
        for question in questions {
            mild[question["id"].as_str().expect("an id")] = harmless(question);
        }
    }
    let all = |question: &Value| match question["takes"]["kind"].as_str() {
        Some("yes_no") => json!(true),
        _ => harmless(question),
    };
    let (grave, verdict) = answer(&all);
    assert!(verdict["urgency"] == "emergency" && verdict["may_go_on"] == false, "{verdict}");
    assert_eq!(verdict["emergency"]["numbers"][0]["number"], "112");
    assert_eq!(verdict["hours"], json!([]), "who needs help gets no advice for the next hours");
    let (code, said) = sent("/api/v1/guide/heat", &json!({ "told": grave }));
    assert!(code == 409 && said["code"] == "doctor", "{said}");
    assert_eq!(sent("/api/v1/guide/causes", &json!({ "told": grave })).1["doctor_first"], true);
}

#[test]
fn a_row_that_was_answered_by_mistake_can_be_answered_anew() {
    let house = House::with(&["Ann"], 5.0);
    let (document, ann) = (document(&house), house.person("Ann"));
    let anew = seen(&house, "/api/v1/today/anew", &ann);
    let row = anew["ask"]["rows"][0]["id"].as_str().expect("a row").to_owned();
    assert_eq!(anew["yes"], json!([]), "{anew}");
    for (word, yes) in [("yes", json!([row])), ("no", json!([]))] {
        let reply = house.post("/api/v1/today", &ann, &json!({ "rows": { (row.as_str()): word } }));
        judge(&document, "/api/v1/today", "post", reply.code, &reply.text);
        assert_eq!(reply.code, 200, "{reply:?}");
        assert_eq!(seen(&house, "/api/v1/today/anew", &ann)["yes"], yes);
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
