use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    response::Response,
    routing::{MethodRouter, Route, get},
};
use http::{HeaderName, StatusCode, header::ETAG};
use portcullis_tests::Served;
use tower::{Layer, ServiceBuilder, layer::util::Identity, util::BoxCloneSyncService};

/// Where a layer can be put into a service that has
///
/// | request | answer |
/// |---|---|
/// | `GET /api/here` | 200 |
/// | `GET /api/gone` | the handler's own 404, with words and a header |
/// | `GET /api/closed` | a bare 503 |
/// | `GET /api/empty` | 204 |
/// | `GET /api/unchanged` | 304, with an `ETag` |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `router.layer(layer)`.
    RouterLayer,
    /// `router.route_layer(layer)`.
    RouteLayer,
    /// `get(handler).layer(layer)`, for every route.
    MethodRouter,
    /// On the router that is nested at `/api`.
    Nested,
    /// On the router that is nested at `/api`, and has a fallback of its own.
    NestedWithFallback,
    /// `layer.layer(router)`.
    Outside,
}

/// A service with a layer somewhere in it.
pub(crate) type Layered = BoxCloneSyncService<Request, Response, Infallible>;

impl Place {
    pub(crate) const ALL: [Self; 6] = [
        Self::RouterLayer,
        Self::RouteLayer,
        Self::MethodRouter,
        Self::Nested,
        Self::NestedWithFallback,
        Self::Outside,
    ];

    /// Puts the layer there, by way of a `ServiceBuilder`.
    pub(crate) fn put<L>(self, layer: L) -> Layered
    where
        L: Layer<Route, Service: Served>
            + Layer<Router, Service: Served>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let layer = ServiceBuilder::new().layer(layer);
        let routes = || api(|route| route);
        let nest = |api: Router| BoxCloneSyncService::new(Router::new().nest("/api", api));
        match self {
            Self::RouterLayer => {
                BoxCloneSyncService::new(Router::new().nest("/api", routes()).layer(layer))
            }
            Self::RouteLayer => {
                BoxCloneSyncService::new(Router::new().nest("/api", routes()).route_layer(layer))
            }
            Self::MethodRouter => nest(api(|route| route.layer(layer.clone()))),
            Self::Nested => nest(routes().layer(layer)),
            Self::NestedWithFallback => {
                nest(routes().fallback(async || StatusCode::NOT_FOUND).layer(layer))
            }
            Self::Outside => {
                BoxCloneSyncService::new(layer.service(Router::new().nest("/api", routes())))
            }
        }
    }

    /// The same service without the layer.
    pub(crate) fn bare(self) -> Layered {
        self.put(Identity::new())
    }
}

fn api(dress: impl Fn(MethodRouter) -> MethodRouter) -> Router {
    Router::new()
        .route("/here", dress(get(async || "here")))
        .route("/gone", dress(get(gone)))
        .route("/closed", dress(get(async || StatusCode::SERVICE_UNAVAILABLE)))
        .route("/empty", dress(get(async || StatusCode::NO_CONTENT)))
        .route("/unchanged", dress(get(unchanged)))
}

async fn gone() -> (StatusCode, [(HeaderName, &'static str); 1], &'static str) {
    (StatusCode::NOT_FOUND, [(ETAG, "\"7\"")], "row 7 was deleted")
}

async fn unchanged() -> (StatusCode, [(HeaderName, &'static str); 1]) {
    (StatusCode::NOT_MODIFIED, [(ETAG, "\"7\"")])
}
