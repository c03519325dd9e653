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

/// The same spine as a table, its points turned and scaled.
fn table_text(head: &str, point: impl Fn([f64; 3]) -> [f64; 3]) -> String {
    let rows: Vec<String> = dicom()
        .iter()
        .map(|(name, p)| {
            let [x, y, z] = point(*p);
            format!("{name},{x},{y},{z}")
        })
        .collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

fn said(unit: Option<Unit>, axes: Option<Axes>) -> Declared {
    Declared { unit, axes }
}

fn parse_as(file: &str, text: &str, declared: Declared) -> Result<SpineFile, SpineFileError> {
    SpineFile::parse_as(file, "spine", text.as_bytes(), &declared)
}

fn refused_as(file: &str, text: &str, declared: Declared, words: &[&str]) {
    let line = parse_as(file, text, declared).expect_err("no spine").to_string();
    assert!(line.starts_with(file) && !line.contains('\n'), "{line}");
    for word in words {
        assert!(line.contains(word), "{line:?} lacks {word:?}");
    }
}

#[test]
fn every_way_to_write_one_spine_gives_one_spine() {
    let vid = parse(&vid_text(&dicom())).expect("VID");
    let ras = |[x, y, z]: [f64; 3]| [-x, -y, z];
    let metres = |p: [f64; 3]| p.map(|c| 0.001 * c);
    let turned: Vec<_> = dicom().into_iter().map(|(name, p)| (name, metres(ras(p)))).collect();
    let without_direction: Vec<String> = dicom()
        .iter()
        .enumerate()
        .map(|(i, (_, p))| {
            let label = if i < 12 { 8 + i } else { 20 + i - 12 };
            format!(r#"{{"label":{label},"X":{},"Y":{},"Z":{}}}"#, p[0], p[1], p[2])
        })
        .collect();
    let slicer = {
        let head =
            "# Markups fiducial file version = 4.11\n# CoordinateSystem = LPS\n# columns = label,x,y,z,desc";
        table_text(head, |p| p)
            .lines()
            .map(|line| {
                if line.starts_with('T') || line.starts_with('L') {
                    format!("{line},\n")
                } else {
                    format!("{line}\n")
                }
            })
            .collect::<String>()
    };
    let pedicles = "spine_level,X_mm,y_mm,z_mm,keypoint_type,other_id\n,0,20,-700,left,9\n";
    let with_pedicles = table_text("", |p| p)
        .lines()
        .filter(|line| !line.is_empty())
        .fold(pedicles.to_owned(), |text, line| text + line + ",body,9\n");
    let others = [
        parse_as("spine.json", &vid_text(&turned), said(Some(Unit::Metres), Some(Axes::Ras))),
        parse_as("spine.json", &format!("[{}]", without_direction.join(",")), said(None, Some(Axes::Lps))),
        parse_as("spine.csv", &table_text("# axes: LPS\nlevel,x_mm,y_mm,z_mm", |p| p), Declared::default()),
        parse_as(
            "spine.csv",
            &table_text("# axes: RAS\n\"level\",x_m,y_m,z_m", |p| metres(ras(p))),
            Declared::default(),
        ),
        parse_as(
            "spine.CSV",
            &table_text("level,x,y,z", |p| ras(p).map(|c| 0.1 * c)),
            said(Some(Unit::Centimetres), Some(Axes::Ras)),
        ),
        parse_as("spine.fcsv", &slicer, Declared::default()),
        parse_as("spine.csv", &with_pedicles, said(None, Some(Axes::Lps))),
    ];
    for (index, other) in others.into_iter().enumerate() {
        let other = other.unwrap_or_else(|error| panic!("{index}: {error}"));
        assert_eq!(other.pedicles.len(), usize::from(index == 6));
        for ((a, p), (b, q)) in vid.levels.iter().zip(&other.levels) {
            assert_eq!(a, b);
            assert!((0..3).all(|k| (p[k] - q[k]).abs() < 1e-6), "{index}: {p:?} {q:?}");
        }
    }
}

#[test]
fn a_table_that_does_not_say_what_it_means_is_refused_with_its_line() {
    let good = table_text("# axes: LPS\nlevel,x_mm,y_mm,z_mm", |p| p);
    let cases: [(String, &[&str]); 12] = [
        (good.replace("# axes: LPS\n", ""), &["line 2", "axes are not said", "--spine-axes"]),
        (good.replace("LPS", "XYZ"), &["line 1", "LPS or RAS"]),
        (good.replace("x_mm", "x"), &["line 2", "says no unit", "--spine-unit"]),
        (good.replace("x_mm", "x_in"), &["line 2", "unit not known"]),
        (good.replace("x_mm", "x_cm"), &["line 2", "more than one unit"]),
        (good.replace("z_mm", "depth_mm"), &["line 2", "depth_mm", "other_"]),
        (good.replace("z_mm", "y_mm"), &["line 2", "twice"]),
        (good.replace(',', ";"), &["line 2", "commas"]),
        (good.replace("T3,2", "T3,two"), &["line 5", "three numbers"]),
        (good.replace("T3,2", "T3,NaN"), &["line 5", "three numbers"]),
        (good.replace("T3,", "Q3,"), &["line 5", "no vertebra"]),
        (good.trim_end().rsplit_once(',').expect("cells").0.to_owned(), &["line 19", "3 cells"]),
    ];
    for (text, words) in &cases {
        refused_as("spine.csv", text, Declared::default(), words);
    }
    refused_as("spine.csv", "", Declared::default(), &["is empty"]);
    refused_as("spine.csv", "# nothing\n", Declared::default(), &["no line of names"]);
    refused_as("spine.csv", &good, said(None, Some(Axes::Ras)), &["says LPS, and RAS was said"]);
    refused_as("spine.csv", &good, said(Some(Unit::Metres), None), &["says mm, and m was said"]);
    let verse = verse_text(r#"{"direction":["P","I","R"]}"#, 1.0);
    refused_as("spine.json", &verse, said(None, Some(Axes::Lps)), &["names its axes"]);
    let voxels = verse_text(r#"{"direction":["P","I","R"],"spacing":[1,1,1]}"#, 1.0);
    refused_as("spine.json", &voxels, said(Some(Unit::Metres), None), &["voxels"]);
    let ras: Vec<_> = dicom().into_iter().map(|(n, p)| (n, [-p[0], -3.0 * p[1], p[2]])).collect();
    refused(&vid_text(&ras), &["anterior and posterior", "--spine-axes ras"]);
}

#[test]
fn a_chain_that_is_no_spines_is_refused() {
    let mut points = dicom();
    points[7].1[0] += 60.0;
    refused(&vid_text(&points), &["turns by", "T8"]);
    let mut points = dicom();
    for (index, point) in points.iter_mut().enumerate() {
        point.1[2] = -60.0 * index as f64;
    }
    // A median of 60 mm is no unit of a spine.
    refused(&vid_text(&points), &["expected 17 to 40 mm"]);
    let mut points = dicom();
    for (index, point) in points.iter_mut().enumerate() {
        point.1[2] = -39.0 * index as f64 - 35.0 * index.saturating_sub(9) as f64;
    }
    refused(&vid_text(&points), &["T1 to L5 measure", "expected 260 to 750"]);
    refused(
        &verse_text(r#"{"direction":["P","I","R"]}"#, 1.0).replace("\"label\":12,", "\"label\":99,"),
        &["label 99"],
    );
    refused(&vid_text(&dicom()).replace("\"T7\"", "\"Cow\""), &["Cow"]);
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
