//! The table of limits, as it was compiled in.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// One limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitRow {
    /// Its name in `safety/limits.toml`.
    pub key: String,
    /// Its value.
    pub value: f64,
    /// Its unit; `1` for a share or a number.
    pub unit: String,
    /// Who holds it: plan, control, guard.
    pub enforced_by: Vec<String>,
    /// Where it comes from, in English.
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    limit: Vec<LimitRow>,
}

/// Every limit. The same file makes the constants of guard, control and plan when they are built.
#[must_use]
pub fn limits() -> &'static [LimitRow] {
    static FILE: LazyLock<File> = LazyLock::new(|| {
        toml::from_str(include_str!("../../../../safety/limits.toml")).expect("the build has read this table")
    });
    &FILE.limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_the_limits_that_were_compiled() {
        let value = |key: &str| limits().iter().find(|row| row.key == key).map(|row| row.value as f32);
        assert_eq!(value("force_hard"), Some(bed::limits::FORCE_HARD_N));
        assert_eq!(value("skin_mean"), Some(bed::limits::SKIN_MEAN_C));
        assert!(limits().iter().all(|row| !row.enforced_by.is_empty() && !row.source.is_empty()));
    }
}
