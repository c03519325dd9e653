use super::*;

const TODAY: Day = Day(20_779);

fn rating(value: u8) -> Nprs {
    Nprs::try_from(value).expect("a rating of the test")
}

fn episode() -> Episode {
    Episode {
        last: Some(Day(20_771)),
        pain: rating(7),
        places: [Place::LowerBack, Place::Calf].into(),
        radiating: Some(true),
        set_off_by: ["lifting; a = b\\c".to_owned(), "=\\;".to_owned()].into(),
        notes: "said \"ouch\", twice,\r\nthen\nslept; 2 = 1+1 \\".into(),
    }
}

fn day_record() -> DayRecord {
    DayRecord {
        pain: Some(rating(0)),
        sleep_min: Some(0),
        sitting_min: None,
        activity_min: Some(1440),
        stress: Some(rating(10)),
        strains: [("lifting".into(), true), ("drehen, bücken=viel".into(), false)].into(),
        notes: " leading and trailing ".into(),
    }
}

/// A diary with every kind of entry, correction, withdrawal and undo.
fn full_diary() -> Diary {
    let mut diary = Diary::default();
    let before = Day(TODAY.0 - 1);
    let day = diary.write(before, before, Record::Day(day_record())).expect("a day");
    diary.write(before, Day(20_770), Record::Episode(episode())).expect("an episode");
    let bare = Episode {
        last: None,
        places: BTreeSet::new(),
        radiating: None,
        set_off_by: BTreeSet::new(),
        notes: String::new(),
        ..episode()
    };
    diary.write(TODAY, TODAY, Record::Episode(bare)).expect("an episode that goes on");
    let session = Session {
        program: "relief".into(),
        minutes: 20,
        pain_before: Some(rating(5)),
        pain_after: None,
        notes: String::new(),
    };
    let session = diary.write(TODAY, TODAY, Record::Session(session)).expect("a session");
    let roland = Roland::try_from(24).expect("a score");
    diary.write(TODAY, TODAY, Record::Roland(roland)).expect("a score");
    diary.correct(day, TODAY, before, Record::Day(DayRecord::default())).expect("a correction");
    diary.withdraw(session, TODAY).expect("a withdrawal");
    diary.undo(day, TODAY).expect("an undo");
    diary
}

#[test]
fn a_diary_survives_csv_and_json_with_all_its_history() {
    let diary = full_diary();
    assert_eq!(diary.entries().len(), 8);
    assert_eq!(from_csv(&to_csv(&diary)), Ok(diary.clone()));
    let json = serde_json::to_string(&diary).expect("a diary is data");
    assert_eq!(serde_json::from_str::<Diary>(&json).expect("its own text"), diary);
    assert_eq!(from_csv(&to_csv(&Diary::default())), Ok(Diary::default()));
}

#[test]
fn any_note_and_any_name_survives_csv() {
    // Every text of up to four letters from those that mean something to CSV or to a list.
    let letters = ['"', ',', ';', '=', '\\', '\n', '\r', ' ', 'ß', '\'', '-'];
    let mut texts = vec![String::new()];
    for length in 0..4 {
        let longest: Vec<String> =
            texts.iter().filter(|text| text.chars().count() == length).cloned().collect();
        texts.extend(longest.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))));
    }
    let mut diary = Diary::default();
    for (number, text) in texts.iter().enumerate() {
        let day = Day(u32::try_from(number).expect("few texts"));
        let name = Some(text.clone()).filter(|name| !name.is_empty() && !name.contains(['\n', '\r']));
        let record = DayRecord {
            strains: name.into_iter().map(|name| (name, number % 2 == 0)).collect(),
            notes: text.clone(),
            ..DayRecord::default()
        };
        diary.write(TODAY, day, Record::Day(record)).expect("a day");
    }
    assert_eq!(texts.len(), 1 + 11 + 121 + 1331 + 14641);
    assert_eq!(from_csv(&to_csv(&diary)), Ok(diary));
}

#[test]
fn a_correction_keeps_the_old_version_and_an_undo_brings_it_back() {
    let mut diary = Diary::default();
    let item = diary.write(TODAY, TODAY, Record::Day(day_record())).expect("a day");
    assert_eq!(diary.undo(item, TODAY), Err(DiaryError::Unchanged { item }));
    let calm = DayRecord { stress: Some(rating(1)), ..day_record() };
    diary.correct(item, TODAY, TODAY, Record::Day(calm.clone())).expect("a correction");
    assert_eq!(diary.days().collect::<Vec<_>>(), [(TODAY, &calm)]);
    diary.undo(item, TODAY).expect("an undo");
    assert_eq!(diary.days().collect::<Vec<_>>(), [(TODAY, &day_record())]);
    diary.undo(item, TODAY).expect("an undo of the undo");
    assert_eq!(diary.days().collect::<Vec<_>>(), [(TODAY, &calm)]);
    diary.withdraw(item, TODAY).expect("a withdrawal");
    assert_eq!(diary.days().count(), 0);
    assert_eq!(diary.entries().len(), 5);
    assert_eq!(diary.entries()[0].record, Some(Record::Day(day_record())));
}

#[test]
fn a_day_is_written_once_and_can_be_written_again_after_it_was_withdrawn() {
    let mut diary = Diary::default();
    let item = diary.write(TODAY, TODAY, Record::Day(day_record())).expect("a day");
    let again = diary.write(TODAY, TODAY, Record::Day(day_record()));
    assert_eq!(again, Err(DiaryError::SecondDay { day: TODAY }));
    diary.withdraw(item, TODAY).expect("a withdrawal");
    diary.write(TODAY, TODAY, Record::Day(day_record())).expect("the day is free");
    assert_eq!(diary.undo(item, TODAY), Err(DiaryError::SecondDay { day: TODAY }));
}

#[test]
fn what_cannot_be_is_refused_and_leaves_the_diary_as_it_was() {
    let mut diary = full_diary();
    let kept = diary.clone();
    let tomorrow = Day(TODAY.0 + 1);
    let day = |record| Record::Day(record);
    let long = "x".repeat(NAME_CHARACTERS_MAX + 1);
    let refused = [
        diary.write(TODAY, tomorrow, day(day_record())),
        diary.write(Day(TODAY.0 - 1), Day(3), day(day_record())),
        diary.write(TODAY, Day(3), day(DayRecord { sleep_min: Some(1441), ..day_record() })),
        diary.write(TODAY, Day(3), day(DayRecord { notes: "x".repeat(4001), ..day_record() })),
        diary.write(TODAY, Day(3), day(DayRecord { strains: [(long, true)].into(), ..day_record() })),
        diary.write(
            TODAY,
            Day(3),
            day(DayRecord { strains: [(String::new(), true)].into(), ..day_record() }),
        ),
        diary.write(TODAY, TODAY, Record::Episode(Episode { last: Some(Day(3)), ..episode() })),
        diary.write(TODAY, TODAY, Record::Episode(Episode { last: Some(tomorrow), ..episode() })),
    ];
    assert!(refused.iter().all(Result::is_err), "{refused:?}");
    assert_eq!(diary.withdraw(99, TODAY), Err(DiaryError::Unknown { item: 99 }));
    let other = diary.correct(0, TODAY, TODAY, Record::Episode(Episode { last: None, ..episode() }));
    assert_eq!(other, Err(DiaryError::OtherKind { item: 0 }));
    assert_eq!(diary, kept);
}

#[test]
fn a_faulty_row_is_named_with_its_line() {
    let text = to_csv(&full_diary());
    let swap = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        from_csv(&text.replacen(from, to, 1)).expect_err(to)
    };
    assert_eq!(swap("item,written", "item,wrote").line, 1);
    assert_eq!(swap("item,written", "item,item").line, 1);
    assert_eq!(
        swap("day,0,0,,1440,10", "day,11,0,,1440,10").to_string(),
        "diary, line 2: pain: 11 is outside the scale: a rating goes from 0 to 10"
    );
    assert_eq!(swap("lifting=yes", "lifting=maybe").line, 2);
    assert_eq!(swap("day,0,0,,1440,10", "day,0,0,,1440").line, 2);
    // The episode's note runs over three lines.
    assert_eq!(swap("lower_back;calf", "lower_back;wing").line, 3);
    assert_eq!(swap("relief,20", "relief,").to_string(), "diary, line 7: minutes is missing");
    assert_eq!(swap("roland,,,,,,,", "roland,4,,,,,,").line, 8);
    assert_eq!(swap("3,2026-11-22,2026-11-22,withdrawn", "77,2026-11-22,2026-11-22,withdrawn").line, 10);
}

#[test]
fn no_cell_of_free_text_begins_like_a_formula() {
    let mut diary = Diary::default();
    let texts = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "''-1", "＝1", "'tis", "plain", "a=1"];
    for (text, day) in texts.iter().zip(20_000..) {
        let notes = DayRecord { notes: (*text).to_owned(), ..DayRecord::default() };
        diary.write(TODAY, Day(day), Record::Day(notes)).expect("a day");
    }
    let session = Session {
        program: "-x".into(),
        minutes: 1,
        pain_before: None,
        pain_after: None,
        notes: String::new(),
    };
    diary.write(TODAY, TODAY, Record::Session(session)).expect("a session");
    let causes = Episode { set_off_by: ["-stairs".to_owned()].into(), ..episode() };
    diary.write(TODAY, Day(20_770), Record::Episode(causes)).expect("an episode");
    let text = to_csv(&diary);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        for cell in &row.expect("a row") {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{cell}");
        }
    }
    assert!(text.contains("'tis") && !text.contains("''tis"));
    assert_eq!(from_csv(&text), Ok(diary));
}

#[test]
fn what_says_to_be_written_tomorrow_is_refused_with_its_line() {
    let text = to_csv(&full_diary());
    assert_eq!(from_csv_written_by(&text, TODAY), from_csv(&text));
    let error = from_csv_written_by(&text, Day(TODAY.0 - 1)).expect_err("the future");
    assert!(error.line > 3 && error.to_string().contains("has not come"), "{error}");
}
