//! Good sessions are not disturbed: every shipped program comes to its end without a fault, on every bed
//! whose scan can tell left from right, and the log replays.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const PROGRAMS: [&str; 6] = ["first-time", "relief", "deep", "stretch", "warm", "sleep"];

fn ondol(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ondol")).args(arguments).output().expect("the program starts")
}

/// Gives one session to a drawn person and tells its record.
fn session(folder: &Path, bed: &str, program: &str) -> Value {
    let bed = format!("{}/../../beds/{bed}.toml", env!("CARGO_MANIFEST_DIR"));
    let out = folder.to_str().expect("a path in letters");
    let who = ["session", "--healthy", "--person", "2", "--seed", "2"];
    let how = ["--program", program, "--bed", &bed, "--out", out];
    let output = ondol(&[&who[..], &how[..]].concat());
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(folder.join("session.json")).expect("a record");
    serde_json::from_str(&text).expect("JSON")
}

fn check(bed: &str, programs: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    for program in programs {
        let record = session(folder.path(), bed, program);
        let case = format!("{program} on {bed}");
        assert_eq!(record["ended"]["how"], "complete", "{case}: {}", record["ended"]);
        assert_eq!(record["faults"].as_array().map(Vec::len), Some(0), "{case}: {}", record["faults"]);
        let steps = record["plan"]["steps"].as_array().expect("a plan").len();
        assert_eq!(record["strokes"].as_array().map(Vec::len), Some(steps), "{case}: strokes are missing");
        let planned = record["plan"]["totals"]["session_seconds"].as_f64().expect("seconds");
        let given = record["duration_s"].as_f64().expect("seconds");
        assert!((given - planned).abs() < 0.2 * planned, "{case}: {given} s given, {planned} s planned");
    }
}

#[test]
fn every_program_on_the_reference_bed_ends_complete_without_a_fault() {
    check("reference", &PROGRAMS);
}

#[test]
fn programs_of_each_kind_of_stroke_end_complete_with_two_carriages() {
    check("two-carriages", &["relief", "stretch"]);
}

#[test]
fn a_session_replays_bit_for_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    session(folder.path(), "reference", "first-time");
    let log = folder.path().join("session.mcap");
    let output = ondol(&["replay", log.to_str().expect("a path in letters")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn without_load_cells_the_scan_answers_and_nothing_is_pressed_beside_the_midline() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = session(folder.path(), "coupled", "relief");
    assert_eq!(record["faults"].as_array().map(Vec::len), Some(0), "{}", record["faults"]);
    let levels = record["scan"]["levels"].as_array().expect("the scan answers");
    assert_eq!(levels.len(), 17);
    assert_eq!(record["scan"]["tension"], serde_json::json!([]), "the motor current speaks of tension");
    let text = std::fs::read_to_string(folder.path().join("truth.json")).expect("the truth");
    let truth: Value = serde_json::from_str(&text).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    for (level, truth) in levels.iter().zip(truth["levels"].as_array().expect("levels")) {
        for (place, sd) in [("x_mm", "sd_x_mm"), ("y_mm", "sd_y_mm"), ("z_mm", "sd_z_mm")] {
            let off = (number(&level[place]) - number(&truth[place])).abs();
            assert!(off < 3.0 * number(&level[sd]), "{place} is {off} off: {level}");
        }
    }
    // One lift for both heads cannot feel left from right: sideways no level is surely within 12 mm.
    assert_eq!(record["ended"]["how"], "plan_refused", "{}", record["ended"]);
    let refusal = &record["refusal"];
    let way_out = refusal["way_out"]["en"].as_str().expect("words");
    assert!(way_out.contains("cannot feel left from right"), "{refusal}");
    assert!(refusal["words"]["de"].is_string(), "{refusal}");
    assert_eq!(record["strokes"], serde_json::json!([]), "strokes beside the midline");
}
