//! Heated parts of the bed: a heating element behind the surface that faces the person.
//!
//! Two lumps, element and surface: `C_e dT_e/dt = P - G (T_e - T_s) - L_e (T_e - T_room)` and
//! `C_s dT_s/dt = G (T_e - T_s) - L_s (T_s - T_room) - q`, q the heat that people took (W). Heun's
//! method, second order. For a roller both lumps together hold what the bed file says.

use bed::config::{HeaterConfig, MatConfig, RollerConfig};

/// Share of a roller's heat capacity that lies in its element. Guess.
const ROLLER_ELEMENT_SHARE: f64 = 0.2;
/// Conductance from a roller's element to its surface, W/K. Guess: 15 K apart at 60 W.
const ROLLER_LINK_W_K: f64 = 4.0;
/// Loss of a roller to the room, W/K. Guess: 10 W/m2K over some 80 cm2, and as much again through
/// its mount.
const ROLLER_LOSS_W_K: f64 = 0.15;
/// Width of a mat, m. Guess.
const MAT_WIDTH_M: f64 = 0.45;
/// Width of a mat or pad that a back or two legs cover, m. Guess: somewhat less than the breadth of
/// chest and hips (ANSUR II: 270-350 mm).
pub const COVERED_WIDTH_M: f64 = 0.30;
/// Heat capacity of a mat's element an area, J/m2K. Guess: wires, foil and felt, 0.7 kg/m2.
const MAT_ELEMENT_J_M2K: f64 = 1000.0;
/// Heat capacity of a mat's cover an area, J/m2K. Guess: cover and quilting, 1.4 kg/m2.
const MAT_SURFACE_J_M2K: f64 = 2000.0;
/// Conductance from a mat's element to its surface, W/m2K. Guess: 1 mm of textile.
const MAT_LINK_W_M2K: f64 = 80.0;
/// Conductance through the bed below element or pad to the room, W/m2K. Guess: 30 mm of foam at
/// 0.04 W/mK.
pub const FOAM_W_M2K: f64 = 1.5;
/// Conductance from a surface to the air of a room, W/m2K. Source: science.md 5.2 (h = 8).
pub const AIR_W_M2K: f64 = 8.0;

/// Area of a mat, m2.
pub fn area_m2(mat: &MatConfig) -> f64 {
    f64::from(mat.to_mm - mat.from_mm).max(10.0) * 1e-3 * MAT_WIDTH_M
}

/// Constants of one heater.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heater {
    power_max_w: f64,
    element_j_k: f64,
    surface_j_k: f64,
    link_w_k: f64,
    element_loss_w_k: f64,
    /// Loss of the surface with nobody there, and with somebody.
    surface_loss_w_k: [f64; 2],
}

/// State of one heater.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warmth {
    /// Element, C.
    pub element_c: f64,
    /// Surface, C.
    pub surface_c: f64,
    /// Electrical energy since the last step, J.
    pub fed_j: f64,
    /// Heat given to people since the last step, J.
    pub given_j: f64,
    /// Moment of the last step, s.
    pub at_s: f64,
}

impl Warmth {
    /// At the temperature of the room.
    #[must_use]
    pub fn cold(room_c: f64) -> Self {
        Self { element_c: room_c, surface_c: room_c, fed_j: 0.0, given_j: 0.0, at_s: 0.0 }
    }
}

impl Heater {
    /// The heater in a roller; without a heater the roller still stores and gives heat.
    #[must_use]
    pub fn roller(roller: &RollerConfig, heater: Option<&HeaterConfig>) -> Self {
        let total = f64::from(roller.heat_capacity_j_k);
        Self {
            power_max_w: heater.map_or(0.0, |heater| f64::from(heater.power_w)),
            element_j_k: ROLLER_ELEMENT_SHARE * total,
            surface_j_k: (1.0 - ROLLER_ELEMENT_SHARE) * total,
            link_w_k: ROLLER_LINK_W_K,
            element_loss_w_k: 0.0,
            surface_loss_w_k: [ROLLER_LOSS_W_K; 2],
        }
    }

    /// The heater of a mat.
    #[must_use]
    pub fn mat(mat: &MatConfig) -> Self {
        let area = area_m2(mat);
        let bare = area * (1.0 - COVERED_WIDTH_M / MAT_WIDTH_M);
        Self {
            power_max_w: f64::from(mat.heater.power_w),
            element_j_k: MAT_ELEMENT_J_M2K * area,
            surface_j_k: MAT_SURFACE_J_M2K * area,
            link_w_k: MAT_LINK_W_M2K * area,
            element_loss_w_k: FOAM_W_M2K * area,
            surface_loss_w_k: [AIR_W_M2K * area, AIR_W_M2K * bare],
        }
    }

    /// Takes up electrical power (W) for `dt_s` seconds; what is not a number is no power.
    pub fn feed(&self, warmth: &mut Warmth, power_w: f64, dt_s: f64) {
        if power_w > 0.0 {
            warmth.fed_j += power_w.min(self.power_max_w) * dt_s;
        }
    }

    /// Advances to the moment `now_s`. Returns the heat lost to the room, J.
    pub fn advance(&self, warmth: &mut Warmth, now_s: f64, occupied: bool, room_c: f64) -> f64 {
        let dt = now_s - warmth.at_s;
        if dt <= 0.0 {
            return 0.0;
        }
        let surface_loss = self.surface_loss_w_k[usize::from(occupied)];
        let flows = |element: f64, surface: f64| {
            let passed = self.link_w_k * (element - surface);
            let lost = (self.element_loss_w_k * (element - room_c), surface_loss * (surface - room_c));
            (passed, lost)
        };
        let (fed, given) = (warmth.fed_j, warmth.given_j);
        let (element, surface) = (warmth.element_c, warmth.surface_c);
        let (passed_a, lost_a) = flows(element, surface);
        let guess_element = element + (fed - (passed_a + lost_a.0) * dt) / self.element_j_k;
        let guess_surface = surface + ((passed_a - lost_a.1) * dt - given) / self.surface_j_k;
        let (passed_b, lost_b) = flows(guess_element, guess_surface);
        let passed = 0.5 * (passed_a + passed_b) * dt;
        let lost = (0.5 * (lost_a.0 + lost_b.0) * dt, 0.5 * (lost_a.1 + lost_b.1) * dt);
        warmth.element_c = element + (fed - passed - lost.0) / self.element_j_k;
        warmth.surface_c = surface + (passed - lost.1 - given) / self.surface_j_k;
        warmth.fed_j = 0.0;
        warmth.given_j = 0.0;
        warmth.at_s = now_s;
        lost.0 + lost.1
    }

    /// Heat stored above 0 C, J.
    #[cfg(test)]
    pub fn stored(&self, warmth: &Warmth) -> f64 {
        self.element_j_k * warmth.element_c + self.surface_j_k * warmth.surface_c
    }
}
