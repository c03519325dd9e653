//! Who lies on the twin: a real spine, or somebody drawn from the population.

use crate::fail::Failure;
use clap::{Args, ValueEnum};
use population::{About, Sex};
use std::path::PathBuf;
use twin::{Person, SpineAxes, SpineDeclared, SpineFile, SpineUnit};

/// Who lies on the bed; what is not said is drawn.
#[derive(Args, Clone, Debug, Default)]
pub struct Who {
    /// A real spine: body centres as JSON (VID or VerSe centroids) or CSV (docs/traces.md)
    #[arg(long, value_name = "FILE", conflicts_with = "person")]
    pub spine: Option<PathBuf>,
    /// Unit of the spine's lengths, where the file does not say it: mm (taken if nothing is said), cm or m
    #[arg(long, value_name = "UNIT", requires = "spine")]
    pub spine_unit: Option<SpineUnit>,
    /// Axes of the spine, where the file does not say them: lps (DICOM) or ras
    #[arg(long, value_name = "AXES", requires = "spine")]
    pub spine_axes: Option<SpineAxes>,
    /// Somebody drawn from the population, by number
    #[arg(long, value_name = "SEED")]
    pub person: Option<u64>,
    /// Stature in cm
    #[arg(long, value_name = "CM")]
    pub stature: Option<f64>,
    /// Mass in kg
    #[arg(long, value_name = "KG")]
    pub mass: Option<f64>,
    /// Age in years
    #[arg(long, value_name = "YEARS")]
    pub age: Option<f64>,
    /// Sex
    #[arg(long)]
    pub sex: Option<SexArgument>,
}

/// Sex as it is given on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SexArgument {
    Female,
    Male,
}

/// Who lies down where nobody is named.
pub const DEFAULT_PERSON: u64 = 21;

impl Who {
    /// What is said of the person.
    pub fn about(&self) -> About {
        About {
            sex: self.sex.map(|sex| match sex {
                SexArgument::Female => Sex::Female,
                SexArgument::Male => Sex::Male,
            }),
            stature_mm: self.stature.map(|stature| stature * 10.0),
            mass_kg: self.mass,
            age_years: self.age,
        }
    }

    /// The person, built or drawn.
    pub fn person(&self, seed: u64) -> Result<Person, Failure> {
        let about = self.about();
        match &self.spine {
            Some(path) => {
                let declared = SpineDeclared { unit: self.spine_unit, axes: self.spine_axes };
                let spine = SpineFile::read_as(path, &declared).map_err(Failure::input)?;
                Person::from_spine(&spine, &about, seed).map_err(Failure::input)
            }
            None => Person::draw_about(self.person.unwrap_or(DEFAULT_PERSON), &about).map_err(Failure::input),
        }
    }
}
