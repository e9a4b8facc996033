use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    response::Response,
    routing::{MethodRouter, Route},
};
use http::{Method, StatusCode};
use portcullis::{BoxError, EnvelopeLayer};
use portcullis_tests::{Ask, Protocol, Server, ask};
use tower::{Layer, Service, ServiceBuilder, layer::util::Identity, util::BoxCloneSyncService};

use crate::{
    place::Place,
    shape::{Plain, Shape},
};

/// A way for a request to fail, and what must come of it.
pub(crate) struct Source {
    pub(crate) name: &'static str,
    pub(crate) methods: &'static [Method],
    pub(crate) protocols: &'static [Protocol],
    /// What has to be asked once before it fails.
    pub(crate) first: Option<Ask>,
    path: &'static str,
    dress: Dress,
    build: Box<Build>,
    expected: Expected,
}

/// What makes a request fail.
pub(crate) type Dress = fn(Ask) -> Ask;

type Build = dyn Fn(Place, &Shape) -> BoxCloneSyncService<Request, Response, Infallible>;

/// What the client gets.
struct Expected {
    body: Body,
    kept: Vec<(&'static str, &'static str)>,
    /// It comes with a text, which a router keeps from an envelope around it when it is asked by
    /// `HEAD`, so that nobody there can know how long it is.
    has_words: bool,
}

enum Body {
    Plain(Plain),
    /// One for every [`Shape`].
    Each(u16, [String; 5]),
}

impl Body {
    fn status(&self) -> u16 {
        match self {
            Self::Plain(plain) => plain.status,
            Self::Each(status, _) => *status,
        }
    }
}

/// A service between an envelope and the routes. It may fail.
pub(crate) trait Between:
    Service<Request, Response = Response, Error: Into<BoxError>, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Between for S where
    S: Service<Request, Response = Response, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

impl Source {
    /// A route, which fails by itself, at `/`. It is asked by `GET` and by `HEAD`.
    pub(crate) fn route(name: &'static str, status: u16, route: MethodRouter) -> Self {
        Self::router(name, status, Router::new().route("/", route))
    }

    /// A router that fails by itself.
    pub(crate) fn router(name: &'static str, status: u16, router: Router) -> Self {
        Self::beneath(name, status, Identity::new(), router)
    }

    /// A router behind a layer, one of which fails.
    pub(crate) fn beneath<L>(name: &'static str, status: u16, layer: L, router: Router) -> Self
    where
        L: Layer<Route, Service: Between>
            + Layer<Router, Service: Between>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let build = move |place, shape: &Shape| {
            let layers = ServiceBuilder::new()
                .layer(EnvelopeLayer::new(shape.envelope.clone()))
                .layer(layer.clone());
            match place {
                // Before a router has its state, axum makes its layers anew for every request.
                Place::Inside => {
                    BoxCloneSyncService::new(router.clone().layer(layers).with_state(()))
                }
                Place::Outside => BoxCloneSyncService::new(layers.service(router.clone())),
            }
        };
        let plain = Plain { status, message: None, retry_after: None };
        Self {
            name,
            methods: &[Method::GET, Method::HEAD],
            protocols: &Protocol::ALL,
            first: None,
            path: "/",
            dress: |ask| ask,
            build: Box::new(build),
            expected: Expected { body: Body::Plain(plain), kept: Vec::new(), has_words: false },
        }
    }

    /// It is asked for this.
    pub(crate) fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// It is asked so.
    pub(crate) fn asked(self, dress: Dress) -> Self {
        Self { dress, ..self }
    }

    /// It is asked so, by `POST` alone.
    pub(crate) fn posted(self, dress: Dress) -> Self {
        Self { methods: &[Method::POST], ..self.asked(dress) }
    }

    /// It fails by `GET` alone.
    pub(crate) fn only_by_get(self) -> Self {
        Self { methods: &[Method::GET], ..self }
    }

    /// It fails over HTTP/1.1 alone.
    pub(crate) fn only_over_http1(self) -> Self {
        Self { protocols: &[Protocol::Http1], ..self }
    }

    /// It fails once this has been asked.
    pub(crate) fn after(self, first: Ask) -> Self {
        Self { first: Some(first), ..self }
    }

    /// It comes with a text, of which the client reads the status's phrase.
    pub(crate) fn wordy(mut self) -> Self {
        self.expected.has_words = true;
        self
    }

    /// The client reads this message.
    pub(crate) fn says(mut self, message: &'static str) -> Self {
        if let Body::Plain(plain) = &mut self.expected.body {
            plain.message = Some(message);
        }
        self
    }

    /// The client is told to wait.
    pub(crate) fn waits(mut self, seconds: u64, header: &'static str) -> Self {
        if let Body::Plain(plain) = &mut self.expected.body {
            plain.retry_after = Some(seconds);
        }
        self.keeps("retry-after", header)
    }

    /// The client reads these bodies, one for each [`Shape`].
    pub(crate) fn reads(mut self, bodies: [impl Into<String>; 5]) -> Self {
        self.expected.body = Body::Each(self.expected.body.status(), bodies.map(Into::into));
        self
    }

    /// The client gets this header.
    pub(crate) fn keeps(mut self, name: &'static str, value: &'static str) -> Self {
        self.expected.kept.push((name, value));
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.expected.body.status()
    }

    pub(crate) async fn serve(&self, place: Place, shape: &Shape) -> Server {
        Server::of((self.build)(place, shape)).await
    }

    pub(crate) fn ask(&self, method: &Method) -> Ask {
        (self.dress)(ask(method.clone(), self.path))
    }

    /// The answers that will do in the [`Shape`] of this index, line by line.
    pub(crate) fn answers(&self, index: usize, place: Place, method: &Method) -> Vec<Vec<String>> {
        let Expected { body, kept, has_words } = &self.expected;
        let shape = &Shape::all()[index];
        let (status, body) = match body {
            Body::Plain(plain) => (plain.status, shape.plain(plain)),
            Body::Each(status, bodies) => (*status, bodies[index].clone()),
        };
        let mut lines: Vec<_> =
            kept.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let length = format!("content-length: {}", body.len());
        lines.extend([length.clone(), format!("content-type: {}", shape.content_type)]);
        lines.sort_by(|one, other| one.split(':').next().cmp(&other.split(':').next()));
        let status = StatusCode::from_u16(status).expect("a status");
        lines.insert(0, status.to_string());
        if *method != Method::HEAD {
            lines.extend([String::new(), body]);
            return vec![lines];
        }
        if !has_words || place == Place::Inside {
            return vec![lines];
        }
        let without_length = lines.iter().filter(|line| **line != length).cloned().collect();
        vec![lines, without_length]
    }
}
