//! Programs: recipes of strokes over anatomy, read from TOML and checked with errors that name file,
//! line, key, value and what is allowed.

use std::ops::Range;

use bed::{Action, Level};
use care::Words;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::intensity::{HeatLevel, Intensity};
use crate::points::{Point, points};

/// Largest program file, bytes. Source: Design, some twenty times the largest shipped one.
const FILE_MAX: usize = 65_536;

/// Shortest session that a program may ask for, minutes. Source: Design, two scans and five minutes.
pub(crate) const MINUTES_MIN: f64 = 10.0;

/// The four therapies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Therapy {
    /// Pressing single points and holding them.
    Acupressure,
    /// Slow, firm travelling and kneading.
    DeepTissue,
    /// Lifting the trunk.
    Stretching,
    /// Warmth from the rollers.
    HotStone,
}

impl Therapy {
    /// The strokes that this therapy is made of.
    #[must_use]
    pub fn actions(self) -> &'static [Action] {
        match self {
            Self::Acupressure => &[Action::Hold],
            Self::DeepTissue => &[Action::Glide, Action::Knead],
            Self::Stretching => &[Action::Stretch],
            Self::HotStone => &[Action::Warm, Action::Hold],
        }
    }

    /// The therapy's name in plain words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Acupressure => Words::both("acupressure", "Akupressur"),
            Self::DeepTissue => Words::both("deep-tissue massage", "Tiefenmassage"),
            Self::Stretching => Words::both("stretching", "Dehnen"),
            Self::HotStone => Words::both("hot stone", "warme Steine"),
        }
    }
}

/// Which side of the spine a phase presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseSide {
    /// Both alike.
    Both,
    /// Mostly the left.
    Left,
    /// Mostly the right.
    Right,
    /// Mostly the side on which the site is tense.
    Tense,
}

/// Where on the back a phase works.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Places {
    /// From one level to another, in this order.
    Range(Level, Level),
    /// These levels, in this order.
    Levels(Vec<Level>),
    /// These named points, in this order.
    Points(Vec<Point>),
    /// The tense sites that the scan found, the tensest first, at most so many.
    Tense(usize),
}

/// One step of the recipe.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Phase {
    /// What happens, for the person to read.
    pub title: Words,
    /// To which therapy it belongs.
    pub therapy: Therapy,
    /// The stroke.
    pub stroke: Action,
    /// Where.
    pub places: Places,
    /// On which side.
    pub side: PhaseSide,
    /// How firm.
    pub intensity: Intensity,
    /// Length of one stroke, seconds: at each place for holds, over all the way for travelling ones.
    pub seconds: f64,
    /// How many times the phase goes round all of its places.
    pub repeats: u32,
    /// Speed of travel, mm/s; zero where the stroke stands.
    pub speed_mm_s: f64,
    /// Period of the alternation between left and right, seconds; zero where there is none.
    pub period_s: f64,
    /// Warmth of the rollers.
    pub heat: HeatLevel,
    /// Warmth of the mats.
    pub mats: HeatLevel,
}

/// A recipe of strokes over anatomy. Made only by reading and checking a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Program {
    name: String,
    title: Words,
    for_whom: Words,
    does: Words,
    evidence: Words,
    minutes: f64,
    cool_second_half: bool,
    phases: Vec<Phase>,
}

/// A program file is not fit for use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {words}")]
pub struct ProgramError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, with key, value and what is allowed.
    pub words: String,
}

/// A text as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    en: Spanned<String>,
    de: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramFile {
    name: Spanned<String>,
    title: TextFile,
    for_whom: TextFile,
    does: TextFile,
    evidence: TextFile,
    minutes: Spanned<f64>,
    #[serde(default)]
    cool_second_half: bool,
    phase: Spanned<Vec<Spanned<PhaseFile>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseFile {
    title: TextFile,
    therapy: Therapy,
    stroke: Spanned<Action>,
    levels: Spanned<toml::Value>,
    #[serde(default)]
    most: Option<Spanned<i64>>,
    side: Spanned<PhaseSide>,
    intensity: Spanned<i64>,
    seconds: Spanned<f64>,
    #[serde(default)]
    repeats: Option<Spanned<i64>>,
    #[serde(default)]
    speed_mm_s: Option<Spanned<f64>>,
    #[serde(default)]
    period_s: Option<Spanned<f64>>,
    #[serde(default)]
    heat: HeatLevel,
    #[serde(default)]
    mats: HeatLevel,
}

impl Program {
    /// Reads and checks a program; `file` is named in errors and opens nothing.
    ///
    /// # Errors
    /// [`ProgramError`], one line: the first thing that is wrong, where it stands, what is allowed.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProgramError> {
        let check = Check { file, text };
        if text.len() > FILE_MAX {
            return Err(check.at(0..0, format!("the file has {} bytes, allowed are {FILE_MAX}", text.len())));
        }
        let read: ProgramFile = toml::from_str(text)
            .map_err(|error| check.at(error.span().unwrap_or(0..0), error.message().replace('\n', ", ")))?;
        let name = check.line("name", &read.name, 40)?;
        if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            return Err(check.at(
                read.name.span(),
                format!("name is \"{name}\", allowed are lower-case letters, digits and hyphens"),
            ));
        }
        let minutes_max = f64::from(bed::limits::SESSION_S) / 60.0;
        let count = read.phase.get_ref().len();
        if !(1..=24).contains(&count) {
            return Err(check.at(read.phase.span(), format!("there are {count} phases, allowed are 1 to 24")));
        }
        Ok(Self {
            name,
            title: check.text("title", &read.title, 80)?,
            for_whom: check.text("for_whom", &read.for_whom, 400)?,
            does: check.text("does", &read.does, 600)?,
            evidence: check.text("evidence", &read.evidence, 600)?,
            minutes: check.range("minutes", &read.minutes, MINUTES_MIN, minutes_max)?,
            cool_second_half: read.cool_second_half,
            phases: read
                .phase
                .get_ref()
                .iter()
                .map(|phase| check.phase(phase.get_ref()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Name by which it is asked for, such as `first-time`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Title for people.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.title
    }

    /// For whom it is meant.
    #[must_use]
    pub fn for_whom(&self) -> &Words {
        &self.for_whom
    }

    /// What it does.
    #[must_use]
    pub fn does(&self) -> &Words {
        &self.does
    }

    /// What evidence there is.
    #[must_use]
    pub fn evidence(&self) -> &Words {
        &self.evidence
    }

    /// Length of the whole session, scans included, minutes.
    #[must_use]
    pub fn minutes(&self) -> f64 {
        self.minutes
    }

    /// Whether all heat ends early, so that surfaces are at most 37 C in the second half.
    #[must_use]
    pub fn cools_second_half(&self) -> bool {
        self.cool_second_half
    }

    /// The steps of the recipe.
    #[must_use]
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }
}

/// Checks values of one file and says where they stand.
struct Check<'a> {
    file: &'a str,
    text: &'a str,
}

impl Check<'_> {
    fn at(&self, span: Range<usize>, words: String) -> ProgramError {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ProgramError { file: self.file.to_owned(), line, words }
    }

    fn text(&self, key: &str, value: &TextFile, most: usize) -> Result<Words, ProgramError> {
        let en = self.line(&format!("{key}.en"), &value.en, most)?;
        Ok(Words::new(en, self.line(&format!("{key}.de"), &value.de, most)?))
    }

    fn line(&self, key: &str, value: &Spanned<String>, most: usize) -> Result<String, ProgramError> {
        let text = value.get_ref().trim();
        let length = text.chars().count();
        if (1..=most).contains(&length) && !text.contains(char::is_control) {
            return Ok(text.to_owned());
        }
        let words = format!("{key} has {length} characters, allowed is one line of 1 to {most}");
        Err(self.at(value.span(), words))
    }

    fn range(&self, key: &str, value: &Spanned<f64>, min: f64, max: f64) -> Result<f64, ProgramError> {
        let number = *value.get_ref();
        if (min..=max).contains(&number) {
            return Ok(number);
        }
        Err(self.at(value.span(), format!("{key} is {number}, allowed is {min} to {max}")))
    }

    fn whole(&self, key: &str, value: &Spanned<i64>, min: i64, max: i64) -> Result<i64, ProgramError> {
        let number = *value.get_ref();
        if (min..=max).contains(&number) {
            return Ok(number);
        }
        Err(self.at(value.span(), format!("{key} is {number}, allowed is {min} to {max}")))
    }

    fn phase(&self, phase: &PhaseFile) -> Result<Phase, ProgramError> {
        let stroke = *phase.stroke.get_ref();
        let allowed = phase.therapy.actions();
        if !allowed.contains(&stroke) {
            let names: Vec<&str> = allowed.iter().map(|action| action_name(*action)).collect();
            let words = format!(
                "stroke is \"{}\", allowed in {} is {}",
                action_name(stroke),
                phase.therapy.words().en,
                names.join(" or ")
            );
            return Err(self.at(phase.stroke.span(), words));
        }
        let places = self.places(phase)?;
        self.side(phase, &places)?;
        let intensity = self.whole("intensity", &phase.intensity, 1, 9)?;
        let intensity = Intensity::new(intensity)
            .ok_or_else(|| self.at(phase.intensity.span(), "intensity is allowed from 1 to 9".to_owned()))?;
        let repeats = match &phase.repeats {
            Some(repeats) => self.whole("repeats", repeats, 1, 12)?,
            None => 1,
        };
        Ok(Phase {
            title: self.text("title", &phase.title, 80)?,
            therapy: phase.therapy,
            stroke,
            places,
            side: *phase.side.get_ref(),
            intensity,
            seconds: self.range("seconds", &phase.seconds, 5.0, 900.0)?,
            repeats: u32::try_from(repeats).unwrap_or(1),
            speed_mm_s: self.speed(phase, stroke)?,
            period_s: self.period(phase, stroke)?,
            heat: phase.heat,
            mats: phase.mats,
        })
    }

    fn side(&self, phase: &PhaseFile, places: &Places) -> Result<(), ProgramError> {
        let side = *phase.side.get_ref();
        if side == PhaseSide::Tense && !matches!(places, Places::Tense(_)) {
            let words = "side is \"tense\", allowed only with levels = \"tense\"";
            return Err(self.at(phase.side.span(), words.to_owned()));
        }
        let alternates = matches!(phase.stroke.get_ref(), Action::Knead);
        if alternates && side != PhaseSide::Both {
            let words = "side of a knead is allowed as \"both\" only: it alternates between left and right";
            return Err(self.at(phase.side.span(), words.to_owned()));
        }
        Ok(())
    }

    fn speed(&self, phase: &PhaseFile, stroke: Action) -> Result<f64, ProgramError> {
        match (stroke, &phase.speed_mm_s) {
            (Action::Hold, Some(speed)) => {
                Err(self.at(speed.span(), "speed_mm_s is not allowed with a hold, which stands".to_owned()))
            }
            (Action::Hold | Action::Stretch, None) => Ok(0.0),
            (_, Some(speed)) => self.range("speed_mm_s", speed, 1.0, 60.0),
            (_, None) => {
                let words = format!("speed_mm_s is missing, a {} needs 1 to 60", action_name(stroke));
                Err(self.at(phase.stroke.span(), words))
            }
        }
    }

    fn period(&self, phase: &PhaseFile, stroke: Action) -> Result<f64, ProgramError> {
        match (stroke, &phase.period_s) {
            (Action::Knead, Some(period)) => self.range("period_s", period, 1.0, 10.0),
            // Guess: one press a side each second, the pace of slow kneading.
            (Action::Knead, None) => Ok(2.0),
            (_, Some(period)) => {
                Err(self.at(period.span(), "period_s is allowed with a knead only".to_owned()))
            }
            (_, None) => Ok(0.0),
        }
    }

    fn places(&self, phase: &PhaseFile) -> Result<Places, ProgramError> {
        let span = phase.levels.span();
        let places = match phase.levels.get_ref() {
            toml::Value::String(text) if text == "tense" => {
                let most = match &phase.most {
                    Some(most) => self.whole("most", most, 1, 12)?,
                    None => 6,
                };
                return Ok(Places::Tense(usize::try_from(most).unwrap_or(1)));
            }
            toml::Value::String(text) => match text.split_once("..") {
                Some((first, last)) => Places::Range(self.level(first, &span)?, self.level(last, &span)?),
                None => self.list(&[text.as_str()], phase, &span)?,
            },
            toml::Value::Array(items) => {
                let names: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
                let names = names.ok_or_else(|| self.at(span.clone(), LEVELS_ALLOWED.to_owned()))?;
                self.list(&names, phase, &span)?
            }
            _ => return Err(self.at(span, LEVELS_ALLOWED.to_owned())),
        };
        match &phase.most {
            Some(most) => {
                Err(self.at(most.span(), "most is allowed only with levels = \"tense\"".to_owned()))
            }
            None => Ok(places),
        }
    }

    fn list(&self, names: &[&str], phase: &PhaseFile, span: &Range<usize>) -> Result<Places, ProgramError> {
        if !(1..=20).contains(&names.len()) {
            let words = format!("levels has {} entries, allowed are 1 to 20", names.len());
            return Err(self.at(span.clone(), words));
        }
        if let Some(named) = names.iter().map(|name| Point::named(name)).collect::<Option<Vec<_>>>() {
            if *phase.stroke.get_ref() == Action::Hold {
                return Ok(Places::Points(named));
            }
            let words = "levels names points, which is allowed with a hold only".to_owned();
            return Err(self.at(span.clone(), words));
        }
        let levels = names.iter().map(|name| self.level(name, span)).collect::<Result<_, _>>()?;
        Ok(Places::Levels(levels))
    }

    fn level(&self, name: &str, span: &Range<usize>) -> Result<Level, ProgramError> {
        let level = Level::from_name(name).filter(|level| level.is_thoracic() || level.is_lumbar());
        level.ok_or_else(|| {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(20).collect();
            let known = points().iter().map(|point| point.name).collect::<Vec<_>>().join(", ");
            let words = if Point::named(name).is_some() {
                "levels mixes points and levels; give each a phase of its own".to_owned()
            } else {
                format!("levels has \"{shown}\", allowed are T1 to T13, L1 to L6, or the points {known}")
            };
            self.at(span.clone(), words)
        })
    }
}

const LEVELS_ALLOWED: &str =
    "levels is allowed as \"T3..L5\", \"L4\", \"tense\" or a list of levels or of points";

fn action_name(action: Action) -> &'static str {
    match action {
        Action::Hold => "hold",
        Action::Glide => "glide",
        Action::Knead => "knead",
        Action::Stretch => "stretch",
        Action::Warm => "warm",
    }
}

#[cfg(test)]
mod tests;
