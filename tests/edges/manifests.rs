use crate::workspace::{crates, packages};

#[test]
fn every_crate_says_what_it_is_and_on_which_terms() {
    for (folder, package) in crates() {
        assert_eq!(package.license.as_deref(), Some("MIT OR Apache-2.0"), "{folder}");
        assert!(package.rust_version.is_some(), "{folder} has no rust-version");
        assert!(package.description.is_some_and(|it| it.len() > 20), "{folder} is not described");
        assert!(package.repository.is_some(), "{folder} has no repository");
        assert_eq!(package.publish, None, "{folder} can be published");
        assert_eq!(folder, format!("crates/{}", package.name));
    }
}

#[test]
fn nothing_but_crates_can_be_published() {
    for (folder, package) in packages() {
        if !folder.starts_with("crates/") {
            assert_eq!(package.publish.as_deref(), Some(&[] as &[String]), "{folder}");
        }
    }
}

#[test]
fn every_package_keeps_the_workspaces_lints() {
    for (folder, package) in packages() {
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("a manifest");
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{folder}");
    }
}
