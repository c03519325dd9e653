//! The integers of the wire.
