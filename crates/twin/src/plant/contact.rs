//! How the rollers meet the back at one moment, for a model that is linearised there.

use super::{Breath, Meeting, Twin};
use crate::spine_chain::{Load, Motion};
use crate::tissue::{Law, STRIP_MM, Site, Under};

/// A roller that lies still in the tissue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Contact {
    /// 0 on the person's left, 1 on their right.
    pub(crate) side: usize,
    /// Place from T1 along the bed, mm.
    pub(crate) x_mm: f64,
    /// Height of the roller's top in the bed's frame, mm.
    pub(crate) height_mm: f64,
    /// The headward node.
    pub(crate) node: usize,
    /// Share of the footward node.
    pub(crate) foot: f64,
    /// Force, N.
    pub(crate) force_n: f64,
    /// Slope of the force with indentation before any relaxation, N/mm.
    pub(crate) slope_n_mm: f64,
    /// Slope with the speed of indentation, N s/mm.
    pub(crate) damping_n_s_mm: f64,
    indentation_mm: f64,
    site: Site,
}

impl Contact {
    /// Movement of the trunk at this place, mm, where its nodes move by `motion`.
    fn of(&self, motion: &Motion) -> f64 {
        (1.0 - self.foot) * motion.u_mm[self.node] + self.foot * motion.u_mm[self.node + 1]
    }

    /// The push on a trunk that has moved from `from` to `to` and waited until the tissue had relaxed.
    pub(crate) fn relaxed(&self, law: &Law, from: &Motion, to: &Motion) -> Load {
        let indentation_mm = self.indentation_mm - (self.of(to) - self.of(from));
        let (elastic, slope) = law.elastic(&self.site, indentation_mm);
        let left = 1.0 - law.relaxing;
        Load {
            node: self.node,
            foot: self.foot,
            force_n: left * elastic,
            slope_n_mm: left * slope,
            damping_n_s_mm: 0.0,
        }
    }
}

impl Twin {
    /// The rollers that press now, breath at its mean.
    pub(crate) fn contacts(&self) -> Vec<Contact> {
        let (model, mut state) = (&self.model, self.state.clone());
        let will = state.behaviour.will(&model.trunk.chain, state.now);
        let meetings = state.meet(model, &will, Breath::default());
        let mut contacts = Vec::new();
        for (head, meeting) in meetings.iter().enumerate().take(model.bed.heads()) {
            let Meeting { push, indentation_mm, x_mm, node, foot, .. } = *meeting;
            if push.force_n <= 0.0 {
                continue;
            }
            let side = head % 2;
            let (spot, _) = model.profile.at(x_mm, side);
            let under = Under::at(x_mm - super::FROM_MM - 0.5 * STRIP_MM);
            let tense = 1.0 + (spot.tense - 1.0) * state.softened(model, &under, side);
            contacts.push(Contact {
                side,
                x_mm,
                height_mm: state.lifts[head].height_mm,
                node,
                foot,
                force_n: push.force_n,
                slope_n_mm: push.slope_n_mm,
                damping_n_s_mm: push.damping_n_s_mm,
                indentation_mm,
                site: Site { stiffness_n_mm: spot.stiffness_n_mm * tense, thickness_mm: spot.thickness_mm },
            });
        }
        contacts
    }
}
