//! `ondol bench twin`: how fast a whole session runs, and whether a shorter step would change anything.
//!
//! What runs is what a session runs: the twin with heat, breathing and sensors, the machine at 500 Hz, two
//! scans with their estimator, the plan, and the log into a file, on one core.

use super::quantile::{median, round};
use crate::fail::{Failure, print_json};
use crate::stage::Stage;
use bed::request::Admission;
use bed::{Action, Ask, BedConfig, Event, Request, SessionState, Stroke};
use care::Answers;
use clap::Args;
use counts::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, Micrometres, MicrometresPerSecond, Micros, MilliCem43,
    Millis, PerMille, Targets,
};
use host::clock::today;
use host::log::SessionLog;
use host::session::{Ended, Progress};
use machine::Machine;
use plan::{History, Program, Visit};
use serde::Serialize;
use std::path::Path;
use std::time::Instant;
use twin::{Disturbance, Person, Surroundings, Twin};

/// Arguments of `ondol bench twin`.
#[derive(Args)]
pub struct Arguments {
    /// Minutes of the session, scans included
    #[arg(long, default_value_t = 40.0, value_parser = minutes)]
    minutes: f64,
    /// How often it is given; figures are medians
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// Seed of person and everything left to chance
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Only compare the twin's step with half of it
    #[arg(long)]
    halved: bool,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (10.0..=40.0).contains(&minutes) {
        Ok(minutes)
    } else {
        Err("a session takes 10 to 40 minutes".to_owned())
    }
}

/// Minutes of the short session that shows whether cost depends on length.
const SHORT_MIN: f64 = 10.0;
/// The program: relief with its holds at fixed levels, since a drawn person may have no tense site.
const PROGRAM: &str = include_str!("relief_everywhere.toml");
/// Steps a second of machine and twin.
const STEPS_PER_S: f64 = 500.0;

/// What one session took.
struct Run {
    bed_s: f64,
    wall_s: f64,
    cpu_s: Option<f64>,
    contact: f64,
    log_mib: f64,
    strokes: usize,
    reasons: Vec<String>,
}

/// What is printed.
#[derive(Serialize)]
struct Figures {
    realtime_factor: f64,
    realtime_factor_cpu: Option<f64>,
    steps_per_second: f64,
    peak_memory_mib: Option<f64>,
    minutes: f64,
    contact_share: f64,
    strokes: usize,
    log_mib: f64,
    repeat: usize,
    short_minutes: f64,
    short_realtime_factor: f64,
    person: String,
    program: &'static str,
    reasons: Vec<String>,
    optimised: bool,
    notice: &'static str,
}

/// Runs `ondol bench twin`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.halved {
        return halved(arguments);
    }
    let repeat = arguments.repeat.max(1);
    let folder = Scratch::new()?;
    let stage = somebody(arguments, &folder)?;
    let bar = indicatif::ProgressBar::new(2 * repeat as u64);
    let several = |minutes: f64| -> Result<Vec<Run>, Failure> {
        let runs = (0..repeat).map(|_| {
            let run = session(&stage, minutes, &folder.path.join("session.mcap"));
            bar.inc(1);
            run
        });
        runs.collect()
    };
    let long = several(arguments.minutes)?;
    let short = several(SHORT_MIN)?;
    bar.finish_and_clear();
    let factor = |runs: &[Run]| median(&runs.iter().map(|run| run.bed_s / run.wall_s).collect::<Vec<_>>());
    let cpu: Option<Vec<f64>> = long.iter().map(|run| run.cpu_s.map(|cpu_s| run.bed_s / cpu_s)).collect();
    let figures = Figures {
        realtime_factor: round(factor(&long), 1),
        realtime_factor_cpu: cpu.map(|cpu| round(median(&cpu), 1)),
        steps_per_second: round(factor(&long) * STEPS_PER_S, 0),
        peak_memory_mib: peak_memory_mib().map(|mib| round(mib, 1)),
        minutes: round(long[0].bed_s / 60.0, 1),
        contact_share: round(long[0].contact, 3),
        strokes: long[0].strokes,
        log_mib: round(long[0].log_mib, 1),
        repeat,
        short_minutes: round(short[0].bed_s / 60.0, 1),
        short_realtime_factor: round(factor(&short), 1),
        person: stage.person.name.clone(),
        program: "relief, with its holds at fixed levels",
        reasons: long[0].reasons.clone(),
        optimised: !cfg!(debug_assertions),
        notice: host::NOTICE,
    };
    if arguments.json {
        return print_json(&figures);
    }
    show(&figures);
    Ok(())
}

fn show(figures: &Figures) {
    println!("{}", figures.notice);
    println!(
        "{} for {}, drawn from the population model; one core, median of {}",
        figures.program, figures.person, figures.repeat
    );
    println!(
        "  session             {:>9.1} min, heads in contact {:.0} %, {} strokes",
        figures.minutes,
        100.0 * figures.contact_share,
        figures.strokes
    );
    println!("  times life          {:>9.1}", figures.realtime_factor);
    if let Some(cpu) = figures.realtime_factor_cpu {
        println!("  times life          {cpu:>9.1} by the processor's time, where others share the core");
    }
    println!("  steps a second      {:>9.0}", figures.steps_per_second);
    match figures.peak_memory_mib {
        Some(mib) => println!("  peak memory         {mib:>9.1} MiB"),
        None => println!("  peak memory         not told by this system"),
    }
    println!("  log                 {:>9.1} MiB", figures.log_mib);
    println!("  times life at {:>4.1} min {:>6.1}", figures.short_minutes, figures.short_realtime_factor);
    for reason in &figures.reasons {
        println!("  less than asked: {reason}");
    }
    if !figures.optimised {
        println!("  This binary is not a release build; `cargo run --release -- bench twin` is faster.");
    }
}

/// The person who lies down, at the midline: drawn, healthy.
fn stage(seed: u64) -> Result<Stage, Failure> {
    let mut stage = Stage::of(crate::bed_file::read(None)?, Person::draw(seed), seed);
    stage.surroundings.softening = true;
    // At the midline the plan leaves no level out.
    stage.surroundings.offset_y_mm = 0.0;
    Ok(stage)
}

/// Most people who are asked whether their session is as long as wished.
const ASKED_MAX: u64 = 12;
/// A session is long enough with this share of the minutes wished.
const LONG_ENOUGH: f64 = 0.9;

/// The first person from this seed on whose plan fills the time, or whose fills most of it: plans leave out
/// what a scan is not sure of.
fn somebody(arguments: &Arguments, folder: &Scratch) -> Result<Stage, Failure> {
    let bar =
        indicatif::ProgressBar::new_spinner().with_message("looking for somebody whose plan fills the time");
    let mut best: Option<(f64, Stage)> = None;
    for number in 0..ASKED_MAX {
        bar.tick();
        let stage = stage(arguments.seed.wrapping_add(number))?;
        let Ok(run) = session(&stage, arguments.minutes, &folder.path.join("session.mcap")) else { continue };
        if best.as_ref().is_none_or(|(longest, _)| run.bed_s > *longest) {
            best = Some((run.bed_s, stage));
        }
        if run.bed_s >= LONG_ENOUGH * 60.0 * arguments.minutes {
            break;
        }
    }
    bar.finish_and_clear();
    best.map(|(_, stage)| stage).ok_or_else(|| Failure::work("nobody's session came to its end"))
}

/// One session into a log, and what it took.
fn session(stage: &Stage, minutes: f64, log: &Path) -> Result<Run, Failure> {
    let program = Program::parse("relief_everywhere.toml", PROGRAM).map_err(Failure::work)?;
    let day = today();
    let clearance = stage.clearance(&Answers::all_no(day, true), None, day);
    let setting =
        stage.setting(&program, History::returning(3), Visit { minutes: Some(minutes), ..Visit::on(day) });
    let (begun, cpu) = (Instant::now(), cpu_s());
    let mut world = stage.world()?;
    let writer = SessionLog::create(log, &stage.header()).map_err(Failure::work)?;
    let record = host::session::run(&mut world, &setting, clearance, Some(writer), &mut |_: Progress<'_>| {})
        .map_err(Failure::work)?;
    let wall_s = begun.elapsed().as_secs_f64().max(1e-9);
    if record.ended != Ended::Complete {
        return Err(Failure::work(format!(
            "the session did not come to its end: {:?} {:?}",
            record.ended, record.faults
        )));
    }
    Ok(Run {
        bed_s: record.duration_s,
        wall_s,
        cpu_s: cpu.zip(cpu_s()).map(|(before, after)| (after - before).max(1e-9)),
        contact: world.contact_share(),
        log_mib: std::fs::metadata(log).map_or(0.0, |data| data.len() as f64 / f64::from(1 << 20)),
        strokes: record.strokes.len(),
        reasons: record
            .plan
            .iter()
            .flat_map(|plan| &plan.reasons)
            .map(|reason| reason.words.en.clone())
            .collect(),
    })
}

/// A folder that is gone when the bench is.
struct Scratch {
    path: std::path::PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("ondol-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)
            .map_err(|error| Failure::work(format!("{}: cannot be made: {error}", path.display())))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind in a folder for temporary things does no harm.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Time that this process has had a core, all threads together, s; only Linux tells, in its ticks of 10 ms.
fn cpu_s() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold anything; user and system time are the 12th and 13th after it.
    let mut after = told.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = after.next()?.parse::<f64>().ok()? + after.next()?.parse::<f64>().ok()?;
    Some(ticks * 0.01)
}

/// Most memory that this process has held; only Linux tells.
fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// Seconds of gliding over which steps are compared.
const GLIDE_S: u32 = 75;
/// Force of the glide, both heads, N.
const GLIDE_N: f64 = 40.0;

/// What a glide did.
#[derive(Clone, Copy, Serialize)]
struct Glide {
    step_ms: f64,
    rms_n: f64,
    skin_max_c: f64,
}

fn halved(arguments: &Arguments) -> Result<(), Failure> {
    let mut stage = stage(arguments.seed)?;
    if let Some(cell) = &mut stage.bed.load_cell {
        // Other steps draw other noise: what is compared is bed and body, not the dice.
        (cell.noise_n, cell.gain, cell.drift_n_k, cell.drift_10min_n) = (0.0, 0.0, 0.0, 0.0);
    }
    let (whole, half) = (glide(&stage, 1)?, glide(&stage, 2)?);
    if arguments.json {
        return print_json(&[whole, half]);
    }
    println!("{}", host::NOTICE);
    println!("A glide of {GLIDE_S} s at {GLIDE_N:.0} N with warm rollers, {}", stage.person.name);
    for glide in [whole, half] {
        println!(
            "  step {:.1} ms: force RMS {:.3} N, hottest skin {:.3} C",
            glide.step_ms, glide.rms_n, glide.skin_max_c
        );
    }
    let (force, skin) = ((whole.rms_n - half.rms_n).abs(), (whole.skin_max_c - half.skin_max_c).abs());
    println!("  difference: {force:.3} N (under 0.05), {skin:.3} C (under 0.05)");
    Ok(())
}

/// A glide with the twin's step cut into `parts`, the machine's step as ever.
fn glide(stage: &Stage, parts: u64) -> Result<Glide, Failure> {
    let cycle = Micros::from_millis(2);
    let surroundings = Surroundings { starts_lying: true, ..stage.surroundings.clone() };
    let mut twin = Twin::new(&stage.bed, &stage.person, &surroundings);
    let mut machine = Machine::new(&stage.bed).map_err(Failure::input)?;
    let admission = Admission {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        force_cap: Some(DeciNewtons::new(1000)),
        surface_cap: None,
        heat_allowed: true,
    };
    let mut request = Request::new(1, Ask::Begin(admission));
    let mut outputs = Targets::default();
    let mut now = counts::Instant::START;
    let (mut landed, mut square, mut count) = (None, 0.0, 0_u32);
    let most = (u64::from(GLIDE_S) + 120) * 500;
    for index in 0..most {
        now = now.after(cycle);
        for _ in 0..parts {
            twin.step(&outputs, Micros::new(cycle.raw() / parts));
        }
        let asked = index.is_multiple_of(50).then_some(&request);
        let step = machine.step(now, twin.readings(), asked);
        outputs = *step.outputs.targets();
        for event in &step.events {
            match *event {
                Event::State { to: SessionState::AwaitingSwitch, .. } => {
                    twin.disturb(Disturbance::PressHandSwitch, now.after(Micros::from_seconds(2)));
                }
                Event::State { to: SessionState::Armed, .. } if request.id == 1 => {
                    request = Request::new(2, Ask::Treat { now: stroke(&twin, &stage.bed), next: None });
                    request.surfaces[..stage.bed.zones()].fill(Some(DeciCelsius::new(420)));
                }
                Event::Landed { .. } => landed = Some(now),
                Event::StrokeDone { .. } => {
                    let rms_n = (square / f64::from(count.max(1))).sqrt();
                    let step_ms = 2.0 / parts as f64;
                    return Ok(Glide { step_ms, rms_n, skin_max_c: twin.heat().skin_max_c() });
                }
                _ => {}
            }
        }
        let since =
            landed.and_then(|landed| now.since(landed)).map_or(0.0, |since| f64::from(since.seconds()));
        if since >= 1.0 && since < f64::from(GLIDE_S) - 2.0 {
            for force_n in &twin.truth().head_force_n[..2] {
                square += (force_n - 0.5 * GLIDE_N).powi(2);
                count += 1;
            }
        }
    }
    Err(Failure::work("the glide did not come to its end"))
}

/// A glide over the chest and loin.
fn stroke(twin: &Twin, bed: &BedConfig) -> Stroke {
    let centres = twin.truth_centres();
    let micrometres = |mm: f64| Micrometres::new((mm * 1e3) as i32);
    Stroke {
        id: 1,
        action: Action::Glide,
        carriage: 0,
        from: micrometres(centres[3].1[0].max(f64::from(bed.neck_line_mm) + 60.0)),
        to: micrometres(centres[centres.len() - 1].1[0]),
        speed: MicrometresPerSecond::new(20_000),
        force: DeciNewtons::new((GLIDE_N * 10.0) as i16),
        left_share: PerMille::new(500),
        ramp: DeciNewtonsPerSecond::new(500),
        period: Millis::ZERO,
        duration: Millis::new(GLIDE_S * 1000),
    }
}
