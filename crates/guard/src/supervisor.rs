//! Keeps what stands against the fault table: the strongest response wins, latched ones stay.

use crate::faults::{Clear, Response, row_of};
use crate::persist::since;
use counts::{Fault, HEATERS_MAX, Instant};
use heapless::Vec;

const _: () = assert!(HEATERS_MAX <= u8::BITS as usize);

/// At most so many faults are told of in one cycle; the others are told in the next.
pub const TOLD_MAX: usize = 8;

/// Faults by their index (head, carriage, zone) told of in one cycle.
pub type Told = Vec<(Fault, u8), TOLD_MAX>;

/// What a watch says of a fault this cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing of it.
    Absent,
    /// It stands; its row says for how long it must.
    Present,
    /// It stands and has stood for long enough.
    Certain,
}

impl From<bool> for Found {
    fn from(present: bool) -> Self {
        if present { Self::Present } else { Self::Absent }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stand {
    #[default]
    Quiet,
    Pending {
        from: Instant,
    },
    Active {
        seen: Instant,
        told: bool,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Supervisor {
    /// Per fault one bit an index, set where its stand is not quiet: what a cycle asks of nearly all.
    noticed: [u8; Fault::ALL.len()],
    stands: [[Stand; HEATERS_MAX]; Fault::ALL.len()],
    active: [u16; 5],
    untold: u16,
    stopped: bool,
}

impl Supervisor {
    pub(crate) fn new() -> Self {
        Self {
            noticed: [0; Fault::ALL.len()],
            stands: [[Stand::Quiet; HEATERS_MAX]; Fault::ALL.len()],
            active: [0; 5],
            untold: 0,
            stopped: false,
        }
    }

    /// A stop by the person's or host's wish: the safe state, latched, without a fault.
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Takes what a watch found of a fault; appends to `cleared` when it is over.
    #[inline]
    pub(crate) fn report(
        &mut self,
        at: Instant,
        (fault, index): (Fault, usize),
        found: impl Into<Found>,
        cleared: &mut Told,
    ) {
        let found = found.into();
        if index < HEATERS_MAX && (found != Found::Absent || self.noticed[fault as usize] >> index & 1 == 1) {
            self.note(at, (fault, index), found, cleared);
        }
    }

    #[cold]
    fn note(&mut self, at: Instant, (fault, index): (Fault, usize), found: Found, cleared: &mut Told) {
        let stand = &mut self.stands[fault as usize][index];
        let row = row_of(fault);
        *stand = match (*stand, found) {
            (Stand::Quiet | Stand::Pending { .. }, Found::Absent) => Stand::Quiet,
            (Stand::Quiet | Stand::Pending { .. }, _) => {
                let from = if let Stand::Pending { from } = *stand { from } else { at };
                if found == Found::Certain || since(at, from) >= row.hold {
                    self.active[row.response as usize] += 1;
                    self.untold += 1;
                    Stand::Active { seen: at, told: false }
                } else {
                    Stand::Pending { from }
                }
            }
            (Stand::Active { told, .. }, Found::Present | Found::Certain) => Stand::Active { seen: at, told },
            (Stand::Active { seen, told }, Found::Absent) => match row.clear {
                Clear::SelfClears { after } if told && since(at, seen) >= after => {
                    if cleared.push((fault, index as u8)).is_ok() {
                        self.active[row.response as usize] -= 1;
                        Stand::Quiet
                    } else {
                        *stand
                    }
                }
                _ => *stand,
            },
        };
        let bit = 1 << index;
        let noticed = &mut self.noticed[fault as usize];
        *noticed = if *stand == Stand::Quiet { *noticed & !bit } else { *noticed | bit };
    }

    /// Ends what lasts for a session.
    pub(crate) fn end_session(&mut self, cleared: &mut Told) {
        for fault in Fault::ALL {
            let row = row_of(*fault);
            if row.clear != Clear::SessionEnd {
                continue;
            }
            for (index, stand) in self.stands[*fault as usize].iter_mut().enumerate() {
                if let Stand::Active { told, .. } = *stand {
                    self.active[row.response as usize] -= 1;
                    self.untold -= u16::from(!told);
                    // A list that is full drops the news, never the clearing.
                    let _ = cleared.push((*fault, index as u8));
                }
                *stand = Stand::Quiet;
            }
            self.noticed[*fault as usize] = 0;
        }
    }

    /// The faults not yet told of, as many as fit.
    pub(crate) fn raised(&mut self) -> Told {
        let mut raised = Told::new();
        if self.untold == 0 {
            return raised;
        }
        for fault in Fault::ALL {
            for (index, stand) in self.stands[*fault as usize].iter_mut().enumerate() {
                if let Stand::Active { seen, told: false } = *stand
                    && raised.push((*fault, index as u8)).is_ok()
                {
                    *stand = Stand::Active { seen, told: true };
                    self.untold -= 1;
                }
            }
        }
        raised
    }

    /// Whether a fault stands at an index.
    pub(crate) fn stands(&self, fault: Fault, index: usize) -> bool {
        matches!(self.stands[fault as usize].get(index), Some(Stand::Active { .. }))
    }

    /// The strongest response of all that stands.
    pub(crate) fn response(&self) -> Response {
        let strongest = [Response::PowerOff, Response::Release, Response::Unload, Response::Limit]
            .into_iter()
            .find(|response| self.active[*response as usize] > 0)
            .unwrap_or_default();
        if self.stopped { strongest.max(Response::Release) } else { strongest }
    }

    /// Forgets everything that stands: only for guards that are broken on purpose.
    pub(crate) fn forget(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Instant {
        Instant::from_micros(millis * 1000)
    }

    #[test]
    fn the_strongest_response_wins_and_a_latch_stays() {
        let mut supervisor = Supervisor::new();
        let mut cleared = Told::new();
        supervisor.report(ms(0), (Fault::SiteTime, 0), true, &mut cleared);
        assert_eq!(supervisor.response(), Response::Unload);
        supervisor.report(ms(2), (Fault::ForceHard, 1), true, &mut cleared);
        assert_eq!(supervisor.response(), Response::Release);
        assert_eq!(supervisor.raised().len(), 2);
        for cycle in 2..10_000 {
            supervisor.report(ms(2 * cycle), (Fault::SiteTime, 0), false, &mut cleared);
            supervisor.report(ms(2 * cycle), (Fault::ForceHard, 1), false, &mut cleared);
        }
        assert_eq!(cleared.as_slice(), &[(Fault::SiteTime, 0)]);
        assert_eq!(supervisor.response(), Response::Release);
    }

    #[test]
    fn more_faults_than_fit_are_told_one_cycle_later() {
        let mut supervisor = Supervisor::new();
        let mut cleared = Told::new();
        for index in 0..6 {
            supervisor.report(ms(0), (Fault::ForceSilent, index), true, &mut cleared);
            supervisor.report(ms(0), (Fault::HeightSilent, index), true, &mut cleared);
        }
        assert_eq!(supervisor.raised().len(), TOLD_MAX);
        assert_eq!(supervisor.raised().len(), 4);
        assert!(supervisor.raised().is_empty());
    }
}
