use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Instant,
};

use axum::{Router, body, body::Body, extract::Request, extract::State, response::Response};
use portcullis_tests::{Server, Wire, exchange};

/// Stands between a client and a service, and keeps when each request came and what was answered.
pub(crate) struct Recorder {
    server: Server,
    record: Arc<Record>,
}

struct Record {
    service: String,
    others: usize,
    exchanges: Mutex<Vec<Exchange>>,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) came: Instant,
    pub(crate) status: u16,
    pub(crate) retry_after: String,
    /// When the service had answered, and the client had not read it yet.
    pub(crate) answered: Instant,
}

impl Recorder {
    /// In front of the service at this address. So many others ask the same immediately before the
    /// first request is handed on.
    pub(crate) async fn before(service: &str, others: usize) -> Self {
        let service = service.to_owned();
        let record = Arc::new(Record { service, others, exchanges: Mutex::default() });
        let app = Router::new().fallback(hand_on).with_state(Arc::clone(&record));
        Self { server: Server::of(app).await, record }
    }

    /// Where a client finds this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    /// All that came, and what was answered.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.record.exchanges().clone()
    }
}

impl Record {
    fn exchanges(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.exchanges.lock().expect("nobody panics with it")
    }
}

async fn hand_on(State(record): State<Arc<Record>>, request: Request) -> Response {
    let came = Instant::now();
    let (mut head, body) = request.into_parts();
    // The connection to the service is another one.
    for name in ["connection", "content-length", "host", "transfer-encoding"] {
        head.headers.remove(name);
    }
    let body = body::to_bytes(body, usize::MAX).await.expect("a body that is whole");
    let request = Request::from_parts(head, body);
    if record.exchanges().is_empty() {
        for _ in 0..record.others {
            exchange(&record.service, &request).await;
        }
    }
    let wire = exchange(&record.service, &request).await;
    let (status, retry_after) = (wire.status.as_u16(), wire.header("retry-after").to_owned());
    let answered = Instant::now();
    record.exchanges().push(Exchange { came, status, retry_after, answered });
    response(wire)
}

fn response(wire: Wire) -> Response {
    let mut response = Response::new(Body::from(wire.body));
    *response.status_mut() = wire.status;
    *response.headers_mut() = wire.headers;
    response
}
