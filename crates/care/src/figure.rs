//! A small body figure in the sagittal plane, posed by joint angles and drawn to SVG: the pictures of the
//! exercises and of the positions of ease.
//!
//! Terms: a [`Pose`] is what a person writes (angles in degrees, where the body rests); a [`Skeleton`] is
//! where the joints then are; a [`Row`] is one to three poses drawn side by side at one scale. *Near*
//! limbs are on the viewer's side and drawn dark, *far* limbs are behind the trunk and drawn light: near is
//! the person's right when the figure faces right. Lengths are in drawing units, [`STATURE`] of them from
//! sole to vertex; `x` grows forwards of a standing figure, `y` upwards from the floor.
//!
//! Angles: the trunk's is absolute (90 upright, 180 on the back, 0 on the belly); all others are those of
//! the joint, zero in the upright stance with hanging arms, flexion positive. With `t` the direction of the
//! pelvis upwards: thigh = t + 180 + hip, shank = thigh - knee, foot = shank + 90 + ankle; with `c` the
//! direction of the chest upwards: upper arm = c + 180 + shoulder, forearm = upper arm + elbow.
//!
//! Sources: segment lengths as fractions of stature from Drillis and Contini 1966, as reproduced in Winter,
//! Biomechanics and Motor Control of Human Movement, 4th ed. 2009, figure 4.1. Thicknesses are a guess for
//! the eye. Not a model of load or balance: it only shows a position.

mod draw;
mod pose;
mod props;
mod skeleton;

pub use draw::{HEIGHT, Row, WIDTH};
pub use pose::{Ground, Joint, Limb, Pose, PoseError, PoseFile, Prop, Side, Way};
pub use skeleton::{Arm, Circle, Leg, Point, SEAT_HEIGHT, STATURE, Skeleton};

#[cfg(test)]
mod tests;
