//! One thing that is measured.

use std::convert::Infallible;

use portcullis::BoxError;
use tower::Service;

use crate::{
    exchange::{Exchange, Response, exchange, finish},
    proof::Expected,
    region::measured_region,
    request::{Caller, Request, request, request_for},
};

/// How many requests go first: tables are filled, free lists grown, quotas spent.
const WARM_UP: usize = 50;

/// What is done with a request, and whose requests these are.
pub(crate) struct Case {
    caller: Caller,
    work: Work,
}

enum Work {
    Drop { before: fn() },
    Answer { exchange: Exchange, expected: Expected, proofs: Vec<Proof> },
}

/// An answer that shows that a layer is there which the measured answers do not show.
struct Proof {
    path: &'static str,
    caller: Caller,
    expected: Expected,
}

impl Case {
    /// A request that is dropped: what building requests in advance adds to every case.
    pub(crate) fn drop_request(caller: Caller) -> Self {
        Self::before_drop(caller, || {})
    }

    /// Work that takes no request, which is dropped after it.
    pub(crate) fn before_drop(caller: Caller, before: fn()) -> Self {
        Self { caller, work: Work::Drop { before } }
    }

    /// A service that answers this caller's requests like this.
    pub(crate) fn new<S>(service: S, caller: Caller, expected: Expected) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + 'static,
    {
        let exchange = exchange(service);
        Self { caller, work: Work::Answer { exchange, expected, proofs: Vec::new() } }
    }

    /// Shows that there is a layer which the measured answers do not show.
    pub(crate) fn proven_by(
        mut self,
        path: &'static str,
        caller: Caller,
        expected: Expected,
    ) -> Self {
        if let Work::Answer { proofs, .. } = &mut self.work {
            proofs.push(Proof { path, caller, expected });
        }
        self
    }

    /// Warms up, then proves that the answers are what the case says.
    pub(crate) fn prepare(&mut self) -> Result<(), BoxError> {
        let Work::Answer { exchange, expected, proofs } = &mut self.work else { return Ok(()) };
        for _ in 0..WARM_UP {
            finish(exchange(request(self.caller)?), drop);
        }
        expected.prove(exchange(request(self.caller)?))?;
        for Proof { path, caller, expected } in proofs {
            let response = exchange(request_for(path, *caller)?);
            let place = |error| format!("GET {path} by {caller:?}: {error}");
            expected.prove(response).map_err(place)?;
        }
        Ok(())
    }

    /// Requests of this case, built in advance.
    pub(crate) fn requests(&self, count: usize) -> Result<Vec<Request>, BoxError> {
        (0..count).map(|_| request(self.caller)).collect()
    }

    /// Measures what these requests cost, under the eyes of whoever measures.
    pub(crate) fn run(&mut self, requests: &mut Vec<Request>) {
        match &mut self.work {
            Work::Drop { before } => measured_region(requests, &mut |request| {
                before();
                drop(request);
            }),
            Work::Answer { exchange, expected, .. } => {
                let status = expected.expected_status();
                measured_region(requests, &mut |request| {
                    let response = exchange(request);
                    assert_eq!(response.status(), status, "an answer while measuring");
                    finish(response, drop);
                });
            }
        }
    }
}
