//! What whoever gives a file says of its numbers, where the file itself does not.

use std::fmt;
use std::str::FromStr;

use super::SpineFileError;

/// A unit of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Millimetres.
    Millimetres,
    /// Centimetres.
    Centimetres,
    /// Metres.
    Metres,
}

impl Unit {
    /// Millimetres in one of it.
    #[must_use]
    pub fn millimetres(self) -> f64 {
        match self {
            Self::Millimetres => 1.0,
            Self::Centimetres => 10.0,
            Self::Metres => 1000.0,
        }
    }
}

impl FromStr for Unit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "mm" => Ok(Self::Millimetres),
            "cm" => Ok(Self::Centimetres),
            "m" => Ok(Self::Metres),
            _ => Err("allowed are mm, cm and m".to_owned()),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Millimetres => "mm",
            Self::Centimetres => "cm",
            Self::Metres => "m",
        })
    }
}

/// Axes of the person, named by their positive ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Left, posterior, superior: DICOM's.
    Lps,
    /// Right, anterior, superior: those of NIfTI and many programs.
    Ras,
}

impl Axes {
    /// The same point in DICOM axes.
    pub(super) fn to_dicom(self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        match self {
            Self::Lps => [x, y, z],
            Self::Ras => [-x, -y, z],
        }
    }
}

impl FromStr for Axes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_uppercase().as_str() {
            "LPS" => Ok(Self::Lps),
            "RAS" => Ok(Self::Ras),
            _ => {
                Err("allowed are LPS (+x left, +y to the back) and RAS (+x right, +y to the front)"
                    .to_owned())
            }
        }
    }
}

impl fmt::Display for Axes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lps => "LPS",
            Self::Ras => "RAS",
        })
    }
}

/// What is said beside a file; `None` leaves it to the file, or to what its format says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The unit of its lengths.
    pub unit: Option<Unit>,
    /// Its axes.
    pub axes: Option<Axes>,
}

impl Declared {
    /// Refuses where the file says otherwise.
    pub(super) fn agrees(
        &self,
        file: &str,
        unit: Option<Unit>,
        axes: Option<Axes>,
    ) -> Result<(), SpineFileError> {
        let other = |said: String, holds: String| SpineFileError::Contradiction {
            file: file.to_owned(),
            what: format!("says {holds}, and {said} was said beside it"),
        };
        match (self.unit, unit) {
            (Some(said), Some(holds)) if said != holds => {
                return Err(other(said.to_string(), holds.to_string()));
            }
            _ => {}
        }
        match (self.axes, axes) {
            (Some(said), Some(holds)) if said != holds => Err(other(said.to_string(), holds.to_string())),
            _ => Ok(()),
        }
    }
}
