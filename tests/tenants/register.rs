//! The leak register names a test for whatever it says is closed, and the test is there and runs.

use std::{fs, path::Path};

use crate::hostile::leaks;

const REGISTER: &str = include_str!("../../crates/portcullis-tenant/docs/leak_register.md");

/// What the bench fails on, and what runs it.
const CEILINGS: &str = include_str!("../bench/src/ceilings.rs");
const CI: &str = include_str!("../../.ci/run");

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

/// Whether there is a function of this name that `cargo test` runs.
fn is_run(sources: &str, name: &str) -> bool {
    let lines: Vec<_> = sources.lines().map(str::trim_start).collect();
    let signature = format!("fn {name}(");
    let places = lines.iter().enumerate().filter(|(_, line)| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        line.starts_with(&signature)
    });
    places.into_iter().any(|(place, _)| {
        let above = lines[..place].iter().rev();
        let attributes: Vec<_> = above.take_while(|line| line.starts_with("#[")).collect();
        let is = |name: &str| attributes.iter().any(|it| it[2..].starts_with(name));
        (is("test]") || is("tokio::test]") || is("tokio::test(")) && !is("ignore")
    })
}

#[test]
fn what_is_named_without_being_run_is_no_test() {
    let sources = "\
        #[test]\nfn plain() {}\n\
        #[tokio::test(flavor = \"multi_thread\")]\n#[should_panic]\nasync fn spread() {}\n\
        /// Helps.\nfn helper() {}\n\
        #[test]\n#[ignore = \"slow\"]\nfn ignored() {}\n\
        #[expect(dead_code)]\nasync fn silenced() {}\n";
    assert!(["plain", "spread"].iter().all(|name| is_run(sources, name)));
    assert!(!["helper", "ignored", "silenced", "absent"].iter().any(|name| is_run(sources, name)));
}

#[test]
fn every_channel_is_closed_assisted_or_documented_and_its_tests_are_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tests = [
        "tests/tenants",
        "tests/http",
        "tests/drop_in",
        "crates/portcullis-tenant/src",
        "crates/portcullis-testing/src",
    ]
    .map(|folder| sources(&root.join(folder)))
    .concat();
    let rows = rows();
    assert!(rows.len() >= 35, "{} channels", rows.len());
    for row in rows {
        let [channel, becomes, _, named] = row[..] else { panic!("four columns: {row:?}") };
        assert!(["closed", "assisted", "documented"].contains(&becomes), "{channel}: {becomes}");
        assert!(becomes == "documented" || !named.is_empty(), "{channel} has no test");
        for test in named.split(',').map(str::trim).filter(|test| !test.is_empty()) {
            let is_there = match test.strip_suffix(" (bench)") {
                Some(check) => is_checked(check.trim_matches('`')),
                None => {
                    let name = test.trim_matches('`');
                    is_run(&tests, name) || leaks().any(|leak| leak.class == name)
                }
            };
            assert!(is_there, "{channel}: there is no {test} that is run");
        }
    }
}

/// Whether the bench fails on this, and is run.
fn is_checked(name: &str) -> bool {
    CEILINGS.contains(&format!("    {name}(figures)")) && CI.contains("portcullis-bench -- --check")
}

#[test]
fn the_bench_allows_what_the_register_says() {
    assert!(CEILINGS.contains("const SAME_WORK: f64 = 100.0;"));
    assert!(REGISTER.contains("to within 100 instructions"));
}
