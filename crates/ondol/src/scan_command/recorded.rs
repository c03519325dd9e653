//! A scan from a recorded trace. Nobody's truth stands beside it, and what is not said of the person stays unknown.

use super::{Arguments, Found, Table, as_value, show};
use crate::fail::{Failure, print_json};
use crate::trace::{Eaten, Trace};
use care::Words;
use host::session::Unread;
use population::{About, Sex, ShapeModel, fold_of};
use scan::{Estimator, Mode};
use serde_json::json;
use std::path::Path;

/// What stands above the answer from a real bed's recording, in English.
const RECORDED: &str = "From a recording. Not a medical measurement, and nobody knows the truth beside it.";

/// Runs the estimator on the trace.
pub fn run(arguments: &Arguments, file: &Path) -> Result<(), Failure> {
    let about = arguments.who.about();
    checked(&about)?;
    let believed = match arguments.leave_out.as_deref() {
        Some(scan) if fold_of(scan).is_none() => {
            let why = "is no scan that the belief was fitted on; take a name from spines/index.csv, or leave it out";
            return Err(Failure::input(format!("--leave-out {scan} {why}")));
        }
        Some(scan) => ShapeModel::excluding(scan),
        None => ShapeModel::all(),
    };
    let prior = believed.given(&about);
    let trace = Trace::open(file, arguments.bed.as_deref())?;
    let bed = trace.bed.clone();
    let simulated = trace.simulated;
    // Another belief gives another answer from the same readings.
    let other_belief =
        trace.prior_checksum.is_some_and(|checksum| checksum != host::log::prior_checksum(&prior));
    let notice = if simulated { host::NOTICE } else { RECORDED };
    let mut estimator = Estimator::new(&prior, &about, &bed, Mode::Full);
    let mut table = Table::begin(arguments.csv.as_deref(), &bed, notice)?;
    let eaten = trace.feed(arguments.nth, &mut |now, readings| {
        estimator.add(now, readings);
        table.write(now, readings);
    });
    let eaten = match eaten {
        Ok(eaten) => {
            table.finish()?;
            eaten
        }
        Err(error) => {
            table.discard();
            return Err(Failure::input(error));
        }
    };
    let found: Found = estimator.finish().map_err(|refusal| Unread::of(&refusal).both());
    if arguments.json {
        let mut value = as_value(&found)?;
        value["notice"] = json!(notice);
        value["trace"] = json!({
            "file": file.display().to_string(),
            "scan": eaten.scan,
            "scans": eaten.scans,
            "cycles": eaten.cycles,
            "seconds": eaten.seconds,
            "bed": bed.name.as_str(),
            "bed_checksum": format!("{:08x}", bed.checksum()),
            "simulated": simulated,
            "same_belief": !other_belief,
        });
        value["about"] = told(&about);
        return print_json(&value);
    }
    let language = arguments.language;
    match simulated {
        true => println!("{}", host::notice(language)),
        false => println!(
            "{}",
            language.say(
                RECORDED,
                "Aus einer Aufzeichnung. Keine medizinische Messung, und niemand kennt die Wahrheit daneben."
            )
        ),
    }
    show::found(&found, &title(file, &eaten, &bed), None, language);
    if other_belief {
        let en = "  The scan in this log began from another belief; --sex, --stature, --mass and --age tell what was known.";
        let de = "  Das Abtasten in dieser Aufzeichnung begann mit anderem Vorwissen; --sex, --stature, --mass und --age sagen, was bekannt war.";
        println!("{}", language.say(en, de));
    }
    Ok(())
}

fn title(file: &Path, eaten: &Eaten, bed: &bed::BedConfig) -> Words {
    let (name, on) = (file.display(), &bed.name);
    let Eaten { scan, scans, cycles, seconds } = eaten;
    Words::both(
        format!(
            "{name}, scan {scan} of {scans}: {cycles} readings in {seconds:.1} s on bed \"{on}\", lying supine; \
             mm in the bed's frame"
        ),
        format!(
            "{name}, Abtasten {scan} von {scans}: {cycles} Messungen in {} s auf dem Bett „{on}“, auf dem Rücken \
             liegend; mm auf dem Bett",
            care::Language::German.number(*seconds, 1)
        ),
    )
}

fn told(about: &About) -> serde_json::Value {
    json!({
        "sex": about.sex.map(|sex| match sex { Sex::Female => "female", Sex::Male => "male" }),
        "stature_mm": about.stature_mm,
        "mass_kg": about.mass_kg,
        "age_years": about.age_years,
    })
}

/// Whom the bed takes; the estimator knows nobody else. Source: limits of the person, `safety/limits.toml`.
fn checked(about: &About) -> Result<(), Failure> {
    // A person of whom just this is known: the twin knows whom the bed takes.
    twin::Person::draw_about(0, about).map(drop).map_err(Failure::input)
}
