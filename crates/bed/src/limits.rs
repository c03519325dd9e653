//! The table `safety/limits.toml` in plain numbers; the unit stands in each name. The guard carries
//! the same table as counts of its own.

include!(concat!(env!("OUT_DIR"), "/limits.rs"));

#[cfg(test)]
mod tests {
    #[test]
    fn limits_stand_in_their_order() {
        let force = [super::FORCE_DEFAULT_N, super::FORCE_CEILING_N, super::FORCE_HARD_N];
        let neck = [super::NECK_DEFAULT_N, super::NECK_CEILING_N, super::NECK_HARD_N];
        let dose = [super::DOSE_PROGRAM_CEM43, super::DOSE_DAY_CEM43, super::DOSE_SINGLE_FAULT_CEM43];
        for order in [force, neck, dose] {
            assert!(order.is_sorted(), "{order:?}");
        }
    }
}
