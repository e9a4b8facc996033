use std::collections::BTreeSet;

use crate::hostile::{CARELESS, Guarded, PLANTS, leaks, report};

#[tokio::test]
async fn with_mask_and_resolver_not_one_byte_differs() {
    let report = report(Guarded::Yes).await;
    assert!(report.is_clean(), "{report}");
    assert!(report.pairs() > 10_000, "{}", report.pairs());
}

#[tokio::test]
async fn without_them_every_planted_leak_is_found_where_it_was_planted() {
    let text = report(Guarded::No).await.to_string();
    let missed: Vec<_> = leaks()
        .filter(|leak| {
            let place = format!("/{}/{{id}}, asked by the ", leak.class);
            let field = format!("    {}: ", leak.field);
            let finds =
                text.split("\n/").map(|found| format!("/{}", found.trim_start_matches('/')));
            let finds: Vec<_> = finds.filter(|found| found.starts_with(&place)).collect();
            !(finds.len() == 2 && finds.iter().all(|found| found.contains(&field)))
        })
        .map(|leak| leak.class)
        .collect();
    assert_eq!(missed, [""; 0], "of\n{text}");
}

#[test]
fn the_planted_leaks_are_each_of_a_class_of_its_own() {
    let classes: BTreeSet<_> = leaks().map(|leak| leak.class).collect();
    assert_eq!(classes.len(), PLANTS.len() + CARELESS.len());
    assert!(PLANTS.len() >= 15, "{}", PLANTS.len());
}
