use super::*;
use crate::question::Tier;

const GOOD: &str = r#"
never_if = ["bladder_or_bowel"]
[sources]
book = "A book"
[pose]
stand = { on = "floor" }
[[exercise]]
id = "one"
title = { en = "One", de = "Eins" }
serves = ["strength"]
level = "gentle"
dose = { sets = 1, repetitions = 2, seconds = 3, times_a_week = 4 }
minutes = 5
how.en = ["Stand.", "Bend."]
how.de = ["Stehen.", "Beugen."]
breath = { en = "On.", de = "Weiter." }
easier = { en = "Less.", de = "Weniger." }
harder = { en = "More.", de = "Mehr." }
stop = { en = "Pain.", de = "Schmerz." }
not_if = ["thin_bones"]
source = ["book"]
evidence = "weak"
checked = "2026-11-22"
start = { base = "stand" }
end = { base = "stand", leg = [80, 80] }
"#;

/// The error of the good table with one text replaced.
fn broken(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    parse(&GOOD.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn a_good_table_loads_whole() {
    let table = parse(GOOD).expect("good");
    let one = &table[0];
    assert_eq!((one.sources.len(), one.poses.len(), one.row().len()), (1, 2, 2));
    assert_eq!(one.dose, Dose { sets: 1, repetitions: 2, seconds: 3, times_a_week: 4 });
    assert_eq!(one.title.of(Language::German), "Eins");
    assert!(one.ruled_out_by(["thin_bones"]) && one.ruled_out_by(["diabetes", "bladder_or_bowel"]));
    assert!(!one.ruled_out_by(["diabetes"]) && !one.ruled_out_by([]));
}

#[test]
fn a_row_that_breaks_a_rule_is_refused_with_its_name() {
    for (from, to, what) in [
        ("id = \"one\"", "id = \"One\"", "an id is lower-case"),
        ("de = \"Eins\"", "de = \" \"", "a text is empty"),
        ("\"Stehen.\", ", "", "as many in German"),
        ("[\"strength\"]", "[]", "serves nothing"),
        ("[\"strength\"]", "[\"beauty\"]", "beauty"),
        ("sets = 1", "sets = 0", "a dose has no zero"),
        ("not_if = [\"thin_bones\"]", "not_if = [\"thick_bones\"]", "\"thick_bones\""),
        ("never_if = [\"bladder_or_bowel\"]", "never_if = [\"bladder\"]", "\"bladder\""),
        ("source = [\"book\"]", "source = [\"film\"]", "no source \"film\""),
        ("source = [\"book\"]", "source = []", "without a source"),
        ("evidence = \"weak\"", "evidence = \"none\"", "with a source"),
        ("book = \"A book\"", "book = \"A book\"\nfilm = \"A film\"", "no row cites the source \"film\""),
        ("checked = \"2026-11-22\"", "checked = \"2026-11-31\"", "is no day"),
        ("leg = [80, 80]", "leg = [150]", "\"one\", end: the foot"),
        ("leg = [80, 80]", "legs = [80, 80]", "legs"),
        ("minutes = 5", "minutes = 5\ncolour = 3", "colour"),
    ] {
        let error = broken(from, to);
        assert!(error.contains(what), "{to}: {error}");
    }
    let (_, row) = GOOD.split_once("[[exercise]]").expect("a row");
    let twice = parse(&format!("{GOOD}\n[[exercise]]{row}")).expect_err("twice").to_string();
    assert!(twice.contains("\"one\": the id is used twice"), "{twice}");
}

#[test]
fn there_are_enough_exercises_for_every_cause() {
    assert!(exercises().len() >= 26, "{}", exercises().len());
    for (cause, least) in [
        (Serves::Overuse, 5),
        (Serves::Underuse, 5),
        (Serves::Sitting, 5),
        (Serves::Sleep, 4),
        (Serves::Stress, 4),
        (Serves::SpasmNow, 5),
        (Serves::Strength, 5),
        (Serves::Mobility, 5),
    ] {
        let count = exercises().iter().filter(|exercise| exercise.serves.contains(&cause)).count();
        assert!(count >= least, "{cause:?}: {count}");
    }
}

#[test]
fn every_emergency_rules_out_every_exercise() {
    for question in questions().iter().filter(|question| question.tier == Tier::Emergency) {
        for exercise in exercises() {
            assert!(exercise.ruled_out_by([question.id.as_str()]), "{} {}", exercise.id, question.id);
        }
    }
    assert!(exercises().iter().all(|exercise| exercise.ruled_out_by(["pregnant"])));
}

#[test]
fn thin_bones_rule_out_loaded_bending_and_leave_safe_work() {
    for id in ["cat_camel", "knee_to_chest", "childs_pose", "press_up", "side_plank"] {
        assert!(exercise(id).expect(id).ruled_out_by(["thin_bones"]), "{id}");
    }
    for id in ["walking", "sit_to_stand", "bridge"] {
        assert!(!exercise(id).expect(id).ruled_out_by(["thin_bones"]), "{id}");
    }
}

#[test]
fn a_dose_fits_into_its_minutes() {
    for exercise in exercises() {
        let dose = exercise.dose;
        let seconds = dose.sets * dose.repetitions * dose.seconds;
        assert!(seconds <= exercise.minutes * 60, "{}: {seconds} s", exercise.id);
    }
}

#[test]
fn the_words_promise_nothing_and_name_no_diagnosis() {
    for exercise in exercises() {
        for language in [Language::English, Language::German] {
            let mut text = exercise.how.of(language).join(" ");
            for words in [&exercise.easier, &exercise.harder, &exercise.stop, &exercise.breath] {
                text.push_str(words.of(language));
            }
            let text = text.to_lowercase();
            for word in ["cure", "heal", "guarantee", "heilt", "garantiert", "diagnos", "no pain no gain"] {
                assert!(!text.contains(word), "{} says {word}", exercise.id);
            }
        }
    }
}

#[test]
fn steps_are_short() {
    for exercise in exercises() {
        for step in exercise.how.en.iter().chain(&exercise.how.de) {
            for sentence in step.split(['.', ':', ';']) {
                let words = sentence.split_whitespace().count();
                assert!(words <= 22, "{}: {words} words in \"{sentence}\"", exercise.id);
            }
        }
    }
}

#[test]
fn every_exercise_has_its_pictures_in_both_languages() {
    for exercise in exercises() {
        for language in [Language::English, Language::German] {
            let pictures = exercise.pictures(language, "page");
            assert_eq!(pictures.len(), exercise.poses.len());
            assert!((2..=3).contains(&pictures.len()), "{}", exercise.id);
            assert!(pictures.iter().all(|(name, svg)| svg.contains(&format!(": {name}</title>"))));
        }
    }
    assert_eq!(exercise("log_roll").expect("a row").poses.len(), 3);
}
