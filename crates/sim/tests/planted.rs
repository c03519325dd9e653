//! The checkers checked: each guard with one broken check is found by a storm, and the whole guard is not.
#![cfg(feature = "planted")]

mod yard;

use machine::Defect;
use sim::faults::Class;
use sim::storm::Storm;
use yard::bed;

/// The classes that find a defect, and the seeds that are tried.
fn finders(defect: Defect) -> (&'static [Class], std::ops::Range<u64>) {
    let classes: &[Class] = match defect {
        Defect::IgnoresForce | Defect::LosesLatch | Defect::IgnoresExpiry => &[Class::Control],
        Defect::IgnoresDose | Defect::IgnoresElement => &[Class::Control, Class::HeaterStuckOn],
        Defect::IgnoresAge => &[Class::DriveSilent],
        Defect::IgnoresSupply => &[Class::SupplyLost],
        Defect::IgnoresHandSwitch => &[Class::Unarmed],
        Defect::IgnoresTime => &[Class::Clock],
        Defect::IgnoresStall => &[Class::CarriageStalled, Class::LiftStuck],
    };
    (classes, 0..16)
}

/// What the first window that finds anything says.
fn first_found(storm: &Storm, classes: &[Class], seeds: std::ops::Range<u64>) -> Option<String> {
    let mut lead_in = None;
    for seed in seeds {
        // Only early checkpoints, which are quick to reach.
        let number = seed / 4;
        if lead_in.as_ref().is_none_or(|(held, _)| *held != number) {
            lead_in = Some((number, storm.lead_in(number, 1, false).0));
        }
        let (_, checkpoints) = lead_in.as_ref()?;
        for class in classes {
            let found = storm.window(checkpoints, *class, seed).filter(|verdict| !verdict.is_clean());
            if let Some(verdict) = found {
                return Some(format!("{class:?} {seed}: {:?}", verdict.crossings));
            }
        }
    }
    None
}

#[test]
fn each_planted_defect_of_the_guard_is_found_and_the_whole_guard_passes_the_same_windows() {
    let bed = bed("reference");
    let whole = Storm::new(&bed);
    for defect in Defect::ALL {
        let (classes, seeds) = finders(defect);
        let found = first_found(&Storm::with_defect(&bed, defect), classes, seeds);
        println!("{defect:?}: {found:?}");
        assert!(found.is_some(), "{defect:?} was not found by {classes:?}");
    }
    let all = [
        Class::Control,
        Class::DriveSilent,
        Class::SupplyLost,
        Class::Unarmed,
        Class::Clock,
        Class::LiftStuck,
    ];
    assert_eq!(first_found(&whole, &all, 0..6), None);
}
