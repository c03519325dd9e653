//! Spines from files: body centres that somebody measured in a CT.
//!
//! Three formats are read, and told apart by their content:
//! * *VID*: a list of `{"coordinates": {"world_space": [x, y, z]}, "type": {"spine_level": "T1",
//!   "keypoint_type": "body"}}` in DICOM axes (+x left, +y posterior, +z cranial), mm, with the
//!   pedicles as points without a level;
//! * *VerSe*: `[{"direction": ["P", "I", "R"]}, {"label": 8, "X": .., "Y": .., "Z": ..}, ..]`, labels
//!   8..19 = T1..T12, 28 = T13, 20..25 = L1..L6. `direction` names the positive end of X, Y and Z.
//!   With `"spacing"` or `"zoom"` (mm a voxel, along X, Y, Z) beside it, the numbers are voxels;
//! * a table (`.csv`), or a fiducial list of 3D Slicer (`.fcsv`): see `table`.
//!
//! Lengths are mm and VID's axes DICOM's unless whoever gives the file says otherwise ([`Declared`]).
//! Everything is turned into the bed's frame. Spines with another number of vertebrae, and a gap where
//! a vertebra carries no label, are kept as they are. A VID file's "L6" is kept apart, see
//! [`SpineFile::below_l5`]; a VerSe file's label 25 is a sixth lumbar vertebra. Nothing is guessed: what cannot
//! be a spine is refused, with the way out.

mod declared;
mod table;

use std::path::Path;

pub use declared::{Axes, Declared, Unit};

use bed::Level;
use serde_json::Value;
use thiserror::Error;

/// Largest file that is read, bytes. Source: design choice; a spine takes about 10 kB.
pub const BYTES_MAX: usize = 5_000_000;
/// Shortest and longest distance of neighbouring centres, mm, and the longest of one gap in which a
/// vertebra may stand without a label. Source: 1410 scans, segments 14 to 50 mm, unlabelled gaps
/// 63-70 mm (VID-vertebra-identification-dataset, CC BY-SA 4.0).
const GAP_MM: (f64, f64, f64) = (10.0, 60.0, 80.0);
/// Fewest bodies that make a spine for this bed. Source: `bed::spine::measure` needs four thoracic and
/// three lumbar bodies; the twin lets a body lie from T1 to the last lumbar level.
const BODIES_MIN: usize = 15;
/// Shortest and longest spine, T1 to the last lumbar vertebra, mm. Source: as [`GAP_MM`], 392 to 503 mm at 5 and 95 %;
/// Guess: half as much again for those whom the data lacks.
const LENGTH_MM: std::ops::RangeInclusive<f64> = 260.0..=750.0;
/// Sharpest turn of the line at one vertebra, degrees. Source: as [`GAP_MM`], 44 degrees in all but one of a thousand
/// vertebrae, 60 in a patient with fractures; 108 in one scan (5mmFflb3esYK), whose T2 is marked 23 mm aside of its
/// neighbours: it counts among the complete spines and is taken as it is.
const TURN_DEG: f64 = 120.0;
/// Median distance of neighbours of a spine in mm. Source: as [`GAP_MM`], T1-L5 392 to 503 mm long.
const MEDIAN_MM: std::ops::RangeInclusive<f64> = 17.0..=40.0;

/// Why a file is no spine. Each prints as one line with the way out.
#[derive(Debug, Error)]
pub enum SpineFileError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read ({source}); give the path of a JSON file with body centres")]
    Unreadable {
        /// Which file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is empty.
    #[error("{file}: is empty; give a JSON file with body centres")]
    Empty {
        /// Which file.
        file: String,
    },
    /// The file is larger than any spine.
    #[error(
        "{file}: has {bytes} bytes, at most {BYTES_MAX} are read; give the centroids alone, not the scan"
    )]
    Huge {
        /// Which file.
        file: String,
        /// Its size.
        bytes: usize,
    },
    /// Not JSON, or cut off.
    #[error("{file}: is not whole JSON ({why}); save or download it again")]
    Malformed {
        /// Which file.
        file: String,
        /// Where.
        why: String,
    },
    /// JSON, but neither format.
    #[error("{file}: {what}; expected a VID keypoint list or a VerSe centroid list (labels 8..25, 28)")]
    Unknown {
        /// Which file.
        file: String,
        /// What was found instead.
        what: String,
    },
    /// A level stands twice.
    #[error("{file}: {level} stands in it twice; keep one centre a vertebra")]
    Duplicate {
        /// Which file.
        file: String,
        /// Which level.
        level: &'static str,
    },
    /// Levels are missing.
    #[error("{file}: {what}; a spine from T1 to the last lumbar vertebra is needed (all centres between)")]
    Missing {
        /// Which file.
        file: String,
        /// What is missing.
        what: String,
    },
    /// The numbers are voxels.
    #[error(
        "{file}: the centres are voxels ({gap:.1} between neighbours); add \"spacing\": [mm, mm, mm] beside \"direction\", or multiply by the voxel size"
    )]
    Voxels {
        /// Which file.
        file: String,
        /// Typical distance of neighbours.
        gap: f64,
    },
    /// The numbers are in another unit.
    #[error(
        "{file}: the centres look like {unit} ({gap:.3} between neighbours, expected 17 to 40 mm); {way_out}"
    )]
    Unit {
        /// Which file.
        file: String,
        /// Which unit.
        unit: &'static str,
        /// Typical distance of neighbours.
        gap: f64,
        /// How to repair it.
        way_out: &'static str,
    },
    /// A distance that no spine has.
    #[error("{file}: {head} and {foot} lie {gap:.1} mm apart, expected 10 to 60 mm; check unit and labels")]
    Gap {
        /// Which file.
        file: String,
        /// Headward level.
        head: &'static str,
        /// Footward level.
        foot: &'static str,
        /// Distance.
        gap: f64,
    },
    /// A line of a table.
    #[error("{file}: line {line} {what}; {way_out}")]
    Row {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: usize,
        /// What stands there.
        what: String,
        /// How to repair it.
        way_out: &'static str,
    },
    /// The file says one thing, and another was said beside it.
    #[error("{file}: {what}; leave out what does not hold")]
    Contradiction {
        /// Which file.
        file: String,
        /// What stands against what.
        what: String,
    },
    /// Longer or shorter than any spine.
    #[error(
        "{file}: {head} to {foot} measure {length:.0} mm along the spine, expected 260 to 750; check unit and labels"
    )]
    Length {
        /// Which file.
        file: String,
        /// First level.
        head: &'static str,
        /// Last level.
        foot: &'static str,
        /// Length.
        length: f64,
    },
    /// A turn that no spine makes.
    #[error(
        "{file}: the line turns by {turn:.0} degrees at {level}, expected at most 120; check the centres beside it"
    )]
    Bend {
        /// Which file.
        file: String,
        /// Where.
        level: &'static str,
        /// By how much.
        turn: f64,
    },
    /// The axes are not as the format says.
    #[error("{file}: {what}; {way_out}")]
    Axis {
        /// Which file.
        file: String,
        /// What does not fit.
        what: String,
        /// How to repair it.
        way_out: &'static str,
    },
}

/// A measured spine in the bed's frame (x to the feet, y left, z up), mm, T1 at the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct SpineFile {
    /// The file's name without its ending: the scan id.
    pub name: String,
    /// Body centres from T1 to the last lumbar level.
    pub levels: Vec<(Level, [f64; 3])>,
    /// Points of the left and right pedicles, where the file has them; they carry no level.
    pub pedicles: Vec<[f64; 3]>,
    /// A body below L5 that a VID file labels L6 and that lies as the first sacral segment does.
    pub below_l5: Option<[f64; 3]>,
}

#[derive(Default)]
struct Found {
    levels: Vec<(Level, [f64; 3])>,
    pedicles: Vec<[f64; 3]>,
    below: Option<[f64; 3]>,
    voxels: bool,
    verse: bool,
}

impl SpineFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`SpineFileError`], one line with the way out.
    pub fn read(path: &Path) -> Result<Self, SpineFileError> {
        Self::read_as(path, &Declared::default())
    }

    /// Reads a file of whose unit or axes something is said beside it.
    ///
    /// # Errors
    /// [`SpineFileError`], one line with the way out.
    pub fn read_as(path: &Path, declared: &Declared) -> Result<Self, SpineFileError> {
        let file = path.display().to_string();
        let unreadable = |source| SpineFileError::Unreadable { file: file.clone(), source };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > BYTES_MAX as u64 {
            return Err(SpineFileError::Huge { file, bytes: usize::try_from(size).unwrap_or(usize::MAX) });
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let name = path.file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        Self::parse_as(&file, &name, &bytes, declared)
    }

    /// Reads the content of a file, named `file` in errors.
    ///
    /// # Errors
    /// [`SpineFileError`], one line with the way out.
    pub fn parse(file: &str, name: &str, bytes: &[u8]) -> Result<Self, SpineFileError> {
        Self::parse_as(file, name, bytes, &Declared::default())
    }

    /// Reads the content of a file of whose unit or axes something is said beside it.
    ///
    /// # Errors
    /// [`SpineFileError`], one line with the way out.
    pub fn parse_as(
        file: &str,
        name: &str,
        bytes: &[u8],
        declared: &Declared,
    ) -> Result<Self, SpineFileError> {
        let is_table = is_table(file, bytes);
        let file = file.to_owned();
        if bytes.len() > BYTES_MAX {
            return Err(SpineFileError::Huge { file, bytes: bytes.len() });
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(SpineFileError::Empty { file });
        }
        if is_table {
            let text = str::from_utf8(bytes)
                .map_err(|error| SpineFileError::Malformed { file: file.clone(), why: error.to_string() })?;
            return checked(&file, name, table::table(&file, text, declared)?);
        }
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| SpineFileError::Malformed { file: file.clone(), why: error.to_string() })?;
        let unknown = |what: &str| SpineFileError::Unknown { file: file.clone(), what: what.to_owned() };
        let Value::Array(items) = &value else {
            return Err(unknown("is no list of points"));
        };
        let found = if items.iter().any(|item| item.get("coordinates").is_some()) {
            vid(&file, items, declared)?
        } else if items.iter().any(|item| item.get("label").is_some() || item.get("direction").is_some()) {
            verse(&file, items, declared)?
        } else {
            return Err(unknown("holds no body centres"));
        };
        checked(&file, name, found)
    }

    /// Length of the polyline through the body centres, mm.
    #[must_use]
    pub fn length_mm(&self) -> f64 {
        self.levels.windows(2).map(|pair| distance(pair[0].1, pair[1].1)).sum()
    }

    /// True where the spine has exactly the bodies T1 to L5 and none without a label between them.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        self.levels.iter().map(|(level, _)| *level).eq(Level::REGULAR)
            && self.levels.windows(2).all(|pair| distance(pair[0].1, pair[1].1) <= GAP_MM.1)
    }
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let square = |k: usize| (a[k] - b[k]) * (a[k] - b[k]);
    (square(0) + square(1) + square(2)).sqrt()
}

fn numbers(value: Option<&Value>) -> Option<[f64; 3]> {
    let list = value?.as_array()?;
    let [x, y, z] = list.as_slice() else { return None };
    let point = [x.as_f64()?, y.as_f64()?, z.as_f64()?];
    point.iter().all(|c| c.is_finite() && c.abs() < 1e9).then_some(point)
}

/// True for what is to be read as a table: by the file's ending, unless it begins as JSON does.
fn is_table(file: &str, bytes: &[u8]) -> bool {
    let ending = Path::new(file).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    ["csv", "fcsv"].contains(&ending.to_ascii_lowercase().as_str()) && !matches!(first, Some(b'[' | b'{'))
}

fn vid(file: &str, items: &[Value], declared: &Declared) -> Result<Found, SpineFileError> {
    let unknown = |what: String| SpineFileError::Unknown { file: file.to_owned(), what };
    let scale = declared.unit.unwrap_or(Unit::Millimetres).millimetres();
    let axes = declared.axes.unwrap_or(Axes::Lps);
    let mut found = Found::default();
    for (index, item) in items.iter().enumerate() {
        let point = numbers(item.get("coordinates").and_then(|c| c.get("world_space")))
            .ok_or_else(|| unknown(format!("point {} has no three finite world_space numbers", index + 1)))?;
        let centre = population::bed_from_ct(axes.to_dicom(point.map(|c| scale * c)));
        let kind = item.get("type").and_then(|kind| kind.get("keypoint_type")).and_then(Value::as_str);
        if kind == Some("body") {
            let name = item.get("type").and_then(|kind| kind.get("spine_level")).and_then(Value::as_str);
            let name = name.ok_or_else(|| unknown(format!("body {} has no spine_level", index + 1)))?;
            let level = level_of_name(name)
                .map_err(|()| unknown(format!("point {} has the level {}", index + 1, shown(name))))?;
            found.levels.extend(level.map(|level| (level, centre)));
        } else {
            found.pedicles.push(centre);
        }
    }
    // This data set labels the body below L5 "L6" in 20 of 59 complete spines, on average 25 degrees
    // steeper than L4-L5: as S1 lies, and far oftener than sixth lumbar vertebrae occur. It is kept apart.
    if let Some(place) = found.levels.iter().position(|(level, _)| *level == Level::L6) {
        found.below = Some(found.levels.remove(place).1);
    }
    Ok(found)
}

/// A name as an error shows it: short, and without anything that a terminal would take for an order.
fn shown(name: &str) -> String {
    format!("{:?}", name.chars().take(20).collect::<String>())
}

/// Name to level; `None` for vertebrae that this bed does not reach.
fn level_of_name(name: &str) -> Result<Option<Level>, ()> {
    let beyond = || match name.as_bytes() {
        [b'C', b'1'..=b'7'] | [b'S'] | [b'S', b'1'..=b'5'] => Ok(None),
        _ => Err(()),
    };
    Level::from_name(name).map_or_else(beyond, |level| Ok(Some(level)))
}

/// VerSe label to level; `None` for those above T1 and below L6.
fn level_of_label(label: u64) -> Result<Option<Level>, ()> {
    let index = |first: Level| Level::ALL.iter().position(|level| *level == first).unwrap_or(0);
    let offset = |from: u64| usize::try_from(label - from).unwrap_or(0);
    match label {
        8..=19 => Ok(Some(Level::ALL[index(Level::T1) + offset(8)])),
        20..=25 => Ok(Some(Level::ALL[index(Level::L1) + offset(20)])),
        28 => Ok(Some(Level::T13)),
        1..=7 | 26 | 27 => Ok(None),
        _ => Err(()),
    }
}

/// For each file axis: which bed axis, and with which sign.
fn axes(file: &str, direction: Option<&Value>) -> Result<[(usize, f64); 3], SpineFileError> {
    let wrong = |what: String| SpineFileError::Axis {
        file: file.to_owned(),
        what,
        way_out: "write the positive end of X, Y and Z, such as \"direction\": [\"P\", \"I\", \"R\"]",
    };
    let list = direction
        .and_then(Value::as_array)
        .filter(|list| list.len() == 3)
        .ok_or_else(|| wrong("has no direction of three letters".to_owned()))?;
    let mut axes = [(0, 0.0); 3];
    let mut seen = [false; 3];
    for (axis, letter) in axes.iter_mut().zip(list) {
        let letter = letter.as_str().unwrap_or_default();
        *axis = match letter {
            "I" => (0, 1.0),
            "S" => (0, -1.0),
            "L" => (1, 1.0),
            "R" => (1, -1.0),
            "A" => (2, 1.0),
            "P" => (2, -1.0),
            _ => return Err(wrong(format!("direction has the letter {letter:?}"))),
        };
        if std::mem::replace(&mut seen[axis.0], true) {
            return Err(wrong("direction names one axis twice".to_owned()));
        }
    }
    Ok(axes)
}

/// Where a file does not say its axes, and somebody else does.
const fn axes_said(axes: Axes) -> [(usize, f64); 3] {
    match axes {
        Axes::Lps => [(1, 1.0), (2, -1.0), (0, -1.0)],
        Axes::Ras => [(1, -1.0), (2, 1.0), (0, -1.0)],
    }
}

fn verse(file: &str, items: &[Value], declared: &Declared) -> Result<Found, SpineFileError> {
    let unknown = |what: String| SpineFileError::Unknown { file: file.to_owned(), what };
    let is_header =
        |item: &&Value| ["direction", "spacing", "zoom"].iter().any(|key| item.get(key).is_some());
    let header = items.iter().find(is_header);
    let axes = match (header.and_then(|header| header.get("direction")), declared.axes) {
        (None, Some(said)) => axes_said(said),
        (direction, said) => {
            let axes = axes(file, direction)?;
            if said.is_some_and(|said| axes_said(said) != axes) {
                let what = "names its axes (\"direction\"), and others were said beside it".to_owned();
                return Err(SpineFileError::Contradiction { file: file.to_owned(), what });
            }
            axes
        }
    };
    let spacing = header.and_then(|header| header.get("spacing").or_else(|| header.get("zoom")));
    let scale = match spacing {
        None => [declared.unit.unwrap_or(Unit::Millimetres).millimetres(); 3],
        // The centres are voxels, and their sizes are mm.
        Some(_) if declared.unit.is_some_and(|unit| unit != Unit::Millimetres) => {
            let what = "says its voxels' sizes in mm, and another unit was said beside it".to_owned();
            return Err(SpineFileError::Contradiction { file: file.to_owned(), what });
        }
        Some(value) => numbers(Some(value))
            .filter(|scale| scale.iter().all(|s| (0.05..=20.0).contains(s)))
            .ok_or_else(|| unknown("spacing is no three sizes of 0.05 to 20 mm".to_owned()))?,
    };
    let voxels = spacing.is_none() && declared.unit.is_none();
    let mut found = Found { voxels, verse: true, ..Found::default() };
    for item in items.iter().filter(|item| !is_header(item)) {
        let label = item
            .get("label")
            .and_then(Value::as_u64)
            .ok_or_else(|| unknown("a centre has no label".to_owned()))?;
        let level = level_of_label(label).map_err(|()| unknown(format!("label {label} is no vertebra's")))?;
        let Some(level) = level else { continue };
        let mut centre = [0.0; 3];
        for (k, key) in ["X", "Y", "Z"].into_iter().enumerate() {
            let raw = item.get(key).and_then(Value::as_f64).filter(|raw| raw.is_finite() && raw.abs() < 1e9);
            let raw = raw.ok_or_else(|| unknown(format!("label {label} has no finite {key}")))?;
            let (axis, sign) = axes[k];
            centre[axis] = sign * raw * scale[k];
        }
        found.levels.push((level, centre));
    }
    Ok(found)
}

fn checked(file: &str, name: &str, mut found: Found) -> Result<SpineFile, SpineFileError> {
    found.levels.retain(|(level, _)| level.is_thoracic() || level.is_lumbar());
    found.levels.sort_by_key(|(level, _)| *level);
    let levels = &found.levels;
    if let Some(pair) = levels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(SpineFileError::Duplicate { file: file.to_owned(), level: pair[0].0.name() });
    }
    if levels.len() >= 3 {
        unit(file, &found)?;
        axis(file, levels, found.verse)?;
    }
    complete(file, levels)?;
    for pair in levels.windows(2) {
        let gap = distance(pair[0].1, pair[1].1);
        if !(GAP_MM.0..=GAP_MM.2).contains(&gap) {
            let (head, foot) = (pair[0].0.name(), pair[1].0.name());
            return Err(SpineFileError::Gap { file: file.to_owned(), head, foot, gap });
        }
    }
    shape(file, levels)?;
    let origin = levels[0].1;
    let moved = |point: &[f64; 3]| [point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]];
    Ok(SpineFile {
        name: name.to_owned(),
        levels: levels.iter().map(|(level, centre)| (*level, moved(centre))).collect(),
        pedicles: found.pedicles.iter().map(moved).collect(),
        below_l5: found.below.as_ref().map(moved),
    })
}

/// Refuses other units by the median distance of neighbours.
fn unit(file: &str, found: &Found) -> Result<(), SpineFileError> {
    let mut gaps: Vec<f64> = found.levels.windows(2).map(|pair| distance(pair[0].1, pair[1].1)).collect();
    gaps.sort_by(f64::total_cmp);
    let gap = gaps[gaps.len() / 2];
    if MEDIAN_MM.contains(&gap) {
        return Ok(());
    }
    let file = file.to_owned();
    Err(if MEDIAN_MM.contains(&(10.0 * gap)) {
        SpineFileError::Unit {
            file,
            unit: "cm",
            gap,
            way_out: "multiply by 10 to make mm, or say --spine-unit cm",
        }
    } else if MEDIAN_MM.contains(&(1000.0 * gap)) {
        SpineFileError::Unit {
            file,
            unit: "m",
            gap,
            way_out: "multiply by 1000 to make mm, or say --spine-unit m",
        }
    } else if found.voxels {
        SpineFileError::Voxels { file, gap }
    } else {
        SpineFileError::Unit { file, unit: "voxels or another unit", gap, way_out: "give the centres in mm" }
    })
}

/// Refuses a chain that does not run from head to foot, or bends the wrong way.
fn axis(file: &str, levels: &[(Level, [f64; 3])], verse: bool) -> Result<(), SpineFileError> {
    let wrong = |what: &str| SpineFileError::Axis {
        file: file.to_owned(),
        what: what.to_owned(),
        way_out: if verse {
            "correct \"direction\": it names the positive end of X, Y and Z"
        } else {
            "points have +x to the person's left, +y to the back, +z to the head; say --spine-axes ras where x and y point the other way"
        },
    };
    let (head, foot) = (levels[0].1, levels[levels.len() - 1].1);
    let along = foot[0] - head[0];
    if along < 0.0 && along.abs() > 0.7 * distance(head, foot) {
        return Err(wrong("the spine runs from foot to head (cranial and caudal are swapped)"));
    }
    if along < 0.7 * distance(head, foot) {
        return Err(wrong("the spine does not run along the cranial-caudal axis"));
    }
    if levels.windows(2).any(|pair| pair[1].1[0] <= pair[0].1[0]) {
        return Err(wrong("neighbouring levels do not follow one another from head to foot"));
    }
    if let Some(measures) = bed::spine::measure(levels) {
        // Source: kyphosis 22..52 and lordosis 8..42 degrees over the complete scans; both far below
        // zero is a spine seen from the wrong side.
        if measures.kyphosis_deg < -5.0 && measures.kyphosis_deg + measures.lordosis_deg < -20.0 {
            return Err(wrong("the back bends the wrong way (anterior and posterior are swapped)"));
        }
    }
    Ok(())
}

/// Refuses a chain that is longer, shorter or sharper bent than any spine.
fn shape(file: &str, levels: &[(Level, [f64; 3])]) -> Result<(), SpineFileError> {
    let (head, foot) = (levels[0].0.name(), levels[levels.len() - 1].0.name());
    let length = levels.windows(2).map(|pair| distance(pair[0].1, pair[1].1)).sum();
    if !LENGTH_MM.contains(&length) {
        return Err(SpineFileError::Length { file: file.to_owned(), head, foot, length });
    }
    for three in levels.windows(3) {
        let along = |from: [f64; 3], to: [f64; 3]| [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let (a, b) = (along(three[0].1, three[1].1), along(three[1].1, three[2].1));
        let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let inner = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let turn = libm::atan2(distance(cross, [0.0; 3]), inner).to_degrees();
        if turn > TURN_DEG {
            return Err(SpineFileError::Bend { file: file.to_owned(), level: three[1].0.name(), turn });
        }
    }
    Ok(())
}

/// Refuses a chain with missing levels; T12, T13 and L6 may be there or not.
fn complete(file: &str, levels: &[(Level, [f64; 3])]) -> Result<(), SpineFileError> {
    let missing = |what: String| SpineFileError::Missing { file: file.to_owned(), what };
    let has = |level: Level| levels.iter().any(|(found, _)| *found == level);
    for level in Level::REGULAR {
        // Five lumbar vertebrae may be four in some people, and the last thoracic may be the eleventh.
        if !has(level) && level != Level::T12 && level != Level::L5 {
            return Err(missing(format!("{} is missing", level.name())));
        }
    }
    if has(Level::T13) && !has(Level::T12) || has(Level::L6) && !has(Level::L5) {
        return Err(missing("a level before the last is missing".to_owned()));
    }
    if levels.len() < BODIES_MIN {
        return Err(missing(format!("only {} vertebrae", levels.len())));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
