//! From skeletons to SVG text: no fonts, no scripts, no styles; it takes its colours from the page.
//!
//! Near limbs and head are `currentColor`, the trunk, arrows and soft things the accent
//! (`--care-accent`), the halo between crossing limbs the page's ground (`--care-ground`).

use std::fmt::Write;

use super::pose::{Ground, Joint, Pose, PoseError, Side, Way};
use super::props::{Block, blocks, extent};
use super::skeleton::{Arm, Circle, Leg, Point, Skeleton};

/// Width of every picture, drawing units.
pub const WIDTH: f64 = 220.0;
/// Height of every picture, drawing units.
pub const HEIGHT: f64 = 190.0;
/// Where the floor is, from the top.
const FLOOR: f64 = 182.0;
/// Design: a teal with more than 3:1 against white and against near-black.
const ACCENT: &str = "var(--care-accent,#2a8f87)";
const GROUND: &str = "var(--care-ground,Canvas)";
/// Movements shorter than this get no arrow of their own.
///
/// Design: shorter than a head's radius an arrow would hide what it shows.
const ARROW_LEAST: f64 = 9.0;

/// One to three poses of one exercise, placed so that what stays, stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    frames: Vec<(Pose, Skeleton)>,
    /// Shift that brings each frame's fixed joint to the same place, and the row to the middle.
    shifts: Vec<f64>,
    moves: Vec<Joint>,
    fixed: Joint,
}

/// From the skeleton's coordinates to those of the picture.
#[derive(Clone, Copy)]
struct Paper {
    shift: f64,
    side: Side,
}

impl Paper {
    fn point(self, p: Point) -> Point {
        let x = p.x + self.shift;
        let x = if self.side == Side::Left { WIDTH - x } else { x };
        Point::new(x, FLOOR - p.y)
    }

    fn circle(self, c: Circle) -> Circle {
        Circle { at: self.point(c.at), radius: c.radius }
    }
}

impl Row {
    /// Poses the frames; `fixed` stays where it is from frame to frame, `moves` get arrows.
    ///
    /// # Errors
    /// When a pose cannot be taken.
    pub fn new(poses: &[Pose], fixed: Joint, moves: &[Joint]) -> Result<Self, PoseError> {
        let mut frames = Vec::with_capacity(poses.len());
        for pose in poses {
            frames.push((pose.clone(), Skeleton::of(pose)?));
        }
        let mut row = Self { frames, shifts: Vec::with_capacity(poses.len()), moves: moves.to_vec(), fixed };
        row.shifts = row.frames.iter().map(|(_, body)| -body.joint(fixed).x).collect();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for ((pose, body), shift) in row.frames.iter().zip(&row.shifts) {
            let (from, to) = extent(&body.circles());
            let things = pose.props.iter().flat_map(|prop| blocks(*prop, pose, body));
            let (from, to) =
                things.fold((from, to), |(from, to), b: Block| (from.min(b.low.x), to.max(b.high.x)));
            low = low.min(from + shift);
            high = high.max(to + shift);
        }
        row.shifts.iter_mut().for_each(|shift| *shift += 0.5 * (WIDTH - low - high));
        Ok(row)
    }

    /// How many pictures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// The body of one picture, in its own coordinates.
    #[must_use]
    pub fn body(&self, frame: usize) -> Option<&Skeleton> {
        self.frames.get(frame).map(|(_, body)| body)
    }

    /// The body's outline as it lies on the picture, `y` downwards.
    #[must_use]
    pub fn outline(&self, frame: usize) -> Vec<Circle> {
        let Some((_, body)) = self.frames.get(frame) else { return Vec::new() };
        let paper = self.paper(frame);
        body.circles().into_iter().map(|c| paper.circle(c)).collect()
    }

    fn paper(&self, frame: usize) -> Paper {
        Paper { shift: self.shifts[frame], side: self.frames[frame].0.face }
    }

    /// One picture as SVG; `id` is unique on the page, `title` and `description` are for screen readers.
    ///
    /// Empty when there is no such frame.
    #[must_use]
    pub fn svg(&self, frame: usize, id: &str, title: &str, description: &str) -> String {
        let Some((pose, body)) = self.frames.get(frame) else { return String::new() };
        let paper = self.paper(frame);
        let mut svg = Svg { text: String::with_capacity(8 << 10) };
        let (id, title, description) = (escaped(id), escaped(title), escaped(description));
        svg.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title>\
             <desc id=\"{id}-d\">{description}</desc>"
        ));
        svg.surroundings(pose, body, paper);
        svg.body(body, paper);
        if let Some((_, before)) = frame.checked_sub(1).and_then(|last| self.frames.get(last)) {
            let was = self.paper(frame - 1);
            for joint in &self.moves {
                let pivot = if *joint == Joint::Hip { self.fixed } else { Joint::Hip };
                let pivot = paper.point(body.joint(pivot));
                svg.sweep(was.point(before.joint(*joint)), paper.point(body.joint(*joint)), pivot);
            }
        }
        for (joint, way) in &pose.push {
            svg.push(paper.point(body.joint(*joint)), *way, paper.side, [12.0, 28.0]);
        }
        for (joint, way) in &pose.press {
            svg.push(paper.point(body.joint(*joint)), *way, paper.side, [-22.0, -5.0]);
        }
        svg.text.push_str("</svg>");
        svg.text
    }
}

struct Svg {
    text: String,
}

impl Svg {
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let written = self.text.write_fmt(text);
        assert!(written.is_ok(), "a String takes every text");
    }

    fn surroundings(&mut self, pose: &Pose, body: &Skeleton, paper: Paper) {
        if pose.on != Ground::Above {
            self.put(format_args!(
                "<path d=\"M6 {0}H{1}\" stroke=\"currentColor\" stroke-opacity=\".35\" stroke-width=\"1.6\" \
                 stroke-linecap=\"round\"/>",
                n(FLOOR + 0.8),
                n(WIDTH - 6.0)
            ));
        }
        for prop in &pose.props {
            let shapes = blocks(*prop, pose, body);
            let softness = shapes.first().is_some_and(|block| block.soft);
            let (fill, opacity) = if softness { (ACCENT, ".38") } else { ("currentColor", ".2") };
            self.put(format_args!("<g fill=\"{fill}\" opacity=\"{opacity}\">"));
            for block in shapes {
                self.block(block, paper);
            }
            self.text.push_str("</g>");
        }
    }

    fn block(&mut self, block: Block, paper: Paper) {
        let (a, b) = (paper.point(block.low), paper.point(block.high));
        let (width, height) = ((b.x - a.x).abs(), (b.y - a.y).abs());
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
            n(a.x.min(b.x)),
            n(a.y.min(b.y)),
            n(width),
            n(height),
            n(block.round.min(0.5 * width).min(0.5 * height))
        ));
    }

    fn body(&mut self, body: &Skeleton, paper: Paper) {
        self.text.push_str("<g fill=\"currentColor\" opacity=\".42\">");
        self.limb(&limb_path(&body.far_leg.parts(), paper), false);
        self.limb(&limb_path(&body.far_arm.parts(), paper), false);
        self.text.push_str("</g><g fill=\"currentColor\">");
        self.head(body, paper);
        self.put(format_args!("<g fill=\"{ACCENT}\">"));
        let trunk = body.trunk_circles();
        let links: Vec<_> = trunk[..body.spine.len()].windows(2).map(|pair| [pair[0], pair[1]]).collect();
        let path = limb_path(&links, paper);
        self.limb(&path, false);
        self.text.push_str("</g>");
        self.near(&body.near_leg, &body.near_arm, paper);
        self.text.push_str("</g>");
    }

    fn head(&mut self, body: &Skeleton, paper: Paper) {
        let skull = body.skull();
        let top = Circle { at: body.spine[body.spine.len() - 1], radius: body.neck().radius };
        let nose = body.nose();
        let chin = Circle { at: skull.at.step(body.gaze - 62.0, skull.radius - 3.0), radius: 3.4 };
        let brow = Circle { at: skull.at, radius: skull.radius };
        let parts = [[top, Circle { at: skull.at, radius: body.neck().radius }], [brow, chin], [nose, nose]];
        self.limb(&limb_path(&parts, paper), false);
    }

    fn near(&mut self, leg: &Leg, arm: &Arm, paper: Paper) {
        for parts in [leg.parts(), arm.parts()] {
            let path = limb_path(&parts, paper);
            self.limb(&path, true);
            self.limb(&path, false);
        }
    }

    fn limb(&mut self, path: &str, halo: bool) {
        match halo {
            true => self.put(format_args!(
                "<path d=\"{path}\" stroke=\"{GROUND}\" stroke-width=\"2.4\" stroke-linejoin=\"round\"/>"
            )),
            false => self.put(format_args!("<path d=\"{path}\"/>")),
        }
    }

    /// A bent arrow along a movement, on the side away from what stays.
    fn sweep(&mut self, from: Point, to: Point, pivot: Point) {
        let far = from.distance(to);
        if far < ARROW_LEAST {
            return;
        }
        let middle = from.towards(to, 0.5);
        let along = from.direction(to);
        let left = middle.step(along - 90.0, 1.0);
        let right = middle.step(along + 90.0, 1.0);
        let out = if left.distance(pivot) >= right.distance(pivot) { along - 90.0 } else { along + 90.0 };
        let gap = 9.0;
        let bend = (0.22 * far).min(16.0);
        let (start, end) = (from.towards(to, 0.1).step(out, gap), from.towards(to, 0.9).step(out, gap));
        self.arrow(start, middle.step(out, gap + bend), end);
    }

    /// A short straight arrow that starts and ends so far from a place of the body.
    fn push(&mut self, at: Point, way: Way, side: Side, [from, to]: [f64; 2]) {
        let forward = if side == Side::Right { 0.0 } else { 180.0 };
        let direction = match way {
            Way::Up => -90.0,
            Way::Down => 90.0,
            Way::Forward => forward,
            Way::Back => forward + 180.0,
        };
        let (start, end) = (at.step(direction, from), at.step(direction, to));
        self.arrow(start, start.towards(end, 0.5), end);
    }

    fn arrow(&mut self, start: Point, bend: Point, end: Point) {
        let keep = |p: Point| Point::new(p.x.clamp(4.0, WIDTH - 4.0), p.y.clamp(4.0, HEIGHT - 4.0));
        let (start, bend, end) = (keep(start), keep(bend), keep(end));
        let heading = bend.direction(end);
        let (a, b) = (end.step(heading + 152.0, 7.5), end.step(heading - 152.0, 7.5));
        let neck = end.step(heading + 180.0, 4.0);
        self.put(format_args!(
            "<path d=\"M{}Q{} {}\" fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"2.6\" \
             stroke-linecap=\"round\"/><path d=\"M{}L{}L{}Z\" fill=\"{ACCENT}\"/>",
            xy(start),
            xy(bend),
            xy(neck),
            xy(end),
            xy(a),
            xy(b)
        ));
    }
}

/// The union of tapering parts as one path.
fn limb_path(parts: &[[Circle; 2]], paper: Paper) -> String {
    let mut path = String::new();
    for [a, b] in parts {
        capsule(&mut path, paper.circle(*a), paper.circle(*b));
    }
    path
}

/// The hull of two circles: two arcs and their common tangents.
fn capsule(path: &mut String, a: Circle, b: Circle) {
    let far = a.at.distance(b.at);
    let written = if far <= (a.radius - b.radius).abs() + 1e-6 {
        let big = if a.radius >= b.radius { a } else { b };
        let (left, right) = (big.at.step(180.0, big.radius), big.at.step(0.0, big.radius));
        let r = n(big.radius);
        write!(path, "M{0}A{r} {r} 0 1 1 {1}A{r} {r} 0 1 1 {0}Z", xy(left), xy(right))
    } else {
        let along = a.at.direction(b.at);
        let spread = ((a.radius - b.radius) / far).acos().to_degrees();
        let edge = |c: Circle, sign: f64| xy(c.at.step(along + sign * spread, c.radius));
        let large = |wide: bool| i32::from(wide);
        write!(
            path,
            "M{}L{}A{2} {2} 0 {3} 1 {4}L{5}A{6} {6} 0 {7} 1 {0}Z",
            edge(a, -1.0),
            edge(b, -1.0),
            n(b.radius),
            large(spread > 90.0),
            edge(b, 1.0),
            edge(a, 1.0),
            n(a.radius),
            large(spread < 90.0)
        )
    };
    assert!(written.is_ok(), "a String takes every text");
}

/// A number with one decimal, without a negative zero.
fn n(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0 + 0.0;
    format!("{rounded}")
}

fn xy(p: Point) -> String {
    format!("{} {}", n(p.x), n(p.y))
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
