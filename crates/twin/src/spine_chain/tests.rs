//! Closed forms, convergence and energy of the chain.

use super::*;

/// Equal masses on a line, `joint` N mm/rad each, on springs of `stiffness` N/mm, touching at rest.
fn uniform(size: usize, pitch: f64, joint: f64, stiffness: f64, damping: f64) -> Chain {
    let mut x_mm = [0.0; NODES_MAX];
    for i in 0..size {
        x_mm[i] = pitch * i as f64;
    }
    let support =
        Support { stiffness_n_mm: stiffness, progress_mm2: 0.0, damping_n_s_mm: damping, depth_mm: 0.0 };
    Chain {
        size,
        x_mm,
        mass_t: [0.0015; NODES_MAX],
        joints_n_mm: [joint; NODES_MAX],
        bending: bending(&x_mm[..size], &vec![joint; size]),
        carried_n: [15.0; NODES_MAX],
        support: [support; NODES_MAX],
        breath: [0.0; NODES_MAX],
    }
}

#[test]
fn a_weight_on_a_spring_sinks_by_weight_over_stiffness() {
    let chain = uniform(9, 26.0, 1e5, 0.8, 0.0);
    let rest = chain.at_rest(|_| Vec::new());
    for i in 0..9 {
        assert!((rest.u_mm[i] + 15.0 / 0.8).abs() < 1e-6);
    }
}

#[test]
fn a_beam_between_two_firm_ends_bends_as_euler_and_bernoulli_say() {
    let (size, pitch, joint, load) = (23, 20.0, 2e5, 10.0);
    let mut chain = uniform(size, pitch, joint, 0.0, 0.0);
    chain.carried_n = [0.0; NODES_MAX];
    chain.carried_n[11] = load;
    for end in [0, size - 1] {
        chain.support[end] = Support { stiffness_n_mm: 1e9, depth_mm: 0.0, ..Support::default() };
        chain.carried_n[end] = 1e-3;
    }
    let rest = chain.at_rest(|_| Vec::new());
    let span = pitch * 22.0;
    let expected = load * span.powi(3) / (48.0 * joint * pitch);
    assert!((-rest.u_mm[11] - expected).abs() < 0.005 * expected, "{} {expected}", rest.u_mm[11]);
}

#[test]
fn a_body_let_fall_comes_to_rest_where_statics_says() {
    let chain = uniform(22, 26.0, 1e5, 0.8, 0.02);
    let rest = chain.at_rest(|_| Vec::new());
    let mut motion = Motion { u_mm: [20.0; NODES_MAX], ..Motion::default() };
    let mut lowest = 0.0_f64;
    for _ in 0..5_000 {
        chain.step(&mut motion, Breath::default(), None, &[], 0.002);
        lowest = lowest.min(motion.u_mm[3]);
    }
    assert!(lowest < rest.u_mm[3] - 1.0, "it swings through first");
    for i in 0..22 {
        assert!((motion.u_mm[i] - rest.u_mm[i]).abs() < 1e-3);
    }
}

#[test]
fn a_free_fall_follows_the_parabola() {
    let chain = uniform(5, 26.0, 1e5, 0.8, 0.02);
    let mut motion = Motion { u_mm: [500.0; NODES_MAX], ..Motion::default() };
    for _ in 0..100 {
        chain.step(&mut motion, Breath::default(), None, &[], 0.002);
    }
    let fallen = 0.5 * (15.0 / 0.0015) * 0.2 * 0.2;
    assert!((500.0 - motion.u_mm[2] - fallen).abs() < 1e-6);
}

/// Where the chain's middle is after 0.24 s of a swing under a pulling load, without losing touch.
fn swing(dt_s: f64) -> f64 {
    let mut chain = uniform(12, 26.0, 1e5, 0.8, 0.01);
    for support in &mut chain.support {
        support.progress_mm2 = 1.0 / 400.0;
        support.depth_mm = 12.0;
    }
    let mut motion = Motion::default();
    motion.u_mm[4] = 2.0;
    let steps = libm::round(0.24 / dt_s) as usize;
    for _ in 0..steps {
        let load = Load { node: 5, foot: 0.3, force_n: 20.0, ..Load::default() };
        chain.step(&mut motion, Breath::default(), None, &[load], dt_s);
    }
    motion.u_mm[6]
}

#[test]
fn halving_the_step_quarters_the_error() {
    let exact = swing(0.24 / 9600.0);
    let (coarse, middle, fine) = (swing(0.004) - exact, swing(0.002) - exact, swing(0.001) - exact);
    for ratio in [coarse / middle, middle / fine] {
        assert!((3.3..4.8).contains(&ratio), "{ratio}: {coarse} {middle} {fine}");
    }
}

#[test]
fn without_dampers_energy_stays() {
    let mut chain = uniform(12, 26.0, 0.0, 0.8, 0.0);
    for support in &mut chain.support {
        support.depth_mm = 40.0;
    }
    let mut motion = Motion { u_mm: [25.0; NODES_MAX], ..Motion::default() };
    let before = chain.energy_n_mm(&motion);
    for _ in 0..5_000 {
        chain.step(&mut motion, Breath::default(), None, &[], 0.002);
    }
    let after = chain.energy_n_mm(&motion);
    assert!((after - before).abs() < 1e-6 * before.abs(), "{before} {after}");
}

#[test]
fn dampers_only_take_energy() {
    let chain = uniform(12, 26.0, 1e5, 0.8, 0.02);
    let mut motion = Motion { u_mm: [10.0; NODES_MAX], ..Motion::default() };
    motion.u_mm[3] = 14.0;
    let mut last = chain.energy_n_mm(&motion);
    for _ in 0..500 {
        chain.step(&mut motion, Breath::default(), None, &[], 0.001);
        let now = chain.energy_n_mm(&motion);
        assert!(now <= last + 0.02, "{last} {now}");
        last = now;
    }
}

#[test]
fn bending_feels_neither_a_lift_nor_a_tilt() {
    let x = [0.0, 20.0, 47.0, 70.0, 99.0];
    let matrix = bending(&x, &[3e5; 5]);
    let mut rigid = [0.0; NODES_MAX];
    for i in 0..5 {
        rigid[i] = 3.0 - 0.2 * x[i];
    }
    for force in matrix.times(&rigid) {
        assert!(force.abs() < 1e-9);
    }
}
