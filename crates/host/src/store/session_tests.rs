use std::fs;
use std::path::{Path, PathBuf};

use bed::{HeatDose, Level, Side, limits};
use care::Day;
use counts::{Micrometres, MilliCem43};

use super::{Brief, Ending, Record, SessionNumber, SessionStanding, Store, StoreError};
use crate::clock::Clocks;
use crate::day::Moment;
use crate::dose::{BedSays, PersonDose};
use serde_json::json;

const TODAY: Day = Day(20_779);
const HOUR: u64 = 3600;

/// Some seconds after a morning.
fn at(seconds: u64) -> Moment {
    Moment {
        utc_s: 20_779 * 86_400 + 6 * 3600 + seconds as i64,
        zone_s: 3600,
        count_s: 1000 + seconds,
        house: 1,
    }
}

/// A bed in its `session`-th session that has given `most` at one strip.
fn says(session: u32, most: u32) -> BedSays {
    let mut left = heapless::Vec::from_array([MilliCem43::ZERO; 100]);
    left[50] = MilliCem43::new(most);
    let right = heapless::Vec::from_array([MilliCem43::ZERO; 100]);
    let (origin, pitch) = (Micrometres::new(350_000), Micrometres::new(10_000));
    BedSays {
        boot: Some(7),
        dose: Some(HeatDose { session, origin, pitch, left, right, ..HeatDose::default() }),
    }
}

fn most(dose: u32) -> MilliCem43 {
    MilliCem43::new(dose)
}

fn strictest() -> MilliCem43 {
    PersonDose::unknown().most()
}

/// The end of a session with one stroke and one log.
fn given() -> Ending {
    let brief = Brief {
        ended: json!({ "how": "complete" }),
        strokes: 1,
        log: Some("one.mcap".to_owned()),
        ..Brief::default()
    };
    Ending { record: json!({ "program": "relief" }), brief, ..Ending::default() }
}

fn record(place: &Path) -> Record {
    Store::open(place).and_then(|store| store.record_or_new("one", TODAY)).expect("a record")
}

#[test]
fn a_reserved_session_counts_at_once_and_with_the_strictest_dose() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut one = record(place.path());
    let (number, before) = one.begin_session(&at(0), "relief", true, &says(3, 28_000))?;
    assert_eq!(before, plan::History::newcomer());
    drop(one);
    let mut again = record(place.path());
    let now = again.history(&at(5))?;
    assert_eq!((now.sessions, now.sessions_today, now.since_last_s), (Some(0), Some(1), Some(0.0)));
    assert_eq!(now.dose_today_cem43, Some(f64::from(limits::DOSE_PROGRAM_CEM43)));
    let second = again.begin_session(&at(6), "relief", true, &says(3, 28_000));
    assert!(matches!(second, Err(StoreError::SessionOpen(open)) if open == number.0));
    Ok(())
}

#[test]
fn the_end_charges_what_the_bed_said_of_this_session_and_of_no_other()
-> Result<(), Box<dyn std::error::Error>> {
    let ends = [
        (says(4, 12_345), SessionStanding::Ended, most(12_345), 1),
        (says(3, 28_000), SessionStanding::Void, most(0), 0),
        (says(5, 10), SessionStanding::Ended, strictest(), 1),
        (BedSays { boot: Some(8), ..says(4, 10) }, SessionStanding::Ended, strictest(), 1),
        (BedSays::default(), SessionStanding::Ended, strictest(), 1),
    ];
    for (said, state, charged, counts) in ends {
        let place = tempfile::tempdir()?;
        let mut one = record(place.path());
        let (number, _) = one.begin_session(&at(0), "relief", true, &says(3, 28_000))?;
        assert!(!one.journal(number, &at(60), &says(3, 28_000), &[])?, "the session before");
        assert_eq!(one.end_session(number, &at(1800), &said, Some(&given()))?.most(), charged, "{said:?}");
        let lines = one.sessions()?;
        assert_eq!((lines[0].state, lines[0].begun, lines[0].ended), (state, at(0), Some(at(1800))));
        let now = one.history(&at(1800 + 2 * HOUR))?;
        assert_eq!((now.sessions, now.sessions_today), (Some(counts), Some(counts)), "{said:?}");
        assert_eq!(now.since_last_s, (counts == 1).then_some(7200.0));
        assert!(matches!(one.journal(number, &at(1801), &said, &[]), Err(StoreError::NoSession(_))));
    }
    Ok(())
}

#[test]
fn the_journal_only_grows_and_writes_once_a_second() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut one = record(place.path());
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(3, 0))?;
    assert!(one.journal(number, &at(10), &says(4, 20_000), &[])?);
    assert!(!one.journal(number, &at(10), &says(4, 21_000), &[])?, "the same second");
    assert!(one.journal(number, &at(11), &says(4, 15_000), &[])?);
    // 20 were heard: less than a program, so a program is charged.
    assert_eq!(one.session_dose(number)?.most(), strictest());
    assert!(one.journal(number, &at(12), &says(4, 35_000), &[])?);
    assert_eq!(one.session_dose(number)?.most(), most(37_400), "and what may follow the last word");
    assert_eq!(one.end_session(number, &at(13), &says(4, 36_000), Some(&given()))?.most(), most(36_000));
    assert_eq!(one.charge(number, &says(4, 36_500), &[])?.most(), most(36_500), "still warm");
    assert_eq!(one.charge(number, &says(4, 100), &[])?.most(), most(36_500));
    assert_eq!(one.charge(number, &says(5, 50_000), &[])?.most(), most(36_500), "somebody else's");
    Ok(())
}

#[test]
fn who_was_lost_is_settled_by_the_same_bed_or_as_strictly_as_can_be() -> Result<(), Box<dyn std::error::Error>>
{
    let cases = [
        (says(4, 11_000), most(12_000 + 2_400)),
        (says(4, 14_000), most(14_000 + 2_400)),
        (says(5, 1_000), strictest()),
        (says(3, 1_000), strictest()),
        (BedSays { boot: Some(9), ..says(4, 13_000) }, strictest()),
        (BedSays { boot: None, ..says(4, 13_000) }, strictest()),
        (BedSays::default(), strictest()),
    ];
    for (said, charged) in cases {
        let place = tempfile::tempdir()?;
        let mut one = record(place.path());
        let (number, _) = one.begin_session(&at(0), "relief", true, &says(3, 0))?;
        assert!(one.journal(number, &at(600), &says(4, 12_000), &[])?);
        drop(one);
        let mut again = record(place.path());
        assert_eq!(again.settle(&at(10 * HOUR), &said)?, Some(number));
        assert_eq!(again.session_dose(number)?.most(), charged, "{said:?}");
        assert_eq!(again.settle(&at(10 * HOUR), &said)?, None);
        let line = &again.sessions()?[0];
        let latest = at(600 + 2460);
        assert_eq!((line.state, line.ended, &line.brief), (SessionStanding::Settled, Some(latest), &None));
        let next = again.begin_session(&at(10 * HOUR), "relief", true, &said)?;
        assert_eq!(next.1.since_last_s, Some((10 * HOUR - 3060) as f64));
        assert_eq!((next.1.sessions, next.1.sessions_today), (Some(0), Some(1)));
    }
    Ok(())
}

#[test]
fn a_course_is_read_without_whole_records() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut one = record(place.path());
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(0, 0))?;
    one.end_session(number, &at(1800), &says(1, 9_000), Some(&given()))?;
    one.tell_pain(number, Some(6.0), None)?;
    one.tell_pain(number, None, Some(3.0))?;
    one.tell_pain(number, Some(77.0), None)?;
    let line = one.sessions()?.remove(0);
    assert_eq!((line.pain_before, line.pain_after, line.dose_cem43), (Some(6.0), Some(3.0), 9.0));
    let brief = line.brief.expect("an end was written");
    assert_eq!(
        (brief.strokes, brief.log.as_deref(), brief.ended["how"].as_str()),
        (1, Some("one.mcap"), Some("complete"))
    );
    let (told, report) = one.session_record(number)?.expect("a record");
    assert_eq!((told["program"].as_str(), report), (Some("relief"), None));
    assert!(
        one.tell_pain(SessionNumber(9), None, None).is_err()
            && one.session_record(SessionNumber(9))?.is_none()
    );
    Ok(())
}

/// A record as schema 1 wrote it.
fn old_record(place: &Path) -> std::io::Result<PathBuf> {
    let folder = place.join("person-old");
    fs::create_dir(&folder)?;
    let old = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/records/schema-1.sqlite");
    fs::copy(old, folder.join("record.sqlite"))?;
    Ok(folder.join("record.sqlite"))
}

#[test]
fn a_record_of_schema_1_keeps_everything_and_can_hold_sessions() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    old_record(place.path())?;
    let store = Store::open(place.path())?;
    for _twice in 0..2 {
        let old = store.record("Anna of schema one")?;
        let diary = old.diary()?;
        assert_eq!(diary.days().map(|(day, _)| day.0).collect::<Vec<_>>(), [20_699, 20_701, 20_650]);
        assert_eq!(old.imports()?.len(), 1);
        let (on, findings) =
            old.latest::<care::Findings>(super::Kept::Interview, TODAY)?.expect("an interview");
        assert_eq!((on, findings.get("age_years")), (Day(20_700), Some(&care::Value::Number(54.0))));
        assert_eq!(old.kept::<Day>(super::Kept::StillTrue, Day(20_702))?, Some(Day(20_700)));
    }
    let mut old = store.record("Anna of schema one")?;
    assert!(old.sessions()?.is_empty());
    let (number, _) = old.begin_session(&at(0), "relief", true, &BedSays::default())?;
    assert_eq!(old.sessions()?[0].number, number);
    store.check()?;
    Ok(())
}

#[test]
fn a_migration_that_cannot_finish_changes_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let path = old_record(place.path())?;
    // Something of the last new table's name is in the way.
    rusqlite::Connection::open(&path)?.execute_batch("CREATE TABLE dose (odd)")?;
    assert!(matches!(Store::open(place.path())?.names(), Err(StoreError::Record { .. })));
    let tables: Vec<String> = rusqlite::Connection::open(&path)?
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    assert_eq!(tables, ["diary", "dose", "kept", "person"]);
    rusqlite::Connection::open(&path)?.execute_batch("DROP TABLE dose")?;
    assert_eq!(Store::open(place.path())?.names()?, ["Anna of schema one"]);
    let newer = rusqlite::Connection::open(&path)?;
    newer.pragma_update(None, "user_version", 99)?;
    let refused = Store::open(place.path())?.names().expect_err("a newer file").to_string();
    assert!(refused.contains("version 99") && refused.contains("1 to 2"), "{refused}");
    Ok(())
}

#[test]
fn the_house_counts_on_over_clock_changes_and_restarts() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    let clocks = |utc_s: i64, boot: &str, up_s: u64| Clocks { utc_s, zone_s: 0, boot: boot.to_owned(), up_s };
    let first = store.house()?.moment(&clocks(1_000_000, "a", 50))?;
    let count = |clocks: Clocks| -> Result<u64, StoreError> {
        let moment = store.house()?.moment(&clocks)?;
        assert_eq!(moment.house, first.house);
        Ok(moment.count_s)
    };
    assert_eq!(first.count_s, 0);
    assert_eq!(count(clocks(1_000_003, "a", 53))?, 3, "not worth writing");
    assert_eq!(count(clocks(9_000_004, "a", 54))?, 4, "the clock was set");
    assert_eq!(count(clocks(9_000_100, "a", 150))?, 100);
    assert_eq!(count(clocks(9_008_100, "b", 20))?, 8_100, "a night");
    assert_eq!(count(clocks(3_000, "c", 30))?, 8_130, "an empty battery: only this boot is sure");
    assert_eq!(count(clocks(3_001, "c", 10))?, 8_130, "odd clocks count nothing");
    Ok(())
}

#[test]
fn a_backup_is_a_store_and_an_export_holds_everything() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let root = place.path().join("data");
    let store = Store::open(&root)?;
    let counted = store.house()?.moment(&Clocks { utc_s: 5, zone_s: 0, boot: "a".to_owned(), up_s: 5 })?;
    let mut one = store.record_or_new("Planted Name 7391", TODAY)?;
    store.record_or_new("two", TODAY)?;
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(0, 0))?;
    one.end_session(number, &at(1800), &says(1, 9_000), Some(&given()))?;
    fs::write(one.logs()?.join("one.mcap"), "a log")?;
    fs::write(one.logs()?.join("two.mcap.part"), "half a log")?;
    let copy = place.path().join("copy");
    let copied = store.backup(&copy)?;
    assert_eq!((copied.people, copied.logs), (2, 1));
    assert!(matches!(store.backup(&copy), Err(StoreError::Occupied(_))));
    let restored = Store::open(&copy)?;
    restored.check()?;
    assert_eq!(restored.names()?, ["Planted Name 7391", "two"]);
    assert_eq!(restored.record("Planted Name 7391")?.sessions()?, one.sessions()?);
    let again = restored.house()?.moment(&Clocks { utc_s: 9, zone_s: 0, boot: "a".to_owned(), up_s: 9 })?;
    assert_eq!((again.house, again.count_s), (counted.house, 4));

    let export = place.path().join("export");
    one.export(&export)?;
    let text: serde_json::Value = serde_json::from_str(&fs::read_to_string(export.join("record.json"))?)?;
    assert_eq!(text["name"], "Planted Name 7391");
    assert_eq!(text["sessions"][0]["dose"][Level::L4.name()]["left"], 9.0);
    assert_eq!(text["sessions"][0]["record"]["program"], "relief");
    assert_eq!(fs::read_to_string(export.join("logs/one.mcap"))?, "a log");

    drop(one);
    let erased = store.erase("Planted Name 7391")?;
    assert!(erased.files >= 3, "record, journal and logs: {erased:?}");
    assert_eq!(super::tests::holding(&root, "Planted Name 7391"), 0);
    assert_eq!(super::tests::holding(&root, "log"), 0);
    Ok(())
}

#[test]
fn what_was_stopped_half_way_is_finished_or_cleared_away() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(place.path())?;
    store.record_or_new("one", TODAY)?;
    let leaving = place.path().join(".leaving-person-x");
    let coming = place.path().join(".coming-y");
    for folder in [&leaving, &coming] {
        fs::create_dir(folder)?;
        fs::write(folder.join("record.sqlite"), "half")?;
    }
    assert_eq!(Store::open(place.path())?.names()?, ["one"]);
    assert!(!leaving.exists() && coming.exists(), "what is young may still be coming");
    Ok(())
}

#[test]
fn a_dose_survives_the_way_through_the_file() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut one = record(place.path());
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(0, 0))?;
    let mut bed = says(1, 9_000);
    if let Some(dose) = &mut bed.dose {
        dose.right[20] = most(777);
        dose.mats.push(most(3_000)).map_err(|_| "room for a mat")?;
    }
    let charged = one.end_session(number, &at(1800), &bed, Some(&given()))?;
    assert_eq!(one.session_dose(number)?, charged);
    assert_eq!(charged.at(Level::T6, Side::Right), most(9_000), "without a scan everywhere");
    Ok(())
}

#[test]
fn a_session_in_short_tells_curve_and_tension_before_and_after() {
    let scan = |kyphosis: f64, ratios: [f64; 2]| {
        let figure = bed::Interval::normal(kyphosis, 2.0);
        let site = |ratio: f64| bed::Tension {
            level: Level::L4,
            side: Side::Left,
            ratio,
            lo90: ratio - 0.2,
            hi90: 2.0,
            tense: ratio > 1.2,
        };
        bed::SpineScan {
            levels: heapless::Vec::new(),
            length_t1_l5_mm: figure,
            kyphosis_deg: figure,
            lordosis_deg: figure,
            lateral_deviation_mm: figure,
            tension: ratios.into_iter().map(site).collect(),
        }
    };
    let (before, after) = (scan(40.0, [1.5, 1.1]), scan(38.0, [1.1, 1.0]));
    let brief = Brief::of_scans(Some(&before), Some(&after));
    assert_eq!(
        (brief.kyphosis_deg.before, brief.kyphosis_deg.after),
        (Some(before.kyphosis_deg), Some(after.kyphosis_deg))
    );
    assert_eq!(
        (brief.tension_mean.before, brief.tense_sites.before, brief.tense_sites.after),
        (Some(1.3), Some(1), Some(0))
    );
    let blind = bed::SpineScan { tension: heapless::Vec::new(), ..before };
    let brief = Brief::of_scans(Some(&blind), None);
    assert_eq!(
        (brief.tension_mean.before, brief.length_mm.after),
        (None, None),
        "what is not known is not zero"
    );
}

#[test]
fn a_backup_in_the_middle_of_a_session_holds_all_that_was_journaled_before()
-> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let store = Store::open(&place.path().join("data"))?;
    let mut one = store.record_or_new("one", TODAY)?;
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(0, 0))?;
    let journaled = std::sync::atomic::AtomicU32::new(0);
    std::thread::scope(|scope| -> Result<(), StoreError> {
        let writer = scope.spawn(|| -> Result<(), StoreError> {
            for second in 1..=60 {
                let dose = 30_000 + 100 * second;
                assert!(one.journal(number, &at(u64::from(second)), &says(1, dose), &[])?);
                journaled.store(dose, std::sync::atomic::Ordering::SeqCst);
            }
            Ok(())
        });
        for copy in 0..4 {
            let before = journaled.load(std::sync::atomic::Ordering::SeqCst);
            let folder = place.path().join(copy.to_string());
            store.backup(&folder)?;
            let copied = Store::open(&folder)?;
            copied.check()?;
            let charged = copied.record("one")?.session_dose(number)?.most().raw();
            assert!(charged >= before, "{charged} in the copy, {before} journaled before it");
        }
        writer.join().expect("the writer")
    })?;
    assert_eq!(one.session_dose(number)?.most(), most(36_000 + 2_400));
    Ok(())
}

#[test]
fn who_took_nothing_of_what_was_proposed_may_come_again_and_who_was_not_heard_of_may_not()
-> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let mut one = record(place.path());
    let alone = || Ending { scan_alone: true, ..Ending::default() };
    let (number, _) = one.begin_session(&at(0), "relief", true, &says(0, 0))?;
    one.end_session(number, &at(300), &says(1, 1_000), Some(&alone()))?;
    let now = one.history(&at(310))?;
    assert_eq!((now.sessions, now.sessions_today, now.since_last_s), (Some(0), Some(0), None));
    assert_eq!(now.dose_today_cem43, Some(1.0));
    // The same, but the bed was restarted and says nothing of it.
    let (number, _) = one.begin_session(&at(320), "relief", true, &says(1, 1_000))?;
    one.end_session(number, &at(600), &BedSays::default(), Some(&alone()))?;
    assert_eq!(one.history(&at(610))?.sessions_today, Some(1));
    Ok(())
}
