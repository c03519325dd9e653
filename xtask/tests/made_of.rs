//! What the binary is made of: that nothing is missing from the bill, and no licence slips through.

use std::collections::BTreeSet;
use std::path::Path;
use xtask::{licences, parts, sbom};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace")
}

fn shipped() -> Vec<parts::Part> {
    parts::read(root(), "x86_64-unknown-linux-gnu").expect("cargo metadata")
}

#[test]
fn every_package_of_the_binary_stands_in_the_bill_with_checksum_and_licence() {
    let parts = shipped();
    assert_eq!(parts[0].name, "ondol");
    for name in ["guard", "serde", "rusqlite", "sqlite", "zstd", "axum", "ondol-population-data"] {
        let part = parts.iter().find(|part| part.name == name).unwrap_or_else(|| panic!("no {name}"));
        assert!(part.shipped, "{name} is in the binary");
    }
    for part in &parts {
        assert!(!part.licence.is_empty() && !part.version.is_empty(), "{}", part.name);
        let from_registry = part.purl.starts_with("pkg:cargo/") && !part.own;
        assert_eq!(from_registry, part.sha256.is_some(), "{}: checksum", part.name);
    }
    for name in ["xtask", "proptest"] {
        assert!(parts.iter().all(|part| part.name != name), "{name} is neither in the binary nor builds it");
    }
    let macro_part = parts.iter().find(|part| part.name == "serde_derive").expect("serde_derive");
    assert!(!macro_part.shipped, "a macro writes code and is not delivered");
}

#[test]
fn a_bill_names_each_part_once_and_leads_from_the_binary_to_all_of_them() {
    let parts = shipped();
    let bill = sbom::bill(&parts, Some(0)).expect("a bill");
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["metadata"]["timestamp"], "1970-01-01T00:00:00Z");
    let references: BTreeSet<&str> = bill["components"]
        .as_array()
        .expect("components")
        .iter()
        .chain([&bill["metadata"]["component"]])
        .map(|component| component["bom-ref"].as_str().expect("a reference"))
        .collect();
    assert_eq!(references.len(), parts.len(), "no reference twice");
    let mut reached = BTreeSet::from([parts[0].purl.as_str()]);
    let dependencies = bill["dependencies"].as_array().expect("dependencies");
    loop {
        let before = reached.len();
        for row in dependencies {
            if reached.contains(row["ref"].as_str().expect("a reference")) {
                reached.extend(
                    row["dependsOn"].as_array().expect("a list").iter().filter_map(|one| one.as_str()),
                );
            }
        }
        if reached.len() == before {
            break;
        }
    }
    assert_eq!(reached, references);
}

#[test]
fn the_same_parts_give_the_same_bill() {
    let parts = shipped();
    assert_eq!(sbom::bill(&parts, None), sbom::bill(&shipped(), None));
    assert_ne!(sbom::bill(&parts, None), sbom::bill(&parts[..parts.len() - 1], None));
}

#[test]
fn expressions_of_licences_are_read_as_spdx_means_them() {
    let allowed = ["MIT", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"];
    for (expression, holds) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(Apache-2.0 OR MIT) AND BSD-3-Clause", true),
        ("MIT AND (GPL-2.0-only OR Zlib)", false),
        // AND binds more tightly than OR.
        ("MIT OR GPL-2.0-only AND Zlib", true),
        ("GPL-2.0-only AND Zlib OR MIT", true),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
    ] {
        assert_eq!(licences::holds(expression, &allowed), Ok(holds), "{expression}");
    }
    for broken in ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT Zlib", "MIT WITH"] {
        assert!(licences::holds(broken, &allowed).is_err(), "{broken:?}");
    }
}

#[test]
fn a_licence_that_is_not_allowed_stops_the_list_and_is_named() {
    let table = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let allowed = licences::allowed(&table).expect("a table");
    let mut parts = shipped();
    let page = licences::list(&parts, &allowed).expect("all are allowed");
    for part in &parts {
        assert!(page.contains(&part.name), "{}", part.name);
    }
    // Allowed for one part alone.
    for other in ["MPL-2.0", "GPL-3.0-only"] {
        parts[1].licence = other.to_owned();
        let refused = licences::list(&parts, &allowed).expect_err("it is not allowed");
        assert!(refused.contains(other) && refused.contains(&parts[1].name), "{refused}");
    }
}
