//! Every error response of the contracts' golden vectors, made by configuration.
//!
//! `vectors/` holds the vectors as they were published. The services that they drive come later;
//! here each error of theirs is an `ApiError`, or what an extractor or the router makes of the
//! vector's own request, beneath the contract's envelope, in process.

mod accounts;
mod assessments;
mod causes;
mod directory;
pub(crate) mod earlier;
mod helpdesk;
pub(crate) mod json;
mod pattern;
pub(crate) mod vectors;

use std::collections::BTreeSet;

use axum::{Router, body::Body};
use portcullis_tests::Wire;
use tower::ServiceExt;

use self::vectors::{Asked, Case, Vectors};

pub(crate) use self::{
    accounts::protect as protect_accounts, causes::refused, directory::protect as protect_directory,
};

/// A contract, and what this workspace says in it.
struct Contract {
    /// The golden vectors.
    vectors: &'static str,
    /// The configuration that a user would write: it goes over a service as it is.
    protect: fn(Router) -> Router,
    /// For each case, what fails beneath the envelope: one service for each error response of it.
    causes: Vec<(&'static str, Vec<Router>)>,
}

impl Contract {
    /// Fails unless every error response of the vectors is made, byte for byte.
    async fn is_spoken(&self) {
        let vectors = Vectors::parse(self.vectors);
        let mut faults = self.dead_cases(&vectors);
        for case in &vectors.cases {
            if let Err(fault) = self.speaks(case).await {
                faults.push(format!("{}: {fault}", case.name));
            }
        }
        assert!(faults.is_empty(), "{}: {}", vectors.service, faults.join("\n"));
    }

    async fn speaks(&self, case: &Case) -> Result<(), String> {
        let causes = self.causes.iter().find(|(name, _)| *name == case.name);
        let causes = causes.map_or(&[][..], |(_, causes)| causes);
        let errors: Vec<_> = (0..).zip(&case.steps).filter(|(_, step)| step.is_error()).collect();
        if errors.len() != causes.len() {
            return Err(format!("{} error responses, {} causes", errors.len(), causes.len()));
        }
        let mut answers: Vec<(usize, Wire)> = Vec::new();
        for ((number, step), cause) in errors.into_iter().zip(causes) {
            let answer = ask((self.protect)(cause.clone()), &step.request).await;
            step.response.meets(&answer).map_err(|fault| format!("step {number}: {fault}"))?;
            if let Some(same) = step.response.same_as {
                let (_, first) =
                    answers.iter().find(|(at, _)| *at == same).ok_or("same as a success")?;
                let difference = first.difference(&answer);
                if !difference.is_empty() {
                    return Err(format!("step {number} is not as step {same}\n{difference}"));
                }
            }
            answers.push((number, answer));
        }
        Ok(())
    }

    /// Causes that no vector asks for any more.
    fn dead_cases(&self, vectors: &Vectors) -> Vec<String> {
        let known: BTreeSet<_> = vectors.cases.iter().map(|case| &*case.name).collect();
        let dead = self.causes.iter().filter(|(name, _)| !known.contains(name));
        dead.map(|(name, _)| format!("{name}: no vector has that name")).collect()
    }
}

async fn ask(service: Router, asked: &Asked) -> Wire {
    let Ok(response) = service.oneshot(asked.request().map(Body::from)).await;
    Wire::read(response).await
}

#[tokio::test]
#[should_panic(expected = "another: 1 error responses, 0 causes")]
async fn an_error_response_that_nothing_makes_is_noticed() {
    let vectors = r#"{"service":"s","cases":[{"name":"another","steps":[
        {"request":{"method":"GET","path":"/","headers":{}},"response":{"status":410,"headers":{}}}
    ]}]}"#;
    let contract = Contract { vectors, protect: |service| service, causes: Vec::new() };
    contract.is_spoken().await;
}
