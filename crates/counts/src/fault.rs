//! The codes of what can be wrong. What is done about each stands in the guard's fault table.

use serde::{Deserialize, Serialize};

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// What can be wrong, as it travels in events and logs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// Every fault, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// One plain sentence for the person or the builder.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

faults! {
    /// The emergency stop is pressed, or its line is silent.
    EmergencyStop = "The emergency stop was pressed.",
    /// The hand switch was pressed during a session.
    HandSwitch = "You pressed the hand switch: the session has ended.",
    /// The hand switch line is silent.
    HandSwitchSilent = "The hand switch does not answer.",
    /// The supply is below its limit or its monitor is silent.
    SupplyLost = "The supply voltage is gone or too low.",
    /// The cycle came too early, too late, or backwards.
    CycleTime = "The control cycle lost its time.",
    /// The head force stood above the hard stop.
    ForceHard = "The force rose above its hard limit.",
    /// The force is above its working ceiling for too long.
    ForceCeiling = "The force stayed above its ceiling.",
    /// The force in the neck zone is above its limit.
    NeckForce = "The force near the neck rose above its limit.",
    /// The contact pressure is above its limit.
    ContactPressure = "The contact pressure rose above its limit.",
    /// A force reading is too old, or has a stamp from the future.
    ForceSilent = "A force sensor does not answer.",
    /// Load cell and motor current disagree.
    ForceDisagrees = "Load cell and motor current disagree.",
    /// A height reading is too old or out of range.
    HeightSilent = "A lift's position sensor does not answer.",
    /// A lift does not follow its target.
    LiftStuck = "A lift does not follow.",
    /// A carriage position is too old or out of range.
    CarriageSilent = "The carriage's position sensor does not answer.",
    /// The carriage does not follow its target.
    CarriageStalled = "The carriage does not follow.",
    /// A drive is silent.
    DriveSilent = "A drive does not answer.",
    /// A drive reports a fault of its own.
    DriveFault = "A drive reports a fault.",
    /// A heating element is above its limit.
    ElementHot = "A heating element is too hot.",
    /// A surface is above its limit.
    SurfaceHot = "A warm surface is too hot.",
    /// A temperature reading is too old or out of range.
    TemperatureSilent = "A temperature sensor does not answer.",
    /// A temperature changed faster than it can, or does not follow the power.
    TemperatureImplausible = "A temperature sensor says what cannot be.",
    /// The upper bound of the skin temperature is above its limit.
    SkinHot = "The skin may be getting too warm.",
    /// The dose of a strip is spent.
    DoseSpent = "This part of the back has had its heat for today.",
    /// A site was pressed for longer than allowed without a pause.
    SiteTime = "One place was pressed for too long.",
    /// The session is longer than allowed.
    SessionTime = "The session has reached its longest time.",
    /// Nobody lies on the bed, or the corner cells are silent.
    PersonGone = "Nobody seems to lie on the bed.",
    /// Control asked for more than its envelope.
    CommandRange = "The control asked for more than it may.",
    /// The bed's description cannot be used.
    Configuration = "The description of the bed cannot be used.",
}
