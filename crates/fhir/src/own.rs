//! The project's own questions as forms, and answers to them as sheets and back: the facts of the triage
//! (`care/facts`) and the screening table (`care/screening.toml`).
//!
//! A link id is the name of the fact, group or question. "None of these" is an answer of its own, since
//! "asked, and nothing marked" is not "not asked".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use care::{Answers, Day, Findings, Kind, Language, Value};
use serde_json::{Map, json};

use crate::answer::Answer;
use crate::codes::BASE;
use crate::element::{Coding, Extension, UCUM};
use crate::error::FhirError;
use crate::fill::Filling;
use crate::questionnaire::{Choice, Item, ItemKind, Questionnaire};
use crate::response::QuestionnaireResponse;

/// The option of a question with many options that marks none.
const NONE: &str = "none_of_these";

/// The form of the facts, in one language.
#[must_use]
pub fn facts_form(language: Language) -> Questionnaire {
    let german = language == Language::German;
    let mut items: Vec<Item> = care::facts::facts().iter().map(|fact| fact_item(fact, language)).collect();
    for group in care::facts::groups().keys() {
        let screening = care::questions().iter().find(|question| question.id == *group);
        let words = care::ask::words(group).or_else(|| screening.map(|question| &question.ask));
        items.push(Item::new(group, ItemKind::Boolean, words.map_or(group, |words| words.of(language))));
    }
    let title = if german {
        "Was über den Rückenkrampf zu sagen ist"
    } else {
        "What there is to say of a back spasm"
    };
    form("facts", title, language, items)
}

/// The form of the screening table, in one language.
#[must_use]
pub fn screening_form(language: Language) -> Questionnaire {
    let german = language == Language::German;
    let (title, [yes, no, cleared]) = if german {
        ("Fragen vor einer Anwendung", ["ja", "nein", "ja, und ein Arzt hat zugestimmt"])
    } else {
        ("Screening before a session", ["yes", "no", "yes, and a doctor has agreed"])
    };
    let options = [("yes", yes), ("no", no), ("yes_cleared_by_doctor", cleared)];
    let items = care::questions().iter().map(|question| {
        let mut item = Item::new(&question.id, ItemKind::Choice, question.ask.of(language));
        item.answer_option = options.iter().map(|(id, words)| option("screening", id, words)).collect();
        item
    });
    form("screening", title, language, items.collect())
}

fn form(name: &str, title: &str, language: Language, item: Vec<Item>) -> Questionnaire {
    Questionnaire {
        resource_type: "Questionnaire".to_owned(),
        url: Some(format!("{BASE}/Questionnaire/{name}")),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        title: Some(title.to_owned()),
        status: "active".to_owned(),
        contained: Vec::new(),
        item,
        rest: Map::from_iter([("language".to_owned(), json!(language.tag()))]),
    }
}

fn fact_item(fact: &care::facts::Fact, language: Language) -> Item {
    let kind = match fact.kind {
        Kind::YesNo => ItemKind::Boolean,
        Kind::Number { .. } => ItemKind::Decimal,
        Kind::Choice(_) | Kind::Many(_) => ItemKind::Choice,
    };
    let mut item = Item::new(&fact.id, kind, fact.ask.of(language));
    match &fact.kind {
        Kind::YesNo => {}
        Kind::Number { unit, min, max } => {
            let hl7 = |name: &str| format!("http://hl7.org/fhir/StructureDefinition/{name}");
            let unit = Coding::new(UCUM, ucum(unit), &unit.replace('_', " "));
            item.extension = vec![
                Extension::new(&hl7("minValue"), "valueDecimal", json!(min)),
                Extension::new(&hl7("maxValue"), "valueDecimal", json!(max)),
                Extension::new(&hl7("questionnaire-unit"), "valueCoding", json!(unit)),
            ];
        }
        Kind::Choice(choices) | Kind::Many(choices) => {
            let words =
                |choice: &care::facts::Choice| option(&fact.id, &choice.id, choice.words.of(language));
            item.answer_option = choices.iter().map(words).collect();
        }
    }
    if matches!(fact.kind, Kind::Many(_)) {
        let none = if language == Language::German { "nichts davon" } else { "none of these" };
        item.answer_option.push(option(&fact.id, NONE, none));
        item.repeats = Some(true);
    }
    item
}

fn option(list: &str, id: &str, words: &str) -> Choice {
    Choice::of(&Answer::Coding(Coding::new(&format!("{BASE}/CodeSystem/{list}"), id, words)))
}

/// The UCUM code of a unit of `care/facts`; a test walks them all.
fn ucum(unit: &str) -> &'static str {
    match unit {
        "days" => "d",
        "minutes" => "min",
        "years" => "a",
        "hours_per_day" | "hours_per_night" => "h/d",
        "days_per_week" => "d/wk",
        "NPRS" | "0_to_10" => "{score}",
        _ => "1",
    }
}

pub(crate) static FACTS: LazyLock<Questionnaire> = LazyLock::new(|| facts_form(Language::English));
pub(crate) static SCREENING: LazyLock<Questionnaire> = LazyLock::new(|| screening_form(Language::English));

fn coding(item: &Item, id: &str) -> Option<Answer> {
    let choices = item.answer_option.iter().filter_map(|choice| choice.answer().ok());
    choices.into_iter().find(|choice| code(choice) == Some(id))
}

fn code(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Coding(coding) => coding.code.as_deref(),
        _ => None,
    }
}

/// What one person told, as an answered sheet of the form of facts.
#[must_use]
pub fn findings_response(form: &Questionnaire, findings: &Findings, day: Day) -> QuestionnaireResponse {
    let mut answers = BTreeMap::new();
    for (_, item) in form.items() {
        let given = match findings.get(&item.link_id) {
            None => continue,
            Some(Value::YesNo(yes)) => vec![Answer::Boolean(*yes)],
            Some(Value::Number(number)) => vec![Answer::Decimal(*number)],
            Some(Value::Choice(id)) => coding(item, id).into_iter().collect(),
            Some(Value::Many(ids)) if ids.is_empty() => coding(item, NONE).into_iter().collect(),
            Some(Value::Many(ids)) => ids.iter().filter_map(|id| coding(item, id)).collect(),
        };
        answers.insert(item.link_id.clone(), given);
    }
    Filling::with(form, answers).response(day)
}

/// Reads what one person told from a sheet of the form of facts.
///
/// # Errors
/// The first answer that the form or the facts do not take.
pub fn read_findings(response: &QuestionnaireResponse) -> Result<Findings, FhirError> {
    let filling = FACTS.take_response(response)?;
    let mut findings = Findings::new();
    for (_, item) in FACTS.items() {
        let given = filling.given(&item.link_id);
        let id = |answer: &Answer| code(answer).unwrap_or_default().to_owned();
        let value = match given {
            [] => continue,
            [Answer::Boolean(yes)] => Value::YesNo(*yes),
            [Answer::Decimal(number)] => Value::Number(*number),
            [one] if item.repeats.is_none() => Value::Choice(id(one)),
            many => {
                let mut ids: BTreeSet<String> = many.iter().map(id).collect();
                if ids.remove(NONE) && !ids.is_empty() {
                    return Err(FhirError::answer(&item.link_id, "\"none of these\" excludes the others"));
                }
                Value::Many(ids)
            }
        };
        findings
            .set(&item.link_id, value)
            .map_err(|error| FhirError::answer(&item.link_id, error.to_string()))?;
    }
    Ok(findings)
}

/// The answers to the screening table, as answered sheets of its form: one sheet a day on which some were given.
#[must_use]
pub fn screening_responses(form: &Questionnaire, answers: &Answers) -> Vec<QuestionnaireResponse> {
    let mut days: BTreeMap<Day, BTreeMap<String, Vec<Answer>>> = BTreeMap::new();
    for (_, item) in form.items() {
        let Some(entry) = answers.get(&item.link_id) else { continue };
        let id = match entry.answer {
            care::Answer::Yes => "yes",
            care::Answer::No => "no",
            care::Answer::YesClearedByDoctor => "yes_cleared_by_doctor",
        };
        let given = coding(item, id).into_iter().collect();
        days.entry(entry.answered_on).or_default().insert(item.link_id.clone(), given);
    }
    let mark = if answers.is_simulated() { simulated_mark() } else { Map::new() };
    let sheet = |(day, answers)| {
        let mut sheet = Filling::with(form, answers).response(day);
        sheet.rest.extend(mark.clone());
        sheet
    };
    days.into_iter().map(sheet).collect()
}

/// The mark of what nobody was asked: FHIR's label of test data, and the project's own.
fn simulated_mark() -> Map<String, serde_json::Value> {
    let test = Coding::new("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", "test health data");
    let meta = json!({ "security": [test], "tag": [simulated()] });
    Map::from_iter([("meta".to_owned(), meta)])
}

fn simulated() -> Coding {
    Coding::new(crate::codes::OWN, "simulated", "Simulated person. Not a measurement of you.")
}

/// Reads answers to the screening table from one sheet, into `answers`.
///
/// # Errors
/// A sheet without a day, or the first answer that the table does not take.
pub fn read_screening(response: &QuestionnaireResponse, answers: &mut Answers) -> Result<(), FhirError> {
    let filling = SCREENING.take_response(response)?;
    let day = response.authored.as_deref().and_then(|text| text.get(..10)?.parse::<Day>().ok());
    let day = day.ok_or_else(|| FhirError::form("QuestionnaireResponse", "authored must name a day"))?;
    let tags = response.rest.get("meta").and_then(|meta| meta.get("tag")?.as_array());
    let marked = |tag: &serde_json::Value| {
        serde_json::from_value::<Coding>(tag.clone()).is_ok_and(|tag| tag.same(&simulated()))
    };
    if tags.is_some_and(|tags| tags.iter().any(marked)) && !answers.is_simulated() {
        let mut flagged = Answers::from_toml("simulated = true\n")
            .map_err(|error| FhirError::form("QuestionnaireResponse", error.to_string()))?;
        copy(answers, &mut flagged)?;
        *answers = flagged;
    }
    for (_, item) in SCREENING.items() {
        let answer = match filling.given(&item.link_id).first().and_then(code) {
            Some("yes") => care::Answer::Yes,
            Some("no") => care::Answer::No,
            Some(_) => care::Answer::YesClearedByDoctor,
            None => continue,
        };
        set(answers, &item.link_id, answer, day)?;
    }
    Ok(())
}

fn copy(from: &Answers, to: &mut Answers) -> Result<(), FhirError> {
    for question in care::questions() {
        if let Some(entry) = from.get(&question.id) {
            set(to, &question.id, entry.answer, entry.answered_on)?;
        }
    }
    Ok(())
}

fn set(answers: &mut Answers, id: &str, answer: care::Answer, day: Day) -> Result<(), FhirError> {
    // Of two days the later one counts.
    if answers.get(id).is_some_and(|entry| entry.answered_on > day) {
        return Ok(());
    }
    answers.set(id, answer, day).map_err(|error| FhirError::answer(id, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_forms_pass_the_check_that_foreign_ones_pass() {
        for form in
            Language::ALL.into_iter().flat_map(|language| [facts_form(language), screening_form(language)])
        {
            let text = serde_json::to_string(&form).expect("a form is data");
            assert_eq!(Questionnaire::parse(&text), Ok(form));
        }
        assert_eq!(
            FACTS.items().count(),
            care::facts::facts().len() + care::facts::groups().len(),
            "every fact and every group is asked"
        );
    }

    #[test]
    fn every_unit_of_the_facts_has_its_ucum_code() {
        for fact in care::facts::facts() {
            if let Kind::Number { unit, .. } = &fact.kind {
                assert_ne!(ucum(unit), "1", "{unit}");
            }
        }
    }

    #[test]
    fn screening_is_asked_in_german_and_a_german_sheet_is_read_back() {
        let form = screening_form(Language::German);
        for question in care::questions() {
            assert_eq!(form.find(&question.id).and_then(|item| item.text.as_ref()), Some(&question.ask.de));
        }
        let mut given = Answers::all_no(Day(20_779), false);
        given.set("thin_bones", care::Answer::YesClearedByDoctor, Day(20_779)).expect("a row of the table");
        let sheets = screening_responses(&form, &given);
        let shown = serde_json::to_string(&sheets).expect("sheets are data");
        assert!(shown.contains("ja, und ein Arzt hat zugestimmt") && !shown.contains("a doctor has agreed"));
        let mut read = Answers::new();
        for sheet in &sheets {
            read_screening(sheet, &mut read).expect("an own sheet");
        }
        assert_eq!(read, given);
    }

    #[test]
    fn nothing_marked_is_not_the_same_as_not_asked() {
        let mut findings = Findings::new();
        findings.set("regions", Value::Many(BTreeSet::new())).expect("a fact with many options");
        let sheet = findings_response(&FACTS, &findings, Day(20_779));
        assert_eq!(sheet.item.len(), 1);
        assert_eq!(read_findings(&sheet), Ok(findings));
        let both = json!([sheet.item[0].answer[0], { "valueCoding": coding(FACTS.find("regions").expect("it"), "sacrum").and_then(|answer| answer.element("value").remove("valueCoding")) }]);
        let mut wrong = sheet;
        wrong.item[0].answer = serde_json::from_value(both).expect("answers");
        let error = read_findings(&wrong).expect_err("both").to_string();
        assert!(error.contains("excludes the others"), "{error}");
    }
}
