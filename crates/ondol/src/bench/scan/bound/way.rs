//! The way of the rollers over somebody, as the whole bed did it, and what its sensors would be shown on the same
//! way over somebody a little different.
//!
//! Given all that was measured before, what drives are told says nothing more of the person; so all information
//! lies in force cells and corner cells at the heights and places that the rollers had. Heights and places are
//! taken as known (encoders of 0.02 and 0.05 mm, 500 times a second); the motor currents (noise of 25 N) are left out.

use super::latents::Latents;
use crate::fail::Failure;
use crate::stage::Stage;
use bed::{Bed, BedConfig, Report, Request, SessionState};
use care::Answers;
use counts::{CORNERS, HEADS_MAX, Micros};
use host::clock::today;
use host::session::survey;
use plan::{History, Visit};
use sim::World;
use std::convert::Infallible;
use twin::spine_chain::Breath;
use twin::{Moment, Person, Surroundings, Twin};

/// Cycles of the bed in a step of the way: the body moves as well in steps of 4 ms.
const CYCLES: usize = 2;
/// A cycle of the bed, s.
pub const CYCLE_S: f64 = 0.002;
/// A step of the way.
const STEP: Micros = Micros::from_millis(4);
/// The same in seconds.
pub const STEP_S: f64 = CYCLES as f64 * CYCLE_S;
/// Steps whose readings are taken together: at 60 mm/s under 3 mm of the back.
pub const BLOCK: usize = 10;
/// Steps between two readings of the corner cells. Source: the twin's sensors.
const CORNER_EVERY: usize = 5;
/// Readings a block: two heads and four corners.
pub const A_BLOCK: usize = 2 + CORNERS;
/// So long before the first contact the way begins, cycles: the trunk has found its breathing by then, and the cells
/// their zero.
const BEFORE: usize = 1000;
/// So long after the last contact it ends, cycles.
const AFTER: usize = 100;

/// Where the rollers were, step by step, from shortly before the first contact to the last lift-off.
#[derive(Clone)]
pub struct Way {
    /// Cycles since the bed was switched on before the way begins.
    pub from: usize,
    /// Each step.
    pub moments: Vec<Moment>,
    /// What the whole bed's true forces were, N.
    #[cfg_attr(not(test), allow(dead_code))]
    pub forces_n: Vec<[f64; 2]>,
}

/// The world as a bed, which keeps where the rollers were.
struct Recorder {
    world: World,
    moments: Vec<Moment>,
    forces_n: Vec<[f64; 2]>,
}

impl Bed for Recorder {
    type Error = Infallible;

    fn send(&mut self, request: &Request) -> Result<(), Infallible> {
        self.world.send(request)
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), Infallible> {
        self.world.live(report);
        let truth = self.world.twin().truth();
        let x_mm = truth.carriage_mm[0];
        let before = self.moments.last().map_or(x_mm, |moment| moment.x_mm);
        self.moments.push(Moment {
            x_mm,
            speed_mm_s: (x_mm - before) / CYCLE_S,
            height_mm: [truth.height_mm[0], truth.height_mm[1]],
            lift_speed_mm_s: [truth.lift_speed_mm_s[0], truth.lift_speed_mm_s[1]],
        });
        self.forces_n.push([truth.head_force_n[0], truth.head_force_n[1]]);
        Ok(())
    }

    fn waits(&self) -> bool {
        self.world.waits()
    }

    fn state(&self) -> Option<SessionState> {
        self.world.state()
    }

    fn heat_dose(&self) -> Option<bed::HeatDose> {
        self.world.heat_dose()
    }
}

impl Way {
    /// Lets the whole bed scan the person of a number.
    ///
    /// # Errors
    /// When bed or person cannot be simulated, or no head ever touched.
    pub fn over(bed: &BedConfig, person: Person, number: u64) -> Result<Self, Failure> {
        let stage = Stage::of(bed.clone(), person, number);
        let mut recorder = Recorder { world: stage.bare_world()?, moments: Vec::new(), forces_n: Vec::new() };
        let day = today();
        let clearance = stage.clearance(&Answers::all_no(day, true), None, day);
        let program = plan::shipped().first().ok_or_else(|| Failure::work("no program is shipped"))?;
        let setting = stage.setting(program, History::returning(1), Visit::on(day));
        let _ = survey(&mut recorder, &setting, &clearance, &mut |_| {}).map_err(Failure::work)?;
        let Recorder { moments, forces_n, .. } = recorder;
        let touches = |forces: &[f64; 2]| forces.iter().any(|force| *force > 0.0);
        let first = forces_n.iter().position(touches);
        let last = forces_n.iter().rposition(touches);
        let (Some(first), Some(last)) = (first, last) else {
            return Err(Failure::work(format!("no head touched the drawn person {number}")));
        };
        let from = first.saturating_sub(BEFORE);
        // The last cycle of each step.
        let steps = |end: usize| (from + CYCLES - 1..end.min(last + AFTER)).step_by(CYCLES);
        Ok(Self {
            from,
            moments: steps(moments.len()).map(|cycle| moments[cycle]).collect(),
            forces_n: steps(forces_n.len()).map(|cycle| forces_n[cycle]).collect(),
        })
    }

    /// The same way a little higher.
    pub fn raised(&self, mm: f64) -> Self {
        let mut raised = self.clone();
        for moment in &mut raised.moments {
            moment.height_mm = moment.height_mm.map(|height_mm| height_mm + mm);
        }
        raised
    }

    /// Mean place of each block along the bed, mm, and whether it lies on the way to the head (0) or the feet (1).
    pub fn blocks_mm(&self) -> impl Iterator<Item = (f64, usize)> + '_ {
        self.moments.chunks_exact(BLOCK).map(|block| {
            let mean = block.iter().map(|moment| moment.x_mm).sum::<f64>() / BLOCK as f64;
            (mean, usize::from(block[BLOCK - 1].x_mm > block[0].x_mm))
        })
    }

    /// From where to where these go, mm.
    pub fn reach_mm(&self) -> (f64, f64) {
        self.blocks_mm().fold((f64::MAX, f64::MIN), |(low, high), (x, _)| (low.min(x), high.max(x)))
    }

    /// The breath of this person at each step of the way.
    pub fn breaths(&self, latents: &mut Latents, person: &Person) -> Vec<Breath> {
        let breaths = latents.breaths(person, self.from, CYCLES * self.moments.len());
        breaths.into_iter().skip(CYCLES - 1).step_by(CYCLES).collect()
    }

    /// A person on the bed, before the rollers come.
    pub fn laid(bed: &BedConfig, person: &Person, surroundings: &Surroundings) -> Twin {
        Twin::new(bed, person, &Surroundings { starts_lying: true, ..surroundings.clone() })
    }

    /// Mean true forces of both heads and weights on the four corners, N, block after block.
    pub fn readings(&self, twin: &mut Twin, breaths: &[Breath]) -> Vec<f64> {
        let mut readings = Vec::with_capacity(self.moments.len() / BLOCK * A_BLOCK);
        for (moments, breaths) in self.moments.chunks_exact(BLOCK).zip(breaths.chunks_exact(BLOCK)) {
            let mut sums = [0.0; A_BLOCK];
            for (step, (moment, breath)) in moments.iter().zip(breaths).enumerate() {
                let forces: [f64; HEADS_MAX] = twin.led(moment, *breath, STEP);
                sums[0] += forces[0] / BLOCK as f64;
                sums[1] += forces[1] / BLOCK as f64;
                if step % CORNER_EVERY == 0 {
                    let share = CORNER_EVERY as f64 / BLOCK as f64;
                    for (sum, corner) in sums[2..].iter_mut().zip(twin.weighed(*breath)) {
                        *sum += share * corner;
                    }
                }
            }
            readings.extend(sums);
        }
        readings
    }

    /// Standard deviation of the noise of each reading of a block, N, counting included.
    ///
    /// # Errors
    /// When the bed has no load cells or corner cells.
    pub fn noise_n(bed: &BedConfig) -> Result<[f64; A_BLOCK], Failure> {
        let (Some(cell), Some(corners)) = (&bed.load_cell, &bed.corners) else {
            return Err(Failure::input("the bound needs a bed with load cells and corner cells"));
        };
        // Counts of a tenth of a newton.
        let counting = 0.1 * 0.1 / 12.0;
        let of = |noise_n: f32, readings: usize| {
            ((f64::from(noise_n) * f64::from(noise_n) + counting) / readings as f64).sqrt()
        };
        let mut noise = [of(corners.noise_n, BLOCK / CORNER_EVERY); A_BLOCK];
        noise[..2].fill(of(cell.noise_n, BLOCK * CYCLES));
        Ok(noise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed_file;

    #[test]
    fn rollers_led_along_the_beds_own_way_feel_what_the_bed_felt() {
        let bed = bed_file::read(None).expect("the embedded bed reads");
        let mut latents = Latents::of(5_000_003);
        let person = latents.person();
        let way = Way::over(&bed, person.clone(), 5_000_003).expect("a scan");
        let breaths = way.breaths(&mut latents, &person);
        let mut twin = Way::laid(&bed, &person, &latents.surroundings());
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for ((moment, breath), told) in way.moments.iter().zip(&breaths).zip(&way.forces_n) {
            let forces = twin.led(moment, *breath, STEP);
            for side in 0..2 {
                sum += told[side];
                count += 1.0;
                squares += (forces[side] - told[side]) * (forces[side] - told[side]);
            }
        }
        assert!(sum / count > 10.0, "the way is one in contact");
        assert!((squares / count).sqrt() < 0.1, "{} N", (squares / count).sqrt());
    }
}
