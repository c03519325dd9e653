//! A simulated person as independent standard normal numbers, the *latents*: spine, tissue, processes, where the
//! weight lies, where the person lies, breath after breath. What decides between cases (how many tense places and
//! on which side, a shirt) is told to everybody: a bound for those who know more is a bound.

use super::tape::Tape;
use super::way::CYCLE_S;
use population::{Basics, PARAMS, SITES};
use twin::breathing::Lungs;
use twin::spine_chain::Breath;
use twin::{Person, Surroundings, Variation, stream};

/// Tapes: the four parts of a person, how they lie, how they breathe.
const TAPES: usize = 6;
const TISSUE: usize = 1;
const PLACE: usize = 4;
const BREATH: usize = 5;

/// Numbers of the tissue before the tense places: factors of fat, muscle and stiffness, three smooth profiles,
/// stiffness of each site and side, law and relaxation.
const TENSE_AT: usize = 3 + 3 * SITES + 2 * SITES + 3;
/// Numbers of one tense place: where, how tense, how long.
const OF_TENSE: usize = 3;
/// Most tense places of a person.
const TENSE_MAX: usize = 3;
/// Numbers of the tissue behind the tense places: perfusion of muscle and fat, both landmarks, bump, bone, contour,
/// rhythm, rate and excursion of the breath.
const AFTER_TENSE: usize = 10;
/// Which of these is the rate.
const RATE_AFTER_TENSE: usize = 8;
/// Numbers of the processes: a place and a size a level.
const OF_PROCESSES: usize = 34;
/// Numbers of how a person lies: along, across, and the room.
const OF_PLACE: usize = 3;
/// Most numbers of breaths during a scan: a length and a depth each. Guess: sixteen breaths.
const OF_BREATHS: usize = 32;

/// Latents of a person.
pub const LATENTS: usize =
    PARAMS + TENSE_AT + AFTER_TENSE + TENSE_MAX * OF_TENSE + OF_PROCESSES + 1 + OF_PLACE + 1 + OF_BREATHS;

/// A simulated person, to be made again with one latent changed.
#[derive(Clone)]
pub struct Latents {
    number: u64,
    basics: Basics,
    tapes: [Tape; TAPES],
    /// Number of breath latents before the scan: they are told to everybody.
    breaths_before: usize,
}

/// Whether this latent changes when breaths begin.
pub fn is_of_breath(latent: usize) -> bool {
    latent == PARAMS + TENSE_AT + RATE_AFTER_TENSE || latent >= LATENTS - 1 - OF_BREATHS
}

impl Latents {
    /// The drawn person of this number, as [`Person::draw`] and [`Surroundings::draw`] have them.
    pub fn of(number: u64) -> Self {
        let mut rng = stream(number, 1);
        let basics = Basics::draw(&mut rng);
        let rngs = [
            rng,
            stream(number, 2),
            stream(number, 3),
            stream(number, 4),
            stream(number, 21),
            stream(number, 12),
        ];
        let mut latents = Self { number, basics, tapes: rngs.map(Tape::of), breaths_before: 0 };
        let [a, b, c, d, place, _] = &mut latents.tapes;
        let mut parts = [a.clone(), b.clone(), c.clone(), d.clone()];
        let _ = Person::of_draws(String::new(), basics, &Variation::default(), &mut parts);
        let _ = Surroundings::of_draws(place);
        [*a, *b, *c, *d] = parts;
        latents
    }

    /// The person.
    pub fn person(&self) -> Person {
        let mut parts = [0, 1, 2, 3].map(|part| self.tapes[part].rewound());
        Person::of_draws(format!("drawn-{}", self.number), self.basics, &Variation::default(), &mut parts)
    }

    /// Where they lie, from the beginning.
    pub fn surroundings(&self) -> Surroundings {
        let place = Surroundings::of_draws(&mut self.tapes[PLACE].rewound());
        Surroundings { seed: self.number, ..place }
    }

    /// Their breath at each of `count` cycles from the `from`th on, as [`twin::Twin`] lets them breathe.
    pub fn breaths(&mut self, person: &Person, from: usize, count: usize) -> Vec<Breath> {
        use population::Draws as _;
        let tape = &mut self.tapes[BREATH];
        *tape = tape.rewound();
        let phase = std::f64::consts::TAU * tape.even();
        let mut lungs = Lungs::new(&person.breathing, phase);
        let mut step = |tape: &mut Tape| lungs.step(&person.breathing, 1.0, 1.0, tape, CYCLE_S);
        for _ in 0..from {
            let _ = step(tape);
        }
        self.breaths_before = tape.position();
        (0..count).map(|_| step(tape)).collect()
    }

    /// Which number of which tape each latent is; `None` where this person has no such number. `breaths` must have
    /// been asked for.
    pub fn slots(&self) -> Vec<Option<(usize, usize)>> {
        let tissue = self.tapes[TISSUE].len();
        let tense_end = tissue - AFTER_TENSE;
        let mut slots: Vec<Option<(usize, usize)>> = Vec::with_capacity(LATENTS);
        let mut add = |tape: usize, range: std::ops::Range<usize>, room: usize| {
            let filled = range.len().min(room);
            slots.extend(range.take(filled).map(|index| Some((tape, index))));
            slots.extend(std::iter::repeat_n(None, room - filled));
        };
        add(0, 0..PARAMS, PARAMS);
        add(TISSUE, 0..TENSE_AT, TENSE_AT);
        add(TISSUE, tense_end..tissue, AFTER_TENSE);
        add(TISSUE, TENSE_AT..tense_end, TENSE_MAX * OF_TENSE);
        add(2, 0..OF_PROCESSES, OF_PROCESSES);
        add(3, 0..1, 1);
        add(PLACE, 0..OF_PLACE, OF_PLACE);
        add(BREATH, 0..1, 1);
        add(BREATH, self.breaths_before..self.tapes[BREATH].len(), OF_BREATHS);
        slots
    }

    /// The same person with one number changed.
    pub fn changed(&self, (tape, index): (usize, usize), by: f64) -> Self {
        let mut changed = self.clone();
        changed.tapes[tape].change(index, by);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latents_of_a_number_make_the_person_of_that_number() {
        for number in 40..46 {
            let latents = Latents::of(number);
            let (made, drawn) = (latents.person(), Person::draw(number));
            assert_eq!((made.basics, made.tense.len()), (drawn.basics, drawn.tense.len()));
            for (a, b) in made.levels.iter().zip(&drawn.levels) {
                assert!((a.centre_mm[2] - b.centre_mm[2]).abs() < 1e-9);
                assert!((a.thickness_mm[1] - b.thickness_mm[1]).abs() < 1e-9);
                assert!((a.process_x_mm - b.process_x_mm).abs() < 1e-9);
            }
            assert!((made.breathing.rate_hz - drawn.breathing.rate_hz).abs() < 1e-9);
            assert!((made.weight_aside_mm - drawn.weight_aside_mm).abs() < 1e-9);
            let lies = Surroundings::draw(number);
            assert!((latents.surroundings().offset_x_mm - lies.offset_x_mm).abs() < 1e-9);
        }
    }

    #[test]
    fn latents_of_tense_places_change_tense_places_alone() {
        let number = (0..50).find(|number| Person::draw(*number).tense.len() == 2).expect("somebody tense");
        let mut latents = Latents::of(number);
        let person = latents.person();
        let _ = latents.breaths(&person, 100, 5000);
        let slots = latents.slots();
        assert_eq!(slots.len(), LATENTS);
        let at = PARAMS + TENSE_AT + AFTER_TENSE;
        for slot in at..at + TENSE_MAX * OF_TENSE {
            let Some(place) = slots[slot] else {
                assert!(slot >= at + 2 * OF_TENSE, "two places have six numbers");
                continue;
            };
            let changed = latents.changed(place, 0.1).person();
            assert_ne!(changed.tense, person.tense);
            assert_eq!((changed.levels, changed.landmarks), (person.levels.clone(), person.landmarks));
        }
        let neck = latents.changed(slots[PARAMS + TENSE_AT + 3].expect("a neck"), 1.0).person();
        assert!((neck.landmarks.neck_mm - person.landmarks.neck_mm - 8.0).abs() < 1e-9);
    }
}
