//! Numbers of a draw, kept: at first from a generator, afterwards told again, one of them a little changed.

use population::Draws;
use rand_chacha::ChaCha8Rng;

/// A source of numbers that remembers. Every number but a decision is kept as a standard normal one, so that all
/// latents of a person are independent and of variance one.
#[derive(Clone)]
pub struct Tape {
    rng: ChaCha8Rng,
    told: Vec<f64>,
    decided: Vec<f64>,
    at: usize,
    at_decision: usize,
}

impl Tape {
    /// An empty tape that draws what is asked for.
    pub fn of(rng: ChaCha8Rng) -> Self {
        Self { rng, told: Vec::new(), decided: Vec::new(), at: 0, at_decision: 0 }
    }

    /// The same numbers from the beginning.
    pub fn rewound(&self) -> Self {
        Self { at: 0, at_decision: 0, ..self.clone() }
    }

    /// Adds to one number.
    ///
    /// # Panics
    /// When so many were not told yet.
    pub fn change(&mut self, index: usize, by: f64) {
        self.told[index] += by;
    }

    /// How many numbers were told so far since the beginning, decisions apart.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many numbers it keeps, decisions apart.
    pub fn len(&self) -> usize {
        self.told.len()
    }
}

impl Draws for Tape {
    fn normal(&mut self) -> f64 {
        if self.at == self.told.len() {
            self.told.push(self.rng.normal());
        }
        self.at += 1;
        self.told[self.at - 1]
    }

    fn even(&mut self) -> f64 {
        if self.at == self.told.len() {
            self.told.push(standard(self.rng.even()));
        }
        self.at += 1;
        share(self.told[self.at - 1])
    }

    fn chance(&mut self) -> f64 {
        if self.at_decision == self.decided.len() {
            self.decided.push(self.rng.even());
        }
        self.at_decision += 1;
        self.decided[self.at_decision - 1]
    }
}

/// Share of a standard normal distribution below a number.
fn share(number: f64) -> f64 {
    0.5 * libm::erfc(-number * std::f64::consts::FRAC_1_SQRT_2)
}

/// The standard normal number below which this share lies, by halving; held within nine.
fn standard(below: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if share(middle) < below { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tape_tells_what_the_generator_would_and_tells_it_again() {
        let mut rng = twin::stream(7, 2);
        let mut tape = Tape::of(twin::stream(7, 2));
        for _ in 0..20 {
            assert!((tape.normal() - rng.normal()).abs() < 1e-15);
            assert!((tape.even() - rng.even()).abs() < 1e-12);
            assert!((tape.chance() - rng.even()).abs() < 1e-15);
        }
        let mut again = tape.rewound();
        let mut other = again.clone();
        other.change(0, 0.5);
        let (first, changed) = (again.normal(), other.normal());
        assert!((changed - first - 0.5).abs() < 1e-15);
        assert_eq!((again.even(), again.chance()), (other.even(), other.chance()));
    }

    #[test]
    fn shares_of_a_normal_distribution_are_those_of_the_tables() {
        // Source: tables of the standard normal distribution.
        for (number, below) in [(0.0, 0.5), (1.0, 0.841_344_746), (-1.644_853_627, 0.05)] {
            assert!((share(number) - below).abs() < 1e-9);
            assert!((standard(below) - number).abs() < 1e-8);
        }
    }
}
