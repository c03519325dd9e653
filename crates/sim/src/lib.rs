//! Machine and twin in one world, with faults, scenarios and checkers.
