//! Every way in which a file is no spine has its line; real spines load where they are at hand.

use std::path::PathBuf;

use super::*;

/// Body centres T1..L5 in DICOM axes, mm, on a gently bent line.
fn dicom() -> Vec<(&'static str, [f64; 3])> {
    Level::REGULAR
        .into_iter()
        .enumerate()
        .map(|(i, level)| {
            let t = i as f64;
            let back = 14.0 * (0.38 * t).sin();
            (level.name(), [2.0, back, -700.0 - 26.0 * t])
        })
        .collect()
}

fn vid_text(points: &[(&str, [f64; 3])]) -> String {
    let rows: Vec<String> = points
        .iter()
        .map(|(name, p)| {
            format!(
                r#"{{"coordinates":{{"world_space":[{},{},{}]}},"type":{{"spine_level":"{name}","keypoint_type":"body"}}}}"#,
                p[0], p[1], p[2]
            )
        })
        .collect();
    format!("[{}]", rows.join(","))
}

/// The same spine in VerSe axes P, I, R, scaled.
fn verse_text(header: &str, scale: f64) -> String {
    let rows: Vec<String> = dicom()
        .iter()
        .enumerate()
        .map(|(i, (_, p))| {
            let label = if i < 12 { 8 + i } else { 20 + i - 12 };
            format!(r#"{{"label":{label},"X":{},"Y":{},"Z":{}}}"#, scale * p[1], -scale * p[2], -scale * p[0])
        })
        .collect();
    format!("[{header},{}]", rows.join(","))
}

fn parse(text: &str) -> Result<SpineFile, SpineFileError> {
    SpineFile::parse("spine.json", "spine", text.as_bytes())
}

/// One line that names the file and holds these words.
fn refused(text: &str, words: &[&str]) {
    let line = parse(text).expect_err("no spine").to_string();
    assert!(line.starts_with("spine.json: ") && !line.contains('\n'), "{line}");
    for word in words {
        assert!(line.contains(word), "{line:?} lacks {word:?}");
    }
}

#[test]
fn both_formats_give_the_same_spine() {
    let vid = parse(&vid_text(&dicom())).expect("VID");
    let verse = parse(&verse_text(r#"{"direction":["P","I","R"]}"#, 1.0)).expect("VerSe");
    let voxels =
        parse(&verse_text(r#"{"direction":["P","I","R"],"spacing":[0.5,0.5,0.5]}"#, 2.0)).expect("voxels");
    assert!(vid.is_regular() && verse.is_regular());
    for other in [&verse, &voxels] {
        for ((a, p), (b, q)) in vid.levels.iter().zip(&other.levels) {
            assert_eq!(a, b);
            for k in 0..3 {
                assert!((p[k] - q[k]).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn what_is_not_whole_json_is_refused() {
    let text = vid_text(&dicom());
    refused(&text[..text.len() / 2], &["not whole JSON", "again"]);
    refused("{", &["not whole JSON"]);
    refused("", &["is empty"]);
    refused("  \n ", &["is empty"]);
    refused("{}", &["no list", "expected"]);
    refused("[]", &["no body centres"]);
    refused(&" ".repeat(BYTES_MAX + 1), &["bytes", "centroids alone"]);
}

#[test]
fn numbers_that_are_no_numbers_are_refused() {
    refused(&vid_text(&dicom()).replace("-700", "\"-700\""), &["world_space"]);
    refused(&verse_text(r#"{"direction":["P","I","R"]}"#, 1.0).replace("\"X\"", "\"W\""), &["finite X"]);
    refused(&vid_text(&dicom()).replace("\"T7\"", "\"Q7\""), &["Q7"]);
}

#[test]
fn other_units_are_refused_with_the_factor() {
    for (factor, words) in [(0.1, ["cm", "multiply by 10 "]), (0.001, ["m ", "multiply by 1000 "])] {
        let scaled: Vec<_> = dicom().into_iter().map(|(n, p)| (n, p.map(|c| factor * c))).collect();
        refused(&vid_text(&scaled), &words);
    }
    refused(&verse_text(r#"{"direction":["P","I","R"]}"#, 3.0), &["voxels", "spacing"]);
}

#[test]
fn other_axes_are_refused() {
    let swapped: Vec<_> = dicom().into_iter().map(|(n, p)| (n, [p[0], p[2], p[1]])).collect();
    refused(&vid_text(&swapped), &["cranial-caudal"]);
    let upside: Vec<_> = dicom().into_iter().map(|(n, p)| (n, [p[0], p[1], -p[2]])).collect();
    refused(&vid_text(&upside), &["foot to head"]);
    let front: Vec<_> = dicom().into_iter().map(|(n, p)| (n, [p[0], -3.0 * p[1], p[2]])).collect();
    refused(&vid_text(&front), &["anterior and posterior"]);
    refused(&verse_text(r#"{"direction":["P","S","R"]}"#, 1.0), &["foot to head", "direction"]);
    refused(&verse_text(r#"{"direction":["P","P","R"]}"#, 1.0), &["one axis twice"]);
    refused(&verse_text(r#"{"direction":["P","X","R"]}"#, 1.0), &["letter"]);
    refused(&verse_text(r#"{"directions":1}"#, 1.0), &["direction"]);
}

#[test]
fn doubled_missing_and_misplaced_levels_are_refused() {
    let mut points = dicom();
    points.push(points[4]);
    refused(&vid_text(&points), &["T5", "twice"]);
    let mut points = dicom();
    points.remove(9);
    refused(&vid_text(&points), &["T10 is missing"]);
    refused(&vid_text(&dicom()[8..]), &["T1 is missing"]);
    let mut points = dicom();
    points[9].1[2] = points[8].1[2] - 2.0;
    refused(&vid_text(&points), &["T9 and T10", "mm apart"]);
}

#[test]
fn numeric_variants_are_kept() {
    let mut points = dicom();
    points.remove(11);
    for point in points.iter_mut().skip(11) {
        point.1[2] += 20.0;
    }
    let without_t12 = parse(&vid_text(&points)).expect("eleven thoracic vertebrae");
    assert_eq!(without_t12.levels.len(), 16);
    assert!(!without_t12.is_regular());
    let mut points = dicom();
    for point in points.iter_mut().skip(12) {
        point.1[2] -= 40.0;
    }
    let gap = parse(&vid_text(&points)).expect("a vertebra without a label");
    assert!(gap.levels.len() == 17 && !gap.is_regular());
    let text = verse_text(r#"{"direction":["P","I","R"]}"#, 1.0);
    let six = text.replacen("[{", r#"[{"label":25,"X":0.0,"Y":1142.0,"Z":-2.0},{"#, 1);
    assert_eq!(parse(&six).expect("six lumbar vertebrae").levels.last().map(|l| l.0), Some(Level::L6));
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let line = SpineFile::read(Path::new("nowhere/spine.json")).expect_err("nothing there").to_string();
    assert!(line.contains("nowhere/spine.json") && line.contains("cannot be read"));
}

#[test]
fn real_spines_load() {
    let root = std::env::var_os("ONDOL_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let Ok(files) = std::fs::read_dir(root.join("spines/full")) else {
        eprintln!("skipped: no shared data");
        return;
    };
    let (mut all, mut regular) = (0, 0);
    for file in files.flatten() {
        let spine = SpineFile::read(&file.path()).expect("a real spine");
        all += 1;
        regular += usize::from(spine.is_regular());
        assert!((330.0..560.0).contains(&spine.length_mm()), "{} {}", spine.name, spine.length_mm());
    }
    assert_eq!((all, regular), (59, 47));
    let piece = root.join("spines/verse-format/sub-verse004_seg-subreg_ctd.json");
    let line = SpineFile::read(&piece).expect_err("T9 to L5 only").to_string();
    assert!(line.contains("T1 is missing"), "{line}");
}
