//! Why a scan gives no answer, in the person's words: the reason, and what to do.

use care::{Language, Words};
use scan::{End, Refusal};
use serde::Serialize;

/// A scan without an answer, as a person is told of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unread {
    /// Why, as a sentence.
    pub words: Words,
    /// What to do, as a sentence.
    pub way_out: Words,
}

impl Unread {
    /// What a refusal means for the person.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Self {
        let (words, way_out) = match *refusal {
            Refusal::NobodyThere { weight_n, touched_mm } => (nobody(weight_n, touched_mm), lie_down()),
            Refusal::Moved { shift_mm, weight_share } => {
                let kept = 100.0 * weight_share;
                let words = Words::both(
                    format!(
                        "You moved during the scan: {shift_mm:.0} mm along the bed, and at least {kept:.0} % of your weight stayed on it."
                    ),
                    format!(
                        "Sie haben sich beim Abtasten bewegt: {shift_mm:.0} mm längs des Bettes, und mindestens {kept:.0} % Ihres Gewichts blieben darauf."
                    ),
                );
                (
                    words,
                    Words::both(
                        "Lie still and scan again.",
                        "Liegen Sie still und lassen Sie noch einmal abtasten.",
                    ),
                )
            }
            Refusal::OffCentre { aside_mm } => off_centre(aside_mm),
            Refusal::TooShort { end, missing_mm } => too_short(end, missing_mm),
            Refusal::ContactLost { share } => {
                let touched = 100.0 * share;
                let words = Words::both(
                    format!("The rollers lost contact: they touched your back on {touched:.0} % of the way."),
                    format!(
                        "Die Rollen haben Ihren Rücken verloren: Sie berührten ihn nur auf {touched:.0} % des Weges."
                    ),
                );
                (words, lie_down())
            }
            Refusal::PoorFit { misfit } => {
                let [times_en, times_de] = Language::ALL.map(|language| language.number(misfit, 1));
                let words = Words::both(
                    format!("The readings do not look like a back: {times_en} times the expected misfit."),
                    format!(
                        "Die Messwerte sehen nicht nach einem Rücken aus: Sie weichen {times_de}-mal so weit ab wie erwartet."
                    ),
                );
                (words, lie_down())
            }
        };
        Self { words, way_out }
    }

    /// A scan that took too long.
    pub(super) fn unending() -> Self {
        let words =
            Words::both("The scan did not come to its end.", "Das Abtasten kam nicht zu seinem Ende.");
        Self { words, way_out: lie_down() }
    }

    /// Reason and way out.
    #[must_use]
    pub fn both(&self) -> Words {
        Words::joined([&self.words, &self.way_out], " ")
    }
}

fn lie_down() -> Words {
    Words::both(
        "Lie down again with your shoulders at the mark, and hold still during the scan.",
        "Legen Sie sich noch einmal hin, die Schultern an der Marke, und liegen Sie beim Abtasten still.",
    )
}

fn nobody(weight_n: Option<f64>, touched_mm: f64) -> Words {
    let (weight_en, weight_de) = weight_n.map_or_else(Default::default, |weight| {
        (format!("{weight:.0} N on it, "), format!("{weight:.0} N darauf, "))
    });
    Words::both(
        format!("Nobody lies on the bed: {weight_en}{touched_mm:.0} mm of a back touched."),
        format!("Es liegt niemand auf dem Bett: {weight_de}{touched_mm:.0} mm eines Rückens berührt."),
    )
}

fn off_centre(aside_mm: f64) -> (Words, Words) {
    let (left, right) = (("left", "links"), ("right", "rechts"));
    let (is, to) = if aside_mm > 0.0 { (left, right) } else { (right, left) };
    let mm = aside_mm.abs();
    (
        Words::both(format!("You lie too far to the {}.", is.0), format!("Sie liegen zu weit {}.", is.1)),
        Words::both(
            format!("Move {mm:.0} mm to your {} and scan again.", to.0),
            format!("Rücken Sie {mm:.0} mm nach {} und lassen Sie noch einmal abtasten.", to.1),
        ),
    )
}

fn too_short(end: End, missing_mm: f64) -> (Words, Words) {
    let ((en, de), (way_en, way_de)) = match end {
        End::Neck => (("neck", "den Nacken"), ("foot end", "Fußende")),
        End::Sacrum => (("sacrum", "das Kreuzbein"), ("head end", "Kopfende")),
    };
    (
        Words::both(
            format!("The scan was too short: it missed the {en} by {missing_mm:.0} mm."),
            format!("Der Weg beim Abtasten war zu kurz: Er hat {de} um {missing_mm:.0} mm verfehlt."),
        ),
        Words::both(
            format!("Lie further to the {way_en}."),
            format!("Legen Sie sich weiter zum {way_de} hin."),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_a_scan_says_why_and_what_to_do_in_both_languages() {
        let refusals = [
            Refusal::NobodyThere { weight_n: Some(12.4), touched_mm: 80.2 },
            Refusal::NobodyThere { weight_n: None, touched_mm: 0.0 },
            Refusal::Moved { shift_mm: -31.4, weight_share: 0.42 },
            Refusal::OffCentre { aside_mm: 31.0 },
            Refusal::OffCentre { aside_mm: -31.0 },
            Refusal::TooShort { end: End::Neck, missing_mm: 22.0 },
            Refusal::TooShort { end: End::Sacrum, missing_mm: 22.0 },
            Refusal::ContactLost { share: 0.61 },
            Refusal::PoorFit { misfit: 3.25 },
        ];
        for unread in refusals.iter().map(Unread::of).chain([Unread::unending()]) {
            for words in [&unread.words, &unread.way_out, &unread.both()] {
                assert!(words.complete() && words.en != words.de, "{words:?}");
                assert!(words.en.ends_with('.') && words.de.ends_with('.'), "{words:?}");
                assert!(![&words.en, &words.de].iter().any(|text| text.contains(['—', '{'])), "{words:?}");
            }
        }
        let off = Unread::of(&refusals[3]);
        assert!(off.way_out.en.contains("31 mm to your right"), "{off:?}");
        assert!(off.way_out.de.contains("31 mm nach rechts"), "{off:?}");
        assert!(Unread::of(&refusals[8]).words.de.contains("3,2"));
    }
}
