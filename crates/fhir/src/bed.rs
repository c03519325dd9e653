//! Sessions as a bed recorded them, added to the bundle of a diary.
//!
//! | session | resource |
//! |---|---|
//! | a session | Procedure `bed-session`, in words and with the project's own code |
//! | heat dose | Observation `heat-dose`, part of it |
//! | length, curve and tension before and after | one Observation each, part of it |
//!
//! No code of others says what a bed finds under rollers on a person who lies on it: LOINC's and SNOMED's angles of
//! the spine are taken from X-rays of people who stand. So each has the project's own code, and a text that says how
//! it was measured and that it is no Cobb angle. The interval that holds the truth nine times in ten is an extension
//! (`interval-90`); a reference range would be something else. What was given on a twin is marked as test data
//! (HL7 v3 `HTEST`) and says so in a note.
//!
//! Pain before and after is the diary's ([`crate::bundle`]), and does not stand here a second time.

use serde_json::{Number, Value, json};

use crate::codes::{self, extension, own};
use crate::element::{Quantity, Reference};
use crate::id::address;
use crate::resource::{Bundle, BundleEntry};

/// What a scan measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// T1 to the last lumbar body, mm.
    Length,
    /// Degrees.
    Kyphosis,
    /// Degrees.
    Lordosis,
    /// Largest deviation sideways, left positive, mm.
    Lateral,
    /// Mean stiffness over what is expected.
    Tension,
}

impl Measured {
    fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "lying-length-t1-l5",
                "Length of the line through estimated vertebral body centres, T1 to the last lumbar, lying on the back",
            ),
            Self::Kyphosis => (
                "lying-kyphosis",
                "Kyphosis between chords through estimated vertebral body centres, lying on the back; not a Cobb angle of a standing X-ray",
            ),
            Self::Lordosis => (
                "lying-lordosis",
                "Lordosis between chords through estimated vertebral body centres, lying on the back; not a Cobb angle of a standing X-ray",
            ),
            Self::Lateral => (
                "lying-lateral-deviation",
                "Largest deviation of estimated vertebral body centres from the line T1 to the last lumbar, left positive, lying on the back; not a Cobb angle",
            ),
            Self::Tension => (
                "tension-mean",
                "Stiffness of the tissue beside the spine under rollers over what is expected there, mean of all places",
            ),
        }
    }

    fn unit(self) -> (&'static str, &'static str) {
        match self {
            Self::Length | Self::Lateral => ("mm", "mm"),
            Self::Kyphosis | Self::Lordosis => ("degrees", "deg"),
            Self::Tension => ("ratio", "1"),
        }
    }
}

/// One figure of one scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub of: Measured,
    /// Whether it was after the treatment.
    pub after: bool,
    /// The value.
    pub value: f64,
    /// What holds the truth nine times in ten.
    pub interval: Option<(f64, f64)>,
}

/// A session as the bed recorded it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BedSession {
    /// Its number, which no other session of the person has.
    pub number: i64,
    /// When it began, as FHIR writes an instant: `2026-11-22T07:00:00+01:00`.
    pub begun: String,
    /// When it ended, if that was seen.
    pub ended: Option<String>,
    /// Name of the program.
    pub program: String,
    /// Whether it was given on a twin.
    pub simulated: bool,
    /// Heat dose of the most heated place, CEM43; an upper bound where the end was not seen.
    pub dose_cem43: f64,
    /// What its scans found.
    pub figures: Vec<Figure>,
}

impl Bundle {
    /// Adds what the bed recorded to the bundle of the diary of this name.
    pub fn add_sessions(&mut self, diary: &str, sessions: &[BedSession]) {
        for session in sessions {
            self.add_session(diary, session);
        }
    }

    fn add_session(&mut self, diary: &str, session: &BedSession) {
        let name = format!("bed-session/{}", session.number);
        let subject = Reference::to(&address(diary, "person"));
        let mut period = json!({ "start": session.begun });
        if let Some(ended) = &session.ended {
            period["end"] = json!(ended);
        }
        let mut procedure = json!({
            "resourceType": "Procedure",
            "status": if session.ended.is_some() { "completed" } else { "unknown" },
            "code": own("bed-session", "Session on a thermal massage bed, as the bed recorded it"),
            "subject": subject,
            "performedPeriod": period,
        });
        let program = format!("Program: {}", session.program);
        procedure["note"] = json!([{ "text": program }]);
        let part_of = [Reference::to(&address(diary, &name))];
        self.put(diary, &name, procedure, session.simulated);
        let observation = |(code, words): (&str, &str), when: &str, value: Option<Quantity>| {
            json!({
                "resourceType": "Observation",
                "partOf": part_of,
                "status": "final",
                "category": [codes::hl7("observation-category", "procedure")],
                "code": own(code, &format!("{words}{when}")),
                "subject": subject,
                "effectiveDateTime": session.begun,
                "valueQuantity": value,
            })
        };
        let dose = (
            "heat-dose",
            "Heat dose at the skin, cumulative equivalent minutes at 43 degrees Celsius, upper bound",
        );
        if let Some(value) = quantity(session.dose_cem43, ("CEM43 minutes", "min")) {
            self.put(diary, &format!("{name}/dose"), observation(dose, "", Some(value)), session.simulated);
        }
        for figure in &session.figures {
            let Some(value) = quantity(figure.value, figure.of.unit()) else { continue };
            let (tag, when) = if figure.after {
                ("after", ", after the treatment")
            } else {
                ("before", ", before the treatment")
            };
            let (code, words) = figure.of.code();
            let mut found = observation((&format!("{code}-{tag}"), words), when, Some(value));
            let bound = |bound: f64| quantity(bound, figure.of.unit());
            if let Some((Some(low), Some(high))) =
                figure.interval.map(|(low, high)| (bound(low), bound(high)))
            {
                found["extension"] =
                    json!([{ "url": extension("interval-90"), "valueRange": { "low": low, "high": high } }]);
            }
            self.put(diary, &format!("{name}/{code}/{tag}"), found, session.simulated);
        }
    }

    fn put(&mut self, diary: &str, name: &str, mut resource: Value, simulated: bool) {
        let full_url = address(diary, name);
        resource["identifier"] = json!([{ "system": "urn:ietf:rfc:3986", "value": full_url }]);
        if simulated {
            // Source: HL7 v3 ActReason, "test health data".
            let tag =
                json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST" });
            resource["meta"] = json!({ "tag": [tag] });
            let words = json!({ "text": "Simulated person. Not a measurement of you." });
            match resource["note"].as_array_mut() {
                Some(notes) => notes.push(words),
                None => resource["note"] = json!([words]),
            }
        }
        self.entry.push(BundleEntry {
            full_url: Some(full_url),
            resource: Some(resource),
            rest: Default::default(),
        });
    }
}

/// A quantity with as many places as a scan tells; `None` for what is no number.
fn quantity(value: f64, (unit, code): (&str, &str)) -> Option<Quantity> {
    let rounded = (value * 100.0).round() / 100.0;
    // Adding zero turns -0 into 0.
    Number::from_f64(rounded + 0.0).map(|value| Quantity::ucum(value, unit, code))
}

#[cfg(test)]
mod tests {
    use care::diary::Diary;
    use care::{Day, Language, Person};

    use super::*;
    use crate::{About, Answered, bundle, read_bundle};

    const TODAY: Day = Day(20_779);

    fn session() -> BedSession {
        let figure = |of, after| Figure { of, after, value: 41.234, interval: Some((-0.001, 45.0)) };
        BedSession {
            number: 7,
            begun: "2026-11-22T07:00:00+01:00".to_owned(),
            ended: Some("2026-11-22T07:31:00+01:00".to_owned()),
            program: "relief".to_owned(),
            simulated: true,
            dose_cem43: 9.1,
            figures: vec![figure(Measured::Kyphosis, false), figure(Measured::Tension, true)],
        }
    }

    fn exported(sessions: &[BedSession]) -> Bundle {
        let about = About { diary: "3f0c", today: TODAY, language: Language::English };
        let mut all = bundle(&Person::default(), &Diary::default(), &Answered::default(), &about);
        all.add_sessions(about.diary, sessions);
        all
    }

    #[test]
    fn a_session_leaves_with_its_figures_and_says_that_they_are_no_cobb_angles() {
        let bundle = exported(&[session()]);
        let resources: Vec<&Value> =
            bundle.entry.iter().filter_map(|entry| entry.resource.as_ref()).collect();
        let kinds: Vec<&str> = resources.iter().filter_map(|one| one["resourceType"].as_str()).collect();
        assert_eq!(kinds, ["Patient", "Procedure", "Observation", "Observation", "Observation"]);
        let kyphosis = resources[3];
        assert!(kyphosis["code"]["text"].as_str().is_some_and(|text| text.contains("not a Cobb angle")));
        assert_eq!(kyphosis["valueQuantity"]["value"], json!(41.23));
        assert_eq!(kyphosis["extension"][0]["valueRange"]["low"]["value"], json!(0.0));
        assert_eq!(kyphosis["partOf"][0]["reference"], json!(bundle.entry[1].full_url));
        assert_eq!(kyphosis["subject"]["reference"], json!(bundle.entry[0].full_url));
        for one in &resources[1..] {
            assert_eq!(one["meta"]["tag"][0]["code"], "HTEST");
            assert!(one["note"].to_string().contains("Simulated person"));
        }
    }

    #[test]
    fn what_the_bed_recorded_is_not_read_back_into_the_diary() {
        let text = exported(&[session()]).to_string();
        let (records, not_taken) = read_bundle(&text, TODAY).expect("a bundle");
        assert_eq!(records.diary, Diary::default());
        assert_eq!(not_taken.len(), 4, "{not_taken:?}");
    }

    #[test]
    fn a_session_whose_end_nobody_saw_is_not_called_completed_and_no_number_is_left_out() {
        let lost =
            BedSession { ended: None, simulated: false, dose_cem43: f64::NAN, figures: vec![], ..session() };
        let bundle = exported(&[lost]);
        let procedure = bundle.entry[1].resource.as_ref().expect("a procedure");
        assert_eq!((bundle.entry.len(), &procedure["status"]), (2, &json!("unknown")));
        assert!(procedure["performedPeriod"].get("end").is_none() && procedure.get("meta").is_none());
    }
}
