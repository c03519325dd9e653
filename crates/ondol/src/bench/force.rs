//! `ondol bench force`: true contact force of each head against what was asked of it.
//!
//! The error is the true contact force minus the head's share of the request, at 500 Hz, from 1.0 s after
//! landing until the head begins to ease off for its lift-off; drift of the load cell is part of it. The
//! request is what the machine granted of it (0.12 of the body weight and the other ceilings), as it says
//! in its events, and rises no faster than the stroke asks. The measured error, of the tared load cell,
//! stands beside it. Overshoot is the largest excess of a head within 3 s of landing over its share of the
//! whole request.

use super::many;
use super::quantile::{median, p95, round};
use crate::fail::{Failure, print_json};
use crate::stage::Stage;
use bed::request::Admission;
use bed::{Action, Ask, Event, Report, Request, SessionState, Stroke, limits};
use clap::Args;
use counts::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, Micrometres, MicrometresPerSecond, MilliCem43, Millis,
    PerMille,
};
use population::About;
use serde::Serialize;
use sim::World;
use std::path::PathBuf;
use twin::{Disturbance, Person};

/// Arguments of `ondol bench force`.
#[derive(Args)]
pub struct Arguments {
    /// How many people, thin to heavy
    #[arg(long, default_value_t = 8)]
    people: usize,
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

/// Body mass index of the thinnest and the heaviest, kg/m2. Source: NHANES adults' 3rd to 90th percentile
/// lie about there; 135 kg is the bed's limit.
const BMI: (f64, f64) = (18.5, 36.0);
/// The person may take so long to lie down and press the switch, s. Source: design.
const ARMED_WITHIN_S: f64 = 60.0;
/// A request is renewed so often, ms. Source: design; well within its expiry of 250 ms.
const RENEW_MS: u64 = 100;
/// A task may take so long beside its own time, s: travel over the whole bed and landing. Guess.
const AROUND_S: f64 = 40.0;
/// The error counts from here, s after landing. Source: the definition of the figures.
const SETTLED_S: f64 = 1.0;
/// Overshoot is looked for until here, s after landing. Source: design; the ramp takes 1.3 s at most.
const OVERSHOOT_S: f64 = 3.0;
/// Force is asked to rise in this time, s, but no faster than [`RAMP_N_S`]. Source: design; over before the
/// error counts.
const RISE_S: f64 = 0.8;
/// Fastest ramp of both heads that is asked for, N/s. Source: design; the fastest that the control gives.
const RAMP_N_S: f64 = 60.0;
/// Force of a head on landing and before lift-off, N, and the slowest rate of easing, N/s a head.
/// Source: the control's own, so that easing off is not taken for an error.
const EASE: (f64, f64) = (3.0, 20.0);
/// Footward of the neck line by so much, the neck's cap binds no task, mm. Source: the neck's 20 N rise
/// by 2 N a mm from 12 mm footward of the line on.
const BEYOND_NECK_MM: f64 = 60.0;
/// What the control leaves free under the pelvis's share of the weight, N, and what the corner cells may miss.
const PELVIS_ROOM_N: f64 = 6.0;
/// Weight of a kilogram, N. Source: standard acceleration of free fall.
const GRAVITY: f64 = 9.80665;
/// Period of kneading, s. Guess: as the shipped programs knead.
const KNEAD_S: f64 = 4.0;
/// Rollers warm while this is measured, C, so that the load cells drift as they do in use.
const WARM_DECICELSIUS: i16 = 420;

/// What happens beside the stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Manner {
    /// The person breathes.
    Breathing,
    /// The person coughs twice and talks.
    CoughingAndTalking,
}

/// One task.
#[derive(Clone, Copy, Debug)]
struct Task {
    name: &'static str,
    action: Action,
    force_n: f64,
    speed_mm_s: f64,
    person: Manner,
}

const fn task(name: &'static str, action: Action, force_n: f64, speed_mm_s: f64) -> Task {
    Task { name, action, force_n, speed_mm_s, person: Manner::Breathing }
}

/// Every task that is measured.
const TASKS: &[Task] = &[
    task("hold", Action::Hold, 20.0, 0.0),
    task("hold", Action::Hold, 40.0, 0.0),
    task("hold", Action::Hold, 60.0, 0.0),
    task("hold", Action::Hold, 80.0, 0.0),
    task("glide", Action::Glide, 40.0, 10.0),
    task("glide", Action::Glide, 40.0, 20.0),
    task("glide", Action::Glide, 40.0, 40.0),
    task("glide", Action::Glide, 40.0, 60.0),
    task("glide", Action::Glide, 80.0, 20.0),
    task("knead", Action::Knead, 40.0, 10.0),
    Task { person: Manner::CoughingAndTalking, ..task("hold", Action::Hold, 40.0, 0.0) },
    Task { person: Manner::CoughingAndTalking, ..task("glide", Action::Glide, 40.0, 20.0) },
];

/// What one head did in one task.
#[derive(Clone, Copy, Debug)]
struct HeadError {
    granted_n: f64,
    rms_n: f64,
    worst_n: f64,
    overshoot_pct: f64,
    measured_rms_n: f64,
}

/// One row of the table.
#[derive(Debug, Serialize)]
struct Row {
    task: &'static str,
    person: Manner,
    force_n: f64,
    granted_n: f64,
    speed_mm_s: f64,
    rms_n: f64,
    rms_p95_n: f64,
    rms_most_n: f64,
    measured_rms_n: f64,
    worst_n: f64,
    overshoot_pct: f64,
    overshoot_p95_pct: f64,
    heads: usize,
    failed: usize,
    people: &'static str,
}

/// Where the people come from.
const PEOPLE: &str = "simulated people: spine shapes drawn from a population model of real spines, under simulated tissue; not living people";

/// Runs `ondol bench force`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let count = arguments.people.max(1);
    let bed = crate::bed_file::read(arguments.bed.as_deref())?;
    let numbers: Vec<usize> = (0..count).collect();
    let runs = many::map("force", &numbers, |_, number| {
        let person = somebody(arguments.seed, *number, count)?;
        let stage = Stage::of(bed.clone(), person, arguments.seed.wrapping_add(*number as u64));
        let armed = armed(&stage)?;
        TASKS.iter().map(|task| Ok(measure(&armed, task))).collect::<Result<Vec<_>, Failure>>()
    });
    let runs: Vec<_> = runs.into_iter().collect::<Result<_, _>>()?;
    let rows: Vec<Row> = TASKS
        .iter()
        .enumerate()
        .map(|(index, task)| row(task, runs.iter().map(|person| &person[index])))
        .collect();
    if arguments.json {
        return print_json(&rows);
    }
    show(&rows, count, &bed.name);
    Ok(())
}

/// Somebody between thin and heavy: drawn, then given the mass.
fn somebody(seed: u64, number: usize, count: usize) -> Result<Person, Failure> {
    let drawn = Person::draw(seed.wrapping_mul(1000).wrapping_add(number as u64));
    let share = if count > 1 { number as f64 / (count - 1) as f64 } else { 0.5 };
    let bmi = BMI.0 + (BMI.1 - BMI.0) * share;
    let metres = drawn.basics.stature_mm * 1e-3;
    let mass_kg = (bmi * metres * metres).min(population::MASS_MAX_KG);
    let about = About { mass_kg: Some(mass_kg), ..drawn.about() };
    Person::draw_about(seed.wrapping_mul(1000).wrapping_add(number as u64), &about).map_err(Failure::work)
}

/// The world with the person on the bed and the hand switch pressed.
fn armed(stage: &Stage) -> Result<World, Failure> {
    let mut world = stage.world()?.world;
    let admission = Admission {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        force_cap: Some(DeciNewtons::new(1000)),
        surface_cap: None,
        heat_allowed: true,
    };
    let request = Request::new(1, Ask::Begin(admission));
    let mut state = SessionState::default();
    let mut cycle = 0_u64;
    while state != SessionState::Armed {
        if cycle.is_multiple_of(RENEW_MS / 2) {
            world.post(&request);
        }
        cycle += 1;
        for event in &world.step().events {
            if let Event::State { to, .. } = *event {
                state = to;
            }
        }
        if world.now().seconds() > ARMED_WITHIN_S {
            return Err(Failure::work(format!(
                "{} did not get ready: the bed is {state:?}",
                stage.person.name
            )));
        }
    }
    Ok(world)
}

/// The farthest place up to `to_mm` at which the pelvis's share of the weight binds no force of `force_n`; at
/// least where that share begins to fall.
fn unbound_mm(world: &World, force_n: f64, to_mm: f64) -> f64 {
    let neck_mm = f64::from(world.twin().bed().neck_line_mm);
    let weight_n = world.twin().person().basics.mass_kg * GRAVITY;
    let mut at_mm = to_mm;
    let binds = |at_mm: f64| {
        f64::from(limits::force_of_weight_at((at_mm - neck_mm) as f32)) * weight_n < force_n + PELVIS_ROOM_N
    };
    while at_mm - neck_mm > f64::from(limits::PELVIS_FROM_NECK_MM) && binds(at_mm) {
        at_mm -= 1.0;
    }
    at_mm
}

/// The stroke of a task on this person.
fn stroke(world: &World, task: &Task) -> Stroke {
    let centres = world.twin().truth_centres();
    let neck_mm = f64::from(world.twin().bed().neck_line_mm) + BEYOND_NECK_MM;
    let lumbar = |back: usize| centres[centres.len() - 1 - back].1[0];
    let from_mm = if task.speed_mm_s > 0.0 { centres[3].1[0].max(neck_mm) } else { lumbar(2) };
    let to_mm = if task.speed_mm_s > 0.0 { unbound_mm(world, task.force_n, lumbar(0)) } else { from_mm };
    let way_s = if task.speed_mm_s > 0.0 { 2.0 * (to_mm - from_mm) / task.speed_mm_s } else { 0.0 };
    let micrometres = |mm: f64| Micrometres::new((mm * 1e3) as i32);
    Stroke {
        id: 1,
        action: task.action,
        carriage: 0,
        from: micrometres(from_mm),
        to: micrometres(to_mm),
        speed: MicrometresPerSecond::new((task.speed_mm_s * 1e3) as i32),
        force: DeciNewtons::new((task.force_n * 10.0) as i16),
        left_share: PerMille::new(500),
        ramp: DeciNewtonsPerSecond::new(((task.force_n / RISE_S).min(RAMP_N_S) * 10.0) as i16),
        period: Millis::new(if task.action == Action::Knead { (KNEAD_S * 1e3) as u32 } else { 0 }),
        duration: Millis::new((way_s.clamp(20.0, 80.0) * 1e3) as u32),
    }
}

/// Sums of one head's errors.
#[derive(Clone, Copy, Default)]
struct Sum {
    tare_n: f64,
    square: f64,
    measured_square: f64,
    count: usize,
    worst_n: f64,
    over_pct: f64,
}

/// Gives the task and measures both heads; `None` where it did not come to its end.
fn measure(armed: &World, task: &Task) -> Option<[HeadError; 2]> {
    let mut world = armed.clone();
    let stroke = stroke(&world, task);
    let mut request = Request::new(2, Ask::Treat { now: stroke, next: None });
    request.surfaces[..2].fill(Some(DeciCelsius::new(WARM_DECICELSIUS)));
    let mut granted_n = task.force_n;
    let mut landed = [None; 2];
    let mut sums = [Sum::default(); 2];
    let duration_s = f64::from(stroke.duration.raw()) * 1e-3;
    let cycles = ((duration_s + AROUND_S) * 500.0) as u64;
    for cycle in 0..cycles {
        if cycle.is_multiple_of(RENEW_MS / 2) {
            world.post(&request);
        }
        let report = world.step();
        let now_s = report.now.seconds();
        for event in &report.events {
            match *event {
                Event::Landed { head, .. } if landed[usize::from(head) % 2].is_none() => {
                    landed[usize::from(head) % 2] = Some(now_s);
                    if landed[0].is_some() && landed[1].is_some() {
                        disturb(&mut world, task);
                    }
                }
                Event::ForceHeld { granted, .. } => granted_n = f64::from(granted.raw()) * 0.1,
                Event::StrokeDone { .. } => {
                    let start_s = landed[0]?.max(landed[1]?);
                    let whole = now_s - start_s >= duration_s - 0.5;
                    return whole.then(|| sums.map(|sum| sum.figures(granted_n)));
                }
                _ => {}
            }
        }
        let start_s = if let [Some(left), Some(right)] = landed { Some(left.max(right)) } else { None };
        add(
            &mut sums,
            &world,
            &report,
            start_s.map(|start_s| now_s - start_s),
            (&stroke, granted_n, duration_s),
        );
    }
    None
}

fn disturb(world: &mut World, task: &Task) {
    if task.person == Manner::CoughingAndTalking {
        let after = |seconds: u64| world.now().after(counts::Micros::from_seconds(seconds));
        let (cough, talk) = (after(4), after(7));
        world.twin_mut().disturb(Disturbance::Cough { times: 2 }, cough);
        world.twin_mut().disturb(Disturbance::Talk { seconds: 10.0 }, talk);
    }
}

/// Adds one cycle, `elapsed_s` after landing.
fn add(
    sums: &mut [Sum; 2],
    world: &World,
    report: &Report,
    elapsed_s: Option<f64>,
    (stroke, granted_n, duration_s): (&Stroke, f64, f64),
) {
    let truth = world.twin().truth();
    let shares = stroke.shares(elapsed_s.unwrap_or(0.0) as f32);
    let largest_n = granted_n * if stroke.alternates() { 0.85 } else { 0.5 };
    let ramp_n_s = f64::from(stroke.ramp.raw()) * if stroke.alternates() { 0.1 } else { 0.05 };
    let easing_s = (largest_n - EASE.0).max(0.0) / ramp_n_s.max(EASE.1);
    for (side, sum) in sums.iter_mut().enumerate() {
        let reading = report.readings.heads[side].force.map(|sample| f64::from(sample.value.raw()) * 0.1);
        let force_n = truth.head_force_n[side];
        let Some(elapsed_s) = elapsed_s else {
            if force_n <= 0.0
                && let Some(reading) = reading
            {
                sum.tare_n += (reading - sum.tare_n) * 0.02;
            }
            continue;
        };
        let whole_n = granted_n * f64::from(shares[side]);
        let asked_n = whole_n.min(EASE.0 + ramp_n_s * elapsed_s);
        let error_n = force_n - asked_n;
        if elapsed_s <= OVERSHOOT_S {
            sum.over_pct = sum.over_pct.max(100.0 * (force_n - whole_n) / whole_n);
        }
        if elapsed_s < SETTLED_S || elapsed_s >= duration_s - easing_s {
            continue;
        }
        sum.square += error_n * error_n;
        sum.worst_n = sum.worst_n.max(error_n.abs());
        sum.count += 1;
        let measured_n = reading.map_or(error_n, |reading| reading - sum.tare_n - asked_n);
        sum.measured_square += measured_n * measured_n;
    }
}

impl Sum {
    fn figures(self, granted_n: f64) -> HeadError {
        let rms = |square: f64| (square / self.count.max(1) as f64).sqrt();
        HeadError {
            granted_n,
            rms_n: rms(self.square),
            worst_n: self.worst_n,
            overshoot_pct: self.over_pct,
            measured_rms_n: rms(self.measured_square),
        }
    }
}

fn row<'a>(task: &Task, runs: impl Iterator<Item = &'a Option<[HeadError; 2]>>) -> Row {
    let runs: Vec<_> = runs.collect();
    let failed = runs.iter().filter(|run| run.is_none()).count();
    let heads: Vec<HeadError> = runs.into_iter().flatten().flatten().copied().collect();
    let column = |of: fn(&HeadError) -> f64| heads.iter().map(of).collect::<Vec<_>>();
    let (rms, over, worst) = (column(|h| h.rms_n), column(|h| h.overshoot_pct), column(|h| h.worst_n));
    let most = |values: &[f64]| values.iter().copied().fold(f64::NAN, f64::max);
    Row {
        task: task.name,
        person: task.person,
        force_n: task.force_n,
        granted_n: round(median(&column(|h| h.granted_n)), 1),
        speed_mm_s: task.speed_mm_s,
        rms_n: round(median(&rms), 3),
        rms_p95_n: round(p95(&rms), 3),
        rms_most_n: round(most(&rms), 3),
        measured_rms_n: round(median(&column(|h| h.measured_rms_n)), 3),
        worst_n: round(most(&worst), 2),
        overshoot_pct: round(median(&over), 1),
        overshoot_p95_pct: round(p95(&over), 1),
        heads: heads.len(),
        failed,
        people: PEOPLE,
    }
}

fn show(rows: &[Row], count: usize, bed: &str) {
    println!("{}", host::NOTICE);
    println!("Force of each head, true minus asked, on bed \"{bed}\"; {count} {PEOPLE}.");
    println!(
        "N; from 1.0 s after landing, 500 Hz, drift included; median / 95th percentile over heads; overshoot within 3 s."
    );
    println!(
        "task   person                 asked granted  mm/s   rms    95 %   most  measured  worst  overshoot %  failed"
    );
    for row in rows {
        let person = match row.person {
            Manner::Breathing => "breathing",
            Manner::CoughingAndTalking => "coughing and talking",
        };
        println!(
            "{:<6} {:<22} {:>5.0} {:>7.1} {:>5.0} {:>5.2} {:>7.2} {:>6.2} {:>9.2} {:>6.1} {:>5.1} / {:>4.1} {:>7}",
            row.task,
            person,
            row.force_n,
            row.granted_n,
            row.speed_mm_s,
            row.rms_n,
            row.rms_p95_n,
            row.rms_most_n,
            row.measured_rms_n,
            row.worst_n,
            row.overshoot_pct,
            row.overshoot_p95_pct,
            row.failed,
        );
    }
}
