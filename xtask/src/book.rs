//! Pages of the book that are made from data: what people say, and how easy the guide is to read.

use std::fmt::Write as _;
use std::path::Path;

use care::exercise::exercises;
use care::reading::{ARI_MAX, Counts, LIX_MAX, ari, lix};
use care::topic::{causes, claims, topic, topics};
use care::triage::{look_again, rules};
use care::{Language, Words, person_rows, questions};

/// The made pages: file under `book/src`, and text.
#[must_use]
pub fn pages() -> [(&'static str, String); 2] {
    [("claims.md", claims_page()), ("reading.md", reading_page())]
}

/// Writes the pages, or with `check` says which one is not what the data gives.
///
/// # Errors
/// A file cannot be read or written, or differs.
pub fn run(root: &Path, check: bool) -> Result<(), String> {
    for (name, text) in pages() {
        let path = root.join("book/src").join(name);
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        if there == text {
            continue;
        }
        if check {
            return Err(format!(
                "book/src/{name} is not what the data gives: run `cargo run -p xtask -- book`"
            ));
        }
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

fn claims_page() -> String {
    let list = claims();
    let mut text = String::from("# What people say, and what holds\n\n");
    let _ = writeln!(
        text,
        "Made from `care/claims.toml` by `cargo run -p xtask -- book`. {} statements that people hear about back \
         spasms and massage beds, each with a verdict, what it rests on, and the page of the guide where a \
         person meets it. How well it is supported: strong, moderate, weak or none.\n",
        list.claims.len()
    );
    text += "| People say | Verdict | Why | Supported | Sources | Met under |\n|---|---|---|---|---|---|\n";
    for claim in &list.claims {
        let numbers: Vec<String> = (1_usize..)
            .zip(&list.sources)
            .filter(|(_, source)| claim.source.contains(&source.key))
            .map(|(number, _)| format!("[{number}](#sources)"))
            .collect();
        let met = topic(&claim.topic).map_or("the bed", |topic| topic.title.en.as_str());
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cell(&claim.said.en),
            claim.verdict.name(Language::English).to_lowercase(),
            cell(&claim.words.en),
            format!("{:?}", claim.evidence).to_lowercase(),
            numbers.join(" "),
            cell(met)
        );
    }
    text += "\n## Sources\n\n";
    for (number, source) in (1..).zip(&list.sources) {
        let _ = writeln!(text, "{number}. {}", source.text);
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Everything a person reads in the guide, by where it stands.
#[must_use]
pub fn texts() -> Vec<(String, Vec<&'static Words>)> {
    let mut texts: Vec<(String, Vec<&Words>)> = topics()
        .iter()
        .map(|topic| (topic.id.clone(), topic.lines.iter().map(|line| &line.words).collect()))
        .collect();
    texts.push(("causes (list)".into(), causes().causes.iter().map(|cause| &cause.words).collect()));
    texts.push(("claims".into(), claims().claims.iter().map(|claim| &claim.words).collect()));
    let again = look_again().iter().map(|line| &line.words);
    texts.push((
        "triage".into(),
        rules().iter().flat_map(|rule| [&rule.why, &rule.say]).chain(again).collect(),
    ));
    let asked = questions().iter().flat_map(|row| [&row.ask, &row.why, &row.advice]);
    let measured = person_rows().iter().flat_map(|row| [&row.why, &row.advice]);
    texts.push(("screening".into(), asked.chain(measured).collect()));
    let exercises = exercises().iter().flat_map(|one| [&one.breath, &one.easier, &one.harder, &one.stop]);
    texts.push(("exercises".into(), exercises.collect()));
    texts
}

/// The indices of a text: English grade and German index.
#[must_use]
pub fn indices(words: &[&Words]) -> (f64, f64) {
    let english = Counts::of(words.iter().map(|words| words.en.as_str()));
    let german = Counts::of(words.iter().map(|words| words.de.as_str()));
    (ari(english), lix(german))
}

fn reading_page() -> String {
    let mut text = String::from("# How easy the guide is to read\n\n");
    let _ = writeln!(
        text,
        "Made by `cargo run -p xtask -- book`. English by the automated readability index (a school grade; at \
         most {ARI_MAX:.0}, age twelve), German by LIX (under {LIX_MAX:.0} are books for children and the young). \
         Both count letters and words, not meaning.\n"
    );
    text += "| Text | English, grade | German, LIX |\n|---|---|---|\n";
    for (name, words) in texts() {
        let (english, german) = indices(&words);
        let _ = writeln!(text, "| {name} | {english:.1} | {german:.1} |");
    }
    text
}
