use super::ability::{Row, Verdict, rows};
use super::{REFERENCE, parse};

const COUPLED: &str = include_str!("../../../../beds/coupled.toml");
const TWO: &str = include_str!("../../../../beds/two-carriages.toml");

fn rows_of(text: &str) -> Vec<Row> {
    rows(&parse("a bed", text).expect("a bed file"))
}

fn row<'a>(rows: &'a [Row], about: &str) -> &'a Row {
    rows.iter().find(|row| row.about == about).unwrap_or_else(|| panic!("nothing is said of {about}"))
}

#[track_caller]
fn check(text: &str, about: &str, verdict: Verdict, value: Option<f64>) {
    let rows = rows_of(text);
    let row = row(&rows, about);
    assert_eq!((row.verdict, row.value), (verdict, value), "{row:?}");
}

/// The line, from one, on which `what` stands for the `count`th time.
fn line_of(text: &str, what: &str, count: usize) -> usize {
    text.lines().enumerate().filter(|(_, line)| line.starts_with(what)).nth(count).expect("a line").0 + 1
}

#[test]
fn the_reference_bed_can_scan_press_warm_and_release() {
    for (about, value) in [
        ("scan", None),
        ("tension", None),
        ("force", Some(100.0)),
        ("reach", Some(198.0)),
        ("hot stone", Some(49.0)),
        // 0.5 s less 22 ms told, 16 ms of drive and half of 80 ms of speeding up, at 80 mm/s.
        ("release", Some(33.8)),
        // SYNC 55 bits, three axes there and back, cells, corners at 135: 1135 bits 500 times a second.
        ("bus", Some(56.8)),
    ] {
        check(REFERENCE, about, Verdict::Can, value);
    }
    assert!(rows_of(REFERENCE).iter().all(|row| row.verdict != Verdict::Cannot));
}

#[test]
fn the_reference_bed_tells_its_builder_what_no_software_can_hold() {
    check(REFERENCE, "mechanics", Verdict::Heed, Some(240.0));
    check(REFERENCE, "corners", Verdict::Heed, Some(1323.9));
    check(REFERENCE, "thermal fuse", Verdict::Heed, Some(18.0));
    check(REFERENCE, "power loss", Verdict::Heed, Some(76.0));
    check(REFERENCE, "supply", Verdict::Heed, Some(320.0));
}

#[test]
fn a_bed_with_one_lift_and_no_cells_is_told_that_its_plan_refuses() {
    for about in ["scan", "tension", "plan"] {
        let rows = rows_of(COUPLED);
        let row = row(&rows, about);
        assert_eq!(row.verdict, Verdict::Cannot, "{about}");
        assert!(row.way_out.is_some(), "{about} names no way out");
    }
    check(COUPLED, "force", Verdict::Heed, Some(40.0));
}

#[test]
fn two_carriages_leave_a_gap_and_fill_more_than_one_bus() {
    check(TWO, "gap", Verdict::Cannot, Some(45.0));
    check(TWO, "bus", Verdict::Heed, Some(104.0));
    assert_eq!(row(&rows_of(TWO), "park").verdict, Verdict::Heed);
}

#[test]
fn a_smaller_roller_presses_less_and_one_that_stores_more_heat_stays_cooler() {
    let small = REFERENCE.replace("contact_area_mm2 = 900.0", "contact_area_mm2 = 450.0");
    check(&small, "force", Verdict::Can, Some(60.0));
    let heavy = REFERENCE
        .replace("heat_capacity_j_k = 200.0", "heat_capacity_j_k = 400.0")
        .replace("surface_max_c = 49.0", "surface_max_c = 42.0")
        .replace("surface_max_c = 45.0", "surface_max_c = 42.0");
    check(&heavy, "hot stone", Verdict::Can, Some(42.0));
}

#[test]
fn a_bed_that_lacks_something_is_told_what_it_costs() {
    let blind = REFERENCE.split("[corners]").next().expect("the rest");
    check(blind, "occupancy", Verdict::Cannot, None);
    let short =
        REFERENCE.replace("to_mm = 1350.0", "to_mm = 1040.0").replace("park_mm = 1350.0", "park_mm = 1040.0");
    let rows = rows_of(&short);
    let reach = row(&rows, "reach");
    assert_eq!(reach.verdict, Verdict::Cannot);
    assert!(reach.value.is_some_and(|tallest| (150.0..198.0).contains(&tallest)), "{reach:?}");
    let slow = REFERENCE.replace("speed_down_mm_s = 80.0", "speed_down_mm_s = 60.0");
    assert_eq!(row(&rows_of(&slow), "release").verdict, Verdict::Heed);
    let moved = REFERENCE.replace("neck_line_mm = 520.0", "neck_line_mm = 480.0");
    check(&moved, "mark", Verdict::Cannot, Some(-40.0));
}

#[test]
fn a_broken_bed_file_is_refused_with_its_line_and_what_is_allowed() {
    let key = |text: &str, what: &str, count| line_of(text, what, count);
    let cases = [
        (
            "stroke_mm = 100.0",
            "stroke_mm = 10.0",
            key(REFERENCE, "stroke_mm", 0),
            "lift.stroke_mm is 10, allowed is 40",
        ),
        ("version = 1", "version = 2", key(REFERENCE, "version", 0), "version is 2"),
        ("sink_mm_s = 40.0", "sink_mm_s = 20.0", key(REFERENCE, "sink_mm_s", 0), "allowed is 40"),
        ("encoder_mm = 0.05", "encoder_mm = fast", key(REFERENCE, "encoder_mm", 0), "compare with"),
        ("coupled = false", "couple = false", key(REFERENCE, "coupled", 0), "unknown field `couple`"),
        ("range_n = 600.0", "range_n = 60", key(REFERENCE, "range_n", 1), "corners.range_n is 60"),
    ];
    for (was, is, line, says) in cases {
        let broken = REFERENCE.replacen(was, is, 1);
        assert_ne!(broken, REFERENCE, "{was} stands in the file");
        let error = parse("a.toml", &broken).expect_err("it is broken");
        assert!(error.starts_with(&format!("a.toml, line {line}: ")), "line {line}: {error}");
        assert!(error.contains(says), "{error}");
    }
    let hot = REFERENCE.replacen("surface_max_c = 45.0", "surface_max_c = 49.5", 1);
    let error = parse("a.toml", &hot).expect_err("hotter than the stored-heat rule allows");
    let line = line_of(&hot, "surface_max_c = 49.5", 0);
    assert!(error.starts_with(&format!("a.toml, line {line}: heater.surface_max_c is 49.5")), "{error}");
    assert!(parse("a.toml", "").expect_err("it is empty").contains("missing field"));
}

#[test]
fn carriages_whose_heads_could_meet_are_refused() {
    let near = TWO.replace("from_mm = 790.0", "from_mm = 784.0");
    let error = parse("two.toml", &near).expect_err("39 mm for two rollers of 20 mm");
    let line = line_of(&near, "from_mm = 784.0", 0);
    assert!(
        error.starts_with(&format!("two.toml, line {line}: carriage.from_mm is 784, allowed is 785")),
        "{error}"
    );
}

/// The number that a key has in a file's tables, the first that is found.
fn number_at(table: &toml::Table, key: &str) -> Option<f64> {
    let number =
        |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|number| number as f64));
    if let Some((group, leaf)) = key.split_once('.') {
        return number_at(table.get(group)?.as_table()?, leaf);
    }
    let rows = table.values().filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_table);
    table.get(key).and_then(number).or_else(|| rows.filter_map(|row| row.get(key).and_then(number)).next())
}

#[test]
fn every_figure_that_the_builders_page_takes_from_bed_and_limits_is_theirs() {
    let page = include_str!("../../../../docs/build-a-bed.md");
    let bed: toml::Table = REFERENCE.parse().expect("a bed file");
    let limits: toml::Table = include_str!("../../../../safety/limits.toml").parse().expect("limits");
    let limit = |key: &str| {
        let rows = limits["limit"].as_array().expect("rows").iter().filter_map(toml::Value::as_table);
        rows.filter(|row| row["key"].as_str() == Some(key)).find_map(|row| row["value"].as_float())
    };
    let mut seen = 0;
    for told in page.split('`').skip(1).step_by(2) {
        let Some((key, value)) = told.split_once(" = ") else { continue };
        let Ok(value) = value.parse::<f64>() else { continue };
        let found = match key.strip_prefix("limits.") {
            Some(key) => limit(key),
            None => number_at(&bed, key),
        };
        assert_eq!(found, Some(value), "{key}");
        seen += 1;
    }
    assert!(seen > 40, "only {seen} figures were found on the page");
}
