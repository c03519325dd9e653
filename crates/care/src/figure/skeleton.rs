//! Where the joints are: forward chain from the hip, then planted and reaching limbs.

use super::pose::{Ground, Joint, Limb, Pose, PoseError};

/// Drawing units from sole to vertex.
///
/// Design: a standing figure with raised arms fits the picture.
pub const STATURE: f64 = 150.0;

// Source: Drillis and Contini 1966, in Winter 2009, figure 4.1: heights of hip .530, knee .285, ankle .039,
// shoulder .818 and lengths of arm segments, as fractions of stature.
const THIGH: f64 = 0.245 * STATURE;
const SHANK: f64 = 0.246 * STATURE;
const ANKLE_HEIGHT: f64 = 0.039 * STATURE;
const FOOT: f64 = 0.152 * STATURE;
const TRUNK: f64 = 0.288 * STATURE;
const UPPER_ARM: f64 = 0.186 * STATURE;
const FOREARM: f64 = 0.146 * STATURE;
const HAND: f64 = 0.108 * STATURE;
/// From shoulder height .818 to the middle of the head, .130 of stature high: .935.
const NECK: f64 = 0.117 * STATURE;
const HEAD_RADIUS: f64 = 0.065 * STATURE;
const NOSE_RADIUS: f64 = 2.6;

/// Share of the trunk below the thoracolumbar junction.
///
/// Guess: the lower trunk is a little shorter than the rib cage.
const LOWER_TRUNK: f64 = 0.45;
/// Links of the spine, half in each segment of the trunk.
const LINKS: usize = 8;

// Guess: thicknesses in drawing units, chosen for the eye.
const TRUNK_RADII: [f64; LINKS + 1] = [9.6, 9.2, 8.5, 8.2, 8.4, 9.0, 9.5, 9.0, 7.2];
const THIGH_RADII: [f64; 2] = [7.8, 5.4];
const SHANK_RADII: [f64; 2] = [5.4, 3.5];
const CALF_RADIUS: f64 = 5.1;
const ARM_RADII: [f64; 2] = [4.6, 3.7];
const FOREARM_RADII: [f64; 2] = [3.6, 2.7];
const HAND_RADII: [f64; 2] = [2.8, 1.9];
const HEEL_RADIUS: f64 = 3.0;
const TOE_RADIUS: f64 = 2.1;
const NECK_RADIUS: f64 = 4.4;
const HEEL_BACK: f64 = 4.6;

/// Height of a seat or bed: a hip that rests on it is as high as the knee over a flat foot.
pub const SEAT_HEIGHT: f64 = 0.285 * STATURE - TRUNK_RADII[0] + 1.2;

/// A place on the picture, drawing units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Forwards of a standing figure.
    pub x: f64,
    /// Upwards from the floor.
    pub y: f64,
}

impl Point {
    /// A point from its coordinates.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point `length` away in the direction `degrees`, counter-clockwise from forwards.
    #[must_use]
    pub fn step(self, degrees: f64, length: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self::new(self.x + length * cos, self.y + length * sin)
    }

    /// Distance to another point.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Direction to another point, degrees.
    #[must_use]
    pub fn direction(self, other: Self) -> f64 {
        (other.y - self.y).atan2(other.x - self.x).to_degrees()
    }

    /// The point a `share` of the way to another.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self::new(self.x + share * (other.x - self.x), self.y + share * (other.y - self.y))
    }
}

/// A round part of the body's outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Its middle.
    pub at: Point,
    /// Its radius, drawing units.
    pub radius: f64,
}

const fn circle(at: Point, radius: f64) -> Circle {
    Circle { at, radius }
}

/// A leg: joints, and the angles it ended up with (hip, knee, ankle; degrees).
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Leg {
    pub hip: Point,
    pub knee: Point,
    pub ankle: Point,
    pub heel: Point,
    pub toe: Point,
    pub angles: [f64; 3],
}

/// An arm: joints, and the angles it ended up with (shoulder, elbow, wrist; degrees).
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Arm {
    pub shoulder: Point,
    pub elbow: Point,
    pub wrist: Point,
    pub fingers: Point,
    pub angles: [f64; 3],
}

/// The joints of a posed body.
#[derive(Clone, Debug, PartialEq)]
pub struct Skeleton {
    /// From the hip to the shoulder.
    pub spine: [Point; LINKS + 1],
    /// Middle of the head.
    pub head: Point,
    /// Where the face looks, degrees.
    pub gaze: f64,
    /// Direction of the chest upwards, degrees.
    pub chest: f64,
    /// The leg on the viewer's side.
    pub near_leg: Leg,
    /// The other leg.
    pub far_leg: Leg,
    /// The arm on the viewer's side.
    pub near_arm: Arm,
    /// The other arm.
    pub far_arm: Arm,
}

/// An angle brought into (-180, 180].
fn wrapped(degrees: f64) -> f64 {
    let turn = degrees.rem_euclid(360.0);
    if turn > 180.0 { turn - 360.0 } else { turn }
}

/// 0 or 180, whichever is nearer.
fn levelled(degrees: f64) -> f64 {
    if wrapped(degrees).abs() <= 90.0 { 0.0 } else { 180.0 }
}

impl Skeleton {
    /// Poses the body.
    ///
    /// # Errors
    /// When a planted limb cannot reach the floor, or a reaching one its place.
    pub fn of(pose: &Pose) -> Result<Self, PoseError> {
        let mut root = Point::new(0.0, 0.0);
        let free = Self::chain(pose, root);
        root.y = match pose.on {
            Ground::Above => 0.5 * STATURE,
            Ground::Floor => -free.lowest_free(pose),
            Ground::Bed => SEAT_HEIGHT - free.lowest_free(pose),
            Ground::Seat => 0.285 * STATURE,
        };
        let mut body = Self::chain(pose, root);
        body.plant(pose)?;
        body.reach(pose)?;
        Ok(body)
    }

    /// The chain with the hip at `root`; planted and reaching limbs hang until they are solved.
    fn chain(pose: &Pose, root: Point) -> Self {
        let mut spine = [root; LINKS + 1];
        let half = LINKS / 2;
        let (lower, upper) = (TRUNK * LOWER_TRUNK, TRUNK * (1.0 - LOWER_TRUNK));
        for link in 0..LINKS {
            let share = ((link % half) as f64 + 0.5) / half as f64;
            let (bend, length) = match link < half {
                true => (pose.lumbar * share, lower),
                false => (pose.lumbar + pose.thorax * share, upper),
            };
            spine[link + 1] = spine[link].step(pose.trunk - bend, length / half as f64);
        }
        let chest = pose.trunk - pose.lumbar - pose.thorax;
        let shoulder = spine[LINKS];
        let neck = chest - pose.neck;
        let leg = |limb: Limb| match limb {
            Limb::Level(hip, knee) => {
                let neutral = pose.trunk + 180.0 + hip - knee + 90.0;
                leg_of(root, pose.trunk, [hip, knee, wrapped(levelled(neutral) - neutral)], [1.0; 2])
            }
            Limb::Angles(angles, shares) => leg_of(root, pose.trunk, angles, shares),
            Limb::Planted(hip) => leg_of(root, pose.trunk, [hip, 0.0, 0.0], [1.0; 2]),
            Limb::Reach(_) => leg_of(root, pose.trunk, [0.0; 3], [1.0; 2]),
        };
        let arm = |limb: Limb| match limb {
            Limb::Level(first, elbow) => arm_of(shoulder, chest, [first, elbow, 0.0], [1.0; 2]),
            Limb::Angles(angles, shares) => arm_of(shoulder, chest, angles, shares),
            Limb::Planted(first) => arm_of(shoulder, chest, [first, 0.0, 0.0], [1.0; 2]),
            Limb::Reach(_) => arm_of(shoulder, chest, [0.0; 3], [1.0; 2]),
        };
        Self {
            spine,
            head: shoulder.step(neck, NECK),
            gaze: neck - pose.head - 90.0,
            chest,
            near_leg: leg(pose.near_leg),
            far_leg: leg(pose.far_leg),
            near_arm: arm(pose.near_arm),
            far_arm: arm(pose.far_arm),
        }
    }

    /// The lowest point of what does not wait to be planted or to reach.
    fn lowest_free(&self, pose: &Pose) -> f64 {
        let mut circles = self.trunk_circles();
        let posed = |limb: &Limb| matches!(limb, Limb::Level(..) | Limb::Angles(..));
        for (limb, leg) in [(&pose.near_leg, &self.near_leg), (&pose.far_leg, &self.far_leg)] {
            if posed(limb) {
                circles.extend(leg.circles());
            }
        }
        for (limb, arm) in [(&pose.near_arm, &self.near_arm), (&pose.far_arm, &self.far_arm)] {
            if posed(limb) {
                circles.extend(arm.circles());
            }
        }
        circles.iter().map(|c| c.at.y - c.radius).fold(f64::INFINITY, f64::min)
    }

    fn plant(&mut self, pose: &Pose) -> Result<(), PoseError> {
        for (limb, leg) in [(pose.near_leg, &mut self.near_leg), (pose.far_leg, &mut self.far_leg)] {
            if let Limb::Planted(hip) = limb {
                *leg = planted_leg(leg.hip, pose.trunk, hip).ok_or(PoseError::OutOfReach("foot"))?;
            }
        }
        for (limb, arm) in [(pose.near_arm, &mut self.near_arm), (pose.far_arm, &mut self.far_arm)] {
            if let Limb::Planted(first) = limb {
                *arm = planted_arm(arm.shoulder, self.chest, first).ok_or(PoseError::OutOfReach("hand"))?;
            }
        }
        Ok(())
    }

    fn reach(&mut self, pose: &Pose) -> Result<(), PoseError> {
        if let Limb::Reach(place) = pose.near_arm {
            let to = self.joint(place);
            self.near_arm = reaching_arm(self.near_arm.shoulder, self.chest, to)?;
        }
        if let Limb::Reach(place) = pose.far_arm {
            let to = self.joint(place);
            self.far_arm = reaching_arm(self.far_arm.shoulder, self.chest, to)?;
        }
        match (pose.near_leg, pose.far_leg) {
            (Limb::Reach(_), _) | (_, Limb::Reach(_)) => Err(PoseError::OutOfReach("foot")),
            _ => Ok(()),
        }
    }

    /// Where a named place of the body is.
    #[must_use]
    pub fn joint(&self, joint: Joint) -> Point {
        let waist = self.spine[LINKS / 2];
        let along = self.spine[LINKS / 2 - 1].direction(self.spine[LINKS / 2 + 1]);
        let behind = |leg: &Leg| leg.hip.towards(leg.knee, 0.8).step(leg.hip.direction(leg.knee) - 90.0, 5.0);
        match joint {
            Joint::Hip => self.spine[0],
            Joint::Waist => waist,
            Joint::Belly => waist.step(along - 90.0, TRUNK_RADII[LINKS / 2] + 1.0),
            Joint::SmallOfBack => waist.step(along + 90.0, TRUNK_RADII[LINKS / 2] - 1.0),
            Joint::Chest => self.spine[LINKS - 2].step(self.chest - 90.0, TRUNK_RADII[LINKS - 2]),
            Joint::Shoulder => self.spine[LINKS],
            Joint::Head => self.head,
            Joint::Nape => self.head.step(self.gaze + 180.0, 0.8 * HEAD_RADIUS),
            Joint::NearKnee => self.near_leg.knee,
            Joint::FarKnee => self.far_leg.knee,
            Joint::NearShin => self.near_leg.knee.towards(self.near_leg.ankle, 0.25),
            Joint::FarShin => self.far_leg.knee.towards(self.far_leg.ankle, 0.25),
            Joint::NearThigh => behind(&self.near_leg),
            Joint::FarThigh => behind(&self.far_leg),
            Joint::NearAnkle => self.near_leg.ankle,
            Joint::FarAnkle => self.far_leg.ankle,
            Joint::NearToe => self.near_leg.toe,
            Joint::FarToe => self.far_leg.toe,
            Joint::NearElbow => self.near_arm.elbow,
            Joint::FarElbow => self.far_arm.elbow,
            Joint::NearHand => self.near_arm.wrist,
            Joint::FarHand => self.far_arm.wrist,
        }
    }

    /// The outline of trunk, neck and head.
    #[must_use]
    pub fn trunk_circles(&self) -> Vec<Circle> {
        let mut circles: Vec<_> = self.spine.iter().zip(TRUNK_RADII).map(|(at, r)| circle(*at, r)).collect();
        circles.push(self.neck());
        circles.push(self.skull());
        circles.push(self.nose());
        circles
    }

    /// The outline of the whole body.
    #[must_use]
    pub fn circles(&self) -> Vec<Circle> {
        let mut circles = self.trunk_circles();
        circles.extend(self.near_leg.circles());
        circles.extend(self.far_leg.circles());
        circles.extend(self.near_arm.circles());
        circles.extend(self.far_arm.circles());
        circles
    }

    /// The middle of the neck.
    #[must_use]
    pub fn neck(&self) -> Circle {
        circle(self.spine[LINKS].towards(self.head, 0.4), NECK_RADIUS)
    }

    /// The tip of the nose, by which one sees where the face looks.
    #[must_use]
    pub fn nose(&self) -> Circle {
        circle(self.head.step(self.gaze, HEAD_RADIUS - 0.4), NOSE_RADIUS)
    }

    /// The head without the nose.
    #[must_use]
    pub fn skull(&self) -> Circle {
        circle(self.head, HEAD_RADIUS)
    }
}

impl Leg {
    /// Thigh, shank with calf, foot.
    #[must_use]
    pub fn circles(&self) -> Vec<Circle> {
        self.parts().into_iter().flatten().collect()
    }

    /// The rounded, tapering parts, each between two circles.
    #[must_use]
    pub fn parts(&self) -> Vec<[Circle; 2]> {
        let shank = self.knee.direction(self.ankle);
        let calf = circle(self.knee.towards(self.ankle, 0.28).step(shank - 90.0, 0.9), CALF_RADIUS);
        let knee = circle(self.knee, SHANK_RADII[0]);
        let ankle = circle(self.ankle, SHANK_RADII[1]);
        let (heel, toe) = (circle(self.heel, HEEL_RADIUS), circle(self.toe, TOE_RADIUS));
        vec![
            [circle(self.hip, THIGH_RADII[0]), circle(self.knee, THIGH_RADII[1])],
            [knee, calf],
            [calf, ankle],
            [ankle, heel],
            [heel, toe],
            [circle(self.ankle.towards(self.toe, 0.15), SHANK_RADII[1] - 0.4), toe],
        ]
    }
}

impl Arm {
    /// Upper arm, forearm, hand.
    #[must_use]
    pub fn circles(&self) -> Vec<Circle> {
        self.parts().into_iter().flatten().collect()
    }

    /// The rounded, tapering parts, each between two circles.
    #[must_use]
    pub fn parts(&self) -> Vec<[Circle; 2]> {
        let wrist = circle(self.wrist, FOREARM_RADII[1]);
        vec![
            [circle(self.shoulder, ARM_RADII[0]), circle(self.elbow, ARM_RADII[1])],
            [circle(self.elbow, FOREARM_RADII[0]), wrist],
            [circle(self.wrist, HAND_RADII[0]), circle(self.fingers, HAND_RADII[1])],
        ]
    }
}

fn leg_of(hip: Point, trunk: f64, angles: [f64; 3], shares: [f64; 2]) -> Leg {
    let thigh = trunk + 180.0 + angles[0];
    let shank = thigh - angles[1];
    let foot = shank + 90.0 + angles[2];
    let knee = hip.step(thigh, THIGH * shares[0]);
    let ankle = knee.step(shank, SHANK * shares[1]);
    // The sole lies one ankle height below the ankle, at a right angle to the foot.
    let heel =
        ankle.step(foot - 90.0, ANKLE_HEIGHT - HEEL_RADIUS).step(foot + 180.0, HEEL_BACK - HEEL_RADIUS);
    let toe = ankle.step(foot - 90.0, ANKLE_HEIGHT - TOE_RADIUS).step(foot, FOOT - HEEL_BACK - TOE_RADIUS);
    Leg { hip, knee, ankle, heel, toe, angles }
}

fn arm_of(shoulder: Point, chest: f64, angles: [f64; 3], shares: [f64; 2]) -> Arm {
    let upper = chest + 180.0 + angles[0];
    let fore = upper + angles[1];
    let elbow = shoulder.step(upper, UPPER_ARM * shares[0]);
    let wrist = elbow.step(fore, FOREARM * shares[1]);
    let fingers = wrist.step(fore + angles[2], HAND - HAND_RADII[1]);
    Arm { shoulder, elbow, wrist, fingers, angles }
}

/// Directions in which a segment of `length` goes down by `drop`: forwards and backwards.
fn falling(drop: f64, length: f64) -> Option<[f64; 2]> {
    let sin = drop / length;
    (sin.abs() <= 1.0).then(|| sin.asin().to_degrees()).map(|angle| [-angle, angle - 180.0])
}

/// The candidate with the least bend that the joint can make.
fn least_bend(bends: [f64; 2], most: f64) -> Option<f64> {
    bends
        .into_iter()
        .map(wrapped)
        .filter(|bend| (-0.5..=most).contains(bend))
        .fold(None, |least, bend| Some(least.map_or(bend, |least: f64| least.min(bend))))
}

/// Most that a knee or an elbow bends, degrees.
///
/// Guess: common ranges of motion, rounded.
pub(super) const BEND_MAX: f64 = 152.0;

fn planted_leg(hip: Point, trunk: f64, flexion: f64) -> Option<Leg> {
    let thigh = trunk + 180.0 + flexion;
    let drop = hip.step(thigh, THIGH).y - ANKLE_HEIGHT;
    let bend = least_bend(falling(drop, SHANK)?.map(|shank| thigh - shank), BEND_MAX)?;
    let neutral = thigh - bend + 90.0;
    Some(leg_of(hip, trunk, [flexion, bend, wrapped(levelled(neutral) - neutral)], [1.0; 2]))
}

fn planted_arm(shoulder: Point, chest: f64, flexion: f64) -> Option<Arm> {
    let upper = chest + 180.0 + flexion;
    let drop = shoulder.step(upper, UPPER_ARM).y - HAND_RADII[0];
    let bend = least_bend(falling(drop, FOREARM)?.map(|fore| fore - upper), BEND_MAX)?;
    let fore = upper + bend;
    // The fingers point headwards.
    let palm = if wrapped(chest).abs() <= 90.0 { 0.0 } else { 180.0 };
    Some(arm_of(shoulder, chest, [flexion, bend, wrapped(palm - fore)], [1.0; 2]))
}

/// How far beyond a straight arm a place may be and still count as reached: the fingers bridge it.
///
/// Guess: a third of a hand.
const FINGERS_BRIDGE: f64 = HAND / 3.0;

fn reaching_arm(shoulder: Point, chest: f64, to: Point) -> Result<Arm, PoseError> {
    let far = shoulder.distance(to);
    if far > UPPER_ARM + FOREARM + FINGERS_BRIDGE {
        return Err(PoseError::OutOfReach("hand"));
    }
    let reach = far.clamp(0.35 * UPPER_ARM, 0.999 * (UPPER_ARM + FOREARM));
    let cos = (UPPER_ARM * UPPER_ARM + reach * reach - FOREARM * FOREARM) / (2.0 * UPPER_ARM * reach);
    let lift = cos.clamp(-1.0, 1.0).acos().to_degrees();
    let upper = shoulder.direction(to) - lift;
    let elbow = shoulder.step(upper, UPPER_ARM);
    let bend = wrapped(elbow.direction(to) - upper);
    Ok(arm_of(shoulder, chest, [wrapped(upper - chest - 180.0), bend, 25.0], [1.0; 2]))
}
