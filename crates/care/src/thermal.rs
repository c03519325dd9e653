//! Heat, cold and the bed after a spasm or an injury (`care/thermal.toml`, whose head says what a row means).
//!
//! Every row whose conditions hold counts, and of all of them the strictest. An answer that is not known makes
//! a row hold that takes something away, unless another of its conditions is known and fails.
//!
//! What this does not do: it loosens no row of screening, and nothing here needs the person awake.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::answers::{Answer, Answers, Standing};
use crate::day::Day;
use crate::effect::Region;
use crate::facts::{Findings, Value, fact, opens_others};
use crate::question::questions;
use crate::topic::Is;
use crate::triage::Ground;
use crate::words::{Evidence, Words};

/// What to lay on first; ordered from strict to free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// Neither.
    None,
    /// Something cold.
    Cold,
    /// Something warm.
    Heat,
    /// As the person likes.
    Either,
}

/// What the bed may do; ordered from strict to free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBed {
    /// No session.
    Refused,
    /// No roller and no heated surface on the place.
    NotOnRegion,
    /// A session within all other limits.
    Allowed,
}

/// Where the place of a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Where the person marked that it hurts.
    #[default]
    Marked,
    /// Nobody said where: anywhere on the back.
    Unknown,
}

/// One condition of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// A fact, a group of facts, or a question of screening.
    pub fact: String,
    /// What the answer must be.
    pub is: Is,
}

/// When a row holds: all of what it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Every one.
    pub all: Vec<Needs>,
    /// At least one, if there are any.
    pub any: Vec<Needs>,
    /// Hours since the injury or the beginning, included.
    pub hours_from: Option<f64>,
    /// Hours since the injury or the beginning, not included.
    pub hours_to: Option<f64>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Name of the row.
    pub id: String,
    /// When it holds.
    pub when: When,
    /// What to lay on first.
    pub first: First,
    /// Least and most minutes at one time.
    pub minutes: [u32; 2],
    /// Whether only with cloth between it and the skin.
    pub wrapped: bool,
    /// What the bed may do.
    pub bed: OnBed,
    /// Where the place is that [`OnBed::NotOnRegion`] leaves out.
    #[serde(default)]
    pub place: Place,
    /// Highest intensity, 0 to 9, the scale of the programs; 0 is no roller at all.
    pub intensity_max: u8,
    /// What to tell the person.
    pub words: Words,
    /// Keys of the file's sources.
    pub source: Vec<String>,
    /// How well the words are supported.
    pub evidence: Evidence,
    /// Day on which the sources were looked at.
    pub checked: Day,
}

/// Highest intensity of the programs. Source: `plan::Intensity`, 1 to 9.
const INTENSITY_TOP: u8 = 9;
/// How the rows of a person's own wish begin.
const WISH: &str = "own_choice_";

impl Row {
    fn is_wish(&self) -> bool {
        self.id.starts_with(WISH)
    }

    /// Whether it takes something from the bed, so that it holds on unknown answers too.
    fn takes_away(&self) -> bool {
        self.bed != OnBed::Allowed || self.intensity_max < INTENSITY_TOP
    }
}

/// A row that holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ThermalReason {
    /// The row.
    pub row: &'static Row,
    /// By the answers, or because one is not known.
    pub ground: Ground,
}

/// What holds for one person now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Thermal {
    /// What to lay on first.
    pub first: First,
    /// Least and most minutes at one time; zero with nothing to lay on.
    pub minutes: [u32; 2],
    /// Whether only with cloth between.
    pub wrapped: bool,
    /// What the bed may do.
    pub bed: OnBed,
    /// Highest intensity of the rest of the back, 0 to 9.
    pub intensity_max: u8,
    /// What the bed leaves out, from head to foot.
    pub regions: Vec<Region>,
    /// The rows that hold, in the table's order.
    pub reasons: Vec<ThermalReason>,
    /// Facts and questions whose answers are not known and made a row hold: ask these.
    pub open: Vec<&'static str>,
}

/// The rows, in the order of the table.
#[must_use]
pub fn rows() -> &'static [Row] {
    &TABLE.row
}

/// What the sources of [`Row::source`] are, by key.
#[must_use]
pub fn sources() -> &'static BTreeMap<String, String> {
    &TABLE.sources
}

/// Weighs what is known on the day `today`. `hours` since the injury, or since the spasm began; without them
/// the youngest age that the fact `days_since_start` allows counts.
///
/// ```
/// use care::{Answers, Day, Findings, thermal::{First, OnBed, thermal}};
/// // Nothing is known: neither heat nor cold, and no bed.
/// let told = thermal(&Findings::new(), &Answers::new(), Day(20_779), None);
/// assert_eq!((told.first, told.bed, told.intensity_max), (First::None, OnBed::Refused, 0));
/// ```
#[must_use]
pub fn thermal(findings: &Findings, answers: &Answers, today: Day, hours: Option<f64>) -> Thermal {
    let told = Told::new(findings, answers, today, hours);
    let mut open = BTreeSet::new();
    let mut reasons = Vec::new();
    for row in rows() {
        let ground = match told.holds(&row.when) {
            Some(false) => continue,
            Some(true) => Ground::Told,
            None if row.takes_away() => Ground::NotAnswered,
            None => continue,
        };
        if ground == Ground::NotAnswered {
            open.extend(told.unknown(&row.when));
        }
        reasons.push(ThermalReason { row, ground });
    }
    let regions = told.regions(&reasons);
    let least = |of: &dyn Fn(&Row) -> u32| reasons.iter().map(|reason| of(reason.row)).min().unwrap_or(0);
    let first = first(&reasons);
    let mut bed = reasons.iter().map(|reason| reason.row.bed).min().unwrap_or(OnBed::Refused);
    // Nothing of the back is left, or no roller may press.
    let intensity_max = if bed == OnBed::Refused {
        0
    } else {
        least(&|row| row.intensity_max.into()).try_into().unwrap_or(0)
    };
    if regions.len() == Region::ALL.len() || intensity_max == 0 {
        bed = OnBed::Refused;
    }
    Thermal {
        first,
        minutes: if first == First::None {
            [0, 0]
        } else {
            [least(&|row| row.minutes[0]), least(&|row| row.minutes[1])]
        },
        wrapped: reasons.iter().any(|reason| reason.row.wrapped),
        bed,
        intensity_max: if bed == OnBed::Refused { 0 } else { intensity_max },
        regions,
        reasons,
        open: open.into_iter().collect(),
    }
}

/// The strictest; a wish replaces heat where nothing stricter speaks.
fn first(reasons: &[ThermalReason]) -> First {
    let of = |wish: bool| {
        let named = reasons.iter().map(|reason| reason.row).filter(|row| row.is_wish() == wish);
        named.map(|row| row.first).min()
    };
    match (of(false).unwrap_or(First::None), of(true)) {
        (First::Heat | First::Either, Some(wish)) => wish,
        (first, _) => first,
    }
}

/// What is known of one person, from both tables.
struct Told {
    findings: Findings,
    /// Questions of screening that are no facts.
    other: BTreeMap<&'static str, bool>,
    hours: Option<f64>,
}

impl Told {
    fn new(findings: &Findings, answers: &Answers, today: Day, hours: Option<f64>) -> Self {
        let mut told = Self { findings: findings.clone(), other: BTreeMap::new(), hours };
        for question in questions() {
            let Standing::Valid(answer) = answers.standing(question, today) else { continue };
            let yes = answer != Answer::No;
            if fact(&question.id).is_none() && !opens_others(&question.id) {
                told.other.insert(&question.id, yes);
            } else if yes || findings.says(&question.id).is_none() {
                let set = told.findings.set(&question.id, Value::YesNo(yes));
                assert!(
                    set.is_ok(),
                    "a question of screening is a yes_no fact or a group, which a test proves"
                );
            }
        }
        if let (None, Some(Value::Number(days))) = (hours, findings.get("days_since_start")) {
            told.hours = Some(((days - 1.0) * 24.0).max(0.0));
        }
        told
    }

    fn answer(&self, needs: &Needs) -> Option<bool> {
        match (self.other.get(needs.fact.as_str()), &needs.is) {
            (Some(yes), Is::Flag(wanted)) => Some(yes == wanted),
            _ => needs.is.met(&needs.fact, &self.findings),
        }
    }

    /// Whether a row holds; `None` where that hangs on what is not known.
    fn holds(&self, when: &When) -> Option<bool> {
        let any = when.any.iter().map(|needs| self.answer(needs)).reduce(or).unwrap_or(Some(true));
        let mut each = vec![any, self.in_time(when)];
        each.extend(when.all.iter().map(|needs| self.answer(needs)));
        if each.contains(&Some(false)) {
            Some(false)
        } else if each.contains(&None) {
            None
        } else {
            Some(true)
        }
    }

    fn in_time(&self, when: &When) -> Option<bool> {
        if when.hours_from.is_none() && when.hours_to.is_none() {
            return Some(true);
        }
        let hours = self.hours.filter(|hours| hours.is_finite() && *hours >= 0.0)?;
        Some(when.hours_from.is_none_or(|from| hours >= from) && when.hours_to.is_none_or(|to| hours < to))
    }

    fn unknown<'a>(&self, when: &'a When) -> Vec<&'a str> {
        let needs = when.all.iter().chain(&when.any);
        let mut unknown: Vec<&str> =
            needs.filter(|needs| self.answer(needs).is_none()).map(|needs| needs.fact.as_str()).collect();
        if self.in_time(when).is_none() {
            unknown.push("days_since_start");
        }
        unknown
    }

    /// The stretches of the back that the rows leave out.
    fn regions(&self, reasons: &[ThermalReason]) -> Vec<Region> {
        let out: Vec<&Row> =
            reasons.iter().map(|reason| reason.row).filter(|row| row.bed == OnBed::NotOnRegion).collect();
        if out.is_empty() {
            return Vec::new();
        }
        let marked = match self.findings.get("regions") {
            Some(Value::Many(marked)) if !marked.is_empty() => marked,
            _ => return Region::ALL.to_vec(),
        };
        if out.iter().any(|row| row.place == Place::Unknown) {
            return Region::ALL.to_vec();
        }
        let found: BTreeSet<Region> = marked.iter().flat_map(|place| stretches(place)).copied().collect();
        found.into_iter().collect()
    }
}

/// One of two holds; not known where that hangs on an unknown one.
fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// The stretches of the back over which rollers would press a marked place.
///
/// Guess: the shoulder blade spans T2 to T7, the side below the ribs T11 to L4, the hips and buttocks lie
/// beside the sacrum. Limbs, head, chest and belly lie where no roller goes.
fn stretches(place: &str) -> &'static [Region] {
    match place {
        "neck" => &[Region::Neck],
        "shoulder" => &[Region::Neck, Region::UpperBack],
        "upper_back" => &[Region::UpperBack],
        "shoulder_blade" => &[Region::UpperBack, Region::LowerBackRibs],
        "lower_back_ribs" => &[Region::LowerBackRibs],
        "flank" => &[Region::LowerBackRibs, Region::Lumbar],
        "lumbar" => &[Region::Lumbar],
        "sacrum" | "buttock" | "hip" => &[Region::Sacrum],
        _ => &[],
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    sources: BTreeMap<String, String>,
    row: Vec<Row>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    parse(include_str!("../../../care/thermal.toml"))
        .expect("the embedded thermal table is valid, which a test proves")
});

fn parse(text: &str) -> Result<Table, String> {
    let table: Table = toml::from_str(text).map_err(|error| crate::answers::one_line(text, &error))?;
    let mut ids = BTreeSet::new();
    for row in &table.row {
        let wrong = |what: &str| Err(format!("thermal table, row \"{}\": {what}", row.id));
        if !ids.insert(row.id.as_str()) {
            return wrong("the id is used twice");
        }
        for needs in row.when.all.iter().chain(&row.when.any) {
            let known = fact(&needs.fact).is_some()
                || opens_others(&needs.fact)
                || questions().iter().any(|question| question.id == needs.fact);
            if !known {
                return wrong(&format!("there is no fact and no question \"{}\"", needs.fact));
            }
        }
        if row.when.all.is_empty() && row.when.any.is_empty() {
            return wrong("it hangs on nothing");
        }
        if row.intensity_max > INTENSITY_TOP || (row.intensity_max == 0) != (row.bed == OnBed::Refused) {
            return wrong("intensity 0 goes with a refused bed, and 9 is the highest");
        }
        let [least, most] = row.minutes;
        if least > most || (row.first == First::None) != (most == 0) {
            return wrong("minutes rise, and are zero with nothing to lay on");
        }
        if row.is_wish() && row.takes_away() {
            return wrong("a wish takes nothing from the bed");
        }
        if !row.words.complete() || row.source.is_empty() {
            return wrong("a text or a source is missing");
        }
        if let Some(key) = row.source.iter().find(|key| !table.sources.contains_key(*key)) {
            return wrong(&format!("unknown source \"{key}\""));
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests;
