//! `ondol scan`: one scan, on the twin or from a recorded trace, and what it found.

mod recorded;
mod show;

use crate::fail::{Failure, print_json};
use crate::stage::{Observed, Stage, as_json, scan_json};
use crate::trace::TableWriter;
use crate::who::Who;
use bed::{Bed, Report, Request, SpineScan};
use care::{Answers, Language, Words};
use clap::Args;
use host::clock::today;
use host::log::{LogError, SessionLog};
use host::session::{Unread, survey};
use plan::{History, Visit};
use scan::{Estimator, Mode};
use serde_json::json;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

/// Arguments of `ondol scan`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of everything left to chance: placement, tissue, noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
    /// Print what is true beside what was found; the estimator never sees it
    #[arg(long)]
    truth: bool,
    /// Language on the terminal: en or de
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: Language,
    /// Read a recorded trace in place of the twin: a bed's log (MCAP) or a table of readings (CSV, see
    /// docs/traces.md); of the person, what is not said stays unknown
    #[arg(long, value_name = "FILE", conflicts_with_all = ["spine", "person", "seed", "truth", "log"])]
    from_log: Option<PathBuf>,
    /// Which scan of the log, where it holds several
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "from_log")]
    nth: usize,
    /// Leave this subject of the VID data out of what is believed before the scan
    #[arg(long, value_name = "SCAN", requires = "from_log")]
    leave_out: Option<String>,
    /// Keep the log (MCAP)
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Keep the readings that the scan was made from as a table (CSV)
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// What a scan found, or why it did not.
type Found = Result<SpineScan, Words>;

/// Runs `ondol scan`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.from_log {
        Some(file) => recorded::run(arguments, file),
        None => on_the_twin(arguments),
    }
}

fn on_the_twin(arguments: &Arguments) -> Result<(), Failure> {
    let stage = Stage::set(&arguments.who, arguments.bed.as_deref(), arguments.seed)?;
    let mut world = stage.world()?;
    let mut estimator = Estimator::new(&stage.prior, &stage.about, &stage.bed, Mode::Full);
    let day = today();
    let clearance = stage.clearance(&Answers::all_no(day, true), None, day);
    let program = plan::shipped().first().ok_or_else(|| Failure::work("no program is shipped"))?;
    let setting = stage.setting(program, History::returning(1), Visit::on(day));
    let mut table = Table::begin(arguments.csv.as_deref(), &stage.bed, host::NOTICE)?;
    let mut taped = Taped::new(&mut world, arguments.log.as_deref(), &stage)?;
    let ended = survey(&mut taped, &setting, &clearance, &mut |report: &Report| {
        estimator.add(report.now, &report.readings);
        table.write(report.now, &report.readings);
    });
    taped.finish()?;
    table.finish()?;
    let found = match ended.map_err(Failure::work)? {
        Some(ended) => Err(ended.words()),
        None => estimator.finish().map_err(|refusal| Unread::of(&refusal).both()),
    };
    if arguments.json {
        let mut value = as_value(&found)?;
        if arguments.truth {
            value["truth"] = as_json(&world.at_turn, &world.tension);
        }
        return print_json(&value);
    }
    let language = arguments.language;
    println!("{}", host::notice(language));
    let (name, on) = (&stage.person.name, &stage.bed.name);
    let title = Words::both(
        format!("{name} on bed \"{on}\", lying supine; mm in the bed's frame"),
        format!("{name} auf dem Bett „{on}“, auf dem Rücken liegend; mm auf dem Bett"),
    );
    show::found(&found, &title, arguments.truth.then_some(&world.at_turn[..]), language);
    Ok(())
}

fn as_value(found: &Found) -> Result<serde_json::Value, Failure> {
    match found {
        Ok(scan) => scan_json(scan),
        Err(reason) => Ok(json!({ "refused": { "reason": reason } })),
    }
}

/// The table that is kept, if one is.
struct Table(Option<TableWriter>);

impl Table {
    fn begin(file: Option<&Path>, bed: &bed::BedConfig, notice: &str) -> Result<Self, Failure> {
        Ok(Self(file.map(|file| TableWriter::create(file, bed, notice)).transpose()?))
    }

    fn write(&mut self, now: counts::Instant, readings: &counts::Readings) {
        if let Some(table) = &mut self.0 {
            table.write(now, readings);
        }
    }

    fn finish(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), TableWriter::finish)
    }

    fn discard(self) {
        if let Some(table) = self.0 {
            table.discard();
        }
    }
}

/// A bed whose reports are logged from where it was switched on.
struct Taped<'a> {
    bed: &'a mut Observed,
    log: Option<SessionLog>,
    failed: Option<LogError>,
}

impl<'a> Taped<'a> {
    fn new(bed: &'a mut Observed, file: Option<&Path>, stage: &Stage) -> Result<Self, Failure> {
        let log = file.map(|file| SessionLog::create(file, &stage.header())).transpose();
        Ok(Self { bed, log: log.map_err(Failure::input)?, failed: None })
    }

    fn finish(self) -> Result<(), Failure> {
        match (self.failed, self.log) {
            (Some(error), _) => Err(Failure::work(error)),
            (None, Some(log)) => log.finish().map(drop).map_err(Failure::work),
            (None, None) => Ok(()),
        }
    }
}

impl Bed for Taped<'_> {
    type Error = Infallible;

    fn send(&mut self, request: &Request) -> Result<(), Infallible> {
        self.bed.send(request)
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), Infallible> {
        self.bed.receive(report)?;
        if let (Some(log), None) = (&mut self.log, &self.failed) {
            self.failed = log.write(report).err();
        }
        Ok(())
    }

    fn waits(&self) -> bool {
        self.bed.waits()
    }

    fn state(&self) -> Option<bed::SessionState> {
        self.bed.state()
    }

    fn heat_dose(&self) -> Option<bed::HeatDose> {
        self.bed.heat_dose()
    }
}
