//! Program, person, scan, clearance and limits to a timed plan with reasons; or a refusal.
