// Reads `safety/limits.toml` for the build scripts of `bed` and `guard`, so that both carry the same
// table, each in its own numbers. Not a module of any crate: the build scripts include it by path.

/// One row of the table.
pub struct Limit {
    pub key: String,
    pub value: f64,
    pub unit: String,
    pub source: String,
    pub enforced_by: Vec<String>,
}

/// All rows, or a message that names the row and what is wrong with it.
pub fn limits(text: &str) -> Result<Vec<Limit>, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("limits.toml: {error}"))?;
    let rows = table.get("limit").and_then(toml::Value::as_array).ok_or("limits.toml has no [[limit]]")?;
    rows.iter().map(limit).collect()
}

fn limit(row: &toml::Value) -> Result<Limit, String> {
    let text = |name: &str| {
        row.get(name)
            .and_then(toml::Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| format!("limits.toml: a row without {name}: {row}"))
    };
    let value = row
        .get("value")
        .and_then(toml::Value::as_float)
        .filter(|value| value.is_finite() && *value > 0.0)
        .ok_or_else(|| format!("limits.toml: value must be a positive decimal number: {row}"))?;
    let enforced_by = row
        .get("enforced_by")
        .and_then(toml::Value::as_array)
        .map(|names| names.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        .filter(|names| {
            !names.is_empty()
                && names.iter().all(|name| ["plan", "control", "guard"].contains(&name.as_str()))
        })
        .ok_or_else(|| format!("limits.toml: enforced_by must list plan, control or guard: {row}"))?;
    let source = text("source")?;
    if source.contains("Guess") {
        return Err(format!("limits.toml: a guess may not become a limit: {row}"));
    }
    Ok(Limit { key: text("key")?, value, unit: text("unit")?, source, enforced_by })
}
