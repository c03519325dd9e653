//! Exact conditional inference for one log odds ratio from matched sets.
//!
//! Symbols: x exposure in whole steps; T sum of x over all case days, t as observed; c(T) the number
//! of ways in which as many case days in each set give T (product over the sets of elementary
//! symmetric polynomials in z^x); beta the log odds ratio of one step. Then
//! `P(T; beta) = c(T) exp(beta T) / sum over u of c(u) exp(beta u)`
//! (Cox's exact conditional logistic regression). Ends of the 95 % interval are the beta at which
//! `P(T > t) + P(T = t) / 2` is 2.5 % and 97.5 %: *mid-p*, which aims at 95 % on average where the
//! wholly exact interval aims at 95 % at least (Berry and Armitage 1995, The Statistician 44:417).
//! The p value, on which findings rest, is the wholly exact one: twice the smaller tail with t in it.

/// Case and control days of one set: their exposures in whole steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    pub cases: Vec<u32>,
    pub controls: Vec<u32>,
}

/// Log odds ratio of one step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Estimate {
    /// The most likely value; `None` at the edge of what T can be, where it has no bound.
    pub beta: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Two-sided exact p value for beta = 0.
    pub p: f64,
    /// Whether T is larger than expected without effect.
    pub more: bool,
}

/// Largest log odds ratio of one step that is searched.
///
/// Design: an odds ratio of a million; what lies beyond is told as "no bound".
const BETA_MAX: f64 = 13.8;

/// One side of the interval leaves this much out.
const TAIL: f64 = 0.025;

/// Estimate, interval and p value; `None` when the days do not differ.
pub(super) fn estimate(sets: &[Set]) -> Option<Estimate> {
    let distribution = Distribution::new(sets);
    let (first, last) = (distribution.logs.first()?.0, distribution.logs.last()?.0);
    if first == last {
        return None;
    }
    let observed = distribution.observed;
    let mid = |beta: f64| {
        let (above, at, _) = distribution.tail(beta);
        above + at / 2.0
    };
    let beta = (observed > first && observed < last)
        .then(|| root(|beta| distribution.tail(beta).2 - observed as f64))
        .flatten();
    let (above, at, mean) = distribution.tail(0.0);
    Some(Estimate {
        beta,
        low: if observed > first { root(|beta| mid(beta) - TAIL) } else { None },
        high: if observed < last { root(|beta| mid(beta) - (1.0 - TAIL)) } else { None },
        p: (2.0 * (above + at).min(1.0 - above)).min(1.0),
        more: observed as f64 > mean,
    })
}

/// Where a rising function crosses zero within the range searched, by halving.
fn root(rising: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (-BETA_MAX, BETA_MAX);
    if rising(low) > 0.0 || rising(high) < 0.0 {
        return None;
    }
    // 40 halvings of 28 leave less than 1e-10.
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if rising(middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

/// Distribution of T without effect, up to a factor.
struct Distribution {
    /// Logarithm of the weight of each possible T, by T less the least exposures.
    logs: Vec<(usize, f64)>,
    /// T less the least exposures that any choice has.
    observed: usize,
}

impl Distribution {
    fn new(sets: &[Set]) -> Self {
        let mut weights = vec![1.0];
        let mut observed = 0;
        for set in sets {
            // Exposures count from the least of the set: this shifts T and keeps the table short.
            let days: Vec<u32> = set.cases.iter().chain(&set.controls).copied().collect();
            let least = days.iter().copied().min().unwrap_or(0);
            observed += set.cases.iter().map(|x| (x - least) as usize).sum::<usize>();
            let days: Vec<usize> = days.iter().map(|x| (x - least) as usize).collect();
            weights = convolve(&weights, &choices(&days, set.cases.len()));
            let largest = weights.iter().copied().fold(0.0, f64::max);
            weights.iter_mut().for_each(|weight| *weight /= largest);
        }
        let possible = weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0);
        Self { logs: possible.map(|(t, weight)| (t, weight.ln())).collect(), observed }
    }

    /// `P(T > t)`, `P(T = t)` and the mean of T at a log odds ratio.
    fn tail(&self, beta: f64) -> (f64, f64, f64) {
        let tilted = self.logs.iter().map(|(t, log)| (*t, log + beta * *t as f64));
        let largest = tilted.clone().map(|(_, log)| log).fold(f64::NEG_INFINITY, f64::max);
        let (mut all, mut above, mut at, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for (t, log) in tilted {
            let weight = (log - largest).exp();
            all += weight;
            sum += weight * t as f64;
            if t > self.observed {
                above += weight;
            } else if t == self.observed {
                at = weight;
            }
        }
        (above / all, at / all, sum / all)
    }
}

/// Number of ways to choose `count` of the days, by the sum of their exposures.
fn choices(days: &[usize], count: usize) -> Vec<f64> {
    let mut largest: Vec<usize> = days.to_vec();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    let width = largest.iter().take(count).sum::<usize>() + 1;
    let mut ways = vec![vec![0.0; width]; count + 1];
    ways[0][0] = 1.0;
    for &x in days {
        for chosen in (1..=count).rev() {
            for sum in (x..width).rev() {
                ways[chosen][sum] += ways[chosen - 1][sum - x];
            }
        }
    }
    ways.swap_remove(count)
}

fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate().filter(|(_, y)| **y > 0.0) {
            out[i + j] += x * y;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, expected: f64) -> bool {
        value.is_some_and(|value| (value - expected).abs() < 1e-6)
    }

    #[test]
    fn pairs_give_the_published_mid_p_interval_of_a_proportion() {
        // 20 pairs that differ, in 5 the case is exposed: the share is binomial with odds exp(beta).
        // Mid-p interval of 5 in 20 as printed with the R package stests: 0.09786008 to 0.47022380.
        let pair =
            |exposed: bool| Set { cases: vec![u32::from(exposed)], controls: vec![u32::from(!exposed)] };
        let sets: Vec<Set> = (0..20).map(|number| pair(number < 5)).collect();
        let estimate = estimate(&sets).expect("pairs that differ");
        let odds = |share: f64| (share / (1.0 - share)).ln();
        assert!(close(estimate.low, odds(0.097_860_08)), "{estimate:?}");
        assert!(close(estimate.high, odds(0.470_223_80)), "{estimate:?}");
        assert!(close(estimate.beta, odds(0.25)), "{estimate:?}");
        // Twice the binomial tail: 2 * (1 + 20 + 190 + 1140 + 4845 + 15504) / 2^20.
        assert!((estimate.p - 2.0 * 21_700.0 / 1_048_576.0).abs() < 1e-12);
        assert!(!estimate.more);
    }

    #[test]
    fn ways_are_counted_as_by_hand() {
        // Two of the days with 0, 1, 1, 3: sums 1 (twice), 2 (once), 3 (once), 4 (twice).
        assert_eq!(choices(&[0, 1, 1, 3], 2), [0.0, 2.0, 1.0, 1.0, 2.0]);
    }

    #[test]
    fn the_same_steps_from_another_zero_and_mirrored_give_the_same_answer() {
        let sets: Vec<Set> = (0..14_u32)
            .map(|n| Set { cases: vec![3 + n % 4], controls: vec![n % 3, 2 + n % 5, 5 - n % 2] })
            .collect();
        let map = |change: &dyn Fn(u32) -> u32| -> Estimate {
            let all = |values: &[u32]| values.iter().map(|x| change(*x)).collect();
            let sets: Vec<Set> =
                sets.iter().map(|set| Set { cases: all(&set.cases), controls: all(&set.controls) }).collect();
            estimate(&sets).expect("days that differ")
        };
        let plain = map(&|x| x);
        assert_eq!(map(&|x| x + 40), plain);
        let mirrored = map(&|x| 20 - x);
        assert!(close(mirrored.low, -plain.high.expect("a bound")));
        assert!(close(mirrored.high, -plain.low.expect("a bound")));
        assert!((mirrored.p - plain.p).abs() < 1e-9 && mirrored.more != plain.more);
    }

    #[test]
    fn at_the_edge_there_is_one_bound_and_without_contrast_nothing() {
        let set = Set { cases: vec![1], controls: vec![0, 0, 0] };
        let all = estimate(&vec![set.clone(); 12]).expect("days that differ");
        assert!(all.beta.is_none() && all.high.is_none() && all.low.is_some_and(|low| low > 0.0));
        assert_eq!(estimate(&vec![Set { cases: vec![1], controls: vec![1, 1] }; 12]), None);
        assert_eq!(estimate(&[]), None);
    }

    #[test]
    fn a_thousand_sets_with_wide_steps_stay_in_range() {
        let sets: Vec<Set> = (0..1000_u32)
            .map(|n| Set {
                cases: vec![n * 7 % 24],
                controls: (1..5).map(|k| (n * 11 + 5 * k) % 24).collect(),
            })
            .collect();
        let estimate = estimate(&sets).expect("days that differ");
        let (low, high) = (estimate.low.expect("a bound"), estimate.high.expect("a bound"));
        assert!(low < high && high - low < 0.05, "{estimate:?}");
    }
}
