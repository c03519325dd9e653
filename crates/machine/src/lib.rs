//! Control and guard behind one step.
