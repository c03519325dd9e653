//! `ondol care form`: any FHIR R4 Questionnaire, listed, or filled in the terminal or from a file.
//!
//! Questions go to the error output, so that the answered sheet alone stands in the output. Nothing of it
//! is kept.

use super::{Common, carry};
use crate::fail::{Failure, print_json};
use ::care::Language;
use clap::Args;
use fhir::{Answer, Choices, FhirError, Filling, Item, ItemKind, Questionnaire, Row};
use host::clock::today;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Largest form or sheet that is read, bytes.
///
/// Design: ten thousand questions with ten options each.
const FILE_BYTES_MAX: u64 = 20_000_000;

/// Arguments of `ondol care form`.
#[derive(Args)]
pub struct Arguments {
    /// The form: a FHIR R4 Questionnaire as JSON
    file: PathBuf,
    /// Only list what the form asks
    #[arg(long, conflicts_with_all = ["answers", "out"])]
    list: bool,
    /// Answers as a JSON object {linkId: answer}, or an answered sheet of the form
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// New file for the answered sheet (QuestionnaireResponse); printed if left away
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs `ondol care form`.
pub fn run(arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let text = read(&arguments.file)?;
    let form = Questionnaire::parse(&text).map_err(|error| refused(&arguments.file, &error))?;
    if !form.items().any(|(_, item)| item.kind.is_question()) {
        return Err(Failure::input(format!("{}: the form asks nothing", arguments.file.display())));
    }
    if arguments.list {
        return list(&form, common);
    }
    if arguments.out.as_ref().is_some_and(|path| path.exists()) {
        let path = arguments.out.as_deref().unwrap_or(Path::new("")).display();
        return Err(Failure::input(format!("{path}: is there already; name a new file with --out")));
    }
    for (at, name) in form.not_evaluated() {
        eprintln!("{}", note(&at, &name, common.language));
    }
    let sheet = match &arguments.answers {
        Some(file) => filled(&form, file)?,
        None if common.json => {
            return Err(Failure::input("--json takes the answers from a file: give --answers FILE"));
        }
        None => interview(&form, &mut std::io::stdin().lock(), &mut std::io::stderr(), common.language)?,
    };
    finish(&sheet, arguments, common)
}

/// A file of at most the allowed size, as text.
fn read(file: &Path) -> Result<String, Failure> {
    let wrong = |what: String| Failure::input(format!("{}: {what}", file.display()));
    let bytes = std::fs::metadata(file).map_err(|error| wrong(format!("cannot be read ({error})")))?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(wrong(format!("{bytes} bytes; a form has at most {FILE_BYTES_MAX}")));
    }
    let bytes = std::fs::read(file).map_err(|error| wrong(format!("cannot be read ({error})")))?;
    String::from_utf8(bytes).map_err(|_| wrong("no UTF-8 text; save it as JSON in UTF-8".to_owned()))
}

/// What is wrong with a form, and the way out.
fn refused(file: &Path, error: &FhirError) -> Failure {
    let way = match error {
        FhirError::Json(_) => "; save the whole form as JSON again",
        FhirError::Resource { .. } => "; give a Questionnaire of FHIR R4 (4.0.1)",
        FhirError::Form { .. } => "; mend the form, or ask for another from who made it",
        FhirError::LaterRelease { .. } | FhirError::Answer { .. } | FhirError::People(_) => "",
    };
    Failure::input(format!("{}: {error}{way}", file.display()))
}

/// What the form wants computed, and is not.
fn note(at: &str, name: &str, language: Language) -> String {
    let at = if at.is_empty() { String::new() } else { format!("\"{at}\": ") };
    let words = language.say(
        "is not evaluated here; no total is computed",
        "wird hier nicht ausgewertet; keine Summe wird berechnet",
    );
    format!("{at}{name} {words}")
}

fn list(form: &Questionnaire, common: &Common) -> Result<(), Failure> {
    let sheet = form.fill();
    let options = |item: &Item| match sheet.choices(item) {
        Choices::Listed { choices, .. } => choices,
        Choices::Free | Choices::Elsewhere(_) => Vec::new(),
    };
    if common.json {
        let items: Vec<Value> = form
            .items()
            .map(|(depth, item)| {
                let labels: Vec<String> = options(item).iter().map(Answer::label).collect();
                json!({
                    "linkId": item.link_id, "depth": depth, "type": item.kind, "text": item.text,
                    "required": item.required == Some(true), "repeats": item.repeats == Some(true),
                    "options": labels, "asked_if": form.condition(item),
                })
            })
            .collect();
        let open = form.not_evaluated();
        return print_json(&json!({ "title": form.title, "items": items, "not_evaluated": open }));
    }
    println!("{}", form.title.as_deref().unwrap_or("-"));
    for (depth, item) in form.items() {
        let indent = "  ".repeat(depth + 1);
        let mut marks = vec![json!(item.kind).as_str().unwrap_or_default().to_owned()];
        let mut mark = |there: bool, en, de| {
            if there {
                marks.push(common.language.say(en, de).into_owned());
            }
        };
        mark(item.required == Some(true), "required", "nötig");
        mark(item.repeats == Some(true), "several", "mehrere");
        if let Some(condition) = form.condition(item) {
            marks.push(format!("{} {condition}", common.language.say("if", "wenn")));
        }
        let text = item.text.as_deref().unwrap_or_default();
        println!("{indent}{}: {text} [{}]", item.link_id, marks.join(", "));
        for choice in options(item) {
            println!("{indent}    - {}", choice.label());
        }
    }
    for (at, name) in form.not_evaluated() {
        println!("{}", note(&at, &name, common.language));
    }
    Ok(())
}

/// Whether an item is asked here.
fn is_asked(item: &Item) -> bool {
    item.kind.is_question() && item.read_only != Some(true)
}

/// A sheet with the answers of a file.
fn filled<'a>(form: &'a Questionnaire, file: &Path) -> Result<Filling<'a>, Failure> {
    let wrong = |what: String| Failure::input(format!("{}: {what}", file.display()));
    let text = read(file)?;
    let told: Map<String, Value> = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text))
        .map_err(|error| wrong(format!("no JSON object {{linkId: answer}} ({error})")))?;
    if told.get("resourceType").is_some() {
        return form.read_response(&text).map_err(|error| wrong(error.to_string()));
    }
    let mut sheet = form.fill();
    let mut done = BTreeSet::new();
    loop {
        let rows = sheet.rows();
        let next = rows.iter().map(|row| row.item.link_id.clone());
        let Some(link_id) = next.into_iter().find(|id| told.contains_key(id) && !done.contains(id)) else {
            break;
        };
        sheet.tell(&link_id, &told[&link_id]).map_err(|error| wrong(error.to_string()))?;
        done.insert(link_id);
    }
    // What is not asked in the end says so itself.
    let rows = sheet.rows();
    let asked: BTreeSet<&str> = rows.iter().map(|row| row.item.link_id.as_str()).collect();
    if let Some((link_id, value)) =
        told.iter().find(|(id, value)| !value.is_null() && !asked.contains(id.as_str()))
    {
        let error = sheet.clone().tell(link_id, value).err();
        return Err(wrong(
            error.map_or_else(|| format!("\"{link_id}\" is not asked"), |error| error.to_string()),
        ));
    }
    drop(rows);
    Ok(sheet)
}

/// Asks until there is nothing more to ask, or the input ends.
fn interview<'a>(
    form: &'a Questionnaire,
    input: &mut impl BufRead,
    output: &mut impl Write,
    language: Language,
) -> Result<Filling<'a>, Failure> {
    let mut sheet = form.fill();
    let mut done: BTreeSet<String> = BTreeSet::new();
    writeln!(output, "{}", form.title.as_deref().unwrap_or_default()).map_err(Failure::work)?;
    loop {
        let rows = sheet.rows();
        let Some(row) = rows.iter().find(|row| !done.contains(&row.item.link_id)) else { return Ok(sheet) };
        let link_id = row.item.link_id.clone();
        let words = row.item.text.as_deref().unwrap_or(&link_id);
        let indent = "  ".repeat(row.depth);
        writeln!(output, "\n{indent}{words}").map_err(Failure::work)?;
        // What is to be read with a question stands before its answer.
        let with = |below: &&Row| row.item.item.iter().any(|inner| inner.link_id == below.item.link_id);
        for below in rows.iter().filter(with).filter(|below| below.item.kind == ItemKind::Display) {
            if row.item.kind.is_question() {
                writeln!(output, "{indent}  {}", below.item.text.as_deref().unwrap_or_default())
                    .map_err(Failure::work)?;
                done.insert(below.item.link_id.clone());
            }
        }
        if is_asked(row.item) && !matches!(row.item.kind, ItemKind::Attachment | ItemKind::Reference) {
            let Some(answers) = ask(&sheet, row, input, output, language)? else { return Ok(sheet) };
            sheet.answer(&link_id, answers).map_err(Failure::work)?;
        } else if row.item.kind.is_question() {
            let words = language.say("(not asked here)", "(wird hier nicht gefragt)");
            writeln!(output, "{indent}{words}").map_err(Failure::work)?;
        }
        done.insert(link_id);
    }
}

/// The number under which each option is chosen: the one that its words begin with, where all do, so that
/// "4" on a scale of pain is four; else its place.
fn numbers(choices: &[Answer]) -> Vec<i64> {
    let leading = |choice: &Answer| {
        let label = choice.label();
        let end = label.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(label.len());
        label[..end].parse::<i64>().ok()
    };
    let own: Option<Vec<i64>> = choices.iter().map(leading).collect();
    let own = own.filter(|own| own.iter().collect::<BTreeSet<_>>().len() == own.len());
    own.unwrap_or_else(|| (1..).take(choices.len()).collect())
}

/// One question, until its answer fits; `None` when the input ends.
fn ask(
    sheet: &Filling<'_>,
    row: &Row<'_>,
    input: &mut impl BufRead,
    output: &mut impl Write,
    language: Language,
) -> Result<Option<Vec<Answer>>, Failure> {
    let several = row.item.repeats == Some(true);
    let (choices, open) = match &row.choices {
        Choices::Listed { choices, open } => (&choices[..], *open),
        Choices::Free | Choices::Elsewhere(_) => (&[][..], false),
    };
    let numbers = numbers(choices);
    if numbers.iter().zip(choices).all(|(number, choice)| number.to_string() == choice.label()) {
        let scale: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        if !scale.is_empty() {
            writeln!(output, "  {}", scale.join("  ")).map_err(Failure::work)?;
        }
    } else {
        for (number, choice) in numbers.iter().zip(choices) {
            writeln!(output, "  {number:3} {}", choice.label()).map_err(Failure::work)?;
        }
    }
    if let Choices::Elsewhere(address) = &row.choices {
        let words = language.say("a code of", "ein Code aus");
        writeln!(output, "  {words} {address}").map_err(Failure::work)?;
    }
    let before: Vec<String> = row.answers.iter().map(Answer::label).collect();
    let hint = hint(row, !choices.is_empty(), open, language);
    let hint = if before.is_empty() { hint } else { format!("{hint} [{}]", before.join("; ")) };
    loop {
        write!(output, "{hint}: ").and_then(|()| output.flush()).map_err(Failure::work)?;
        let mut line = String::new();
        if input.read_line(&mut line).map_err(Failure::work)? == 0 {
            return Ok(None);
        }
        let line = line.trim();
        let answers = match line {
            "" => Ok(row.answers.to_vec()),
            "?" => Ok(Vec::new()),
            _ if choices.is_empty() && several => line.split(';').map(|part| row.hear(part)).collect(),
            _ if choices.is_empty() => row.hear(line).map(|answer| vec![answer]),
            _ => chosen(row, choices, &numbers, line),
        };
        let fitted = answers.and_then(|answers| {
            if answers.is_empty() && row.item.required == Some(true) {
                let words = "this needs an answer; Ctrl-D ends and leaves the rest open";
                let german = "das braucht eine Antwort; Strg-D endet und lässt den Rest offen";
                return Err(language.say(words, german).into_owned());
            }
            // Tried on a copy: what does not fit is asked again.
            let tried = sheet.clone().answer(&row.item.link_id, answers.clone());
            tried.map(|()| answers).map_err(|error| error.to_string())
        });
        match fitted {
            Ok(answers) => return Ok(Some(answers)),
            Err(what) => writeln!(output, "  ! {what}").map_err(Failure::work)?,
        }
    }
}

/// The options that a line names by number, or words of the person's own.
fn chosen(row: &Row<'_>, choices: &[Answer], numbers: &[i64], line: &str) -> Result<Vec<Answer>, String> {
    let parts = line.split([' ', ',', ';']).filter(|part| !part.is_empty());
    let list: Option<Vec<i64>> = parts.map(|part| part.parse().ok()).collect();
    let Some(list) = list else { return row.hear(line).map(|answer| vec![answer]) };
    let one = |number: &i64| {
        let at = numbers.iter().position(|known| known == number);
        at.map(|at| choices[at].clone()).ok_or_else(|| format!("there is no {number}"))
    };
    list.iter().map(one).collect()
}

/// What is wanted, in a few words.
fn hint(row: &Row<'_>, listed: bool, open: bool, language: Language) -> String {
    let several = row.item.repeats == Some(true);
    let (en, de) = match row.item.kind {
        _ if listed && open => ("number, or your own words", "Nummer oder eigene Worte"),
        _ if listed && several => ("numbers", "Nummern"),
        _ if listed => ("number", "Nummer"),
        ItemKind::Boolean => ("yes or no", "ja oder nein"),
        ItemKind::Integer => ("whole number", "ganze Zahl"),
        ItemKind::Decimal | ItemKind::Quantity => ("number", "Zahl"),
        ItemKind::Date => ("date, YYYY-MM-DD", "Datum, JJJJ-MM-TT"),
        ItemKind::DateTime => {
            ("date and time, as 2026-11-22T18:30:00+01:00", "Datum und Zeit, wie 2026-11-22T18:30:00+01:00")
        }
        ItemKind::Time => ("time, HH:MM", "Uhrzeit, HH:MM"),
        _ if several => ("words, several with ; between", "Worte, mehrere mit ; dazwischen"),
        _ => ("words", "Worte"),
    };
    let may = if row.item.required == Some(true) {
        String::new()
    } else {
        language.say(", ? to leave it out", ", ? lässt es aus").into_owned()
    };
    format!("  ({}{may})", language.say(en, de))
}

/// Writes the answered sheet.
fn finish(sheet: &Filling<'_>, arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let response = sheet.response(today());
    let text = serde_json::to_string_pretty(&response).map_err(Failure::work)? + "\n";
    let missing: Vec<&str> = sheet.missing().into_iter().map(|item| item.link_id.as_str()).collect();
    if let Some(path) = &arguments.out {
        carry::write_new(path, &[&text])?;
    }
    if common.json {
        let form = sheet.form().not_evaluated();
        return print_json(&json!({
            "status": response.status, "missing": missing, "not_evaluated": form, "file": arguments.out,
            "response": response,
        }));
    }
    match &arguments.out {
        Some(path) => {
            let words = common.language.say("The answered sheet stands in", "Der ausgefüllte Bogen steht in");
            println!("{words} {} ({}).", path.display(), response.status);
        }
        None => print!("{text}"),
    }
    if !missing.is_empty() {
        let words = common.language.say("required and not answered:", "nötig und nicht beantwortet:");
        eprintln!("{words} {}", missing.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(form: &Value, lines: &str) -> (Value, String) {
        let form = Questionnaire::parse(&form.to_string()).expect("a form");
        let mut output = Vec::new();
        let sheet = interview(&form, &mut lines.as_bytes(), &mut output, Language::English).expect("a talk");
        let text = String::from_utf8(output).expect("text");
        (serde_json::to_value(sheet.response(today())).expect("data"), text)
    }

    fn ours() -> Value {
        serde_json::from_str(include_str!("../../../fhir/forms/back-today.json")).expect("JSON")
    }

    #[test]
    fn a_talk_asks_what_the_answers_open_and_asks_again_where_an_answer_does_not_fit() {
        // Pain 11 is too much, nothing is refused where an answer is needed.
        let lines = "11\n4\n\nyes\n2026-11-20\n2, 3\n?\n3\n\n?\n?\n";
        let (sheet, asked) = talk(&ours(), lines);
        assert_eq!(sheet["status"], "completed");
        assert!(asked.contains("must be at most 10") && asked.contains("this needs an answer"), "{asked}");
        let items = sheet["item"].as_array().expect("items");
        let ids: Vec<&str> = items.iter().filter_map(|item| item["linkId"].as_str()).collect();
        assert_eq!(ids, ["pain", "spasm", "cramp", "better"]);
        assert_eq!(items[2]["item"][1]["answer"].as_array().map(Vec::len), Some(2));
        assert_eq!(items[3]["answer"][0]["valueString"], "worse");
    }

    #[test]
    fn what_is_not_open_is_not_asked_and_an_input_that_ends_leaves_the_sheet_in_progress() {
        let (sheet, asked) = talk(&ours(), "2\nno\n");
        assert!(
            !asked.contains("When did it begin") && !asked.contains("Compared with yesterday"),
            "{asked}"
        );
        assert_eq!(sheet["status"], "completed");
        let (sheet, _) = talk(&ours(), "2\n");
        assert_eq!(sheet["status"], "in-progress");
    }

    #[test]
    fn a_number_on_a_scale_means_itself_and_elsewhere_the_place_on_the_list() {
        let scale: Vec<Answer> = (0..=10).map(|n| Answer::String(format!("{n}"))).collect();
        assert_eq!(numbers(&scale), (0..=10).collect::<Vec<i64>>());
        let words = ["never", "1 day", "2 days"].map(|text| Answer::String(text.to_owned()));
        assert_eq!(numbers(&words), [1, 2, 3]);
        let twice = ["1 day", "1 week"].map(|text| Answer::String(text.to_owned()));
        assert_eq!(numbers(&twice), [1, 2]);
    }
}
