//! Addresses of resources: the same thing of the same diary has the same address in every export, so that
//! a second export can be told from a second pain.
//!
//! A UUID of version 8 (RFC 9562) over the diary's name and the thing's, by FNV-1a with 128 bits. It is
//! no secret and no proof: whoever knows both names can compute it.

/// The address of a thing.
pub(crate) fn address(diary: &str, thing: &str) -> String {
    let bytes = diary.bytes().chain([0]).chain(thing.bytes());
    // Source: Fowler, Noll and Vo, 128-bit parameters.
    let hash = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    // The last letters reach only some bits of the hash; the halves are mixed, each into the other.
    let (high, low) = ((hash >> 64) as u64, hash as u64);
    let high = mix(high ^ low.rotate_left(32));
    let hash = u128::from(high) << 64 | u128::from(mix(low ^ high));
    let version = (hash & !(0xf << 76)) | (0x8 << 76);
    let uuid = (version & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{uuid:032x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The last step of SplitMix64: no two numbers give the same. Source: Steele, Lea and Flood 2014.
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn addresses_are_uuids_of_version_8_that_differ_and_stay() {
        let mut seen = BTreeSet::new();
        for diary in ["a", "b", ""] {
            for item in 0..500 {
                let uuid = address(diary, &format!("{item}/pain"));
                assert_eq!((uuid.len(), &uuid[23..24]), (45, "8"), "{uuid}");
                assert!("89ab".contains(&uuid[28..29]), "{uuid}");
                assert!(seen.insert(uuid));
            }
        }
        assert_ne!(address("a", "bc"), address("ab", "c"));
        assert_eq!(address("a", "b"), address("a", "b"));
    }
}
