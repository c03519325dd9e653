//! What was recorded is what is handed on, and what no bed can have measured is refused with its place.

use super::column::Column;
use super::{Eaten, TableWriter, Trace};
use counts::{DeciNewtons, Instant, Micrometres, Readings, Sample};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::path::Path;

/// A table of the reference bed over four seconds, fifty lines a second: the carriage goes at 40 mm/s.
fn table() -> String {
    let mut text =
        "time_s,carriage_mm,left_height_mm,left_force_n,right_height_mm,right_force_n\n".to_owned();
    for line in 0..200 {
        let t = f64::from(line) * 0.02;
        writeln!(text, "{t:.6},{:.3},31.250,10.1,31.500,9.9", 600.0 + 40.0 * t).expect("a string takes text");
    }
    text
}

/// What the table becomes, or the one line of its refusal.
fn eat(text: &[u8], bed: Option<&Path>) -> Result<(Vec<(Instant, Readings)>, Eaten), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("trace.csv");
    std::fs::write(&file, text).expect("a file is written");
    let mut cycles = Vec::new();
    let trace = Trace::open(&file, bed).map_err(|failure| failure.to_string())?;
    let eaten = trace.feed(1, &mut |now, readings| cycles.push((now, *readings)));
    Ok((cycles, eaten.map_err(|error| error.to_string())?))
}

fn refused(text: &str, words: &[&str]) {
    let line = eat(text.as_bytes(), None).expect_err("no trace");
    assert!(line.contains("trace.csv: ") && !line.contains('\n'), "{line}");
    for word in words {
        assert!(line.contains(word), "{line:?} lacks {word:?}");
    }
}

#[test]
fn a_table_is_handed_on_line_by_line_in_the_counts_of_the_wire() {
    let (cycles, eaten) = eat(table().as_bytes(), None).expect("a trace");
    assert_eq!((eaten.cycles, eaten.scan, eaten.scans), (200, 1, 1));
    assert!((eaten.seconds - 3.98).abs() < 1e-9);
    let (now, readings) = &cycles[50];
    assert_eq!(now.micros(), 1_000_000);
    let length = |um| Some(Sample { value: Micrometres::new(um), taken: *now });
    let force = |tenths| Some(Sample { value: DeciNewtons::new(tenths), taken: *now });
    assert_eq!(readings.carriages[0].position, length(640_000));
    assert_eq!((readings.heads[0].height, readings.heads[1].height), (length(31_250), length(31_500)));
    assert_eq!((readings.heads[0].force, readings.heads[1].force), (force(101), force(99)));
    assert!(readings.corners.iter().all(Option::is_none) && readings.heads[0].thrust.is_none());
}

#[test]
fn other_units_and_programs_write_the_same_trace() {
    let (cycles, _) = eat(table().as_bytes(), None).expect("a trace");
    let mut other = "\u{feff}# from a carriage of ours\r\n\"time_MS\",carriage_m,left_height_cm,left_force_kN,right_height_um,right_force_N,other_remark\r\n\r\n".to_owned();
    for line in 0..200 {
        let t = f64::from(line) * 20.0;
        let x = 0.6 + 0.000_04 * t;
        write!(other, "{t:.3}, {x:.6} ,3.125,0.0101,31500,9.9,\"fine\"\r\n").expect("a string takes text");
    }
    let (others, _) = eat(other.as_bytes(), None).expect("the same trace");
    assert_eq!(cycles, others);
}

#[test]
fn an_empty_cell_is_nothing_new_and_its_value_grows_old() {
    let text = table().replacen("1.000000,640.000,31.250,10.1,", "1.000000,640.000,,,", 1);
    let (cycles, _) = eat(text.as_bytes(), None).expect("a trace");
    let head = cycles[50].1.heads[0];
    let taken = [head.height.map(|sample| sample.taken), head.force.map(|sample| sample.taken)];
    assert_eq!(taken, [Some(cycles[49].0); 2]);
    assert_eq!(cycles[50].1.heads[1].height.map(|sample| sample.taken), Some(cycles[50].0));
}

#[test]
fn a_column_without_a_known_unit_is_refused_with_the_way_out() {
    let head = |from: &str, to: &str| table().replacen(from, to, 1);
    refused(
        &head("left_force_n", "left_force"),
        &["line 1, column left_force", "unit", "left_force_n or left_force_kn"],
    );
    refused(&head("left_force_n", "left_force_lbf"), &["column left_force_lbf", "unit", "left_force_n"]);
    refused(&head("carriage_mm", "carriage_in"), &["column carriage_in", "unit", "carriage_mm"]);
    refused(&head("time_s", "time_min"), &["column time_min", "unit", "time_ms"]);
    refused(&head("left_force_n", "left_forc_n"), &["left_forc_n", "no sensor", "left_force_n", "other_"]);
    refused(&head("right_force_n", "left_force_n"), &["left_force", "twice"]);
    refused(&head(",right_force_n", ",other_n"), &["right_force_n is missing", "--bed"]);
    refused(&head("right_force_n", "right_force_n,corner_head_left_n"), &["corner", "all four"]);
    refused(&table().replace(',', ";"), &["line 1", "commas"]);
    refused("", &["is empty"]);
    refused("# only a comment\n", &["is empty"]);
}

#[test]
fn a_value_that_cannot_be_is_refused_with_line_and_column() {
    let at = |line: &str, instead: &str| table().replacen(line, instead, 1);
    let line = "1.000000,640.000,31.250,10.1,31.500,9.9";
    let cases: [(&str, &[&str]); 14] = [
        (
            "1.000000,640.000,31.250,4000,31.500,9.9",
            &["column left_force", "4000 N", "-300 to 300", "load cell"],
        ),
        ("1.000000,640.000,31.250,NaN,31.500,9.9", &["column left_force", "NaN", "empty"]),
        ("1.000000,640.000,31.250,inf,31.500,9.9", &["column left_force", "inf"]),
        ("1.000000,640.000,31.250,1e999,31.500,9.9", &["column left_force", "inf"]),
        ("1.000000,640.000,31.250,ten,31.500,9.9", &["column left_force", "\"ten\" is no number"]),
        ("1.000000,640.000,31.250,10.1,311.500,9.9", &["column right_height", "lift's stroke"]),
        ("1.000000,64.000,31.250,10.1,31.500,9.9", &["column carriage", "64 mm", "travel"]),
        ("1.000000,680.000,31.250,10.1,31.500,9.9", &["column carriage", "jumps from 639.20 to 680.00 mm"]),
        ("1.000000,640.000,91.250,10.1,31.500,9.9", &["column left_height", "jumps"]),
        ("0.970000,640.000,31.250,10.1,31.500,9.9", &["column time", "does not run forwards", "sort"]),
        ("0.980000,640.000,31.250,10.1,31.500,9.9", &["column time", "does not run forwards"]),
        ("-1.000000,640.000,31.250,10.1,31.500,9.9", &["column time", "from 0 on"]),
        ("3.000000,640.000,31.250,10.1,31.500,9.9", &["column time", "hole", "unit of time"]),
        (",640.000,31.250,10.1,31.500,9.9", &["column time", "has no time"]),
    ];
    for (instead, words) in cases {
        let words: Vec<_> = ["line 52"].into_iter().chain(words.iter().copied()).collect();
        refused(&at(line, instead), &words);
    }
    refused(&at(line, "1.000000,640.000"), &["line 52", "2 cells", "has 6"]);
    let short: String = table().lines().take(60).collect::<Vec<_>>().join("\n");
    refused(&short, &["too few", "2.5 s"]);
}

#[test]
fn a_file_that_is_no_trace_is_refused_in_one_line() {
    refused("\u{1}\u{2}\u{3},,,\n", &["line 1"]);
    let line = eat(b"\xff\xfe,\n", None).expect_err("no text");
    assert!(line.contains("UTF-8"), "{line}");
    let line = eat(&[b'7'; 20_000], None).expect_err("one long line");
    assert!(line.contains("longer than"), "{line}");
    let line = eat(b"\x89MCAP0\r\nand nothing more", None).expect_err("no log");
    assert!(line.contains("not a complete session log") && line.contains("CSV"), "{line}");
    let line = Trace::open(Path::new("nowhere.csv"), None).err().expect("nothing there").to_string();
    assert!(line.contains("nowhere.csv: cannot be read"), "{line}");
}

#[test]
fn what_is_written_reads_back_with_the_same_stamps() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("trace.csv");
    let bed = crate::bed_file::read(None).expect("the reference bed");
    let mut table = TableWriter::create(&file, &bed, host::NOTICE).expect("a table");
    let mut written = Vec::new();
    let mut readings = Readings::default();
    for cycle in 0..1500_u64 {
        let now = Instant::from_micros(7_000_000 + 2000 * cycle);
        for (index, column) in Column::of_bed(&bed).into_iter().enumerate() {
            // Corner cells speak every tenth cycle, and one head falls silent for a while.
            let due = match column {
                Column::Time => false,
                Column::Corner(_) => cycle.is_multiple_of(10),
                Column::Height(1) => !(400..500).contains(&cycle),
                _ => true,
            };
            let value = match column {
                Column::Carriage(_) => 700.0 + 0.08 * cycle as f64,
                Column::Height(_) => 30.0 + (cycle % 7) as f64 * 0.013,
                _ => 12.3 + index as f64 + (cycle % 5) as f64 * 0.1,
            };
            if due {
                column.write(&mut readings, value, now);
            }
        }
        table.write(now, &readings);
        written.push((now, readings));
    }
    table.finish().expect("written");
    let text = std::fs::read_to_string(&file).expect("the table");
    let (read, eaten) = eat(text.as_bytes(), None).expect("a trace");
    assert_eq!(read, written);
    assert_eq!(eaten.cycles, 1500);
    let trace = Trace::open(&file, None).expect("a trace");
    assert!(trace.simulated, "the notice of the twin is lost");
}

#[test]
fn on_a_bed_without_load_cells_the_currents_are_needed_and_one_lift_tells_for_both() {
    let bed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../beds/coupled.toml");
    let text = table().replacen(
        "left_height_mm,left_force_n,right_height_mm,right_force_n",
        "left_height_mm,left_thrust_n,other_a,other_b",
        1,
    );
    let (cycles, _) = eat(text.as_bytes(), Some(&bed)).expect("a trace of a coupled lift");
    let [left, right, ..] = cycles[9].1.heads;
    assert!(right.height.is_some() && right.height == left.height && right.thrust == left.thrust);
    let line = eat(table().as_bytes(), Some(&bed)).expect_err("no load cells");
    assert!(line.contains("no sensor"), "{line}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_at_all_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let refused = eat(&bytes, None).expect_err("no trace");
        prop_assert!(!refused.contains('\n'));
    }

    #[test]
    fn no_broken_table_makes_it_panic_or_gets_through_unseen(
        places in proptest::collection::vec((0.0..1.0, any::<u8>()), 1..6),
        end in 0.5..1.0,
    ) {
        let mut bytes = table().into_bytes();
        for (place, byte) in places {
            let index = (place * bytes.len() as f64) as usize;
            bytes[index] = byte;
        }
        bytes.truncate((end * bytes.len() as f64) as usize);
        match eat(&bytes, None) {
            Err(line) => prop_assert!(line.contains("trace.csv") && !line.contains('\n'), "{}", line),
            Ok((cycles, _)) => {
                for pair in cycles.windows(2) {
                    prop_assert!(pair[1].0 > pair[0].0);
                }
                for (_, readings) in cycles {
                    let force = readings.heads[0].force.map_or(0, |sample| sample.value.raw());
                    prop_assert!((-3000..=3000).contains(&force));
                }
            }
        }
    }
}
