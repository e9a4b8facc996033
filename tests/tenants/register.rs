//! The leak register names a test for whatever it says is closed, and the test is there.

use std::{fs, path::Path};

const REGISTER: &str = include_str!("../../crates/portcullis-tenant/docs/leak_register.md");

/// The rows of its tables: the channel, what becomes of it, how, and the tests.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = REGISTER.lines().filter(|line| line.starts_with("| "));
    let rows = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect());
    rows.filter(|row: &Vec<_>| row[0] != "channel").collect()
}

/// All that stands in the sources under this folder.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut text = String::new();
    for entry in entries.map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            text += &sources(&entry);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&entry).expect("a source");
        }
    }
    text
}

#[test]
fn every_channel_is_closed_assisted_or_documented_and_its_tests_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tests = [
        "tests/tenants",
        "tests/http",
        "tests/drop_in",
        "tests/bench",
        "crates/portcullis-tenant/src",
    ]
    .map(|folder| sources(&root.join(folder)))
    .concat();
    let rows = rows();
    assert!(rows.len() >= 35, "{} channels", rows.len());
    for row in rows {
        let [channel, becomes, _, named] = row[..] else { panic!("four columns: {row:?}") };
        assert!(["closed", "assisted", "documented"].contains(&becomes), "{channel}: {becomes}");
        let named: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        assert!(becomes == "documented" || !named.is_empty(), "{channel} has no test");
        for test in named {
            let known = tests.contains(&format!("fn {test}("))
                || tests.contains(&format!("leak(\"{test}\""));
            assert!(known, "{channel}: there is no test {test}");
        }
    }
}
