//! Readings gathered by carriage, pass (out or back), head and 5 mm of the bed: a fixed amount of memory,
//! however long a scan lasts.

use bed::BedConfig;
use counts::{CARRIAGES_MAX, CORNERS, Instant, Micros, Reading, Readings};

/// Length of a bin along the bed, mm.
const BIN_MM: f64 = 5.0;
/// Readings older than this do not count.
const STALE: Micros = Micros::from_millis(20);
/// Force of one head from which it is taken to touch, N. Source: noise of the load cell 0.3 N; drift and
/// tare under 1 N (reference bed).
const TOUCH_N: f64 = 3.0;
/// Where the motor current stands for the force: friction alone reads 5-8 N (reference bed).
const TOUCH_BY_CURRENT_N: f64 = 9.0;
/// Contact must have lasted so long before it counts: landing is over. Guess.
const SETTLE: Micros = Micros::from_millis(300);
/// Slower than this the carriage stands, and tissue creeps under the roller, mm/s. Guess.
const SPEED_MIN_MM_S: f64 = 8.0;
/// Speed is told over this span.
const SPEED_SPAN: Micros = Micros::from_millis(20);
/// Time constant of the filtered corner cells and currents, s. Guess.
const FILTER_S: f64 = 0.25;

/// Where the weight on the corner cells differs from its filtered course by more than this share of it, the person
/// is on the move. Guess: five times the cells' noise on a light person, less than a cough.
const WEIGHT_JUMP: f64 = 0.02;

/// Sums over the samples of one bin.
#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    count: f64,
    x: f64,
    height: f64,
    force: f64,
    force2: f64,
    time: f64,
}

/// Means of one or more bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) count: f64,
    pub(crate) x: f64,
    pub(crate) height: f64,
    pub(crate) force: f64,
    /// Spread of the force over the samples, N.
    pub(crate) force_sd: f64,
    pub(crate) time: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Motion {
    since: Instant,
    from: f64,
    known: bool,
    speed: f64,
    outward: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Touch {
    since: Option<Instant>,
    current: Option<f64>,
}

/// How much of the scan was in contact, by time in motion.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    /// Samples in motion after the first contact and before the last.
    pub(crate) moving: f64,
    /// Of these, samples in contact.
    pub(crate) touching: f64,
    /// Samples in motion since a head last touched.
    since_touch: f64,
}

/// The gathered readings.
#[derive(Debug, Clone)]
pub(crate) struct Bins {
    bins: Vec<Bin>,
    per_row: usize,
    by_current: bool,
    coupled: bool,
    carriages: usize,
    motion: [Motion; CARRIAGES_MAX],
    touch: [[Touch; 2]; CARRIAGES_MAX],
    tally: [Tally; CARRIAGES_MAX],
    started: Option<Instant>,
    last: Option<Instant>,
    weight: Option<f64>,
    weight_start: Option<f64>,
    weight_least: f64,
    /// Half the distance of the corner cells across the bed, mm.
    corner_mm: f64,
    /// Sums over the scan of the weight on the left cells less that on the right ones, and of all of it, N.
    leaning: [f64; 2],
}

impl Bins {
    pub(crate) fn new(bed: &BedConfig) -> Self {
        let length = f64::from(bed.surface_length_mm).clamp(100.0, 5000.0);
        let per_row = (length / BIN_MM) as usize + 1;
        Self {
            bins: vec![Bin::default(); per_row * CARRIAGES_MAX * 4],
            per_row,
            by_current: bed.load_cell.is_none(),
            coupled: bed.lift.coupled,
            carriages: bed.carriages.len().min(CARRIAGES_MAX),
            motion: [Motion::default(); CARRIAGES_MAX],
            touch: [[Touch::default(); 2]; CARRIAGES_MAX],
            tally: [Tally::default(); CARRIAGES_MAX],
            started: None,
            last: None,
            weight: None,
            weight_start: None,
            weight_least: f64::INFINITY,
            corner_mm: bed.corners.as_ref().map_or(0.0, |corners| 0.5 * f64::from(corners.across_mm)),
            leaning: [0.0; 2],
        }
    }

    /// Takes the readings of one cycle; a cycle that is not later than the last counts for nothing.
    pub(crate) fn add(&mut self, now: Instant, readings: &Readings) {
        if self.last.is_some_and(|last| now <= last) {
            return;
        }
        let span = self.last.and_then(|last| now.since(last)).map_or(0.0, |span| span.raw() as f64 * 1e-6);
        self.last = Some(now);
        self.weigh(readings, now, span);
        for carriage in 0..self.carriages {
            let Some(position) = fresh(readings.carriages[carriage].position, now) else { continue };
            self.travel(carriage, f64::from(position.raw()) * 1e-3, now, readings, span);
        }
    }

    fn weigh(&mut self, readings: &Readings, now: Instant, span: f64) {
        let mut corners = [0.0; CORNERS];
        for (force, corner) in corners.iter_mut().zip(readings.corners) {
            // Corner cells are refreshed more slowly than the cycle: a tenth of a second is still fresh.
            let Some(sample) = corner else { return };
            if sample.age(now).is_none_or(|age| age > Micros::from_millis(100)) {
                return;
            }
            *force = f64::from(sample.value.raw()) * 0.1;
        }
        let [head_left, head_right, foot_left, foot_right] = corners;
        let (left, right) = (head_left + foot_left, head_right + foot_right);
        let sum = left + right;
        let before = self.weight.unwrap_or(sum);
        let weight = before + (sum - before) * (span / FILTER_S).min(1.0);
        self.weight = Some(weight);
        if self.started.is_some() {
            let _ = self.weight_start.get_or_insert(weight);
            self.weight_least = self.weight_least.min(weight);
            if (sum - weight).abs() <= WEIGHT_JUMP * weight {
                self.leaning[0] += left - right;
                self.leaning[1] += sum;
            }
        }
    }

    fn travel(&mut self, carriage: usize, x: f64, now: Instant, readings: &Readings, span: f64) {
        let motion = &mut self.motion[carriage];
        if !motion.known {
            *motion = Motion { since: now, from: x, known: true, speed: 0.0, outward: 0.0 };
        }
        if let Some(elapsed) = now.since(motion.since).filter(|elapsed| *elapsed >= SPEED_SPAN) {
            motion.speed = (x - motion.from) / (elapsed.raw() as f64 * 1e-6);
            motion.since = now;
            motion.from = x;
        }
        let speed = motion.speed;
        let moving = speed.abs() >= SPEED_MIN_MM_S;
        let mut touching = false;
        for side in 0..2 {
            let head = readings.heads[2 * carriage + side];
            let reading = if self.by_current { head.thrust } else { head.force };
            let force = fresh(reading, now).map(|force| f64::from(force.raw()) * 0.1);
            let height = fresh(head.height, now).map(|height| f64::from(height.raw()) * 1e-3);
            let (Some(force), Some(height)) = (force, height) else { continue };
            if !self.touches(carriage, side, force, now, span) {
                continue;
            }
            touching = true;
            let settled = self.touch[carriage][side]
                .since
                .and_then(|since| now.since(since))
                .is_some_and(|lasting| lasting >= SETTLE);
            if settled && moving && (side == 0 || !self.coupled) {
                self.record(carriage, side, [x, height, force], now);
            }
        }
        self.count(carriage, moving, touching);
    }

    fn touches(&mut self, carriage: usize, side: usize, force: f64, now: Instant, span: f64) -> bool {
        let touch = &mut self.touch[carriage][side];
        let (told, limit) = if self.by_current {
            let before = touch.current.unwrap_or(force);
            let filtered = before + (force - before) * (span / FILTER_S).min(1.0);
            touch.current = Some(filtered);
            (filtered, TOUCH_BY_CURRENT_N)
        } else {
            (force, TOUCH_N)
        };
        if told < limit {
            touch.since = None;
            return false;
        }
        let _ = touch.since.get_or_insert(now);
        true
    }

    fn count(&mut self, carriage: usize, moving: bool, touching: bool) {
        let tally = &mut self.tally[carriage];
        if !moving || (tally.moving == 0.0 && !touching) {
            return;
        }
        tally.since_touch += 1.0;
        if touching {
            tally.moving += tally.since_touch;
            tally.touching += 1.0;
            tally.since_touch = 0.0;
        }
    }

    fn record(&mut self, carriage: usize, side: usize, [x, height, force]: [f64; 3], now: Instant) {
        let motion = &mut self.motion[carriage];
        if motion.outward == 0.0 {
            motion.outward = motion.speed.signum();
        }
        let pass = usize::from(motion.speed * motion.outward < 0.0);
        let started = *self.started.get_or_insert(now);
        let time = now.since(started).map_or(0.0, |span| span.raw() as f64 * 1e-6);
        let place = (x / BIN_MM).floor();
        if !(place >= 0.0 && place < self.per_row as f64) {
            return;
        }
        let row = self.row(carriage, pass, side);
        let bin = &mut self.bins[row + place as usize];
        bin.count += 1.0;
        bin.x += x;
        bin.height += height;
        bin.force += force;
        bin.force2 += force * force;
        bin.time += time;
    }

    fn row(&self, carriage: usize, pass: usize, side: usize) -> usize {
        ((carriage * 2 + pass) * 2 + side) * self.per_row
    }

    /// Means over `stride` neighbouring bins, from the head end; `None` where nothing was gathered.
    pub(crate) fn cells(
        &self,
        carriage: usize,
        pass: usize,
        side: usize,
        stride: usize,
    ) -> impl Iterator<Item = Option<Cell>> + '_ {
        let row = self.row(carriage, pass, side);
        self.bins[row..row + self.per_row].chunks(stride.max(1)).map(|bins| {
            let mut sum = Bin::default();
            for bin in bins {
                sum.count += bin.count;
                sum.x += bin.x;
                sum.height += bin.height;
                sum.force += bin.force;
                sum.force2 += bin.force2;
                sum.time += bin.time;
            }
            (sum.count > 0.0).then(|| {
                let force = sum.force / sum.count;
                Cell {
                    count: sum.count,
                    x: sum.x / sum.count,
                    height: sum.height / sum.count,
                    force,
                    force_sd: libm::sqrt((sum.force2 / sum.count - force * force).max(0.0)),
                    time: sum.time / sum.count,
                }
            })
        })
    }

    /// Where a carriage ran on a pass: 1 footward, -1 headward.
    pub(crate) fn towards(&self, carriage: usize, pass: usize) -> f64 {
        let outward = self.motion[carriage].outward;
        if pass == 0 { outward } else { -outward }
    }

    pub(crate) fn coupled(&self) -> bool {
        self.coupled
    }

    pub(crate) fn carriages(&self) -> usize {
        self.carriages
    }

    /// Weight on the corner cells in N: when contact began, and the least since. `None` without cells.
    pub(crate) fn weight(&self) -> Option<(f64, f64)> {
        self.weight_start.or(self.weight).map(|start| (start, self.weight_least.min(start)))
    }

    /// Sideways place of the weight on the corner cells, mean over the scan, mm, left positive. `None` without cells.
    pub(crate) fn weight_y_mm(&self) -> Option<f64> {
        let [leaning, weight] = self.leaning;
        (weight > 0.0).then(|| self.corner_mm * leaning / weight)
    }

    /// Whether the scan came back in contact on some carriage.
    pub(crate) fn came_back(&self) -> bool {
        (0..self.carriages)
            .any(|carriage| (0..2).any(|side| self.cells(carriage, 1, side, 1).flatten().count() > 10))
    }

    pub(crate) fn tally(&self) -> Tally {
        let mut total = Tally::default();
        for tally in &self.tally {
            total.moving += tally.moving;
            total.touching += tally.touching;
        }
        total
    }
}

fn fresh<T: Copy>(reading: Reading<T>, now: Instant) -> Option<T> {
    reading.filter(|sample| sample.age(now).is_some_and(|age| age <= STALE)).map(|sample| sample.value)
}
