use std::{convert::Infallible, net::SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use tower::{Service, ServiceExt};

use crate::{Ask, Wire};

/// Asks a service in process, as the client 192.0.2.1.
pub async fn oneshot<S>(service: S, ask: Ask) -> Wire
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let mut request = ask.request("").map(Body::from);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 9))));
    let Ok(response) = service.oneshot(request).await;
    Wire::read(response).await
}
