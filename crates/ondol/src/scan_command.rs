//! `ondol scan`: one scan on the twin, and what it found.

use crate::fail::{Failure, print_json};
use crate::stage::{Stage, as_json, scan_json};
use crate::who::Who;
use bed::{Interval, Report, SpineScan};
use care::{Answers, Language};
use clap::Args;
use host::clock::today;
use host::session::{Unread, survey};
use plan::{History, Visit};
use scan::{Estimator, Mode};
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `ondol scan`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of everything left to chance: placement, tissue, noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
    /// Print what is true beside what was found; the estimator never sees it
    #[arg(long)]
    truth: bool,
    /// Language on the terminal: en or de
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: Language,
}

/// Runs `ondol scan`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let stage = Stage::set(&arguments.who, arguments.bed.as_deref(), arguments.seed)?;
    let mut world = stage.world()?;
    let mut estimator = Estimator::new(&stage.prior, &stage.about, &stage.bed, Mode::Full);
    let day = today();
    let clearance = stage.clearance(&Answers::all_no(day, true), None, day);
    let program = plan::shipped().first().ok_or_else(|| Failure::work("no program is shipped"))?;
    let setting = stage.setting(program, History::returning(1), Visit::on(day));
    let mut eat = |report: &Report| estimator.add(report.now, &report.readings);
    let ended = survey(&mut world, &setting, &clearance, &mut eat).map_err(Failure::work)?;
    let found = match ended {
        Some(ended) => Err(ended.words()),
        None => estimator.finish().map_err(|refusal| Unread::of(&refusal).both()),
    };
    if arguments.json {
        let mut value = match &found {
            Ok(scan) => scan_json(scan)?,
            Err(reason) => json!({ "refused": { "reason": reason } }),
        };
        if arguments.truth {
            value["truth"] = as_json(&world.at_turn, &world.tension);
        }
        return print_json(&value);
    }
    let language = arguments.language;
    println!("{}", host::notice(language));
    match &found {
        Ok(scan) => show(scan, &stage, arguments.truth.then_some(&world.at_turn[..]), language),
        Err(reason) => {
            let refused = language.say("The scan was refused", "Das Abtasten gab keine Antwort");
            println!("{refused}: {}", reason.of(language));
        }
    }
    Ok(())
}

fn show(scan: &SpineScan, stage: &Stage, truth: Option<&[(bed::Level, [f64; 3])]>, language: Language) {
    let (name, on) = (&stage.person.name, &stage.bed.name);
    let en = format!("{name} on bed \"{on}\", lying supine; mm in the bed's frame");
    let de = format!("{name} auf dem Bett „{on}“, auf dem Rücken liegend; mm auf dem Bett");
    println!("{}", language.say(&en, &de));
    let number = |value: f64, decimals: usize| language.number(value, decimals);
    let to = language.say("to", "bis");
    let measures = truth.and_then(bed::spine::measure);
    let row = |name: &str, found: Interval, unit: &str, truth: Option<f64>| {
        let true_is = language.say("truth", "wahr");
        let truth = truth.map(|truth| format!("   {true_is} {}", number(truth, 1))).unwrap_or_default();
        let [value, lo, hi] = [found.value, found.lo90, found.hi90].map(|value| number(value, 1));
        println!("  {name:<22} {value:>7} {unit}  ({lo} {to} {hi}){truth}");
    };
    let degrees = language.say("deg", "Grad");
    let degrees = &*degrees;
    row(
        &language.say("length T1-L5", "Länge T1-L5"),
        scan.length_t1_l5_mm,
        "mm",
        measures.map(|m| m.length_t1_l5_mm),
    );
    row(&language.say("kyphosis", "Kyphose"), scan.kyphosis_deg, degrees, measures.map(|m| m.kyphosis_deg));
    row(&language.say("lordosis", "Lordose"), scan.lordosis_deg, degrees, measures.map(|m| m.lordosis_deg));
    row(
        &language.say("sideways deviation", "Abweichung zur Seite"),
        scan.lateral_deviation_mm,
        "mm",
        measures.map(|m| m.lateral_deviation_mm),
    );
    let head = language.say(
        "  level        x            y            z      tension left / right (90 %)",
        "  Wirbel       x            y            z      Spannung links / rechts (90 %)",
    );
    println!("{head}");
    for level in &scan.levels {
        let tension = scan.tension.iter().filter(|tension| tension.level == level.level);
        let sides: Vec<_> = tension
            .map(|t| {
                let [ratio, lo, hi] = [t.ratio, t.lo90, t.hi90].map(|value| number(value, 2));
                format!("{ratio} ({lo}-{hi}){}", if t.is_tense() { "*" } else { "" })
            })
            .collect();
        let [x, sd_x] = [level.x_mm, level.sd_x_mm].map(|mm| number(mm, 1));
        let [y, sd_y] = [level.y_mm, level.sd_y_mm].map(|mm| number(mm, 1));
        let [z, sd_z] = [level.z_mm, level.sd_z_mm].map(|mm| number(mm, 1));
        let (name, sides) = (level.level.name(), sides.join("  "));
        println!("  {name:<4} {x:>7} +-{sd_x:<4} {y:>5} +-{sd_y:<4} {z:>5} +-{sd_z:<4}  {sides}");
    }
    let tense = language.say(
        "  * tenser than expected even at the lower end of the interval",
        "  * fester als erwartet, auch am unteren Ende der Spanne",
    );
    println!("{tense}");
}
