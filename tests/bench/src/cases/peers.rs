//! What one would put together of peers and axum's `from_fn` for the same duties: an envelope, a
//! limit per address, a bearer, a limit per caller, a mask. One `ServiceBuilder`, in one
//! `Router::layer`.
//!
//! The keys lie in a map, undigested; the envelope knows a sentence for each status.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::State,
    middleware::{Next, from_fn, from_fn_with_state},
    routing::get,
};
use http::{
    HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use tower::ServiceBuilder;
use tower_governor::{
    GovernorError, GovernorLayer, governor::GovernorConfigBuilder, key_extractor::KeyExtractor,
};

use super::{
    OK,
    account::{Account, COUNT},
    quotas, router,
};
use crate::{
    case::Case,
    exchange::Response,
    proof::{
        Expected,
        Value::{Number, Present, Text},
    },
    request::{Caller, KEY, PATH, Request},
};

pub(super) fn admitted(caller: Caller) -> Case {
    let admitted = counted(StatusCode::OK).body(OK);
    stack(router(), quotas::REFILL, quotas::ADDRESS_BURST, caller, admitted)
        .proven_by(PATH, Caller::Anonymous, challenged())
        .proven_by("/nowhere", caller, not_found())
}

pub(super) fn denied_ip(caller: Caller) -> Case {
    let refused = rendered(StatusCode::TOO_MANY_REQUESTS, r#"{"detail":"Too Many Requests"}"#)
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text("1"));
    stack(router(), quotas::DROUGHT, 1, caller, refused)
}

pub(super) fn unauthorized(caller: Caller) -> Case {
    stack(router(), quotas::REFILL, quotas::ADDRESS_BURST, caller, challenged())
}

pub(super) fn masked(caller: Caller) -> Case {
    let hiding = Router::new().route(PATH, get(async || StatusCode::FORBIDDEN));
    stack(hiding, quotas::REFILL, quotas::ADDRESS_BURST, caller, not_found())
}

fn stack(
    router: Router,
    interval: Duration,
    burst: u32,
    caller: Caller,
    expected: Expected,
) -> Case {
    let mut accounts: HashMap<String, Account> =
        (1..COUNT).map(|id| (format!("pk_live_{id:024}"), Account { id })).collect();
    accounts.insert(KEY.to_owned(), Account { id: COUNT });

    let address =
        GovernorConfigBuilder::default().period(interval).burst_size(burst).use_headers().finish();
    let caller_limit = GovernorConfigBuilder::default()
        .period(quotas::REFILL)
        .burst_size(300)
        .key_extractor(ByAccount)
        .use_headers()
        .finish();
    let (Some(address), Some(caller_limit)) = (address, caller_limit) else {
        panic!("a quota has an interval and a burst")
    };
    let layers = ServiceBuilder::new()
        .layer(from_fn(envelope))
        .layer(GovernorLayer::new(Arc::new(address)))
        .layer(from_fn_with_state(Arc::new(accounts), bearer))
        .layer(GovernorLayer::new(Arc::new(caller_limit)))
        .layer(from_fn(mask));
    Case::new(router.layer(layers).with_state(()), caller, expected)
}

/// Every error in one shape.
async fn envelope(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let body = match response.status() {
        StatusCode::UNAUTHORIZED => r#"{"detail":"Unauthorized"}"#,
        StatusCode::NOT_FOUND => r#"{"detail":"Not Found"}"#,
        StatusCode::TOO_MANY_REQUESTS => r#"{"detail":"Too Many Requests"}"#,
        status if status.is_client_error() => r#"{"detail":"Bad Request"}"#,
        status if status.is_server_error() => r#"{"detail":"Internal Server Error"}"#,
        _ => return response,
    };
    *response.body_mut() = Body::from(body);
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn bearer(
    State(accounts): State<Arc<HashMap<String, Account>>>,
    mut request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    let Some(account) = token.and_then(|token| accounts.get(token)).cloned() else {
        let mut refused = Response::default();
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return refused;
    };
    request.extensions_mut().insert(account);
    next.run(request).await
}

/// A 403 and a 404 look the same.
async fn mask(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.status() {
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
            let mut masked = Response::default();
            *masked.status_mut() = StatusCode::NOT_FOUND;
            masked
        }
        _ => response,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ByAccount;

impl KeyExtractor for ByAccount {
    type Key = u64;

    fn extract<T>(&self, request: &http::Request<T>) -> Result<u64, GovernorError> {
        let account = request.extensions().get::<Account>();
        account.map(|account| account.id).ok_or(GovernorError::UnableToExtractKey)
    }
}

fn counted(status: StatusCode) -> Expected {
    Expected::status(status).header("x-ratelimit-limit", Present)
}

fn challenged() -> Expected {
    rendered(StatusCode::UNAUTHORIZED, r#"{"detail":"Unauthorized"}"#)
        .header("www-authenticate", Text("Bearer"))
}

fn not_found() -> Expected {
    rendered(StatusCode::NOT_FOUND, r#"{"detail":"Not Found"}"#)
}

fn rendered(status: StatusCode, body: &'static str) -> Expected {
    counted(status).header("content-type", Text("application/json")).body(body)
}
