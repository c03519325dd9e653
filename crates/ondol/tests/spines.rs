//! Whatever stands in a spine's file, it becomes a spine or one line with the way out.

use proptest::prelude::*;
use std::fmt::Write as _;
use twin::{SpineAxes, SpineDeclared, SpineFile, SpineUnit};

const LEVELS: [&str; 17] =
    ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"];

fn table() -> String {
    let mut text = "# axes: LPS\nlevel,x_mm,y_mm,z_mm\n".to_owned();
    for (index, level) in LEVELS.iter().enumerate() {
        let back = 14.0 * (0.38 * index as f64).sin();
        writeln!(text, "{level},2.0,{back:.2},{:.1}", -700.0 - 26.0 * index as f64)
            .expect("a string takes text");
    }
    text
}

fn list() -> String {
    let points = table().lines().skip(2).fold(String::new(), |mut text, line| {
        let cells: Vec<_> = line.split(',').collect();
        let comma = if text.is_empty() { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"coordinates":{{"world_space":[{},{},{}]}},"type":{{"spine_level":"{}","keypoint_type":"body"}}}}"#,
            cells[1], cells[2], cells[3], cells[0]
        )
        .expect("a string takes text");
        text
    });
    format!("[{points}]")
}

/// What every spine that is taken must be, and every line that refuses one.
fn sound(file: &str, bytes: &[u8], declared: &SpineDeclared) -> Result<(), TestCaseError> {
    match SpineFile::parse_as(file, "spine", bytes, declared) {
        Ok(spine) => {
            prop_assert!(spine.levels.len() >= 15);
            prop_assert!((260.0..=750.0).contains(&spine.length_mm()), "{}", spine.length_mm());
            for pair in spine.levels.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0 && pair[0].1[0] < pair[1].1[0]);
            }
        }
        Err(error) => {
            let line = error.to_string();
            prop_assert!(line.starts_with(file) && !line.contains('\n'), "{line:?}");
        }
    }
    Ok(())
}

fn declared() -> impl Strategy<Value = SpineDeclared> {
    let unit = prop::option::of(prop::sample::select(vec![
        SpineUnit::Millimetres,
        SpineUnit::Centimetres,
        SpineUnit::Metres,
    ]));
    let axes = prop::option::of(prop::sample::select(vec![SpineAxes::Lps, SpineAxes::Ras]));
    (unit, axes).prop_map(|(unit, axes)| SpineDeclared { unit, axes })
}

fn damaged(mut bytes: Vec<u8>, damage: &[(f64, u8)], end: f64) -> Vec<u8> {
    for (place, byte) in damage {
        let index = (place * bytes.len() as f64) as usize;
        bytes[index] = *byte;
    }
    bytes.truncate((end * bytes.len() as f64) as usize);
    bytes
}

#[test]
fn the_undamaged_files_are_spines() {
    for (file, text) in [("spine.csv", table()), ("spine.json", list())] {
        let spine = SpineFile::parse(file, "spine", text.as_bytes()).expect("a spine");
        assert!(spine.is_regular(), "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), said in declared()) {
        sound("spine.csv", &bytes, &said)?;
        sound("spine.json", &bytes, &said)?;
    }

    #[test]
    fn no_damaged_file_makes_it_panic(
        damage in prop::collection::vec((0.0..1.0, any::<u8>()), 0..5),
        end in 0.3..=1.0,
        said in declared(),
    ) {
        sound("spine.csv", &damaged(table().into_bytes(), &damage, end), &said)?;
        sound("spine.json", &damaged(list().into_bytes(), &damage, end), &said)?;
    }

    #[test]
    fn no_numbers_make_it_panic(
        points in prop::collection::vec(prop::array::uniform3(-2000.0..2000.0_f64), 17),
        scale in prop::sample::select(vec![1e-300, 1e-3, 1.0, 1e3, 1e300]),
    ) {
        let mut text = "level,x_mm,y_mm,z_mm\n".to_owned();
        for (level, [x, y, z]) in LEVELS.iter().zip(points) {
            writeln!(text, "{level},{:e},{:e},{:e}", x * scale, y * scale, z * scale).expect("a string takes text");
        }
        sound("spine.csv", text.as_bytes(), &SpineDeclared { unit: None, axes: Some(SpineAxes::Lps) })?;
    }
}
