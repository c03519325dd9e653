//! Plots of a course: one small panel a quantity, all over the same days.
//!
//! Shaded is where a value is no change from the first stretch; the bars at both ends are the stretches' medians; the
//! triangles below are sessions. Drawn as SVG with the names of roles for colours, so that it follows light, dark and
//! paper. Days without a value are gaps in the row of dots: no line is drawn across them, only between scans.

use care::{Day, Language};
use host::course::{Course, Line, Point, Quantity};
use maud::{Markup, html};

use crate::guide::say;

/// Width and height of a panel, drawing units, which are pixels at full size.
const SIZE: (f64, f64) = (360.0, 180.0);
/// Where the plane lies in it: left, top, right, bottom.
const PLANE: (f64, f64, f64, f64) = (46.0, 10.0, 352.0, 142.0);

/// From values to places.
struct Plane {
    days: (f64, f64),
    values: (f64, f64),
}

impl Plane {
    fn x(&self, day: f64) -> f64 {
        PLANE.0 + (PLANE.2 - PLANE.0) * ((day - self.days.0) / (self.days.1 - self.days.0)).clamp(0.0, 1.0)
    }

    fn y(&self, value: f64) -> f64 {
        PLANE.3
            - (PLANE.3 - PLANE.1)
                * ((value - self.values.0) / (self.values.1 - self.values.0)).clamp(0.0, 1.0)
    }
}

/// A coordinate with one place.
pub(in crate::site) fn px(value: f64) -> String {
    format!("{:.1}", if value.is_finite() { value } else { 0.0 })
}

/// All panels, in the order in which a course is read.
pub(super) fn panels(course: &Course, language: Language) -> Markup {
    let Some((from, to)) = course.days() else { return html! {} };
    let days = (f64::from(from.0) - 1.0, f64::from(to.0.max(from.0 + 6)) + 1.0);
    let spasms: Vec<Day> = course.line(Quantity::Spasms).points.iter().map(|point| point.day).collect();
    let visits: Vec<Day> = course.doses.iter().map(|point| point.day).collect();
    let shown =
        course.lines.iter().filter(|line| line.quantity != Quantity::Spasms && !line.points.is_empty());
    html! {
        div.panels {
            @for line in shown {
                @let shaded: &[Day] = if line.quantity == Quantity::Pain { &spasms } else { &[] };
                (panel(line, days, &visits, shaded, language))
            }
            @if !course.doses.is_empty() { (dose(&course.doses, days, language)) }
        }
        p.quiet {
            (say(language,
                "Shaded across: no change beyond what matters, from the first stretch. Thick bars: medians of the first and the last stretch. Triangles: sessions. Shaded upright, with pain: days with a spasm. Upright lines: what holds the truth nine times in ten.",
                "Quer schattiert: keine Änderung, die zählt, vom ersten Abschnitt aus. Dicke Striche: Mediane des ersten und des letzten Abschnitts. Dreiecke: Anwendungen. Senkrecht schattiert, beim Schmerz: Tage mit Verspannung. Senkrechte Striche: Sie enthalten den wahren Wert neunmal von zehn."))
        }
    }
}

/// The range of an axis: the whole scale of what is told, else what is there with some room.
fn range(line: &Line) -> (f64, f64) {
    match line.quantity {
        Quantity::Pain => (0.0, 10.0),
        Quantity::Function => (0.0, 24.0),
        _ => {
            let ends = |point: &Point| {
                let (low, high) = point.interval.unwrap_or((point.value, point.value));
                [low.min(point.value), high.max(point.value)]
            };
            let band = line.band().into_iter().flat_map(|(low, high)| [low.unwrap_or(high), high]);
            wide(line.points.iter().flat_map(ends).chain(band))
        }
    }
}

/// What is there, with some room.
fn wide(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.08).max(0.05);
    (low - room, high + room)
}

fn panel(line: &Line, days: (f64, f64), visits: &[Day], spasms: &[Day], language: Language) -> Markup {
    let plane = Plane { days, values: range(line) };
    let quantity = line.quantity;
    let title = format!("{}, {}", quantity.name().of(language), quantity.unit().of(language));
    let ends = line.ends.into_iter().flat_map(|(first, last)| [first, last]);
    let inner = html! {
        @for day in spasms {
            @let (left, right) = (plane.x(f64::from(day.0) - 0.5), plane.x(f64::from(day.0) + 0.5));
            rect.spasm x=(px(left)) y=(px(PLANE.1)) width=(px(right - left)) height=(px(PLANE.3 - PLANE.1)) {}
        }
        @if let Some((low, high)) = line.band() {
            @let (top, bottom) = (plane.y(high), plane.y(low.unwrap_or(plane.values.0)));
            rect.band x=(px(PLANE.0)) y=(px(top)) width=(px(PLANE.2 - PLANE.0)) height=(px(bottom - top)) {}
        }
        (marks(&plane, &line.points, quantity.is_scanned()))
        @for stretch in ends {
            @let y = px(plane.y(stretch.value));
            @let (from, to) = (plane.x(f64::from(stretch.from.0) - 0.5), plane.x(f64::from(stretch.to.0) + 0.5));
            line.stretch x1=(px(from)) x2=(px(to.max(from + 8.0))) y1=(y) y2=(y) {}
        }
    };
    let said = match line.figures() {
        Some(figures) => format!(
            "{}. {}: {}",
            figures.of(language),
            line.verdict.words().of(language),
            line.why().of(language)
        ),
        None => format!("{}: {}", line.verdict.words().of(language), line.why().of(language)),
    };
    figure(&title, &said, quantity.code(), &plane, visits, &inner, language)
}

fn dose(points: &[Point], days: (f64, f64), language: Language) -> Markup {
    let most = points.iter().map(|point| point.value).fold(1.0, f64::max);
    let plane = Plane { days, values: (0.0, most * 1.08) };
    let title = say(language, "Heat dose of each session, CEM43", "Wärmedosis jeder Anwendung, CEM43");
    let inner = html! {
        @for point in points {
            @let (x, y) = (plane.x(f64::from(point.day.0)), plane.y(point.value));
            line.whisker x1=(px(x)) x2=(px(x)) y1=(px(PLANE.3)) y2=(px(y)) {}
            circle.value cx=(px(x)) cy=(px(y)) r="3" {}
        }
    };
    let said = format!("{} {}", points.len(), say(language, "sessions", "Anwendungen"));
    let visits: Vec<Day> = points.iter().map(|point| point.day).collect();
    figure(&title, &said, "dose", &plane, &visits, &inner, language)
}

/// Dots; between scans, which lie days apart, a thin line, and whiskers.
fn marks(plane: &Plane, points: &[Point], scanned: bool) -> Markup {
    let at = |point: &Point| (plane.x(f64::from(point.day.0)), plane.y(point.value));
    let way: Vec<String> = points
        .iter()
        .map(|point| {
            let (x, y) = at(point);
            format!("{},{}", px(x), px(y))
        })
        .collect();
    html! {
        @if scanned && points.len() > 1 { polyline.way points=(way.join(" ")) {} }
        @for point in points {
            @let (x, y) = at(point);
            @if let Some((low, high)) = point.interval {
                line.whisker x1=(px(x)) x2=(px(x)) y1=(px(plane.y(low))) y2=(px(plane.y(high))) {}
            }
            circle.value cx=(px(x)) cy=(px(y)) r=(if scanned { "3.5" } else { "2.5" }) {}
        }
    }
}

/// Round values over a range, two to four of them, and how many places they need.
fn ticks((low, high): (f64, f64)) -> (Vec<f64>, usize) {
    let least = (high - low) / 3.0;
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power);
    // Room for rounding: an end that is round is a tick.
    let (from, to) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    let places = (-step.log10().floor()).max(0.0) as usize;
    ((from..=to).map(|index| index as f64 * step).collect(), places)
}

fn figure(
    title: &str,
    said: &str,
    id: &str,
    plane: &Plane,
    visits: &[Day],
    inner: &Markup,
    language: Language,
) -> Markup {
    let (heights, places) = ticks(plane.values);
    let number = |value: f64| {
        let text = format!("{:.places$}", value + 0.0).replace('-', "−");
        if language == Language::German { text.replace('.', ",") } else { text }
    };
    let (first, last) = (Day(plane.days.0 as u32 + 1), Day(plane.days.1 as u32 - 1));
    html! {
        figure {
            figcaption { (title) }
            svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-labelledby=(format!("plot-{id}-title plot-{id}-said")) {
                title id=(format!("plot-{id}-title")) { (title) }
                desc id=(format!("plot-{id}-said")) { (said) }
                @for value in heights {
                    @let y = plane.y(value);
                    line.rule x1=(px(PLANE.0)) x2=(px(PLANE.2)) y1=(px(y)) y2=(px(y)) {}
                    text.end x=(px(PLANE.0 - 5.0)) y=(px(y + 5.0)) { (number(value)) }
                }
                (inner)
                line.axis x1=(px(PLANE.0)) x2=(px(PLANE.2)) y1=(px(PLANE.3)) y2=(px(PLANE.3)) {}
                @for day in visits {
                    @let x = plane.x(f64::from(day.0));
                    path.visit d=(format!("M{} {}l4 8h-8z", px(x), px(PLANE.3 + 2.0))) {}
                }
                text.start x=(px(PLANE.0)) y=(px(SIZE.1 - 6.0)) { (first) }
                text.end x=(px(PLANE.2)) y=(px(SIZE.1 - 6.0)) { (last) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_round_and_few() {
        for (range, expected, places) in [
            ((0.0, 10.0), vec![0.0, 5.0, 10.0], 0),
            ((0.0, 24.0), vec![0.0, 10.0, 20.0], 0),
            ((10.8, 57.7), vec![20.0, 40.0], 0),
            ((1.05, 1.15), vec![1.05, 1.1, 1.15], 2),
        ] {
            let (found, of) = ticks(range);
            assert_eq!((found.len(), of), (expected.len(), places), "{range:?}: {found:?}");
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        }
    }
}
