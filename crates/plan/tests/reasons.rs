//! Each cause of a reduction is there once with it and gone without it.

mod common;

use bed::{BedConfig, Level, Side, SpineScan};
use care::{Answer, Answers, Clearance, Person, screen};
use common::{TODAY, answered, bed, cleared, ordinary, person, phase, program, reason, scan, tense_scan};
use plan::{Code, History, Plan, Program, Reach, Refusal, Unit, Visit, compile, shipped, shipped_named};

/// All that goes into a plan, to be changed one thing at a time.
struct Setting {
    program: Program,
    scan: SpineScan,
    clearance: Clearance,
    history: History,
    visit: Visit,
    bed: BedConfig,
}

impl Setting {
    fn of(program: Program) -> Self {
        Self {
            program,
            scan: tense_scan(),
            clearance: cleared(&person()),
            history: History::returning(5),
            visit: Visit::on(TODAY),
            bed: bed(0),
        }
    }

    fn compile(self) -> Result<Plan, Refusal> {
        compile(&self.program, &self.scan, self.clearance, &self.history, &self.visit, &self.bed)
    }
}

/// Compiles with and without the cause: the reason is there and says what was taken, then it is gone.
fn check(code: Code, make: impl Fn() -> Setting, cause: impl Fn(&mut Setting)) -> Plan {
    let mut with = make();
    cause(&mut with);
    let plan = with.compile().unwrap_or_else(|refusal| panic!("{code:?}: {refusal}"));
    let found = reason(&plan, code).unwrap_or_else(|| panic!("{code:?} is missing in {:?}", plan.reasons));
    assert!(found.granted <= found.requested || code == Code::LevelUncertain, "{found:?}");
    assert!((found.granted - found.requested).abs() > 1e-9, "{found:?}");
    assert!(found.words.complete() && !found.words.en.contains('\n'));
    let without = make().compile().unwrap_or_else(|refusal| panic!("{code:?}: {refusal}"));
    assert!(reason(&without, code).is_none(), "{code:?} stays without its cause: {:?}", without.reasons);
    plan
}

/// Long travel first, so that no site gets too much; then the phase under test.
fn with_travel(more: &str) -> Setting {
    let travel = phase("glide", "\"T4..L5\"", 3, 600.0, "speed_mm_s = 25.0");
    Setting::of(program(&(travel + more), 20.0))
}

fn holds(intensity: u8) -> Setting {
    with_travel(&phase("hold", "[\"T8\", \"T11\", \"L2\", \"L4\"]", intensity, 20.0, ""))
}

fn hot() -> Setting {
    let more = "speed_mm_s = 30.0\nheat = \"high\"\nmats = \"high\"";
    Setting::of(program(&phase("warm", "\"T3..L5\"", 2, 500.0, more), 15.0))
}

#[test]
fn forces_come_back_when_their_cause_is_gone() {
    let plan = check(Code::Clearance, || holds(6), |s| s.clearance = soft());
    assert!(reason(&plan, Code::ForceDefault).is_none());
    let plan = check(Code::ForceDefault, || holds(8), |s| s.clearance = answered("diabetes", Answer::Yes));
    assert!(plan.totals.force_max_n <= 60.0);
    let plan = check(Code::FirstSession, || holds(6), |s| s.history = History::newcomer());
    assert!((plan.totals.force_max_n - 33.0).abs() < 1e-9);
    let plan = check(Code::HistoryUnknown, || holds(6), |s| s.history = History::default());
    assert!((plan.totals.force_max_n - 33.0).abs() < 1e-9);
    // 0.12 of 45 kg are 52.96 N, and 7 N stay free for the force loop.
    let light = || cleared(&Person::new(45.0, 1600.0, 45.0));
    let plan = check(Code::BodyWeight, || holds(6), |s| s.clearance = light());
    assert!((plan.totals.force_max_n - 45.9).abs() < 1e-9, "{}", plan.totals.force_max_n);
    let plan = check(Code::BodyWeight, || holds(6), |s| s.visit.weight_n = Some(400.0));
    assert!((plan.totals.force_max_n - 41.0).abs() < 1e-9);
    // 100 kPa under 900 mm2 are 60 N a head at a peak of 1.5; four fifths of 80 N are 64.
    let one_sided = |side: &'static str| {
        move || with_travel(&phase("hold", "[\"L1\", \"L3\"]", 8, 20.0, &format!("side = \"{side}\"")))
    };
    let left = one_sided("left")().compile().expect("plan");
    let found = reason(&left, Code::ContactPressure).expect("too much for one roller");
    assert!((found.granted - 75.0).abs() < 1e-9, "{found:?}");
    assert!(reason(&one_sided("both")().compile().expect("plan"), Code::ContactPressure).is_none());
    check(Code::BedThrust, || holds(9), |s| s.bed.lift.thrust_max_n = 50.0);
}

/// Somebody over 70: at most 40 N.
fn soft() -> Clearance {
    screen(&Person::new(75.0, 1750.0, 80.0), &Answers::all_no(TODAY, true), TODAY)
}

#[test]
fn the_pelvis_gets_half_the_share_and_travel_is_eased_on_its_way_there() {
    // With marks 80 mm farther headward L3 lies where the pelvis may: 0.06 of 80 kg are 47.07 N, less 6.5 N.
    let low = |s: &mut Setting| s.bed.neck_line_mm -= 80.0;
    let hold = || with_travel(&phase("hold", "[\"L3\"]", 6, 20.0, "side = \"both\""));
    let plan = check(Code::PelvisForce, hold, low);
    let held = plan.steps.iter().find(|step| step.stroke.action == bed::Action::Hold).expect("a hold");
    assert_eq!(held.stroke.force.raw(), 405, "{held:?}");
    let eased = reason(&plan, Code::PelvisForce).expect("said");
    assert!((eased.limit - 40.57).abs() < 0.1 && eased.requested > 50.0, "{eased:?}");
    let travel = || Setting::of(program(&phase("glide", "\"T4..L3\"", 6, 600.0, "speed_mm_s = 25.0"), 20.0));
    let plan = check(Code::PelvisForce, travel, low);
    assert!(
        plan.steps.iter().all(|step| step.stroke.force.raw() > 500),
        "the bed eases it: {:?}",
        plan.steps
    );
}

#[test]
fn the_neck_gets_little_force_and_firm_travel_ends_before_it() {
    let far = |s: &mut Setting| s.bed.neck_line_mm = 700.0;
    let plan = check(Code::NeckForce, || holds(5), far);
    let in_neck = |step: &&plan::Step| step.stroke.from == step.stroke.to && step.stroke.from.raw() < 705_000;
    let forces: Vec<i16> = plan.steps.iter().filter(in_neck).map(|step| step.stroke.force.raw()).collect();
    assert!(!forces.is_empty() && forces.iter().all(|force| *force == 200), "{forces:?}");
    let plan = check(Code::NeckLine, || holds(5), far);
    for step in plan.steps.iter().filter(|step| step.stroke.force.raw() > 200) {
        assert!(step.stroke.from.raw().min(step.stroke.to.raw()) >= 705_000, "{step:?}");
    }
}

#[test]
fn places_come_back_when_their_cause_is_gone() {
    let off = |s: &mut Setting| move_level(&mut s.scan, Level::L2, 11.0);
    let plan = check(Code::OffMidline, || holds(4), off);
    let said = reason(&plan, Code::OffMidline).expect("checked");
    assert_eq!(said.levels, vec![Level::L2]);
    assert!((said.requested - (11.0 + 1.645 * 2.0)).abs() < 0.01);
    assert!(said.words.en.ends_with("move 11 mm to your right"), "{:?}", said.words);
    assert!(said.words.de.ends_with("rücken Sie 11 mm nach rechts"), "{:?}", said.words);
    assert!(plan.steps.iter().all(|step| !step.levels.contains(&Level::L2)));
    let unsure = |s: &mut Setting| s.scan.levels.iter_mut().for_each(|level| level.sd_y_mm = 6.5);
    let refusal = {
        let mut setting = holds(4);
        unsure(&mut setting);
        setting.compile().expect_err("nothing is surely near the midline")
    };
    assert_eq!(refusal.reason.code, Code::OffMidline);
    assert_eq!(refusal.way_out.en, "Lie still and scan again");

    let plan = check(
        Code::LevelUncertain,
        || holds(4),
        |s| {
            s.scan.levels.iter_mut().for_each(|level| level.sd_x_mm = 12.0);
        },
    );
    let searched = plan.steps.iter().filter(|step| step.phase == 1);
    for step in searched {
        assert_eq!(step.stroke.to.raw() - step.stroke.from.raw(), 24_000, "{step:?}");
        assert_eq!(step.reach, Reach::Approximated { d_mm: 12.0 });
    }
    let lost = |s: &mut Setting| {
        s.scan
            .levels
            .iter_mut()
            .filter(|level| level.level == Level::L2)
            .for_each(|level| level.sd_x_mm = 15.1);
    };
    let plan = check(Code::LevelUncertain, || holds(4), lost);
    assert!(plan.steps.iter().all(|step| !step.levels.contains(&Level::L2)));
    let said = reason(&plan, Code::LevelUncertain).expect("checked");
    assert_eq!((said.levels.clone(), said.limit), (vec![Level::L2], 15.0));
    let short = |s: &mut Setting| s.bed.carriages[0].to_mm = 860.0;
    let plan = check(
        Code::OutOfReach,
        || holds(4),
        |s| {
            s.bed.carriages[0].park_mm = 860.0;
            short(s);
        },
    );
    assert!(plan.steps.iter().all(|step| step.stroke.to.raw() <= 859_000));
    check(
        Code::LevelNotFound,
        || holds(4),
        |s| {
            s.scan.levels = s.scan.levels.iter().copied().filter(|level| level.level != Level::L4).collect();
        },
    );
    check(Code::NoTenseSite, relief, |s| s.scan = scan());
    check(Code::TensionUnknown, relief, |s| s.scan.tension.clear());
    check(Code::BedCoupled, relief, |s| s.bed = bed(1));
    check(Code::BedSpeed, || holds(4), |s| s.bed.carriages[0].speed_contact_mm_s = 10.0);
    let avoids = |s: &mut Setting| s.clearance = screened_with_avoid();
    check(Code::ClearanceAvoid, || Setting::of(common::everything()), avoids);
    check(
        Code::ClearanceStretch,
        || Setting::of(common::everything()),
        |s| {
            s.clearance = screened_without_stretch();
        },
    );
}

fn relief() -> Setting {
    Setting::of(shipped_named("relief").expect("shipped").clone())
}

fn move_level(scan: &mut SpineScan, level: Level, y_mm: f64) {
    for estimate in scan.levels.iter_mut().filter(|estimate| estimate.level == level) {
        estimate.y_mm = y_mm;
    }
}

/// The clearance of the first row whose plain yes does something that `wanted` accepts.
fn row_with(wanted: impl Fn(&Clearance) -> bool) -> Clearance {
    let clearances = care::questions().iter().map(|question| answered(&question.id, Answer::Yes));
    let found = clearances.into_iter().find(|c| c.verdict() == care::Verdict::Soften && wanted(c));
    found.expect("some row does that")
}

fn screened_with_avoid() -> Clearance {
    row_with(|clearance| !clearance.avoided_regions().is_empty())
}

fn screened_without_stretch() -> Clearance {
    row_with(|clearance| !clearance.stretch_allowed())
}

#[test]
fn a_point_nearer_or_farther_than_the_rollers_is_approximated_or_said_to_be_out_of_reach() {
    let points = with_travel(&phase("hold", "[\"BL23\", \"BL52\", \"GV4\"]", 4, 20.0, ""));
    let plan = points.compile().expect("plan");
    assert!(reason(&plan, Code::PointOutOfReach).is_some());
    let reach = |name: &str, side: Side| {
        let point = plan.points.iter().find(|point| point.name == name && point.side == side);
        point.map(|point| point.reach)
    };
    assert_eq!(reach("BL23", Side::Left), Some(Reach::Reachable));
    assert_eq!(reach("BL52", Side::Left), Some(Reach::NotReachable));
    assert_eq!(reach("GV4", Side::Right), Some(Reach::NotReachable));
    assert!(plan.steps.iter().all(|step| step.points.iter().all(|point| point.name == "BL23")));
    // 1.5 cun of a 1980 mm tall person are 39.6 mm: with the spine 8 mm left, 47.6 and 31.6 mm.
    // 1.5 cun of 1500 mm are 30 mm: with the spine 8 mm right (-8), the left point lies at 22 mm,
    // with the inner edge at 25 mm it is approximated by 3 mm.
    let mut near = with_travel(&phase("hold", "[\"BL23\"]", 4, 20.0, ""));
    near.clearance = cleared(&Person::new(45.0, 1500.0, 60.0));
    move_level(&mut near.scan, Level::L2, -8.0);
    near.bed.roller.inner_edge_mm = 25.0;
    let plan = near.compile().expect("plan");
    let left = plan.points.iter().find(|point| point.side == Side::Left).expect("both sides");
    assert!(matches!(left.reach, Reach::Approximated { d_mm } if (d_mm - 3.0).abs() < 1e-9), "{left:?}");
    let without = with_travel(&phase("hold", "[\"BL23\"]", 4, 20.0, "")).compile().expect("plan");
    assert!(reason(&without, Code::PointOutOfReach).is_none());
}

#[test]
fn a_gap_between_two_carriages_is_bridged_from_the_nearer_side() {
    let mut setting = holds(4);
    setting.bed = bed(2);
    // The carriages end at 745 and begin at 790.
    let plan = setting.compile().expect("plan");
    for step in &plan.steps {
        let range = if step.stroke.carriage == 0 { 350_000..=745_000 } else { 790_000..=1_350_000 };
        assert!(range.contains(&step.stroke.from.raw()) && range.contains(&step.stroke.to.raw()), "{step:?}");
    }
    let carriages: std::collections::BTreeSet<u8> = plan.steps.iter().map(|s| s.stroke.carriage).collect();
    assert_eq!(carriages.len(), 2);
    assert!(reason(&plan, Code::OutOfReach).is_some());
}

#[test]
fn times_come_back_when_their_cause_is_gone() {
    let held = |seconds: f64| move || with_travel(&phase("hold", "[\"L2\"]", 4, seconds, ""));
    let long = held(120.0)().compile().expect("plan");
    assert!(reason(&long, Code::SiteTime).is_some_and(|said| said.unit == Unit::Second));
    assert!(reason(&held(60.0)().compile().expect("plan"), Code::SiteTime).is_none());
    let banded = |seconds: f64| {
        let more = "side = \"tense\"\nspeed_mm_s = 12.0";
        with_travel(&phase("glide", "\"tense\"", 4, seconds, more)).compile().expect("plan")
    };
    assert!(reason(&banded(150.0), Code::SiteTime).is_some());
    assert!(reason(&banded(45.0), Code::SiteTime).is_none());

    let often = |repeats: u32| {
        let more = format!("repeats = {repeats}");
        with_travel(&phase("hold", "[\"L2\"]", 4, 60.0, &more)).compile().expect("plan")
    };
    let plan = often(12);
    let said = reason(&plan, Code::SiteShare).expect("one site gets too much");
    assert!(said.requested > 0.25 && said.granted <= 0.25, "{said:?}");
    assert!(plan.totals.site_seconds <= 0.25 * plan.totals.seconds);
    assert!(reason(&often(1), Code::SiteShare).is_none());
    let paused = plan.steps.iter().filter(|step| step.pause_s > 0.0).count();
    assert!(paused > 0, "holds on one site need pauses between them");

    check(Code::Session, || holds(4), |s| s.visit.minutes = Some(60.0));
    let many = || {
        let more = "repeats = 4";
        with_travel(&phase("hold", "\"T3..L5\"", 4, 20.0, more))
    };
    check(Code::Session, many, |s| s.visit.minutes = Some(10.0));
}

#[test]
fn warmth_comes_back_when_its_cause_is_gone() {
    check(Code::ClearanceNoHeat, hot, |s| s.clearance = row_with(|c| !c.heat_allowed()));
    check(Code::ClearanceHeat, hot, |s| s.clearance = row_with(|c| c.surface_cap_c().is_some()));
    let plan = check(Code::FirstSession, hot, |s| s.history = History::newcomer());
    assert!(plan.reasons.iter().any(|said| said.unit == Unit::Celsius));
    check(Code::BedHeater, hot, |s| s.bed.head_heater = None);
    check(Code::BedSurface, hot, |s| {
        if let Some(heater) = &mut s.bed.head_heater {
            heater.surface_max_c = 40.0;
        }
    });
    let plan = check(Code::DoseDay, hot, |s| s.history.dose_today_cem43 = Some(55.0));
    assert!(plan.totals.dose_cem43 <= 5.0, "{:?}", plan.totals);
    let spent = {
        let mut setting = hot();
        setting.history.dose_today_cem43 = Some(60.0);
        setting.compile().expect("plan")
    };
    assert!(spent.totals.dose_cem43 <= 0.0, "{:?}", spent.totals);

    // High heat under short strokes keeps a site in contact with hot rollers for too much of the time.
    let pressed = |heat: &str| {
        let travel = phase("glide", "\"T3..L5\"", 3, 300.0, "speed_mm_s = 25.0");
        let more = format!("speed_mm_s = 10.0\nrepeats = 3\nheat = \"{heat}\"\nmats = \"{heat}\"");
        let warm = phase("warm", "[\"L2\", \"L4\"]", 2, 300.0, &more);
        Setting::of(program(&(travel + &warm), 25.0)).compile().expect("plan")
    };
    let plan = pressed("high");
    assert!(reason(&plan, Code::SkinMean).is_some_and(|said| said.granted <= 43.0), "{:?}", plan.reasons);
    assert!(plan.totals.skin_mean_c <= 43.0);
    assert!(reason(&pressed("low"), Code::SkinMean).is_none());

    let long = |heat: &str| {
        let more = format!("speed_mm_s = 20.0\nheat = \"{heat}\"\nmats = \"high\"");
        let warm = phase("warm", "\"T9..L5\"", 2, 900.0, &more).repeat(2);
        Setting::of(program(&warm, 40.0)).compile().expect("plan")
    };
    // The hottest surfaces that hold the skin's mean keep the dose of one program by themselves.
    let plan = long("high");
    assert!(plan.totals.dose_cem43 <= 30.0 && plan.totals.dose_cem43 >= long("low").totals.dose_cem43);
    assert!(reason(&plan, Code::DoseProgram).is_none());
}

#[test]
fn a_program_to_sleep_with_loses_its_late_heat() {
    let text = |cool: bool| {
        let more = "speed_mm_s = 30.0\nheat = \"low\"\nmats = \"low\"";
        let phases = phase("warm", "\"T3..L5\"", 2, 300.0, more).repeat(2);
        let head = format!("{}cool_second_half = {cool}\n", common::head(15.0));
        Program::parse("test.toml", &(head + &phases)).expect("a program")
    };
    assert!(reason(&ordinary(&text(true), &scan()).expect("plan"), Code::CoolSecondHalf).is_some());
    assert!(reason(&ordinary(&text(false), &scan()).expect("plan"), Code::CoolSecondHalf).is_none());
}

#[test]
fn every_refusal_has_its_cause_its_numbers_and_a_way_out() {
    let refused = |code: Code, cause: &dyn Fn(&mut Setting)| {
        let mut setting = holds(4);
        cause(&mut setting);
        let refusal = setting.compile().expect_err("a refusal");
        assert_eq!(refusal.reason.code, code, "{refusal}");
        assert!(refusal.way_out.complete() && !refusal.to_string().contains('\n'), "{refusal}");
        let json = serde_json::to_value(&refusal).expect("serialises");
        assert!(
            json["code"].is_string() && json["words"]["de"].is_string() && json["way_out"]["en"].is_string()
        );
        refusal
    };
    refused(Code::ClearanceDay, &|s| s.visit.day = care::Day(TODAY.0 + 1));
    refused(Code::SessionsADay, &|s| s.history.sessions_today = Some(2));
    let soon = refused(Code::SessionGap, &|s| s.history.since_last_s = Some(7200.0));
    assert_eq!(soon.way_out.en, "Come back in 60 minutes");
    refused(Code::SessionGap, &|s| s.history.since_last_s = Some(f64::NAN));
    refused(Code::SessionGap, &|s| s.history.sessions_today = Some(1));
    refused(Code::Session, &|s| s.visit.minutes = Some(3.0));
    refused(Code::Session, &|s| s.visit.minutes = Some(f64::NAN));
    refused(Code::Person, &|s| s.visit.weight_n = Some(1500.0));
    refused(Code::Person, &|s| s.clearance = cleared(&Person::new(30.0, 1600.0, 32.0)));
    refused(Code::Bed, &|s| s.bed.carriages.clear());
    refused(Code::Scan, &|s| s.scan.levels.clear());
    refused(Code::Scan, &|s| s.scan.levels[3].x_mm = f64::NAN);
    refused(Code::Scan, &|s| s.scan.levels.swap(3, 4));
    let off = refused(Code::OffMidline, &|s| s.scan.levels.iter_mut().for_each(|l| l.y_mm = -20.0));
    assert_eq!(off.way_out.en, "Move 20 mm to your left");
    let blind = refused(Code::OffMidline, &|s| {
        s.bed = bed(1);
        s.scan.levels.iter_mut().for_each(|level| level.sd_y_mm = 9.0);
    });
    assert!(blind.way_out.en.starts_with("No move helps"), "{:?}", blind.way_out);
    let stretch = phase("stretch", "[\"L3\"]", 4, 20.0, "");
    refused(Code::NothingLeft, &|s| {
        s.program = program(&stretch, 10.0);
        s.clearance = screened_without_stretch();
    });
    // A session four hours ago, the first of the day, is no hindrance.
    let mut later = holds(4);
    later.history.sessions_today = Some(1);
    later.history.since_last_s = Some(14_400.0);
    assert!(later.compile().is_ok());
}

#[test]
fn a_spine_with_six_lumbar_levels_is_pressed_by_its_own_names() {
    let mut scan = scan();
    let last = *scan.levels.last().expect("seventeen");
    let sixth = bed::LevelEstimate { level: Level::L6, x_mm: last.x_mm + 32.0, ..last };
    scan.levels.push(sixth).expect("room");
    for program in shipped() {
        let plan = ordinary(program, &scan).expect("plan");
        assert!(plan.steps.iter().all(|step| !step.levels.contains(&Level::L6)));
    }
}
