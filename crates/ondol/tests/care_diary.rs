//! The diary as commands: written, changed, carried away, brought back and erased.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use care::diary::{Diary, from_csv};
use serde_json::Value;
use tempfile::TempDir;

const NAME: &str = "Planted Name 7391";

/// A person on a computer of their own: a folder for records, one for temporary files, one to work in.
struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["data", "temporary", "work"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        Self { folder }
    }

    fn path(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ondol"))
            .current_dir(self.path("work"))
            .env("TMPDIR", self.path("temporary"))
            .env("SQLITE_TMPDIR", self.path("temporary"))
            .arg("care")
            .args(arguments)
            .args(["--name", NAME, "--data"])
            .arg(self.path("data"))
            .output()
            .expect("the program starts")
    }

    /// Runs what works, and returns what it printed.
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        serde_json::from_str(&self.good(&arguments)).expect("JSON")
    }

    /// Runs what must be refused with one line that says this, and changes nothing.
    fn refused(&self, arguments: &[&str], says: &str) {
        let before = everything(self.folder.path());
        let output = self.run(arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?} does not say \"{says}\": {text}");
        assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
        assert_eq!(everything(self.folder.path()), before, "{arguments:?} left something behind");
    }

    fn diary(&self) -> Diary {
        from_csv(&self.good(&["export"])).expect("its own text")
    }
}

/// Every file below a folder with what is in it.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// Files below a folder whose name or content holds a text.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let holds = |(path, bytes): &(PathBuf, Vec<u8>)| {
        let name = path.to_string_lossy().contains(text);
        name || bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    everything(folder).into_iter().filter(holds).map(|(path, _)| path).collect()
}

#[test]
fn what_is_written_is_listed_corrected_withdrawn_and_brought_back() {
    let room = Room::new();
    assert!(room.good(&["diary"]).contains("Nothing is written down yet"));
    let day = [
        "diary",
        "day",
        "--pain",
        "4",
        "--sleep",
        "7h30",
        "--sitting",
        "6h",
        "--strain",
        "lifting=yes",
        "--strain",
        "a=b=no",
        "--note",
        "- stiff",
    ];
    assert_eq!(room.json(&day)["item"], 0);
    room.good(&[
        "diary",
        "episode",
        "--pain",
        "8",
        "--place",
        "lower_back",
        "--place",
        "calf",
        "--radiating",
        "yes",
        "--set-off-by",
        "lifting",
    ]);
    room.good(&[
        "diary",
        "session",
        "--program",
        "relief",
        "--minutes",
        "20min",
        "--before",
        "5",
        "--after",
        "3",
    ]);
    room.good(&["diary", "roland", "12", "--date", "2026-01-05"]);
    room.good(&["diary", "roland", "7"]);
    let items = room.json(&["diary"]);
    assert_eq!(items["items"].as_array().map(Vec::len), Some(5));
    let diary = room.diary();
    let (_, told) = diary.days().next().expect("the day");
    assert_eq!(
        (told.pain.map(u8::from), told.sleep_min, told.sitting_min, &*told.notes),
        (Some(4), Some(450), Some(360), "- stiff")
    );
    assert_eq!(
        told.strains.clone().into_iter().collect::<Vec<_>>(),
        [("a=b".to_owned(), false), ("lifting".to_owned(), true)]
    );

    let line = room.good(&[
        "diary",
        "correct",
        "0",
        "--sleep",
        "6h",
        "--sitting",
        "none",
        "--strain",
        "a=b=yes",
        "--strain",
        "lifting=none",
    ]);
    assert!(line.contains("slept 6 h") && line.contains("yes: a=b") && !line.contains("sat"), "{line}");
    let line = room.good(&["diary", "undo", "0", "--language", "de"]);
    assert!(line.contains("geschlafen 7 h 30") && line.contains("Schweres gehoben"), "{line}");
    assert!(room.good(&["diary", "withdraw", "1"]).contains("withdrawn"));
    assert_eq!(room.diary().episodes().count(), 0);
    room.refused(&["diary", "correct", "1", "--pain", "3"], "diary undo 1");
    assert!(room.good(&["diary", "undo", "1"]).contains("pain 8"));
    assert_eq!(room.json(&["diary", "course"])["roland"]["reading"], "better");
    assert!(room.good(&["diary", "course"]).contains("not enough yet"));
    assert!(room.good(&["diary", "goes-with"]).contains("Not enough yet: 1 of 10 episodes"));
}

#[test]
fn what_cannot_be_is_refused_in_one_line_with_the_way_out() {
    let room = Room::new();
    room.good(&["diary", "day", "--pain", "4"]);
    let cases: [(&[&str], &str); 22] = [
        (&["diary", "day"], "already in the diary: `ondol care diary correct 0`"),
        (
            &["diary", "day", "--date", "2026-01-01", "--pain", "11"],
            "--pain: Please give a whole number from 0 to 10",
        ),
        (&["diary", "day", "--date", "2026-01-01", "--stress", "-1"], "--stress"),
        (&["diary", "day", "--date", "9999-01-01"], "has not come"),
        (&["diary", "day", "--date", "22.11.2026"], "year-month-day"),
        (&["diary", "day", "--date", "2026-01-01", "--sleep", "7"], "Write 7h or 7min"),
        (&["diary", "day", "--date", "2026-01-01", "--sleep", "25h"], "--sleep"),
        (&["diary", "day", "--date", "2026-01-01", "--strain", "lifting"], "NAME=yes"),
        (&["diary", "day", "--date", "2026-01-01", "--strain", "lifting=maybe"], "yes or no"),
        (&["diary", "episode"], "--pain: is missing"),
        (&["diary", "episode", "--pain", "5", "--place", "wing"], "lower_back"),
        (&["diary", "episode", "--pain", "5", "--radiating", "a bit"], "yes or no"),
        (
            &["diary", "episode", "--pain", "5", "--from", "2026-02-02", "--to", "2026-02-01"],
            "--to: The last day",
        ),
        (&["diary", "session", "--minutes", "20"], "--program"),
        (&["diary", "session", "--program", "x"], "--minutes"),
        (&["diary", "roland", "25"], "0 to 24"),
        (&["diary", "correct", "0", "--minutes", "5"], "has no --minutes"),
        (&["diary", "correct", "0"], "name what to change"),
        (&["diary", "correct", "9", "--pain", "1"], "there is no item 9"),
        (&["diary", "withdraw", "first"], "is no item"),
        (&["diary", "undo", "0"], "never changed"),
        (&["erase"], "--yes"),
    ];
    for (arguments, says) in cases {
        room.refused(arguments, says);
    }
    let stranger = Room::new();
    stranger.refused(&["export"], "nobody is called");
    stranger.refused(&["diary", "undo", "0"], "there is no item 0");
}

#[test]
fn a_copy_comes_back_whole_and_a_spreadsheet_finds_no_formula_in_it() {
    let room = Room::new();
    let note = "=HYPERLINK(\"x\")\nsecond line, \"quoted\"";
    room.good(&["diary", "day", "--pain", "4", "--strain", "@work=yes", "--note", note]);
    room.good(&["diary", "session", "--program=-slow", "--minutes", "20min"]);
    room.good(&["diary", "correct", "0", "--pain", "5"]);
    room.good(&["export", "--out", "copy.csv"]);
    let text = std::fs::read_to_string(room.path("work/copy.csv")).expect("the copy");
    for start in ["=", "+", "-", "@"] {
        assert!(
            !text.contains(&format!(",{start}")) && !text.contains(&format!(",\"{start}")),
            "{start} in {text}"
        );
    }
    room.refused(&["export", "--out", "copy.csv"], "name a new file");

    let other = Room::new();
    let copy = room.path("work/copy.csv");
    let copy = copy.to_str().expect("a path");
    assert_eq!(other.json(&["import", copy, "--look"])["added"], 2);
    assert_eq!(everything(&other.path("data")), [], "a look begins no record");
    assert_eq!(other.json(&["import", copy])["added"], 2);
    assert_eq!(other.diary(), room.diary());
    assert_eq!(other.diary().days().next().map(|(_, day)| day.notes.clone()), Some(note.to_owned()));
    // Once more changes nothing; what was written since is added, and nothing of one's own is overwritten.
    assert_eq!(other.json(&["import", copy])["added"], 0);
    room.good(&["diary", "roland", "9"]);
    room.good(&["export", "--out", "later.csv"]);
    let later = room.path("work/later.csv");
    let later = later.to_str().expect("a path");
    assert_eq!(other.json(&["import", later])["added"], 1);
    assert_eq!(other.diary(), room.diary());
    other.good(&["diary", "correct", "1", "--minutes", "25min"]);
    let told = other.json(&["import", later]);
    assert_eq!(
        (&told["added"], &told["already"], told["left"].as_array().map(Vec::len)),
        (&0.into(), &2.into(), Some(1))
    );

    let whole: Value = serde_json::from_str(&room.good(&["export", "--format", "json"])).expect("JSON");
    let back: Diary = serde_json::from_value(whole["diary"].clone()).expect("a diary");
    assert_eq!(back, room.diary());
}

#[test]
fn two_diaries_become_one_and_an_import_goes_again_as_it_came() {
    let two = Room::new();
    two.good(&["diary", "day", "--date", "2026-01-05", "--pain", "6"]);
    two.good(&["diary", "day", "--date", "2026-01-07", "--pain", "2"]);
    two.good(&["diary", "session", "--program", "relief", "--minutes", "20min", "--date", "2026-01-07"]);
    for (format, file) in [("csv", "two.csv"), ("fhir", "two.json")] {
        let one = Room::new();
        one.good(&["diary", "day", "--date", "2026-01-05", "--pain", "4"]);
        one.good(&["diary", "roland", "9", "--date", "2026-01-06"]);
        one.refused(&["diary", "undo", "--import"], "nothing was imported");
        let before = one.diary();
        let file = one.path("work").join(file);
        let path = file.to_str().expect("a path");
        two.good(&["export", "--format", format, "--out", path]);
        let text = one.good(&["import", path]);
        for words in [
            "2 new",
            "1 left as they are here",
            "! 2026-01-05 day: pain 6",
            "(0)",
            "undo --import",
            "--replace",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let again = one.json(&["import", path]);
        assert_eq!((&again["added"], &again["already"]), (&0.into(), &2.into()));
        assert_eq!(one.json(&["import", path, "--replace"])["replaced"], 1);
        assert_eq!(one.diary().pains().first().map(|(_, pain)| u8::from(*pain)), Some(6));
        // Both imports go again, the last first.
        assert_eq!(one.json(&["diary", "undo", "--import"])["taken_back"], 1);
        assert_eq!(one.json(&["diary", "undo", "--import"])["taken_back"], 2);
        let words = |diary: &Diary| -> Vec<_> {
            diary.current().map(|entry| (entry.item, entry.day, entry.record.clone())).collect()
        };
        assert_eq!(words(&one.diary()), words(&before));
        // What was withdrawn comes back only where it is asked for.
        let look = one.good(&["import", path, "--look", "--language", "de"]);
        assert!(
            look.contains("wurde hier zurückgenommen") && look.contains("Nichts wurde behalten"),
            "{look}"
        );
    }
}

#[test]
fn a_file_that_is_no_diary_is_refused_with_its_line_and_nobody_is_begun() {
    let room = Room::new();
    room.good(&["diary", "day", "--pain", "4"]);
    let text = room.good(&["export"]);
    let today = room.json(&["diary"])["items"][0]["day"].as_str().expect("a day").to_owned();
    let fresh = Room::new();
    let cases = [
        ("empty.csv", String::new(), "line 1"),
        ("header.csv", text.lines().next().expect("a line").to_owned(), "no entries"),
        ("range.csv", text.replace(",day,4,", ",day,40,"), "line 2: pain"),
        ("future.csv", text.replace(&today, "9998-01-01"), "line 2: written on 9998-01-01"),
        ("column.csv", text.replace("stress", "strass"), "strass"),
        ("cells.csv", format!("{text}1,2\n"), "line 3"),
        ("words.csv", "dear diary".to_owned(), "dear diary"),
    ];
    for (name, text, says) in cases {
        std::fs::write(fresh.path("work").join(name), text).expect("a file");
        fresh.refused(&["import", name], says);
    }
    std::fs::write(fresh.path("work/latin.csv"), b"item,\xfc\n").expect("a file");
    fresh.refused(&["import", "latin.csv"], "UTF-8");
    fresh.refused(&["import", "gone.csv"], "cannot be read");
    assert_eq!(everything(&fresh.path("data")), []);
}

/// Twelve spasms of a year, each after a day of heavy lifting, written on their days.
fn a_year() -> String {
    let mut text = String::from(
        "item,written,day,kind,pain,sleep_min,sitting_min,activity_min,stress,strains,last,places,radiating,set_off_by,program,minutes,pain_after,roland,notes\n",
    );
    let mut item = 0;
    for day in 20_000..20_350_u32 {
        let date = care::Day(day);
        // One day in nine is heavy, so that the days of one weekday differ.
        let heavy = if day % 9 == 0 { "yes" } else { "no" };
        text += &format!("{item},{date},{date},day,2,,,,,lifting={heavy},,,,,,,,,\n");
        item += 1;
        if day % 9 == 1 && day % 27 != 1 {
            text += &format!("{item},{date},{date},episode,6,,,,,,{date},lower_back,,,,,,,\n");
            item += 1;
        }
    }
    text
}

#[test]
fn what_goes_with_the_spasms_is_told_with_its_interval_once_there_are_enough() {
    let room = Room::new();
    std::fs::write(room.path("work/year.csv"), a_year()).expect("a file");
    room.good(&["import", "year.csv"]);
    let found = room.json(&["diary", "goes-with"]);
    assert_eq!(found["associations"][0]["verdict"], "more_spasms");
    let text = room.good(&["diary", "goes-with"]);
    assert!(text.contains("95 %") && text.contains("not what causes what"), "{text}");
    let text = room.good(&["diary", "goes-with", "--language", "de"]);
    assert!(text.contains("begannen öfter Krämpfe"), "{text}");
}

#[test]
fn who_is_erased_stands_nowhere_whatever_was_done_before() {
    let room = Room::new();
    let note = "planted note 7391";
    room.good(&["diary", "day", "--pain", "4", "--note", note, "--strain", "planted strain=yes"]);
    room.good(&["diary", "episode", "--pain", "8", "--note", note]);
    room.good(&["diary", "session", "--program", "relief", "--minutes", "20min", "--note", note]);
    room.good(&["diary", "roland", "12"]);
    room.good(&["diary", "correct", "1", "--pain", "7"]);
    room.good(&["diary", "undo", "1"]);
    room.good(&["diary", "withdraw", "2"]);
    for tell in [
        &["diary"][..],
        &["diary", "course"],
        &["diary", "goes-with"],
        &["export"],
        &["export", "--format", "json"],
        &["relief"],
        &["causes"],
        &["claims"],
    ] {
        room.good(tell);
    }
    let copy = room.good(&["export"]);
    std::fs::write(room.path("work/copy.csv"), copy).expect("a file");
    room.good(&["import", "copy.csv"]);
    std::fs::remove_file(room.path("work/copy.csv")).expect("the person's own copy goes");
    // Record and its journal, in the person's own folder and nowhere else.
    for planted in [NAME, note] {
        let places: BTreeSet<PathBuf> = holding(room.folder.path(), planted)
            .into_iter()
            .filter_map(|path| path.parent().map(Path::to_owned))
            .collect();
        assert_eq!(places.len(), 1, "{planted}: {places:?}");
    }
    assert!(room.good(&["erase", "--yes"]).contains("Erased"));
    for planted in [NAME, note, "planted strain", "7391"] {
        assert_eq!(holding(room.folder.path(), planted), Vec::<PathBuf>::new(), "{planted}");
    }
    assert_eq!(everything(room.folder.path()), []);
    room.refused(&["erase", "--yes"], "nobody is called");
}
