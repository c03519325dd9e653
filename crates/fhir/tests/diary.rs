//! The diary as a bundle and back.

use care::diary::{DayRecord, Diary, Episode, Place, Record, Session};
use care::{Day, Findings, Language, Nprs, Person, Roland, Value as Told};
use fhir::{About, Answered, Bundle, FhirError, NotTaken, Records, bundle, read_bundle};
use proptest::prelude::*;
use serde_json::{Value, json};

const TODAY: Day = Day(20_779);
const ABOUT: About<'_> = About { diary: "test", today: TODAY, language: Language::English };
const PLACES: [Place; 15] = [
    Place::Neck,
    Place::Shoulder,
    Place::UpperBack,
    Place::LowerBackRibs,
    Place::LowerBack,
    Place::Sacrum,
    Place::Buttock,
    Place::Chest,
    Place::Abdomen,
    Place::Arm,
    Place::Hand,
    Place::Thigh,
    Place::Calf,
    Place::Foot,
    Place::Elsewhere,
];

fn rating(value: u8) -> Nprs {
    Nprs::try_from(value).expect("a rating of the test")
}

fn maybe<T>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>>
where
    T: Clone + core::fmt::Debug,
{
    prop::option::of(of)
}

/// Words of a person: no control letters but line ends, which FHIR forbids.
fn notes() -> impl Strategy<Value = String> {
    "([^\\p{Cc}]|\n|\r|\t){0,40}"
}

fn name() -> impl Strategy<Value = String> {
    "[^\\p{Cc}]{1,60}"
}

fn record(day: Day) -> impl Strategy<Value = Record> {
    let rating = || (0_u8..=10).prop_map(rating);
    let minutes = || 0_u16..=1440;
    let strains = prop::collection::btree_map(name(), any::<bool>(), 0..4);
    let of_day = (
        maybe(rating()),
        maybe(minutes()),
        maybe(minutes()),
        maybe(minutes()),
        maybe(rating()),
        strains,
        notes(),
    )
        .prop_map(|(pain, sleep_min, sitting_min, activity_min, stress, strains, notes)| {
            Record::Day(DayRecord { pain, sleep_min, sitting_min, activity_min, stress, strains, notes })
        });
    let places = prop::collection::btree_set(prop::sample::select(PLACES.to_vec()), 0..4);
    let causes = prop::collection::btree_set(name(), 0..3);
    let last = maybe((day.0..=TODAY.0).prop_map(Day));
    let episode = (last, rating(), places, maybe(any::<bool>()), causes, notes()).prop_map(
        |(last, pain, places, radiating, set_off_by, notes)| {
            Record::Episode(Episode { last, pain, places, radiating, set_off_by, notes })
        },
    );
    let session = (name(), minutes(), maybe(rating()), maybe(rating()), notes()).prop_map(
        |(program, minutes, pain_before, pain_after, notes)| {
            Record::Session(Session { program, minutes, pain_before, pain_after, notes })
        },
    );
    let roland = (0_u8..=24).prop_map(|score| Record::Roland(Roland::try_from(score).expect("a score")));
    prop_oneof![of_day, episode, session, roland]
}

/// Diaries with every kind of entry, corrected and withdrawn here and there.
fn diaries() -> impl Strategy<Value = Diary> {
    let entry = (0_u32..400, 0_u32..3, 0_u8..8).prop_flat_map(|(back, late, then)| {
        let day = Day(TODAY.0 - back);
        (Just((day, late, then)), record(day), record(day))
    });
    prop::collection::vec(entry, 0..25).prop_map(|mut entries| {
        entries.sort_by_key(|((day, ..), ..)| *day);
        let mut diary = Diary::default();
        for ((day, late, then), record, other) in entries {
            // The test diary is written up late, so that days and days of writing differ.
            let written = Day(TODAY.0 - 3 + late)
                .max(diary.entries().last().map_or(Day(0), |last| last.written))
                .max(day);
            let Ok(item) = diary.write(written, day, record) else { continue };
            match then {
                0 => drop(diary.withdraw(item, written)),
                1 => drop(diary.correct(item, written, day, other)),
                _ => {}
            }
        }
        diary
    })
}

fn round_trip(person: &Person, diary: &Diary, answered: &Answered) -> (Records, Vec<NotTaken>) {
    let text = bundle(person, diary, answered, &ABOUT).to_string();
    read_bundle(&text, TODAY).expect("an own export")
}

/// What stands in a diary, by the day of writing.
fn standing(diary: &Diary) -> Vec<(Day, Day, Record)> {
    let mut entries: Vec<_> = diary
        .current()
        .map(|entry| (entry.written, entry.day, entry.record.clone().expect("what stands has a record")))
        .collect();
    entries.sort_by_key(|(written, ..)| *written);
    entries
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_diary_comes_back_without_loss(diary in diaries()) {
        let (records, not_taken) = round_trip(&Person::default(), &diary, &Answered::default());
        prop_assert_eq!(not_taken, vec![]);
        prop_assert_eq!(standing(&records.diary), standing(&diary));
        if standing(&diary).len() == diary.entries().len() {
            prop_assert_eq!(records.diary, diary);
        }
    }

    #[test]
    fn any_person_and_any_answers_come_back(
        age in maybe(0.0_f64..110.0), mm in maybe(500_u32..25_000), mass in maybe(1_u32..3000), seed: u64,
        told in prop::collection::btree_map(0_usize..200, 0_usize..1000, 0..60),
    ) {
        let tenth = |value: Option<u32>| value.map(|value| f64::from(value) / 10.0);
        let age = age.map(|age| (age * 100.0).round() / 100.0);
        let person = Person { age_years: age, stature_mm: tenth(mm), mass_kg: tenth(mass) };
        let mut findings = Findings::new();
        for (which, value) in told {
            let fact = &care::facts::facts()[which % care::facts::facts().len()];
            let told = match &fact.kind {
                care::Kind::YesNo => Told::YesNo(value % 2 == 0),
                care::Kind::Number { min, max, .. } => Told::Number(min + (max - min) * value as f64 / 999.0),
                care::Kind::Choice(of) => Told::Choice(of[value % of.len()].id.clone()),
                care::Kind::Many(of) => Told::Many(of.iter().take(value % 3).map(|one| one.id.clone()).collect()),
            };
            findings.set(&fact.id, told).expect("fits the fact");
        }
        let mut answers = care::draw_answers(seed, Day(TODAY.0 - 1));
        answers.set("diabetes", care::Answer::YesClearedByDoctor, TODAY).expect("known");
        let answered = Answered { findings: Some((TODAY, findings)), answers };
        let (records, not_taken) = round_trip(&person, &Diary::default(), &answered);
        prop_assert_eq!(not_taken, vec![]);
        prop_assert_eq!(records, Records { person, diary: Diary::default(), answered });
    }

    /// Whatever a single broken place does, nothing panics and nothing is lost without a word.
    #[test]
    fn a_bundle_with_a_broken_place_is_read_or_refused_in_one_line(at in 0_usize..20_000, with in "[\\[\\]{}\",:0-9a-z]{1,2}") {
        let mut text: Vec<char> = bundle(&Person::new(45.0, 1720.0, 74.0), &small(), &Answered::default(), &ABOUT)
            .to_string().chars().collect();
        let at = at % text.len();
        text.splice(at..at, with.chars());
        let text: String = text.into_iter().collect();
        match read_bundle(&text, TODAY) {
            Ok((_, not_taken)) => prop_assert!(not_taken.iter().all(|left| !left.to_string().contains('\n'))),
            Err(error) => prop_assert!(!error.to_string().contains('\n'), "{error}"),
        }
    }
}

fn small() -> Diary {
    let mut diary = Diary::default();
    let day = DayRecord {
        pain: Some(rating(4)),
        sleep_min: Some(400),
        strains: [("lifting".to_owned(), true)].into(),
        ..DayRecord::default()
    };
    diary.write(TODAY, Day(TODAY.0 - 2), Record::Day(day)).expect("a day");
    let episode = Episode {
        last: Some(TODAY),
        pain: rating(7),
        places: [Place::LowerBack].into(),
        radiating: Some(false),
        set_off_by: ["lifting".to_owned()].into(),
        notes: "It \"locked\".".to_owned(),
    };
    diary.write(TODAY, Day(TODAY.0 - 1), Record::Episode(episode)).expect("an episode");
    let session = Session {
        program: "relief".to_owned(),
        minutes: 20,
        pain_before: Some(rating(6)),
        pain_after: Some(rating(3)),
        notes: String::new(),
    };
    diary.write(TODAY, TODAY, Record::Session(session)).expect("a session");
    diary
}

fn resources<'a>(bundle: &'a Bundle, kind: &str) -> Vec<&'a Value> {
    let all = bundle.entry.iter().filter_map(|entry| entry.resource.as_ref());
    all.filter(|resource| resource["resourceType"] == kind).collect()
}

#[test]
fn a_clinic_finds_pain_under_its_loinc_code_and_an_episode_that_nobody_confirmed() {
    let bundle = bundle(&Person::default(), &small(), &Answered::default(), &ABOUT);
    let pains: Vec<&Value> = resources(&bundle, "Observation")
        .into_iter()
        .filter(|resource| resource["code"]["coding"][0]["code"] == "72514-3")
        .collect();
    let values: Vec<&Value> = pains.iter().map(|pain| &pain["valueQuantity"]["value"]).collect();
    assert_eq!(values, [4, 7, 6, 3]);
    assert!(pains.iter().all(|pain| pain["valueQuantity"]["code"] == "{score}"));
    let [episode] = resources(&bundle, "Condition")[..] else { panic!("one episode") };
    assert_eq!(episode["verificationStatus"]["coding"][0]["code"], "unconfirmed");
    assert_eq!(episode["clinicalStatus"]["coding"][0]["code"], "resolved");
    assert_eq!(episode["code"]["coding"][1]["code"], "M62.830");
}

#[test]
fn a_spasm_elsewhere_gets_no_code_of_the_back() {
    let mut diary = Diary::default();
    let episode = Episode {
        last: None,
        pain: rating(7),
        places: [Place::Calf].into(),
        radiating: None,
        set_off_by: [].into(),
        notes: String::new(),
    };
    diary.write(TODAY, TODAY, Record::Episode(episode)).expect("an episode");
    let bundle = bundle(&Person::default(), &diary, &Answered::default(), &ABOUT);
    assert!(!bundle.to_string().contains("M62"));
    assert_eq!(resources(&bundle, "Condition")[0]["clinicalStatus"]["coding"][0]["code"], "active");
}

#[test]
fn what_was_withdrawn_or_corrected_does_not_leave_the_diary() {
    let mut diary = Diary::default();
    let day = |notes: &str| Record::Day(DayRecord { notes: notes.to_owned(), ..DayRecord::default() });
    let withdrawn = diary.write(TODAY, Day(TODAY.0 - 1), day("secret")).expect("a day");
    let corrected = diary.write(TODAY, TODAY, day("wrong")).expect("a day");
    diary.withdraw(withdrawn, TODAY).expect("it is there");
    diary.correct(corrected, TODAY, TODAY, day("right")).expect("it is there");
    let text = bundle(&Person::default(), &diary, &Answered::default(), &ABOUT).to_string();
    assert!(text.contains("right") && !text.contains("wrong") && !text.contains("secret"));
}

#[test]
fn the_same_thing_has_the_same_address_in_the_next_export_and_every_reference_is_kept() {
    let mut diary = small();
    let urls = |diary: &Diary| -> Vec<String> {
        let bundle = bundle(&Person::new(45.0, 1720.0, 74.0), diary, &Answered::default(), &ABOUT);
        bundle.entry.iter().filter_map(|entry| entry.full_url.clone()).collect()
    };
    let first = urls(&diary);
    let roland = Record::Roland(Roland::try_from(9).expect("a score"));
    diary.write(TODAY, TODAY, roland).expect("a score");
    let second = urls(&diary);
    assert_eq!(second[..first.len()], first[..]);
    let text = bundle(&Person::default(), &diary, &Answered::default(), &ABOUT).to_string();
    for reference in text.split("\"reference\": \"").skip(1) {
        let address = reference.split('"').next().expect("an end");
        assert!(second.iter().any(|url| url == address), "{address}");
    }
}

#[test]
fn who_was_only_drawn_stays_marked_as_simulated() {
    let answered = Answered { findings: None, answers: care::draw_answers(7, TODAY) };
    let bundle = bundle(&Person::default(), &Diary::default(), &answered, &ABOUT);
    let [sheet] = resources(&bundle, "QuestionnaireResponse")[..] else { panic!("one sheet") };
    assert_eq!(sheet["meta"]["security"][0]["code"], "HTEST");
    let (records, _) = read_bundle(&bundle.to_string(), TODAY).expect("an own export");
    assert!(records.answered.answers.is_simulated());
}

/// A foreign bundle of these resources, with addresses `http://clinic/Kind/number`.
fn clinic(resources: Value) -> String {
    let entries: Vec<Value> = resources
        .as_array()
        .expect("a list")
        .iter()
        .enumerate()
        .map(|(number, resource)| {
            let kind = resource["resourceType"].as_str().unwrap_or("None");
            json!({ "fullUrl": format!("http://clinic/{kind}/{number}"), "resource": resource })
        })
        .collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "total": entries.len(), "entry": entries })
        .to_string()
}

fn pain(day: &str, value: Value) -> Value {
    let mut pain = json!({
        "resourceType": "Observation", "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "72514-3" }] },
        "effectiveDateTime": day
    });
    pain.as_object_mut().expect("an object").extend(value.as_object().expect("an object").clone());
    pain
}

#[test]
fn a_foreign_bundle_gives_what_the_diary_knows_and_names_the_rest() {
    let score = |value: i64| json!({ "valueInteger": value });
    let text = clinic(json!([
        { "resourceType": "Patient", "id": "1", "birthDate": "1970-01-01" },
        pain("2026-11-20T09:00:00+01:00", json!({ "valueInteger": 3, "performer": [{ "display": "a nurse" }] })),
        pain("2026-11-20", score(6)),
        pain("2026-11-19", score(11)),
        pain("2026-11-23", score(5)),
        pain("2026-11", score(5)),
        pain("2026-11-18", json!({ "valueInteger": 5, "status": "entered-in-error" })),
        pain("2026-11-18", json!({ "valueInteger": 5, "modifierExtension": [{ "url": "a", "valueBoolean": true }] })),
        pain("2026-11-18", json!({ "dataAbsentReason": { "text": "asleep" } })),
        { "resourceType": "Observation", "status": "final",
          "code": { "coding": [{ "system": "http://loinc.org", "code": "93832-4" }] },
          "effectivePeriod": { "start": "2026-11-20T23:00:00Z", "end": "2026-11-21T06:00:00Z" },
          "valueQuantity": { "value": 6.5, "system": "http://unitsofmeasure.org", "code": "h" } },
        { "resourceType": "Observation", "status": "final",
          "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] } },
        { "resourceType": "Condition", "subject": { "reference": "Patient/0" }, "onsetDateTime": "2026-11-01",
          "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M62.830" }] } },
        { "resourceType": "MedicationStatement", "status": "active" },
        { "resourceType": "Observation", "status": 7 },
        3
    ]));
    let (records, not_taken) = read_bundle(&text, TODAY).expect("a bundle");
    let days: Vec<(String, Option<u8>, Option<u16>)> = records
        .diary
        .days()
        .map(|(day, record)| (day.to_string(), record.pain.map(u8::from), record.sleep_min))
        .collect();
    assert_eq!(days, [("2026-11-20".to_owned(), Some(6), None), ("2026-11-21".to_owned(), None, Some(390))]);
    let left: Vec<String> = not_taken.iter().map(ToString::to_string).collect();
    for what in [
        "Patient http://clinic/Patient/0, birthDate: a diary has no place for it",
        "Observation http://clinic/Observation/1, performer",
        "Observation/2: of 3 and 6 on 2026-11-20 the worse one is kept",
        "Observation/3: 11 is outside 0 to 10",
        "Observation/4: 2026-11-23 has not come yet",
        "Observation/5: \"2026-11\" names no single day",
        "Observation/6: its status is entered-in-error",
        "Observation/7: it has a modifier",
        "Observation/8: it has no value",
        "Observation/10: a diary has no place for it",
        "Condition/11: it names no pain from 0 to 10",
        "MedicationStatement/12: a diary has no place for it",
        "Observation/13: it is not of the form of R4",
        "http://clinic/None/14: it holds no resource",
    ] {
        assert!(left.iter().any(|line| line.contains(what)), "{what} is not in {left:#?}");
    }
    assert_eq!(left.len(), 14, "{left:#?}");
}

#[test]
fn a_page_of_a_longer_answer_says_so() {
    let text = json!({ "resourceType": "Bundle", "type": "searchset",
        "link": [{ "relation": "next", "url": "http://clinic/2" }] });
    let (_, not_taken) = read_bundle(&text.to_string(), TODAY).expect("a bundle");
    assert_eq!(not_taken.len(), 1);
    assert!(not_taken[0].why.contains("further pages"));
}

#[test]
fn a_foreign_episode_is_taken_with_the_pain_that_it_names() {
    let mut evidence = pain("2026-11-01", json!({ "valueInteger": 8 }));
    evidence["subject"] = json!({ "reference": "http://clinic/Patient/0" });
    let text = clinic(json!([
        { "resourceType": "Patient" },
        evidence,
        { "resourceType": "Condition", "subject": { "reference": "Patient/0" }, "onsetDateTime": "2026-11-01",
          "recorder": { "display": "a doctor" }, "evidence": [{ "detail": [{ "reference": "Observation/1" }] }],
          "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M62.830" }],
                    "text": "after a fall" } }
    ]));
    let (records, not_taken) = read_bundle(&text, TODAY).expect("a bundle");
    let episodes: Vec<_> = records.diary.episodes().collect();
    assert_eq!(episodes.len(), 1);
    assert_eq!((episodes[0].0.to_string().as_str(), episodes[0].1.pain), ("2026-11-01", rating(8)));
    assert_eq!(records.diary.days().count(), 0, "the pain of the episode is no pain of a day");
    let left: Vec<&str> =
        not_taken.iter().map(|left| left.at.rsplit(' ').next().unwrap_or_default()).collect();
    assert_eq!(left, ["effectiveDateTime", "code", "recorder"]);
}

#[test]
fn what_is_no_bundle_of_one_person_is_refused_in_one_line() {
    let two = clinic(json!([
        pain("2026-11-20", json!({ "valueInteger": 3, "subject": { "reference": "Patient/1" } })),
        pain("2026-11-20", json!({ "valueInteger": 3, "subject": { "reference": "Patient/2" } })),
    ]));
    assert_eq!(read_bundle(&two, TODAY).expect_err("two people"), FhirError::People(2));
    let numbers = clinic(json!([
        pain("2026-11-20", json!({ "valueInteger": 3, "subject": { "identifier": { "value": "1" } } })),
        pain("2026-11-20", json!({ "valueInteger": 3, "subject": { "identifier": { "value": "2" } } })),
    ]));
    assert_eq!(read_bundle(&numbers, TODAY).expect_err("two people"), FhirError::People(2));
    for (text, what) in [
        ("{", "no JSON"),
        ("{}", "no FHIR resource"),
        ("{\"resourceType\":\"Patient\"}", "a Bundle is wanted"),
        ("{\"resourceType\":\"Bundle\"}", "missing field `type`"),
        ("{\"resourceType\":\"Bundle\",\"type\":\"history\"}", "history"),
        ("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":7}", "invalid type"),
    ] {
        let error = read_bundle(text, TODAY).expect_err(what).to_string();
        assert!(error.contains(what) && !error.contains('\n'), "{error}");
    }
}
