//! Symmetric pentadiagonal systems, as a beam in one degree of freedom a node makes them.
//!
//! Elimination without pivoting, so `A` must be positive definite; from both ends at once towards the
//! middle, which halves the chain of divisions that wait for each other. What it does not do: fill-in,
//! pivoting, error estimates.

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

    /// Adds `value` times the square of `(1 - foot) x[node] + foot x[node + 1]`, as a form of `x`.
    pub fn add_between(&mut self, node: usize, foot: f64, value: f64) {
        let head = 1.0 - foot;
        self.diagonal[node] += head * head * value;
        self.diagonal[node + 1] += foot * foot * value;
        self.first[node] += head * foot * value;
    }

    /// `A x`; rows beyond the size come out as zero where `x` is zero there.
    #[must_use]
    pub fn times(&self, x: &[f64; NODES_MAX]) -> [f64; NODES_MAX] {
        let (diagonal, first, second) = (&self.diagonal, &self.first, &self.second);
        let mut y = [0.0; NODES_MAX];
        // All rows but two at each end are alike, so that the loop runs in lanes.
        for i in 2..NODES_MAX - 2 {
            y[i] = diagonal[i] * x[i]
                + first[i] * x[i + 1]
                + first[i - 1] * x[i - 1]
                + second[i] * x[i + 2]
                + second[i - 2] * x[i - 2];
        }
        let last = NODES_MAX - 1;
        y[0] = diagonal[0] * x[0] + first[0] * x[1] + second[0] * x[2];
        y[1] = diagonal[1] * x[1] + first[1] * x[2] + first[0] * x[0] + second[1] * x[3];
        y[last - 1] = diagonal[last - 1] * x[last - 1]
            + first[last - 1] * x[last]
            + first[last - 2] * x[last - 2]
            + second[last - 3] * x[last - 3];
        y[last] = diagonal[last] * x[last] + first[last - 1] * x[last - 1] + second[last - 2] * x[last - 2];
        y
    }

    /// Solves `A x = b` in place of `b`, destroying `A`.
    pub fn solve(&mut self, b: &mut [f64; NODES_MAX]) {
        // Rows out of use become rows of the unit matrix: the loops then have one length.
        for i in self.size..NODES_MAX {
            self.diagonal[i] = 1.0;
            b[i] = 0.0;
        }
        let (upper, lower) = (NODES_MAX / 2 - 1, NODES_MAX / 2);
        let mut inverse = [0.0; NODES_MAX];
        // `toward[i]` is the entry beside the pivot, towards the middle.
        let mut toward = [0.0; NODES_MAX];
        let last = NODES_MAX - 1;
        let mut down = Front::at(self.diagonal[0], self.diagonal[1], self.first[0], b[0], b[1]);
        let mut up = Front::at(
            self.diagonal[last],
            self.diagonal[last - 1],
            self.first[last - 1],
            b[last],
            b[last - 1],
        );
        for i in 0..upper {
            let j = last - i;
            (inverse[i], toward[i], b[i]) =
                down.pass(self.second[i], self.diagonal[i + 2], self.first[i + 1], b[i + 2]);
            (inverse[j], toward[j], b[j]) =
                up.pass(self.second[j - 2], self.diagonal[j - 2], self.first[j - 2], b[j - 2]);
        }
        // Each front has taken its own part from the two rows in the middle.
        let first = down.here + up.next - self.diagonal[upper];
        let second = up.here + down.next - self.diagonal[lower];
        let near = down.near + up.near - self.first[upper];
        let load = down.load + up.load_next - b[upper];
        let load_next = up.load + down.load_next - b[lower];
        let pivot = 1.0 / first;
        let foot = (load_next - near * pivot * load) / (second - near * pivot * near);
        let head = (load - near * foot) * pivot;
        (b[upper], b[lower]) = (head, foot);
        let (mut above, mut above_next) = (head, foot);
        let (mut below, mut below_next) = (foot, head);
        for i in (0..upper).rev() {
            let j = last - i;
            let one = (b[i] - toward[i] * above - self.second[i] * above_next) * inverse[i];
            let other = (b[j] - toward[j] * below - self.second[j - 2] * below_next) * inverse[j];
            (above, above_next, below, below_next) = (one, above, other, below);
            (b[i], b[j]) = (one, other);
        }
    }
}

/// The edge of an elimination on its way to the middle: what it has changed travels in registers.
struct Front {
    here: f64,
    next: f64,
    near: f64,
    load: f64,
    load_next: f64,
}

impl Front {
    fn at(here: f64, next: f64, near: f64, load: f64, load_next: f64) -> Self {
        Self { here, next, near, load, load_next }
    }

    /// Eliminates one row, given the second side diagonal beside it and the untouched entries two rows
    /// on. Returns the pivot's inverse, the entry beside it and the row's load.
    #[inline(always)]
    fn pass(&mut self, far: f64, diagonal: f64, near: f64, load: f64) -> (f64, f64, f64) {
        let pivot = 1.0 / self.here;
        let done = (pivot, self.near, self.load);
        let (factor, farther) = (self.near * pivot, far * pivot);
        self.here = self.next - factor * self.near;
        self.next = diagonal - farther * far;
        let next_load = self.load_next - factor * self.load;
        self.load_next = load - farther * self.load;
        self.load = next_load;
        self.near = near - factor * far;
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solving_undoes_multiplying() {
        for size in [3, 7, 12, 13, 22, NODES_MAX] {
            let mut matrix = Banded::zeros(size);
            for i in 0..size {
                matrix.add(i, i, 9.0 + 0.3 * i as f64);
                if i + 1 < size {
                    matrix.add(i + 1, i, -3.0 + 0.1 * i as f64);
                }
                if i + 2 < size {
                    matrix.add(i, i + 2, 1.0 - 0.1 * i as f64);
                }
            }
            let mut x = [0.0; NODES_MAX];
            for i in 0..size {
                x[i] = 1.0 - 0.7 * i as f64;
            }
            let mut b = matrix.times(&x);
            matrix.clone().solve(&mut b);
            for i in 0..NODES_MAX {
                assert!((b[i] - x[i]).abs() < 1e-11, "{size} {i}");
            }
        }
    }
}
