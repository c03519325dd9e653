//! `ondol care bed`: may I use the bed today? On the same record as the page.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::facts::fact;
use ::care::{Answer, Because, Kind, Language, Reason, Summary, Value, Verdict, questions};
use clap::Args;
use host::bed_today::{Ask, BedToday, Measure, MeasureFault, Reply, Said, Stage, made_for};
use host::clock::today;
use serde_json::json;

/// Arguments of `ondol care bed`.
#[derive(Args)]
pub struct Arguments {
    /// A question that fits, by name; may be given several times
    #[arg(long, value_name = "ROW")]
    yes: Vec<String>,
    /// A question that fits, and a doctor agreed to a light session
    #[arg(long, value_name = "ROW")]
    doctor: Vec<String>,
    /// None of the other open questions fits
    #[arg(long)]
    no_other: bool,
    /// A fact that is asked beside them, such as medicines=codeine_or_opioid
    #[arg(long, value_name = "FACT=VALUE")]
    fact: Vec<String>,
    /// Age in years
    #[arg(long, value_name = "YEARS")]
    age: Option<String>,
    /// Height, such as 172 or 1.72m
    #[arg(long, value_name = "CM")]
    stature: Option<String>,
    /// Weight in kilograms
    #[arg(long, value_name = "KG")]
    mass: Option<String>,
    /// All that was told before is still true, and nothing new has come
    #[arg(long)]
    still_true: bool,
}

/// Runs `ondol care bed`.
pub fn run(wish: &Arguments, common: &Common) -> Result<(), Failure> {
    let bed = BedToday::new(common.store()?, common.name.clone(), today());
    let reply = reply(wish, &bed.stage().map_err(Failure::input)?)?;
    if reply != Reply::default() {
        bed.keep(&reply).map_err(Failure::input)?;
    }
    let stage = bed.stage().map_err(Failure::input)?;
    if common.json {
        return print_json(&as_json(&stage, common.language));
    }
    print!("{}", as_text(&stage, common.language));
    Ok(())
}

/// What the command line answers; nothing is kept when any of it cannot be taken.
fn reply(wish: &Arguments, stage: &Stage) -> Result<Reply, Failure> {
    let mut reply = Reply { still_true: wish.still_true, ..Reply::default() };
    let open = match stage {
        Stage::Ask(ask) => Some(&ask.open),
        _ => None,
    };
    if let (Some(open), true) = (open, wish.no_other) {
        reply.rows.extend(open.questions.iter().map(|row| (row.id.clone(), Answer::No)));
        for id in &open.facts {
            let value = match fact(id).map(|fact| &fact.kind) {
                Some(Kind::Many(_)) => Value::Many(std::collections::BTreeSet::new()),
                Some(Kind::Number { .. } | Kind::Choice(_)) => continue,
                Some(Kind::YesNo) | None => Value::YesNo(false),
            };
            reply.facts.set(id, value).map_err(Failure::input)?;
        }
    }
    for (ids, answer) in [(&wish.yes, Answer::Yes), (&wish.doctor, Answer::YesClearedByDoctor)] {
        for id in ids {
            let row = questions().iter().find(|row| row.id == *id);
            let is_fact = fact(id).is_some_and(|fact| fact.kind == Kind::YesNo);
            match row {
                Some(row) if answer == Answer::Yes || row.doctor_can_clear() => {
                    reply.rows.insert(row.id.clone(), answer);
                }
                Some(_) => {
                    return Err(Failure::input(format!("--doctor: no doctor's word opens \"{id}\"")));
                }
                None if answer == Answer::Yes && is_fact => {
                    reply.facts.set(id, Value::YesNo(true)).map_err(Failure::input)?;
                }
                None => return Err(Failure::input(unknown(id))),
            }
        }
    }
    for given in &wish.fact {
        let (id, value) = fact_of(given)?;
        reply.facts.set(&id, value).map_err(|error| Failure::input(format!("--fact: {error}")))?;
    }
    for (measure, flag, text) in [
        (Measure::Age, "--age", &wish.age),
        (Measure::Stature, "--stature", &wish.stature),
        (Measure::Mass, "--mass", &wish.mass),
    ] {
        let Some(text) = text else { continue };
        let value = measure.parse(text).map_err(|fault| not_taken(flag, text, measure, fault))?;
        measure.set(&mut reply.person, value);
    }
    if *stage == Stage::NoInterview && reply != Reply::default() {
        return Err(Failure::input("no answers are kept yet: `ondol care screen --keep` asks them first"));
    }
    Ok(reply)
}

/// Says that there is no such row, with what a row may be called.
fn unknown(id: &str) -> String {
    let mut answers = ::care::Answers::new();
    let error = answers.set(id, Answer::Yes, today()).err().map(|error| error.to_string());
    error.unwrap_or_else(|| format!("there is no question \"{id}\""))
}

fn fact_of(given: &str) -> Result<(String, Value), Failure> {
    let wrong = |what: &str| {
        let given: String = given.chars().take(60).collect();
        Failure::input(format!("--fact \"{given}\": {what}"))
    };
    let (id, text) = given.split_once('=').ok_or_else(|| wrong("write NAME=VALUE"))?;
    let kind = fact(id).map(|fact| &fact.kind).ok_or_else(|| wrong("there is no such fact"))?;
    let value = match kind {
        Kind::YesNo => Value::YesNo(match text {
            "yes" | "true" => true,
            "no" | "false" => false,
            _ => return Err(wrong("yes or no")),
        }),
        Kind::Number { .. } => Value::Number(text.parse().map_err(|_| wrong("a number"))?),
        Kind::Choice(_) => Value::Choice(text.to_owned()),
        Kind::Many(_) => {
            let list = text.split(',').filter(|one| !one.is_empty() && *one != "none");
            Value::Many(list.map(str::to_owned).collect())
        }
    };
    Ok((id.to_owned(), value))
}

fn not_taken(flag: &str, text: &str, measure: Measure, fault: MeasureFault) -> Failure {
    let text: String = text.chars().take(20).collect();
    let (least, most) = measure.range();
    let (least, most, unit) = match measure {
        Measure::Age => (least, most, "years"),
        Measure::Stature => (least / 10.0, most / 10.0, "cm"),
        Measure::Mass => (least, most, "kg"),
    };
    let what = match fault {
        MeasureFault::Missing | MeasureFault::NoNumber => "is no number",
        MeasureFault::Impossible => "cannot be",
    };
    Failure::input(format!("{flag}: \"{text}\" {what}; it lies from {least} to {most} {unit}"))
}

/// What to type to answer what is open.
fn how(stage: &Stage) -> Option<String> {
    match stage {
        Stage::NoInterview | Stage::Unfinished | Stage::OldInterview(_) => {
            Some("ondol care screen --keep".to_owned())
        }
        Stage::Said(_) => None,
        Stage::Ask(ask) => {
            let mut how = "ondol care bed".to_owned();
            if !ask.open.is_empty() {
                how += " --yes ROW ... --no-other";
            }
            if ask
                .open
                .facts
                .iter()
                .any(|id| !matches!(fact(id).map(|fact| &fact.kind), Some(Kind::YesNo) | None))
            {
                how += " --fact NAME=VALUE";
            }
            for measure in &ask.measures {
                how += match measure {
                    Measure::Age => " --age YEARS",
                    Measure::Stature => " --stature CM",
                    Measure::Mass => " --mass KG",
                };
            }
            if ask.still.is_some() {
                how += " --still-true";
            }
            Some(how)
        }
    }
}

fn as_json(stage: &Stage, language: Language) -> serde_json::Value {
    let state = match stage {
        Stage::NoInterview => "no_interview",
        Stage::Unfinished => "interview_unfinished",
        Stage::OldInterview(_) => "interview_old",
        Stage::Ask(_) => "open",
        Stage::Said(_) => "answered",
    };
    let mut told = json!({ "state": state, "verdict": Verdict::Refuse, "how": how(stage) });
    match stage {
        Stage::Ask(ask) => {
            let rows: Vec<&str> = ask.open.questions.iter().map(|row| row.id.as_str()).collect();
            let measures: Vec<&str> = ask.measures.iter().map(|measure| measure_name(*measure)).collect();
            told["open"] = json!({
                "rows": rows, "facts": ask.open.facts, "measures": measures, "still_true": ask.still.is_some(),
            });
        }
        Stage::Said(said) => {
            let Summary { verdict, force_cap_n, intensity_cap, heat_allowed, surface_cap_c, .. } =
                said.summary;
            let reasons: Vec<_> =
                said.summary.reasons.iter().map(|reason| reason_json(reason, language)).collect();
            told["verdict"] = json!(verdict);
            told["limits"] = json!({
                "force_cap_n": force_cap_n, "intensity_cap": intensity_cap, "heat_allowed": heat_allowed,
                "surface_cap_c": surface_cap_c, "stretch_allowed": said.summary.stretch_allowed,
                "avoided_regions": said.summary.avoided_regions,
            });
            told["reasons"] = json!(reasons);
        }
        Stage::NoInterview | Stage::Unfinished | Stage::OldInterview(_) => {}
    }
    told
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Age => "age",
        Measure::Stature => "stature",
        Measure::Mass => "mass",
    }
}

fn reason_json(reason: &Reason, language: Language) -> serde_json::Value {
    let takes: Vec<String> =
        reason.effects.iter().map(|effect| effect.words().of(language).clone()).collect();
    json!({
        "id": reason.id, "because": reason.because, "words": reason.words.of(language),
        "why": reason.why.of(language), "advice": reason.advice.of(language), "effects": reason.effects,
        "takes": takes, "sources": reason.sources,
    })
}

fn as_text(stage: &Stage, language: Language) -> String {
    let mut text = match stage {
        Stage::Said(said) => said_text(said, language),
        Stage::Ask(ask) => ask_text(ask, language),
        Stage::NoInterview => language
            .say("Not yet: no answers are kept to judge by.\n", "Noch nicht: Es sind keine Antworten da.\n")
            .into_owned(),
        Stage::Unfinished => language
            .say(
                "Not today: not all questions were answered.\n",
                "Heute nicht: Es wurden nicht alle Fragen beantwortet.\n",
            )
            .into_owned(),
        Stage::OldInterview(day) => language
            .say(
                "Not today: the answers of DAY are too old.\n",
                "Heute nicht: Die Antworten vom DAY sind zu alt.\n",
            )
            .replace("DAY", &day.to_string()),
    };
    if let Some(how) = how(stage) {
        text += &format!("{}: {how}\n", language.say("To answer", "So antworten Sie"));
    }
    text + &language.say(
        "No medical device. If a sign of an emergency comes, call the emergency number.\n",
        "Kein Medizinprodukt. Kommt ein Notfallzeichen dazu, wählen Sie den Notruf.\n",
    )
}

fn ask_text(ask: &Ask, language: Language) -> String {
    let mut text = language
        .say(
            "Not yet: this is open, and counts as the most serious answer.\n",
            "Noch nicht: Dies ist offen und gilt als die ernsteste Antwort.\n",
        )
        .into_owned();
    for row in &ask.open.questions {
        text += &format!("  {}: {}\n", row.id, row.ask.of(language));
        if row.tier == ::care::Tier::Emergency && !language.reviewed() {
            text += &format!("    [{}]\n", row.ask.en);
        }
    }
    for fact in ask.open.facts.iter().filter_map(|id| fact(id)) {
        text += &format!("  {}: {}\n", fact.id, fact.ask.of(language));
        if let Kind::Many(options) | Kind::Choice(options) = &fact.kind {
            for option in options {
                text += &format!("      {}: {}\n", option.id, option.words.of(language));
            }
        }
    }
    for measure in &ask.measures {
        let (least, most) = made_for(*measure);
        let (name, words) = match measure {
            Measure::Age => (language.say("age", "Alter"), format!("{least}+")),
            Measure::Stature => {
                (language.say("height", "Größe"), format!("{} .. {} cm", least / 10.0, most / 10.0))
            }
            Measure::Mass => (language.say("weight", "Gewicht"), format!("{least} .. {most} kg")),
        };
        text += &format!("  {name} ({} {words})\n", language.say("the bed fits", "das Bett passt für"));
    }
    if let Some(still) = &ask.still {
        let words =
            language.say("Is what you told on DAY still true?", "Stimmt noch, was Sie am DAY gesagt haben?");
        text += &format!("  {}\n", words.replace("DAY", &still.on.to_string()));
        for ask in &still.yes {
            text += &format!("    {}: {}\n", language.say("yes", "ja"), ask.of(language));
        }
    }
    text
}

fn said_text(said: &Said, language: Language) -> String {
    let verdict = match said.summary.verdict {
        Verdict::Go => language.say("Yes.", "Ja."),
        Verdict::Soften => language.say("Yes, but gently:", "Ja, aber sanft:"),
        Verdict::Refuse => language.say("Not today.", "Heute nicht."),
    };
    let mut text = format!("{verdict}\n");
    if said.summary.verdict == Verdict::Soften {
        for limit in said.summary.limits() {
            text += &format!("  - {}\n", limit.words().of(language));
        }
    }
    let (main, rest) = said.sorted();
    for reason in main.into_iter().chain(rest) {
        let emergency = reason.tier == Some(::care::Tier::Emergency) && reason.is_told();
        text += &format!("  * {}\n    {}\n", reason.words.of(language), reason.advice.of(language));
        if emergency && !language.reviewed() {
            text += &format!("    [{} {}]\n", reason.words.en, reason.advice.en);
        }
        let takes: Vec<String> =
            reason.effects.iter().map(|effect| effect.words().of(language).clone()).collect();
        text += &format!("    ({})\n", takes.join("; "));
        let row = questions().iter().find(|row| row.id == reason.id);
        if reason.because == Because::SaidYes && row.is_some_and(::care::Question::doctor_can_clear) {
            let words = language.say(
                "If a doctor agreed to a light session",
                "Hat ein Arzt einer leichten Anwendung zugestimmt",
            );
            text += &format!("    {words}: ondol care bed --doctor {}\n", reason.id);
        }
    }
    if said
        .summary
        .reasons
        .iter()
        .any(|reason| reason.tier == Some(::care::Tier::Emergency) && reason.is_told())
    {
        text = format!("112 · 999 · 911\n{text}");
    }
    text
}
