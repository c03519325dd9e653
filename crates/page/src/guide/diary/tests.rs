use axum::http::StatusCode;
use care::diary::{Diary, Episode, Place, Record, from_csv};
use care::{Day, Language, Nprs, Roland};

use crate::guide::link;
use crate::guide::room::{NAME, Room};
use host::entry_form::{self, Kind, Why};

impl Room {
    pub(super) fn diary(&self) -> Diary {
        self.store().record(NAME).and_then(|record| record.diary()).unwrap_or_default()
    }

    /// A diary with one of each kind, and one thing withdrawn.
    pub(super) fn furnished() -> Self {
        let room = Self::new();
        let today = today();
        let day = [
            ("day", today.as_str()),
            ("pain", "4"),
            ("sleep", "7 h 30"),
            ("stress", "2"),
            ("strain:lifting", "yes"),
            ("rest", "no"),
            ("strain:slip_or_fall", ""),
            ("notes", "7391 & 1 < 2"),
        ];
        room.kept("/diary/new/day", &day);
        room.kept(
            "/diary/new/spasm",
            &[
                ("day", &today),
                ("pain", "7"),
                ("place", "lower_back"),
                ("place", "calf"),
                ("radiating", "yes"),
                ("cause", "lifting"),
            ],
        );
        room.kept(
            "/diary/new/session",
            &[("day", &today), ("program", "7391"), ("minutes", "20"), ("pain", "5")],
        );
        room.kept("/diary/new/score", &[("day", &today), ("roland", "12")]);
        room.kept("/diary/new/score", &[("day", &today), ("roland", "3")]);
        room.kept("/diary/item/4/withdraw", &[("seen", "1")]);
        room
    }
}

fn today() -> String {
    host::clock::today().to_string()
}

const PATHS: [&str; 12] = [
    "/diary",
    "/diary/all",
    "/diary/carry",
    "/diary/erase",
    "/diary/new/day",
    "/diary/new/spasm",
    "/diary/new/session",
    "/diary/new/score",
    "/diary/item/0",
    "/diary/item/1",
    "/diary/item/2",
    "/diary/item/4",
];

/// What a person reads on a page, and what is read to them, piece by piece.
pub(super) fn spoken(page: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a whole tag");
        let labels = tag.split("aria-label=\"").skip(1).filter_map(|rest| rest.split('"').next());
        // English that stands beside what nobody has read in the other language, sources, system errors.
        let text = if tag.contains(" lang=\"en\"") { "" } else { text };
        pieces.extend(labels.chain([text]).map(|piece| piece.trim().to_owned()));
    }
    pieces
}

/// What stands outside the marks of the pseudo-language.
fn bare(text: &str) -> String {
    let mut depth = 0_i32;
    let mut out = String::new();
    for letter in text.chars() {
        depth += i32::from(letter == '⟦');
        if depth == 0 {
            out.push(letter);
        }
        depth -= i32::from(letter == '⟧');
    }
    assert_eq!(depth, 0, "{text}");
    out
}

/// Words on a page in the pseudo-language that were written past the tables.
pub(super) fn past_the_tables(page: &str) -> Vec<String> {
    let mut past = Vec::new();
    for piece in spoken(page) {
        // Units and names are the same in every language.
        let rest = ["Ondol", "English", "Deutsch", "&amp;", "&lt;", "&quot;"]
            .into_iter()
            .fold(bare(&piece), |text, known| text.replace(known, ""));
        let words = rest.split(|letter: char| !letter.is_alphabetic());
        past.extend(
            words.filter(|word| !["", "h", "min"].contains(word)).map(|word| format!("{piece}: {word}")),
        );
    }
    past
}

#[test]
fn no_page_of_the_diary_holds_text_that_was_written_past_the_tables() {
    for room in [Room::new(), Room::furnished()] {
        for path in PATHS {
            let page = room.get(&link(path, Language::Pseudo));
            assert_eq!(past_the_tables(&page.text), Vec::<String>::new(), "{path}");
        }
    }
}

#[test]
fn every_page_is_whole_in_both_languages_and_every_link_and_form_leads_somewhere() {
    let room = Room::furnished();
    for language in Language::ALL {
        for path in PATHS {
            let page = room.get(&link(path, language));
            assert_eq!(page.code, StatusCode::OK, "{path}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert!(!page.text.contains("<script") && !page.text.contains("style="), "{path}");
            for rest in page.text.split("href=\"").skip(1) {
                let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
                if address.starts_with('/') {
                    assert_eq!(room.get(&address).code, StatusCode::OK, "{path}: {address}");
                }
            }
            for rest in page.text.split(" action=\"").skip(1) {
                let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
                let code = room.post(&address, &[]).code;
                assert_ne!(code, StatusCode::NOT_FOUND, "{path}: {address}");
            }
            // Every field has a name that is said: a label around it or for it.
            for rest in page.text.split("<select id=\"").chain(page.text.split("<textarea id=\"")).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                assert!(id.contains('<') || page.text.contains(&format!("for=\"{id}\"")), "{path}: {id}");
            }
        }
    }
}

#[test]
fn what_a_form_tells_stands_in_the_diary_and_a_reload_writes_nothing_twice() {
    let room = Room::furnished();
    let diary = room.diary();
    assert_eq!(diary.entries().len(), 6);
    let (_, day) = diary.days().next().expect("the day");
    assert_eq!((day.pain.map(u8::from), day.sleep_min, day.sitting_min), (Some(4), Some(450), None));
    assert_eq!(
        day.strains.clone().into_iter().collect::<Vec<_>>(),
        [("lifting".to_owned(), true), ("slip_or_fall".to_owned(), false)]
    );
    let (_, episode) = diary.episodes().next().expect("the episode");
    let expected = Episode {
        last: None,
        pain: Nprs::try_from(7).expect("a rating"),
        places: [Place::LowerBack, Place::Calf].into(),
        radiating: Some(true),
        set_off_by: ["lifting".to_owned()].into(),
        notes: String::new(),
    };
    assert_eq!(episode, &expected);
    // Pressed twice: the second form says which entries stood when it was shown.
    let form = [("day", &*today()), ("roland", "9"), ("after", "6")];
    let (one, two) = (room.post("/diary/new/score", &form), room.post("/diary/new/score", &form));
    assert_eq!((one.code, &one.to), (StatusCode::SEE_OTHER, &two.to));
    assert_eq!(room.diary().entries().len(), 7);
}

#[test]
fn every_record_comes_back_from_the_form_that_shows_it() {
    let room = Room::furnished();
    let today = host::clock::today();
    for entry in room.diary().current() {
        let record = entry.record.as_ref().expect("current");
        let told = entry_form::read(Kind::of(record), &entry_form::write(entry.day, record), today);
        assert_eq!(told, Ok((entry.day, record.clone())));
    }
}

#[test]
fn values_out_of_range_are_said_in_place_and_what_was_typed_stays() {
    let room = Room::new();
    let today = today();
    type Sent = &'static [(&'static str, &'static str)];
    let cases: [(&str, Sent, &str); 13] = [
        ("day", &[("pain", "11")], "pain"),
        ("day", &[("stress", "-1")], "stress"),
        ("day", &[("sleep", "25 h")], "sleep"),
        ("day", &[("sitting", "long")], "sitting"),
        ("day", &[("strain:lifting", "maybe")], "strains"),
        ("day", &[("own", "a\u{1}b")], "own"),
        ("spasm", &[("place", "calf")], "pain"),
        ("spasm", &[("pain", "5"), ("place", "wing")], "place"),
        ("spasm", &[("pain", "5"), ("last", "1999-01-01")], "last"),
        ("session", &[("program", ""), ("minutes", "20")], "program"),
        ("session", &[("program", "x"), ("minutes", "")], "minutes"),
        ("score", &[("roland", "25")], "roland"),
        ("score", &[("roland", "4.5")], "roland"),
    ];
    for (kind, wrong, field) in cases {
        for language in Language::ALL {
            let mut form = vec![("day", today.as_str()), ("notes", "typed \"this\"")];
            form.extend(wrong);
            let page = room.post(&link(&format!("/diary/new/{kind}"), language), &form);
            assert_eq!(page.code, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {wrong:?}");
            assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{kind} {wrong:?}: {}", page.text);
            assert!(page.text.contains("role=\"alert\""), "{kind}");
            if kind != "score" {
                assert!(page.text.contains("typed &quot;this&quot;"), "{kind}");
            }
        }
    }
    let long = "x".repeat(4001);
    assert!(room.post("/diary/new/day", &[("day", &today), ("notes", &long)]).text.contains("notes-fault"));
    // Nothing was kept, and nobody's record was begun.
    assert!(room.store().names().expect("the store").is_empty());
}

#[test]
fn a_day_that_has_not_come_or_is_none_is_refused() {
    let tomorrow = Day(host::clock::today().0 + 1);
    for (day, why) in [
        (tomorrow.to_string(), Why::Future),
        ("2026-02-30".into(), Why::NoDay),
        (String::new(), Why::Missing),
    ] {
        for kind in Kind::ALL {
            let form = [("day", &*day), ("pain", "3"), ("program", "x"), ("minutes", "5"), ("roland", "3")];
            let form = form.map(|(name, text)| (name.to_owned(), text.to_owned()));
            let faults = entry_form::read(kind, &form, host::clock::today()).expect_err("no such day");
            assert_eq!(
                faults.iter().map(|fault| (fault.field, fault.why)).collect::<Vec<_>>(),
                [("day", why)]
            );
        }
    }
}

#[test]
fn what_looks_like_markup_is_shown_as_it_was_written() {
    let room = Room::new();
    let evil = "</textarea><script>alert(7391)</script>\"'&";
    let today = today();
    let form = [("day", today.as_str()), ("notes", evil), ("own", "<b onload=7391>"), ("strain:<i>", "yes")];
    room.kept("/diary/new/day", &form);
    room.kept(
        "/diary/new/session",
        &[("day", &today), ("program", "<script>"), ("minutes", "5"), ("notes", evil)],
    );
    assert_eq!(room.diary().days().next().map(|(_, day)| day.notes.as_str()), Some(evil));
    for path in
        ["/diary", "/diary/all", "/diary/item/0", "/diary/item/1", "/diary/new/day", "/diary/new/session"]
    {
        let page = room.get(path).text;
        assert!(!page.contains("<script") && !page.contains("<b onload") && !page.contains("<i>"), "{path}");
    }
}

#[test]
fn a_second_window_changes_nothing_that_it_has_not_seen() {
    let room = Room::furnished();
    let today = today();
    let calm = [("day", today.as_str()), ("pain", "1"), ("seen", "1")];
    room.kept("/diary/item/0", &calm);
    let late = room.post("/diary/item/0", &[("day", &today), ("pain", "9"), ("seen", "1")]);
    assert_eq!(late.code, StatusCode::CONFLICT);
    assert!(late.text.contains("another window") && late.text.contains("name=\"seen\" value=\"2\""));
    assert!(late.text.contains("value=\"9\" checked"), "what was typed stays");
    let pain = || room.diary().days().next().and_then(|(_, day)| day.pain).map(u8::from);
    assert_eq!(pain(), Some(1));
    assert!(room.kept("/diary/item/0/undo", &[("seen", "1")]).text.contains("nothing was done"));
    assert_eq!(pain(), Some(1));
    room.kept("/diary/item/0/undo", &[("seen", "2")]);
    assert_eq!(pain(), Some(4));
    // A second form for a day that is there leads to the one that is.
    let again = room.post("/diary/new/day", &[("day", &today), ("pain", "8")]);
    assert_eq!(again.code, StatusCode::CONFLICT);
    assert!(again.text.contains("/diary/item/0?") && again.text.contains("id=\"day-fault\""));
}

#[test]
fn what_was_withdrawn_counts_nowhere_and_comes_back() {
    let room = Room::furnished();
    assert_eq!(room.diary().current().count(), 4);
    assert!(!room.get("/diary").text.contains("/diary/item/4?"));
    assert!(room.get("/diary/all").text.contains("/diary/item/4?"));
    room.kept("/diary/item/4/undo", &[("seen", "2")]);
    let score = room
        .diary()
        .current()
        .filter_map(|entry| match entry.record {
            Some(Record::Roland(score)) => Some(score),
            _ => None,
        })
        .last();
    assert_eq!(score, Roland::try_from(3).ok());
    for path in ["/diary/item/77", "/diary/item/77/undo", "/diary/item/77/withdraw"] {
        let code =
            if path.ends_with("77") { room.get(path).code } else { room.post(path, &[("seen", "0")]).code };
        assert_eq!(code, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn the_diary_is_carried_away_as_it_stands_and_erased_for_good() {
    let room = Room::furnished();
    let file = room.get("/diary/export.csv");
    assert_eq!(from_csv(&file.text), Ok(room.diary()));
    assert!(room.get("/diary/erase").text.contains("6 entries"));
    let unsure = room.post("/diary/erase", &[]);
    assert_eq!((unsure.code, room.diary().entries().len()), (StatusCode::UNPROCESSABLE_ENTITY, 6));
    let page = room.kept("/diary/erase", &[("sure", "yes")]);
    assert!(page.text.contains("Everything is erased") && room.diary().entries().is_empty());
    let left = std::fs::read_dir(room.folder.path()).expect("the folder").count();
    assert_eq!(left, 0);
    room.kept("/diary/erase", &[("sure", "yes")]);
    assert_eq!(room.get("/diary").code, StatusCode::OK);
}

#[test]
fn a_record_that_cannot_be_read_is_said_in_plain_words_and_the_form_keeps_what_was_typed() {
    let room = Room::new();
    std::fs::create_dir(room.folder.path().join("person-broken")).expect("a folder");
    std::fs::write(
        room.folder.path().join("person-broken/record.sqlite"),
        "no database at all, and long enough",
    )
    .expect("a file");
    for language in Language::ALL {
        let page = room.get(&link("/diary", language));
        assert_eq!(page.code, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.text.contains("role=\"alert\"") && page.text.contains("record.sqlite"));
    }
    let form = room.post("/diary/new/score", &[("day", &today()), ("roland", "17")]);
    assert_eq!(form.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(form.text.contains("cannot be read or written") && form.text.contains("value=\"17\""));
}

#[test]
fn a_guide_without_a_place_to_keep_says_so() {
    let mut room = Room::new();
    room.guide.keeper = None;
    for path in PATHS {
        assert!(room.get(path).text.contains("without a place to keep anything"), "{path}");
    }
}
