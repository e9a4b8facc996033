use std::convert::Infallible;

use http::{HeaderValue, Method, StatusCode, header::CONTENT_TYPE};
use http_body_util::{Empty, Full};
use tower::service_fn;

use super::*;

mod owners;

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
            response.headers_mut().insert("etag", HeaderValue::from_static("\"1\""));
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
        .missing(format!("/{name}/8899"))
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
#[should_panic(expected = "no list of routes comes of this OpenAPI document: it has no `paths`")]
fn a_document_without_paths_is_refused() {
    let _ = matrix().covering_openapi("{}");
}

#[test]
#[should_panic(
    expected = "no list of routes comes of this OpenAPI document: its `paths` are empty"
)]
fn a_document_with_empty_paths_is_refused() {
    let _ = matrix().covering_openapi(r#"{"paths":{}}"#);
}

#[tokio::test]
async fn an_empty_list_of_routes_covers_nothing() {
    let empty = matrix().route(route("invoices")).covering([""; 0]);
    let expected = ["the list of all routes is empty", "/invoices/{id} is no route of the service"];
    assert_eq!(faults(empty).await, expected);
}

#[tokio::test]
async fn a_route_covers_no_other_that_looks_like_it() {
    let alike =
        ["/invoices/{id}", "/invoices/{id}:void", "/invoices/{*rest}", "/invoices/{id}.pdf"];
    let uncovered = |template: &str| {
        format!("{template} is not covered: add a `Route`, or say by `except` why not")
    };
    let listed = matrix().route(route("invoices")).covering(alike);
    assert_eq!(faults(listed).await, alike[1..].iter().map(|it| uncovered(it)).collect::<Vec<_>>());
}

/// Answers the owners with this status, and others with 404.
async fn faults_of(owners: StatusCode) -> Vec<String> {
    let app = service_fn(move |request: Request<RequestBody>| async move {
        let mut response = invoices(request).await?;
        if response.status().is_success() {
            *response.status_mut() = owners;
        }
        Ok::<_, Infallible>(response)
    });
    let report = matrix().route(route("invoices")).check(app).await;
    report.faults().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_owner_that_is_refused_or_sent_elsewhere_sees_nothing() {
    for (status, said) in [
        (429, "429 Too Many Requests; raise the limit for this test"),
        (302, "302 Found; name the path that it is redirected to"),
        (304, "304 Not Modified; name the path that it is redirected to"),
        (400, "400 Bad Request"),
        (500, "500 Internal Server Error; the service's log says why"),
    ] {
        let expected = ["2", "1"]
            .map(|id| format!("GET /invoices/{id}: its owner does not see it, but gets {said}"));
        assert_eq!(faults_of(StatusCode::from_u16(status).unwrap()).await, expected);
    }
    assert_eq!(faults_of(StatusCode::NO_CONTENT).await, [""; 0]);
}

#[tokio::test]
async fn the_owners_validators_are_replayed_by_the_other_tenant() {
    let app = service_fn(async |request: Request<RequestBody>| {
        let replayed = request.headers().get("if-none-match").is_some_and(|it| it == "\"7\"");
        let is_foreign = request.uri().path() != "/invoices/8899";
        let mut response = invoices(request).await?;
        match response.status() {
            StatusCode::OK => {
                response.headers_mut().insert("etag", HeaderValue::from_static("\"7\""));
            }
            _ if replayed && is_foreign => *response.status_mut() = StatusCode::NOT_MODIFIED,
            _ => {}
        }
        Ok::<_, Infallible>(response)
    });
    let report = matrix().route(route("invoices")).check(app).await;
    assert!(report.differences().count() > 0);
    assert!(report.differences().all(|it| it.probe().ends_with(r#"with if-none-match: "7""#)));
}

#[tokio::test]
async fn an_endless_answer_to_the_owner_ends_the_wait() {
    let app = |content_type: &'static str| {
        service_fn(move |request: Request<RequestBody>| async move {
            let response = invoices(request).await?;
            let is_seen = response.status().is_success();
            let mut response = response.map(|_| Stuck { is_whole: !is_seen });
            if is_seen {
                let content_type = HeaderValue::from_static(content_type);
                response.headers_mut().insert("content-type", content_type);
            }
            Ok::<_, Infallible>(response)
        })
    };
    let hasty = Oracle::new().with_timeout(std::time::Duration::from_millis(20));
    let matrix = matrix().route(route("invoices"));
    matrix.assert_indistinguishable(app("text/event-stream; charset=utf-8")).await;
    matrix.with_oracle(hasty).assert_indistinguishable(app("application/json")).await;
}

/// A body that never ends, or is empty.
struct Stuck {
    is_whole: bool,
}

impl Body for Stuck {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        if self.is_whole { std::task::Poll::Ready(None) } else { std::task::Poll::Pending }
    }
}

#[tokio::test]
async fn what_another_tenant_changes_is_found_although_it_is_answered_404() {
    let gone = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let app = service_fn(move |request: Request<RequestBody>| {
        let gone = std::sync::Arc::clone(&gone);
        async move {
            use std::sync::atomic::Ordering::Relaxed;
            let is_first = request.uri().path() == "/invoices/1";
            if is_first && request.method() == Method::DELETE {
                gone.store(true, Relaxed);
            }
            let mut response = invoices(request).await?;
            if is_first && gone.load(Relaxed) {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            Ok::<_, Infallible>(response)
        }
    });
    let report = matrix().route(route("invoices")).check(app).await;
    assert_eq!(report.differences().count(), 0);
    let faults: Vec<_> = report.faults().collect();
    let expected = "GET /invoices/1: its owner gets something else since the other tenant has \
                    asked: status 200 OK before, 404 Not Found after";
    assert_eq!(faults, [expected]);
}

#[tokio::test]
async fn a_method_that_never_gets_as_far_as_the_resource_is_named() {
    let app = service_fn(async |request: Request<RequestBody>| {
        let is_stopped = request.method() == Method::DELETE;
        let mut response = invoices(request).await?;
        if is_stopped {
            *response.status_mut() = StatusCode::FORBIDDEN;
        }
        Ok::<_, Infallible>(response)
    });
    let unsaid = matrix().route(route("invoices"));
    unsaid.assert_indistinguishable(app).await;
    let said = matrix().route(route("invoices").hidden_by([Method::PUT, Method::DELETE]));
    let expected = "DELETE /invoices/8899: whatever it was asked with, it was not answered 404, so \
                    nothing was hidden by this method";
    let report = said.check(app).await;
    assert_eq!(report.faults().collect::<Vec<_>>(), [expected, expected]);
}

#[tokio::test]
async fn what_is_said_to_be_missing_and_is_the_others_is_named() {
    let route = route("invoices").missing("/invoices/2");
    let expected = "/invoices/2 is said to be missing, and the second tenant sees it";
    assert!(faults(matrix().route(route)).await.contains(&expected.to_owned()));
}

#[tokio::test]
async fn what_is_answered_404_by_no_more_than_some_method_nobody_asks_by_was_not_hidden() {
    let app = service_fn(async |request: Request<RequestBody>| {
        let is_traced = request.method() == Method::TRACE;
        let mut response = invoices(request).await?;
        if !is_traced && response.status() == StatusCode::NOT_FOUND {
            *response.status_mut() = StatusCode::UNAUTHORIZED;
        }
        Ok::<_, Infallible>(response)
    });
    let report = matrix().route(route("invoices")).check(app).await;
    let expected = "GET /invoices/8899: whatever it was asked with, it was not answered 404, so \
                    nothing was hidden by this method";
    assert_eq!(report.faults().collect::<Vec<_>>(), [expected, expected]);
    assert_eq!(report.differences().count(), 0);
}

#[tokio::test]
async fn what_belongs_to_both_or_is_asked_for_by_one_is_a_fault_and_no_leak() {
    let shared = route("invoices").second_owns("/invoices/1");
    let report = matrix().route(shared).check(service_fn(invoices)).await;
    let expected = "/invoices/{id}: both tenants own /invoices/1, so it is hidden from neither";
    assert_eq!(report.faults().collect::<Vec<_>>(), [expected]);
    assert_eq!(report.differences().count(), 0);

    let alone = Matrix::new(tenant("1"), tenant("1")).route(route("invoices"));
    let report = alone.check(service_fn(invoices)).await;
    let expected = "both tenants ask with the same headers: are they one?";
    assert_eq!(report.faults().collect::<Vec<_>>(), [expected]);
    assert_eq!(report.pairs(), 0);
}

#[tokio::test]
async fn nothing_is_compared_where_the_owner_sees_nothing() {
    let gone = route("invoices").first_owns("/invoices/7");
    let report = matrix().route(gone).check(service_fn(invoices)).await;
    let other_way = matrix().route(route("invoices")).check(service_fn(invoices)).await.pairs() / 2;
    assert_eq!((report.faults().count(), report.pairs()), (1, other_way));
}

/// A route that takes forms alone, and tells by one what is another's.
async fn forms(request: Request<RequestBody>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|it| it == FORM);
    let is_post = request.method() == Method::POST;
    let is_row = ["/invoices/1", "/invoices/2"].contains(&request.uri().path());
    let mut response = invoices(request).await?;
    if is_post && !is_form {
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    } else if is_post && is_row {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_body_is_of_the_tenants_type_or_of_the_routes() {
    let json = matrix().route(route("invoices").with_body("cents=7"));
    assert!(json.check(service_fn(forms)).await.is_clean());

    let forming = |name| {
        let mut tenant = tenant(name);
        tenant.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        tenant
    };
    let of_tenant = Matrix::new(forming("1"), forming("2"));
    let of_tenant = of_tenant.route(route("invoices").with_body("cents=7"));
    let of_route = route("invoices").with_body_of(HeaderValue::from_static(FORM), "cents=7");
    for matrix in [of_tenant, matrix().route(of_route)] {
        let report = matrix.check(service_fn(forms)).await;
        assert!(report.differences().any(|it| it.probe() == "POST" && it.field() == "status"));
    }
}

#[tokio::test]
async fn a_leak_of_megabytes_is_told_in_a_few_words() {
    let large = Bytes::from(vec![0; 1 << 20]);
    let app = service_fn(move |request: Request<RequestBody>| {
        let body = match request.uri().path() {
            "/invoices/2" => large.clone(),
            _ => Bytes::new(),
        };
        async move { Ok::<_, Infallible>(invoices(request).await?.map(|_| Full::new(body))) }
    });
    let report = matrix().route(route("invoices")).check(app).await;
    let text = report.to_string();
    assert!(text.contains("(from byte 0 of 1048576)"), "{}", text.len());
    assert!(text.len() < 1_000 * report.pairs(), "{} bytes", text.len());
}
