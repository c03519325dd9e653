//! The last code before the wires: the only maker of Outputs.
