//! A missing row, a foreign row, and a path that is no path: one answer, or two, as the contract asks.

use axum::{Router, routing::get as on_get};
use portcullis::{Hidden, MaskLayer, Visible};
use portcullis_tests::{ACME, Wire, assert_alike, get, oneshot};

use crate::things::{Thing, masked};

fn service(mask: MaskLayer) -> Router {
    Router::new()
        .route("/things/{id}", on_get(async |thing: Visible<Thing>| thing.id.to_string()))
        .route("/by-hand/{id}", on_get(async || Err::<(), _>(Hidden::foreign("globex"))))
        .layer(masked(mask))
}

/// The answers for a foreign, a missing and an impossible thing.
async fn hidden(service: &Router) -> [Wire; 3] {
    let ask = |path| oneshot(service.clone(), get(path).key(ACME));
    [ask("/things/2").await, ask("/things/9").await, ask("/things/x").await]
}

#[tokio::test]
async fn a_thing_that_is_hidden_is_called_by_its_name_and_an_unknown_path_is_not() {
    let service = service(MaskLayer::new());
    let [foreign, missing, impossible] = hidden(&service).await;
    assert_eq!(foreign.text(), r#"{"detail":"Thing not found"}"#);
    assert_alike(&foreign, &missing);
    assert_alike(&foreign, &impossible);
    let unknown = oneshot(service, get("/nowhere").key(ACME)).await;
    assert_eq!(unknown.text(), r#"{"detail":"Not Found"}"#);
}

#[tokio::test]
async fn where_the_contract_asks_for_it_all_of_them_are_one_answer() {
    let service = service(MaskLayer::new().with_message("Nothing here"));
    let [foreign, missing, impossible] = hidden(&service).await;
    assert_eq!(foreign.text(), r#"{"detail":"Nothing here"}"#);
    for path in ["/nowhere", "/by-hand/2"] {
        assert_alike(&foreign, &oneshot(service.clone(), get(path).key(ACME)).await);
    }
    assert_alike(&foreign, &missing);
    assert_alike(&foreign, &impossible);
}

#[tokio::test]
async fn a_route_may_be_called_by_its_resources_name_whatever_its_handler_says() {
    let things = MaskLayer::new().with_resource::<Thing>();
    let by_hand = async || Err::<(), _>(Hidden::missing());
    let service = Router::new()
        .route("/things/{id}", on_get(async |thing: Visible<Thing>| thing.id.to_string()))
        .route("/by-hand/{id}", on_get(by_hand).layer(things))
        .layer(masked(MaskLayer::new()));
    let resolved = oneshot(service.clone(), get("/things/9").key(ACME)).await;
    assert_alike(&resolved, &oneshot(service, get("/by-hand/9").key(ACME)).await);
}
