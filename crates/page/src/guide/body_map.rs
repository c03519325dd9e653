//! The body map: two drawn figures whose places light up with the ticks of the list below them.
//!
//! A touch on a place ticks its box, for each place is a label; no script is needed. The list below
//! holds the same places for keyboard and screen reader, so the map is hidden from those.

use std::fmt::Write as _;
use std::sync::LazyLock;

use maud::{Markup, PreEscaped, html};

/// Which side of the body a figure shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Back,
    Front,
}

/// An ellipse on a figure, in its units: 200 wide, 430 high, the middle at 100. Mirrored unless it lies
/// on the middle line.
struct Place {
    id: &'static str,
    view: View,
    at: (f64, f64),
    radii: (f64, f64),
}

const fn place(id: &'static str, view: View, at: (f64, f64), radii: (f64, f64)) -> Place {
    Place { id, view, at, radii }
}

/// Drawn by eye on the figure below; the ids are the options of the fact `regions`.
const PLACES: [Place; 26] = [
    place("head", View::Back, (100.0, 28.0), (17.0, 19.0)),
    place("neck", View::Back, (100.0, 64.0), (11.0, 10.0)),
    place("shoulder", View::Back, (135.0, 88.0), (13.0, 11.0)),
    place("upper_back", View::Back, (100.0, 98.0), (10.0, 22.0)),
    place("shoulder_blade", View::Back, (120.0, 111.0), (9.0, 15.0)),
    place("lower_back_ribs", View::Back, (100.0, 142.0), (20.0, 16.0)),
    place("flank", View::Back, (126.0, 166.0), (7.0, 13.0)),
    place("lumbar", View::Back, (100.0, 179.0), (18.0, 16.0)),
    place("sacrum", View::Back, (100.0, 208.0), (11.0, 10.0)),
    place("buttock", View::Back, (121.0, 225.0), (14.0, 13.0)),
    place("arm", View::Back, (152.0, 148.0), (9.0, 32.0)),
    place("hand", View::Back, (162.0, 222.0), (9.0, 15.0)),
    place("thigh", View::Back, (118.0, 280.0), (13.0, 30.0)),
    place("calf", View::Back, (118.0, 350.0), (11.0, 28.0)),
    place("foot", View::Back, (120.0, 408.0), (12.0, 10.0)),
    place("eyelid", View::Front, (107.0, 24.0), (5.0, 4.0)),
    place("jaw", View::Front, (100.0, 43.0), (11.0, 6.0)),
    place("chest_front", View::Front, (100.0, 108.0), (26.0, 22.0)),
    place("belly_upper", View::Front, (100.0, 154.0), (22.0, 17.0)),
    place("belly_lower", View::Front, (100.0, 192.0), (21.0, 16.0)),
    place("hip", View::Front, (132.0, 214.0), (8.0, 13.0)),
    place("groin", View::Front, (113.0, 224.0), (9.0, 9.0)),
    place("thigh", View::Front, (118.0, 280.0), (13.0, 30.0)),
    place("arm", View::Front, (152.0, 148.0), (9.0, 32.0)),
    place("hand", View::Front, (162.0, 222.0), (9.0, 15.0)),
    place("foot", View::Front, (120.0, 408.0), (12.0, 10.0)),
];

const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 430.0;

impl Place {
    /// Its centres: one, or two that mirror each other.
    fn centres(&self) -> impl Iterator<Item = (f64, f64)> {
        let (x, y) = self.at;
        let mirrored = (x > WIDTH / 2.0).then_some((WIDTH - x, y));
        std::iter::once((x, y)).chain(mirrored)
    }
}

/// The map, for the list whose boxes have the ids `regions-…`.
pub(super) fn map(back: &str, front: &str) -> Markup {
    html! {
        div.map aria-hidden="true" {
            @for (view, name) in [(View::Back, back), (View::Front, front)] {
                div.figure {
                    (PreEscaped(figure(view)))
                    @for (n, place) in PLACES.iter().enumerate().filter(|(_, place)| place.view == view) {
                        @for (side, _) in place.centres().enumerate() {
                            label for={ "regions-" (place.id) } class={ "spot spot-" (n) "-" (side) } {}
                        }
                    }
                    p { (name) }
                }
            }
        }
    }
}

fn figure(view: View) -> String {
    let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" focusable="false"><g class="body">"#);
    svg += concat!(
        r#"<ellipse cx="100" cy="29" rx="20" ry="24"/>"#,
        r#"<path d="M90 44h20v22q1 8 13 11q21 4 28 16l-15 42q-3 16-6 32q1 18 7 36q5 18 3 36h-80q-2-18 3-36q6-18 7-36q-3-16-6-32l-15-42q7-12 28-16q12-3 13-11z"/>"#,
        r#"<path class="limb" d="M58 94L47 150L39 205"/><path class="limb" d="M142 94L153 150L161 205"/>"#,
        r#"<ellipse cx="38" cy="222" rx="9" ry="15"/><ellipse cx="162" cy="222" rx="9" ry="15"/>"#,
        r#"<path d="M61 228h38l-3 70q-2 20-4 40q-1 30-4 64h-16q-3-34-4-64q-3-30-5-60z"/>"#,
        r#"<path d="M101 228h38l-2 50q-2 30-5 60q-1 30-4 64h-16q-3-34-4-64q-2-20-4-40z"/>"#,
        r#"<ellipse cx="80" cy="408" rx="13" ry="10"/><ellipse cx="120" cy="408" rx="13" ry="10"/>"#,
    );
    if view == View::Back {
        svg += r#"</g><path class="spine" d="M100 62Q96 110 100 150T100 210"/><g>"#;
    }
    for place in PLACES.iter().filter(|place| place.view == view) {
        let (rx, ry) = place.radii;
        for (cx, cy) in place.centres() {
            let _ = write!(
                svg,
                r#"<ellipse class="place place-{}" cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}"/>"#,
                place.id
            );
        }
    }
    svg + "</g></svg>"
}

/// Rules of the style sheet: where each label lies, and which places light up with which tick.
pub(super) static CSS: LazyLock<String> = LazyLock::new(|| {
    let mut css = String::new();
    for (n, place) in PLACES.iter().enumerate() {
        let (rx, ry) = place.radii;
        for (side, (x, y)) in place.centres().enumerate() {
            let _ = writeln!(
                css,
                ".spot-{n}-{side}{{left:{:.1}%;top:{:.1}%;width:{:.1}%;height:{:.1}%}}",
                100.0 * (x - rx) / WIDTH,
                100.0 * (y - ry) / HEIGHT,
                200.0 * rx / WIDTH,
                200.0 * ry / HEIGHT
            );
        }
        let id = place.id;
        let _ = writeln!(
            css,
            "form:has(#regions-{id}:checked) .place-{id}{{fill:var(--accent);fill-opacity:.85;stroke:var(--accent)}}"
        );
    }
    css
});

#[cfg(test)]
mod tests {
    use care::Kind;

    use super::PLACES;

    #[test]
    fn every_place_of_the_list_is_on_the_map_and_no_other() {
        let fact = care::facts::fact("regions").expect("the fact");
        let Kind::Many(options) = &fact.kind else { panic!("regions takes many") };
        for option in options {
            assert!(PLACES.iter().any(|place| place.id == option.id), "{}", option.id);
        }
        for place in &PLACES {
            assert!(options.iter().any(|option| option.id == place.id), "{}", place.id);
        }
    }
}
