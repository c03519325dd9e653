//! Everything that a browser is shown: the care guide's pages, the bed's page, the door before them, and what
//! programs use.
//!
//! This crate turns what `host` knows into pages and hears forms. It holds no state of a session, and it knows
//! no bed: what it asks of one goes through `host`.

mod api;
mod bedside;
pub mod door;
pub mod guide;
pub mod site;
