//! Topics of the guide as text or JSON.

use crate::fail::{Failure, print_json};
use ::care::Language;
use ::care::topic::{self, Topic};
use serde_json::json;

/// What can be told.
#[derive(Clone, Copy)]
pub enum Tell {
    /// The sheet, tonight, what eases it, when to call whom.
    Relief,
    /// What may play a part in a spasm.
    Causes,
    /// What people say, with verdicts.
    Claims,
}

/// Topics of `ondol care relief`, the signs of an emergency first.
const RELIEF: [&str; 8] =
    ["now", "when_to_call", "tonight", "relief", "heat_and_cold", "massage", "medicines", "physiotherapist"];

/// Tells it.
pub fn run(tell: Tell, language: Language, json: bool) -> Result<(), Failure> {
    if json {
        return print_json(&tell_json(tell));
    }
    print!("{}", tell_text(tell, language));
    Ok(())
}

fn relief() -> Vec<&'static Topic> {
    RELIEF.iter().filter_map(|id| topic::topic(id)).collect()
}

fn tell_json(tell: Tell) -> serde_json::Value {
    match tell {
        Tell::Relief => json!({ "topics": relief() }),
        Tell::Causes => json!({ "topic": topic::topic("causes"), "causes": topic::causes() }),
        Tell::Claims => json!(topic::claims()),
    }
}

fn tell_text(tell: Tell, language: Language) -> String {
    let mut text = String::new();
    match tell {
        Tell::Relief => {
            for topic in relief() {
                add_topic(&mut text, topic, language);
            }
        }
        Tell::Causes => {
            if let Some(topic) = topic::topic("causes") {
                add_topic(&mut text, topic, language);
            }
            for cause in &topic::causes().causes {
                text += &format!("{}\n  {}\n", cause.title.of(language), cause.words.of(language));
            }
        }
        Tell::Claims => {
            for claim in &topic::claims().claims {
                let verdict = claim.verdict.name(language);
                text +=
                    &format!("\"{}\"\n  {verdict}: {}\n", claim.said.of(language), claim.words.of(language));
            }
        }
    }
    text + "\nNot a medical device, no diagnosis: temporary relief and comfort. In an emergency call 112, 999 or 911.\n"
}

/// A topic line by line; English beside urgent lines that no named reviewer has read.
fn add_topic(text: &mut String, topic: &Topic, language: Language) {
    *text += &format!("{}\n", topic.title.of(language));
    for line in &topic.lines {
        *text += &format!("  * {}\n", line.words.of(language));
        if line.urgent() && !language.reviewed() {
            *text += &format!("    [{}]\n", line.words.en);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relief_begins_with_the_signs_of_an_emergency_and_holds_every_topic_it_names() {
        assert_eq!(relief().len(), RELIEF.len());
        let text = tell_text(Tell::Relief, Language::English);
        assert_eq!(text.lines().nth(1).map(|line| line.starts_with("  * First:")), Some(true));
    }

    #[test]
    fn german_text_keeps_english_beside_what_is_urgent() {
        let text = tell_text(Tell::Relief, Language::German);
        assert!(text.contains("Zuerst:") && text.contains("[First: chest pain"));
    }

    #[test]
    fn claims_and_causes_are_told_whole() {
        for claim in &topic::claims().claims {
            assert!(tell_text(Tell::Claims, Language::German).contains(&claim.said.de), "{}", claim.id);
        }
        let told = tell_json(Tell::Causes);
        let rows = told["causes"]["causes"].as_array().map(Vec::len);
        assert_eq!(rows, Some(topic::causes().causes.len()));
    }
}
