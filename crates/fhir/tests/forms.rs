//! Forms: read, checked, filled, answered, and written as they came.

use std::path::Path;

use care::Day;
use fhir::{Answer, Choices, Coding, Filling, ItemKind, Questionnaire};
use proptest::prelude::*;
use serde_json::{Value, json};

const TODAY: Day = Day(20_779);
const OURS: &str = include_str!("../forms/back-today.json");

/// The forms of others that lie beside the project, by file name.
fn foreign() -> Vec<(String, String)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ONDOL_DATA").map_or(beside, Into::into).join("care/questionnaires");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no shared data");
        return Vec::new();
    };
    let mut forms: Vec<(String, String)> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("a form")))
        .collect();
    forms.sort();
    assert!(!forms.is_empty(), "{} is empty", folder.display());
    forms
}

fn all() -> Vec<(String, String)> {
    let mut forms = foreign();
    forms.push(("back-today.json".to_owned(), OURS.to_owned()));
    forms
}

/// Answers whatever is asked, by `pick`, until nothing more opens; returns how many were answered.
fn answer_all(sheet: &mut Filling<'_>, mut pick: impl FnMut(usize) -> usize) -> usize {
    let mut done = std::collections::BTreeSet::new();
    loop {
        let rows = sheet.rows();
        let next = rows.iter().find(|row| row.item.kind.is_question() && !done.contains(&row.item.link_id));
        let Some(row) = next else { return done.len() };
        let link_id = row.item.link_id.clone();
        let answer = match (&row.choices, row.item.kind) {
            (Choices::Listed { choices, .. }, _) => choices[pick(choices.len())].clone(),
            (_, ItemKind::Boolean) => Answer::Boolean(pick(2) == 0),
            (_, ItemKind::Integer) => Answer::Integer(i32::try_from(pick(11)).expect("small")),
            (_, ItemKind::Decimal) => Answer::Decimal(pick(100) as f64 / 7.0),
            (_, ItemKind::Date) => Answer::Date("2026-11-20".to_owned()),
            _ => Answer::String("words".to_owned()),
        };
        sheet.answer(&link_id, vec![answer]).unwrap_or_else(|error| panic!("{link_id}: {error}"));
        done.insert(link_id);
    }
}

#[test]
fn every_form_leaves_as_it_came() {
    for (name, text) in all() {
        let form = Questionnaire::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let came: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(serde_json::to_value(&form).expect("data"), came, "{name}");
    }
}

#[test]
fn every_form_can_be_filled_and_its_sheet_read_back() {
    for (name, text) in all() {
        let form = Questionnaire::parse(&text).expect("a form");
        for choice in 0..5 {
            let mut sheet = form.fill();
            assert!(!sheet.missing().is_empty(), "{name} requires something");
            assert!(answer_all(&mut sheet, |of| choice % of) > 1, "{name}");
            assert!(sheet.missing().is_empty(), "{name}");
            let response = sheet.response(TODAY);
            assert_eq!(response.status, "completed");
            let text = serde_json::to_string(&response).expect("data");
            let read = form.read_response(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.response(TODAY), response, "{name}");
        }
    }
}

#[test]
fn codes_of_loinc_stay_with_their_questions() {
    for (name, text) in foreign().into_iter().filter(|(name, _)| name.contains("session")) {
        let form = Questionnaire::parse(&text).expect("a form");
        let coded =
            form.items().filter(|(_, item)| item.code.iter().any(|code| code.is(fhir::LOINC, "72514-3")));
        assert_eq!(coded.count(), 3, "{name}");
    }
}

#[test]
fn what_hangs_on_an_answer_is_asked_only_with_it() {
    let form = Questionnaire::parse(OURS).expect("our form");
    let mut sheet = form.fill();
    let asked = |sheet: &Filling<'_>| -> Vec<String> {
        sheet.rows().iter().map(|row| format!("{}{}", " ".repeat(row.depth), row.item.link_id)).collect()
    };
    assert_eq!(asked(&sheet), ["pain", "spasm", "roland", "program", "notes"]);
    sheet.answer("pain", vec![Answer::Integer(4)]).expect("fits");
    assert_eq!(asked(&sheet), ["pain", "spasm", "better", "roland", "program", "notes"]);
    sheet.answer("pain", vec![Answer::Integer(3)]).expect("fits");
    sheet.answer("spasm", vec![Answer::Boolean(true)]).expect("fits");
    let cramp = ["cramp", " cramp.hint", " cramp.began", " cramp.where", " cramp.hours", "better"];
    assert_eq!(asked(&sheet)[2..8], cramp);
    let places = vec![
        Answer::Coding(Coding { display: None, ..place("place-neck") }),
        Answer::String("between the shoulder blades".to_owned()),
    ];
    sheet.answer("cramp.where", places).expect("an option and own words");
    assert_eq!(
        sheet.given("cramp.where")[0],
        Answer::Coding(place("place-neck")),
        "it gets the form's words"
    );
    assert_eq!(sheet.missing().iter().map(|item| item.link_id.as_str()).collect::<Vec<_>>(), ["cramp.began"]);

    // Taken back, the answers below are not part of the sheet, but not forgotten either.
    sheet.answer("spasm", vec![Answer::Boolean(false)]).expect("fits");
    let response = sheet.response(TODAY);
    assert_eq!(response.item.iter().map(|line| line.link_id.as_str()).collect::<Vec<_>>(), ["pain", "spasm"]);
    assert_eq!(sheet.given("cramp.where").len(), 2);
}

fn place(code: &str) -> Coding {
    Coding::new("https://ondol.invalid/fhir/CodeSystem/diary", code, code.trim_start_matches("place-"))
}

#[test]
fn answers_that_do_not_fit_are_refused_in_one_line() {
    let form = Questionnaire::parse(OURS).expect("our form");
    let mut sheet = form.fill();
    sheet.answer("spasm", vec![Answer::Boolean(true)]).expect("fits");
    let before = sheet.clone();
    let text = |text: &str| Answer::String(text.to_owned());
    for (link_id, answers, what) in [
        ("pain", vec![Answer::Integer(11)], "at most 10, and is 11"),
        ("pain", vec![Answer::Integer(-1)], "at least 0, and is -1"),
        ("pain", vec![Answer::Decimal(5.0)], "wants a whole number"),
        ("pain", vec![Answer::Integer(1), Answer::Integer(2)], "one answer, not 2"),
        ("back", vec![Answer::Integer(1)], "no such question"),
        ("cramp", vec![Answer::Integer(1)], "no such question"),
        ("cramp.hint", vec![text("a")], "no such question"),
        ("better", vec![text("much better")], "no option \"much better\"; it has \"better\""),
        ("cramp.began", vec![Answer::Date("2026-02-30".to_owned())], "YYYY-MM-DD"),
        ("cramp.hours", vec![Answer::Decimal(f64::NAN)], "wants a number"),
        ("cramp.hours", vec![Answer::Decimal(-0.5)], "at least 0"),
        ("cramp.where", vec![Answer::Coding(place("place-moon"))], "no option"),
        ("cramp.where", vec![text("a"), text("a")], "twice"),
        ("program", vec![text(&"x".repeat(61))], "at most 60"),
        ("notes", vec![text(" \n")], "wants words"),
    ] {
        let error = sheet.answer(link_id, answers).expect_err(what).to_string();
        assert!(error.contains(what) && !error.contains('\n'), "{error}");
        assert_eq!(sheet, before);
    }
    sheet.answer("spasm", vec![]).expect("an answer may be taken back");
    let error = sheet.answer("cramp.hours", vec![Answer::Decimal(1.0)]).expect_err("it is not asked");
    assert!(error.to_string().contains("is not asked"), "{error}");
}

/// Our form with one place changed.
fn changed(change: impl Fn(&mut Value)) -> String {
    let mut form: Value = serde_json::from_str(OURS).expect("JSON");
    change(&mut form);
    form.to_string()
}

#[test]
fn a_form_that_cannot_be_used_is_refused_in_one_line_that_says_why() {
    let set = |at: &'static str, value: Value| {
        changed(|form| {
            let (above, name) = at.rsplit_once('/').expect("a path");
            let above = form.pointer_mut(above).expect("a place");
            above.as_object_mut().expect("an object").insert(name.to_owned(), value.clone());
        })
    };
    for (text, what) in [
        ("{\"resourceType\": ".to_owned(), "no JSON"),
        ("[1]".to_owned(), "no FHIR resource"),
        ("{\"resourceType\":\"Patient\"}".to_owned(), "this is a Patient; a Questionnaire is wanted"),
        (set("/copyrightLabel", json!("x")), "belongs to FHIR R5"),
        (set("/item/0/type", json!("coding")), "item \"pain\": the type \"coding\" belongs to FHIR R5"),
        (set("/item/3/answerConstraint", json!("optionsOnly")), "item \"better\""),
        (set("/item/0/disabledDisplay", json!("hidden")), "belongs to FHIR R5"),
        (set("/item/0/type", json!("number")), "there is no type \"number\""),
        (set("/item/0/text", json!("")), "item[0].text: an empty text"),
        (set("/item/0/code", json!([])), "an empty list"),
        (set("/item/0/prefix", json!(null)), "null"),
        (set("/item/1/linkId", json!("pain")), "twice"),
        (set("/item/0/required", json!("yes")), "invalid type"),
        (set("/item/2/enableWhen/0/question", json!("cramps")), "no question \"cramps\""),
        (set("/item/2/enableWhen/0/question", json!("cramp.hint")), "no question"),
        (set("/item/2/enableWhen/0/question", json!("pain")), "compares with a Boolean"),
        (set("/item/2/enableWhen/0/operator", json!("~")), "unknown variant"),
        (set("/item/2/item/1/answerValueSet", json!("#places")), "que-5"),
        (set("/item/2/item/2/answerValueSet", json!("#moons")), "does not come with the form"),
        (set("/item/2/item/0/required", json!(true)), "que-6"),
        (changed(|form| drop(form["item"][2].as_object_mut().expect("it").remove("item"))), "que-1"),
        (
            changed(|form| drop(form["item"][3].as_object_mut().expect("it").remove("enableBehavior"))),
            "que-12",
        ),
        (
            changed(|form| drop(form["item"][3].as_object_mut().expect("it").remove("answerOption"))),
            "without options",
        ),
        (changed(|form| drop(form["item"][0].as_object_mut().expect("it").remove("linkId"))), "no linkId"),
        (
            set(
                "/item/1/enableWhen",
                json!([{"question": "cramp.began", "operator": "exists", "answerBoolean": true}]),
            ),
            "hangs on its own answer",
        ),
    ] {
        let error = Questionnaire::parse(&text).expect_err(what).to_string();
        assert!(error.contains(what) && !error.contains('\n'), "{error} ({what})");
    }
}

#[test]
fn a_sheet_that_does_not_fit_its_form_is_refused() {
    let form = Questionnaire::parse(OURS).expect("our form");
    let sheet = |item: Value| {
        json!({ "resourceType": "QuestionnaireResponse", "status": "completed", "item": item }).to_string()
    };
    for (text, what) in [
        (OURS.to_owned(), "this is a Questionnaire"),
        (sheet(json!([{ "linkId": "moon" }])), "no such item"),
        (sheet(json!([{ "linkId": "pain", "answer": [{ "valueInteger": 12 }] }])), "at most 10"),
        (sheet(json!([{ "linkId": "pain", "answer": [{}] }])), "value[x] is missing"),
        (sheet(json!([{ "linkId": "pain", "answer": [{ "valueInteger": 1.5 }] }])), "valueInteger holds 1.5"),
        (
            sheet(json!([{ "linkId": "cramp", "item": [
            { "linkId": "cramp.hours", "answer": [{ "valueDecimal": 1 }] }] }])),
            "not asked",
        ),
        (sheet(json!([{ "linkId": "cramp.hint", "answer": [{ "valueString": "a" }] }])), "takes no answer"),
        (sheet(json!([1])), "invalid type"),
        (
            json!({ "resourceType": "QuestionnaireResponse", "status": "completed",
                "questionnaire": "http://example.com/other|1" })
            .to_string(),
            "answers another form",
        ),
    ] {
        let error = form.read_response(&text).expect_err(what).to_string();
        assert!(error.contains(what) && !error.contains('\n'), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is answered, in whatever way, the sheet comes back, and stays within what is asked.
    #[test]
    fn any_way_through_our_form_comes_back(picks in prop::collection::vec(0_usize..1000, 40)) {
        let form = Questionnaire::parse(OURS).expect("our form");
        let mut sheet = form.fill();
        let mut picks = picks.into_iter().cycle();
        answer_all(&mut sheet, |of| picks.next().unwrap_or(0) % of);
        let response = sheet.response(TODAY);
        let text = serde_json::to_string(&response).expect("data");
        let read = form.read_response(&text).expect("our own sheet");
        prop_assert_eq!(read.response(TODAY), response);
    }

    /// No text makes the reader panic, and no refusal is longer than a line.
    #[test]
    fn any_text_is_refused_in_one_line(text in "\\PC{0,80}", at in 0_usize..3000, with in "[\\[\\]{}\",:0-9a-z\\\\ ]{1,3}") {
        let mut broken: Vec<char> = OURS.chars().collect();
        let at = at.min(broken.len());
        broken.splice(at..at, with.chars());
        for text in [text, broken.into_iter().collect()] {
            if let Err(error) = Questionnaire::parse(&text) {
                prop_assert!(!error.to_string().contains('\n'), "{error}");
            }
        }
    }
}
