//! `ondol scan`: one scan on the twin, and what it found.

use crate::fail::{Failure, print_json};
use crate::stage::{Stage, as_json, scan_json};
use crate::who::Who;
use bed::{Interval, Report, SpineScan};
use care::Answers;
use clap::Args;
use host::clock::today;
use host::session::survey;
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
        Some(ended) => Err(format!("{ended:?}")),
        None => estimator.finish().map_err(|refusal| refusal.to_string()),
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
    println!("{}", host::NOTICE);
    match &found {
        Ok(scan) => show(scan, &stage, arguments.truth.then_some(&world.at_turn[..])),
        Err(reason) => println!("The scan was refused: {reason}"),
    }
    Ok(())
}

fn show(scan: &SpineScan, stage: &Stage, truth: Option<&[(bed::Level, [f64; 3])]>) {
    println!("{} on bed \"{}\", lying supine; mm in the bed's frame", stage.person.name, stage.bed.name);
    let measures = truth.and_then(bed::spine::measure);
    let row = |name: &str, found: Interval, unit: &str, truth: Option<f64>| {
        let truth = truth.map(|truth| format!("   truth {truth:.1}")).unwrap_or_default();
        println!("  {name:<22} {:>7.1} {unit}  ({:.1} to {:.1}){truth}", found.value, found.lo90, found.hi90);
    };
    row("length T1-L5", scan.length_t1_l5_mm, "mm", measures.map(|m| m.length_t1_l5_mm));
    row("kyphosis", scan.kyphosis_deg, "deg", measures.map(|m| m.kyphosis_deg));
    row("lordosis", scan.lordosis_deg, "deg", measures.map(|m| m.lordosis_deg));
    row("sideways deviation", scan.lateral_deviation_mm, "mm", measures.map(|m| m.lateral_deviation_mm));
    println!("  level        x            y            z      tension left / right (90 %)");
    for level in &scan.levels {
        let tension = scan.tension.iter().filter(|tension| tension.level == level.level);
        let sides: Vec<_> = tension
            .map(|t| {
                format!("{:.2} ({:.2}-{:.2}){}", t.ratio, t.lo90, t.hi90, if t.is_tense() { "*" } else { "" })
            })
            .collect();
        println!(
            "  {:<4} {:>7.1} +-{:<4.1} {:>5.1} +-{:<4.1} {:>5.1} +-{:<4.1}  {}",
            level.level.name(),
            level.x_mm,
            level.sd_x_mm,
            level.y_mm,
            level.sd_y_mm,
            level.z_mm,
            level.sd_z_mm,
            sides.join("  "),
        );
    }
    println!("  * tenser than expected even at the lower end of the interval");
}
