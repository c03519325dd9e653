//! The checkers checked: each guard with one broken check is found by a storm, and the whole guard is not.
#![cfg(feature = "planted")]

mod yard;

use counts::MilliCem43;
use machine::Defect;
use sim::checks::{Regime, What};
use sim::faults::{Class, Madness};
use sim::storm::Storm;
use yard::{Yard, bed};

/// The classes that find a defect, and by what.
fn finders(defect: Defect) -> (&'static [Class], &'static [What]) {
    match defect {
        Defect::IgnoresForce => (&[Class::Control], &[What::Force, What::Head, What::Neck]),
        Defect::LosesLatch | Defect::IgnoresExpiry => {
            (&[Class::Control], &[What::Release, What::HeatAfterStop, What::Latch])
        }
        Defect::IgnoresElement => (&[Class::HeaterStuckOn], &[What::Element]),
        Defect::IgnoresAge => (&[Class::DriveSilent], &[What::Power, What::Release]),
        Defect::IgnoresSupply => (&[Class::SupplyLost], &[What::Power]),
        Defect::IgnoresHandSwitch => (&[Class::Unarmed], &[What::Unpermitted]),
        Defect::IgnoresTime => (&[Class::Clock], &[What::Release, What::Latch]),
        Defect::IgnoresStall => (&[Class::CarriageStalled, Class::LiftStuck], &[What::Jam]),
        // Heat takes longer than a window: see the test of its own.
        Defect::IgnoresDose => (&[], &[]),
    }
}

/// What the first window that finds anything says.
fn first_found(
    storm: &Storm,
    classes: &[Class],
    whats: &[What],
    seeds: std::ops::Range<u64>,
) -> Option<String> {
    let mut lead_in = None;
    for seed in seeds {
        // Only early checkpoints, which are quick to reach.
        let number = seed / 4;
        if lead_in.as_ref().is_none_or(|(held, _)| *held != number) {
            lead_in = Some((number, storm.lead_in(number, 1, false).0));
        }
        let (_, checkpoints) = lead_in.as_ref()?;
        for class in classes {
            let found = storm
                .window(checkpoints, *class, seed)
                .filter(|verdict| verdict.crossings.iter().any(|crossing| whats.contains(&crossing.what)));
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
    for defect in Defect::ALL.into_iter().filter(|defect| *defect != Defect::IgnoresDose) {
        let (classes, whats) = finders(defect);
        let found = first_found(&Storm::with_defect(&bed, defect), classes, whats, 0..24);
        println!("{defect:?}: {found:?}");
        assert!(found.is_some(), "{defect:?} was not found by {classes:?}");
        assert_eq!(first_found(&whole, classes, whats, 0..3), None, "{defect:?}");
    }
}

/// Highest dose and skin after a quarter of an hour with a control that heats as it likes.
fn heated(yard: Yard) -> Vec<What> {
    // Three of the day's sixty are left.
    let mut yard = yard.warmed_today(MilliCem43::new(57_000)).pressed(60);
    yard.world.sabotage_mut().control = Some(Madness::Heats);
    yard.checker.set_regime(Regime::BrokenControl);
    yard.run(900.0);
    let worst = yard.checker.worst();
    println!("skin {:.2} C, dose {:.1} CEM43, {:?}", worst.skin_c, worst.dose_cem43, yard.faults());
    yard.checker.crossings().iter().map(|crossing| crossing.what).collect()
}

#[test]
fn an_ignored_dose_is_found_by_a_control_that_heats_for_a_quarter_of_an_hour() {
    assert_eq!(heated(Yard::new("reference", true)), []);
    let found = heated(Yard::with_defect(Defect::IgnoresDose));
    assert!(
        found.contains(&What::Skin) || found.contains(&What::SkinMean) || found.contains(&What::Dose),
        "{found:?}"
    );
}
