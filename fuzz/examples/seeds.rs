//! Writes one good input for each target into `corpus/`, so that a fuzzer does not have to find the formats first.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for (target, bytes) in chengxin_fuzz::seeds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("seed"), bytes)?;
    }
    Ok(())
}
