//! What of a body the population does not draw: the back's contour, its rhythm, its breath, where the weight lies.

/// Bump at the posterior superior iliac spines: mean and SD, mm. Guess.
pub const BUMP_MM: (f64, f64) = (3.0, 1.0);
/// The sacral tissue has reached its own thickness and stiffness so far after the plateau's onset, mm.
/// Guess.
pub const ONSET_MM: f64 = 15.0;
/// The buttock begins so far after the plateau's onset, and is full so much later, mm. Guess.
pub const BUTTOCK_MM: (f64, f64) = (110.0, 40.0);
/// Buttock: thickness (mm), stiffness over the last lumbar level's, and how far its skin lies lower
/// (mm). Guess.
pub const BUTTOCK: (f64, f64, f64) = (50.0, 0.7, 5.0);
/// Slope of the skin towards the neck, and over which length, mm. Guess.
pub const NECK: (f64, f64) = (0.5, 70.0);
/// Radius of the back's cross-section beside the spine, mm. Guess.
pub const CONTOUR_MM: f64 = 180.0;
/// Its SD between people over the mean. Guess.
pub const CONTOUR_SPREAD: f64 = 0.15;
/// Transverse processes and ribs through the skin, mm either way. Guess.
pub const RHYTHM_MM: (f64, f64) = (0.6, 0.8);
/// SD between the levels of one person of how far they stand out, over its mean. Guess.
pub const PROCESS_SPREAD: f64 = 0.3;
/// SD along the spine of where they stand out most, against the dorsal bone of their level, mm. Guess.
pub const PROCESS_ASKEW_MM: f64 = 2.0;
/// Breaths a second. Source: design, 0.20-0.33 Hz.
pub const BREATH_HZ: (f64, f64) = (0.20, 0.33);
/// Excursion of the back with a breath, lowest to highest, mm. Source: design, 1.5-4 mm at T8-L1.
pub const BREATH_MM: (f64, f64) = (1.5, 4.0);
/// Share of people who keep a shirt on. Guess.
pub const SHIRT_SHARE: f64 = 0.8;
/// From pedicle to the dorsal surface where the pedicles are known: mean and SD between people, mm.
/// Guess: as the population's.
pub const PEDICLE_TO_DORSAL_MM: (f64, f64) = (14.0, 2.0);
/// SD between people of how far their weight lies beside the line from T1 to L5, mm. Guess: arms, head and legs that
/// do not lie alike, flesh that is not the same on both sides.
pub const WEIGHT_ASIDE_MM: f64 = 5.0;
