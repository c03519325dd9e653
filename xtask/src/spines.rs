//! Reads the spines of the shared data: which person, which position, which points.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use population::{LEVELS, Point, bed_from_ct};
use serde::Deserialize;

use crate::files::Problem;

/// How the person lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// On the back, said so or by the custom of the source.
    Supine,
    /// On the belly.
    Prone,
    /// A colonography scan, which is done both ways, without a note of which.
    Unknown,
}

/// One annotated CT scan, points in mm in the bed's frame.
#[derive(Debug, Clone)]
pub struct Scan {
    /// The scan's name.
    pub id: String,
    /// The person's name.
    pub subject: String,
    /// How the person lay.
    pub position: Position,
    /// Body centres with the names that they bear, from head to foot.
    pub bodies: Vec<(String, Point)>,
    /// Pedicle points, left and right, without a level.
    pub pedicles: Vec<Point>,
}

impl Scan {
    /// The body centres of T1..L5 that are there, by level.
    pub fn regular(&self) -> [Option<Point>; LEVELS.len()] {
        let mut centres = [None; LEVELS.len()];
        for (name, point) in &self.bodies {
            if let Some(level) = LEVELS.iter().position(|known| known == name) {
                centres[level] = Some(*point);
            }
        }
        centres
    }

    /// Whether a level of this name is there.
    pub fn has(&self, level: &str) -> bool {
        self.bodies.iter().any(|(name, _)| name == level)
    }
}

#[derive(Deserialize)]
struct IndexRow {
    scan_id: String,
    source_dataset: String,
    subject: String,
    position: String,
}

#[derive(Deserialize)]
struct Keypoint {
    coordinates: Coordinates,
    #[serde(rename = "type")]
    kind: Kind,
}

#[derive(Deserialize)]
struct Coordinates {
    world_space: Point,
}

#[derive(Deserialize)]
struct Kind {
    spine_level: Option<String>,
    keypoint_type: String,
}

/// All scans, in the order of their names.
pub fn read_all(data: &Path) -> Result<Vec<Scan>, Problem> {
    let mut texts = unpack(&data.join("spines/partial.tar.xz"))?;
    let path = data.join("spines/index.csv");
    let mut reader = csv::Reader::from_path(&path).map_err(|e| Problem::read(&path, &e))?;
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        let row: IndexRow = row.map_err(|e| Problem::read(&path, &e))?;
        rows.push(row);
    }
    rows.sort_by(|a, b| a.scan_id.cmp(&b.scan_id));
    let mut scans = Vec::with_capacity(rows.len());
    for row in rows {
        let text = texts
            .remove(&row.scan_id)
            .ok_or_else(|| Problem::Data(format!("scan {} is not in the archive", row.scan_id)))?;
        scans.push(scan(row, &text)?);
    }
    Ok(scans)
}

fn scan(row: IndexRow, text: &str) -> Result<Scan, Problem> {
    let points: Vec<Keypoint> =
        serde_json::from_str(text).map_err(|e| Problem::Data(format!("scan {}: {e}", row.scan_id)))?;
    let mut bodies = Vec::new();
    let mut pedicles = Vec::new();
    for point in points {
        let place = bed_from_ct(point.coordinates.world_space);
        match (point.kind.keypoint_type.as_str(), point.kind.spine_level) {
            ("body", Some(level)) => bodies.push((level, place)),
            ("left" | "right", _) => pedicles.push(place),
            (kind, _) => {
                return Err(Problem::Data(format!("scan {}: a point {kind}", row.scan_id)));
            }
        }
    }
    bodies.sort_by(|a, b| a.1[0].total_cmp(&b.1[0]));
    let position = match (row.position.as_str(), row.source_dataset.as_str()) {
        ("prone", _) => Position::Prone,
        ("", "COLONOG") => Position::Unknown,
        _ => Position::Supine,
    };
    Ok(Scan { id: row.scan_id, subject: row.subject, position, bodies, pedicles })
}

fn unpack(path: &Path) -> Result<BTreeMap<String, String>, Problem> {
    let packed = std::fs::read(path).map_err(|e| Problem::read(path, &e))?;
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes)
        .map_err(|e| Problem::Data(format!("{}: {e:?}", path.display())))?;
    let mut texts = BTreeMap::new();
    let mut archive = tar::Archive::new(bytes.as_slice());
    for entry in archive.entries().map_err(|e| Problem::read(path, &e))? {
        let mut entry = entry.map_err(|e| Problem::read(path, &e))?;
        let name = entry.path().map_err(|e| Problem::read(path, &e))?.into_owned();
        if name.extension().is_some_and(|e| e == "json") {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(|e| Problem::read(path, &e))?;
            let id = name.file_stem().map(|s| s.to_string_lossy().into_owned());
            texts.insert(id.unwrap_or_default(), text);
        }
    }
    Ok(texts)
}
