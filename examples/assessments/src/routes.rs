use axum::{
    Router,
    extract::FromRef,
    handler::Handler,
    routing::{get, post},
};
use portcullis::{BoxError, Guard, GuardLayer};

use crate::{accounts::Accounts, assessments, findings, records::Assessments, sign_in};

/// What handlers share.
#[derive(Clone)]
pub(crate) struct Service {
    assessments: Assessments,
    pub(crate) accounts: Accounts,
}

pub(crate) const LOGIN: &str = "/api/v1/auth/login";
pub(crate) const SECOND_FACTOR: &str = "/api/v1/auth/2fa";

pub(crate) fn of(writers: impl Guard) -> Router<Service> {
    let create = assessments::create.layer(GuardLayer::new(writers));
    let one = get(assessments::show).patch(assessments::rename).delete(assessments::delete);
    let findings = get(findings::list).post(findings::add);
    Router::new()
        .route(LOGIN, post(sign_in::login))
        .route(SECOND_FACTOR, post(sign_in::second_factor))
        .route("/api/v1/assessments", get(assessments::list).post(create))
        .route("/api/v1/assessments/{id}", one)
        .route("/api/v1/assessments/{id}/start", post(assessments::start))
        .route("/api/v1/assessments/{id}/findings", findings)
        .route("/api/v1/assessments/{id}/report", get(findings::report))
}

impl Service {
    pub(crate) fn demo() -> Result<Self, BoxError> {
        Ok(Self { assessments: Assessments::demo(), accounts: Accounts::demo()? })
    }
}

impl FromRef<Service> for Assessments {
    fn from_ref(service: &Service) -> Self {
        service.assessments.clone()
    }
}

impl FromRef<Service> for Accounts {
    fn from_ref(service: &Service) -> Self {
        service.accounts.clone()
    }
}
