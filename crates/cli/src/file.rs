//! Files that are named on the command line.

use std::io::Read;
use std::path::Path;

use chengxin_app::installation::files;
use chengxin_app::report::read_trust_list;
use chengxin_seal::TrustList;

use crate::args::ProofFile;
use crate::context::Context;
use crate::exit::Failure;

/// Most bytes of a file to verify: far beyond the longest report, and longer than a person's log.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads a file that may be anything.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let io = |error: std::io::Error| Failure::io(path, &error);
    let file = std::fs::File::open(path).map_err(io)?;
    let mut bytes = vec![];
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > LARGEST {
        let shown = path.display();
        return Err(Failure::invalid(
            format!("{shown} 超过 64 MiB，不是可以核验的文件"),
            format!("{shown} is larger than 64 MiB: nothing that can be verified"),
        ));
    }
    Ok(bytes)
}

/// Is a PDF wanted there?
pub(crate) fn is_pdf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}

/// The keys to check a file by: those of the list that is named, else of the list in the installation's folder. The
/// installation itself need not be there.
pub(crate) fn trusted(context: &Context, args: &ProofFile) -> Result<TrustList, Failure> {
    let list = args.trust.clone().unwrap_or_else(|| context.globals.dir().join(files::TRUST));
    Ok(read_trust_list(&read(&list)?)?)
}

/// Looks whether a file can be written before an act is logged for it: what is issued and then lost on a wrong path would
/// stand in the log for nothing.
pub(crate) fn writable(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::read_dir(folder).map_err(|error| Failure::io(folder, &error))?;
    if path.is_dir() { Err(Failure::io(path, &std::io::ErrorKind::IsADirectory.into())) } else { Ok(()) }
}
