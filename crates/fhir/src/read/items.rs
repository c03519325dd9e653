//! The items of a diary out of observations, conditions and procedures.

use std::collections::BTreeSet;

use care::diary::{Episode, Place, Record, Session};
use care::{Day, Nprs, Roland};
use serde_json::Value;

use super::{Draft, Pending, Reader};
use crate::codes::{self, ICD_10_CM, OWN, SPASM_OF_BACK};
use crate::element::{CodeableConcept, LOINC, Reference};
use crate::resource::{Condition, Observation, Procedure};
use crate::value::{MINUTES, SCORE, day, effective, measure, take_extensions, take_notes, whole};

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// What a single observation is to a diary.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Panel,
    Pain,
    Sleep,
    Sitting,
    Activity,
    Stress,
    Roland,
    Body(&'static str, &'static [(&'static str, f64)]),
    /// Pain of an episode or a session that is not in the bundle.
    Orphan,
}

impl Part {
    /// The own code says more than LOINC's and comes first.
    fn of(code: &CodeableConcept) -> Option<Self> {
        let own = [
            ("diary-day", Self::Panel),
            ("pain-of-day", Self::Pain),
            ("sleep", Self::Sleep),
            ("sitting", Self::Sitting),
            ("activity", Self::Activity),
            ("stress", Self::Stress),
            ("roland-morris", Self::Roland),
            ("pain-of-episode", Self::Orphan),
            ("pain-before-session", Self::Orphan),
            ("pain-after-session", Self::Orphan),
        ];
        let loinc = [
            (codes::PAIN, Self::Pain),
            (codes::SLEEP, Self::Sleep),
            (codes::AGE, Self::Body("age", &[("a", 1.0)])),
            (
                codes::HEIGHT,
                Self::Body("height", &[("cm", 10.0), ("mm", 1.0), ("m", 1000.0), ("[in_i]", 25.4)]),
            ),
            (codes::WEIGHT, Self::Body("weight", &[("kg", 1.0), ("g", 1e-3), ("[lb_av]", 0.453_592_37)])),
        ];
        let by_own = own.into_iter().find(|(name, _)| code.has(OWN, name)).map(|(_, part)| part);
        let by_loinc = loinc.into_iter().find(|((name, _), _)| code.has(LOINC, name)).map(|(_, part)| part);
        by_own.or(by_loinc)
    }
}

impl Reader {
    /// Reads an observation that belongs to no episode and no session.
    pub(super) fn observation(&mut self, at: &str, mut observation: Observation) {
        let taken = match Part::of(&observation.code) {
            None => Err("a diary has no place for it".to_owned()),
            Some(Part::Orphan) => Err("the episode or session that it belongs to was not taken".to_owned()),
            Some(_) if !observation.focus.is_empty() => {
                Err("it is about something else than the person".to_owned())
            }
            Some(Part::Panel) => self.panel(&mut observation),
            Some(Part::Roland) => self.roland(at, &mut observation),
            Some(Part::Body(name, units)) => self.body(at, &mut observation, name, units),
            Some(part) => self.part(at, part, &mut observation),
        };
        match taken {
            Ok(()) => self.leave_rest(at, &observation),
            Err(why) => self.leave(at, why),
        }
    }

    fn part(&mut self, at: &str, part: Part, observation: &mut Observation) -> Result<(), String> {
        let about = self.past(effective(observation, part == Part::Sleep)?)?;
        let rating = matches!(part, Part::Pain | Part::Stress);
        let (units, max) = if rating { (&SCORE[..], 10) } else { (&MINUTES[..], DAY_MINUTES) };
        let value = whole(measure(observation, units)?, max)?;
        let draft = self.days.entry(about).or_insert_with(|| Draft { index: self.index, ..Draft::default() });
        let record = &mut draft.record;
        let before = match part {
            Part::Pain => {
                let (old, new) = (record.pain.map(|old| u16::from(u8::from(old))), nprs(value)?);
                if old.is_none_or(|old| old < value) {
                    record.pain = Some(new);
                }
                old.map(|old| format!("of {old} and {value} on {about} the worse one is kept"))
            }
            Part::Stress => {
                let old = record.stress.map(|old| u16::from(u8::from(old)));
                record.stress = record.stress.or(Some(nprs(value)?));
                old.map(|old| format!("{about} has {old} already"))
            }
            _ => {
                let slot = match part {
                    Part::Sleep => &mut record.sleep_min,
                    Part::Sitting => &mut record.sitting_min,
                    _ => &mut record.activity_min,
                };
                let old = *slot;
                *slot = old.or(Some(value));
                old.map(|old| format!("{about} has {old} already"))
            }
        };
        if let Some(why) = before {
            self.leave(at, why);
        }
        Ok(())
    }

    fn panel(&mut self, observation: &mut Observation) -> Result<(), String> {
        let about = self.past(effective(observation, false)?)?;
        let written = self.written(&mut observation.extension)?;
        if self.days.get(&about).is_some_and(|draft| draft.written.is_some()) {
            return Err(format!("{about} is in the bundle already"));
        }
        let draft = self.days.entry(about).or_default();
        draft.written = Some(written);
        draft.index = self.index;
        draft.record.notes = take_notes(&mut observation.note);
        // The members are read for themselves.
        observation.has_member.clear();
        observation.component.retain_mut(|component| {
            let name = component.code.text.clone().filter(|_| component.code.has(OWN, "strain"));
            let Some((name, yes)) = name.zip(component.value_boolean) else { return true };
            draft.record.strains.insert(name, yes);
            !component.rest.is_empty()
        });
        Ok(())
    }

    fn roland(&mut self, at: &str, observation: &mut Observation) -> Result<(), String> {
        let about = self.past(effective(observation, false)?)?;
        let written = self.written(&mut observation.extension)?;
        let score = whole(measure(observation, &SCORE)?, 24)?;
        let score = u8::try_from(score).ok().and_then(|score| Roland::try_from(score).ok());
        let score = score.ok_or("it is no Roland-Morris score")?;
        self.keep(at, written, about, Record::Roland(score));
        Ok(())
    }

    fn body(
        &mut self,
        at: &str,
        observation: &mut Observation,
        name: &'static str,
        units: &[(&str, f64)],
    ) -> Result<(), String> {
        let about = self.past(effective(observation, true)?)?;
        // Units leave a rounding in the last bits; a millionth of a millimetre is none of the body's.
        let value = (measure(observation, units)? * 1e6).round() / 1e6;
        if !(value.is_finite() && value >= 0.0) {
            return Err(format!("{value} is out of range"));
        }
        if let Some((other, _)) = self.body.get(name).copied() {
            self.leave(at, format!("of {other} and {about} the later value is kept"));
            if other > about {
                return Ok(());
            }
        }
        self.body.insert(name, (about, value));
        Ok(())
    }

    pub(super) fn condition(&mut self, at: &str, mut condition: Condition, others: &mut Vec<Pending>) {
        let ours =
            |code: &CodeableConcept| code.has(OWN, "spasm-episode") || code.has(ICD_10_CM, SPASM_OF_BACK);
        if !condition.code.as_ref().is_some_and(ours) {
            return self.leave(at, "a diary has no place for it");
        }
        match self.episode(&mut condition, others) {
            Ok((written, begun, episode)) => {
                self.keep(at, written, begun, Record::Episode(episode));
                self.leave_rest(at, &condition);
            }
            Err(why) => self.leave(at, why),
        }
    }

    fn episode(
        &mut self,
        condition: &mut Condition,
        others: &mut Vec<Pending>,
    ) -> Result<(Day, Day, Episode), String> {
        let begun = condition.onset_date_time.take().ok_or("it does not say on which day it began")?;
        let begun = self.past(day(&begun)?)?;
        let last = condition.abatement_date_time.take().map(|text| day(&text)).transpose()?;
        let written = self.written(&mut condition.extension)?;
        let points = |pending: &Pending, details: &[Reference]| {
            details.iter().any(|detail| is_to(detail, &pending.address))
        };
        let is_pain = |pending: &Pending| pending.observation.code.has(LOINC, codes::PAIN.0);
        let details = condition.evidence.iter().flat_map(|evidence| &evidence.detail).cloned();
        let details: Vec<Reference> = details.collect();
        let pain = others.iter().position(|pending| is_pain(pending) && points(pending, &details));
        let pain = pain.ok_or("it names no pain from 0 to 10 as its evidence, which an episode needs")?;
        let Pending { at, address, mut observation, .. } = others.remove(pain);
        let rating = whole(measure(&mut observation, &SCORE)?, 10).and_then(nprs);
        let rating = rating.map_err(|why| format!("its pain: {why}"))?;
        // What the pain is about and when it was is the episode's own.
        observation.focus.clear();
        observation.effective_period = None;
        self.leave_rest(&at, &observation);
        for evidence in &mut condition.evidence {
            evidence.detail.retain(|detail| !is_to(detail, &address));
        }
        condition.evidence.retain(|evidence| !evidence.detail.is_empty() || !evidence.rest.is_empty());
        let mut places = BTreeSet::new();
        condition.body_site.retain(|site| place(site).is_none_or(|place| !places.insert(place)));
        let list = &mut condition.extension;
        let radiating = take_extensions(list, "radiating", "valueBoolean").first().and_then(Value::as_bool);
        let causes = take_extensions(list, "believed-cause", "valueString");
        let set_off_by = causes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let notes = take_notes(&mut condition.note);
        Ok((written, begun, Episode { last, pain: rating, places, radiating, set_off_by, notes }))
    }

    pub(super) fn procedure(
        &mut self,
        at: &str,
        address: &str,
        mut procedure: Procedure,
        others: &mut Vec<Pending>,
    ) {
        if !procedure.code.as_ref().is_some_and(|code| code.has(OWN, "session")) {
            return self.leave(at, "a diary has no place for it");
        }
        match self.session(address, &mut procedure, others) {
            Ok((written, about, session)) => {
                self.keep(at, written, about, Record::Session(session));
                self.leave_rest(at, &procedure);
            }
            Err(why) => self.leave(at, why),
        }
    }

    fn session(
        &mut self,
        address: &str,
        procedure: &mut Procedure,
        others: &mut Vec<Pending>,
    ) -> Result<(Day, Day, Session), String> {
        let about = procedure.performed_date_time.take().ok_or("it has no day")?;
        let about = self.past(day(&about)?)?;
        let written = self.written(&mut procedure.extension)?;
        let length = take_extensions(&mut procedure.extension, "length", "valueDuration").into_iter().next();
        let length = length.and_then(|length| serde_json::from_value(length).ok());
        let mut holder = Observation { value_quantity: length, ..Observation::default() };
        let minutes =
            whole(measure(&mut holder, &MINUTES).map_err(|why| format!("length: {why}"))?, DAY_MINUTES)?;
        let program = procedure.code.take().and_then(|code| code.text).ok_or("it names no program")?;
        let notes = take_notes(&mut procedure.note);
        let mut pain = |code: &str| {
            let belongs = |pending: &Pending| {
                pending.observation.code.has(OWN, code)
                    && pending.observation.part_of.iter().any(|part| is_to(part, address))
            };
            let Pending { at, mut observation, .. } = others.remove(others.iter().position(belongs)?);
            let rating = measure(&mut observation, &SCORE).and_then(|value| nprs(whole(value, 10)?));
            observation.part_of.clear();
            observation.effective_date_time = None;
            match &rating {
                Ok(_) => self.leave_rest(&at, &observation),
                Err(why) => self.leave(&at, why.clone()),
            }
            rating.ok()
        };
        let (pain_before, pain_after) = (pain("pain-before-session"), pain("pain-after-session"));
        Ok((written, about, Session { program, minutes, pain_before, pain_after, notes }))
    }

    fn keep(&mut self, at: &str, written: Day, about: Day, record: Record) {
        self.items.push((written, self.index, at.to_owned(), about, record));
    }

    /// The day of writing that an own export names; today where none is named.
    fn written(&self, list: &mut Vec<crate::element::Extension>) -> Result<Day, String> {
        match take_extensions(list, "written", "valueDate").first() {
            Some(text) => day(text.as_str().unwrap_or_default()),
            None => Ok(self.today),
        }
    }

    fn past(&self, about: Day) -> Result<Day, String> {
        if about <= self.today { Ok(about) } else { Err(format!("{about} has not come yet")) }
    }
}

fn nprs(value: u16) -> Result<Nprs, String> {
    let rating = u8::try_from(value).ok().and_then(|value| Nprs::try_from(value).ok());
    rating.ok_or_else(|| format!("{value} is outside 0 to 10"))
}

fn is_to(reference: &Reference, address: &str) -> bool {
    reference.reference.as_deref().is_some_and(|to| to == address || address.ends_with(&format!("/{to}")))
}

/// The place that a body site names, if it is one of the diary's.
fn place(site: &CodeableConcept) -> Option<Place> {
    let names = site.coding.iter().filter(|coding| coding.system.as_deref() == Some(OWN));
    let mut names = names.filter_map(|coding| coding.code.as_deref()?.strip_prefix("place-"));
    names.find_map(|name| serde_json::from_value(Value::String(name.to_owned())).ok())
}
