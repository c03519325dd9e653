//! The diary carried away and brought back.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::diary::{Diary, from_csv_written_by, to_csv};
use ::care::{Answers, Findings, Language, Person};
use clap::{Args, ValueEnum};
use fhir::{About, Answered};
use host::clock::today;
use host::store::{Kept, Record};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Largest file that is read, bytes.
///
/// Design: a day of four thousand characters for a hundred years.
const FILE_BYTES_MAX: u64 = 200_000_000;

/// In which form a diary is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One row an entry, for any spreadsheet; can be imported
    Csv,
    /// The diary and all else that is kept
    Json,
    /// A bundle of FHIR R4 for a clinic: what stands now; can be imported
    Fhir,
}

/// Arguments of `ondol care export`.
#[derive(Args)]
pub struct Export {
    /// Form of the copy
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// New file to write; printed if left away
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `ondol care import`.
#[derive(Args)]
pub struct Import {
    /// A diary as CSV, as `ondol care export` writes it, or a bundle of FHIR R4
    file: PathBuf,
}

/// Runs `ondol care export`.
pub fn export(wish: &Export, common: &Common) -> Result<(), Failure> {
    if common.json && wish.out.is_none() && wish.format == Format::Csv {
        return Err(Failure::input("--json prints JSON: say --format json, or name a file with --out"));
    }
    let record = common.store()?.record(&common.name).map_err(Failure::input)?;
    let diary = record.diary().map_err(Failure::input)?;
    let text = match wish.format {
        Format::Csv => to_csv(&diary),
        Format::Json => {
            let kept = record.everything().map_err(Failure::input)?;
            let whole = json!({ "format": "ondol-record", "version": 1, "diary": diary, "kept": kept });
            serde_json::to_string_pretty(&whole).map_err(Failure::work)? + "\n"
        }
        Format::Fhir => {
            let bundle = bundle(&record, &diary, common.language)?;
            serde_json::to_string_pretty(&bundle).map_err(Failure::work)? + "\n"
        }
    };
    let Some(path) = &wish.out else {
        print!("{text}");
        return Ok(());
    };
    // Spreadsheets know its letters by this mark.
    let mark = if wish.format == Format::Csv { "\u{feff}" } else { "" };
    let write = || -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile_beside(folder.unwrap_or(std::path::Path::new(".")))?;
        file.write_all(mark.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| {
        Failure::input(format!("{}: {error}; name a new file with --out", path.display()))
    })?;
    let entries = diary.entries().len();
    if common.json {
        return print_json(&json!({ "file": path, "entries": entries }));
    }
    println!("{} entries stand in {}.", entries, path.display());
    Ok(())
}

/// A file that goes away again unless it is whole; readable by its owner only.
fn tempfile_beside(folder: &std::path::Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(".ondol-").tempfile_in(folder)
}

/// Runs `ondol care import`.
pub fn import(wish: &Import, common: &Common) -> Result<(), Failure> {
    let shown = wish.file.display();
    let cannot = |error: std::io::Error| Failure::input(format!("{shown}: cannot be read ({error})"));
    let bytes = std::fs::metadata(&wish.file).map_err(cannot)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(Failure::input(format!("{shown}: {bytes} bytes; a diary has at most {FILE_BYTES_MAX}")));
    }
    let text = String::from_utf8(std::fs::read(&wish.file).map_err(cannot)?)
        .map_err(|_| Failure::input(format!("{shown}: no UTF-8 text; save it as \"CSV UTF-8\"")))?;
    if text.trim_start().starts_with('{') {
        return import_fhir(&text, wish, common);
    }
    let told = from_csv_written_by(&text, today())
        .map_err(|error| Failure::input(format!("{shown}: {error}; mend the line, or export again")))?;
    if told.entries().is_empty() {
        return Err(Failure::input(format!("{shown}: holds no entries")));
    }
    let whole = told.entries().len();
    let mut record = common.store()?.record_or_new(&common.name, today()).map_err(Failure::input)?;
    let added = record.write(|diary| Ok(go_on(diary, told))).map_err(Failure::input)?;
    let Some(added) = added else {
        return Err(Failure::input(format!(
            "{shown}: the diary of \"{}\" holds entries that the file has not, so nothing was changed; import it under another --name, or erase this one first",
            common.name
        )));
    };
    if common.json {
        return print_json(&json!({ "entries": whole, "added": added }));
    }
    println!("{added} entries were added; {} stood there already.", whole - added);
    Ok(())
}

/// Takes over a diary that goes on where this one ends; `None` when it does not begin like this one.
fn go_on(diary: &mut Diary, told: Diary) -> Option<usize> {
    let here = diary.entries().len();
    let same = told.entries().get(..here)? == diary.entries();
    let added = told.entries().len() - here;
    if same {
        *diary = told;
    }
    same.then_some(added)
}

/// What is kept as a bundle for a clinic.
fn bundle(record: &Record, diary: &Diary, language: Language) -> Result<fhir::Bundle, Failure> {
    let findings = record.latest::<Findings>(Kept::Interview, today()).map_err(Failure::input)?;
    let answered = Answered { findings, answers: Answers::new() };
    let about = About { diary: record.id(), today: today(), language };
    Ok(fhir::bundle(&Person::default(), diary, &answered, &about))
}

/// Brings in what a bundle of FHIR holds of a diary, and lists what it does not take.
fn import_fhir(text: &str, wish: &Import, common: &Common) -> Result<(), Failure> {
    let shown = wish.file.display();
    let (records, not_taken) =
        fhir::read_bundle(text, today()).map_err(|error| Failure::input(format!("{shown}: {error}")))?;
    let told = records.diary;
    let entries = told.entries().len();
    if entries == 0 {
        return Err(Failure::input(format!(
            "{shown}: holds nothing for a diary; {} parts were not taken",
            not_taken.len()
        )));
    }
    let mut record = common.store()?.record_or_new(&common.name, today()).map_err(Failure::input)?;
    let empty = record.write(|diary| {
        let empty = diary.entries().is_empty();
        if empty {
            *diary = told;
        }
        Ok(empty)
    });
    if !empty.map_err(Failure::input)? {
        return Err(Failure::input(format!(
            "{shown}: the diary of \"{}\" is not empty, so nothing was changed; import it under another --name",
            common.name
        )));
    }
    if common.json {
        let left: Vec<String> = not_taken.iter().map(ToString::to_string).collect();
        return print_json(&json!({ "entries": entries, "added": entries, "not_taken": left }));
    }
    println!("{entries} entries were added.");
    for part in &not_taken {
        println!("not taken: {part}");
    }
    Ok(())
}
