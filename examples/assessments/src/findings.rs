use axum::{extract::State, http::StatusCode};
use portcullis::{ApiError, Visible, extract::Json};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    assessment::{Assessment, Editable, Finding, Severity, Status},
    records::Assessments,
};

#[derive(Deserialize)]
pub(crate) struct Draft {
    title: String,
    severity: Severity,
}

#[derive(Serialize)]
pub(crate) struct List {
    findings: Vec<Finding>,
}

#[derive(Serialize)]
pub(crate) struct Report {
    status: Status,
    findings: usize,
    worst: Option<Severity>,
}

pub(crate) async fn list(assessment: Visible<Assessment>) -> Json<List> {
    Json(List { findings: assessment.into_inner().findings })
}

pub(crate) async fn add(
    Editable(assessment): Editable,
    State(all): State<Assessments>,
    Json(Draft { title, severity }): Json<Draft>,
) -> Result<(StatusCode, Json<Finding>), ApiError> {
    let finding = Finding { id: Uuid::new_v4(), title, severity };
    all.change(assessment.id, |assessment| {
        assessment.findings.push(finding.clone());
        Ok((StatusCode::CREATED, Json(finding)))
    })
}

pub(crate) async fn report(assessment: Visible<Assessment>) -> Json<Report> {
    let worst = assessment.findings.iter().map(|finding| finding.severity).max();
    Json(Report { status: assessment.status, findings: assessment.findings.len(), worst })
}
