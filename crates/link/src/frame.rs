//! Frames: one message each, told apart in any stream of bytes, with a check that they came over whole.
//!
//! On the line a frame is `COBS(version, sequence, message, CRC-32) 0x00`:
//!
//! * version, one byte: [`VERSION`]; another one is refused, never guessed at;
//! * sequence, four bytes, little end first: rises by one with each frame of one direction;
//! * message in postcard's form;
//! * CRC-32 (ISO-HDLC), four bytes, little end first, over everything before it;
//! * COBS takes every zero out of that, so that a zero ends a frame and a listener may come in at any moment.
//!
//! A frame that is repeated or comes late is dropped: what was said before must not be taken for what is said
//! now. A gap only counts what is missing.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of the frames and of all messages in them.
pub const VERSION: u8 = 1;

/// Longest frame on the line, its closing zero included, bytes. Source: the fullest report has some 1300, a
/// book of heat 1100, a description of a bed 600; twice that for messages to come.
pub const FRAME_MAX: usize = 2600;

/// Longest content of a frame before COBS, which adds one byte in 254 and one more, bytes.
const CONTENT_MAX: usize = FRAME_MAX - FRAME_MAX / 254 - 3;
/// Version and sequence.
const HEAD: usize = 5;
/// Checksum.
const TAIL: usize = 4;

const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// Why a frame was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// It is longer than [`FRAME_MAX`].
    TooLong,
    /// It is no frame: too short, or not what COBS makes.
    Torn,
    /// Its checksum does not fit.
    Checksum,
    /// It has another version.
    Version(u8),
    /// It has been here before, or comes after a later one.
    Old(u32),
    /// It is whole, but no message of this version.
    Unknown,
}

impl core::fmt::Display for FrameError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong => write!(f, "a frame is longer than {FRAME_MAX} bytes"),
            Self::Torn => write!(f, "a frame is torn"),
            Self::Checksum => write!(f, "a frame's checksum does not fit"),
            Self::Version(theirs) => {
                write!(f, "the other end speaks version {theirs} of the link, this one {VERSION}")
            }
            Self::Old(sequence) => write!(f, "frame {sequence} comes late or twice"),
            Self::Unknown => write!(f, "a frame holds no message that is known here"),
        }
    }
}

impl core::error::Error for FrameError {}

/// A frame as it stands on the line.
pub type Frame = heapless::Vec<u8, FRAME_MAX>;

/// Makes the frames of one direction.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    sequence: u32,
}

impl Encoder {
    /// The frame of a message.
    ///
    /// # Errors
    /// [`FrameError::TooLong`]: the message does not fit; the sequence stands still.
    pub fn encode<M: Serialize>(&mut self, message: &M) -> Result<Frame, FrameError> {
        let mut content = [0_u8; CONTENT_MAX];
        content[0] = VERSION;
        content[1..HEAD].copy_from_slice(&self.sequence.to_le_bytes());
        let body = postcard::to_slice(message, &mut content[HEAD..CONTENT_MAX - TAIL])
            .map_err(|_| FrameError::TooLong)?
            .len();
        let end = HEAD + body;
        let sum = CRC.checksum(&content[..end]).to_le_bytes();
        content[end..end + TAIL].copy_from_slice(&sum);
        let mut frame = Frame::new();
        // Room for all of it, then cut to what COBS made; its closing zero stands already.
        frame.resize_default(FRAME_MAX).map_err(|_| FrameError::TooLong)?;
        let length = cobs::try_encode(&content[..end + TAIL], &mut frame).map_err(|_| FrameError::TooLong)?;
        frame.truncate(length + 1);
        self.sequence = self.sequence.wrapping_add(1);
        Ok(frame)
    }
}

/// Takes the frames of one direction out of the bytes that come over the line.
#[derive(Clone, Debug)]
pub struct Decoder {
    held: heapless::Vec<u8, FRAME_MAX>,
    /// The frame under way is too long: everything up to the next zero is dropped.
    spilt: bool,
    next: Option<u32>,
    missed: u64,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { held: heapless::Vec::new(), spilt: false, next: None, missed: 0 }
    }
}

impl Decoder {
    /// Frames that never came, as the gaps in the sequence tell.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// Takes bytes until a frame is complete; `bytes` then holds what is left of them. `None` when all are
    /// taken and no frame is complete.
    pub fn next<M: DeserializeOwned>(&mut self, bytes: &mut &[u8]) -> Option<Result<M, FrameError>> {
        loop {
            let Some(end) = bytes.iter().position(|byte| *byte == 0) else {
                self.hold(bytes);
                *bytes = &[];
                return None;
            };
            let (piece, rest) = bytes.split_at(end);
            *bytes = &rest[1..];
            self.hold(piece);
            let spilt = core::mem::take(&mut self.spilt);
            if self.held.is_empty() && !spilt {
                // Two zeros in a row: a line at rest.
                continue;
            }
            let message = if spilt { Err(FrameError::TooLong) } else { self.open() };
            self.held.clear();
            return Some(message);
        }
    }

    fn hold(&mut self, piece: &[u8]) {
        if self.spilt || self.held.extend_from_slice(piece).is_err() {
            self.spilt = true;
            self.held.clear();
        }
    }

    fn open<M: DeserializeOwned>(&mut self) -> Result<M, FrameError> {
        let length = cobs::decode_in_place(&mut self.held).map_err(|_| FrameError::Torn)?;
        let content = self.held.get(..length).ok_or(FrameError::Torn)?;
        let (checked, sum) = content.split_last_chunk::<TAIL>().ok_or(FrameError::Torn)?;
        let (version, rest) = checked.split_first().ok_or(FrameError::Torn)?;
        let (sequence, body) = rest.split_first_chunk::<4>().ok_or(FrameError::Torn)?;
        if CRC.checksum(checked) != u32::from_le_bytes(*sum) {
            return Err(FrameError::Checksum);
        }
        if *version != VERSION {
            return Err(FrameError::Version(*version));
        }
        let sequence = u32::from_le_bytes(*sequence);
        let ahead = self.next.map_or(0, |next| sequence.wrapping_sub(next));
        if ahead > u32::MAX / 2 {
            return Err(FrameError::Old(sequence));
        }
        self.missed = self.missed.saturating_add(u64::from(ahead));
        self.next = Some(sequence.wrapping_add(1));
        let (message, left) = postcard::take_from_bytes(body).map_err(|_| FrameError::Unknown)?;
        if left.is_empty() { Ok(message) } else { Err(FrameError::Unknown) }
    }
}
