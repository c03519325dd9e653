//! One newtype a unit. Arithmetic saturates: a sum of measurements never wraps into a small number.

use serde::{Deserialize, Serialize};

macro_rules! count {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($int);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);
            /// The largest value that the wire can carry.
            pub const MAX: Self = Self(<$int>::MAX);
            /// The smallest value that the wire can carry.
            pub const MIN: Self = Self(<$int>::MIN);

            /// The count itself, in the unit that the type is named after.
            #[inline]
            #[must_use]
            pub const fn new(raw: $int) -> Self {
                Self(raw)
            }

            /// The count itself, in the unit that the type is named after.
            #[inline]
            #[must_use]
            pub const fn raw(self) -> $int {
                self.0
            }

            /// The sum, held at the ends of the wire's range.
            #[inline]
            #[must_use]
            pub const fn plus(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }

            /// The difference, held at the ends of the wire's range.
            #[inline]
            #[must_use]
            pub const fn minus(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
    };
}

count!(
    /// Force in tenths of a newton; positive presses into the person.
    DeciNewtons(i16)
);
count!(
    /// How fast a force may change, in tenths of a newton per second.
    DeciNewtonsPerSecond(i16)
);
count!(
    /// Temperature in tenths of a degree Celsius.
    DeciCelsius(i16)
);
count!(
    /// Heater power in tenths of a watt.
    DeciWatts(i16)
);
count!(
    /// Position or length in thousandths of a millimetre.
    Micrometres(i32)
);
count!(
    /// Velocity in thousandths of a millimetre per second; lifts count upwards, carriages towards the foot end.
    MicrometresPerSecond(i32)
);
count!(
    /// Supply voltage in millivolts.
    Millivolts(i32)
);
count!(
    /// A share in thousandths.
    PerMille(u16)
);
count!(
    /// Heat dose in thousandths of a minute at 43 degrees Celsius (CEM43).
    MilliCem43(u32)
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_hold_at_the_ends_instead_of_wrapping() {
        assert_eq!(DeciNewtons::MAX.plus(DeciNewtons::new(1)), DeciNewtons::MAX);
        assert_eq!(DeciNewtons::MIN.minus(DeciNewtons::new(1)), DeciNewtons::MIN);
        assert_eq!(MilliCem43::ZERO.minus(MilliCem43::new(1)), MilliCem43::ZERO);
    }
}
