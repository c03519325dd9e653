//! Force, place and temperature over time. However long the session, each line is drawn with a fixed
//! number of points: the mean of each slice of time, with a soft band from its least to its greatest
//! value, so that no peak is lost.

use care::Language;
use maud::{Markup, html};

use super::svg::{self, Label, Scale, Width};
use super::{Content, text};
use crate::session::trace::Trace;

/// Height of a panel's plot on the drawing.
const PLOT: f64 = 170.0;
/// Height of a panel that stands beside others of its kind.
const PLOT_LOW: f64 = 84.0;
/// How many colours the style sheet has for lines.
const SERIES: usize = 8;
/// Room left of the plot for the numbers of the axis.
const LEFT: f64 = 40.0;
/// Room right of the plot.
const RIGHT: f64 = 10.0;

/// One slice of time of one line.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slice {
    time_s: f64,
    least: f64,
    mean: f64,
    most: f64,
}

/// One line of a panel.
struct Line {
    name: String,
    class: String,
    /// Value of each sample; `None` where there is none.
    values: Vec<Option<f64>>,
    /// Whether the area below is filled instead of drawing a band.
    filled: bool,
}

/// A line across a panel.
struct Across {
    value: f64,
    words: String,
    class: &'static str,
}

/// One plot over time.
struct Panel {
    id: String,
    title: String,
    unit: &'static str,
    lines: Vec<Line>,
    across: Vec<Across>,
    range: (f64, f64),
    /// Height of the plot on the drawing.
    plot: f64,
    /// Whether the axis shows round numbers; else only the lines across are named.
    numbered: bool,
    caption: String,
}

/// All panels; a sentence where nothing was recorded.
pub(super) fn panels(content: &Content, language: Language) -> Markup {
    let trace = &content.trace;
    let span =
        svg::range(trace.time_s.iter().copied()).filter(|(from, to)| to - from > 1e-6 && to - from < 1e7);
    let Some(span) = span else {
        return html! { p.quiet { (language.say("No force, place or temperature was recorded.", "Kraft, Ort und Temperatur sind nicht verzeichnet.")) } };
    };
    let panels = force(trace, language)
        .into_iter()
        .chain(heads(trace, language))
        .chain(place(content, language))
        .chain(surfaces(content, language));
    html! {
        @for panel in panels { (figure(&panel, trace, span, content, language)) }
    }
}

fn finite(column: &[f64]) -> Vec<Option<f64>> {
    column.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect()
}

fn line(name: &str, class: &str, values: Vec<Option<f64>>) -> Line {
    Line { name: name.to_owned(), class: class.to_owned(), values, filled: false }
}

/// Least and greatest value of all lines.
fn reach(lines: &[Line]) -> Option<(f64, f64)> {
    svg::range(lines.iter().flat_map(|line| line.values.iter().flatten().copied()))
}

/// Force of all heads together against what was asked for.
fn force(trace: &Trace, language: Language) -> Option<Panel> {
    let total = (0..trace.time_s.len()).map(|index| {
        let heads = trace.force_n.iter().filter_map(|head| head.get(index).filter(|n| n.is_finite()));
        heads.fold(None, |sum: Option<f64>, head| Some(sum.unwrap_or(0.0) + head))
    });
    let mut asked = line(&language.say("asked for", "angefordert"), "asked", finite(&trace.asked_n));
    asked.filled = true;
    let lines = vec![asked, line(&language.say("measured", "gemessen"), "measured", total.collect())];
    let most = reach(&lines)?.1;
    Some(Panel {
        id: "force".to_owned(),
        title: language.say("Force of both heads together", "Kraft beider Rollen zusammen").into_owned(),
        unit: "N",
        lines,
        across: Vec::new(),
        range: (0.0, (most * 1.08).max(20.0)),
        plot: PLOT,
        numbered: true,
        caption: language.say("What was asked for, and what the bed measured. The soft band holds the least and greatest reading.", "Was angefordert war und was das Bett gemessen hat. Das helle Band reicht vom kleinsten bis zum größten Messwert.").into_owned(),
    })
}

/// Names of the heads' panels: left and right on each carriage in turn.
fn head_title(index: usize, heads: usize, language: Language) -> String {
    let title = if index.is_multiple_of(2) {
        language.say("Force of the left head", "Kraft der linken Rolle")
    } else {
        language.say("Force of the right head", "Kraft der rechten Rolle")
    };
    if heads <= 2 {
        return title.into_owned();
    }
    format!("{title}, {} {}", language.say("carriage", "Schlitten"), index / 2 + 1)
}

/// Force of each head, a low panel each; none where there is but one force.
fn heads(trace: &Trace, language: Language) -> Vec<Panel> {
    let heads = trace.force_n.len();
    if heads < 2 {
        return Vec::new();
    }
    let measured = language.say("measured", "gemessen");
    let all: Vec<Line> = trace
        .force_n
        .iter()
        .enumerate()
        .map(|(index, head)| line(&measured, &format!("series{}", index % SERIES), finite(head)))
        .collect();
    let Some((_, most)) = reach(&all) else { return Vec::new() };
    let panel = |(index, line): (usize, Line)| Panel {
        id: format!("head{index}"),
        title: head_title(index, heads, language),
        unit: "N",
        lines: vec![line],
        across: Vec::new(),
        range: (0.0, (most * 1.08).max(20.0)),
        plot: PLOT_LOW,
        numbered: true,
        caption: String::new(),
    };
    all.into_iter().enumerate().map(panel).collect()
}

/// Place of the carriages along the spine.
fn place(content: &Content, language: Language) -> Option<Panel> {
    let carriages = &content.trace.carriage_mm;
    let lines: Vec<Line> = carriages
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let carriage = language.say("carriage", "Schlitten");
            let name = if carriages.len() == 1 {
                carriage.into_owned()
            } else {
                format!("{carriage} {}", index + 1)
            };
            line(&name, &format!("series{}", index % SERIES), finite(column))
        })
        .collect();
    let levels = content.before.iter().flat_map(|scan| &scan.levels);
    let across: Vec<Across> = levels
        .filter(|level| level.x_mm.is_finite())
        .map(|level| Across { value: level.x_mm, words: level.level.name().to_owned(), class: "grid" })
        .collect();
    let (lo, hi) = reach(&lines)?;
    let (lo, hi) = across.iter().fold((lo, hi), |(lo, hi), level| (lo.min(level.value), hi.max(level.value)));
    let numbered = across.is_empty();
    Some(Panel {
        id: "place".to_owned(),
        title: language.say("Place along the spine", "Ort an der Wirbelsäule").into_owned(),
        unit: if numbered { "mm" } else { "" },
        lines,
        across,
        // Downwards to the feet, as the spine stands on the page.
        range: (hi + 20.0, lo - 20.0),
        plot: PLOT,
        numbered,
        caption: if numbered {
            language.say("Along the bed, head at the top.", "Längs des Bettes, Kopf oben.")
        } else {
            language.say(
                "Head at the top. Below the last vertebra the carriage stands at its park.",
                "Kopf oben. Unter dem letzten Wirbel steht der Schlitten auf seinem Ruheplatz.",
            )
        }
        .into_owned(),
    })
}

/// Surfaces, their targets, and the limits.
fn surfaces(content: &Content, language: Language) -> Option<Panel> {
    let trace = &content.trace;
    let mut lines = Vec::new();
    for (zone, column) in trace.surface_c.iter().enumerate() {
        let name = content.zones.get(zone).map(|zone| zone.of(language).clone());
        let name = name.unwrap_or_else(|| format!("{} {}", language.say("zone", "Zone"), zone + 1));
        lines.push(line(&name, &format!("series{}", zone % SERIES), finite(column)));
        if let Some(target) = trace.target_c.get(zone) {
            // Zero stands for a zone that is off.
            let values = finite(target).into_iter().map(|value| value.filter(|c| *c > 0.0)).collect();
            lines.push(line("", &format!("series{} target", zone % SERIES), values));
        }
    }
    let (lo, hi) = reach(&lines)?;
    let across: Vec<Across> = content
        .surface_lines
        .iter()
        .filter(|line| line.value_c.is_finite())
        .map(|line| Across {
            value: line.value_c,
            words: format!("{} °C {}", text::short(line.value_c, language), line.words.of(language)),
            class: "limit",
        })
        .collect();
    let hi = across.iter().fold(hi, |hi, line| hi.max(line.value));
    Some(Panel {
        id: "surfaces".to_owned(),
        title: language.say("Temperature of the surfaces", "Temperatur der Oberflächen").into_owned(),
        unit: "°C",
        lines,
        across,
        range: (lo - 1.0, hi + 2.0),
        plot: PLOT,
        numbered: true,
        caption: language.say("Surfaces of the bed as measured, not skin. Thin dashes: target. Red dashes: limits; the bed keeps skin below its limits by a bound worked out from these surfaces.", "Oberflächen des Bettes, wie gemessen, nicht die Haut. Dünn gestrichelt: Ziel. Rot gestrichelt: Grenzen; das Bett hält die Haut darunter, mit einer Obergrenze, die aus diesen Oberflächen gerechnet ist.").into_owned(),
    })
}

fn figure(panel: &Panel, trace: &Trace, span: (f64, f64), content: &Content, language: Language) -> Markup {
    let words = describe(panel, language);
    let label = Label { id: &panel.id, title: &panel.title, description: &words };
    html! {
        figure {
            h3 { (panel.title) @if !panel.unit.is_empty() { ", " (panel.unit) } }
            @if panel.lines.len() > 1 {
                ul.legend {
                    @for line in panel.lines.iter().filter(|line| !line.name.is_empty()) {
                        li {
                            svg.key viewBox="0 0 20 12" aria-hidden="true" {
                                @if line.filled { rect class=(format!("{} area", line.class)) x="1" y="1" width="18" height="10" {} }
                                @else { path class=(format!("{} trace", line.class)) d="M1 6H19" {} }
                            }
                            (line.name)
                        }
                    }
                }
            }
            @for width in Width::BOTH { (drawing(panel, (trace, span), width, &label, content, language)) }
            @if !panel.caption.is_empty() { figcaption { (panel.caption) } }
        }
    }
}

fn describe(panel: &Panel, language: Language) -> String {
    let parts: Vec<String> = panel
        .lines
        .iter()
        .filter(|line| !line.name.is_empty())
        .filter_map(|line| {
            let (lo, hi) = svg::range(line.values.iter().flatten().copied())?;
            let unit = if panel.unit.is_empty() { "mm" } else { panel.unit };
            let (lo, hi) = (text::short(lo, language), text::short(hi, language));
            let en = format!("{} between {lo} and {hi} {unit}", line.name);
            Some(language.say(&en, &format!("{} zwischen {lo} und {hi} {unit}", line.name)).into_owned())
        })
        .collect();
    let over = language.say("Over the time of the session", "Über die Zeit der Anwendung");
    format!("{over}: {}.", parts.join("; "))
}

fn drawing(
    panel: &Panel,
    (trace, span): (&Trace, (f64, f64)),
    width: Width,
    label: &Label<'_>,
    content: &Content,
    language: Language,
) -> Markup {
    let (top, bottom) = (8.0, 8.0 + panel.plot);
    let right = width.px() - RIGHT;
    let time = Scale::new(0.0, span.1 - span.0, LEFT, right);
    let value = Scale::new(panel.range.0, panel.range.1, bottom, top);
    let slices = if width == Width::Wide { 360 } else { 180 };
    svg::drawing(
        label,
        width,
        bottom + 34.0,
        &html! {
            (axes(panel, &value, (LEFT, right), language))
            (minutes(span.1 - span.0, &time, (top, bottom), width, language))
            @for fault in &content.faults {
                @if let Some(x) = Some(fault.time_s - span.0).filter(|t| *t >= 0.0).and_then(|t| time.at(t)) {
                    (svg::line("fault", (x, top), (x, bottom)))
                }
            }
            @for line in &panel.lines {
                (curve(line, &slice(&trace.time_s, &line.values, span, slices), &time, &value, (span.0, bottom)))
            }
            (limits(panel, &value, (LEFT, right)))
        },
    )
}

fn axes(panel: &Panel, value: &Scale, across: (f64, f64), language: Language) -> Markup {
    let (lo, hi) = (panel.range.0.min(panel.range.1), panel.range.0.max(panel.range.1));
    let mut last = f64::NEG_INFINITY;
    // Names that would touch the one above are left out.
    let named = panel.across.iter().filter(|line| line.class == "grid").filter_map(|line| {
        let y = value.at(line.value)?;
        let shown = y - last >= 13.0;
        if shown {
            last = y;
        }
        shown.then(|| (y, line.words.clone()))
    });
    let named: Vec<(f64, String)> = named.collect();
    html! {
        @if panel.numbered {
            @for tick in svg::ticks(lo, hi, if panel.plot < PLOT { 3 } else { 6 }) {
                @if let Some(y) = value.at(tick) {
                    (svg::line("grid", (across.0, y), (across.1, y)))
                    (svg::words("end soft", (across.0 - 6.0, y + 4.0), &text::short(tick, language)))
                }
            }
        }
        @for (y, words) in &named {
            (svg::line("grid", (across.0, *y), (across.1, *y)))
            (svg::words("end soft", (across.0 - 6.0, y + 4.0), words))
        }
    }
}

fn limits(panel: &Panel, value: &Scale, across: (f64, f64)) -> Markup {
    html! {
        @for line in panel.across.iter().filter(|line| line.class == "limit") {
            @if let Some(y) = value.at(line.value) {
                (svg::line("limit", (across.0, y), (across.1, y)))
                (svg::words("end limit-words", (across.1 - 4.0, y - 3.0), &line.words))
            }
        }
    }
}

fn minutes(seconds: f64, time: &Scale, rows: (f64, f64), width: Width, language: Language) -> Markup {
    let (unit, per) = if seconds > 180.0 { ("min", 60.0) } else { ("s", 1.0) };
    html! {
        (svg::line("axis", (LEFT, rows.1), (width.px() - RIGHT, rows.1)))
        @for tick in svg::ticks(0.0, seconds / per, if width == Width::Wide { 10 } else { 5 }) {
            @if let Some(x) = time.at(tick * per) {
                (svg::line("axis", (x, rows.1), (x, rows.1 + 4.0)))
                (svg::words("middle soft", (x, rows.1 + 17.0), &text::short(tick, language)))
            }
        }
        (svg::words("end soft", (width.px() - RIGHT, rows.1 + 31.0), &format!("{}, {unit}", language.say("time", "Zeit"))))
    }
}

/// Cuts a line into at most `count` slices of equal time. Slices without a value are `None`.
fn slice(time_s: &[f64], values: &[Option<f64>], span: (f64, f64), count: usize) -> Vec<Option<Slice>> {
    let samples = time_s.iter().zip(values);
    if time_s.len() <= count {
        let single = |(time, value): (&f64, &Option<f64>)| {
            value.filter(|_| time.is_finite()).map(|value| Slice {
                time_s: *time,
                least: value,
                mean: value,
                most: value,
            })
        };
        return samples.map(single).collect();
    }
    let mut sums: Vec<(f64, f64, u32, f64, f64)> =
        vec![(0.0, 0.0, 0, f64::INFINITY, f64::NEG_INFINITY); count];
    for (time, value) in samples {
        let (Some(value), true) = (value, time.is_finite()) else { continue };
        let share = ((time - span.0) / (span.1 - span.0)).clamp(0.0, 1.0);
        let cell = &mut sums[((share * count as f64) as usize).min(count - 1)];
        *cell = (cell.0 + time, cell.1 + value, cell.2 + 1, cell.3.min(*value), cell.4.max(*value));
    }
    let mean = |(time, value, n, least, most): (f64, f64, u32, f64, f64)| {
        (n > 0).then(|| Slice { time_s: time / f64::from(n), least, mean: value / f64::from(n), most })
    };
    sums.into_iter().map(mean).collect()
}

fn curve(line: &Line, slices: &[Option<Slice>], time: &Scale, value: &Scale, origin: (f64, f64)) -> Markup {
    let (start, bottom) = origin;
    let at = |slice: &Slice, level: f64| Some((time.at(slice.time_s - start)?, value.at(level)?));
    let trace = svg::path(slices.iter().map(|slice| slice.and_then(|slice| at(&slice, slice.mean))));
    let areas: String = slices
        .split(Option::is_none)
        .filter(|run| !run.is_empty())
        .map(|run| {
            let run: Vec<Slice> = run.iter().flatten().copied().collect();
            let upper = run.iter().map(|slice| at(slice, if line.filled { slice.mean } else { slice.most }));
            let lower = run.iter().rev().map(|slice| {
                if line.filled {
                    time.at(slice.time_s - start).map(|x| (x, bottom))
                } else {
                    at(slice, slice.least)
                }
            });
            let edge: Vec<Option<(f64, f64)>> = upper.chain(lower).filter(Option::is_some).collect();
            if edge.is_empty() { String::new() } else { format!("{}Z", svg::path(edge.into_iter())) }
        })
        .collect();
    let banded = line.filled || slices.iter().flatten().any(|slice| slice.most > slice.least);
    html! {
        @if banded && !line.class.contains("target") { path class=(format!("{} area", line.class)) d=(areas) {} }
        @if !line.filled { path class=(format!("{} trace", line.class)) d=(trace) {} }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_keep_the_peak_of_a_long_line() {
        let time: Vec<f64> = (0..5000).map(f64::from).collect();
        let values: Vec<Option<f64>> = (0..5000).map(|i| Some(if i == 2502 { 99.0 } else { 1.0 })).collect();
        let slices = slice(&time, &values, (0.0, 4999.0), 100);
        assert_eq!(slices.len(), 100);
        let most = svg::range(slices.iter().flatten().map(|slice| slice.most));
        assert!(most.is_some_and(|(_, hi)| (hi - 99.0).abs() < 1e-12));
    }

    #[test]
    fn a_silent_stretch_of_time_stays_empty() {
        let time: Vec<f64> = (0..1000).map(f64::from).collect();
        let values: Vec<Option<f64>> = (0..1000).map(|i| (i < 500).then_some(2.0)).collect();
        let slices = slice(&time, &values, (0.0, 999.0), 10);
        assert_eq!(slices.iter().filter(|slice| slice.is_none()).count(), 5);
    }

    #[test]
    fn four_heads_are_named_by_carriage() {
        assert_eq!(head_title(3, 4, Language::English), "Force of the right head, carriage 2");
        assert_eq!(head_title(0, 2, Language::German), "Kraft der linken Rolle");
    }
}
