//! Single broken checks, planted on purpose: the checkers of a simulation must find each of them.
//! Without the feature `planted` none can be planted and every question folds to `false`.

/// One check of the guard that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "planted"), allow(dead_code, unreachable_pub))]
pub enum Defect {
    /// Neither hard stop nor ceiling of the force is held.
    IgnoresForce,
    /// Old and silent readings count as fresh.
    IgnoresAge,
    /// No heat dose is counted and no skin temperature bounded.
    IgnoresDose,
    /// Latched responses are forgotten as soon as they are told.
    LosesLatch,
    /// The supply monitor is not looked at.
    IgnoresSupply,
    /// The limit of the elements is not held.
    IgnoresElement,
    /// A session starts without the hand switch.
    IgnoresHandSwitch,
    /// A step of time of any length passes.
    IgnoresTime,
    /// Permission does not expire.
    IgnoresExpiry,
    /// Lifts and carriages that do not follow are not noticed.
    IgnoresStall,
}

impl Defect {
    /// Every defect that can be planted.
    #[cfg(feature = "planted")]
    pub const ALL: [Self; 10] = [
        Self::IgnoresForce,
        Self::IgnoresAge,
        Self::IgnoresDose,
        Self::LosesLatch,
        Self::IgnoresSupply,
        Self::IgnoresElement,
        Self::IgnoresHandSwitch,
        Self::IgnoresTime,
        Self::IgnoresExpiry,
        Self::IgnoresStall,
    ];
}

/// Which defect, if any, this guard has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Planted {
    #[cfg(feature = "planted")]
    defect: Option<Defect>,
}

impl Planted {
    /// A guard with one broken check.
    #[cfg(feature = "planted")]
    pub(crate) const fn new(defect: Defect) -> Self {
        Self { defect: Some(defect) }
    }

    /// Whether this check is broken.
    #[cfg(feature = "planted")]
    pub(crate) fn has(self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    /// Whether this check is broken: never.
    #[cfg(not(feature = "planted"))]
    pub(crate) const fn has(self, _defect: Defect) -> bool {
        false
    }
}
