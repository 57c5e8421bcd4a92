//! `chengxin`: see the library beside it.

use std::process::ExitCode;

// An import allocates from several threads, and a report a few hundred thousand times.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    chengxin_cli::run()
}
