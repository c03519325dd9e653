//! The table `safety/limits.toml` in plain numbers; the unit stands in each name. The guard carries
//! the same table as counts of its own.

include!(concat!(env!("OUT_DIR"), "/limits.rs"));

/// Share of the body weight that both heads may press with, `from_neck_mm` footward of the neck line: it
/// falls in a straight line to where the pelvis, the trunk's free end, may lie.
///
/// ```
/// use bed::limits::force_of_weight_at;
/// assert_eq!(force_of_weight_at(360.0), 0.12);
/// assert!((force_of_weight_at(390.0) - 0.09).abs() < 1e-6);
/// assert!((force_of_weight_at(600.0) - 0.06).abs() < 1e-6);
/// ```
#[must_use]
pub fn force_of_weight_at(from_neck_mm: f32) -> f32 {
    let beyond_mm = (from_neck_mm - PELVIS_FROM_NECK_MM).max(0.0);
    let fallen = (beyond_mm / PELVIS_RUN_MM).min(1.0);
    FORCE_OF_WEIGHT - fallen * (FORCE_OF_WEIGHT - PELVIS_OF_WEIGHT)
}

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
