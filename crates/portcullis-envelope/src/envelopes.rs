//! The shapes that come ready: each an [`Envelope`](crate::Envelope).

mod by_status;
mod detail;
mod error_object;
mod flat;
mod issues;
mod phrases;
mod problem_details;
#[cfg(test)]
mod tests;

pub use self::{
    detail::{CodePlace, Detail, IssuesAs},
    error_object::{DetailsWhen, ErrorObject},
    flat::Flat,
    phrases::Phrases,
    problem_details::ProblemDetails,
};
