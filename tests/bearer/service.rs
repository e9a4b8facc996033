//! A service that says who called, and the three ways to it.

use axum::{Router, routing::any};
use http::HeaderMap;
use portcullis::{Bearer, Portcullis, Principal, Token, Verification, Verify};
use portcullis_tests::{Ask, Protocol, Server, Wire, oneshot};

use crate::secrecy::{searched, watch};

/// Who a token is verified as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller(pub(crate) String);

/// How a request comes to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Http1,
    Http2,
    InProcess,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Http1, Self::Http2, Self::InProcess];

    /// Sends one request, and searches the answer for tokens.
    pub(crate) async fn send(self, app: &Router, ask: Ask) -> Wire {
        watch();
        let protocol = match self {
            Self::InProcess => return searched(oneshot(app.clone(), ask).await),
            Self::Http1 => Protocol::Http1,
            Self::Http2 => Protocol::Http2,
        };
        let server = Server::of(app.clone()).await;
        searched(server.client(protocol).await.send(ask).await)
    }
}

/// The answer to a request, which is the same by every way.
pub(crate) async fn answer(app: &Router, ask: Ask) -> Wire {
    let mut answers = Vec::new();
    for way in Way::ALL {
        let mut answer = way.send(app, ask.clone()).await;
        // hyper says it of every answer, and nobody says it in process.
        answer.headers.remove("content-length");
        answers.push(answer);
    }
    for other in &answers {
        assert_eq!(other.lines(), answers[0].lines(), "{ask:?}");
    }
    answers.swap_remove(0)
}

/// `/whoami`, `/me` and `/health`, behind this bearer.
pub(crate) fn behind<V: Verify<Principal = Caller>>(bearer: Bearer<V>) -> Router {
    routes().layer(Portcullis::new().bearer(bearer))
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route(
            "/whoami",
            any(async |caller: Option<Principal<Caller>>, headers: HeaderMap| {
                // What a handler logs of its request must not show the token.
                tracing::trace!(?headers, "a handler was called");
                caller.map_or("nobody".to_owned(), |Principal(caller)| caller.0)
            }),
        )
        .route("/me", any(async |Principal(caller): Principal<Caller>| caller.0))
        .route("/health", any(async || "fine"))
}

/// Takes `hunter2`, at once, and `hunter2later`, later.
#[derive(Clone, Copy)]
pub(crate) struct OneKey;

impl Verify for OneKey {
    type Principal = Caller;

    fn verify(&self, token: &Token) -> Verification<Caller> {
        tracing::trace!(?token, "a verifier was called");
        match token.as_str() {
            "hunter2" => Some(Caller("wile".into())).into(),
            "hunter2later" => Verification::later(async {
                tokio::task::yield_now().await;
                Some(Caller("wile".into()))
            }),
            _ => None.into(),
        }
    }
}
