//! What runs beside: who has the port, other hosts, the bed, a browser.

use super::Finding;
use bed::{Bed, Report};
use host::wire::WireBed;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longest wait for an answer of this computer. Guess: a busy one answers in milliseconds.
const ANSWER: Duration = Duration::from_millis(500);
/// So long a bed's reports are counted. Source: design; half a second holds 250 of them.
const LISTEN: Duration = Duration::from_millis(500);
/// Reports a second of a bed. Source: design; one each cycle.
const REPORTS_HZ: f64 = 500.0;
/// Fewer than this share of them is too few. Guess: what is missing is then not only the first moment.
const REPORTS_SHARE: f64 = 0.9;
/// Where a twin is at home. Source: the default of `ondol twin`.
const TWIN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7407);

/// Whether the page's port is free, and who has it.
pub fn port(port: u16) -> Finding {
    const WHAT: &str = "port";
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let error = match TcpListener::bind(here) {
        Ok(_) => return Finding::fine(WHAT, format!("{port} is free")),
        Err(error) => error,
    };
    if error.kind() == ErrorKind::PermissionDenied {
        let says = format!("{port} is for the system alone");
        return Finding::bad(WHAT, says, "give --port 7400, or another above 1023");
    }
    if is_ondol(here) {
        return Finding::note(WHAT, format!("{port}: an Ondol serves there already"))
            .way(format!("open http://{here}/, or give another --port"));
    }
    let whose =
        owner(port).map_or_else(String::new, |(process, name)| format!(" by {name} (process {process})"));
    Finding::bad(
        WHAT,
        format!("{port} is taken{whose} ({error})"),
        "end that program, or give another --port",
    )
}

/// Whether what listens there answers as an Ondol does.
fn is_ondol(at: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut line = TcpStream::connect_timeout(&at, ANSWER)?;
        line.set_read_timeout(Some(ANSWER))?;
        line.set_write_timeout(Some(ANSWER))?;
        write!(line, "GET /api/health HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        line.take(4096).read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    ask().is_ok_and(|answer| {
        let fine = answer.lines().next().is_some_and(|first| first.contains(" 200 "));
        fine && answer.contains("\"version\"")
    })
}

/// Who listens on a port of this computer, as far as the system tells: process and name. Linux only.
fn owner(port: u16) -> Option<(u32, String)> {
    let inodes: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| listening(&table, port))
        .collect();
    processes().into_iter().find_map(|(process, name)| {
        let sockets = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?;
        let has = sockets.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|link| {
            let link = link.to_string_lossy();
            inodes.iter().any(|inode| link == format!("socket:[{inode}]"))
        });
        has.then_some((process, name))
    })
}

/// The sockets of a table of `/proc/net/tcp` that listen on a port.
pub fn listening(table: &str, port: u16) -> Vec<String> {
    // Columns: number, local address:port in hexadecimal, remote, state (0A listens), ..., the tenth the inode.
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let (_, at) = columns.get(1)?.rsplit_once(':')?;
            let here = u16::from_str_radix(at, 16).ok()? == port && *columns.get(3)? == "0A";
            here.then(|| columns.get(9).map(|inode| (*inode).to_owned()))?
        })
        .collect()
}

/// Processes of this computer with their names; empty where the system does not list them.
fn processes() -> Vec<(u32, String)> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let name = std::fs::read_to_string(entry.path().join("comm")).ok()?;
            Some((process, name.trim().to_owned()))
        })
        .collect()
}

/// Other hosts on this computer: two on one folder or one bed get into each other's way.
pub fn hosts() -> Finding {
    const WHAT: &str = "other hosts";
    let own = std::process::id();
    let serving: Vec<u32> = processes()
        .into_iter()
        .filter(|(process, name)| name == "ondol" && *process != own)
        .filter(|(process, _)| {
            let told = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            told.split(|byte| *byte == 0).nth(1) == Some(b"serve")
        })
        .map(|(process, _)| process)
        .collect();
    match serving.first() {
        None => Finding::fine(WHAT, "none"),
        Some(first) => Finding::note(WHAT, format!("`ondol serve` runs already (process {first})"))
            .way("use that one; a second needs a folder, a port and a bed of its own"),
    }
}

/// Whether a bed answers, holds the same limits, and reports as often as it should.
pub fn bed(at: Option<SocketAddr>) -> Finding {
    const WHAT: &str = "bed";
    let address = at.unwrap_or(TWIN);
    let mut bed = match WireBed::open(address) {
        Ok(bed) => bed,
        Err(error) if at.is_some() => {
            return Finding::bad(WHAT, error.to_string(), "switch it on, look after its cable and --at");
        }
        Err(_) => {
            return Finding::note(WHAT, format!("none at {address}; `ondol serve` starts a twin of its own"));
        }
    };
    let hello = bed.hello();
    let kind = if hello.simulated { "a twin" } else { "a bed" };
    let says = format!("{kind} at {address}, \"{}\", version {}", hello.config.name, hello.version);
    let ours = host::log::limits_checksum();
    if hello.limits_checksum != ours {
        return Finding::bad(
            WHAT,
            format!("{says}: its guard holds other limits ({:08x}, here {ours:08x})", hello.limits_checksum),
            "bring both ends to the same version",
        );
    }
    match reports_hz(&mut bed) {
        Ok(rate) if rate >= REPORTS_SHARE * REPORTS_HZ => {
            Finding::fine(WHAT, format!("{says}, {rate:.0} reports a second"))
        }
        Ok(rate) => {
            Finding::note(WHAT, format!("{says}: {rate:.0} reports a second instead of {REPORTS_HZ:.0}"))
                .way("a twin slower than life is no harm; a bed needs a quieter line or computer")
        }
        Err(error) => Finding::bad(WHAT, format!("{says}: {error}"), "switch it off and on"),
    }
}

fn reports_hz(bed: &mut WireBed) -> Result<f64, host::wire::WireError> {
    let mut report = Report::default();
    // The first may have lain in the line.
    bed.receive(&mut report)?;
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < LISTEN {
        bed.receive(&mut report)?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}

/// A browser to show the page in.
pub fn browser() -> Finding {
    const NAMES: [&str; 9] = [
        "xdg-open",
        "firefox",
        "firefox-esr",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "epiphany",
        "falkon",
        "open",
    ];
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let there = |name: &&&str| folders.iter().any(|folder| is_program(&folder.join(name)));
    match NAMES.iter().find(there) {
        Some(name) => Finding::fine("browser", *name),
        None => Finding::note("browser", "none found on this computer")
            .way("install one, such as firefox-esr or chromium; the page is for this computer alone"),
    }
}

fn is_program(path: &Path) -> bool {
    path.is_file()
}
