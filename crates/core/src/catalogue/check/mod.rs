//! What is wrong with a catalogue. Each rule names the file, the line, the item and the reason.

mod structure;

pub(super) use structure::structure;
