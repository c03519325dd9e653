//! "May I use the bed today?" as a command, and what was told in a plan and a session.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use care::facts::facts;
use care::{Findings, Kind, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Room {
    folder: TempDir,
}

/// Everything told, all harmless: a sore lower back since some days.
fn sore(days: f64) -> Findings {
    let mut told = Findings::new();
    let mut set = |id: &str, value: Value| told.set(id, value).expect("a fitting answer");
    for fact in facts() {
        let value = match &fact.kind {
            Kind::YesNo => Value::YesNo(["moving_changes_it", "tender_muscle"].contains(&fact.id.as_str())),
            Kind::Number { min, .. } => Value::Number(*min),
            Kind::Choice(options) => Value::Choice(options[0].id.clone()),
            Kind::Many(_) => Value::Many(BTreeSet::new()),
        };
        set(&fact.id, value);
    }
    set("age_years", Value::Number(40.0));
    set("days_since_start", Value::Number(days));
    set("regions", Value::Many(["lumbar".to_owned()].into()));
    told
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, told: &Findings) -> String {
        let file = self.folder.path().join("told.json");
        std::fs::write(&file, serde_json::to_string(told).expect("plain data")).expect("written");
        file.display().to_string()
    }

    fn ondol(&self, arguments: &[&str]) -> Output {
        let ondol = Command::new(env!("CARGO_BIN_EXE_ondol")).args(arguments).output();
        ondol.expect("the program starts")
    }

    fn care(&self, arguments: &[&str]) -> Output {
        let data: PathBuf = self.folder.path().join("data");
        let data = data.display().to_string();
        self.ondol(&[&["care"], arguments, &["--data", &data]].concat())
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.care(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn json(&self, arguments: &[&str]) -> Json {
        serde_json::from_str(&self.text(&[arguments, &["--json"]].concat())).expect("JSON")
    }

    fn keep(&self, told: &Findings) {
        let file = self.file(told);
        self.text(&["screen", "--keep", "--answers", &file]);
    }

    fn plan(&self, told: &str) -> Json {
        let output =
            self.ondol(&["plan", "--healthy", "--person", "2", "--seed", "2", "--told", told, "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

#[test]
fn without_complete_answers_it_refuses_and_says_how_to_answer() {
    let room = Room::new();
    let none = room.json(&["bed"]);
    assert_eq!((&none["verdict"], &none["state"]), (&json!("refuse"), &json!("no_interview")));
    assert!(room.text(&["bed"]).contains("ondol care screen --keep"));
    room.keep(&sore(10.0));
    let open = room.json(&["bed"]);
    assert_eq!((&open["verdict"], &open["state"]), (&json!("refuse"), &json!("open")));
    assert_eq!(open["open"]["measures"], json!(["stature", "mass"]));
    let text = room.text(&["bed"]);
    assert!(text.contains("hot_bath: ") && text.contains("--no-other --stature CM --mass KG"), "{text}");
}

#[test]
fn it_says_yes_gently_or_not_today_with_the_reasons() {
    let room = Room::new();
    room.keep(&sore(10.0));
    let body = ["bed", "--no-other", "--stature", "172 cm", "--mass", "74"];
    assert_eq!(room.json(&body)["verdict"], json!("go"));
    let soft = room.json(&["bed", "--yes", "medicine_patch"]);
    assert_eq!(
        (&soft["verdict"], &soft["limits"]["heat_allowed"], &soft["reasons"][0]["id"]),
        (&json!("soften"), &json!(false), &json!("medicine_patch"))
    );
    let metal = room.text(&["bed", "--yes", "spine_metal"]);
    assert!(metal.starts_with("Not today.") && metal.contains("--doctor spine_metal"), "{metal}");
    let codes = |arguments: &[&str]| -> Vec<String> {
        let week = room.json(arguments);
        let because = week["week"]["because"].as_array().expect("reasons");
        because.iter().filter_map(|why| why["code"].as_str().map(str::to_owned)).collect()
    };
    let refused = codes(&["plan", "--fits", "none", "--massage", "bed"]);
    assert!(refused.contains(&"massage_refused".to_owned()), "{refused:?}");
    assert!(room.text(&["bed", "--doctor", "spine_metal"]).starts_with("Yes, but gently:"));
    let given = codes(&["plan", "--massage", "bed"]);
    assert!(given.contains(&"massage".to_owned()), "{given:?}");
    assert_eq!(room.care(&["plan", "--massage", "bear"]).status.code(), Some(2));
    let german = room.text(&["bed", "--yes", "chest_pain", "--language", "de"]);
    assert!(
        german.starts_with("112") && german.contains("[You said yes: Do you have chest pain"),
        "{german}"
    );
}

#[test]
fn what_cannot_be_is_refused_in_one_line_and_nothing_is_kept() {
    let room = Room::new();
    room.keep(&sore(10.0));
    for (arguments, says) in [
        (&["--yes", "diabetis"][..], "the nearest one is \"diabetes\""),
        (&["--yes", "hot_bath", "--yes", "nothing_like_that"], "there is no question"),
        (&["--doctor", "chest_pain"], "no doctor's word"),
        (&["--stature", "17200"], "from 50 to 250 cm"),
        (&["--mass", "heavy"], "is no number"),
        (&["--age", "400"], "from 0 to 110 years"),
        (&["--fact", "medicines=water"], "has no option"),
        (&["--fact", "medicines"], "NAME=VALUE"),
    ] {
        let output = room.care(&[&["bed"], arguments].concat());
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?} does not say \"{says}\": {text}");
    }
    let rows = room.json(&["bed"])["open"]["rows"].clone();
    assert!(rows.as_array().is_some_and(|rows| rows.contains(&json!("hot_bath"))), "{rows}");
}

#[test]
fn a_fresh_spasm_caps_the_intensity_of_a_plan_with_its_reason() {
    let room = Room::new();
    let plan = room.plan(&room.file(&sore(1.0)));
    let reasons = plan["reasons"].as_array().expect("a plan with reasons");
    let capped = reasons.iter().find(|reason| reason["code"] == "clearance_intensity");
    let words = capped.and_then(|reason| reason["words"]["en"].as_str()).unwrap_or_default();
    assert!(words.contains("intensity 3 at most"), "{reasons:?}");
    // What the command for screening prints is taken as well, and later nothing is capped.
    let printed = room.text(&["screen", "--json", "--answers", &room.file(&sore(10.0))]);
    let file = room.folder.path().join("printed.json");
    std::fs::write(&file, printed).expect("written");
    let later = room.plan(&file.display().to_string());
    let codes: Vec<&Json> =
        later["reasons"].as_array().expect("a plan").iter().map(|why| &why["code"]).collect();
    assert!(!codes.contains(&&json!("clearance_intensity")), "{codes:?}");
}

#[test]
fn a_fresh_bruise_or_an_emergency_refuses_plan_and_session_as_other_refusals_do() {
    let room = Room::new();
    for (fact, says) in [("swelling_or_bruise", "fresh_injury"), ("saddle_numbness", "saddle")] {
        let mut told = sore(1.0);
        told.set(fact, Value::YesNo(true)).expect("a fact");
        let file = room.file(&told);
        let plan = room.plan(&file);
        let reason = plan["refused"]["reason"]["en"].as_str().unwrap_or_default();
        assert!(
            reason.starts_with("Not today: ") && !reason.contains("Relief of a tense back"),
            "{fact}: {reason}"
        );
        let out = room.folder.path().join("out").display().to_string();
        let session =
            room.ondol(&["session", "--healthy", "--person", "2", "--told", &file, "--out", &out, "--json"]);
        assert!(session.status.success(), "{fact}");
        let record: Json = serde_json::from_slice(&session.stdout).expect("JSON");
        assert_eq!(record["strokes"], json!([]), "{fact}");
        assert_eq!(record["clearance"]["verdict"], json!("refuse"), "{fact}");
        let reasons = record["clearance"]["reasons"].to_string();
        assert!(reasons.contains(says), "{fact}: {reasons}");
        let report = std::fs::read_to_string(format!("{out}/report.html")).expect("a report");
        assert!(report.contains("You said yes"), "{fact}");
    }
    let bad = room.folder.path().join("bad.json");
    std::fs::write(&bad, "{\"no_such_fact\": true}").expect("written");
    let output = room.ondol(&["plan", "--told", &bad.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no_such_fact"));
}
