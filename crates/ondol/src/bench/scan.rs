//! `ondol bench scan`: how exact the scan is.
//!
//! Real spine shapes lie under simulated tissue on the twin; each is scanned with several seeds, with a
//! prior that was fitted without its fold. Beside the scan stand two baselines that eat the same readings:
//! `no_readings` (what the person tells and where people lie) and `landmarks_only`.

mod bound;
mod figures;
mod table;
mod trial;

use super::many;
use crate::bed_file;
use crate::fail::{Failure, print_json};
use ::twin::SpineFile;
use bed::BedConfig;
use bound::Bound;
use clap::Args;
use figures::{Figures, TensionFigures, all, bootstrap_pct, intervals, mean, quantile};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trial::{Case, Subject, Trial, World};

/// Arguments of `ondol bench scan`.
#[derive(Args)]
pub struct Arguments {
    /// Folder of spine files; the data folder's `spines/full` where nothing is said
    #[arg(long, value_name = "DIR", conflicts_with = "people")]
    spines: Option<PathBuf>,
    /// Scans of each spine
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Scan so many people drawn from the population instead, once each
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    people: Option<u64>,
    /// Also scan the spines with other vertebrae than T1 to L5, apart
    #[arg(long)]
    variants: bool,
    /// Also scan each once in worlds that are not as the estimator expects
    #[arg(long)]
    worlds: bool,
    /// Of drawn people also say how exact a scan of them can be at all, over so many of them
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "24", requires = "people",
        value_parser = clap::value_parser!(u64).range(1..=1000))]
    bound: Option<u64>,
    /// Scan in this one of them only
    #[arg(long, value_name = "WORDS", conflicts_with = "worlds")]
    world: Option<String>,
    /// First seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Print instead what the readings tell of everything but the spine once its place is known: what the estimator
    /// is calibrated by
    #[arg(long)]
    nuisances: bool,
    /// Write a row a scan as CSV
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// What every table says of its people.
const REAL: &str = "real spine shapes under simulated tissue; not living people";
const DRAWN: &str = "people drawn from the population model, simulated; not living people";
/// People drawn where there is no data and no number was asked for.
const DRAWN_PEOPLE: u64 = 40;
/// Numbers of the drawn people begin here: away from those that anything was tuned on.
const DRAWN_FROM: u64 = 5_000_000;
/// One scan in so many is timed.
const TIMED: usize = 10;
/// Median length error of the prior below which it must have seen the spine, percent (measures: no leakage).
const LEAKED_PCT: f64 = 1.7;
/// Fewer scans than this cannot tell a leak. Guess: the median of so many scatters by a quarter.
const LEAK_SCANS_MIN: usize = 20;

/// Everything that the bench found.
#[derive(Serialize)]
struct Outcome {
    people: &'static str,
    notice: &'static str,
    seed: u64,
    seeds: u64,
    #[serde(flatten)]
    block: Block,
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<Block>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Group>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    worlds: Vec<InWorld>,
    #[serde(flatten)]
    bound: Option<Bound>,
    leaked: bool,
}

/// Figures of one set of scans.
#[derive(Serialize)]
struct Block {
    scans: usize,
    refused: usize,
    spines: usize,
    spines_refused: usize,
    refusals: BTreeMap<String, usize>,
    #[serde(flatten)]
    scan: Figures,
    coverage90_range_pct: Option<(f64, f64)>,
    no_readings: Figures,
    landmarks_only: Figures,
    length_over_no_readings: Option<f64>,
    kyphosis_over_no_readings: Option<f64>,
    lordosis_over_no_readings: Option<f64>,
    width_over_no_readings: Option<f64>,
    winkler_over_no_readings: Option<f64>,
    tension: TensionFigures,
    bed_seconds_median: Option<f64>,
    bed_seconds_p95: Option<f64>,
    compute_ms_per_100ms: Option<f64>,
    compute_ms_per_100ms_p95: Option<f64>,
    finish_ms_median: Option<f64>,
}

/// Figures of a part of the people.
#[derive(Serialize)]
struct Group {
    group: &'static str,
    #[serde(flatten)]
    scan: Figures,
}

/// Figures in one world.
#[derive(Serialize)]
struct InWorld {
    world: &'static str,
    #[serde(flatten)]
    block: Block,
}

/// Runs `ondol bench scan`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let bed = bed_file::read(arguments.bed.as_deref())?;
    let folder = match &arguments.spines {
        Some(folder) => Some(folder.clone()),
        None if arguments.people.is_some() => None,
        None => host::data_folder().map(|folder| folder.join("spines/full")).filter(|folder| folder.is_dir()),
    };
    let (people, subjects) = match &folder {
        Some(folder) => (REAL, spines(folder)?),
        None => {
            if arguments.people.is_none() {
                eprintln!(
                    "No spine data on this computer (ONDOL_DATA): people drawn from the population instead."
                );
            }
            let count = arguments.people.unwrap_or(DRAWN_PEOPLE);
            let from = DRAWN_FROM.wrapping_add(arguments.seed.wrapping_mul(1_000_003));
            (DRAWN, (0..count).map(|number| Subject::Drawn(from.wrapping_add(number))).collect())
        }
    };
    let (regular, variants): (Vec<Subject>, Vec<Subject>) =
        subjects.into_iter().partition(Subject::is_regular);
    if regular.is_empty() {
        return Err(Failure::input("there is no regular spine (T1 to L5) in this folder; see --spines"));
    }
    let seeds = if folder.is_some() { arguments.seeds } else { 1 };
    let expected = match &arguments.world {
        None => World::expected(),
        Some(words) => {
            World::wrong().into_iter().find(|world| world.name.contains(words)).ok_or_else(|| {
                let names: Vec<&str> = World::wrong().iter().map(|world| world.name).collect();
                Failure::input(format!("there is no world of {words:?}; there is: {}", names.join("; ")))
            })?
        }
    };
    let trials = scan_all(&bed, &regular, seeds, arguments.seed, &expected, arguments.nuisances)?;
    if let Some(file) = &arguments.cases {
        std::fs::write(file, table::csv(&trials))
            .map_err(|error| Failure::input(format!("{}: cannot be written: {error}", file.display())))?;
    }
    if arguments.nuisances {
        let rows = table::nuisances(&trials);
        return match arguments.json {
            true => print_json(&rows),
            false => {
                table::print_nuisances(&rows);
                Ok(())
            }
        };
    }
    let block = Block::of(&trials, arguments.seed);
    let variants = match arguments.variants && !variants.is_empty() {
        true => Some(Block::of(
            &scan_all(&bed, &variants, seeds, arguments.seed, &expected, false)?,
            arguments.seed,
        )),
        false => None,
    };
    let mut worlds = Vec::new();
    if arguments.worlds {
        for world in World::wrong() {
            let trials = scan_all(&bed, &regular, 1, arguments.seed, &world, false)?;
            worlds.push(InWorld { world: world.name, block: Block::of(&trials, arguments.seed) });
        }
    }
    let enough = folder.is_some() && block.scans >= LEAK_SCANS_MIN;
    let leaked = enough && block.no_readings.length_median_pct.is_some_and(|median| median < LEAKED_PCT);
    let groups = if folder.is_some() { Vec::new() } else { groups(&trials) };
    let bound = match arguments.bound {
        Some(count) => {
            let numbers: Vec<u64> = regular.iter().filter_map(Subject::number).take(count as usize).collect();
            Some(Bound::of(&bed, &numbers, &block.scan)?)
        }
        None => None,
    };
    let outcome = Outcome {
        people,
        notice: host::NOTICE,
        seed: arguments.seed,
        seeds,
        block,
        variants,
        groups,
        worlds,
        bound,
        leaked,
    };
    if arguments.json {
        print_json(&outcome)?;
    } else {
        table::print(&outcome);
    }
    match leaked {
        true => Err(Failure::work(format!(
            "leaked: the prior alone is within {LEAKED_PCT} % of the length in the median, as if it had seen these spines"
        ))),
        false => Ok(()),
    }
}

/// The spine files of a folder, in the order of their names.
fn spines(folder: &Path) -> Result<Vec<Subject>, Failure> {
    let unreadable = |error| Failure::input(format!("{}: cannot be read: {error}", folder.display()));
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::input(format!("{}: holds no spine files (*.json)", folder.display())));
    }
    let read = |(index, path): (usize, &PathBuf)| {
        SpineFile::read(path).map(|spine| Subject::Real(index, spine)).map_err(Failure::input)
    };
    files.iter().enumerate().map(read).collect()
}

/// Seed of one scan: no two spines lie in the same place. `ondol scan --spine FILE --seed N` repeats it.
fn seed_of(subject: &Subject, first: u64, round: u64) -> u64 {
    match subject {
        Subject::Real(index, _) => {
            first.wrapping_mul(1_000_003).wrapping_add(1000 * *index as u64).wrapping_add(round)
        }
        Subject::Drawn(number) => *number,
    }
}

fn scan_all(
    bed: &BedConfig,
    subjects: &[Subject],
    seeds: u64,
    first: u64,
    world: &World,
    nuisances: bool,
) -> Result<Vec<Trial>, Failure> {
    let cases: Vec<Case<'_>> = subjects
        .iter()
        .flat_map(|subject| (0..seeds).map(move |round| (subject, round)))
        .enumerate()
        .map(|(index, (subject, round))| Case {
            subject,
            seed: seed_of(subject, first, round),
            world,
            timed: index % TIMED == 0,
            nuisances,
        })
        .collect();
    many::map(world.name, &cases, |_, case| trial::scan(bed, case)).into_iter().collect()
}

impl Block {
    fn of(trials: &[Trial], seed: u64) -> Self {
        let figures = |mode: usize| {
            Figures::of(trials.iter().map(|trial| (trial.found[mode].as_ref().ok(), &trial.truth)))
        };
        let [scan, no_readings, landmarks_only] = [0, 1, 2].map(figures);
        let over = |of: fn(&Figures) -> Option<f64>| Some(of(&scan)? / of(&no_readings)?);
        let mean_ratio = |of: fn(&figures::IntervalFigures) -> Option<f64>| {
            let pairs = scan.intervals.iter().zip(&no_readings.intervals);
            mean(&pairs.filter_map(|(a, b)| Some(of(a)? / of(b)?)).collect::<Vec<_>>())
        };
        let mut refusals = BTreeMap::new();
        for trial in trials {
            if let Err(reason) = &trial.found[0] {
                *refusals.entry(without_numbers(reason)).or_insert(0) += 1;
            }
        }
        let bed_seconds: Vec<f64> = trials.iter().filter_map(|trial| trial.bed_seconds).collect();
        let compute: Vec<f64> = trials.iter().flat_map(|trial| trial.compute_ms.iter().copied()).collect();
        let finish: Vec<f64> = trials.iter().map(|trial| trial.finish_ms).collect();
        let people = by_person(trials);
        let held: Vec<(usize, usize)> = people.values().map(|person| person.held).collect();
        Self {
            scans: trials.len(),
            refused: scan.refused,
            spines: people.len(),
            spines_refused: people.values().filter(|person| 2 * person.refused > person.scans).count(),
            refusals,
            coverage90_range_pct: bootstrap_pct(&held, seed),
            length_over_no_readings: over(|figures| figures.length_median_pct),
            kyphosis_over_no_readings: over(|figures| figures.kyphosis_rmse_deg),
            lordosis_over_no_readings: over(|figures| figures.lordosis_rmse_deg),
            width_over_no_readings: mean_ratio(|intervals| intervals.width),
            winkler_over_no_readings: mean_ratio(|intervals| intervals.winkler),
            tension: TensionFigures::of(
                trials.iter().map(|trial| (trial.found[0].as_ref().ok(), &trial.truth)),
            ),
            bed_seconds_median: quantile(&bed_seconds, 0.5),
            bed_seconds_p95: quantile(&bed_seconds, 0.95),
            compute_ms_per_100ms: quantile(&compute, 0.5),
            compute_ms_per_100ms_p95: quantile(&compute, 0.95),
            finish_ms_median: quantile(&finish, 0.5),
            scan,
            no_readings,
            landmarks_only,
        }
    }
}

#[derive(Default)]
struct OfPerson {
    scans: usize,
    refused: usize,
    held: (usize, usize),
}

fn by_person(trials: &[Trial]) -> BTreeMap<&str, OfPerson> {
    let mut people: BTreeMap<&str, OfPerson> = BTreeMap::new();
    for trial in trials {
        let person = people.entry(&trial.name).or_default();
        person.scans += 1;
        match &trial.found[0] {
            Ok(scan) => {
                let (held, count) = all(&intervals(scan, &trial.truth));
                person.held = (person.held.0 + held, person.held.1 + count);
            }
            Err(_) => person.refused += 1,
        }
    }
    people
}

/// The reason without its numbers, so that alike refusals are counted together.
fn without_numbers(reason: &str) -> String {
    let words = reason.split(' ').filter(|word| !word.starts_with(|c: char| c.is_ascii_digit() || c == '-'));
    words.collect::<Vec<_>>().join(" ")
}

/// Parts of the population of which calibration is asked apart.
fn groups(trials: &[Trial]) -> Vec<Group> {
    type Belongs = fn(&Trial) -> bool;
    // Guess: each holds roughly a tenth of the people.
    let parts: [(&str, Belongs); 6] = [
        ("thin (BMI under 21)", |trial| trial.basics.bmi() < 21.0),
        ("heavy (BMI over 34)", |trial| trial.basics.bmi() > 34.0),
        ("short (under 1.57 m)", |trial| trial.basics.stature_mm < 1570.0),
        ("tall (over 1.82 m)", |trial| trial.basics.stature_mm > 1820.0),
        ("curved (kyphosis over 46 deg or 12 mm sideways)", |trial| {
            let measures = &trial.truth.measures;
            measures.kyphosis_deg > 46.0 || measures.lateral_deviation_mm.abs() > 12.0
        }),
        ("old (over 70 years)", |trial| trial.basics.age_years > 70.0),
    ];
    let group = |(group, belongs): (&'static str, Belongs)| {
        let members = trials.iter().filter(|trial| belongs(trial));
        Group { group, scan: Figures::of(members.map(|trial| (trial.found[0].as_ref().ok(), &trial.truth))) }
    };
    parts.into_iter().map(group).filter(|group| group.scan.answers + group.scan.refused > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_person_is_scanned_alike_twice_and_every_figure_stands() {
        let bed = bed_file::read(None).expect("the embedded bed reads");
        let subjects = [Subject::Drawn(DRAWN_FROM)];
        let scan = || scan_all(&bed, &subjects, 1, 0, &World::expected(), false).expect("a person to scan");
        let (once, again) = (scan(), scan());
        assert_eq!(once[0].found, again[0].found);
        let block = Block::of(&once, 0);
        assert_eq!((block.scans, block.spines), (1, 1));
        assert_eq!(block.scan.answers + block.scan.refused, 1);
        assert!(block.no_readings.length_median_pct.is_some());
        assert!(block.compute_ms_per_100ms.is_some_and(|ms| ms > 0.0));
        assert!(block.bed_seconds_median.is_some_and(|seconds| seconds > 10.0));
    }

    #[test]
    fn alike_refusals_are_counted_together() {
        let text = "moved during the scan: 12 mm along the bed, at least 93 % of the weight stayed on it";
        assert_eq!(
            without_numbers(text),
            "moved during the scan: mm along the bed, at least % of the weight stayed on it"
        );
    }
}
