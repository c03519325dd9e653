//! A line between host and bed that can be cut, silenced or held up.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How the line behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Manner {
    /// Everything goes through.
    Open,
    /// It is cut: both ends notice.
    Cut,
    /// Nothing goes through and nobody is told.
    Silent,
    /// Everything goes through late.
    Late,
}

/// So late, in the line's own time. Source: longer than any wish may be old.
pub const LATE: Duration = Duration::from_millis(1000);
/// A look at the line so often. Design: far below any span that is judged.
const LOOK: Duration = Duration::from_millis(1);

/// A line.
pub struct Line {
    /// Where the host finds it.
    pub address: SocketAddr,
    manner: Arc<AtomicU8>,
}

impl Line {
    /// A line to a bed.
    pub fn to(bed: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let manner = Arc::new(AtomicU8::new(Manner::Open as u8));
        let own = Arc::clone(&manner);
        thread::spawn(move || {
            for host in listener.incoming().flatten() {
                let Ok(bed) = TcpStream::connect(bed) else { continue };
                join(&host, &bed, &own);
            }
        });
        Ok(Self { address, manner })
    }

    /// From now on it behaves so.
    pub fn set(&self, manner: Manner) {
        self.manner.store(manner as u8, Ordering::Relaxed);
    }
}

fn join(host: &TcpStream, bed: &TcpStream, manner: &Arc<AtomicU8>) {
    for (from, to) in [(host, bed), (bed, host)] {
        let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { return };
        let manner = Arc::clone(manner);
        thread::spawn(move || carry(from, to, &manner));
    }
}

/// Carries bytes one way until the line is cut.
fn carry(mut from: TcpStream, mut to: TcpStream, manner: &AtomicU8) {
    let mut bytes = [0_u8; 16_384];
    let mut held: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
    let _ = from.set_nodelay(true).and_then(|()| to.set_nodelay(true));
    let _ = from.set_read_timeout(Some(LOOK));
    loop {
        let now = manner.load(Ordering::Relaxed);
        if now == Manner::Cut as u8 {
            break;
        }
        match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(_) if now == Manner::Silent as u8 => {}
            Ok(length) => {
                let late = if now == Manner::Late as u8 { LATE } else { Duration::ZERO };
                held.push_back((Instant::now() + late, bytes[..length].to_vec()));
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        while held.front().is_some_and(|(due, _)| *due <= Instant::now()) {
            let Some((_, bytes)) = held.pop_front() else { break };
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
