//! Tension before and after: one row a level, left and right of the names, a dot with its 90 %
//! interval. 1.0 is as stiff as expected at that place.

use bed::{Level, Side, SpineScan, Tension};
use care::Language;
use maud::{Markup, html};

use super::spine_figure::diamond;
use super::svg::{self, Label, Scale, Width, px};
use super::text;

/// Height of a row on the drawing.
const ROW: f64 = 26.0;
/// Ratios beyond these are drawn at the edge.
const RATIO_MOST: f64 = 3.0;

/// The chart; nothing where no tension was measured.
pub(super) fn chart(before: &SpineScan, after: Option<&SpineScan>, language: Language) -> Markup {
    let levels: Vec<Level> = Level::ALL
        .iter()
        .copied()
        .filter(|level| {
            [Some(before), after]
                .into_iter()
                .flatten()
                .any(|scan| scan.tension.iter().any(|t| t.level == *level))
        })
        .collect();
    let words = description(before, after, language);
    let title = if after.is_some() {
        language.say("Tension before and after", "Spannung vorher und nachher")
    } else {
        language.say("Tension as found", "Spannung, wie sie gefunden wurde")
    };
    let label = Label { id: "tension", title: &title, description: &words };
    html! {
        @if !levels.is_empty() {
            figure {
                (legend(after.is_some(), language))
                @for width in Width::BOTH { (drawing(&levels, (before, after), width, &label, language)) }
                figcaption {
                    (language.say(
                        "Stiffness of the muscle beside each vertebra against what is expected there: 1.0 is as expected, more is tenser. Bars are 90 % intervals. Tense means that a place stands out from the muscle around it by more than healthy backs do in nine scans of ten.",
                        "Wie fest der Muskel neben jedem Wirbel ist, verglichen mit dem, was dort zu erwarten ist: 1,0 ist wie erwartet, mehr ist fester. Die Balken gelten in neun von zehn Fällen. Verspannt heißt, dass eine Stelle sich vom Muskel um sie herum stärker abhebt, als es bei gesunden Rücken in neun von zehn Messungen vorkommt.",
                    ))
                }
            }
        }
    }
}

fn description(before: &SpineScan, after: Option<&SpineScan>, language: Language) -> String {
    let said = |scan: &SpineScan| match text::list(&text::tense(scan, language), 8, language).as_str() {
        "" => {
            language.say("no place clearly tenser than expected", "keine Stelle deutlich fester als erwartet")
        }
        places => language
            .say("tenser than expected at {}", "fester als erwartet bei {}")
            .replace("{}", places)
            .into(),
    };
    let then = after.map(|scan| language.say(" Afterwards: {}.", " Nachher: {}.").replace("{}", &said(scan)));
    let all = language.say(
        "Per level, left and right. Before: {}.{then} All values stand in the table below.",
        "Je Wirbel, links und rechts. Vorher: {}.{then} Alle Werte stehen in der Tabelle darunter.",
    );
    all.replace("{}", &said(before)).replace("{then}", &then.unwrap_or_default())
}

fn legend(after: bool, language: Language) -> Markup {
    html! {
        ul.legend {
            li { svg.key viewBox="0 0 20 12" aria-hidden="true" { circle.before cx="10" cy="6" r="4" {} } (language.say("before", "vorher")) }
            li { svg.key viewBox="0 0 20 12" aria-hidden="true" { (diamond("tense", (10.0, 6.0), 5.0)) } (language.say("tense", "verspannt")) }
            @if after {
                li { svg.key viewBox="0 0 20 12" aria-hidden="true" { circle.after cx="10" cy="6" r="3.5" {} } (language.say("after", "nachher")) }
            }
        }
    }
}

/// The range of ratios to draw: around 1.0, no wider than needed.
fn ratios(before: &SpineScan, after: Option<&SpineScan>) -> (f64, f64) {
    let all = [Some(before), after].into_iter().flatten().flat_map(|scan| &scan.tension);
    let (lo, hi) = svg::range(all.flat_map(|t| [t.lo90, t.ratio, t.hi90])).unwrap_or((1.0, 1.0));
    ((lo - 0.05).clamp(0.0, 0.6), (hi + 0.05).clamp(1.5, RATIO_MOST))
}

fn drawing(
    levels: &[Level],
    (before, after): (&SpineScan, Option<&SpineScan>),
    width: Width,
    label: &Label<'_>,
    language: Language,
) -> Markup {
    let (lo, hi) = ratios(before, after);
    let (centre, gutter, margin) = (width.px() / 2.0, 24.0, 10.0);
    let top = 26.0;
    let bottom = top + levels.len() as f64 * ROW;
    let panels = [
        (Side::Left, Scale::new(lo, hi, margin, centre - gutter)),
        (Side::Right, Scale::new(lo, hi, centre + gutter, width.px() - margin)),
    ];
    svg::drawing(
        label,
        width,
        bottom + 26.0,
        &html! {
            @for (index, level) in levels.iter().enumerate() {
                @let y = top + (index as f64 + 0.5) * ROW;
                @if index % 2 == 0 {
                    rect.stripe x="0" y=(px(y - ROW / 2.0)) width=(px(width.px())) height=(px(ROW)) {}
                }
                (svg::words("middle level", (centre, y + 4.0), level.name()))
            }
            @for (side, scale) in &panels {
                (axis(*side, scale, (lo, hi), (top, bottom), language))
                @for (index, level) in levels.iter().enumerate() {
                    @let y = top + (index as f64 + 0.5) * ROW;
                    @let shift = if after.is_some() { 5.0 } else { 0.0 };
                    @if let Some(tension) = at(before, *level, *side) { (mark(tension, scale, y - shift, true)) }
                    @if let Some(tension) = after.and_then(|scan| at(scan, *level, *side)) { (mark(tension, scale, y + shift, false)) }
                }
            }
        },
    )
}

fn at(scan: &SpineScan, level: Level, side: Side) -> Option<&Tension> {
    scan.tension.iter().find(|tension| tension.level == level && tension.side == side)
}

fn axis(side: Side, scale: &Scale, range: (f64, f64), rows: (f64, f64), language: Language) -> Markup {
    html! {
        @for tick in svg::ticks(range.0, range.1, 4) {
            @if let Some(x) = scale.at(tick) {
                @let expected = (tick - 1.0).abs() < 1e-6;
                (svg::line(if expected { "expected" } else { "grid" }, (x, rows.0), (x, rows.1)))
                (svg::words("middle soft", (x, rows.1 + 17.0), &text::number(tick, 1, language)))
            }
        }
        @if let Some(x) = scale.at(1.0) {
            (svg::line("expected", (x, rows.0), (x, rows.1)))
            (svg::words("middle side", (x, 15.0), &text::side(side, language)))
        }
    }
}

fn mark(tension: &Tension, scale: &Scale, y: f64, before: bool) -> Markup {
    let class = match (before, tension.tense) {
        (true, true) => "tense",
        (true, false) => "before",
        (false, _) => "after",
    };
    html! {
        @if let (Some(lo), Some(hi)) = (scale.at(tension.lo90), scale.at(tension.hi90)) {
            (svg::line(&format!("{class} interval"), (lo, y), (hi, y)))
        }
        @if let Some(x) = scale.at(tension.ratio) {
            @match class {
                "tense" => { (diamond(class, (x, y), 5.5)) }
                "after" if tension.tense => {
                    (diamond("after", (x, y), 4.8))
                }
                "before" => { circle class=(class) cx=(px(x)) cy=(px(y)) r="4" {} }
                _ => { circle class=(class) cx=(px(x)) cy=(px(y)) r="3.5" {} }
            }
        }
    }
}
