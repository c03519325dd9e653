//! A bed at the other end of a line: the [`Bed`] port over [`link`]'s frames.
//!
//! Every wish carries the moment of the last report that was read here, so the bed can tell a wish of now from
//! one that lay somewhere. A [`SideLine`] is a line of its own, with nothing before a stop.

use crate::dose::BedSays;
use crate::seen::Seen;
use bed::{Bed, Event, HeatDose, Report, Request, SessionState};
use care::Words;
use counts::Instant;
use link::{Decoder, Encoder, FromBed, Hello, Refused, ToBed, TwinAct};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A bed that says nothing for so long is gone. Source: design; 500 reports a second are the rule.
const SILENCE: Duration = Duration::from_millis(1000);
/// Longest wait for a line. Guess: a bed on this computer or its cable answers in milliseconds.
const CONNECT: Duration = Duration::from_millis(1000);

/// What can go wrong with a line to a bed.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Nobody answers there.
    #[error("no bed answers at {at}: {error}; is it switched on? `ondol twin` runs one")]
    Absent {
        /// Where.
        at: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// It answered and does no more.
    #[error("the bed says nothing any more ({0}); it releases the person by itself")]
    Lost(std::io::Error),
    /// It was switched off and on.
    #[error("the bed was switched off and on")]
    Restarted,
    /// It refuses.
    #[error("the bed refuses: {0}")]
    Refused(Refused),
    /// It speaks another language.
    #[error("{0}; both ends must run versions that know each other")]
    Frame(link::FrameError),
}

impl WireError {
    /// What a person is told, with the way out.
    #[must_use]
    pub fn words(&self) -> Words {
        let (en, de) = match self {
            Self::Absent { .. } => (
                "The bed does not answer. Is it switched on, and its cable in place?",
                "Das Bett antwortet nicht. Ist es eingeschaltet, und steckt sein Kabel?",
            ),
            Self::Lost(_) => (
                "The bed says nothing any more. It lets go by itself.",
                "Das Bett sagt nichts mehr. Es lässt von selbst los.",
            ),
            Self::Restarted => ("The bed was switched on anew.", "Das Bett wurde neu eingeschaltet."),
            Self::Refused(Refused::Led) => (
                "Another computer leads this bed. End it there first.",
                "Ein anderer Computer führt dieses Bett. Beenden Sie es zuerst dort.",
            ),
            Self::Refused(_) => (
                "A session was interrupted. The bed lets go by itself; this takes about a minute.",
                "Eine Anwendung wurde unterbrochen. Das Bett lässt von selbst los; das dauert etwa eine Minute.",
            ),
            Self::Frame(_) => (
                "The bed and this computer run versions that do not know each other.",
                "Auf dem Bett und auf diesem Computer laufen Fassungen, die einander nicht kennen.",
            ),
        };
        Words::new(en.to_owned(), de.to_owned())
    }
}

impl From<std::io::Error> for WireError {
    fn from(error: std::io::Error) -> Self {
        Self::Lost(error)
    }
}

/// One line, both ways.
struct Wire {
    stream: TcpStream,
    encoder: Encoder,
    decoder: Decoder,
    /// Bytes that came and are not looked at yet: from, to.
    bytes: Box<[u8; 8192]>,
    held: (usize, usize),
}

impl Wire {
    fn open(at: SocketAddr) -> Result<Self, WireError> {
        let stream =
            TcpStream::connect_timeout(&at, CONNECT).map_err(|error| WireError::Absent { at, error })?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Self {
            stream,
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            bytes: Box::new([0; 8192]),
            held: (0, 0),
        })
    }

    fn say(&mut self, message: &ToBed) -> Result<(), WireError> {
        let frame = self.encoder.encode(message).map_err(WireError::Frame)?;
        Ok(self.stream.write_all(&frame)?)
    }

    /// The next message. A frame that is torn is dropped; one of another version is an error.
    fn hear(&mut self) -> Result<FromBed, WireError> {
        loop {
            let mut rest = &self.bytes[self.held.0..self.held.1];
            while let Some(message) = self.decoder.next::<FromBed>(&mut rest) {
                self.held.0 = self.held.1 - rest.len();
                match message {
                    Ok(message) => return Ok(message),
                    Err(error @ (link::FrameError::Version(_) | link::FrameError::Unknown)) => {
                        return Err(WireError::Frame(error));
                    }
                    Err(_) => {}
                }
            }
            let length = self.stream.read(&mut *self.bytes)?;
            if length == 0 {
                return Err(WireError::Lost(ErrorKind::UnexpectedEof.into()));
            }
            self.held = (0, length);
        }
    }
}

/// A bed's book of heat as it told it last; every copy is the same book.
#[derive(Clone, Debug)]
pub struct Book {
    boot: u64,
    heat: Arc<Mutex<Option<HeatDose>>>,
}

impl Book {
    fn new(boot: u64) -> Self {
        Self { boot, heat: Arc::default() }
    }

    fn write(&self, heat: HeatDose) {
        *self.heat.lock().unwrap_or_else(PoisonError::into_inner) = Some(heat);
    }

    /// The bed's last word.
    #[must_use]
    pub fn says(&self) -> BedSays {
        let dose = self.heat.lock().unwrap_or_else(PoisonError::into_inner).clone();
        BedSays { boot: Some(self.boot), dose }
    }
}

/// A bed at the other end of a line, led from here.
pub struct WireBed {
    wire: Wire,
    hello: Hello,
    book: Book,
    state: SessionState,
    seen: Instant,
    late: u64,
    watch: Seen,
}

impl WireBed {
    /// Comes to a bed and hears who it is; does not lead it yet.
    ///
    /// # Errors
    /// Nobody answers, or not in this version's frames.
    pub fn open(at: SocketAddr) -> Result<Self, WireError> {
        let mut wire = Wire::open(at)?;
        loop {
            if let FromBed::Hello(hello) = wire.hear()? {
                wire.say(&ToBed::Listen)?;
                return Ok(Self {
                    wire,
                    seen: hello.now,
                    book: Book::new(hello.boot),
                    state: hello.state,
                    hello,
                    late: 0,
                    watch: Seen::default(),
                });
            }
        }
    }

    /// Asks to lead its sessions.
    ///
    /// # Errors
    /// [`WireError::Refused`] where another host leads or a session of another is under way.
    pub fn lead(&mut self) -> Result<(), WireError> {
        self.wire.say(&ToBed::Lead)?;
        loop {
            match self.wire.hear()? {
                FromBed::Leads => return Ok(()),
                FromBed::Refused(refused) => return Err(WireError::Refused(refused)),
                FromBed::Report(report) => self.heard(&report),
                FromBed::HeatDose(heat) => self.book.write(heat),
                FromBed::Journal(line) => self.watch.note(line),
                FromBed::Verdict(verdict) => self.watch.judge(verdict),
                FromBed::Hello(hello) => self.greeted(hello)?,
            }
        }
    }

    /// What it said of itself.
    #[must_use]
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Takes what a report says of time and state.
    fn heard(&mut self, report: &Report) {
        self.seen = report.now;
        for event in &report.events {
            if let Event::State { to, .. } = *event {
                self.state = to;
            }
        }
        self.watch.look(report, self.state, (self.missed(), self.late));
    }

    /// Takes where the bed stands when its reports begin; from then on they tell every change.
    ///
    /// # Errors
    /// [`WireError::Restarted`] where it was switched off and on.
    fn greeted(&mut self, hello: Hello) -> Result<(), WireError> {
        let restarted = hello.boot != self.hello.boot;
        (self.seen, self.state) = (hello.now, hello.state);
        self.hello = hello;
        if restarted { Err(WireError::Restarted) } else { Ok(()) }
    }

    /// Lets whoever looks after the bed see what comes over this line.
    pub fn watched_by(&mut self, seen: &Seen) {
        self.watch = seen.clone();
        self.watch.begin(&self.hello);
    }

    /// Its book of heat, for whoever reads it beside the talk with the bed.
    #[must_use]
    pub fn book(&self) -> Book {
        self.book.clone()
    }

    /// Reports that were lost on the way.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.wire.decoder.missed()
    }

    /// Wishes that came too late to count.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }
}

impl Bed for WireBed {
    type Error = WireError;

    fn send(&mut self, request: &Request) -> Result<(), WireError> {
        self.wire.say(&ToBed::Request { request: *request, seen: self.seen })
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), WireError> {
        loop {
            match self.wire.hear()? {
                FromBed::Report(heard) => {
                    self.heard(&heard);
                    *report = heard;
                    return Ok(());
                }
                FromBed::HeatDose(heat) => self.book.write(heat),
                FromBed::Journal(line) => self.watch.note(line),
                FromBed::Verdict(verdict) => self.watch.judge(verdict),
                // The next one will be in time, or the wish lapses: the bed's machine counts that itself.
                FromBed::Refused(Refused::Late) => self.late += 1,
                // The reports tell that it was stopped.
                FromBed::Refused(Refused::Stopped) | FromBed::Leads => {}
                FromBed::Refused(refused) => return Err(WireError::Refused(refused)),
                FromBed::Hello(hello) => self.greeted(hello)?,
            }
        }
    }

    fn state(&self) -> Option<SessionState> {
        Some(self.state)
    }

    fn heat_dose(&self) -> Option<HeatDose> {
        self.book.says().dose
    }

    fn boot(&self) -> Option<u64> {
        Some(self.hello.boot)
    }
}

/// A line beside the leader's, on which nothing is heard: for stop, which has nothing before it there, and for
/// playing with a twin.
pub struct SideLine {
    at: SocketAddr,
    wire: Option<Wire>,
}

impl SideLine {
    /// A line that is opened at once, if there is a bed, so that no stop waits for it.
    #[must_use]
    pub fn open(at: SocketAddr) -> Self {
        Self { at, wire: Wire::open(at).ok() }
    }

    /// Whether the line stands; opens it if it does not.
    pub fn is_open(&mut self) -> bool {
        if self.wire.as_ref().is_some_and(is_dead) {
            self.wire = None;
        }
        if self.wire.is_none() {
            self.wire = Wire::open(self.at).ok();
        }
        self.wire.is_some()
    }

    /// Says stop; over a new line where the old one is gone.
    ///
    /// # Errors
    /// No bed answers.
    pub fn stop(&mut self) -> Result<(), WireError> {
        self.say(&ToBed::Stop)
    }

    /// Plays with a twin.
    ///
    /// # Errors
    /// No bed answers.
    pub fn act(&mut self, act: TwinAct) -> Result<(), WireError> {
        self.say(&ToBed::Twin(act))
    }

    fn say(&mut self, message: &ToBed) -> Result<(), WireError> {
        if self.is_open()
            && let Some(wire) = &mut self.wire
            && wire.say(message).is_ok()
        {
            return Ok(());
        }
        self.wire.insert(Wire::open(self.at)?).say(message)
    }
}

/// Whether the other end has gone; throws away what it said.
fn is_dead(wire: &Wire) -> bool {
    let mut bytes = [0; 8192];
    let mut stream = &wire.stream;
    if stream.set_nonblocking(true).is_err() {
        return true;
    }
    let dead = loop {
        match stream.read(&mut bytes) {
            Ok(0) => break true,
            Ok(_) => {}
            Err(error) => break error.kind() != ErrorKind::WouldBlock,
        }
    };
    stream.set_nonblocking(false).is_err() || dead
}
