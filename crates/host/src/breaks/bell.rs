//! How a reminder is shown: by the system's notifications, else in the terminal.

use std::io::{self, Write};

use care::Language;
use care::breaks::Reminder;

/// No bell rang.
#[derive(Debug, thiserror::Error)]
pub enum BellError {
    /// There is no notification service, or it refused.
    #[error("no notification: {0}")]
    Notification(#[from] notify_rust::error::Error),
    /// The terminal cannot be written to.
    #[error("no terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// Something that shows reminders, one at a time.
pub trait Bell {
    /// Shows a reminder.
    ///
    /// # Errors
    /// It could not be shown.
    fn ring(&mut self, reminder: Reminder) -> Result<(), BellError>;

    /// Takes back what is shown.
    fn silence(&mut self);
}

/// The words of a reminder: heading and text.
fn words(reminder: Reminder, language: Language) -> (String, String) {
    let minutes = reminder.sitting.as_secs() / 60;
    let heading = language.say("Time to get up", "Zeit zum Aufstehen").into_owned();
    let text = language
        .say(
            &format!("You have been sitting for {minutes} minutes. Stand up, walk a few steps, or at least shift."),
            &format!("Sie sitzen seit {minutes} Minuten. Stehen Sie auf, gehen Sie ein paar Schritte oder setzen Sie sich wenigstens anders hin."),
        )
        .into_owned();
    (heading, text)
}

/// The notifications of the system (over D-Bus on Linux, without its C library).
#[derive(Debug)]
pub struct SystemBell {
    language: Language,
    shown: Option<notify_rust::NotificationHandle>,
}

impl SystemBell {
    /// A bell in this language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, shown: None }
    }
}

impl Bell for SystemBell {
    fn ring(&mut self, reminder: Reminder) -> Result<(), BellError> {
        self.silence();
        let (heading, text) = words(reminder, self.language);
        let shown = notify_rust::Notification::new()
            .appname("Ondol")
            .summary(&heading)
            .body(&text)
            // It stays until it is answered or taken back.
            .timeout(notify_rust::Timeout::Never)
            .show()?;
        self.shown = Some(shown);
        Ok(())
    }

    fn silence(&mut self) {
        if let Some(shown) = self.shown.take() {
            shown.close();
        }
    }
}

/// A line in the terminal, with its bell.
#[derive(Debug)]
pub struct TerminalBell<W> {
    language: Language,
    out: W,
}

impl<W: Write> TerminalBell<W> {
    /// A bell that writes to `out`.
    pub fn new(language: Language, out: W) -> Self {
        Self { language, out }
    }
}

impl<W: Write> Bell for TerminalBell<W> {
    fn ring(&mut self, reminder: Reminder) -> Result<(), BellError> {
        let (heading, text) = words(reminder, self.language);
        let keys = self.language.say(
            "Enter: done. 5, 10 or 15: later. s: not this one. q: end.",
            "Enter: gemacht. 5, 10 oder 15: später. s: diesmal nicht. q: Ende.",
        );
        writeln!(self.out, "\u{7}{heading}. {text}\n{keys}")?;
        self.out.flush()?;
        Ok(())
    }

    /// A line that was written stays.
    fn silence(&mut self) {}
}

/// No sound and no line: a page shows what waits.
#[derive(Clone, Copy, Debug)]
pub struct PageBell;

impl Bell for PageBell {
    fn ring(&mut self, _: Reminder) -> Result<(), BellError> {
        Ok(())
    }

    fn silence(&mut self) {}
}

/// The first bell, and where it fails the second one.
#[derive(Debug)]
pub struct EitherBell<A, B> {
    /// Tried with every reminder.
    pub first: A,
    /// Rings where the first does not.
    pub second: B,
}

impl<A: Bell, B: Bell> Bell for EitherBell<A, B> {
    fn ring(&mut self, reminder: Reminder) -> Result<(), BellError> {
        self.first.ring(reminder).or_else(|_| self.second.ring(reminder))
    }

    fn silence(&mut self) {
        self.first.silence();
        self.second.silence();
    }
}

/// Sitting time for tests and examples.
#[cfg(test)]
pub(super) fn minutes(minutes: u64) -> Reminder {
    Reminder { sitting: std::time::Duration::from_secs(60 * minutes) }
}
