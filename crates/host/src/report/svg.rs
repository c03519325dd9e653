//! The few things that every figure needs: scales, ticks, paths and a labelled frame.

use maud::{Markup, html};

/// The two widths that each figure is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Pages from 640 px on, and paper.
    Wide,
    /// Telephones.
    Narrow,
}

impl Width {
    /// Both, in the order of the page.
    pub(super) const BOTH: [Self; 2] = [Self::Wide, Self::Narrow];

    /// Width of the drawing in its own units, which are pixels at full size.
    pub(super) fn px(self) -> f64 {
        match self {
            Self::Wide => 760.0,
            Self::Narrow => 360.0,
        }
    }

    /// CSS class; the style shows one at a time. Also tells ids apart.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// A straight map from values to the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Maps `from` to `start` and `to` to `end`. An empty or broken range is widened to one unit.
    pub(super) fn new(from: f64, to: f64, start: f64, end: f64) -> Self {
        let (from, to) = if from.is_finite() && to.is_finite() { (from, to) } else { (0.0, 1.0) };
        let to = if (to - from).abs() < 1e-9 { from + 1.0 } else { to };
        Self { from, to, start, end }
    }

    /// Where a value lies, held inside the scale's range; `None` for what is no number.
    pub(super) fn at(&self, value: f64) -> Option<f64> {
        let share = (value - self.from) / (self.to - self.from);
        share.is_finite().then(|| self.start + share.clamp(0.0, 1.0) * (self.end - self.start))
    }
}

/// Round values across a range, at most about `count`, in steps of 1, 2 or 5 times a power of ten.
pub(super) fn ticks(from: f64, to: f64, count: usize) -> Vec<f64> {
    let span = to - from;
    if !(span.is_finite() && span > 1e-6 && span < 1e9) {
        return Vec::new();
    }
    let least = span / count.max(1) as f64;
    let mut step = 1e-6;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if step >= least {
            break;
        }
        step *= factor;
    }
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

/// Smallest and largest finite value; `None` where there is none.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |found, value| {
        found.map_or(Some((value, value)), |(lo, hi): (f64, f64)| Some((lo.min(value), hi.max(value))))
    })
}

/// A coordinate with one decimal.
pub(super) fn px(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // Adding zero turns -0 into 0.
    format!("{}", if rounded.is_finite() { rounded + 0.0 } else { 0.0 })
}

/// A path through points; a `None` lifts the pen.
pub(super) fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut out = String::new();
    let mut down = false;
    for point in points {
        if let Some((x, y)) = point {
            out.push(if down { 'L' } else { 'M' });
            out.push_str(&px(x));
            out.push(' ');
            out.push_str(&px(y));
        }
        down = point.is_some();
    }
    out
}

/// What a figure is called, for those who see it and those who do not.
pub(super) struct Label<'a> {
    /// Id stem, unique on the page.
    pub id: &'a str,
    /// Short title.
    pub title: &'a str,
    /// What can be read off the figure, in words.
    pub description: &'a str,
}

/// One drawing with title and description for screen readers.
pub(super) fn drawing(label: &Label<'_>, width: Width, height: f64, body: &Markup) -> Markup {
    let title = format!("{}-{}-title", label.id, width.class());
    let description = format!("{}-{}-description", label.id, width.class());
    html! {
        svg class=(width.class()) viewBox=(format!("0 0 {} {}", px(width.px()), px(height))) role="img"
            aria-labelledby=(format!("{title} {description}")) {
            title id=(title) { (label.title) }
            desc id=(description) { (label.description) }
            (body)
        }
    }
}

/// A straight line.
pub(super) fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! { line class=(class) x1=(px(from.0)) y1=(px(from.1)) x2=(px(to.0)) y2=(px(to.1)) {} }
}

/// Words at a place; `class` holds the anchor (`start`, `middle`, `end`) and the tone.
pub(super) fn words(class: &str, at: (f64, f64), text: &str) -> Markup {
    html! { text class=(class) x=(px(at.0)) y=(px(at.1)) { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        let found = ticks(0.0, 95.0, 5);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found.iter().zip([0.0, 20.0, 40.0, 60.0, 80.0]).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn a_range_that_is_none_has_no_ticks() {
        assert!(ticks(f64::NAN, 1.0, 5).is_empty());
        assert!(ticks(3.0, 3.0, 5).is_empty());
        assert!(ticks(f64::NEG_INFINITY, f64::INFINITY, 5).is_empty());
    }

    #[test]
    fn a_scale_holds_values_inside_and_drops_what_is_no_number() {
        let scale = Scale::new(0.0, 10.0, 100.0, 200.0);
        assert_eq!(scale.at(5.0).map(px).as_deref(), Some("150"));
        assert_eq!(scale.at(99.0).map(px).as_deref(), Some("200"));
        assert!(scale.at(f64::NAN).is_none());
    }

    #[test]
    fn a_gap_lifts_the_pen() {
        let points = [Some((0.0, 1.0)), None, Some((2.0, 3.0)), Some((4.0, -0.01))];
        assert_eq!(path(points.into_iter()), "M0 1M2 3L4 0");
    }
}
