//! What a clinician prescribes: which program, and less of intensity, heat, minutes or sessions a week.
//!
//! A prescription waits for the person's yes ([`Prescriptions::answer`]); until then it does nothing, and what they
//! agreed to before stands on. Agreed to, it can only take away: [`Prescription::tighten`] goes through
//! [`Clearance::tightened`], [`Prescription::minutes`] only shortens, [`Prescription::admit`] only refuses. It answers
//! no question of the screening in the person's place.
//!
//! What this does not do: it knows no accounts (`by` is what whoever prescribes is called), asks no clock and
//! begins no session.

use care::{Because, Clearance, Day, Effect, Reason, Words};
use serde::{Deserialize, Serialize};

use crate::store::{Kept, Record, StoreError};

#[cfg(test)]
mod tests;

/// Days of a week that counts sessions: today and the six before it.
pub const WEEK_DAYS: u32 = 7;
/// Warmest and coolest surface that can be prescribed, degrees Celsius.
///
/// Source: the range in which [`Effect::SoftenHeat`] is a softening.
pub const SURFACE_C: (u8, u8) = (33, 43);
/// Lowest and highest intensity that can be prescribed, of 9.
///
/// Source: the range in which [`Effect::SoftenIntensity`] is a softening.
pub const INTENSITY: (u8, u8) = (1, 8);
/// Shortest session that can be prescribed, minutes. Source: the shortest that a plan holds (`plan::admit`).
pub const MINUTES_MIN: u8 = 10;
/// Longest note, characters. Design: a few lines of a form.
pub const NOTE_CHARACTERS_MAX: usize = 400;

/// How warm it may get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatMax {
    /// As the bed and the screening allow.
    #[default]
    Ordinary,
    /// No surface warmer than this, degrees Celsius.
    Surface(u8),
    /// No heat.
    Off,
}

/// What is prescribed; what is left out stays as it is without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescription {
    /// Who prescribes.
    pub by: String,
    /// The day on which it was written.
    pub written: Day,
    /// Name of the only program that may be chosen.
    pub program: Option<String>,
    /// Highest intensity of a stroke, of 9.
    pub intensity_max: Option<u8>,
    /// How warm it may get.
    pub heat_max: HeatMax,
    /// Longest session, minutes.
    pub minutes_max: Option<u8>,
    /// Most sessions in [`WEEK_DAYS`] days.
    pub week_max: Option<u8>,
    /// Words to the person.
    pub note: String,
}

/// A number or a name that cannot be prescribed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// Name of the field.
    pub field: &'static str,
    /// What is allowed.
    pub words: Words,
}

/// Why there is no session under a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Another program is prescribed: its name.
    Program(String),
    /// The week's sessions were given: how many are allowed, and the first day with room for another.
    Week {
        /// Most sessions of a week.
        most: u8,
        /// From this day on there is room again.
        from: Day,
    },
}

impl Prescription {
    /// An empty one, which takes nothing away.
    #[must_use]
    pub fn new(by: String, written: Day) -> Self {
        Self {
            by,
            written,
            program: None,
            intensity_max: None,
            heat_max: HeatMax::Ordinary,
            minutes_max: None,
            week_max: None,
            note: String::new(),
        }
    }

    /// Whether it takes nothing away and chooses nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { note: self.note.clone(), ..Self::new(self.by.clone(), self.written) }
    }

    /// Everything that cannot be prescribed, field by field.
    #[must_use]
    pub fn impossible(&self) -> Vec<Impossible> {
        let outside = |field, value: Option<u8>, (least, most): (u8, u8)| {
            let wrong = value.is_some_and(|value| !(least..=most).contains(&value));
            wrong.then(|| Impossible {
                field,
                words: say(format!("{least} to {most}"), format!("{least} bis {most}")),
            })
        };
        let surface = match self.heat_max {
            HeatMax::Surface(celsius) => Some(celsius),
            HeatMax::Ordinary | HeatMax::Off => None,
        };
        let text = |field, text: &str, least: usize, most: usize| {
            let letters = text.trim().chars().count();
            let plain = !text.chars().any(|letter| letter.is_control() && !letter.is_whitespace());
            let wrong = !(least..=most).contains(&letters) || !plain;
            wrong.then(|| Impossible {
                field,
                words: say(format!("{least} to {most} characters"), format!("{least} bis {most} Zeichen")),
            })
        };
        let unknown = self.program.as_deref().is_some_and(|name| plan::shipped_named(name).is_none());
        let program = unknown.then(|| Impossible {
            field: "program",
            words: say("a program of this bed".to_owned(), "ein Programm dieses Betts".to_owned()),
        });
        [
            text("by", &self.by, 1, crate::store::NAME_CHARACTERS_MAX),
            program,
            outside("intensity_max", self.intensity_max, INTENSITY),
            outside("surface_c", surface, SURFACE_C),
            outside("minutes_max", self.minutes_max, (MINUTES_MIN, minutes_most())),
            outside("week_max", self.week_max, (1, WEEK_DAYS as u8 * bed::limits::SESSIONS_A_DAY as u8)),
            text("note", &self.note, 0, NOTE_CHARACTERS_MAX),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What it takes from a session.
    #[must_use]
    pub fn effects(&self) -> Vec<Effect> {
        let heat = match self.heat_max {
            HeatMax::Ordinary => None,
            // Cooler than any warmth that can be prescribed is none.
            HeatMax::Surface(celsius) if celsius >= SURFACE_C.0 => {
                Some(Effect::SoftenHeat { surface_c: f64::from(celsius) })
            }
            HeatMax::Surface(_) | HeatMax::Off => Some(Effect::NoHeat),
        };
        let intensity =
            self.intensity_max.map(|most| Effect::SoftenIntensity { intensity: most.max(INTENSITY.0) });
        intensity.into_iter().chain(heat).collect()
    }

    /// The clearance with what is prescribed taken away. It never allows more than before.
    pub fn tighten(&self, clearance: Clearance) -> Clearance {
        let effects = self.effects();
        if effects.is_empty() {
            return clearance;
        }
        let (by, on) = (self.by.trim(), self.written);
        clearance.tightened(Reason {
            id: "prescription".to_owned(),
            tier: None,
            because: Because::Prescribed,
            words: say(
                format!("Prescribed by {by} on {on}, and you agreed"),
                format!("Verordnet von {by} am {on}, und Sie haben zugestimmt"),
            ),
            why: say(
                "Your clinician asked for less.".to_owned(),
                "Die Praxis hat um weniger gebeten.".to_owned(),
            ),
            advice: say(
                "Talk to them if it no longer fits.".to_owned(),
                "Sprechen Sie dort darüber, wenn es nicht mehr passt.".to_owned(),
            ),
            effects,
            sources: Vec::new(),
        })
    }

    /// The minutes that a session may take: what is wished (`None`: the program's own), at most what is prescribed.
    #[must_use]
    pub fn minutes(&self, wished: Option<f64>, program_minutes: f64) -> Option<f64> {
        let Some(most) = self.minutes_max.map(f64::from) else { return wished };
        let wished = wished.unwrap_or(program_minutes);
        // A wish that is no number stays one: the plan refuses it.
        Some(if wished > most { most } else { wished })
    }

    /// Whether a session of this program may be given today, after sessions on these days.
    ///
    /// # Errors
    /// [`Withheld`].
    pub fn admit(&self, program: &str, given: &[Day], today: Day) -> Result<(), Withheld> {
        if let Some(only) = self.program.as_deref().filter(|only| *only != program) {
            return Err(Withheld::Program(only.to_owned()));
        }
        let Some(most) = self.week_max else { return Ok(()) };
        // A day after today is a clock that was set back: it counts.
        let mut week: Vec<u32> =
            given.iter().map(|day| day.0).filter(|day| day + WEEK_DAYS > today.0).collect();
        week.sort_unstable();
        match week.len().checked_sub(usize::from(most)) {
            None => Ok(()),
            Some(over) => {
                let from = week.get(over).map_or(today.0 + WEEK_DAYS, |day| day + WEEK_DAYS);
                Err(Withheld::Week { most, from: Day(from) })
            }
        }
    }

    /// Each thing that is prescribed, in plain words.
    #[must_use]
    pub fn words(&self) -> Vec<Words> {
        let mut all = Vec::new();
        if let Some(name) = &self.program {
            let title = plan::title_of(name);
            all.push(say(
                format!("only the program \"{}\"", title.en),
                format!("nur das Programm „{}“", title.de),
            ));
        }
        all.extend(self.effects().iter().map(Effect::words));
        if let Some(most) = self.minutes_max {
            all.push(say(format!("at most {most} minutes"), format!("höchstens {most} Minuten")));
        }
        if let Some(most) = self.week_max {
            all.push(say(
                format!("at most {most} sessions in {WEEK_DAYS} days"),
                format!("höchstens {most} Anwendungen in {WEEK_DAYS} Tagen"),
            ));
        }
        all
    }
}

/// Longest session that can be prescribed, minutes: the bed's own limit.
#[must_use]
pub fn minutes_most() -> u8 {
    (bed::limits::SESSION_S / 60.0) as u8
}

impl Withheld {
    /// In one sentence, with the way out.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Program(name) => {
                let title = plan::title_of(name);
                say(
                    format!(
                        "You agreed to the program \"{}\" alone. Choose it, or end the prescription.",
                        title.en
                    ),
                    format!(
                        "Sie haben nur dem Programm „{}“ zugestimmt. Wählen Sie es, oder beenden Sie die Verordnung.",
                        title.de
                    ),
                )
            }
            Self::Week { most, from } => say(
                format!(
                    "You agreed to at most {most} sessions in {WEEK_DAYS} days. There is room again from {from} on."
                ),
                format!(
                    "Sie haben höchstens {most} Anwendungen in {WEEK_DAYS} Tagen zugestimmt. Ab {from} ist wieder Platz."
                ),
            ),
        }
    }
}

fn say(en: String, de: String) -> Words {
    Words::new(en, de)
}

/// What a person was prescribed: what stands, and what waits for their answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescriptions {
    /// What the person agreed to.
    pub standing: Option<Prescription>,
    /// What waits for their yes.
    pub waiting: Option<Prescription>,
}

impl Prescriptions {
    /// What a record holds on the day `today`.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn read(record: &Record, today: Day) -> Result<Self, StoreError> {
        Ok(record.latest(Kept::Prescriptions, today)?.map(|(_, all)| all).unwrap_or_default())
    }

    /// Keeps it in a record; what was there before stays under its own day.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn keep(&self, record: &Record, today: Day) -> Result<(), StoreError> {
        record.keep(Kept::Prescriptions, today, self)
    }

    /// Lets a new one wait, in the place of one that waits already.
    pub fn prescribe(&mut self, prescription: Prescription) {
        self.waiting = Some(prescription);
    }

    /// The person's answer to what waits: yes, and it stands from now on; no, and it is gone.
    pub fn answer(&mut self, yes: bool) {
        if let Some(waiting) = self.waiting.take().filter(|_| yes) {
            self.standing = Some(waiting);
        }
    }

    /// Ends what stands: the person's right at any time. The ordinary limits hold on.
    pub fn end(&mut self) {
        self.standing = None;
    }
}
