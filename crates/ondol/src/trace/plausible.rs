//! What a bed can have measured: each value within its sensor's range, time forwards, places without jumps.

use super::column::{Column, Kind};
use bed::BedConfig;
use counts::{CARRIAGES_MAX, HEADS_MAX, Instant};

/// A place may lie so far beyond its travel, mm. Guess: play of the stops and an encoder's offset.
const BEYOND_MM: f64 = 5.0;
/// Nothing moves faster than so many times its top speed. Guess: a carriage that is pushed, stamps that jitter.
const FASTER: f64 = 2.0;
/// Beside that a place may differ by so much from one sample to the next, mm. Guess: noise of a coarse encoder.
const STEP_MM: f64 = 1.0;
/// A motor current tells a force wrongly by at most so many standard deviations. Guess.
const CURRENT_SDS: f64 = 6.0;
/// A trace has no longer hole than this, s. Guess: at 60 mm/s two levels go by.
const HOLE_S: f64 = 1.0;
/// Time is counted in microseconds up to here, s. Source: whole microseconds in 64-bit floats.
const TIME_MAX_S: f64 = 4.0e9;

/// Why a value cannot be: what it is, and the way out.
pub struct Impossible {
    pub what: String,
    pub way_out: String,
}

impl Impossible {
    fn new(what: String, way_out: &str) -> Self {
        Self { what, way_out: way_out.to_owned() }
    }
}

/// Goes along a trace and says where it cannot be.
pub struct Plausible {
    ranges: Vec<(Column, [f64; 2], &'static str)>,
    carriage_mm_s: f64,
    lift_mm_s: f64,
    time: Option<Instant>,
    carriages: [Option<(f64, Instant)>; CARRIAGES_MAX],
    lifts: [Option<(f64, Instant)>; HEADS_MAX],
}

impl Plausible {
    pub fn new(bed: &BedConfig) -> Self {
        let top = |speeds: &[f32]| FASTER * f64::from(speeds.iter().copied().fold(0.0, f32::max));
        let speeds: Vec<f32> =
            bed.carriages.iter().flat_map(|c| [c.speed_contact_mm_s, c.speed_clear_mm_s]).collect();
        Self {
            ranges: Column::of_bed(bed).into_iter().filter_map(|column| range(bed, column)).collect(),
            carriage_mm_s: top(&speeds),
            lift_mm_s: top(&[bed.lift.speed_up_mm_s, bed.lift.speed_down_mm_s, bed.lift.sink_mm_s]),
            time: None,
            carriages: [None; CARRIAGES_MAX],
            lifts: [None; HEADS_MAX],
        }
    }

    /// A moment in seconds, as whole microseconds.
    pub fn moment(&mut self, time_s: f64) -> Result<Instant, Impossible> {
        if !(0.0..=TIME_MAX_S).contains(&time_s) {
            let what = format!("the time is {time_s} s");
            return Err(Impossible::new(what, "count from the start of the recording, from 0 on"));
        }
        self.advance(Instant::from_micros((time_s * 1e6).round() as u64))
    }

    /// The next moment.
    pub fn advance(&mut self, now: Instant) -> Result<Instant, Impossible> {
        if let Some(before) = self.time {
            let step = now.since(before).map(|step| step.raw()).filter(|step| *step > 0);
            let what =
                |fault| format!("time {fault} ({:.6} s after {:.6} s)", now.seconds(), before.seconds());
            match step {
                None => {
                    let way_out =
                        "every row is later than the one before; sort the rows by time, one row a moment";
                    return Err(Impossible::new(what("does not run forwards"), way_out));
                }
                Some(step) if step as f64 * 1e-6 > HOLE_S => {
                    let way_out =
                        "a trace is one scan without a break of more than 1 s; check the unit of time";
                    return Err(Impossible::new(what("has a hole"), way_out));
                }
                Some(_) => {}
            }
        }
        self.time = Some(now);
        Ok(now)
    }

    /// A value in mm or N that was measured at `taken`.
    pub fn value(&mut self, column: Column, value: f64, taken: Instant) -> Result<(), Impossible> {
        let unit = if column.kind() == Kind::Force { "N" } else { "mm" };
        if !value.is_finite() {
            let what = format!("{value} is no measurement");
            return Err(Impossible::new(what, "leave the cell empty where nothing was measured"));
        }
        let known = self.ranges.iter().find(|(of, ..)| *of == column);
        if let Some((_, [lo, hi], why)) = known.filter(|(_, [lo, hi], _)| !(*lo..=*hi).contains(&value)) {
            let what = format!("{value} {unit} lies outside {lo:.0} to {hi:.0} {unit}, {why}");
            return Err(Impossible::new(what, "check the unit, or describe the bed with --bed FILE"));
        }
        let (before, top, thing) = match column {
            Column::Carriage(index) => (&mut self.carriages[index], self.carriage_mm_s, "the carriage"),
            Column::Height(index) => (&mut self.lifts[index], self.lift_mm_s, "the head"),
            _ => return Ok(()),
        };
        if let Some((from, since)) = before.replace((value, taken)) {
            let seconds = taken.since(since).map_or(0.0, |span| span.raw() as f64 * 1e-6);
            if (value - from).abs() > top * seconds + STEP_MM {
                let what = format!("{thing} jumps from {from:.2} to {value:.2} mm within {seconds:.3} s");
                return Err(Impossible::new(
                    what,
                    "leave cells empty where the encoder failed; check unit and bed",
                ));
            }
        }
        Ok(())
    }
}

/// What such a bed's column can hold, mm or N, and why.
fn range(bed: &BedConfig, column: Column) -> Option<(Column, [f64; 2], &'static str)> {
    let (range, why) = match column {
        Column::Time => return None,
        Column::Carriage(index) => {
            let travel = &bed.carriages[index];
            let [from, to] = [travel.from_mm, travel.to_mm].map(f64::from);
            ([from - BEYOND_MM, to + BEYOND_MM], "the carriage's travel")
        }
        Column::Height(_) => ([-BEYOND_MM, f64::from(bed.lift.stroke_mm) + BEYOND_MM], "the lift's stroke"),
        Column::Force(_) => {
            let range = f64::from(bed.load_cell.as_ref()?.range_n);
            ([-range, range], "the load cell's range")
        }
        Column::Thrust(_) => {
            let lift = &bed.lift;
            let most = f64::from(lift.thrust_max_n) + CURRENT_SDS * f64::from(lift.thrust_noise_n);
            ([-most, most], "what the lift's motor can push")
        }
        Column::Corner(_) => ([0.0, f64::from(bed.corners.as_ref()?.range_n)], "the corner cell's range"),
    };
    Some((column, range, why))
}
