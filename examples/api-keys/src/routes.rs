use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{delete, get, post},
};
use portcullis::{
    ApiError, GuardLayer, Principal, Refusals, RequireScopes,
    keys::{ApiKeys, KeyId},
};
use serde::Serialize;

use crate::store::{Owner, Store};

#[derive(Clone)]
struct Shared {
    keys: ApiKeys<Store>,
    store: Store,
}

/// The routes; only who was granted `keys` makes keys and takes them back.
pub(crate) fn of(keys: ApiKeys<Store>, store: Store, refusals: &Refusals) -> Router {
    let scope = RequireScopes::new(["keys"], Owner::may).with_refusals(refusals);
    Router::new()
        .route("/keys", post(make))
        .route("/keys/{id}", delete(revoke))
        .route_layer(GuardLayer::new(scope))
        .route("/whoami", get(async |Principal(owner): Principal<Owner>| owner.name))
        .with_state(Shared { keys, store })
}

#[derive(Serialize)]
struct Made {
    id: i64,
    key: String,
}

/// A second key for the caller, which is shown this once.
async fn make(
    State(Shared { keys, store }): State<Shared>,
    Principal(owner): Principal<Owner>,
) -> Result<Json<Made>, ApiError> {
    let key = keys.generate().map_err(ApiError::unavailable)?;
    let id = store.add(&owner.name, &[], key.digest()).await.map_err(ApiError::internal)?;
    keys.forget(&key.digest());
    Ok(Json(Made { id, key: key.secret().to_owned() }))
}

/// Takes one of the caller's keys back: in the table, and where keys are verified.
async fn revoke(
    State(Shared { keys, store }): State<Shared>,
    Principal(owner): Principal<Owner>,
    Path(id): Path<i64>,
) -> Result<(), ApiError> {
    let was_there = store.revoke(&owner.name, id).await.map_err(ApiError::internal)?;
    if !was_there {
        return Err(ApiError::not_found().with_message("There is no such key"));
    }
    keys.revoke(&KeyId::from(id));
    Ok(())
}
