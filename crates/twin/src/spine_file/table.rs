//! Body centres as a table (CSV): a line of names, then a line a point.
//!
//! ```text
//! # axes: LPS
//! level,x_mm,y_mm,z_mm
//! T1,2.0,-14.1,-700.2
//! ```
//!
//! `level` holds a name (`T1`) or a VerSe label (`8`); `spine_level` and `label` mean the same. The unit stands in
//! the names (`x_mm`, `x_cm`, `x_m`), the axes in a comment (`# axes: RAS`) or beside the file. With a column
//! `keypoint_type` lines may be pedicles (`left`, `right`), as in VID. A fiducial list of 3D Slicer (`.fcsv`), whose
//! comments name columns and axes, is read as well; its lengths are mm.

use bed::Level;

use super::declared::{Axes, Declared, Unit};
use super::{Found, SpineFileError, level_of_label, level_of_name};

/// Columns whose names begin so are passed over.
const PASSED_OVER: &str = "other_";
/// Longest line, bytes. Design.
const LINE_MAX: usize = 2000;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Column {
    Level,
    Kind,
    Coordinate(usize),
    Other,
}

/// The line of names.
struct Head {
    columns: Vec<Column>,
    unit: Unit,
}

/// Where an error stands.
struct Place<'a> {
    file: &'a str,
    line: usize,
}

impl Place<'_> {
    fn refuse(&self, what: impl Into<String>, way_out: &'static str) -> SpineFileError {
        SpineFileError::Row { file: self.file.to_owned(), line: self.line, what: what.into(), way_out }
    }
}

/// Reads the points of a table.
pub(super) fn table(file: &str, text: &str, declared: &Declared) -> Result<Found, SpineFileError> {
    let (mut head, mut axes): (Option<Head>, Option<Axes>) = (None, None);
    let mut found = Found::default();
    for (index, line) in text.lines().enumerate() {
        let place = Place { file, line: index + 1 };
        if line.len() > LINE_MAX {
            return Err(place.refuse("is no line of a table", "give a CSV file of body centres"));
        }
        let line = line.trim().trim_start_matches('\u{feff}');
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(said) = said(comment, &["axes", "coordinatesystem"]) {
                axes = Some(axes_of(&place, said)?);
            } else if let Some(names) = said(comment, &["columns"]) {
                head = Some(Head { columns: slicer(names), unit: Unit::Millimetres });
            }
            continue;
        }
        match &head {
            _ if line.is_empty() => {}
            None => head = Some(Head::read(&place, line, declared)?),
            Some(head) => {
                let axes = axes.or(declared.axes).ok_or_else(|| {
                    let way_out = "write \"# axes: LPS\" (or RAS) above the names, or say --spine-axes lps";
                    place.refuse("the axes are not said", way_out)
                })?;
                head.point(&place, line, axes, &mut found)?;
            }
        }
    }
    let place = Place { file, line: text.lines().count().max(1) };
    let head = head.ok_or_else(|| place.refuse("has no line of names", "begin with level,x_mm,y_mm,z_mm"))?;
    declared.agrees(file, Some(head.unit), axes)?;
    Ok(found)
}

/// What a comment such as `axes: LPS` or `axes = LPS` says of one of these words.
fn said<'a>(comment: &'a str, words: &[&str]) -> Option<&'a str> {
    let (word, value) = comment.split_once([':', '='])?;
    words.contains(&word.trim().to_ascii_lowercase().as_str()).then_some(value.trim())
}

fn axes_of(place: &Place<'_>, said: &str) -> Result<Axes, SpineFileError> {
    // Source: 3D Slicer's markups: 0 is RAS, 1 is LPS.
    match said {
        "0" => Ok(Axes::Ras),
        "1" => Ok(Axes::Lps),
        _ => said.parse().map_err(|_| place.refuse("has axes that are not known here", "write LPS or RAS")),
    }
}

/// The columns of a fiducial list: those that matter here.
fn slicer(names: &str) -> Vec<Column> {
    let column = |name: &str| match name.trim() {
        "x" => Column::Coordinate(0),
        "y" => Column::Coordinate(1),
        "z" => Column::Coordinate(2),
        "label" => Column::Level,
        _ => Column::Other,
    };
    names.split(',').map(column).collect()
}

impl Head {
    fn read(place: &Place<'_>, line: &str, declared: &Declared) -> Result<Self, SpineFileError> {
        if !line.contains(',') && line.contains([';', '\t']) {
            return Err(
                place.refuse("is not separated by commas", "separate cells by commas; decimals take a point")
            );
        }
        let (mut columns, mut units) = (Vec::new(), Vec::new());
        for name in line.split(',') {
            let name = plain(name).to_ascii_lowercase();
            let (stem, unit) =
                name.split_once('_').map_or((name.as_str(), None), |(stem, unit)| (stem, Some(unit)));
            let axis = ["x", "y", "z"].iter().position(|axis| *axis == stem);
            columns.push(match (name.as_str(), axis) {
                ("level" | "spine_level" | "label", _) => Column::Level,
                ("keypoint_type", _) => Column::Kind,
                (_, Some(axis)) => {
                    let way_out = "name them x_mm, y_mm, z_mm (or cm, m), or say --spine-unit mm";
                    let unit = match unit {
                        Some(unit) => {
                            unit.parse().map_err(|_| place.refuse("has a unit not known here", way_out))?
                        }
                        None => declared.unit.ok_or_else(|| place.refuse("says no unit", way_out))?,
                    };
                    units.push(unit);
                    Column::Coordinate(axis)
                }
                (other, None) if other.starts_with(PASSED_OVER) => Column::Other,
                (other, None) => {
                    let shown: String = other.chars().take(40).flat_map(char::escape_default).collect();
                    let way_out =
                        "known are level, keypoint_type, x_mm, y_mm, z_mm; begin others with other_";
                    return Err(place.refuse(format!("has the column {shown}"), way_out));
                }
            });
        }
        let count = |column: Column| columns.iter().filter(|other| **other == column).count();
        let once = [Column::Level, Column::Coordinate(0), Column::Coordinate(1), Column::Coordinate(2)];
        if once.iter().any(|column| count(*column) != 1) || count(Column::Kind) > 1 {
            return Err(place.refuse("lacks a column, or has one twice", "begin with level,x_mm,y_mm,z_mm"));
        }
        if units.iter().any(|unit| *unit != units[0]) {
            return Err(place.refuse("has more than one unit", "give x, y and z in one unit"));
        }
        Ok(Self { columns, unit: units[0] })
    }

    /// Adds the point of one line.
    fn point(
        &self,
        place: &Place<'_>,
        line: &str,
        axes: Axes,
        found: &mut Found,
    ) -> Result<(), SpineFileError> {
        let cells: Vec<&str> = line.split(',').map(plain).collect();
        if cells.len() != self.columns.len() {
            let what = format!("has {} cells, the line of names has {}", cells.len(), self.columns.len());
            return Err(place.refuse(what, "write the line whole"));
        }
        let (mut at, mut level, mut pedicle) = ([0.0; 3], Ok(None), false);
        for (column, cell) in self.columns.iter().zip(cells) {
            match *column {
                Column::Coordinate(axis) => {
                    let number: Option<f64> =
                        cell.parse().ok().filter(|n: &f64| n.is_finite() && n.abs() < 1e9);
                    let way_out = "every point needs three finite numbers, decimals with a point";
                    at[axis] = number.ok_or_else(|| place.refuse("has no three numbers", way_out))?
                        * self.unit.millimetres();
                }
                Column::Level => level = level_of(cell),
                Column::Kind => match cell {
                    "body" => {}
                    "left" | "right" => pedicle = true,
                    _ => {
                        return Err(
                            place.refuse("has another keypoint_type", "known are body, left and right")
                        );
                    }
                },
                Column::Other => {}
            }
        }
        let centre = population::bed_from_ct(axes.to_dicom(at));
        if pedicle {
            found.pedicles.push(centre);
            return Ok(());
        }
        let level = level.map_err(|()| {
            place.refuse("names no vertebra", "write C1..C7, T1..T13, L1..L6, S1..S5, or VerSe labels 1..28")
        })?;
        if let Some(level) = level {
            found.levels.push((level, centre));
        }
        Ok(())
    }
}

/// The level that a cell names; `None` for vertebrae beyond those of this bed.
fn level_of(cell: &str) -> Result<Option<Level>, ()> {
    match cell.parse::<u64>() {
        Ok(label) => level_of_label(label),
        Err(_) => level_of_name(cell),
    }
}

/// Without the blanks and quotes that some programs put around cells.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell).trim()
}
