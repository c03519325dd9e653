//! The lines to hosts: one thread that listens to each, one that speaks, and a queue either way that can be
//! full but never waits. A stop goes past the queue.

use link::{Decoder, Encoder, Frame, FromBed, Peer, ToBed};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Messages that wait for the next cycle. Guess: ten times what hosts say in one.
const INBOX: usize = 256;
/// Frames that wait for a slow listener: a quarter of a second. What does not fit is dropped, and the gap in the
/// sequence tells.
const OUTBOX: usize = 128;
/// Lines at once. Guess: a host needs two, and whoever looks after the bed a few more.
const LINES_MAX: usize = 16;
/// Frames in a row that are none; then it is no host that speaks. Guess.
const TORN_MAX: u32 = 100;

/// What came over the lines.
#[derive(Clone, Copy, Debug)]
pub enum Came {
    /// Somebody has come to the line.
    Line(Peer),
    /// Somebody said something.
    Said(Peer, ToBed),
    /// A line has ended.
    Left(Peer),
}

/// A stop that was heard and not yet acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopHeard {
    /// Who said it.
    pub peer: Peer,
    /// When it came off the line, microseconds of Unix time.
    pub heard_us: u64,
}

/// All lines.
pub struct Lines {
    inbox: Receiver<Came>,
    shared: Arc<Shared>,
    waiting: Option<Came>,
}

struct Shared {
    inbox: SyncSender<Came>,
    speakers: Mutex<Vec<Speaker>>,
    next: AtomicU32,
    /// Peer of the first stop that was heard, plus one; zero for none.
    stop_peer: AtomicU32,
    stop_us: AtomicU64,
}

struct Speaker {
    peer: Peer,
    encoder: Encoder,
    frames: SyncSender<Frame>,
    listens: bool,
}

impl Lines {
    /// Listens from now on.
    pub fn open(listener: TcpListener) -> std::io::Result<Self> {
        let (sender, inbox) = sync_channel(INBOX);
        let shared = Arc::new(Shared {
            inbox: sender,
            speakers: Mutex::new(Vec::new()),
            next: AtomicU32::new(1),
            stop_peer: AtomicU32::new(0),
            stop_us: AtomicU64::new(0),
        });
        let to_come = Arc::clone(&shared);
        thread::Builder::new().name("door".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                // A line that cannot be opened ends by itself; the bed goes on.
                let _ = to_come.welcome(&stream);
            }
        })?;
        Ok(Self { inbox, shared, waiting: None })
    }

    /// The next message; `None` when there is none now.
    pub fn next(&mut self) -> Option<Came> {
        self.waiting.take().or_else(|| self.inbox.try_recv().ok())
    }

    /// A stop, before everything that waits.
    pub fn stop(&self) -> Option<StopHeard> {
        let peer = self.shared.stop_peer.swap(0, Ordering::AcqRel).checked_sub(1)?;
        Some(StopHeard { peer, heard_us: self.shared.stop_us.load(Ordering::Acquire) })
    }

    /// Sleeps until a moment, or until somebody says something.
    pub fn wait_until(&mut self, due: Instant) {
        let span = due.saturating_duration_since(Instant::now());
        if span.is_zero() || self.waiting.is_some() {
            thread::sleep(span);
            return;
        }
        match self.inbox.recv_timeout(span) {
            Ok(came) => {
                self.waiting = Some(came);
                thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }

    /// Says something to one listener.
    pub fn tell(&self, peer: Peer, message: &FromBed) {
        let mut speakers = self.shared.speakers();
        if let Some(speaker) = speakers.iter_mut().find(|speaker| speaker.peer == peer) {
            speaker.say(message);
        }
    }

    /// Says something to everybody.
    pub fn tell_all(&self, message: &FromBed) {
        for speaker in self.shared.speakers().iter_mut() {
            speaker.say(message);
        }
    }

    /// Says something to everybody who listens.
    pub fn report(&self, message: &FromBed) {
        for speaker in self.shared.speakers().iter_mut().filter(|speaker| speaker.listens) {
            speaker.say(message);
        }
    }

    /// Somebody listens from now on.
    pub fn listens(&self, peer: Peer) {
        for speaker in self.shared.speakers().iter_mut().filter(|speaker| speaker.peer == peer) {
            speaker.listens = true;
        }
    }
}

impl Speaker {
    fn say(&mut self, message: &FromBed) {
        if let Ok(frame) = self.encoder.encode(message) {
            // A listener who is full misses this one, and sees by the sequence that it did.
            let _ = self.frames.try_send(frame);
        }
    }
}

impl Shared {
    fn speakers(&self) -> std::sync::MutexGuard<'_, Vec<Speaker>> {
        self.speakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn welcome(self: &Arc<Self>, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        if self.speakers().len() >= LINES_MAX {
            return stream.shutdown(Shutdown::Both);
        }
        let peer = self.next.fetch_add(1, Ordering::Relaxed);
        let (frames, to_say) = sync_channel::<Frame>(OUTBOX);
        let mut mouth = stream.try_clone()?;
        thread::Builder::new().name(format!("mouth {peer}")).spawn(move || {
            // What waits meanwhile goes in one breath: at many times life a call a frame would be too many.
            let mut breath = Vec::new();
            while let Ok(frame) = to_say.recv() {
                breath.clear();
                breath.extend_from_slice(&frame);
                to_say.try_iter().for_each(|frame| breath.extend_from_slice(&frame));
                if mouth.write_all(&breath).is_err() {
                    break;
                }
            }
            let _ = mouth.shutdown(Shutdown::Both);
        })?;
        self.speakers().push(Speaker { peer, encoder: Encoder::default(), frames, listens: false });
        let ear = stream.try_clone()?;
        let shared = Arc::clone(self);
        thread::Builder::new().name(format!("ear {peer}")).spawn(move || shared.listen(peer, ear))?;
        Ok(())
    }

    fn listen(&self, peer: Peer, mut ear: TcpStream) {
        let mut told = self.inbox.send(Came::Line(peer)).is_ok();
        let mut decoder = Decoder::default();
        let (mut bytes, mut torn) = ([0_u8; 4096], 0);
        while told && torn < TORN_MAX {
            let Ok(length) = ear.read(&mut bytes) else { break };
            if length == 0 {
                break;
            }
            let mut rest = &bytes[..length];
            while let Some(message) = decoder.next::<ToBed>(&mut rest) {
                torn = if message.is_ok() { 0 } else { torn + 1 };
                let Ok(message) = message else { continue };
                if message == ToBed::Stop {
                    self.stop_us.store(unix_us(), Ordering::Release);
                    self.stop_peer.store(peer + 1, Ordering::Release);
                }
                told = self.inbox.send(Came::Said(peer, message)).is_ok();
            }
        }
        self.speakers().retain(|speaker| speaker.peer != peer);
        let _ = ear.shutdown(Shutdown::Both);
        let _ = self.inbox.send(Came::Left(peer));
    }
}

/// Microseconds of Unix time.
pub fn unix_us() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
