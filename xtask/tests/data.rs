//! A folder of measured data is what it was, or it is said what is not.

use std::path::{Path, PathBuf};
use xtask::data::{Standing, list, read, report, sha256, standing};

/// Files of the system's own folder for what does not last, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ondol-data-{name}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("set")).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Source: FIPS 180-4, SHA-256 of "abc" and of nothing.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn two_files() -> String {
    format!(
        "[[set]]\nname = \"two\"\nwhat = \"two files\"\nfrom = \"elsewhere\"\nversion = \"v9\"\nlicence = \"free\"\n\
         by = \"nobody\"\nhow = \"as they are\"\n[set.files]\n\"set/a\" = \"{ABC}\"\n\"set/b\" = \"{NOTHING}\"\n"
    )
}

#[test]
fn a_file_is_known_by_its_content_alone() {
    let folder = Folder::new("known");
    folder.write("set/a", "abc");
    folder.write("set/b", "");
    assert_eq!(sha256(&folder.0.join("set/a")).expect("a sum"), ABC);
    let list = read(&two_files()).expect("a list");
    let whole = standing(&folder.0, &list.sets[0]).expect("readable");
    assert_eq!(whole, Standing { same: 2, ..Standing::default() });
    let (text, standing) = report(&folder.0, &list).expect("readable");
    assert!(standing == Some(true) && text.contains("All 2 files"), "{text}");
}

#[test]
fn what_changed_and_what_is_gone_is_named_with_its_origin() {
    let folder = Folder::new("changed");
    folder.write("set/a", "abd");
    let list = read(&two_files()).expect("a list");
    let (text, standing) = report(&folder.0, &list).expect("readable");
    assert_eq!(standing, Some(false));
    for words in ["changed: set/a", "missing: set/b", "elsewhere", "v9", "free"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_folder_that_is_not_there_says_how_each_set_is_had() {
    let list = list().expect("the list of this version");
    let (text, standing) = report(Path::new("nowhere/at/all"), &list).expect("no error");
    assert_eq!(standing, None);
    for set in &list.sets {
        assert!(text.contains(&set.from) && text.contains(&set.licence), "{}", set.name);
    }
}

#[test]
fn every_set_of_the_list_names_origin_licence_and_author_and_no_file_stands_in_two() {
    let list = list().expect("the list of this version");
    let mut files = Vec::new();
    for set in &list.sets {
        assert!(
            set.from.starts_with("https://") && !set.licence.is_empty() && !set.by.is_empty(),
            "{}",
            set.name
        );
        assert!(!set.files.is_empty() && !set.how.is_empty() && !set.what.is_empty(), "{}", set.name);
        for (file, sum) in &set.files {
            assert!(sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()), "{file}");
            files.push(file);
        }
    }
    files.sort();
    let before = files.len();
    files.dedup();
    assert_eq!(files.len(), before);
}

#[test]
fn a_list_with_a_key_that_nobody_knows_is_refused() {
    let error = read(&two_files().replace("by =", "author =")).expect_err("an unknown key");
    assert!(error.contains("checksums.toml") && error.contains("author"), "{error}");
}
