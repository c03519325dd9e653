//! `ondol care breaks`: the reminder to get up, until Ctrl-C.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::breaks::{Counts, Quiet, Reminder, Settings};
use ::care::{Day, Language};
use clap::Args;
use host::breaks::{
    Bell, BreakClock, Command, EitherBell, LOOK_EVERY, Reminders, SystemBell, SystemClock, TerminalBell,
    View, keep_counts, keep_settings, minute_of_day, recall, time_text,
};
use host::clock::today;
use host::store::{Record, StoreError};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Arguments of `ondol care breaks`.
#[derive(Args)]
pub struct Arguments {
    /// Minutes of sitting until a reminder, 5 to 240; as last time if left away
    #[arg(long, value_name = "MIN")]
    every: Option<u16>,
    /// Hours without reminders, such as 22:00-07:00, or "none"; as last time if left away
    #[arg(long, value_name = "FROM-UNTIL")]
    quiet: Option<String>,
    /// Print how it went so far, and remind of nothing
    #[arg(long)]
    statistics: bool,
    /// Show one reminder now, to see whether the desktop shows it, and end
    #[arg(long = "try", conflicts_with_all = ["quiet", "statistics"])]
    trial: bool,
}

/// Runs `ondol care breaks`.
pub fn run(wish: &Arguments, common: &Common) -> Result<(), Failure> {
    let store = common.store()?;
    let (kept, counts) = match store.record(&common.name) {
        Ok(record) => recall(&record, today()).map_err(Failure::input)?,
        Err(StoreError::Nobody { .. }) => Default::default(),
        Err(error) => return Err(Failure::input(error)),
    };
    if wish.statistics {
        if wish.every.is_some() || wish.quiet.is_some() {
            return Err(Failure::input("--statistics only looks; leave --every and --quiet away"));
        }
        return statistics(&counts, common);
    }
    if common.json {
        return Err(Failure::input("--json goes with --statistics"));
    }
    let settings = Settings {
        interval_min: wish.every.unwrap_or(kept.interval_min),
        quiet: wish.quiet.as_deref().map_or(Ok(kept.quiet), quiet)?,
    };
    if wish.trial {
        return try_once(&settings, common.language);
    }
    let clock = BreakClock::start(settings, counts, Arc::new(SystemClock::new())).map_err(Failure::input)?;
    let record = store.record_or_new(&common.name, today()).map_err(Failure::input)?;
    keep_settings(&record, today(), &settings).map_err(Failure::input)?;
    println!("{}", begun(&settings, common.language));
    let bell = EitherBell {
        first: SystemBell::new(common.language),
        second: TerminalBell::new(common.language, std::io::stdout()),
    };
    remind(&clock, Reminders::new(clock.clone(), bell), &listen(common.language)?, &record, common.language)
}

/// Rings once, and says where.
fn try_once(settings: &Settings, language: Language) -> Result<(), Failure> {
    let reminder = Reminder { sitting: Duration::from_secs(60 * u64::from(settings.interval_min)) };
    let said = match SystemBell::new(language).ring(reminder) {
        Ok(()) => {
            language.say("The desktop shows a reminder now.", "Ihr Desktop zeigt jetzt eine Erinnerung.")
        }
        Err(_) => {
            TerminalBell::new(language, std::io::stdout()).ring(reminder).map_err(Failure::work)?;
            language.say(
                "This desktop shows no notifications. Reminders come here, in the terminal.",
                "Dieser Desktop zeigt keine Mitteilungen. Erinnerungen kommen hier, im Terminal.",
            )
        }
    };
    println!("{said}");
    Ok(())
}

fn quiet(text: &str) -> Result<Option<Quiet>, Failure> {
    if text == "none" {
        return Ok(None);
    }
    let times = text.split_once('-').and_then(|(from, until)| minute_of_day(from).zip(minute_of_day(until)));
    let Some((from_min, until_min)) = times else {
        let given: String = text.chars().take(20).collect();
        return Err(Failure::input(format!("--quiet {given}: write it as 22:00-07:00, or none")));
    };
    Ok(Some(Quiet { from_min, until_min }))
}

#[cfg(unix)]
fn interrupts() -> std::io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(windows)]
fn interrupts() -> std::io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

/// Reads the terminal and waits for Ctrl-C, each in a thread of its own. A terminal that ends says nothing more.
fn listen(language: Language) -> Result<Receiver<Command>, Failure> {
    let (send, commands) = mpsc::channel();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::work)?;
    let end: Sender<Command> = send.clone();
    // Heard from here on, not from when the thread happens to run.
    let mut interrupt = {
        let _inside = runtime.enter();
        interrupts().map_err(Failure::work)?
    };
    std::thread::spawn(move || {
        runtime.block_on(interrupt.recv());
        // Nobody listens any more when it ended by itself.
        let _ = end.send(Command::Quit);
    });
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match Command::of_line(&line) {
                Some(command) => drop(send.send(command)),
                None => println!("{}", keys(language)),
            }
        }
    });
    Ok(commands)
}

/// The loop; counts are kept as soon as they change, so that nothing is lost with the machine.
fn remind(
    clock: &BreakClock,
    mut reminders: Reminders<impl Bell>,
    commands: &Receiver<Command>,
    record: &Record,
    language: Language,
) -> Result<(), Failure> {
    let mut kept = clock.view().statistics;
    loop {
        let command = match commands.recv_timeout(LOOK_EVERY) {
            Ok(command) => Some(command),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Command::Quit),
        };
        let goes_on = match reminders.step(command) {
            Ok(goes_on) => goes_on,
            Err(error) => {
                eprintln!("ondol: {error}");
                true
            }
        };
        let view = clock.view();
        if view.statistics != kept {
            keep_counts(record, &view.statistics).map_err(Failure::work)?;
            kept.clone_from(&view.statistics);
        }
        if !goes_on {
            println!("{}", language.say("The reminder is off.", "Die Erinnerung ist aus."));
            return Ok(());
        }
        if command.is_some() {
            println!("{}", state(&view, language));
        }
    }
}

fn begun(settings: &Settings, language: Language) -> String {
    let every = language
        .say(
            "A reminder after every MINUTES minutes of sitting",
            "Eine Erinnerung nach je MINUTES Minuten im Sitzen",
        )
        .replace("MINUTES", &settings.interval_min.to_string());
    let quiet = settings.quiet.map(|quiet| {
        let words = language.say(", quiet from FROM until UNTIL", ", Ruhe von FROM bis UNTIL");
        words.replace("FROM", &time_text(quiet.from_min)).replace("UNTIL", &time_text(quiet.until_min))
    });
    format!("{every}{}.\n{}", quiet.unwrap_or_default(), keys(language))
}

fn keys(language: Language) -> String {
    language
        .say(
            "Enter: done. 5, 10 or 15: later. s: not this one. a: getting up. b: back. q or Ctrl-C: end.",
            "Enter: gemacht. 5, 10 oder 15: später. s: diesmal nicht. a: ich stehe auf. b: zurück. q oder Strg-C: Ende.",
        )
        .into_owned()
}

fn state(view: &View, language: Language) -> String {
    let minutes =
        |words: &str, time: Duration| words.replace("MINUTES", &time.as_secs().div_ceil(60).to_string());
    match view.next {
        _ if !view.sitting => {
            language.say("Away; b when you are back.", "Weg; b, wenn Sie zurück sind.").into_owned()
        }
        Some(next) => minutes(
            &language.say("Next break in MINUTES minutes.", "Nächste Pause in MINUTES Minuten."),
            next,
        ),
        None => language.say("A reminder waits.", "Eine Erinnerung wartet.").into_owned(),
    }
}

fn statistics(counts: &BTreeMap<Day, Counts>, common: &Common) -> Result<(), Failure> {
    if common.json {
        return print_json(&json!({ "days": counts }));
    }
    let language = common.language;
    if counts.is_empty() {
        println!("{}", language.say("No reminder was given yet.", "Noch keine Erinnerung wurde gegeben."));
    }
    for (day, one) in counts {
        let words = language.say(
            "GIVEN given, TAKEN taken, LATER later, NOT not, OPEN without an answer",
            "GIVEN gegeben, TAKEN gemacht, LATER später, NOT nicht, OPEN ohne Antwort",
        );
        let line = [
            ("GIVEN", one.given),
            ("TAKEN", one.taken),
            ("LATER", one.postponed),
            ("NOT", one.skipped),
            ("OPEN", one.unanswered),
        ]
        .into_iter()
        .fold(words.into_owned(), |line, (mark, number)| line.replace(mark, &number.to_string()));
        println!("{day}  {line}");
    }
    Ok(())
}
