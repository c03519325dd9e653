//! A made-up session, complete enough to show every part of the page.

use bed::{Interval, Level, LevelEstimate, Side, SpineScan, Tension};
use care::{Answers, Day, Person, Words, draw_answers, screen};
use host::report::{
    Content, DoseRow, Ended, PersonLine, PlanReason, PlanRow, ProgramLine, RefusalLine, RefusedBy, TimedLine,
    VersionLine,
};
use host::session::trace::Trace;
use plan::Therapy;

/// A spine on two arcs with tense places at L3 left and L4 left.
pub fn scan(softened: f64) -> SpineScan {
    let mut centre = [505.0, 4.0, 96.0];
    let mut levels = heapless::Vec::new();
    let mut tension = heapless::Vec::new();
    for (index, level) in Level::REGULAR.into_iter().enumerate() {
        let at = index as f64;
        levels
            .push(LevelEstimate {
                level,
                x_mm: centre[0],
                y_mm: centre[1] - 6.0 * (at * 0.2).sin(),
                z_mm: centre[2],
                sd_x_mm: 5.0 + 0.3 * at,
                sd_y_mm: 3.0,
                sd_z_mm: 3.5,
            })
            .expect("room for a level");
        let slope = if index < 11 { 24.0 - 4.6 * at } else { -26.6 + 9.0 * (at - 11.0) };
        centre[0] += (21.0 + 0.9 * at) * slope.to_radians().cos();
        centre[2] -= (21.0 + 0.9 * at) * slope.to_radians().sin();
        for side in Side::BOTH {
            let tense = matches!((level, side), (Level::L3 | Level::L4, Side::Left));
            let ratio = 1.0 + 0.06 * (at * 1.7).sin() + if tense { 0.45 - softened } else { -0.3 * softened };
            tension
                .push(Tension {
                    level,
                    side,
                    ratio,
                    lo90: ratio - 0.19,
                    hi90: ratio + 0.2,
                    tense: ratio > 1.19,
                })
                .expect("room for a tension");
        }
    }
    SpineScan {
        levels,
        length_t1_l5_mm: Interval::normal(452.4, 6.1),
        kyphosis_deg: Interval::normal(31.0, 3.2),
        lordosis_deg: Interval::normal(24.2, 3.9),
        lateral_deviation_mm: Interval::normal(-5.6, 4.0),
        tension,
    }
}

/// Half a second a sample; a scan pass out and back, then strokes, then the park.
pub fn trace(seconds: f64) -> Trace {
    let mut trace = Trace { carriage_mm: vec![vec![]], force_n: vec![vec![], vec![]], ..Trace::default() };
    trace.surface_c = vec![vec![]; 4];
    trace.target_c = vec![vec![]; 4];
    for index in 0..(seconds / 0.5) as u32 {
        let time = 3.0 + 0.5 * f64::from(index);
        let share = f64::from(index) * 0.5 / seconds;
        let wave = (time * 0.02).sin();
        let asked = if share < 0.03 {
            20.0
        } else if share > 0.97 || (time % 60.0) < 6.0 {
            0.0
        } else {
            30.0 + 10.0 * ((time / 60.0).floor() % 4.0)
        };
        let noise = |seed: f64| (time * 12.9 + seed).sin() * 1.1;
        trace.time_s.push(time);
        trace.carriage_mm[0].push(if share > 0.97 { 1350.0 } else { 730.0 + 210.0 * wave });
        trace.force_n[0].push((asked / 2.0 + noise(1.0)).max(0.0));
        trace.force_n[1].push((asked / 2.0 + noise(4.0)).max(0.0));
        trace.asked_n.push(asked);
        for (zone, (target, lag)) in
            [(41.0, 90.0), (41.0, 95.0), (38.0, 200.0), (36.0, 260.0)].into_iter().enumerate()
        {
            let on = share < 0.9;
            trace.target_c[zone].push(if on { target } else { 0.0 });
            let warm = 26.0 + (target - 26.0) * (1.0 - (-time / lag).exp());
            trace.surface_c[zone].push(if on {
                warm + 0.2 * noise(zone as f64)
            } else {
                warm - 20.0 * (share - 0.9)
            });
        }
    }
    trace
}

fn plan() -> Vec<PlanRow> {
    let kinds = [
        ("Warm the lower back", "Den unteren Rücken wärmen", Therapy::HotStone, "L1-L5", None, 15.0, 15.0),
        (
            "Glide beside the spine",
            "Neben der Wirbelsäule streichen",
            Therapy::DeepTissue,
            "T3-L5",
            None,
            60.0,
            48.0,
        ),
        (
            "Hold at a tense place",
            "An einer verspannten Stelle halten",
            Therapy::Acupressure,
            "L3",
            Some(Side::Left),
            60.0,
            60.0,
        ),
        ("Lengthen", "Längen", Therapy::Stretching, "T8-L2", None, 50.0, 50.0),
    ];
    (0..24)
        .map(|index| {
            let (en, de, therapy, levels, side, asked_n, given_n) = kinds[index % kinds.len()];
            PlanRow {
                start_s: Some(90.0 + 90.0 * index as f64),
                title: Words::both(en, de),
                therapy: therapy.words(),
                levels: levels.into(),
                side,
                asked_n,
                given_n,
                seconds: 45.0 + index as f64,
                reach: Words::both("reachable", "erreichbar"),
            }
        })
        .collect()
}

fn reasons() -> Vec<PlanReason> {
    let weight = PlanReason {
        code: "force_of_weight".into(),
        words: Words::both(
            "Pressed more gently than the program asks for, because no more than 12 % of the body weight may be pressed.",
            "Sanfter als das Programm vorsieht, weil nicht mehr als 12 % des Körpergewichts gedrückt werden.",
        ),
        limit: Some(81.2),
        requested: Some(90.0),
        granted: Some(81.2),
        unit: "N".into(),
    };
    let neck = PlanReason {
        code: "neck_default".into(),
        words: Words::both("Gentler headward of the neck line.", "Nahe am Nacken sanfter."),
        limit: Some(20.0),
        requested: Some(60.0),
        granted: Some(20.0),
        unit: "N".into(),
    };
    vec![weight.clone(), neck, weight]
}

fn dose(what: (&str, &str), value: f64, limit: f64, unit: &str) -> DoseRow {
    DoseRow { what: Words::both(what.0, what.1), value, limit, unit: unit.into() }
}

/// A whole *relief* session of 38 minutes.
pub fn whole() -> Content {
    let clearance = screen(&Person::new(44.0, 1720.0, 69.0), &draw_answers(7, Day(20_000)), Day(20_000));
    Content {
        program: ProgramLine {
            name: "relief".into(),
            title: Words::both("Relief", "Linderung"),
            does: Words::both(
                "Warms the back, glides along both sides of the spine, and goes to the tense places that the scan found.",
                "Wärmt den Rücken, streicht beidseits der Wirbelsäule und geht zu den verspannten Stellen.",
            ),
            evidence: Words::both(
                "Massage eases low back pain for some weeks at best; no study of such a bed shows more.",
                "Massage lindert Schmerzen im unteren Rücken höchstens einige Wochen; mehr zeigt keine Studie.",
            ),
        },
        person: PersonLine {
            sex: Some(Words::both("female", "weiblich")),
            age_years: Some(44.0),
            stature_mm: Some(1720.0),
            mass_kg: Some(69.0),
            note: Some(Words::both(
                "A person drawn from a population of real spine shapes; the answers to the questions were drawn as well.",
                "Eine Person, gezogen aus Formen echter Wirbelsäulen; auch die Antworten sind gezogen.",
            )),
        },
        bed: "reference".into(),
        pad_top_mm: Some(30.0),
        roller_reach_mm: Some((20.0, 50.0)),
        clearance: Some(clearance.summary()),
        before: Some(scan(0.0)),
        after: Some(scan(0.36)),
        tension_change_min: Some(0.24),
        worth: vec![Words::both(
            "On people drawn like this one the scan finds the length within 2 % in half of the scans. Real spine shapes under simulated tissue: not a measurement of living people.",
            "Bei so gezogenen Menschen findet das Abtasten die Länge in der Hälfte der Fälle auf 2 % genau.",
        )],
        plan: plan(),
        plan_reasons: reasons(),
        trace: trace(2290.0),
        zones: [
            ("left head", "Rolle links"),
            ("right head", "Rolle rechts"),
            ("back mat", "Rückenmatte"),
            ("leg mat", "Beinmatte"),
        ]
        .map(|(en, de)| Words::both(en, de))
        .into(),
        doses: vec![
            dose(("Force, both heads", "Kraft, beide Rollen"), 61.3, 81.2, "N"),
            dose(("Skin heat dose, worst place", "Wärmedosis der Haut, wärmste Stelle"), 4.2, 30.0, "CEM43"),
            dose(("Skin, upper bound", "Haut, Obergrenze"), 41.6, 45.0, "°C"),
            dose(("Longest on one place", "Längste Zeit an einer Stelle"), 62.0, 90.0, "s"),
        ],
        events: [
            (3.0, "The bed found its end stops.", "Das Bett fand seine Anschläge."),
            (2293.0, "The heads were down.", "Die Rollen waren unten."),
        ]
        .map(|(time_s, en, de)| TimedLine { time_s, words: Words::both(en, de) })
        .into(),
        duration_s: 2290.0,
        ended: Ended::AsPlanned,
        seed: Some(7),
        versions: [("bed file", "Datei des Bettes", "5f2c 91aa"), ("limits", "Grenzen", "08d1 77c3")]
            .map(|(en, de, version)| VersionLine { what: Words::both(en, de), version: version.into() })
            .into(),
        replay: Some("ondol replay session.mcap".into()),
        repeat: Some("ondol session --person 7 --program relief --seed 7".into()),
        ..Content::default()
    }
}

/// Screening refused: nobody answered a question.
pub fn not_cleared() -> Content {
    let clearance = screen(&Person::new(44.0, 1720.0, 69.0), &Answers::new(), Day(20_000));
    let whole = whole();
    Content {
        program: whole.program,
        person: whole.person,
        bed: whole.bed,
        versions: whole.versions,
        clearance: Some(clearance.summary()),
        refusal: Some(RefusalLine {
            by: RefusedBy::Clearance,
            words: Words::both(
                "Questions are not answered, which counts as yes",
                "Fragen sind nicht beantwortet, und das zählt als Ja",
            ),
            way_out: Words::both(
                "Answer all questions and begin again.",
                "Beantworten Sie alle Fragen und fangen Sie noch einmal an.",
            ),
        }),
        ..Content::default()
    }
}

/// The scan was refused.
pub fn bad_scan() -> Content {
    let whole = whole();
    Content {
        before: None,
        after: None,
        plan: Vec::new(),
        plan_reasons: Vec::new(),
        doses: Vec::new(),
        trace: trace(70.0),
        duration_s: 75.0,
        ended: Ended::NotBegun,
        refusal: Some(RefusalLine {
            by: RefusedBy::Scan,
            words: Words::both(
                "You lie 31 mm to the left of the middle of the bed.",
                "Sie liegen 31 mm links von der Mitte des Bettes.",
            ),
            way_out: Words::both(
                "Move 31 mm to your right and scan again.",
                "Rücken Sie 31 mm nach rechts und lassen Sie noch einmal abtasten.",
            ),
        }),
        ..whole
    }
}
