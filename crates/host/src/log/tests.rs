use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bed::{BedConfig, Report};
use counts::{Instant, Micrometres, Micros, Sample};

use super::{Header, Keep, LoggedSession, ReadError, SCHEMA_VERSION, SessionLog, recover, rotate};

pub(crate) fn header() -> Header {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../beds/reference.toml");
    let bed: BedConfig =
        toml::from_str(&fs::read_to_string(path).expect("a bed file")).expect("a good bed file");
    Header {
        schema_version: SCHEMA_VERSION,
        ondol_version: "test".to_owned(),
        bed,
        bed_checksum: 1,
        limits_checksum: 2,
        prior_checksum: 3,
        seed: Some(4),
        from_switch_on: true,
        notice: crate::NOTICE.to_owned(),
    }
}

/// A log of so many cycles whose writer was lost, as it stands on the disk.
fn lost(folder: &Path, cycles: u64) -> PathBuf {
    let path = folder.join("session.mcap");
    let mut log = SessionLog::create(&path, &header()).expect("a log");
    for cycle in 1..=cycles {
        let now = Instant::START.after(Micros::from_millis(2 * cycle));
        log.write(&Report { now, ..Report::default() }).expect("written");
    }
    let part = folder.join("session.mcap.part");
    let kept = fs::read(&part).expect("a part");
    drop(log);
    fs::write(&part, kept).expect("as it stood");
    part
}

fn cycles(path: &Path) -> usize {
    let log = LoggedSession::open(path).expect("a whole log");
    assert_eq!(log.header, header());
    let cycles: Vec<_> = log.cycles().map(|cycle| cycle.expect("a cycle").now.micros()).collect();
    assert!(
        cycles.iter().zip(1..).all(|(micros, cycle)| *micros == 2000 * cycle),
        "none is missing before the end"
    );
    cycles.len()
}

#[test]
fn a_lost_writer_costs_at_most_the_last_second() -> Result<(), Box<dyn std::error::Error>> {
    for written in [0, 1, 499, 500, 501, 1999, 2600] {
        let place = tempfile::tempdir()?;
        let part = lost(place.path(), written);
        let recovered = recover(&part)?;
        assert_eq!(recovered.blocks as u64, written / 500);
        assert_eq!(cycles(&recovered.path) as u64, written / 500 * 500, "{written} cycles were written");
        assert!(!part.exists() && recovered.path == place.path().join("session.mcap"));
    }
    Ok(())
}

#[test]
fn a_log_that_was_damaged_anywhere_is_refused_or_reads_as_it_was() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let path = place.path().join("session.mcap");
    let mut log = SessionLog::create(&path, &header())?;
    for cycle in 1..=1200_u64 {
        let now = Instant::START.after(Micros::from_millis(2 * cycle));
        let mut report = Report { now, ..Report::default() };
        let value = Micrometres::new(i32::try_from(37 * cycle % 1013)?);
        report.readings.carriages[0].position = Some(Sample { value, taken: now });
        log.write(&report)?;
    }
    log.finish()?;
    let whole = fs::read(&path)?;
    let read = || -> Result<_, ReadError> {
        let log = LoggedSession::open(&path)?;
        Ok((log.cycles().collect::<Result<Vec<_>, _>>()?, log.header))
    };
    let truth = read()?;
    let (mut refused, mut same) = (0, 0);
    for index in (0..whole.len()).step_by(11) {
        let mut damaged = whole.clone();
        damaged[index] ^= 1 << (index % 8);
        fs::write(&path, damaged)?;
        match read() {
            Ok(found) => {
                assert!(found == truth, "byte {index} of {} reads as something else", whole.len());
                same += 1;
            }
            Err(_) => refused += 1,
        }
    }
    // What reads as it was lies in the summary, from which nothing but the head's place is taken.
    assert!(refused > 2 * same, "{refused} refused, {same} read as they were");
    Ok(())
}

#[test]
fn a_part_that_is_cut_anywhere_gives_its_whole_seconds_or_is_refused()
-> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let part = lost(place.path(), 1600);
    let whole = fs::read(&part)?;
    let (mut last, mut refused) = (0, 0);
    for length in (0..whole.len()).step_by(whole.len() / 97) {
        fs::write(&part, &whole[..length])?;
        match recover(&part) {
            Ok(recovered) => {
                assert!(recovered.blocks >= last, "cut at {length}");
                assert_eq!(cycles(&recovered.path), 500 * recovered.blocks);
                last = recovered.blocks;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(last >= 2 && refused > 0, "{last} seconds, {refused} refused");
    Ok(())
}

#[test]
fn the_oldest_logs_go_first_and_the_newest_never() -> Result<(), Box<dyn std::error::Error>> {
    const DAY: Duration = Duration::from_hours(24);
    let now = SystemTime::UNIX_EPOCH + 20_000 * DAY;
    let stay = |keep: Keep| -> Result<Vec<u32>, Box<dyn std::error::Error>> {
        let place = tempfile::tempdir()?;
        for (name, age) in
            [("a.mcap", 400), ("b.mcap", 40), ("c.mcap", 4), ("d.mcap", 1), ("e.mcap.part", 900)]
        {
            let path = place.path().join(name);
            fs::write(&path, [0; 100])?;
            fs::File::options().write(true).open(&path)?.set_modified(now - age * DAY)?;
        }
        let removed = rotate(&[place.path().to_owned()], &keep, now)?;
        assert!(removed.iter().all(|path| !path.exists()) && place.path().join("e.mcap.part").exists());
        let age = |(name, age): (&str, u32)| place.path().join(name).exists().then_some(age);
        Ok([("a.mcap", 400), ("b.mcap", 40), ("c.mcap", 4), ("d.mcap", 1)]
            .into_iter()
            .filter_map(age)
            .collect())
    };
    assert_eq!(stay(Keep { days: 365, bytes: 1000 })?, [40, 4, 1]);
    assert_eq!(stay(Keep { days: 1000, bytes: 250 })?, [4, 1]);
    assert_eq!(stay(Keep { days: 1000, bytes: 400 })?, [400, 40, 4, 1]);
    assert_eq!(stay(Keep { days: 0, bytes: 0 })?, [1]);
    Ok(())
}

#[test]
fn the_oldest_logs_of_all_people_go_first_and_everybody_keeps_their_newest()
-> Result<(), Box<dyn std::error::Error>> {
    const DAY: Duration = Duration::from_hours(24);
    let now = SystemTime::UNIX_EPOCH + 20_000 * DAY;
    let place = tempfile::tempdir()?;
    let folders = ["one", "two"].map(|name| place.path().join(name));
    for (folder, ages) in folders.iter().zip([[30, 20, 10], [29, 19, 9]]) {
        fs::create_dir(folder)?;
        for age in ages {
            let path = folder.join(format!("{age}.mcap"));
            fs::write(&path, [0; 100])?;
            fs::File::options().write(true).open(&path)?.set_modified(now - age * DAY)?;
        }
    }
    let removed = |bytes| -> std::io::Result<Vec<String>> {
        let removed = rotate(&folders, &Keep { days: 365, bytes }, now)?;
        let name = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(removed.iter().map(name).collect())
    };
    assert_eq!(removed(400)?, ["30", "29"]);
    assert_eq!(removed(0)?, ["20", "19"], "10 and 9 are the newest of their people");
    assert!(folders[0].join("10.mcap").exists() && folders[1].join("9.mcap").exists());
    Ok(())
}
