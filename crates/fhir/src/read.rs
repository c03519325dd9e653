//! A bundle as a diary: the own exports without loss, foreign bundles as far as they are understood.
//!
//! Each value is read by taking it out of its resource; whatever is left in the end, and every resource
//! that has no place in a diary, is listed as [`NotTaken`].
//!
//! What is written about one day by several resources becomes one day of the diary. Of two pains of one day
//! the worse one stays, as the diary asks for the worst; of two other values the first. An entry that does
//! not say when it was written counts as written today.

mod items;

use std::collections::{BTreeMap, BTreeSet};

use care::diary::{DayRecord, Diary, Record};
use care::{Day, Person};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::codes::{BASE, OWN};
use crate::document;
use crate::error::{FhirError, NotTaken, short};
use crate::own::{read_findings, read_screening};
use crate::resource::{Bundle, Observation};
use crate::response::QuestionnaireResponse;
use crate::value;
use crate::write::Answered;

/// Elements that describe a resource, not the person, or that were weighed before it was read.
const ABOUT_THE_RESOURCE: [&str; 13] = [
    "resourceType",
    "id",
    "meta",
    "language",
    "text",
    "identifier",
    "status",
    "clinicalStatus",
    "verificationStatus",
    "category",
    "code",
    "subject",
    "active",
];

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// What is known of the person's body.
    pub person: Person,
    /// The diary.
    pub diary: Diary,
    /// What was answered beside it.
    pub answered: Answered,
}

/// Reads a bundle on the day `today`.
///
/// # Errors
/// One line: no JSON, no bundle, a history of changes, or more than one person. A single resource that
/// cannot be read is no error, but [`NotTaken`].
pub fn read_bundle(text: &str, today: Day) -> Result<(Records, Vec<NotTaken>), FhirError> {
    let value = document::parse(text, "Bundle")?;
    let bundle: Bundle =
        serde_json::from_value(value).map_err(|error| FhirError::form("Bundle", error.to_string()))?;
    if bundle.kind == "history" {
        return Err(FhirError::form("Bundle", "a history of changes is no diary: give the present state"));
    }
    let mut reader = Reader::new(today);
    let links = bundle.rest.get("link").and_then(Value::as_array);
    if links.is_some_and(|links| links.iter().any(|link| link["relation"] == "next")) {
        reader.leave("Bundle", "it has further pages, which are not part of it");
    }
    let mut resources = reader.resources(bundle);
    let people = people(&resources);
    if people > 1 {
        return Err(FhirError::People(people));
    }
    let (observations, others): (Vec<_>, Vec<_>) =
        resources.drain(..).partition(|resource| resource.kind == "Observation");
    let mut observations = reader.observations(observations);
    for resource in others {
        reader.other(resource, &mut observations);
    }
    for Pending { index, at, observation, .. } in observations {
        reader.index = index;
        reader.observation(&at, observation);
    }
    Ok(reader.records())
}

/// One resource of a bundle.
struct Resource {
    /// Its place in the bundle.
    index: usize,
    /// For messages.
    at: String,
    /// Its address, or its number in the bundle.
    address: String,
    kind: String,
    value: Value,
}

/// An observation that is not read yet: an episode or a session may ask for it.
struct Pending {
    index: usize,
    at: String,
    address: String,
    observation: Observation,
}

/// How many people the resources are about.
fn people(resources: &[Resource]) -> usize {
    let full: Vec<&str> = resources
        .iter()
        .filter(|resource| resource.kind == "Patient")
        .map(|resource| resource.address.as_str())
        .collect();
    // "Patient/1" may stand for "http://host/Patient/1".
    let resolve = |reference: &str| {
        let tail = format!("/{reference}");
        let known = full.iter().find(|url| **url == reference || url.ends_with(&tail));
        known.map_or_else(|| reference.to_owned(), |url| (*url).to_owned())
    };
    let subjects = || {
        resources
            .iter()
            .filter_map(|resource| resource.value.get("subject").or(resource.value.get("patient")))
    };
    let pointed = subjects().filter_map(|subject| Some(resolve(subject.get("reference")?.as_str()?)));
    let named: BTreeSet<String> = full.iter().map(|url| (*url).to_owned()).chain(pointed).collect();
    // A person may also be named by a number alone, beside or instead of an address.
    let numbered: BTreeSet<&str> = subjects()
        .filter(|subject| subject.get("reference").is_none())
        .filter_map(|subject| subject.get("identifier")?.get("value")?.as_str())
        .collect();
    named.len().max(numbered.len())
}

/// One day while its parts are gathered.
#[derive(Default)]
struct Draft {
    record: DayRecord,
    written: Option<Day>,
    /// Place in the bundle.
    index: usize,
}

struct Reader {
    today: Day,
    not_taken: Vec<NotTaken>,
    days: BTreeMap<Day, Draft>,
    /// Day of writing, place in the bundle, name for messages, day, record.
    items: Vec<(Day, usize, String, Day, Record)>,
    body: BTreeMap<&'static str, (Day, f64)>,
    answered: Answered,
    /// Place in the bundle of what is being read.
    index: usize,
}

impl Reader {
    fn new(today: Day) -> Self {
        Self {
            today,
            not_taken: Vec::new(),
            days: BTreeMap::new(),
            items: Vec::new(),
            body: BTreeMap::new(),
            answered: Answered::default(),
            index: 0,
        }
    }

    fn leave(&mut self, at: &str, why: impl Into<String>) {
        self.not_taken.push(NotTaken { at: at.to_owned(), why: why.into() });
    }

    /// The resources of a bundle; what cannot be trusted to mean what it says is left.
    fn resources(&mut self, bundle: Bundle) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, entry) in bundle.entry.into_iter().enumerate() {
            let address = entry.full_url.unwrap_or_else(|| format!("entry {index}"));
            let kind = entry.resource.as_ref().and_then(|value| value.get("resourceType")?.as_str());
            let Some((kind, value)) = kind.map(str::to_owned).zip(entry.resource.clone()) else {
                self.leave(&short(&address), "it holds no resource");
                continue;
            };
            let at = format!("{} {}", short(&kind), short(&address));
            let status = value.get("status").and_then(Value::as_str);
            let unsure = value.get("verificationStatus").and_then(|status| {
                let codes = status.get("coding")?.as_array()?;
                codes.iter().find_map(|code| code.get("code")?.as_str().map(str::to_owned))
            });
            let why = if ["modifierExtension", "implicitRules"].iter().any(|name| value.get(name).is_some()) {
                "it has a modifier that may turn its meaning round".to_owned()
            } else if let Some(status @ ("entered-in-error" | "cancelled" | "registered" | "not-done")) =
                status
            {
                format!("its status is {status}")
            } else if let Some(status @ ("refuted" | "entered-in-error")) = unsure.as_deref() {
                format!("its status is {status}")
            } else if !seen.insert(address.clone()) {
                "another resource before it has the same address".to_owned()
            } else {
                resources.push(Resource { index, at, address, kind, value });
                continue;
            };
            self.leave(&at, why);
        }
        resources
    }

    /// Reads a resource into its type.
    fn typed<T: DeserializeOwned>(&mut self, resource: Resource) -> Option<T> {
        match serde_json::from_value(resource.value) {
            Ok(typed) => Some(typed),
            Err(error) => {
                self.leave(&resource.at, format!("it is not of the form of R4: {error}"));
                None
            }
        }
    }

    fn observations(&mut self, resources: Vec<Resource>) -> Vec<Pending> {
        let mut observations = Vec::new();
        for resource in resources {
            let (index, at, address) = (resource.index, resource.at.clone(), resource.address.clone());
            if let Some(observation) = self.typed(resource) {
                observations.push(Pending { index, at, address, observation });
            }
        }
        observations
    }

    fn other(&mut self, resource: Resource, observations: &mut Vec<Pending>) {
        let (at, address) = (resource.at.clone(), resource.address.clone());
        self.index = resource.index;
        match resource.kind.as_str() {
            "Condition" => {
                if let Some(condition) = self.typed(resource) {
                    self.condition(&at, condition, observations);
                }
            }
            "Procedure" => {
                if let Some(procedure) = self.typed(resource) {
                    self.procedure(&at, &address, procedure, observations);
                }
            }
            "QuestionnaireResponse" => {
                if let Some(response) = self.typed(resource) {
                    self.response(&at, response);
                }
            }
            "Questionnaire" => {
                let url = resource.value.get("url").and_then(Value::as_str).unwrap_or_default();
                if !url.starts_with(BASE) {
                    self.leave(&at, "a diary keeps no forms: read it as a form");
                }
            }
            "Patient" => self.leave_rest(&at, &resource.value),
            _ => self.leave(&at, "a diary has no place for it"),
        }
    }

    fn response(&mut self, at: &str, response: QuestionnaireResponse) {
        let form = response.questionnaire.clone().unwrap_or_default();
        let is = |name: &str| form.split('|').next() == Some(&format!("{BASE}/Questionnaire/{name}"));
        let day = response.authored.as_deref().and_then(|text| value::day(text).ok());
        if is("facts") {
            match (day, read_findings(&response)) {
                (Some(day), Ok(findings)) => {
                    let later = self.answered.findings.as_ref().is_some_and(|(other, _)| *other > day);
                    if self.answered.findings.is_some() {
                        self.leave(at, "of two sheets of one form the later one is kept");
                    }
                    if !later {
                        self.answered.findings = Some((day, findings));
                    }
                }
                (None, _) => self.leave(at, "it names no day"),
                (_, Err(error)) => self.leave(at, error.to_string()),
            }
        } else if is("screening") {
            // Into a copy, so that a sheet that does not fit leaves nothing half taken.
            let mut answers = self.answered.answers.clone();
            match read_screening(&response, &mut answers) {
                Ok(()) => self.answered.answers = answers,
                Err(error) => self.leave(at, error.to_string()),
            }
        } else {
            self.leave(at, "it answers a form that is not the diary's");
        }
    }

    /// Names what is left in a resource after it was read.
    fn leave_rest(&mut self, at: &str, resource: &impl Serialize) {
        let left = serde_json::to_value(resource).unwrap_or_default();
        let (codes, words) = (left["code"]["coding"].as_array(), &left["code"]["text"]);
        let codes = codes.map_or(&[][..], Vec::as_slice);
        let ours = codes.iter().any(|code| code["system"] == OWN);
        let says_more = words.is_string() && codes.iter().all(|code| code["display"] != *words);
        if !ours && (codes.len() > 1 || says_more) {
            self.leave(&format!("{at}, code"), "of its codes and words only the known code is taken");
        }
        for name in left.as_object().into_iter().flat_map(|fields| fields.keys()) {
            if !ABOUT_THE_RESOURCE.contains(&name.as_str()) {
                self.leave(&format!("{at}, {}", short(name)), "a diary has no place for it");
            }
        }
    }

    /// Writes the diary in the order in which its entries were written.
    fn records(mut self) -> (Records, Vec<NotTaken>) {
        for (day, draft) in core::mem::take(&mut self.days) {
            let written = draft.written.unwrap_or(self.today);
            let name = format!("the day {day}");
            self.items.push((written, draft.index, name, day, Record::Day(draft.record)));
        }
        let mut items = core::mem::take(&mut self.items);
        items.sort_by_key(|(written, index, ..)| (*written, *index));
        let mut diary = Diary::default();
        for (written, _, at, day, record) in items {
            if written > self.today {
                self.leave(&at, format!("it was written on {written}, after today"));
            } else if let Err(error) = diary.write(written, day, record) {
                self.leave(&at, error.to_string());
            }
        }
        let body = |name| self.body.get(name).map(|(_, value)| *value);
        let person = Person { age_years: body("age"), stature_mm: body("height"), mass_kg: body("weight") };
        (Records { person, diary, answered: self.answered }, self.not_taken)
    }
}
