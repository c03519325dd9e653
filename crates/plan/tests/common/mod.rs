//! Spines, people and beds for the tests of this crate.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;

use bed::{BedConfig, Interval, Level, LevelEstimate, Side, SpineScan, Tension};
use care::{Answer, Answers, Clearance, Day, Findings, Kind, Person, Value, screen};
use plan::{Code, History, Plan, Program, Reason, Refusal, Visit, compile};

pub const TODAY: Day = Day(20_779);

pub const BEDS: [&str; 3] = [
    include_str!("../../../../beds/reference.toml"),
    include_str!("../../../../beds/coupled.toml"),
    include_str!("../../../../beds/two-carriages.toml"),
];

/// Bed 0 is the reference, 1 the coupled lift without load cells, 2 has two carriages.
pub fn bed(index: usize) -> BedConfig {
    toml::from_str(BEDS[index]).expect("bed files are valid")
}

/// A regular spine of 430 mm, straight on the midline, muscles as expected.
pub fn scan() -> SpineScan {
    let mut levels = SpineScan {
        levels: Default::default(),
        length_t1_l5_mm: Interval::normal(430.0, 4.0),
        kyphosis_deg: Interval::normal(25.0, 3.0),
        lordosis_deg: Interval::normal(35.0, 3.0),
        lateral_deviation_mm: Interval::normal(0.0, 2.0),
        tension: Default::default(),
    };
    let mut x_mm = 505.0;
    for (index, level) in Level::REGULAR.into_iter().enumerate() {
        let estimate =
            LevelEstimate { level, x_mm, y_mm: 0.0, z_mm: 90.0, sd_x_mm: 6.0, sd_y_mm: 2.0, sd_z_mm: 2.0 };
        levels.levels.push(estimate).expect("room for seventeen");
        x_mm += 20.0 + 0.9 * index as f64;
        for side in Side::BOTH {
            let tension = Tension { level, side, ratio: 1.0, lo90: 0.85, hi90: 1.15, tense: false };
            levels.tension.push(tension).expect("room for both sides");
        }
    }
    levels
}

/// The regular spine with three tense sites: L4 left, L2 left, T7 right.
pub fn tense_scan() -> SpineScan {
    let mut scan = scan();
    for (level, side, ratio) in
        [(Level::L4, Side::Left, 1.7), (Level::L2, Side::Left, 1.5), (Level::T7, Side::Right, 1.4)]
    {
        let site = scan.tension.iter_mut().find(|site| site.level == level && site.side == side);
        let site = site.expect("every level has both sides");
        (site.ratio, site.lo90, site.hi90, site.tense) = (ratio, ratio - 0.2, ratio + 0.2, true);
    }
    scan
}

pub fn person() -> Person {
    Person::new(45.0, 1750.0, 80.0)
}

/// Somebody to whom no row of the screening table applies.
pub fn cleared(person: &Person) -> Clearance {
    screen(person, &Answers::all_no(TODAY, true), TODAY)
}

pub fn answered(id: &str, answer: Answer) -> Clearance {
    let mut answers = Answers::all_no(TODAY, true);
    answers.set(id, answer, TODAY).expect("a row of the table");
    screen(&person(), &answers, TODAY)
}

/// Compiles for the ordinary person who has been here before, on the reference bed.
pub fn ordinary(program: &Program, scan: &SpineScan) -> Result<Plan, Refusal> {
    compile(program, scan, cleared(&person()), &History::returning(5), &Visit::on(TODAY), &bed(0))
}

/// A program with every therapy, firm and hot, from T1 to L5.
pub fn everything() -> Program {
    program(
        r#"
[[phase]]
title = { en = "Warm", de = "Warm (de)" }
therapy = "hot_stone"
stroke = "warm"
levels = "T1..L5"
side = "both"
intensity = 6
seconds = 200.0
speed_mm_s = 40.0
heat = "high"
mats = "medium"
[[phase]]
title = { en = "Hold", de = "Hold (de)" }
therapy = "acupressure"
stroke = "hold"
levels = "T1..L5"
side = "both"
intensity = 9
seconds = 20.0
heat = "medium"
mats = "medium"
[[phase]]
title = { en = "Knead", de = "Knead (de)" }
therapy = "deep_tissue"
stroke = "knead"
levels = "T3..L5"
side = "both"
intensity = 6
seconds = 120.0
speed_mm_s = 10.0
[[phase]]
title = { en = "Glide", de = "Glide (de)" }
therapy = "deep_tissue"
stroke = "glide"
levels = "T1..L5"
side = "both"
intensity = 8
seconds = 200.0
speed_mm_s = 20.0
[[phase]]
title = { en = "Lift", de = "Lift (de)" }
therapy = "stretching"
stroke = "stretch"
levels = ["L4", "L3"]
side = "both"
intensity = 5
seconds = 40.0
[[phase]]
title = { en = "Lift travelling", de = "Lift travelling (de)" }
therapy = "stretching"
stroke = "stretch"
levels = "L5..T4"
side = "both"
intensity = 5
seconds = 120.0
speed_mm_s = 10.0
"#,
        30.0,
    )
}

/// A program of these phases.
pub fn program(phases: &str, minutes: f64) -> Program {
    Program::parse("test.toml", &(head(minutes) + phases)).unwrap_or_else(|error| panic!("{error}"))
}

/// What stands before the phases.
pub fn head(minutes: f64) -> String {
    let texts = ["title", "for_whom", "does", "evidence"];
    let texts = texts.map(|key| format!("{key} = {{ en = \"Tests.\", de = \"Proben.\" }}\n")).concat();
    format!("name = \"test\"\n{texts}minutes = {minutes:.1}\n")
}

/// A phase in TOML; `more` holds further keys.
pub fn phase(stroke: &str, levels: &str, intensity: u8, seconds: f64, more: &str) -> String {
    let therapy = match stroke {
        "hold" => "acupressure",
        "glide" | "knead" => "deep_tissue",
        "stretch" => "stretching",
        _ => "hot_stone",
    };
    let side = if more.contains("side =") { "" } else { "side = \"both\"\n" };
    format!(
        "[[phase]]\ntitle = {{ en = \"{stroke}\", de = \"{stroke} (de)\" }}\ntherapy = \"{therapy}\"\nstroke = \"{stroke}\"\nlevels = {levels}\n\
         intensity = {intensity}\nseconds = {seconds:.1}\n{side}{more}\n"
    )
}

pub fn reason(plan: &Plan, code: Code) -> Option<&Reason> {
    plan.reasons.iter().find(|reason| reason.code == code)
}

/// Where the carriage is `passed` seconds after landing, mm: told from the stroke alone.
pub fn position_mm(stroke: &bed::Stroke, passed: f64) -> f64 {
    let (from, to) = (f64::from(stroke.from.raw()) / 1e3, f64::from(stroke.to.raw()) / 1e3);
    let speed = f64::from(stroke.speed.raw()) / 1e3;
    let length = (to - from).abs();
    if length < 1e-9 || speed <= 0.0 {
        return from;
    }
    let folded = (passed * speed).rem_euclid(2.0 * length);
    let along = if folded <= length { folded } else { 2.0 * length - folded };
    from + along * (to - from).signum()
}

pub fn set(findings: &mut Findings, id: &str, value: Value) {
    findings.set(id, value).unwrap_or_else(|error| panic!("{error}"));
}

/// Everything told, all harmless: a sore lower back since `days`.
pub fn sore(days: f64) -> Findings {
    let mut findings = Findings::new();
    for fact in care::facts::facts() {
        let value = match &fact.kind {
            Kind::YesNo => Value::YesNo(["moving_changes_it", "tender_muscle"].contains(&fact.id.as_str())),
            Kind::Number { min, .. } => Value::Number(*min),
            Kind::Choice(options) => Value::Choice(options[0].id.clone()),
            Kind::Many(_) => Value::Many(BTreeSet::new()),
        };
        set(&mut findings, &fact.id, value);
    }
    set(&mut findings, "age_years", Value::Number(45.0));
    set(&mut findings, "days_since_start", Value::Number(days));
    set(&mut findings, "onset", Value::Choice("slow".to_owned()));
    set(&mut findings, "regions", Value::Many(["lumbar".to_owned()].into()));
    findings
}
