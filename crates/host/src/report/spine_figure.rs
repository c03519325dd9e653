//! The spine as it was found, from the side (x-z, head to the left) and from behind (y-x, head up),
//! both with equal scales along their axes. Vertebrae are drawn schematically at the estimated
//! centres; the soft ellipse around each holds the centre nine times in ten.

use bed::{LevelEstimate, Side, SpineScan};
use care::Language;
use maud::{Markup, html};

use super::svg::{self, Label, Width, px};
use super::text;

/// Half axes of the ellipse that holds a centre nine times in ten, in standard deviations.
// Source: square root of the 0.90 quantile of chi-squared with two degrees of freedom, 4.605.
const ELLIPSE: f64 = 2.146;

/// Share of the gap between two centres that a drawn body fills.
// Guess: leaves a disc's breadth between the drawings; nothing is read off it.
const BODY_SHARE: f64 = 0.70;
/// Front-to-back depth and breadth of a drawn body, first and last level, mm.
// Guess: adult bodies grow from about 16 to 34 mm in depth, 26 to 46 mm in breadth; for looks only.
const BODY_DEPTH_MM: (f64, f64) = (17.0, 32.0);
const BODY_BREADTH_MM: (f64, f64) = (24.0, 44.0);

/// Where marks stand beside the spine if the bed does not say where its rollers are, mm.
// Source: design of the reference bed, middle of a roller from 20 to 50 mm off the midline.
const BESIDE_MM: f64 = 35.0;

/// A level whose place is a number.
fn is_placed(level: &&LevelEstimate) -> bool {
    [level.x_mm, level.y_mm, level.z_mm].iter().all(|mm| mm.is_finite() && mm.abs() < 1e5)
}

fn placed(scan: &SpineScan) -> Vec<&LevelEstimate> {
    scan.levels.iter().filter(is_placed).collect()
}

/// A standard deviation fit to be drawn, mm.
fn drawable(sd_mm: f64) -> f64 {
    if sd_mm.is_finite() { sd_mm.clamp(0.0, 200.0) } else { 0.0 }
}

/// Both views in words, for those who do not see them.
fn description(scan: &SpineScan, view: &str, language: Language) -> String {
    let number = |value: f64| text::number(value, 0, language);
    let words = language.say(
        "Levels {ends}. Length {length} mm, kyphosis {kyphosis} degrees, lordosis {lordosis} degrees, sideways {aside}. The places of all levels stand in the table below.",
        "Wirbel {ends}. Länge {length} mm, Kyphose {kyphosis} Grad, Lordose {lordosis} Grad, Abweichung zur Seite {aside}. Die Lage aller Wirbel steht in der Tabelle darunter.",
    );
    let words = words
        .replace("{ends}", &text::ends(scan, language))
        .replace("{length}", &number(scan.length_t1_l5_mm.value))
        .replace("{kyphosis}", &number(scan.kyphosis_deg.value))
        .replace("{lordosis}", &number(scan.lordosis_deg.value))
        .replace("{aside}", &text::sideways(scan.lateral_deviation_mm.value, language));
    format!("{view} {words}")
}

/// A rounded body at a place: `along` its unit direction on the drawing, `length` along it.
fn body(at: (f64, f64), along: (f64, f64), length: f64, across: f64) -> Markup {
    let turn = format!(
        "matrix({:.3} {:.3} {:.3} {:.3} {} {})",
        along.0,
        along.1,
        -along.1,
        along.0,
        px(at.0),
        px(at.1)
    );
    html! {
        rect class="vertebra" transform=(turn) x=(px(-length / 2.0)) y=(px(-across / 2.0))
            width=(px(length)) height=(px(across)) rx=(px(length.min(across) * 0.28)) {}
    }
}

/// Bodies at `points` on the drawing; sizes in drawing units grow from the first to the last.
fn bodies(points: &[(f64, f64)], across: (f64, f64)) -> Markup {
    let last = points.len().saturating_sub(1);
    html! {
        @for (index, &at) in points.iter().enumerate() {
            @let before = points[index.saturating_sub(1)];
            @let after = points[(index + 1).min(last)];
            @let (dx, dy) = (after.0 - before.0, after.1 - before.1);
            @let reach = (dx * dx + dy * dy).sqrt();
            @if reach > 1e-6 {
                @let gaps = if index == 0 || index == last { 1.0 } else { 2.0 };
                @let share = index as f64 / last.max(1) as f64;
                @let size = across.0 + share * (across.1 - across.0);
                (body(at, (dx / reach, dy / reach), BODY_SHARE * reach / gaps, size))
            }
        }
    }
}

fn ellipse(at: (f64, f64), radii: (f64, f64)) -> Markup {
    html! {
        ellipse class="doubt" cx=(px(at.0)) cy=(px(at.1)) rx=(px(radii.0)) ry=(px(radii.1)) {}
    }
}

/// A person lying on a line, head to the left, so that the drawing need not be guessed.
fn pictogram(at: (f64, f64)) -> Markup {
    html! {
        g class="pictogram" transform=(format!("translate({} {})", px(at.0), px(at.1))) {
            circle cx="6" cy="8" r="5" {}
            path d="M14 12q2-6 10-6l16 2l18 1q3 1 3 4z" {}
            path class="ground" d="M0 16h64" {}
        }
    }
}

/// The view from the person's left side: head to the left, the bed below.
pub(super) fn side_view(scan: &SpineScan, pad_top_mm: Option<f64>, language: Language) -> Markup {
    let levels = placed(scan);
    let view = language.say(
        "The spine from the side, lying on the back, head to the left, the bed below.",
        "Die Wirbelsäule von der Seite, auf dem Rücken liegend, Kopf links, das Bett unten.",
    );
    let words = description(scan, &view, language);
    let title = language.say("The spine from the side", "Die Wirbelsäule von der Seite");
    let label = Label { id: "side", title: &title, description: &words };
    html! {
        @if levels.len() > 1 {
            figure {
                @for width in Width::BOTH { (side_drawing(&levels, pad_top_mm, width, &label, language)) }
                figcaption {
                    (language.say(
                        "From the side, head to the left, lying on the back. Same scale along and across. Soft ellipses hold the centre of each vertebra nine times in ten; the bones are drawn schematically.",
                        "Von der Seite, Kopf links, auf dem Rücken liegend. Gleicher Maßstab längs und quer. In den hellen Ellipsen liegt die Mitte des Wirbels in neun von zehn Fällen; die Knochen sind nur angedeutet.",
                    ))
                }
            }
        } @else {
            p.quiet { (language.say("No level was placed, so there is nothing to draw.", "Kein Wirbel hat einen Platz, deshalb gibt es nichts zu zeichnen.")) }
        }
    }
}

fn side_drawing(
    levels: &[&LevelEstimate],
    pad: Option<f64>,
    width: Width,
    label: &Label<'_>,
    language: Language,
) -> Markup {
    let pad = pad.filter(|mm| mm.is_finite() && mm.abs() < 1e4);
    let reach_x = |level: &LevelEstimate| ELLIPSE * drawable(level.sd_x_mm);
    let reach_z = |level: &LevelEstimate| ELLIPSE * drawable(level.sd_z_mm);
    let x = svg::range(levels.iter().flat_map(|l| [l.x_mm - reach_x(l), l.x_mm + reach_x(l)]));
    let z = svg::range(
        levels.iter().flat_map(|l| [l.z_mm - reach_z(l) - 14.0, l.z_mm + reach_z(l) + 14.0]).chain(pad),
    );
    let ((x_lo, x_hi), (z_lo, z_hi)) = (x.unwrap_or((0.0, 1.0)), z.unwrap_or((0.0, 1.0)));
    let margin = 12.0;
    let scale = (width.px() - 2.0 * margin) / (x_hi - x_lo).max(1.0);
    let top = 56.0;
    let at = |x_mm: f64, z_mm: f64| (margin + (x_mm - x_lo) * scale, top + (z_hi - z_mm) * scale);
    let floor = top + (z_hi - z_lo) * scale;
    let height = floor + 46.0;
    let points: Vec<(f64, f64)> = levels.iter().map(|l| at(l.x_mm, l.z_mm)).collect();
    let line = svg::path(points.iter().copied().map(Some));
    let depth = (BODY_DEPTH_MM.0 * scale, BODY_DEPTH_MM.1 * scale);
    let right = width.px() - margin;
    svg::drawing(
        label,
        width,
        height,
        &html! {
            (pictogram((margin, 8.0)))
            (svg::words("end soft", (right, 22.0), &language.say("feet →", "Füße →")))
            (svg::words("start soft", (margin + 72.0, 22.0), &language.say("← head", "← Kopf")))
            @if let Some(pad) = pad {
                @let (_, y) = at(x_lo, pad);
                rect.pad x="0" y=(px(y)) width=(px(width.px())) height=(px((floor - y).max(0.0) + 10.0)) {}
                (svg::words("end soft", (right, y - 5.0), &language.say("bed, unloaded", "Bett, unbelastet")))
            }
            path.curve d=(line) {}
            (bodies(&points, depth))
            @for (level, &point) in levels.iter().zip(&points) {
                (ellipse(point, (reach_x(level) * scale, reach_z(level) * scale)))
                circle.centre cx=(px(point.0)) cy=(px(point.1)) r="1.8" {}
            }
            (level_names(levels, &points, width))
            (scale_bar((margin, floor + 30.0), scale))
        },
    )
}

/// Names over the bodies; on narrow drawings every other one below, where there is room for it.
fn level_names(levels: &[&LevelEstimate], points: &[(f64, f64)], width: Width) -> Markup {
    let down = |index: usize| match width {
        Width::Wide => -30.0,
        Width::Narrow if index.is_multiple_of(2) => -20.0,
        Width::Narrow => 28.0,
    };
    html! {
        @for (index, (level, point)) in levels.iter().zip(points).enumerate() {
            (svg::words("middle level", (point.0, point.1 + down(index)), level.level.name()))
        }
    }
}

/// A bar of 100 mm.
fn scale_bar(at: (f64, f64), scale: f64) -> Markup {
    let end = at.0 + 100.0 * scale;
    html! {
        (svg::line("axis", at, (end, at.1)))
        (svg::line("axis", (at.0, at.1 - 4.0), (at.0, at.1 + 4.0)))
        (svg::line("axis", (end, at.1 - 4.0), (end, at.1 + 4.0)))
        (svg::words("start soft", (end + 8.0, at.1 + 4.0), "100 mm"))
    }
}

/// The view from behind: head up, the person's left on the left, tense places marked.
pub(super) fn back_view(scan: &SpineScan, roller_reach_mm: Option<(f64, f64)>, language: Language) -> Markup {
    let levels = placed(scan);
    let view = language.say(
        "The spine from behind, head up, the person's left on the left.",
        "Die Wirbelsäule von hinten, Kopf oben, links ist links.",
    );
    let words = description(scan, &view, language);
    let title = language.say("The spine from behind", "Die Wirbelsäule von hinten");
    let label = Label { id: "back", title: &title, description: &words };
    let reach = roller_reach_mm.filter(|&(near, far)| near >= 0.0 && far > near && far < 300.0);
    html! {
        @if levels.len() > 1 {
            figure.upright {
                // Upright and narrow by nature: one drawing serves every page.
                (back_drawing(scan, &levels, reach, &label, language))
                figcaption {
                    (language.say(
                        "From behind, head up, left on the left; same scale along and across. Bars hold each place sideways nine times in ten.",
                        "Von hinten, Kopf oben, links ist links; gleicher Maßstab längs und quer. Die Querstriche zeigen die Lage zur Seite, wie sie in neun von zehn Fällen ist.",
                    ))
                    @if reach.is_some() {
                        (language.say(" Shaded: where the rollers touch.", " Getönt: wo die Rollen berühren."))
                    }
                    @if scan.tension.iter().any(|site| site.tense) {
                        (language.say(" Diamonds: muscle clearly tenser than expected.", " Rauten: Muskel deutlich fester als erwartet."))
                    }
                }
            }
        }
    }
}

/// From the bed's frame to the upright drawing.
struct Upright {
    centre: f64,
    top: f64,
    x_lo: f64,
    scale: f64,
}

impl Upright {
    fn across(&self, y_mm: f64) -> f64 {
        self.centre - y_mm * self.scale
    }

    fn down(&self, x_mm: f64) -> f64 {
        self.top + (x_mm - self.x_lo) * self.scale
    }
}

fn back_drawing(
    scan: &SpineScan,
    levels: &[&LevelEstimate],
    reach: Option<(f64, f64)>,
    label: &Label<'_>,
    language: Language,
) -> Markup {
    let (x_lo, x_hi) = svg::range(levels.iter().map(|l| l.x_mm)).unwrap_or((0.0, 1.0));
    let (top, run) = (42.0, 500.0);
    let map = Upright { centre: Width::Narrow.px() / 2.0, top, x_lo, scale: run / (x_hi - x_lo).max(1.0) };
    let points: Vec<(f64, f64)> =
        levels.iter().map(|l| (map.across(l.y_mm.clamp(-120.0, 120.0)), map.down(l.x_mm))).collect();
    let line = svg::path(points.iter().copied().map(Some));
    let breadth = (BODY_BREADTH_MM.0 * map.scale, BODY_BREADTH_MM.1 * map.scale);
    let beside = reach.map_or(BESIDE_MM, |(near, far)| f64::midpoint(near, far));
    let names = (map.across(reach.map_or(BESIDE_MM + 10.0, |(_, far)| far)) - 10.0).max(30.0);
    let (from, to) = (top - 18.0, top + run + 18.0);
    let height = to + 40.0;
    svg::drawing(
        label,
        Width::Narrow,
        height,
        &html! {
            @if let Some((near, far)) = reach {
                @for edge in [far, -near] {
                    rect.reach x=(px(map.across(edge))) y=(px(from)) width=(px((far - near) * map.scale))
                        height=(px(to - from)) rx="6" {}
                }
            }
            (svg::line("grid dashed", (map.centre, from), (map.centre, to)))
            (svg::words("middle soft", (map.across(beside), 16.0), &text::side(Side::Left, language)))
            (svg::words("middle soft", (map.across(-beside), 16.0), &text::side(Side::Right, language)))
            path.curve d=(line) {}
            (bodies(&points, breadth))
            @for (level, point) in levels.iter().zip(&points) {
                @let half = drawable(level.sd_y_mm) * 1.645 * map.scale;
                (svg::line("whisker", (point.0 - half, point.1), (point.0 + half, point.1)))
                (svg::words("end level", (names, point.1 + 4.0), level.level.name()))
            }
            @for tension in scan.tension.iter().filter(|tension| tension.tense) {
                @if let Some(level) = scan.level(tension.level).filter(is_placed) {
                    @let sign = if tension.side == Side::Left { 1.0 } else { -1.0 };
                    (diamond("tense", (map.across(sign * beside), map.down(level.x_mm)), 6.5))
                }
            }
            (scale_bar((map.across(50.0), height - 12.0), map.scale))
        },
    )
}

/// A diamond mark.
pub(super) fn diamond(class: &str, at: (f64, f64), radius: f64) -> Markup {
    let (x, y) = at;
    let corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
    html! { path class=(class) d=(format!("{}Z", svg::path(corners.into_iter().map(Some)))) {} }
}
