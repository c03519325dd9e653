//! The physical twin of bed and body.

pub mod heat;
pub mod people;
