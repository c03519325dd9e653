//! What is said aloud: eyes are on the ceiling, so each phase has one short line, and so has each change of
//! stroke.

use super::live::Phase;
use bed::{Action, Level, Side};
use care::Words;
use plan::Step;
use serde::Serialize;

/// One short line to speak, or to play as a sound.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Rises with every line of a session, so that each is spoken once.
    pub number: u32,
    /// Which line, for whoever has a sound of their own for it, such as `next.knead.lower`.
    pub key: String,
    /// Its words.
    pub words: Words,
}

/// A line before it is said.
pub(super) type Said = (String, Words);

/// What is said when a phase begins; strokes and the way to the midline say more than their phase.
pub(super) fn of_phase(phase: Phase) -> Option<Said> {
    let (key, en, de) = match phase {
        Phase::WaitingPerson => (
            "lie_down",
            "Please lie down on your back, with your shoulders at the mark.",
            "Bitte legen Sie sich auf den Rücken, die Schultern an die Marke.",
        ),
        Phase::WaitingSwitch => (
            "press",
            "Press the hand switch once when you are ready.",
            "Drücken Sie einmal den Handschalter, wenn Sie bereit sind.",
        ),
        Phase::Scanning => (
            "scan",
            "Your back is measured now. Please lie still for a minute.",
            "Ihr Rücken wird jetzt gemessen. Bitte liegen Sie eine Minute still.",
        ),
        Phase::Proposed => (
            "proposal",
            "Your session is ready. Please choose.",
            "Ihre Anwendung ist bereit. Bitte wählen Sie.",
        ),
        Phase::Resting => ("rest", "A short rest.", "Eine kurze Pause."),
        Phase::ScanningAgain => (
            "scan_again",
            "Your back is measured once more. Please lie still.",
            "Ihr Rücken wird noch einmal gemessen. Bitte liegen Sie still.",
        ),
        Phase::Releasing => (
            "release",
            "The rollers go down. Please stay lying for a moment.",
            "Die Rollen fahren herunter. Bitte bleiben Sie noch einen Moment liegen.",
        ),
        Phase::Over => (
            "over",
            "Roll to your side and sit for a minute before you stand up.",
            "Rollen Sie sich auf die Seite und sitzen Sie eine Minute, bevor Sie aufstehen.",
        ),
        Phase::AtRest | Phase::Moving | Phase::Treating => return None,
    };
    Some((key.to_owned(), Words::both(en, de)))
}

/// How far the person should move to their left; negative to their right.
pub(super) fn of_move(y_mm: f64) -> Said {
    let ((en, de), key) =
        if y_mm > 0.0 { (("left", "links"), "move.left") } else { (("right", "rechts"), "move.right") };
    let mm = y_mm.abs();
    let words = Words::both(
        format!("Please move {mm:.0} millimetres to your {en}, then lie still again."),
        format!("Bitte rücken Sie {mm:.0} Millimeter nach {de} und liegen Sie dann wieder still."),
    );
    (key.to_owned(), words)
}

/// Before a stroke begins.
pub(super) fn of_next(step: &Step) -> Said {
    let words = stroke(step);
    let key = format!("next.{}.{}", action(step.stroke.action).0, region(&step.levels).0);
    (key, Words::both(format!("Next: {}.", words.en), format!("Als Nächstes: {}.", words.de)))
}

/// Nobody attends any more.
pub(super) fn of_lost() -> Said {
    let words = Words::both(
        "The tablet is lost. The session ends gently.",
        "Das Tablet ist nicht mehr verbunden. Die Anwendung endet sanft.",
    );
    ("lost".to_owned(), words)
}

/// A stroke in plain words, such as "kneading at the lower back, more on the left".
#[must_use]
pub fn stroke(step: &Step) -> Words {
    let (_, what_en, what_de) = action(step.stroke.action);
    let (_, where_en, where_de) = region(&step.levels);
    let (side_en, side_de) = match step.side {
        Some(Side::Left) => (", more on the left", ", mehr links"),
        Some(Side::Right) => (", more on the right", ", mehr rechts"),
        None => ("", ""),
    };
    Words::both(format!("{what_en} {where_en}{side_en}"), format!("{what_de} {where_de}{side_de}"))
}

fn action(action: Action) -> (&'static str, &'static str, &'static str) {
    match action {
        Action::Hold => ("hold", "steady pressure", "gleichmäßiger Druck"),
        Action::Glide => ("glide", "slow strokes", "langsames Streichen"),
        Action::Knead => ("knead", "slow kneading", "langsames Kneten"),
        Action::Stretch => ("stretch", "a gentle lift", "ein sanftes Anheben"),
        Action::Warm => ("warm", "warm rollers", "warme Rollen"),
    }
}

/// Which part of the back the levels are.
fn region(levels: &[Level]) -> (&'static str, &'static str, &'static str) {
    let any = |part: fn(Level) -> bool| levels.iter().copied().any(part);
    let upper = any(|level| level <= Level::T6);
    let middle = any(|level| (Level::T7..=Level::T13).contains(&level));
    let lower = any(|level| level >= Level::L1);
    match (upper, middle, lower) {
        (true, false, false) => ("upper", "at the upper back", "am oberen Rücken"),
        (false, true, false) => ("middle", "at the middle of the back", "in der Mitte des Rückens"),
        (false, false, true) => ("lower", "at the lower back", "am unteren Rücken"),
        (true, true, false) => {
            ("upper_middle", "at the upper and middle back", "am oberen und mittleren Rücken")
        }
        (false, true, true) => {
            ("middle_lower", "at the middle and lower back", "am mittleren und unteren Rücken")
        }
        (true, _, true) => ("whole", "along the whole back", "am ganzen Rücken"),
        (false, false, false) => ("back", "at the back", "am Rücken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHASES: [Phase; 10] = [
        Phase::WaitingPerson,
        Phase::WaitingSwitch,
        Phase::Scanning,
        Phase::Moving,
        Phase::Proposed,
        Phase::Treating,
        Phase::Resting,
        Phase::ScanningAgain,
        Phase::Releasing,
        Phase::Over,
    ];

    #[test]
    fn every_line_is_short_and_stands_in_both_languages() {
        let phases = PHASES.into_iter().filter_map(of_phase);
        let lines: Vec<Said> = phases.chain([of_move(12.0), of_move(-7.0), of_lost()]).collect();
        assert_eq!(lines.len(), PHASES.len() - 2 + 3);
        for (key, words) in lines {
            assert!(words.complete() && words.en != words.de, "{key}");
            assert!(words.en.len() <= 90 && words.de.len() <= 90, "{key}: {words:?}");
        }
    }

    #[test]
    fn each_part_of_the_back_and_each_action_has_its_words() {
        let parts: [&[Level]; 7] = [
            &[Level::T2],
            &[Level::T9, Level::T12],
            &[Level::L4],
            &[Level::T4, Level::T8],
            &[Level::T11, Level::L2],
            &[Level::T1, Level::L5],
            &[],
        ];
        let keys: std::collections::BTreeSet<_> = parts.into_iter().map(|levels| region(levels).0).collect();
        assert_eq!(keys.len(), parts.len());
        for (key, en, de) in parts.into_iter().map(region).chain([Action::Hold, Action::Warm].map(action)) {
            assert!(!en.is_empty() && !de.is_empty() && en != de, "{key}");
        }
    }
}
