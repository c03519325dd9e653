//! Published measurements of how bodies press and are pressed: stiffness at L3, a rolling wheel,
//! relaxation, the force at which a trunk lifts, breath, back lengths, and shares of the weight.

use bed::{BedConfig, Level};
use counts::HEADS_MAX;
use population::Sex;

use super::rig::{Rig, level_mm};
use super::{Footing, Measurement, Published, Row};
use crate::Person;
use crate::spine_chain::Breath;
use crate::trunk::BEFORE;

/// People drawn for a mean. Guess: the mean's own error is then a quarter of the SD between people.
const PEOPLE: u64 = 16;
/// People drawn where only their bones are looked at.
const BACKS: u64 = 400;

fn people(count: u64) -> impl Iterator<Item = Person> {
    (0..count).map(Person::draw)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { f64::NAN }
}

/// All rows of mechanics and bodies.
pub(super) fn rows(bed: &BedConfig) -> Vec<Measurement> {
    let mut rows = vec![stiffness_at_l3(bed), rolling(bed), relaxation(bed), lifting(bed)];
    rows.extend(breathing(bed));
    rows.extend(back_lengths());
    rows.extend(shares(bed));
    rows
}

/// Slope of force with height at L3, N/mm, between 30 and 100 N: the usual linear part (Latimer 1996,
/// recall).
fn stiffness_at_l3(bed: &BedConfig) -> Measurement {
    let stiffness = |person: Person| {
        let mut rig = Rig::new(bed, &person, false);
        rig.under(level_mm(&person, Level::L3));
        rig.raise(5.0, 30.0, |_| {});
        let (force, height) = (rig.force_n(), rig.height_mm());
        rig.raise(5.0, 100.0, |_| {});
        (rig.force_n() - force) / (rig.height_mm() - height)
    };
    Row {
        name: "posteroanterior stiffness at L3, 30 to 100 N",
        unit: "N/mm",
        published: Published::Mean { mean: 5.2, sd: 1.5 },
        n: Some(55),
        source: "Xia 2017, PMC5466774, table 2",
        footing: Footing::Fitted,
        note: "there an indenter on the spinous process, face down, with back pain; here two rollers on the \
               muscle beside it, lying on the pad: muscle and pad give in series, so the twin is softer",
    }
    .done(mean(people(PEOPLE).map(stiffness)))
}

/// How much softer a back is to a rolling wheel than to a standing one, per cent.
fn rolling(bed: &BedConfig) -> Measurement {
    const LOADS_N: (f64, f64) = (17.0, 61.0);
    let softer = |person: Person| {
        let middle = level_mm(&person, Level::L3);
        let mut standing = [0.0; 2];
        let mut rolling = [0.0; 2];
        for (index, load) in [LOADS_N.0, LOADS_N.1].into_iter().enumerate() {
            let mut rig = Rig::new(bed, &person, false);
            rig.under(middle);
            rig.hold(load, 6.0, |_| {});
            standing[index] = rig.height_mm();
            let mut rig = Rig::new(bed, &person, false);
            rig.under(level_mm(&person, Level::T12));
            rig.hold(load, 3.0, |_| {});
            rig.roll(20.0);
            let mut nearest = f64::MAX;
            rig.hold(load, 8.0, |rig| {
                let away = (rig.twin.truth().head_x_from_t1_mm[0] - middle).abs();
                if away < nearest {
                    nearest = away;
                    rolling[index] = rig.height_mm();
                }
            });
        }
        let (load, still, moving) =
            (LOADS_N.1 - LOADS_N.0, standing[1] - standing[0], rolling[1] - rolling[0]);
        100.0 * (load / moving - load / still) / (load / still)
    };
    Row {
        name: "stiffness under a rolling wheel against a standing one, 17 to 61 N",
        unit: "%",
        published: Published::Between { low: -7.5, high: 1.9 },
        n: None,
        source: "Young 2020, 10.1186/s12998-020-00331-8 (-0.25 N/mm, 95 % CI -0.67 to 0.17, -2.79 %)",
        footing: Footing::Weak,
        note: "measured there on viscoelastic foam, no person; bounds: the interval of the mean difference over \
               the stiffness that -2.79 % implies",
    }
    .done(mean(people(PEOPLE).map(softer)))
}

/// Loss of force over the first 30 s at a held height, per cent.
fn relaxation(bed: &BedConfig) -> Measurement {
    let loss = |person: Person| {
        let mut rig = Rig::new(bed, &person, false);
        rig.under(level_mm(&person, Level::L3));
        rig.raise(15.0, 40.0, |_| {});
        let force = rig.force_n();
        for _ in 0..15_000 {
            rig.cycle([0.0; 2]);
        }
        100.0 * (force - rig.force_n()) / force
    };
    Row {
        name: "force lost in 30 s at a held height, L3, from 40 N",
        unit: "%",
        published: Published::Between { low: 10.0, high: 30.0 },
        n: None,
        source: "science.md 3.3 (relaxation 10-30 % in the first 30 s, recall)",
        footing: Footing::Weak,
        note: "weak: the published range is recalled, and the twin's law was chosen within it",
    }
    .done(mean(people(PEOPLE).map(loss)))
}

/// Force of both heads from which on a thoracic station rises more than it is indented.
fn lifting(bed: &BedConfig) -> Measurement {
    let men = people(200).filter(|person| {
        let basics = person.basics;
        basics.sex == Sex::Male && (basics.mass_kg - 85.5).abs() < 5.0
    });
    let lifts = |person: Person| {
        let mut rig = Rig::new(bed, &person, false);
        rig.under(level_mm(&person, Level::T9));
        rig.raise(2.0, 10.0, |_| {});
        let state = |rig: &Rig| {
            let truth = rig.twin.truth();
            let both = |values: [f64; HEADS_MAX]| 0.5 * (values[0] + values[1]);
            (both(truth.trunk_lift_mm), both(truth.indentation_mm))
        };
        let mut before = state(&rig);
        // In steps of 5 N: which of the two grew more.
        for step in 3..44 {
            let force = f64::from(step) * 5.0;
            rig.raise(2.0, force, |_| {});
            let now = state(&rig);
            if now.0 - before.0 > now.1 - before.1 {
                return force;
            }
            before = now;
        }
        f64::NAN
    };
    Row {
        name: "force above which the trunk rises more than it is indented (T9, men of 85.5 kg)",
        unit: "N",
        published: Published::Between { low: 90.0, high: 120.0 },
        n: None,
        source: "computed from de Leva 1996 and ANSUR II, science.md 3.6: 0.6 N/mm over 150-200 mm",
        footing: Footing::Weak,
        note: "a computed figure, nobody's measurement, found in steps of 5 N; over the thin tissue of the thorax \
               the trunk gives before its station is unloaded, so the twin may turn a little sooner",
    }
    .done(mean(men.take(8).map(lifts)))
}

/// Rate and excursion of quiet breathing.
fn breathing(bed: &BedConfig) -> Vec<Measurement> {
    const SECONDS: f64 = 120.0;
    let seen: Vec<(f64, f64)> = people(PEOPLE)
        .map(|person| {
            let mut rig = Rig::new(bed, &person, true);
            let (mut low, mut high, mut last, mut breaths) = (f64::MAX, f64::MIN, 0.0, 0.0);
            for _ in 0..(SECONDS / 0.002) as usize {
                rig.cycle([-10.0; 2]);
                let now = rig.twin.truth().breath_mm;
                low = now.min(low);
                high = now.max(high);
                if last < 0.0 && now >= 0.0 {
                    breaths += 1.0;
                }
                last = now;
            }
            (breaths * 60.0 / SECONDS, high - low)
        })
        .collect();
    let rate = Row {
        name: "breaths a minute, quiet",
        unit: "1/min",
        published: Published::Mean { mean: 14.0, sd: 3.0 },
        n: Some(100),
        source: "Ragnarsdottir & Kristinsdottir 2006, Respiration 73 (mean 14)",
        footing: Footing::Weak,
        note: "mean from the abstract, SD recalled; the design's 0.20-0.33 Hz lies at the fast end",
    };
    let excursion = Row {
        name: "excursion of the back in quiet breathing",
        unit: "mm",
        published: Published::Between { low: 1.0, high: 6.7 },
        n: Some(100),
        source: "Kaneko & Horie 2012, 10.4187/respcare.01655 (quiet under a third of deep)",
        footing: Footing::Weak,
        note: "weak: measured there at the front; deep breathing of 10-20 mm is recalled; the twin's range is \
               the design's own",
    };
    vec![rate.done(mean(seen.iter().map(|one| one.0))), excursion.done(mean(seen.iter().map(|one| one.1)))]
}

/// C7 to the iliac crest of drawn women and men, mm.
fn back_lengths() -> Vec<Measurement> {
    // Guess: the tip of C7's spinous process stands 10 mm above the T1 body centre. Source: the line
    // between the crests crosses L4 to L4-5 (recall); here the middle of L4 and L5.
    const C7_ABOVE_T1_MM: f64 = 10.0;
    let backs: Vec<Person> = people(BACKS).collect();
    let length = |sex: Sex| {
        let of_sex = backs.iter().filter(|person| person.basics.sex == sex);
        let crest_mm = |person| 0.5 * (level_mm(person, Level::L4) + level_mm(person, Level::L5));
        mean(of_sex.map(|person| crest_mm(person) + C7_ABOVE_T1_MM))
    };
    let women = Row {
        name: "C7 to the iliac crest, women",
        unit: "mm",
        published: Published::Mean { mean: 399.9, sd: 22.3 },
        n: Some(1986),
        source: "ANSUR II, Gordon 2014, computed (science.md 1.1)",
        footing: Footing::Independent,
        note: "soldiers, standing, against drawn adults lying; C7 taken 10 mm above the T1 body, the crest at \
               the disc L4-5",
    };
    let men = Row {
        name: "C7 to the iliac crest, men",
        published: Published::Mean { mean: 455.7, sd: 25.1 },
        n: Some(4082),
        note: "as for women; men's crests stand lower for their backs than women's (ratio to stature .260 and \
               .246), which one shape of spine for both sexes does not follow: the sexes of the CT spines are \
               not known",
        ..women
    };
    vec![women.done(length(Sex::Female)), men.done(length(Sex::Male))]
}

/// Shares of what the trunk carries, by region, on a firm and on a soft support.
///
/// Source: computed from PMD 1.0.0 (Pouyan 2017, doi 10.1109/BHI.2017.7897206, ODC-By 1.0), supine and
/// flat: firm mat, posture 1, 7 people; sponge, F1 and F2, 6 people. Rows of the mat to fractions of
/// stature from the crown (upper back from .136 to .335, loin to .42, pelvis to .54, after ANSUR II
/// heights of C7, tenth rib, iliac crest and trochanter). Raw counts; head and legs left out.
fn shares(bed: &BedConfig) -> Vec<Measurement> {
    // What of the limbs lies in the rows of a region. Arms beside the trunk, elbow at .37, hand to .56
    // of the stature; upper arm, forearm, hand 55, 33, 12 % of an arm (de Leva 1996, recall).
    const ARMS: [(usize, f64); 3] = [(0, 0.5), (1, 0.24), (2, 0.21)];
    // The rows of the pelvis reach 90 mm beyond the hip, a fifth of the thigh; 30 % of its mass, since
    // its middle of mass lies at 41 % (de Leva 1996, recall) and it tapers.
    const THIGHS: f64 = 0.3;
    let mut firm = [0.0; 3];
    let mut soft = [0.0; 3];
    for person in people(PEOPLE) {
        let rig = Rig::new(bed, &person, false);
        let chain = &rig.twin.trunk().chain;
        let pad = chain.pad_n(rig.twin.rest(), Breath::default());
        let thoracic = person.levels.iter().filter(|level| level.level.is_thoracic()).count();
        let region = |node: usize| match node {
            _ if node < BEFORE + thoracic => 0,
            _ if node < BEFORE + person.levels.len() => 1,
            _ => 2,
        };
        let [(_, arms_n), (_, thighs_n), ..] = rig.twin.trunk().beside;
        for (mean, forces) in [(&mut soft, pad), (&mut firm, chain.carried_n)] {
            let mut carried = [0.0; 3];
            for node in BEFORE - 1..chain.size {
                carried[region(node)] += forces[node];
            }
            for (region, share) in ARMS {
                carried[region] += share * arms_n;
            }
            carried[2] += THIGHS * thighs_n;
            let sum: f64 = carried.iter().sum();
            for (mean, newtons) in mean.iter_mut().zip(carried) {
                *mean += 100.0 * newtons / sum / PEOPLE as f64;
            }
        }
    }
    const SOURCE: &str = "computed from PMD 1.0.0, Pouyan 2017, 10.1109/BHI.2017.7897206 (ODC-By 1.0)";
    const NOTE: &str = "raw counts of an uncalibrated mat, which flatten peaks and lose light touch; what arms and \
                        thighs weigh within a region is estimated; one constant (the buttocks' share) was fitted \
                        to these six rows; on sponge the twin keeps too much on the pelvis, since its pad does \
                        not let the buttocks sink as sponge does";
    let row = |name, mean, sd, n, twin| {
        let published = Published::Mean { mean, sd };
        Row { name, unit: "%", published, n: Some(n), source: SOURCE, footing: Footing::Fitted, note: NOTE }
            .done(twin)
    };
    vec![
        row("trunk's weight on the upper back, firm mat", 47.6, 5.8, 7, firm[0]),
        row("trunk's weight on the loin, firm mat", 19.5, 4.5, 7, firm[1]),
        row("trunk's weight on the pelvis, firm mat", 32.9, 9.0, 7, firm[2]),
        row("trunk's weight on the upper back, sponge mat", 62.2, 9.5, 6, soft[0]),
        row("trunk's weight on the loin, sponge mat", 14.8, 5.2, 6, soft[1]),
        row("trunk's weight on the pelvis, sponge mat", 22.9, 6.8, 6, soft[2]),
    ]
}
