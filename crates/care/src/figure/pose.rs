//! What a person writes of a pose, and how a pose builds on another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the body rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The lowest part of the body touches the floor.
    Floor,
    /// The buttocks rest on a seat or the edge of a bed.
    Seat,
    /// The lowest part of the body lies on a bed.
    Bed,
    /// Lying on the side, seen from above: nothing is below.
    Above,
}

/// Which way the figure faces when upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// To the viewer's right.
    Right,
    /// To the viewer's left: the whole picture is mirrored.
    Left,
}

/// A direction on the picture, before mirroring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Away from the floor.
    Up,
    /// To the floor.
    Down,
    /// Where a standing figure looks.
    Forward,
    /// Behind a standing figure.
    Back,
}

/// A named place of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Joint {
    Hip,
    Waist,
    /// The skin of the belly, in front of the waist.
    Belly,
    /// The skin of the small of the back, behind the waist.
    SmallOfBack,
    Chest,
    Shoulder,
    Head,
    /// Behind the head.
    Nape,
    NearKnee,
    FarKnee,
    NearShin,
    FarShin,
    /// The back of the thigh, near the knee.
    NearThigh,
    FarThigh,
    NearAnkle,
    FarAnkle,
    NearToe,
    FarToe,
    NearElbow,
    FarElbow,
    NearHand,
    FarHand,
}

/// Things in the picture beside the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prop {
    /// A chair to sit on.
    Chair,
    /// A chair whose seat carries the calves.
    ChairUnderCalves,
    /// A chair in front whose back the hands hold.
    ChairToHold,
    /// A chair behind, to sit back towards.
    ChairBehind,
    /// A bed to lie on or to sit at the edge of.
    Bed,
    /// A wall in front of the figure.
    WallFront,
    /// A wall behind the figure.
    WallBack,
    /// A pillow under the head.
    PillowHead,
    /// A pillow under the belly.
    PillowBelly,
    /// A pillow between the knees (seen from above) or under them.
    PillowKnees,
    /// A rolled towel in the small of the back.
    TowelWaist,
    /// A rolled towel under the upper back.
    TowelChest,
    /// A folded towel under the knee.
    PadKnee,
    /// The mattress seen from above.
    Mattress,
}

/// How a limb is posed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limb {
    /// The first joint's angle; the second bends until sole or palm is flat on the floor.
    Planted(f64),
    /// The first two angles; the foot stays level, the hand straight.
    Level(f64, f64),
    /// All three angles, degrees, and the shares of both long segments that are seen (1 in the plane,
    /// less when they point to the viewer).
    Angles([f64; 3], [f64; 2]),
    /// The hand is at a place of the body.
    Reach(Joint),
}

/// A pose of the whole body.
#[derive(Clone, Debug, PartialEq)]
pub struct Pose {
    /// What the body rests on.
    pub on: Ground,
    /// Which way it faces.
    pub face: Side,
    /// Direction of the pelvis upwards, degrees: 90 upright, 180 on the back, 0 on the belly.
    pub trunk: f64,
    /// Bending of the lower trunk, degrees; forwards is positive.
    pub lumbar: f64,
    /// Bending of the upper trunk, degrees.
    pub thorax: f64,
    /// Bending of the neck, degrees.
    pub neck: f64,
    /// Nodding of the head on the neck, degrees.
    pub head: f64,
    /// The leg on the viewer's side.
    pub near_leg: Limb,
    /// The other leg.
    pub far_leg: Limb,
    /// The arm on the viewer's side.
    pub near_arm: Limb,
    /// The other arm.
    pub far_arm: Limb,
    /// Things around the body.
    pub props: Vec<Prop>,
    /// Arrows that leave a place of the body: where, and which way.
    pub push: Vec<(Joint, Way)>,
    /// Arrows that end at a place of the body: where, and which way.
    pub press: Vec<(Joint, Way)>,
}

/// A pose as written: what is missing comes from the pose named by `base`.
///
/// A leg or an arm is a list of one number (hip or shoulder; sole or palm planted on the floor), two (the
/// foot level, the hand straight), three (all angles) or five (and the shares seen).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of Pose, each optional")]
pub struct PoseFile {
    pub base: Option<String>,
    pub on: Option<Ground>,
    pub face: Option<Side>,
    pub trunk: Option<f64>,
    pub lumbar: Option<f64>,
    pub thorax: Option<f64>,
    pub neck: Option<f64>,
    pub head: Option<f64>,
    pub leg: Option<Vec<f64>>,
    pub near_leg: Option<Vec<f64>>,
    pub far_leg: Option<Vec<f64>>,
    pub arm: Option<Vec<f64>>,
    pub near_arm: Option<Vec<f64>>,
    pub far_arm: Option<Vec<f64>>,
    pub hand: Option<Joint>,
    pub near_hand: Option<Joint>,
    pub far_hand: Option<Joint>,
    pub props: Option<Vec<Prop>>,
    pub push: Option<Vec<(Joint, Way)>>,
    pub press: Option<Vec<(Joint, Way)>>,
}

/// A pose cannot be made of what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoseError {
    /// `base` names no pose.
    #[error("there is no pose \"{0}\" to build on")]
    NoBase(String),
    /// `base` names form a circle or a very long chain.
    #[error("the chain of base poses from \"{0}\" is longer than eight")]
    LongChain(String),
    /// A limb has the wrong count of numbers, or one that is no angle.
    #[error("a limb is 1, 2, 3 or 5 numbers within -360 to 360, the last two of five within 0 to 1")]
    Limb,
    /// An angle is not finite or beyond a full turn.
    #[error("\"{0}\" must lie within -360 to 360 degrees")]
    Angle(&'static str),
    /// A planted or reaching limb is too short, or would bend a joint the wrong way.
    #[error("the {0} does not get where it should: change the angle of its first joint")]
    OutOfReach(&'static str),
}

impl Default for Pose {
    fn default() -> Self {
        let leg = Limb::Level(0.0, 0.0);
        let arm = Limb::Angles([0.0; 3], [1.0; 2]);
        Self {
            on: Ground::Floor,
            face: Side::Right,
            trunk: 90.0,
            lumbar: 0.0,
            thorax: 0.0,
            neck: 0.0,
            head: 0.0,
            near_leg: leg,
            far_leg: leg,
            near_arm: arm,
            far_arm: arm,
            props: Vec::new(),
            push: Vec::new(),
            press: Vec::new(),
        }
    }
}

impl PoseFile {
    /// The whole pose, built on the poses of `bases`.
    ///
    /// # Errors
    /// When a base is missing or circular, or a number is no angle.
    pub fn build(&self, bases: &BTreeMap<String, PoseFile>) -> Result<Pose, PoseError> {
        let mut layers = vec![self];
        while let Some(name) = layers.last().and_then(|layer| layer.base.as_ref()) {
            let base = bases.get(name).ok_or_else(|| PoseError::NoBase(name.clone()))?;
            if layers.len() > 8 {
                return Err(PoseError::LongChain(name.clone()));
            }
            layers.push(base);
        }
        let mut pose = Pose::default();
        for layer in layers.into_iter().rev() {
            layer.lay_over(&mut pose)?;
        }
        Ok(pose)
    }

    fn lay_over(&self, pose: &mut Pose) -> Result<(), PoseError> {
        for (name, from, to) in [
            ("trunk", self.trunk, &mut pose.trunk),
            ("lumbar", self.lumbar, &mut pose.lumbar),
            ("thorax", self.thorax, &mut pose.thorax),
            ("neck", self.neck, &mut pose.neck),
            ("head", self.head, &mut pose.head),
        ] {
            if let Some(angle) = from {
                *to = is_angle(angle).then_some(angle).ok_or(PoseError::Angle(name))?;
            }
        }
        pose.on = self.on.unwrap_or(pose.on);
        pose.face = self.face.unwrap_or(pose.face);
        for (both, one, to) in [
            (&self.leg, &self.near_leg, &mut pose.near_leg),
            (&self.leg, &self.far_leg, &mut pose.far_leg),
            (&self.arm, &self.near_arm, &mut pose.near_arm),
            (&self.arm, &self.far_arm, &mut pose.far_arm),
        ] {
            if let Some(numbers) = one.as_ref().or(both.as_ref()) {
                *to = limb(numbers)?;
            }
        }
        for (to, hand) in [(&mut pose.near_arm, self.near_hand), (&mut pose.far_arm, self.far_hand)] {
            if let Some(place) = hand.or(self.hand) {
                *to = Limb::Reach(place);
            }
        }
        if let Some(props) = &self.props {
            pose.props.clone_from(props);
        }
        if let Some(push) = &self.push {
            pose.push.clone_from(push);
        }
        if let Some(press) = &self.press {
            pose.press.clone_from(press);
        }
        Ok(())
    }
}

fn is_angle(angle: f64) -> bool {
    (-360.0..=360.0).contains(&angle)
}

fn limb(numbers: &[f64]) -> Result<Limb, PoseError> {
    let share = |share: f64| (0.0..=1.0).contains(&share);
    match *numbers {
        [a] if is_angle(a) => Ok(Limb::Planted(a)),
        [a, b] if is_angle(a) && is_angle(b) => Ok(Limb::Level(a, b)),
        [a, b, c] if [a, b, c].into_iter().all(is_angle) => Ok(Limb::Angles([a, b, c], [1.0; 2])),
        [a, b, c, s, t] if [a, b, c].into_iter().all(is_angle) && share(s) && share(t) => {
            Ok(Limb::Angles([a, b, c], [s, t]))
        }
        _ => Err(PoseError::Limb),
    }
}
