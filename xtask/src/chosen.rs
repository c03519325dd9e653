//! Chooses the scans that the shape model is fitted on, and says why others are left out.

use std::collections::BTreeMap;

use population::{GAPS, LATERAL, PARAMS, SAGITTAL, SEGMENTS, Shape, segment};

use crate::spines::{Position, Scan};

/// Shortest and longest believable segment, mm. Source: data README (8 segments longer than 50 mm
/// and 12 shorter than 14 mm are to be looked at).
const GAP_MM: (f64, f64) = (14.0, 50.0);

/// What one scan says about the 48 numbers.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The scan's name.
    pub id: String,
    /// The person's name.
    pub subject: String,
    /// Indices of the numbers seen.
    pub index: Vec<usize>,
    /// Their values.
    pub value: Vec<f64>,
    /// Whether the lateral inclinations carry an unknown yaw (the ends were not both seen).
    pub yaw_unknown: bool,
    /// One divided by the number of this person's scans in the fit.
    pub weight: f64,
}

impl Observed {
    /// Whether all seventeen levels were seen, lying on the back.
    pub fn is_full(&self) -> bool {
        self.index.len() == PARAMS && !self.yaw_unknown
    }
}

/// Why a scan is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Out {
    /// The person lay on the belly.
    Prone,
    /// A level between its neighbours is missing: probably eleven thoracic vertebrae.
    LevelMissing,
    /// A gap of 1.6 times its neighbours' mean and over 50 mm: a vertebra without a label.
    LevelUnlabelled,
    /// A segment outside 14..50 mm.
    Gap,
    /// Fewer than three levels of T1..L5, or a chain that turns back.
    TooLittle,
    /// Far from everybody else (found after a first fit).
    Far,
}

/// The scans to fit on, and the counts of those left out.
pub struct Chosen {
    /// What is fitted on.
    pub seen: Vec<Observed>,
    /// Names of the scans left out, by reason.
    pub out: BTreeMap<Out, Vec<String>>,
    /// Scans with a sixth lumbar vertebra (the vertebra is ignored, T1..L5 are kept).
    pub sixth_lumbar: usize,
}

/// Chooses.
pub fn choose(scans: &[Scan]) -> Chosen {
    let mut chosen = Chosen { seen: Vec::new(), out: BTreeMap::new(), sixth_lumbar: 0 };
    for scan in scans {
        match observe(scan) {
            Ok(observed) => {
                chosen.sixth_lumbar += usize::from(scan.has("L6"));
                chosen.seen.push(observed);
            }
            Err(reason) => chosen.out.entry(reason).or_default().push(scan.id.clone()),
        }
    }
    weigh(&mut chosen.seen);
    chosen
}

/// Gives each person's scans a common weight of one.
pub fn weigh(seen: &mut [Observed]) {
    let mut scans_of = BTreeMap::<String, f64>::new();
    for observed in seen.iter() {
        *scans_of.entry(observed.subject.clone()).or_default() += 1.0;
    }
    for observed in seen {
        observed.weight = 1.0 / scans_of[&observed.subject];
    }
}

/// What a scan says, or why it is left out.
pub fn observe(scan: &Scan) -> Result<Observed, Out> {
    if scan.position == Position::Prone {
        return Err(Out::Prone);
    }
    let centres = scan.regular();
    let first = centres.iter().position(Option::is_some).ok_or(Out::TooLittle)?;
    let last = centres.iter().rposition(Option::is_some).ok_or(Out::TooLittle)?;
    if last < first + 2 {
        return Err(Out::TooLittle);
    }
    let mut segments = Vec::new();
    for i in first..last {
        let (Some(a), Some(b)) = (centres[i], centres[i + 1]) else {
            return Err(Out::LevelMissing);
        };
        segments.push((i, segment(a, b).ok_or(Out::TooLittle)?));
    }
    let gap = |k: usize| libm::exp(segments[k].1.0);
    for k in 0..segments.len() {
        let before = gap(k.checked_sub(1).unwrap_or(1));
        let after = if k + 1 < segments.len() { gap(k + 1) } else { before };
        if gap(k) > GAP_MM.1 && gap(k) > 0.8 * (before + after) {
            return Err(Out::LevelUnlabelled);
        }
        if !(GAP_MM.0..=GAP_MM.1).contains(&gap(k)) {
            return Err(Out::Gap);
        }
    }
    let full = segments.len() == SEGMENTS;
    if full {
        let shape =
            Shape::from_centres(&centres.map(|c| c.unwrap_or_default())).map_err(|_| Out::TooLittle)?;
        for (i, (_, numbers)) in segments.iter_mut().enumerate() {
            let p = shape.params();
            *numbers = (p[GAPS + i], p[SAGITTAL + i], p[LATERAL + i]);
        }
    }
    let mut seen: Vec<(usize, f64)> = Vec::new();
    for (i, (ln_gap, theta, phi)) in &segments {
        seen.push((GAPS + i, *ln_gap));
        if scan.position == Position::Supine {
            seen.push((SAGITTAL + i, *theta));
        }
        seen.push((LATERAL + i, *phi));
    }
    seen.sort_by_key(|(i, _)| *i);
    Ok(Observed {
        id: scan.id.clone(),
        subject: scan.subject.clone(),
        index: seen.iter().map(|(i, _)| *i).collect(),
        value: seen.iter().map(|(_, v)| *v).collect(),
        yaw_unknown: !full,
        weight: 1.0,
    })
}
