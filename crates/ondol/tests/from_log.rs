//! A scan from its own recording finds what the scan itself found, to the last bit.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn ondol(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ondol"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = ondol(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn refused(folder: &Path, arguments: &[&str], says: &str) {
    let output = ondol(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert!(text.trim().lines().count() == 1 && text.contains(says), "{arguments:?}: {text}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
}

/// What was found: everything but where it comes from.
fn found(value: &Value) -> Vec<&Value> {
    let keys =
        ["levels", "length_t1_l5_mm", "kyphosis_deg", "lordosis_deg", "lateral_deviation_mm", "tension"];
    let found: Vec<_> = keys.iter().map(|key| &value[*key]).collect();
    assert!(found.iter().all(|value| !value.is_null()), "{value}");
    found
}

const TOLD: [&str; 8] = ["--sex", "female", "--stature", "168", "--mass", "66", "--age", "44"];

#[test]
fn a_scan_from_its_log_and_from_its_table_finds_the_same_to_the_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut twin = vec!["scan", "--person", "7", "--json", "--log", "scan.mcap", "--csv", "scan.csv"];
    twin.extend(TOLD);
    let scan = json(folder, &twin);
    let from = |file: &'static str| [&["scan", "--json", "--from-log", file][..], &TOLD[..]].concat();
    let mut again = from("scan.mcap");
    again.extend(["--csv", "again.csv"]);
    let (log, table) = (json(folder, &again), json(folder, &from("scan.csv")));
    assert_eq!(found(&log), found(&scan));
    assert_eq!(found(&table), found(&scan));
    for (value, file) in [(&log, "scan.mcap"), (&table, "scan.csv")] {
        assert_eq!(value["trace"]["file"], file);
        assert_eq!(value["trace"]["scans"], 1);
        assert_eq!(value["trace"]["simulated"], true);
        assert_eq!(value["trace"]["same_belief"], true);
        assert_eq!(value["about"]["stature_mm"], 1680.0);
        assert!(value.get("truth").is_none() && value["notice"] == scan["notice"], "{value}");
    }
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a table");
    assert_eq!(read("scan.csv"), read("again.csv"));

    // Of whom nothing is told, the answer begins from the population, and says so.
    let unknown = json(folder, &["scan", "--json", "--from-log", "scan.mcap"]);
    assert_eq!(unknown["trace"]["same_belief"], false);
    assert!(unknown["about"]["sex"].is_null() && found(&unknown) != found(&scan));
    let spoken = ondol(folder, &["scan", "--from-log", "scan.mcap", "--language", "de"]);
    let spoken = String::from_utf8_lossy(&spoken.stdout);
    assert!(spoken.contains("Abtasten 1 von 1") && spoken.contains("Vorwissen"), "{spoken}");

    // What cannot be taken says why, and leaves nothing behind.
    refused(folder, &["scan", "--from-log", "scan.mcap", "--nth", "2"], "there is no scan 2");
    refused(folder, &["scan", "--from-log", "scan.csv", "--nth", "2"], "one scan");
    refused(folder, &["scan", "--from-log", "scan.mcap", "--bed", "bed.toml"], "carries its bed");
    refused(folder, &["scan", "--from-log", "scan.csv", "--stature", "300"], "300");
    refused(folder, &["scan", "--from-log", "scan.csv", "--leave-out", "nobody"], "nobody");
    let text = String::from_utf8(read("scan.csv")).expect("text");
    let line = text.lines().nth(9000).expect("a long scan");
    let broken = text.replace(line, &line.replacen(',', ",9", 1));
    std::fs::write(folder.join("broken.csv"), broken).expect("a file");
    refused(folder, &["scan", "--from-log", "broken.csv", "--csv", "left.csv"], "line 9001, column carriage");
    assert!(!folder.join("left.csv").exists() && !folder.join("left.csv.part").exists());
    let bytes = read("scan.mcap");
    std::fs::write(folder.join("cut.mcap"), &bytes[..bytes.len() / 2]).expect("a file");
    refused(folder, &["scan", "--from-log", "cut.mcap"], "not a complete session log");
}

#[test]
fn the_log_of_a_session_gives_the_sessions_own_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut session =
        vec!["session", "--person", "9", "--healthy", "--minutes", "6", "--out", "out", "--json"];
    session.extend(TOLD);
    let record = json(folder, &session);
    assert!(!record["scan"].is_null(), "no scan: {}", record["ended"]);
    // Who was asked to move was scanned again, and that scan is the session's.
    let nth = if record["moved_mm"].is_null() { "1" } else { "2" };
    let mut again = vec!["scan", "--from-log", "out/session.mcap", "--nth", nth, "--json"];
    again.extend(TOLD);
    assert_eq!(found(&json(folder, &again)), found(&record["scan"]));
}
