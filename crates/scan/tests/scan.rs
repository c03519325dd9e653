//! The estimator against backs of the tests' own making.

mod person;

use bed::Level;
use bed::spine::measure;
use person::{Pass, Person, reference_bed, scan};
use population::ShapeModel;
use scan::{Estimator, Mode};

fn estimator(person: &Person, mode: Mode) -> Estimator {
    Estimator::new(&ShapeModel::all().given(&person.about), &person.about, &reference_bed(), mode)
}

fn truth(person: &Person) -> bed::spine::SpineMeasures {
    let chain: Vec<(Level, [f64; 3])> = Level::REGULAR.into_iter().zip(person.centres).collect();
    measure(&chain).expect("a whole spine")
}

#[test]
fn a_scan_adds_to_what_was_believed() {
    for mode in [Mode::NoReadings, Mode::LandmarksOnly, Mode::Full] {
        let (mut length, mut kyphosis, mut lordosis, mut right, mut held) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut lateral, mut people, mut each) = (0.0, 0.0, [0.0; 4]);
        let start = std::time::Instant::now();
        for seed in 0..40 {
            let person = Person::draw(seed);
            let mut estimator = estimator(&person, mode);
            scan(&person, Pass::default(), seed, |now, readings| estimator.add(now, readings));
            let found = match estimator.finish() {
                Ok(found) => found,
                Err(refusal) => {
                    println!("{seed} {refusal}");
                    continue;
                }
            };
            let truth = truth(&person);
            people += 1.0;
            let e = |i: usize| found.levels[i].x_mm - person.centres[i][0];
            if std::env::var("SCAN_PRINT").is_ok() {
                println!(
                    "{seed:3} {mode:?} T1 {:6.1} ({:.1}) T8 {:6.1} ({:.1}) L5 {:6.1} ({:.1}) len {:6.1} ({:.1}) hidden {:.0} {:.0}",
                    e(0), found.levels[0].sd_x_mm, e(7), found.levels[7].sd_x_mm, e(16), found.levels[16].sd_x_mm,
                    found.length_t1_l5_mm.value - truth.length_t1_l5_mm,
                    (found.length_t1_l5_mm.hi90 - found.length_t1_l5_mm.value) / 1.645,
                    person.neck_mm - 20.0, person.sacrum_mm - 32.0
                );
            }
            length += (found.length_t1_l5_mm.value / truth.length_t1_l5_mm - 1.0).abs();
            kyphosis += (found.kyphosis_deg.value - truth.kyphosis_deg).powi(2);
            lordosis += (found.lordosis_deg.value - truth.lordosis_deg).powi(2);
            lateral += (found.lateral_deviation_mm.value - truth.lateral_deviation_mm).powi(2);
            for (i, level) in found.levels.iter().enumerate() {
                let error = level.x_mm - person.centres[i][0];
                right += f64::from(u8::from(error.abs() < 0.5 * 27.0)) / 17.0;
            }
            for (which, (interval, truth)) in [
                (found.length_t1_l5_mm, truth.length_t1_l5_mm),
                (found.kyphosis_deg, truth.kyphosis_deg),
                (found.lordosis_deg, truth.lordosis_deg),
                (found.lateral_deviation_mm, truth.lateral_deviation_mm),
            ]
            .into_iter()
            .enumerate()
            {
                each[which] += f64::from(u8::from(interval.holds(truth)));
                held += 0.25 * f64::from(u8::from(interval.holds(truth)));
            }
        }
        println!(
            "{mode:?} n {people} length {:.2}% kyph {:.2} lord {:.2} lat {:.2} right {:.3} held {:.3} {each:?} {:?}",
            100.0 * length / people,
            (kyphosis / people).sqrt(),
            (lordosis / people).sqrt(),
            (lateral / people).sqrt(),
            right / people,
            held / people,
            start.elapsed() / 40
        );
    }
}
