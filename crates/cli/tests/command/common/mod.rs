//! What the tests of the command line share: a made-up city's installation in a folder, and the binary run in it.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Day on which the tests take place.
pub(crate) const TODAY: &str = "2026-11-21";

/// A scratch folder with a synthetic installation in `data`.
pub(crate) struct City {
    pub(crate) scratch: TempDir,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The JSON values on standard output.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The only JSON value on standard output.
    pub(crate) fn value(&self) -> Value {
        let mut values = self.values();
        assert_eq!(values.len(), 1, "{}", self.out);
        values.remove(0)
    }

    /// Asserts the exit code, and hands itself back.
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

/// The binary, in an environment that says nothing about language or folder.
pub(crate) fn chengxin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin"));
    for name in ["CHENGXIN_DIR", "LANG", "LC_ALL", "LC_MESSAGES", "CHENGXIN_LOG", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs the binary.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Said {
    Said::of(chengxin().args(args).output().unwrap())
}

impl City {
    /// A synthetic installation.
    pub(crate) fn new() -> Self {
        let city = Self { scratch: TempDir::new().unwrap() };
        city.run(&["init", "--synthetic"]).ends(0);
        city
    }

    /// A scratch folder without an installation.
    #[allow(dead_code, reason = "some test files use it")]
    pub(crate) fn without() -> Self {
        Self { scratch: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The binary with the installation's folder, English words, a fixed day, in the scratch folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = chengxin();
        command
            .current_dir(self.scratch.path())
            .arg("--dir")
            .arg(self.data())
            .env("LC_ALL", "en_GB.UTF-8")
            .args(["--on", TODAY])
            .args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().unwrap())
    }

    /// The same, with something on standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Said {
        use std::io::Write;
        use std::process::Stdio;
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Said::of(child.wait_with_output().unwrap())
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// The market regulation office of the made-up city.
pub(crate) fn office() -> String {
    office_of("market_regulation")
}

pub(crate) fn office_of(kind: &str) -> String {
    chengxin_synth::authorities().into_iter().find(|a| a.kind == kind).unwrap().code
}

/// Headings of a penalty file, as few as there may be.
pub(crate) const PENALTY: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,XWFSRQ";

/// A penalty on a made-up person.
pub(crate) fn penalty(name: &str, number: &str, document: &str, decided_on: &str) -> String {
    let office = office();
    format!(
        "{name},自然人,身份证,{number},{document},未按规定公示,摊位未公示收费标准,《价格法》第十三条,罚款,罚款二百元,0.02,{decided_on},云汀市市场监督管理局,{office},2026-03-01"
    )
}

/// A penalty file.
pub(crate) fn penalties(rows: &[String]) -> String {
    format!("{PENALTY}\n{}\n", rows.join("\n"))
}

/// Two made-up people.
pub(crate) const ZHANG: (&str, &str) = ("张伟", "990000199001010017");
pub(crate) const LI: (&str, &str) = ("李娜", "990000198505050026");

/// Is there a file?
pub(crate) fn exists(path: &Path) -> bool {
    path.is_file()
}

/// A city in which two people have a released penalty each.
pub(crate) fn two_penalties() -> City {
    let city = City::new();
    let rows = [
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-10-05"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕2号", "2026-10-06"),
    ];
    city.write("good.csv", penalties(&rows));
    city.run(&["import", "--authority", &office(), "--item", "penalty", "good.csv"]).ends(0);
    city.run(&["submission", "release", "1"]).ends(0);
    city
}
