//! The linear model as MJCF, for MuJoCo: SI units (m, kg, s, N, rad).
//!
//! Not the twin's equations written again: links and hinges in place of heights. The trunk is one chain
//! of rigid links that can heave and tilt at the head and bend at each node, with the nodes' masses at
//! the hinges and the joints' stiffness on them, so that MuJoCo makes its own mass matrix and its own
//! bending. A pad is a fixed tendon whose length is a node's height; a roller is a body on a slide whose
//! height is given, with a tendon to the trunk over it, and beside that a second spring in series with
//! a damper: what relaxes. Not in it: what the module above says, and gravity, which is in balance.

use std::fmt::Write as _;

use super::Linear;
use crate::spine_chain::BENDING_DAMPING_S;

/// Mass of the bodies that only carry a damper, kg. Design: a few millionths of a trunk, so that it moves nothing.
const CARRIER_KG: f64 = 1e-4;
/// Mass of a roller, kg. Design: none of it is felt, since a roller's height is given.
const ROLLER_KG: f64 = 100.0;
/// Inertia of what turns with no inertia of its own, kg m2. Design: above MuJoCo's least.
const INERTIA_KG_M2: f64 = 1e-9;
/// From N/mm, N s/mm and t to N/m, N s/m and kg; from mm to m, and N mm to N m, the other way.
const SI: f64 = 1000.0;

/// Text that may stand in a comment or an attribute of XML: letters, digits and a few signs.
fn plain(text: &str) -> String {
    let kept = |sign: char| if sign.is_alphanumeric() || " ._".contains(sign) { sign } else { '_' };
    text.chars().map(kept).collect()
}

impl Linear {
    /// The file.
    #[must_use]
    pub fn mjcf(&self) -> String {
        let mut xml = String::new();
        // Writing into a string cannot fail.
        let _ = self.write(&mut xml);
        xml
    }

    fn write(&self, xml: &mut String) -> std::fmt::Result {
        self.head(xml)?;
        writeln!(xml, "  <worldbody>")?;
        self.trunk(xml)?;
        for contact in &self.contacts {
            let side = SIDES[contact.side];
            let x_m = contact.x_mm / SI;
            let y_m = f64::from(self.twin.bed().roller_centre_mm()) / SI
                * if contact.side == 0 { 1.0 } else { -1.0 };
            writeln!(
                xml,
                "    <body name=\"roller_{side}\" pos=\"{x_m} {y_m} 0\">\n      \
                 <joint name=\"roller_{side}\" type=\"slide\" axis=\"0 0 1\"/>\n      \
                 {}\n      <geom type=\"cylinder\" fromto=\"0 -0.02 -0.1 0 0.02 -0.1\" size=\"0.05\"/>\n    </body>",
                inertial(ROLLER_KG),
            )?;
        }
        writeln!(xml, "  </worldbody>\n  <tendon>")?;
        for i in 0..self.chain.size {
            let support = &self.chain.support[i];
            writeln!(
                xml,
                "    <fixed name=\"pad_{}\" stiffness=\"{}\" damping=\"{}\" springlength=\"0\">{}</fixed>",
                self.names[i],
                SI * support.stiffness_n_mm,
                SI * support.damping_n_s_mm,
                self.height(self.chain.x_mm[i], i, 1.0),
            )?;
        }
        for contact in &self.contacts {
            let (side, relaxing) = (SIDES[contact.side], self.relaxing());
            let roller = format!("<joint joint=\"roller_{side}\" coef=\"1\"/>");
            let trunk = self.height(contact.x_mm, contact.node, -1.0);
            writeln!(
                xml,
                "    <fixed name=\"tissue_{side}\" stiffness=\"{}\" damping=\"{}\" springlength=\"0\">{roller}{trunk}</fixed>\n    \
                 <fixed name=\"relaxing_{side}\" stiffness=\"{}\" springlength=\"0\">{roller}<joint joint=\"relaxed_{side}\" coef=\"-1\"/>{trunk}</fixed>",
                SI * (1.0 - relaxing) * contact.slope_n_mm,
                SI * contact.damping_n_s_mm,
                SI * relaxing * contact.slope_n_mm,
            )?;
        }
        writeln!(xml, "  </tendon>\n</mujoco>")
    }

    fn head(&self, xml: &mut String) -> std::fmt::Result {
        let name = plain(&self.twin.person().name);
        writeln!(xml, "<mujoco model=\"ondol trunk of {name}\">\n  <!--")?;
        writeln!(xml, "    Simulated person. Not a measurement of you.")?;
        writeln!(
            xml,
            "    Linear model of a trunk on its pad, at this working point: breath held, both heads at"
        )?;
        writeln!(
            xml,
            "    {}, tissue relaxed. Per head: force, height of the roller's top, place from T1.",
            self.level.name()
        )?;
        for contact in &self.contacts {
            writeln!(
                xml,
                "      {}: {:.3} N, {:.3} mm, {:.2} mm",
                SIDES[contact.side], contact.force_n, contact.height_mm, contact.x_mm
            )?;
        }
        writeln!(
            xml,
            "    All heights are changes from there; gravity is in balance and left out. Frame: x from head"
        )?;
        writeln!(
            xml,
            "    to foot, 0 at T1; y to the person's left; z up. Units: m, kg, s, N, rad; stiffness of"
        )?;
        writeln!(xml, "    tendons N/m, of hinges N m/rad, damping N s/m and N m s/rad.")?;
        writeln!(xml, "    A roller's height is an input: set qpos and qvel of its slide in every step.")?;
        writeln!(xml, "    Not here: breathing, heads that travel, touch that is lost.\n  -->")?;
        // Damping is stiff against the small masses: MuJoCo must take it implicitly.
        writeln!(xml, "  <compiler angle=\"radian\"/>")?;
        writeln!(xml, "  <option timestep=\"0.001\" gravity=\"0 0 0\" integrator=\"implicit\">")?;
        writeln!(xml, "    <flag contact=\"disable\" constraint=\"disable\"/>\n  </option>")?;
        writeln!(xml, "  <default>\n    <geom contype=\"0\" conaffinity=\"0\" mass=\"0\"/>\n  </default>")
    }

    /// The chain, a body in a body.
    fn trunk(&self, xml: &mut String) -> std::fmt::Result {
        let (chain, last) = (&self.chain, self.chain.size - 1);
        for i in 0..=last {
            let indent = " ".repeat(4 + 2 * i);
            let from = if i == 0 { 0.0 } else { chain.x_mm[i - 1] };
            writeln!(
                xml,
                "{indent}<body name=\"{}\" pos=\"{} 0 0\">",
                self.names[i],
                (chain.x_mm[i] - from) / SI
            )?;
            if i == 0 {
                writeln!(xml, "{indent}  <joint name=\"heave\" type=\"slide\" axis=\"0 0 1\"/>")?;
            }
            if i < last {
                let stiffness = if i == 0 { 0.0 } else { chain.joints_n_mm[i] / SI };
                writeln!(
                    xml,
                    "{indent}  <joint name=\"{}\" type=\"hinge\" axis=\"0 -1 0\" stiffness=\"{stiffness}\" damping=\"{}\"/>",
                    self.hinge(i),
                    BENDING_DAMPING_S * stiffness
                )?;
                let link_m = (chain.x_mm[i + 1] - chain.x_mm[i]) / SI;
                writeln!(
                    xml,
                    "{indent}  <geom type=\"capsule\" fromto=\"0 0 0 {link_m} 0 0\" size=\"0.006\"/>"
                )?;
            }
            writeln!(xml, "{indent}  {}", inertial(SI * chain.mass_t[i]))?;
            for contact in self.contacts.iter().filter(|contact| contact.node == i) {
                let side = SIDES[contact.side];
                let damping = SI * self.relaxing() * contact.slope_n_mm * self.twin.person().law.tau_s;
                writeln!(
                    xml,
                    "{indent}  <body name=\"relaxed_{side}\" pos=\"{} 0 0\">\n{indent}    \
                     <joint name=\"relaxed_{side}\" type=\"slide\" axis=\"0 0 1\" damping=\"{damping}\"/>\n{indent}    \
                     {}\n{indent}  </body>",
                    (contact.x_mm - chain.x_mm[i]) / SI,
                    inertial(CARRIER_KG),
                )?;
            }
        }
        for i in (0..=last).rev() {
            writeln!(xml, "{}</body>", " ".repeat(4 + 2 * i))?;
        }
        Ok(())
    }

    fn hinge(&self, i: usize) -> String {
        if i == 0 { "tilt".to_owned() } else { format!("bend_{}", self.names[i]) }
    }

    /// The trunk's height at a place (mm from T1) on the link behind node `link`, times a factor, as a sum of
    /// joints: each hinge before it lifts it by its lever.
    fn height(&self, x_mm: f64, link: usize, factor: f64) -> String {
        let mut sum = format!("<joint joint=\"heave\" coef=\"{factor}\"/>");
        for i in 0..=link.min(self.chain.size - 2) {
            let lever_m = (x_mm - self.chain.x_mm[i]) / SI;
            if lever_m > 0.0 {
                sum += &format!("<joint joint=\"{}\" coef=\"{}\"/>", self.hinge(i), factor * lever_m);
            }
        }
        sum
    }
}

const SIDES: [&str; 2] = ["left", "right"];

fn inertial(mass_kg: f64) -> String {
    let i = INERTIA_KG_M2;
    format!("<inertial pos=\"0 0 0\" mass=\"{mass_kg}\" diaginertia=\"{i} {i} {i}\"/>")
}
