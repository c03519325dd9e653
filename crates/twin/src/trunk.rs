//! From a person to the chain of masses on the pad: weights, joints, what the scanner's table carried.
//!
//! On the flat rigid table of the scanner the unloaded skin of node `i` lay `g_i` above the lowest
//! plane that touches; with the body sunk in by `d`, the table carried `r_i = kappa_i (d - g_i)` where
//! positive, the buttocks most of the pelvis. The broad back (shoulder blades, buttocks) is not known from
//! the spine: a wedge on `g` makes forces and moments balance. On the pad the same contours sink until the
//! weight is carried. Head and neck lie on a pillow of their own, arms and legs beside the chain: they
//! only weigh.

use bed::BedConfig;
use population::Sex;

use crate::banded::NODES_MAX;
use crate::body::Person;
use crate::profile::Profile;
use crate::spine_chain::{Chain, Nodes, Support, bending};

/// Gravity, mm/s2. Source: standard acceleration of free fall.
pub const GRAVITY_MM_S2: f64 = 9806.65;
/// Nodes before T1: head, neck, C7.
pub const BEFORE: usize = 3;

/// Segment masses as shares of the body. Source: de Leva 1996 (recall), science.md 3.6.
struct Shares {
    head: f64,
    upper: f64,
    middle: f64,
    lower: f64,
    arm: f64,
    leg: [f64; 3],
}

const MALE: Shares = Shares {
    head: 0.0694,
    upper: 0.1596,
    middle: 0.1633,
    lower: 0.1117,
    arm: 0.0271 + 0.0162 + 0.0061,
    leg: [0.1416, 0.0433, 0.0137],
};
const FEMALE: Shares = Shares {
    head: 0.0668,
    upper: 0.1545,
    middle: 0.1465,
    lower: 0.1247,
    arm: 0.0255 + 0.0138 + 0.0056,
    leg: [0.1478, 0.0481, 0.0129],
};

/// Share of the head's mass that the neck node has. Guess.
const NECK_SHARE: f64 = 0.15;
/// Head, neck and C7 cranial of T1, mm at a stature of 1700 mm. Guess: from anatomy.
const CRANIAL_MM: [f64; BEFORE] = [-195.0, -75.0, -22.0];
/// Sacrum and pelvis caudal of the last lumbar body, mm at a stature of 1700 mm. Guess: from anatomy.
const CAUDAL_MM: [f64; 2] = [55.0, 115.0];
/// Bending stiffness at a joint, N mm/rad: neck, thoracic (with ribs), lumbar, lumbosacral, sacrum to
/// pelvis. Guess: the whole trunk bends passively by about half a Nm a degree over six joints, so 2.5 Nm a
/// degree each in the loin (McGill 1994, J Biomech, recall), half as much again in the thorax.
const JOINT_N_MM: [f64; 5] = [15e3, 220e3, 145e3, 180e3, 800e3];
/// Share of the weight of pelvis, sacrum and the last lumbar levels that the buttocks carry; the rest
/// lies on the sacrum and the loin. Fitted: with it loin and pelvis carry what they do in people (PMD
/// 1.0.0, Pouyan 2017, ODC-By 1.0, see `people`: 15-20 and 23-33 % of the trunk's weight).
const PELVIS_SHARE: f64 = 0.4;
/// So many levels before the sacrum weigh on the pelvis.
const LUMBAR: usize = 3;
/// Shoulder blades lie so much lower than the skin beside the spine, about T5, with this SD along the
/// back, mm. Guess.
const BLADES_MM: (f64, f64) = (15.0, 50.0);
/// Largest wedge, rad. Guess: beyond it the body turns, as nobody lies on an edge.
const WEDGE_MAX: f64 = 0.06;
/// Lowest place of the skin above the lowered rollers, mm. Guess: beside the slot the pad carries it.
const SKIN_LOWEST_MM: f64 = 4.0;
/// Tissue against a rigid table, N/mm a mm of body. Guess.
const TABLE_N_MM2: f64 = 0.12;
/// Pad through tissue at first touch, N/mm a mm of body. Guess: 0.6 N/mm of back (science.md 3.6) sinks
/// in by about 11 mm.
const PAD_N_MM2: f64 = 0.045;
/// Depth at which the pad is twice as stiff, `w0`, mm. Guess.
const PAD_PROGRESS_MM: f64 = 25.0;
/// Damping of the pad as a share of critical for the node on it. Guess.
const PAD_DAMPING: f64 = 0.3;
/// Pillow under head and neck, N/mm a node. Guess.
const PILLOW_N_MM: f64 = 2.5;

/// A person on a pad, ready to move.
#[derive(Clone, Debug, PartialEq)]
pub struct Trunk {
    /// The chain.
    pub chain: Chain,
    /// Height of the T1 body centre in the bed's frame in the CT shape, mm.
    pub origin_mm: f64,
    /// What lies beside the chain: place from T1 (mm) and weight (N) of arms, thighs, shanks, feet.
    pub beside: [(f64, f64); 4],
    /// Share by which the pad is worn: factor on its stiffness.
    pub pad_scale: f64,
    /// Wedge between the skin beside the spine and the broad back that lies on the pad, rad.
    pub wedge: f64,
}

struct Layout {
    size: usize,
    x_mm: Nodes,
    length_mm: Nodes,
    weight_n: Nodes,
    joints: [f64; NODES_MAX],
    breath: Nodes,
}

fn layout(person: &Person) -> Layout {
    let shares = match person.basics.sex {
        Sex::Female => &FEMALE,
        Sex::Male => &MALE,
    };
    let scale = person.basics.stature_mm / 1700.0;
    let count = person.levels.len();
    let size = (count + BEFORE + 2).min(NODES_MAX);
    let mut x_mm = [0.0; NODES_MAX];
    for i in 0..BEFORE {
        x_mm[i] = scale * CRANIAL_MM[i];
    }
    for (i, level) in person.levels.iter().enumerate() {
        x_mm[BEFORE + i] = level.centre_mm[0];
    }
    let last = x_mm[BEFORE + count - 1];
    for i in 0..2 {
        x_mm[BEFORE + count + i] = last + scale * CAUDAL_MM[i];
    }
    let mut length_mm = [0.0; NODES_MAX];
    for i in 2..size {
        let head = if i == 2 { x_mm[2] } else { 0.5 * (x_mm[i] + x_mm[i - 1]) };
        let foot = if i + 1 == size { x_mm[i] + 60.0 * scale } else { 0.5 * (x_mm[i] + x_mm[i + 1]) };
        length_mm[i] = foot - head;
    }
    let thoracic = person.levels.iter().filter(|level| level.level.is_thoracic()).count();
    // Source: de Leva's planes: xiphoid about T9, navel about L3-L4.
    let region = |i: usize| match i {
        _ if i < BEFORE + thoracic.saturating_sub(4) => 0,
        _ if i < BEFORE + thoracic + 3 => 1,
        _ => 2,
    };
    let mut lengths = [0.0; 3];
    for i in 2..size {
        lengths[region(i)] += length_mm[i];
    }
    let body_n = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
    let mut weight_n = [0.0; NODES_MAX];
    weight_n[0] = body_n * shares.head * (1.0 - NECK_SHARE);
    weight_n[1] = body_n * shares.head * NECK_SHARE;
    let trunk = [shares.upper, shares.middle, shares.lower];
    for i in 2..size {
        weight_n[i] = body_n * trunk[region(i)] * length_mm[i] / lengths[region(i)];
    }
    let mut joints = [0.0; NODES_MAX];
    let mut breath = [0.0; NODES_MAX];
    let ribs = x_mm[BEFORE + thoracic.saturating_sub(5)];
    let loin = x_mm[BEFORE + thoracic];
    for i in 0..size {
        joints[i] = match i {
            _ if i < BEFORE => JOINT_N_MM[0],
            _ if i < BEFORE + thoracic => JOINT_N_MM[1],
            _ if i + 1 < BEFORE + count => JOINT_N_MM[2],
            _ if i < BEFORE + count => JOINT_N_MM[3],
            _ => JOINT_N_MM[4],
        };
        breath[i] = breath_share(x_mm[i], ribs, loin, x_mm[size - 1]);
    }
    Layout { size, x_mm, length_mm, weight_n, joints, breath }
}

/// Share of the breath's excursion at a place: all from T8 to L1, tapering to a seventh at C7 and at the
/// pelvis. Source: design (T8-L1). Guess: the taper.
fn breath_share(x: f64, ribs: f64, loin: f64, pelvis: f64) -> f64 {
    let least = 0.15;
    let away = if x < ribs {
        (ribs - x) / ribs.max(1.0)
    } else if x > loin {
        (x - loin) / (pelvis - loin)
    } else {
        0.0
    };
    1.0 - (1.0 - least) * away.clamp(0.0, 1.0)
}

/// How the body lay on the scanner's table.
struct Lying {
    /// What the table carried at each node, N.
    carried_n: Nodes,
    /// Depth of each node's contour below the table, mm; negative where it hangs free.
    sunk_mm: Nodes,
    /// Depth of the lowest skin, mm.
    depth_mm: f64,
    /// Wedge between the skin beside the spine and the broad back, rad.
    wedge: f64,
}

/// Forces of the table on the trunk without its pelvis, for a depth and a wedge about `pivot_mm`.
fn touched(layout: &Layout, gap_mm: &Nodes, depth_mm: f64, wedge: f64, pivot_mm: f64) -> (Nodes, Nodes) {
    let mut force = [0.0; NODES_MAX];
    let mut sunk = [0.0; NODES_MAX];
    for i in 2..layout.size - 1 {
        sunk[i] = depth_mm - gap_mm[i] - wedge * (layout.x_mm[i] - pivot_mm);
        force[i] = TABLE_N_MM2 * layout.length_mm[i] * sunk[i].max(0.0);
    }
    (force, sunk)
}

/// The root of a rising function within bounds, by halving.
fn root(mut low: f64, mut high: f64, rises: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if rises(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Balances the body on the table: the pillow carries head and neck, the pelvis its share, the table the
/// rest, at the depth and the wedge at which neither force nor moment is left over.
fn on_table(layout: &Layout, gap_mm: &Nodes, pelvis_n: f64) -> Lying {
    let (size, x) = (layout.size, &layout.x_mm);
    let pelvis = size - 1;
    let pillow = layout.weight_n[0] + layout.weight_n[1];
    let (mut rest, mut moment) = (-pelvis_n - pillow, -pillow * x[0] - pelvis_n * x[pelvis]);
    for i in 0..size {
        rest += layout.weight_n[i];
        moment += layout.weight_n[i] * x[i];
    }
    let pivot = moment / rest;
    let depth_at = |wedge: f64| {
        let force = |depth: f64| touched(layout, gap_mm, depth, wedge, pivot).0.iter().sum::<f64>();
        root(-400.0, 800.0, |depth| force(depth) - rest)
    };
    // A wedge that opens to the feet moves the load to the head.
    let wedge = root(-1.0, 1.0, |wedge| {
        let (force, _) = touched(layout, gap_mm, depth_at(wedge), wedge, pivot);
        let mut sum = 0.0;
        for i in 0..pelvis {
            sum += force[i] * (x[i] - pivot);
        }
        -sum
    });
    let depth_mm = depth_at(wedge);
    let (mut carried_n, mut sunk_mm) = touched(layout, gap_mm, depth_mm, wedge, pivot);
    carried_n[0] = pillow;
    carried_n[pelvis] = pelvis_n;
    sunk_mm[pelvis] = pelvis_n / (TABLE_N_MM2 * layout.length_mm[pelvis]);
    Lying { carried_n, sunk_mm, depth_mm, wedge }
}

/// Lays a person on a bed: the person as they lie, their back, and their trunk. `pad_scale` is the pad's
/// stiffness over that of a new one. Who would lie on an edge is turned about T1 until they do not.
#[must_use]
pub fn lay(person: &Person, bed: &BedConfig, pad_scale: f64) -> (Person, Profile, Trunk) {
    let radius = f64::from(bed.roller.radius_mm);
    let mut lying = person.clone();
    let mut profile = Profile::new(&lying, radius);
    let mut trunk = Trunk::new(&lying, &profile, bed, pad_scale);
    for _ in 0..5 {
        let over = trunk.wedge - trunk.wedge.clamp(-WEDGE_MAX, WEDGE_MAX);
        if over.abs() < 1e-3 {
            break;
        }
        lying = lying.turned(over);
        profile = Profile::new(&lying, radius);
        trunk = Trunk::new(&lying, &profile, bed, pad_scale);
    }
    profile.hold_above(SKIN_LOWEST_MM - trunk.origin_mm);
    (lying, profile, trunk)
}

impl Trunk {
    /// Lays a person on a bed; `pad_scale` is the pad's stiffness over that of a new one.
    #[must_use]
    pub fn new(person: &Person, profile: &Profile, bed: &BedConfig, pad_scale: f64) -> Self {
        let layout = layout(person);
        let size = layout.size;
        let mut skin_mm = [0.0; NODES_MAX];
        let mut lowest = f64::MAX;
        for i in 2..size - 1 {
            let x = layout.x_mm[i];
            skin_mm[i] = 0.5 * (profile.at(x, 0).0.skin_mm + profile.at(x, 1).0.skin_mm);
            lowest = lowest.min(skin_mm[i]);
        }
        let blades = person.levels[4].centre_mm[0];
        let mut gap_mm = [0.0; NODES_MAX];
        for i in 2..size - 1 {
            let away = (layout.x_mm[i] - blades) / BLADES_MM.1;
            gap_mm[i] = skin_mm[i] - lowest - BLADES_MM.0 * libm::exp(-0.5 * away * away);
        }
        let mut lower_n = 0.0;
        for weight in &layout.weight_n[size - 2 - LUMBAR..size] {
            lower_n += weight;
        }
        let Lying { carried_n, sunk_mm, depth_mm: table_mm, wedge } =
            on_table(&layout, &gap_mm, PELVIS_SHARE * lower_n);
        let mut support = [Support::default(); NODES_MAX];
        let mut mass_t = [0.0; NODES_MAX];
        for i in 0..size {
            mass_t[i] = layout.weight_n[i] / GRAVITY_MM_S2;
            let pillow = i < 2;
            let stiffness_n_mm =
                if pillow { PILLOW_N_MM } else { pad_scale * PAD_N_MM2 * layout.length_mm[i] };
            let progress_mm2 = if pillow { 0.0 } else { 1.0 / (PAD_PROGRESS_MM * PAD_PROGRESS_MM) };
            let damping_n_s_mm = 2.0 * PAD_DAMPING * (stiffness_n_mm * mass_t[i]).sqrt();
            let depth_mm = if pillow { carried_n[i] / PILLOW_N_MM } else { sunk_mm[i] };
            support[i] = Support { stiffness_n_mm, progress_mm2, damping_n_s_mm, depth_mm };
        }
        let shift = sink(&support, &carried_n, size);
        for node in support.iter_mut().take(size).skip(2) {
            node.depth_mm += shift;
        }
        // The lowest skin lies its depth below the pad.
        let origin_mm = f64::from(bed.lift.pad_above_mm) - table_mm - shift - lowest;
        let body_n = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
        let shares = if person.basics.sex == Sex::Male { &MALE } else { &FEMALE };
        let (pelvis, scale) = (layout.x_mm[size - 1], person.basics.stature_mm / 1700.0);
        // Guess: middles of thigh, shank and foot from the hips, arms beside the trunk.
        let beside = [
            (250.0 * scale, 2.0 * body_n * shares.arm),
            (pelvis + 180.0 * scale, 2.0 * body_n * shares.leg[0]),
            (pelvis + 600.0 * scale, 2.0 * body_n * shares.leg[1]),
            (pelvis + 860.0 * scale, 2.0 * body_n * shares.leg[2]),
        ];
        let chain = Chain {
            size,
            x_mm: layout.x_mm,
            mass_t,
            joints_n_mm: layout.joints,
            bending: bending(&layout.x_mm[..size], &layout.joints[..size]),
            carried_n,
            support,
            breath: layout.breath,
        };
        Self { chain, origin_mm, beside, pad_scale, wedge }
    }

    /// The same body on a flat rigid table, as in the scanner.
    #[must_use]
    pub fn on_rigid_table(&self, stiffness_n_mm: f64) -> Self {
        let mut trunk = self.clone();
        for i in 0..self.chain.size {
            let carried = self.chain.carried_n[i];
            // Where the table carried nothing the skin was above it.
            let depth_mm = if carried > 0.0 { carried / stiffness_n_mm } else { -1.0 };
            trunk.chain.support[i] = Support { stiffness_n_mm, depth_mm, ..Support::default() };
        }
        trunk
    }
}

/// How much deeper the whole contour sinks into the pad than into the table, mm.
fn sink(support: &[Support; NODES_MAX], carried_n: &Nodes, size: usize) -> f64 {
    let mut weight = 0.0;
    for carried in carried_n.iter().take(size).skip(2) {
        weight += carried;
    }
    let (mut low, mut high) = (-100.0, 200.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        let mut sum = 0.0;
        for node in support.iter().take(size).skip(2) {
            sum += node.force(node.depth_mm + middle, 0.0).0;
        }
        if sum < weight { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests;
