//! A session in short: what a list or a course over many sessions shows, without the session's whole record.

use bed::{Interval, SpineScan};
use serde::{Deserialize, Serialize};

/// A figure before and after the treatment; `None` where there was no scan, or the bed cannot tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pair<T> {
    /// Before.
    pub before: Option<T>,
    /// After.
    pub after: Option<T>,
}

/// A session in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// How it ended, as the record says it; null where nobody saw the end.
    pub ended: serde_json::Value,
    /// From machine start to release, minutes; `None` where nobody saw the end.
    pub minutes: Option<f64>,
    /// Strokes given to their end.
    pub strokes: usize,
    /// Faults that the guard reported.
    pub faults: usize,
    /// Length from T1 to the last lumbar body, mm.
    pub length_mm: Pair<Interval>,
    /// Kyphosis, lying, degrees.
    pub kyphosis_deg: Pair<Interval>,
    /// Lordosis, lying, degrees.
    pub lordosis_deg: Pair<Interval>,
    /// Sideways deviation, left positive, mm.
    pub lateral_mm: Pair<Interval>,
    /// Stiffness over what is expected, mean of all sites.
    pub tension_mean: Pair<f64>,
    /// Sites that are surely tenser than expected.
    pub tense_sites: Pair<usize>,
    /// Name of the log beside the record.
    pub log: Option<String>,
}

impl Brief {
    /// What two scans say, before and after the treatment.
    #[must_use]
    pub fn of_scans(before: Option<&SpineScan>, after: Option<&SpineScan>) -> Self {
        fn pair<T>(scans: [Option<&SpineScan>; 2], figure: impl Fn(&SpineScan) -> Option<T>) -> Pair<T> {
            let [before, after] = scans.map(|scan| scan.and_then(&figure));
            Pair { before, after }
        }
        let scans = [before, after];
        let told = |scan: &SpineScan| !scan.tension.is_empty();
        Self {
            length_mm: pair(scans, |scan| Some(scan.length_t1_l5_mm)),
            kyphosis_deg: pair(scans, |scan| Some(scan.kyphosis_deg)),
            lordosis_deg: pair(scans, |scan| Some(scan.lordosis_deg)),
            lateral_mm: pair(scans, |scan| Some(scan.lateral_deviation_mm)),
            tension_mean: pair(scans, |scan| {
                let sum: f64 = scan.tension.iter().map(|site| site.ratio).sum();
                told(scan).then(|| sum / scan.tension.len() as f64)
            }),
            tense_sites: pair(scans, |scan| {
                told(scan).then(|| scan.tension.iter().filter(|site| site.tense).count())
            }),
            ..Self::default()
        }
    }
}
