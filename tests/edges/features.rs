use crate::workspace::{crates, is_shipped};

/// Features unify: whoever turns one of these on changes how every application that uses it reads
/// and writes JSON.
const OF_THE_APPLICATION: [&str; 4] =
    ["arbitrary_precision", "float_roundtrip", "preserve_order", "unbounded_depth"];

#[test]
fn no_crate_changes_how_its_users_read_and_write_json() {
    let mut users = Vec::new();
    for (_, package) in crates() {
        let mut dependencies = package.dependencies.iter().filter(|import| is_shipped(import));
        let Some(json) = dependencies.find(|import| import.name == "serde_json") else { continue };
        users.push(package.name.to_string());

        let turned_on = json.features.iter().chain(package.features.values().flatten());
        let changed: Vec<_> = turned_on
            .filter(|feature| OF_THE_APPLICATION.iter().any(|theirs| feature.ends_with(theirs)))
            .collect();
        assert_eq!(changed, [""; 0], "{} turns them on in serde_json", package.name);
        assert!(!json.uses_default_features, "{} takes serde_json's defaults", package.name);
    }
    assert!(users.contains(&"portcullis-core".to_owned()), "only {users:?} use serde_json");
}

/// A client of Redis brings half as much again as all the rest.
#[test]
fn the_facade_brings_a_client_of_redis_to_those_who_ask_for_it() {
    let crates = crates();
    let facade = crates.iter().find(|(_, package)| package.name == "portcullis");
    let (_, facade) = facade.expect("the facade is one of them");
    let redis = facade.dependencies.iter().find(|import| import.name == "portcullis-redis");
    assert!(redis.expect("it has the feature").optional);
    let by_default = &facade.features["default"];
    assert!(!by_default.iter().any(|feature| feature.contains("redis")), "{by_default:?}");
}
