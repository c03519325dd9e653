//! The bench's figures as tables to read, and a row a scan as CSV.

use super::bound::Bound;
use super::figures::{Figures, slip};
use super::trial::{MODES, Trial};
use super::{Block, Outcome};
use bed::{Interval, Level};
use std::fmt::Write as _;

type Figure = fn(&Figures) -> Option<f64>;

/// Rows of the table: words, figure, digits, what is to be reached.
const ROWS: &[(&str, Figure, usize, &str)] = &[
    ("length T1-L5, median error %", |f| f.length_median_pct, 2, "1 or less"),
    ("  95th percentile %", |f| f.length_p95_pct, 2, "3 or less"),
    ("  RMSE mm", |f| f.length_rmse_mm, 1, ""),
    ("  bias mm", |f| f.length_bias_mm, 1, ""),
    ("right level %", |f| f.level_right_pct, 1, ""),
    ("  lumbar %", |f| f.level_right_lumbar_pct, 1, "97 or more"),
    ("  thoracic %", |f| f.level_right_thoracic_pct, 1, "90 or more"),
    ("  whole chain slipped, % of scans", |f| f.slipped_pct, 1, ""),
    ("  right where it did not slip %", |f| f.level_right_unslipped_pct, 1, ""),
    ("kyphosis RMSE deg", |f| f.kyphosis_rmse_deg, 2, "4 or less"),
    ("  bias deg", |f| f.kyphosis_bias_deg, 2, "1 either way"),
    ("  median deg", |f| f.kyphosis_median_deg, 2, ""),
    ("  95th percentile deg", |f| f.kyphosis_p95_deg, 2, ""),
    ("lordosis RMSE deg", |f| f.lordosis_rmse_deg, 2, "4 or less"),
    ("  bias deg", |f| f.lordosis_bias_deg, 2, "1 either way"),
    ("  median deg", |f| f.lordosis_median_deg, 2, ""),
    ("  95th percentile deg", |f| f.lordosis_p95_deg, 2, ""),
    ("sideways RMSE mm", |f| f.lateral_rmse_mm, 2, "3 or less"),
    ("  median mm", |f| f.lateral_median_mm, 2, ""),
    ("  95th percentile mm", |f| f.lateral_p95_mm, 2, ""),
    ("  pointwise RMSE mm", |f| f.lateral_pointwise_rmse_mm, 2, "3 or less"),
    ("levels along the bed RMSE mm", |f| f.x_rmse_mm, 1, ""),
    ("  where it did not slip mm", |f| f.x_unslipped_rmse_mm, 1, ""),
    ("  bias mm", |f| f.x_bias_mm, 1, ""),
    ("levels across the bed RMSE mm", |f| f.y_rmse_mm, 1, ""),
    ("levels' height RMSE mm", |f| f.z_rmse_mm, 1, ""),
    ("  bias mm", |f| f.z_bias_mm, 1, ""),
    ("90 % intervals that hold the truth %", |f| f.coverage90_pct, 1, "82 to 96"),
];

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// Prints everything.
pub fn print(outcome: &Outcome) {
    println!("{} ({})", outcome.people, outcome.notice);
    print_block(&outcome.block, outcome.seeds);
    if let Some(variants) = &outcome.variants {
        println!("\nSpines with other vertebrae than T1 to L5, apart. {}", outcome.people);
        print_block(variants, outcome.seeds);
    }
    if let Some(bound) = &outcome.bound {
        print_bound(bound, &outcome.block.scan);
    }
    if !outcome.groups.is_empty() {
        println!("\nParts of the people. {}", outcome.people);
        short_head("part");
        for group in &outcome.groups {
            short(group.group, group.scan.answers + group.scan.refused, &group.scan);
        }
    }
    if !outcome.worlds.is_empty() {
        println!("\nWorlds that are not as the estimator expects, one scan each. {}", outcome.people);
        short_head("world");
        for world in &outcome.worlds {
            short(world.world, world.block.scans, &world.block.scan);
        }
        println!("\nTension in these worlds");
        println!("{:<48} {:>9} {:>9} {:>12} {:>10}", "world", "held %", "ln RMSE", "alarmed %", "found %");
        let tension = |name: &str, block: &Block| {
            let tension = &block.tension;
            println!(
                "{name:<48} {:>9} {:>9} {:>12} {:>10}",
                number(tension.coverage90_pct, 1),
                number(tension.ln_ratio_rmse, 3),
                number(tension.false_alarm_scans_pct, 1),
                number(tension.places_found_pct, 1),
            );
        };
        tension("as expected", &outcome.block);
        for world in &outcome.worlds {
            tension(world.world, &world.block);
        }
    }
}

fn print_bound(bound: &Bound, scan: &Figures) {
    println!(
        "\nHow exact a scan can be at all: least root mean square errors over {} of these people",
        bound.bound_people
    );
    println!(
        "{:<56} {:>9} {:>8} {:>8} {:>8} {:>9} {:>9}",
        "", "length mm", "level mm", "kyph deg", "lord deg", "largest y", "y of each"
    );
    let print = |name: &str, values: [Option<f64>; 6], digits: usize| {
        let [length, x, kyphosis, lordosis, lateral, pointwise] = values.map(|value| number(value, digits));
        println!("{name:<56} {length:>9} {x:>8} {kyphosis:>8} {lordosis:>8} {lateral:>9} {pointwise:>9}");
    };
    for row in &bound.bound_rows {
        let s = &row.spread;
        let values = [s.length_mm, s.level_x_mm, s.kyphosis_deg, s.lordosis_deg].map(Some);
        let [length, x, kyphosis, lordosis] = values;
        print(row.name, [length, x, kyphosis, lordosis, s.lateral_mm, Some(s.lateral_pointwise_mm)], 2);
    }
    let found = [
        scan.length_rmse_mm,
        scan.x_rmse_mm,
        scan.kyphosis_rmse_deg,
        scan.lordosis_rmse_deg,
        scan.lateral_rmse_mm,
        scan.lateral_pointwise_rmse_mm,
    ];
    print("the scan, over all of them", found, 2);
    print("  where the chain did not slip", [None, scan.x_unslipped_rmse_mm, None, None, None, None], 2);
    let ratios = [
        bound.length_over_bound,
        bound.level_over_bound,
        bound.kyphosis_over_bound,
        bound.lordosis_over_bound,
        bound.lateral_over_bound,
        bound.lateral_pointwise_over_bound,
    ];
    print("  over the bed's sensors (1.2 or less)", ratios, 2);
}

fn print_block(block: &Block, seeds: u64) {
    println!(
        "{} scans of {} spines, {seeds} each; {} refused, {} spines refused in most of their scans",
        block.scans, block.spines, block.refused, block.spines_refused
    );
    for (reason, count) in &block.refusals {
        println!("  refused {count} times: {reason}");
    }
    println!("{:<38} {:>9} {:>12} {:>15}   to reach", "", "scan", "no readings", "landmarks only");
    for (name, of, digits, reach) in ROWS {
        let [scan, none, landmarks] = [&block.scan, &block.no_readings, &block.landmarks_only]
            .map(|figures| number(of(figures), *digits));
        println!("{name:<38} {scan:>9} {none:>12} {landmarks:>15}   {reach}");
    }
    if let Some((low, high)) = block.coverage90_range_pct {
        println!("{:<38} {low:>9.1} to {high:.1} (95 %, bootstrap over spines)", "  of other spines alike");
    }
    for (place, intervals) in block.scan.intervals.iter().enumerate() {
        let others = [&block.no_readings, &block.landmarks_only].map(|figures| {
            figures.intervals.get(place).map_or_else(String::new, |intervals| {
                format!("{} ({})", number(intervals.held_pct, 0), number(intervals.width, 1))
            })
        });
        let name = format!("  {} held % (width)", intervals.quantity);
        let scan = format!("{} ({})", number(intervals.held_pct, 0), number(intervals.width, 1));
        println!("{name:<38} {scan:>9} {:>12} {:>15}", others[0], others[1]);
    }
    println!(
        "over no readings: length {}, kyphosis {}, lordosis {}, width {}, Winkler {} (the last two 0.7 or less)",
        number(block.length_over_no_readings, 2),
        number(block.kyphosis_over_no_readings, 2),
        number(block.lordosis_over_no_readings, 2),
        number(block.width_over_no_readings, 2),
        number(block.winkler_over_no_readings, 2),
    );
    let tension = &block.tension;
    println!(
        "tension: {} sites, {} % of intervals hold the truth, RMSE of ln ratio {} (bias {}; saying 1: {}), \
         {} % of {} tense places found, false alarms in {} % of scans",
        tension.sites,
        number(tension.coverage90_pct, 1),
        number(tension.ln_ratio_rmse, 3),
        number(tension.ln_ratio_bias, 3),
        number(tension.ln_ratio_rmse_of_one, 3),
        number(tension.places_found_pct, 1),
        tension.places,
        number(tension.false_alarm_scans_pct, 1),
    );
    println!(
        "bed: {} s in the median ({} s at 95 %) from first contact to last lift-off (60 or less)",
        number(block.bed_seconds_median, 1),
        number(block.bed_seconds_p95, 1)
    );
    println!(
        "computing: {} ms a 100 ms in the median ({} at 95 %), {} ms for the answer",
        number(block.compute_ms_per_100ms, 1),
        number(block.compute_ms_per_100ms_p95, 1),
        number(block.finish_ms_median, 0)
    );
}

fn short_head(what: &str) {
    println!(
        "{what:<48} {:>5} {:>7} {:>8} {:>6} {:>8} {:>8} {:>8} {:>6}",
        "scans", "refused", "length %", "95 %", "level %", "kyph deg", "lord deg", "held %"
    );
}

fn short(name: &str, scans: usize, figures: &Figures) {
    println!(
        "{name:<48} {scans:>5} {:>7} {:>8} {:>6} {:>8} {:>8} {:>8} {:>6}",
        figures.refused,
        number(figures.length_median_pct, 2),
        number(figures.length_p95_pct, 2),
        number(figures.level_right_pct, 1),
        number(figures.kyphosis_rmse_deg, 2),
        number(figures.lordosis_rmse_deg, 2),
        number(figures.coverage90_pct, 1),
    );
}

/// A row a scan: who, what is true, and by estimator what was found.
pub fn csv(trials: &[Trial]) -> String {
    let mut text = String::from(
        "name,seed,sex,age_years,stature_mm,mass_kg,length_mm,kyphosis_deg,lordosis_deg,lateral_mm,t1_x_mm,l5_x_mm",
    );
    for (mode, _) in MODES {
        for column in [
            "length",
            "length_half90",
            "kyphosis",
            "kyphosis_half90",
            "lordosis",
            "lordosis_half90",
            "lateral",
            "lateral_half90",
            "t1_dx",
            "t1_sd_x",
            "l5_dx",
            "l5_sd_x",
            "right",
            "refused",
        ] {
            let _ = write!(text, ",{mode}_{column}");
        }
    }
    text.push('\n');
    for trial in trials {
        let (truth, basics) = (&trial.truth, &trial.basics);
        let measures = &truth.measures;
        let x = |place: Option<&(Level, [f64; 3])>| place.map_or(f64::NAN, |(_, at)| at[0]);
        let (t1, l5) = (truth.centres.first(), truth.centres.last());
        let _ = write!(
            text,
            "{},{},{:?},{:.0},{:.0},{:.0},{:.1},{:.2},{:.2},{:.2},{:.1},{:.1}",
            trial.name,
            trial.seed,
            basics.sex,
            basics.age_years,
            basics.stature_mm,
            basics.mass_kg,
            measures.length_t1_l5_mm,
            measures.kyphosis_deg,
            measures.lordosis_deg,
            measures.lateral_deviation_mm,
            x(t1),
            x(l5)
        );
        for found in &trial.found {
            match found {
                Err(reason) => {
                    let _ = write!(text, "{}\"{}\"", ",".repeat(14), reason.replace('"', "'"));
                }
                Ok(scan) => {
                    for interval in [
                        scan.length_t1_l5_mm,
                        scan.kyphosis_deg,
                        scan.lordosis_deg,
                        scan.lateral_deviation_mm,
                    ] {
                        let Interval { value, lo90, hi90 } = interval;
                        let _ = write!(text, ",{value:.2},{:.2}", (hi90 - lo90) / 2.0);
                    }
                    for (level, at) in [t1, l5].into_iter().flatten() {
                        let error = scan.level(*level).map(|found| (found.x_mm - at[0], found.sd_x_mm));
                        let (error, sd) = error.unwrap_or((f64::NAN, f64::NAN));
                        let _ = write!(text, ",{error:.1},{sd:.1}");
                    }
                    let right = |(index, (level, _)): (usize, &(Level, [f64; 3]))| {
                        scan.level(*level)
                            .is_some_and(|found| slip(&truth.centres, index, found.x_mm).abs() < 0.5)
                    };
                    let right = truth.centres.iter().enumerate().filter(|level| right(*level)).count();
                    let _ = write!(text, ",{right},");
                }
            }
        }
        text.push('\n');
    }
    text
}

/// One nuisance over many people.
#[derive(serde::Serialize)]
pub struct Nuisance {
    name: String,
    mean: f64,
    sd: f64,
    people: usize,
}

/// Mean and spread of every nuisance.
pub fn nuisances(trials: &[Trial]) -> Vec<Nuisance> {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in trials.iter().flat_map(|trial| &trial.nuisances) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let values = |wanted: &String| -> Vec<f64> {
        let all = trials.iter().flat_map(|trial| &trial.nuisances);
        all.filter(|(name, _)| name == wanted).map(|(_, value)| *value).collect()
    };
    names
        .into_iter()
        .map(|name| {
            let values = values(name);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
            Nuisance {
                name: name.clone(),
                mean,
                sd: (square / values.len() as f64).sqrt(),
                people: values.len(),
            }
        })
        .collect()
}

/// Prints them.
pub fn print_nuisances(rows: &[Nuisance]) {
    println!("{:<24}{:>10}{:>10}{:>8}", "nuisance", "mean", "spread", "people");
    for row in rows {
        println!("{:<24}{:>10.3}{:>10.3}{:>8}", row.name, row.mean, row.sd, row.people);
    }
}
