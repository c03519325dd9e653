//! Every text of this crate that a person reads stands in both languages, and reads as one wrote it.

mod common;

use care::{Answer, Answers, Clearance, Person, Words, clear, screen};
use common::{TODAY, answered, bed, cleared, everything, person, phase, program, scan, sore, tense_scan};
use plan::{Code, History, Plan, Program, Refusal, Therapy, Visit, compile, shipped};
use std::collections::{BTreeMap, BTreeSet};

/// What must hold of any text, whoever reads it.
fn check(whose: &str, words: &Words) {
    assert!(words.complete(), "{whose}: {words:?}");
    assert_ne!(words.en, words.de, "{whose}");
    for text in [&words.en, &words.de] {
        for stray in ["—", "{", "}", "\n", "  "] {
            assert!(!text.contains(stray), "{whose} has {stray:?}: {text}");
        }
        let mut tokens = text.split(|letter: char| !letter.is_alphabetic());
        assert!(!tokens.any(|token| token == "NaN" || token == "inf"), "{whose}: {text}");
        assert_eq!(text.trim(), text.as_str(), "{whose}");
    }
    // A number with a point would be read as thousands.
    let point = words
        .de
        .as_bytes()
        .windows(3)
        .any(|three| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit());
    assert!(!point || words.de.contains("Antworten sind vom"), "{whose}: {}", words.de);
}

#[test]
fn every_text_of_a_program_stands_in_both_languages() {
    for program in shipped() {
        let texts = [program.title(), program.for_whom(), program.does(), program.evidence()];
        let titles = program.phases().iter().map(|phase| &phase.title);
        for words in texts.into_iter().chain(titles) {
            check(program.name(), words);
            assert!(words.en.chars().count() >= 4, "{words:?}");
        }
    }
    for therapy in [Therapy::Acupressure, Therapy::DeepTissue, Therapy::Stretching, Therapy::HotStone] {
        check("a therapy", &therapy.words());
    }
}

/// Everything that a plan is made of.
struct Case {
    program: Program,
    scan: bed::SpineScan,
    clearance: Clearance,
    history: History,
    visit: Visit,
    bed: bed::BedConfig,
}

impl Case {
    fn of(program: Program) -> Self {
        let (scan, clearance, history) = (tense_scan(), cleared(&person()), History::returning(5));
        Self { program, scan, clearance, history, visit: Visit::on(TODAY), bed: bed(0) }
    }

    fn compile(self) -> Result<Plan, Refusal> {
        compile(&self.program, &self.scan, self.clearance, &self.history, &self.visit, &self.bed)
    }
}

/// All programs, and some that ask for more than anybody may have.
fn programs() -> Vec<Program> {
    let warm = "speed_mm_s = 20.0\nheat = \"high\"\nmats = \"high\"";
    let points = phase("hold", "[\"BL23\", \"BL52\", \"GV4\"]", 8, 120.0, "side = \"left\"");
    let repeated = phase("hold", "[\"L2\"]", 4, 60.0, "repeats = 12");
    let hot = phase("warm", "\"T9..L5\"", 2, 900.0, warm).repeat(2);
    let travel = phase("glide", "\"T4..L5\"", 3, 600.0, "speed_mm_s = 25.0");
    let own = [everything(), program(&(points + &travel), 20.0), program(&(repeated + &hot), 40.0)];
    let stretch = program(&phase("stretch", "[\"L3\"]", 4, 20.0, ""), 10.0);
    shipped().iter().cloned().chain(own).chain([stretch]).collect()
}

/// What happens to a case.
type Change = Box<dyn Fn(&mut Case)>;

/// One change each, such as a plan meets in life.
fn changes() -> Vec<Change> {
    let mut all: Vec<Change> = vec![
        Box::new(|_| {}),
        Box::new(|case| case.history = History::newcomer()),
        Box::new(|case| case.history = History::default()),
        Box::new(|case| case.history.dose_today_cem43 = Some(55.0)),
        Box::new(|case| case.history.sessions_today = Some(2)),
        Box::new(|case| case.history.since_last_s = Some(7200.0)),
        Box::new(|case| case.visit.day = care::Day(TODAY.0 + 1)),
        Box::new(|case| case.visit.minutes = Some(60.0)),
        Box::new(|case| case.visit.minutes = Some(10.0)),
        Box::new(|case| case.visit.minutes = Some(3.5)),
        Box::new(|case| case.visit.minutes = Some(f64::NAN)),
        Box::new(|case| case.visit.weight_n = Some(400.0)),
        Box::new(|case| case.visit.weight_n = Some(1500.0)),
        Box::new(|case| case.scan = scan()),
        Box::new(|case| case.scan.tension.clear()),
        Box::new(|case| case.scan.levels.clear()),
        Box::new(|case| case.scan.levels.iter_mut().for_each(|level| level.sd_x_mm = 12.4)),
        Box::new(|case| case.scan.levels[9].sd_x_mm = 15.4),
        Box::new(|case| case.scan.levels[9].y_mm = 11.0),
        Box::new(|case| case.scan.levels.iter_mut().for_each(|level| level.y_mm = -20.0)),
        Box::new(|case| case.scan.levels.iter_mut().for_each(|level| level.sd_y_mm = 6.5)),
        Box::new(|case| {
            let kept = |level: &bed::LevelEstimate| level.level != bed::Level::L4;
            case.scan.levels = case.scan.levels.iter().copied().filter(kept).collect();
        }),
        Box::new(|case| {
            case.clearance = clear(&person(), &Answers::all_no(TODAY, true), &sore(2.0), TODAY, TODAY);
        }),
        Box::new(|case| case.bed = bed(1)),
        Box::new(|case| case.bed = bed(2)),
        Box::new(|case| case.bed.carriages.clear()),
        Box::new(|case| case.bed.carriages[0].speed_contact_mm_s = 10.0),
        Box::new(|case| case.bed.lift.thrust_max_n = 50.0),
        Box::new(|case| case.bed.load_cell = None),
        Box::new(|case| case.bed.neck_line_mm = 700.0),
        Box::new(|case| case.bed.neck_line_mm -= 80.0),
        Box::new(|case| case.bed.head_heater = None),
        Box::new(|case| case.bed.mats.clear()),
        Box::new(|case| {
            if let Some(heater) = &mut case.bed.head_heater {
                heater.surface_max_c = 40.5;
            }
        }),
        Box::new(|case| {
            (case.bed.carriages[0].park_mm, case.bed.carriages[0].to_mm) = (860.0, 860.0);
        }),
        Box::new(|case| {
            case.bed = bed(1);
            case.scan.levels.iter_mut().for_each(|level| level.sd_y_mm = 9.0);
        }),
        Box::new(|case| case.clearance = screen(&person(), &Answers::new(), TODAY)),
    ];
    for about in [(75.0, 1750.0, 80.0), (17.0, 1750.0, 80.0), (45.0, 1450.0, 60.0), (45.0, 1600.0, 30.0)] {
        all.push(Box::new(move |case| {
            case.clearance = cleared(&Person::new(about.0, about.1, about.2));
        }));
    }
    for question in care::questions() {
        let id = question.id.clone();
        all.push(Box::new(move |case| case.clearance = answered(&id, Answer::Yes)));
    }
    all
}

#[test]
fn every_reason_and_every_refusal_stands_in_both_languages() {
    let mut seen: BTreeSet<Code> = BTreeSet::new();
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for change in changes() {
        for program in programs() {
            let mut case = Case::of(program);
            change(&mut case);
            let reasons = match case.compile() {
                Ok(plan) => plan.reasons,
                Err(refusal) => {
                    check("a way out", &refusal.way_out);
                    check("a refusal", &refusal.words());
                    assert!(refusal.words().de.ends_with('.'), "{refusal:?}");
                    vec![*refusal.reason]
                }
            };
            for reason in reasons {
                check(&format!("{:?}", reason.code), &reason.words);
                assert!(reason.placed().de.ends_with(&reason.words.de));
                seen.insert(reason.code);
                // The same text in one language is the same in the other.
                let other = said.entry(reason.words.en.clone()).or_insert_with(|| reason.words.de.clone());
                assert_eq!(*other, reason.words.de);
            }
        }
    }
    let missing: Vec<Code> = EVERY.into_iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "never said: {missing:?}");
}

/// Every cause that a plan can name; what only wishes name is held in `wishes.rs`, and the dose of one program
/// is never the tightest, as `reasons.rs` says.
const EVERY: [Code; 37] = [
    Code::Clearance,
    Code::ClearanceIntensity,
    Code::ClearanceNoHeat,
    Code::ClearanceHeat,
    Code::ClearanceStretch,
    Code::ClearanceAvoid,
    Code::ClearanceDay,
    Code::Person,
    Code::FirstSession,
    Code::HistoryUnknown,
    Code::ForceDefault,
    Code::BodyWeight,
    Code::PelvisForce,
    Code::NeckForce,
    Code::NeckLine,
    Code::ContactPressure,
    Code::BedThrust,
    Code::BedSpeed,
    Code::BedCoupled,
    Code::BedHeater,
    Code::BedSurface,
    Code::Bed,
    Code::OffMidline,
    Code::OutOfReach,
    Code::PointOutOfReach,
    Code::LevelUncertain,
    Code::LevelNotFound,
    Code::Scan,
    Code::NoTenseSite,
    Code::TensionUnknown,
    Code::SiteTime,
    Code::SiteShare,
    Code::Session,
    Code::SessionsADay,
    Code::SessionGap,
    Code::DoseDay,
    Code::NothingLeft,
];
