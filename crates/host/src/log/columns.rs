//! Readings as columns: each second of cycles becomes one block, a column a sensor, each value as the
//! difference to the one before. What hardly changes costs hardly a bit once it is compressed.
//!
//! A block, all numbers as LEB128 varints, signed ones zigzag-coded:
//!
//! ```text
//! cycles n | first moment (us) | n-1 steps between moments, each as difference to the step before
//! mask: bit c set where column c holds anything
//! per column of the mask:
//!   flags: 1 = some cycles lack a value, 2 = some values are older than their cycle
//!   if 1: n bits, least significant first, set where there is a value
//!   values, each as difference to the value before (the first to zero)
//!   if 2: the moment at which each was taken, as difference to the one before (the first to the block's first moment)
//! ```

use counts::{
    CARRIAGES_MAX, CORNERS, DeciCelsius, DeciNewtons, DriveState, HEADS_MAX, HEATERS_MAX, Instant,
    Micrometres, Millivolts, Reading, Readings, Sample,
};

/// Number of columns: every reading that a bed can have.
pub const COLUMNS: usize = 2 * CARRIAGES_MAX + 4 * HEADS_MAX + 2 * HEATERS_MAX + CORNERS + 3;

/// One reading as plain integers: value and moment in microseconds.
type Cell = Option<(i64, u64)>;

/// A value that a column can hold.
trait Value: Copy {
    fn count(self) -> i64;
    fn from_count(count: i64) -> Option<Self>;
}

macro_rules! values {
    ($($kind:ty),*) => {
        $(impl Value for $kind {
            fn count(self) -> i64 {
                i64::from(self.raw())
            }
            fn from_count(count: i64) -> Option<Self> {
                count.try_into().ok().map(Self::new)
            }
        })*
    };
}

values!(DeciNewtons, DeciCelsius, Micrometres, Millivolts);

impl Value for bool {
    fn count(self) -> i64 {
        i64::from(self)
    }
    fn from_count(count: i64) -> Option<Self> {
        Some(count != 0)
    }
}

impl Value for DriveState {
    fn count(self) -> i64 {
        match self {
            Self::Off => 0,
            Self::Enabled => 1,
            Self::Fault => 2,
        }
    }
    fn from_count(count: i64) -> Option<Self> {
        match count {
            0 => Some(Self::Off),
            1 => Some(Self::Enabled),
            2 => Some(Self::Fault),
            _ => None,
        }
    }
}

/// Goes through every reading in the one order of the columns: `&` to look, `&mut` to write.
macro_rules! walk {
    ($readings:expr, $visitor:expr $(, $mutable:tt)?) => {{
        let (readings, visitor) = ($readings, $visitor);
        for carriage in &$($mutable)? readings.carriages {
            visitor.visit(&$($mutable)? carriage.position);
            visitor.visit(&$($mutable)? carriage.drive);
        }
        for head in &$($mutable)? readings.heads {
            visitor.visit(&$($mutable)? head.height);
            visitor.visit(&$($mutable)? head.force);
            visitor.visit(&$($mutable)? head.thrust);
            visitor.visit(&$($mutable)? head.drive);
        }
        for heater in &$($mutable)? readings.heaters {
            visitor.visit(&$($mutable)? heater.element);
            visitor.visit(&$($mutable)? heater.surface);
        }
        for corner in &$($mutable)? readings.corners {
            visitor.visit(corner);
        }
        visitor.visit(&$($mutable)? readings.hand_switch);
        visitor.visit(&$($mutable)? readings.emergency_stop);
        visitor.visit(&$($mutable)? readings.supply);
    }};
}

/// Names of the columns, in their order, with the unit of their counts.
#[must_use]
pub fn names() -> Vec<String> {
    let mut names = Vec::with_capacity(COLUMNS);
    for c in 0..CARRIAGES_MAX {
        names.extend([format!("carriage{c}.position_um"), format!("carriage{c}.drive")]);
    }
    for h in 0..HEADS_MAX {
        let fields = ["height_um", "force_dN", "thrust_dN", "drive"];
        names.extend(fields.map(|field| format!("head{h}.{field}")));
    }
    for z in 0..HEATERS_MAX {
        names.extend([format!("heater{z}.element_dC"), format!("heater{z}.surface_dC")]);
    }
    names.extend((0..CORNERS).map(|corner| format!("corner{corner}_dN")));
    names.extend(["hand_switch", "emergency_stop", "supply_mV"].map(str::to_owned));
    names
}

struct Write<'a> {
    cells: &'a [Cell; COLUMNS],
    next: usize,
    bad: bool,
}

impl Write<'_> {
    fn visit<T: Value>(&mut self, reading: &mut Reading<T>) {
        if let Some((count, taken)) = self.cells[self.next] {
            match T::from_count(count) {
                Some(value) => *reading = Some(Sample { value, taken: Instant::from_micros(taken) }),
                None => self.bad = true,
            }
        }
        self.next += 1;
    }
}

/// One column of a block as it grows.
#[derive(Default)]
struct Column {
    /// Values so far, as differences; those of the newest `same` cycles, all zero, are still to come.
    values: Vec<u8>,
    count: i64,
    same: usize,
    /// Whether there is any value.
    holds_any: bool,
    /// The cycle of the first value; meaningless without values.
    first: usize,
    /// Cycles after that which lack a value.
    lacking: Vec<usize>,
    /// The moments at which values were taken, as differences, once one of them is not its cycle's.
    moments: Vec<u8>,
    taken: u64,
    old: bool,
}

impl Column {
    /// Adds the newest of the cycles. Most columns repeat themselves or are none of the bed's.
    #[inline(always)]
    fn push<T: Value>(&mut self, reading: &Reading<T>, cycles: &[u64]) {
        let cycle = cycles.len() - 1;
        let Some(sample) = reading else {
            if self.holds_any {
                self.lacking.push(cycle);
            }
            return;
        };
        let (count, taken) = (sample.value.count(), sample.taken.micros());
        let expected = if self.old { self.taken } else { cycles[cycle] };
        if self.holds_any && count == self.count && taken == expected {
            self.same += 1;
        } else {
            self.change(count, taken, cycles);
        }
    }

    fn change(&mut self, count: i64, taken: u64, cycles: &[u64]) {
        let cycle = cycles.len() - 1;
        if !self.holds_any {
            (self.holds_any, self.first) = (true, cycle);
        }
        if self.same > 0 {
            self.repeat();
        }
        if taken != cycles[cycle] && !self.old {
            self.grow_old(cycles);
        }
        put_signed(&mut self.values, count.wrapping_sub(self.count));
        self.count = count;
        if self.old {
            put_signed(&mut self.moments, taken.wrapping_sub(self.taken).cast_signed());
            self.taken = taken;
        }
    }

    /// Writes the differences of cycles that repeated the one before.
    fn repeat(&mut self) {
        self.values.resize(self.values.len() + self.same, 0);
        if self.old {
            self.moments.resize(self.moments.len() + self.same, 0);
        }
        self.same = 0;
    }

    /// Writes the moments of all values before the newest cycle's, which were taken in their cycles.
    fn grow_old(&mut self, cycles: &[u64]) {
        self.old = true;
        self.taken = cycles[0];
        for cycle in self.first..cycles.len() - 1 {
            if self.holds(cycle) {
                put_signed(&mut self.moments, cycles[cycle].wrapping_sub(self.taken).cast_signed());
                self.taken = cycles[cycle];
            }
        }
    }

    fn holds(&self, cycle: usize) -> bool {
        cycle >= self.first && self.lacking.binary_search(&cycle).is_err()
    }

    /// Writes the column of so many cycles into `out` and empties itself.
    fn encode(&mut self, cycles: usize, out: &mut Vec<u8>) {
        self.repeat();
        let gaps = self.first > 0 || !self.lacking.is_empty();
        out.push(u8::from(gaps) | u8::from(self.old) << 1);
        if gaps {
            for byte in 0..cycles.div_ceil(8) {
                let bits = (0..8).filter(|bit| 8 * byte + bit < cycles && self.holds(8 * byte + bit));
                out.push(bits.fold(0, |byte, bit| byte | 1 << bit));
            }
        }
        out.extend_from_slice(&self.values);
        out.extend_from_slice(&self.moments);
        self.values.clear();
        self.lacking.clear();
        self.moments.clear();
        (self.count, self.first, self.old, self.holds_any) = (0, 0, false, false);
    }
}

/// Collects cycles until they are written as one block.
pub struct Block {
    cycles: Vec<u64>,
    columns: [Column; COLUMNS],
}

impl Default for Block {
    fn default() -> Self {
        Self { cycles: Vec::new(), columns: std::array::from_fn(|_| Column::default()) }
    }
}

/// Hands readings to the columns, one after the other.
struct Push<'a> {
    columns: std::slice::IterMut<'a, Column>,
    cycles: &'a [u64],
}

impl Push<'_> {
    #[inline(always)]
    fn visit<T: Value>(&mut self, reading: &Reading<T>) {
        if let Some(column) = self.columns.next() {
            column.push(reading, self.cycles);
        }
    }
}

impl Block {
    /// Adds one cycle.
    pub fn push(&mut self, now: Instant, readings: &Readings) {
        self.cycles.push(now.micros());
        let mut push = Push { columns: self.columns.iter_mut(), cycles: &self.cycles };
        walk!(readings, &mut push);
    }

    /// Number of cycles held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cycles.len()
    }

    /// True where no cycle is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cycles.is_empty()
    }

    /// Writes the block into `out` and empties itself.
    pub fn encode(&mut self, out: &mut Vec<u8>) {
        put(out, self.cycles.len() as u64);
        put(out, self.cycles.first().copied().unwrap_or_default());
        let mut step = 0_i64;
        for pair in self.cycles.windows(2) {
            let next = pair[1].wrapping_sub(pair[0]).cast_signed();
            put_signed(out, next.wrapping_sub(step));
            step = next;
        }
        let held = |column: &Column| u64::from(column.holds_any);
        put(out, self.columns.iter().rev().fold(0, |mask, column| mask << 1 | held(column)));
        for column in self.columns.iter_mut().filter(|column| column.holds_any) {
            column.encode(self.cycles.len(), out);
        }
        self.cycles.clear();
    }
}

/// Reads a block back; `None` where it is not one.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Vec<(Instant, Readings)>> {
    let mut input = Input { bytes };
    let cycles = usize::try_from(input.take()?).ok().filter(|cycles| *cycles <= 1 << 20)?;
    let mut moments = Vec::with_capacity(cycles);
    let first = input.take()?;
    let (mut moment, mut step) = (first, 0_i64);
    for cycle in 0..cycles {
        if cycle > 0 {
            step = step.wrapping_add(input.take_signed()?);
            moment = moment.wrapping_add_signed(step);
        }
        moments.push(moment);
    }
    let mut rows = vec![[None; COLUMNS]; cycles];
    let mask = input.take()?;
    for column in (0..COLUMNS).filter(|column| mask >> column & 1 == 1) {
        decode_column(&mut input, column, first, &moments, &mut rows)?;
    }
    let mut out = Vec::with_capacity(cycles);
    for (moment, cells) in moments.into_iter().zip(&rows) {
        let mut readings = Readings::default();
        let mut write = Write { cells, next: 0, bad: false };
        walk!(&mut readings, &mut write, mut);
        if write.bad {
            return None;
        }
        out.push((Instant::from_micros(moment), readings));
    }
    Some(out)
}

fn decode_column(
    input: &mut Input<'_>,
    column: usize,
    first: u64,
    moments: &[u64],
    rows: &mut [[Cell; COLUMNS]],
) -> Option<()> {
    let flags = input.byte()?;
    let mut present = vec![true; rows.len()];
    if flags & 1 != 0 {
        for bits in present.chunks_mut(8) {
            let byte = input.byte()?;
            for (bit, present) in bits.iter_mut().enumerate() {
                *present = byte >> bit & 1 == 1;
            }
        }
    }
    let mut count = 0_i64;
    for ((row, now), _) in rows.iter_mut().zip(moments).zip(&present).filter(|(_, present)| **present) {
        count = count.wrapping_add(input.take_signed()?);
        row[column] = Some((count, *now));
    }
    if flags & 2 != 0 {
        let mut taken = first;
        for cell in rows.iter_mut().filter_map(|row| row[column].as_mut()) {
            taken = taken.wrapping_add_signed(input.take_signed()?);
            cell.1 = taken;
        }
    }
    Some(())
}

#[inline]
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[inline]
fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn take_signed(&mut self) -> Option<i64> {
        let value = self.take()?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::Sample;

    fn cycle(index: u64) -> (Instant, Readings) {
        let now = Instant::from_micros(5_000_000 + 2000 * index + index % 3);
        let mut readings = Readings::default();
        readings.heads[1].force =
            Some(Sample { value: DeciNewtons::new((index as i16 * 37) % 211 - 100), taken: now });
        if index % 4 != 1 {
            readings.carriages[0].position = Some(Sample {
                value: Micrometres::new(-5 + 120 * index as i32),
                taken: Instant::from_micros(now.micros() - 700 * (index % 5)),
            });
        }
        readings.hand_switch = Some(Sample { value: index > 7, taken: now });
        readings.heads[0].drive = Some(Sample { value: DriveState::Fault, taken: Instant::START });
        (now, readings)
    }

    #[test]
    fn a_block_reads_back_as_it_was_written() {
        let cycles: Vec<_> = (0..501).map(cycle).collect();
        let mut block = Block::default();
        for (now, readings) in &cycles {
            block.push(*now, readings);
        }
        let mut bytes = Vec::new();
        block.encode(&mut bytes);
        assert!(block.is_empty());
        assert_eq!(decode(&bytes).expect("a block"), cycles);
    }

    #[test]
    fn no_piece_of_a_block_is_taken_for_one() {
        let mut block = Block::default();
        for (now, readings) in (0..40).map(cycle) {
            block.push(now, &readings);
        }
        let mut bytes = Vec::new();
        block.encode(&mut bytes);
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end]).is_none(), "{end} of {}", bytes.len());
        }
    }

    #[test]
    fn every_column_has_its_name() {
        assert_eq!(names().len(), COLUMNS);
    }
}
