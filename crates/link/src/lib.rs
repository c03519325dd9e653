//! The line between a host and a bed, whatever it is made of: a socket to the twin's process, a serial line
//! to a board.
//!
//! * [`frame`]: one message a frame, with version, sequence number and checksum, out of any stream of bytes.
//! * [`message`]: what the two ends say to each other.
//! * [`journal`]: what a twin tells of itself beside its reports.
//! * [`door`]: who may ask a bed for something, and which of it is too old; the bed's end keeps it.
//!
//! This crate opens no socket and reads no clock: bytes and the bed's own time are handed to it. It is no
//! guard either. Whatever comes through, `guard` decides what reaches a drive.
#![no_std]

pub mod door;
pub mod frame;
pub mod journal;
pub mod message;

pub use door::{Door, Passed, Peer};
pub use frame::{Decoder, Encoder, FRAME_MAX, Frame, FrameError};
pub use journal::{Crossed, GuardActs, JournalLine, Noted, Verdict};
pub use message::{FromBed, Hello, Refused, ToBed, TwinAct};
