//! The services, each on a port of the loopback interface.

use std::{convert::Infallible, io, net::SocketAddr};

use axum::ServiceExt;
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
};
use tower::Service;

use crate::{exchange::Response, request::Request};

/// Serves with `axum::serve` on one thread, until it is dropped.
///
/// One thread for all, of which one service is asked at a time, so that the client has a processor of
/// its own where there are two.
pub(crate) struct Server {
    runtime: Runtime,
}

impl Server {
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self { runtime: Builder::new_multi_thread().worker_threads(1).enable_all().build()? })
    }

    /// Where this service is from now on.
    pub(crate) fn serve<S>(&self, service: S) -> io::Result<SocketAddr>
    where
        S: Service<Request, Response = Response, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
    {
        let bind = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0));
        let listener = self.runtime.block_on(bind)?;
        let address = listener.local_addr()?;
        let service =
            ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        self.runtime.spawn(async move { axum::serve(listener, service).await });
        Ok(address)
    }
}
