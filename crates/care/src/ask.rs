//! The adaptive questionnaire of the triage: the next screen, given the answers so far.
//!
//! Which question stands where, and for whom, is data (`care/ask.toml`). The emergency tick list comes
//! first and is never gated. What is answered is not asked again, what cannot apply is not asked at all, and
//! as soon as the answers are certain to be an emergency nothing more is asked. The same answers always
//! give the same screen.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::facts::{Findings, Kind, behind, fact, opens_others};
use crate::triage::{Condition, ConditionFile, Truth, is_certain_emergency, terms};
use crate::words::Words;

/// A screen of questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// Name of the screen.
    pub id: &'static str,
    /// What stands above it.
    pub title: &'static Words,
    /// The questions that are open on it; never empty.
    pub rows: Vec<Row>,
}

/// One question of a screen; its answer is one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The fact, group or gate that it answers.
    pub id: &'static str,
    /// The question.
    pub ask: &'static Words,
    /// What answers it takes.
    pub kind: &'static Kind,
}

/// The next screen, or nothing when all is asked or the answers are certain to be an emergency.
#[must_use]
pub fn next_screen(findings: &Findings) -> Option<Screen> {
    let due = due(findings);
    let tick_list = SCREENS.first().is_some_and(|screen| screen.rows.iter().all(|row| row.is_told(findings)));
    if tick_list && is_certain_emergency(findings, &due) {
        return None;
    }
    SCREENS.iter().find_map(|screen| {
        let rows: Vec<Row> = screen
            .rows
            .iter()
            .filter(|row| !row.is_told(findings) && row.applies(findings, &due))
            .map(RowOf::row)
            .collect();
        (!rows.is_empty()).then_some(Screen { id: &screen.id, title: &screen.title, rows })
    })
}

/// The words in which a fact, a group or a gate is asked, if a screen asks it.
#[must_use]
pub fn words(id: &str) -> Option<&'static Words> {
    SCREENS.iter().flat_map(|screen| &screen.rows).find(|row| row.id == id).map(|row| &row.ask)
}

/// The facts, groups and gates whose question applies, or may apply once earlier ones are answered, and is unanswered.
pub(crate) fn due(findings: &Findings) -> BTreeSet<&'static str> {
    let mut due = BTreeSet::new();
    for row in SCREENS.iter().flat_map(|screen| &screen.rows) {
        if row.is_told(findings) || !row.applies(findings, &due) {
            continue;
        }
        due.insert(row.id.as_str());
        due.extend(behind(&row.id).into_iter().filter(|id| findings.says(id).is_none()));
    }
    due
}

/// Whether the triage always asks a fact, of everybody.
pub(crate) fn is_always_asked(id: &str) -> bool {
    SCREENS.iter().flat_map(|screen| &screen.rows).any(|row| row.id == id && row.when.is_none())
}

static SCREENS: LazyLock<Vec<ScreenOf>> = LazyLock::new(|| {
    parse(include_str!("../../../care/ask.toml"))
        .expect("the embedded questionnaire is valid, which a test proves")
});

#[derive(Debug)]
struct ScreenOf {
    id: String,
    title: Words,
    rows: Vec<RowOf>,
}

#[derive(Debug)]
struct RowOf {
    id: String,
    ask: Words,
    kind: &'static Kind,
    when: Option<Condition>,
}

impl RowOf {
    fn is_told(&self, findings: &Findings) -> bool {
        findings.get(&self.id).is_some() || findings.says(&self.id).is_some()
    }

    fn applies(&self, findings: &Findings, due: &BTreeSet<&str>) -> bool {
        let truth = self.when.as_ref().map(|when| when.holds(findings, &|id| due.contains(id)));
        truth != Some(Truth::No)
    }

    fn row(&'static self) -> Row {
        Row { id: &self.id, ask: &self.ask, kind: self.kind }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "checked")]
    _checked: String,
    screen: Vec<ScreenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScreenFile {
    id: String,
    title: Words,
    row: Vec<RowFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowFile {
    ask: String,
    en: Option<String>,
    de: Option<String>,
    when: Option<ConditionFile>,
}

fn parse(text: &str) -> Result<Vec<ScreenOf>, String> {
    let file: File = toml::from_str(text).map_err(|error| crate::answers::one_line(text, &error))?;
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let mut screens: Vec<ScreenOf> = Vec::with_capacity(file.screen.len());
    for read in file.screen {
        let mut rows = Vec::with_capacity(read.row.len());
        for row in read.row {
            let row = row.check(screens.is_empty(), &asked)?;
            if rows.iter().any(|other: &RowOf| other.id == row.id) {
                return Err(format!("\"{}\" stands twice on one screen", row.id));
            }
            rows.push(row);
        }
        asked.extend(rows.iter().map(|row| row.id.clone()));
        asked.extend(rows.iter().flat_map(|row| behind(&row.id)).map(str::to_owned));
        screens.push(ScreenOf { id: read.id, title: read.title, rows });
    }
    Ok(screens)
}

impl RowFile {
    fn check(self, first: bool, asked: &BTreeSet<String>) -> Result<RowOf, String> {
        let wrong = |what: &str| format!("\"{}\": {what}", self.ask);
        let (ask, kind) = match (fact(&self.ask), self.en, self.de) {
            (Some(fact), None, None) => (fact.ask.clone(), &fact.kind),
            (None, Some(en), Some(de)) if opens_others(&self.ask) => (Words::new(en, de), &Kind::YesNo),
            _ => {
                return Err(wrong(
                    "a fact has its own words, a group or gate has them here, and there is nothing else",
                ));
            }
        };
        if first && self.when.is_some() {
            return Err(wrong("the emergency tick list is never gated"));
        }
        let when = self.when.map(|when| when.resolve(terms())).transpose().map_err(|what| wrong(&what))?;
        let mut names = Vec::new();
        if let Some(when) = &when {
            when.names(&mut names);
        }
        // A group or gate is known before all that stands behind it is.
        let before = |name: &&str| asked.contains(*name);
        if let Some(late) = names.iter().find(|name| !before(name)) {
            return Err(wrong(&format!("hangs on \"{late}\", which no earlier screen asks")));
        }
        Ok(RowOf { id: self.ask, ask, kind, when })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../care/ask.toml");

    #[test]
    fn the_embedded_questionnaire_is_valid_and_begins_with_the_emergencies() {
        assert!(parse(TEXT).is_ok());
        assert_eq!(next_screen(&Findings::new()).map(|screen| screen.id), Some("emergency"));
        assert_eq!(words("regions"), fact("regions").map(|fact| &fact.ask));
        assert_eq!(words("nothing"), None);
    }

    #[test]
    fn a_bad_questionnaire_is_refused_and_says_where() {
        for (good, bad, what) in [
            ("{ ask = \"regions\" }", "{ ask = \"region\" }", "\"region\""),
            ("{ ask = \"cauda\"", "{ ask = \"cauda\", when = { any_yes = [\"cancer\"] }", "never gated"),
            (
                "{ ask = \"regions\" }",
                "{ ask = \"regions\", when = { any_yes = [\"cancer\"] } }",
                "no earlier screen",
            ),
            ("{ ask = \"regions\" }", "{ ask = \"age_years\" }", "twice"),
            ("{ ask = \"regions\" }", "{ ask = \"regions\", en = \"Hm?\" }", "own words"),
        ] {
            let text = TEXT.replacen(good, bad, 1);
            assert_ne!(text, TEXT);
            let error = parse(&text).expect_err(what);
            assert!(error.contains(what), "{error}");
        }
    }
}
