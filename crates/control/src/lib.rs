//! Targets to commands: session states, contact, travel, heat.
