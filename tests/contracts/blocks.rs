//! In each of the four services Portcullis is one block of a few lines, its catalogue aside.

use std::{fs, path::Path};

const BEGIN: &str = "// --- Portcullis: all of its settings ---";
const END: &str = "// --- end of Portcullis ---";

/// The lines that a block may have.
const MOST: usize = 40;

/// By these a line says how Portcullis answers.
const SETTINGS: [&str; 16] = [
    "Bearer::",
    "Detail::",
    "EnvelopeLayer::",
    "ErrorObject::",
    "ExtractPolicy::",
    "Flat::",
    "MaskLayer::",
    "OwnEnvelope::",
    "Permit::",
    "Phrases::",
    "Portcullis::",
    "ProblemDetails::",
    "RateLimit::",
    "Refusals::",
    "RequireScopes::",
    "SessionCookie::",
];

/// A source's lines: those of the block, and the others.
fn parted(source: &str) -> Option<(Vec<&str>, Vec<&str>)> {
    let (before, rest) = source.split_once(BEGIN)?;
    let (block, after) = rest.split_once(END)?;
    let others = before.lines().chain(after.lines()).collect();
    Some((block.trim().lines().collect(), others))
}

/// Where a service's block is not what it should be.
fn faults(gate: &str, others: &[(String, String)]) -> Vec<String> {
    let Some((block, rest)) = parted(gate) else {
        return vec!["gate.rs does not say where the block begins and ends".to_owned()];
    };
    let mut faults = Vec::new();
    if block.len() > MOST {
        faults.push(format!("the block has {} lines", block.len()));
    }
    if !block.iter().any(|line| line.contains("Portcullis::new()")) {
        faults.push("the block has no Portcullis".to_owned());
    }
    let rest = rest.into_iter().map(|line| ("gate.rs", line));
    let others = others.iter().flat_map(|(file, text)| text.lines().map(|line| (&**file, line)));
    for (file, line) in rest.chain(others) {
        if SETTINGS.iter().any(|setting| line.contains(setting)) {
            faults.push(format!("{file}, outside of the block: {}", line.trim()));
        }
    }
    faults
}

/// The sources beside `gate.rs`, the tests aside.
fn others(folder: &Path) -> Vec<(String, String)> {
    let files = fs::read_dir(folder).expect("the service's sources");
    let files = files.map(|file| file.expect("a file").path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "rs"));
    let named = files.map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("text"))
    });
    named.filter(|(name, _)| !["gate.rs", "tests.rs"].contains(&&**name)).collect()
}

#[test]
fn each_service_has_all_of_portcullis_in_one_block_of_forty_lines_at_most() {
    for service in ["helpdesk", "assessments", "accounts", "directory"] {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
        let folder = examples.join(service).join("src");
        let gate = fs::read_to_string(folder.join("gate.rs")).expect("a gate");
        let faults = faults(&gate, &others(&folder));
        assert!(faults.is_empty(), "{service}: {}", faults.join("\n"));
    }
}

#[test]
fn a_block_that_is_too_long_or_elsewhere_or_not_marked_is_noticed() {
    let block = |lines: usize| {
        let lines = "    let line;\n".repeat(lines);
        format!("use x;\n{BEGIN}\nfn protect() {{\n{lines}    Portcullis::new()\n}}\n{END}\n")
    };
    let right = block(MOST - 3);
    assert_eq!(faults(&right, &[]), Vec::<String>::new());
    assert_eq!(faults(&block(MOST - 2), &[]), ["the block has 41 lines"]);
    for marker in [BEGIN, END] {
        let unmarked = right.replace(marker, "");
        assert_eq!(faults(&unmarked, &[]).len(), 1, "{unmarked}");
    }
    let elsewhere = [("routes.rs".to_owned(), "let limit = RateLimit::by_address(q);".to_owned())];
    assert_eq!(faults(&right, &elsewhere).len(), 1);
}
