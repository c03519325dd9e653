//! The CT shape comes back on a flat rigid table; the weight is all there.

use super::*;
use crate::reference_bed;
use crate::spine_chain::{Breath, Motion};

#[test]
fn on_a_flat_rigid_table_the_ct_shape_comes_back() {
    for seed in 0..20 {
        let (_, _, trunk) = lay(&Person::draw(seed), &reference_bed(), 1.0);
        let rigid = trunk.on_rigid_table(1e5);
        let rest = rigid.chain.at_rest(|_| Vec::new());
        for i in 2..rigid.chain.size {
            assert!(rest.u_mm[i].abs() < 0.02, "{seed} {i} {}", rest.u_mm[i]);
        }
    }
}

#[test]
fn what_the_table_carried_balances_the_weight_in_force_and_moment() {
    for seed in 0..20 {
        let (person, _, trunk) = lay(&Person::draw(seed), &reference_bed(), 1.0);
        let chain = &trunk.chain;
        let (mut force, mut moment, mut weight) = (0.0, 0.0, 0.0);
        for i in 0..chain.size {
            let own = chain.mass_t[i] * GRAVITY_MM_S2;
            weight += own;
            force += own - chain.carried_n[i];
            moment += (own - chain.carried_n[i]) * chain.x_mm[i];
        }
        assert!(force.abs() < 1e-6 * weight, "{force}");
        assert!(moment.abs() < 1e-4 * weight * 100.0, "{moment}");
        assert!(chain.carried_n[..chain.size].iter().all(|n| *n >= 0.0));
        let all = weight + trunk.beside.iter().map(|(_, n)| n).sum::<f64>();
        let body = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
        assert!((all / body - 1.0).abs() < 0.02, "{all} {body}");
    }
}

#[test]
fn gravity_counts_once() {
    let (_, _, trunk) = lay(&Person::draw(5), &reference_bed(), 1.0);
    let chain = &trunk.chain;
    let rest = chain.at_rest(|_| Vec::new());
    let pad: f64 = chain.pad_n(&rest, Breath::default()).iter().sum();
    let weight: f64 = chain.mass_t.iter().sum::<f64>() * GRAVITY_MM_S2;
    assert!((pad - weight).abs() < 1e-6 * weight, "the pad carries the weight once: {pad} {weight}");
}

#[test]
fn at_rest_the_chain_stays_at_rest() {
    let (_, _, trunk) = lay(&Person::draw(6), &reference_bed(), 1.0);
    let rest = trunk.chain.at_rest(|_| Vec::new());
    let mut motion = rest;
    for _ in 0..500 {
        trunk.chain.step(&mut motion, Breath::default(), None, &[], 0.002);
    }
    for i in 0..trunk.chain.size {
        assert!((motion.u_mm[i] - rest.u_mm[i]).abs() < 1e-6);
    }
    assert!(rest != Motion::default());
}

#[test]
fn people_lie_within_the_pad_and_clear_of_lowered_rollers() {
    for seed in 0..40 {
        let person = Person::draw(seed);
        let twin = crate::Twin::new(&reference_bed(), &person, &crate::Surroundings::default());
        let mut x = -150.0;
        while x < 850.0 {
            for side in bed::Side::BOTH {
                let skin = twin.skin_mm(x, side);
                assert!(skin > 1.0, "{seed} {x} {skin}");
            }
            x += 10.0;
        }
        let deepest = twin.trunk().chain.support.iter().skip(2).map(|s| s.depth_mm).fold(0.0, f64::max);
        assert!((4.0..30.0).contains(&deepest), "{seed} {deepest}");
    }
}
