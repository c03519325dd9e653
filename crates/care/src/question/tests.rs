use super::*;
use crate::reading::{Counts, LIX_MAX, lix};

const GOOD: &str = r#"
[sources]
book = "A book"
[[question]]
id = "one"
tier = "standing"
ask = { en = "Ask?", de = "Frage?" }
why = { en = "Why.", de = "Warum." }
advice = { en = "Do.", de = "Tun." }
sources = ["book"]
effects = ["ask_doctor"]
cleared = [{ soften = { force_n = 30.0 } }]
prevalence = 0.1
[[person]]
id = "two"
quantity = "mass_kg"
min = 1.0
max = 2.0
why = { en = "Why.", de = "Warum." }
advice = { en = "Do.", de = "Tun." }
sources = ["book"]
effects = ["refuse"]
"#;

/// The error of the good table with one text replaced.
fn broken(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Table::parse(&GOOD.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn the_embedded_table_loads_with_unique_ids_and_a_source_in_every_row() {
    let mut ids = BTreeSet::new();
    assert!(questions().len() >= 24);
    for question in questions() {
        assert!(ids.insert(&question.id), "{} twice", question.id);
        assert!(!question.sources.is_empty() && !question.effects.is_empty(), "{}", question.id);
    }
    for row in person_rows() {
        assert!(ids.insert(&row.id), "{} twice", row.id);
        assert!(!row.sources.is_empty(), "{}", row.id);
    }
}

#[test]
fn every_emergency_names_where_to_go_and_refuses() {
    let mut seen = 0;
    for question in questions().iter().filter(|question| question.tier == Tier::Emergency) {
        let Words { en, de, .. } = &question.advice;
        assert!(en.contains("emergency"), "{}: {en}", question.id);
        assert!(de.contains("Notruf") || de.contains("Notaufnahme"), "{}: {de}", question.id);
        assert_eq!(en.contains("emergency number"), de.contains("Notruf"), "{}: {de}", question.id);
        assert_eq!(question.effects, [Effect::Refuse], "{}", question.id);
        seen += 1;
    }
    assert!(seen >= 8);
}

#[test]
fn every_row_is_complete_in_both_languages_and_says_them_in_turn() {
    let asked = questions().iter().flat_map(|row| {
        assert!(row.ask.en.ends_with('?') && row.ask.de.ends_with('?'), "{} asks nothing", row.id);
        [&row.ask, &row.why, &row.advice].map(|words| (&row.id, words))
    });
    let measured = person_rows().iter().flat_map(|row| [(&row.id, &row.why), (&row.id, &row.advice)]);
    for (id, words) in asked.chain(measured) {
        assert!(words.complete() && words.en != words.de, "{id}: {}", words.en);
    }
}

#[test]
fn no_row_is_harder_german_than_age_twelve() {
    let easy = |id: &str, row: &[&Words]| {
        let index = lix(Counts::of(row.iter().map(|words| words.de.as_str())));
        assert!(index < LIX_MAX, "{id}: {index:.1}");
    };
    for row in questions() {
        easy(&row.id, &[&row.ask, &row.why, &row.advice]);
    }
    for row in person_rows() {
        easy(&row.id, &[&row.why, &row.advice]);
    }
}

#[test]
fn the_texts_promise_nothing() {
    for question in questions() {
        let text = format!("{} {}", question.why.en, question.advice.en).to_lowercase();
        for word in ["cure", "heals you", "guarantee", "proven", "risk-free", "completely safe"] {
            assert!(!text.contains(word), "{} says {word}", question.id);
        }
    }
}

#[test]
fn a_good_table_loads_whole() {
    let table = Table::parse(GOOD).expect("good");
    assert_eq!(table.questions[0].sources, ["A book"]);
    assert!(table.questions[0].doctor_can_clear());
    assert_eq!(table.person[0].quantity, Quantity::MassKg);
}

#[test]
fn a_row_that_breaks_a_rule_is_refused_with_its_name() {
    for (from, to, what) in [
        ("\"standing\"", "\"today\"", "row \"one\": only a standing row can ask a doctor"),
        ("\"standing\"", "\"emergency\"", "row \"one\": an emergency must refuse"),
        ("\"Ask?\"", "\" \"", "row \"one\": a text is empty"),
        ("\"Tun.\"", "\"\"", "row \"one\": a text is empty"),
        ("[\"book\"]", "[]", "row \"one\": cites no source"),
        ("[\"book\"]", "[\"film\"]", "row \"one\": unknown source \"film\""),
        ("[\"ask_doctor\"]", "[]", "row \"one\": has no effect"),
        ("[\"ask_doctor\"]", "[\"refuse\"]", "row \"one\": ask_doctor and cleared go together"),
        ("force_n = 30.0", "force_n = 300.0", "force_n must lie between 5 and 60"),
        ("{ soften = { force_n = 30.0 } }", "\"refuse\"", "row \"one\": cleared may soften only"),
        ("prevalence = 0.1", "prevalence = nan", "prevalence must lie between 0 and 1"),
        ("\"two\"", "\"one\"", "row \"one\": the id is used twice"),
        ("\"two\"", "\"Two 2\"", "lower-case letters"),
        ("max = 2.0", "max = 0.5", "row \"two\": min must lie below max"),
        ("book = \"A book\"", "book = \"A book\"\nfilm = \"A film\"", "no row cites the source \"film\""),
    ] {
        let error = broken(from, to);
        assert!(error.contains(what), "{to}: {error}");
    }
}

#[test]
fn unknown_keys_and_effects_are_refused_with_their_line() {
    for (from, to) in [
        ("tier = ", "note = \"x\"\ntier = "),
        ("why = { en = \"Why.\", de = \"Warum.\" }", "why = \"Why.\""),
        ("de = \"Warum.\"", "fr = \"Pourquoi.\""),
        ("\"ask_doctor\"", "\"ask_docter\""),
        ("force_n = 30.0", "force_n = 30.0, until = 3"),
        ("{ soften = { force_n = 30.0 } }", "{ avoid = { regions = [\"knee\"] } }"),
        ("prevalence = 0.1", ""),
    ] {
        let error = broken(from, to);
        assert!(error.contains("line "), "{to}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}
