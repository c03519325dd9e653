//! The linear model against the twin that it comes from, and its file.

use super::predict::apart;
use super::*;
use crate::reference_bed;

fn linear() -> Linear {
    Linear::at(&reference_bed(), &Person::draw(7), Level::L3, 60.0).expect("L3 is in reach")
}

#[test]
fn near_the_working_point_the_whole_trunk_gives_way_as_the_linear_one() {
    let linear = linear();
    for node in linear.vertebrae() {
        let (whole, straight) = (linear.deflection_mm(node, 1.0), linear.deflection_linear_mm(node, 1.0));
        assert!(whole > 0.01 && (whole / straight - 1.0).abs() < 2e-3, "{node} {whole} {straight}");
    }
}

#[test]
fn at_the_working_point_the_trunk_is_at_rest() {
    let linear = linear();
    let node = linear.contacts[0].node;
    let drift = linear.bent(node, 0.0).u_mm[node] - linear.twin.motion().u_mm[node];
    assert!(drift.abs() < 1e-3, "{drift}");
}

#[test]
fn the_squares_of_all_frequencies_add_up_to_stiffness_over_mass() {
    let linear = linear();
    let hertz = linear.frequencies_hz();
    assert!(hertz[0] > 0.5 && hertz[2] > hertz[1] && hertz[1] > hertz[0], "{hertz:?}");
    let trace: f64 =
        (0..linear.chain.size).map(|i| linear.stiffness(false).diagonal[i] / linear.chain.mass_t[i]).sum();
    let squares: f64 = hertz.iter().map(|hz| (core::f64::consts::TAU * hz).powi(2)).sum();
    assert!((squares / trace - 1.0).abs() < 1e-9, "{squares} {trace}");
}

#[test]
fn the_linear_model_follows_the_twin_while_its_lifts_move_a_little() {
    let linear = linear();
    let bed = linear.predict().bed;
    let mut runner = predict::Runner::new(&linear);
    let forces: Vec<[f64; 2]> =
        bed.height_mm.iter().map(|heights| runner.step(*heights, None, bed.step_s)).collect();
    let most = bed.force_n.iter().flatten().fold(0.0, |most: f64, force| most.max(force.abs()));
    assert!(most > 0.5, "{most}");
    let apart = apart(&forces, &bed.force_n);
    assert!(apart < 0.01, "{apart}");
}

#[test]
fn halving_the_step_of_the_walk_comes_closer() {
    let pace = linear().predict().pace;
    for pair in pace.windows(2) {
        assert!(pair[1].error < pair[0].error, "{pace:?}");
    }
    let finer = pace.last().map_or(1.0, |last| last.error / pace[0].error);
    assert!(finer < 0.1, "{pace:?}");
}

#[test]
fn most_of_a_steps_error_comes_from_rollers_that_move() {
    // A roller's height counts from the step's end, the trunk's from its start: first order. A load that
    // walks while the rollers stand still has the midpoint rule's second order.
    let linear = linear();
    let error = |moves: &predict::Moves| {
        apart(&linear.walk(moves, 0.002).force_n, &linear.walk(moves, 0.000_125).force_n)
    };
    let moves = linear.moves();
    let still = predict::Moves { rollers: [[(0.0, 1.0); 2]; 2], ..moves.clone() };
    assert!(error(&still) < 0.2 * error(&moves), "{} {}", error(&still), error(&moves));
}

#[test]
fn every_tag_of_the_file_is_closed_and_every_node_is_in_it_once() {
    let linear = linear();
    let xml = linear.mjcf();
    for tag in ["mujoco", "worldbody", "tendon", "body", "fixed", "option", "default"] {
        let opened = xml.matches(&format!("<{tag} ")).count() + xml.matches(&format!("<{tag}>")).count();
        assert!(opened > 0 && opened == xml.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    for name in linear.names() {
        assert_eq!(xml.matches(&format!("<body name=\"{name}\"")).count(), 1, "{name}");
        assert_eq!(xml.matches(&format!("<fixed name=\"pad_{name}\"")).count(), 1, "{name}");
    }
    assert_eq!(xml.matches("--").count(), 2, "XML allows no other in a comment");
}

#[test]
fn masses_in_the_file_are_the_trunks() {
    let linear = linear();
    let xml = linear.mjcf();
    let written: f64 = xml
        .match_indices(" mass=\"")
        .map(|(at, sign)| {
            let rest = &xml[at + sign.len()..];
            rest[..rest.find('"').expect("closed")].parse::<f64>().expect("a number")
        })
        .sum();
    let trunk: f64 = linear.chain.mass_t.iter().take(linear.chain.size).sum();
    // Two rollers of 100 kg and two carriers beside it.
    assert!((written - 200.0 - 1000.0 * trunk).abs() < 1e-3, "{written} {trunk}");
}

#[test]
fn a_level_that_nobody_has_is_refused_with_the_levels_there_are() {
    let error = Linear::at(&reference_bed(), &Person::draw(7), Level::L6, 60.0).expect_err("no L6");
    assert!(error.to_string().contains("T1 to L5"), "{error}");
}

#[test]
fn a_force_out_of_reach_is_refused_with_what_was_reached() {
    let error = Linear::at(&reference_bed(), &Person::draw(7), Level::L3, 900.0).expect_err("too much");
    assert!(matches!(error, LinearError::Force { .. }), "{error}");
}
