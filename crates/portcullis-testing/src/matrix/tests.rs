use std::convert::Infallible;

use http::Method;
use http_body_util::Empty;
use tower::service_fn;

use super::*;

/// Invoices: 1 is the first tenant's, 2 the second's. One leaks a header to the second tenant.
async fn invoices(request: Request<RequestBody>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let mut response = Response::new(Empty::new());
    let tenant = request.headers().get("tenant").map_or(&[][..], |value| value.as_bytes());
    let path = request.uri().path();
    let owner = match path {
        "/invoices/1" | "/leaky/1" => Some(b"1"),
        "/invoices/2" | "/leaky/2" => Some(b"2"),
        _ => None,
    };
    if owner.is_none_or(|owner| owner != tenant) {
        *response.status_mut() = StatusCode::NOT_FOUND;
        if path.starts_with("/leaky") && owner.is_some_and(|owner| owner == b"1") {
            response.headers_mut().insert("etag", http::HeaderValue::from_static("\"1\""));
        }
    }
    Ok(response)
}

fn tenant(name: &str) -> Request<()> {
    Request::builder().header("tenant", name).body(()).unwrap()
}

fn matrix() -> Matrix {
    Matrix::new(tenant("1"), tenant("2"))
}

fn route(name: &str) -> Route {
    Route::new(format!("/{name}/{{id}}"))
        .first_owns(format!("/{name}/1"))
        .second_owns(format!("/{name}/2"))
        .missing(format!("/{name}/404"))
}

async fn faults(matrix: Matrix) -> Vec<String> {
    let report = matrix.check(service_fn(invoices)).await;
    report.faults().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_service_that_hides_what_it_should_passes() {
    let all = ["/invoices", "/invoices/{id}", "/whoami", "/files/{*path}"];
    let matrix = matrix().route(route("invoices")).covering(all).except("/files/{*path}", "public");
    matrix.assert_indistinguishable(service_fn(invoices)).await;
    assert!(matrix.check(service_fn(invoices)).await.pairs() > 200);
}

#[tokio::test]
async fn a_leak_is_found_whichever_tenant_it_is_told_to() {
    let report = matrix().route(route("leaky")).check(service_fn(invoices)).await;
    assert!(report.differences().count() > 100);
    assert!(report.differences().all(|it| it.field() == "header etag"));
    let first_line = report.to_string();
    assert!(first_line.starts_with("/leaky/{id}, asked by the second tenant: "), "{first_line}");
}

#[tokio::test]
async fn a_route_that_nobody_thought_of_is_named() {
    let routes = ["/invoices/{invoice}", "/invoices/{invoice}/pdf", "/invoices"];
    let listed = matrix().route(route("invoices")).covering(routes);
    let message =
        "/invoices/{invoice}/pdf is not covered: add a `Route`, or say by `except` why not";
    assert_eq!(faults(listed).await, [message]);

    let document =
        r#"{"openapi":"3.1.0","paths":{"/invoices/{id}":{},"/invoices/{invoice}/pdf":{}}}"#;
    let documented = matrix().route(route("invoices")).covering_openapi(document);
    assert_eq!(faults(documented).await, [message]);
}

#[tokio::test]
async fn what_is_said_of_no_route_is_named() {
    let stale =
        matrix().route(route("invoices")).covering(["/invoices/{id}"]).except("/old/{id}", "");
    assert_eq!(faults(stale).await, ["/old/{id} is no route of the service"]);
}

#[tokio::test]
async fn a_route_with_nothing_to_hide_is_named() {
    let gone = route("invoices").first_owns("/invoices/7");
    let unseen = "GET /invoices/7: its owner does not see it, but gets 404 Not Found";
    assert_eq!(faults(matrix().route(gone)).await, [unseen]);

    let unsaid = Route::new("/invoices/{id}").first_owns("/invoices/1");
    let say = "/invoices/{id}: nothing to ask for; say it by `Route::second_owns`";
    assert_eq!(faults(matrix().route(unsaid)).await, [say]);

    let elsewhere = route("invoices").missing("/bills/404");
    let no_path = "/invoices/{id}: /bills/404 is no path of that route";
    assert_eq!(faults(matrix().route(elsewhere)).await, [no_path]);
}

#[tokio::test]
async fn a_matrix_without_routes_proves_nothing() {
    assert_eq!(faults(matrix()).await, ["there is nothing to ask for: add a `Route`"]);
}

#[tokio::test]
async fn an_owner_may_see_by_another_method() {
    let app = service_fn(async |request: Request<RequestBody>| {
        if request.method() != Method::POST {
            let mut response = Response::new(Empty::new());
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            return Ok(response);
        }
        invoices(request).await
    });
    let report = matrix().route(route("invoices")).check(app).await;
    assert!(
        report
            .faults()
            .all(|fault| fault.ends_with("say by which method it is seen, by `Route::seen_by`"))
    );
    matrix().route(route("invoices").seen_by(Method::POST)).assert_indistinguishable(app).await;
}

#[test]
#[should_panic(expected = "this is no OpenAPI document in JSON: it has no `paths`")]
fn a_document_without_paths_is_refused() {
    let _ = matrix().covering_openapi("{}");
}
