//! The diary as commands: the same forms as in the browser, filled in with options.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::diary::{Diary, DiaryError, Entry, Record, change_words, pain_words};
use ::care::scores::{pain_course, roland_course};
use ::care::triggers::{EPISODES_MIN, goes_with};
use ::care::{Day, Language};
use clap::{Args, Subcommand};
use host::clock::today;
use host::entry_form::{self, Fault, Fields, Kind, STRAIN, Why};
use host::store::{Store, StoreError};
use serde_json::json;

/// Arguments of `ondol care diary`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    wish: Option<Wish>,
}

#[derive(Subcommand)]
enum Wish {
    /// Write a day down: pain, sleep, sitting, activity, stress, what the back went through
    Day(DayOptions),
    /// Write a spasm down: how strong, where, since when
    Episode(EpisodeOptions),
    /// Write a session on the bed or a massage down
    Session(SessionOptions),
    /// Write a Roland-Morris score down
    Roland {
        /// Ticked statements, 0 to 24
        #[arg(allow_hyphen_values = true)]
        score: String,
        /// Its day, YYYY-MM-DD; today if left away
        #[arg(long)]
        date: Option<String>,
    },
    /// Change an item; what is not named stays, "none" takes an answer away
    Correct(Box<Correction>),
    /// Withdraw an item; its versions stay
    Withdraw {
        /// Its number, as in the list
        item: String,
    },
    /// Undo the last change of an item, or the last import
    Undo {
        /// Its number, as in the list
        #[arg(required_unless_present = "import", conflicts_with = "import")]
        item: Option<String>,
        /// Take back everything that the last import changed
        #[arg(long)]
        import: bool,
    },
    /// How pain and the Roland-Morris score go, against the smallest change that matters
    Course,
    /// What goes with the spasms
    GoesWith,
}

#[derive(Args)]
struct DayOptions {
    /// The day, YYYY-MM-DD; today if left away
    #[arg(long)]
    date: Option<String>,
    /// Worst pain, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    pain: Option<String>,
    #[command(flatten)]
    day: DayAnswers,
    /// In your own words
    #[arg(long, allow_hyphen_values = true)]
    note: Option<String>,
}

#[derive(Args, Default)]
struct DayAnswers {
    /// Sleep of the last night, such as 7h30
    #[arg(long, allow_hyphen_values = true)]
    sleep: Option<String>,
    /// Time sat, such as 6h
    #[arg(long, allow_hyphen_values = true)]
    sitting: Option<String>,
    /// Time of at least a brisk walk, such as 30min
    #[arg(long, allow_hyphen_values = true)]
    activity: Option<String>,
    /// Stress, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    stress: Option<String>,
    /// What the back went through: lifting, awkward_posture, repeated_motion, unusual_effort,
    /// slip_or_fall, tired_or_distracted or words of your own, each with =yes or =no
    #[arg(long, value_name = "NAME=yes|no", allow_hyphen_values = true)]
    strain: Vec<String>,
}

#[derive(Args)]
struct EpisodeOptions {
    /// First day, YYYY-MM-DD; today if left away
    #[arg(long)]
    from: Option<String>,
    /// Last day; left away while it goes on
    #[arg(long)]
    to: Option<String>,
    /// Pain at its worst, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    pain: Option<String>,
    #[command(flatten)]
    episode: EpisodeAnswers,
    /// In your own words
    #[arg(long, allow_hyphen_values = true)]
    note: Option<String>,
}

#[derive(Args, Default)]
struct EpisodeAnswers {
    /// Where, once for each place: neck, shoulder, upper_back, lower_back_ribs, lower_back, sacrum,
    /// buttock, chest, abdomen, arm, hand, thigh, calf, foot, elsewhere
    #[arg(long)]
    place: Vec<String>,
    /// Whether it runs into an arm or a leg
    #[arg(long, value_name = "yes|no")]
    radiating: Option<String>,
    /// What set it off, as you see it; once for each
    #[arg(long, allow_hyphen_values = true)]
    set_off_by: Vec<String>,
}

#[derive(Args)]
struct SessionOptions {
    /// The day, YYYY-MM-DD; today if left away
    #[arg(long)]
    date: Option<String>,
    #[command(flatten)]
    session: SessionAnswers,
    /// In your own words
    #[arg(long, allow_hyphen_values = true)]
    note: Option<String>,
}

#[derive(Args, Default)]
struct SessionAnswers {
    /// Program, or what was done
    #[arg(long, allow_hyphen_values = true)]
    program: Option<String>,
    /// How long, such as 20min
    #[arg(long, allow_hyphen_values = true)]
    minutes: Option<String>,
    /// Pain before, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    before: Option<String>,
    /// Pain after, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    after: Option<String>,
}

#[derive(Args)]
struct Correction {
    /// Number of the item, as in the list
    item: String,
    /// Its day, or the first day of a spasm
    #[arg(long, visible_alias = "from")]
    date: Option<String>,
    /// Last day of a spasm
    #[arg(long)]
    to: Option<String>,
    /// Pain of a day or a spasm, 0 to 10
    #[arg(long, allow_hyphen_values = true)]
    pain: Option<String>,
    #[command(flatten)]
    day: DayAnswers,
    #[command(flatten)]
    episode: EpisodeAnswers,
    #[command(flatten)]
    session: SessionAnswers,
    /// A Roland-Morris score, 0 to 24
    #[arg(long, allow_hyphen_values = true)]
    score: Option<String>,
    /// In your own words
    #[arg(long, allow_hyphen_values = true)]
    note: Option<String>,
}

/// What options say: flag, field of the form, text.
type Options<'a> = Vec<(&'static str, String, &'a str)>;

/// Runs `ondol care diary`.
pub fn run(arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let store = common.store()?;
    match &arguments.wish {
        None => list(&diary(&store, common)?, common),
        Some(Wish::Day(day)) => {
            let mut options = common_options("--date", day.date.as_deref(), day.note.as_deref());
            options.extend(day.pain.as_deref().map(|text| ("--pain", "pain".into(), text)));
            day.day.add(&mut options)?;
            write(Kind::Day, &options, &store, common)
        }
        Some(Wish::Episode(episode)) => {
            let mut options = common_options("--from", episode.from.as_deref(), episode.note.as_deref());
            options.extend(episode.to.as_deref().map(|text| ("--to", "last".into(), text)));
            options.extend(episode.pain.as_deref().map(|text| ("--pain", "pain".into(), text)));
            episode.episode.add(&mut options);
            write(Kind::Episode, &options, &store, common)
        }
        Some(Wish::Session(session)) => {
            let mut options = common_options("--date", session.date.as_deref(), session.note.as_deref());
            session.session.add(&mut options);
            write(Kind::Session, &options, &store, common)
        }
        Some(Wish::Roland { score, date }) => {
            let mut options = common_options("--date", date.as_deref(), None);
            options.push(("SCORE", "roland".into(), score));
            write(Kind::Roland, &options, &store, common)
        }
        Some(Wish::Correct(wish)) => correct(wish, &store, common),
        Some(Wish::Withdraw { item }) => {
            change(item, &store, common, |diary, item| diary.withdraw(item, today()))
        }
        Some(Wish::Undo { item: None, .. }) => undo_import(&store, common),
        Some(Wish::Undo { item: Some(item), .. }) => {
            change(item, &store, common, |diary, item| diary.undo(item, today()))
        }
        Some(Wish::Course) => course(&diary(&store, common)?, common),
        Some(Wish::GoesWith) => tell_goes_with(&diary(&store, common)?, common),
    }
}

fn common_options<'a>(flag: &'static str, date: Option<&'a str>, note: Option<&'a str>) -> Options<'a> {
    let date = date.map(|text| (flag, "day".into(), text));
    date.into_iter().chain(note.map(|text| ("--note", "notes".into(), text))).collect()
}

impl DayAnswers {
    fn add<'a>(&'a self, options: &mut Options<'a>) -> Result<(), Failure> {
        for (flag, field, text) in
            [("--sleep", "sleep", &self.sleep), ("--sitting", "sitting", &self.sitting)]
        {
            // "7" was surely meant in hours, but is read in minutes.
            if let Some(text) =
                text.as_deref().filter(|text| text.parse::<u8>().is_ok_and(|number| number <= 24))
            {
                return Err(Failure::input(format!(
                    "{flag} {text}: hours or minutes? Write {text}h or {text}min"
                )));
            }
            options.extend(text.as_deref().map(|text| (flag, field.into(), text)));
        }
        options.extend(self.activity.as_deref().map(|text| ("--activity", "activity".into(), text)));
        options.extend(self.stress.as_deref().map(|text| ("--stress", "stress".into(), text)));
        for strain in &self.strain {
            let Some((name, answer)) = strain.rsplit_once('=').filter(|(name, _)| !name.trim().is_empty())
            else {
                let given: String = strain.chars().take(60).collect();
                return Err(Failure::input(format!("--strain {given}: write it as NAME=yes or NAME=no")));
            };
            options.push(("--strain", format!("{STRAIN}{}", name.trim()), answer));
        }
        Ok(())
    }
}

impl EpisodeAnswers {
    fn add<'a>(&'a self, options: &mut Options<'a>) {
        options.extend(self.place.iter().map(|text| ("--place", "place".into(), text.as_str())));
        options.extend(self.radiating.as_deref().map(|text| ("--radiating", "radiating".into(), text)));
        options.extend(self.set_off_by.iter().map(|text| ("--set-off-by", "cause".into(), text.as_str())));
    }
}

impl SessionAnswers {
    fn add<'a>(&'a self, options: &mut Options<'a>) {
        let given = [
            ("--program", "program", &self.program),
            ("--minutes", "minutes", &self.minutes),
            ("--before", "pain", &self.before),
            ("--after", "pain_after", &self.after),
        ];
        let given =
            given.into_iter().filter_map(|(flag, field, text)| Some((flag, field.into(), text.as_deref()?)));
        options.extend(given);
    }
}

impl Correction {
    fn options(&self) -> Result<Options<'_>, Failure> {
        let mut options = common_options("--date", self.date.as_deref(), self.note.as_deref());
        options.extend(self.to.as_deref().map(|text| ("--to", "last".into(), text)));
        options.extend(self.pain.as_deref().map(|text| ("--pain", "pain".into(), text)));
        self.day.add(&mut options)?;
        self.episode.add(&mut options);
        self.session.add(&mut options);
        options.extend(self.score.as_deref().map(|text| ("--score", "roland".into(), text)));
        Ok(options)
    }
}

/// The flags that a kind of item has.
fn flags(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Day => {
            &["--date", "--pain", "--sleep", "--sitting", "--activity", "--stress", "--strain", "--note"]
        }
        Kind::Episode => &["--date", "--to", "--pain", "--place", "--radiating", "--set-off-by", "--note"],
        Kind::Session => &["--date", "--program", "--minutes", "--before", "--after", "--note"],
        Kind::Roland => &["--date", "--score"],
    }
}

/// The form with the options in it, each in the place of what stood there.
fn filled(mut fields: Fields, options: &Options) -> Fields {
    fields.retain(|(name, _)| options.iter().all(|(_, field, _)| field != name));
    let texts = options.iter().filter(|(_, field, text)| *text != "none" || field == "notes");
    fields.extend(texts.map(|(_, field, text)| (field.clone(), (*text).to_owned())));
    fields
}

/// The first thing that cannot be taken, with the flag that said it.
fn refused(faults: &[Fault], options: &Options) -> Failure {
    let Some(fault) = faults.first() else { return Failure::work("a form was refused without a reason") };
    let of = |field: &str| match fault.field {
        "strains" => field.starts_with(STRAIN),
        "own" => field == "cause" || field.starts_with(STRAIN),
        name => field == name,
    };
    let flag = options.iter().find(|(_, field, _)| of(field)).map(|(flag, _, _)| *flag);
    let flag = flag.unwrap_or(match fault.field {
        "pain" => "--pain",
        "program" => "--program",
        "minutes" => "--minutes",
        other => other,
    });
    let why =
        if fault.why == Why::Missing { "is missing".to_owned() } else { fault.why.words(Language::English) };
    let places = ::care::diary::Place::ALL.map(::care::diary::Place::id).join(", ");
    match (fault.field, fault.why) {
        ("place", Why::NotListed) => Failure::input(format!("{flag}: there are {places}")),
        ("strains" | "radiating", Why::NotListed) => {
            Failure::input(format!("{flag}: the answer is yes or no"))
        }
        _ => Failure::input(format!("{flag}: {why}")),
    }
}

/// The diary as it now stands; an empty one where nobody has begun.
fn diary(store: &Store, common: &Common) -> Result<Diary, Failure> {
    match store.record(&common.name).and_then(|record| record.diary()) {
        Err(StoreError::Nobody { .. }) => Ok(Diary::default()),
        read => read.map_err(Failure::input),
    }
}

fn write(kind: Kind, options: &Options, store: &Store, common: &Common) -> Result<(), Failure> {
    let today = today();
    let fields = filled(vec![("day".to_owned(), today.to_string())], options);
    let (day, record) = entry_form::read(kind, &fields, today).map_err(|faults| refused(&faults, options))?;
    let told = record.clone();
    let done = store
        .record_or_new(&common.name, today)
        .and_then(|mut kept| kept.write(|diary| diary.write(today, day, record)));
    match done {
        Ok(item) => said(item, Some((day, &told)), common),
        Err(StoreError::Diary(DiaryError::SecondDay { day })) => Err(second_day(day, &diary(store, common)?)),
        Err(error) => Err(Failure::input(error)),
    }
}

fn second_day(day: Day, diary: &Diary) -> Failure {
    let holder =
        diary.current().find(|entry| entry.day == day && matches!(entry.record, Some(Record::Day(_))));
    let item = holder.map_or(0, |entry| entry.item);
    Failure::input(format!("{day} is already in the diary: `ondol care diary correct {item}` changes it"))
}

fn correct(wish: &Correction, store: &Store, common: &Common) -> Result<(), Failure> {
    let item = number(&wish.item)?;
    let options = wish.options()?;
    if options.is_empty() {
        return Err(Failure::input("name what to change; see `ondol care diary correct --help`"));
    }
    let before = diary(store, common)?;
    let Some(entry) = before.current().find(|entry| entry.item == item) else {
        return Err(unknown(item, &before));
    };
    let Some(old) = &entry.record else { return Err(unknown(item, &before)) };
    let kind = Kind::of(old);
    if let Some((flag, _, _)) = options.iter().find(|(flag, _, _)| !flags(kind).contains(flag)) {
        let (what, has) = (old.kind(Language::English), flags(kind).join(", "));
        return Err(Failure::input(format!("item {item} is a {what}, which has no {flag}; it has {has}")));
    }
    let fields = filled(entry_form::write(entry.day, old), &options);
    let (day, record) =
        entry_form::read(kind, &fields, today()).map_err(|faults| refused(&faults, &options))?;
    let told = record.clone();
    let done = store
        .record(&common.name)
        .and_then(|mut kept| kept.write(|diary| diary.correct(item, today(), day, record)));
    match done {
        Ok(()) => said(item, Some((day, &told)), common),
        Err(StoreError::Diary(DiaryError::SecondDay { day })) => Err(second_day(day, &before)),
        Err(error) => Err(Failure::input(error)),
    }
}

fn number(item: &str) -> Result<u32, Failure> {
    item.parse().map_err(|_| {
        let given: String = item.chars().take(40).collect();
        Failure::input(format!("\"{given}\" is no item; `ondol care diary` lists their numbers"))
    })
}

fn unknown(item: u32, diary: &Diary) -> Failure {
    let withdrawn = diary.entries().iter().any(|entry| entry.item == item);
    Failure::input(if withdrawn {
        format!("item {item} was withdrawn: `ondol care diary undo {item}` brings it back")
    } else {
        format!("there is no item {item}; `ondol care diary` lists them")
    })
}

/// Withdraws or undoes.
fn change(
    item: &str,
    store: &Store,
    common: &Common,
    change: impl FnOnce(&mut Diary, u32) -> Result<(), DiaryError>,
) -> Result<(), Failure> {
    let item = number(item)?;
    let before = diary(store, common)?;
    if before.entries().iter().all(|entry| entry.item != item) {
        return Err(unknown(item, &before));
    }
    let after = store
        .record(&common.name)
        .and_then(|mut kept| {
            kept.write(|diary| {
                change(diary, item)?;
                Ok(diary.current().find(|entry| entry.item == item).cloned())
            })
        })
        .map_err(Failure::input)?;
    let stands = after.as_ref().and_then(|entry| Some((entry.day, entry.record.as_ref()?)));
    said(item, stands, common)
}

/// Takes the last import back.
fn undo_import(store: &Store, common: &Common) -> Result<(), Failure> {
    let mut record = store.record(&common.name).map_err(Failure::input)?;
    let Some(import) = record.imports().map_err(Failure::input)?.pop() else {
        return Err(Failure::input(
            "nothing was imported that could be taken back; `ondol care diary` lists all",
        ));
    };
    let items = record.write(|diary| diary.take_back(&import.entries, today())).map_err(Failure::input)?;
    if common.json {
        return print_json(&json!({ "imported": import.day, "taken_back": items }));
    }
    let words = common.language.say(
        "taken back of the import of DAY; what was changed since stays",
        "vom Import vom DAY zurückgenommen; was seither geändert wurde, bleibt",
    );
    println!("{items:>5} {}", words.replace("DAY", &import.day.to_string()));
    Ok(())
}

/// Says how an item now stands.
fn said(item: u32, stands: Option<(Day, &Record)>, common: &Common) -> Result<(), Failure> {
    if common.json {
        let (day, record) = stands.unzip();
        return print_json(&json!({ "item": item, "day": day, "record": record }));
    }
    match stands {
        Some((day, record)) => println!("{}", line(item, day, record, common.language)),
        None => println!("{item:>4}  {}", common.language.say("withdrawn", "zurückgenommen")),
    }
    Ok(())
}

fn line(item: u32, day: Day, record: &Record, language: Language) -> String {
    format!("{item:>4}  {day}  {}: {}", record.kind(language), record.summary(language))
}

fn list(diary: &Diary, common: &Common) -> Result<(), Failure> {
    let mut entries: Vec<&Entry> = diary.current().collect();
    entries.sort_by_key(|entry| (entry.day, entry.item));
    if common.json {
        return print_json(&json!({ "items": entries }));
    }
    for entry in &entries {
        if let Some(record) = &entry.record {
            println!("{}", line(entry.item, entry.day, record, common.language));
        }
    }
    if entries.is_empty() {
        println!(
            "{}",
            common.language.say(
                "Nothing is written down yet. Begin with `ondol care diary day --pain 3 --sleep 7h30`.",
                "Noch steht nichts da. Beginnen Sie mit `ondol care diary day --pain 3 --sleep 7h30`.",
            )
        );
    }
    Ok(())
}

fn course(diary: &Diary, common: &Common) -> Result<(), Failure> {
    let (pain, roland) = (pain_course(&diary.pains()), roland_course(&diary.rolands()));
    if common.json {
        return print_json(&json!({ "pain": pain, "roland": roland }));
    }
    let language = common.language;
    println!("{}{}", language.say("Pain: ", "Schmerz: "), pain_words(pain, language));
    println!("{}", change_words(language));
    match roland {
        Some(roland) => println!("Roland-Morris: {}", roland.words(language)),
        None => println!(
            "{}",
            language.say(
                "Roland-Morris: not enough yet. It takes scores of two days.",
                "Roland-Morris: noch nicht genug. Es braucht Werte von zwei Tagen.",
            )
        ),
    }
    Ok(())
}

fn tell_goes_with(diary: &Diary, common: &Common) -> Result<(), Failure> {
    let analysis = goes_with(diary);
    if common.json {
        return print_json(&analysis);
    }
    let language = common.language;
    let count = |en, de, hole: &str, number: usize| language.say(en, de).replace(hole, &number.to_string());
    if analysis.associations.iter().all(|found| found.episodes < EPISODES_MIN) {
        let in_time = analysis.episodes - analysis.episodes_late;
        let words = count(
            "Not enough yet: COUNT of LEAST episodes.",
            "Noch nicht genug: COUNT von LEAST Krämpfen.",
            "COUNT",
            in_time,
        );
        println!("{}", words.replace("LEAST", &EPISODES_MIN.to_string()));
    }
    for found in &analysis.associations {
        println!("{}\n  {}", found.trigger.name(language), found.words(language));
    }
    if analysis.days_late > 0 {
        println!(
            "{}",
            count(
                "COUNT days were written down later and are not compared.",
                "COUNT Tage wurden später aufgeschrieben und nicht verglichen.",
                "COUNT",
                analysis.days_late
            )
        );
    }
    println!(
        "{}",
        language.say(
            "This shows what goes together, not what causes what.",
            "Das zeigt, was zusammen auftritt, nicht, was was verursacht.",
        )
    );
    Ok(())
}
