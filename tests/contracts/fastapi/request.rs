use std::{fmt, net::SocketAddr};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, HOST},
};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use portcullis_tests::Wire;
use tokio::net::TcpStream;

/// What both services are asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: Method,
    path: &'static str,
    headers: HeaderMap,
    body: Bytes,
}

/// `GET` of this path.
pub(crate) fn get(path: &'static str) -> Request {
    ask(Method::GET, path)
}

/// `POST` of this to this path, as `application/json`.
pub(crate) fn post(path: &'static str, json: impl Into<Bytes>) -> Request {
    ask(Method::POST, path).header("content-type", "application/json").body(json)
}

/// `POST` of a ticket.
pub(crate) fn ticket(json: impl Into<Bytes>) -> Request {
    post("/tickets", json)
}

/// Any method, of this path.
pub(crate) fn ask(method: Method, path: &'static str) -> Request {
    Request { method, path, headers: HeaderMap::new(), body: Bytes::new() }
}

impl Request {
    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    pub(crate) fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Sends it over a connection of its own, HTTP/1.1.
    pub(crate) async fn send(&self, address: SocketAddr) -> Wire {
        let mut request = http::Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        let host = HeaderValue::from_str(&address.to_string()).expect("an address");
        request.headers_mut().insert(HOST, host);

        let stream = TcpStream::connect(address).await.expect("a connection");
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
        tokio::spawn(connection);
        Wire::read(sender.send_request(request).await.expect("an answer")).await
    }
}

/// The method, the path, the media type and the beginning of the body.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(media_type) = self.headers.get(CONTENT_TYPE) {
            write!(f, " {media_type:?}")?;
        }
        let body = String::from_utf8_lossy(&self.body);
        write!(f, " {}", body.chars().take(100).collect::<String>())
    }
}
