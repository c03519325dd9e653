//! The licence list: every part of the binary with its licence and the texts that came with it, after a
//! check that each is among the licences that `deny.toml` allows.
//!
//! Expressions are SPDX's: `OR`, `AND`, `WITH` and brackets. `deny.toml` has the form of `cargo-deny`, which
//! reads the same table.

use crate::parts::Part;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The table `[licenses]` of `deny.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Allowed {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A licence that one part alone may have.
#[derive(Clone, Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    part: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Deny {
    licenses: Allowed,
}

/// Reads the allowed licences from the text of `deny.toml`.
///
/// # Errors
/// It is not of the form.
pub fn allowed(text: &str) -> Result<Allowed, String> {
    let deny: Deny = toml::from_str(text).map_err(|error| format!("deny.toml: {error}"))?;
    Ok(deny.licenses)
}

impl Allowed {
    /// Whether a part may have the licence that it has.
    ///
    /// # Errors
    /// The expression cannot be read.
    pub fn permits(&self, part: &Part) -> Result<bool, String> {
        let own = self.exceptions.iter().filter(|exception| exception.part == part.name);
        let names: Vec<&str> =
            self.allow.iter().chain(own.flat_map(|exception| &exception.allow)).map(String::as_str).collect();
        holds(&part.licence, &names).map_err(|error| format!("{}: {error}", part.name))
    }
}

/// Whether an SPDX expression is satisfied by these licences alone. A `WITH` belongs to its licence's name.
///
/// # Errors
/// The expression cannot be read.
pub fn holds(expression: &str, allowed: &[&str]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = either(&mut words, allowed)?;
    match words.next() {
        None => Ok(holds),
        Some(word) => Err(format!("\"{word}\" stands where none may in \"{expression}\"")),
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words, allowed: &[&str]) -> Result<bool, String> {
    let mut holds = both(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        holds |= both(words, allowed)?;
    }
    Ok(holds)
}

fn both(words: &mut Words, allowed: &[&str]) -> Result<bool, String> {
    let mut holds = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed)?;
    }
    Ok(holds)
}

fn one(words: &mut Words, allowed: &[&str]) -> Result<bool, String> {
    match words.next() {
        Some("(") => {
            let holds = either(words, allowed)?;
            words.next_if_eq(&")").ok_or("a bracket is not closed")?;
            Ok(holds)
        }
        Some(name) if !["OR", "AND", "WITH", ")"].contains(&name) => {
            let mut name = name.to_owned();
            if words.next_if_eq(&"WITH").is_some() {
                name = format!("{name} WITH {}", words.next().ok_or("nothing follows WITH")?);
            }
            Ok(allowed.contains(&name.as_str()))
        }
        Some(word) => Err(format!("\"{word}\" stands where a licence should")),
        None => Err("it ends too early".to_owned()),
    }
}

/// The list as text: a table of the parts, then each text once with those that it belongs to.
///
/// # Errors
/// A licence that is not allowed, or a text that cannot be read.
pub fn list(parts: &[Part], allowed: &Allowed) -> Result<String, String> {
    let mut refused = Vec::new();
    for part in parts {
        if !allowed.permits(part)? {
            refused.push(format!("{} {}: {}", part.name, part.version, part.licence));
        }
    }
    if !refused.is_empty() {
        return Err(format!("licences that deny.toml does not allow: {}", refused.join("; ")));
    }
    let mut page = String::from(
        "What the program ondol is made of, and under which licences.\n\
         Packages marked \"build\" helped to build it and are not in it.\n\n",
    );
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        let found = if part.own { Vec::new() } else { texts_of(&part.folder)? };
        let mark = if part.shipped { "     " } else { "build" };
        let told = match (part.own, found.len()) {
            (true, _) => "of this project".to_owned(),
            (false, 0) => "came without a text; the licence's own holds".to_owned(),
            (false, count) => format!("{count} text(s) below"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{mark}  {:<28} {:<20} {:<40} {told}", part.name, part.version, part.licence);
        for text in found {
            texts.entry(text).or_default().push(format!("{} {}", part.name, part.version));
        }
    }
    for (text, whose) in texts {
        let _ = write!(page, "\n{}\n{}\n\n{}\n", "=".repeat(80), whose.join(", "), text.trim_end());
    }
    Ok(page)
}

/// The texts of licence in a part's folder.
fn texts_of(folder: &Path) -> Result<Vec<String>, String> {
    let place = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(place)? {
        paths.push(entry.map_err(place)?.path());
    }
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_text = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"]
            .iter()
            .any(|start| name.starts_with(start));
        if is_text && path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}
