//! The same service twice, in FastAPI and here, asked the same over real sockets.
//!
//! It runs where Python has FastAPI: `PORTCULLIS_PYTHON` names the interpreter (`python3` unless
//! set), and `PORTCULLIS_REQUIRE=fastapi` makes its absence a failure.

mod answer;
mod differences;
mod python;
mod request;
mod requests;
mod service;

use std::net::SocketAddr;

use tokio::net::TcpListener;

use self::{
    answer::Answer,
    python::{Python, Version},
    request::Request,
};

/// From here on Python has other phrases and counts the offsets of faulty JSON otherwise.
const PYTHON_3_13: Version = Version(3, 13);

#[tokio::test]
async fn a_service_that_leaves_fastapi_answers_its_clients_as_before() {
    let Some(both) = Both::start().await else { return };
    let mut requests = requests::all();
    if both.python.version() < PYTHON_3_13 {
        requests.extend(differences::since_python_3_13().into_iter().map(|it| it.request));
    }
    let unlike = both.unlike(&requests).await;
    assert!(unlike.is_empty(), "{} answers differ\n{}", unlike.len(), unlike.join("\n"));
}

#[tokio::test]
async fn where_the_two_differ_on_purpose_they_differ_in_exactly_that() {
    let Some(both) = Both::start().await else { return };
    let mut differences = differences::always();
    if both.python.version() >= PYTHON_3_13 {
        differences.extend(differences::since_python_3_13());
    }
    let mut other = Vec::new();
    for difference in &differences {
        assert_ne!(difference.theirs, difference.ours, "{}: there is none", difference.why);
        let (theirs, ours) = both.answer(&difference.request).await;
        for (who, answer, listed) in
            [("FastAPI", theirs, &difference.theirs), ("here", ours, &difference.ours)]
        {
            if answer != *listed {
                let (why, request) = (difference.why, &difference.request);
                other.push(format!("{why}: {request}\n  {who}:  {answer}\n  listed: {listed}"));
            }
        }
    }
    assert!(other.is_empty(), "{} differences are others\n{}", other.len(), other.join("\n"));
}

/// The two services, each behind a socket.
struct Both {
    python: Python,
    ours: SocketAddr,
}

impl Both {
    /// Both, or `None` where this machine has no FastAPI.
    async fn start() -> Option<Self> {
        let python = Python::start()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let ours = listener.local_addr().expect("the port that was bound");
        tokio::spawn(axum::serve(listener, service::service()).into_future());
        Some(Self { python, ours })
    }

    /// The requests that they answer differently, and both answers.
    async fn unlike(&self, requests: &[Request]) -> Vec<String> {
        let mut unlike = Vec::new();
        for request in requests {
            let (theirs, ours) = self.answer(request).await;
            if theirs != ours {
                unlike.push(format!("{request}\n  FastAPI: {theirs}\n  here:    {ours}"));
            }
        }
        unlike
    }

    /// What each of them answers: FastAPI, and then ours.
    async fn answer(&self, request: &Request) -> (Answer, Answer) {
        let theirs = request.send(self.python.address()).await;
        let ours = request.send(self.ours).await;
        (Answer::of(&theirs), Answer::of(&ours))
    }
}
