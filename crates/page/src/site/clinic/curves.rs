//! Two spines over each other, each with what holds its levels' heights nine times in ten. Head to the left; along the
//! bed and across each have a scale of their own, with a bar.

use care::Language;
use host::course::Spot;
use maud::{Markup, html};

use super::plot::px;
use crate::guide::say;

/// Width and height of a drawing, drawing units. Design.
const SIZE: (f64, f64) = (720.0, 280.0);
const MARGIN: f64 = 24.0;
/// Across the bed is drawn at most so many times larger than along it. Design: curves are flat.
const LARGER_MAX: f64 = 4.0;

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// From millimetres to the drawing.
struct Map {
    head: f64,
    high: f64,
    along: f64,
    up: f64,
}

impl Map {
    fn of(spines: &[Vec<Spot>; 2]) -> Self {
        let (head, foot) = ends(spines.iter().flatten().map(|spot| spot.along_mm));
        let reach = |spot: &Spot| [spot.up_mm - spot.half90_mm, spot.up_mm + spot.half90_mm];
        let (low, high) = ends(spines.iter().flatten().flat_map(reach));
        let along = (SIZE.0 - 2.0 * MARGIN) / (foot - head).max(1.0);
        let up = ((SIZE.1 - 3.5 * MARGIN) / (high - low).max(1.0)).min(LARGER_MAX * along);
        // What is flat lies in the middle.
        let spare = SIZE.1 - 3.5 * MARGIN - (high - low) * up;
        Self { head, high: high + spare / up / 2.0, along, up }
    }

    fn x(&self, spot: &Spot) -> String {
        px(MARGIN + (spot.along_mm - self.head) * self.along)
    }

    fn y(&self, up_mm: f64) -> String {
        px(MARGIN + (self.high - up_mm) * self.up)
    }
}

/// The drawing; nothing where either has no level.
pub(in crate::site) fn drawing(spines: &[Vec<Spot>; 2], id: &str, title: &str, language: Language) -> Markup {
    if spines.iter().any(Vec::is_empty) {
        return html! {};
    }
    let map = Map::of(spines);
    let floor = SIZE.1 - MARGIN;
    let across = 20.0 * map.up;
    html! {
        figure.curves {
            figcaption { (title) }
            svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-labelledby=(format!("curve-{id}")) {
                title id=(format!("curve-{id}")) { (title) ". " (say(language, "The figures stand in the tables below.", "Die Zahlen stehen in den Tabellen darunter.")) }
                @for (spots, class) in spines.iter().zip(["one", "two-of"]) { (spine(spots, class, &map)) }
                @for spot in spines[0].iter().skip(4).step_by(2) {
                    text.middle x=(map.x(spot)) y=(px(floor - 4.0)) { (spot.name) }
                }
                line.axis x1=(px(MARGIN)) x2=(px(MARGIN + 50.0 * map.along)) y1=(px(SIZE.1 - 10.0)) y2=(px(SIZE.1 - 10.0)) {}
                text.start x=(px(MARGIN + 50.0 * map.along + 6.0)) y=(px(SIZE.1 - 5.0)) { (say(language, "50 mm along", "50 mm längs")) }
                line.axis x1="6" x2="6" y1=(px(floor - across)) y2=(px(floor)) {}
                text.start x="12" y=(px(floor - 4.0)) { (say(language, "20 mm across", "20 mm quer")) }
            }
        }
    }
}

fn spine(spots: &[Spot], class: &str, map: &Map) -> Markup {
    let way: Vec<String> =
        spots.iter().map(|spot| format!("{},{}", map.x(spot), map.y(spot.up_mm))).collect();
    html! {
        polyline class=(class) points=(way.join(" ")) {}
        @for spot in spots {
            @let x = map.x(spot);
            line class=(format!("{class} whisker")) x1=(x) x2=(x) y1=(map.y(spot.up_mm + spot.half90_mm)) y2=(map.y(spot.up_mm - spot.half90_mm)) {}
            circle class=(class) cx=(x) cy=(map.y(spot.up_mm)) r="4" {}
        }
    }
}
