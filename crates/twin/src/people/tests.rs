//! The table as a whole; what single rows rest on is tested where it is made.

use super::*;

fn table() -> Vec<Measurement> {
    let bed: BedConfig = toml::from_str(include_str!("../../../../beds/reference.toml")).expect("a bed");
    measurements(&bed)
}

#[test]
fn three_quarters_of_the_measurements_lie_inside_and_the_others_are_explained() {
    let rows = table();
    for row in &rows {
        let (low, high) = row.published.bounds();
        println!(
            "{:5} {:11?} {:9.3} [{low:.3}, {high:.3}] {} {} | {}",
            if row.inside { "in" } else { "OUT" },
            row.footing,
            row.twin,
            row.unit,
            row.name,
            row.source
        );
        assert!(row.twin.is_finite(), "{}", row.name);
        assert_eq!(row.inside, row.twin >= low && row.twin <= high, "{}", row.name);
        assert!(row.inside || row.note.len() > 20, "{} is outside and says nothing", row.name);
        assert!(!row.source.is_empty());
    }
    let inside = rows.iter().filter(|row| row.inside).count();
    assert!(rows.len() >= 8, "{} rows", rows.len());
    assert!(4 * inside >= 3 * rows.len(), "{inside} of {}", rows.len());
}
