//! The threat model names tests that exist.

use std::path::Path;

/// Source of every crate, joined.
fn sources(dir: &Path, into: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn each_threat_has_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let mut code = String::new();
    sources(&root.join("crates"), &mut code);
    let mut threats = 0;
    for line in page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| threat") && !line.starts_with("| ---"))
    {
        let named = line.rsplit(" | ").next().unwrap();
        let tests: Vec<_> = named.split('`').skip(1).step_by(2).filter(|name| !name.contains('/')).collect();
        assert!(!tests.is_empty(), "no test: {line}");
        for test in tests {
            assert!(code.contains(&format!("fn {test}(")), "no such test: {test}");
        }
        threats += 1;
    }
    assert!(threats > 30, "{threats}");
}
