//! From a program's places to strokes in the bed's frame: which carriage, from where to where, with
//! how much force on which side. Times come later.

use bed::{Action, Level, Side, Tension};
use care::{Effect, Words};

use crate::compile::{Case, PlannedPoint};
use crate::force::{Press, grant};
use crate::ground::{Cut, LEVEL_SD_MAX_MM, MIDLINE_MM, Place, off_midline_mm};
use crate::points::{APPROXIMATED_MAX_MM, Point, Reach};
use crate::program::{Phase, PhaseSide, Places, Program};
use crate::reason::{Code, Most, Numbers, Reason, Reasons, Unit};
use crate::schedule::SITE_MAX_S;
use crate::words;

/// A level whose place is less sure than this is not pressed as one site, mm (one SD).
///
/// Guess: with 10 mm the right level is hit four times in five (science.md, anchors).
const SITE_SD_MM: f64 = 10.0;

/// Speed of the short travel that stands in for a hold on an unsure level, mm/s. Guess.
const SEARCH_MM_S: f64 = 5.0;

/// Half the length of a travelling stroke along one tense site, mm. Guess: one level either way.
const BAND_MM: f64 = 30.0;

/// Share of the left head, in thousandths, when the left side is meant; the other head stays in light
/// contact, so that the trunk does not roll. Guess.
const ONE_SIDED: u16 = 800;

/// Shortest stroke that is worth landing for, seconds. Guess.
const STROKE_MIN_S: f64 = 6.0;

/// Longest travelling stroke, seconds. Source: Design, the longest that a program may ask for.
const TRAVEL_MAX_S: f64 = 900.0;

/// A stroke in the bed's frame, before it has its time.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub phase: usize,
    pub action: Action,
    pub carriage: u8,
    pub from_mm: f64,
    pub to_mm: f64,
    pub speed_mm_s: f64,
    pub left_share: u16,
    pub force_n: f64,
    pub force_most: Most,
    pub levels: Vec<Level>,
    pub side: Option<Side>,
    pub reach: Reach,
    pub points: Vec<PlannedPoint>,
    /// Wished length, and the bounds within which it may be fitted to the session, seconds.
    pub seconds: f64,
    pub least_s: f64,
    pub most_s: f64,
}

/// One place that a standing stroke is meant for.
#[derive(Clone, Debug)]
struct Wish {
    level: Level,
    side: Option<Side>,
    point: Option<Point>,
}

/// Places all phases of a program.
pub(crate) fn place(
    case: &Case<'_>,
    program: &Program,
    reasons: &mut Reasons,
    points: &mut Vec<PlannedPoint>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (index, phase) in program.phases().iter().enumerate() {
        let mut placer = Placer { case, index, phase, reasons, points };
        drafts.extend(placer.phase());
    }
    drafts
}

struct Placer<'a> {
    case: &'a Case<'a>,
    index: usize,
    phase: &'a Phase,
    reasons: &'a mut Reasons,
    points: &'a mut Vec<PlannedPoint>,
}

impl Placer<'_> {
    fn phase(&mut self) -> Vec<Draft> {
        let phase = self.phase;
        if phase.stroke == Action::Stretch && !self.case.clearance.stretch_allowed() {
            let mut reason = left_out(Code::ClearanceStretch, 1, words::no_stretching());
            reason.screening = self
                .case
                .screening(|effect| matches!(effect, Effect::NoStretch | Effect::Refuse | Effect::AskDoctor));
            self.reasons.add(reason, Some(self.index), &[]);
            return Vec::new();
        }
        let standing = phase.speed_mm_s <= 0.0;
        let round = if standing { self.standing() } else { self.travelling() };
        let mut drafts = Vec::with_capacity(round.len() * phase.repeats as usize);
        for _ in 0..phase.repeats {
            drafts.extend(round.iter().cloned());
        }
        drafts
    }

    /// Tense sites, the tensest first; none where none was found, which is said.
    fn tense(&mut self, most: usize) -> Vec<Tension> {
        if self.case.tension.is_empty() {
            let reason = left_out(Code::TensionUnknown, most, words::tension_unknown());
            self.reasons.add(reason, Some(self.index), &[]);
            return Vec::new();
        }
        let mut tense: Vec<Tension> = self.case.tension.iter().filter(|site| site.tense).copied().collect();
        if tense.is_empty() {
            let reason = left_out(Code::NoTenseSite, most, words::no_tense_site());
            self.reasons.add(reason, Some(self.index), &[]);
        }
        tense.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then(a.level.cmp(&b.level)));
        tense.truncate(most);
        tense
    }

    fn wishes(&mut self) -> Vec<Wish> {
        let side = match self.phase.side {
            PhaseSide::Left => Some(Side::Left),
            PhaseSide::Right => Some(Side::Right),
            PhaseSide::Both | PhaseSide::Tense => None,
        };
        let at = |level| Wish { level, side, point: Point::inner_at(level) };
        match &self.phase.places {
            Places::Range(first, last) => {
                self.case.ground.between(*first, *last).into_iter().map(at).collect()
            }
            Places::Levels(levels) => levels.iter().copied().map(at).collect(),
            Places::Points(points) => {
                let wish = |point: &Point| Wish { level: point.level, side, point: Some(*point) };
                points.iter().map(wish).collect()
            }
            Places::Tense(most) => {
                let own = self.phase.side == PhaseSide::Tense;
                let tense = self.tense(*most);
                let wish = |site: Tension| Wish { side: own.then_some(site.side).or(side), ..at(site.level) };
                tense.into_iter().map(wish).collect()
            }
        }
    }

    fn standing(&mut self) -> Vec<Draft> {
        if self.phase.seconds > SITE_MAX_S {
            let numbers = Numbers {
                limit: SITE_MAX_S,
                requested: self.phase.seconds,
                granted: SITE_MAX_S,
                unit: Unit::Second,
            };
            let words = words::site_time(SITE_MAX_S, self.phase.seconds);
            self.reasons.add(Reason::new(Code::SiteTime, numbers, words), Some(self.index), &[]);
        }
        self.wishes().into_iter().filter_map(|wish| self.stand(&wish)).collect()
    }

    /// A hold (or a standing lift) at one level.
    fn stand(&mut self, wish: &Wish) -> Option<Draft> {
        let Some(level) = self.case.ground.level(wish.level).copied() else {
            let reason = left_out(Code::LevelNotFound, 1, words::not_found(wish.level));
            self.reasons.add(reason, Some(self.index), &[wish.level]);
            return None;
        };
        let place = match self.case.ground.place(&level) {
            Ok(place) => place,
            Err(cut) => {
                self.tell(&cut, 0.0);
                return None;
            }
        };
        let (reach, points) = self.reach(wish, level.y_mm, &place)?;
        let unsure = level.sd_x_mm > SITE_SD_MM && self.phase.stroke == Action::Hold;
        if unsure {
            return self.search(wish, level.x_mm, level.sd_x_mm, points);
        }
        let in_neck = place.x_mm < self.case.ground.neck_mm();
        let mut draft = self.draft(place.carriage, place.x_mm, place.x_mm, wish.side, in_neck);
        draft.levels = vec![wish.level];
        draft.reach = reach;
        draft.points = points;
        draft.seconds = self.phase.seconds.min(SITE_MAX_S);
        draft.least_s = STROKE_MIN_S.min(draft.seconds);
        draft.most_s = SITE_MAX_S;
        Some(draft)
    }

    /// Slow travel over one standard deviation either way, where a hold would be finer than is known.
    fn search(&mut self, wish: &Wish, x_mm: f64, sd_mm: f64, points: Vec<PlannedPoint>) -> Option<Draft> {
        let numbers = Numbers { limit: SITE_SD_MM, requested: 0.0, granted: sd_mm, unit: Unit::Millimetre };
        let words = words::searched(wish.level, sd_mm);
        self.reasons.add(Reason::new(Code::LevelUncertain, numbers, words), Some(self.index), &[wish.level]);
        let mut drafts = self.travel(x_mm - sd_mm, x_mm + sd_mm, &[wish.level], wish.side);
        let mut draft = if drafts.is_empty() { return None } else { drafts.swap_remove(0) };
        draft.action = Action::Glide;
        draft.speed_mm_s = SEARCH_MM_S;
        draft.reach = Reach::Approximated { d_mm: sd_mm };
        draft.points = points;
        draft.seconds = self.phase.seconds.min(SITE_MAX_S);
        draft.least_s = STROKE_MIN_S.min(draft.seconds);
        draft.most_s = SITE_MAX_S;
        Some(draft)
    }

    /// How near the rollers come; `None` (and a reason) where no point of the place is in reach.
    fn reach(&mut self, wish: &Wish, y_mm: f64, place: &Place) -> Option<(Reach, Vec<PlannedPoint>)> {
        let along = Reach::of_distance(place.d_mm);
        let point = match wish.point {
            Some(point) if self.phase.stroke == Action::Hold => point,
            _ => return Some((along, Vec::new())),
        };
        let sides = Side::BOTH.into_iter().filter(|side| wish.side.is_none_or(|only| only == *side));
        let mut planned = Vec::new();
        let (mut nearest, mut farthest_pressed) = (f64::INFINITY, 0.0_f64);
        for side in sides {
            let sideways = point.sideways_mm(side, y_mm, self.case.stature_mm, self.case.ground.bed);
            let d_mm = sideways.hypot(place.d_mm);
            let reach = Reach::of_distance(d_mm);
            nearest = nearest.min(d_mm);
            if reach != Reach::NotReachable {
                farthest_pressed = farthest_pressed.max(d_mm);
            }
            planned.push(PlannedPoint { name: point.name, level: point.level, side, reach });
        }
        self.points.extend(planned.iter().copied());
        if nearest <= APPROXIMATED_MAX_MM {
            return Some((Reach::of_distance(farthest_pressed), planned));
        }
        let numbers = Numbers {
            limit: APPROXIMATED_MAX_MM,
            requested: nearest,
            granted: APPROXIMATED_MAX_MM,
            unit: Unit::Millimetre,
        };
        let words = words::point_out_of_reach(point.name, nearest);
        self.reasons.add(
            Reason::new(Code::PointOutOfReach, numbers, words),
            Some(self.index),
            &[point.level],
        );
        None
    }

    fn travelling(&mut self) -> Vec<Draft> {
        let wishes = self.wishes();
        if matches!(self.phase.places, Places::Tense(_)) {
            let mut drafts = Vec::new();
            for wish in wishes {
                let Some(level) = self.case.ground.level(wish.level).copied() else { continue };
                let half = BAND_MM.max(2.0 * level.sd_x_mm);
                drafts.extend(self.travel(level.x_mm - half, level.x_mm + half, &[wish.level], wish.side));
            }
            return drafts;
        }
        let mut found = Vec::new();
        for wish in &wishes {
            match self.case.ground.level(wish.level) {
                Some(level) => found.push((wish.level, level.x_mm)),
                None => {
                    let reason = left_out(Code::LevelNotFound, 1, words::not_found(wish.level));
                    self.reasons.add(reason, Some(self.index), &[wish.level]);
                }
            }
        }
        let levels: Vec<Level> = found.iter().map(|(level, _)| *level).collect();
        let side = wishes.first().and_then(|wish| wish.side);
        match (found.first(), found.last()) {
            (Some((_, from)), Some((_, to))) => self.travel(*from, *to, &levels, side),
            _ => Vec::new(),
        }
    }

    /// Travelling strokes from `from` to `to`, one a stretch that is left; time is shared by length.
    fn travel(&mut self, from: f64, to: f64, levels: &[Level], side: Option<Side>) -> Vec<Draft> {
        let (lo, hi) = (from.min(to), from.max(to));
        let wished = hi - lo;
        let firm = self.draft(0, lo, hi, side, false).force_n > f64::from(bed::limits::NECK_DEFAULT_N);
        let (mut pieces, cuts) = self.case.ground.pieces(lo, hi, firm);
        for cut in &cuts {
            self.tell(cut, wished);
        }
        if from > to {
            pieces.reverse();
        }
        let mut drafts = Vec::new();
        for piece in pieces {
            let (a, b) = if from > to { (piece.hi, piece.lo) } else { (piece.lo, piece.hi) };
            let in_neck = piece.lo < self.case.ground.neck_mm();
            let mut draft = self.draft(piece.carriage, a, b, side, in_neck);
            let inside = |level: &&Level| {
                let x = self.case.ground.level(**level).map(|estimate| estimate.x_mm);
                x.is_some_and(|x| x >= piece.lo - 1.0 && x <= piece.hi + 1.0)
            };
            draft.levels = levels.iter().filter(inside).copied().collect();
            draft.seconds = self.phase.seconds * (piece.hi - piece.lo) / wished;
            let way = (piece.hi - piece.lo) / draft.speed_mm_s.max(1.0);
            draft.least_s = STROKE_MIN_S.max(way);
            draft.most_s = TRAVEL_MAX_S.max(draft.least_s);
            drafts.push(draft);
        }
        drafts
    }

    /// A stroke of this phase with its force; its place, time and points as given or empty.
    fn draft(&mut self, carriage: u8, from: f64, to: f64, side: Option<Side>, in_neck: bool) -> Draft {
        let coupled = self.case.ground.bed.lift.coupled;
        let mut action = self.phase.stroke;
        let left_share = match side {
            Some(_) if coupled => 500,
            Some(Side::Left) => ONE_SIDED,
            Some(Side::Right) => 1000 - ONE_SIDED,
            None => 500,
        };
        if coupled && (side.is_some() || action == Action::Knead) {
            let numbers = Numbers { limit: 0.5, requested: 0.8, granted: 0.5, unit: Unit::Share };
            let reason = Reason::new(Code::BedCoupled, numbers, words::coupled());
            self.reasons.add(reason, Some(self.index), &[]);
            if action == Action::Knead {
                action = Action::Glide;
            }
        }
        let share = f64::from(left_share.max(1000 - left_share)) / 1000.0;
        let press = Press {
            index: self.index,
            phase: self.phase,
            action,
            share,
            in_neck,
            ends_mm: (from.min(to), from.max(to)),
        };
        let (force_n, force_most) = grant(self.case, &press, self.reasons);
        Draft {
            phase: self.index,
            action,
            carriage,
            from_mm: from,
            to_mm: to,
            speed_mm_s: self.speed(carriage),
            left_share,
            force_n,
            force_most,
            levels: Vec::new(),
            side: if coupled { None } else { side },
            reach: Reach::Reachable,
            points: Vec::new(),
            seconds: self.phase.seconds,
            least_s: STROKE_MIN_S,
            most_s: TRAVEL_MAX_S,
        }
    }

    fn speed(&mut self, carriage: u8) -> f64 {
        let requested = self.phase.speed_mm_s;
        let carriage = self.case.ground.bed.carriages.get(usize::from(carriage));
        let limit = carriage.map_or(1.0, |carriage| f64::from(carriage.speed_contact_mm_s));
        if requested > limit {
            let numbers = Numbers { limit, requested, granted: limit, unit: Unit::MillimetrePerSecond };
            let reason = Reason::new(Code::BedSpeed, numbers, words::speed(limit, requested));
            self.reasons.add(reason, Some(self.index), &[]);
        }
        requested.min(limit)
    }

    /// Says what was taken from a wish of `wished` millimetres (zero for a site).
    fn tell(&mut self, cut: &Cut, wished: f64) {
        let left = (wished - cut.mm).max(0.0);
        let length = Numbers { limit: left, requested: wished, granted: left, unit: Unit::Millimetre };
        let reason = match cut.code {
            Code::OffMidline => self.off_midline(&cut.levels),
            Code::LevelUncertain => self.unsure(&cut.levels),
            Code::ClearanceAvoid => {
                let mut reason = left_out(Code::ClearanceAvoid, cut.levels.len().max(1), words::avoided());
                reason.screening = self.case.screening(|effect| matches!(effect, Effect::Avoid { .. }));
                reason
            }
            Code::NeckLine => Reason::new(Code::NeckLine, length, words::neck_line(cut.mm)),
            _ if wished > 0.0 => Reason::new(Code::OutOfReach, length, words::out_of_travel(cut.mm)),
            _ => {
                let limit = APPROXIMATED_MAX_MM;
                let numbers = Numbers { limit, requested: cut.mm, granted: limit, unit: Unit::Millimetre };
                Reason::new(Code::OutOfReach, numbers, words::before_level(cut.mm))
            }
        };
        self.reasons.add(reason, Some(self.index), &cut.levels);
    }

    fn unsure(&self, levels: &[Level]) -> Reason {
        let found = levels.iter().filter_map(|level| self.case.ground.level(*level));
        let sd_mm = found.fold(0.0_f64, |most, level| most.max(level.sd_x_mm));
        let numbers = Numbers {
            limit: LEVEL_SD_MAX_MM,
            requested: sd_mm,
            granted: LEVEL_SD_MAX_MM,
            unit: Unit::Millimetre,
        };
        Reason::new(Code::LevelUncertain, numbers, words::unsure(sd_mm))
    }

    fn off_midline(&self, levels: &[Level]) -> Reason {
        let worst = levels
            .iter()
            .filter_map(|level| self.case.ground.level(*level))
            .max_by(|a, b| off_midline_mm(a).total_cmp(&off_midline_mm(b)));
        let (requested, y_mm) = worst.map_or((0.0, 0.0), |level| (off_midline_mm(level), level.y_mm));
        let numbers = Numbers { limit: MIDLINE_MM, requested, granted: MIDLINE_MM, unit: Unit::Millimetre };
        let way = self.case.ground.way_to_midline(y_mm);
        Reason::new(Code::OffMidline, numbers, words::off_midline(&way))
    }
}

fn left_out(code: Code, wished: usize, words: Words) -> Reason {
    Reason::new(
        code,
        Numbers { limit: 0.0, requested: wished as f64, granted: 0.0, unit: Unit::Count },
        words,
    )
}
