//! An assessment, who may see it, and who may change it.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use portcullis::{ApiError, InvalidId, PathParameters, Resource, Visible};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{caller::Caller, gate::READ_ONLY, records::Assessments};

#[derive(Clone, Serialize)]
pub(crate) struct Assessment {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) status: Status,
    #[serde(skip)]
    pub(crate) organisation: &'static str,
    #[serde(skip)]
    pub(crate) findings: Vec<Finding>,
    /// How often it was changed.
    #[serde(skip)]
    pub(crate) version: u64,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Draft,
    Running,
}

#[derive(Clone, Serialize)]
pub(crate) struct Finding {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) severity: Severity,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Assessment {
    pub(crate) fn new(organisation: &'static str, title: String) -> Self {
        Self {
            id: Uuid::new_v4(),
            title,
            status: Status::Draft,
            organisation,
            findings: Vec::new(),
            version: 0,
        }
    }
}

impl Resource for Assessment {
    type Principal = Caller;
    type State = Assessments;
    type Id = Uuid;
    type Error = Infallible;

    const NOUN: &str = "Assessment";

    fn id(path: &PathParameters<'_>) -> Result<Uuid, InvalidId> {
        path.parse("id")
    }

    async fn load(all: Assessments, id: Uuid, _: &Caller) -> Result<Option<Self>, Infallible> {
        Ok(all.find(id))
    }

    fn owner(&self) -> &&'static str {
        &self.organisation
    }
}

/// An assessment that the caller may see, 404 if not, and may change, 403 if not. Only then is a body
/// read.
pub(crate) struct Editable(pub(crate) Visible<Assessment>);

impl<S> FromRequestParts<S> for Editable
where
    Assessments: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let assessment = Visible::<Assessment>::from_request_parts(head, state).await?;
        assessment
            .require(|caller, _| caller.may_write())
            .map_err(|forbidden| ApiError::from(forbidden).with_message(READ_ONLY))?;
        Ok(Self(assessment))
    }
}
