//! The model for another engine, and what is refused before anything is written.

use std::path::Path;
use std::process::{Command, Output};

fn export(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ondol"))
        .current_dir(folder)
        .args(["export", "mjcf"])
        .args(arguments)
        .output()
        .expect("the program starts")
}

#[test]
fn model_and_prediction_stand_beside_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        export(folder.path(), &["--person", "3", "--level", "T8", "--force", "40", "--out", "t.xml"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let model = std::fs::read_to_string(folder.path().join("t.xml")).expect("a model");
    assert!(
        model.starts_with("<mujoco") && model.contains(host::NOTICE) && model.contains("T8, tissue relaxed")
    );
    let text = std::fs::read_to_string(folder.path().join("t.json")).expect("a prediction");
    let told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(told["level"], "T8");
    for row in told["prediction"]["deflection"].as_array().expect("rows") {
        let node = row["node"].as_str().expect("a name");
        assert!(model.contains(&format!("<body name=\"{node}\"")), "{node}");
    }
    assert_eq!(told["prediction"]["frequencies_hz"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_cannot_be_exported_is_refused_and_leaves_nothing() {
    for (arguments, says) in [
        (vec!["--out", "t.json"], "name the model .xml"),
        (vec!["--out", "t.xml", "--level", "L9"], "not a level"),
        (vec!["--out", "t.xml", "--level", "L6"], "there are T1 to L5"),
        (vec!["--out", "t.xml", "--force", "900"], "allowed is 10 to 200 N"),
        (vec!["--out", "nowhere/t.xml"], "nowhere/t.json"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let output = export(folder.path(), &arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "{arguments:?}");
    }
}
