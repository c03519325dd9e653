//! A reminder that runs beside pages: off until it is started, in a thread of its own. Each person has theirs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use care::Day;
use care::breaks::{Counts, NothingWaits, Reply, Settings, SettingsError};

use super::{Bell, BreakClock, Clock, Command, LOOK_EVERY, Reminders, View};
use crate::store::StoreError;

/// The reminders of a guide, one a person; every copy is the same.
#[derive(Clone, Default)]
pub struct BreakDesks {
    of: Arc<Mutex<BTreeMap<String, BreakDesk>>>,
}

impl fmt::Debug for BreakDesks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakDesks").field("people", &self.of().len()).finish()
    }
}

impl BreakDesks {
    /// The reminder of the person of this name.
    #[must_use]
    pub fn of_person(&self, name: &str) -> BreakDesk {
        self.of().entry(name.to_owned()).or_default().clone()
    }

    /// Ends the reminder of a person who leaves.
    ///
    /// # Errors
    /// The last counts could not be kept.
    pub fn end_of_person(&self, name: &str) -> Result<(), StoreError> {
        let desk = self.of().remove(name);
        desk.map_or(Ok(()), |desk| desk.stop())
    }

    /// Ends all of them.
    ///
    /// # Errors
    /// The counts of one could not be kept.
    pub fn end(&self) -> Result<(), StoreError> {
        let desks = std::mem::take(&mut *self.of());
        desks.values().map(BreakDesk::stop).fold(Ok(()), Result::and)
    }

    fn of(&self) -> MutexGuard<'_, BTreeMap<String, BreakDesk>> {
        // Nothing in here is left half changed by a panic.
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reminder of one person; every copy is the same desk.
#[derive(Clone, Default)]
pub struct BreakDesk {
    running: Arc<Mutex<Option<Running>>>,
}

struct Running {
    settings: Settings,
    clock: BreakClock,
    commands: Sender<Command>,
    thread: JoinHandle<Result<(), StoreError>>,
}

impl fmt::Debug for BreakDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakDesk").field("runs", &self.running().is_some()).finish()
    }
}

impl BreakDesk {
    /// Starts the reminder with the counts of earlier runs; one that runs already goes on as it is.
    ///
    /// `bell` is made in the reminder's own thread, where `keep` gets the counts as soon as one has changed.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn start<B: Bell>(
        &self,
        settings: Settings,
        statistics: BTreeMap<Day, Counts>,
        clock: Arc<dyn Clock>,
        bell: impl FnOnce() -> B + Send + 'static,
        keep: impl Fn(&BTreeMap<Day, Counts>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), SettingsError> {
        let mut running = self.running();
        if running.is_some() {
            return Ok(());
        }
        let clock = BreakClock::start(settings, statistics, clock)?;
        let (commands, heard) = mpsc::channel();
        let shared = clock.clone();
        let thread =
            std::thread::spawn(move || remind(&shared, Reminders::new(shared.clone(), bell()), &heard, keep));
        *running = Some(Running { settings, clock, commands, thread });
        Ok(())
    }

    /// The settings and what is to be shown; `None` while it is off.
    #[must_use]
    pub fn view(&self) -> Option<(Settings, View)> {
        self.running().as_ref().map(|running| (running.settings, running.clock.view()))
    }

    /// Answers the reminder that waits.
    ///
    /// # Errors
    /// None waits, or the reminder is off.
    pub fn reply(&self, reply: Reply) -> Result<(), NothingWaits> {
        let running = self.running();
        let running = running.as_ref().ok_or(NothingWaits)?;
        running.clock.reply(reply)?;
        running.look();
        Ok(())
    }

    /// Tells whether the person sits.
    pub fn set_sitting(&self, sitting: bool) {
        if let Some(running) = self.running().as_ref() {
            running.clock.set_sitting(sitting);
            running.look();
        }
    }

    /// Lets the loop look at the clock now, so that a page shown next is not a look behind.
    pub fn look(&self) {
        if let Some(running) = self.running().as_ref() {
            running.look();
        }
    }

    /// Ends the reminder, if it runs; its counts are kept then.
    ///
    /// # Errors
    /// The last counts could not be kept.
    pub fn stop(&self) -> Result<(), StoreError> {
        let Some(running) = self.running().take() else { return Ok(()) };
        // A loop that ended already hears nothing and needs not.
        let _ = running.commands.send(Command::Quit);
        running.thread.join().unwrap_or(Ok(()))
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        // Nothing in here is left half changed by a panic.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Steps until it is told to end, and keeps the counts that changed; what could not be kept is tried again.
fn remind<B: Bell>(
    clock: &BreakClock,
    mut reminders: Reminders<B>,
    commands: &Receiver<Command>,
    keep: impl Fn(&BTreeMap<Day, Counts>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut kept = clock.view().statistics;
    loop {
        let command = match commands.recv_timeout(LOOK_EVERY) {
            Ok(command) => Some(command),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Command::Quit),
        };
        // A bell that failed left its reminder waiting; the page shows it.
        let goes_on = reminders.step(command).unwrap_or(true);
        let now = clock.view().statistics;
        let done = if now == kept { Ok(()) } else { keep(&now) };
        if done.is_ok() {
            kept = now;
        }
        if !goes_on {
            return done;
        }
    }
}

impl Running {
    fn look(&self) {
        let _ = self.commands.send(Command::Sitting(self.clock.view().sitting));
    }
}
