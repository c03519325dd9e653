//! Whole requests before the door.

mod crossing;
mod listening;
mod room;
mod signing;
