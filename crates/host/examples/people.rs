//! Puts people into a folder of records whom a browser's stories and the pictures of the documentation need:
//! `cargo run -p host --example people -- DIR`.
//!
//! *Ada* has a diary of 60 days and nine sessions on the twin, and her pain fell; *Yusuf* was asked everything
//! yesterday and said yes to one thing that only softens. Both are drawn: nobody's record is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use bed::{Interval, SpineScan};
use care::ask::next_screen;
use care::diary::{DayRecord, Record as Entry};
use care::facts::fact;
use care::scores::{Nprs, Roland};
use care::{Answer, Day, Findings, Kind, Person, Value};
use host::bed_today::{BedToday, Reply, Stage};
use host::clock::today;
use host::day::Moment;
use host::dose::BedSays;
use host::planner::Planner;
use host::store::{Brief, Ending, Record, Store};
use serde_json::{Value as Json, json};

/// Days of the diary, and days between two sessions.
const DAYS: u32 = 60;
const BETWEEN: u32 = 7;
/// Pain of a week's days in the diary, week by week.
const PAIN: [u8; 9] = [7, 7, 6, 6, 5, 4, 4, 3, 3];
/// What the scan of each session found: kyphosis and lordosis, degrees, and mean tension over what is expected.
const FOUND: [(f64, f64, f64); 9] = [
    (41.0, 33.0, 1.22),
    (42.5, 31.5, 1.19),
    (40.0, 34.0, 1.21),
    (41.5, 32.0, 1.16),
    (43.0, 33.5, 1.14),
    (40.5, 31.0, 1.12),
    (42.0, 32.5, 1.10),
    (41.0, 34.5, 1.09),
    (42.0, 33.0, 1.07),
];
const LEVELS: [&str; 17] =
    ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of the records")?;
    let store = Store::open(Path::new(&folder))?;
    course(&store, "Ada")?;
    cleared(&store, "Yusuf", Day(today().0 - 1))
}

/// A diary and sessions whose pain fell while the spine's shape stayed.
fn course(store: &Store, name: &str) -> Result<(), Box<dyn Error>> {
    let first = today().0 - DAYS;
    let mut record = store.record_or_new(name, Day(first))?;
    record.write(|diary| {
        for (day, index) in (first..).zip(0..DAYS) {
            let pain = Nprs::try_from(PAIN[(index / BETWEEN) as usize]).ok();
            diary.write(today(), Day(day), Entry::Day(DayRecord { pain, ..DayRecord::default() }))?;
        }
        for (day, score) in [(first, 14), (today().0 - 1, 6)] {
            diary.write(today(), Day(day), Entry::Roland(Roland::try_from(score).expect("0 to 24")))?;
        }
        Ok(())
    })?;
    for (number, found) in (0_u32..).zip(FOUND) {
        session(&mut record, first + BETWEEN * number, number, found)?;
    }
    Ok(())
}

fn session(
    record: &mut Record,
    day: u32,
    number: u32,
    (kyphosis, lordosis, tension): (f64, f64, f64),
) -> Result<(), Box<dyn Error>> {
    let moment = |seconds: u32| Moment {
        utc_s: i64::from(day) * 86_400 + 30_000 + i64::from(seconds),
        zone_s: 0,
        count_s: u64::from(number * BETWEEN * 86_400 + seconds),
        house: 1,
    };
    let told = json!({ "program": "relief", "scan": found(kyphosis, lordosis, tension) });
    let scan: SpineScan = serde_json::from_value(told["scan"].clone())?;
    let (session, _) = record.begin_session(&moment(0), "relief", true, &BedSays::default())?;
    let brief = Brief { minutes: Some(31.0), strokes: 14, ..Brief::of_scans(Some(&scan), None) };
    let ending = Ending { record: told, brief, ..Ending::default() };
    record.end_session(session, &moment(1900), &BedSays::default(), Some(&ending))?;
    let pain = f64::from(PAIN[number as usize]);
    record.tell_pain(session, Some(pain), Some(pain - 2.0))?;
    Ok(())
}

/// A scan as a session keeps it, with the spine that such angles make.
fn found(kyphosis: f64, lordosis: f64, tension: f64) -> Json {
    let around = |value: f64, half: f64| Interval { value, lo90: value - half, hi90: value + half };
    let bend = |index: f64, from: f64, over: f64| (std::f64::consts::PI * (index - from) / over).sin();
    let levels: Vec<Json> = LEVELS
        .iter()
        .zip(0_u32..)
        .map(|(level, index)| {
            let index = f64::from(index);
            let z = if index < 11.0 {
                88.0 - 0.6 * kyphosis * bend(index, 0.0, 11.0)
            } else {
                88.0 + 0.6 * lordosis * bend(index, 11.0, 6.0)
            };
            json!({ "level": level, "x_mm": 500.0 + 26.0 * index, "y_mm": 2.0, "z_mm": z,
                "sd_x_mm": 5.0, "sd_y_mm": 2.0, "sd_z_mm": 4.0 })
        })
        .collect();
    let sites = ["T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"];
    let tensions: Vec<Json> = sites
        .iter()
        .zip(0_u32..)
        .flat_map(|(level, index)| {
            let ratio = tension + 0.02 * f64::from(index % 3);
            ["left", "right"].map(|side| {
                json!({ "level": level, "side": side, "ratio": ratio, "lo90": ratio - 0.2, "hi90": ratio + 0.2 })
            })
        })
        .collect();
    json!({
        "levels": levels, "length_t1_l5_mm": around(416.0, 6.0), "kyphosis_deg": around(kyphosis, 6.0),
        "lordosis_deg": around(lordosis, 7.0), "lateral_deviation_mm": around(-2.0, 7.0), "tension": tensions,
    })
}

/// Somebody with an everyday strain who was asked everything on a day, and may use the bed.
fn cleared(store: &Store, name: &str, day: Day) -> Result<(), Box<dyn Error>> {
    Planner::new(store.clone(), name.to_owned(), day).begin(&everyday())?;
    let desk = BedToday::new(store.clone(), name.to_owned(), day);
    let Stage::Ask(ask) = desk.stage()? else { return Err("there is nothing to be asked".into()) };
    let mut reply = Reply { person: Person::new(35.0, 1720.0, 74.0), ..Reply::default() };
    reply.rows = BTreeMap::from_iter(ask.open.questions.iter().map(|row| {
        let answer = if row.id == "poor_circulation" { Answer::Yes } else { Answer::No };
        (row.id.clone(), answer)
    }));
    for id in &ask.open.facts {
        let value = match &fact(id).ok_or("a fact that nobody knows")?.kind {
            Kind::YesNo => Value::YesNo(false),
            _ => Value::Many(BTreeSet::new()),
        };
        reply.facts.set(id, value)?;
    }
    desk.keep(&reply)?;
    match desk.stage()? {
        Stage::Said(said) if said.summary.verdict != care::Verdict::Refuse => Ok(()),
        other => Err(format!("the bed is not free: {other:?}").into()),
    }
}

/// What an adult with a strain of the lower back since the day before tells.
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
                Kind::Many(_) => Value::Many(BTreeSet::new()),
            };
            told.set(row.id, value).expect("a fitting answer");
        }
    }
    told
}
