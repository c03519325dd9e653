//! The bed in this house: one thread that leads it over its line, and a handle that pages and programs share.
//!
//! * [`Station::picture`] is what there is to see, about twenty times a second; whoever is slow sees the newest.
//! * [`Station::begin`], [`Station::wish`] and [`Station::answer`] are what a person asks for. They wait in a
//!   queue that the thread takes from in every cycle.
//! * [`Station::stop`] waits for nothing: it has a line of its own to the bed.
//! * [`Station::here`] is a page's sign of life. While there is none, nothing is wished and heads go low.
//!
//! Nothing here can heat or press: it asks, and the bed decides, after a press of its hand switch.

mod desk;
mod keeping;
mod picture;
mod pilot;

use crate::day::Moment;
use crate::prescription::Prescriptions;
use crate::seen::Seen;
use crate::session::live::Phase;
use crate::session::{Answer, Wish};
use crate::store::{SessionLine, SessionStanding, Store, StoreError};
use crate::told::Told;
use crate::wire::{SideLine, WireError};
use care::{Clearance, Day, Nprs, Person, Verdict, Words};
use desk::Desk;
use link::TwinAct;
use plan::{Program, Refusal, Visit};
use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

pub use desk::PAGE_LOST;
pub use picture::{BedThere, Outcome, Picture, Proposal, Shown};

/// Why a session is not begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// There is no bed now.
    #[error("no bed answers: {}", .0.en)]
    NoBed(Words),
    /// One is under way.
    #[error("a session is under way; end it first")]
    Busy,
    /// What the person told does not allow it, or something is still open.
    #[error("the bed is not for you today: answer the questions under \"May I use the bed today?\"")]
    NotCleared,
    /// The rules of the day, the person's size or the bed do not allow it.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// A prescription that the person agreed to does not allow it.
    #[error("{}", .0.en)]
    Withheld(Words),
    /// No such program.
    #[error("there is no program \"{0}\"")]
    NoProgram(String),
    /// The record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BeginError {
    /// What a person is told, with the way out.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::NoBed(words) | Self::Withheld(words) => words.clone(),
            Self::Busy => Words::both(
                "A session is under way. End it first.",
                "Es läuft schon eine Anwendung. Beenden Sie sie zuerst.",
            ),
            Self::NotCleared => Words::both(
                "The bed is not for you today. Answer the questions under \"May I use the bed today?\".",
                "Das Bett ist heute nichts für Sie. Beantworten Sie die Fragen unter „Darf ich heute aufs Bett?“.",
            ),
            Self::Refused(refusal) => refusal.words(),
            Self::NoProgram(name) => Words::both(
                format!("There is no program \"{name}\". Choose one from the list."),
                format!("Ein Programm „{name}“ gibt es nicht. Wählen Sie eines aus der Liste."),
            ),
            Self::Store(error) => error.words(),
        }
    }
}

/// What a session is begun with.
#[derive(Debug)]
struct Wanted {
    name: String,
    person: Person,
    clearance: Clearance,
    program: &'static Program,
    only: bool,
    minutes: Option<f64>,
    softer: u8,
    today: Day,
}

/// What waits for the thread.
enum Command {
    Begin(Box<Wanted>),
    End,
}

/// The bed in this house; every copy is the same station.
#[derive(Clone)]
pub struct Station {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    commands: Sender<Command>,
    desk: Mutex<Desk>,
    /// Nothing is ever said on it but stop, so that no stop waits for anything.
    stop: Mutex<SideLine>,
    /// For playing with a twin.
    play: Mutex<SideLine>,
    shown: watch::Sender<Arc<Shown>>,
    seen: Seen,
}

impl Station {
    /// Leads the bed at this address from now on, as soon as it answers and whenever it comes back.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn open(at: SocketAddr, store: Store) -> std::io::Result<Self> {
        let (commands, waiting) = channel();
        let (shown, _) = watch::channel(Arc::new(Shown::of(Picture::default(), None, 0)));
        let desk = Mutex::new(Desk::default());
        let [stop, play] = [(); 2].map(|()| Mutex::new(SideLine::open(at)));
        let inner = Arc::new(Inner { store, commands, desk, stop, play, shown, seen: Seen::default() });
        let own = Arc::clone(&inner);
        std::thread::Builder::new().name("pilot".to_owned()).spawn(move || pilot::fly(at, &own, &waiting))?;
        Ok(Self { inner })
    }

    /// What there is to see; changes are heard with [`watch::Receiver::changed`].
    #[must_use]
    pub fn picture(&self) -> watch::Receiver<Arc<Shown>> {
        self.inner.shown.subscribe()
    }

    /// Begins a session for the person of this name, if what they told allows one today.
    ///
    /// # Errors
    /// [`BeginError`]; nothing was begun.
    pub fn begin(
        &self,
        name: &str,
        program: &str,
        minutes: Option<f64>,
        today: Day,
    ) -> Result<(), BeginError> {
        let program =
            plan::shipped_named(program).ok_or_else(|| BeginError::NoProgram(program.to_owned()))?;
        let record = self.inner.store.record(name)?;
        let told = Told::read(&record, today)?.ok_or(BeginError::NotCleared)?;
        let allowed =
            crate::bed_today::verdict(&told, today).is_some_and(|verdict| verdict != Verdict::Refuse);
        if !allowed {
            return Err(BeginError::NotCleared);
        }
        let shown = self.inner.shown.borrow().clone();
        let Some(bed) = &shown.picture.bed else {
            let looked_for = || Words::both("The bed is being looked for.", "Das Bett wird gesucht.");
            return Err(BeginError::NoBed(shown.picture.trouble.clone().unwrap_or_else(looked_for)));
        };
        let rule = Prescriptions::read(&record, today)?.standing;
        let (clearance, minutes) = match &rule {
            Some(rule) => {
                let counts = |line: &&SessionLine| line.state != SessionStanding::Void;
                let given: Vec<Day> = record.sessions()?.iter().filter(counts).map(day_of).collect();
                rule.admit(program.name(), &given, today).map_err(|why| BeginError::Withheld(why.words()))?;
                (rule.tighten(told.clear(today)), rule.minutes(minutes, program.minutes()))
            }
            None => (told.clear(today), minutes),
        };
        let now = self.moment()?;
        let visit = Visit { minutes, ..Visit::on(today) };
        plan::admit(&clearance, &record.history(&now)?, &visit, &bed.config)
            .map_err(|refusal| BeginError::Refused(Box::new(refusal)))?;
        let softer = crate::next::softer(&record)?;
        if !self.inner.desk().claim(name) {
            return Err(BeginError::Busy);
        }
        let only = rule.is_some_and(|rule| rule.program.is_some());
        let (name, person) = (name.to_owned(), told.person);
        let wanted = Wanted { name, person, clearance, program, only, minutes, softer, today };
        // The thread lives as long as this station.
        let _ = self.inner.commands.send(Command::Begin(Box::new(wanted)));
        Ok(())
    }

    /// Leaves a wish; false where no session of this person is under way, or their page was lost.
    #[must_use]
    pub fn wish(&self, name: &str, wish: Wish) -> bool {
        self.inner.desk().wish(name, wish)
    }

    /// Answers the proposal that stands; false where no session of this person is under way.
    #[must_use]
    pub fn answer(&self, name: &str, answer: Answer) -> bool {
        self.inner.desk().answer(name, answer)
    }

    /// Keeps how much it hurts before this person's session, while the bed waits for them; false where it does not.
    ///
    /// # Errors
    /// The record cannot be read or written.
    pub fn pain_before(&self, name: &str, pain: Nprs) -> Result<bool, StoreError> {
        let waits = {
            let shown = self.inner.shown.borrow();
            let phase = shown.picture.live.as_ref().map(|live| live.phase);
            shown.picture.under_way && matches!(phase, Some(Phase::WaitingPerson | Phase::WaitingSwitch))
        };
        if !waits || self.whose().as_deref() != Some(name) {
            return Ok(false);
        }
        let mut record = self.inner.store.record(name)?;
        let open = record.sessions()?.into_iter().rfind(|line| line.state == SessionStanding::Open);
        let Some(open) = open else { return Ok(false) };
        record.tell_pain(open.number, Some(f64::from(u8::from(pain))), None)?;
        Ok(true)
    }

    /// This moment by the house's counter.
    ///
    /// # Errors
    /// The house's file cannot be read or written.
    pub fn moment(&self) -> Result<Moment, StoreError> {
        keeping::moment(&mut self.inner.store.house()?)
    }

    /// A page of this person is here.
    pub fn here(&self, name: &str) {
        self.inner.desk().here(name);
    }

    /// Whose session is under way.
    #[must_use]
    pub fn whose(&self) -> Option<String> {
        self.inner.desk().whose().map(str::to_owned)
    }

    /// Stops everything and releases the person, past every queue.
    ///
    /// # Errors
    /// No bed answers. The hand switch works without this program.
    pub fn stop(&self) -> Result<(), WireError> {
        self.inner.desk().wish_stop();
        line(&self.inner.stop).stop()
    }

    /// Plays with a twin; a bed that is none refuses.
    ///
    /// # Errors
    /// No bed answers.
    pub fn act(&self, act: TwinAct) -> Result<(), WireError> {
        line(&self.inner.play).act(act)
    }

    /// What came over the line to the bed lately, for whoever looks after it.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.inner.seen
    }

    /// Whether the line for Stop stands, with nothing said on it.
    #[must_use]
    pub fn stop_line_answers(&self) -> bool {
        line(&self.inner.stop).is_open()
    }

    /// Keeps every session away for as long as this is held; `None` where one is under way.
    #[must_use]
    pub fn rest(&self) -> Option<Rest> {
        let free = self.inner.desk().keep_free();
        free.then(|| Rest { inner: Arc::clone(&self.inner) })
    }

    /// Where records and logs stand.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.inner.store.folder()
    }

    /// Ends the thread, after the session under way.
    pub fn end(&self) {
        let _ = self.inner.commands.send(Command::End);
    }
}

/// No session is begun while this is held.
pub struct Rest {
    inner: Arc<Inner>,
}

impl Drop for Rest {
    fn drop(&mut self) {
        self.inner.desk().keep_free_no_more();
    }
}

fn line(of: &Mutex<SideLine>) -> std::sync::MutexGuard<'_, SideLine> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The day on which a session began, where it began.
fn day_of(line: &SessionLine) -> Day {
    let local_s = line.begun.utc_s + i64::from(line.begun.zone_s);
    Day::from_unix_seconds(u64::try_from(local_s).unwrap_or_default())
}

impl Inner {
    fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a picture to everybody who looks.
    fn show(&self, picture: Picture) {
        let number = self.shown.borrow().number + 1;
        let whose = self.desk().last().map(str::to_owned);
        self.shown.send_replace(Arc::new(Shown::of(picture, whose, number)));
    }
}
