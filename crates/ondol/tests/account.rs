//! `ondol account` as it is used.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PHRASE: &str = "river anvil planted moth";

fn ondol(folder: &Path, words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
        .args(words)
        .arg("--data")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    // A command that asks for nothing may have ended before it is told.
    let told = child.stdin.take().expect("an input").write_all(input.as_bytes());
    assert!(told.is_ok() || input.is_empty(), "{told:?}");
    child.wait_with_output().expect("ended")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_first_account_is_made_listed_given_a_token_and_removed_and_the_log_tells() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str], input: &str| ondol(folder.path(), words, input);
    assert!(said(&run(&["account", "list"], "")).contains("Nobody yet"));
    let service = ["--role", "service", "--name", "workshop"];
    let add = [&["account", "add"][..], &service].concat();
    let (code, words) = refused(&run(&add, "short\n"));
    assert_eq!(code, Some(2));
    assert!(words.contains("10 to 128 characters") && !words.contains("short"), "{words}");
    assert!(said(&run(&add, &format!("{PHRASE}\n"))).contains("Added service"));
    let (code, words) = refused(&run(&add, &format!("{PHRASE}\n")));
    assert!(code == Some(2) && words.contains("ondol account reset"), "{words}");
    assert!(said(&run(&["account", "list"], "")).contains("service    passphrase  workshop"));

    let token = said(&run(&[&["account", "token", "add", "--scope", "stop"][..], &service].concat(), ""));
    let text = token.lines().next().expect("a token").to_owned();
    assert!(text.starts_with("ondol_"), "{token}");
    let listed = said(&run(&["account", "token", "list"], ""));
    assert!(listed.contains("stop") && !listed.contains(&text), "{listed}");
    let id = listed.split(' ').next().expect("an id");
    assert!(said(&run(&["account", "token", "revoke", id], "")).contains("worthless"));
    assert_eq!(refused(&run(&["account", "token", "revoke", id], "")).0, Some(2));

    said(&run(&[&["account", "reset"][..], &service].concat(), "another planted phrase\n"));
    said(&run(&[&["account", "remove"][..], &service].concat(), ""));
    let log = said(&run(&["account", "audit"], ""));
    for deed in ["add account", "add token", "revoke token", "reset account", "remove account"] {
        assert!(log.contains(&format!("done console: {deed}")), "{deed}: {log}");
    }
    assert!(said(&run(&["account", "audit", "--check"], "")).contains("whole: 5 rows"));
    let bytes = std::fs::read(folder.path().join(host::accounts::FILE)).expect("the file");
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds(PHRASE) && !holds(&text) && !holds("another planted phrase"));
}

#[test]
fn a_forgotten_pin_is_taken_away_on_the_computer_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str], input: &str| ondol(folder.path(), words, input);
    let store = host::store::Store::open(folder.path()).expect("a store");
    store.record_or_new("Ann", care::Day(20_000)).expect("a record");
    let ann = ["account", "reset", "--role", "person", "--name", "Ann"];
    assert!(said(&run(&["account", "list"], "")).contains("no PIN      Ann"));
    let (code, words) = refused(&run(&[&ann[..], &["--pin"]].concat(), "1234\n"));
    assert!(code == Some(2) && words.contains("first that anybody tries"), "{words}");
    said(&run(&[&ann[..], &["--pin"]].concat(), "8024\n"));
    assert!(said(&run(&["account", "list"], "")).contains("PIN         Ann"));
    assert!(said(&run(&ann, "")).contains("has no PIN now"));
    let (code, words) = refused(&run(&["account", "reset", "--role", "person", "--name", "Bo"], ""));
    assert!(code == Some(2) && words.contains("nobody is called \"Bo\""), "{words}");
    let (code, _) = refused(&run(&["account", "add", "--role", "person", "--name", "Bo"], "8024\n"));
    assert_eq!(code, Some(2));
}
