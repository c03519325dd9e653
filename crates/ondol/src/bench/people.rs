//! `ondol bench people`: the twin does measurements that others published on people.
//!
//! Rows whose footing is *fitted* were used to set constants of the twin: that they agree shows that the
//! form can follow, no more. Nothing here is a measurement of anybody.

use crate::bed_file;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use twin::people::{Footing, Measurement, Published, measurements};

/// Arguments of `ondol bench people`.
#[derive(Args)]
pub struct Arguments {
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed; the measurements leave nothing to chance, so that it changes nothing
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

const PEOPLE: &str = "simulated people of the twin beside published measurements on living people";
const FITTED: &str = "rows with the footing \"fitted\" were used to set constants of the twin: they agree because \
                      they were made to";

/// Rows inside and all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Share {
    inside: usize,
    rows: usize,
}

impl Share {
    fn of<'a>(rows: impl Iterator<Item = &'a Measurement>) -> Self {
        rows.fold(Self { inside: 0, rows: 0 }, |share, row| Self {
            inside: share.inside + usize::from(row.inside),
            rows: share.rows + 1,
        })
    }

    fn percent(self) -> f64 {
        if self.rows == 0 { 0.0 } else { 100.0 * self.inside as f64 / self.rows as f64 }
    }
}

#[derive(Serialize)]
struct Outcome {
    people: &'static str,
    notice: &'static str,
    fitted: &'static str,
    inside_pct: f64,
    all: Share,
    independent: Share,
    fitted_rows: Share,
    weak: Share,
    measurements: Vec<Measurement>,
}

impl Outcome {
    fn of(measurements: Vec<Measurement>) -> Self {
        let on = |footing| Share::of(measurements.iter().filter(move |row| row.footing == footing));
        let all = Share::of(measurements.iter());
        Self {
            people: PEOPLE,
            notice: host::NOTICE,
            fitted: FITTED,
            inside_pct: all.percent(),
            all,
            independent: on(Footing::Independent),
            fitted_rows: on(Footing::Fitted),
            weak: on(Footing::Weak),
            measurements,
        }
    }
}

/// Runs `ondol bench people`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let bed = bed_file::read(arguments.bed.as_deref())?;
    eprintln!("measuring the twin, some seconds ...");
    let outcome = Outcome::of(measurements(&bed));
    if arguments.json {
        return print_json(&outcome);
    }
    print(&outcome);
    Ok(())
}

fn print(outcome: &Outcome) {
    println!("{} ({})", outcome.people, outcome.notice);
    println!("{}", outcome.fitted);
    let wide = outcome.measurements.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    println!(
        "{:<wide$}  {:>18} {:>8} {:<6} {:>5}  {:<11}  {:<7}  source",
        "measurement", "published", "twin", "unit", "n", "footing", ""
    );
    for row in &outcome.measurements {
        println!(
            "{:<wide$}  {:>18} {:>8} {:<6} {:>5}  {:<11}  {:<7}  {}",
            row.name,
            published(row.published),
            short(row.twin),
            row.unit,
            row.n.map_or_else(|| "-".to_owned(), |n| n.to_string()),
            footing(row.footing),
            if row.inside { "inside" } else { "OUTSIDE" },
            row.source,
        );
    }
    for row in outcome.measurements.iter().filter(|row| !row.inside) {
        println!("outside: {}: {}", row.name, if row.note.is_empty() { "not explained" } else { row.note });
    }
    let share = |share: Share| format!("{} of {}", share.inside, share.rows);
    println!(
        "inside one SD or the published bounds: {} ({:.0} %; three quarters are to be reached); independent {}, fitted {}, weak {}",
        share(outcome.all),
        outcome.inside_pct,
        share(outcome.independent),
        share(outcome.fitted_rows),
        share(outcome.weak),
    );
}

fn published(published: Published) -> String {
    match published {
        Published::Mean { mean, sd } => format!("{} SD {}", short(mean), short(sd)),
        Published::Between { low, high } => format!("{} to {}", short(low), short(high)),
    }
}

/// Three figures that count.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

fn footing(footing: Footing) -> &'static str {
    match footing {
        Footing::Independent => "independent",
        Footing::Fitted => "fitted",
        Footing::Weak => "weak",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(inside: bool, footing: Footing) -> Measurement {
        Measurement {
            name: "stiffness of L3",
            unit: "N/mm",
            published: Published::Mean { mean: 5.0, sd: 1.0 },
            n: Some(10),
            source: "a paper",
            footing,
            twin: 5.5,
            inside,
            note: "",
        }
    }

    #[test]
    fn shares_are_counted_by_what_a_comparison_rests_on() {
        let outcome = Outcome::of(vec![
            row(true, Footing::Independent),
            row(false, Footing::Independent),
            row(true, Footing::Fitted),
            row(true, Footing::Weak),
        ]);
        assert_eq!(outcome.all, Share { inside: 3, rows: 4 });
        assert_eq!(outcome.independent, Share { inside: 1, rows: 2 });
        assert!((outcome.inside_pct - 75.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_show_three_figures() {
        assert_eq!(short(123.4), "123");
        assert_eq!(short(12.34), "12.3");
        assert_eq!(short(1.234), "1.23");
        assert_eq!(short(0.1234), "0.123");
        assert_eq!(published(Published::Between { low: 1.0, high: 20.0 }), "1.00 to 20.0");
    }
}
