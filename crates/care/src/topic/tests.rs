use super::load::{CAUSES, CLAIMS, TOPICS};
use super::*;

fn parse(topics: &[(&str, &str)], claims: &str, causes: &str) -> Result<Guide, GuideError> {
    Guide::parse(topics, claims, causes)
}

/// The error of the embedded guide with the first `from` of one topic replaced.
fn broken_topic(name: &str, from: &str, to: &str) -> String {
    let (_, text) = TOPICS.iter().find(|(id, _)| *id == name).expect("a topic");
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let topics = TOPICS.map(|(id, whole)| if id == name { (id, text.as_str()) } else { (id, whole) });
    parse(&topics, CLAIMS, CAUSES).expect_err(to).to_string()
}

fn broken_claims(from: &str, to: &str) -> String {
    assert!(CLAIMS.contains(from), "{from}");
    parse(&TOPICS, &CLAIMS.replacen(from, to, 1), CAUSES).expect_err(to).to_string()
}

fn broken_causes(from: &str, to: &str) -> String {
    assert!(CAUSES.contains(from), "{from}");
    parse(&TOPICS, CLAIMS, &CAUSES.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn the_embedded_guide_loads_whole() {
    let guide = Guide::embedded().expect("valid");
    assert_eq!(guide.topics.len(), TOPICS.len());
    assert!(guide.topics.iter().all(|topic| !topic.lines.is_empty() && !topic.sources.is_empty()));
    assert!(!guide.claims.claims.is_empty() && !guide.causes.causes.is_empty());
}

#[test]
fn every_topic_file_of_the_folder_is_embedded() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../care/topics");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            entry.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    let mut embedded: Vec<String> = TOPICS.iter().map(|(id, _)| (*id).to_owned()).collect();
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
}

#[test]
fn a_line_that_lacks_a_language_does_not_load() {
    let why = broken_topic("sleep", "\nde = \"", "\nde = \"\" #");
    assert!(why.contains("lacks a language"), "{why}");
}

#[test]
fn a_line_without_a_source_must_say_that_it_has_no_evidence() {
    let (_, text) = TOPICS.iter().find(|(id, _)| *id == "sitting").expect("a topic");
    let first = text.lines().find(|line| line.starts_with("source = ")).expect("a source");
    let why = broken_topic("sitting", first, "source = []");
    assert!(why.contains("cites no source"), "{why}");
}

#[test]
fn an_unknown_source_and_an_uncited_source_are_named() {
    let why = broken_topic("now", "source = [\"nhs_back\"", "source = [\"nobody\"");
    assert!(why.contains("now") && why.contains("\"nobody\""), "{why}");
    let why = broken_claims("[sources]", "[sources]\nspare = \"A book\"");
    assert!(why.contains("nothing cites the source \"spare\""), "{why}");
}

#[test]
fn what_is_only_remembered_is_no_source() {
    let why = broken_topic("now", "custom = \"", "custom = \"From memory: ");
    assert!(why.contains("\"custom\" is no source"), "{why}");
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let why = broken_topic("stress", "evidence = ", "colour = 1\nevidence = ");
    assert!(why.contains("stress: line ") && why.contains("colour"), "{why}");
}

#[test]
fn a_claim_without_a_topic_and_a_topic_without_a_claim_do_not_load() {
    let why = broken_claims("topic = \"lifting\"", "topic = \"juggling\"");
    assert!(why.contains("there is no topic \"juggling\""), "{why}");
    let claims = CLAIMS.replace("topic = \"stress\"", "topic = \"sleep\"");
    let why = parse(&TOPICS, &claims, CAUSES).expect_err("no claim").to_string();
    assert!(why.contains("\"stress\": no claim has this topic"), "{why}");
}

#[test]
fn an_id_or_a_number_used_twice_does_not_load() {
    let why = broken_topic("now", "id = \"position_side\"", "id = \"position_chair\"");
    assert!(why.contains("used twice"), "{why}");
    let why = broken_claims("number = 3\n", "number = 4\n");
    assert!(why.contains("number is used twice"), "{why}");
}

#[test]
fn a_cause_that_no_answer_fits_or_that_nothing_helps_does_not_load() {
    assert!(broken_causes("is = [\"weekly\", \"daily\"]", "is = []").contains("can fit"));
    assert!(broken_causes("weight = 3", "weight = 4").contains("weight"));
    assert!(broken_causes("what_helps = [\"relief\"", "what_helps = [\"nothing\"").contains("no topic"));
}

#[test]
fn every_line_that_names_an_emergency_counts_as_urgent() {
    let urgent: Vec<&str> = topics()
        .iter()
        .flat_map(|topic| &topic.lines)
        .filter(|line| line.urgent())
        .map(|line| line.id.as_str())
        .collect();
    for id in ["stop_emergency", "stop_today", "emergency_saddle", "today_fever", "call_worse", "crisis"] {
        assert!(urgent.contains(&id), "{id}");
    }
    assert!(!urgent.contains(&"position_chair"));
}

#[test]
fn a_language_is_known_by_its_tag() {
    assert_eq!("de".parse(), Ok(Language::German));
    assert!("fr".parse::<Language>().is_err());
}
