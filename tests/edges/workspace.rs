use std::path::Path;

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

/// Every package of the workspace, as its manifest describes it, with the folder it lies in:
/// `crates/portcullis-core`.
pub(crate) fn packages() -> Vec<(String, Package)> {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace");
    let root = metadata.workspace_root.as_std_path();
    metadata.packages.into_iter().map(|package| (folder(root, &package), package)).collect()
}

/// The packages that others import: those under `crates/`.
pub(crate) fn crates() -> Vec<(String, Package)> {
    packages().into_iter().filter(|(folder, _)| folder.starts_with("crates/")).collect()
}

/// Whether a dependency goes into what its package's users build.
pub(crate) fn is_shipped(dependency: &Dependency) -> bool {
    dependency.kind != DependencyKind::Development
}

fn folder(root: &Path, package: &Package) -> String {
    let manifest = package.manifest_path.as_std_path();
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    folder.expect("a package lies in its workspace").display().to_string().replace('\\', "/")
}
