//! What another service knows.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::State,
    http::{Response, Uri},
};
use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use portcullis::{ApiError, BoxError, Principal, extract::Json};
use serde_json::Value;
use tokio::time::timeout;

use crate::accounts::{AccountId, Accounts};

/// How long we wait for it, and how long a client should where it is not there.
const PATIENCE: Duration = Duration::from_secs(2);
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What the caller has used, which the billing service counts.
pub(crate) async fn usage(
    State(accounts): State<Accounts>,
    Principal(AccountId(caller)): Principal<AccountId>,
) -> Result<Json<Value>, ApiError> {
    let uri = format!("{}/usage/{caller}", accounts.billing);
    let asked = async { timeout(PATIENCE, ask(uri)).await? };
    let usage = asked.await.map_err(|cause| {
        ApiError::unavailable(cause)
            .with_message("Failed to reach billing service")
            .with_retry_after(RETRY_AFTER)
    })?;
    Ok(Json(usage))
}

async fn ask(uri: String) -> Result<Value, BoxError> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response: Response<_> = client.get(uri.parse::<Uri>()?).await?;
    if !response.status().is_success() {
        return Err(format!("billing answers {}", response.status()).into());
    }
    let body = response.into_body().collect().await?.to_bytes();
    Ok(serde_json::from_slice(&body)?)
}
