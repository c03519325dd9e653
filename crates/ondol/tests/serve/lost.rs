//! What stays of a session whose host was killed.

use crate::house::House;
use host::log::LoggedSession;
use host::store::{SessionStanding, Store};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn a_host_that_is_killed_after_the_scan_leaves_the_scan_and_a_whole_log() {
    let mut house = House::with(&["Ann"], 4.0);
    let ann = house.person("Ann");
    house.post("/api/v1/session", &ann, &json!({ "program": "first-time" }));
    house.post("/api/v1/twin", &ann, &json!({ "act": "LieDown" }));
    house.until_for("the hand switch", &ann, |picture| picture["live"]["phase"] == "waiting_switch");
    house.post("/api/v1/twin", &ann, &json!({ "act": "PressHandSwitch" }));
    house.until_for("the proposal", &ann, |picture| picture["proposal"].is_number());
    let proposed = house.get("/api/v1/session/proposal", &ann);
    house.killed_and_started(4.0);
    let store = Store::open(house.folder.path()).expect("a store");
    let record = store.record("Ann").expect("a record");
    let end = Instant::now() + Duration::from_secs(30);
    let line = loop {
        let line = record.sessions().expect("sessions").remove(0);
        if line.state == SessionStanding::Settled {
            break line;
        }
        assert!(Instant::now() < end, "never settled: {line:?}");
        std::thread::sleep(Duration::from_millis(200));
    };
    let brief = line.brief.expect("what the scan found");
    let (told, report) = record.session_record(line.number).expect("readable").expect("a scan");
    let length = &told["scan"]["length_t1_l5_mm"];
    assert!(length.is_object() && report.is_none(), "{told}");
    assert_eq!(brief.length_mm.before.map(|found| found.value), length["value"].as_f64());
    assert!(proposed.code == 200 && proposed.text.contains(&length["value"].to_string()), "{proposed:?}");
    let folder = record.logs().expect("a folder");
    let path = folder.join(brief.log.expect("a log"));
    let log = LoggedSession::open(&path).expect("a whole log");
    let cycles = log.cycles().filter(Result::is_ok).count();
    assert!(cycles > 30 * 500, "more than half a minute of scan, not {cycles} cycles");
    let (code, words) = replay(&path);
    assert!(code == Some(2) && words.contains("the bed was on before it begins"), "{words}");
    let beds = std::fs::read_dir(house.folder.path().join("bed")).expect("the bed's folder");
    let beds: Vec<PathBuf> =
        beds.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_log(path)).collect();
    assert_eq!(beds.len(), 1, "{beds:?}");
    let (code, words) = replay(&beds[0]);
    assert!(code == Some(0) && words.contains("Same, bit for bit"), "{words}");
    let parts = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    assert_eq!(parts.filter(|entry| entry.file_name().to_string_lossy().ends_with(".part")).count(), 0);
}

fn is_log(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "mcap")
}

/// What `ondol replay` says of a log.
fn replay(log: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ondol")).arg("replay").arg(log).output().expect("ended");
    let words = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&words).into_owned())
}
