//! Neither organisation can tell the other's assessments from missing ones, whatever it asks.

use std::net::SocketAddr;

use axum::http::{Method, Request};
use portcullis::Quota;
use portcullis_testing::{Matrix, Route};

use crate::{
    gate::{self, Limits},
    routes::Service,
};

fn request(key: &str) -> Request<()> {
    Request::builder()
        .header("authorization", format!("Bearer {key}"))
        .extension(SocketAddr::from(([127, 0, 0, 1], 7)))
        .body(())
        .unwrap()
}

fn route(rest: &str, body: &'static str) -> Route {
    let path = |id| format!("/api/v1/assessments/{id}{rest}");
    Route::new(path("{id}"))
        .first_owns(path("11111111-1111-4111-8111-111111111111"))
        .second_owns(path("22222222-2222-4222-8222-222222222222"))
        .missing(path("99999999-9999-4999-8999-999999999999"))
        .missing(path("nonsense"))
        .with_body(body)
}

fn matrix(north: &str) -> Matrix {
    Matrix::new(request(north), request("as_south_admin"))
        .route(route("", r#"{"title":"x"}"#))
        .route(route("/findings", r#"{"title":"x","severity":"high"}"#))
        .route(route("/report", ""))
}

#[tokio::test]
async fn no_organisation_can_tell_that_another_has_an_assessment() {
    let many = Quota::per_minute(100_000);
    let app = gate::protect(Service::demo().unwrap(), &Limits { address: many, key: many });
    matrix("as_north_admin")
        .route(route("/start", "").seen_by(Method::POST))
        .covering([
            "/api/v1/auth/login",
            "/api/v1/auth/2fa",
            "/api/v1/assessments",
            "/api/v1/assessments/{id}",
            "/api/v1/assessments/{id}/findings",
            "/api/v1/assessments/{id}/report",
            "/api/v1/assessments/{id}/start",
        ])
        .assert_indistinguishable(app.clone())
        .await;
    // Nor one of its members whose role is too low to do anything with it.
    matrix("as_north_viewer").assert_indistinguishable(app).await;
}
