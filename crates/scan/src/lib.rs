//! Readings to curve, levels and tension, each with its uncertainty; or a refusal.
