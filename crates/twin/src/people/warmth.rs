//! Published measurements of heat: hot pack, heat wrap, heating pad, and how fast vessels open.

use bed::{BedConfig, Side};

use super::{Footing, Measurement, Published, Row};
use crate::heat::layers::{Boundary, Column, Layers, NODES};
use crate::heat::{Body, Heat, Inputs, Perfusion};

/// Step of the columns, s. Guess: halving it changes nothing that is printed.
const STEP_S: f64 = 0.5;
/// Bare skin in a room of 24 C before it is heated. Source: science.md 5.2.
const ROOM: Boundary = Boundary { conductance: 8.0, outside_c: 24.0, flow: 1.0 };
/// Share of the mean that stands in for an SD that was not read. Source: SD of muscle heating in the
/// calf, 1.68 +- 0.72 and 3.22 +- 1.25 C (20 people, ultrasound, "Effects of Altering Intensity During
/// 1-MHz Ultrasound Treatment"): about 40 %.
const BORROWED_SD: f64 = 0.4;

/// A hot pack of silicate gel through its towels. Source: packs are kept at 70-75 C (recall). Fitted:
/// the conductance of the towels, jointly with the calf below.
const HOT_PACK: Boundary = Boundary { conductance: 17.0, outside_c: 70.0, flow: 1.0 };
/// A calf at rest: thin fat and little flow. Fitted jointly to three published numbers: muscle at 12 mm
/// at rest, and its rise at 1 and 3 cm under a hot pack.
const CALF: Perfusion =
    Perfusion { skin: 0.0006, fat: 0.0001, muscle: 0.00003, skin_opening: 5.0, muscle_opening: 2.0 };
/// Fat of a young calf, mm. Fitted as above.
const CALF_FAT_MM: f64 = 4.0;

/// Skin held at a temperature, C.
fn held(celsius: f64) -> Boundary {
    Boundary { conductance: 1e6, outside_c: celsius, flow: 1.0 }
}

/// A column of tissue and its state.
struct Site {
    layers: Layers<NODES>,
    column: Column<NODES>,
}

impl Site {
    fn new(fat_mm: f64, perfusion: &Perfusion) -> Self {
        let muscle_mm = Body::CORE_MM - Body::DERMIS_MM - fat_mm;
        let layers = Layers::new(Body::DERMIS_MM, fat_mm, muscle_mm, perfusion);
        let column = layers.steady(&ROOM);
        Self { layers, column }
    }

    fn heat(&mut self, boundary: &Boundary, seconds: f64) {
        for _ in 0..(seconds / STEP_S) as usize {
            self.layers.step(&mut self.column, boundary, STEP_S);
        }
    }

    fn at(&self, depth_mm: f64) -> f64 {
        self.layers.at_depth(&self.column, depth_mm)
    }
}

/// All rows of heat, given the bed whose mat stands in for the heating pad.
pub(super) fn rows(bed: &BedConfig) -> Vec<Measurement> {
    let mut rows = calf();
    rows.push(heat_wrap());
    rows.push(vessels());
    rows.push(heating_pad(bed));
    rows
}

/// Draper: muscle of the calf at rest, and 20 minutes under a hot pack.
fn calf() -> Vec<Measurement> {
    let mut site = Site::new(CALF_FAT_MM, &CALF);
    let rest = [12.0, 10.0, 30.0].map(|depth| site.at(depth));
    site.heat(&HOT_PACK, 1200.0);
    let at_rest = Row {
        name: "calf muscle at rest, 12 mm deep",
        unit: "C",
        published: Published::Mean { mean: 33.8, sd: 1.3 },
        n: Some(20),
        source: "Draper 1995, J Athl Train 30:304 (PMC1317998)",
        footing: Footing::Fitted,
        note: "a calf, fitted jointly with the two hot-pack rows: three numbers, four constants",
    };
    let one = Row {
        name: "muscle 1 cm deep, rise under a hot pack, 20 min",
        unit: "C",
        published: Published::Mean { mean: 3.8, sd: BORROWED_SD * 3.8 },
        n: None,
        source: "Draper 1998, J Athl Train 33 (calf; +3.8 C at 1 cm, +0.8 C at 3 cm)",
        footing: Footing::Fitted,
        note: "fitted jointly (calf's flow and fat, the towels' conductance); SD borrowed: 40 % of the mean, \
               as in ultrasound heating of calves; the back, with thicker fat and more flow, warms less",
    };
    let three = Row {
        name: "muscle 3 cm deep, rise under a hot pack, 20 min",
        published: Published::Mean { mean: 0.8, sd: BORROWED_SD * 0.8 },
        note: "as at 1 cm, one fit for both depths; the twin stays below the mean: it has no warm blood \
               running from heated skin into the depth",
        ..one
    };
    vec![at_rest.done(rest[0]), one.done(site.at(10.0) - rest[1]), three.done(site.at(30.0) - rest[2])]
}

/// Trowbridge: a heat wrap of 40 C on the low back for two hours.
fn heat_wrap() -> Measurement {
    let mut site = Site::new(Body::of_bmi(24.0, false).fat_mm, &Perfusion::REST);
    let rest = site.at(20.0);
    site.heat(&held(40.0), 7200.0);
    Row {
        name: "back muscle 2 cm deep at L3, rise under a 40 C heat wrap, 120 min",
        unit: "C",
        published: Published::Between { low: 0.1, high: 6.0 },
        n: None,
        source: "Trowbridge 2004, J Orthop Sports Phys Ther 34:549 (significant rise)",
        footing: Footing::Weak,
        note: "weak: only that the rise is significant was read, not its size; bounds: what their thermometer \
               resolves, and the rise of the skin itself",
    }
    .done(site.at(20.0) - rest)
}

/// Taylor: how long skin held at 42 C takes to its full flow.
fn vessels() -> Measurement {
    let mut site = Site::new(10.0, &Perfusion::REST);
    let most = Perfusion::REST.skin_opening;
    let mut seconds = 0.0;
    while site.column.skin_open < 1.0 + 0.99 * (most - 1.0) && seconds < 7200.0 {
        site.heat(&held(42.0), 10.0);
        seconds += 10.0;
    }
    Row {
        name: "time until skin held at 42 C reaches its largest flow",
        unit: "min",
        published: Published::Between { low: 35.0, high: 55.0 },
        n: None,
        source: "Taylor 1984, J Appl Physiol 57:191 (science.md 5.1)",
        footing: Footing::Fitted,
        note: "the lag of the vessels was chosen from this; the twin's value is 99 % of the opening",
    }
    .done(seconds / 60.0)
}

/// A thermal manikin with a heating pad at its back, level 3.
///
/// Source of the numbers: computed from `2025-02-10_ID14_Heating_pad_Level3` and the runs without a
/// pad of IEQLab/pcs_database @ e006622 (MIT): last ten minutes, back left 36.13 C and back right
/// 37.57 C without any heat of the manikin's own. Its back at 34 C gave 39.4 W/m2 to a room of 25 C
/// without the pad (mean of eleven runs), 4.4 W/m2K; so the pad at level 3 feeds about 52 W/m2.
fn heating_pad(bed: &BedConfig) -> Measurement {
    let row = Row {
        name: "skin of the back over a heating pad (52 W/m2), 52 min in 25 C",
        unit: "C",
        published: Published::Mean { mean: 36.85, sd: 1.02 },
        n: Some(2),
        source: "computed from IEQLab/pcs_database @ e006622 (MIT), thermal manikin",
        footing: Footing::Independent,
        note: "a manikin's two back halves, no person; without blood flow it is an upper bound to what a pad \
               adds; the pad's power follows from the manikin's balance of heat",
    };
    let mut heat = Heat::new(bed, &Body::of_bmi(24.0, true), 25.0);
    let area_m2 = Heat::mat_area_m2(bed, 0);
    let inputs = Inputs { mat_power_w: [52.0 * area_m2, 0.0, 0.0, 0.0], occupied: true, ..Inputs::default() };
    for _ in 0..312_000 {
        heat.step(0.01, &inputs);
    }
    let middle = bed.mats.first().map_or(800.0, |mat| 0.5 * f64::from(mat.from_mm + mat.to_mm));
    let strip = heat.strip_at(middle).unwrap_or(0);
    row.done(heat.skin_c(strip, Side::Left))
}
