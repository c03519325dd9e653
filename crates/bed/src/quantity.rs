//! Quantities behind short names, and the one crossing between them and the integers of the wire.
//!
//! A crossing says which way it rounds: [`Wire::down`] for what may not be exceeded, [`Wire::up`] for
//! what may not be undercut, [`Wire::nearest`] for what is only shown. What is not a number becomes
//! the wire's smallest value going down and its largest going up.

use counts::{DeciCelsius, DeciNewtons, DeciWatts, Micrometres, MicrometresPerSecond, Millivolts};
pub use uom::si::f32::{
    Acceleration, Area, ElectricPotential, Force, Length, Mass, Power, Pressure, TemperatureInterval,
    ThermodynamicTemperature as Temperature, Time, Velocity,
};
use uom::si::{
    ISQ, Quantity, SI, electric_potential::volt, force::newton, length::millimeter, power::watt,
    pressure::kilopascal, temperature_interval::kelvin, thermodynamic_temperature::degree_celsius,
    time::second, velocity::millimeter_per_second,
};

use uom::typenum::{N2, P1, Z0};

/// Force per indentation, N/m in SI; [`newtons_per_millimetre`] makes one.
pub type Stiffness = Quantity<ISQ<Z0, P1, N2, Z0, Z0, Z0, Z0>, SI<f32>, f32>;

macro_rules! constructors {
    ($($(#[$doc:meta])* $make:ident, $get:ident, $kind:ty, $unit:ty;)*) => {
        $(
            $(#[$doc])*
            #[inline]
            #[must_use]
            pub fn $make(value: f32) -> $kind {
                <$kind>::new::<$unit>(value)
            }
            $(#[$doc])*
            #[inline]
            #[must_use]
            pub fn $get(value: $kind) -> f32 {
                value.get::<$unit>()
            }
        )*
    };
}

constructors! {
    /// Force in newtons.
    newtons, in_newtons, Force, newton;
    /// Length in millimetres.
    millimetres, in_millimetres, Length, millimeter;
    /// Velocity in millimetres per second.
    millimetres_per_second, in_millimetres_per_second, Velocity, millimeter_per_second;
    /// A point on the temperature scale in degrees Celsius.
    celsius, in_celsius, Temperature, degree_celsius;
    /// A difference of temperatures in kelvin.
    kelvins, in_kelvins, TemperatureInterval, kelvin;
    /// Power in watts.
    watts, in_watts, Power, watt;
    /// Time in seconds.
    seconds, in_seconds, Time, second;
    /// Pressure in kilopascals.
    kilopascals, in_kilopascals, Pressure, kilopascal;
    /// Electric potential in volts.
    volts, in_volts, ElectricPotential, volt;
}

/// Stiffness in newtons per millimetre.
#[inline]
#[must_use]
pub fn newtons_per_millimetre(value: f32) -> Stiffness {
    newtons(value) / millimetres(1.0)
}

/// Stiffness in newtons per millimetre.
#[inline]
#[must_use]
pub fn in_newtons_per_millimetre(value: Stiffness) -> f32 {
    in_newtons(value * millimetres(1.0))
}

/// A quantity that the wire carries as a whole number.
pub trait Wire<Q>: Sized + Copy {
    /// The largest count that is not above the quantity.
    fn down(quantity: Q) -> Self;
    /// The smallest count that is not below the quantity.
    fn up(quantity: Q) -> Self;
    /// The nearest count.
    fn nearest(quantity: Q) -> Self;
    /// The quantity that this count stands for.
    fn quantity(self) -> Q;
}

macro_rules! wire {
    ($($count:ty, $int:ty, $kind:ty, $get:ident, $make:ident, $per:expr;)*) => {
        $(
            impl Wire<$kind> for $count {
                #[inline]
                fn down(quantity: $kind) -> Self {
                    let scaled = libm::floorf($get(quantity) * $per);
                    Self::new(if scaled.is_nan() { <$int>::MIN } else { scaled as $int })
                }
                #[inline]
                fn up(quantity: $kind) -> Self {
                    let scaled = libm::ceilf($get(quantity) * $per);
                    Self::new(if scaled.is_nan() { <$int>::MAX } else { scaled as $int })
                }
                #[inline]
                fn nearest(quantity: $kind) -> Self {
                    Self::new(libm::roundf($get(quantity) * $per) as $int)
                }
                #[inline]
                fn quantity(self) -> $kind {
                    $make(self.raw() as f32 / $per)
                }
            }
        )*
    };
}

wire! {
    DeciNewtons, i16, Force, in_newtons, newtons, 10.0;
    DeciCelsius, i16, Temperature, in_celsius, celsius, 10.0;
    DeciWatts, i16, Power, in_watts, watts, 10.0;
    Micrometres, i32, Length, in_millimetres, millimetres, 1000.0;
    MicrometresPerSecond, i32, Velocity, in_millimetres_per_second, millimetres_per_second, 1000.0;
    Millivolts, i32, ElectricPotential, in_volts, volts, 1000.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_round_toward_the_side_they_name() {
        assert_eq!(DeciNewtons::down(newtons(59.99)), DeciNewtons::new(599));
        assert_eq!(DeciNewtons::up(newtons(59.91)), DeciNewtons::new(600));
        assert_eq!(DeciNewtons::down(newtons(-0.01)), DeciNewtons::new(-1));
        assert_eq!(DeciCelsius::nearest(celsius(43.04)), DeciCelsius::new(430));
    }

    #[test]
    fn what_is_no_number_never_asks_for_more() {
        assert_eq!(DeciNewtons::down(newtons(f32::NAN)), DeciNewtons::MIN);
        assert_eq!(DeciNewtons::down(newtons(f32::INFINITY)), DeciNewtons::MAX);
    }

    #[test]
    fn stiffness_has_the_unit_of_its_name() {
        let stiffness = newtons(10.0) / millimetres(4.0);
        assert!((in_newtons_per_millimetre(stiffness) - 2.5).abs() < 1e-5);
    }
}
