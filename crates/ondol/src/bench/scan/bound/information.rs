//! Information of readings on latents, and the least error that it leaves.
//!
//! With latents `z ~ N(0, 1)`, readings `y = f(z) + noise` of unit white noise, `J = df/dz`, a quantity `q(z)` and
//! `g = dq/dz`:
//!
//! * *local*: `g (J^T J + 1)^-1 g^T`, the spread that readings leave near this person; exact where everything is
//!   linear and normal, and its mean over people is what the best estimator reaches where it finds the right place;
//! * *Van Trees*: `E[g] (E[J^T J] + 1)^-1 E[g]^T`, which no estimator whatever gets under in the mean square over
//!   people. Source: van Trees 1968, part I, 2.4.3; Gill and Levit 1995, Bernoulli 1, 59-79.
//!
//! The second is never above the mean of the first.

use nalgebra::{Cholesky, DMatrix};

/// What one kind of reading adds.
pub fn of(jacobian: &DMatrix<f64>) -> DMatrix<f64> {
    jacobian.transpose() * jacobian
}

/// What readings add beside unknowns of their own: derivatives `others` with respect to independent normal numbers
/// that nothing else tells of, for each of some spreads `sd` of these.
///
/// `J^T (1 + sd^2 R R^T)^-1 J = J^T J - J^T R (R^T R + sd^-2)^-1 R^T J`
///
/// # Panics
/// Never with finite numbers and an `sd` above zero.
pub fn beside<const N: usize>(
    jacobian: &DMatrix<f64>,
    others: &DMatrix<f64>,
    sds: [f64; N],
) -> [DMatrix<f64>; N] {
    let (alone, inner, cross) = (of(jacobian), of(others), others.transpose() * jacobian);
    sds.map(|sd| {
        let mut inner = inner.clone();
        for other in 0..inner.nrows() {
            inner[(other, other)] += 1.0 / (sd * sd);
        }
        let factor = Cholesky::new(inner).expect("a Gram matrix plus something").l();
        let halves = factor.solve_lower_triangular(&cross).expect("a factor has no zero");
        &alone - of(&halves)
    })
}

/// Variance left of each quantity, whose gradients are the rows.
///
/// # Panics
/// Never with finite numbers: a Gram matrix plus one is positive definite.
pub fn left(information: &DMatrix<f64>, gradients: &DMatrix<f64>) -> Vec<f64> {
    let mut total = information.clone();
    for latent in 0..total.nrows() {
        total[(latent, latent)] += 1.0;
    }
    let factor = Cholesky::new(total).expect("a Gram matrix plus one is positive definite").l();
    let halves = factor.solve_lower_triangular(&gradients.transpose()).expect("a factor has no zero");
    halves.column_iter().map(|half| half.norm_squared()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy() -> (DMatrix<f64>, DMatrix<f64>) {
        let jacobian = DMatrix::from_fn(7, 4, |i, j| libm::sin((3 * i + 5 * j) as f64));
        let gradients = DMatrix::from_fn(2, 4, |i, j| (i + j) as f64 - 1.5);
        (jacobian, gradients)
    }

    #[test]
    fn one_latent_seen_with_noise_keeps_the_spread_of_the_textbook() {
        // Prior variance 9, noise variance 4: left 9 * 4 / 13.
        let jacobian = DMatrix::from_element(1, 1, 3.0 / 2.0);
        let variance = left(&of(&jacobian), &DMatrix::from_element(1, 1, 3.0))[0];
        assert!((variance - 36.0 / 13.0).abs() < 1e-12);
    }

    #[test]
    fn without_readings_the_spread_of_the_prior_is_left() {
        let (_, gradients) = toy();
        let variances = left(&DMatrix::zeros(4, 4), &gradients);
        for (variance, row) in variances.iter().zip(gradients.row_iter()) {
            assert!((variance - row.norm_squared()).abs() < 1e-12);
        }
    }

    #[test]
    fn unknowns_beside_take_from_the_information_what_they_would_as_latents() {
        let (jacobian, gradients) = toy();
        let others = DMatrix::from_fn(7, 2, |i, j| libm::cos((2 * i + 3 * j) as f64));
        let sd = 0.7;
        let mut all = jacobian.clone().resize_horizontally(6, 0.0);
        all.columns_mut(4, 2).copy_from(&(&others * sd));
        let expected = left(&of(&all), &gradients.clone().resize_horizontally(6, 0.0));
        let [beside] = beside(&jacobian, &others, [sd]);
        let variances = left(&beside, &gradients);
        for (variance, expected) in variances.iter().zip(&expected) {
            assert!((variance - expected).abs() < 1e-10);
        }
    }

    #[test]
    fn more_readings_never_leave_more() {
        let (jacobian, gradients) = toy();
        let mut before = left(&DMatrix::zeros(4, 4), &gradients);
        for rows in 1..=jacobian.nrows() {
            let now = left(&of(&jacobian.rows(0, rows).into_owned()), &gradients);
            assert!(now.iter().zip(&before).all(|(now, before)| *now <= before + 1e-12));
            before = now;
        }
    }

    #[test]
    fn the_best_linear_estimator_of_a_linear_world_has_just_this_error() {
        // Gain K = g J^T (J J^T + 1)^-1, error variance g g^T - K J g^T.
        let (jacobian, gradients) = toy();
        let mut seen = &jacobian * jacobian.transpose();
        for row in 0..seen.nrows() {
            seen[(row, row)] += 1.0;
        }
        let inverse = seen.try_inverse().expect("a Gram matrix plus one");
        let gain = &gradients * jacobian.transpose() * inverse;
        let error = &gradients * gradients.transpose() - gain * &jacobian * gradients.transpose();
        for (index, variance) in left(&of(&jacobian), &gradients).into_iter().enumerate() {
            assert!((variance - error[(index, index)]).abs() < 1e-10);
        }
    }
}
