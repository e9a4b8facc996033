use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portcullis::{
    ApiError, Principal, Visible,
    extract::{Header, Json},
};
use serde::{Deserialize, Serialize};

use crate::{
    assessment::{Assessment, Editable, Status},
    caller::Caller,
    preconditions::{Preconditions, etag},
    records::Assessments,
};

#[derive(Deserialize)]
pub(crate) struct Draft {
    title: String,
}

#[derive(Serialize)]
pub(crate) struct List {
    assessments: Vec<Assessment>,
}

pub(crate) async fn list(
    State(all): State<Assessments>,
    Principal(caller): Principal<Caller>,
) -> Json<List> {
    Json(List { assessments: all.of(caller.organisation) })
}

pub(crate) async fn create(
    State(all): State<Assessments>,
    Principal(caller): Principal<Caller>,
    Json(draft): Json<Draft>,
) -> Result<(StatusCode, Json<Assessment>), ApiError> {
    let assessment = Assessment::new(caller.organisation, titled(draft)?);
    all.add(assessment.clone());
    Ok((StatusCode::CREATED, Json(assessment)))
}

pub(crate) async fn show(
    assessment: Visible<Assessment>,
    Header(preconditions): Header<Preconditions>,
) -> Response {
    if preconditions.is_known(&assessment) {
        return (StatusCode::NOT_MODIFIED, etag(&assessment)).into_response();
    }
    (etag(&assessment), Json(assessment.into_inner())).into_response()
}

pub(crate) async fn rename(
    Editable(assessment): Editable,
    State(all): State<Assessments>,
    Header(preconditions): Header<Preconditions>,
    Json(draft): Json<Draft>,
) -> Result<Json<Assessment>, ApiError> {
    let title = titled(draft)?;
    all.change(assessment.id, |assessment| {
        preconditions.permit_change(assessment)?;
        assessment.title = title;
        Ok(Json(assessment.clone()))
    })
}

pub(crate) async fn delete(
    Editable(assessment): Editable,
    State(all): State<Assessments>,
    Header(preconditions): Header<Preconditions>,
) -> Result<StatusCode, ApiError> {
    all.remove(assessment.id, |assessment| preconditions.permit_change(assessment))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn start(
    Editable(assessment): Editable,
    State(all): State<Assessments>,
) -> Result<Json<Assessment>, ApiError> {
    all.change(assessment.id, |assessment| {
        if assessment.status == Status::Running {
            return Err(ApiError::conflict().with_message("The assessment has started already"));
        }
        assessment.status = Status::Running;
        Ok(Json(assessment.clone()))
    })
}

/// A rule of the business: 400, where a title that is no text is a 422.
fn titled(Draft { title }: Draft) -> Result<String, ApiError> {
    match title.chars().count() {
        1..=200 => Ok(title),
        _ => {
            let message = "The title must be between 1 and 200 characters";
            Err(ApiError::bad_request().with_message(message))
        }
    }
}
