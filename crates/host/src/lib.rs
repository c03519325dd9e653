//! Sessions, logs, reports: everything that knows a bed only through its port.

pub mod log;
pub mod report;
pub mod session;
