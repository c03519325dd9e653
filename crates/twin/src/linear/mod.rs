//! The trunk and the rollers in it, linearised at a working point, for other engines to check.
//!
//! *Working point*: somebody lies at the mark and holds their breath, both heads press at a level until
//! the tissue has relaxed. With `q` (mm) the nodes' displacement from there, `h` (mm) a roller's and
//! `L = (1 - s) q_n + s q_{n+1}` the trunk's over it:
//!
//! `M q'' + (b K + C) q' + (K + P) q = sum over rollers of f (at their nodes) + load`,
//! `f = k (h - L) + c (h' - L') - a R`, `R' = (k (h - L) - R) / tau`.
//!
//! `K`, `b`: the joints' bending and its damping ([`crate::spine_chain`]); `P`, `C`: slope and damping of the
//! pad under each node; `k`, `c`: slopes of the tissue's force with indentation and its speed, `a` the
//! share that relaxes with `tau` ([`crate::tissue`]). N, mm, s, masses in t.
//!
//! [`mjcf`] writes it for MuJoCo, [`predict`] says what the twin makes of it. What is not in it: breathing,
//! heads that travel, touch that is lost, everything whose slope changes far from the working point.

pub mod mjcf;
pub mod predict;
#[cfg(test)]
mod tests;

use bed::{BedConfig, Level};
use nalgebra::{DMatrix, SymmetricEigen};

use crate::banded::{Banded, NODES_MAX};
use crate::people::rig::{Rig, level_mm};
use crate::plant::Contact;
use crate::spine_chain::{Chain, Load, Motion, Nodes, Support};
use crate::trunk::BEFORE;
use crate::{Person, Twin};

/// Time for which the heads hold the force, then stay where they are, s. Design: ten times the time in
/// which tissue relaxes, so that nothing moves any more.
const SETTLE_S: [f64; 2] = [60.0, 120.0];
/// Depth to which a linearised pad is laid below the body, so that it never lets go, mm. Design: far more
/// than anything moves; it changes no slope.
const NEVER_FREE_MM: f64 = 1000.0;

/// Why there is no model.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum LinearError {
    /// The person has no such level.
    #[error("{person} has no level {level}; there are {first} to {last}")]
    Level {
        /// Who lies there.
        person: String,
        /// The level asked for.
        level: &'static str,
        /// The first level there is.
        first: &'static str,
        /// The last level there is.
        last: &'static str,
    },
    /// The heads do not reach that force there.
    #[error("the heads reach {reached_n:.1} N at {level}, not {asked_n} N; ask for less")]
    Force {
        /// The level asked for.
        level: &'static str,
        /// Force of both heads, N.
        reached_n: f64,
        /// Force asked for, N.
        asked_n: f64,
    },
}

/// A twin at a working point, and the linear model of its trunk there.
#[derive(Clone, Debug)]
pub struct Linear {
    twin: Twin,
    names: Vec<String>,
    level: Level,
    /// The chain with linear pads, whose displacement is measured from the working point.
    chain: Chain,
    contacts: Vec<Contact>,
}

impl Linear {
    /// Lays a person on a bed, presses with both heads together with `force_n` (N) at a level, waits.
    ///
    /// # Errors
    /// No such level, or a force that the heads do not reach there.
    pub fn at(bed: &BedConfig, person: &Person, level: Level, force_n: f64) -> Result<Self, LinearError> {
        if !person.levels.iter().any(|found| found.level == level) {
            let name = |found: Option<&crate::BodyLevel>| found.map_or("?", |found| found.level.name());
            return Err(LinearError::Level {
                person: person.name.clone(),
                level: level.name(),
                first: name(person.levels.first()),
                last: name(person.levels.last()),
            });
        }
        let mut rig = Rig::new(bed, person, false);
        rig.under(level_mm(rig.twin.person(), level));
        rig.hold(force_n, SETTLE_S[0], |_| ());
        let reached_n = rig.force_n();
        if reached_n < 0.95 * force_n {
            return Err(LinearError::Force { level: level.name(), reached_n, asked_n: force_n });
        }
        rig.rest(SETTLE_S[1]);
        Ok(Self::of(rig.twin, level))
    }

    /// Linearises a twin that is at rest.
    fn of(twin: Twin, level: Level) -> Self {
        let mut chain = twin.trunk().chain.clone();
        let motion = twin.motion();
        for i in 0..chain.size {
            let depth_mm = chain.support[i].depth_mm - motion.u_mm[i];
            let (_, stiffness_n_mm, damping_n_s_mm) = chain.support[i].force(depth_mm, 0.0);
            let depth_mm = NEVER_FREE_MM;
            chain.support[i] = Support { stiffness_n_mm, progress_mm2: 0.0, damping_n_s_mm, depth_mm };
            chain.carried_n[i] = stiffness_n_mm * depth_mm;
        }
        let mut names: Vec<String> = ["head", "neck", "C7"].map(str::to_owned).to_vec();
        names.extend(twin.person().levels.iter().map(|level| level.level.name().to_owned()));
        names.truncate(NODES_MAX - 2);
        names.extend(["sacrum", "pelvis"].map(str::to_owned));
        names.truncate(chain.size);
        let contacts = twin.contacts();
        Self { twin, names, level, chain, contacts }
    }

    /// `K + P`, and the rollers' part: all of it at once (`relaxed` false), or what is left of it.
    fn stiffness(&self, relaxed: bool) -> Banded {
        let mut matrix = self.chain.bending.clone();
        for i in 0..self.chain.size {
            matrix.add(i, i, self.chain.support[i].stiffness_n_mm);
        }
        for contact in &self.contacts {
            let share = if relaxed { 1.0 - self.relaxing() } else { 1.0 };
            matrix.add_between(contact.node, contact.foot, share * contact.slope_n_mm);
        }
        matrix
    }

    /// Share of the tissue's force that relaxes.
    fn relaxing(&self) -> f64 {
        self.twin.person().law.relaxing
    }

    /// Natural frequencies without damping, Hz, rising; the rollers stand still and the tissue has no time
    /// to relax.
    #[must_use]
    pub fn frequencies_hz(&self) -> Vec<f64> {
        let (size, stiffness) = (self.chain.size, self.stiffness(false));
        let mut matrix = DMatrix::zeros(size, size);
        for column in 0..size {
            let mut unit = [0.0; NODES_MAX];
            unit[column] = 1.0;
            let forces = stiffness.times(&unit);
            for row in 0..size {
                let mass = (self.chain.mass_t[row] * self.chain.mass_t[column]).sqrt();
                matrix[(row, column)] = forces[row] / mass;
            }
        }
        let squares = SymmetricEigen::new(matrix).eigenvalues;
        let mut found: Vec<f64> =
            squares.iter().map(|square| square.max(0.0).sqrt() / core::f64::consts::TAU).collect();
        found.sort_by(f64::total_cmp);
        found
    }

    /// The whole trunk, not linearised, at rest with the rollers where they are and `force_n` (N, up) on one
    /// node.
    fn bent(&self, node: usize, force_n: f64) -> Motion {
        let (law, from) = (&self.twin.person().law, self.twin.motion());
        // A force on the last node is one between the last two, all of it on the footward one.
        let last = self.chain.size - 2;
        let extra = Load {
            node: node.min(last),
            foot: if node > last { 1.0 } else { 0.0 },
            force_n,
            ..Load::default()
        };
        self.twin.trunk().chain.at_rest(|to| {
            let mut loads: Vec<Load> =
                self.contacts.iter().map(|contact| contact.relaxed(law, from, to)).collect();
            loads.push(extra);
            loads
        })
    }

    /// How far a node moves at rest, mm, under `force_n` (N) on it: half of what lies between the force up
    /// and the force down, in the whole trunk; the tissue has relaxed.
    #[must_use]
    pub fn deflection_mm(&self, node: usize, force_n: f64) -> f64 {
        0.5 * (self.bent(node, force_n).u_mm[node] - self.bent(node, -force_n).u_mm[node])
    }

    /// The same in the linear model.
    #[must_use]
    pub fn deflection_linear_mm(&self, node: usize, force_n: f64) -> f64 {
        let mut moved: Nodes = [0.0; NODES_MAX];
        moved[node] = force_n;
        self.stiffness(true).solve(&mut moved);
        moved[node]
    }

    /// Names of the nodes, from head to foot.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The vertebrae's nodes.
    #[must_use]
    pub fn vertebrae(&self) -> std::ops::Range<usize> {
        BEFORE..self.chain.size - 2
    }
}
