use std::fs;
use std::path::Path;

use care::diary::{DayRecord, DiaryError, Record as Item};
use care::{Day, Findings, Nprs, Value};

use super::{FILE, Kept, Store, StoreError};

const TODAY: Day = Day(20_779);

fn item(notes: &str) -> Item {
    let pain = Some(Nprs::try_from(4).expect("in range"));
    Item::Day(DayRecord { pain, notes: notes.to_owned(), ..DayRecord::default() })
}

/// Files below `folder` in which `text` occurs.
pub(super) fn holding(folder: &Path, text: &str) -> usize {
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        found += if path.is_dir() {
            holding(&path, text)
        } else {
            let bytes = fs::read(&path).expect("a file");
            usize::from(bytes.windows(text.len()).any(|window| window == text.as_bytes()))
        };
    }
    found
}

#[test]
fn what_a_person_wrote_is_there_again() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    let mut findings = Findings::new();
    findings.set("age_years", Value::Number(54.0))?;
    {
        let mut record = store.record_or_new("one", TODAY)?;
        assert_eq!(record.write(|diary| diary.write(TODAY, Day(20_770), item("stiff")))?, 0);
        record.keep(Kept::Interview, TODAY, &findings)?;
    }
    store.record_or_new("two", TODAY)?;
    let record = store.record("one")?;
    assert_eq!(record.diary()?.days().map(|(day, _)| day).collect::<Vec<_>>(), [Day(20_770)]);
    assert_eq!(record.latest(Kept::Interview, Day(20_800))?, Some((TODAY, findings)));
    assert_eq!(record.latest::<Findings>(Kept::Interview, Day(20_000))?, None);
    assert_eq!(store.names()?, ["one", "two"]);
    assert!(store.record("two")?.diary()?.entries().is_empty());
    Ok(())
}

#[test]
fn a_change_that_is_refused_leaves_nothing_behind() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut record = Store::open(place.path())?.record_or_new("one", TODAY)?;
    let refused = record.write(|diary| {
        diary.write(TODAY, TODAY, item("first"))?;
        diary.write(TODAY, TODAY, item("second"))
    });
    assert!(matches!(refused, Err(StoreError::Diary(DiaryError::SecondDay { .. }))));
    assert!(record.diary()?.entries().is_empty());
    Ok(())
}

#[test]
fn two_windows_that_write_at_once_lose_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    store.record_or_new("one", TODAY)?;
    std::thread::scope(|scope| {
        for hand in 0..2_u32 {
            let store = &store;
            scope.spawn(move || {
                let mut record = store.record("one").expect("the record");
                for n in 0..20 {
                    let day = Day(20_000 + 100 * hand + n);
                    record.write(|diary| diary.write(TODAY, day, item(""))).expect("written");
                }
            });
        }
    });
    assert_eq!(store.record("one")?.diary()?.days().count(), 40);
    Ok(())
}

#[test]
fn who_is_erased_stands_in_no_file_any_more() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    store.record_or_new("somebody else", TODAY)?;
    let (name, note) = ("Planted Name 7391", "planted note 7391");
    store.record_or_new(name, TODAY)?.write(|diary| diary.write(TODAY, TODAY, item(note)))?;
    assert_eq!((holding(place.path(), name), holding(place.path(), note)), (1, 1));
    let erased = store.erase(name)?;
    assert!(erased.files >= 1 && erased.bytes > 0);
    assert_eq!((holding(place.path(), name), holding(place.path(), note)), (0, 0));
    assert_eq!(store.names()?, ["somebody else"]);
    let again = store.erase(name).expect_err("nobody is there any more").to_string();
    assert_eq!(again, "nobody is called \"Planted Name 7391\" here; there is somebody else");
    Ok(())
}

#[test]
fn what_is_no_record_is_refused_and_left_alone() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    let folder = place.path().join("person-broken");
    fs::create_dir(&folder)?;
    fs::write(folder.join("record.sqlite"), "this is no database, but somebody may want it")?;
    let error = store.names().expect_err("no database").to_string();
    assert!(error.contains("record.sqlite") && error.contains("not a database"), "{error}");
    assert!(fs::read_to_string(folder.join("record.sqlite"))?.starts_with("this is no database"));
    assert!(matches!(store.record_or_new("", TODAY), Err(StoreError::Record { .. } | StoreError::Name(0))));
    Ok(())
}

#[test]
fn who_is_here_is_told_again_without_opening_a_record() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(store.record_or_new(&format!("person {number}"), Day(20_779))?.id().to_owned());
    }
    let names = store.names()?;
    assert_eq!(names.len(), 5);
    let again = store.clone();
    for id in &ids {
        // Whoever opened one of these would fail.
        fs::write(place.path().join(id).join(FILE), "no record")?;
    }
    assert_eq!(again.names()?, names);
    assert_eq!(again.name_of(&ids[3])?.as_deref(), Some("person 3"));
    assert!(Store::open(place.path())?.names().is_err(), "who has never looked has to");
    fs::remove_dir_all(place.path().join(&ids[3]))?;
    assert_eq!(again.names()?.len(), 4, "who is gone is not told");
    assert!(matches!(again.record("person 3"), Err(StoreError::Nobody { .. })));
    Ok(())
}
