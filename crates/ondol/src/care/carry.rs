//! The diary carried away and brought back.

use super::Common;
use crate::fail::{Failure, print_json};
use ::care::Language;
use ::care::diary::{Brought, Diary, Left, to_csv};
use clap::{Args, ValueEnum};
use fhir::NotTaken;
use host::carry::{self, CarryError, Parcel};
use host::clock::today;
use host::store::StoreError;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

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
    /// Where the diary says otherwise than the file, put the file's version in its place
    #[arg(long)]
    replace: bool,
    /// Only say what would be taken, and keep nothing
    #[arg(long)]
    look: bool,
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
            let bundle = carry::bundle(&record, today(), common.language).map_err(Failure::input)?;
            serde_json::to_string_pretty(&bundle).map_err(Failure::work)? + "\n"
        }
    };
    let Some(path) = &wish.out else {
        print!("{text}");
        return Ok(());
    };
    // Spreadsheets know its letters by this mark.
    let mark = if wish.format == Format::Csv { "\u{feff}" } else { "" };
    write_new(path, &[mark, &text])?;
    let entries = diary.entries().len();
    if common.json {
        return print_json(&json!({ "file": path, "entries": entries }));
    }
    println!("{} entries stand in {}.", entries, path.display());
    Ok(())
}

/// Writes a file that was not there: whole or not at all, readable by its owner only.
pub fn write_new(path: &Path, texts: &[&str]) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".ondol-").tempfile_in(folder)?;
        texts.iter().try_for_each(|text| file.write_all(text.as_bytes()))?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    };
    write()
        .map_err(|error| Failure::input(format!("{}: {error}; name a new file with --out", path.display())))
}

/// Runs `ondol care import`.
pub fn import(wish: &Import, common: &Common) -> Result<(), Failure> {
    let shown = wish.file.display();
    let cannot = |error: std::io::Error| Failure::input(format!("{shown}: cannot be read ({error})"));
    let wrong = |error: CarryError| Failure::input(format!("{shown}: {error}"));
    let bytes = std::fs::metadata(&wish.file).map_err(cannot)?.len();
    if bytes > carry::FILE_BYTES_MAX {
        return Err(wrong(CarryError::TooLong(bytes)));
    }
    let Parcel { diary: told, not_taken } =
        carry::read(&std::fs::read(&wish.file).map_err(cannot)?, today()).map_err(wrong)?;
    let store = common.store()?;
    let brought = if wish.look {
        let here = match store.record(&common.name) {
            Err(StoreError::Nobody { .. }) => Ok(Diary::default()),
            record => record.and_then(|record| record.diary()),
        };
        here.map_err(Failure::input)?.bring(&told, today(), wish.replace).map_err(Failure::input)?
    } else {
        let mut record = store.record_or_new(&common.name, today()).map_err(Failure::input)?;
        record.bring(&told, today(), wish.replace).map_err(Failure::input)?
    };
    if common.json {
        return print_json(&as_json(&brought, &not_taken, !wish.look));
    }
    print!("{}", as_text(&brought, &not_taken, wish, common.language));
    Ok(())
}

fn as_json(brought: &Brought, not_taken: &[NotTaken], kept: bool) -> serde_json::Value {
    let left = |left: &Left| {
        json!({
            "day": left.day, "record": left.record, "item": left.why.item(),
            "why": left.why.words(Language::English),
        })
    };
    json!({
        "kept": kept, "added": brought.added, "changed": brought.changed, "replaced": brought.replaced,
        "already": brought.already, "left": brought.left.iter().map(left).collect::<Vec<_>>(),
        "not_taken": not_taken.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn as_text(brought: &Brought, not_taken: &[NotTaken], wish: &Import, language: Language) -> String {
    let say = |en, de| language.say(en, de).into_owned();
    let mut text = String::new();
    for (count, words) in [
        (brought.added, say("new", "neu")),
        (brought.changed, say("changed as in the file", "wie in der Datei geändert")),
        (brought.replaced, say("replaced by the file's version", "durch die Fassung der Datei ersetzt")),
        (brought.already, say("already there", "schon da")),
        (brought.left.len(), say("left as they are here", "hier gelassen, wie sie sind")),
        (not_taken.len(), say("parts of the file not taken", "Teile der Datei nicht übernommen")),
    ] {
        if count > 0 {
            text += &format!("{count:>5} {words}\n");
        }
    }
    for left in &brought.left {
        let (kind, summary) = (left.record.kind(language), left.record.summary(language));
        let (why, item) = (left.why.words(language), left.why.item());
        text += &format!("! {} {kind}: {summary}: {why} ({item})\n", left.day);
    }
    for part in not_taken {
        text += &format!("- {part}\n");
    }
    if wish.look {
        text += &say("Nothing was kept: this was a look.\n", "Nichts wurde behalten: Das war ein Blick.\n");
    } else if brought.anything() {
        text += &say(
            "`ondol care diary undo --import` takes it back.\n",
            "`ondol care diary undo --import` nimmt es zurück.\n",
        );
    }
    if !wish.replace && !brought.left.is_empty() {
        text += &say(
            "`--replace` puts the file's version in their place; the one here stays in the history.\n",
            "`--replace` setzt die Fassung der Datei an ihre Stelle; die hiesige bleibt im Verlauf.\n",
        );
    }
    text
}
