use axum::{extract::State, http::StatusCode};
use portcullis::{ApiError, Principal, extract::Json};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::{caller::Caller, store::Store};

#[derive(Deserialize)]
pub(crate) struct Article {
    title: String,
    text: String,
}

#[derive(Serialize)]
pub(crate) struct Accepted {
    id: i64,
}

/// Takes an article of the knowledge base in, to be indexed later.
pub(crate) async fn add(
    State(store): State<Store>,
    Principal(caller): Principal<Caller>,
    Json(article): Json<Article>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    let insert = "INSERT INTO articles (tenant, title, text) VALUES (?1, ?2, ?3)";
    let accepted = store.run(move |database| {
        database.execute(insert, params![caller.tenant, article.title, article.text])?;
        Ok(Accepted { id: database.last_insert_rowid() })
    });
    Ok((StatusCode::ACCEPTED, Json(accepted.await.map_err(ApiError::internal)?)))
}
