use axum::{extract::State, http::StatusCode};
use portcullis::{
    ApiError, Principal, Visible,
    extract::{Header, Json},
};
use serde::Deserialize;

use crate::{
    caller::Caller,
    store::Store,
    ticket::{Draft, Reused, Ticket},
};

#[derive(Deserialize)]
pub(crate) struct Headers {
    idempotency_key: Option<String>,
}

pub(crate) async fn list(
    State(store): State<Store>,
    Principal(caller): Principal<Caller>,
) -> Result<Json<Vec<Ticket>>, ApiError> {
    Ok(Json(Ticket::of(caller.tenant, &store).await.map_err(ApiError::internal)?))
}

pub(crate) async fn open(
    State(store): State<Store>,
    Principal(caller): Principal<Caller>,
    Header(headers): Header<Headers>,
    Json(draft): Json<Draft>,
) -> Result<(StatusCode, Json<Ticket>), ApiError> {
    if !(1..=255).contains(&draft.subject.chars().count()) {
        let message = "Subject must be between 1 and 255 characters";
        return Err(ApiError::bad_request().with_message(message));
    }
    let opened = Ticket::open(caller.tenant, headers.idempotency_key, draft, &store).await;
    match opened.map_err(ApiError::internal)? {
        Ok(ticket) => Ok((StatusCode::CREATED, Json(ticket))),
        Err(Reused) => {
            let message = "Idempotency key reused with a different payload";
            Err(ApiError::conflict().with_message(message))
        }
    }
}

pub(crate) async fn show(ticket: Visible<Ticket>) -> Json<Ticket> {
    Json(ticket.into_inner())
}

pub(crate) async fn delete(
    ticket: Visible<Ticket>,
    State(store): State<Store>,
) -> Result<StatusCode, ApiError> {
    ticket.delete(&store).await.map_err(ApiError::internal)?;
    Ok(StatusCode::NO_CONTENT)
}
