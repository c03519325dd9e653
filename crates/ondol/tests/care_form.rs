//! Forms of clinics as a command: listed, filled from a file or in a talk, refused where they cannot be used.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fhir::Questionnaire;
use serde_json::{Value, json};

const OURS: &str = include_str!("../../fhir/forms/back-today.json");

fn ondol(folder: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
        .current_dir(folder)
        .args(["care", "form"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refused its file reads nothing.
    let _ = child.stdin.take().expect("an input").write_all(typed.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn good(folder: &Path, arguments: &[&str], typed: &str) -> String {
    let output = ondol(folder, arguments, typed);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(folder: &Path, arguments: &[&str], says: &str) {
    let output = ondol(folder, arguments, "");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
    assert!(text.contains(says), "{arguments:?} does not say \"{says}\": {text}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file is written");
}

/// The forms of others that lie beside the project, by path.
fn foreign() -> Vec<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ONDOL_DATA").map_or(beside, Into::into).join("care/questionnaires");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no shared data");
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths
}

#[test]
fn a_form_is_listed_and_filled_from_a_file_and_its_sheet_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "form.json", OURS);
    let list = good(here, &["--list", "form.json"], "");
    for words in
        ["My back today", "pain: How strong", "[integer, required]", "if pain >= 4 or spasm = yes", "- worse"]
    {
        assert!(list.contains(words), "{words}: {list}");
    }
    let answers = json!({
        "pain": 4, "spasm": true, "cramp.began": "2026-11-20", "cramp.where": ["neck", "place-buttock"],
        "cramp.hours": 1.5, "better": "worse", "notes": null
    });
    write(here, "answers.json", &answers.to_string());
    let line = good(here, &["form.json", "--answers", "answers.json", "--out", "sheet.json"], "");
    assert!(line.contains("sheet.json") && line.contains("completed"), "{line}");
    let sheet = std::fs::read_to_string(here.join("sheet.json")).expect("the sheet");
    let form = Questionnaire::parse(OURS).expect("our form");
    let read = form.read_response(&sheet).expect("its sheet");
    assert_eq!(read.given("cramp.where").len(), 2);
    // The sheet itself can be given as answers, and comes back as it was.
    let again = good(here, &["form.json", "--answers", "sheet.json"], "");
    assert_eq!(again, sheet);
    refused(here, &["form.json", "--answers", "answers.json", "--out", "sheet.json"], "name a new file");
}

#[test]
fn answers_that_do_not_fit_are_refused_in_one_line_and_what_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "form.json", OURS);
    for (answers, says) in [
        (json!({ "pain": 11 }), "must be at most 10"),
        (json!({ "pain": "strong" }), "wants a whole number"),
        (json!({ "pian": 4 }), "\"pian\": there is no such question"),
        (json!({ "pain": 4, "spasm": false, "cramp.hours": 2 }), "\"cramp.hours\": is not asked"),
        (json!({ "pain": 4, "better": "purple" }), "has no option"),
        (json!({ "pain": [4, 5] }), "takes one answer"),
        (json!([4]), "linkId"),
    ] {
        write(here, "answers.json", &answers.to_string());
        refused(here, &["form.json", "--answers", "answers.json", "--out", "sheet.json"], says);
        assert!(!here.join("sheet.json").exists());
    }
    refused(here, &["form.json", "--answers", "gone.json"], "cannot be read");
    refused(here, &["form.json", "--json"], "give --answers");
    write(here, "answers.json", "{ \"pain\": 4 }");
    let told: Value =
        serde_json::from_str(&good(here, &["form.json", "--answers", "answers.json", "--json"], ""))
            .expect("JSON");
    assert_eq!((&told["status"], &told["missing"]), (&"in-progress".into(), &json!(["spasm"])));
}

#[test]
fn a_talk_ends_in_a_sheet_that_alone_stands_in_the_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "form.json", OURS);
    let sheet = good(here, &["form.json"], "2\nno\n7\n?\n\n");
    let sheet: Value = serde_json::from_str(&sheet).expect("JSON alone");
    assert_eq!((&sheet["status"], &sheet["item"][2]["linkId"]), (&"completed".into(), &"roland".into()));
}

#[test]
fn what_is_no_form_that_can_be_used_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let item = |kind: &str| {
        let item = json!([{ "linkId": "a", "type": kind }]);
        json!({ "resourceType": "Questionnaire", "status": "draft", "item": item }).to_string()
    };
    let cases = [
        ("patient.json", "{\"resourceType\": \"Patient\"}".to_owned(), "give a Questionnaire of FHIR R4"),
        ("none.json", "{}".to_owned(), "no FHIR resource"),
        ("r5.json", item("coding"), "FHIR R5; save the form as R4"),
        ("broken.json", item("purple"), "mend the form"),
        ("truncated.json", OURS[..OURS.len() / 2].to_owned(), "save the whole form as JSON again"),
        ("empty.json", String::new(), "is no JSON"),
        ("xml.json", "<Questionnaire/>".to_owned(), "is no JSON"),
        ("display.json", item("display"), "asks nothing"),
        ("deep.json", "[".repeat(100_000), "is no JSON"),
        ("huge.json", " ".repeat(20_000_001), "a form has at most"),
    ];
    for (name, text, says) in &cases {
        write(here, name, text);
        refused(here, &[name], says);
        refused(here, &["--list", name], says);
    }
    std::fs::write(here.join("latin.json"), b"{\"a\": \"\xfc\"}").expect("a file");
    refused(here, &["latin.json"], "UTF-8");
    refused(here, &["gone.json"], "cannot be read");
}

#[test]
fn a_total_that_the_form_would_compute_is_not_computed_and_this_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
    let expression = json!({ "language": "text/fhirpath", "expression": "1 + 1" });
    let form = json!({ "resourceType": "Questionnaire", "status": "draft", "item": [
        { "linkId": "a", "type": "integer", "text": "One" },
        { "linkId": "total", "type": "integer", "readOnly": true,
          "extension": [{ "url": url, "valueExpression": expression }] },
    ]});
    write(here, "form.json", &form.to_string());
    let output = ondol(here, &["form.json"], "1\n");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("\"total\": sdc-questionnaire-calculatedExpression is not evaluated here"),
        "{said}"
    );
    let sheet: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(sheet["item"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_form_that_lies_beside_the_project_is_filled_in_a_talk_and_its_sheet_fits_the_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    for path in foreign() {
        let text = std::fs::read_to_string(&path).expect("a form");
        let form = Questionnaire::parse(&text).expect("a form of R4");
        let path = path.to_str().expect("a path");
        assert!(good(here, &["--list", path], "").lines().count() > form.items().count());
        // "1" is an option of every list, and a number.
        let sheet = good(here, &[path], &"1\n".repeat(40));
        let read = form.read_response(&sheet).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(read.missing().len(), 0, "{path}");
        if let Some(out) = std::env::var_os("ONDOL_SHEETS") {
            let name = Path::new(path).file_name().expect("a name");
            std::fs::write(Path::new(&out).join(name), &sheet).expect("a file is written");
        }
    }
}
