use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::Route;
use crate::{
    Oracle, RequestBody,
    answer::{Answer, End},
    client::Client,
    oracle::Probe,
};

/// What the owner gets, before another tenant asks and after.
pub(super) struct Control<'a> {
    oracle: &'a Oracle,
    path: &'a str,
    probe: Probe,
    request: Request<Bytes>,
    was_seen: bool,
    /// Whether what it gets may change by itself.
    may_change: bool,
    /// What stands still, if it does.
    got: Option<Answer>,
}

impl<'a> Control<'a> {
    pub(super) fn new(
        oracle: &'a Oracle,
        route: &Route,
        path: &'a str,
        request: Request<Bytes>,
    ) -> Self {
        let probe = Probe::plain(route.seen_by.clone());
        let may_change = route.owner_may_change;
        Self { oracle, path, probe, request, was_seen: false, may_change, got: None }
    }

    /// The headers that the owner gets with what it owns.
    ///
    /// # Errors
    ///
    /// Why it does not get it.
    pub(super) async fn before<S, B>(&mut self, client: &Client<S>) -> Result<HeaderMap, String>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let got = self.ask(client).await;
        let headers = match &got.wire {
            Ok(wire) if wire.status.is_success() => wire.headers.clone(),
            _ => {
                let (probe, path) = (&self.probe, self.path);
                let (name, advice) = (got.name(), advice(got.status()));
                return Err(format!(
                    "{probe} {path}: its owner does not see it, but gets {name}{advice}"
                ));
            }
        };
        self.was_seen = true;
        let may_stand_still = self.is_safe() && !self.may_change && is_whole(&got);
        if may_stand_still && self.differs(&got, &self.ask(client).await).is_none() {
            self.got = Some(got);
        }
        Ok(headers)
    }

    /// Whether the owner gets this, as it does what it owns: then it is not missing.
    pub(super) async fn sees<S, B>(&self, client: &Client<S>, request: Request<Bytes>) -> bool
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let got = client.ask(self.probe.dress(&request)).await;
        got.status().is_some_and(|status| status.is_success())
    }

    /// What the owner gets otherwise than before: all of it, if that stood still, and else whether it
    /// is there.
    pub(super) async fn after<S, B>(&self, client: &Client<S>) -> Option<String>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        if !self.was_seen {
            return None;
        }
        let after = self.ask(client).await;
        let (probe, path) = (&self.probe, self.path);
        match &self.got {
            Some(before) => self.differs(before, &after).map(|fields| {
                let advice = match self.is_there(after.status()) {
                    true => ". If that changes by itself, say so by `Route::owner_may_change`",
                    false => "",
                };
                format!(
                    "{probe} {path}: its owner gets something else since the other tenant has \
                     asked: {fields}{advice}"
                )
            }),
            None if self.is_there(after.status()) => None,
            None => Some(format!(
                "{probe} {path}: its owner gets {} since the other tenant has asked",
                after.name()
            )),
        }
    }

    /// Whether this is what an owner may get. One that has asked by a method which changes something
    /// may be refused for that the next time, but is not told that there is nothing.
    fn is_there(&self, status: Option<StatusCode>) -> bool {
        match status {
            Some(status) if self.is_safe() => status.is_success(),
            Some(status) => ![StatusCode::NOT_FOUND, StatusCode::GONE].contains(&status),
            None => false,
        }
    }

    async fn ask<S, B>(&self, client: &Client<S>) -> Answer
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        client.ask(self.probe.dress(&self.request)).await
    }

    /// A method that changes nothing of itself (RFC 9110, section 9.2.1).
    fn is_safe(&self) -> bool {
        [Method::GET, Method::HEAD].contains(self.probe.method())
    }

    fn differs(&self, before: &Answer, after: &Answer) -> Option<String> {
        let differences = self.oracle.compare_answers(&self.probe, before, after);
        let fields = differences.iter().map(|it| {
            let [before, after] = it.values();
            format!("{} {before} before, {after} after", it.field())
        });
        (!differences.is_empty()).then(|| fields.collect::<Vec<_>>().join("; "))
    }
}

fn is_whole(answer: &Answer) -> bool {
    answer.wire.as_ref().is_ok_and(|wire| wire.end == End::Whole)
}

fn advice(status: Option<StatusCode>) -> &'static str {
    match status {
        Some(StatusCode::METHOD_NOT_ALLOWED) => {
            "; say by which method it is seen, by `Route::seen_by`"
        }
        Some(StatusCode::TOO_MANY_REQUESTS) => "; raise the limit for this test",
        Some(StatusCode::UNAUTHORIZED) => "; are its credentials right?",
        Some(status) if status.is_redirection() => "; name the path that it is redirected to",
        Some(status) if status.is_server_error() => "; the service's log says why",
        _ => "",
    }
}
