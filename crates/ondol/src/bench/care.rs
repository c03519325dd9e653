//! `ondol bench care`: the triage and its questionnaire on worked cases.
//!
//! Each case is a person who answers what is asked and nothing else; the table tells how urgent the guide
//! finds them against what the safest sensible clinician would have said. Every batch was frozen before the
//! rules that it measures. Of the first, every third, by hash, was unseen until a closing run; the second,
//! the third and the fourth were each held out until the next. Since then all four are open and named, and are no
//! evidence for unseen people any more. The fifth is held out: whoever tunes rules does not run it, and no case of it
//! is ever named.

use crate::fail::{Failure, print_json};
use ::care::ask::{Row, next_screen};
use ::care::{Findings, Kind, Urgency, Value, triage};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Arguments of `ondol bench care`.
#[derive(Args)]
pub struct Arguments {
    /// Which cases to run; the fifth ones are held out and meant for the closing run
    #[arg(long, value_enum, default_value_t = Batch::First)]
    batch: Batch,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Cases that were frozen together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Batch {
    /// The cases with which the rules were made: all open.
    First,
    /// Cases held out until the second closing run: all open since.
    Second,
    /// Cases held out until the third closing run: all open since.
    Third,
    /// Cases held out until the fourth closing run: all open since.
    Fourth,
    /// Cases that no rule has seen: never named.
    Fifth,
}

const PEOPLE: &str = "worked cases written from case reports and guidelines; no living people were asked";
const RATES: &str = "an emergency is a third here and one in a hundred outside: rates over cases are not rates \
                     over people";
const FIRST: &[&str] = &[
    include_str!("../../../../care/cases/emergency.toml"),
    include_str!("../../../../care/cases/doctor.toml"),
    include_str!("../../../../care/cases/harmless.toml"),
];
const SECOND: &[&str] = &[
    include_str!("../../../../care/cases/second_emergency.toml"),
    include_str!("../../../../care/cases/second_other.toml"),
];

const THIRD: &[&str] = &[
    include_str!("../../../../care/cases/third_emergency.toml"),
    include_str!("../../../../care/cases/third_other.toml"),
];
const FOURTH: &[&str] = &[
    include_str!("../../../../care/cases/fourth_emergency.toml"),
    include_str!("../../../../care/cases/fourth_other.toml"),
    include_str!("../../../../care/cases/fourth_harmless.toml"),
];
const FIFTH: &[&str] = &[
    include_str!("../../../../care/cases/fifth_emergency.toml"),
    include_str!("../../../../care/cases/fifth_other.toml"),
    include_str!("../../../../care/cases/fifth_harmless.toml"),
];

impl Batch {
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::First => FIRST,
            Self::Second => SECOND,
            Self::Third => THIRD,
            Self::Fourth => FOURTH,
            Self::Fifth => FIFTH,
        }
    }

    /// Whether its cases may be read, and named.
    fn is_open(self) -> bool {
        self != Self::Fifth
    }
}

/// Largest shares of the harmless to each urgency or above it. Design: the aims of the guide.
const HARMLESS_AIMS: [(Urgency, f64); 3] =
    [(Urgency::Emergency, 5.0), (Urgency::Today, 15.0), (Urgency::Soon, 35.0)];
/// Most answers and screens, as medians over the harmless. Design: the aims of the guide.
const ANSWERS_MAX: f64 = 20.0;
const SCREENS_MAX: f64 = 8.0;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tier: Urgency,
    facts: BTreeMap<String, Value>,
}

impl Case {
    /// Every third case of the first batch by hash (see the cases' README): unseen until its closing run.
    fn was_unseen(&self) -> bool {
        Sha256::digest(self.id.as_bytes())[0].is_multiple_of(3)
    }
}

/// What the guide did with one case.
#[derive(Debug, Serialize)]
struct Told {
    id: String,
    #[serde(skip)]
    was_unseen: bool,
    tier: Urgency,
    given: Urgency,
    reasons: Vec<&'static str>,
    answers: usize,
    screens: usize,
}

/// A count with the 95 % interval of its share.
#[derive(Debug, PartialEq, Serialize)]
struct Share {
    count: usize,
    of: usize,
    percent: f64,
    low_percent: f64,
    high_percent: f64,
}

#[derive(Debug, Serialize)]
struct Tier {
    tier: Urgency,
    cases: usize,
    /// Cases by the urgency that they were given, from self-care to emergency.
    given: BTreeMap<Urgency, Share>,
    missed: Share,
    answers_median: f64,
    answers_p95: f64,
    screens_median: f64,
    screens_p95: f64,
}

#[derive(Serialize)]
struct Aim {
    what: String,
    value: f64,
    aim: f64,
    reached: bool,
}

/// The figures over some of the cases.
#[derive(Serialize)]
struct Column {
    cases: &'static str,
    tiers: Vec<Tier>,
    aims: Vec<Aim>,
}

#[derive(Serialize)]
struct Outcome {
    people: &'static str,
    rates: &'static str,
    batch: Batch,
    columns: Vec<Column>,
    /// Cases given less than their tier; of open batches only.
    misses: Vec<Told>,
    /// Harmless cases sent to a doctor; of open batches only.
    overcautious: Vec<Told>,
}

/// Runs `ondol bench care`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let told: Vec<Told> = cases(arguments.batch)
        .map_err(Failure::Input)?
        .iter()
        .map(drive)
        .collect::<Result<_, _>>()
        .map_err(Failure::Input)?;
    let outcome = Outcome::of(told, arguments.batch);
    if arguments.json {
        return print_json(&outcome);
    }
    print(&outcome);
    Ok(())
}

fn cases(batch: Batch) -> Result<Vec<Case>, String> {
    if batch.files().is_empty() {
        return Err("care/cases: this batch has no files yet".to_owned());
    }
    let mut found = Vec::new();
    for text in batch.files() {
        let file: File = toml::from_str(text).map_err(|error| format!("care/cases: {}", error.message()))?;
        found.extend(file.case);
    }
    Ok(found)
}

/// Answers what is asked, screen by screen, as the person of the case would.
fn drive(case: &Case) -> Result<Told, String> {
    let mut findings = Findings::new();
    let (mut answers, mut screens) = (0, 0);
    while let Some(screen) = next_screen(&findings) {
        screens += 1;
        for row in screen.rows {
            if findings.get(row.id).is_some() {
                return Err(format!("{}: \"{}\" was asked twice", case.id, row.id));
            }
            findings.set(row.id, answer(case, row)).map_err(|error| format!("{}: {error}", case.id))?;
            answers += 1;
        }
    }
    let triage = triage(&findings);
    Ok(Told {
        id: case.id.clone(),
        was_unseen: case.was_unseen(),
        tier: case.tier,
        given: triage.urgency,
        reasons: triage.reasons.iter().map(|reason| reason.rule.id.as_str()).collect(),
        answers,
        screens,
    })
}

/// What the person says: what the case names; else no, none, or the least.
fn answer(case: &Case, row: Row) -> Value {
    if let Some(value) = case.facts.get(row.id) {
        return value.clone();
    }
    match row.kind {
        Kind::YesNo => {
            // Nothing was said of the row itself: it is so when anything behind it is.
            let mut said = Findings::new();
            for (id, value) in &case.facts {
                // What is no fact is found where the case is read.
                let _ = said.set(id, value.clone());
            }
            Value::YesNo(said.says(row.id) == Some(true))
        }
        Kind::Number { min, .. } => Value::Number(*min),
        Kind::Choice(options) => Value::Choice(options.first().map(|one| one.id.clone()).unwrap_or_default()),
        Kind::Many(_) => Value::Many(BTreeSet::new()),
    }
}

impl Outcome {
    fn of(told: Vec<Told>, batch: Batch) -> Self {
        let (mut misses, mut overcautious) = (Vec::new(), Vec::new());
        let columns = match batch {
            Batch::Fifth => vec![Column::of("held out", told.iter())],
            Batch::Fourth => vec![Column::of("seen after the fourth closing run", told.iter())],
            Batch::Third => vec![Column::of("seen after the third closing run", told.iter())],
            Batch::Second => vec![Column::of("seen after the second closing run", told.iter())],
            Batch::First => vec![
                Column::of("all of the first batch", told.iter()),
                Column::of("seen from the start", told.iter().filter(|one| !one.was_unseen)),
                Column::of("seen after the first closing run", told.iter().filter(|one| one.was_unseen)),
            ],
        };
        for one in told.into_iter().filter(|_| batch.is_open()) {
            if is_miss(&one) {
                misses.push(one);
            } else if one.tier == Urgency::SelfCare && one.given >= Urgency::Soon {
                overcautious.push(one);
            }
        }
        Self { people: PEOPLE, rates: RATES, batch, columns, misses, overcautious }
    }
}

impl Column {
    fn of<'a>(cases: &'static str, told: impl Iterator<Item = &'a Told>) -> Self {
        let told: Vec<&Told> = told.collect();
        let tiers: Vec<Tier> = [Urgency::Emergency, Urgency::Today, Urgency::Soon, Urgency::SelfCare]
            .into_iter()
            .map(|tier| Tier::of(tier, &told))
            .collect();
        let aims = aims(&tiers, &told);
        Self { cases, tiers, aims }
    }
}

fn is_miss(told: &Told) -> bool {
    told.given.max(Urgency::Watch) < told.tier
}

impl Tier {
    fn of(tier: Urgency, told: &[&Told]) -> Self {
        let own: Vec<&Told> = told.iter().copied().filter(|one| one.tier == tier).collect();
        let share =
            |test: &dyn Fn(&Told) -> bool| wilson(own.iter().filter(|one| test(one)).count(), own.len());
        let all = [Urgency::SelfCare, Urgency::Watch, Urgency::Soon, Urgency::Today, Urgency::Emergency];
        let answers = |share| quantile(own.iter().map(|one| one.answers), share);
        let screens = |share| quantile(own.iter().map(|one| one.screens), share);
        Self {
            tier,
            cases: own.len(),
            given: all.into_iter().map(|given| (given, share(&|one| one.given == given))).collect(),
            missed: share(&is_miss),
            answers_median: answers(0.5),
            answers_p95: answers(0.95),
            screens_median: screens(0.5),
            screens_p95: screens(0.95),
        }
    }
}

fn aims(tiers: &[Tier], told: &[&Told]) -> Vec<Aim> {
    let below = |what: String, value: f64, aim: f64| Aim { what, value, aim, reached: value <= aim };
    let mut aims = Vec::new();
    let harmless: Vec<&Told> = told.iter().copied().filter(|one| one.tier == Urgency::SelfCare).collect();
    for tier in tiers {
        match tier.tier {
            Urgency::Emergency => aims.push(below("emergencies missed, %".into(), tier.missed.percent, 0.0)),
            Urgency::SelfCare => {
                for (urgency, aim) in HARMLESS_AIMS {
                    let sent = harmless.iter().filter(|one| one.given >= urgency).count();
                    let what = format!("harmless to \"{}\" or above, %", name(urgency));
                    aims.push(below(what, wilson(sent, harmless.len()).percent, aim));
                }
                aims.push(below("answers of the harmless, median".into(), tier.answers_median, ANSWERS_MAX));
                aims.push(below("screens of the harmless, median".into(), tier.screens_median, SCREENS_MAX));
            }
            _ => {}
        }
    }
    aims
}

/// The share with its Wilson score interval at 95 %. Source: Wilson 1927, J Am Stat Assoc 22:209.
fn wilson(count: usize, of: usize) -> Share {
    const Z: f64 = 1.959_963_984_540_054;
    let n = of as f64;
    if of == 0 {
        return Share { count, of, percent: 0.0, low_percent: 0.0, high_percent: 100.0 };
    }
    let p = count as f64 / n;
    let centre = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 100.0 / (1.0 + Z * Z / n);
    Share {
        count,
        of,
        percent: 100.0 * p,
        low_percent: (scale * (centre - half)).max(0.0),
        high_percent: (scale * (centre + half)).min(100.0),
    }
}

/// The value below which a share of the numbers lies, between neighbours by their weights; 0 of none.
fn quantile(values: impl Iterator<Item = usize>, share: f64) -> f64 {
    let mut sorted: Vec<usize> = values.collect();
    sorted.sort_unstable();
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = share * last as f64;
    let (low, high) = (sorted[at.floor() as usize] as f64, sorted[at.ceil() as usize] as f64);
    low + (high - low) * at.fract()
}

fn name(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::SelfCare => "self-care",
        Urgency::Watch => "watch",
        Urgency::Soon => "soon",
        Urgency::Today => "today",
        Urgency::Emergency => "emergency",
    }
}

fn print(outcome: &Outcome) {
    println!("{}; {}", outcome.people, outcome.rates);
    for column in &outcome.columns {
        print_column(column);
    }
    for (what, list) in [("miss", &outcome.misses), ("overcautious", &outcome.overcautious)] {
        for one in list {
            let reasons = one.reasons.join(", ");
            println!("{what}: {}: is {}, given {} ({reasons})", one.id, name(one.tier), name(one.given));
        }
    }
}

fn print_column(column: &Column) {
    println!("\ncases: {}; rows: what each is, columns: what the guide says", column.cases);
    println!(
        "{:<10} {:>5}  {:>9} {:>5} {:>5} {:>5} {:>9}  {:<26} {:>7} {:>4}  {:>7} {:>4}",
        "tier",
        "cases",
        "self-care",
        "watch",
        "soon",
        "today",
        "emergency",
        "missed, % (95 %)",
        "answers",
        "p95",
        "screens",
        "p95"
    );
    for tier in &column.tiers {
        let count = |urgency| tier.given.get(&urgency).map_or(0, |share: &Share| share.count);
        println!(
            "{:<10} {:>5}  {:>9} {:>5} {:>5} {:>5} {:>9}  {:<26} {:>7} {:>4.0}  {:>7} {:>4.0}",
            name(tier.tier),
            tier.cases,
            count(Urgency::SelfCare),
            count(Urgency::Watch),
            count(Urgency::Soon),
            count(Urgency::Today),
            count(Urgency::Emergency),
            shown(&tier.missed),
            tier.answers_median,
            tier.answers_p95,
            tier.screens_median,
            tier.screens_p95,
        );
    }
    for tier in column.tiers.iter().filter(|tier| tier.tier == Urgency::SelfCare) {
        for (urgency, share) in &tier.given {
            println!("harmless given {:<10} {}", name(*urgency), shown(share));
        }
    }
    for aim in &column.aims {
        let reached = if aim.reached { "reached" } else { "NOT REACHED" };
        println!("{:<42} {:>5.1}  at most {:>4.1}  {reached}", aim.what, aim.value, aim.aim);
    }
}

fn shown(share: &Share) -> String {
    format!(
        "{} of {}, {:.1} ({:.1}-{:.1})",
        share.count, share.of, share.percent, share.low_percent, share.high_percent
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_wilson() {
        // 0 of 51: the upper bound is z^2 / (n + z^2).
        let none = wilson(0, 51);
        assert!((none.high_percent - 100.0 * 3.841_459 / 54.841_459).abs() < 1e-3 && none.low_percent < 1e-9);
        // Newcombe 1998, Stat Med 17:857, table I: 81 of 263 gives 0.2553 to 0.3662.
        let share = wilson(81, 263);
        assert!((share.low_percent - 25.53).abs() < 0.01 && (share.high_percent - 36.62).abs() < 0.01);
    }

    #[test]
    fn every_third_case_of_the_first_batch_was_unseen() {
        let first = cases(Batch::First).expect("cases");
        let unseen = first.iter().filter(|case| case.was_unseen()).count();
        assert_eq!((unseen, first.len() - unseen), (70, 131));
    }

    #[test]
    fn every_case_of_every_batch_tells_in_the_guides_own_words() {
        for batch in Batch::value_variants().iter().copied().filter(|one| !one.files().is_empty()) {
            for case in cases(batch).expect("cases") {
                let mut said = Findings::new();
                for (id, value) in case.facts {
                    assert_eq!(said.set(&id, value), Ok(()), "{batch:?}");
                }
            }
        }
    }

    #[test]
    fn no_case_of_the_held_out_batch_is_named() {
        let missed = || Told {
            id: "somebody".into(),
            was_unseen: false,
            tier: Urgency::Emergency,
            given: Urgency::SelfCare,
            reasons: vec![],
            answers: 0,
            screens: 0,
        };
        let held_out = Outcome::of(vec![missed()], Batch::Fifth);
        assert_eq!(held_out.columns[0].tiers[0].missed.count, 1);
        let text = serde_json::to_string(&held_out).expect("numbers and names");
        assert!(!text.contains("somebody") && !text.contains("was_unseen"), "{text}");
        for open in [Batch::First, Batch::Second, Batch::Third, Batch::Fourth] {
            assert_eq!(Outcome::of(vec![missed()], open).misses[0].id, "somebody");
        }
    }

    #[test]
    fn a_case_that_is_watched_instead_of_seen_by_a_doctor_is_a_miss() {
        let told = |tier, given| Told {
            id: String::new(),
            was_unseen: false,
            tier,
            given,
            reasons: vec![],
            answers: 0,
            screens: 0,
        };
        assert!(is_miss(&told(Urgency::Soon, Urgency::Watch)));
        assert!(!is_miss(&told(Urgency::SelfCare, Urgency::SelfCare)));
        assert!(is_miss(&told(Urgency::Emergency, Urgency::Today)));
    }
}
