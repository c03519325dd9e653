//! `ondol care`: the care guide in the browser, or the same as commands.

mod bed;
mod breaks;
mod carry;
mod causes;
mod diary;
mod form;
mod keep;
mod plan;
pub mod screen;
mod serve;
mod tell;

use crate::fail::Failure;
use ::care::Language;
use clap::{Args, Subcommand};
use host::store::Store;
use page::guide::{Guide, Keeper};
use std::path::PathBuf;

use tell::Tell;

/// Arguments of `ondol care`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    wish: Option<Wish>,
    /// Port on this computer; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Print the address and leave the browser alone
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    common: Common,
}

/// What every command of the guide takes.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// en or de
    #[arg(long, global = true, default_value = "en")]
    pub language: Language,
    /// Folder where people's records stand; by default the one this computer keeps for programs
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Whose record
    #[arg(long, global = true, default_value = "me")]
    pub name: String,
    /// Print JSON for machines
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
enum Wish {
    /// Is it an emergency? Questions in the terminal, or answers from a file
    Screen(screen::Arguments),
    /// What eases it: the sheet, tonight, heat and cold, when to call whom
    Relief,
    /// What may play a part in a spasm, for anybody or by your answers
    Causes(causes::Arguments),
    /// What people say, with verdicts
    Claims,
    /// The diary: list it, write in it, see how it goes
    Diary(diary::Arguments),
    /// The plan of the week: show it, tick it, make the next one
    Plan(plan::Arguments),
    /// May I use the bed today? Asks what is open, and says yes, gently or no, with every reason
    Bed(bed::Arguments),
    /// A reminder to get up from sitting, until Ctrl-C
    Breaks(breaks::Arguments),
    /// Take a copy of what is kept
    Export(carry::Export),
    /// Bring a diary in from CSV or FHIR, into what is already there
    Import(carry::Import),
    /// Fill in a form of a clinic (FHIR Questionnaire), in the terminal or from a file
    Form(form::Arguments),
    /// Erase a person wholly from this computer
    Erase(keep::Erase),
}

/// Runs `ondol care`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let common = &arguments.common;
    let tell = |tell| tell::run(tell, common.language, common.json);
    match &arguments.wish {
        None if common.json => Err(Failure::input("--json goes with a command; see `ondol care --help`")),
        None => serve::run(common.guide()?, arguments.port, !arguments.no_open),
        Some(Wish::Screen(wish)) => screen::run(wish, common),
        Some(Wish::Relief) => tell(Tell::Relief),
        Some(Wish::Causes(wish)) => causes::run(wish, common),
        Some(Wish::Claims) => tell(Tell::Claims),
        Some(Wish::Diary(wish)) => diary::run(wish, common),
        Some(Wish::Plan(wish)) => plan::run(wish, common),
        Some(Wish::Bed(wish)) => bed::run(wish, common),
        Some(Wish::Breaks(wish)) => breaks::run(wish, common),
        Some(Wish::Export(wish)) => carry::export(wish, common),
        Some(Wish::Import(wish)) => carry::import(wish, common),
        Some(Wish::Form(wish)) => form::run(wish, common),
        Some(Wish::Erase(wish)) => keep::erase(wish, common),
    }
}

impl Common {
    /// The guide with this person's record.
    fn guide(&self) -> Result<Guide, Failure> {
        let keeper = Keeper { store: self.store()?, name: self.name.clone() };
        Ok(Guide { language: self.language, keeper: Some(keeper), ..Guide::default() })
    }

    /// The store of people's records.
    pub fn store(&self) -> Result<Store, Failure> {
        let folder = match &self.data {
            Some(folder) => folder.clone(),
            None => directories::ProjectDirs::from("", "", "ondol")
                .ok_or_else(|| {
                    Failure::input("this computer names no home folder: give one with --data DIR")
                })?
                .data_dir()
                .join("people"),
        };
        Store::open(&folder).map_err(Failure::input)
    }
}
