//! What goes with the spasms: odds ratios with their intervals on a logarithmic axis.

use care::Language;
use care::triggers::{Analysis, Association, EPISODES_MIN, Trigger, Verdict};
use plotters::style::text_anchor::HPos;

use super::ink::Ink;
use super::sheet::{Mark, Place, Plane, Sheet, Width, Words, sheet};
use super::{Plot, decimal, heading, say};

/// Odds ratios at the ends of the axis, as powers of two: from an eighth to eight. What lies beyond ends in an
/// arrow.
const ENDS: f64 = 3.0;

/// The odds ratio of each trigger for one unit more, with its 95 % interval; what cannot be judged says so.
#[must_use]
pub fn triggers(analysis: &Analysis, language: Language) -> Plot {
    let title = say(language, "What goes with my spasms", "Was mit Verspannungen einhergeht");
    let summary = summary(analysis, language);
    Plot::draw(|width| {
        let (row, top) = (width.choose(40, 76), 64);
        let height = top + row * analysis.associations.len().max(1) as i32 + 42;
        sheet(width, height, "triggers", &title, &summary, |sheet| {
            heading(sheet, &title, width);
            let place = Place {
                left: width.choose(240, 14),
                top,
                right: width.px() - width.choose(196, 14),
                bottom: height - 32,
            };
            let plane = sheet.panel(place, (-ENDS, ENDS), (0.0, 1.0));
            axis(&plane, width, language);
            for (number, association) in (0..).zip(&analysis.associations) {
                let y = top + number * row + row / 2;
                draw(sheet, &plane, place, width, y, association, language);
            }
        })
    })
}

fn axis(plane: &Plane<'_, '_>, width: Width, language: Language) {
    for (power, name) in [(-3, "⅛"), (-2, "¼"), (-1, "½"), (0, "1"), (1, "2"), (2, "4"), (3, "8")] {
        let x = f64::from(power);
        let (ink, quarters) = if power == 0 { (Ink::Soft, 6) } else { (Ink::Rule, 4) };
        plane.line(&[(x, 0.0), (x, 1.0)], ink, quarters, 1.0);
        plane.text(name, x, 0.0, (0, 14), Words::new(Ink::Soft, HPos::Center));
    }
    let (fewer, more) = width.choose(
        (
            say(language, "← fewer spasms", "← weniger Verspannungen"),
            say(language, "more spasms →", "mehr Verspannungen →"),
        ),
        (say(language, "← fewer", "← weniger"), say(language, "more →", "mehr →")),
    );
    let words = |ink, side| Words { size: 12, ..Words::new(ink, side) };
    plane.text(&fewer, 0.0, 1.0, (-10, -12), words(Ink::Calm, HPos::Right));
    plane.text(&more, 0.0, 1.0, (10, -12), words(Ink::Pain, HPos::Left));
}

fn draw(
    sheet: &Sheet<'_>,
    plane: &Plane<'_, '_>,
    place: Place,
    width: Width,
    y: i32,
    association: &Association,
    language: Language,
) {
    let name = name(&association.trigger, language);
    let value = value(association, language);
    let (ink, mark) = match association.verdict {
        Verdict::MoreSpasms => (Ink::Pain, Mark::Square),
        Verdict::FewerSpasms => (Ink::Calm, Mark::Triangle),
        _ => (Ink::Soft, Mark::Ring),
    };
    let bold = matches!(association.verdict, Verdict::MoreSpasms | Verdict::FewerSpasms);
    let line = match width {
        Width::Wide => {
            sheet.text(&name, (12, y), Words { bold, ..Words::new(Ink::Text, HPos::Left) });
            sheet.text(&value, (width.px() - 12, y), Words::new(Ink::Text, HPos::Right));
            y
        }
        Width::Narrow => {
            sheet.text(&name, (14, y - 24), Words { bold, ..Words::new(Ink::Text, HPos::Left) });
            sheet.text(&value, (width.px() - 14, y - 5), Words::new(Ink::Text, HPos::Right));
            y + 14
        }
    };
    let Some(ratio) = association.odds_ratio.or(association.low).or(association.high) else { return };
    let x = |ratio: f64| plane.pixel(ratio.log2().clamp(-ENDS, ENDS), 0.0).0;
    let low = association.low.map_or(place.left, x);
    let high = association.high.map_or(place.right, x);
    sheet.line((low, line), (high, line), ink, 9);
    let beyond = |end: Option<f64>| end.is_none_or(|ratio| ratio.log2().abs() > ENDS);
    if beyond(association.low) {
        arrow(sheet, (low, line), 5, ink);
    }
    if beyond(association.high) {
        arrow(sheet, (high, line), -5, ink);
    }
    if association.odds_ratio.is_some() {
        sheet.mark(mark, (x(ratio), line), ink);
    }
}

fn arrow(sheet: &Sheet<'_>, (x, y): (i32, i32), back: i32, ink: Ink) {
    sheet.line((x, y), (x + back, y - 5), ink, 9);
    sheet.line((x, y), (x + back, y + 5), ink, 9);
}

/// The trigger with the unit for which its ratio holds.
fn name(trigger: &Trigger, language: Language) -> String {
    match trigger {
        // Names are the person's own and may be long.
        Trigger::Strain(name) if name.chars().count() > 28 => name.chars().take(27).chain(['…']).collect(),
        Trigger::Strain(name) => name.clone(),
        Trigger::Stress => say(language, "Stress, one point more", "Stress, ein Punkt mehr"),
        Trigger::Sitting => say(language, "Sitting, one hour more", "Sitzen, eine Stunde mehr"),
        Trigger::Activity => say(language, "Activity, half an hour more", "Bewegung, halbe Stunde mehr"),
        Trigger::Sleep => say(language, "Sleep, one hour more", "Schlaf, eine Stunde mehr"),
    }
}

/// The ratio and its interval, or why there is none.
fn value(association: &Association, language: Language) -> String {
    let number =
        |value: Option<f64>, none: &str| value.map_or(none.to_owned(), |value| decimal(value, language));
    match association.verdict {
        Verdict::NotEnoughYet => {
            let (have, need) = (association.episodes, EPISODES_MIN);
            say(
                language,
                &format!("not enough yet ({have} of {need})"),
                &format!("noch zu wenig ({have} von {need})"),
            )
        }
        Verdict::NoContrast => say(language, "always the same", "immer gleich"),
        _ => {
            let low = number(association.low, "0");
            let high = number(association.high, "∞");
            let ratio = number(association.odds_ratio, "–");
            say(language, &format!("{ratio} ({low} to {high})"), &format!("{ratio} ({low} bis {high})"))
        }
    }
}

fn summary(analysis: &Analysis, language: Language) -> String {
    let mut text = say(
        language,
        "Odds of a spasm for one unit more, with the 95 % interval; 1 means no difference. What goes together is not \
         yet a cause.",
        "Chance einer Verspannung bei einer Einheit mehr, mit 95-%-Intervall; 1 heißt kein Unterschied. Was zusammen \
         auftritt, ist noch keine Ursache.",
    );
    if analysis.associations.is_empty() {
        text += &say(language, " Nothing written down yet.", " Noch nichts notiert.");
    }
    for association in &analysis.associations {
        let verdict = match association.verdict {
            Verdict::MoreSpasms => say(language, ", more spasms", ", mehr Verspannungen"),
            Verdict::FewerSpasms => say(language, ", fewer spasms", ", weniger Verspannungen"),
            Verdict::NothingClear => say(language, ", nothing clear", ", nichts Klares"),
            Verdict::NotEnoughYet | Verdict::NoContrast => String::new(),
        };
        text +=
            &format!(" {}: {}{verdict}.", name(&association.trigger, language), value(association, language));
    }
    text
}
