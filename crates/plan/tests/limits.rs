//! Random people, spines, answers, histories and beds: no plan crosses a limit, every number is one.

mod common;

use bed::{BedConfig, Level, LevelEstimate, Side, SpineScan, Tension, limits};
use care::{Answer, Answers, Clearance, Person, questions, screen};
use common::{BEDS, TODAY, bed, everything, position_mm, scan};
use plan::{Delivery, History, Plan, Program, Refusal, Visit, compile, shipped};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Draw {
    program: usize,
    bed: usize,
    age: f64,
    stature: f64,
    mass: f64,
    yes: Vec<(usize, bool)>,
    pitch: f64,
    head_x: f64,
    y: f64,
    lean: f64,
    sd: f64,
    ratios: Vec<f64>,
    sessions: Option<u32>,
    dose: Option<f64>,
    minutes: Option<f64>,
    weight: Option<f64>,
}

fn draws() -> impl Strategy<Value = Draw> {
    let person = (18.0..90.0, 1500.0..1980.0, 36.0..135.0);
    let answers = prop::collection::vec((0..questions().len(), any::<bool>()), 0..3);
    let spine = (0.9..1.15, 440.0..560.0, -9.0..9.0, -6.0..6.0, 1.0..14.0);
    let ratios = prop::collection::vec(0.6..2.2, 34);
    let history = (
        prop::option::of(0_u32..9),
        prop::option::of(0.0..70.0),
        prop::option::of(10.0..50.0),
        prop::option::of(353.0..1320.0),
    );
    (0..=shipped().len(), 0..BEDS.len(), person, answers, spine, ratios, history).prop_map(
        |(program, bed, (age, stature, mass), yes, (pitch, head_x, y, lean, sd), ratios, history)| {
            let (sessions, dose, minutes, weight) = history;
            Draw {
                program,
                bed,
                age,
                stature,
                mass,
                yes,
                pitch,
                head_x,
                y,
                lean,
                sd,
                ratios,
                sessions,
                dose,
                minutes,
                weight,
            }
        },
    )
}

fn drawn_scan(draw: &Draw) -> SpineScan {
    let mut drawn = scan();
    let regular = scan();
    drawn.levels = regular
        .levels
        .iter()
        .enumerate()
        .map(|(index, level)| LevelEstimate {
            x_mm: draw.head_x + draw.pitch * (level.x_mm - 505.0),
            y_mm: draw.y + draw.lean * (index as f64 / 8.0 - 1.0),
            sd_x_mm: draw.sd,
            sd_y_mm: draw.sd / 4.0,
            ..*level
        })
        .collect();
    drawn.tension = Level::REGULAR
        .into_iter()
        .flat_map(|level| Side::BOTH.map(|side| (level, side)))
        .zip(&draw.ratios)
        .map(|((level, side), ratio)| Tension {
            level,
            side,
            ratio: *ratio,
            lo90: ratio - 0.3,
            hi90: ratio + 0.3,
            tense: *ratio > 1.3,
        })
        .collect();
    drawn
}

fn drawn_clearance(draw: &Draw) -> Clearance {
    let mut answers = Answers::all_no(TODAY, true);
    for (row, doctor) in &draw.yes {
        let answer = if *doctor { Answer::YesClearedByDoctor } else { Answer::Yes };
        // Refusing rows would leave nothing to test; they are walked elsewhere.
        let mut tried = answers.clone();
        tried.set(&questions()[*row].id, answer, TODAY).expect("a row of the table");
        let person = Person::new(draw.age, draw.stature, draw.mass);
        if screen(&person, &tried, TODAY).verdict() != care::Verdict::Refuse {
            answers = tried;
        }
    }
    screen(&Person::new(draw.age, draw.stature, draw.mass), &answers, TODAY)
}

fn attempt(draw: &Draw) -> Result<Plan, Refusal> {
    let all: Vec<Program> = shipped().iter().cloned().chain([everything()]).collect();
    let history = History {
        sessions: draw.sessions,
        sessions_today: Some(0),
        since_last_s: None,
        dose_today_cem43: draw.dose,
    };
    let visit = Visit { minutes: draw.minutes, weight_n: draw.weight, ..Visit::on(TODAY) };
    compile(&all[draw.program], &drawn_scan(draw), drawn_clearance(draw), &history, &visit, &bed(draw.bed))
}

fn forces(draw: &Draw, plan: &Plan, bed: &BedConfig) -> Result<(), TestCaseError> {
    let clearance = drawn_clearance(draw);
    let weight = (draw.mass * 9.80665).min(draw.weight.unwrap_or(f64::INFINITY));
    for step in &plan.steps {
        let force = f64::from(step.stroke.force.raw()) / 10.0;
        prop_assert!(force > 2.0, "{step:?}");
        prop_assert!(force <= f64::from(limits::FORCE_CEILING_N));
        prop_assert!(force <= 0.12 * weight + 1e-6, "{force} N of {weight} N");
        prop_assert!(force <= clearance.force_cap_n().unwrap_or(f64::INFINITY));
        prop_assert!(clearance.verdict() == care::Verdict::Go || force <= 60.0);
        prop_assert!(draw.sessions.is_some_and(|sessions| sessions > 0) || force <= 33.0);
        let left = f64::from(step.stroke.left_share.raw()) / 1000.0;
        let share = if step.stroke.action == bed::Action::Knead { 1.0 } else { left.max(1.0 - left) };
        let pressure = 1.5 * force * share / (f64::from(bed.roller.contact_area_mm2) * 1e-3);
        prop_assert!(pressure <= 100.0 + 1e-6, "{pressure} kPa");
        let head_end = f64::from(step.stroke.from.raw().min(step.stroke.to.raw())) / 1e3;
        prop_assert!(head_end >= f64::from(bed.neck_line_mm) || force <= 20.0, "{step:?}");
        let share = f64::from(limits::force_of_weight_at(head_end as f32 - bed.neck_line_mm));
        prop_assert!(force <= share * weight + 1e-6, "{force} N at {head_end} mm of {weight} N");
        prop_assert!(step.stroke.action != bed::Action::Stretch || clearance.stretch_allowed());
    }
    Ok(())
}

fn places(draw: &Draw, plan: &Plan, bed: &BedConfig) -> Result<(), TestCaseError> {
    let scan = drawn_scan(draw);
    for step in &plan.steps {
        let carriage = &bed.carriages[usize::from(step.stroke.carriage)];
        for end in [step.stroke.from, step.stroke.to] {
            let x = end.raw() as f32 / 1e3;
            prop_assert!((carriage.from_mm..=carriage.to_mm).contains(&x), "{step:?}");
        }
        let speed = step.stroke.speed.raw() as f32 / 1e3;
        prop_assert!((0.0..=carriage.speed_contact_mm_s).contains(&speed));
        for level in &step.levels {
            let level = scan.level(*level).expect("only levels that were found");
            // Less than the 95 % bound can never be, on either side.
            prop_assert!(level.y_mm.abs() + 1.644 * level.sd_y_mm <= 12.0 + 1e-9, "{level:?}");
        }
    }
    Ok(())
}

/// Seconds of the most pressed site, counted anew, on strips of 5 mm and a tenth of a second.
fn sites(plan: &Plan) -> Result<f64, TestCaseError> {
    let (mut run, mut last, mut total) = (vec![0.0_f64; 400], vec![-1e9_f64; 400], vec![0.0_f64; 400]);
    for step in &plan.steps {
        let seconds = f64::from(step.stroke.duration.raw()) / 1e3;
        for tenth in 0..(seconds * 10.0) as usize {
            let passed = tenth as f64 / 10.0;
            let (now, x) = (step.begins_s + passed, position_mm(&step.stroke, passed));
            for strip in ((x - 15.0) / 5.0) as usize..=((x + 15.0) / 5.0) as usize {
                if now - last[strip] >= 5.0 {
                    run[strip] = 0.0;
                }
                last[strip] = now + 0.1;
                run[strip] += 0.1;
                total[strip] += 0.1;
                prop_assert!(run[strip] <= 90.0, "{} mm at {now} s: {step:?}", strip * 5);
            }
        }
    }
    Ok(total.iter().copied().fold(0.0, f64::max))
}

fn share(plan: &Plan, most: f64) -> Result<(), TestCaseError> {
    // The plan counts on strips of 10 mm, so never less than this.
    prop_assert!(most <= 0.25 * plan.totals.seconds + 1.0, "{most} of {}", plan.totals.seconds);
    Ok(())
}

fn times_and_heat(draw: &Draw, plan: &Plan, bed: &BedConfig) -> Result<(), TestCaseError> {
    let clearance = drawn_clearance(draw);
    let mut free = 0.0;
    for step in &plan.steps {
        prop_assert!(step.begins_s >= free + step.pause_s - 0.002, "{step:?}");
        free = step.begins_s + f64::from(step.stroke.duration.raw()) / 1e3;
        for (zone, surface) in step.surfaces.iter().enumerate() {
            let Some(surface) = surface else { continue };
            let celsius = f64::from(surface.raw()) / 10.0;
            prop_assert!(zone < bed.zones() && clearance.heat_allowed());
            prop_assert!(celsius + 1.0 <= f64::from(limits::SKIN_INSTANT_C));
            prop_assert!(celsius < clearance.surface_cap_c().unwrap_or(f64::INFINITY));
            let heater = bed.heater(zone).expect("a heated zone has a heater");
            prop_assert!(celsius <= f64::from(heater.surface_max_c));
        }
    }
    prop_assert!(
        plan.totals.session_seconds <= draw.minutes.map_or(2400.0, |m| (m * 60.0).min(2400.0)) + 1e-6
    );
    prop_assert!(plan.totals.skin_mean_c <= 43.0 + 1e-9);
    let budget = (60.0 - draw.dose.unwrap_or(30.0)).clamp(0.0, 30.0);
    prop_assert!(plan.totals.dose_cem43 <= budget + 1e-9, "{:?} of {budget}", plan.totals);
    Ok(())
}

/// Gives a plan, with the next of the wishes (0 to 5, at a share of the stroke) at every stroke.
fn given(plan: &Plan, bed: &BedConfig, wishes: &[(u8, f64)]) -> Plan {
    let most_s = 2400.0_f64.min(plan.totals.seconds + 120.0);
    let mut delivery = Delivery::new(plan, bed, most_s);
    let mut wishes = wishes.iter().cycle();
    while let Some(step) = delivery.step().cloned() {
        delivery.landed(step.begins_s);
        let lasts_s = f64::from(step.stroke.duration.raw()) / 1e3;
        for _ in 0..3 {
            let Some((wish, share)) = wishes.next() else { break };
            let now = delivery.now();
            let answer = match wish {
                0 => delivery.softer(),
                1 => delivery.firmer(),
                2 => delivery.cooler(),
                3 => delivery.warmer(),
                4 => delivery.stay(),
                _ => delivery.skip(step.begins_s + share * lasts_s),
            };
            if let Err(held) = answer {
                assert!(held.words.complete() && held.limit.is_finite(), "{held:?}");
            }
            if delivery.now() != now {
                break;
            }
        }
        // It was skipped otherwise.
        if let Some(under_way) = delivery.step().filter(|under_way| under_way.stroke.id == step.stroke.id) {
            delivery.done(under_way.begins_s + f64::from(under_way.stroke.duration.raw()) / 1e3);
        }
    }
    let steps = delivery.steps().to_vec();
    let seconds =
        steps.last().map_or(0.0, |step| step.begins_s + f64::from(step.stroke.duration.raw()) / 1e3);
    assert!(seconds <= most_s.max(plan.totals.seconds) + 0.1, "{seconds} s of {most_s}");
    Plan { steps, totals: plan::Totals { seconds, ..plan.totals }, ..plan.clone() }
}

/// The dose's bound, counted anew.
fn dose_cem43(plan: &Plan, bed: &BedConfig, site_s: f64) -> f64 {
    let rate = |celsius: f64| match celsius {
        ..39.0 => 0.0,
        ..43.0 => 0.25_f64.powf(43.0 - celsius),
        _ => 0.5_f64.powf(43.0 - celsius),
    };
    let warmest = |surfaces: &[Option<counts::DeciCelsius>]| {
        surfaces.iter().flatten().map(|surface| f64::from(surface.raw()) / 10.0 + 1.0).fold(37.0, f64::max)
    };
    let (mut on_mats, mut before, mut heads_c) = (0.0, 0.0, 37.0_f64);
    for step in &plan.steps {
        let (heads, mats) = step.surfaces.split_at(bed.heads());
        let ends = step.begins_s + f64::from(step.stroke.duration.raw()) / 1e3;
        on_mats += (ends - before) / 60.0 * rate(warmest(mats));
        before = ends;
        heads_c = heads_c.max(warmest(heads)).max(warmest(mats));
    }
    let after = plan.steps.last().map_or(0.0, |step| 10.0 * rate(warmest(&step.surfaces[bed.heads()..])));
    site_s / 60.0 * rate(heads_c) + on_mats + after
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_wishes_passes_what_compiling_allows(
        draw in draws(),
        wishes in prop::collection::vec((0_u8..6, 0.0..1.0), 1..12),
    ) {
        let bed = bed(draw.bed);
        if let Ok(plan) = attempt(&draw) {
            let given = given(&plan, &bed, &wishes);
            forces(&draw, &given, &bed)?;
            places(&draw, &given, &bed)?;
            let site_s = sites(&given)?;
            let unhurried = Draw { minutes: None, ..draw };
            times_and_heat(&unhurried, &given, &bed)?;
            let budget = (60.0 - unhurried.dose.unwrap_or(30.0)).clamp(0.0, 30.0);
            let dose = dose_cem43(&given, &bed, site_s);
            prop_assert!(dose <= budget + 0.01, "{dose} of {budget}: {wishes:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_crosses_a_limit(draw in draws()) {
        let bed = bed(draw.bed);
        match attempt(&draw) {
            Err(refusal) => {
                prop_assert!(refusal.way_out.complete() && refusal.reason.words.complete());
            }
            Ok(plan) => {
                prop_assert!(!plan.steps.is_empty());
                forces(&draw, &plan, &bed)?;
                places(&draw, &plan, &bed)?;
                share(&plan, sites(&plan)?)?;
                times_and_heat(&draw, &plan, &bed)?;
                prop_assert!(plan.steps.iter().all(|step| step.stroke.duration.raw() >= 4_000));
                for reason in &plan.reasons {
                    let numbers = [reason.limit, reason.requested, reason.granted];
                    prop_assert!(numbers.iter().all(|number| number.is_finite()), "{reason:?}");
                    prop_assert!((reason.requested - reason.granted).abs() > 1e-12, "{reason:?}");
                }
            }
        }
    }
}

#[test]
fn most_drawn_people_get_a_plan() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut planned = 0;
    for _ in 0..200 {
        let draw = draws().new_tree(&mut runner).expect("a draw").current();
        planned += i32::from(attempt(&draw).is_ok());
    }
    assert!(planned > 120, "{planned} of 200");
}
