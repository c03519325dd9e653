//! `ondol care plan`: the plan of the week, on the same record as the page.

use super::{Common, screen};
use crate::fail::{Failure, print_json};
use ::care::week::{Item, Massage, NoPlan, Past, Version, Weekday, What, Wishes};
use ::care::{Day, Language, exercise::exercise};
use clap::{Args, ValueEnum};
use host::clock::today;
use host::planner::{Planner, Ready, Running, Stage, Ticking};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Arguments of `ondol care plan`.
#[derive(Args)]
pub struct Arguments {
    /// Most minutes a day, 0 to 20
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=20))]
    minutes: Option<u8>,
    /// Days without a plan, such as mon,tue; "none" for none
    #[arg(long, value_name = "DAYS")]
    quiet: Option<String>,
    /// A massage now and then: none, by hand, or on the bed; it comes only if `ondol care bed` allows one today
    #[arg(long, value_name = "WHO")]
    massage: Option<MassageArgument>,
    /// Items that were done, by their numbers
    #[arg(long, value_name = "ITEM", value_delimiter = ',')]
    tick: Vec<u8>,
    /// Items that were not done after all
    #[arg(long, value_name = "ITEM", value_delimiter = ',')]
    untick: Vec<u8>,
    /// Day of the plan to tick in, 1 to 7; today if left away
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=7))]
    day: Option<u8>,
    /// Make the next week, once this one is over
    #[arg(long)]
    next: bool,
    /// Open questions that fit, by name, or "none"; asked in the terminal if left away
    #[arg(long, value_name = "NAMES")]
    fits: Option<String>,
}

/// By whom, as it is given on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MassageArgument {
    None,
    Hand,
    Bed,
}

/// Runs `ondol care plan`.
pub fn run(wish: &Arguments, common: &Common) -> Result<(), Failure> {
    let planner = Planner::new(common.store()?, common.name.clone(), today());
    let mut stage = planner.stage().map_err(Failure::input)?;
    match &stage {
        Stage::NoInterview => {
            return Err(Failure::input(
                "no answers are kept to plan with: `ondol care screen --keep` asks them",
            ));
        }
        Stage::OldInterview(day) => {
            return Err(Failure::input(format!(
                "the answers of {day} are too old to plan with: `ondol care screen --keep` asks again"
            )));
        }
        Stage::Refused(no) => return Err(refused(no, common.language)),
        Stage::Ready(_) | Stage::Running(_) => {}
    }
    if wish.next
        && let Stage::Running(running) = &stage
    {
        let last = Day(running.past.week.first.0.saturating_add(6));
        return Err(Failure::input(format!("this week runs until {last}; the next one is made after it")));
    }
    if let Some(wishes) = wishes(wish, &stage)? {
        planner.wish(&wishes).map_err(Failure::input)?;
        stage = planner.stage().map_err(Failure::input)?;
    }
    if !wish.tick.is_empty() || !wish.untick.is_empty() {
        tick(wish, &planner, &stage)?;
        stage = planner.stage().map_err(Failure::input)?;
    } else if wish.day.is_some() {
        return Err(Failure::input("--day goes with --tick or --untick"));
    }
    // A week that is over is shown until the next one is asked for.
    if let Stage::Ready(ready) = &stage
        && (wish.next || ready.last.is_none() || ready.changed)
    {
        stage = make(wish, ready, &planner, common)?;
    }
    show(&stage, common)
}

/// Answers what is open, and makes the week.
fn make(wish: &Arguments, ready: &Ready, planner: &Planner, common: &Common) -> Result<Stage, Failure> {
    if !ready.open.is_empty() {
        let fits = match &wish.fits {
            Some(names) => named(names, &ready.open)?,
            None if common.json => {
                return Err(Failure::input(format!(
                    "questions are open: {}; say which fit with --fits NAMES or --fits none",
                    ready.open.join(", ")
                )));
            }
            None => asked(&ready.open, common.language)?,
        };
        let rows: BTreeMap<String, bool> =
            ready.open.iter().map(|row| ((*row).to_owned(), fits.contains(row))).collect();
        planner.answer(&rows).map_err(Failure::input)?;
    }
    match planner.make().map_err(Failure::input)? {
        Stage::Refused(no) => Err(refused(&no, common.language)),
        stage => Ok(stage),
    }
}

fn named<'a>(names: &str, open: &[&'a str]) -> Result<BTreeSet<&'a str>, Failure> {
    let list = names.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none");
    list.map(|name| {
        let known = open.iter().find(|row| **row == name).copied();
        known.ok_or_else(|| {
            let given: String = name.chars().take(60).collect();
            Failure::input(format!("\"{given}\" is no open question; open are {}", open.join(", ")))
        })
    })
    .collect()
}

fn asked<'a>(open: &[&'a str], language: Language) -> Result<BTreeSet<&'a str>, Failure> {
    println!(
        "{}",
        language.say(
            "Does any of this fit? If you are not sure, name it too.",
            "Trifft etwas davon zu? Wenn Sie unsicher sind, nennen Sie es auch."
        )
    );
    let texts: Vec<&str> = open
        .iter()
        .map(|id| {
            ::care::questions().iter().find(|row| row.id == **id).map_or(*id, |row| row.ask.of(language))
        })
        .collect();
    let ask = language.say("Numbers that fit, 0 for none", "Nummern, die zutreffen, 0 für keine");
    let chosen =
        screen::choose(&texts, &ask, &mut std::io::stdin().lock(), &mut std::io::stdout(), usize::MAX)?;
    let chosen = chosen.ok_or_else(|| {
        Failure::input("the questions are still open, so no week was made; answer them, or use --fits")
    })?;
    Ok(chosen.into_iter().map(|n| open[n]).collect())
}

fn refused(no: &NoPlan, language: Language) -> Failure {
    let reason = no.reason();
    let rows = match no {
        NoPlan::AskDoctor(rows) | NoPlan::AnswerFirst(rows) => format!(" ({})", rows.join(", ")),
        _ => String::new(),
    };
    Failure::input(format!("{}{rows} `ondol care screen --keep` answers again", reason.words.of(language)))
}

/// What was wished, put over what was wished before; `None` where nothing was.
fn wishes(wish: &Arguments, stage: &Stage) -> Result<Option<Wishes>, Failure> {
    if wish.minutes.is_none() && wish.quiet.is_none() && wish.massage.is_none() {
        return Ok(None);
    }
    let mut wishes = match stage {
        Stage::Ready(ready) => ready.wishes.clone(),
        Stage::Running(running) => running.wishes.clone(),
        _ => Wishes::default(),
    };
    if let Some(minutes) = wish.minutes {
        wishes.minutes_a_day = minutes;
    }
    if let Some(by) = wish.massage {
        wishes.massage = match by {
            MassageArgument::None => Massage::None,
            MassageArgument::Hand => Massage::Hand,
            MassageArgument::Bed => Massage::Bed,
        };
    }
    if let Some(text) = &wish.quiet {
        wishes.quiet = quiet(text)?;
    }
    Ok(Some(wishes))
}

fn quiet(text: &str) -> Result<BTreeSet<Weekday>, Failure> {
    if text == "none" {
        return Ok(BTreeSet::new());
    }
    text.split(',')
        .map(|day| {
            let day = day.trim().to_lowercase();
            let known = Weekday::ALL.into_iter().find(|one| {
                let name = format!("{one:?}").to_lowercase();
                day == name || day == name[..3]
            });
            known.ok_or_else(|| {
                let given: String = day.chars().take(20).collect();
                Failure::input(format!(
                    "--quiet: \"{given}\" is no day; write mon, tue, wed, thu, fri, sat, sun or none"
                ))
            })
        })
        .collect()
}

fn tick(wish: &Arguments, planner: &Planner, stage: &Stage) -> Result<(), Failure> {
    let (past, now) = match stage {
        Stage::Running(running) => (&running.past, running.today + 1),
        Stage::Ready(Ready { last: Some(last), changed: false, .. }) => (last, 7),
        _ => return Err(Failure::input("there is no week to tick in; `ondol care plan` makes one")),
    };
    let day = wish.day.unwrap_or(now);
    let there = past.week.days[usize::from(day - 1)].len();
    for item in wish.tick.iter().chain(&wish.untick) {
        if !(1..=there).contains(&usize::from(*item)) {
            return Err(Failure::input(format!("day {day} has no item {item}; it has {there}")));
        }
    }
    let mut items: BTreeSet<u8> =
        past.ticked.iter().filter(|tick| tick.day == day - 1).map(|tick| tick.item).collect();
    items.extend(wish.tick.iter().map(|item| item - 1));
    items.retain(|item| !wish.untick.contains(&(item + 1)));
    match planner.tick(past.week.first, day - 1, &items).map_err(Failure::input)? {
        Ticking::Kept => Ok(()),
        Ticking::Early => Err(Failure::input(format!("day {day} has not come yet; today is day {now}"))),
        Ticking::Stale => Err(Failure::input("the plan has changed meanwhile; see `ondol care plan`")),
    }
}

fn show(stage: &Stage, common: &Common) -> Result<(), Failure> {
    let (past, today, over) = match stage {
        Stage::Running(Running { past, today, .. }) => (past, *today, false),
        Stage::Ready(Ready { last: Some(last), .. }) => (last, 7, true),
        _ => return Err(Failure::work("no week was made")),
    };
    if common.json {
        let ticks: Vec<_> =
            past.ticked.iter().map(|tick| json!({ "day": tick.day + 1, "item": tick.item + 1 })).collect();
        let today = (!over).then_some(today + 1);
        return print_json(&json!({ "week": past.week, "ticked": ticks, "over": over, "today": today }));
    }
    print!("{}", as_text(past, today, common.language));
    if over {
        println!(
            "{}",
            common.language.say(
                "This week is over: --next makes the next one.",
                "Diese Woche ist vorbei: --next plant die nächste."
            )
        );
    }
    Ok(())
}

fn as_text(past: &Past, today: u8, language: Language) -> String {
    let mut text = String::new();
    for (n, items) in (0_u8..).zip(&past.week.days) {
        let day = Day(past.week.first.0.saturating_add(n.into()));
        let now = if n == today { language.say(", today", ", heute") } else { "".into() };
        let minutes = past.week.minutes(n.into());
        let sum = if items.is_empty() {
            language.say("free", "frei").into_owned()
        } else {
            format!("{minutes} {}", language.say("minutes", "Minuten"))
        };
        text += &format!("{} {day}{now}: {sum}\n", n + 1);
        for (number, item) in (0_u8..).zip(items) {
            let ticked = past.ticked.contains(&::care::week::Tick { day: n, item: number });
            text += &format!(
                "  [{}] {}  {}\n",
                if ticked { "x" } else { " " },
                number + 1,
                item_text(item, language)
            );
        }
    }
    text += &format!("\n{}\n", language.say("Why", "Warum"));
    for reason in &past.week.because {
        let evidence = page::guide::evidence(reason.evidence, language);
        text += &format!("  * {} ({evidence})\n", reason.words.of(language));
        for source in &reason.sources {
            text += &format!("      {source}\n");
        }
    }
    text += &language.say(
        "\nStop when pain grows or runs down a leg. New numbness, weakness, or trouble with bladder or bowel: call the emergency number.\n",
        "\nHören Sie auf, wenn der Schmerz zunimmt oder ins Bein zieht. Neue Taubheit, Schwäche oder Probleme mit Blase oder Darm: Wählen Sie den Notruf.\n",
    );
    text
}

fn item_text(item: &Item, language: Language) -> String {
    let mut text = item.what.title().of(language).clone();
    match &item.what {
        What::Exercise { id, version, dose } => {
            text += &format!(": {}", page::guide::amount_words(*dose, language));
            if let Some(one) = exercise(id) {
                match version {
                    Version::Easier => text += &format!(" ({})", one.easier.of(language)),
                    Version::Harder => text += &format!(" ({})", one.harder.of(language)),
                    Version::Normal => {}
                }
            }
        }
        What::Breaks { interval_min } => {
            text += &format!(": `ondol care breaks --every {interval_min}`");
        }
        What::Walk | What::Massage(_) => {
            text += &format!(": {} {}", item.minutes, language.say("minutes", "Minuten"));
        }
    }
    text
}
