//! One word a thing, in German as in English.

use std::path::{Path, PathBuf};

/// Where German stands that people see.
const PLACES: [&str; 4] = ["care", "crates", "programs", "safety"];

fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|kind| ["rs", "toml", "js"].iter().any(|text| kind == *text)) {
            found.push(path);
        }
    }
}

#[test]
fn a_visit_on_the_bed_has_one_german_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace");
    let mut found = Vec::new();
    PLACES.iter().for_each(|place| texts(&root.join(place), &mut found));
    let with = |word: &str| {
        let holds = |path: &&PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains(word));
        found.iter().filter(holds).collect::<Vec<_>>()
    };
    assert!(with("Anwendung").len() > 20, "the places are looked at");
    assert_eq!(with("Sitzung"), Vec::<&PathBuf>::new(), "it is Anwendung, as GLOSSARY.md says");
}
