//! Bad input gets one clear line with the way out, exit code 2, and leaves nothing half written. Nobody who stops
//! reading gets a complaint.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn ondol(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ondol"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// Runs with bad input and checks everything that is promised; `says` must stand in the one line.
fn check(folder: &Path, arguments: &[&str], says: &str) {
    let before = entries(folder);
    let output = ondol(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
    assert!(text.contains(says), "{arguments:?} does not say \"{says}\": {text}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    assert_eq!(entries(folder), before, "{arguments:?} left something behind");
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// A straight regular spine in the format of keypoints; `scale` is the size of a millimetre, `axis` the
/// coordinate along the spine.
fn spine(scale: f64, axis: usize) -> String {
    let levels = [
        "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4",
        "L5",
    ];
    let mut text = String::from("[");
    for (index, level) in levels.iter().enumerate() {
        let mut at = [0.0, 0.0, 0.0];
        at[axis] = -27.0 * index as f64 * scale;
        let separator = if index == 0 { "" } else { "," };
        write!(
            text,
            "{separator}{{\"coordinates\":{{\"world_space\":[{},{},{}]}},\"type\":{{\"spine_level\":\"{level}\",\"keypoint_type\":\"body\"}}}}",
            at[0], at[1], at[2]
        )
        .expect("a string takes text");
    }
    text + "]"
}

#[test]
fn every_bad_spine_file_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = spine(1.0, 2);
    let cases: [(&str, String, &str); 8] = [
        ("malformed.json", "[{\"coordinates\": oops".to_owned(), "whole JSON"),
        ("truncated.json", whole[..whole.len() / 2].to_owned(), "whole JSON"),
        ("empty.json", String::new(), "is empty"),
        ("huge.json", " ".repeat(6_000_000), "at most"),
        ("metres.json", spine(0.001, 2), "look like m"),
        ("axis.json", spine(1.0, 0), "axis.json"),
        ("object.json", "{\"spine\": 1}".to_owned(), "no list"),
        ("voxels.json", voxels(), "voxels"),
    ];
    for (name, text, _) in &cases {
        std::fs::write(folder.path().join(name), text).expect("a file is written");
    }
    for (name, _, says) in &cases {
        check(folder.path(), &["session", "--spine", name, "--out", "report"], says);
        check(folder.path(), &["scan", "--spine", name, "--json"], says);
    }
    check(folder.path(), &["scan", "--spine", "missing.json"], "cannot be read");
}

/// Centroids that were saved as voxel indices without their spacing.
fn voxels() -> String {
    let rows: Vec<String> = (0..17)
        .map(|index| {
            format!("{{\"label\": {}, \"X\": 80.0, \"Y\": {}.0, \"Z\": 60.0}}", index + 8, 10 * index)
        })
        .collect();
    format!("[{{\"direction\": [\"P\", \"I\", \"R\"]}}, {}]", rows.join(", "))
}

#[test]
fn a_good_spine_in_the_same_format_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("good.json"), spine(1.0, 2)).expect("a file is written");
    let output = ondol(folder.path(), &["scan", "--spine", "good.json", "--json", "--truth"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let truth = value["truth"]["length_t1_l5_mm"].as_f64().expect("the truth's length");
    assert!((truth - 432.0).abs() < 15.0, "a chain of 16 gaps of 27 mm lies {truth} mm long");
}

#[test]
fn every_bad_bed_and_program_file_names_file_and_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let bed = include_str!("../../../beds/reference.toml");
    let program = include_str!("../../../programs/warm.toml");
    let cases = [
        ("unknown.toml", bed.replace("neck_line_mm", "neck_lime_mm"), "neck_lime_mm"),
        ("missing.toml", bed.replace("version = 1\n", ""), "version"),
        ("range.toml", bed.replace("stroke_mm = 100.0", "stroke_mm = 1000.0"), "allowed is 40 to 200"),
        ("hot.toml", bed.replace("surface_max_c = 49.0", "surface_max_c = 55.0"), "allowed is 30 to 49"),
        ("narrow.toml", bed.replace("across_mm = 700.0", "across_mm = 70.0"), "allowed is 400 to 1200"),
        ("blind.toml", bed.replace("across_mm = 700.0\n", ""), "across_mm"),
        ("notabed.toml", "hello".to_owned(), "line 1"),
    ];
    for (name, text, says) in cases {
        std::fs::write(folder.path().join(name), text).expect("a file is written");
        check(folder.path(), &["bed", "check", name], says);
        check(folder.path(), &["session", "--bed", name, "--out", "report"], says);
    }
    let unknown = format!("{program}\nsurprise = 1\n");
    std::fs::write(folder.path().join("program.toml"), unknown).expect("a file is written");
    check(folder.path(), &["session", "--program", "program.toml", "--out", "report"], "program.toml");
    check(folder.path(), &["session", "--program", "releif", "--out", "report"], "relief");
    check(folder.path(), &["session", "--program", "gone.toml", "--out", "report"], "cannot be read");
}

#[test]
fn impossible_people_are_refused_with_the_range() {
    let folder = tempfile::tempdir().expect("a folder");
    check(folder.path(), &["session", "--stature", "230"], "1980");
    check(folder.path(), &["session", "--stature", "1.72"], "1500");
    check(folder.path(), &["session", "--mass", "400"], "135");
    check(folder.path(), &["session", "--mass", "NaN"], "NaN");
    check(folder.path(), &["session", "--age", "12"], "18");
    check(folder.path(), &["person", "--count", "0"], "1 to");
}

#[test]
fn a_broken_log_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("log.mcap"), b"not a log").expect("a file is written");
    check(folder.path(), &["replay", "log.mcap"], "not a complete session log");
    check(folder.path(), &["replay", "gone.mcap"], "cannot read");
}

#[cfg(unix)]
#[test]
fn a_command_whose_reader_has_gone_ends_quietly_as_other_tools_do() {
    let commands: [&[&str]; 6] = [
        &[],
        &["plan", "--json"],
        &["person", "--json"],
        &["care", "relief", "--json"],
        &["completions", "bash"],
        &["bed", "check", "../../beds/reference.toml"],
    ];
    for words in commands {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output =
            Command::new(env!("CARGO_BIN_EXE_ondol")).args(words).stdout(writer).output().expect("ended");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
        assert_eq!(output.status.code(), Some(141), "{words:?}: as after SIGPIPE");
    }
}
