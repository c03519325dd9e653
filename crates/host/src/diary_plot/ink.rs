//! From what `plotters` draws to an SVG that follows light and dark, speaks to screen readers and holds no
//! script: its colours are names of classes here, its size is its view box, its font the page's.

use std::fmt::Write as _;

use plotters::prelude::*;

/// A colour by its role. `plotters` knows only numbers, so each role has one of its own, which [`finish`] turns
/// into a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Text and axes.
    Text,
    /// Less important text and marks.
    Soft,
    /// Grid.
    Rule,
    /// Pain, and more of what hurts.
    Pain,
    /// What is done against it, and less of what hurts.
    Calm,
    /// The ground of the page, behind open marks.
    Ground,
}

impl Ink {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Text, "text"),
        (Self::Soft, "soft"),
        (Self::Rule, "rule"),
        (Self::Pain, "pain"),
        (Self::Calm, "calm"),
        (Self::Ground, "ground"),
    ];

    pub(super) fn colour(self) -> RGBColor {
        RGBColor(1, 2, 10 + self as u8)
    }

    /// As `plotters` writes it.
    fn hex(self) -> String {
        let RGBColor(r, g, b) = self.colour();
        format!("#{r:02X}{g:02X}{b:02X}")
    }
}

/// Colours of Okabe and Ito (2008, "Color universal design") for pain (vermilion) and calm (blue), darkened or
/// lightened until text-sized marks have 3 to 1 on either ground; shapes differ as well.
pub const STYLE: &str = "\
.diary-plot{--t:#26211b;--s:#5c5449;--r:#ddd4c6;--p:#b84a00;--c:#0067a3;--g:#fffdf9;display:block;width:100%;\
height:auto;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif}\
@media screen and (prefers-color-scheme:dark){\
.diary-plot{--t:#ece5da;--s:#b9ae9f;--r:#3f382f;--p:#f58f4f;--c:#6bb8ec;--g:#211e1a}}\
.diary-plot .f-text{fill:var(--t)}.diary-plot .f-soft{fill:var(--s)}.diary-plot .f-rule{fill:var(--r)}\
.diary-plot .f-pain{fill:var(--p)}.diary-plot .f-calm{fill:var(--c)}.diary-plot .f-ground{fill:var(--g)}\
.diary-plot .s-text{stroke:var(--t)}.diary-plot .s-soft{stroke:var(--s)}.diary-plot .s-rule{stroke:var(--r)}\
.diary-plot .s-pain{stroke:var(--p)}.diary-plot .s-calm{stroke:var(--c)}.diary-plot .s-ground{stroke:var(--g)}\
.diary-plot polyline,.diary-plot line{stroke-linejoin:round;stroke-linecap:round}\
.diary-plot text{font-variant-numeric:tabular-nums;paint-order:stroke;stroke:var(--g);stroke-width:14px;\
stroke-linejoin:round}\
.diary-plot.narrow{display:none}\
@media screen and (max-width:40rem){.diary-plot.wide{display:none}.diary-plot.narrow{display:block}}";

/// What stands around a drawing.
pub(super) struct Frame<'a> {
    /// Name of the plot, for ids.
    pub(super) name: &'static str,
    /// `wide` or `narrow`.
    pub(super) class: &'static str,
    /// Read out first.
    pub(super) title: &'a str,
    /// What it shows, in words.
    pub(super) summary: &'a str,
}

/// The finished SVG of a drawing of this size.
pub(super) fn finish(drawn: &str, (width, height): (u32, u32), frame: &Frame<'_>) -> String {
    let body = drawn.split_once('>').map_or("", |(_, body)| body);
    let mut body = body.replace(" font-family=\"sans-serif\"", "").replace(" opacity=\"1\"", "");
    for (ink, name) in Ink::ALL {
        for (attribute, letter) in [("fill", 'f'), ("stroke", 's')] {
            body = body
                .replace(&format!("{attribute}=\"{}\"", ink.hex()), &format!("class=\"{letter}-{name}\""));
        }
    }
    let Frame { name, class, title, summary } = frame;
    let id = format!("diary-{name}-{class}");
    let (title, summary) = (escaped(title), escaped(summary));
    let mut svg = String::with_capacity(body.len() + 500);
    let written = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diary-plot {class}\" role=\"img\" \
         aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" viewBox=\"0 0 {width} {height}\">\
         <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{summary}</desc>{body}"
    );
    assert!(written.is_ok(), "a text in memory takes what is written");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
