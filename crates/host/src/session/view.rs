//! Keeps the picture of the moment: what the session tells it, and what every report brings.

use super::attend::Wish;
use super::conversation::Conversation;
use super::line::{self, Line, Said};
use super::live::{Live, LiveHead, LiveMat, LiveSpine, LiveStroke, Phase, Possible, Weight};
use bed::{Bed, BedConfig, Report, SessionState, SpineScan};
use care::Words;
use counts::{
    CORNERS, DeciCelsius, DeciNewtons, HEATERS_MAX, Instant, Micrometres, Micros, Reading, Readings,
};
use plan::{Delivery, Held};

/// Two pictures are at least so far apart: 20 a second. Source: design.
const PICTURE: Micros = Micros::from_millis(50);
/// A sample older than this is no longer known. Source: design; ten of the slowest samples.
const AGE: Micros = Micros::from_millis(200);
/// Below this weight nobody lies there, N. Guess: far below the lightest person.
const NOBODY_N: f64 = 50.0;

/// The picture and what it is made from.
pub(super) struct View {
    /// False where nobody looks.
    pub looks: bool,
    live: Live,
    painted: Option<Instant>,
    /// Moments of the bed's time at which this stroke and all strokes end, seconds.
    ends_s: Option<(f64, f64)>,
    said: u32,
}

impl View {
    pub fn new(looks: bool) -> Self {
        let (live, said) = (Live::default(), 0);
        Self { looks, live, painted: None, ends_s: None, said }
    }

    /// What the session is at; a new phase is said.
    pub fn enter(&mut self, phase: Phase) {
        if self.said > 0 && self.live.phase == phase {
            return;
        }
        self.live.phase = phase;
        self.live.scanned = None;
        if phase != Phase::Moving {
            self.live.move_mm = None;
        }
        if !matches!(phase, Phase::Treating | Phase::Resting) {
            (self.live.stroke, self.live.next, self.ends_s) = (None, None, None);
            self.live.wishes = Wish::ALL.map(outside).to_vec();
        }
        if let Some(said) = line::of_phase(phase) {
            self.say(said);
        }
    }

    pub fn say(&mut self, (key, words): Said) {
        self.said += 1;
        self.live.say = Some(Line { number: self.said, key, words });
    }

    pub fn move_aside(&mut self, y_mm: f64) {
        self.enter(Phase::Moving);
        self.live.move_mm = Some(y_mm);
        self.say(line::of_move(y_mm));
    }

    pub fn scanned(&mut self, share: f64) {
        self.live.scanned = Some(share);
    }

    pub fn spine(&mut self, spine: LiveSpine) {
        self.live.spine = Some(spine);
    }

    pub fn found(&mut self, scan: &SpineScan) {
        let levels = scan.levels.iter().copied().collect();
        let seen_mm = self.live.spine.as_ref().and_then(|spine| spine.seen_mm);
        self.live.spine = Some(LiveSpine { levels, seen_mm, settled: true });
    }

    pub fn news(&mut self, words: Words) {
        self.live.news = Some(words);
    }

    pub fn lost(&mut self) {
        self.live.lost = true;
        self.live.wishes = Wish::ALL.map(outside).to_vec();
        self.say(line::of_lost());
    }

    /// Where the delivery stands, and which wishes it would grant; its seconds count from `origin`. To be called
    /// whenever either has changed, since it costs some milliseconds.
    pub fn follow(&mut self, delivery: &Delivery<'_>, origin: Instant, now: Instant) {
        if !self.looks {
            return;
        }
        let at_s = now.seconds() - origin.seconds();
        let (stroke_s, all_s) = delivery.left_s(at_s);
        self.ends_s = Some((now.seconds() + stroke_s, now.seconds() + all_s));
        self.live.stroke = delivery.step().map(|step| LiveStroke {
            number: delivery.now() + 1,
            of: delivery.steps().len(),
            title: step.title.clone(),
            words: line::stroke(step),
            therapy: step.therapy,
            action: step.stroke.action,
            levels: step.levels.clone(),
            from_mm: millimetres(step.stroke.from),
            to_mm: millimetres(step.stroke.to),
            left_s: stroke_s,
        });
        self.live.next = delivery.next().map(line::stroke);
        (self.live.force_step, self.live.heat_step) = delivery.dials();
        let (lost, resting) = (self.live.lost, self.live.phase == Phase::Resting);
        let at = |wish| match wish {
            _ if lost => outside(wish),
            // Nothing is given yet that could go on for longer.
            Wish::Stay if resting => outside(wish),
            _ => possible(delivery, at_s, wish),
        };
        self.live.wishes = Wish::ALL.map(at).to_vec();
    }

    /// The picture, if it is time for one.
    pub fn paint<B: Bed>(
        &mut self,
        talk: &Conversation<'_, B>,
        bed: &BedConfig,
        last: bool,
    ) -> Option<&Live> {
        let now = talk.now;
        if !self.looks || !(last || is_due(self.painted, now, PICTURE)) {
            return None;
        }
        self.painted = Some(now);
        let live = &mut self.live;
        measured(live, &talk.report, bed, talk.surfaces());
        live.machine = talk.state;
        live.force_asked_n = talk.force_asked_n();
        if live.faults.len() != talk.faults.len() {
            live.faults.clone_from(&talk.faults);
        }
        live.left_s = self.ends_s.map(|(_, ends_s)| (ends_s - now.seconds()).max(0.0));
        if let (Some(stroke), Some((ends_s, _))) = (&mut live.stroke, self.ends_s) {
            stroke.left_s = (ends_s - now.seconds()).max(0.0);
        }
        Some(&self.live)
    }
}

impl Live {
    /// The picture of a bed at rest.
    #[must_use]
    pub fn at_rest(report: &Report, bed: &BedConfig, state: SessionState) -> Self {
        let mut live = Self { phase: Phase::AtRest, machine: state, ..Self::default() };
        measured(&mut live, report, bed, &[None; HEATERS_MAX]);
        live
    }
}

/// What a report measured, with the targets of the surfaces beside it.
fn measured(live: &mut Live, report: &Report, bed: &BedConfig, targets: &[Option<DeciCelsius>; HEATERS_MAX]) {
    let (now, readings) = (report.now, &report.readings);
    live.time_s = now.seconds();
    live.carriage_mm = (0..bed.carriages.len()).map(|index| carriage_mm(readings, index, now)).collect();
    live.heads = (0..bed.heads()).map(|index| head(readings, bed, index, now)).collect();
    live.heads_target_c = targets[..bed.heads()].iter().flatten().next().map(|target| degrees(*target));
    let mat = |(mat, zone): (&bed::config::MatConfig, usize)| LiveMat {
        name: mat.name.to_string(),
        surface_c: readings.heaters.get(zone).and_then(|heater| fresh(&heater.surface, now)).map(degrees),
        target_c: targets.get(zone).copied().flatten().map(degrees),
    };
    live.mats = bed.mats.iter().zip(bed.heads()..).map(mat).collect();
    live.weight = weight(readings, bed, now);
}

fn is_due(last: Option<Instant>, now: Instant, after: Micros) -> bool {
    last.is_none_or(|last| now.since(last).is_none_or(|since| since >= after))
}

/// A wish where no stroke is given: the session can always be ended.
fn outside(wish: Wish) -> Possible {
    let ends = matches!(wish, Wish::Finish | Wish::Stop);
    Possible { wish, held: (!ends).then(Held::not_now) }
}

fn possible(delivery: &Delivery<'_>, at_s: f64, wish: Wish) -> Possible {
    let held = match wish {
        Wish::Finish | Wish::Stop => None,
        Wish::Skip => delivery.step().is_none().then(Held::not_now),
        _ => super::treat::grant(&mut delivery.clone(), wish, at_s).err(),
    };
    Possible { wish, held }
}

fn fresh<T: Copy>(reading: &Reading<T>, now: Instant) -> Option<T> {
    let sample = reading.as_ref()?;
    now.since(sample.taken).is_some_and(|age| age <= AGE).then_some(sample.value)
}

fn millimetres(length: Micrometres) -> f64 {
    f64::from(length.raw()) / 1000.0
}

fn newtons(force: DeciNewtons) -> f64 {
    f64::from(force.raw()) / 10.0
}

fn degrees(temperature: DeciCelsius) -> f64 {
    f64::from(temperature.raw()) / 10.0
}

fn carriage_mm(readings: &Readings, index: usize, now: Instant) -> Option<f64> {
    fresh(&readings.carriages.get(index)?.position, now).map(millimetres)
}

fn head(readings: &Readings, bed: &BedConfig, index: usize, now: Instant) -> LiveHead {
    let own = &readings.heads[index];
    let side = if index.is_multiple_of(2) { 1.0 } else { -1.0 };
    LiveHead {
        x_mm: carriage_mm(readings, index / 2, now),
        y_mm: side * f64::from(bed.roller_centre_mm()),
        height_mm: fresh(&own.height, now).map(millimetres),
        force_n: fresh(&own.force, now).or_else(|| fresh(&own.thrust, now)).map(newtons),
        surface_c: fresh(&readings.heaters[index].surface, now).map(degrees),
    }
}

/// Where the weight lies: corner cells are taken to stand at the ends of the surface.
fn weight(readings: &Readings, bed: &BedConfig, now: Instant) -> Option<Weight> {
    let cells = bed.corners.as_ref()?;
    let mut corners = [0.0; CORNERS];
    for (corner, reading) in corners.iter_mut().zip(&readings.corners) {
        *corner = newtons(fresh(reading, now)?);
    }
    let [head_left, head_right, foot_left, foot_right] = corners;
    let weight_n: f64 = corners.iter().sum();
    if weight_n < NOBODY_N {
        return None;
    }
    let foot = (foot_left + foot_right) / weight_n;
    let left = (head_left + foot_left - head_right - foot_right) / weight_n;
    Some(Weight {
        weight_n,
        x_mm: f64::from(bed.surface_length_mm) * foot,
        y_mm: 0.5 * f64::from(cells.across_mm) * left,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::Sample;

    fn reference() -> BedConfig {
        toml::from_str(include_str!("../../../../beds/reference.toml")).expect("the reference bed")
    }

    fn lying(corners: [i16; CORNERS], taken: Instant) -> Readings {
        let corners = corners.map(|force| Some(Sample { value: DeciNewtons::new(force), taken }));
        Readings { corners, ..Readings::default() }
    }

    #[test]
    fn weight_lies_where_the_corner_cells_balance() {
        let (bed, now) = (reference(), Instant::from_micros(1_000_000));
        let middle = weight(&lying([2000; 4], now), &bed, now).expect("a person");
        assert!((middle.weight_n - 800.0).abs() < 1e-9 && (middle.x_mm - 1000.0).abs() < 1e-9);
        assert!(middle.y_mm.abs() < 1e-9);
        let left = weight(&lying([2100, 1900, 2100, 1900], now), &bed, now).expect("a person");
        assert!(left.y_mm > 5.0, "{left:?}");
        assert_eq!(weight(&lying([10; 4], now), &bed, now), None);
    }

    #[test]
    fn what_a_sensor_said_long_ago_is_not_known() {
        let (bed, now) = (reference(), Instant::from_micros(1_000_000));
        let later = now.after(Micros::from_seconds(1));
        assert!(weight(&lying([2000; 4], now), &bed, later).is_none());
        let old: Reading<DeciNewtons> = Some(Sample { value: DeciNewtons::new(1), taken: now });
        assert_eq!(fresh(&old, now), Some(DeciNewtons::new(1)));
        assert_eq!(fresh(&old, later), None);
        assert_eq!(fresh(&None::<Sample<DeciNewtons>>, now), None);
    }
}
