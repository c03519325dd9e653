//! The plan of the week and the break reminder as commands.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use care::Findings;
use care::ask::next_screen;
use care::{Kind, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A person with a folder for records.
struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// With an everyday strain kept.
    fn screened() -> Self {
        let room = Self::new();
        room.screen(&everyday());
        room
    }

    fn screen(&self, told: &Findings) {
        let file = self.folder.path().join("answers.json");
        std::fs::write(&file, serde_json::to_string(told).expect("plain data")).expect("written");
        self.good(&["screen", "--keep", "--answers", &file.display().to_string()]);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str], says: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
            .arg("care")
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            // No notification service of whoever runs the tests.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Who needs no input may have ended before it is written.
        let _ = child.stdin.take().expect("an input").write_all(says.as_bytes());
        child.wait_with_output().expect("it ends")
    }

    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn json(&self, arguments: &[&str]) -> Json {
        serde_json::from_str(&self.good(&[arguments, &["--json"]].concat())).expect("JSON")
    }

    /// Refused with one line that says this.
    fn refused(&self, arguments: &[&str], says: &str) {
        let output = self.run(arguments, "");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?} does not say \"{says}\": {text}");
    }
}

/// What an adult with an everyday strain tells.
fn everyday() -> Findings {
    let mut told = Findings::new();
    while let Some(screen) = next_screen(&told) {
        for row in screen.rows {
            let value = match row.kind {
                Kind::YesNo => Value::YesNo(row.id == "moving_changes_it"),
                Kind::Number { .. } if row.id == "age_years" => Value::Number(35.0),
                Kind::Number { min, max, .. } => Value::Number(1.0_f64.clamp(*min, *max)),
                Kind::Choice(options) => Value::Choice(options[0].id.clone()),
                Kind::Many(_) if row.id == "regions" => Value::Many(["lumbar".to_owned()].into()),
                Kind::Many(_) => Value::Many(std::collections::BTreeSet::new()),
            };
            told.set(row.id, value).expect("a fitting answer");
        }
    }
    told
}

#[test]
fn without_kept_answers_it_says_how_to_get_them() {
    Room::new().refused(&["plan"], "ondol care screen --keep");
}

#[test]
fn a_warning_sign_or_a_pregnancy_ends_in_advice_and_no_plan() {
    let room = Room::new();
    let mut told = everyday();
    told.set("saddle_numbness", Value::YesNo(true)).expect("a fact");
    room.screen(&told);
    room.refused(&["plan", "--fits", "none"], "call the emergency number");
    let room = Room::screened();
    let asked = room.run(&["plan", "--json"], "");
    let open = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(open.contains("fever_or_infection") && open.contains("--fits"), "{open}");
    room.refused(&["plan", "--fits", "nothing_like_that"], "is no open question");
    room.refused(&["plan", "--fits", "fever_or_infection"], "ondol care screen --keep");
}

#[test]
fn the_week_is_made_shown_and_ticked() {
    let room = Room::screened();
    let made = room.json(&["plan", "--fits", "none", "--minutes", "10", "--quiet", "mon,Thursday"]);
    let days = made["week"]["days"].as_array().expect("days");
    assert_eq!(days.iter().filter(|day| day.as_array().is_some_and(Vec::is_empty)).count(), 2);
    assert_eq!((&made["over"], &made["today"]), (&json!(false), &json!(1)));
    let text = room.good(&["plan"]);
    assert!(
        text.contains("[ ] 1") && text.contains("This is your first week") && text.contains("(weakly shown)")
    );
    room.good(&["plan", "--quiet", "none"]);
    assert_eq!(room.json(&["plan", "--tick", "1"])["ticked"], json!([{ "day": 1, "item": 1 }]));
    assert!(room.good(&["plan", "--language", "de"]).contains("[x] 1"));
    assert_eq!(room.json(&["plan", "--untick", "1", "--day", "1"])["ticked"], json!([]));
    for (arguments, says) in [
        (&["plan", "--tick", "1", "--day", "2"][..], "has not come yet"),
        (&["plan", "--tick", "99"], "has no item 99"),
        (&["plan", "--day", "1"], "goes with --tick"),
        (&["plan", "--next"], "this week runs until"),
        (&["plan", "--quiet", "someday"], "is no day"),
    ] {
        room.refused(arguments, says);
    }
    for arguments in [["plan", "--minutes", "21"], ["plan", "--day", "8"]] {
        assert_eq!(room.run(&arguments, "").status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn open_questions_are_asked_in_the_terminal_and_stay_open_without_an_answer() {
    let room = Room::screened();
    let asked = room.run(&["plan"], "?\n");
    assert_eq!(asked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("still open"));
    let made = room.run(&["plan"], "0\n");
    assert!(made.status.success() && String::from_utf8_lossy(&made.stdout).contains("[ ] 1"));
}

#[test]
fn the_reminder_runs_until_it_is_told_to_end_and_keeps_its_settings() {
    let room = Room::new();
    let run = room.run(&["breaks", "--every", "45", "--quiet", "22:00-07:00"], "nonsense\na\nb\nq\n");
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for says in ["every 45 minutes", "quiet from 22:00 until 07:00", "Away;", "Next break in", "is off"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let again = room.run(&["breaks"], "q\n");
    assert!(String::from_utf8_lossy(&again.stdout).contains("every 45 minutes"));
    assert_eq!(room.json(&["breaks", "--statistics"]), json!({ "days": {} }));
    assert!(room.good(&["breaks", "--statistics"]).contains("No reminder was given yet"));
    let tried = room.good(&["breaks", "--try"]);
    assert!(tried.contains("sitting for 45 minutes") && tried.contains("in the terminal"), "{tried}");
    for (arguments, says) in [
        (&["breaks", "--every", "4"][..], "choose 5 to 240"),
        (&["breaks", "--quiet", "late"], "22:00-07:00"),
        (&["breaks", "--quiet", "22:00-22:00"], "two different minutes"),
        (&["breaks", "--json"], "--statistics"),
        (&["breaks", "--statistics", "--every", "30"], "only looks"),
    ] {
        room.refused(arguments, says);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_reminder_well() {
    let room = Room::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
        .args(["care", "breaks", "--data"])
        .arg(room.data())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // It answers a key only when it listens, to Ctrl-C as well.
    let mut keys = child.stdin.take().expect("a keyboard");
    keys.write_all(b"a\n").expect("a key");
    let mut shown = BufReader::new(child.stdout.take().expect("a screen"));
    let mut text = String::new();
    while !text.contains("Away;") {
        assert!(shown.read_line(&mut text).expect("text") > 0, "{text}");
    }
    let killed =
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(killed.success());
    shown.read_to_string(&mut text).expect("text");
    drop(keys);
    assert!(child.wait().expect("it ends").success());
    assert!(text.contains("The reminder is off."), "{text}");
}
