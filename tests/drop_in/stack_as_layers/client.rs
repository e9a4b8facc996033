use std::{convert::Infallible, error::Error as _, future::poll_fn, net::SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use http::{HeaderName, Method};
use portcullis::{ApiError, Final, Hidden};
use portcullis_tests::Wire;
use tower::Service;

use crate::place::Layered;

/// Asks one and the same service again and again.
pub(super) struct Client(Layered);

/// All that is to be seen of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// What came over the wire.
    lines: Vec<String>,
    /// The names of its headers, in their order.
    names: Vec<HeaderName>,
    /// What is left in the extensions for whoever stands outside.
    left: Vec<String>,
}

impl Client {
    pub(super) fn of(service: Layered) -> Self {
        Self(service)
    }

    /// Asks with this key; the empty one is none.
    pub(super) async fn ask(&mut self, key: &str, method: &Method) -> Result<Seen, Infallible> {
        poll_fn(|cx| self.0.poll_ready(cx)).await?;
        let response = self.0.call(request(key, method)).await?;
        let left = left(&response);
        let names = response.headers().keys().cloned().collect();
        Ok(Seen { lines: Wire::read(response).await.lines(), names, left })
    }
}

impl Seen {
    pub(super) fn status(&self) -> u16 {
        self.lines[0][..3].parse().expect("a status")
    }
}

fn request(key: &str, method: &Method) -> Request {
    let request = Request::builder()
        .method(method)
        .uri("/rows/7")
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 9))))
        .header(HeaderName::from_static("x-request-id"), "r-1");
    let request = match key {
        "" => request,
        key => request.header(http::header::AUTHORIZATION, format!("Bearer {key}")),
    };
    request.body(Body::empty()).expect("a request")
}

fn left(response: &Response) -> Vec<String> {
    let extensions = response.extensions();
    let error = extensions.get::<ApiError>().map(|error| {
        let cause = error.source().map(ToString::to_string);
        format!("{error:?} because of {cause:?}")
    });
    let hidden = extensions.get::<Hidden>().map(|_| "hidden".to_owned());
    let last = extensions.get::<Final>().map(|_| "in its last form".to_owned());
    [error, hidden, last].into_iter().flatten().collect()
}
