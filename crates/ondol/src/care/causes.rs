//! `ondol care causes`: what may play a part in a spasm, for anybody or by a person's answers.

use super::tell::{self, Tell};
use super::{Common, screen};
use crate::fail::{Failure, print_json};
use ::care::cause::{Certainty, Likely, Look, likely, looks};
use ::care::topic::Sign;
use ::care::{Findings, Language, Urgency, triage};
use clap::Args;
use host::store::Kept;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `ondol care causes`.
#[derive(Args)]
pub struct Arguments {
    /// Weigh these answers (JSON object or TOML table, by fact)
    #[arg(long, value_name = "FILE", conflicts_with = "kept")]
    answers: Option<PathBuf>,
    /// Weigh the answers that were kept with `ondol care screen --keep`
    #[arg(long)]
    kept: bool,
}

/// Runs `ondol care causes`.
pub fn run(arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let findings = match &arguments.answers {
        Some(file) => screen::read(file)?,
        None if arguments.kept => kept(common)?,
        None => return tell::run(Tell::Causes, common.language, common.json),
    };
    if common.json {
        return print_json(&as_json(&findings, common.language));
    }
    print!("{}", as_text(&findings, common.language));
    Ok(())
}

/// The answers on record.
fn kept(common: &Common) -> Result<Findings, Failure> {
    let record = common.store()?.record(&common.name).map_err(Failure::input)?;
    let latest = record.latest(Kept::Interview, host::clock::today()).map_err(Failure::input)?;
    latest
        .map(|(_, findings)| findings)
        .ok_or_else(|| Failure::input("no answers are kept: give them with `ondol care screen --keep`"))
}

fn as_text(findings: &Findings, language: Language) -> String {
    let mut text = String::new();
    if triage(findings).urgency >= Urgency::Today {
        let english = "By these answers a doctor comes first: see `ondol care screen`.";
        text += &language.say(
            english,
            "Nach diesen Antworten kommt zuerst eine Ärztin oder ein Arzt: siehe `ondol care screen`.",
        );
        text += "\n";
        if !language.reviewed() {
            text += &format!("[{english}]\n");
        }
    }
    for look in looks(findings) {
        let words = match look {
            Look::Frequency { words } => words,
            Look::Cause(cause) => &cause.title,
        };
        text += &format!(
            "{} {}\n",
            language.say("For a doctor to look at:", "Ärztlich ansehen lassen:"),
            words.of(language)
        );
    }
    let all = likely(findings);
    let named: Vec<&Likely> = all.iter().filter(|one| one.certainty >= Certainty::Possible).collect();
    if named.is_empty() {
        text += &language.say(
            "These answers point to nothing in particular.\n",
            "Diese Antworten weisen auf nichts Bestimmtes.\n",
        );
    }
    for one in named {
        text += &format!("{}: {}\n", one.cause.title.of(language), one.certainty.name(language));
        text += &format!("  {}\n", one.cause.words.of(language));
        for (mark, signs) in [("+", &one.because), ("-", &one.against)] {
            for sign in signs {
                text += &format!("  {mark} {}\n", sign.why.of(language));
            }
        }
        text += &format!("  -> {}\n", one.cause.what_helps.join(", "));
    }
    text + &language.say("No diagnosis.\n", "Keine Diagnose.\n")
}

fn as_json(findings: &Findings, language: Language) -> serde_json::Value {
    let whys =
        |signs: &[&Sign]| -> Vec<String> { signs.iter().map(|sign| sign.why.of(language).clone()).collect() };
    let list: Vec<_> = likely(findings)
        .iter()
        .map(|one| {
            json!({
                "cause": one.cause.id, "certainty": one.certainty, "because": whys(&one.because),
                "against": whys(&one.against), "what_helps": one.cause.what_helps,
                "evaluation": one.cause.evaluation, "evidence": one.cause.evidence,
            })
        })
        .collect();
    json!({ "urgency": triage(findings).urgency, "causes": list, "diagnosis": false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::care::Value;

    #[test]
    fn what_was_told_is_weighed_with_reasons_and_a_doctor_comes_first() {
        let mut findings = Findings::new();
        findings.set("set_off_lifting", Value::YesNo(true)).expect("a fact");
        let text = as_text(&findings, Language::English);
        assert!(text.starts_with("By these answers a doctor comes first"), "{text}");
        assert!(text.contains("Too much load: likely to play a part") && text.contains("  + "), "{text}");
        assert_eq!(as_json(&findings, Language::German)["causes"][0]["cause"], "overuse");
    }
}
