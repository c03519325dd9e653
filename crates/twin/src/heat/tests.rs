//! Closed forms first, then order, balance, symmetry, and the whole bed.

use super::heater::{Heater, Warmth};
use super::layers::{BLOOD_J_M3K, Boundary, CORE_C, Column, LAYERS, Layer, Layers, NODES};
use super::*;

/// Heat of muscle, without its own heat, in cells of equal thickness.
fn muscle_only() -> [Layer; 4] {
    let stuff = Layer { k: 0.5, capacity: 4.0e6, metabolic: 0.0, cells: 1, growth: 1.0 };
    LAYERS.map(|layer| Layer { cells: layer.cells, ..stuff })
}

/// Thicknesses that make the cells of [`muscle_only`] equal over 60 mm.
const EVEN_MM: [f64; 4] = [4.0, 12.0, 16.0, 28.0];

fn boundary(conductance: f64, outside_c: f64) -> Boundary {
    Boundary { conductance, outside_c, flow: 1.0 }
}

fn resting<const N: usize>() -> Column<N> {
    Column { celsius: [CORE_C; N], skin_open: 1.0, muscle_open: 1.0 }
}

fn run<const N: usize>(tissue: &Layers<N>, edge: &Boundary, seconds: f64, dt_s: f64) -> Column<N> {
    let mut column = tissue.steady(&boundary(8.0, 24.0));
    for _ in 0..(seconds / dt_s).round() as usize {
        tissue.step(&mut column, edge, dt_s);
    }
    column
}

fn reference_bed() -> BedConfig {
    let text = include_str!("../../../../beds/reference.toml");
    toml::from_str(text).expect("the reference bed reads")
}

#[test]
fn a_surface_step_into_a_deep_solid_follows_the_error_function() {
    let tissue: Layers<60> = Layers::of_layers(&muscle_only(), EVEN_MM, &Perfusion::NONE);
    let mut column = resting();
    let (seconds, dt) = (400.0, 0.5);
    for _ in 0..800 {
        tissue.step(&mut column, &boundary(1e7, 47.0), dt);
    }
    let diffusivity = 0.5 / 4.0e6;
    for depth_mm in [1.0, 4.0, 8.0, 12.0, 20.0] {
        let share = libm::erfc(depth_mm * 1e-3 / (2.0 * libm::sqrt(diffusivity * seconds)));
        let found = (tissue.at_depth(&column, depth_mm) - CORE_C) / 10.0;
        assert!((found - share).abs() < 0.003, "{depth_mm} mm: {found} against {share}");
    }
}

#[test]
fn layers_at_rest_are_resistances_in_series() {
    let layers = LAYERS.map(|layer| Layer { metabolic: 0.0, ..layer });
    let mm = [0.08, 2.0, 10.0, 60.0];
    let tissue: Layers<NODES> = Layers::of_layers(&layers, mm, &Perfusion::NONE);
    let column = tissue.steady(&boundary(70.0, 50.0));
    let mut resistance = 1.0 / 70.0;
    for (layer, mm) in layers.iter().zip(mm) {
        resistance += mm * 1e-3 / layer.k;
    }
    let flux = (50.0 - CORE_C) / resistance;
    assert!((column.celsius[0] - (50.0 - flux / 70.0)).abs() < 1e-9);
    let fat_top = 50.0 - flux * (1.0 / 70.0 + 0.08e-3 / 0.24 + 2e-3 / 0.45);
    assert!((tissue.at_depth(&column, 2.08) - fat_top).abs() < 1e-9);
    let fat_bottom = fat_top - flux * 10e-3 / 0.19;
    assert!((tissue.at_depth(&column, 12.08) - fat_bottom).abs() < 1e-9);
}

/// Largest error against Pennes' closed form `sinh(m (L - z)) / sinh(m L)`, as a share of the step.
fn perfused_error<const N: usize>() -> f64 {
    let perfusion = 0.002;
    let flow = Perfusion { skin: perfusion, fat: perfusion, muscle: perfusion, ..Perfusion::NONE };
    let layers = muscle_only();
    // The first layer is never perfused; make it vanish.
    let tissue: Layers<N> = Layers::of_layers(&layers, [1e-2, 12.0, 16.0, 28.0], &flow);
    let column = tissue.steady(&boundary(1e9, 43.0));
    let m = libm::sqrt(perfusion * BLOOD_J_M3K / 0.5);
    let length = 56.01e-3;
    let mut worst: f64 = 0.0;
    for depth_mm in [4.01, 8.01, 12.01, 20.01, 28.01] {
        let closed = libm::sinh(m * (length - depth_mm * 1e-3)) / libm::sinh(m * length);
        worst = worst.max(((tissue.at_depth(&column, depth_mm) - CORE_C) / 6.0 - closed).abs());
    }
    worst
}

#[test]
fn perfused_tissue_at_rest_follows_the_closed_form_to_second_order() {
    let (coarse, fine) = (perfused_error::<15>(), perfused_error::<30>());
    assert!(fine < 0.005, "error {fine}");
    let order = libm::log2(coarse / fine);
    assert!(order > 1.8 && order < 2.2, "order {order} ({coarse}, {fine})");
}

#[test]
fn halving_the_step_quarters_the_error() {
    let flow = Perfusion { skin_opening: 1.0, muscle_opening: 1.0, ..Perfusion::REST };
    let tissue: Layers<NODES> = Layers::new(2.0, 10.0, 60.0, &flow);
    let edge = boundary(300.0, 46.0);
    let exact = run(&tissue, &edge, 240.0, 0.05);
    let error = |dt: f64| {
        let found = run(&tissue, &edge, 240.0, dt);
        (0..NODES).map(|i| (found.celsius[i] - exact.celsius[i]).abs()).fold(0.0, f64::max)
    };
    let (coarse, fine) = (error(8.0), error(4.0));
    let order = libm::log2(coarse / fine);
    assert!(order > 1.8 && order < 2.3, "order {order} ({coarse} C, {fine} C)");
}

#[test]
fn the_grid_that_is_used_is_fine_enough() {
    let edge = boundary(300.0, 46.0);
    let at = |depth| {
        let coarse: Layers<NODES> = Layers::new(2.0, 10.0, 60.0, &Perfusion::REST);
        let middle: Layers<30> = Layers::new(2.0, 10.0, 60.0, &Perfusion::REST);
        let fine: Layers<120> = Layers::new(2.0, 10.0, 60.0, &Perfusion::REST);
        [
            coarse.at_depth(&run(&coarse, &edge, 600.0, 0.5), depth),
            middle.at_depth(&run(&middle, &edge, 600.0, 0.5), depth),
            fine.at_depth(&run(&fine, &edge, 600.0, 0.5), depth),
        ]
    };
    let skin = at(0.0);
    assert!((skin[0] - skin[2]).abs() < 0.02, "skin {skin:?}");
    let muscle = at(15.0);
    assert!((muscle[0] - muscle[2]).abs() < 0.05, "muscle {muscle:?}");
    let order = libm::log2((skin[0] - skin[2]).abs() / (skin[1] - skin[2]).abs());
    assert!(order > 1.5, "order {order} {skin:?}");
}

#[test]
fn heat_in_is_heat_stored_or_carried_away() {
    let tissue: Layers<NODES> = Layers::new(2.0, 12.0, 58.0, &Perfusion::REST);
    let mut column = tissue.steady(&boundary(8.0, 24.0));
    let before = tissue.stored(&column);
    let mut sum = 0.0;
    for turn in 0..2000 {
        let edge = boundary(if turn % 7 < 3 { 300.0 } else { 8.0 }, 48.0);
        let crossed = tissue.step_counted(&mut column, &edge, 0.5);
        sum += crossed.skin + crossed.core + crossed.blood + crossed.metabolic;
    }
    let gained = tissue.stored(&column) - before;
    assert!(gained > 1e4, "the column warmed: {gained} J/m2");
    assert!((gained - sum).abs() < 1e-6 * gained.abs(), "{gained} against {sum}");
}

#[test]
fn the_burn_check_of_the_evidence_sheet_is_reproduced() {
    // Source: science.md 5.2, computed there with constant perfusion on a grid of its own. Through
    // 70 W/m2K for 20 min: 55 C gives skin of 49.7 C, 50 C gives 46.1 C (reduced perfusion).
    let stiff = Perfusion { skin_opening: 1.0, muscle_opening: 1.0, ..Perfusion::REST };
    let tissue: Layers<NODES> = Layers::new(2.0, 10.0, 60.0, &stiff);
    for (source, expected) in [(55.0, 49.7), (50.0, 46.1)] {
        let skin = run(&tissue, &boundary(70.0, source), 1200.0, 0.5).celsius[0];
        assert!((skin - expected).abs() < 0.2, "{source} C: skin {skin}");
    }
    // Skin held at 43 C for 20 min: the rise at each depth.
    let rises = |tissue: &Layers<NODES>, expected: &[(f64, f64)]| {
        let start = tissue.steady(&boundary(8.0, 24.0));
        let held = run(tissue, &boundary(1e6, 43.0), 1200.0, 0.5);
        for &(depth, rise) in expected {
            let found = tissue.at_depth(&held, depth) - tissue.at_depth(&start, depth);
            assert!((found - rise).abs() < 0.1, "{depth} mm: {found} against {rise}");
        }
    };
    rises(&tissue, &[(10.0, 2.9), (15.0, 1.4), (20.0, 0.8), (30.0, 0.2)]);
    let full = Perfusion { skin: 0.00125, fat: 0.00125, muscle: 0.00125, ..stiff };
    rises(&Layers::new(2.0, 10.0, 60.0, &full), &[(10.0, 1.6), (15.0, 0.7)]);
}

#[test]
fn vessels_open_in_warm_skin_and_cool_it() {
    let stiff = Perfusion { skin_opening: 1.0, muscle_opening: 1.0, ..Perfusion::REST };
    let open: Layers<NODES> = Layers::new(2.0, 10.0, 60.0, &Perfusion::REST);
    let shut: Layers<NODES> = Layers::new(2.0, 10.0, 60.0, &stiff);
    let edge = boundary(100.0, 47.0);
    let (warm, hot) = (run(&open, &edge, 1200.0, 0.5), run(&shut, &edge, 1200.0, 0.5));
    assert!(warm.skin_open > 2.0, "opened {}", warm.skin_open);
    assert!(hot.celsius[0] > warm.celsius[0] + 0.3, "{} {}", hot.celsius[0], warm.celsius[0]);
}

#[test]
fn a_heater_keeps_its_books() {
    let bed = reference_bed();
    let heater = Heater::roller(&bed.roller, bed.head_heater.as_ref());
    let mut warmth = Warmth::cold(23.0);
    let before = heater.stored(&warmth);
    let (mut fed, mut lost, mut given) = (0.0, 0.0, 0.0);
    for turn in 1..=3000 {
        heater.feed(&mut warmth, 40.0, 0.04);
        warmth.given_j += 0.3;
        fed += warmth.fed_j;
        given += warmth.given_j;
        lost += heater.advance(&mut warmth, f64::from(turn) * 0.04, true, 23.0);
    }
    let stored = heater.stored(&warmth) - before;
    assert!((stored + lost + given - fed).abs() < 1e-6 * fed, "{stored} {lost} {given} {fed}");
    assert!(warmth.surface_c > 35.0 && warmth.element_c > warmth.surface_c + 8.0);
}

#[test]
fn a_heater_takes_no_more_than_its_power_and_no_nonsense() {
    let bed = reference_bed();
    let heater = Heater::mat(&bed.mats[0]);
    let mut warmth = Warmth::cold(23.0);
    heater.feed(&mut warmth, 1e6, 1.0);
    assert!((warmth.fed_j - 100.0).abs() < 1e-9);
    heater.feed(&mut warmth, -5.0, 1.0);
    heater.feed(&mut warmth, f64::NAN, 1.0);
    assert!((warmth.fed_j - 100.0).abs() < 1e-9);
}

/// A session of `seconds` in which `inputs` is made anew each step from the time.
fn play(heat: &mut Heat, seconds: f64, dt_s: f64, inputs: impl Fn(f64) -> Inputs) {
    for step in 0..(seconds / dt_s).round() as usize {
        heat.step(dt_s, &inputs(step as f64 * dt_s));
    }
}

/// Both heads travel to and fro over 300 mm at 30 mm/s, warm, on a warm mat.
fn to_and_fro(time_s: f64) -> Inputs {
    let phase = (time_s * 30.0) % 600.0;
    let x_mm = 700.0 + if phase < 300.0 { phase } else { 600.0 - phase };
    let head = Head { x_mm, force_n: 20.0, in_contact: true };
    let power = if time_s < 100.0 { 50.0 } else { 12.0 };
    Inputs {
        head_power_w: [power, power, 0.0, 0.0],
        mat_power_w: [40.0, 30.0, 0.0, 0.0],
        heads: [head, head, Head::default(), Head::default()],
        occupied: true,
    }
}

#[test]
fn mirrored_inputs_give_mirrored_warmth() {
    let bed = reference_bed();
    let body = Body::of_bmi(25.0, true);
    let mut left = Heat::new(&bed, &body, 23.0);
    let mut right = left.clone();
    let lean = |time: f64, strong: usize| {
        let mut inputs = to_and_fro(time);
        inputs.head_power_w[strong] *= 1.5;
        inputs.heads[1 - strong].in_contact = false;
        inputs
    };
    play(&mut left, 120.0, 0.002, |time| lean(time, 0));
    play(&mut right, 120.0, 0.002, |time| lean(time, 1));
    let mut largest: f64 = 0.0;
    for strip in 0..left.strips() {
        let (a, b) = (left.skin_c(strip, Side::Left), right.skin_c(strip, Side::Right));
        assert!((a - b).abs() < 1e-9, "strip {strip}: {a} {b}");
        largest = largest.max((a - left.skin_c(strip, Side::Right)).abs());
    }
    assert!(largest > 0.5, "the two sides differ: {largest}");
    assert!((left.surface_c(0) - right.surface_c(1)).abs() < 1e-9);
}

#[test]
fn a_travelling_roller_spares_the_skin_that_a_standing_one_heats() {
    let bed = reference_bed();
    let mut travelling = Heat::new(&bed, &Body::of_bmi(25.0, true), 23.0);
    let mut standing = travelling.clone();
    play(&mut travelling, 300.0, 0.002, to_and_fro);
    play(&mut standing, 300.0, 0.002, |time| {
        let mut inputs = to_and_fro(time);
        inputs.heads[0].x_mm = 850.0;
        inputs.heads[1].x_mm = 850.0;
        inputs
    });
    let strip = standing.strip_at(850.0).expect("within the travel");
    assert!(standing.skin_c(strip, Side::Left) > travelling.skin_max_c() + 1.0);
    assert!(standing.cem43_max() > travelling.cem43_max());
    let far = standing.strip_at(750.0).expect("within the travel");
    assert!(travelling.skin_c(far, Side::Left) > standing.skin_c(far, Side::Left) + 0.2);
}

#[test]
fn halving_the_cycle_changes_skin_by_less_than_a_twentieth_of_a_degree() {
    let bed = reference_bed();
    let mut whole = Heat::new(&bed, &Body::of_bmi(25.0, false), 23.0);
    let mut half = whole.clone();
    play(&mut whole, 200.0, 0.002, to_and_fro);
    play(&mut half, 200.0, 0.001, to_and_fro);
    for strip in 0..whole.strips() {
        let change = whole.skin_c(strip, Side::Left) - half.skin_c(strip, Side::Left);
        assert!(change.abs() < 0.05, "strip {strip}: {change}");
    }
    assert!((whole.surface_c(0) - half.surface_c(0)).abs() < 0.01);
}

#[test]
fn multi_rate_agrees_with_every_column_at_every_step() {
    // One strip by hand at 2 ms against the same strip within the bed: a roller of known warmth
    // passes over it, twenty times.
    let bed = reference_bed();
    let body = Body::of_bmi(25.0, false);
    let mut heat = Heat::new(&bed, &body, 23.0);
    let strip = heat.strip_at(851.0).expect("within the travel");
    let tissue: Layers<NODES> = Layers::new(body.dermis_mm, body.fat_mm, body.muscle_mm, &body.perfusion);
    let mut column = tissue.steady(&boundary(body.air_w_m2k(), 23.0));
    let patch_mm = 15.0;
    let from = heat.strip_x_mm(strip) - 5.0;
    let roller = body.contact_w_m2k(20.0 / 900e-6);
    for step in 0..200_000 {
        let inputs = to_and_fro(f64::from(step) * 0.002);
        heat.step(0.002, &inputs);
        let x = inputs.heads[0].x_mm;
        let overlap = (x + patch_mm).min(from + 10.0) - (x - patch_mm).max(from);
        let share = (overlap / 10.0).clamp(0.0, 1.0);
        let (g_roller, g_mat) = (share * roller, (1.0 - share) * body.lying_w_m2k());
        let warm = g_roller * heat.surface_c(0) + g_mat * heat.surface_c(2);
        let edge = Boundary {
            conductance: g_roller + g_mat,
            outside_c: warm / (g_roller + g_mat),
            flow: 1.0 - share,
        };
        tissue.step(&mut column, &edge, 0.002);
    }
    let (found, by_hand) = (heat.muscle_c(strip, Side::Left, 5.0), tissue.at_depth(&column, 5.0));
    assert!((found - by_hand).abs() < 0.05, "5 mm: {found} against {by_hand}");
    let (found, by_hand) = (heat.skin_c(strip, Side::Left), column.celsius[0]);
    assert!((found - by_hand).abs() < 0.1, "skin: {found} against {by_hand}");
}

#[test]
fn an_empty_bed_and_a_standing_clock_change_nothing() {
    let bed = reference_bed();
    let mut heat = Heat::new(&bed, &Body::of_bmi(22.0, true), 24.0);
    let skin = heat.skin_c(10, Side::Left);
    assert!(skin > 30.0 && skin < 35.5, "skin at rest {skin}");
    play(&mut heat, 60.0, 0.002, |_| Inputs::default());
    assert!((heat.skin_c(10, Side::Left) - skin).abs() < 0.05);
    assert!((heat.surface_c(0) - 24.0).abs() < 1e-9 && heat.cem43_max() < 1e-12);
    let before = heat.skin_c(10, Side::Left);
    heat.step(f64::NAN, &to_and_fro(0.0));
    heat.step(-1.0, &to_and_fro(0.0));
    assert!((heat.skin_c(10, Side::Left) - before).abs() < 1e-12);
}

#[test]
fn heat_left_in_a_stalled_roller_stays_below_the_single_fault_dose_on_the_worst_skin() {
    // Both rollers at the ceiling (49 C) come to stand under 100 N on skin that is as warm as the
    // limit of the 10-minute mean allows (43 C); heaters off.
    let bed = reference_bed();
    let mut heat = Heat::new(&bed, &Body::bare(), 26.0).prewarmed(43.0);
    for roller in &mut heat.state.rollers {
        roller.element_c = 49.0;
        roller.surface_c = 49.0;
    }
    let head = Head { x_mm: 850.0, force_n: 50.0, in_contact: true };
    let heads = [head, head, Head::default(), Head::default()];
    let still = Inputs { heads, occupied: true, ..Inputs::default() };
    play(&mut heat, 3600.0, 0.004, |_| still);
    let strip = heat.strip_at(850.0).expect("within the travel");
    let dose = heat.cem43(strip, Side::Left);
    println!("stored heat: {dose:.1} CEM43, {:.2} C", heat.skin_c(strip, Side::Left));
    assert!(dose < 120.0, "dose {dose}");
    assert!(dose > 1.0, "it is a real burden: {dose}");
}

#[test]
fn what_a_bed_lacks_stays_at_room_temperature() {
    let mut bed = reference_bed();
    bed.head_heater = None;
    bed.mats.clear();
    let mut heat = Heat::new(&bed, &Body::of_bmi(25.0, true), 22.0);
    play(&mut heat, 5.0, 0.002, |time| Inputs { occupied: false, ..to_and_fro(time) });
    for zone in 0..10 {
        assert!((heat.element_c(zone) - 22.0).abs() < 1e-9, "zone {zone}");
        assert!((heat.surface_c(zone) - 22.0).abs() < 1e-9, "zone {zone}");
    }
}

#[test]
fn columns_advanced_together_end_where_each_ends_alone() {
    let layers = Layers::<NODES>::new(2.0, 10.0, 60.0, &Perfusion::REST);
    let cool = Boundary { conductance: 8.0, outside_c: 24.0, flow: 1.0 };
    let warm = Boundary { conductance: 300.0, outside_c: 48.0, flow: 0.4 };
    let mut alone = [layers.steady(&cool); 2];
    let mut together = alone;
    for _ in 0..100 {
        let [one, two] = &mut alone;
        let means = [layers.step(one, &warm, 0.04), layers.step(two, &cool, 0.8)];
        let same = layers.step_each(together.each_mut(), &[warm, cool], [0.04, 0.8]);
        assert_eq!(same.map(f64::to_bits), means.map(f64::to_bits));
    }
    assert_eq!(together, alone);
    assert!(together[0].celsius[0] > together[1].celsius[0] + 1.0);
}
