//! What the tests need besides Rust, and how to get it.
//!
//! On Debian or Ubuntu, as root or with a `sudo` that asks for no password, what is missing is installed.
//! Anywhere else nothing is changed: the error is the command to run.

use std::path::Path;

use chengxin_pgtest::{Binaries, ServerError};

use crate::downloaded;
use crate::run::{self, Outcome};

/// A program or file from the system, and the Debian package that brings it.
pub(crate) struct SystemTool {
    pub(crate) package: &'static str,
    pub(crate) what_for: &'static str,
    pub(crate) is_here: fn() -> bool,
}

const SYSTEM: &[SystemTool] = &[
    SystemTool {
        package: "poppler-utils",
        what_for: "pdftotext, pdffonts and pdftoppm read the reports back",
        is_here: || ["pdftotext", "pdffonts", "pdftoppm"].iter().all(|name| run::on_path(name).is_some()),
    },
    SystemTool {
        package: "qpdf",
        what_for: "checks the structure of the reports",
        is_here: || run::on_path("qpdf").is_some(),
    },
    SystemTool {
        package: "sqlite3",
        what_for: "reads the database with a program that is not ours",
        is_here: || run::on_path("sqlite3").is_some(),
    },
    SystemTool {
        package: "postgresql",
        what_for: "the database of larger installations, a private server of which the tests start",
        // A wrong folder in CHENGXIN_TEST_POSTGRES_BIN is told by the tests: installing another would not help.
        is_here: || !matches!(Binaries::find(None), Err(ServerError::NotInstalled)),
    },
    SystemTool {
        package: "libreoffice-calc-nogui",
        what_for: "writes workbooks as an office would",
        is_here: libreoffice_calc,
    },
    SystemTool {
        package: "python3-openpyxl",
        what_for: "writes workbooks with a library that we do not use",
        is_here: || openpyxl_python().is_some(),
    },
    SystemTool {
        package: "fonts-noto-cjk",
        what_for: "Chinese type for the workbooks and the page images",
        is_here: || {
            Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file() || noto_cjk_elsewhere()
        },
    },
];

/// `soffice` alone is not enough: without Calc it starts, and fails only when it meets a sheet.
fn libreoffice_calc() -> bool {
    let program = run::on_path("soffice").and_then(|file| file.canonicalize().ok());
    program.is_some_and(|file| file.with_file_name("libsclo.so").is_file())
}

fn noto_cjk_elsewhere() -> bool {
    run::output(run::command("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| fonts.contains("CJK"))
}

/// The Python that has openpyxl. The first `python3` on the path may be another than Debian's, which is
/// the one that the package serves; tests find this one as `CHENGXIN_PYTHON`.
pub(crate) fn openpyxl_python() -> Option<&'static str> {
    python_with("openpyxl")
}

/// A Python with a module.
pub(crate) fn python_with(module: &str) -> Option<&'static str> {
    let has_it = |python: &&str| run::quietly(run::command(python).args(["-c", &format!("import {module}")]));
    ["python3", "/usr/bin/python3"].into_iter().find(has_it)
}

/// A cargo subcommand that we install from the crates registry when it is absent.
struct CargoTool {
    subcommand: &'static str,
    install: &'static [&'static str],
}

// Without self-update and its network code: they build in half the time.
const NEXTEST: CargoTool = CargoTool {
    subcommand: "nextest",
    install: &[
        "install",
        "--locked",
        "cargo-nextest@0.9.151",
        "--no-default-features",
        "--features",
        "default-no-update",
    ],
};
const DENY: CargoTool =
    CargoTool { subcommand: "deny", install: &["install", "--locked", "cargo-deny@0.20.2", "--no-default-features"] };

/// Sees to everything `cargo xtask test` needs.
///
/// # Errors
/// What is missing and may not be installed, with the command that would.
pub(crate) fn ensure_for_tests() -> Outcome {
    system_packages(SYSTEM)?;
    components()?;
    cargo_tool(&NEXTEST)?;
    cargo_tool(&DENY)?;
    downloaded::schemathesis()?;
    downloaded::oidc_provider()?;
    downloaded::browser().map(drop)
}

/// Sees to what `cargo xtask bench` needs: the shell of SQLite and GNU time.
///
/// # Errors
/// As [`ensure_for_tests`].
pub(crate) fn ensure_for_bench() -> Outcome {
    system_packages(&[
        SystemTool {
            package: "sqlite3",
            what_for: "the import that ours is compared with",
            is_here: || run::on_path("sqlite3").is_some(),
        },
        SystemTool {
            package: "time",
            what_for: "measures peak memory",
            is_here: || Path::new("/usr/bin/time").is_file(),
        },
        SystemTool {
            package: "python3",
            what_for: "turns the test file into JSON Lines and XLSX",
            is_here: || run::on_path("python3").is_some(),
        },
    ])
}

/// Sees to CMake, which the C library inside qsvlite is built with.
///
/// # Errors
/// As [`ensure_for_tests`].
pub(crate) fn ensure_cmake() -> Outcome {
    system_packages(&[SystemTool {
        package: "cmake",
        what_for: "builds a library inside qsvlite",
        is_here: || run::on_path("cmake").is_some(),
    }])
}

/// Sees to packages of the system.
///
/// # Errors
/// What is missing and may not be installed, with the command that would.
pub(crate) fn system_packages(wanted: &[SystemTool]) -> Outcome {
    let missing: Vec<&SystemTool> = wanted.iter().filter(|tool| !(tool.is_here)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for tool in &missing {
        println!("missing: {} ({})", tool.package, tool.what_for);
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    let Some(as_root) = way_to_root() else {
        return Err(format!("run: {}", apt_by_hand(&packages)));
    };
    println!("installing: {}", packages.join(" "));
    let apt = |args: &[&str]| {
        let (program, prefix) = as_root.split_first().unwrap_or((&"env", &[]));
        run::go(run::command(program).args(prefix).arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get").args(args))
    };
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(&packages);
    let by_hand = |error| format!("{error}\nrun: {}", apt_by_hand(&packages));
    apt(&["update", "-qq"]).and_then(|()| apt(&install)).map_err(by_hand)?;
    match missing.iter().find(|tool| !(tool.is_here)()) {
        None => Ok(()),
        Some(tool) => Err(format!("{} was installed but does not work: {}", tool.package, tool.what_for)),
    }
}

fn apt_by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// The words to put before `VAR=value apt-get …`, or nothing where packages may not be installed.
fn way_to_root() -> Option<&'static [&'static str]> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian_or_kin(&release) || run::on_path("apt-get").is_none() {
        return None;
    }
    let uid = run::output(run::command("id").arg("-u")).unwrap_or_default();
    if uid.trim() == "0" {
        return Some(&["env"]);
    }
    run::quietly(run::command("sudo").args(["-n", "true"])).then_some(&["sudo", "-n", "env"])
}

fn is_debian_or_kin(os_release: &str) -> bool {
    os_release.lines().any(|line| {
        let value = line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE="));
        value.is_some_and(|names| names.trim_matches('"').split(' ').any(|name| matches!(name, "debian" | "ubuntu")))
    })
}

fn components() -> Outcome {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, subcommand)| !run::quietly(&mut run::cargo(&[subcommand, "--version"])))
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("run: rustup component add {}", missing.join(" "));
    println!("installing: {}", missing.join(" "));
    run::go(run::command("rustup").args(["component", "add"]).args(missing)).map_err(|e| format!("{e}\n{by_hand}"))
}

fn cargo_tool(tool: &CargoTool) -> Outcome {
    if run::quietly(&mut run::cargo(&[tool.subcommand, "--version"])) {
        return Ok(());
    }
    println!("installing: cargo-{} (compiles for some minutes, once)", tool.subcommand);
    let mut install = run::cargo(tool.install);
    run::go(&mut install).map_err(|error| format!("{error}\nrun: {}", run::spelled(&install)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_ubuntu_and_their_kin_are_known_by_os_release() {
        assert!(is_debian_or_kin("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(is_debian_or_kin("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian_or_kin("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_or_kin("ID=fedora\nNAME=\"not debian\"\n"));
    }

    #[test]
    fn the_command_to_run_by_hand_names_every_package() {
        assert!(apt_by_hand(&["qpdf", "sqlite3"]).ends_with("--no-install-recommends qpdf sqlite3"));
    }
}
