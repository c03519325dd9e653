//! Why a scan gives no answer, in words for the person and with the numbers behind them.

use core::fmt;
use serde::{Deserialize, Serialize};

/// An end of the back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Where the neck leaves the bed.
    Neck,
    /// Where the sacrum begins.
    Sacrum,
}

/// Why a scan gives no answer. An ordinary result, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody lies on the bed, or nothing was touched.
    NobodyThere {
        /// Weight on the corner cells, N; `None` on a bed without them.
        weight_n: Option<f64>,
        /// Part of the bed on which a head touched somebody, mm.
        touched_mm: f64,
    },
    /// The person moved or got up between the way out and the way back.
    Moved {
        /// How far along the bed, mm, footward positive.
        shift_mm: f64,
        /// Least share of the weight that stayed on the bed.
        weight_share: f64,
    },
    /// The spine lies too far beside the midline for the heads.
    OffCentre {
        /// Mean distance of the spine from the midline, mm, left positive.
        aside_mm: f64,
    },
    /// The heads did not reach an end of the back.
    TooShort {
        /// Which end.
        end: End,
        /// By how much, mm.
        missing_mm: f64,
    },
    /// The heads lost contact on the way.
    ContactLost {
        /// Share of the way in contact.
        share: f64,
    },
    /// The readings do not look like a back.
    PoorFit {
        /// Root mean square of the residuals over what is expected.
        misfit: f64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyThere { weight_n: Some(weight), touched_mm } => {
                write!(f, "nobody lies on the bed: {weight:.0} N on it, {touched_mm:.0} mm of a back touched")
            }
            Self::NobodyThere { weight_n: None, touched_mm } => {
                write!(f, "nobody lies on the bed: {touched_mm:.0} mm of a back touched")
            }
            Self::Moved { shift_mm, weight_share } => write!(
                f,
                "moved during the scan: {shift_mm:.0} mm along the bed, at least {:.0} % of the weight stayed \
                 on it; lie still and scan again",
                100.0 * weight_share
            ),
            Self::OffCentre { aside_mm } => write!(
                f,
                "too far to the {}: move {:.0} mm to your {} and scan again",
                if *aside_mm > 0.0 { "left" } else { "right" },
                aside_mm.abs(),
                if *aside_mm > 0.0 { "right" } else { "left" }
            ),
            Self::TooShort { end: End::Neck, missing_mm } => write!(
                f,
                "the pass was too short: it missed the neck by {missing_mm:.0} mm; lie further to the foot end"
            ),
            Self::TooShort { end: End::Sacrum, missing_mm } => write!(
                f,
                "the pass was too short: it missed the sacrum by {missing_mm:.0} mm; lie further to the head end"
            ),
            Self::ContactLost { share } => {
                write!(f, "contact was lost: the heads touched on {:.0} % of the way", 100.0 * share)
            }
            Self::PoorFit { misfit } => write!(
                f,
                "the readings do not look like a back: {misfit:.1} times the expected misfit; scan again"
            ),
        }
    }
}

impl core::error::Error for Refusal {}
