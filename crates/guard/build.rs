//! Writes the guard's rows of the table of limits as counts, and the rate of heat dose by temperature.

#[allow(dead_code)] // `bed` uses what the guard does not.
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
    for row in rows.iter().filter(|row| row.enforced_by.iter().any(|name| name == "guard")) {
        let (kind, scale) = match row.unit.as_str() {
            "N" => ("DeciNewtons", 10.0),
            "C" => ("DeciCelsius", 10.0),
            "CEM43" => ("MilliCem43", 1000.0),
            "s" => ("Micros", 1e6),
            "mm" => ("Micrometres", 1000.0),
            "1" => ("PerMille", 1000.0),
            "kPa" => ("i64", 1000.0),
            "kg" => ("i64", 1.0),
            other => panic!("limits.toml: the guard has no count for {other} at {}", row.key),
        };
        let scaled = row.value * scale;
        assert!(
            (scaled - scaled.round()).abs() < 1e-6,
            "limits.toml: {} is no whole number of counts",
            row.key
        );
        let count = scaled.round() as i64;
        let (name, value) = match (kind, row.unit.as_str()) {
            (_, "kPa") => (format!("{}_PA", row.key.to_uppercase()), count.to_string()),
            (_, "kg") => (format!("{}_KG", row.key.to_uppercase()), count.to_string()),
            (kind, _) => (row.key.to_uppercase(), format!("{kind}::new({count})")),
        };
        let _ = writeln!(code, "/// {}\npub const {name}: {kind} = {value};", row.source);
    }
    let _ = writeln!(code, "pub(crate) const CEM43_RATES: [u32; {RATES}] = {:?};", rates());
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(format!("{out}/limits.rs"), code).expect("the build folder can be written");
}

/// From 39.0 C in tenths to 55.0 C.
const RATES: usize = 161;

/// Dose in thousand-millionths of a CEM43 a millisecond, rounded up, for 39.0 C, 39.1 C, ...
fn rates() -> [u32; RATES] {
    std::array::from_fn(|tenth| {
        let above = 39.0 + tenth as f64 / 10.0 - 43.0;
        let base: f64 = if above >= -1e-9 { 2.0 } else { 4.0 };
        (1e9 / 60_000.0 * base.powf(above) - 1e-6).ceil() as u32
    })
}
