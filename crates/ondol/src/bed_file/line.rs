//! Where in a bed file a key stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line of a byte, counted from one.
pub fn of_byte(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// The line on which a key of a [`bed::config::ConfigError`] has this value. Keys name a table as the error
/// does (`carriage.to_mm`), the file may hold several of them; a key of the value is preferred.
pub fn of_key(text: &str, key: &str, value: f32) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let (group, leaf) = key.rsplit_once('.').unwrap_or(("", key));
    let mut found = Vec::new();
    gather(table.get_ref(), "", group, leaf, &mut found);
    let exact = found
        .iter()
        .find(|(number, _)| number.is_some_and(|number| (number as f32).to_bits() == value.to_bits()));
    exact.or(found.first()).map(|(_, byte)| of_byte(text, *byte))
}

/// All places of a key below a table: the number that stands there, and its byte.
fn gather(table: &DeTable, name: &str, group: &str, leaf: &str, found: &mut Vec<(Option<f64>, usize)>) {
    // `head_heater` and `mats.heater` are both "heater", `carriages` holds each "carriage".
    let inside = if group.is_empty() { name.is_empty() } else { name.contains(group) };
    for (key, value) in table {
        if inside && key.get_ref() == leaf {
            found.push((number(value), key.span().start));
        }
        match value.get_ref() {
            DeValue::Table(table) => gather(table, key.get_ref(), group, leaf, found),
            DeValue::Array(rows) => {
                for row in rows {
                    if let DeValue::Table(table) = row.get_ref() {
                        gather(table, key.get_ref(), group, leaf, found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn number(value: &Spanned<DeValue>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
        DeValue::Integer(integer) => integer.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}
