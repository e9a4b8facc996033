//! What a layer cannot close, so that nobody is surprised by it.

use axum::{
    Json, Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    routing::{get as on_get, post as on_post},
};
use http::{HeaderValue, Method};
use portcullis::{ApiError, Layer, MaskLayer, Principal, Visible};
use portcullis_tests::{ACME, Account, ask, assert_alike, get, oneshot, post, put};

use crate::things::{Thing, masked};

fn things() -> Router {
    Router::new().route("/things/{id}", on_get(async |thing: Visible<Thing>| thing.id.to_string()))
}

/// axum adds `Allow` outside the layers of a router to any answer on the way to a 405.
#[tokio::test]
async fn allow_is_on_a_401_within_a_router_and_not_around_it() {
    let inside = things().layer(masked(MaskLayer::new()));
    let outside = masked(MaskLayer::new()).layer(things());
    let told = oneshot(inside, put("/things/2")).await;
    assert_eq!((told.status.as_u16(), told.header("allow")), (401, "GET,HEAD"));
    let closed = oneshot(outside, put("/things/2")).await;
    assert_eq!((closed.status.as_u16(), closed.header("allow")), (401, ""));
}

#[tokio::test]
async fn a_405_and_its_allow_are_the_routes_and_not_the_rows() {
    let service = things().layer(masked(MaskLayer::new()));
    for method in [Method::PUT, Method::OPTIONS, Method::DELETE] {
        let ask = |path| oneshot(service.clone(), ask(method.clone(), path).key(ACME));
        let foreign = ask("/things/2").await;
        assert_eq!((foreign.status.as_u16(), foreign.header("allow")), (405, "GET,HEAD"));
        assert_alike(&foreign, &ask("/things/9").await);
        assert_alike(&foreign, &ask("/things/1").await);
    }
}

/// What stands around the mask comes after it.
#[tokio::test]
async fn a_layer_around_the_mask_may_still_tell() {
    async fn session(request: Request, next: Next) -> Response {
        let is_foreign = request.uri().path() == "/things/2";
        let mut response = next.run(request).await;
        if is_foreign {
            response.headers_mut().insert("set-cookie", HeaderValue::from_static("last=2"));
        }
        response
    }
    let around = things().layer(masked(MaskLayer::new())).layer(from_fn(session));
    let told = oneshot(around, get("/things/2").key(ACME)).await;
    assert_eq!((told.status.as_u16(), told.header("set-cookie")), (404, "last=2"));
    let beneath = things().layer(from_fn(session)).layer(masked(MaskLayer::new()));
    let closed = oneshot(beneath, get("/things/2").key(ACME)).await;
    assert_eq!((closed.status.as_u16(), closed.header("set-cookie")), (404, ""));
}

/// An id in a body, in a batch or in a filter is judged by `Visible::to`, row by row.
#[tokio::test]
async fn an_id_in_a_body_is_judged_like_one_in_a_path() {
    async fn batch(
        Principal(caller): Principal<Account>,
        Json(ids): Json<Vec<u64>>,
    ) -> Result<String, ApiError> {
        for id in &ids {
            Visible::to(&caller, Thing::find(*id))?;
        }
        Ok(ids.len().to_string())
    }
    let service = Router::new().route("/batch", on_post(batch)).layer(masked(MaskLayer::new()));
    let ask = |ids: &'static str| oneshot(service.clone(), post("/batch").key(ACME).json(ids));
    assert_eq!(ask("[1]").await.text(), "1");
    let foreign = ask("[1,2]").await;
    assert_eq!((foreign.status.as_u16(), foreign.text()), (404, r#"{"detail":"Not Found"}"#));
    assert_alike(&foreign, &ask("[1,9]").await);
}
