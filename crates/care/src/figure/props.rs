//! Surfaces and soft things around the body, placed by the joints they touch.

use super::pose::{Ground, Joint, Pose, Prop};
use super::skeleton::{Circle, Point, SEAT_HEIGHT, Skeleton};

/// A plain shape of a thing, in the coordinates of the skeleton.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Block {
    /// Lower back corner.
    pub low: Point,
    /// Upper front corner.
    pub high: Point,
    /// Radius of the corners.
    pub round: f64,
    /// Whether it is soft: pillows and towels are drawn in the accent colour.
    pub soft: bool,
}

// Design: sizes of furniture for the eye, drawing units (one is about 11 mm).
const BOARD: f64 = 3.6;
const SEAT_BEHIND: f64 = 14.0;
const SEAT_BEFORE: f64 = 22.0;
const BACKREST: f64 = 48.0;
const HOLD_AHEAD: f64 = 20.0;
const WALL: f64 = 5.0;
const WALL_TOP: f64 = 168.0;
const BED_DEPTH: f64 = 11.0;
const BED_MARGIN: f64 = 5.0;

fn block(x: [f64; 2], y: [f64; 2], round: f64, soft: bool) -> Block {
    let ordered = |[a, b]: [f64; 2]| if a <= b { [a, b] } else { [b, a] };
    let ([x0, x1], [y0, y1]) = (ordered(x), ordered(y));
    Block { low: Point::new(x0, y0), high: Point::new(x1, y1), round, soft }
}

fn hard(x: [f64; 2], y: [f64; 2]) -> Block {
    block(x, y, 1.5, false)
}

fn soft(x: [f64; 2], y: [f64; 2]) -> Block {
    block(x, y, 5.0, true)
}

fn roll(at: Point, radius: f64) -> Block {
    block([at.x - radius, at.x + radius], [at.y - radius, at.y + radius], radius, true)
}

/// A seat from `back` to `front` with legs, without its rest.
fn seat(back: f64, front: f64, top: f64) -> Vec<Block> {
    let leg = |x: f64| hard([x - 1.3, x + 1.3], [0.0, top - BOARD]);
    vec![hard([back, front], [top - BOARD, top]), leg(back.min(front) + 3.0), leg(back.max(front) - 3.0)]
}

fn chair(back: f64, front: f64) -> Vec<Block> {
    let mut chair = seat(back, front, SEAT_HEIGHT);
    chair.push(hard([back - BOARD, back], [SEAT_HEIGHT - BOARD, SEAT_HEIGHT + BACKREST]));
    chair
}

/// The shapes of one thing.
pub(super) fn blocks(prop: Prop, pose: &Pose, body: &Skeleton) -> Vec<Block> {
    let ground = if pose.on == Ground::Bed { SEAT_HEIGHT } else { 0.0 };
    let hip = body.joint(Joint::Hip);
    let bottom = |c: Circle| c.at.y - c.radius;
    match prop {
        Prop::Chair => chair(hip.x - SEAT_BEHIND, hip.x + SEAT_BEFORE),
        Prop::ChairBehind => {
            let heel = body.near_leg.heel.x;
            chair(heel - 50.0, heel - 50.0 + SEAT_BEHIND + SEAT_BEFORE)
        }
        Prop::ChairToHold => {
            let back = body.far_leg.toe.x + HOLD_AHEAD;
            let mut chair = seat(back + 2.0, back + 34.0, SEAT_HEIGHT);
            chair.push(hard([back, back + BOARD], [0.0, SEAT_HEIGHT + BACKREST]));
            chair
        }
        Prop::ChairUnderCalves => {
            let (knee, ankle) = (body.near_leg.knee, body.near_leg.ankle);
            let top = (knee.y - 5.4).min(ankle.y - 3.5);
            let mut chair = seat(knee.x + 5.0, ankle.x + 7.0, top);
            chair.push(hard([ankle.x + 7.0, ankle.x + 7.0 + BOARD], [top - BOARD, top + BACKREST]));
            chair
        }
        Prop::Bed => {
            let (low, high) = match pose.on {
                Ground::Seat => (hip.x - 70.0, hip.x + 17.0),
                _ => extent(&body.circles()),
            };
            let (low, high) = (low - BED_MARGIN, high + BED_MARGIN);
            let leg = |x: f64| hard([x - 2.0, x + 2.0], [0.0, SEAT_HEIGHT - BED_DEPTH]);
            let top = [SEAT_HEIGHT - BED_DEPTH, SEAT_HEIGHT];
            vec![block([low, high], top, 4.0, false), leg(low + 7.0), leg(high - 7.0)]
        }
        Prop::WallFront => {
            let (_, high) = extent(&[&body.near_arm.circles()[..], &body.far_arm.circles()[..]].concat());
            vec![hard([high, high + WALL], [0.0, WALL_TOP])]
        }
        Prop::WallBack => {
            let (low, _) = extent(&body.trunk_circles());
            vec![hard([low - WALL, low], [0.0, WALL_TOP])]
        }
        Prop::PillowHead if pose.on == Ground::Above => {
            let head = body.head;
            vec![soft([head.x - 17.0, head.x + 15.0], [head.y - 24.0, head.y + 24.0])]
        }
        Prop::PillowHead => {
            let skull = body.skull();
            vec![soft([skull.at.x - 14.0, skull.at.x + 13.0], [ground, bottom(skull) + 2.5])]
        }
        Prop::PillowBelly => {
            let waist = body.joint(Joint::Waist);
            vec![soft([waist.x - 17.0, waist.x + 17.0], [ground, waist.y - 5.5])]
        }
        Prop::PillowKnees if pose.on == Ground::Above => {
            let (near, far) = (body.near_leg, body.far_leg);
            let at = near.knee.towards(near.ankle, 0.25).towards(far.knee.towards(far.ankle, 0.25), 0.5);
            vec![soft([at.x - 13.0, at.x + 13.0], [at.y - 11.0, at.y + 11.0])]
        }
        Prop::PillowKnees => {
            let knee = body.near_leg.knee;
            vec![soft([knee.x - 13.0, knee.x + 11.0], [ground, knee.y - 4.0])]
        }
        Prop::TowelWaist => vec![roll(body.joint(Joint::SmallOfBack), 4.0)],
        Prop::TowelChest => {
            let link = body.spine[body.spine.len() - 3];
            vec![roll(link.step(body.chest + 90.0, 12.0), 4.6)]
        }
        Prop::PadKnee => {
            let (near, far) = (body.near_leg.knee, body.far_leg.knee);
            let knee = if near.y <= far.y { near } else { far };
            vec![soft([knee.x - 11.0, knee.x + 11.0], [-0.5, 2.5])]
        }
        Prop::Mattress => {
            let (low, high) = extent(&body.circles());
            let middle = body.joint(Joint::Hip).y + 12.0;
            vec![block([low - 9.0, high + 9.0], [middle - 44.0, middle + 44.0], 7.0, false)]
        }
    }
}

/// Smallest and largest `x` of the circles.
pub(super) fn extent(circles: &[Circle]) -> (f64, f64) {
    circles.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), c| {
        (low.min(c.at.x - c.radius), high.max(c.at.x + c.radius))
    })
}
