//! `ondol plan`: what a program becomes for one person, after a scan on the twin.

use crate::fail::{Failure, print_json};
use crate::session;
use crate::stage::Stage;
use crate::who::Who;
use ::care::{Language, Verdict, Words};
use clap::Args;
use host::clock::today;
use host::report::retold;
use host::session::{Unread, survey};
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
    /// Language on the terminal: en or de
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: Language,
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
        return refused(&words, arguments.wish.drawn(arguments.language).as_deref(), arguments);
    }
    let mut estimator = Estimator::new(&stage.prior, &stage.about, &stage.bed, Mode::Full);
    let mut world = stage.world()?;
    let mut eat = |report: &bed::Report| estimator.add(report.now, &report.readings);
    let planned = match survey(&mut world, &setting, &clearance, &mut eat).map_err(Failure::work)? {
        Some(ended) => Err(ended.words()),
        None => estimator.finish().map_err(|refusal| Unread::of(&refusal).both()).and_then(|scan| {
            let (program, history, visit) = (setting.program, &setting.history, &setting.visit);
            plan::compile(program, &scan, clearance, history, visit, setting.bed)
                .map_err(|refusal| refusal.words())
        }),
    };
    match planned {
        Ok(plan) if arguments.json => print_json(&plan),
        Ok(plan) => {
            show(&plan, arguments.language);
            Ok(())
        }
        Err(reason) => refused(&reason, None, arguments),
    }
}

fn refused(reason: &Words, hint: Option<&str>, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.json {
        return print_json(&json!({ "refused": { "reason": reason } }));
    }
    let language = arguments.language;
    let refused = language.say("Refused", "Abgelehnt");
    println!("{}\n{refused}: {}", host::notice(language), reason.of(language));
    if let Some(hint) = hint {
        println!("{hint}");
    }
    Ok(())
}

fn show(plan: &Plan, language: Language) {
    let (title, minutes) = (plan.title.of(language), plan.totals.session_seconds / 60.0);
    println!("{}\n{title} ({minutes:.0} min)", host::notice(language));
    for step in &plan.steps {
        println!(
            "{:>6.0} s  {:<60} {:>5} N {:>4.0} s  {}",
            step.begins_s,
            step.title.of(language),
            language.number(f64::from(step.stroke.force.raw()) / 10.0, 1),
            f64::from(step.stroke.duration.raw()) / 1000.0,
            step.therapy.words().of(language),
        );
    }
    if !plan.reasons.is_empty() {
        let why = language.say(
            "Less than the program asks for, and why:",
            "Weniger, als das Programm vorsieht, und warum:",
        );
        println!("{why}");
    }
    for reason in &plan.reasons {
        let number = |value: f64| format!("{} {}", language.number(value, 1), reason.unit.sign());
        let [requested, granted] = [reason.requested, reason.granted].map(number);
        let (requested, granted) = (requested.trim_end(), granted.trim_end());
        let (asked, given) = (language.say("asked", "vorgesehen"), language.say("given", "gegeben"));
        println!("  {} ({asked} {requested}, {given} {granted})", reason.placed().of(language));
    }
}
