//! kill -9 at any moment: a child keeps what a bed's house keeps, its parent kills it, opens what is left, and
//! holds it against what the child had said before it wrote.
//!
//! `ONDOL_KILL_ROUNDS=60 cargo test -p host --test kill -- --nocapture` runs more rounds than the short test.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use bed::{BedConfig, HeatDose, Interval, Report, SpineScan};
use care::Day;
use counts::{Instant, Micrometres, Micros, MilliCem43};
use host::clock::Clocks;
use host::day::Moment;
use host::dose::BedSays;
use host::log::{Header, Keep, LoggedSession, SCHEMA_VERSION, SessionLog};
use host::store::{Brief, Ending, SessionNumber, SessionStanding, Store};

const NAME: &str = "nothing_is_lost_when_the_host_is_killed_at_any_moment";
const PHASES: [&str; 5] = ["session", "scan", "migration", "backup", "people"];
const TODAY: Day = Day(20_779);
/// Records of schema 1 that wait for one child.
const OLD: usize = 60;
/// A bed that is never switched off.
const BOOT: u64 = 77;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[test]
fn nothing_is_lost_when_the_host_is_killed_at_any_moment() -> Outcome {
    if let (Ok(phase), Ok(root)) = (std::env::var("ONDOL_KILL_CHILD"), std::env::var("ONDOL_KILL_ROOT")) {
        return child(&phase, Path::new(&root));
    }
    let rounds = std::env::var("ONDOL_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..rounds {
        let phase = PHASES[round % PHASES.len()];
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = tempfile::tempdir()?;
        if phase == "migration" {
            old_records(place.path())?;
        }
        let said = kill(phase, place.path(), Duration::from_millis(random >> 40 & 0x7f))?;
        *seen.entry(phase).or_default() += 1;
        match phase {
            "session" => {
                check_session(place.path(), &said, (round / PHASES.len()).is_multiple_of(2), &mut seen)?
            }
            "scan" => check_scan(place.path(), &said, &mut seen)?,
            "migration" => check_migration(place.path(), &mut seen)?,
            "backup" => check_backup(place.path(), &said, &mut seen)?,
            _ => check_people(place.path(), &said, &mut seen)?,
        }
    }
    println!("{rounds} rounds of kill -9: {seen:?}");
    assert_eq!(PHASES.iter().map(|phase| seen.get(phase).copied().unwrap_or(0)).sum::<usize>(), rounds);
    Ok(())
}

/// Starts a child, kills it some time after it is ready, and tells what it had said.
fn kill(phase: &str, root: &Path, after: Duration) -> Outcome<Vec<(String, u64)>> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([NAME, "--exact", "--nocapture"])
        .env("ONDOL_KILL_CHILD", phase)
        .env("ONDOL_KILL_ROOT", root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or("the child has no voice")?;
    let mut lines = BufReader::new(out).lines();
    let ready = lines.by_ref().map_while(Result::ok).any(|line| line == "ready");
    assert!(ready, "the child of {phase} did not come so far: {:?}", child.wait()?);
    // What the child says meanwhile has to be read, or it would wait for us.
    let listen = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
    std::thread::sleep(after);
    child.kill()?;
    let status = child.wait()?;
    assert_eq!(status.signal(), Some(9), "the child of {phase} ended by itself: {status}");
    let lines = listen.join().map_err(|_| "the listener failed")?;
    let words = lines.iter().filter_map(|line| line.split_once(' '));
    Ok(words.filter_map(|(word, number)| Some((word.to_owned(), number.parse().ok()?))).collect())
}

fn last(said: &[(String, u64)], word: &str) -> Option<u64> {
    said.iter().rev().find(|(own, _)| own == word).map(|(_, number)| *number)
}

fn child(phase: &str, root: &Path) -> Outcome {
    match phase {
        "session" => keep_sessions(root),
        "scan" => keep_scans(root),
        "migration" => {
            println!("ready");
            for number in 0..OLD {
                Store::open(&root.join(number.to_string()))?.names()?;
            }
            // Everything is done: the parent's blow comes while this stands still.
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
        "backup" => {
            let store = Store::open(&root.join("data"))?;
            for name in ["one", "two", "three"] {
                let record = store.record_or_new(name, TODAY)?;
                fs::write(record.logs()?.join("a.mcap"), vec![7; 300_000])?;
            }
            println!("ready");
            for number in 0.. {
                store.backup(&root.join(format!("copy-{number}")))?;
                println!("copied {number}");
            }
            Ok(())
        }
        _ => {
            let store = Store::open(root)?;
            println!("ready");
            for number in 0.. {
                println!("makes {number}");
                store.record_or_new(&format!("person {number}"), TODAY)?;
                println!("made {number}");
                if number % 3 == 0 {
                    println!("erases {number}");
                    store.erase(&format!("person {number}"))?;
                    println!("erased {number}");
                }
            }
            Ok(())
        }
    }
}

/// A bed that is in its `session`-th session and has given `most`.
fn says(session: u32, most: u64) -> BedSays {
    let mut left = heapless::Vec::from_array([MilliCem43::ZERO; 100]);
    left[50] = MilliCem43::new(u32::try_from(most).unwrap_or(u32::MAX));
    let right = heapless::Vec::from_array([MilliCem43::ZERO; 100]);
    let (origin, pitch) = (Micrometres::new(350_000), Micrometres::new(10_000));
    let dose = HeatDose { session, origin, pitch, left, right, ..HeatDose::default() };
    BedSays { boot: Some(BOOT), dose: Some(dose) }
}

/// The house's moment, so many seconds after it began to count.
fn moment(store: &Store, seconds: u64) -> Outcome<Moment> {
    let utc_s = 20_779 * 86_400 + i64::try_from(seconds)?;
    Ok(store.house()?.moment(&Clocks { utc_s, zone_s: 0, boot: "one".to_owned(), up_s: seconds })?)
}

/// One session after another: reserved, heating up by half a CEM43 a second, ended; each second with its trace.
fn keep_sessions(root: &Path) -> Outcome {
    let store = Store::open(root)?;
    let mut record = store.record_or_new("one", TODAY)?;
    let logs = record.logs()?;
    let mut seconds = 0;
    moment(&store, seconds)?;
    println!("ready");
    for session in 0_u32.. {
        seconds += 1;
        let before = says(session, 0);
        let (number, _) = record.begin_session(&moment(&store, seconds)?, "relief", true, &before)?;
        println!("session {}", number.0);
        let mut log = SessionLog::create(&logs.join(format!("{}.mcap", number.0)), &header()?)?;
        let (mut now, mut dose) = (Instant::START, 0);
        // Every third session goes beyond what a program may spend.
        for _second in 0..if session % 3 == 2 { 70 } else { 7 } {
            seconds += 1;
            dose += 500;
            println!("dose {dose}");
            record.journal(number, &moment(&store, seconds)?, &says(session + 1, dose), &[])?;
            for _cycle in 0..500 {
                now = now.after(Micros::from_millis(2));
                log.write(&Report { now, ..Report::default() })?;
            }
            println!("trace {}", now.micros());
        }
        let ending = Ending { brief: Brief { strokes: 1, ..Brief::default() }, ..Ending::default() };
        record.end_session(number, &moment(&store, seconds)?, &says(session + 1, dose), Some(&ending))?;
        log.finish()?;
    }
    Ok(())
}

/// A scan whose length tells which it is.
fn found(length_mm: f64) -> SpineScan {
    let figure = Interval::normal(length_mm, 4.0);
    SpineScan {
        levels: heapless::Vec::new(),
        length_t1_l5_mm: figure,
        kyphosis_deg: figure,
        lordosis_deg: figure,
        lateral_deviation_mm: figure,
        tension: heapless::Vec::new(),
    }
}

/// One session after another, each with a scan before and one after; what was kept is said once it was.
fn keep_scans(root: &Path) -> Outcome {
    let store = Store::open(root)?;
    let mut record = store.record_or_new("one", TODAY)?;
    let mut seconds = 0;
    moment(&store, seconds)?;
    println!("ready");
    for session in 0_u32.. {
        seconds += 2;
        let (number, _) =
            record.begin_session(&moment(&store, seconds)?, "relief", true, &says(session, 0))?;
        let of = 400 + 2 * u64::from(session);
        let (before, after) = (found(of as f64), found((of + 1) as f64));
        record.keep_scans(number, Some(&before), None, Some("a.mcap"))?;
        println!("found {of}");
        record.journal(number, &moment(&store, seconds + 1)?, &says(session + 1, 7), &[])?;
        record.keep_scans(number, Some(&before), Some(&after), Some("a.mcap"))?;
        println!("found {}", of + 1);
        record.end_session(number, &moment(&store, seconds + 1)?, &says(session + 1, 7), None)?;
    }
    Ok(())
}

fn header() -> Outcome<Header> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../beds/reference.toml");
    let bed: BedConfig = toml::from_str(&fs::read_to_string(path)?)?;
    Ok(Header {
        schema_version: SCHEMA_VERSION,
        ondol_version: "test".to_owned(),
        bed,
        bed_checksum: 1,
        limits_checksum: 2,
        prior_checksum: 3,
        seed: Some(4),
        from_switch_on: true,
        notice: host::NOTICE.to_owned(),
    })
}

/// What the child had said of its last session is charged, by the house itself or by the bed that still runs;
/// its trace is there but for the last second.
fn check_session(
    root: &Path,
    said: &[(String, u64)],
    bed_runs: bool,
    seen: &mut BTreeMap<&str, usize>,
) -> Outcome {
    let store = Store::open(root)?;
    store.check()?;
    let mut record = store.record("one")?;
    let lines = record.sessions()?;
    let Some(number) = last(said, "session") else { return Ok(()) };
    let line = lines.iter().find(|line| line.number.0.cast_unsigned() == number);
    let line = line.ok_or("a session that was reserved is not there")?;
    let since = said.iter().rposition(|(word, _)| word == "session").unwrap_or_default();
    let (dose, trace) = (last(&said[since..], "dose"), last(&said[since..], "trace"));
    let heard = dose.map_or(0.0, |dose| dose as f64 / 1000.0);
    assert!(line.dose_cem43 >= heard, "{} charged, {heard} heard", line.dose_cem43);
    let now = moment(&store, 80_000)?;
    let today = record.history(&now)?;
    assert_eq!(today.sessions_today, Some(u32::try_from(lines.len())?), "each that was reserved counts");
    if line.state == SessionStanding::Open {
        *seen.entry("killed in a session").or_default() += 1;
        let session = u32::try_from(number)?;
        let word = if bed_runs { says(session, dose.unwrap_or(0)) } else { BedSays::default() };
        assert_eq!(record.settle(&now, &word)?, Some(line.number));
        let charged = f64::from(record.session_dose(line.number)?.most().raw()) / 1000.0;
        assert!(charged >= heard, "{charged} settled, {heard} heard");
        if !bed_runs {
            assert!(charged >= 30.0, "{charged} without a word of the bed");
        }
    }
    // One more may have been reserved before the child could say so.
    record.settle(&now, &BedSays::default())?;
    record.begin_session(&now, "relief", true, &BedSays::default())?;
    let mended = store.mend_logs(&Keep::default(), SystemTime::now())?;
    *seen.entry("logs mended").or_default() += mended.len();
    let Some(trace) = trace else { return Ok(()) };
    let log = LoggedSession::open(&record.logs()?.join(format!("{number}.mcap")))?;
    let mut end = 0;
    for cycle in log.cycles() {
        let now = cycle?.now.micros();
        assert_eq!(now, end + 2000, "no cycle is missing");
        end = now;
    }
    assert!(end + 1_000_000 >= trace, "written to {trace} us, there to {end} us");
    assert!(record.session_record(SessionNumber(i64::MAX))?.is_none());
    Ok(())
}

/// Every scan that the child said to be kept is there, whole, and so is the session's log's name; a session that
/// was lost after its scan is settled with it.
fn check_scan(root: &Path, said: &[(String, u64)], seen: &mut BTreeMap<&str, usize>) -> Outcome {
    let store = Store::open(root)?;
    store.check()?;
    let mut record = store.record("one")?;
    if record.settle(&moment(&store, 80_000)?, &BedSays::default())?.is_some() {
        *seen.entry("killed between scans").or_default() += 1;
    }
    for (_, of) in said {
        let number = SessionNumber(i64::try_from((of - 400) / 2 + 1)?);
        let lines = record.sessions()?;
        let line = lines.iter().find(|line| line.number == number).ok_or("a session that was reserved")?;
        let brief = line.brief.as_ref().ok_or("a session with a scan")?;
        let (told, _) = record.session_record(number)?.ok_or("a record")?;
        let (pair, key) =
            if of % 2 == 0 { (brief.length_mm.before, "scan") } else { (brief.length_mm.after, "after") };
        assert_eq!(pair.map(|length| length.value), Some(*of as f64));
        assert_eq!(serde_json::from_value::<SpineScan>(told[key].clone())?, found(*of as f64));
        assert_eq!((brief.log.as_deref(), brief.minutes), (Some("a.mcap"), None));
    }
    Ok(())
}

fn old_records(root: &Path) -> Outcome {
    for number in 0..OLD {
        let folder = root.join(number.to_string()).join("person-old");
        fs::create_dir_all(&folder)?;
        let old = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/records/schema-1.sqlite");
        fs::copy(old, folder.join("record.sqlite"))?;
    }
    Ok(())
}

fn check_migration(root: &Path, seen: &mut BTreeMap<&str, usize>) -> Outcome {
    let file = |number: usize| -> PathBuf { root.join(format!("{number}/person-old/record.sqlite")) };
    // The version stands in the file's head, bytes 60 to 64 (SQLite's file format); a hot journal undoes it.
    let migrated =
        (0..OLD).filter(|number| fs::read(file(*number)).is_ok_and(|bytes| bytes[63] == 2)).count();
    *seen.entry("killed before the last migration").or_default() += usize::from(migrated < OLD);
    for number in 0..OLD {
        let store = Store::open(&root.join(number.to_string()))?;
        let record = store.record("Anna of schema one")?;
        assert_eq!(record.diary()?.days().count(), 3);
        assert_eq!(record.sessions()?.len(), 0);
        store.check()?;
    }
    Ok(())
}

fn check_backup(root: &Path, said: &[(String, u64)], seen: &mut BTreeMap<&str, usize>) -> Outcome {
    let mut whole = 0;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| "a name")?;
        if name.starts_with('.') {
            *seen.entry("half a backup").or_default() += 1;
            continue;
        }
        let store = Store::open(&entry.path())?;
        store.check()?;
        assert_eq!(store.names()?, ["one", "three", "two"], "{name}");
        for person in store.names()? {
            let log = store.record(&person)?.logs()?.join("a.mcap");
            assert_eq!(fs::metadata(log)?.len(), 300_000, "{name}");
        }
        whole += 1;
    }
    let copied = last(said, "copied").map_or(0, |number| number + 1);
    assert!(
        whole > copied,
        "{copied} backups were said to be whole, {whole} stores are there with the source"
    );
    // The next backup clears away what is left of this one.
    let next = root.join(format!("copy-{copied}"));
    if !next.exists() {
        Store::open(&root.join("data"))?.backup(&next)?;
    }
    Ok(())
}

fn check_people(root: &Path, said: &[(String, u64)], seen: &mut BTreeMap<&str, usize>) -> Outcome {
    let half = fs::read_dir(root)?.filter_map(Result::ok);
    let half = half.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b".")).count();
    *seen.entry("somebody half there").or_default() += half;
    let store = Store::open(root)?;
    store.check()?;
    let names = store.names()?;
    for (word, number) in said {
        let there = names.contains(&format!("person {number}"));
        let erases = said.contains(&("erases".to_owned(), *number));
        match word.as_str() {
            "made" if !erases => assert!(there, "person {number} was made"),
            "erased" => assert!(!there, "person {number} was erased"),
            _ => {}
        }
    }
    let leaving = fs::read_dir(root)?.filter_map(Result::ok);
    let leaving =
        leaving.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b".leaving")).count();
    assert_eq!(leaving, 0, "who was being erased is gone after the next start");
    Ok(())
}
