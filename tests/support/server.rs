use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{ServiceExt, extract::Request, response::Response, serve::IncomingStream};
use tokio::{net::TcpListener, sync::oneshot};
use tower::Service;

use crate::{Ask, Client, Protocol, Raw};

/// What can be served: a `Router`, or anything that stands in front of one.
pub trait Served:
    Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Served for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// A server on a loopback port of its own, which speaks HTTP/1.1 and HTTP/2.
///
/// When it and its clients are dropped it accepts nothing more, and its connections end with what
/// they are doing.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    running: Running,
}

/// A server runs as long as somebody holds one of its own.
pub(crate) type Running = Arc<oneshot::Sender<()>>;

impl Server {
    /// Serves this service, and tells it who is calling.
    pub async fn of(service: impl Served) -> Self {
        Self::made_by(service.into_make_service_with_connect_info::<SocketAddr>()).await
    }

    /// Serves what this makes for each connection.
    pub async fn made_by<M, S>(make: M) -> Self
    where
        M: for<'a> Service<
                IncomingStream<'a, TcpListener>,
                Response = S,
                Error = Infallible,
                Future: Send,
            > + Send
            + 'static,
        S: Served,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let address = listener.local_addr().expect("the port that was bound");
        let (running, stopped) = oneshot::channel();
        let server = axum::serve(listener, make).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(server.into_future());
        Self { address, running: Arc::new(running) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client with a new connection.
    pub async fn client(&self, protocol: Protocol) -> Client {
        Client::connect(self.address, protocol, Arc::clone(&self.running)).await
    }

    /// Asks over a new HTTP/1.1 connection, and reads every byte until the server closes it.
    pub async fn raw(&self, ask: Ask) -> Raw {
        Raw::ask(self.address, &ask).await
    }
}
