//! A diary as a FHIR bundle of type `collection`.
//!
//! What stands now is written: each item of the diary in its last version. What a person has corrected or
//! withdrawn does not leave the diary (the whole history is in its CSV text, `care::diary::to_csv`).
//!
//! | diary | resource |
//! |---|---|
//! | a day | Observation `diary-day` with strains as components, notes, and its members below |
//! | pain, sleep, sitting, activity, stress of a day | one Observation each |
//! | an episode of spasm | Condition, with an Observation of its worst pain as evidence |
//! | a session | Procedure, with Observations of the pain before and after |
//! | a Roland-Morris score | Observation |
//! | age, height, weight | one Observation each, dated with the day of the export |
//! | what was told, answers to the screening | QuestionnaireResponse, with its Questionnaire |
//!
//! The person is a Patient without a name: a diary knows none. Control letters in notes other than tab and
//! line ends, which FHIR forbids, are left out.

use care::diary::{DayRecord, Diary, Entry, Episode, Record, Session};
use care::{Answers, Day, Findings, Language, Person};
use serde::Serialize;
use serde_json::{Map, Number, Value, json};

use crate::codes::{self, extension, own};
use crate::element::{CodeableConcept, Coding, Extension, Quantity, Reference, note};
use crate::id::address;
use crate::own::{facts_form, findings_response, screening_form, screening_responses};
use crate::resource::{Bundle, BundleEntry, Component, Condition, Evidence, Observation, Period, Procedure};

/// What a person answered beside the diary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// What was told to the triage, and when.
    pub findings: Option<(Day, Findings)>,
    /// Answers to the screening table.
    pub answers: Answers,
}

/// What an export needs to know besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'a> {
    /// A name that no other diary has, as a UUID drawn once. The addresses of the resources are made of it,
    /// so that two exports of one diary name the same pain alike.
    pub diary: &'a str,
    /// The day of the export.
    pub today: Day,
    /// The language of the form of facts.
    pub language: Language,
}

/// The diary and what stands beside it as a bundle.
///
/// ```
/// use care::{Day, Language, Nprs, Person, diary::{DayRecord, Diary, Record}};
/// use fhir::{About, Answered};
///
/// let today = Day(20_779);
/// let mut diary = Diary::default();
/// let pain = Nprs::try_from(4).ok();
/// diary.write(today, today, Record::Day(DayRecord { pain, ..DayRecord::default() }))?;
/// let about = About { diary: "3f0c", today, language: Language::English };
/// let bundle = fhir::bundle(&Person::default(), &diary, &Answered::default(), &about);
/// let (records, not_taken) = fhir::read_bundle(&serde_json::to_string(&bundle)?, today)?;
/// assert_eq!((records.diary, not_taken), (diary, vec![]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn bundle(person: &Person, diary: &Diary, answered: &Answered, about: &About<'_>) -> Bundle {
    let mut writer = Writer { diary: about.diary, person: Reference::default(), entries: Vec::new() };
    let patient = json!({ "resourceType": "Patient" });
    writer.person = Reference::to(&writer.add("person", patient));
    writer.particulars(person, about.today);
    for entry in diary.current() {
        writer.item(entry);
    }
    writer.answered(answered, about.language);
    Bundle {
        resource_type: "Bundle".to_owned(),
        kind: "collection".to_owned(),
        entry: writer.entries,
        rest: Map::new(),
    }
}

struct Writer<'a> {
    diary: &'a str,
    person: Reference,
    entries: Vec<BundleEntry>,
}

impl Writer<'_> {
    /// Adds a resource under the address of its name, which it also carries as its identifier.
    fn add(&mut self, name: &str, resource: impl Serialize) -> String {
        let full_url = address(self.diary, name);
        let mut resource = serde_json::to_value(resource).expect("a resource is data");
        resource["identifier"] = json!([{ "system": "urn:ietf:rfc:3986", "value": full_url }]);
        self.entries.push(BundleEntry {
            full_url: Some(full_url.clone()),
            resource: Some(resource),
            rest: Map::new(),
        });
        full_url
    }

    fn observation(&self, code: CodeableConcept, day: Day) -> Observation {
        Observation {
            resource_type: "Observation".to_owned(),
            status: "final".to_owned(),
            category: vec![codes::hl7("observation-category", "survey")],
            code,
            subject: Some(self.person.clone()),
            effective_date_time: Some(day.to_string()),
            ..Observation::default()
        }
    }

    fn item(&mut self, entry: &Entry) {
        let name = format!("item/{}", entry.item);
        let written = vec![Extension::new(&extension("written"), "valueDate", json!(entry.written))];
        match &entry.record {
            Some(Record::Day(day)) => self.day(&name, entry.day, day, written),
            Some(Record::Episode(episode)) => self.episode(&name, entry.day, episode, written),
            Some(Record::Session(session)) => self.session(&name, entry.day, session, written),
            Some(Record::Roland(score)) => {
                let code = own("roland-morris", "Roland-Morris disability score, 0 to 24");
                let mut observation = self.observation(code, entry.day);
                observation.extension = written;
                observation.value_quantity = Some(score_of(u8::from(*score)));
                self.add(&name, observation);
            }
            None => {}
        }
    }

    fn day(&mut self, name: &str, day: Day, record: &DayRecord, written: Vec<Extension>) {
        let pain = codes::loinc(codes::PAIN, "pain-of-day", "Worst pain of the day, 0 to 10");
        let sleep = codes::loinc(codes::SLEEP, "sleep", "Sleep of the night that ended on this day");
        let rating = |value: Option<care::Nprs>| value.map(|value| score_of(u8::from(value)));
        let members = [
            (pain, rating(record.pain)),
            (sleep, record.sleep_min.map(minutes_of)),
            (own("sitting", "Sitting over the day"), record.sitting_min.map(minutes_of)),
            (
                own("activity", "Activity of at least a brisk walk over the day"),
                record.activity_min.map(minutes_of),
            ),
            (own("stress", "Stress of the day, 0 to 10"), rating(record.stress)),
        ];
        let mut has_member = Vec::new();
        for (index, (code, value)) in members.into_iter().enumerate() {
            if value.is_some() {
                let mut member = self.observation(code, day);
                member.value_quantity = value;
                has_member.push(Reference::to(&self.add(&format!("{name}/{index}"), member)));
            }
        }
        let strain = |(name, yes): (&String, &bool)| Component {
            code: CodeableConcept::new(vec![Coding::new(codes::OWN, "strain", "Strain of the day")], name),
            value_boolean: Some(*yes),
            rest: Map::new(),
        };
        let mut panel = self.observation(own("diary-day", "A day of the diary"), day);
        panel.extension = written;
        panel.has_member = has_member;
        panel.component = record.strains.iter().map(strain).collect();
        panel.note = note(&record.notes);
        self.add(name, panel);
    }

    fn episode(&mut self, name: &str, day: Day, episode: &Episode, mut written: Vec<Extension>) {
        let code = codes::loinc(codes::PAIN, "pain-of-episode", "Worst pain of the episode, 0 to 10");
        let mut pain = self.observation(code, day);
        pain.effective_date_time = None;
        pain.effective_period = Some(Period {
            start: Some(day.to_string()),
            end: episode.last.map(|last| last.to_string()),
            rest: Map::new(),
        });
        pain.focus = vec![Reference::to(&address(self.diary, name))];
        pain.value_quantity = Some(score_of(u8::from(episode.pain)));
        let pain = Reference::to(&self.add(&format!("{name}/pain"), pain));

        let mut code = own("spasm-episode", "Episode of muscle spasm, as told by the person");
        if episode.places.iter().any(|place| codes::is_back(*place)) {
            code.coding.push(Coding::new(codes::ICD_10_CM, codes::SPASM_OF_BACK, "Muscle spasm of back"));
        }
        if let Some(radiating) = episode.radiating {
            written.push(Extension::new(&extension("radiating"), "valueBoolean", json!(radiating)));
        }
        let believed =
            |name: &String| Extension::new(&extension("believed-cause"), "valueString", json!(name));
        written.extend(episode.set_off_by.iter().map(believed));
        let place = |place: &care::diary::Place| {
            let name = codes::place_name(*place);
            own(&format!("place-{name}"), &name.replace('_', " "))
        };
        let status = if episode.last.is_some() { "resolved" } else { "active" };
        let condition = Condition {
            resource_type: "Condition".to_owned(),
            extension: written,
            clinical_status: Some(codes::hl7("condition-clinical", status)),
            verification_status: Some(codes::hl7("condition-ver-status", "unconfirmed")),
            code: Some(code),
            body_site: episode.places.iter().map(place).collect(),
            subject: Some(self.person.clone()),
            onset_date_time: Some(day.to_string()),
            abatement_date_time: episode.last.map(|last| last.to_string()),
            evidence: vec![Evidence { detail: vec![pain], rest: Map::new() }],
            note: note(&episode.notes),
            ..Condition::default()
        };
        self.add(name, condition);
    }

    fn session(&mut self, name: &str, day: Day, session: &Session, mut written: Vec<Extension>) {
        let length = minutes_of(session.minutes);
        written.push(Extension::new(&extension("length"), "valueDuration", json!(length)));
        let procedure = Procedure {
            resource_type: "Procedure".to_owned(),
            extension: written,
            status: "completed".to_owned(),
            code: Some(CodeableConcept::new(
                vec![Coding::new(codes::OWN, "session", "Session on the bed, or a massage by hand")],
                &session.program,
            )),
            subject: Some(self.person.clone()),
            performed_date_time: Some(day.to_string()),
            note: note(&session.notes),
            ..Procedure::default()
        };
        let procedure = Reference::to(&self.add(name, procedure));
        for (when, pain) in [("before", session.pain_before), ("after", session.pain_after)] {
            let Some(pain) = pain else { continue };
            let words = format!("Pain {when} the session, 0 to 10");
            let code = codes::loinc(codes::PAIN, &format!("pain-{when}-session"), &words);
            let mut observation = self.observation(code, day);
            observation.part_of = vec![procedure.clone()];
            observation.value_quantity = Some(score_of(u8::from(pain)));
            self.add(&format!("{name}/{when}"), observation);
        }
    }

    fn particulars(&mut self, person: &Person, today: Day) {
        let plain = |(code, words): (&str, &str)| {
            CodeableConcept::new(vec![Coding::new(crate::element::LOINC, code, words)], words)
        };
        for (name, code, category, value, unit, ucum) in [
            ("age", codes::AGE, "social-history", person.age_years, "years", "a"),
            ("height", codes::HEIGHT, "vital-signs", person.stature_mm.map(|mm| mm / 10.0), "cm", "cm"),
            ("weight", codes::WEIGHT, "vital-signs", person.mass_kg, "kg", "kg"),
        ] {
            // A number that is none is not known, and is not written.
            let Some(value) = value.and_then(Number::from_f64) else { continue };
            let mut observation = self.observation(plain(code), today);
            observation.category = vec![codes::hl7("observation-category", category)];
            observation.value_quantity = Some(Quantity::ucum(value, unit, ucum));
            self.add(name, observation);
        }
    }

    fn answered(&mut self, answered: &Answered, language: Language) {
        let subject = Some(self.person.clone());
        if let Some((day, findings)) = &answered.findings {
            let form = facts_form(language);
            let mut sheet = findings_response(&form, findings, *day);
            sheet.subject.clone_from(&subject);
            self.add("form/facts", form);
            self.sheet("facts", &sheet);
        }
        let form = screening_form(language);
        let sheets = screening_responses(&form, &answered.answers);
        if !sheets.is_empty() {
            self.add("form/screening", form);
        }
        for mut sheet in sheets {
            sheet.subject.clone_from(&subject);
            let day = sheet.authored.clone().unwrap_or_default();
            self.sheet(&format!("screening/{day}"), &sheet);
        }
    }

    /// An answered sheet has one identifier, where other resources have a list of them.
    fn sheet(&mut self, name: &str, sheet: &impl Serialize) {
        self.add(name, sheet);
        if let Some(resource) = self.entries.last_mut().and_then(|entry| entry.resource.as_mut()) {
            let identifier = resource["identifier"][0].take();
            resource["identifier"] = identifier;
        }
    }
}

fn score_of(value: u8) -> Quantity {
    Quantity::ucum(Number::from(value), "score", "{score}")
}

fn minutes_of(value: u16) -> Quantity {
    Quantity::ucum(Number::from(value), "min", "min")
}

/// A bundle as indented JSON text.
impl core::fmt::Display for Bundle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let value: Value = serde_json::to_value(self).map_err(|_| core::fmt::Error)?;
        write!(f, "{value:#}")
    }
}
