//! `ondol plan`: what a program becomes for one person, after a scan on the twin.

use crate::fail::{Failure, print_json};
use crate::session;
use crate::stage::Stage;
use crate::who::Who;
use ::care::Verdict;
use clap::Args;
use host::clock::today;
use host::report::retold;
use host::session::survey;
use plan::Plan;
use scan::{Estimator, Mode};
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `ondol plan`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    wish: session::Wish,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of everything left to chance
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Runs `ondol plan`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let stage = Stage::set(&arguments.who, arguments.bed.as_deref(), arguments.seed)?;
    let program = arguments.wish.program()?;
    let day = today();
    let told = arguments.wish.told()?;
    let clearance = stage.clearance(&arguments.wish.answers(&stage, day), told.as_ref(), day);
    let setting = stage.setting(&program, arguments.wish.history(), arguments.wish.visit(day));
    // Nobody lies down who may not.
    if clearance.verdict() == Verdict::Refuse {
        let words = retold::not_today(&clearance.summary());
        return refused(words, arguments.wish.drawn(), arguments);
    }
    let mut estimator = Estimator::new(&stage.prior, &stage.about, &stage.bed, Mode::Full);
    let mut world = stage.world()?;
    let mut eat = |report: &bed::Report| estimator.add(report.now, &report.readings);
    let planned = match survey(&mut world, &setting, &clearance, &mut eat).map_err(Failure::work)? {
        Some(ended) => Err(format!("{ended:?}")),
        None => estimator.finish().map_err(|refusal| refusal.to_string()).and_then(|scan| {
            let (program, history, visit) = (setting.program, &setting.history, &setting.visit);
            plan::compile(program, &scan, clearance, history, visit, setting.bed)
                .map_err(|refusal| refusal.to_string())
        }),
    };
    match planned {
        Ok(plan) if arguments.json => print_json(&plan),
        Ok(plan) => {
            show(&plan);
            Ok(())
        }
        Err(reason) => refused(reason, None, arguments),
    }
}

fn refused(reason: String, hint: Option<&str>, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.json {
        return print_json(&json!({ "refused": { "reason": reason } }));
    }
    println!("{}\nRefused: {reason}", host::NOTICE);
    if let Some(hint) = hint {
        println!("{hint}");
    }
    Ok(())
}

fn show(plan: &Plan) {
    println!("{}\n{} ({:.0} min)", host::NOTICE, plan.title, plan.totals.session_seconds / 60.0);
    for step in &plan.steps {
        println!(
            "{:>6.0} s  {:<60} {:>5.1} N {:>4.0} s  {}",
            step.begins_s,
            step.title,
            f64::from(step.stroke.force.raw()) / 10.0,
            f64::from(step.stroke.duration.raw()) / 1000.0,
            step.therapy.words(),
        );
    }
    if !plan.reasons.is_empty() {
        println!("Less than the program asks for, and why:");
    }
    for reason in &plan.reasons {
        let unit = reason.unit.sign();
        println!(
            "  {} (asked {:.1} {unit}, given {:.1} {unit})",
            reason.words, reason.requested, reason.granted
        );
    }
}
