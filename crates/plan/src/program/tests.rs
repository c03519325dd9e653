use super::*;

const GOOD: &str = r#"name = "test"
title = { en = "A test", de = "A test (de)" }
for_whom = { en = "Nobody.", de = "Nobody. (de)" }
does = { en = "Presses.", de = "Presses. (de)" }
evidence = { en = "None.", de = "None. (de)" }
minutes = 20.0

[[phase]]
title = { en = "Press", de = "Press (de)" }
therapy = "acupressure"
stroke = "hold"
levels = "T3..L5"
side = "both"
intensity = 4
seconds = 20.0

[[phase]]
title = { en = "Glide", de = "Glide (de)" }
therapy = "deep_tissue"
stroke = "glide"
levels = ["L5", "L3"]
side = "left"
intensity = 5
seconds = 60.0
speed_mm_s = 20.0
"#;

#[test]
fn a_good_file_reads_as_it_is_written() {
    let program = Program::parse("good.toml", GOOD).expect("a good file");
    assert_eq!(program.name(), "test");
    assert_eq!(program.phases()[0].places, Places::Range(Level::T3, Level::L5));
    assert_eq!(program.phases()[1].places, Places::Levels(vec![Level::L5, Level::L3]));
    assert_eq!(program.phases()[1].repeats, 1);
    assert_eq!(program.phases()[0].heat, HeatLevel::Off);
}

#[test]
fn each_bad_file_is_refused_in_one_line_with_place_value_and_what_is_allowed() {
    // What is replaced, by what, the line of the error, what the error says.
    let cases = [
        ("intensity = 4", "intensity = 11", 14, "intensity is 11, allowed is 1 to 9"),
        ("intensity = 4", "intensity = 4.5", 14, "expected i64"),
        ("seconds = 20.0", "seconds = nan", 15, "seconds is NaN, allowed is 5 to 900"),
        ("seconds = 20.0", "seconds = -1.0", 15, "allowed is 5 to 900"),
        ("seconds = 20.0", "second = 20.0", 15, "unknown field `second`"),
        ("seconds = 20.0\n\n", "\n\n", 8, "missing field `seconds`"),
        ("minutes = 20.0", "minutes = 50.0", 6, "minutes is 50, allowed is 10 to 40"),
        ("minutes = 20.0", "minutes = \"20\"", 6, "expected f64"),
        ("\"T3..L5\"", "\"T3..L9\"", 12, "levels has \"L9\", allowed are T1 to T13"),
        ("\"T3..L5\"", "\"C7..L5\"", 12, "levels has \"C7\""),
        ("\"T3..L5\"", "500", 12, "levels is allowed as"),
        ("\"T3..L5\"", "[]", 12, "levels has 0 entries, allowed are 1 to 20"),
        ("\"T3..L5\"", "[\"BL23\", \"L2\"]", 12, "levels mixes points and levels"),
        ("[\"L5\", \"L3\"]", "[\"BL23\"]", 21, "allowed with a hold only"),
        ("side = \"both\"", "side = \"tense\"", 13, "allowed only with levels = \"tense\""),
        ("side = \"both\"", "side = \"middle\"", 13, "unknown variant `middle`"),
        ("side = \"both\"", "side = \"both\"\nmost = 3", 14, "most is allowed only with"),
        ("stroke = \"hold\"", "stroke = \"knead\"", 11, "allowed in acupressure is hold"),
        ("speed_mm_s = 20.0", "speed_mm_s = 80.0", 25, "speed_mm_s is 80, allowed is 1 to 60"),
        ("speed_mm_s = 20.0", "", 20, "speed_mm_s is missing, a glide needs 1 to 60"),
        ("seconds = 20.0", "seconds = 20.0\nspeed_mm_s = 5.0", 16, "not allowed with a hold"),
        ("seconds = 60.0", "seconds = 60.0\nperiod_s = 2.0", 25, "with a knead only"),
        ("seconds = 60.0", "seconds = 60.0\nrepeats = 0", 25, "repeats is 0, allowed is 1 to 12"),
        ("name = \"test\"", "name = \"Te st\"", 1, "name is \"Te st\""),
        ("en = \"A test\"", "en = \"\"", 2, "title.en has 0 characters"),
        ("de = \"A test (de)\"", "de = \" \"", 2, "title.de has 0 characters"),
        (", de = \"A test (de)\"", "", 2, "missing field `de`"),
        ("minutes = 20.0", "minutes = 20.0\nx_mm = 500.0", 7, "unknown field `x_mm`"),
    ];
    for (from, to, line, says) in cases {
        assert!(GOOD.contains(from), "{from}");
        let error = Program::parse("bad.toml", &GOOD.replacen(from, to, 1)).expect_err(says);
        let shown = error.to_string();
        assert!(shown.contains(says), "{to}: {shown}");
        assert_eq!(error.line, line, "{shown}");
        assert!(shown.starts_with(&format!("bad.toml:{line}: ")) && !shown.contains('\n'), "{shown}");
    }
}

#[test]
fn garbage_truncated_empty_and_huge_files_are_refused() {
    let huge = "#".repeat(FILE_MAX + 1);
    for text in ["", "\0\u{1}", "[[[", "name = ", huge.as_str()] {
        let error = Program::parse("bad.toml", text).expect_err("no program");
        assert!(!error.words.is_empty() && !error.words.contains('\n'));
    }
    for end in 0..GOOD.len() - 1 {
        let cut = Program::parse("cut.toml", &GOOD[..end]);
        // A cut inside the last number, or before the second phase, is still a program.
        assert!(cut.is_err() || cut.is_ok_and(|program| !program.phases().is_empty()));
    }
}
