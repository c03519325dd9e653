//! Layered tissue under one place of the skin: epidermis, dermis, fat and muscle down to the core.
//!
//! Pennes' equation in one dimension, z from the skin's surface inwards (m):
//!
//! `rho c dT/dt = d/dz (k dT/dz) + w rho_b c_b (T_a - T) + q_m`
//!
//! T (C), k (W/mK), perfusion w (1/s), blood `rho_b c_b` (J/m3K), arterial `T_a` (C), metabolic heat
//! `q_m` (W/m3). At z = 0 the tissue meets a boundary `g (T_out - T)` (W/m2), at the bottom the core
//! holds its temperature. Vertex-centred finite volumes, layer faces on nodes (second order in dz);
//! TR-BDF2 in time (second order, L-stable: Bank 1985, Hosea & Shampine 1996), one factorisation a
//! step. Skin perfusion rises with skin temperature, muscle perfusion with muscle temperature, both
//! with a lag; that factor is held over a step.
//!
//! It does not spread heat sideways: under a small hot contact it overstates the rise at depth.

use std::f64::consts::SQRT_2;

/// Nodes of a column as the twin uses it; a finer grid has a multiple of this.
pub const NODES: usize = 15;

/// Arterial and core temperature, C. Source: science.md 5.2 (37 C core at 72 mm).
pub const CORE_C: f64 = 37.0;

/// Heat capacity of blood a volume, J/m3K: 1060 kg/m3 times 3770 J/kgK. Source: science.md 5.1 (set
/// after Jiang 2002).
pub const BLOOD_J_M3K: f64 = 1060.0 * 3770.0;

/// What one layer is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layer {
    /// Conductivity, W/mK.
    pub(super) k: f64,
    /// Heat capacity a volume, J/m3K.
    pub(super) capacity: f64,
    /// Metabolic heat, W/m3.
    pub(super) metabolic: f64,
    /// Cells on the coarsest grid.
    pub(super) cells: usize,
    /// Ratio of a cell's thickness to the one above it.
    pub(super) growth: f64,
}

/// Source of k, rho and c: science.md 5.1 (set after Jiang 2002). Source of metabolic heat: the same
/// table, lower values of its ranges (recall). Guess: cells and their growth, chosen by the
/// convergence test.
pub(super) const LAYERS: [Layer; 4] = [
    Layer { k: 0.24, capacity: 1200.0 * 3590.0, metabolic: 0.0, cells: 1, growth: 1.0 },
    Layer { k: 0.45, capacity: 1200.0 * 3300.0, metabolic: 370.0, cells: 3, growth: 1.8 },
    Layer { k: 0.19, capacity: 1000.0 * 2500.0, metabolic: 5.0, cells: 4, growth: 1.0 },
    Layer { k: 0.50, capacity: 1000.0 * 4000.0, metabolic: 420.0, cells: 7, growth: 1.35 },
];

/// Thickness of the epidermis, mm. Source: science.md 5.1.
const EPIDERMIS_MM: f64 = 0.08;

/// Perfusion of the layers, and how far warmth opens the vessels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perfusion {
    /// Dermis at rest, 1/s.
    pub skin: f64,
    /// Fat, 1/s.
    pub fat: f64,
    /// Muscle at rest, 1/s.
    pub muscle: f64,
    /// Largest skin perfusion over that at rest (1: never opens).
    pub skin_opening: f64,
    /// Largest muscle perfusion over that at rest (1: never opens).
    pub muscle_opening: f64,
}

impl Perfusion {
    /// A resting adult.
    ///
    /// Source: skin .00125 1/s science.md 5.1; fat .0003 and muscle .0005 1/s the joint fit to muscle
    /// heating of science.md 5.2, see `people`. Guess: openings.
    pub const REST: Self =
        Self { skin: 0.00125, fat: 0.0003, muscle: 0.0005, skin_opening: 5.0, muscle_opening: 2.0 };
    /// No blood flow at all: a manikin, or the worst case for a burn.
    pub const NONE: Self = Self { skin: 0.0, fat: 0.0, muscle: 0.0, skin_opening: 1.0, muscle_opening: 1.0 };
}

/// Skin temperatures between which the skin's vessels open, C. Source of the upper end: maximum at a
/// local 42 C (Taylor 1984, science.md 5.1). Guess: the lower end, warm skin of a rested person.
const SKIN_OPENS_C: (f64, f64) = (34.0, 42.0);
/// Muscle temperatures between which its vessels open, C. Guess.
const MUSCLE_OPENS_C: (f64, f64) = (38.0, 42.0);
/// Lag of the vessels, s. Source: skin flow reaches its maximum after 35-55 minutes at 42 C (Taylor
/// 1984, science.md 5.1): 99 % of the opening, 4.6 lags, after 46 minutes.
const OPENING_LAG_S: f64 = 600.0;

/// What the outside of the skin touches: `conductance` (W/m2K) to something at `outside_c`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundary {
    /// Conductance, W/m2K.
    pub conductance: f64,
    /// Temperature beyond it, C.
    pub outside_c: f64,
    /// Share of the skin's blood flow that is left (a loaded roller squeezes it out), 0 to 1.
    pub flow: f64,
}

/// Heat that crossed the edges of a column during a step, J/m2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Crossed {
    /// In through the skin.
    pub skin: f64,
    /// In from the core.
    pub core: f64,
    /// In from the blood.
    pub blood: f64,
    /// Made by the tissue.
    pub metabolic: f64,
    /// Mean of the skin's temperature over the step, C.
    pub skin_c: f64,
}

/// The layers of a body, cut into `N` cells: the constant part of every column.
#[derive(Clone, Debug)]
pub struct Layers<const N: usize> {
    depth_m: [f64; N],
    capacity: [f64; N],
    link: [f64; N],
    blood_skin: [f64; N],
    blood_rest: [f64; N],
    blood_muscle: [f64; N],
    metabolic: [f64; N],
    bottom_m: f64,
    muscle_node: usize,
    skin_opening: f64,
    muscle_opening: f64,
}

/// One column's state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column<const N: usize> {
    /// Temperature of each node, C.
    pub celsius: [f64; N],
    /// Skin perfusion over that at rest.
    pub skin_open: f64,
    /// Muscle perfusion over that at rest.
    pub muscle_open: f64,
}

/// A value a node of `L` columns that are worked on together: each step of an elimination waits for the
/// one before, and columns do not wait for each other.
type Lanes<const N: usize, const L: usize> = [[f64; L]; N];

/// A factored tridiagonal matrix: inverse pivots, and each off-diagonal over the pivot above it.
struct Factors<const N: usize, const L: usize> {
    pivot: Lanes<N, L>,
    ratio: Lanes<N, L>,
}

impl<const N: usize, const L: usize> Factors<N, L> {
    #[inline]
    fn solve(&self, x: &mut Lanes<N, L>) {
        let mut above = x[0];
        for i in 1..N {
            for l in 0..L {
                above[l] = x[i][l] + self.ratio[i][l] * above[l];
            }
            x[i] = above;
        }
        let mut below = x[N - 1];
        for l in 0..L {
            below[l] *= self.pivot[N - 1][l];
        }
        x[N - 1] = below;
        for i in (0..N - 1).rev() {
            for l in 0..L {
                below[l] = x[i][l] * self.pivot[i][l] + self.ratio[i + 1][l] * below[l];
            }
            x[i] = below;
        }
    }
}

impl<const N: usize> Layers<N> {
    /// Layers of these thicknesses (mm). `N` is [`NODES`] times a whole number.
    ///
    /// # Panics
    /// If `N` is not a multiple of [`NODES`] (a mistake in the code, never in data).
    #[must_use]
    pub fn new(dermis_mm: f64, fat_mm: f64, muscle_mm: f64, perfusion: &Perfusion) -> Self {
        Self::of_layers(&LAYERS, [EPIDERMIS_MM, dermis_mm, fat_mm, muscle_mm], perfusion)
    }

    /// The same with layers of any stuff, for closed forms.
    pub(super) fn of_layers(layers: &[Layer; 4], thickness_mm: [f64; 4], perfusion: &Perfusion) -> Self {
        assert!(N > 0 && N.is_multiple_of(NODES), "a grid is a multiple of the coarsest one");
        let flow = [0.0, perfusion.skin, perfusion.fat, perfusion.muscle];
        let cells = Self::cells(layers, thickness_mm);
        let mut tissue = Self {
            depth_m: [0.0; N],
            capacity: [0.0; N],
            link: [0.0; N],
            blood_skin: [0.0; N],
            blood_rest: [0.0; N],
            blood_muscle: [0.0; N],
            metabolic: [0.0; N],
            bottom_m: 0.0,
            muscle_node: 0,
            skin_opening: perfusion.skin_opening.max(1.0),
            muscle_opening: perfusion.muscle_opening.max(1.0),
        };
        let mut depth = 0.0;
        for (cell, &(layer, thickness)) in cells.iter().enumerate() {
            tissue.depth_m[cell] = depth;
            if layer == 3 && tissue.muscle_node == 0 {
                tissue.muscle_node = cell;
            }
            tissue.link[cell] = layers[layer].k / thickness;
            let half = 0.5 * thickness;
            let blood = half * flow[layer] * BLOOD_J_M3K;
            for node in [cell, cell + 1] {
                if node < N {
                    tissue.capacity[node] += half * layers[layer].capacity;
                    tissue.metabolic[node] += half * layers[layer].metabolic;
                    match layer {
                        1 => tissue.blood_skin[node] += blood,
                        2 => tissue.blood_rest[node] += blood,
                        3 => tissue.blood_muscle[node] += blood,
                        _ => {}
                    }
                }
            }
            depth += thickness;
        }
        tissue.bottom_m = depth;
        tissue
    }

    /// The cells from the surface down: index of the layer, thickness in m.
    fn cells(layers: &[Layer; 4], thickness_mm: [f64; 4]) -> [(usize, f64); N] {
        let fine = N / NODES;
        let mut cells = [(0, 0.0); N];
        let mut next = 0;
        for (index, layer) in layers.iter().enumerate() {
            let mut total = 0.0;
            let mut share = 1.0;
            for _ in 0..layer.cells {
                total += share;
                share *= layer.growth;
            }
            let mut share = 1.0;
            for _ in 0..layer.cells {
                let thickness = thickness_mm[index].max(0.01) * 1e-3 * share / total / fine as f64;
                for _ in 0..fine {
                    cells[next] = (index, thickness);
                    next += 1;
                }
                share *= layer.growth;
            }
        }
        cells
    }

    /// Conductance and sources of each node: diagonal of K (W/m2K) and constant s (W/m2).
    #[inline]
    fn assemble<const L: usize>(
        &self,
        opening: [(f64, f64); L],
        boundaries: &[Boundary; L],
    ) -> (Lanes<N, L>, Lanes<N, L>) {
        let mut diagonal = [[0.0; L]; N];
        let mut source = [[0.0; L]; N];
        let mut above = boundaries.map(|boundary| boundary.conductance);
        for i in 0..N {
            for l in 0..L {
                let (skin, muscle) = opening[l];
                let blood = self.blood_skin[i] * skin + self.blood_rest[i] + self.blood_muscle[i] * muscle;
                diagonal[i][l] = above[l] + self.link[i] + blood;
                source[i][l] = blood * CORE_C + self.metabolic[i];
            }
            above = [self.link[i]; L];
        }
        for l in 0..L {
            source[0][l] += boundaries[l].conductance * boundaries[l].outside_c;
            source[N - 1][l] += self.link[N - 1] * CORE_C;
        }
        (diagonal, source)
    }

    /// The column at rest behind a boundary, with vessels as at rest.
    #[must_use]
    pub fn steady(&self, boundary: &Boundary) -> Column<N> {
        let (diagonal, mut source) = self.assemble([(boundary.flow, 1.0)], &[*boundary]);
        self.factor(&diagonal, [1.0]).solve(&mut source);
        Column { celsius: source.map(|[celsius]| celsius), skin_open: 1.0, muscle_open: 1.0 }
    }

    /// Factors the symmetric matrix with this diagonal and off-diagonals `-scale link`.
    #[inline]
    fn factor<const L: usize>(&self, diagonal: &Lanes<N, L>, scale: [f64; L]) -> Factors<N, L> {
        let mut factors = Factors { pivot: [[0.0; L]; N], ratio: [[0.0; L]; N] };
        let mut pivot = diagonal[0].map(|diagonal| 1.0 / diagonal);
        factors.pivot[0] = pivot;
        for i in 1..N {
            let mut ratio = [0.0; L];
            for l in 0..L {
                let off = scale[l] * self.link[i - 1];
                ratio[l] = off * pivot[l];
                pivot[l] = 1.0 / (diagonal[i][l] - off * ratio[l]);
            }
            factors.ratio[i] = ratio;
            factors.pivot[i] = pivot;
        }
        factors
    }

    /// `s - K T`, the heat that each node gains, W/m2.
    #[inline]
    fn gain<const L: usize>(
        &self,
        diagonal: &Lanes<N, L>,
        source: &Lanes<N, L>,
        celsius: &Lanes<N, L>,
    ) -> Lanes<N, L> {
        let mut gain = [[0.0; L]; N];
        for i in 0..N {
            for l in 0..L {
                gain[i][l] = source[i][l] - diagonal[i][l] * celsius[i][l];
                if i > 0 {
                    gain[i][l] += self.link[i - 1] * celsius[i - 1][l];
                }
                if i < N - 1 {
                    gain[i][l] += self.link[i] * celsius[i + 1][l];
                }
            }
        }
        gain
    }

    /// Advances a column by `dt_s` seconds behind a constant boundary.
    ///
    /// Returns the mean temperature of the skin over the step (C), weighted as the step weights it:
    /// `conductance (outside - mean) dt` is exactly the heat that came in through the skin.
    pub fn step(&self, column: &mut Column<N>, boundary: &Boundary, dt_s: f64) -> f64 {
        let [mean_c] = self.step_each([column], &[*boundary], [dt_s]);
        mean_c
    }

    /// [`Layers::step`] for several columns in about the time of one, each with its boundary and span.
    pub fn step_each<const L: usize>(
        &self,
        columns: [&mut Column<N>; L],
        boundaries: &[Boundary; L],
        dt_s: [f64; L],
    ) -> [f64; L] {
        let mut columns = columns;
        let mean = self.advance(&mut columns, boundaries, dt_s);
        for (column, dt_s) in columns.into_iter().zip(dt_s) {
            self.dilate(column, dt_s);
        }
        mean[0]
    }

    /// [`Layers::step`] with the whole balance of heat.
    pub fn step_counted(&self, column: &mut Column<N>, boundary: &Boundary, dt_s: f64) -> Crossed {
        let (skin, muscle) = (column.skin_open * boundary.flow, column.muscle_open);
        let mean = self.advance(&mut [column], &[*boundary], [dt_s]).map(|[mean]| mean);
        self.dilate(column, dt_s);
        let mut crossed = Crossed { skin_c: mean[0], ..Crossed::default() };
        crossed.skin = boundary.conductance * (boundary.outside_c - mean[0]) * dt_s;
        crossed.core = self.link[N - 1] * (CORE_C - mean[N - 1]) * dt_s;
        for i in 0..N {
            let blood = self.blood_skin[i] * skin + self.blood_rest[i] + self.blood_muscle[i] * muscle;
            crossed.blood += blood * (CORE_C - mean[i]) * dt_s;
            crossed.metabolic += self.metabolic[i] * dt_s;
        }
        crossed
    }

    /// One TR-BDF2 step; returns the stage-weighted mean temperatures.
    #[inline]
    fn advance<const L: usize>(
        &self,
        columns: &mut [&mut Column<N>; L],
        boundaries: &[Boundary; L],
        dt_s: [f64; L],
    ) -> Lanes<N, L> {
        // gamma = 2 - sqrt(2): both stages share the matrix C + a K with a = gamma dt / 2.
        const GAMMA: f64 = 2.0 - SQRT_2;
        const FROM_MIDDLE: f64 = 1.0 / (GAMMA * (2.0 - GAMMA));
        const OUTER: f64 = SQRT_2 / 4.0;
        const LAST: f64 = 1.0 - SQRT_2 / 2.0;
        let a = dt_s.map(|dt_s| 0.5 * GAMMA * dt_s);
        let opening =
            std::array::from_fn(|l| (columns[l].skin_open * boundaries[l].flow, columns[l].muscle_open));
        let (diagonal, source) = self.assemble(opening, boundaries);
        let mut matrix = diagonal;
        let mut start = [[0.0; L]; N];
        for i in 0..N {
            for l in 0..L {
                matrix[i][l] = self.capacity[i] + a[l] * diagonal[i][l];
                start[i][l] = columns[l].celsius[i];
            }
        }
        let factors = self.factor(&matrix, a);
        let gain = self.gain(&diagonal, &source, &start);
        let mut middle = [[0.0; L]; N];
        for i in 0..N {
            for l in 0..L {
                middle[i][l] = self.capacity[i] * start[i][l] + a[l] * (gain[i][l] + source[i][l]);
            }
        }
        factors.solve(&mut middle);
        let mut end = [[0.0; L]; N];
        for i in 0..N {
            for l in 0..L {
                let blend = FROM_MIDDLE * middle[i][l] + (1.0 - FROM_MIDDLE) * start[i][l];
                end[i][l] = self.capacity[i] * blend + a[l] * source[i][l];
            }
        }
        factors.solve(&mut end);
        let mut mean = [[0.0; L]; N];
        for i in 0..N {
            for l in 0..L {
                columns[l].celsius[i] = end[i][l];
                mean[i][l] = OUTER * (start[i][l] + middle[i][l]) + LAST * end[i][l];
            }
        }
        mean
    }

    /// Lets the vessels follow the temperatures.
    fn dilate(&self, column: &mut Column<N>, dt_s: f64) {
        // Rational form of exp(-dt/lag): exact enough at dt far below the lag.
        let share = dt_s / (OPENING_LAG_S + 0.5 * dt_s);
        let open = |celsius: f64, (from, to): (f64, f64), most: f64| {
            1.0 + (most - 1.0) * ((celsius - from) / (to - from)).clamp(0.0, 1.0)
        };
        let skin = open(column.celsius[0], SKIN_OPENS_C, self.skin_opening);
        let muscle = open(column.celsius[self.muscle_node], MUSCLE_OPENS_C, self.muscle_opening);
        column.skin_open += share * (skin - column.skin_open);
        column.muscle_open += share * (muscle - column.muscle_open);
    }

    /// Temperature at a depth below the skin's surface (mm), C; the core's below the last node.
    #[must_use]
    pub fn at_depth(&self, column: &Column<N>, depth_mm: f64) -> f64 {
        let depth = (depth_mm * 1e-3).max(0.0);
        for i in 1..N {
            if depth <= self.depth_m[i] {
                let share = (depth - self.depth_m[i - 1]) / (self.depth_m[i] - self.depth_m[i - 1]);
                return column.celsius[i - 1] + share * (column.celsius[i] - column.celsius[i - 1]);
            }
        }
        let last_m = self.bottom_m - self.depth_m[N - 1];
        let share = ((depth - self.depth_m[N - 1]) / last_m).min(1.0);
        column.celsius[N - 1] + share * (CORE_C - column.celsius[N - 1])
    }

    /// Heat stored above 0 C, J/m2.
    #[must_use]
    pub fn stored(&self, column: &Column<N>) -> f64 {
        let mut sum = 0.0;
        for i in 0..N {
            sum += self.capacity[i] * column.celsius[i];
        }
        sum
    }
}
