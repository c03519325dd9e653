//! Where the body centres lie for given unknowns, and how they move with them.
//!
//! The chain is built from the 48 numbers of [`population::Shape`] (ln gap, sagittal and lateral
//! inclination of each segment), its yaw is taken out, and it is laid on the bed: T1 at (x, y), the
//! mean height, yaw, pitch, and two smooth bends by which a soft pad lets the body sag otherwise than
//! the CT couch did.

use crate::unknowns::{BEND, PITCH, PLACED, SHAPE, X, Y, YAW, Z};
use population::{BODIES, GAPS, LATERAL, PARAMS, SAGITTAL, SEGMENTS, ShapeModel, Tissue};

/// Coordinates of all body centres: x, y, z of T1, then of T2 and so on; mm, bed frame.
pub(crate) const COORDINATES: usize = 3 * BODIES;

/// Body centres `[x, y, z]` in mm, T1 first.
pub(crate) type Centres = [[f64; 3]; BODIES];

/// The shapes that may be expected, with a factor of their covariance.
#[derive(Debug, Clone)]
pub(crate) struct Shapes {
    mean: [f64; PARAMS],
    /// Row-major lower triangle: `numbers = mean + factor * whitened`.
    factor: Vec<f64>,
    /// From body centre to bone line, mm, at right angles to the spine and footward along it.
    behind: [f64; BODIES],
    along: [f64; BODIES],
}

/// Centres and bone line, and how they move.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    pub(crate) centres: Centres,
    pub(crate) bone: Centres,
    /// Derivatives with respect to the first [`PLACED`] unknowns: row-major, a row a coordinate, the
    /// centres' before the bone line's.
    slopes: Vec<f64>,
}

impl Laid {
    /// Derivatives of one coordinate of a body's centre.
    pub(crate) fn centre_slopes(&self, body: usize, axis: usize) -> &[f64] {
        self.slopes(3 * body + axis)
    }

    /// Derivatives of one coordinate of a body's point on the bone line.
    pub(crate) fn bone_slopes(&self, body: usize, axis: usize) -> &[f64] {
        self.slopes(COORDINATES + 3 * body + axis)
    }

    fn slopes(&self, coordinate: usize) -> &[f64] {
        &self.slopes[coordinate * PLACED..(coordinate + 1) * PLACED]
    }
}

impl Shapes {
    pub(crate) fn new(model: &ShapeModel, tissue: &Tissue) -> Self {
        let mut mean = [0.0; PARAMS];
        let mut factor = vec![0.0; PARAMS * PARAMS];
        for row in 0..PARAMS {
            mean[row] = model.mean()[row];
            for column in 0..=row {
                factor[row * PARAMS + column] = model.factor()[(row, column)];
            }
        }
        Self { mean, factor, behind: tissue.dorsal_offset_mm, along: tissue.dorsal_along_mm }
    }

    fn numbers(&self, whitened: &[f64]) -> [f64; PARAMS] {
        let mut numbers = self.mean;
        for row in 0..PARAMS {
            for column in 0..=row {
                numbers[row] += self.factor[row * PARAMS + column] * whitened[column];
            }
        }
        numbers
    }

    /// Body centres for the unknowns, of which only the first [`PLACED`] count here.
    pub(crate) fn centres(&self, unknowns: &[f64]) -> Centres {
        lay(&chain(&self.numbers(&unknowns[SHAPE..SHAPE + PARAMS])), unknowns)
    }

    /// Centres and bone line, and their derivatives.
    pub(crate) fn lay(&self, unknowns: &[f64]) -> Laid {
        let numbers = self.numbers(&unknowns[SHAPE..SHAPE + PARAMS]);
        let straight = chain(&numbers);
        let from = self.both(&straight, unknowns);
        let mut by_number = vec![0.0; 2 * COORDINATES * PARAMS];
        for number in 0..PARAMS {
            let mut moved = numbers;
            moved[number] += STEP;
            let to = self.both(&chain(&moved), unknowns);
            fill(&mut by_number, PARAMS, number, &to, &from);
        }
        let mut slopes = vec![0.0; 2 * COORDINATES * PLACED];
        for coordinate in 0..2 * COORDINATES {
            let to = &mut slopes[coordinate * PLACED..(coordinate + 1) * PLACED];
            for number in 0..PARAMS {
                let slope = by_number[coordinate * PARAMS + number];
                let row = &self.factor[number * PARAMS..number * PARAMS + number + 1];
                for (to, factor) in to[SHAPE..].iter_mut().zip(row) {
                    *to += slope * factor;
                }
            }
        }
        for unknown in [X, Y, Z, YAW, PITCH, BEND, BEND + 1] {
            let mut moved = [0.0; PLACED];
            moved.copy_from_slice(&unknowns[..PLACED]);
            moved[unknown] += STEP;
            fill(&mut slopes, PLACED, unknown, &self.both(&straight, &moved), &from);
        }
        let [centres, bone] = from;
        Laid { centres, bone, slopes }
    }

    /// Centres and bone line alone; nothing is to be asked of how they move.
    pub(crate) fn lay_fixed(&self, unknowns: &[f64]) -> Laid {
        let [centres, bone] = self.both(&chain(&self.numbers(&unknowns[SHAPE..SHAPE + PARAMS])), unknowns);
        Laid { centres, bone, slopes: Vec::new() }
    }

    fn both(&self, chain: &Centres, unknowns: &[f64]) -> [Centres; 2] {
        let centres = lay(chain, unknowns);
        let bone = self.bone(&centres);
        [centres, bone]
    }

    /// The bone line behind the centres.
    fn bone(&self, centres: &Centres) -> Centres {
        let mut bone = *centres;
        for body in 0..BODIES {
            let (before, after) = (&centres[body.saturating_sub(1)], &centres[(body + 1).min(BODIES - 1)]);
            let (dx, dz) = (after[0] - before[0], after[2] - before[2]);
            let length = libm::sqrt(dx * dx + dz * dz).max(1e-3);
            let (cos, sin) = (dx / length, dz / length);
            bone[body][0] += self.along[body] * cos + self.behind[body] * sin;
            bone[body][2] += self.along[body] * sin - self.behind[body] * cos;
        }
        bone
    }
}

/// Step of the finite differences: radians, ln mm or mm. The map is smooth and of order one, so the
/// error is of order 1e-4 mm.
const STEP: f64 = 1e-6;

fn fill(slopes: &mut [f64], columns: usize, column: usize, moved: &[Centres; 2], from: &[Centres; 2]) {
    let points = moved.iter().flatten().zip(from.iter().flatten());
    for (index, (moved, from)) in points.enumerate() {
        for axis in 0..3 {
            slopes[(3 * index + axis) * columns + column] = (moved[axis] - from[axis]) / STEP;
        }
    }
}

/// Cumulative sum of the segments, yaw taken out, T1 at the origin.
fn chain(numbers: &[f64; PARAMS]) -> Centres {
    let mut centres = [[0.0; 3]; BODIES];
    for i in 0..SEGMENTS {
        let rise = libm::tan(numbers[SAGITTAL + i].clamp(-1.2, 1.2));
        let drift = libm::tan(numbers[LATERAL + i].clamp(-1.2, 1.2));
        let gap = libm::exp(numbers[GAPS + i].clamp(0.0, 6.0));
        let along = gap / libm::sqrt(1.0 + drift * drift + rise * rise);
        let from = centres[i];
        centres[i + 1] = [from[0] + along, from[1] + drift * along, from[2] + rise * along];
    }
    let yaw = yaw_of(&centres);
    turn(&mut centres, -yaw);
    centres
}

fn yaw_of(centres: &Centres) -> f64 {
    libm::atan2(centres[BODIES - 1][1], centres[BODIES - 1][0])
}

/// Turns the chain about the vertical through its first centre.
fn turn(centres: &mut Centres, angle: f64) {
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let first = centres[0];
    for centre in centres {
        let (dx, dy) = (centre[0] - first[0], centre[1] - first[1]);
        centre[0] = first[0] + cos * dx - sin * dy;
        centre[1] = first[1] + sin * dx + cos * dy;
    }
}

/// Lays a chain on the bed.
fn lay(chain: &Centres, unknowns: &[f64]) -> Centres {
    let mut centres = *chain;
    turn(&mut centres, unknowns[YAW]);
    let mut mean = 0.0;
    for centre in &centres {
        mean += centre[2] / BODIES as f64;
    }
    let (first, last) = (chain[0][0], chain[BODIES - 1][0]);
    let (middle, half) = (0.5 * (first + last), (0.5 * (last - first)).max(1.0));
    let pitch = libm::tan(unknowns[PITCH].clamp(-1.0, 1.0));
    for (centre, straight) in centres.iter_mut().zip(chain) {
        let along = (straight[0] - middle) / half;
        // Legendre polynomials of second and third order: bends without height or pitch.
        let second = 1.5 * along * along - 0.5;
        let third = along * (2.5 * along * along - 1.5);
        centre[0] += unknowns[X];
        centre[1] += unknowns[Y];
        centre[2] += unknowns[Z] - mean
            + pitch * (straight[0] - middle)
            + unknowns[BEND] * second
            + unknowns[BEND + 1] * third;
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknowns() -> Vec<f64> {
        let mut unknowns: Vec<f64> = (0..PLACED).map(|i| 0.4 * libm::sin(1.7 * i as f64)).collect();
        unknowns[X] = 507.0;
        unknowns[Z] = 90.0;
        unknowns[YAW] = 0.01;
        unknowns[PITCH] = -0.02;
        unknowns
    }

    #[test]
    fn slopes_are_those_of_finite_differences_of_the_whole() {
        let shapes = Shapes::new(&ShapeModel::all(), &Tissue::prior());
        let at = unknowns();
        let laid = shapes.lay(&at);
        for unknown in 0..PLACED {
            let (mut up, mut down) = (at.clone(), at.clone());
            up[unknown] += 1e-4;
            down[unknown] -= 1e-4;
            let (up, down) = (shapes.lay(&up), shapes.lay(&down));
            for body in 0..BODIES {
                for axis in 0..3 {
                    let centre = (up.centres[body][axis] - down.centres[body][axis]) / 2e-4;
                    let bone = (up.bone[body][axis] - down.bone[body][axis]) / 2e-4;
                    assert!(
                        (centre - laid.centre_slopes(body, axis)[unknown]).abs()
                            < 1e-3 * (1.0 + centre.abs())
                    );
                    assert!((bone - laid.bone_slopes(body, axis)[unknown]).abs() < 1e-3 * (1.0 + bone.abs()));
                }
            }
        }
    }

    #[test]
    fn the_chain_is_that_of_the_population() {
        let model = ShapeModel::all();
        let shapes = Shapes::new(&model, &Tissue::prior());
        let centres = shapes.centres(&[0.0; PLACED]);
        let expected = model.middle().centres();
        for body in 0..BODIES {
            assert!((centres[body][0] - expected[body][0]).abs() < 1e-9);
            assert!((centres[body][1] - expected[body][1]).abs() < 1e-9);
            let rise = centres[body][2] - centres[0][2];
            assert!((rise - expected[body][2]).abs() < 1e-9);
        }
    }
}
