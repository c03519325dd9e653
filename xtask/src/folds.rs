//! Splits people, not scans, into ten folds.

use population::FOLDS;

/// The fold of a subject: FNV-1a (64 bit) of the subject's name, modulo ten.
pub fn fold_of_subject(subject: &str) -> usize {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in subject.bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    (hash % FOLDS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_stays_in_its_fold_for_ever() {
        // FNV-1a of "a" is af63dc4c8601ec8c, published test vector of the algorithm.
        assert_eq!(fold_of_subject("a"), (0xaf63_dc4c_8601_ec8c_u64 % 10) as usize);
        assert_eq!(fold_of_subject("verse706"), fold_of_subject("verse706"));
    }
}
