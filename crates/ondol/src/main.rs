//! The one binary: wires the person's side, the machine and the twin together, a file a subcommand.

/// Stands before the standard library's own in all of this program: where nobody reads any more, it ends quietly.
macro_rules! print {
    ($($words:tt)*) => { $crate::fail::print(format_args!($($words)*)) };
}

/// The same for a line.
macro_rules! println {
    () => { print!("\n") };
    ($($words:tt)*) => { print!("{}\n", format_args!($($words)*)) };
}

mod account;
mod backup;
mod bed_file;
mod bench;
mod care;
mod doctor;
mod export;
mod fail;
mod person;
mod plan_command;
mod replay;
mod scan_command;
mod serve;
mod session;
mod shell;
mod signals;
mod stage;
mod trace;
mod twin_process;
mod who;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Open control system of a spine-scanning thermal massage bed, on its physical twin by default.
#[derive(Parser)]
#[command(
    name = "ondol",
    version,
    max_term_width = 100,
    after_help = "Not a medical device. Every figure of the twin is of a simulated person, not a measurement of you."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the bed's page and the guide: on the tablet beside the bed, or here with the twin
    Serve(serve::Arguments),
    /// Give a whole session on the twin: clearance, scan, plan, treatment, report
    Session(session::Arguments),
    /// Scan a spine on the twin and print what was found
    Scan(scan_command::Arguments),
    /// Show the plan that a program becomes for one person
    Plan(plan_command::Arguments),
    /// Run the machine again from a session's log, bit for bit
    Replay(replay::Arguments),
    /// Run the twin as a process of its own, where a bed would be
    Twin(twin_process::Arguments),
    /// Draw people from the population
    Person(person::Arguments),
    /// Write the twin's model for other engines to check
    Export(export::Arguments),
    /// Work with bed files
    Bed(bed_file::Arguments),
    /// Open the care guide: it hurts now, why, and how to keep it away
    Care(care::Arguments),
    /// Copy everything that people keep here, while it is in use, or check it
    Backup(backup::Arguments),
    /// Say who may sign in, with which role, and see what was done
    Account(account::Arguments),
    /// Say what works on this computer
    Doctor(doctor::Arguments),
    /// Measure: how exact, how true, how fast, how safe
    Bench(bench::Arguments),
    /// Print the completions of a shell
    Completions(shell::Completions),
    /// Write the manual's pages
    #[command(hide = true)]
    Man(shell::Manual),
}

const DOORS: &str = "\
Ondol: the open control system of a spine-scanning thermal massage bed.

  I have back pain       ondol care
                         what to do now, why, and how to keep it away, in your browser
  Show me the bed        ondol session --real-time
                         the same in real time, with what the bed does
  I build a bed          ondol bed check beds/reference.toml
                         check a bed's description; `ondol bench safety` tries to break it
  I do research          ondol scan --person 7 --json --truth
                         what the scan finds, and what is true; `ondol bench scan` measures it;
                         `ondol scan --from-log FILE` takes what a carriage of yours recorded

Everything runs on a physical twin of bed and body. Not a medical device; a sudden weakness in the
legs, numbness in the saddle region or trouble with bladder or bowel is an emergency: call for help.
`ondol help` lists every command.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    fail::quietly(|| run(arguments))
}

fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        None => {
            println!("{DOORS}");
            Ok(())
        }
        Some(Command::Serve(arguments)) => serve::run(&arguments),
        Some(Command::Session(arguments)) => session::run(&arguments),
        Some(Command::Scan(arguments)) => scan_command::run(&arguments),
        Some(Command::Plan(arguments)) => plan_command::run(&arguments),
        Some(Command::Replay(arguments)) => replay::run(&arguments),
        Some(Command::Twin(arguments)) => twin_process::run(&arguments),
        Some(Command::Person(arguments)) => person::run(&arguments),
        Some(Command::Export(arguments)) => export::run(&arguments),
        Some(Command::Bed(arguments)) => bed_file::run(&arguments),
        Some(Command::Care(arguments)) => care::run(&arguments),
        Some(Command::Backup(arguments)) => backup::run(&arguments),
        Some(Command::Account(arguments)) => account::run(&arguments),
        Some(Command::Doctor(arguments)) => doctor::run(&arguments),
        Some(Command::Bench(arguments)) => bench::run(&arguments),
        Some(Command::Completions(arguments)) => shell::complete(&arguments, Arguments::command()),
        Some(Command::Man(arguments)) => shell::write_manual(&arguments, Arguments::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ondol: {failure}");
            failure.code()
        }
    }
}
