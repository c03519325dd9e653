//! The derivatives of one predicted height, few of which are not zero.
//!
//! They are taken with respect to the coordinates of the bone line and of the two end bodies, and to the unknowns
//! beyond those that place the bodies; [`Laid`] says how the coordinates move with the unknowns.

use crate::chain::Laid;
use crate::unknowns::{PLACED, UNKNOWNS};
use population::BODIES;

/// Where the coordinate of a body of the bone line stands.
pub(crate) fn bone(body: usize, axis: usize) -> usize {
    3 * body + axis
}

/// Where T1's place along the bed stands, and L5's.
pub(crate) const FIRST: usize = 3 * BODIES;
pub(crate) const LAST: usize = FIRST + 1;
/// Coordinates of the chain.
const CHAIN: usize = LAST + 1;
/// Numbers of one row.
pub(crate) const WIDTH: usize = CHAIN + UNKNOWNS - PLACED;

/// Where an unknown stands that does not place the bodies.
pub(crate) const fn of(unknown: usize) -> usize {
    CHAIN + unknown - PLACED
}

/// One row: sums of derivatives by place.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    values: Vec<f64>,
    touched: Vec<usize>,
    kept: bool,
}

impl Row {
    pub(crate) fn new() -> Self {
        Self { values: vec![0.0; WIDTH], touched: Vec::with_capacity(128), kept: true }
    }

    /// One that keeps nothing, where only the height is asked for.
    pub(crate) fn blind() -> Self {
        Self { values: Vec::new(), touched: Vec::new(), kept: false }
    }

    pub(crate) fn add(&mut self, place: usize, value: f64) {
        if self.kept && value != 0.0 {
            if self.values[place] == 0.0 {
                self.touched.push(place);
            }
            self.values[place] += value;
        }
    }

    pub(crate) fn clear(&mut self) {
        for place in self.touched.drain(..) {
            self.values[place] = 0.0;
        }
    }

    pub(crate) fn touched(&self) -> &[usize] {
        &self.touched
    }

    pub(crate) fn value(&self, place: usize) -> f64 {
        self.values[place]
    }
}

/// Derivatives of the chain's coordinate `place` with respect to the first [`PLACED`] unknowns.
fn slopes(laid: &Laid, place: usize) -> &[f64] {
    match place {
        FIRST => laid.centre_slopes(0, 0),
        LAST => laid.centre_slopes(BODIES - 1, 0),
        place => laid.bone_slopes(place / 3, place % 3),
    }
}

/// Sums of products of rows, and of rows and residuals.
pub(crate) struct Normal {
    /// Row-major, lower triangle.
    products: Vec<f64>,
    pulls: Vec<f64>,
}

impl Normal {
    pub(crate) fn new() -> Self {
        Self { products: vec![0.0; WIDTH * WIDTH], pulls: vec![0.0; WIDTH] }
    }

    /// Adds the weighted products of some rows, given at the same `places` (in rising order).
    pub(crate) fn add(&mut self, places: &[usize], rows: &[Vec<f64>], residuals: &[f64]) {
        for (a, &i) in places.iter().enumerate() {
            let line = &mut self.products[i * WIDTH..(i + 1) * WIDTH];
            for (row, residual) in rows.iter().zip(residuals) {
                let factor = row[a];
                if factor == 0.0 {
                    continue;
                }
                self.pulls[i] += factor * residual;
                for (value, &j) in row[..=a].iter().zip(&places[..=a]) {
                    line[j] += factor * value;
                }
            }
        }
    }

    /// Adds everything to a precision of the first `count` unknowns (row-major lower triangle, `count` wide), and
    /// to a downhill slope.
    pub(crate) fn spread(&self, laid: &Laid, count: usize, matrix: &mut [f64], slope: &mut [f64]) {
        for i in PLACED..count {
            let from = &self.products[of(i) * WIDTH..];
            slope[i] += self.pulls[of(i)];
            for (to, value) in matrix[i * count + PLACED..=i * count + i].iter_mut().zip(&from[of(PLACED)..])
            {
                *to += value;
            }
        }
        // Products with the chain's coordinates, first one side turned into unknowns, then the other.
        let mut half = vec![0.0; CHAIN * PLACED];
        for a in 0..CHAIN {
            let own = slopes(laid, a);
            for (to, slope_by) in slope[..PLACED].iter_mut().zip(own) {
                *to += self.pulls[a] * slope_by;
            }
            for i in PLACED..count {
                let value = self.products[of(i) * WIDTH + a];
                if value != 0.0 {
                    for (to, by) in matrix[i * count..i * count + PLACED].iter_mut().zip(own) {
                        *to += value * by;
                    }
                }
            }
            for b in 0..CHAIN {
                let value = self.products[a.max(b) * WIDTH + a.min(b)];
                if value != 0.0 {
                    let to = &mut half[b * PLACED..(b + 1) * PLACED];
                    for (to, by) in to.iter_mut().zip(own) {
                        *to += value * by;
                    }
                }
            }
        }
        for b in 0..CHAIN {
            let (own, half) = (slopes(laid, b), &half[b * PLACED..(b + 1) * PLACED]);
            for (i, by) in own.iter().enumerate() {
                if *by != 0.0 {
                    for (to, value) in matrix[i * count..=i * count + i].iter_mut().zip(half) {
                        *to += by * value;
                    }
                }
            }
        }
    }
}
