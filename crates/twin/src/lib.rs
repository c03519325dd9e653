//! The physical twin of bed and body.
