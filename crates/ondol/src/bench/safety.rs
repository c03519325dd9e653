//! `ondol bench safety`: seeded windows with one fault each, judged by the twin's truth; and stops.

use super::many;
use crate::bed_file;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde::Serialize;
use sim::faults::Class;
use sim::storm::{MOMENTS, Storm, Verdict, lead_in_of, rate_upper, repeat};
use std::path::PathBuf;

/// Arguments of `ondol bench safety`.
#[derive(Args)]
pub struct Arguments {
    /// Windows of all classes together
    #[arg(long, default_value_t = 200)]
    windows: u64,
    /// Only this class, such as lift_stuck
    #[arg(long)]
    class: Option<String>,
    /// Seed of the first window of each class
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// So many stops at random moments beside the windows
    #[arg(long, default_value_t = 100)]
    stops: u64,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Break one check of the guard at a time and tell which class finds it (needs `--features planted`)
    #[arg(long)]
    planted: bool,
}

/// Where the figures come from.
const SOURCE: &str =
    "Drawn people on the twin under random strokes of a host without plan; simulated, no living people.";

/// Classes whose windows begin with a strike; calm sessions are their lead-ins.
fn classes(arguments: &Arguments) -> Result<Vec<Class>, Failure> {
    let all = Class::ALL.iter().copied().filter(|class| *class != Class::Calm);
    let Some(key) = &arguments.class else { return Ok(all.collect()) };
    match Class::named(key) {
        Some(class) => Ok(vec![class]),
        None => {
            let keys: Vec<_> = Class::ALL.iter().map(|class| class.key()).collect();
            Err(Failure::input(format!("no class \"{key}\"; there are {}", keys.join(", "))))
        }
    }
}

/// The windows of one lead-in, and whether the whole lead-in counts as a calm session.
struct Batch {
    lead_in: u64,
    windows: Vec<(Class, u64)>,
    calm: bool,
}

fn batches(classes: &[Class], seed: u64, each: u64, stops: u64) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut windows: Vec<(Class, u64)> = Vec::new();
    for class in classes.iter().filter(|class| **class != Class::Calm) {
        windows.extend((seed..seed + each).map(|seed| (*class, seed)));
    }
    windows.extend((seed + each..seed + each + stops).map(|seed| (Class::Stop, seed)));
    windows.sort_by_key(|(_, seed)| *seed);
    for (class, seed) in windows {
        let lead_in = lead_in_of(seed);
        if batches.last().is_none_or(|batch| batch.lead_in != lead_in) {
            batches.push(Batch { lead_in, windows: Vec::new(), calm: classes.len() > 1 });
        }
        if let Some(batch) = batches.last_mut() {
            batch.windows.push((class, seed));
        }
    }
    if classes == [Class::Calm] {
        batches.extend((seed..seed + each).map(|lead_in| Batch { lead_in, windows: Vec::new(), calm: true }));
    }
    batches
}

fn storm(storm: &Storm, title: &'static str, batches: &[Batch]) -> Vec<Verdict> {
    let done = many::map(title, batches, |_, batch| {
        let upto = batch.windows.iter().map(|(_, seed)| *seed as usize % MOMENTS).max().unwrap_or(0);
        let (checkpoints, calm) = storm.lead_in(batch.lead_in, upto, batch.calm);
        let windows = batch.windows.iter();
        let mut verdicts: Vec<_> =
            windows.filter_map(|(class, seed)| storm.window(&checkpoints, *class, *seed)).collect();
        verdicts.extend(calm.filter(|calm| batch.calm || !calm.is_clean()));
        verdicts
    });
    let mut verdicts: Vec<_> = done.into_iter().flatten().collect();
    verdicts.sort_by_key(|verdict| (verdict.class, verdict.seed));
    verdicts
}

/// One class of faults.
#[derive(Serialize)]
struct Row {
    class: Class,
    words: &'static str,
    n: usize,
    /// Windows in which a head pressed when the fault struck.
    under_load: usize,
    crossings: usize,
    rate_upper_95: f64,
    force_worst_n: f64,
    force_share_worst: f64,
    skin_worst_c: f64,
    dose_worst_cem43: f64,
    element_worst_c: f64,
    release_share_worst: f64,
}

fn row(class: Class, verdicts: &[Verdict]) -> Option<Row> {
    let own: Vec<_> = verdicts.iter().filter(|verdict| verdict.class == class).collect();
    let worst = |value: fn(&Verdict) -> f64| own.iter().map(|verdict| value(verdict)).fold(0.0, f64::max);
    let crossings = own.iter().filter(|verdict| !verdict.is_clean()).count();
    (!own.is_empty()).then(|| Row {
        class,
        words: class.words(),
        n: own.len(),
        under_load: own.iter().filter(|verdict| verdict.under_n >= 10.0).count(),
        crossings,
        rate_upper_95: rate_upper(crossings, own.len()),
        force_worst_n: worst(|verdict| verdict.worst.force_n),
        force_share_worst: worst(|verdict| verdict.worst.force_share),
        skin_worst_c: worst(|verdict| verdict.worst.skin_c),
        dose_worst_cem43: worst(|verdict| verdict.worst.dose_cem43),
        element_worst_c: worst(|verdict| verdict.worst.element_c),
        release_share_worst: worst(|verdict| {
            verdict.release.map_or(0.0, |release| release.seconds / release.allowed_s)
        }),
    })
}

/// Stops from a range of forces.
#[derive(Serialize)]
struct Stops {
    from_n: (f64, f64),
    n: usize,
    median_s: f64,
    p95_s: f64,
    p99_s: f64,
    worst_s: f64,
    /// The worst share of what the starting force allows.
    worst_share: f64,
}

const FORCES: [(f64, f64); 4] = [(0.0, 10.0), (10.0, 60.0), (60.0, 100.0), (100.0, 1000.0)];

fn stops(verdicts: &[Verdict]) -> Vec<Stops> {
    let own = verdicts.iter().filter(|verdict| verdict.class == Class::Stop);
    let releases: Vec<_> = own.filter_map(|verdict| verdict.release).collect();
    let rows = FORCES.into_iter().filter_map(|(low, high)| {
        let own: Vec<_> = releases.iter().filter(|stop| stop.from_n >= low && stop.from_n < high).collect();
        let mut seconds: Vec<f64> = own.iter().map(|release| release.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let at = |share: f64| seconds[(share * (seconds.len() - 1) as f64).ceil() as usize];
        (!seconds.is_empty()).then(|| Stops {
            from_n: (low, high),
            n: seconds.len(),
            median_s: at(0.5),
            p95_s: at(0.95),
            p99_s: at(0.99),
            worst_s: at(1.0),
            worst_share: own.iter().map(|stop| stop.seconds / stop.allowed_s).fold(0.0, f64::max),
        })
    });
    rows.collect()
}

/// A window in which a limit was crossed, with the line that repeats it.
#[derive(Serialize)]
struct Failing<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    repeat: String,
}

#[derive(Serialize)]
struct Outcome<'a> {
    notice: &'static str,
    source: &'static str,
    n: usize,
    crossings: usize,
    rate_upper_95: f64,
    classes: Vec<Row>,
    stops: Vec<Stops>,
    failing: Vec<Failing<'a>>,
}

/// Runs `ondol bench safety`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let bed = bed_file::read(arguments.bed.as_deref())?;
    let classes = classes(arguments)?;
    if arguments.planted {
        return planted(arguments, &bed, &classes);
    }
    let each = arguments.windows.div_ceil(classes.len() as u64);
    let one = arguments.class.is_some();
    let batches = batches(&classes, arguments.seed, each, if one { 0 } else { arguments.stops });
    let verdicts = storm(&Storm::new(&bed), "lead-ins and their windows", &batches);
    let failing: Vec<_> = verdicts
        .iter()
        .filter(|verdict| !verdict.is_clean())
        .map(|verdict| Failing { verdict, repeat: repeat(verdict.class, verdict.seed) })
        .collect();
    let (n, crossings) = (verdicts.len(), failing.len());
    let outcome = Outcome {
        notice: host::NOTICE,
        source: SOURCE,
        n,
        crossings,
        rate_upper_95: rate_upper(crossings, n),
        classes: Class::ALL.iter().filter_map(|class| row(*class, &verdicts)).collect(),
        stops: stops(&verdicts),
        failing,
    };
    if arguments.json {
        print_json(&outcome)?;
    } else {
        print(&outcome);
        if let [only] = verdicts.as_slice() {
            println!("\nThe one window:");
            print_json(only)?;
        }
    }
    if crossings == 0 {
        return Ok(());
    }
    Err(Failure::work(format!("a limit was crossed in {crossings} of {n} windows")))
}

fn print(outcome: &Outcome<'_>) {
    println!("{}\n{}\n", outcome.notice, outcome.source);
    println!(
        "{:17} {:>5} {:>6} {:>8} {:>8}   {:>14} {:>6} {:>6} {:>8} {:>8}",
        "class", "n", "loaded", "crossed", "95% up", "worst force", "skin", "dose", "element", "release"
    );
    for row in &outcome.classes {
        println!(
            "{:17} {:>5} {:>6} {:>8} {:>7.2}%   {:>6.1} N {:>4.0}% {:>4.1} C {:>6.1} {:>6.1} C {:>7.0}%   {}",
            row.class.key(),
            row.n,
            row.under_load,
            row.crossings,
            100.0 * row.rate_upper_95,
            row.force_worst_n,
            100.0 * row.force_share_worst,
            row.skin_worst_c,
            row.dose_worst_cem43,
            row.element_worst_c,
            100.0 * row.release_share_worst,
            row.words,
        );
    }
    println!(
        "\nAll: {} of {} windows crossed a limit; the rate is below {:.2} % (one-sided 95 %, Clopper-Pearson).",
        outcome.crossings,
        outcome.n,
        100.0 * outcome.rate_upper_95
    );
    println!(
        "Worst force is told in N and as a share of the limit in force, release as a share of what is allowed."
    );
    if !outcome.stops.is_empty() {
        println!("\nStops, from the edge until both heads stay under 10 N:");
        println!(
            "{:>14} {:>5} {:>8} {:>8} {:>8} {:>8} {:>10}",
            "from", "n", "median", "p95", "p99", "worst", "of allowed"
        );
        for stops in &outcome.stops {
            println!(
                "{:>5.0} to {:>4.0} N {:>5} {:>6.3} s {:>6.3} s {:>6.3} s {:>6.3} s {:>9.0}%",
                stops.from_n.0,
                stops.from_n.1,
                stops.n,
                stops.median_s,
                stops.p95_s,
                stops.p99_s,
                stops.worst_s,
                100.0 * stops.worst_share
            );
        }
    }
    for failing in &outcome.failing {
        let verdict = failing.verdict;
        println!(
            "\n{}: {} at {:.3} s under {:.0} N",
            verdict.class.key(),
            verdict.strike,
            verdict.struck_s,
            verdict.under_n
        );
        for crossing in &verdict.crossings {
            println!(
                "  {:?} {:.2} over {:.2} at {:.3} s, {:.3} s after",
                crossing.what,
                crossing.value,
                crossing.limit,
                crossing.at_s,
                crossing.at_s - verdict.struck_s
            );
        }
        println!("  repeat: {}", failing.repeat);
    }
}

#[cfg(not(feature = "planted"))]
fn planted(_: &Arguments, _: &bed::BedConfig, _: &[Class]) -> Result<(), Failure> {
    Err(Failure::input("this build carries no broken guards; use cargo run --features planted"))
}

#[cfg(feature = "planted")]
fn planted(arguments: &Arguments, bed: &bed::BedConfig, classes: &[Class]) -> Result<(), Failure> {
    let each = arguments.windows.div_ceil(classes.len() as u64);
    let mut missed = Vec::new();
    let mut found = Vec::new();
    for defect in machine::Defect::ALL {
        let batches = batches(classes, arguments.seed, each, 0);
        let verdicts = storm(&Storm::with_defect(bed, defect), "windows with a broken guard", &batches);
        let by: Vec<String> = classes
            .iter()
            .filter_map(|class| {
                let own = verdicts.iter().filter(|verdict| verdict.class == *class && !verdict.is_clean());
                let n = own.count();
                (n > 0).then(|| format!("{} ({n})", class.key()))
            })
            .collect();
        if by.is_empty() {
            missed.push(format!("{defect:?}"));
        }
        if !arguments.json {
            println!(
                "{:18} {}",
                format!("{defect:?}"),
                if by.is_empty() { "not found".to_owned() } else { by.join(", ") }
            );
        }
        found.push(serde_json::json!({ "defect": format!("{defect:?}"), "found_by": by }));
    }
    if arguments.json {
        print_json(&found)?;
    }
    if missed.is_empty() {
        return Ok(());
    }
    Err(Failure::work(format!("{each} windows a class did not find {}", missed.join(", "))))
}
