//! Writes one page with the pictures of all exercises, to be looked at and printed.
//!
//! `cargo run -p care --example contact_sheet -- sheet.html [de] [dark]`

use std::fmt::Write;
use std::process::ExitCode;

use care::Language;
use care::exercise::exercises;

const STYLE: &str = "body{font:13px/1.35 system-ui,sans-serif;margin:12px;color:#22333b;background:#fff}\
h1{font-size:18px;margin:0 0 8px}.sheet{display:grid;grid-template-columns:repeat(4,1fr);gap:8px}\
article{border:1px solid #8884;border-radius:8px;padding:6px 8px;break-inside:avoid}\
h2{font-size:13px;margin:0}p{margin:2px 0;font-size:11px}.row{display:flex}.row svg{flex:1;min-width:0}\
.dark{color:#dbe5e8;background:#14191c;--care-ground:#14191c;--care-accent:#3fb0a6}";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("name the file to write: contact_sheet sheet.html [de] [dark]");
        return ExitCode::from(2);
    };
    let has = |word: &str| arguments[1..].iter().any(|argument| argument == word);
    let language = if has("de") { Language::German } else { Language::English };
    match std::fs::write(path, page(language, has("dark"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn page(language: Language, dark: bool) -> String {
    let lang = if language == Language::German { "de" } else { "en" };
    let class = if dark { "dark" } else { "light" };
    let mut page = format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>Ondol</title>\
         <style>{STYLE}</style><body class=\"{class}\"><div class=\"sheet\">"
    );
    for exercise in exercises() {
        let pictures: String = exercise.pictures(language, "sheet").into_iter().map(|(_, svg)| svg).collect();
        let dose = &exercise.dose;
        let written = write!(
            page,
            "<article><h2>{}</h2><div class=\"row\">{pictures}</div><p>{}</p><p>{} × {}, {} s, {} / 7 d, {:?}</p></article>",
            exercise.title.of(language),
            exercise.how.of(language).join(" "),
            dose.sets,
            dose.repetitions,
            dose.seconds,
            dose.times_a_week,
            exercise.evidence,
        );
        assert!(written.is_ok(), "a String takes every text");
    }
    page.push_str("</div></body></html>\n");
    page
}
