//! Applications, which have users.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, put},
};
use portcullis::{ApiError, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{APP_001, APP_002, APP_003, APP_004, USR_001},
    invalid::invalid,
    records::{Application, Directory},
};

pub(crate) fn routes() -> Router<Directory> {
    Router::new()
        .route("/applications", get(list).post(create))
        .route("/applications/{id}", get(read).delete(remove))
        .route("/applications/{id}/users/{user}", put(admit))
}

#[derive(Deserialize)]
struct NewApplication {
    name: String,
    slug: String,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    slug: String,
}

impl Shown {
    fn of(id: &str, application: &Application) -> Self {
        let Application { name, slug, .. } = application;
        Self { id: id.to_owned(), name: name.clone(), slug: slug.clone() }
    }
}

async fn list(State(directory): State<Directory>) -> Result<Json<Vec<Shown>>, ApiError> {
    let records = directory.records()?;
    Ok(Json(records.applications.iter().map(|(id, it)| Shown::of(id, it)).collect()))
}

async fn create(
    State(directory): State<Directory>,
    new: Result<Json<NewApplication>, ApiError>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let Json(new) = new.map_err(invalid(APP_001))?;
    let mut records = directory.records()?;
    if records.applications.values().any(|known| known.slug == new.slug) {
        return Err(APP_003.into());
    }
    let id = records.new_id('a');
    let application = Application::new(new.name, new.slug);
    let shown = Shown::of(&id, &application);
    records.applications.insert(id, application);
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn read(
    State(directory): State<Directory>,
    Path(id): Path<String>,
) -> Result<Json<Shown>, ApiError> {
    let records = directory.records()?;
    let application = records.applications.get(&id).ok_or(APP_002)?;
    Ok(Json(Shown::of(&id, application)))
}

async fn remove(
    State(directory): State<Directory>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    let application = records.applications.get(&id).ok_or(APP_002)?;
    if records.is_any_active(&application.users) {
        return Err(APP_004.into());
    }
    records.applications.remove(&id);
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a user into an application.
async fn admit(
    State(directory): State<Directory>,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    let is_known = records.users.contains_key(&user);
    let application = records.applications.get_mut(&id).ok_or(APP_002)?;
    if !is_known {
        return Err(USR_001.into());
    }
    application.users.insert(user);
    Ok(StatusCode::NO_CONTENT)
}
