use super::{Finding, State, house, neighbours, pace};
use jiff::Timestamp;
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, SystemTime};

#[track_caller]
fn check(finding: &Finding, state: State, says: &str) {
    assert_eq!(finding.state, state, "{finding:?}");
    assert!(finding.says.contains(says), "{finding:?}");
    assert!(state != State::Bad || finding.way_out.is_some(), "no way out: {finding:?}");
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[cfg(unix)]
fn give_mode(folder: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, PermissionsExt::from_mode(mode)).expect("a mode");
}

#[cfg(not(unix))]
fn give_mode(_: &std::path::Path, _: u32) {}

#[test]
fn a_folder_is_fine_only_where_nobody_else_can_look_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    give_mode(folder.path(), 0o700);
    check(&house::folder(Some(folder.path())), State::Fine, "nobody else's");
    check(&house::folder(Some(&folder.path().join("later/people"))), State::Fine, "not there yet");
    check(&house::folder(None), State::Bad, "no home folder");
    let file = folder.path().join("file");
    std::fs::write(&file, b"").expect("a file");
    check(&house::folder(Some(&file)), State::Bad, "not a folder");
    if cfg!(unix) {
        give_mode(folder.path(), 0o755);
        check(&house::folder(Some(folder.path())), State::Bad, "mode 755");
    }
}

#[test]
fn a_disk_is_told_in_sessions() {
    for (free, state, says) in [
        (100_000_000, State::Bad, "about 7 sessions"),
        (1_000_000_000, State::Note, "about 76 sessions"),
        (100_000_000_000, State::Fine, "about 7692 sessions"),
    ] {
        check(&house::room(free), state, says);
    }
}

#[test]
fn a_record_that_is_not_whole_is_found_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let person = folder.path().join("person-a");
    std::fs::create_dir(&person).expect("a folder");
    let path = person.join("record.sqlite");
    let record = rusqlite::Connection::open(&path).expect("a record");
    let rows = "CREATE TABLE day (text TEXT); CREATE INDEX days ON day (text);
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 500)
                INSERT INTO day SELECT printf('a day %d of somebody', n) FROM number;";
    record.execute_batch(rows).expect("rows");
    drop(record);
    check(&house::records(Some(folder.path())), State::Fine, "1 file, all whole");
    let mut bytes = std::fs::read(&path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&path, bytes).expect("a file");
    check(&house::records(Some(folder.path())), State::Bad, "record.sqlite");
    std::fs::write(&path, b"not a record").expect("a file");
    check(&house::records(Some(folder.path())), State::Bad, "record.sqlite");
}

#[test]
fn a_log_that_was_cut_off_is_told_and_no_harm() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.mcap"), b"").expect("a file");
    check(&house::cut_off(Some(folder.path())), State::Fine, "1 log");
    std::fs::write(folder.path().join("b.mcap.part"), b"").expect("a file");
    check(&house::cut_off(Some(folder.path())), State::Note, "b.mcap.part");
}

#[test]
fn a_clock_is_wrong_before_this_program_was_written_and_before_the_newest_record() {
    let now = at("2026-12-24T18:00:00Z");
    let ago = |seconds| SystemTime::from(now) - Duration::from_secs(seconds);
    let ahead = |seconds| SystemTime::from(now) + Duration::from_secs(seconds);
    check(&house::clock_at(now, None), State::Fine, "2026-12-24 18:00");
    check(&house::clock_at(now, Some(ago(60))), State::Fine, "");
    check(&house::clock_at(now, Some(ahead(60))), State::Fine, "");
    check(&house::clock_at(now, Some(ahead(3600))), State::Bad, "set back");
    check(&house::clock_at(at("1970-01-01T00:05:00Z"), None), State::Bad, "earlier");
    check(&house::clock_at(at("2099-01-01T00:00:00Z"), None), State::Bad, "years after");
}

#[test]
fn a_port_is_free_or_somebody_has_it() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let finding = neighbours::port(port);
    check(&finding, State::Bad, &format!("{port} is taken"));
    if cfg!(target_os = "linux") {
        assert!(finding.says.contains(&format!("process {}", std::process::id())), "{finding:?}");
    }
    drop(listener);
    check(&neighbours::port(port), State::Fine, "is free");
}

#[test]
fn only_sockets_that_listen_on_the_port_are_taken_from_the_systems_table() {
    let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
         0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 0\n\
         1: 0100007F:1CE8 0100007F:ABCD 01 00000000:00000000 00:00000000 00000000 0 0 4712 1 0\n\
         2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4713 1 0\n\
         3: broken\n";
    assert_eq!(neighbours::listening(table, 7400), ["4711"]);
}

#[test]
fn a_bed_that_was_named_has_to_answer_and_one_that_was_not_need_not() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    check(&neighbours::bed(Some(address)), State::Bad, "no bed answers");
}

#[test]
fn a_computer_keeps_pace_when_it_wakes_in_time_and_steps_quickly() {
    let ms = Duration::from_millis;
    let quick = Duration::from_micros(40);
    let with = |late: u64, count: usize| -> Vec<Duration> {
        let mut all = vec![Duration::from_micros(80); 1000 - count];
        all.extend(vec![ms(late); count]);
        all
    };
    check(&pace::verdict(&mut with(1, 0), quick), State::Fine, "keeps pace");
    // One late wake-up in a thousand is caught up with.
    check(&pace::verdict(&mut with(40, 1), quick), State::Fine, "40.0 ms at worst");
    check(&pace::verdict(&mut with(60, 1), quick), State::Note, "60.0 ms at worst");
    check(&pace::verdict(&mut with(12, 20), quick), State::Note, "12.0 ms late at 99 %");
    check(&pace::verdict(&mut with(1, 0), Duration::from_micros(1500)), State::Note, "75.0 %");
    check(&pace::verdict(&mut [], quick), State::Note, "not measured");
}
