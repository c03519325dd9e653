use axum::http::StatusCode;
use care::Language;
use care::diary::{DayRecord, Diary, Record, to_csv};

use super::tests::past_the_tables;
use crate::guide::link;
use crate::guide::room::{NAME, Room};

const HERE: &str = "/diary/carry";

/// What stands, without the numbers of its entries.
fn standing(diary: &Diary) -> Vec<String> {
    let mut all: Vec<String> =
        diary.current().map(|entry| format!("{} {:?}", entry.day, entry.record)).collect();
    all.sort();
    all
}

/// The value of the hidden field in which the looked-at diary travels, as a browser sends it.
fn looked(page: &str) -> String {
    let rest = page.split_once("name=\"looked\" value=\"").expect("the field").1;
    let value = rest.split('"').next().expect("an end");
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Looks at a file and keeps it.
fn keep(room: &Room, file: &str, button: &str) -> String {
    let look = room.send(HERE, &[("file", file)]);
    assert_eq!(look.code, StatusCode::OK, "{}", look.text);
    let kept = room.send(HERE, &[("looked", &looked(&look.text)), (button, "yes")]);
    assert_eq!(kept.code, StatusCode::SEE_OTHER, "{}", kept.text);
    room.get(&kept.to).text
}

fn taken_along(room: &Room, path: &str) -> String {
    let file = room.get(path);
    assert_eq!(file.code, StatusCode::OK);
    file.text
}

#[test]
fn what_was_taken_along_comes_into_another_diary_after_a_look_and_goes_again() {
    let from = Room::furnished();
    for path in ["/diary/export.csv", "/diary/export.json"] {
        let file = taken_along(&from, path);
        let room = Room::new();
        let look = room.send(HERE, &[("file", &file)]);
        assert!(
            look.text.contains("Nothing is kept yet") && look.text.contains("<strong>4</strong>"),
            "{path}"
        );
        assert!(room.store().record(NAME).is_err(), "a look begins no record");
        let page = keep(&room, &file, "keep");
        assert!(page.contains("Brought in and kept") && page.contains("Take this import back"), "{page}");
        assert_eq!(standing(&room.diary()), standing(&from.diary()), "{path}");
        // Once more there is nothing new, and no button that would keep it.
        let again = room.send(HERE, &[("file", &file)]).text;
        assert!(again.contains("There is nothing new in it") && !again.contains("name=\"keep\""), "{path}");

        let first = page.split("name=\"first\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let gone = room.kept("/diary/carry/undo", &[("first", first.expect("the import"))]);
        assert!(
            gone.text.contains("The import is taken back") && !gone.text.contains("Take this import back")
        );
        assert_eq!(room.diary().current().count(), 0, "{path}");
        let stale = room.kept("/diary/carry/undo", &[("first", first.expect("the import"))]);
        assert!(stale.text.contains("nothing was done"), "{}", stale.text);
    }
}

#[test]
fn a_day_that_stands_otherwise_is_shown_and_stays_unless_the_file_shall_win() {
    let room = Room::furnished();
    let today = host::clock::today();
    let mut told = Diary::default();
    let notes = "a note\nof \"two\" lines, <b>".to_owned();
    let record = Record::Day(DayRecord { notes, ..DayRecord::default() });
    told.write(today, today, record.clone()).expect("a day");
    let file = to_csv(&told);
    let look = room.send(HERE, &[("file", &file)]);
    for words in ["stands otherwise here", "The file says", "/diary/item/0", "name=\"replace\""] {
        assert!(look.text.contains(words), "{words}: {}", look.text);
    }
    assert!(!look.text.contains("name=\"keep\"") && !look.text.contains("<b>"));
    let before = room.diary();
    let page = keep(&room, &file, "keep");
    assert!(page.contains("nothing new"), "{page}");
    assert_eq!(room.diary(), before);
    keep(&room, &file, "replace");
    assert_eq!(room.diary().current().next().and_then(|entry| entry.record.clone()), Some(record));
    assert_eq!(room.diary().entries().len(), before.entries().len() + 1);
}

#[test]
fn a_file_that_is_no_diary_is_said_in_place_and_nothing_is_changed() {
    let room = Room::furnished();
    let before = room.diary();
    let csv = to_csv(&before);
    for (file, says) in [
        ("", "Choose a file first"),
        ("dear diary", "dear diary"),
        (&csv[..csv.len() / 2], "diary, line"),
        ("{\"resourceType\": \"Patient\"}", "a Bundle is wanted"),
        ("{\"resourceType\": \"Bundle\", \"type\": \"collection\"}", "holds nothing for a diary"),
        ("{\"resourceType\": \"Bundle\", \"entry\": [", "is no JSON"),
    ] {
        for language in Language::ALL {
            let answer = room.send(&link(HERE, language), &[("file", file)]);
            assert_eq!(answer.code, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
            assert!(answer.text.contains("role=\"alert\""), "{file}");
            if language == Language::English {
                let text = answer.text.replace("&quot;", "\"");
                assert!(text.contains(says), "{file} does not say {says}: {text}");
            }
        }
    }
    assert_eq!(
        room.send(HERE, &[("looked", "no JSON"), ("keep", "yes")]).code,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let huge = "x".repeat(64_000_001);
    assert_eq!(room.send(HERE, &[("file", &huge)]).code, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(room.diary(), before);
}

#[test]
fn the_look_is_whole_in_every_language_and_names_what_is_not_taken() {
    let room = Room::furnished();
    let mut bundle: serde_json::Value =
        serde_json::from_str(&taken_along(&room, "/diary/export.json")).expect("JSON");
    let entries = bundle["entry"].as_array_mut().expect("entries");
    entries.push(serde_json::json!({
        "fullUrl": "urn:uuid:7391", "resource": { "resourceType": "Immunization", "status": "completed" }
    }));
    let today = host::clock::today();
    let mut other = Diary::default();
    other.write(today, today, Record::Day(DayRecord::default())).expect("a day");
    for file in [bundle.to_string(), to_csv(&other)] {
        for language in Language::ALL {
            let page = room.send(&link(HERE, language), &[("file", &file)]);
            assert_eq!(page.code, StatusCode::OK);
            assert_eq!(page.text.matches("<h1").count(), 1);
            if language == Language::Pseudo {
                assert_eq!(past_the_tables(&page.text), Vec::<String>::new());
            }
        }
    }
    let page = room.send(HERE, &[("file", &bundle.to_string())]);
    assert!(page.text.contains("Immunization") && page.text.contains("Not taken"), "{}", page.text);
    // Erased is erased, what was brought in too.
    room.kept("/diary/erase", &[("sure", "yes")]);
    assert!(room.store().names().expect("a store").is_empty());
    let nothing = room.get("/diary/export.json");
    assert_eq!(nothing.code, StatusCode::SEE_OTHER);
    assert!(room.get(&nothing.to).text.contains("nothing to take with you yet"));
}
