use axum::Router;
use portcullis::ManualClock;
use portcullis_tests::{Ask, Client, Protocol, Quotas, Server, Wire, invoices, stack};
use tower::Layer;

/// The four ways to the service: the stack inside its router or around it, over either protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    stack: Place,
    protocol: Protocol,
}

/// Where the stack stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// On `Router::layer`.
    Inside,
    /// As `stack.layer(router)`.
    Outside,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [
        Self { stack: Place::Inside, protocol: Protocol::Http1 },
        Self { stack: Place::Inside, protocol: Protocol::Http2 },
        Self { stack: Place::Outside, protocol: Protocol::Http1 },
        Self { stack: Place::Outside, protocol: Protocol::Http2 },
    ];

    /// A client of the invoices, from whose quotas nothing is spent.
    pub(crate) async fn open(self) -> Visit {
        self.open_to(invoices(), Quotas::default()).await
    }

    /// A client of this service behind the stack with these quotas.
    pub(crate) async fn open_to(self, service: Router, quotas: Quotas) -> Visit {
        let (server, clock) = self.stack.serve(service, quotas).await;
        Visit { client: server.client(self.protocol).await, clock }
    }
}

impl Place {
    pub(crate) const ALL: [Self; 2] = [Self::Inside, Self::Outside];

    pub(crate) async fn serve(self, service: Router, quotas: Quotas) -> (Server, ManualClock) {
        let (stack, clock) = stack(quotas);
        let server = match self {
            Self::Inside => Server::of(service.layer(stack)).await,
            Self::Outside => Server::of(stack.layer(service)).await,
        };
        (server, clock)
    }
}

/// A client, the service that it talks to, and the service's clock.
pub(crate) struct Visit {
    client: Client,
    pub(crate) clock: ManualClock,
}

impl Visit {
    pub(crate) async fn send(&mut self, ask: Ask) -> Wire {
        self.client.send(ask).await
    }
}
