use cargo_metadata::Dependency;

use crate::workspace::{is_shipped, packages};

/// Who lies where, and which packages of the workspace it may import. A folder with a slash at its
/// end stands for every package beneath it.
const MAY_IMPORT: [(&str, &[&str]); 12] = [
    ("crates/portcullis-core", &[]),
    ("crates/portcullis-envelope", &["portcullis-core"]),
    ("crates/portcullis-limit", &["portcullis-core"]),
    ("crates/portcullis-redis", &["portcullis-core", "portcullis-limit"]),
    ("crates/portcullis-bearer", &["portcullis-core"]),
    ("crates/portcullis-jwt", &["portcullis-bearer", "portcullis-core"]),
    ("crates/portcullis-tenant", &["portcullis-core"]),
    ("crates/portcullis-testing", &["portcullis-core"]),
    (
        "crates/portcullis",
        &[
            "portcullis-core",
            "portcullis-envelope",
            "portcullis-limit",
            "portcullis-redis",
            "portcullis-bearer",
            "portcullis-jwt",
            "portcullis-tenant",
        ],
    ),
    ("examples/", &["portcullis", "portcullis-redis", "portcullis-testing"]),
    ("tests", &["portcullis", "portcullis-redis", "portcullis-testing"]),
    ("tests/", &["portcullis", "portcullis-redis"]),
];

/// Where one package imports another of the workspace.
#[derive(Clone, Debug)]
struct Edge {
    folder: String,
    import: String,
}

/// Every edge of the workspace whose dependency is of the kinds that are asked for.
fn edges(is_asked_for: fn(&Dependency) -> bool) -> Vec<Edge> {
    let packages = packages();
    let is_ours = |name: &str| packages.iter().any(|(_, package)| package.name == name);
    let mut edges = Vec::new();
    for (folder, package) in &packages {
        let imports = package.dependencies.iter().filter(|import| is_asked_for(import));
        for import in imports.filter(|import| is_ours(&import.name)) {
            edges.push(Edge { folder: folder.clone(), import: import.name.clone() });
        }
    }
    edges
}

/// What packages in this folder may import, if the table knows it.
fn may_import(folder: &str) -> Option<&'static [&'static str]> {
    let lies_in = |place: &str| match place.strip_suffix('/') {
        Some(_) => folder.starts_with(place),
        None => folder == place,
    };
    MAY_IMPORT.iter().find(|(place, _)| lies_in(place)).map(|(_, may)| *may)
}

/// The edges that the table does not allow.
fn forbidden(edges: &[Edge]) -> Vec<String> {
    let is_allowed = |Edge { folder, import }: &Edge| {
        may_import(folder).is_some_and(|may| may.contains(&import.as_str()))
    };
    let forbidden = edges.iter().filter(|edge| !is_allowed(edge));
    forbidden.map(|Edge { folder, import }| format!("{folder} -> {import}")).collect()
}

#[test]
fn nobody_imports_whom_the_table_does_not_allow() {
    let edges = edges(is_shipped);
    assert!(edges.len() >= 9, "the facade and its crates import each other: {edges:?}");
    assert_eq!(forbidden(&edges), [""; 0]);
}

#[test]
fn every_package_stands_in_the_table_and_every_crate_of_the_table_is_there() {
    let folders: Vec<_> = packages().into_iter().map(|(folder, _)| folder).collect();
    let strangers: Vec<_> = folders.iter().filter(|folder| may_import(folder).is_none()).collect();
    assert_eq!(strangers, [""; 0]);
    for (place, _) in MAY_IMPORT.iter().filter(|(place, _)| !place.ends_with('/')) {
        assert!(folders.iter().any(|folder| folder == place), "there is no {place}");
    }
}

#[test]
fn no_crate_imports_tests_or_examples_not_even_for_its_own_tests() {
    let packages = packages();
    let names: Vec<_> = packages
        .iter()
        .filter(|(folder, _)| !folder.starts_with("crates/"))
        .map(|(_, package)| package.name.as_str())
        .collect();
    let backwards: Vec<_> = edges(|_| true)
        .into_iter()
        .filter(|edge| edge.folder.starts_with("crates/") && names.contains(&&*edge.import))
        .collect();
    assert!(names.contains(&"portcullis-tests"));
    assert!(backwards.is_empty(), "{backwards:?}");
}

#[test]
fn an_edge_that_the_table_does_not_allow_is_named() {
    let edge = |folder: &str, import: &str| Edge { folder: folder.into(), import: import.into() };
    assert_eq!(
        forbidden(&[
            edge("crates/portcullis", "portcullis-limit"),
            edge("crates/portcullis-core", "portcullis-limit"),
            edge("crates/portcullis-limit", "portcullis-tenant"),
            edge("crates/portcullis-redis", "portcullis-limit"),
            edge("crates/portcullis", "portcullis-redis"),
            edge("crates/portcullis-limit", "portcullis-redis"),
            edge("examples/quickstart", "portcullis-core"),
            edge("examples/quickstart", "portcullis"),
            edge("tests/bench", "portcullis"),
            edge("tests", "quickstart"),
        ]),
        [
            "crates/portcullis-core -> portcullis-limit",
            "crates/portcullis-limit -> portcullis-tenant",
            "crates/portcullis-limit -> portcullis-redis",
            "examples/quickstart -> portcullis-core",
            "tests -> quickstart",
        ]
    );
}
