//! `ondol session`: a whole session on the twin, with report and log.

use crate::care::screen;
use crate::fail::{Failure, print_json};
use crate::stage::{Asked, Stage};
use crate::who::Who;
use ::bed::SessionState;
use ::care::{Answers, Day, Findings, Language};
use clap::Args;
use host::clock::today;
use host::log::{Header, SessionLog};
use host::report::retold::{self, Retold};
use host::session::{Attendant, Ended, Progress, SessionRecord, Setting};
use host::wire::{SideLine, WireBed};
use indicatif::{ProgressBar, ProgressStyle};
use link::TwinAct;
use plan::{History, Program, Visit};
use serde_json::Value;
use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is wished for.
#[derive(Args, Clone, Debug)]
pub struct Wish {
    /// A program by name, or the path of a program file
    #[arg(long, default_value = "relief")]
    program: String,
    /// Minutes that the session may take, scans included
    #[arg(long)]
    pub minutes: Option<f64>,
    /// Earlier sessions of this person; 0 is the first, which is always light
    #[arg(long, default_value_t = 3)]
    visits: u32,
    /// Take every screening question as answered no, instead of drawing answers
    #[arg(long)]
    healthy: bool,
    /// What the person told today, as `ondol care screen` reads and prints it: a JSON object or TOML table of facts
    #[arg(long, value_name = "FILE")]
    told: Option<PathBuf>,
}

impl Wish {
    /// The program.
    pub fn program(&self) -> Result<Program, Failure> {
        if let Some(program) = plan::shipped_named(&self.program) {
            return Ok(program.clone());
        }
        let path = Path::new(&self.program);
        if path.extension().is_none() && !path.exists() {
            let names: Vec<_> = plan::shipped().iter().map(Program::name).collect();
            let names = names.join(", ");
            return Err(Failure::input(format!("no program \"{}\"; there are {names}", self.program)));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::input(format!("{}: cannot be read: {error}", path.display())))?;
        Program::parse(&path.display().to_string(), &text).map_err(Failure::input)
    }

    /// The person's answers.
    pub fn answers(&self, stage: &Stage, day: Day) -> Answers {
        if self.healthy { Answers::all_no(day, true) } else { stage.answers(day) }
    }

    /// What the person told, if it was given.
    pub fn told(&self) -> Result<Option<Findings>, Failure> {
        self.told.as_deref().map(screen::read).transpose()
    }

    /// Says so where the answers were drawn and nobody was asked.
    pub fn drawn(&self, language: Language) -> Option<Cow<'static, str>> {
        let drawn = !self.healthy && self.told.is_none();
        drawn.then(|| {
            language.say(
                "The answers were drawn; --healthy answers no to all.",
                "Die Antworten sind gezogen; --healthy beantwortet alle mit Nein.",
            )
        })
    }

    /// The person's earlier sessions.
    pub fn history(&self) -> History {
        if self.visits == 0 { History::newcomer() } else { History::returning(self.visits) }
    }

    /// Today's visit.
    pub fn visit(&self, day: Day) -> Visit {
        Visit { minutes: self.minutes, ..Visit::on(day) }
    }
}

/// Arguments of `ondol session`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    wish: Wish,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of everything left to chance
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Folder for report.html, session.mcap, session.json and truth.json
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Print session.json
    #[arg(long)]
    json: bool,
    /// Language of report and terminal: en or de
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: Language,
    /// As fast as life, not as fast as it can be
    #[arg(long)]
    real_time: bool,
    /// A bed at the other end of a line, such as one that `ondol twin` runs, in place of one in this process
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["bed", "real_time"])]
    at: Option<SocketAddr>,
}

/// Runs `ondol session`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let program = arguments.wish.program()?;
    let mut far = arguments.at.map(WireBed::open).transpose().map_err(Failure::work)?;
    let mut stage = match &far {
        Some(bed) => {
            let seed = arguments.seed;
            Stage::of(bed.hello().config.clone(), arguments.who.person(seed)?, seed)
        }
        None => Stage::set(&arguments.who, arguments.bed.as_deref(), arguments.seed)?,
    };
    stage.surroundings.softening = true;
    let day = today();
    let told = arguments.wish.told()?;
    let clearance = stage.clearance(&arguments.wish.answers(&stage, day), told.as_ref(), day);
    let setting = stage.setting(&program, arguments.wish.history(), arguments.wish.visit(day));
    std::fs::create_dir_all(&arguments.out).map_err(|error| {
        Failure::input(format!("{}: cannot be made: {error}; give --out DIR", arguments.out.display()))
    })?;
    let header = stage.header();
    let log_path = arguments.out.join("session.mcap");
    let log = SessionLog::create(&log_path, &header).map_err(Failure::work)?;
    if let Some(bed) = &mut far {
        bed.lead().map_err(Failure::work)?;
    }
    let mut world = stage.world()?;
    let begun = Instant::now();
    let mut show = Show::new(arguments, world.asked.clone());
    let record = match &mut far {
        Some(bed) => host::session::run(bed, &setting, clearance, Some(log), &mut show),
        None => host::session::run(&mut world, &setting, clearance, Some(log), &mut show),
    };
    let record = record.map_err(Failure::work)?;
    show.bar.finish_and_clear();
    let spent = begun.elapsed();
    let truth = far.is_none().then(|| world.truth(&stage.bed));
    write(arguments, &stage, &setting, &record, &header, truth)?;
    if arguments.json {
        return print_json(&record);
    }
    let language = arguments.language;
    println!("{}", host::notice(language));
    println!("{}", retold::summary(&record, language));
    if let (Ended::NotCleared, Some(words)) = (&record.ended, arguments.wish.drawn(language)) {
        println!("{words}");
    }
    let factor = record.duration_s / spent.as_secs_f64().max(1e-9);
    let (minutes, seconds) =
        (language.number(record.duration_s / 60.0, 1), language.number(spent.as_secs_f64(), 1));
    let report = arguments.out.join("report.html");
    let (report, log) = (report.display(), log_path.display());
    let en = format!(
        "{minutes} min of the bed's time in {seconds} s, {factor:.0} times life\n\
         Report: {report}\nLog:    {log} (ondol replay runs the machine again from it)"
    );
    let de = format!(
        "{minutes} min auf dem Bett in {seconds} s, {factor:.0}-mal so schnell wie das Leben\n\
         Bericht:      {report}\nAufzeichnung: {log} (ondol replay lässt die Steuerung daraus noch einmal laufen)"
    );
    println!("{}", language.say(&en, &de));
    Ok(())
}

/// Writes everything beside the log.
fn write(
    arguments: &Arguments,
    stage: &Stage,
    setting: &Setting<'_>,
    record: &SessionRecord,
    header: &Header,
    truth: Option<Value>,
) -> Result<(), Failure> {
    let told = Retold {
        setting,
        record,
        header,
        name: &stage.person.name,
        visits: arguments.wish.visits,
        repeat: Some(std::env::args().collect::<Vec<_>>().join(" ")),
    };
    let report = ("report.html", host::report::render(&told.content(), arguments.language));
    let session = ("session.json", serde_json::to_string_pretty(record).map_err(Failure::work)?);
    let truth = truth.map(|truth| ("truth.json", truth.to_string()));
    for (name, text) in [report, session].into_iter().chain(truth) {
        let path = arguments.out.join(name);
        let part = arguments.out.join(format!("{name}.part"));
        let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, &path));
        written.map_err(|error| Failure::work(format!("{}: cannot be written: {error}", path.display())))?;
    }
    Ok(())
}

/// What the terminal shows.
struct Show {
    bar: ProgressBar,
    asked: Asked,
    pace: Option<Instant>,
    language: Language,
    /// The way to a twin at the other end of a line.
    side: Option<SideLine>,
}

impl Show {
    fn new(arguments: &Arguments, asked: Asked) -> Self {
        let bar = if arguments.json { ProgressBar::hidden() } else { ProgressBar::new(100) };
        let style = ProgressStyle::with_template("{bar:30} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            asked,
            pace: arguments.real_time.then(Instant::now),
            language: arguments.language,
            side: arguments.at.map(SideLine::open),
        }
    }
}

impl Attendant for Show {
    fn progress(&mut self, progress: Progress<'_>) {
        let language = self.language;
        match progress {
            Progress::Waiting(SessionState::AwaitingSwitch) => {
                self.bar.set_message(language.say("press the hand switch", "den Handschalter drücken"));
            }
            Progress::Waiting(_) => self.bar.set_message(language.say("please lie down", "bitte hinlegen")),
            Progress::Scanning(share) => {
                self.bar.set_position((share * 100.0) as u64);
                self.bar.set_message(language.say("scanning the spine", "die Wirbelsäule wird abgetastet"));
            }
            Progress::Move(y_mm) => {
                let (en, de) = if y_mm > 0.0 { ("left", "links") } else { ("right", "rechts") };
                let mm = y_mm.abs();
                let en = format!("Please move {mm:.0} mm to your {en}, then the scan is repeated.");
                let de = format!("Bitte rücken Sie {mm:.0} mm nach {de}, dann wird noch einmal abgetastet.");
                self.bar.println(language.say(&en, &de));
                self.asked.set(Some(y_mm));
                if let Some(side) = &mut self.side {
                    // A bed that is no twin refuses: there the person moves by themselves.
                    let _ = side.act(TwinAct::Move { foot_mm: 0, left_mm: y_mm.round() as i16 });
                }
            }
            Progress::Planned(plan) => {
                let (title, count) = (plan.title.of(language), plan.steps.len());
                self.bar.println(format!("Plan: {title}, {count} {}", language.say("strokes", "Griffe")));
            }
            Progress::Stroke(index, of, words) => {
                self.bar.set_position((100 * index / of.max(1)) as u64);
                self.bar.set_message(format!("{index}/{of} {}", words.of(language)));
            }
            Progress::Found(_)
            | Progress::FoundAfter(_)
            | Progress::Proposed { .. }
            | Progress::Granted { .. }
            | Progress::Held { .. } => {}
            Progress::Releasing => self.bar.set_message(language.say("releasing", "das Bett lässt los")),
            Progress::Time(now) => {
                if let Some(begun) = self.pace {
                    let ahead = Duration::from_micros(now.micros()).saturating_sub(begun.elapsed());
                    if ahead > Duration::from_millis(5) {
                        std::thread::sleep(ahead);
                    }
                }
            }
        }
    }
}
