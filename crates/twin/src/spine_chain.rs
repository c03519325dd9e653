//! The trunk as a chain of masses that bends, lying on a pad.
//!
//! One vertical displacement `u_i` (mm, up) a node, measured from the shape in the CT. Nodes: head,
//! neck, C7, each vertebra, sacrum, pelvis. Units: N, mm, s; masses in tonnes (N s2/mm).
//!
//! `M u'' + b K u' + K u = -r + s(w, w') + push + muscle`, with
//! * `K` the bending stiffness of the joints: energy `1/2 k_j (d theta_j)^2`,
//!   `d theta_j = (u_{j+1} - u_j) / h_j - (u_j - u_{j-1}) / h_{j-1}`;
//! * `r` what a flat rigid support carried in the scanner. The CT shape is in balance there, so the
//!   chain's own stress is weight minus `r`, and gravity enters once: as `r`;
//! * `s = k (w + w^3 / w0^2) + c w'` the pad through the body's soft tissue, never pulling, with `w` the
//!   depth of the unloaded skin below the unloaded pad;
//! * `push` the rollers', spread over the two nodes beside them.
//!
//! Integrator: the midpoint rule with one Newton step from the state before,
//! `(M + h/2 C + h^2/4 K_t) dv = h (f - h/2 K_t v)`, `u += h (v + dv/2)`: second order, one
//! pentadiagonal solve. Not here: motion along the bed, rotation about the long axis, ribs.

use crate::banded::{Banded, NODES_MAX};

/// A value a node.
pub type Nodes = [f64; NODES_MAX];

/// Damping of bending over its stiffness, s. Guess: a tenth of critical at 8 Hz.
pub const BENDING_DAMPING_S: f64 = 0.004;

/// What holds a node up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Support {
    /// Stiffness at first touch, N/mm.
    pub stiffness_n_mm: f64,
    /// `1 / w0^2`, 1/mm2.
    pub progress_mm2: f64,
    /// Damping, N s/mm.
    pub damping_n_s_mm: f64,
    /// Depth at `u = 0`, mm; negative where the body hangs free.
    pub depth_mm: f64,
}

impl Support {
    /// Force (N) and its slopes with depth and with the depth's speed.
    #[must_use]
    pub fn force(&self, depth_mm: f64, speed_mm_s: f64) -> (f64, f64, f64) {
        let square = depth_mm * depth_mm * self.progress_mm2;
        // The damper comes in over the first millimetres, so that landing makes no jump.
        let damping = self.damping_n_s_mm * (depth_mm * (1.0 / DAMPER_MM)).min(1.0);
        let force = self.stiffness_n_mm * depth_mm * (1.0 + square) + damping * speed_mm_s;
        // Chosen at the end instead of returning early, so that many nodes run in lanes.
        let carries = (depth_mm > 0.0) & (force > 0.0);
        let held = |value: f64| if carries { value } else { 0.0 };
        (held(force), held(self.stiffness_n_mm * (1.0 + 3.0 * square)), held(damping))
    }
}

/// Depth over which the pad's damper comes in, mm. Guess.
const DAMPER_MM: f64 = 3.0;

/// A force on the chain between two nodes, upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// The headward node.
    pub node: usize,
    /// Share of the footward node.
    pub foot: f64,
    /// Force, N.
    pub force_n: f64,
    /// How it falls as the chain rises, N/mm.
    pub slope_n_mm: f64,
    /// How it falls as the chain rises faster, N s/mm.
    pub damping_n_s_mm: f64,
}

/// Muscles that carry the chain to a height: the person's own motion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Muscle {
    /// Height to which each node is carried, mm.
    pub target_mm: Nodes,
    /// Share of the full stiffness, 0 to 1.
    pub share: Nodes,
    /// Force added to each node, N (coughing).
    pub force_n: Nodes,
}

impl Default for Muscle {
    fn default() -> Self {
        Self { target_mm: [0.0; NODES_MAX], share: [0.0; NODES_MAX], force_n: [0.0; NODES_MAX] }
    }
}

/// Natural frequency at which muscles carry a node, rad/s. Guess: 4 Hz.
const MUSCLE_RAD_S: f64 = 25.0;

/// The constant part of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Nodes in use.
    pub size: usize,
    /// Place along the bed from T1, mm.
    pub x_mm: Nodes,
    /// Mass, t.
    pub mass_t: Nodes,
    /// Bending stiffness of each joint, N mm/rad; the ends' are unused.
    pub joints_n_mm: Nodes,
    /// Bending stiffness `K`, N/mm, made of `joints_n_mm`.
    pub bending: Banded,
    /// What the rigid support carried, N: `r`.
    pub carried_n: Nodes,
    /// The pad under each node.
    pub support: [Support; NODES_MAX],
    /// How much the back moves down at each node as the lungs fill, mm a mm of breath.
    pub breath: Nodes,
}

/// The changing part of the chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Displacement from the CT shape, mm, up.
    pub u_mm: Nodes,
    /// Velocity, mm/s.
    pub v_mm_s: Nodes,
}

impl Default for Motion {
    fn default() -> Self {
        Self { u_mm: [0.0; NODES_MAX], v_mm_s: [0.0; NODES_MAX] }
    }
}

/// What breathing does to the skin's depth: displacement (mm) and speed (mm/s).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Breath {
    /// Displacement of the back towards the bed, mm, mean zero.
    pub depth_mm: f64,
    /// Its speed, mm/s.
    pub speed_mm_s: f64,
}

/// Bending stiffness of a chain of points: `joints` in N mm/rad, one a node (ends unused).
#[must_use]
pub fn bending(x_mm: &[f64], joints_n_mm: &[f64]) -> Banded {
    let size = x_mm.len();
    let mut matrix = Banded::zeros(size);
    for j in 1..size.saturating_sub(1) {
        let (before, after) = (x_mm[j] - x_mm[j - 1], x_mm[j + 1] - x_mm[j]);
        let turn = [1.0 / before, -1.0 / before - 1.0 / after, 1.0 / after];
        for a in 0..3 {
            for b in 0..=a {
                matrix.add(j + a - 1, j + b - 1, joints_n_mm[j] * turn[a] * turn[b]);
            }
        }
    }
    matrix
}

impl Chain {
    /// The headward node beside a place (mm from T1) and the footward node's share; held at the ends.
    #[must_use]
    pub fn beside(&self, x_mm: f64) -> (usize, f64) {
        let last = self.size - 2;
        let mut node = 0;
        while node < last && self.x_mm[node + 1] <= x_mm {
            node += 1;
        }
        let share = (x_mm - self.x_mm[node]) / (self.x_mm[node + 1] - self.x_mm[node]);
        (node, share.clamp(0.0, 1.0))
    }

    /// Depth of a node's skin below the unloaded pad, mm, and its speed.
    fn depth(&self, i: usize, motion: &Motion, breath: Breath) -> (f64, f64) {
        (
            self.support[i].depth_mm - motion.u_mm[i] + self.breath[i] * breath.depth_mm,
            self.breath[i] * breath.speed_mm_s - motion.v_mm_s[i],
        )
    }

    /// What the pad carries at each node, N.
    #[must_use]
    pub fn pad_n(&self, motion: &Motion, breath: Breath) -> Nodes {
        let mut forces = [0.0; NODES_MAX];
        for i in 0..self.size {
            let (depth, speed) = self.depth(i, motion, breath);
            forces[i] = self.support[i].force(depth, speed).0;
        }
        forces
    }

    /// Force of the muscles on a node, N, with the slope of its loss as the node rises and speeds up.
    fn muscle(&self, i: usize, motion: &Motion, muscle: &Muscle) -> (f64, f64, f64) {
        let stiffness = muscle.share[i] * self.mass_t[i] * MUSCLE_RAD_S * MUSCLE_RAD_S;
        let damping = muscle.share[i] * 2.0 * self.mass_t[i] * MUSCLE_RAD_S;
        let spring = stiffness * (muscle.target_mm[i] - motion.u_mm[i]) - damping * motion.v_mm_s[i];
        (spring + muscle.force_n[i], stiffness, damping)
    }

    /// All of the muscles' force, N, up.
    #[must_use]
    pub fn muscle_n(&self, motion: &Motion, muscle: &Muscle) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.size {
            sum += self.muscle(i, motion, muscle).0;
        }
        sum
    }

    /// What pad, scanner's support and muscles do at each node: force up, and its loss as the node rises
    /// (N/mm) and as it speeds up (N s/mm).
    fn borne(&self, motion: &Motion, breath: Breath, muscle: Option<&Muscle>) -> (Nodes, Nodes, Nodes) {
        let mut force = [0.0; NODES_MAX];
        let mut stiffness = [0.0; NODES_MAX];
        let mut damping = [0.0; NODES_MAX];
        // Nodes out of use have no stiffness, support or weight: all loops have one length and run in lanes.
        for i in 0..NODES_MAX {
            let (depth, speed) = self.depth(i, motion, breath);
            let (pad, slope, damper) = self.support[i].force(depth, speed);
            force[i] = pad - self.carried_n[i];
            stiffness[i] = slope;
            damping[i] = damper;
        }
        if let Some(muscle) = muscle {
            for i in 0..self.size {
                let (pull, slope, damper) = self.muscle(i, motion, muscle);
                force[i] += pull;
                stiffness[i] += slope;
                damping[i] += damper;
            }
        }
        (force, stiffness, damping)
    }

    /// Moves the chain on by `dt_s`. Returns its displacement over the step at each node.
    pub fn step(
        &self,
        motion: &mut Motion,
        breath: Breath,
        muscle: Option<&Muscle>,
        loads: &[Load],
        dt_s: f64,
    ) -> Nodes {
        let (borne, stiffness, damping) = self.borne(motion, breath, muscle);
        let half = 0.5 * dt_s;
        // Bending acts on the shape, on its speed by damping, and by the half step of the midpoint rule.
        let mut shape = motion.u_mm;
        for i in 0..NODES_MAX {
            shape[i] += (BENDING_DAMPING_S + half) * motion.v_mm_s[i];
        }
        let bent = self.bending.times(&shape);
        let bend = half * (half + BENDING_DAMPING_S);
        let mut change = [0.0; NODES_MAX];
        let mut system = Banded::zeros(self.size);
        for i in 0..NODES_MAX {
            change[i] = dt_s * (borne[i] - bent[i] - half * stiffness[i] * motion.v_mm_s[i]);
            system.diagonal[i] =
                self.mass_t[i] + half * (damping[i] + half * stiffness[i]) + bend * self.bending.diagonal[i];
            system.first[i] = bend * self.bending.first[i];
            system.second[i] = bend * self.bending.second[i];
        }
        for load in loads {
            let (node, foot) = (load.node, load.foot);
            let head = 1.0 - foot;
            let speed = head * motion.v_mm_s[node] + foot * motion.v_mm_s[node + 1];
            let push = dt_s * (load.force_n - half * load.slope_n_mm * speed);
            change[node] += head * push;
            change[node + 1] += foot * push;
            system.add_between(node, foot, half * (load.damping_n_s_mm + half * load.slope_n_mm));
        }
        system.solve(&mut change);
        let mut moved = [0.0; NODES_MAX];
        for i in 0..NODES_MAX {
            moved[i] = dt_s * (motion.v_mm_s[i] + 0.5 * change[i]);
            motion.u_mm[i] += moved[i];
            motion.v_mm_s[i] += change[i];
        }
        moved
    }

    /// The chain at rest under constant loads, breath at its mean: Newton's method, steps of at most
    /// 5 mm. `loads` may depend on the displacement.
    #[must_use]
    pub fn at_rest(&self, loads: impl Fn(&Motion) -> Vec<Load>) -> Motion {
        let mut motion = Motion::default();
        for _ in 0..200 {
            let (mut change, stiffness, _) = self.borne(&motion, Breath::default(), None);
            let bent = self.bending.times(&motion.u_mm);
            let mut system = self.bending.clone();
            for i in 0..self.size {
                change[i] -= bent[i];
                // Keeps a node that hangs free from making the system singular.
                system.diagonal[i] += stiffness[i] + 1e-6;
            }
            for load in loads(&motion) {
                change[load.node] += (1.0 - load.foot) * load.force_n;
                change[load.node + 1] += load.foot * load.force_n;
                system.add_between(load.node, load.foot, load.slope_n_mm);
            }
            system.solve(&mut change);
            let mut largest = 0.0_f64;
            for i in 0..self.size {
                largest = largest.max(change[i].abs());
            }
            let scale = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            for i in 0..self.size {
                motion.u_mm[i] += scale * change[i];
            }
            if largest < 1e-10 {
                break;
            }
        }
        motion
    }

    /// Kinetic, bending and pad energy together, N mm, with the potential of what is carried.
    #[must_use]
    pub fn energy_n_mm(&self, motion: &Motion) -> f64 {
        let bent = self.bending.times(&motion.u_mm);
        let mut energy = 0.0;
        for i in 0..self.size {
            let speed = motion.v_mm_s[i];
            energy += 0.5 * self.mass_t[i] * speed * speed + 0.5 * motion.u_mm[i] * bent[i];
            energy += self.carried_n[i] * motion.u_mm[i];
            let support = &self.support[i];
            let depth = (support.depth_mm - motion.u_mm[i]).max(0.0);
            let square = depth * depth;
            energy += support.stiffness_n_mm * (0.5 * square + 0.25 * square * square * support.progress_mm2);
        }
        energy
    }
}

#[cfg(test)]
mod tests;
