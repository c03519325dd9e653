//! The twin does measurements that others published on people, and says how it compares.
//!
//! Each row holds what was published, with its source, and what the twin does when the same is done
//! to it. A row lies *inside* when the twin's value lies within one SD of the published mean, or
//! within the published bounds where no SD was given. Where it lies outside, `note` says why; where
//! the comparison is weaker than it looks (another site, a borrowed SD, a fitted constant), `note`
//! says that too. Agreement means that the model is not absurd; it is no evidence about any person.

mod bearing;
pub(crate) mod rig;
#[cfg(test)]
mod tests;
mod warmth;

use bed::BedConfig;
use serde::Serialize;

/// What was published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// Mean and SD over people.
    Mean {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Anything between two bounds.
    Between {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
}

impl Published {
    /// The middle: the mean, or halfway between the bounds.
    #[must_use]
    pub fn middle(&self) -> f64 {
        match *self {
            Self::Mean { mean, .. } => mean,
            Self::Between { low, high } => 0.5 * (low + high),
        }
    }

    /// What counts as inside: one SD either way, or the bounds.
    ///
    /// ```
    /// use twin::people::Published;
    /// assert_eq!(Published::Mean { mean: 5.0, sd: 1.5 }.bounds(), (3.5, 6.5));
    /// ```
    #[must_use]
    pub fn bounds(&self) -> (f64, f64) {
        match *self {
            Self::Mean { mean, sd } => (mean - sd, mean + sd),
            Self::Between { low, high } => (low, high),
        }
    }
}

/// What a comparison rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Footing {
    /// No constant of the twin was chosen from what was published here.
    Independent,
    /// A constant of the twin was chosen from it: agreement shows that the form can follow, no more.
    Fitted,
    /// What was published is vague, recalled or computed: see the note.
    Weak,
}

/// One published measurement and what the twin does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measurement {
    /// What was measured.
    pub name: &'static str,
    /// Unit of all values.
    pub unit: &'static str,
    /// What was published.
    pub published: Published,
    /// Number of people (or of what `note` says); unknown where `None`.
    pub n: Option<u32>,
    /// Where.
    pub source: &'static str,
    /// What the comparison rests on.
    pub footing: Footing,
    /// What the twin does.
    pub twin: f64,
    /// Whether that lies inside.
    pub inside: bool,
    /// What weakens or explains the comparison.
    pub note: &'static str,
}

/// What is known of a row before the twin has done it.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: &'static str,
    unit: &'static str,
    published: Published,
    n: Option<u32>,
    source: &'static str,
    footing: Footing,
    note: &'static str,
}

impl Row {
    fn done(self, twin: f64) -> Measurement {
        let (low, high) = self.published.bounds();
        Measurement {
            name: self.name,
            unit: self.unit,
            published: self.published,
            n: self.n,
            source: self.source,
            footing: self.footing,
            twin,
            inside: twin >= low && twin <= high,
            note: self.note,
        }
    }
}

/// Does all of them on this bed. Takes some seconds.
#[must_use]
pub fn measurements(bed: &BedConfig) -> Vec<Measurement> {
    let mut rows = bearing::rows(bed);
    rows.extend(warmth::rows(bed));
    rows
}
