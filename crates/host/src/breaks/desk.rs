//! A reminder that runs beside pages: off until it is started, in a thread of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use care::Day;
use care::breaks::{Counts, NothingWaits, Reply, Settings, SettingsError};

use super::{Bell, BreakClock, Clock, Command, Reminders, View};

/// The one reminder of a guide; every copy is the same desk.
#[derive(Clone, Default)]
pub struct BreakDesk {
    running: Arc<Mutex<Option<Running>>>,
}

struct Running {
    settings: Settings,
    clock: BreakClock,
    commands: Sender<Command>,
    thread: JoinHandle<()>,
}

impl fmt::Debug for BreakDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakDesk").field("runs", &self.running().is_some()).finish()
    }
}

impl BreakDesk {
    /// Starts the reminder with the counts of earlier runs; one that runs already goes on as it is.
    ///
    /// `bell` is made in the reminder's own thread.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn start<B: Bell>(
        &self,
        settings: Settings,
        statistics: BTreeMap<Day, Counts>,
        clock: Arc<dyn Clock>,
        bell: impl FnOnce() -> B + Send + 'static,
    ) -> Result<(), SettingsError> {
        let mut running = self.running();
        if running.is_some() {
            return Ok(());
        }
        let clock = BreakClock::start(settings, statistics, clock)?;
        let (commands, heard) = mpsc::channel();
        let shared = clock.clone();
        let thread = std::thread::spawn(move || {
            // A bell that failed left its reminder waiting; the page shows it.
            let _ = Reminders::new(shared, bell()).run(&heard);
        });
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

    /// Ends the reminder and returns its counts; `None` when it was off.
    pub fn stop(&self) -> Option<BTreeMap<Day, Counts>> {
        let running = self.running().take()?;
        // A loop that ended already hears nothing and needs not.
        let _ = running.commands.send(Command::Quit);
        let _ = running.thread.join();
        Some(running.clock.view().statistics)
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        // Nothing in here is left half changed by a panic.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn look(&self) {
        let _ = self.commands.send(Command::Sitting(self.clock.view().sitting));
    }
}
