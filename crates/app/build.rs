//! The catalogue is built in. A file that is added to its folder must be noticed too: embedding alone tracks only the
//! files that were there before.

fn main() {
    println!("cargo::rerun-if-changed=../../catalogue");
}
