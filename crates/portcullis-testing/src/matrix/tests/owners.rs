//! What the owner gets, before and after the other tenant has asked.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::*;

/// Rows by tenant and id.
type Rows = Arc<Mutex<HashSet<(String, String)>>>;

fn rows() -> Rows {
    let row = |tenant: &str, id: &str| (tenant.to_owned(), format!("/invoices/{id}"));
    Arc::new(Mutex::new([row("1", "1"), row("2", "2")].into()))
}

fn key(request: &Request<RequestBody>) -> (String, String) {
    let tenant = request.headers()["tenant"].to_str().unwrap().to_owned();
    (tenant, request.uri().path().to_owned())
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// What a service finds that answers its owners by this method, and lets anybody delete.
async fn deleting(seen_by: Method, owner: impl Fn() -> Response<Full<Bytes>> + Clone) -> Report {
    let rows = rows();
    let route = route("invoices").seen_by(seen_by.clone());
    let app = service_fn(move |request: Request<RequestBody>| {
        let (key, mut rows) = (key(&request), rows.lock().unwrap());
        if request.method() == Method::DELETE {
            rows.retain(|(_, path)| *path != key.1);
        }
        let is_own = *request.method() == seen_by && rows.contains(&key);
        std::future::ready(Ok::<_, Infallible>(if is_own { owner() } else { answer(404, "") }))
    });
    matrix().route(route).check(app).await
}

#[tokio::test]
async fn a_row_that_another_tenant_deletes_is_missed_however_its_owner_sees_it() {
    let turn = Arc::new(AtomicUsize::new(0));
    let moving = move || answer(200, turn.fetch_add(1, Ordering::Relaxed).to_string());
    let endless = || {
        let mut events = answer(200, "");
        let content_type = HeaderValue::from_static("text/event-stream");
        events.headers_mut().insert(CONTENT_TYPE, content_type);
        events
    };
    for (method, report) in [
        ("GET", deleting(Method::GET, moving).await),
        ("GET", deleting(Method::GET, endless).await),
        ("POST", deleting(Method::POST, || answer(200, "")).await),
    ] {
        let expected = ["2", "1"].map(|id| {
            format!(
                "{method} /invoices/{id}: its owner gets 404 Not Found since the other tenant has asked"
            )
        });
        let faults: Vec<_> = report.faults().collect();
        assert_eq!(faults, expected, "{report}");
        assert_eq!(report.differences().count(), 0, "{report}");
    }
}

#[tokio::test]
async fn an_owner_who_may_do_something_but_once_has_lost_nothing() {
    let done = Arc::new(Mutex::new(HashSet::new()));
    let app = service_fn(move |request: Request<RequestBody>| {
        let (key, rows) = (key(&request), rows());
        let is_own = request.method() == Method::POST && rows.lock().unwrap().contains(&key);
        let response = match is_own {
            true if done.lock().unwrap().insert(key) => answer(200, ""),
            true => answer(409, ""),
            false => answer(404, ""),
        };
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let started = matrix().route(route("invoices").seen_by(Method::POST));
    started.assert_indistinguishable(app).await;
}

#[tokio::test]
async fn rows_that_are_keyed_by_tenant_and_id_may_be_created_by_put() {
    let rows = rows();
    let app = service_fn(move |request: Request<RequestBody>| {
        let (key, mut rows) = (key(&request), rows.lock().unwrap());
        let status = match (request.method(), rows.contains(&key)) {
            (&Method::PUT, false) => 201,
            (&Method::PUT, true) => 204,
            (&Method::GET, true) => 200,
            (&Method::GET, false) => 404,
            _ => 405,
        };
        if request.method() == Method::PUT {
            rows.insert(key);
        }
        std::future::ready(Ok::<_, Infallible>(answer(status, "")))
    });
    matrix().route(route("invoices")).assert_indistinguishable(app).await;
}

#[tokio::test]
async fn what_an_owner_gets_may_change_slowly_where_that_is_said() {
    let app = || {
        let turn = Arc::new(AtomicUsize::new(0));
        let rows = rows();
        service_fn(move |request: Request<RequestBody>| {
            let seconds = turn.fetch_add(1, Ordering::Relaxed) / 200;
            let response = match rows.lock().unwrap().contains(&key(&request)) {
                true => answer(200, format!("/files/7?expires={seconds}")),
                false => answer(404, ""),
            };
            std::future::ready(Ok::<_, Infallible>(response))
        })
    };
    let unsaid = matrix().route(route("invoices")).check(app()).await;
    let advice = "If that changes by itself, say so by `Route::owner_may_change`";
    assert!(unsaid.faults().all(|fault| fault.ends_with(advice)), "{unsaid}");
    assert!(unsaid.faults().count() > 0);
    let said = matrix().route(route("invoices").owner_may_change());
    said.assert_indistinguishable(app()).await;
}

#[tokio::test]
async fn a_quota_of_each_path_is_no_alarm_for_a_second_missing_one() {
    let (left, rows) = (Arc::new(Mutex::new(HashMap::new())), rows());
    let app = service_fn(move |request: Request<RequestBody>| {
        let (key, mut left) = (key(&request), left.lock().unwrap());
        let is_own = rows.lock().unwrap().contains(&key);
        let left = left.entry(key).or_insert(1_000_000);
        *left -= 1;
        let mut response = answer(if is_own { 200 } else { 404 }, "");
        response.headers_mut().insert("x-ratelimit-remaining", HeaderValue::from(*left));
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let route = route("invoices").missing("/invoices/8898");
    matrix().route(route).assert_indistinguishable(app).await;
}
