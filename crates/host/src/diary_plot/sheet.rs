//! One drawing: panels over the same days, marks and words on them.

use care::{Day, Language};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Frame, Ink, finish};

/// Drawing units for a pixel at full size: `plotters` counts in whole units.
const SCALE: i32 = 4;

/// The two widths that each plot is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Pages from 40 rem on, and paper.
    Wide,
    /// Telephones.
    Narrow,
}

impl Width {
    pub(super) fn px(self) -> i32 {
        match self {
            Self::Wide => 760,
            Self::Narrow => 360,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }

    /// What fits on either width.
    pub(super) fn choose<T>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Panel<'a, 'b> = ChartContext<'b, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// How a text stands at its place.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) ink: Ink,
    pub(super) size: i32,
    pub(super) side: HPos,
    pub(super) bold: bool,
}

impl Words {
    pub(super) fn new(ink: Ink, side: HPos) -> Self {
        Self { ink, size: 13, side, bold: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// A mark of a point; shapes differ so that colour is never needed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Dot,
    Ring,
    Triangle,
    Square,
}

/// Where a panel lies, pixels from the upper left corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// The paper while it is drawn on.
pub(super) struct Sheet<'a> {
    area: Area<'a>,
}

/// Draws a sheet of this width and height in pixels and finishes it.
pub(super) fn sheet(
    width: Width,
    height: i32,
    name: &'static str,
    title: &str,
    summary: &str,
    draw: impl FnOnce(&Sheet<'_>),
) -> String {
    let size = ((width.px() * SCALE) as u32, (height * SCALE) as u32);
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, size).into_drawing_area();
        draw(&Sheet { area: area.clone() });
        let presented = area.present();
        assert!(presented.is_ok(), "a text in memory takes what is drawn");
    }
    finish(&drawn, size, &Frame { name, class: width.class(), title, summary })
}

impl<'a> Sheet<'a> {
    /// A panel with these ranges.
    pub(super) fn panel(&self, place: Place, x: (f64, f64), y: (f64, f64)) -> Plane<'a, '_> {
        let (whole_x, whole_y) = self.area.dim_in_pixel();
        let chart = ChartBuilder::on(&self.area)
            .margin_left(place.left * SCALE)
            .margin_top(place.top * SCALE)
            .margin_right(whole_x as i32 - place.right * SCALE)
            .margin_bottom(whole_y as i32 - place.bottom * SCALE)
            .build_cartesian_2d(x.0..x.1, y.0..y.1);
        Plane { chart: chart.expect("a panel lies within its sheet"), sheet: self, x, y }
    }

    /// A text at a place in pixels; its middle stands at the height given.
    pub(super) fn text(&self, text: &str, (x, y): (i32, i32), words: Words) {
        self.write(text, (x * SCALE, y * SCALE), words);
    }

    fn write(&self, text: &str, at: (i32, i32), words: Words) {
        // The backend divides sizes by 1.24.
        let size = f64::from(words.size * SCALE) * 1.24;
        let style = if words.bold { FontStyle::Bold } else { FontStyle::Normal };
        let colour = words.ink.colour();
        let style = TextStyle::from(("sans-serif", size, style).into_font())
            .color(&colour)
            .pos(Pos::new(words.side, VPos::Center));
        sure(self.area.draw(&Text::new(text.to_owned(), at, style)));
    }

    /// A mark at a place in pixels.
    pub(super) fn mark(&self, mark: Mark, (x, y): (i32, i32), ink: Ink) {
        self.stamp(mark, (x * SCALE, y * SCALE), ink, 4);
    }

    /// A filled bar in pixels, as strong as `share`.
    pub(super) fn bar(&self, place: Place, ink: Ink, share: f64) {
        let corners = [(place.left * SCALE, place.top * SCALE), (place.right * SCALE, place.bottom * SCALE)];
        sure(self.area.draw(&Rectangle::new(corners, ink.colour().mix(share).filled())));
    }

    /// A line in pixels.
    pub(super) fn line(&self, from: (i32, i32), to: (i32, i32), ink: Ink, quarters: u32) {
        let path = vec![(from.0 * SCALE, from.1 * SCALE), (to.0 * SCALE, to.1 * SCALE)];
        sure(self.area.draw(&PathElement::new(path, ink.colour().stroke_width(quarters))));
    }

    fn stamp(&self, mark: Mark, (x, y): (i32, i32), ink: Ink, size: i32) {
        let r = size * SCALE;
        let fill = ink.colour().filled();
        match mark {
            Mark::Dot => sure(self.area.draw(&Circle::new((x, y), r * 3 / 4, fill))),
            Mark::Ring => {
                sure(self.area.draw(&Circle::new((x, y), r, Ink::Ground.colour().filled())));
                sure(self.area.draw(&Circle::new((x, y), r, ink.colour().stroke_width(7))));
            }
            Mark::Triangle => {
                let points = vec![(x - r, y + r * 3 / 4), (x + r, y + r * 3 / 4), (x, y - r)];
                sure(self.area.draw(&Polygon::new(points, fill)));
            }
            Mark::Square => sure(self.area.draw(&Rectangle::new([(x - r, y - r), (x + r, y + r)], fill))),
        }
    }
}

/// A panel with its ranges.
pub(super) struct Plane<'a, 'b> {
    chart: Panel<'a, 'b>,
    sheet: &'b Sheet<'a>,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plane<'_, '_> {
    /// Where a point lies, drawing units; held inside the panel.
    fn at(&self, x: f64, y: f64) -> (i32, i32) {
        self.chart.backend_coord(&(x.clamp(self.x.0, self.x.1), y.clamp(self.y.0, self.y.1)))
    }

    /// Where a point lies, pixels from the upper left corner of the sheet.
    pub(super) fn pixel(&self, x: f64, y: f64) -> (i32, i32) {
        let (x, y) = self.at(x, y);
        (x / SCALE, y / SCALE)
    }

    /// A line through points, `quarters` of a pixel wide.
    pub(super) fn line(&self, points: &[(f64, f64)], ink: Ink, quarters: u32, share: f64) {
        let path: Vec<(i32, i32)> = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        let style = ink.colour().mix(share).stroke_width(quarters);
        sure(self.sheet.area.draw(&PathElement::new(path, style)));
    }

    /// A filled rectangle.
    pub(super) fn band(&self, x: (f64, f64), y: (f64, f64), ink: Ink, share: f64) {
        let corners = [self.at(x.0, y.1), self.at(x.1, y.0)];
        sure(self.sheet.area.draw(&Rectangle::new(corners, ink.colour().mix(share).filled())));
    }

    /// A mark at a point.
    pub(super) fn mark(&self, mark: Mark, x: f64, y: f64, ink: Ink, size: i32) {
        self.sheet.stamp(mark, self.at(x, y), ink, size);
    }

    /// A text beside a point, moved by pixels.
    pub(super) fn text(&self, text: &str, x: f64, y: f64, moved: (i32, i32), words: Words) {
        let (at_x, at_y) = self.at(x, y);
        self.sheet.write(text, (at_x + moved.0 * SCALE, at_y + moved.1 * SCALE), words);
    }

    /// Horizontal lines with their numbers at the left.
    pub(super) fn heights(&self, values: &[f64]) {
        for value in values {
            self.line(&[(self.x.0, *value), (self.x.1, *value)], Ink::Rule, 4, 1.0);
            self.text(&value.to_string(), self.x.0, *value, (-8, 0), Words::new(Ink::Soft, HPos::Right));
        }
    }

    /// Days along the bottom: at most `most` Mondays, or days where the time is short.
    pub(super) fn days(&self, from: Day, to: Day, most: u32, language: Language) {
        let bottom = self.y.0;
        self.line(&[(self.x.0, bottom), (self.x.1, bottom)], Ink::Soft, 4, 1.0);
        for day in ticks(from, to, most) {
            let x = f64::from(day.0);
            self.line(&[(x, bottom), (x, bottom)], Ink::Soft, 4, 1.0);
            let (at_x, at_y) = self.at(x, bottom);
            let style = Ink::Soft.colour().stroke_width(4);
            sure(
                self.sheet.area.draw(&PathElement::new(vec![(at_x, at_y), (at_x, at_y + 5 * SCALE)], style)),
            );
            let words = Words::new(Ink::Soft, HPos::Center);
            self.sheet.write(&short(day, language), (at_x, at_y + 15 * SCALE), words);
        }
    }
}

/// What is drawn into memory cannot fail.
fn sure<E: std::fmt::Debug>(drawn: Result<(), E>) {
    drawn.expect("a text in memory takes what is drawn");
}

/// Days to name between two days, both included, at most `most`: Mondays, or single days where two weeks are
/// shown or less.
pub(super) fn ticks(from: Day, to: Day, most: u32) -> Vec<Day> {
    let span = to.0.saturating_sub(from.0);
    let (unit, first) = if span < 14 {
        (1, from.0)
    } else {
        // 1970-01-05 was a Monday.
        (7, from.0 + (4 + 7 - from.0 % 7) % 7)
    };
    let count = span / unit + 1;
    let step = unit * count.div_ceil(most.max(1));
    (first..=to.0).step_by(step as usize).map(Day).collect()
}

/// A day in a few letters.
pub(super) fn short(day: Day, language: Language) -> String {
    const EN: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DE: [&str; 12] =
        ["Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt", "Nov", "Dez"];
    let text = day.to_string();
    let mut parts = text.rsplit('-').map(|part| part.parse::<usize>().unwrap_or(1));
    let (number, month) = (parts.next().unwrap_or(1), parts.next().unwrap_or(1).clamp(1, 12) - 1);
    match language {
        Language::German => format!("{number}. {}", DE[month]),
        other => format!("{number} {}", other.say(EN[month], DE[month])),
    }
}

/// A day with its year.
pub(super) fn long(day: Day, language: Language) -> String {
    let text = day.to_string();
    format!("{} {}", short(day, language), text.split('-').next().unwrap_or_default())
}
