//! This computer's clocks: the only place that asks what day it is where the person lives, and how long the
//! computer has been on.

use care::Day;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use std::time::Instant;

/// What this computer's clocks say at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Calendar time, seconds since 1970 (UTC). Anybody may set it.
    pub utc_s: i64,
    /// What the local zone adds to it now, seconds.
    pub zone_s: i32,
    /// A name of this switching-on of the computer, within which `up_s` runs evenly.
    pub boot: String,
    /// Seconds since then, sleep included; nobody can set them.
    pub up_s: u64,
}

/// Today in the time zone of this computer (UTC where it names none).
#[must_use]
pub fn today() -> Day {
    let now = jiff::Zoned::now();
    let local = now.timestamp().as_second() + i64::from(now.offset().seconds());
    Day::from_unix_seconds(u64::try_from(local).unwrap_or_default())
}

/// The clocks of this computer.
///
/// On Linux `up_s` is the kernel's time since boot (`/proc/uptime`, sleep included). Elsewhere it is the time
/// since this program first asked, and every start of the program counts as a boot.
#[must_use]
pub fn clocks() -> Clocks {
    static FIRST: OnceLock<(Instant, String)> = OnceLock::new();
    let now = jiff::Zoned::now();
    let (utc_s, zone_s) = (now.timestamp().as_second(), now.offset().seconds());
    if let Some((boot, up_s)) = kernel() {
        return Clocks { utc_s, zone_s, boot, up_s };
    }
    let name = || format!("{}-{}", std::process::id(), now.timestamp().as_nanosecond());
    let (first, boot) = FIRST.get_or_init(|| (Instant::now(), name()));
    Clocks { utc_s, zone_s, boot: boot.clone(), up_s: first.elapsed().as_secs() }
}

fn kernel() -> Option<(String, u64)> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds = uptime.split('.').next()?.parse().ok()?;
    Some((boot.trim().to_owned(), seconds))
}
