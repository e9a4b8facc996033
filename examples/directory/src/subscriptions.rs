//! What users pay for, and how much of it they have used.

use std::time::{Duration, SystemTime};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, post, put},
};
use portcullis::{ApiError, extract::Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    catalogue::*,
    records::{Directory, Subscription},
};

pub(crate) fn routes() -> Router<Directory> {
    Router::new()
        .route("/plans/{plan}", delete(remove))
        .route("/users/{id}/subscription", post(subscribe))
}

/// What other services report.
pub(crate) fn consumption() -> Router<Directory> {
    Router::new().route("/applications/{id}/users/{user}/consumption/{key}", put(consume))
}

async fn remove(
    State(directory): State<Directory>,
    Path(plan): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    if !records.plans.contains(&plan) {
        return Err(SUB_001.into());
    }
    let mut subscriptions = records.users.values().filter_map(|user| user.subscription.as_ref());
    if subscriptions.any(|it| it.plan == plan && it.is_active()) {
        return Err(SUB_003.into());
    }
    records.plans.remove(&plan);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, Serialize)]
struct Order {
    plan: String,
    days: u16,
}

async fn subscribe(
    State(directory): State<Directory>,
    Path(id): Path<String>,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Order>), ApiError> {
    let mut records = directory.records()?;
    if !records.plans.contains(&order.plan) {
        return Err(SUB_001.into());
    }
    let user = records.users.get_mut(&id).ok_or(USR_001)?;
    if user.subscription.as_ref().is_some_and(Subscription::is_active) {
        return Err(SUB_002.into());
    }
    let ends = SystemTime::now() + Duration::from_secs(86_400 * u64::from(order.days));
    user.subscription = Some(Subscription { plan: order.plan.clone(), ends });
    Ok((StatusCode::CREATED, Json(order)))
}

#[derive(Deserialize)]
struct Consumed {
    value: Value,
}

#[derive(Serialize)]
struct Total {
    total: f64,
}

async fn consume(
    State(directory): State<Directory>,
    Path((id, user, key)): Path<(String, String, String)>,
    Json(consumed): Json<Consumed>,
) -> Result<Json<Total>, ApiError> {
    if !key.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_')) {
        return Err(CONS_001.into());
    }
    let value = consumed.value.as_f64().filter(|value| value.is_finite()).ok_or(CONS_002)?;
    let mut records = directory.records()?;
    let ended = records.users.get(&user).and_then(|user| user.subscription.as_ref());
    let is_over = ended.is_some_and(|subscription| !subscription.is_active());
    let application = records.applications.get_mut(&id).ok_or(CONS_003)?;
    if !application.users.contains(&user) {
        return Err(CONS_003.into());
    }
    if is_over {
        return Err(SUB_004.into());
    }
    let total = application.consumption.entry((user, key)).or_default();
    *total += value;
    Ok(Json(Total { total: *total }))
}
