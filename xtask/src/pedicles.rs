//! How far behind the body centre the pedicles lie, level by level.

use population::{LEVELS, Point};

use crate::files::{Sheet, list};
use crate::spines::Scan;

/// Farthest that a pedicle lies from its own body centre, mm. Guess: twice the largest median.
const REACH_MM: f64 = 45.0;

/// Median offsets and spread of one level, mm.
struct Offset {
    behind: f64,
    behind_sd: f64,
    along: f64,
    aside: f64,
    n: usize,
}

/// Computes `shape/pedicles.json` from all scans, one value a scan and level (mean of both sides).
pub fn measure(scans: &[&Scan]) -> Sheet {
    let mut found: Vec<Vec<[f64; 3]>> = vec![Vec::new(); LEVELS.len()];
    for scan in scans {
        let centres = scan.regular();
        for (level, centre) in centres.iter().enumerate() {
            if let Some(centre) = centre
                && let Some(offset) = both_sides(scan, &centres, level, *centre)
            {
                found[level].push(offset);
            }
        }
    }
    let offsets: Vec<Offset> = found.iter().map(|all| offset(all)).collect();
    let column = |of: fn(&Offset) -> f64| list(&offsets.iter().map(of).collect::<Vec<f64>>());
    let counts: Vec<String> = offsets.iter().map(|o| o.n.to_string()).collect();
    let text = format!(
        "{{\n\"origin\":\"Computed from VID-vertebra-identification-dataset, CC BY-SA 4.0\",\n\
         \"behind_mm\":{},\n\"behind_sd_mm\":{},\n\"along_mm\":{},\n\"aside_mm\":{},\n\"n\":[{}]\n}}\n",
        column(|o| o.behind),
        column(|o| o.behind_sd),
        column(|o| o.along),
        column(|o| o.aside),
        counts.join(",")
    );
    Sheet { name: "shape/pedicles.json".to_owned(), text }
}

/// Mean of the left and the right pedicle about the centre, in the sagittal frame of the level (along
/// the line through its neighbours): behind it, along it towards the feet, half the distance between
/// them; `None` unless both are clearly this level's.
fn both_sides(
    scan: &Scan,
    centres: &[Option<Point>; LEVELS.len()],
    level: usize,
    centre: Point,
) -> Option<[f64; 3]> {
    let above = level.checked_sub(1).and_then(|l| centres[l]).unwrap_or(centre);
    let below = centres.get(level + 1).copied().flatten().unwrap_or(centre);
    let tilt = libm::atan2(below[2] - above[2], below[0] - above[0]);
    let (along_x, along_z) = (libm::cos(tilt), libm::sin(tilt));
    let mut sum = [0.0; 3];
    for side in [1.0, -1.0] {
        let nearest = scan
            .pedicles
            .iter()
            .filter(|p| (p[1] - centre[1]) * side > 0.0 && distance(**p, centre) < REACH_MM)
            .min_by(|a, b| distance(**a, centre).total_cmp(&distance(**b, centre)))?;
        let own = distance(*nearest, centre);
        let of_another = centres
            .iter()
            .enumerate()
            .any(|(other, c)| other != level && c.is_some_and(|c| distance(*nearest, c) < own));
        if of_another {
            return None;
        }
        let (dx, dz) = (nearest[0] - centre[0], nearest[2] - centre[2]);
        sum[0] += 0.5 * (dx * along_z - dz * along_x);
        sum[1] += 0.5 * (dx * along_x + dz * along_z);
        sum[2] += 0.5 * side * (nearest[1] - centre[1]);
    }
    Some(sum)
}

fn offset(all: &[[f64; 3]]) -> Offset {
    let column = |k: usize| {
        let mut values: Vec<f64> = all.iter().map(|o| o[k]).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (behind, along, aside) = (column(0), column(1), column(2));
    Offset {
        behind: quantile(&behind, 0.5),
        // Half the distance between the 16 and the 84 % point: an SD that outliers do not move.
        behind_sd: 0.5 * (quantile(&behind, 0.84) - quantile(&behind, 0.16)),
        along: quantile(&along, 0.5),
        aside: quantile(&aside, 0.5),
        n: all.len(),
    }
}

/// The quantile of sorted values; 0 when there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((share * last).round() as usize).copied().unwrap_or(0.0)
}

fn distance(a: Point, b: Point) -> f64 {
    let d = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    libm::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
}
