//! Symmetric pentadiagonal systems, as a beam in one degree of freedom a node makes them.
//!
//! `A = L D L^T` with `L` unit lower triangular of bandwidth two; no pivoting, so `A` must be positive
//! definite. What it does not do: fill-in, pivoting, error estimates.

/// Most nodes of a chain: head, neck, C7, nineteen bodies, sacrum, pelvis.
pub const NODES_MAX: usize = 24;

/// A symmetric matrix with two side diagonals.
#[derive(Clone, Debug, PartialEq)]
pub struct Banded {
    /// Number of rows in use.
    pub size: usize,
    /// Main diagonal.
    pub diagonal: [f64; NODES_MAX],
    /// `A[i + 1][i]`.
    pub first: [f64; NODES_MAX],
    /// `A[i + 2][i]`.
    pub second: [f64; NODES_MAX],
}

impl Banded {
    /// Zeros.
    #[must_use]
    pub fn zeros(size: usize) -> Self {
        debug_assert!(size <= NODES_MAX);
        Self { size, diagonal: [0.0; NODES_MAX], first: [0.0; NODES_MAX], second: [0.0; NODES_MAX] }
    }

    /// Adds `value` at row and column (and mirrored); entries outside the band are no entries.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        let (low, high) = (row.min(column), row.max(column));
        match high - low {
            0 => self.diagonal[low] += value,
            1 => self.first[low] += value,
            2 => self.second[low] += value,
            _ => debug_assert!(false, "outside the band"),
        }
    }

    /// `A x`; rows beyond the size come out as zero where `x` is zero there.
    #[must_use]
    pub fn times(&self, x: &[f64; NODES_MAX]) -> [f64; NODES_MAX] {
        // Padding by two on each side makes every row alike, so that the loop runs in lanes.
        let mut wide = [0.0; NODES_MAX + 4];
        let mut first = [0.0; NODES_MAX + 4];
        let mut second = [0.0; NODES_MAX + 4];
        wide[2..NODES_MAX + 2].copy_from_slice(x);
        first[2..NODES_MAX + 2].copy_from_slice(&self.first);
        second[2..NODES_MAX + 2].copy_from_slice(&self.second);
        let mut y = [0.0; NODES_MAX];
        for i in 0..NODES_MAX {
            y[i] = self.diagonal[i] * wide[i + 2]
                + first[i + 2] * wide[i + 3]
                + first[i + 1] * wide[i + 1]
                + second[i + 2] * wide[i + 4]
                + second[i] * wide[i];
        }
        y
    }

    /// Solves `A x = b` in place of `b`, destroying `A`.
    pub fn solve(&mut self, b: &mut [f64; NODES_MAX]) {
        // Rows out of use become rows of the unit matrix: the loops then have one length.
        for i in self.size..NODES_MAX {
            self.diagonal[i] = 1.0;
            b[i] = 0.0;
        }
        // The entries that the elimination has touched travel in registers: here, and the next row's.
        let (mut here, mut next) = (self.diagonal[0], self.diagonal[1]);
        let mut near = self.first[0];
        let (mut load, mut load_next) = (b[0], b[1]);
        let mut inverse = [0.0; NODES_MAX];
        let mut below = [0.0; NODES_MAX];
        for i in 0..NODES_MAX - 2 {
            let far = self.second[i];
            let pivot = 1.0 / here;
            (inverse[i], below[i], b[i]) = (pivot, near, load);
            let (factor, farther) = (near * pivot, far * pivot);
            here = next - factor * near;
            next = self.diagonal[i + 2] - farther * far;
            (load, load_next) = (load_next - factor * load, b[i + 2] - farther * load);
            near = self.first[i + 1] - factor * far;
        }
        let last = NODES_MAX - 1;
        let pivot = 1.0 / here;
        let mut after = (load_next - near * pivot * load) / (next - near * pivot * near);
        let mut value = (load - near * after) * pivot;
        (b[last], b[last - 1]) = (after, value);
        for i in (0..NODES_MAX - 2).rev() {
            let solved = (b[i] - below[i] * value - self.second[i] * after) * inverse[i];
            (after, value) = (value, solved);
            b[i] = solved;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solving_undoes_multiplying() {
        let mut matrix = Banded::zeros(7);
        for i in 0..7 {
            matrix.add(i, i, 9.0 + i as f64);
            if i + 1 < 7 {
                matrix.add(i + 1, i, -3.0 + 0.2 * i as f64);
            }
            if i + 2 < 7 {
                matrix.add(i, i + 2, 1.0 - 0.1 * i as f64);
            }
        }
        let mut x = [0.0; NODES_MAX];
        for i in 0..7 {
            x[i] = 1.0 - 0.7 * i as f64;
        }
        let mut b = matrix.times(&x);
        matrix.clone().solve(&mut b);
        for i in 0..7 {
            assert!((b[i] - x[i]).abs() < 1e-12);
        }
    }
}
