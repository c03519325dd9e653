//! Between scan and treatment: what was found is told as a plan, with what else there is, and waits for the
//! person's answer.

use super::attend::{Alternative, Answer, Progress};
use super::live::Phase;
use super::record::Ended;
use super::{OFF, Session, SessionError};
use bed::{Ask, Bed, limits};
use counts::Micros;
use plan::{Held, Offer, PLAN_RESERVE_S, Plan, Program, Refusal, Visit};

/// A proposal waits for so long, seconds. Guess: time to read and to look at every alternative; whoever has not
/// answered by then has fallen asleep or gone.
const ANSWER_S: u64 = 300;
/// What follows the treatment: another scan of a minute, getting ready for it and thinking about it, seconds.
/// Source: a scan takes at most 60 s (design.md, the scan). Guess: a quarter of a minute for the rest.
const AFTER_S: f64 = 75.0;
/// The machine ends a session by itself so long before the limit, seconds. Source: design; the control's own.
const BEFORE_LIMIT_S: f64 = 10.0;
/// Steps by which the gentler variant begins softer. Guess: clearly felt, and still a massage.
pub(super) const GENTLER: u8 = 2;
/// Lengths of the shorter variants, minutes. Guess: what people have; a plan needs ten.
const SHORTER_MIN: [f64; 3] = [30.0, 20.0, 10.0];
/// A variant is shorter if it takes less than this share. Guess.
const SHORTER: f64 = 0.85;

/// Less than this nobody moves by intent, mm. Guess.
const MOVE_MIN_MM: i16 = 2;
/// A move and another scan are worth so many levels more. Guess: they take a minute and a half.
const LEVELS_BACK_MIN: usize = 2;

/// What can be chosen.
#[derive(Clone, Copy)]
struct Choice<'p> {
    program: &'p Program,
    minutes: Option<f64>,
    gentler: bool,
}

impl Choice<'_> {
    fn key(&self) -> String {
        let name = self.program.name();
        match (self.minutes, self.gentler) {
            (Some(minutes), _) => format!("{name}/{minutes:.0}"),
            (None, true) => format!("{name}/gentle"),
            (None, false) => name.to_owned(),
        }
    }

    fn alternative(&self, plan: Result<&Plan, &Refusal>) -> Alternative {
        let planned = plan.ok();
        Alternative {
            key: self.key(),
            program: self.program.name().to_owned(),
            title: self.program.title().clone(),
            minutes: planned.map(|plan| plan.totals.session_seconds / 60.0),
            force_max_n: planned.map(|plan| plan.totals.force_max_n),
            gentler: self.gentler,
            refusal: plan.err().cloned(),
        }
    }
}

/// The plan that was taken.
pub(super) struct Taken {
    pub plan: Plan,
    /// Begins softer by so many steps.
    pub softer: u8,
}

impl<'a, B: Bed> Session<'a, '_, B> {
    /// Seconds that are left for strokes, with the scan after them.
    pub(super) fn strokes_s(&self) -> f64 {
        let armed_s = self.armed.unwrap_or(self.talk.now).seconds();
        f64::from(limits::SESSION_S) - BEFORE_LIMIT_S - (self.talk.now.seconds() - armed_s) - AFTER_S
    }

    /// Proposes until the person takes a plan; the inner error says how the session ends instead.
    ///
    /// The first of these is what was asked for; where it is refused, whoever looks is shown what else there is.
    pub(super) fn propose(&mut self, offer: &Offer<'_>) -> Result<Result<Taken, Refused>, SessionError> {
        let setting = self.setting;
        let mut choice = Choice { program: setting.program, minutes: None, gentler: false };
        let mut plan = match self.compile(offer, &choice) {
            Ok(plan) => plan,
            Err(refusal) => match self.instead(offer, &choice)? {
                Some((other, plan)) => {
                    self.view.news(refusal.words());
                    choice = other;
                    plan
                }
                None => return Ok(Err(Refused::Plan(refusal))),
            },
        };
        let until = self.talk.now.after(Micros::from_seconds(ANSWER_S));
        loop {
            let others = match self.others(offer, &choice)? {
                Ok(others) => others,
                Err(ended) => return Ok(Err(Refused::Ended(ended))),
            };
            let alternatives: Vec<Alternative> =
                others.iter().map(|(choice, plan)| choice.alternative(plan.as_ref())).collect();
            self.view.enter(Phase::Proposed);
            self.attendant.progress(Progress::Proposed { plan: &plan, alternatives: &alternatives });
            let answer = loop {
                if let Some(answer) = self.attendant.answer() {
                    break answer;
                }
                if self.talk.now >= until {
                    return Ok(Err(Refused::Ended(Ended::Unanswered)));
                }
                self.talk.ask(Ask::Rest, OFF);
                if let Some(ended) = self.cycle()? {
                    return Ok(Err(Refused::Ended(ended)));
                }
            };
            match answer {
                Answer::Yes => {
                    let softer = self.setting.softer.saturating_add(if choice.gentler { GENTLER } else { 0 });
                    return Ok(self.in_time(offer, &choice, plan).map(|plan| Taken { plan, softer }));
                }
                Answer::No => return Ok(Err(Refused::Ended(Ended::Declined))),
                Answer::Other(key) => {
                    let taken = others.into_iter().find(|(other, plan)| other.key() == key && plan.is_ok());
                    match taken {
                        Some((other, Ok(other_plan))) => (choice, plan) = (other, other_plan),
                        _ => self.view.news(Held::not_now().words),
                    }
                }
            }
        }
    }

    /// Compiles anew where the answer took so long that the session would not be over in time.
    fn in_time(&self, offer: &Offer<'_>, choice: &Choice<'_>, plan: Plan) -> Result<Plan, Refused> {
        if plan.totals.seconds <= self.strokes_s() {
            return Ok(plan);
        }
        self.compile(offer, choice).map_err(Refused::Plan)
    }

    /// How far to their left the person should lie before a second look: `None` where that would give back too few
    /// levels. A cycle of the bed passes between two plans.
    pub(super) fn worth_moving(
        &mut self,
        offer: &Offer<'_>,
    ) -> Result<Result<Option<i16>, Ended>, SessionError> {
        let left_mm = offer.to_midline_mm();
        if left_mm.abs() < MOVE_MIN_MM {
            return Ok(Ok(None));
        }
        let (program, visit) = (self.setting.program, self.visit(self.setting.program, None));
        let levels = |plan: Result<Plan, Refusal>| plan.map_or(0, |plan| plan.levels().len());
        let here = levels(offer.compile(program, &visit));
        self.talk.ask(Ask::Rest, OFF);
        if let Some(ended) = self.cycle()? {
            return Ok(Err(ended));
        }
        let there = levels(offer.compile_moved(program, &visit, left_mm));
        Ok(Ok((there >= here + LEVELS_BACK_MIN).then_some(left_mm)))
    }

    fn compile(&self, offer: &Offer<'_>, choice: &Choice<'_>) -> Result<Plan, Refusal> {
        offer.compile(choice.program, &self.visit(choice.program, choice.minutes))
    }

    /// The visit as far as it has come, for a program of this length.
    fn visit(&self, program: &Program, minutes: Option<f64>) -> Visit {
        let wished = minutes.or(self.setting.visit.minutes);
        let left = (self.strokes_s() + PLAN_RESERVE_S) / 60.0;
        let late = wished.unwrap_or(program.minutes()) > left;
        Visit {
            minutes: if late { Some(left) } else { wished },
            weight_n: self.weight.map(|weight| f64::from(weight.raw()) / 10.0),
            ..self.setting.visit
        }
    }

    /// Something that can be given where what was asked for cannot, for whoever looks.
    fn instead(
        &mut self,
        offer: &Offer<'_>,
        refused: &Choice<'a>,
    ) -> Result<Option<(Choice<'a>, Plan)>, SessionError> {
        let Ok(others) = self.others(offer, refused)? else { return Ok(None) };
        let given = others.into_iter().find_map(|(choice, plan)| plan.ok().map(|plan| (choice, plan)));
        Ok(given)
    }

    /// Everything else that could be asked for, with its plan or refusal. A cycle of the bed passes between two
    /// of them, so that it does not miss its host.
    #[expect(clippy::type_complexity, reason = "a list of choices and plans, or the session's end")]
    fn others(
        &mut self,
        offer: &Offer<'_>,
        choice: &Choice<'a>,
    ) -> Result<Result<Vec<(Choice<'a>, Result<Plan, Refusal>)>, Ended>, SessionError> {
        let mut others = Vec::new();
        if !self.view.looks {
            return Ok(Ok(others));
        }
        let whole = |program: &'a Program| Choice { program, minutes: None, gentler: false };
        let own = std::iter::once(self.setting.program);
        let name = self.setting.program.name();
        let shipped = plan::shipped().iter().filter(|program| !self.setting.only && program.name() != name);
        let mut choices: Vec<Choice<'a>> = own.chain(shipped).map(whole).collect();
        let minutes = self.setting.visit.minutes.unwrap_or(choice.program.minutes());
        let shorter = SHORTER_MIN.into_iter().filter(|shorter| *shorter < SHORTER * minutes);
        choices.extend(shorter.map(|minutes| Choice { minutes: Some(minutes), ..whole(choice.program) }));
        choices.push(Choice { gentler: true, ..whole(choice.program) });
        choices.retain(|other| other.key() != choice.key());
        for other in choices {
            let plan = self.compile(offer, &other);
            others.push((other, plan));
            self.talk.ask(Ask::Rest, OFF);
            if let Some(ended) = self.cycle()? {
                return Ok(Err(ended));
            }
        }
        Ok(Ok(others))
    }
}

/// Why no plan is given.
pub(super) enum Refused {
    /// There is none.
    Plan(Refusal),
    /// The session ends.
    Ended(Ended),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_a_key_of_its_own() {
        let program = &plan::shipped()[0];
        let whole = Choice { program, minutes: None, gentler: false };
        let keys = [whole, Choice { gentler: true, ..whole }, Choice { minutes: Some(20.0), ..whole }];
        let keys: std::collections::BTreeSet<String> = keys.iter().map(Choice::key).collect();
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert!(keys.contains(program.name()));
    }
}
