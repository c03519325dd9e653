//! Gives a plan stroke by stroke, as the person wishes.

use super::attend::{Progress, Wish};
use super::live::Phase;
use super::record::{Ended, LeftOut, SessionRecord, StrokeGiven, WishSaid};
use super::{OFF, Session, SessionError, line};
use bed::{Action, Ask, Bed, Event};
use counts::{Instant, Micros};
use plan::{Change, Delivery, Held, Step};

/// Longest way to a stroke and back off it, seconds: the whole travel at half speed.
const TRAVEL_S: u64 = 40;
/// The next stroke is told so long before this one ends, seconds. Guess: one short line.
const TOLD_BEFORE_S: f64 = 5.0;

/// Grants a wish that changes a delivery; `at_s` counts from the delivery's beginning.
pub(super) fn grant(delivery: &mut Delivery<'_>, wish: Wish, at_s: f64) -> Result<Change, Held> {
    match wish {
        Wish::Softer => delivery.softer(),
        Wish::Firmer => delivery.firmer(),
        Wish::Warmer => delivery.warmer(),
        Wish::Cooler => delivery.cooler(),
        Wish::Skip => delivery.skip(at_s),
        Wish::Stay => delivery.stay(),
        Wish::Finish | Wish::Stop => Err(Held::not_now()),
    }
}

impl<B: Bed> Session<'_, '_, B> {
    /// Gives the strokes, one after the other.
    pub(super) fn treat(
        &mut self,
        mut delivery: Delivery<'_>,
        record: &mut SessionRecord,
    ) -> Result<Option<Ended>, SessionError> {
        let origin = self.talk.now;
        self.open = true;
        while delivery.step().is_some() {
            if let Some(ended) = self.rest(&mut delivery, origin)? {
                return Ok(Some(ended));
            }
            let Some(step) = delivery.step().cloned() else { break };
            if let Some(ended) = self.stroke(&mut delivery, &step, origin, record)? {
                return Ok(Some(ended));
            }
        }
        self.open = false;
        self.talk.ask(Ask::Rest, OFF);
        Ok(None)
    }

    /// Lets the rest before a stroke pass with the heads low.
    fn rest(&mut self, delivery: &mut Delivery<'_>, origin: Instant) -> Result<Option<Ended>, SessionError> {
        let (start, mut resting) = (self.talk.now, false);
        let spent = |step: &Step, now: Instant| {
            now.since(start).is_none_or(|since| since.raw() >= (step.pause_s.max(0.0) * 1e6) as u64)
        };
        while delivery.step().is_some_and(|step| !spent(step, self.talk.now)) {
            if !resting {
                resting = true;
                self.view.enter(Phase::Resting);
                self.view.follow(delivery, origin, self.talk.now);
            }
            self.talk.ask(Ask::Rest, OFF);
            if let Some(ended) = self.cycle()? {
                return Ok(Some(ended));
            }
            // Nothing is given yet that could go on for longer.
            match self.wish.take() {
                Some(Wish::Stay) => self.answer(Wish::Stay, &Err(Held::not_now())),
                Some(wish) => self.turn(delivery, wish, origin),
                None => {}
            }
        }
        Ok(None)
    }

    /// Gives one stroke to its end, or until the person skips it.
    fn stroke(
        &mut self,
        delivery: &mut Delivery<'_>,
        begun: &Step,
        origin: Instant,
        record: &mut SessionRecord,
    ) -> Result<Option<Ended>, SessionError> {
        let (start, started_s, id) = (self.talk.now, self.talk.seconds(), begun.stroke.id);
        if let Some(words) = delivery.asked(at_s(start, origin)) {
            self.view.news(words.clone());
            record.left_out.push(LeftOut { time_s: started_s, words });
        }
        self.attendant.progress(Progress::Stroke(delivery.now() + 1, delivery.steps().len(), &begun.title));
        if self.said != Some(id) {
            self.said = Some(id);
            self.view.say(line::of_next(begun));
        }
        self.view.enter(Phase::Treating);
        self.view.follow(delivery, origin, start);
        let mut landed = false;
        while let Some(step) = delivery.step().filter(|step| step.stroke.id == id) {
            let next = delivery.next().filter(|next| next.pause_s <= 0.0).map(|next| next.stroke);
            self.talk.ask(Ask::Treat { now: step.stroke, next }, step.surfaces);
            let longest = step.stroke.duration.micros().plus(Micros::from_seconds(TRAVEL_S));
            if let Some(ended) = self.cycle()? {
                return Ok(Some(ended));
            }
            let now = self.talk.now;
            let events = &self.talk.report.events;
            if events.contains(&Event::StrokeDone { id }) {
                delivery.done(at_s(now, origin));
                record.strokes.push(StrokeGiven {
                    id,
                    title: begun.title.clone(),
                    started_s,
                    done_s: self.talk.seconds(),
                    held: begun.stroke.action == Action::Hold,
                });
                return Ok(None);
            }
            if !landed && events.iter().any(|event| matches!(event, Event::Landed { .. })) {
                landed = true;
                delivery.landed(at_s(now, origin));
                self.view.follow(delivery, origin, now);
            }
            if now.since(start).is_none_or(|since| since > longest) {
                return Ok(Some(Ended::Stalled(begun.title.clone())));
            }
            self.tell_next(delivery, origin);
            if let Some(wish) = self.wish.take() {
                self.turn(delivery, wish, origin);
            }
        }
        Ok(None)
    }

    /// Says what comes next, shortly before it does.
    fn tell_next(&mut self, delivery: &Delivery<'_>, origin: Instant) {
        let (left_s, _) = delivery.left_s(at_s(self.talk.now, origin));
        if let Some(next) = delivery.next().filter(|next| left_s < TOLD_BEFORE_S && next.pause_s <= 0.0)
            && self.said != Some(next.stroke.id)
        {
            self.said = Some(next.stroke.id);
            self.view.say(line::of_next(next));
        }
    }

    /// Takes a wish to the delivery and answers it.
    fn turn(&mut self, delivery: &mut Delivery<'_>, wish: Wish, origin: Instant) {
        let answer = grant(delivery, wish, at_s(self.talk.now, origin));
        self.answer(wish, &answer);
        self.view.follow(delivery, origin, self.talk.now);
    }

    /// Tells what became of a wish.
    pub(super) fn answer(&mut self, wish: Wish, answer: &Result<Change, Held>) {
        let words = match answer {
            Ok(what) => {
                self.attendant.progress(Progress::Granted { wish, what });
                &what.words
            }
            Err(reason) => {
                self.attendant.progress(Progress::Held { wish, reason });
                &reason.words
            }
        };
        self.view.news(words.clone());
        self.keep(wish, answer.is_ok(), words.clone());
    }

    /// Keeps a wish for the record.
    pub(super) fn keep(&mut self, wish: Wish, granted: bool, words: care::Words) {
        let time_s = self.talk.seconds();
        self.wishes.push(WishSaid { time_s, wish, granted, words });
    }
}

fn at_s(now: Instant, origin: Instant) -> f64 {
    now.seconds() - origin.seconds()
}
