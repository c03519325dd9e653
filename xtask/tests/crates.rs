//! Who may know whom, kept by the crate graph itself. A crate is a promise; a dependency that is not
//! in this table breaks it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every crate of ours with the crates of ours that it may depend on.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("counts", &[]),
    ("guard", &["counts"]),
    ("bed", &["counts"]),
    ("control", &["counts", "bed"]),
    ("machine", &["counts", "bed", "control", "guard"]),
    ("population", &[]),
    ("scan", &["counts", "bed", "population"]),
    ("care", &[]),
    ("fhir", &["care"]),
    ("plan", &["counts", "bed", "care"]),
    ("twin", &["counts", "bed", "population"]),
    ("sim", &["counts", "bed", "guard", "machine", "population", "twin"]),
    ("host", &["counts", "bed", "link", "scan", "plan", "care", "fhir", "population"]),
    ("link", &["counts", "bed"]),
    ("page", &["care", "fhir", "host", "link", "plan"]),
    (
        "ondol",
        &[
            "counts",
            "bed",
            "care",
            "fhir",
            "host",
            "link",
            "machine",
            "page",
            "plan",
            "population",
            "scan",
            "sim",
            "twin",
        ],
    ),
    ("xtask", &["care", "population"]),
];

/// Crates that run without std, without an allocator, without a clock.
const WITHOUT_STD: &[&str] = &["counts", "guard", "bed", "control", "machine", "link"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace")
}

fn folder(name: &str) -> PathBuf {
    if name == "xtask" { root().join("xtask") } else { root().join("crates").join(name) }
}

/// Names of the crates that `name` depends on outside of its tests.
fn dependencies(name: &str) -> BTreeSet<String> {
    let path = folder(name).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let manifest: toml::Table = text.parse().expect("a manifest");
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn every_crate_knows_only_whom_it_may() {
    let ours: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in MAY_KNOW {
        let known = dependencies(name);
        let wrong: Vec<_> = known
            .iter()
            .filter(|dep| ours.contains(dep.as_str()) && !allowed.contains(&dep.as_str()))
            .collect();
        assert!(wrong.is_empty(), "{name} must not know {wrong:?}");
    }
}

#[test]
fn every_crate_of_the_workspace_is_in_the_table() {
    let listed: BTreeSet<String> = MAY_KNOW.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut found: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .expect("the folder of crates")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    found.insert("xtask".to_owned());
    assert_eq!(found, listed);
}

#[test]
fn the_core_declares_itself_free_of_std_and_names_no_allocator() {
    for name in WITHOUT_STD {
        let source = folder(name).join("src");
        let lib = std::fs::read_to_string(source.join("lib.rs")).expect("lib.rs");
        assert!(lib.contains("#![no_std]"), "{name} has std");
        for entry in std::fs::read_dir(&source).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                assert!(!text.contains("extern crate alloc"), "{} allocates", path.display());
            }
        }
    }
}

/// Every source below these folders, with its text.
fn sources(mut folders: Vec<PathBuf>) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn no_source_file_is_longer_than_it_can_be_read() {
    let mut long = Vec::new();
    for (path, text) in sources(vec![root().join("crates"), root().join("xtask")]) {
        let lines = text.lines().count();
        if lines > 650 {
            long.push((path, lines));
        }
    }
    assert!(long.is_empty(), "over 650 lines: {long:?}");
}

/// What is given to a router as bare text stands in no document.
#[test]
fn every_route_of_the_api_is_given_with_its_description() {
    let bare = |(path, text): &(PathBuf, String)| {
        let tests = path.components().any(|part| part.as_os_str() == "tests");
        // Where there is no route, the answer says so.
        !tests && text.replace("\"/api/{*rest}\"", "").contains(".route(\"/api/")
    };
    let bare: Vec<_> = sources(vec![root().join("crates/page/src")]).into_iter().filter(bare).collect();
    assert!(bare.is_empty(), "{:?}", bare.iter().map(|(path, _)| path).collect::<Vec<_>>());
}
