//! Answers of simulated people. Nobody was asked: the answers are drawn from the shares in the table
//! and are flagged as simulated wherever they go.
//!
//! Each row draws from the seed and its own name, so that a new row leaves the others as they were.
//! The shares are guesses, rows are drawn independently of each other and of age and sex.

use crate::answers::{Answer, Answers};
use crate::day::Day;
use crate::question::{Question, questions};

/// Share of simulated people with a row that asks a doctor whose doctor has agreed.
///
/// Guess: one in two, so that both outcomes occur.
const DOCTOR_AGREED: f64 = 0.5;

/// The answers of simulated person `seed`, given on `day`; the same for the same seed.
#[must_use]
pub fn draw_answers(seed: u64, day: Day) -> Answers {
    let mut answers = Answers::simulated();
    for question in questions() {
        let recorded = answers.set(&question.id, draw(seed, question), day);
        assert!(recorded.is_ok(), "the table knows its own questions");
    }
    answers
}

fn draw(seed: u64, question: &Question) -> Answer {
    let first = splitmix(seed ^ name_hash(&question.id));
    if unit(first) >= question.prevalence {
        Answer::No
    } else if question.doctor_can_clear() && unit(splitmix(first)) < DOCTOR_AGREED {
        Answer::YesClearedByDoctor
    } else {
        Answer::Yes
    }
}

/// One step of SplitMix64. Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
/// generators".
pub(crate) fn splitmix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// FNV-1a. Source: Fowler, Noll and Vo, 64-bit parameters.
fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The upper 53 bits as a number in [0, 1).
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Person, Verdict, screen};

    const TODAY: Day = Day(20_779);

    #[test]
    fn the_same_seed_draws_the_same_answers_and_says_that_they_are_simulated() {
        for seed in [0, 1, u64::MAX] {
            let answers = draw_answers(seed, TODAY);
            assert_eq!(answers, draw_answers(seed, TODAY));
            assert!(answers.is_simulated());
            assert_eq!(answers.open_questions(TODAY).count(), 0);
        }
    }

    #[test]
    fn the_generator_gives_its_published_first_number() {
        // First output of SplitMix64 with seed 0, as printed with the reference implementation.
        assert_eq!(splitmix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn each_row_is_drawn_at_its_own_share() {
        let n = 20_000;
        for question in questions() {
            let yes = (0..n).filter(|seed| draw(*seed, question) != Answer::No).count();
            let share = yes as f64 / n as f64;
            let p = question.prevalence;
            let five_sigma = 5.0 * (p * (1.0 - p) / n as f64).sqrt();
            assert!((share - p).abs() <= five_sigma, "{}: {share} for {p}", question.id);
        }
    }

    #[test]
    fn most_simulated_people_are_cleared_and_all_three_verdicts_occur() {
        let person = Person::new(45.0, 1720.0, 74.0);
        let mut counts = [0_u32; 3];
        for seed in 0..2000 {
            let clearance = screen(&person, &draw_answers(seed, TODAY), TODAY);
            assert!(clearance.drawn());
            counts[clearance.verdict() as usize] += 1;
        }
        let refused = f64::from(counts[Verdict::Refuse as usize]) / 2000.0;
        assert!(refused > 0.02 && refused < 0.25, "{counts:?}");
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    }
}
