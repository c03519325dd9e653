//! `ondol care screen`: the questions of the triage in a terminal or from a file, and what they ask for.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::ask::{Row, Screen, next_screen};
use ::care::facts::Choice;
use ::care::triage::{Ground, look_again};
use ::care::{Findings, Kind, Language, Triage, Urgency, Value, triage};
use clap::Args;
use host::store::Kept;
use page::guide::{again_heading, heading};
use serde_json::json;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Arguments of `ondol care screen`.
#[derive(Args)]
pub struct Arguments {
    /// Answers by fact, as a JSON object or TOML table; what is missing counts as the most serious answer
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Keep the answers in the record, for the plan of the week
    #[arg(long)]
    keep: bool,
}

/// Runs `ondol care screen`.
pub fn run(arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let findings = match &arguments.answers {
        Some(file) => read(file)?,
        None if common.json => {
            return Err(Failure::input("--json takes the answers from a file: give --answers FILE"));
        }
        None => interview(&mut std::io::stdin().lock(), &mut std::io::stdout(), common.language)?,
    };
    let verdict = triage(&findings);
    if arguments.keep {
        let today = host::clock::today();
        let record = common.store()?.record_or_new(&common.name, today).map_err(Failure::input)?;
        record.keep(Kept::Interview, today, &findings).map_err(Failure::work)?;
    }
    if common.json {
        return print_json(&as_json(&verdict, &findings, common.language));
    }
    print!("{}", as_text(&verdict, common.language));
    Ok(())
}

/// Answers from a file: facts by name, or what `ondol care screen --json` printed.
pub fn read(file: &Path) -> Result<Findings, Failure> {
    let wrong = |what: String| Failure::input(format!("{}: {what}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    if text.trim_start().starts_with('{') {
        let mut all: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let facts = match all.get_mut("answers") {
            Some(answers) => answers.take(),
            None => all,
        };
        return serde_json::from_value(facts).map_err(|error| wrong(error.to_string()));
    }
    toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))
}

/// Asks until there is nothing more to ask, or the input ends.
fn interview(
    input: &mut impl BufRead,
    output: &mut impl Write,
    language: Language,
) -> Result<Findings, Failure> {
    let mut findings = Findings::new();
    while let Some(screen) = next_screen(&findings) {
        writeln!(output, "\n{}", screen.title.of(language)).map_err(Failure::work)?;
        let Some(answers) = hear(&screen, input, output, language)? else { break };
        for (id, value) in answers {
            findings.set(id, value).map_err(Failure::work)?;
        }
    }
    Ok(findings)
}

type Answered = Vec<(&'static str, Value)>;

/// One screen; `None` when the person does not know, or the input ends.
fn hear(
    screen: &Screen,
    input: &mut impl BufRead,
    output: &mut impl Write,
    language: Language,
) -> Result<Option<Answered>, Failure> {
    let (ticks, fields): (Vec<Row>, Vec<Row>) = screen.rows.iter().partition(|row| row.kind == &Kind::YesNo);
    let mut answered = Vec::new();
    if !ticks.is_empty() {
        let texts: Vec<&str> = ticks.iter().map(|row| row.ask.of(language).as_str()).collect();
        let ask = language.say(
            "Numbers that fit, 0 for none, ? if you are not sure",
            "Nummern, die zutreffen, 0 für keine, ? wenn unsicher",
        );
        let Some(chosen) = choose(&texts, &ask, input, output, usize::MAX)? else { return Ok(None) };
        answered.extend((0..).zip(&ticks).map(|(n, row)| (row.id, Value::YesNo(chosen.contains(&n)))));
    }
    for row in fields {
        writeln!(output, "{}", row.ask.of(language)).map_err(Failure::work)?;
        let value = match row.kind {
            Kind::YesNo => continue,
            Kind::Number { unit, min, max } => number(unit, *min, *max, input, output)?,
            Kind::Choice(options) => one_of(options, input, output, language, 1)?
                .and_then(|list| list.first().cloned())
                .map(Value::Choice),
            Kind::Many(options) => one_of(options, input, output, language, usize::MAX)?
                .map(|list| Value::Many(list.into_iter().collect())),
        };
        let Some(value) = value else { return Ok(None) };
        answered.push((row.id, value));
    }
    Ok(Some(answered))
}

fn one_of(
    options: &[Choice],
    input: &mut impl BufRead,
    output: &mut impl Write,
    language: Language,
    most: usize,
) -> Result<Option<Vec<String>>, Failure> {
    let texts: Vec<&str> = options.iter().map(|option| option.words.of(language).as_str()).collect();
    let ask = if most == 1 {
        language.say("One number, ? if you are not sure", "Eine Nummer, ? wenn unsicher")
    } else {
        language.say("Numbers, 0 for none, ? if you are not sure", "Nummern, 0 für keine, ? wenn unsicher")
    };
    let chosen = choose(&texts, &ask, input, output, most)?;
    Ok(chosen.map(|list| list.into_iter().map(|n| options[n].id.clone()).collect()))
}

/// Lets the person choose numbers from a list, until they can be understood.
pub fn choose(
    texts: &[&str],
    ask: &str,
    input: &mut impl BufRead,
    output: &mut impl Write,
    most: usize,
) -> Result<Option<Vec<usize>>, Failure> {
    for (n, text) in (1..).zip(texts) {
        writeln!(output, "  {n:2} {text}").map_err(Failure::work)?;
    }
    loop {
        let Some(line) = prompt(ask, input, output)? else { return Ok(None) };
        let numbers: Result<Vec<usize>, _> =
            line.split([' ', ',']).filter(|part| !part.is_empty()).map(str::parse).collect();
        match numbers {
            Ok(list) if list == [0] && most > 1 => return Ok(Some(Vec::new())),
            Ok(list)
                if (1..=most).contains(&list.len()) && list.iter().all(|n| (1..=texts.len()).contains(n)) =>
            {
                return Ok(Some(list.into_iter().map(|n| n - 1).collect()));
            }
            _ => {}
        }
    }
}

fn number(
    unit: &str,
    min: f64,
    max: f64,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<Option<Value>, Failure> {
    loop {
        let Some(line) = prompt(&format!("{unit}, {min} .. {max}"), input, output)? else { return Ok(None) };
        if let Ok(value) = line.replace(',', ".").parse::<f64>()
            && (min..=max).contains(&value)
        {
            return Ok(Some(Value::Number(value)));
        }
    }
}

/// One line from the person; `None` for "?" and at the end of the input.
fn prompt(ask: &str, input: &mut impl BufRead, output: &mut impl Write) -> Result<Option<String>, Failure> {
    write!(output, "{ask}: ").and_then(|()| output.flush()).map_err(Failure::work)?;
    let mut line = String::new();
    let read = input.read_line(&mut line).map_err(Failure::work)?;
    let line = line.trim();
    Ok((read > 0 && line != "?").then(|| line.to_owned()))
}

fn as_text(verdict: &Triage, language: Language) -> String {
    let mut text = format!("\n{}\n", heading(verdict.urgency, language));
    if verdict.urgency >= Urgency::Today && !language.reviewed() {
        text += &format!("[{}]\n", heading(verdict.urgency, Language::English));
    }
    if verdict.urgency == Urgency::Emergency {
        text += "112 · 999 · 911\n";
    }
    let open = verdict.reasons.iter().filter(|reason| reason.ground == Ground::NotAnswered).count();
    if open > 0 {
        text += &language.say(
            "Open questions count as their most serious answer.\n",
            "Offene Fragen gelten als ihre ernsteste Antwort.\n",
        );
    }
    for reason in verdict.reasons.iter().filter(|reason| reason.ground == Ground::Told) {
        let rule = reason.rule;
        text += &format!("  * {}\n", rule.why.of(language));
        let say = language.say("Say", "Sagen Sie");
        text += &format!("    {say}: \"{}\"\n", rule.say.of(language));
        if rule.urgency >= Urgency::Today && !language.reviewed() {
            text += &format!("    [{} {}]\n", rule.why.en, rule.say.en);
        }
    }
    if verdict.urgency < Urgency::Today {
        text += &format!("{}\n", again_heading(language));
        for line in look_again() {
            text += &format!("  * {}\n", line.words.of(language));
        }
    }
    text += &language.say(
        "No diagnosis, and no medical device. If a sign of an emergency comes, call the emergency number.\n",
        "Keine Diagnose und kein Medizinprodukt. Kommt ein Notfallzeichen dazu, wählen Sie den Notruf.\n",
    );
    text
}

fn as_json(verdict: &Triage, findings: &Findings, language: Language) -> serde_json::Value {
    let reasons: Vec<_> = verdict
        .reasons
        .iter()
        .map(|reason| {
            let rule = reason.rule;
            json!({
                "rule": rule.id, "urgency": rule.urgency, "ground": reason.ground,
                "why": rule.why.of(language), "say": rule.say.of(language),
                "sources": rule.sources, "evidence": rule.evidence,
            })
        })
        .collect();
    let open: Vec<&str> = next_screen(findings)
        .map(|screen| screen.rows.iter().map(|row| row.id).collect())
        .unwrap_or_default();
    json!({ "urgency": verdict.urgency, "reasons": reasons, "asked_next": open, "answers": findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(lines: &str) -> (Findings, String) {
        let mut output = Vec::new();
        let findings = interview(&mut lines.as_bytes(), &mut output, Language::English).expect("a talk");
        (findings, String::from_utf8(output).expect("text"))
    }

    #[test]
    fn who_does_not_know_is_told_the_strictest() {
        let (findings, _) = talk("?\n");
        assert_eq!(triage(&findings).urgency, Urgency::Emergency);
        assert_eq!(talk("").0, Findings::new());
    }

    #[test]
    fn a_tick_on_the_first_list_ends_the_questions_at_once() {
        let (findings, asked) = talk("1\n");
        assert_eq!(findings.says("cauda"), Some(true));
        assert_eq!(triage(&findings).urgency, Urgency::Emergency);
        assert_eq!(asked.matches("Numbers that fit").count(), 1, "{asked}");
    }

    #[test]
    fn what_cannot_be_understood_is_asked_again() {
        let (findings, asked) = talk("x\n99\n0\n");
        assert_eq!(findings.says("saddle_numbness"), Some(false));
        assert!(asked.matches("Numbers that fit").count() >= 3, "{asked}");
    }
}
