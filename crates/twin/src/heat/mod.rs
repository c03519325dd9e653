//! Heat from element to muscle: heated rollers and mats, what is worn, and the layers of the back.
//!
//! The back is cut into strips of 10 mm along the carriages' travel, left and right; a strip is the
//! track under a roller, a column of [`layers`]. A strip touches a roller over the share of its
//! length that the roller's patch covers, and for the rest the mat or the pad. What a mat covers
//! beyond the travel (the legs) is one column more a mat. With nobody on the bed the columns stand in
//! the air of the room.
//!
//! Everything is multi-rate: columns at a roller each [`TICK_S`], all others in turn within
//! [`SWEEP_S`], each over exactly the time since its last turn, so that cost is even and no heat is
//! lost. Between turns a contact is held. Not here: heat sideways between strips (a standing
//! roller's skin is overstated), sweat's evaporation, thermometers.

mod body;
mod dose;
mod heater;
pub mod layers;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bed::{BedConfig, Side};
use counts::{CARRIAGES_MAX, HEADS_MAX, STRIPS_MAX};

pub use body::{Body, in_series};
pub use dose::{DOSE_FROM_C, dose_rate};
pub use layers::Perfusion;

use heater::{COVERED_WIDTH_M, FOAM_W_M2K, Heater, Warmth};
use layers::{Boundary, Column, Layers, NODES};

/// Length of a strip along the bed, mm. Source: design (guard's strips).
pub const STRIP_MM: f64 = 10.0;
/// Interval at which columns at a roller, and heaters, are advanced, s. Guess: a roller moves 2.4 mm
/// in it at top speed.
pub const TICK_S: f64 = 0.04;
/// Interval within which every column is advanced, s. Guess: halving it changes skin by far less
/// than 0.05 C (tested).
pub const SWEEP_S: f64 = 0.8;
/// Mats that a bed may have.
const MATS_MAX: usize = 4;

/// Where a head is and how hard it presses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Head {
    /// Roller axis along the bed, mm.
    pub x_mm: f64,
    /// Force of this head, N.
    pub force_n: f64,
    /// Whether it touches the person.
    pub in_contact: bool,
}

/// What drives the heat during a step. Entries that the bed lacks are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Electrical power of each head's heater, W.
    pub head_power_w: [f64; HEADS_MAX],
    /// Electrical power of each mat, W.
    pub mat_power_w: [f64; MATS_MAX],
    /// The heads: left and right of the first carriage, then of the second.
    pub heads: [Head; HEADS_MAX],
    /// Somebody lies on the bed.
    pub occupied: bool,
}

/// What a column rests on when no roller is there, and how much skin it stands for.
#[derive(Clone, Copy, Debug)]
struct Seat {
    mat: Option<usize>,
    /// Skin on the mat that the column stands for, m2.
    area_m2: f64,
}

/// The constant part.
#[derive(Debug)]
struct Model {
    layers: Layers<NODES>,
    body: Body,
    room_c: f64,
    from_mm: f64,
    strips: usize,
    seats: Vec<Seat>,
    heads: usize,
    rollers: Vec<Heater>,
    mats: Vec<Heater>,
    /// Half of the length over which a roller touches, mm.
    patch_mm: f64,
    /// Area over which a roller touches, m2.
    patch_m2: f64,
    /// Area of a strip's track, m2.
    track_m2: f64,
}

/// How a column was last seen to touch.
#[derive(Clone, Copy, Debug)]
struct Grip {
    head: usize,
    share: f64,
    roller_w_m2k: f64,
    ground_w_m2k: f64,
    mat: Option<usize>,
}

#[derive(Clone, Debug)]
struct Place {
    column: Column<NODES>,
    grip: Grip,
    at_s: f64,
    cem43_min: f64,
}

#[derive(Clone, Debug)]
struct State {
    now_s: f64,
    next_tick_s: [f64; CARRIAGES_MAX],
    next_mats_s: f64,
    credit: f64,
    cursor: usize,
    places: Vec<Place>,
    rollers: [Warmth; HEADS_MAX],
    mats: [Warmth; MATS_MAX],
    touched: [Option<(usize, usize)>; HEADS_MAX],
    inputs: Inputs,
}

/// Heat of bed and body: the model, shared, and its state. A clone is a checkpoint.
#[derive(Clone, Debug)]
pub struct Heat {
    model: Arc<Model>,
    state: State,
}

impl Heat {
    /// A bed at room temperature and a body that comes from standing in that room.
    #[must_use]
    pub fn new(bed: &BedConfig, body: &Body, room_c: f64) -> Self {
        let model = Model::new(bed, body, room_c);
        let air = Boundary { conductance: body.air_w_m2k(), outside_c: room_c, flow: 1.0 };
        let column = model.layers.steady(&air);
        let grip = Grip { head: 0, share: 0.0, roller_w_m2k: 0.0, ground_w_m2k: air.conductance, mat: None };
        let place = Place { column, grip, at_s: 0.0, cem43_min: 0.0 };
        let state = State {
            now_s: 0.0,
            next_tick_s: std::array::from_fn(|carriage| TICK_S * (1.0 + 0.5 * carriage as f64)),
            next_mats_s: 1.25 * TICK_S,
            credit: 0.0,
            cursor: 0,
            places: vec![place; model.seats.len()],
            rollers: [Warmth::cold(room_c); HEADS_MAX],
            mats: [Warmth::cold(room_c); MATS_MAX],
            touched: [None; HEADS_MAX],
            inputs: Inputs::default(),
        };
        Self { model: Arc::new(model), state }
    }

    /// The same bed and body, with all skin at `skin_c` (C) for so long that the tissue has settled:
    /// the warm start of a worst case.
    #[must_use]
    pub fn prewarmed(mut self, skin_c: f64) -> Self {
        // Conductance so large that the skin takes the temperature of the outside.
        let held = Boundary { conductance: 1e6, outside_c: skin_c, flow: 1.0 };
        let column = self.model.layers.steady(&held);
        for place in &mut self.state.places {
            place.column = column;
        }
        self
    }

    /// Advances by `dt_s` seconds; nothing happens when that is not a positive number.
    pub fn step(&mut self, dt_s: f64, inputs: &Inputs) {
        let positive = dt_s.is_finite() && dt_s > 0.0;
        if !positive {
            return;
        }
        self.state.step(&self.model, dt_s.min(1.0), inputs);
    }

    /// Heated area of a mat, m2; nothing where the bed has no such mat.
    #[must_use]
    pub fn mat_area_m2(bed: &BedConfig, mat: usize) -> f64 {
        bed.mats.get(mat).map_or(0.0, heater::area_m2)
    }

    /// Number of strips along the bed.
    #[must_use]
    pub fn strips(&self) -> usize {
        self.model.strips
    }

    /// Middle of a strip along the bed, mm.
    #[must_use]
    pub fn strip_x_mm(&self, strip: usize) -> f64 {
        self.model.from_mm + (strip as f64 + 0.5) * STRIP_MM
    }

    /// The strip at a place along the bed (mm), where there is one.
    #[must_use]
    pub fn strip_at(&self, x_mm: f64) -> Option<usize> {
        let place = (x_mm - self.model.from_mm) / STRIP_MM;
        (place >= 0.0 && place < self.model.strips as f64).then_some(place as usize)
    }

    /// Heating element of a zone (heads, then mats), C; the room's temperature where there is none.
    #[must_use]
    pub fn element_c(&self, zone: usize) -> f64 {
        self.warmth(zone).map_or(self.model.room_c, |warmth| warmth.element_c)
    }

    /// Surface of a zone that faces the person, C; the room's temperature where there is none.
    #[must_use]
    pub fn surface_c(&self, zone: usize) -> f64 {
        self.warmth(zone).map_or(self.model.room_c, |warmth| warmth.surface_c)
    }

    /// Surface of the skin over a strip, C; the core's temperature beyond the strips.
    #[must_use]
    pub fn skin_c(&self, strip: usize, side: Side) -> f64 {
        self.place(strip, side).map_or(layers::CORE_C, |place| place.column.celsius[0])
    }

    /// Layers over a strip at a depth below the skin (mm), C.
    #[must_use]
    pub fn muscle_c(&self, strip: usize, side: Side, depth_mm: f64) -> f64 {
        self.place(strip, side)
            .map_or(layers::CORE_C, |place| self.model.layers.at_depth(&place.column, depth_mm))
    }

    /// Heat dose of the skin over a strip so far, CEM43 minutes.
    #[must_use]
    pub fn cem43(&self, strip: usize, side: Side) -> f64 {
        self.place(strip, side).map_or(0.0, |place| place.cem43_min)
    }

    /// Hottest skin anywhere, what lies on the mats beyond the strips included, C.
    #[must_use]
    pub fn skin_max_c(&self) -> f64 {
        self.state.places.iter().fold(f64::MIN, |most, place| most.max(place.column.celsius[0]))
    }

    /// Largest heat dose of the skin anywhere, CEM43 minutes.
    #[must_use]
    pub fn cem43_max(&self) -> f64 {
        self.state.places.iter().fold(0.0, |most, place| most.max(place.cem43_min))
    }

    fn warmth(&self, zone: usize) -> Option<&Warmth> {
        let heads = self.model.heads;
        if zone < heads {
            return Some(&self.state.rollers[zone]);
        }
        let mat = zone - heads;
        (mat < self.model.mats.len()).then(|| &self.state.mats[mat])
    }

    fn place(&self, strip: usize, side: Side) -> Option<&Place> {
        (strip < self.model.strips).then(|| &self.state.places[index_of(strip, side)])
    }
}

/// Left columns are even, right ones odd, as the heads are.
fn index_of(strip: usize, side: Side) -> usize {
    match side {
        Side::Left => 2 * strip,
        Side::Right => 2 * strip + 1,
    }
}

impl Model {
    fn new(bed: &BedConfig, body: &Body, room_c: f64) -> Self {
        let mut from_mm = f64::MAX;
        let mut to_mm = f64::MIN;
        for carriage in &bed.carriages {
            from_mm = from_mm.min(f64::from(carriage.from_mm));
            to_mm = to_mm.max(f64::from(carriage.to_mm));
        }
        let strips = (((to_mm - from_mm) / STRIP_MM).ceil().max(1.0) as usize).min(STRIPS_MAX / 2);
        let reach_mm = from_mm + strips as f64 * STRIP_MM;
        let strip_m2 = STRIP_MM * 1e-3 * COVERED_WIDTH_M / 2.0;
        let mut seats = Vec::with_capacity(2 * strips + MATS_MAX);
        for strip in 0..strips {
            let x_mm = from_mm + (strip as f64 + 0.5) * STRIP_MM;
            let under =
                |mat: &bed::config::MatConfig| x_mm >= f64::from(mat.from_mm) && x_mm < f64::from(mat.to_mm);
            let mat = bed.mats.iter().position(under);
            seats.extend([Seat { mat, area_m2: strip_m2 }; 2]);
        }
        for (index, mat) in bed.mats.iter().enumerate() {
            let (from, to) = (f64::from(mat.from_mm), f64::from(mat.to_mm));
            let beyond_mm = (to - from) - (to.min(reach_mm) - from.max(from_mm)).max(0.0);
            if beyond_mm > 0.0 {
                seats.push(Seat { mat: Some(index), area_m2: beyond_mm * 1e-3 * COVERED_WIDTH_M });
            }
        }
        let width_mm = f64::from(bed.roller.width_mm);
        let area_mm2 = f64::from(bed.roller.contact_area_mm2);
        Self {
            layers: Layers::new(body.dermis_mm, body.fat_mm, body.muscle_mm, &body.perfusion),
            body: *body,
            room_c,
            from_mm,
            strips,
            seats,
            heads: bed.heads(),
            rollers: vec![Heater::roller(&bed.roller, bed.head_heater.as_ref()); bed.heads()],
            mats: bed.mats.iter().map(Heater::mat).collect(),
            patch_mm: 0.5 * area_mm2 / width_mm,
            patch_m2: area_mm2 * 1e-6,
            track_m2: STRIP_MM * width_mm * 1e-6,
        }
    }

    /// The strips that a head touches, first and last.
    fn under(&self, head: &Head) -> Option<(usize, usize)> {
        let last = (self.strips - 1) as f64;
        let from = (head.x_mm - self.patch_mm - self.from_mm) / STRIP_MM;
        let to = (head.x_mm + self.patch_mm - self.from_mm) / STRIP_MM;
        let touches = head.in_contact && to >= 0.0 && from <= last + 1.0;
        touches.then(|| (from.clamp(0.0, last) as usize, to.clamp(0.0, last) as usize))
    }

    /// How a column touches now.
    fn grip(&self, column: usize, inputs: &Inputs) -> Grip {
        let mat = self.seats[column].mat.filter(|_| inputs.occupied);
        let ground = match (inputs.occupied, mat) {
            (false, _) => self.body.air_w_m2k(),
            (true, Some(_)) => self.body.lying_w_m2k(),
            (true, None) => in_series(self.body.lying_w_m2k(), FOAM_W_M2K),
        };
        let mut grip = Grip { head: 0, share: 0.0, roller_w_m2k: 0.0, ground_w_m2k: ground, mat };
        if column >= 2 * self.strips || !inputs.occupied {
            return grip;
        }
        let from = self.from_mm + (column / 2) as f64 * STRIP_MM;
        let mut index = column % 2;
        while index < self.heads {
            let head = &inputs.heads[index];
            let overlap =
                (head.x_mm + self.patch_mm).min(from + STRIP_MM) - (head.x_mm - self.patch_mm).max(from);
            let share = (overlap / STRIP_MM).clamp(0.0, 1.0);
            if head.in_contact && share > grip.share {
                let contact = self.body.contact_w_m2k(head.force_n / self.patch_m2);
                grip.head = index;
                grip.share = share;
                grip.roller_w_m2k = share * contact;
                grip.ground_w_m2k = (1.0 - share) * ground;
            }
            index += 2;
        }
        grip
    }
}

impl State {
    fn step(&mut self, model: &Model, dt_s: f64, inputs: &Inputs) {
        for head in 0..model.heads {
            model.rollers[head].feed(&mut self.rollers[head], inputs.head_power_w[head], dt_s);
        }
        for mat in 0..model.mats.len() {
            model.mats[mat].feed(&mut self.mats[mat], inputs.mat_power_w[mat], dt_s);
        }
        self.inputs = *inputs;
        self.now_s += dt_s;
        for carriage in 0..model.heads / 2 {
            if self.now_s >= self.next_tick_s[carriage] {
                self.next_tick_s[carriage] = (self.next_tick_s[carriage] + TICK_S).max(self.now_s);
                self.tick_head(model, 2 * carriage);
                self.tick_head(model, 2 * carriage + 1);
            }
        }
        if self.now_s >= self.next_mats_s {
            self.next_mats_s = (self.next_mats_s + TICK_S).max(self.now_s);
            for mat in 0..model.mats.len() {
                model.mats[mat].advance(&mut self.mats[mat], self.now_s, inputs.occupied, model.room_c);
            }
        }
        self.sweep(model, dt_s);
    }

    /// Columns at a roller now or at its last turn, then the roller itself.
    fn tick_head(&mut self, model: &Model, head: usize) {
        let side = head % 2;
        let under = model.under(&self.inputs.heads[head]).filter(|_| self.inputs.occupied);
        for range in [self.touched[head], under].into_iter().flatten() {
            self.visit_all(model, (range.0..=range.1).map(|strip| 2 * strip + side));
        }
        self.touched[head] = under;
        model.rollers[head].advance(&mut self.rollers[head], self.now_s, self.inputs.occupied, model.room_c);
    }

    /// The next columns in turn: a strip's left and right together, so that mirrored worlds mirror.
    fn sweep(&mut self, model: &Model, dt_s: f64) {
        let turns = model.seats.len() - model.strips;
        self.credit += dt_s / SWEEP_S * turns as f64;
        while self.credit >= 1.0 {
            self.credit -= 1.0;
            if self.cursor < model.strips {
                self.visit_all(model, 2 * self.cursor..=2 * self.cursor + 1);
            } else {
                self.visit(model, [model.strips + self.cursor]);
            }
            self.cursor = (self.cursor + 1) % turns;
        }
    }

    /// Visits different columns two at a time; those that have been visited now are left out.
    fn visit_all(&mut self, model: &Model, columns: impl Iterator<Item = usize>) {
        let mut first = None;
        for column in columns {
            if self.places[column].at_s >= self.now_s {
                continue;
            }
            match first.take() {
                None => first = Some(column),
                Some(first) => self.visit(model, [first, column]),
            }
        }
        if let Some(last) = first {
            self.visit(model, [last]);
        }
    }

    /// Advances different columns to now behind the contact they had, then looks at their contact again.
    fn visit<const L: usize>(&mut self, model: &Model, columns: [usize; L]) {
        let Ok(places) = self.places.get_disjoint_mut(columns) else { return };
        let grips = std::array::from_fn::<_, L, _>(|l| places[l].grip);
        let dts = std::array::from_fn::<_, L, _>(|l| self.now_s - places[l].at_s);
        let outsides = grips.map(|grip| {
            let ground_c = grip.mat.map_or(model.room_c, |mat| self.mats[mat].surface_c);
            (self.rollers[grip.head].surface_c, ground_c)
        });
        let boundaries = std::array::from_fn::<_, L, _>(|l| {
            let (grip, (roller_c, ground_c)) = (&grips[l], outsides[l]);
            let conductance = grip.roller_w_m2k + grip.ground_w_m2k;
            let outside_c = (grip.roller_w_m2k * roller_c + grip.ground_w_m2k * ground_c) / conductance;
            Boundary { conductance, outside_c, flow: 1.0 - grip.share }
        });
        let means_c = model.layers.step_each(places.map(|place| &mut place.column), &boundaries, dts);
        for l in 0..L {
            let (grip, (roller_c, ground_c), mean_c, dt) = (&grips[l], outsides[l], means_c[l], dts[l]);
            self.rollers[grip.head].given_j += grip.roller_w_m2k * (roller_c - mean_c) * dt * model.track_m2;
            if let Some(mat) = grip.mat {
                let area = model.seats[columns[l]].area_m2;
                self.mats[mat].given_j += grip.ground_w_m2k * (ground_c - mean_c) * dt * area;
            }
            let place = &mut self.places[columns[l]];
            place.cem43_min += dose_rate(mean_c) * dt / 60.0;
            place.at_s = self.now_s;
            place.grip = model.grip(columns[l], &self.inputs);
        }
    }
}
