//! What the twin makes of the linear model, and of itself near the working point: for comparison.
//!
//! * *Deflection*: a force on each vertebra, at rest, by Newton's method on the whole trunk.
//! * *Frequencies*: the linear model's, without damping.
//! * *Walk*: the linear model by the twin's own integrator, while both rollers move and a load walks along
//!   the trunk; all of it closed forms of time, so that any step can be taken.
//! * *Bed*: the twin itself, with its drives, friction and the whole law of the tissue, while its lifts move
//!   by a third of a millimetre; heights go in, forces come out.
//! * *Pace*: error and time of the walk at several steps.

use std::time::Instant;

use serde::Serialize;

use super::Linear;
use crate::people::rig::{CYCLE_S, Rig};
use crate::spine_chain::{Breath, Load, Motion};

/// Force on a vertebra, N. Design: near enough to the working point that the pad's slope is one number.
const FORCE_N: f64 = 1.0;
/// A force far from the working point, N: how far the linear model reaches.
const FORCE_FAR_N: f64 = 20.0;
/// Frequencies that are compared.
const FREQUENCIES: usize = 3;
/// Length of the traces, s.
const TRACE_S: f64 = 10.0;
/// Time between two rows of the walk, s.
const ROW_S: f64 = 0.02;
/// The walk's finest step, s, by which the others are judged.
const FINEST_S: f64 = 0.02 / 512.0;
/// Steps whose error and time are told, s.
const STEPS_S: [f64; 8] = [0.004, 0.002, 0.001, 0.0008, 0.02 / 30.0, 0.0005, 0.0004, 0.000_25];
/// Repeats of which the fastest counts: it was disturbed least.
const REPEATS: usize = 5;
/// Speed of the lifts in the bed's trace: (mm/s, Hz) of two cosines for each side. Design: a third
/// of a millimetre in all, with a breath's frequency and a faster one; near the working point, as beyond it
/// the tissue's slope is another.
const LIFTS: [[(f64, f64); 2]; 2] = [[(0.3, 0.25), (1.0, 1.1)], [(0.4, 0.4), (1.0, 1.7)]];

/// What moves in the walk. A roller's height is the sum of `a (1 - cos(2 pi f t)) / 2` over its pairs of
/// `a` (mm) and `f` (Hz); the load (N, up) is `load_n sin(pi t / T)^2` at a place that goes evenly from
/// `from_mm` to `to_mm` (mm from T1) in the walk's time `T`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moves {
    /// Pairs of (mm, Hz), left and right.
    pub rollers: [[(f64, f64); 2]; 2],
    /// The largest load, N.
    pub load_n: f64,
    /// Where it begins, mm from T1.
    pub from_mm: f64,
    /// Where it ends, mm from T1.
    pub to_mm: f64,
    /// How long it takes, s.
    pub seconds: f64,
}

impl Moves {
    /// Height of a roller, mm from the working point.
    fn height_mm(&self, side: usize, now_s: f64) -> f64 {
        let one = |(mm, hz): (f64, f64)| 0.5 * mm * (1.0 - libm::cos(core::f64::consts::TAU * hz * now_s));
        self.rollers[side].into_iter().map(one).sum()
    }

    /// The walking load: place (mm from T1) and force (N, up).
    fn load(&self, now_s: f64) -> (f64, f64) {
        let share = now_s / self.seconds;
        let wave = libm::sin(core::f64::consts::PI * share);
        (self.from_mm + (self.to_mm - self.from_mm) * share, self.load_n * wave * wave)
    }
}

/// How one vertebra gives way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deflection {
    /// The level.
    pub node: String,
    /// In the whole trunk under 1 N, mm.
    pub whole_mm: f64,
    /// In the linear model under 1 N, by the twin's solver, mm.
    pub linear_mm: f64,
    /// In the whole trunk under 20 N, mm: how far the linear model reaches.
    pub far_mm: f64,
}

/// Forces (N, from the working point, left and right) and what caused them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// Time between two rows, s; the first row stands one of them after the start.
    pub row_s: f64,
    /// Step of the integrator, s.
    pub step_s: f64,
    /// Change of each roller's height, mm.
    pub height_mm: Vec<[f64; 2]>,
    /// Change of each roller's force, N.
    pub force_n: Vec<[f64; 2]>,
}

/// What a step costs and what it is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// The step, s.
    pub step_s: f64,
    /// RMS of what its forces differ by from those of the finest step, over their own RMS.
    pub error: f64,
    /// Time of the processor's clock for a second of the walk, s.
    pub cost_s: f64,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prediction {
    /// Force on each vertebra, N.
    pub deflection_force_n: f64,
    /// The force far from the working point, N.
    pub far_force_n: f64,
    /// How each vertebra gives way.
    pub deflection: Vec<Deflection>,
    /// The first natural frequencies, Hz.
    pub frequencies_hz: Vec<f64>,
    /// What moves in the walk.
    pub moves: Moves,
    /// The walk at its finest step.
    pub walk: Trace,
    /// The twin itself at its own step.
    pub bed: Trace,
    /// What the steps of the walk cost.
    pub pace: Vec<Pace>,
    /// Time for a second of the whole twin in the bed's trace, s: drives, heat and sensors with it.
    pub bed_cost_s: f64,
}

impl Linear {
    /// Everything that the twin says.
    #[must_use]
    pub fn predict(&self) -> Prediction {
        let moves = self.moves();
        let walk = self.walk(&moves, FINEST_S);
        let pace = STEPS_S.into_iter().map(|step_s| self.pace(&moves, &walk, step_s)).collect();
        let deflection = self.vertebrae().map(|node| Deflection {
            node: self.names[node].clone(),
            whole_mm: self.deflection_mm(node, FORCE_N),
            linear_mm: self.deflection_linear_mm(node, FORCE_N),
            far_mm: self.deflection_mm(node, FORCE_FAR_N),
        });
        let (bed, bed_cost_s) = self.bed();
        Prediction {
            deflection_force_n: FORCE_N,
            far_force_n: FORCE_FAR_N,
            deflection: deflection.collect(),
            frequencies_hz: self.frequencies_hz().into_iter().take(FREQUENCIES).collect(),
            moves,
            walk,
            bed,
            pace,
            bed_cost_s,
        }
    }

    pub(super) fn moves(&self) -> Moves {
        let (first, last) = (self.vertebrae().start, self.vertebrae().end);
        Moves {
            rollers: [[(0.8, 0.25), (0.3, 1.1)], [(0.6, 0.4), (0.2, 2.3)]],
            load_n: 10.0,
            from_mm: self.chain.x_mm[first],
            to_mm: self.chain.x_mm[last],
            seconds: TRACE_S,
        }
    }

    /// The walk at a step (s) that divides the time between two rows, as the twin steps its trunk.
    pub(super) fn walk(&self, moves: &Moves, step_s: f64) -> Trace {
        let each = libm::round(ROW_S / step_s) as usize;
        let rows = libm::round(moves.seconds / ROW_S) as usize;
        let mut trace = Trace {
            row_s: ROW_S,
            step_s,
            height_mm: Vec::with_capacity(rows),
            force_n: Vec::with_capacity(rows),
        };
        let mut runner = Runner::new(self);
        let height = |now_s: f64| [moves.height_mm(0, now_s), moves.height_mm(1, now_s)];
        for step in 1..=rows * each {
            let now_s = step as f64 * step_s;
            let (x_mm, force_n) = moves.load(now_s - 0.5 * step_s);
            let (node, foot) = self.chain.beside(x_mm);
            let load = Load { node, foot, force_n, ..Load::default() };
            let heights = height(now_s);
            let force = runner.step(heights, Some(load), step_s);
            if step % each == 0 {
                trace.height_mm.push(heights);
                trace.force_n.push(force);
            }
        }
        trace
    }

    fn pace(&self, moves: &Moves, finest: &Trace, step_s: f64) -> Pace {
        let mut cost_s = f64::MAX;
        let mut error = 0.0;
        for _ in 0..REPEATS {
            let begun = Instant::now();
            let trace = self.walk(moves, step_s);
            cost_s = cost_s.min(begun.elapsed().as_secs_f64() / moves.seconds);
            error = apart(&trace.force_n, &finest.force_n);
        }
        Pace { step_s, error, cost_s }
    }

    /// The twin itself while its lifts move, and what a second of it costs.
    fn bed(&self) -> (Trace, f64) {
        let start = self.twin.truth();
        let rows = libm::round(TRACE_S / CYCLE_S) as usize;
        let mut cost_s = f64::MAX;
        let mut trace = Trace { row_s: CYCLE_S, step_s: CYCLE_S, height_mm: Vec::new(), force_n: Vec::new() };
        for _ in 0..REPEATS {
            let mut rig = Rig::around(self.twin.clone());
            trace.height_mm.clear();
            trace.force_n.clear();
            let begun = Instant::now();
            for row in 0..rows {
                let now_s = row as f64 * CYCLE_S;
                rig.cycle(LIFTS.map(|waves| {
                    let wave = |(mm_s, hz): (f64, f64)| mm_s * libm::cos(core::f64::consts::TAU * hz * now_s);
                    waves.into_iter().map(wave).sum()
                }));
                let truth = rig.twin.truth();
                let change = |now: &[f64], then: &[f64]| [now[0] - then[0], now[1] - then[1]];
                trace.height_mm.push(change(&truth.height_mm, &start.height_mm));
                trace.force_n.push(change(&truth.head_force_n, &start.head_force_n));
            }
            cost_s = cost_s.min(begun.elapsed().as_secs_f64() / TRACE_S);
        }
        (trace, cost_s)
    }
}

/// RMS of the difference of two traces over the RMS of the second.
#[must_use]
pub fn apart(one: &[[f64; 2]], other: &[[f64; 2]]) -> f64 {
    let (mut difference, mut size) = (0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        for side in 0..2 {
            difference += (a[side] - b[side]) * (a[side] - b[side]);
            size += b[side] * b[side];
        }
    }
    (difference / size).sqrt()
}

/// The linear model under way, stepped as the twin steps its own trunk.
pub(super) struct Runner<'a> {
    linear: &'a Linear,
    motion: Motion,
    height_mm: [f64; 2],
    /// Force that has relaxed away, before the share that does, N.
    relaxed_n: [f64; 2],
}

impl<'a> Runner<'a> {
    pub(super) fn new(linear: &'a Linear) -> Self {
        Self { linear, motion: Motion::default(), height_mm: [0.0; 2], relaxed_n: [0.0; 2] }
    }

    /// Moves on by `step_s` to where the rollers have changed their heights (mm) so much. Returns how much
    /// their forces have changed, N.
    pub(super) fn step(&mut self, height_mm: [f64; 2], load: Option<Load>, step_s: f64) -> [f64; 2] {
        let Linear { chain, contacts, twin, .. } = self.linear;
        let law = &twin.person().law;
        let mut loads = [Load::default(); 3];
        let mut elastic_n = [0.0; 2];
        let before = self.motion.v_mm_s;
        for (contact, place) in contacts.iter().zip(&mut loads) {
            let (node, foot, side) = (contact.node, contact.foot, contact.side);
            let mix = |nodes: &[f64]| (1.0 - foot) * nodes[node] + foot * nodes[node + 1];
            let rise = (height_mm[side] - self.height_mm[side]) / step_s;
            elastic_n[side] = contact.slope_n_mm * (height_mm[side] - mix(&self.motion.u_mm));
            let rate_n = contact.damping_n_s_mm * (rise - mix(&before));
            *place = Load {
                node,
                foot,
                force_n: elastic_n[side] + rate_n - law.relaxing * self.relaxed_n[side],
                slope_n_mm: contact.slope_n_mm,
                damping_n_s_mm: contact.damping_n_s_mm,
            };
        }
        let pressing = contacts.len();
        loads[pressing] = load.unwrap_or_default();
        let loads = &loads[..=pressing];
        let moved = chain.step(&mut self.motion, Breath::default(), None, loads, step_s);
        let mut force_n = [0.0; 2];
        for (contact, place) in contacts.iter().zip(loads) {
            let (node, foot, side) = (contact.node, contact.foot, contact.side);
            let mix = |nodes: &[f64]| (1.0 - foot) * nodes[node] + foot * nodes[node + 1];
            let faster = mix(&self.motion.v_mm_s) - mix(&before);
            force_n[side] = place.force_n - place.slope_n_mm * mix(&moved) - place.damping_n_s_mm * faster;
            let gain = step_s / (law.tau_s + 0.5 * step_s);
            self.relaxed_n[side] += (elastic_n[side] - self.relaxed_n[side]) * gain;
        }
        self.height_mm = height_mm;
        force_n
    }
}
