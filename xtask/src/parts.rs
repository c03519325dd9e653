//! What the one binary is made of: every package that `cargo` builds for it, and the C libraries and the
//! data that some of them carry inside.
//!
//! Taken from `cargo metadata --locked` and `Cargo.lock`. Features are those of the whole workspace, so
//! a package may be listed that the binary could do without; none is missing.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package whose parts are told.
const BINARY: &str = "ondol";

/// A package, or what one carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name of the package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Package URL, which names it in the world: `pkg:cargo/serde@1.0.0`.
    pub purl: String,
    /// SPDX expression as its authors wrote it, with `/` read as `OR`.
    pub licence: String,
    /// One sentence on what it is.
    pub description: String,
    /// Where its source is kept.
    pub repository: Option<String>,
    /// SHA-256 of the archive that it was taken from; none for our own.
    pub sha256: Option<String>,
    /// Whether it stands in the binary; else it is only used to build it.
    pub shipped: bool,
    /// Whether it is of this repository.
    pub own: bool,
    /// The folder of its source.
    pub folder: PathBuf,
    /// What it needs itself, by package URL.
    pub needs: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    description: Option<String>,
    repository: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// All parts of the binary for `target` (such as `x86_64-unknown-linux-gnu`), the binary itself first,
/// the rest by package URL.
///
/// # Errors
/// `cargo metadata` or `Cargo.lock` cannot be read, or a package names no licence.
pub fn read(root: &Path, target: &str) -> Result<Vec<Part>, String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", target])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).map_err(|error| error.to_string())?;
    let lock: Lock = toml::from_str(&lock).map_err(|error| format!("Cargo.lock: {error}"))?;
    let parts = walk(&metadata, &lock)?;
    carried(parts)
}

/// Everything within reach of the binary over normal and build dependencies.
fn walk(metadata: &Metadata, lock: &Lock) -> Result<Vec<Part>, String> {
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let checksums: BTreeMap<(&str, &str), &str> = lock
        .package
        .iter()
        .filter_map(|locked| Some(((&*locked.name, &*locked.version), locked.checksum.as_deref()?)))
        .collect();
    let binary = metadata
        .packages
        .iter()
        .find(|package| package.name == BINARY && package.source.is_none())
        .ok_or_else(|| format!("no package {BINARY}"))?;
    // What is shipped is known before what only builds, so that the first visit says the truth.
    let shipped = reach(&binary.id, &packages, &nodes, false);
    let all = reach(&binary.id, &packages, &nodes, true);
    let mut parts = Vec::new();
    for id in &all {
        let package = packages.get(id).ok_or_else(|| format!("{id} is not among the packages"))?;
        let licence =
            package.license.as_deref().ok_or_else(|| format!("{} names no licence", package.name))?;
        let needs = needed(nodes[id], true).filter_map(|id| packages.get(id)).map(|needed| purl(needed));
        parts.push(Part {
            name: package.name.clone(),
            version: package.version.clone(),
            purl: purl(package),
            licence: licence.replace(" / ", " OR ").replace('/', " OR "),
            description: package.description.clone().unwrap_or_default().trim().to_owned(),
            repository: package.repository.clone(),
            sha256: checksums.get(&(&*package.name, &*package.version)).map(|sum| (*sum).to_owned()),
            shipped: shipped.contains(id),
            own: package.source.is_none(),
            folder: package.manifest_path.parent().unwrap_or(Path::new(".")).to_owned(),
            needs: needs.collect(),
        });
    }
    let first = purl(binary);
    parts.sort_by_key(|part| (part.purl != first, part.purl.clone()));
    Ok(parts)
}

fn purl(package: &Package) -> String {
    // A plus is the only sign in names and versions of packages that a package URL writes otherwise.
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}

fn needed(node: &Node, building: bool) -> impl Iterator<Item = &str> {
    let counts = move |kind: &DependencyKind| match kind.kind.as_deref() {
        None => true,
        Some("build") => building,
        Some(_) => false,
    };
    node.deps.iter().filter(move |dep| dep.dep_kinds.iter().any(counts)).map(|dep| dep.pkg.as_str())
}

/// Identifiers of all that is needed from `start` on. Macros that write code while building need others,
/// but ship none of them.
fn reach<'a>(
    start: &'a str,
    packages: &BTreeMap<&'a str, &'a Package>,
    nodes: &BTreeMap<&'a str, &'a Node>,
    building: bool,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let is_macro = packages.get(id).is_some_and(|package| {
            package.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
        });
        if (is_macro && !building) || !seen.insert(id) {
            continue;
        }
        open.extend(nodes.get(id).into_iter().flat_map(|node| needed(node, building)));
    }
    seen
}

/// What a package carries that is not its own: a C library, or data.
struct Carried {
    inside: &'static str,
    /// Where it stands, from the package's folder.
    place: &'static str,
    name: &'static str,
    licence: &'static str,
    description: &'static str,
    repository: Option<&'static str>,
    version: fn(&Part) -> Option<String>,
}

const CARRIED: [Carried; 3] = [
    Carried {
        inside: "libsqlite3-sys",
        place: "sqlite3",
        name: "sqlite",
        // Source: sqlite.org/copyright.html: public domain, with a blessing in place of a licence.
        licence: "blessing",
        description: "SQL database engine, compiled in from C",
        repository: Some("https://sqlite.org/src"),
        version: |part| {
            let header = std::fs::read_to_string(part.folder.join("sqlite3/sqlite3.h")).ok()?;
            let line = header.lines().find(|line| line.starts_with("#define SQLITE_VERSION "))?;
            Some(line.split('"').nth(1)?.to_owned())
        },
    },
    Carried {
        inside: "zstd-sys",
        place: "zstd",
        name: "zstd",
        // Source: the LICENSE and COPYING files beside the library's source.
        licence: "BSD-3-Clause OR GPL-2.0-only",
        description: "Fast lossless compression, compiled in from C",
        repository: Some("https://github.com/facebook/zstd"),
        version: |part| Some(part.version.split_once("+zstd.")?.1.to_owned()),
    },
    Carried {
        inside: "population",
        place: "../../population",
        name: "ondol-population-data",
        // Source: population/LICENSE and population/README.md.
        licence: "CC-BY-SA-4.0",
        description: "Coefficients of spine shapes and body sizes, compiled in",
        repository: None,
        version: |part| Some(part.version.clone()),
    },
];

/// Adds what packages carry inside.
fn carried(mut parts: Vec<Part>) -> Result<Vec<Part>, String> {
    for library in &CARRIED {
        let Some(carrier) = parts.iter_mut().find(|part| part.name == library.inside) else { continue };
        let version = (library.version)(carrier)
            .ok_or_else(|| format!("{} does not tell which {} it carries", carrier.name, library.name))?;
        let part = Part {
            name: library.name.to_owned(),
            purl: format!("pkg:generic/{}@{version}", library.name),
            version,
            licence: library.licence.to_owned(),
            description: library.description.to_owned(),
            repository: library.repository.map(str::to_owned),
            sha256: None,
            shipped: carrier.shipped,
            own: false,
            folder: carrier.folder.join(library.place),
            needs: BTreeSet::new(),
        };
        carrier.needs.insert(part.purl.clone());
        parts.push(part);
    }
    Ok(parts)
}
