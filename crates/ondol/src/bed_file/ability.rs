//! What a bed can and cannot do, from its description alone: in plain words, with the way out.
//!
//! Figures are of this file's own arithmetic on the bed's numbers and on `safety/limits.toml`; none of them is a
//! measurement. What a person meets is judged by the twin (`ondol bench safety --bed FILE`).

use bed::{BedConfig, limits};
use population::{Sex, ShapeModel};
use serde::Serialize;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The bed can do it.
    Can,
    /// It cannot.
    Cannot,
    /// The builder has to do something about it.
    Heed,
}

/// One thing that a bed can or cannot do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What it is about.
    pub about: &'static str,
    /// Whether it can.
    pub verdict: Verdict,
    /// In plain words.
    pub says: String,
    /// What would change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way_out: Option<String>,
    /// The figure in it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
}

impl Row {
    fn new(about: &'static str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self { about, verdict, says: says.into(), way_out: None, value: None, unit: None }
    }

    fn way(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }

    fn figure(mut self, value: impl Into<f64>, unit: &'static str) -> Self {
        // A tenth of a unit is all that the inputs bear.
        self.value = Some((value.into() * 10.0).round() / 10.0);
        self.unit = Some(unit);
        self
    }
}

/// Standard acceleration of free fall, m/s2. Source: CODATA.
const GRAVITY: f32 = 9.80665;
/// Headward of the neck line by so much T1 lies when the shoulders are at their mark, mm.
/// Source: design of the reference bed (neck line 520 mm, T1 500 mm), as in the scan's prior.
const T1_BEFORE_NECK_LINE_MM: f64 = 20.0;
/// Where the session expects T1, mm. Source: the mark from which the host plans the scan's pass.
const SHOULDER_MARK_MM: f64 = 500.0;
/// A scan's levels need so much travel beyond T1 and L5, mm.
/// Source: the scan refuses a pass that ends nearer (half of the level pitch of 28 mm).
const LEVEL_MARGIN_MM: f64 = 14.0;
/// Height of C7 above the soles, men: slope and intercept on stature, mm.
/// Source: ANSUR II, Gordon et al. 2014, regression over 4082 men (residual SD 11 mm).
const C7_HEIGHT: (f64, f64) = (0.9084, -78.1);
/// Force on the back that a standard of collaborating robots gives as its limit, N.
/// Source: ISO/TS 15066, table A.2, back and shoulders, quasi-static (from public copies).
const BACK_N: f32 = 210.0;
/// Most force of both heads where the motor's current alone tells it, N. Source: design of plan and control.
const BLIND_N: f32 = 40.0;
/// Way that heads come down in the half second of a stop on the bed on which release was shown, mm.
/// Source: `crates/sim/tests/release.rs`, lifts at 80 mm/s; see SAFETY.md.
const RELEASE_WAY_MM: f32 = 33.0;
/// From the edge of a stop to the first cycle in which lifts are told down, s. Source: as above.
const TOLD_S: f32 = 0.022;
/// Time in which a stop releases from 60 N, s; without drives or supply, s. Source: what a stop must reach,
/// in SAFETY.md's test of release and the safety bench.
const STOP_S: f32 = 0.5;
const DEAD_STOP_S: f32 = 2.0;
/// Of the latter, until the power is gone, s. Source: a drive may be silent for 100 ms before that.
const SILENT_S: f32 = 0.1;
/// Cycles a second. Source: design; the machine's rate.
const CYCLES_HZ: f32 = 500.0;
/// Bits a second of classic CAN. Source: design of the reference bed's bus.
const BUS_BIT_S: f32 = 1e6;

/// Everything that can be said of a bed from its description.
pub fn rows(bed: &BedConfig) -> Vec<Row> {
    let mut rows = Vec::new();
    scan(bed, &mut rows);
    press(bed, &mut rows);
    people(bed, &mut rows);
    heat(bed, &mut rows);
    release(bed, &mut rows);
    rows.push(bus(bed));
    carriages(bed, &mut rows);
    rows
}

fn scan(bed: &BedConfig, rows: &mut Vec<Row>) {
    use Verdict::{Can, Cannot};
    let cells = bed.load_cell.is_some();
    if cells && !bed.lift.coupled {
        rows.push(Row::new("scan", Can, "finds the spine and tells one vertebra from the next"));
        rows.push(Row::new("tension", Can, "tells how tense the muscle is, left and right"));
        return;
    }
    rows.push(if cells {
        Row::new("scan", Can, "finds the spine, but not whether it lies left or right of the midline")
            .way("a lift for each head tells left from right")
    } else {
        Row::new(
            "scan",
            Cannot,
            "cannot tell surely which vertebra is which: the motor's current tells the force too coarsely",
        )
        .way("a load cell under each head ([load_cell])")
    });
    rows.push(
        Row::new("tension", Cannot, "does not speak of tension").way("a load cell and a lift for each head"),
    );
}

/// Most force of both heads that the bed is ever asked for, N.
fn force_n(bed: &BedConfig) -> f32 {
    let lifts = if bed.lift.coupled { 1.0 } else { 2.0 };
    let thrust = lifts * (bed.lift.thrust_max_n - bed.lift.friction_stick_n);
    let blind = if bed.load_cell.is_some() { f32::INFINITY } else { BLIND_N };
    limits::FORCE_CEILING_N.min(2.0 * head_n(bed)).min(thrust).min(blind)
}

/// Most force of one head that the pressure under its roller allows, N.
fn head_n(bed: &BedConfig) -> f32 {
    limits::CONTACT_PRESSURE_KPA * bed.roller.contact_area_mm2 * 1e-3 / limits::PRESSURE_PEAK_FACTOR
}

fn press(bed: &BedConfig, rows: &mut Vec<Row>) {
    use Verdict::{Can, Cannot, Heed};
    if bed.corners.is_none() {
        let says = "starts no session: without corner cells nobody is known to lie on it";
        rows.push(Row::new("occupancy", Cannot, says).way("four load cells under the corners ([corners])"));
    }
    if bed.lift.coupled {
        let says = "the plan refuses to press: one lift for both heads cannot feel left from right, so nobody is \
                    surely beside the rollers' gap";
        rows.push(Row::new("plan", Cannot, says).way("a lift for each head (lift.coupled = false)"));
    }
    let force = force_n(bed);
    let from_kg = force / limits::FORCE_OF_WEIGHT / GRAVITY;
    let verdict = if bed.lift.coupled || bed.corners.is_none() { Heed } else { Can };
    rows.push(
        Row::new(
            "force",
            verdict,
            format!(
                "at most {force:.0} N of both heads, {:.0} N of one (pressure under {:.0} kPa); who weighs less than \
                 {from_kg:.0} kg gets less, as 12 % of the body weight",
                head_n(bed).min(force),
                limits::CONTACT_PRESSURE_KPA
            ),
        )
        .figure(force, "N"),
    );
    let lifts = if bed.lift.coupled { bed.carriages.len() } else { bed.heads() } as f32;
    let runaway = bed.lift.thrust_max_n * if bed.lift.coupled { 1.0 } else { 2.0 };
    if runaway > limits::FORCE_HARD_N {
        let back =
            if runaway > BACK_N { ", and above the 210 N that ISO/TS 15066 gives for a back" } else { "" };
        rows.push(
            Row::new(
                "mechanics",
                Heed,
                format!(
                    "with guard and drives gone wrong together, a carriage's lifts press with {runaway:.0} N: above \
                     the hard stop of {:.0} N{back}",
                    limits::FORCE_HARD_N
                ),
            )
            .way(format!(
                "a slipping clutch or spring in each of the {lifts:.0} lifts that yields by itself at {:.0} N",
                limits::FORCE_HARD_N * bed.lift.thrust_max_n / runaway
            ))
            .figure(runaway, "N"),
        );
    }
    if let Some(corners) = &bed.corners {
        let one = limits::MASS_MAX_KG * GRAVITY;
        if one > corners.range_n {
            let says = format!(
                "somebody of {:.0} kg who sits down on one corner loads its cell with up to {one:.0} N, its range is \
                 {:.0} N",
                limits::MASS_MAX_KG,
                corners.range_n
            );
            rows.push(
                Row::new("corners", Heed, says)
                    .way("a stop that takes the rest of the load before the cell is overloaded")
                    .figure(one, "N"),
            );
        }
    }
}

/// The farthest T1 or L5 of nearly all people of a stature, mm: head end and foot end.
fn spine_mm(bed: &BedConfig, shapes: &ShapeModel, stature_mm: f64) -> (f64, f64) {
    let t1 = f64::from(bed.neck_line_mm) - T1_BEFORE_NECK_LINE_MM;
    let length = Sex::BOTH
        .map(|sex| {
            let (mean, sd) = shapes.length_given_stature(sex, stature_mm);
            mean + 2.0 * sd
        })
        .into_iter()
        .fold(0.0, f64::max);
    (t1 - LEVEL_MARGIN_MM, t1 + length + LEVEL_MARGIN_MM)
}

fn people(bed: &BedConfig, rows: &mut Vec<Row>) {
    use Verdict::{Can, Cannot, Heed};
    let from = bed.carriages.iter().map(|c| f64::from(c.from_mm)).fold(f64::INFINITY, f64::min);
    let to = bed.carriages.iter().map(|c| f64::from(c.to_mm)).fold(0.0, f64::max);
    let shapes = ShapeModel::all();
    let (least, most) = (f64::from(limits::STATURE_MIN_MM), f64::from(limits::STATURE_MAX_MM));
    let fits = |stature: &f64| {
        let (head, foot) = spine_mm(bed, &shapes, *stature);
        head >= from && foot <= to
    };
    // Centimetre by centimetre: nobody knows their stature better.
    let statures = (0..=((most - least) / 10.0) as u32).map(|step| least + 10.0 * f64::from(step));
    let tallest = statures.take_while(fits).last();
    rows.push(match tallest {
        Some(tallest) if tallest >= most => Row::new(
            "reach",
            Can,
            format!("reaches T1 to L5 of people of {:.0} to {:.0} cm", least / 10.0, most / 10.0),
        )
        .figure(tallest / 10.0, "cm"),
        Some(tallest) => Row::new(
            "reach",
            Cannot,
            format!("does not reach all of T1 to L5 of people taller than {:.0} cm", tallest / 10.0),
        )
        .way("carriage.to_mm farther footward")
        .figure(tallest / 10.0, "cm"),
        None => {
            let (head, foot) = spine_mm(bed, &shapes, least);
            let says = format!(
                "reaches T1 to L5 of nobody: the travel must hold {head:.0} to {foot:.0} mm at least"
            );
            Row::new("reach", Cannot, says).way("longer travel, or neck_line_mm where the shoulders are")
        }
    });
    let off = f64::from(bed.neck_line_mm) - T1_BEFORE_NECK_LINE_MM - SHOULDER_MARK_MM;
    if off.abs() > 1.0 {
        let says = format!(
            "the neck line puts T1 at {:.0} mm, but a session looks for it at {SHOULDER_MARK_MM:.0} mm",
            SHOULDER_MARK_MM + off
        );
        let way = format!("neck_line_mm = {:.0}", SHOULDER_MARK_MM + T1_BEFORE_NECK_LINE_MM);
        rows.push(Row::new("mark", Cannot, says).way(way).figure(off, "mm"));
    }
    let below = f64::from(bed.surface_length_mm - bed.neck_line_mm) + T1_BEFORE_NECK_LINE_MM;
    let longest = (below - C7_HEIGHT.1) / C7_HEIGHT.0;
    if longest < most {
        let says =
            format!("about the feet of people taller than {:.0} cm reach over the foot end", longest / 10.0);
        rows.push(
            Row::new("length", Heed, says)
                .way("a foot rest, level with the bed and fixed to its frame")
                .figure(longest / 10.0, "cm"),
        );
    }
    let (near, far) = (bed.roller.inner_edge_mm, bed.roller.inner_edge_mm + bed.roller.width_mm);
    rows.push(Row::new(
        "sideways",
        Can,
        format!(
            "touches {near:.0} to {far:.0} mm beside the midline; nearer and farther points are not reached"
        ),
    ));
}

fn heat(bed: &BedConfig, rows: &mut Vec<Row>) {
    use Verdict::{Can, Cannot, Heed};
    let Some(heater) = &bed.head_heater else {
        rows.push(Row::new("hot stone", Cannot, "the heads are not heated").way("[head_heater]"));
        return;
    };
    let ceiling = bed.surface_ceiling_c();
    rows.push(
        Row::new(
            "hot stone",
            Can,
            format!(
                "rollers up to {:.1} C in contact; a roller of {:.0} J/K may be {ceiling:.1} C at most, so that one \
                 that stands still burns nobody",
                heater.surface_max_c.min(ceiling),
                bed.roller.heat_capacity_j_k
            ),
        )
        .figure(ceiling, "C"),
    );
    let rise = heater.power_w / bed.roller.heat_capacity_j_k;
    rows.push(
        Row::new(
            "thermal fuse",
            Heed,
            format!(
                "a heater that cannot be switched off warms a roller by up to {:.0} K a minute",
                60.0 * rise
            ),
        )
        .way(format!(
            "a thermal fuse in each heater that opens by itself, a little above {:.0} C at the element",
            heater.element_max_c
        ))
        .figure(60.0 * rise, "K/min"),
    );
    let mats: f32 = bed.mats.iter().map(|mat| mat.heater.power_w).sum();
    let all = heater.power_w * bed.heads() as f32 + mats;
    rows.push(
        Row::new(
            "supply",
            Heed,
            format!(
                "all heaters together draw {all:.0} W, {:.1} A at {:.0} V; the drives come on top",
                all / bed.supply_nominal_v,
                bed.supply_nominal_v
            ),
        )
        .figure(all, "W"),
    );
}

fn release(bed: &BedConfig, rows: &mut Vec<Row>) {
    use Verdict::{Can, Heed};
    let lift = &bed.lift;
    let dead = TOLD_S + (lift.delay_ms + lift.lag_ms) * 1e-3;
    // A lift that speeds up evenly loses half of the time that it needs for it.
    let way = (STOP_S - dead - 0.5 * lift.speed_down_mm_s / lift.acceleration_mm_s2) * lift.speed_down_mm_s;
    let says = format!("within {STOP_S} s of a stop its heads come down by {way:.0} mm");
    rows.push(if way >= RELEASE_WAY_MM {
        Row::new("release", Can, format!("{says}; with {RELEASE_WAY_MM:.0} mm release was shown on the twin"))
            .figure(way, "mm")
    } else {
        let needs = format!("{says}; release was shown with {RELEASE_WAY_MM:.0} mm only");
        Row::new("release", Heed, needs)
            .way("faster lifts (lift.speed_down_mm_s), then `ondol bench safety --bed FILE` judges it")
            .figure(way, "mm")
    });
    let sinks = ((DEAD_STOP_S - SILENT_S) * lift.sink_mm_s).min(lift.stroke_mm);
    rows.push(
        Row::new(
            "power loss",
            Heed,
            format!(
                "without power it sinks by {sinks:.0} mm within {DEAD_STOP_S:.0} s, if each lift truly sinks at \
                 {:.0} mm/s under 20 N",
                lift.sink_mm_s
            ),
        )
        .way("measure it on each lift, cold and warm, before a person lies down")
        .figure(sinks, "mm"),
    );
}

/// Longest that a frame of classic CAN with an 11-bit identifier is on the bus, bits: with worst stuffing and
/// the pause after it. Source: Davis et al. 2007, Real-Time Systems 35:239 (recall): 55 + 10 bits a byte.
fn frame_bits(bytes: usize) -> f32 {
    55.0 + 10.0 * bytes as f32
}

fn bus(bed: &BedConfig) -> Row {
    // Each cycle: SYNC, a command and an answer of eight bytes an axis, a frame for each two load cells, one
    // for the corner cells. Temperatures, supply and switches are slow and fit beside it.
    let lifts = if bed.lift.coupled { bed.carriages.len() } else { bed.heads() };
    let axes = bed.carriages.len() + lifts;
    let cells = if bed.load_cell.is_some() { bed.heads().div_ceil(2) } else { 0 };
    let frames = 2 * axes + cells + usize::from(bed.corners.is_some());
    let share = (frame_bits(0) + frames as f32 * frame_bits(8)) * CYCLES_HZ / BUS_BIT_S;
    let percent = 100.0 * share;
    let says = format!("{axes} axes on one CAN bus at 1 Mbit/s fill up to {percent:.0} % of it at 500 Hz");
    // Source: design; a fifth stays free for slow frames and for repeats after an error.
    if share <= 0.8 {
        Row::new("bus", Verdict::Can, says).figure(percent, "%")
    } else {
        Row::new("bus", Verdict::Heed, says).way("a bus of its own for each carriage").figure(percent, "%")
    }
}

fn carriages(bed: &BedConfig, rows: &mut Vec<Row>) {
    let mut order: Vec<_> = bed.carriages.iter().collect();
    order.sort_by(|a, b| a.from_mm.total_cmp(&b.from_mm));
    for pair in order.windows(2) {
        let says = format!(
            "what lies between {:.0} and {:.0} mm is neither felt nor pressed",
            pair[0].to_mm, pair[1].from_mm
        );
        rows.push(Row::new("gap", Verdict::Cannot, says).figure(pair[1].from_mm - pair[0].to_mm, "mm"));
    }
    for carriage in order {
        if carriage.park_mm < bed.neck_line_mm {
            let says = format!(
                "a carriage parks at {:.0} mm, under head and neck, where a hot roller ends after a fault",
                carriage.park_mm
            );
            rows.push(Row::new("park", Verdict::Heed, says).way("a firm cover over that place"));
        }
    }
}
