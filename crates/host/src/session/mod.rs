//! One session with one bed: begin, scan, plan, treat, scan again, release. The host talks to the bed
//! through its port alone; what is a simulation is not known here.

mod attend;
mod conversation;
mod line;
pub mod live;
mod proposal;
mod record;
pub mod trace;
mod treat;
mod unread;
mod view;

use crate::log::{LogError, SessionLog};
use bed::{Admission, Ask, Bed, BedConfig, Event, ScanPass, SpineScan};
use care::Clearance;
use conversation::Conversation;
use counts::{DeciNewtons, HEATERS_MAX, Instant, Micrometres, MicrometresPerSecond, Micros, MilliCem43};
use live::{LiveSpine, Phase};
use plan::{Delivery, Held, History, Offer, Program, Visit};
use population::{About, ShapeModel};
use proposal::Refused;
use scan::{Estimator, Mode};
use view::View;

/// In the words of a picture.
pub use bed::{Action, SessionState, Side};

pub use attend::{Alternative, Answer, Attendant, Progress, Wish};
pub use line::{Line, stroke as stroke_words};
pub use live::Live;
pub use record::{Ended, FaultSeen, LeftOut, SessionRecord, StrokeGiven, WishSaid};
pub use unread::Unread;

/// What a session needs to know before it begins.
pub struct Setting<'a> {
    /// The bed's description.
    pub bed: &'a BedConfig,
    /// What is known of the person.
    pub about: About,
    /// What the scan believes of spines before it has seen one.
    pub prior: &'a ShapeModel,
    /// The program.
    pub program: &'a Program,
    /// No other program may be proposed in its place.
    pub only: bool,
    /// Earlier sessions.
    pub history: History,
    /// Begins softer than the plan by so many steps of the scale of force ([`crate::next`]).
    pub softer: u8,
    /// The day, and the time that the person has.
    pub visit: Visit,
}

/// What can go wrong with a session besides an ordinary refusal or a fault.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The link to the bed is gone.
    #[error("the link to the bed is gone: {0}; the bed releases the person by itself")]
    Link(String),
    /// The log cannot be written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The bed holds its safe state.
    #[error("the bed was stopped and holds its safe state: switch it off and on again")]
    Latched,
    /// Nobody lay down, or nobody pressed the hand switch.
    #[error("the bed still waits ({0:?}) after {1} s: lie down and press the hand switch")]
    Waited(SessionState, u64),
}

impl SessionError {
    /// What a person is told, with the way out.
    #[must_use]
    pub fn words(&self) -> care::Words {
        let (en, de) = match self {
            Self::Link(_) => (
                "The line to the bed was lost; the bed releases the person by itself.",
                "Die Verbindung zum Bett ging verloren; das Bett lässt von selbst los.",
            ),
            Self::Log(_) => (
                "The session's record cannot be written, so it was not given. Check that the disk has room.",
                "Die Aufzeichnung der Anwendung lässt sich nicht schreiben, deshalb gab es keine. Prüfen Sie, ob die Platte Platz hat.",
            ),
            Self::Latched => (
                "The bed was stopped and stays so until it is switched off and on again.",
                "Das Bett wurde gestoppt und bleibt so, bis es aus- und wieder eingeschaltet wird.",
            ),
            Self::Waited(SessionState::AwaitingSwitch, _) => (
                "Nobody pressed the hand switch, so the session did not begin.",
                "Niemand hat den Handschalter gedrückt, deshalb hat die Anwendung nicht begonnen.",
            ),
            Self::Waited(..) => (
                "Nobody lay down, so the session did not begin.",
                "Niemand hat sich hingelegt, deshalb hat die Anwendung nicht begonnen.",
            ),
        };
        care::Words::both(en, de)
    }
}

/// Longest wait for a person and the hand switch, seconds. Guess: who is in pain takes minutes to lie down; longer,
/// and somebody has walked away.
const WAIT_S: u64 = 300;
/// Longest scan, seconds from its request: a minute in contact (design) and the ways there and back.
const SCAN_S: u64 = 120;
/// Longest release, seconds: the carriage's travel at its slowest and the lifts' stroke.
const RELEASE_S: u64 = 60;
/// Where the first thoracic body lies when the shoulders lie at the bed's mark, mm. Design.
const SHOULDER_MARK_MM: f64 = 500.0;
/// The scan reaches so far headward of the mark, mm: 40 mm of placement, the neck and 60 mm of run-in.
const HEADWARD_MM: f64 = 120.0;
/// The scan reaches so far footward of the expected last lumbar body, mm: placement, plateau, run-out.
const FOOTWARD_MM: f64 = 170.0;
/// Force of both heads together on the way out and back, N (design: the scan). Where the motor current alone
/// tells the force, the lighter one is lost in its noise, and both ways take the firmer one.
const SCAN_FORCE_N: (f64, f64) = (20.0, 40.0);
/// Speed of the scan, mm/s (design: carriage in contact).
const SCAN_SPEED_MM_S: f64 = 60.0;
/// Speed of the scan on a bed without load cells, mm/s: its slow force loop follows the back no faster.
/// Design; out and back over 0.8 m within a minute.
const SCAN_SPEED_BLIND_MM_S: f64 = 28.0;

/// Time to move and lie still again, seconds. Guess.
const MOVE_S: f64 = 8.0;

/// While a scan runs, the spine is drawn anew so often. Source: design; twice a second, since an estimate costs
/// some milliseconds.
const DRAWN: Micros = Micros::from_millis(500);
/// Time of the bed in which the answer of a scan is worked out, seconds. Guess: three times what it takes here.
const THINK_S: f64 = 2.5;
/// Once nobody attends, a session ends after so long. Source: issue of the page; time to start a tablet anew.
const LOST: Micros = Micros::from_seconds(60);

const OFF: [Option<counts::DeciCelsius>; HEATERS_MAX] = [None; HEATERS_MAX];

/// Gives one session. The clearance is spent with it.
///
/// # Errors
/// [`SessionError`] when the link or the log fails, or nobody comes. Refusals and faults are no
/// errors: they stand in the record.
pub fn run<B: Bed>(
    bed: &mut B,
    setting: &Setting<'_>,
    clearance: Clearance,
    log: Option<SessionLog>,
    attendant: &mut dyn Attendant,
) -> Result<SessionRecord, SessionError> {
    let mut session = Session::new(bed, log, setting, attendant);
    let mut record = SessionRecord::new(setting, &clearance);
    let ended = match session.live(clearance, &mut record) {
        // What was found and given so far is not lost with the line.
        Err(SessionError::Link(why)) => Ended::LinkLost(why),
        ended => ended?,
    };
    session.enter(Phase::Over);
    session.look(true);
    record.weight_n = session.weight.map(|weight| f64::from(weight.raw()) / 10.0);
    record.wishes = std::mem::take(&mut session.wishes);
    record.ended = ended;
    record.duration_s = session.talk.seconds();
    (record.trace, record.faults) = session.talk.close()?;
    Ok(record)
}

/// Begins a session and scans once, handing every report of the scan to `eat`; does not wait for the
/// release. `None` when the scan came to its end.
///
/// # Errors
/// As [`run`].
pub fn survey<B: Bed>(
    bed: &mut B,
    setting: &Setting<'_>,
    clearance: &Clearance,
    eat: &mut dyn FnMut(&bed::Report),
) -> Result<Option<Ended>, SessionError> {
    let mut nobody = |_: Progress<'_>| {};
    let mut session = Session::new(bed, None, setting, &mut nobody);
    match session.begin(clearance)? {
        Some(ended) => Ok(Some(ended)),
        None => session.travel(&mut |report| {
            eat(report);
            None
        }),
    }
}

struct Session<'a, 'w, B: Bed> {
    talk: Conversation<'a, B>,
    setting: &'a Setting<'a>,
    attendant: &'w mut dyn Attendant,
    view: View,
    weight: Option<DeciNewtons>,
    /// When the hand switch was pressed first.
    armed: Option<Instant>,
    /// Whether there is a delivery that wishes can change, and the wish that waits for it.
    open: bool,
    wish: Option<Wish>,
    wishes: Vec<WishSaid>,
    /// The stroke that was told last.
    said: Option<u16>,
    /// Since when nobody attends.
    lost: Option<Instant>,
}

impl<'a, 'w, B: Bed> Session<'a, 'w, B> {
    fn new(
        bed: &'a mut B,
        log: Option<SessionLog>,
        setting: &'a Setting<'a>,
        attendant: &'w mut dyn Attendant,
    ) -> Self {
        Self {
            talk: Conversation::new(bed, log),
            setting,
            view: View::new(attendant.looks()),
            attendant,
            weight: None,
            armed: None,
            open: false,
            wish: None,
            wishes: Vec::new(),
            said: None,
            lost: None,
        }
    }
}

impl<B: Bed> Session<'_, '_, B> {
    /// From the first request to the release.
    fn live(&mut self, clearance: Clearance, record: &mut SessionRecord) -> Result<Ended, SessionError> {
        if clearance.verdict() == care::Verdict::Refuse {
            return Ok(Ended::NotCleared);
        }
        if let Some(ended) = self.begin(&clearance)? {
            return self.release(ended);
        }
        let ended = match self.look_and_treat(clearance, record)? {
            Some(ended) => ended,
            None => match self.scan(Phase::ScanningAgain)? {
                Ok(after) => {
                    self.attendant.progress(Progress::FoundAfter(&after));
                    record.after = Some(after);
                    Ended::Complete
                }
                // Without a second answer the session is complete all the same.
                Err(Ended::ScanRefused(_)) => Ended::Complete,
                Err(ended) => ended,
            },
        };
        self.release(ended)
    }

    /// Scans, proposes and treats; says how the session ends where it does.
    fn look_and_treat(
        &mut self,
        clearance: Clearance,
        record: &mut SessionRecord,
    ) -> Result<Option<Ended>, SessionError> {
        let mut scan = match self.scan(Phase::Scanning)? {
            Ok(scan) => scan,
            Err(ended) => return Ok(Some(ended)),
        };
        let setting = self.setting;
        let mut offer = Offer::new(scan.clone(), clearance, setting.history, setting.bed);
        let left_mm = match self.worth_moving(&offer)? {
            Ok(left_mm) => left_mm,
            Err(ended) => return Ok(Some(ended)),
        };
        if let Some(left_mm) = left_mm.map(f64::from) {
            self.attendant.progress(Progress::Move(left_mm));
            self.view.move_aside(left_mm);
            record.moved_mm = Some(left_mm);
            if let Some(ended) = self.pause(MOVE_S)? {
                return Ok(Some(ended));
            }
            scan = match self.scan(Phase::Scanning)? {
                Ok(scan) => scan,
                Err(ended) => return Ok(Some(ended)),
            };
            offer = offer.seen_again(scan.clone());
        }
        self.attendant.progress(Progress::Found(&scan));
        record.scan = Some(scan);
        let taken = match self.propose(&offer)? {
            Ok(taken) => taken,
            Err(Refused::Ended(ended)) => return Ok(Some(ended)),
            Err(Refused::Plan(refusal)) => {
                record.refusal = Some(refusal);
                return Ok(Some(Ended::PlanRefused));
            }
        };
        self.attendant.progress(Progress::Planned(&taken.plan));
        let mut delivery = Delivery::new(&taken.plan, setting.bed, self.strokes_s());
        delivery.begin_softer(taken.softer);
        record.softer = taken.softer;
        let ended = self.treat(delivery, record);
        record.plan = Some(taken.plan);
        ended
    }

    /// Waits until the person lies and has pressed the hand switch.
    fn begin(&mut self, clearance: &Clearance) -> Result<Option<Ended>, SessionError> {
        let decinewtons = |force: f64| DeciNewtons::new((force * 10.0).floor() as i16);
        let admission = Admission {
            dose_today: self
                .setting
                .history
                .dose_today_cem43
                .map(|dose| MilliCem43::new((dose * 1000.0).ceil() as u32)),
            first_session: self.setting.history.sessions.map(|sessions| sessions == 0),
            force_cap: force_cap_n(clearance).map(decinewtons),
            surface_cap: clearance
                .surface_cap_c()
                .map(|cap| counts::DeciCelsius::new((cap * 10.0).floor() as i16)),
            heat_allowed: clearance.heat_allowed(),
        };
        if self.talk.state == SessionState::Safe {
            return Err(SessionError::Latched);
        }
        self.talk.ask(Ask::Begin(admission), OFF);
        let mut shown = None;
        while self.talk.state != SessionState::Armed {
            if let Some(ended) = self.cycle()? {
                return Ok(Some(ended));
            }
            if self.talk.state == SessionState::Safe {
                return Ok(Some(Ended::Stopped));
            }
            if shown != Some(self.talk.state) {
                shown = Some(self.talk.state);
                self.attendant.progress(Progress::Waiting(self.talk.state));
                match self.talk.state {
                    SessionState::AwaitingSwitch => self.enter(Phase::WaitingSwitch),
                    SessionState::Armed => {}
                    _ => self.enter(Phase::WaitingPerson),
                }
            }
            if self.talk.seconds() > WAIT_S as f64 {
                return Err(SessionError::Waited(self.talk.state, WAIT_S));
            }
        }
        self.armed = Some(self.talk.now);
        Ok(None)
    }

    fn enter(&mut self, phase: Phase) {
        self.view.enter(phase);
    }

    /// Scans the back; the inner error says how the session ends instead.
    fn scan(&mut self, phase: Phase) -> Result<Result<SpineScan, Ended>, SessionError> {
        self.enter(phase);
        let setting = self.setting;
        let mut estimator = Estimator::new(setting.prior, &setting.about, setting.bed, Mode::Full);
        let (looks, mut drawn) = (self.view.looks, None);
        let ended = self.travel(&mut |report| {
            estimator.add(report.now, &report.readings);
            let due = drawn.is_none_or(|drawn| report.now.since(drawn).is_none_or(|since| since >= DRAWN));
            if !(looks && due) {
                return None;
            }
            drawn = Some(report.now);
            let estimate = estimator.estimate()?;
            let levels = estimate.scan.levels.iter().copied().collect();
            Some(LiveSpine { levels, seen_mm: estimate.seen_mm, settled: false })
        })?;
        if let Some(ended) = ended {
            return Ok(Err(ended));
        }
        // The answer is worked out beside the talk with the bed, which must not miss its host. It gets the same
        // time of the bed everywhere, so that the same session runs alike on every computer.
        let finishing = std::thread::spawn(move || estimator.finish());
        if let Some(ended) = self.pause(THINK_S)? {
            return Ok(Err(ended));
        }
        while !self.talk.bed_waits() && !finishing.is_finished() {
            if let Some(ended) = self.cycle()? {
                return Ok(Err(ended));
            }
        }
        let answer = finishing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if let Ok(scan) = &answer {
            self.view.found(scan);
        }
        Ok(answer.map_err(|refusal| Ended::ScanRefused(Box::new(Unread::of(&refusal)))))
    }

    /// Travels out and back over the back, once a carriage, and hands every report on.
    fn travel(
        &mut self,
        eat: &mut dyn FnMut(&bed::Report) -> Option<LiveSpine>,
    ) -> Result<Option<Ended>, SessionError> {
        let setting = self.setting;
        for pass in passes(setting.bed, &setting.about, setting.prior) {
            self.talk.ask(Ask::Scan(pass), OFF);
            let start = self.talk.now;
            let (from, to) = (f64::from(pass.from.raw()), f64::from(pass.to.raw()));
            let (mut turned, mut shown) = (false, start);
            loop {
                if let Some(ended) = self.cycle()? {
                    return Ok(Some(ended));
                }
                let report = &self.talk.report;
                if let Some(spine) = eat(report) {
                    self.view.spine(spine);
                }
                turned |= report.events.contains(&Event::ScanTurned);
                if report.events.contains(&Event::ScanDone) {
                    break;
                }
                if report.now.since(shown).is_some_and(|since| since >= Micros::from_millis(500)) {
                    shown = report.now;
                    let place = report.readings.carriages[usize::from(pass.carriage)].position;
                    let along = place.map_or(from, |sample| f64::from(sample.value.raw()));
                    let share = ((along - from) / (to - from)).clamp(0.0, 1.0) / 2.0;
                    let share = if turned { 1.0 - share } else { share };
                    self.attendant.progress(Progress::Scanning(share));
                    self.view.scanned(share);
                }
                if report.now.since(start).is_none_or(|since| since > Micros::from_seconds(SCAN_S)) {
                    return Ok(Some(Ended::ScanRefused(Box::new(Unread::unending()))));
                }
            }
        }
        Ok(None)
    }

    /// Lets a rest pass with the heads low.
    fn pause(&mut self, seconds: f64) -> Result<Option<Ended>, SessionError> {
        let start = self.talk.now;
        let rest = Micros::new((seconds.max(0.0) * 1e6) as u64);
        while self.talk.now.since(start).is_some_and(|since| since < rest) {
            self.talk.ask(Ask::Rest, OFF);
            if let Some(ended) = self.cycle()? {
                return Ok(Some(ended));
            }
        }
        Ok(None)
    }

    /// Ends in good order and waits until the person is free.
    fn release(&mut self, ended: Ended) -> Result<Ended, SessionError> {
        self.open = false;
        self.enter(Phase::Releasing);
        self.attendant.progress(Progress::Releasing);
        // A stop was sent when it was wished; a bed that ends by itself only needs to be left in peace.
        if !self.talk.stops() {
            self.talk.ask(Ask::Finish, OFF);
        }
        let start = self.talk.now;
        while !matches!(self.talk.state, SessionState::Idle | SessionState::Safe) {
            // Only a stop could change anything now, and it has been sent.
            self.cycle()?;
            if self.talk.now.since(start).is_none_or(|since| since > Micros::from_seconds(RELEASE_S)) {
                break;
            }
        }
        Ok(ended)
    }

    /// One cycle; tells when the bed or the person has ended the session.
    fn cycle(&mut self) -> Result<Option<Ended>, SessionError> {
        let before = self.talk.state;
        self.talk.cycle()?;
        let report = &self.talk.report;
        self.attendant.progress(Progress::Time(report.now));
        for event in &report.events {
            if let Event::Occupied { weight } = *event {
                self.weight = Some(weight);
            }
        }
        self.look(false);
        let wished = self.listen()?;
        let live = matches!(before, SessionState::Armed | SessionState::Scanning | SessionState::Treating);
        let gone =
            matches!(self.talk.state, SessionState::Releasing | SessionState::Safe | SessionState::Idle);
        Ok((live && gone).then_some(Ended::Stopped).or(wished))
    }

    /// Shows the picture of the moment.
    fn look(&mut self, last: bool) {
        if let Some(live) = self.view.paint(&self.talk, self.setting.bed, last) {
            self.attendant.see(live);
        }
    }

    /// Hears what the person wishes; a stop is sent at once. Tells how the session ends where it does.
    fn listen(&mut self) -> Result<Option<Ended>, SessionError> {
        let now = self.talk.now;
        if self.lost.is_none() && !self.attendant.attends() {
            self.lost = Some(now);
            self.talk.fall();
            self.view.lost();
        }
        match self.attendant.wish() {
            Some(Wish::Stop) => {
                self.talk.stop()?;
                self.keep(Wish::Stop, true, ends());
                return Ok(Some(Ended::Stopped));
            }
            Some(Wish::Finish) => {
                self.keep(Wish::Finish, true, ends());
                return Ok(Some(Ended::Finished));
            }
            Some(wish) if self.open && self.lost.is_none() => self.wish = Some(wish),
            Some(wish) => self.answer(wish, &Err(Held::not_now())),
            None => {}
        }
        let lost = self.lost.is_some_and(|lost| now.since(lost).is_none_or(|since| since >= LOST));
        Ok(lost.then_some(Ended::Unattended))
    }
}

fn ends() -> care::Words {
    care::Words::both("The session ends.", "Die Anwendung endet.")
}

/// Cap on the force that the clearance speaks of, N: where nothing is softened it is the working ceiling;
/// where it says nothing of force the bed keeps its default.
fn force_cap_n(clearance: &Clearance) -> Option<f64> {
    let go = clearance.verdict() == care::Verdict::Go;
    clearance.force_cap_n().or(go.then_some(f64::from(bed::limits::FORCE_CEILING_N)))
}

/// The passes of one scan, one a carriage, each within its travel: from the pelvis, where a back is
/// always found, towards the neck, which the heads leave where it is out of their reach, and back.
#[must_use]
pub fn passes(bed: &BedConfig, about: &About, prior: &ShapeModel) -> Vec<ScanPass> {
    let (length, sd) = prior.given(about).length_mm();
    let from = SHOULDER_MARK_MM - HEADWARD_MM;
    let to = SHOULDER_MARK_MM + length + 2.0 * sd + FOOTWARD_MM;
    let micrometres = |mm: f64| Micrometres::new((mm * 1000.0).round() as i32);
    let force = |newtons: f64| DeciNewtons::new((newtons * 10.0).round() as i16);
    let speed_mm_s = if bed.load_cell.is_some() { SCAN_SPEED_MM_S } else { SCAN_SPEED_BLIND_MM_S };
    let (force_out_n, force_back_n) =
        if bed.load_cell.is_some() { SCAN_FORCE_N } else { (SCAN_FORCE_N.1, SCAN_FORCE_N.1) };
    let within = bed.carriages.iter().enumerate().map(|(index, carriage)| {
        let (low, high) = (f64::from(carriage.from_mm), f64::from(carriage.to_mm));
        (index, from.clamp(low, high), to.clamp(low, high))
    });
    within
        .filter(|(_, from, to)| to > from)
        .map(|(index, from, to)| ScanPass {
            carriage: index as u8,
            from: micrometres(to),
            to: micrometres(from),
            speed: MicrometresPerSecond::new((speed_mm_s * 1000.0) as i32),
            force_out: force(force_out_n),
            force_back: force(force_back_n),
        })
        .collect()
}
