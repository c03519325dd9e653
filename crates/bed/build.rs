//! Writes the table of limits as constants in plain numbers with their units.

#[path = "../../safety/table.rs"]
mod table;

use std::fmt::Write as _;

fn main() {
    let path = "../../safety/limits.toml";
    println!("cargo::rerun-if-changed={path}");
    println!("cargo::rerun-if-changed=../../safety/table.rs");
    let text = std::fs::read_to_string(path).expect("safety/limits.toml stands in the repository");
    let rows = table::limits(&text).unwrap_or_else(|problem| panic!("{problem}"));
    let mut code = String::new();
    for row in &rows {
        let suffix = match row.unit.as_str() {
            "N" => "_N",
            "kPa" => "_KPA",
            "C" => "_C",
            "CEM43" => "_CEM43",
            "s" => "_S",
            "a" => "_YEARS",
            "mm" => "_MM",
            "kg" => "_KG",
            "1" => "",
            other => panic!("limits.toml: unknown unit {other} at {}", row.key),
        };
        let _ = writeln!(
            code,
            "/// {} Enforced by {}.\npub const {}{suffix}: f32 = {:?};",
            row.source,
            row.enforced_by.join(", "),
            row.key.to_uppercase(),
            row.value as f32,
        );
    }
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(format!("{out}/limits.rs"), code).expect("the build folder can be written");
}
