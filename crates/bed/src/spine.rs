//! The spine as it was found: levels, curve and tension, each with its uncertainty, and the one
//! definition of length and angles by which truth and estimate are compared.

use heapless::Vec;
use serde::{Deserialize, Serialize};

/// Most bodies between T1 and the last lumbar level: thirteen thoracic and six lumbar.
pub const BODIES_MAX: usize = 19;

macro_rules! levels {
    ($($name:ident),*) => {
        /// A vertebra (or the sacrum's first segment), from head to foot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub enum Level { $($name),* }

        impl Level {
            /// All levels from head to foot.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The level's name, such as `T12`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// The level of this name; `None` for any other text.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|level| level.name() == name)
            }
        }
    };
}

levels!(C7, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, L1, L2, L3, L4, L5, L6, S1);

impl Level {
    /// The seventeen bodies of a regular spine, T1 to L5.
    pub const REGULAR: [Self; 17] = [
        Self::T1,
        Self::T2,
        Self::T3,
        Self::T4,
        Self::T5,
        Self::T6,
        Self::T7,
        Self::T8,
        Self::T9,
        Self::T10,
        Self::T11,
        Self::T12,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
        Self::L5,
    ];

    /// True for T1 to T13.
    #[must_use]
    pub fn is_thoracic(self) -> bool {
        (Self::T1..=Self::T13).contains(&self)
    }

    /// True for L1 to L6.
    #[must_use]
    pub fn is_lumbar(self) -> bool {
        (Self::L1..=Self::L6).contains(&self)
    }
}

/// A side of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The person's left, y positive.
    Left,
    /// The person's right, y negative.
    Right,
}

impl Side {
    /// Left, then right: the order of the heads.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];
}

/// A value with the interval that holds the truth nine times in ten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Best estimate.
    pub value: f64,
    /// Lower end of the 90 % interval.
    pub lo90: f64,
    /// Upper end of the 90 % interval.
    pub hi90: f64,
}

impl Interval {
    /// The interval of a normal distribution: value and standard deviation in the same unit.
    ///
    /// ```
    /// let interval = bed::Interval::normal(10.0, 1.0);
    /// assert!((interval.lo90 - 8.355).abs() < 1e-3);
    /// ```
    #[must_use]
    pub fn normal(value: f64, sd: f64) -> Self {
        // Source: 95th percentile of the standard normal distribution.
        let half = 1.644_853_627 * sd;
        Self { value, lo90: value - half, hi90: value + half }
    }

    /// True where the truth lies inside.
    #[must_use]
    pub fn holds(&self, truth: f64) -> bool {
        (self.lo90..=self.hi90).contains(&truth)
    }
}

/// Centre of one vertebral body in the bed's frame, mm, with standard deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LevelEstimate {
    pub level: Level,
    pub x_mm: f64,
    pub y_mm: f64,
    pub z_mm: f64,
    pub sd_x_mm: f64,
    pub sd_y_mm: f64,
    pub sd_z_mm: f64,
}

/// Stiffness of the muscle beside one level against what is expected there (1 is as expected).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tension {
    /// Beside which vertebra.
    pub level: Level,
    /// On which side.
    pub side: Side,
    /// Stiffness over expected stiffness.
    pub ratio: f64,
    /// Lower end of the 90 % interval.
    pub lo90: f64,
    /// Upper end of the 90 % interval.
    pub hi90: f64,
    /// A tense place was found there: on healthy backs this is so once in ten scans.
    #[serde(default)]
    pub tense: bool,
}

/// Everything that a scan found, in the bed's frame, lying supine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpineScan {
    /// Body centres from T1 to the last lumbar level, in order.
    pub levels: Vec<LevelEstimate, BODIES_MAX>,
    /// Polyline through the body centres, T1 to the last lumbar level.
    pub length_t1_l5_mm: Interval,
    /// See [`measure`].
    pub kyphosis_deg: Interval,
    /// See [`measure`].
    pub lordosis_deg: Interval,
    /// See [`measure`].
    pub lateral_deviation_mm: Interval,
    /// Per level and side; empty where the bed cannot tell (no load cells).
    pub tension: Vec<Tension, { 2 * BODIES_MAX }>,
}

impl SpineScan {
    /// The estimate of one level, if it was found.
    #[must_use]
    pub fn level(&self, level: Level) -> Option<&LevelEstimate> {
        self.levels.iter().find(|estimate| estimate.level == level)
    }
}

/// Length, angles and sideways deviation of one chain of body centres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct SpineMeasures {
    pub length_t1_l5_mm: f64,
    pub kyphosis_deg: f64,
    pub lordosis_deg: f64,
    pub lateral_deviation_mm: f64,
}

/// Measures a chain of body centres `(level, [x, y, z] in mm)` from T1 to the last lumbar level.
///
/// * length: polyline through the centres;
/// * kyphosis: angle between the chords first -> fourth thoracic and fourth-last -> last thoracic,
///   projected on x-z, positive where the back is convex;
/// * lordosis: angle between the chords last thoracic -> second lumbar and third-last -> last lumbar,
///   positive where the back is hollow;
/// * sideways: the largest signed y from the line T1 .. last lumbar, left positive.
///
/// `None` with fewer than four thoracic or three lumbar bodies. These are centroid angles of a person
/// lying supine, not Cobb angles of a standing X-ray.
#[must_use]
pub fn measure(centres: &[(Level, [f64; 3])]) -> Option<SpineMeasures> {
    let thoracic = centres.iter().filter(|(level, _)| level.is_thoracic()).count();
    let lumbar = centres.len() - thoracic;
    if thoracic < 4 || lumbar < 3 {
        return None;
    }
    let at = |index: usize| centres[index].1;
    let length = centres.windows(2).map(|pair| distance(pair[0].1, pair[1].1)).sum();
    let (last_thoracic, last) = (thoracic - 1, centres.len() - 1);
    let slope = |from: usize, to: usize| {
        let (a, b) = (at(from), at(to));
        libm::atan2(b[2] - a[2], b[0] - a[0])
    };
    let kyphosis = slope(last_thoracic - 3, last_thoracic) - slope(0, 3);
    let lordosis = slope(last_thoracic, last_thoracic + 2) - slope(last - 2, last);
    let (head, foot) = (at(0), at(last));
    let lateral = centres
        .iter()
        .map(|(_, centre)| {
            let along = (centre[0] - head[0]) / (foot[0] - head[0]);
            centre[1] - (head[1] + along * (foot[1] - head[1]))
        })
        .fold(0.0_f64, |largest, y| if libm::fabs(y) > libm::fabs(largest) { y } else { largest });
    Some(SpineMeasures {
        length_t1_l5_mm: length,
        kyphosis_deg: kyphosis.to_degrees(),
        lordosis_deg: lordosis.to_degrees(),
        lateral_deviation_mm: lateral,
    })
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let square = |index: usize| (a[index] - b[index]) * (a[index] - b[index]);
    libm::sqrt(square(0) + square(1) + square(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A regular chain on two circular arcs: the thoracic part convex to the back, the lumbar hollow.
    fn arcs() -> [(Level, [f64; 3]); 17] {
        let mut centre = [0.0, 0.0, 0.0];
        let mut chain = [(Level::T1, centre); 17];
        for (index, level) in Level::REGULAR.into_iter().enumerate() {
            chain[index] = (level, centre);
            let slope: f64 =
                if index < 11 { -20.0 + 4.0 * index as f64 } else { 20.0 - 6.0 * (index as f64 - 11.0) };
            centre[0] += 25.0 * slope.to_radians().cos();
            centre[2] += 25.0 * slope.to_radians().sin();
        }
        chain
    }

    #[test]
    fn a_chain_on_two_arcs_has_the_length_and_angles_of_its_arcs() {
        let measures = measure(&arcs()).expect("a regular chain");
        assert!((measures.length_t1_l5_mm - 400.0).abs() < 1e-9);
        // Chords T1-T4 and T9-T12 point along the mean slopes -16 and +16 degrees.
        assert!((measures.kyphosis_deg - 32.0).abs() < 0.1, "{measures:?}");
        // Chords T12-L2 (20, 14 degrees) and L3-L5 (2, -4 degrees).
        assert!((measures.lordosis_deg - 18.0).abs() < 0.1, "{measures:?}");
    }

    #[test]
    fn mirroring_left_and_right_turns_the_sign_of_the_deviation_alone() {
        let mut chain = arcs();
        chain[8].1[1] = 7.0;
        let left = measure(&chain).expect("a regular chain");
        chain[8].1[1] = -7.0;
        let right = measure(&chain).expect("a regular chain");
        assert!((left.lateral_deviation_mm - 7.0).abs() < 1e-12);
        assert!((right.lateral_deviation_mm + 7.0).abs() < 1e-12);
        assert!((left.length_t1_l5_mm - right.length_t1_l5_mm).abs() < 1e-12);
    }

    #[test]
    fn a_piece_of_a_spine_has_no_angles() {
        assert!(measure(&arcs()[..6]).is_none());
    }
}
