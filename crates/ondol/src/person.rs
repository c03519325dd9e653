//! `ondol person`: people drawn from the population, as numbers.

use crate::fail::{Failure, print_json};
use bed::spine::measure;
use clap::Args;
use population::Sex;
use serde_json::{Value, json};
use twin::Person;

/// Arguments of `ondol person`.
#[derive(Args)]
pub struct Arguments {
    /// The first person's number; the next follow
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Most people of one call.
const COUNT_MAX: u64 = 100_000;

/// Runs `ondol person`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(1..=COUNT_MAX).contains(&arguments.count) {
        return Err(Failure::input(format!("--count is {}, allowed is 1 to {COUNT_MAX}", arguments.count)));
    }
    let people = (0..arguments.count).map(|index| Person::draw(arguments.seed.wrapping_add(index)));
    if arguments.json {
        return print_json(&people.map(|person| as_json(&person)).collect::<Vec<_>>());
    }
    println!("Simulated people. Not measurements of anybody.");
    println!("person           sex  age  stature   mass  T1-L5  kyphosis  lordosis  sideways  tense sites");
    for person in people {
        let measures = measure(&centres(&person)).unwrap_or_default();
        println!(
            "{:<16} {:<3} {:>4.0} {:>6.0} mm {:>3.0} kg {:>4.0} mm {:>7.1}° {:>8.1}° {:>6.1} mm  {}",
            person.name,
            match person.basics.sex {
                Sex::Female => "f",
                Sex::Male => "m",
            },
            person.basics.age_years,
            person.basics.stature_mm,
            person.basics.mass_kg,
            measures.length_t1_l5_mm,
            measures.kyphosis_deg,
            measures.lordosis_deg,
            measures.lateral_deviation_mm,
            tense(&person),
        );
    }
    Ok(())
}

fn centres(person: &Person) -> Vec<(bed::Level, [f64; 3])> {
    person.levels.iter().map(|level| (level.level, level.centre_mm)).collect()
}

fn tense(person: &Person) -> String {
    let sites =
        person.tense.iter().map(|site| format!("{} {:?} x{:.2}", site.level.name(), site.side, site.ratio));
    let text = sites.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "none".to_owned() } else { text }
}

fn as_json(person: &Person) -> Value {
    let levels: Vec<Value> = person
        .levels
        .iter()
        .map(|level| json!({ "level": level.level, "centre_mm": level.centre_mm }))
        .collect();
    let tense: Vec<Value> = person
        .tense
        .iter()
        .map(|site| json!({ "level": site.level, "side": site.side, "ratio": site.ratio }))
        .collect();
    json!({
        "notice": host::NOTICE,
        "name": person.name,
        "sex": match person.basics.sex { Sex::Female => "female", Sex::Male => "male" },
        "age_years": person.basics.age_years,
        "stature_mm": person.basics.stature_mm,
        "mass_kg": person.basics.mass_kg,
        "levels": levels,
        "tense": tense,
        "measures": measure(&centres(person)),
    })
}
