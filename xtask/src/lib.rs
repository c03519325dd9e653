//! Chores that tests repeat: what the repository holds is what its data gives.

pub mod book;
pub mod data;
pub mod licences;
pub mod parts;
pub mod sbom;
