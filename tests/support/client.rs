use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http::{HeaderValue, Response, header::HOST};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    net::{TcpSocket, TcpStream},
    task::AbortHandle,
};

use crate::{Ask, Wire, server::Running};

/// What a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 in the clear, with prior knowledge (RFC 9113, section 3.3).
    Http2,
}

impl Protocol {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Http1, Self::Http2];
}

/// One connection to a server, which runs at least as long if it is a
/// [`Server`](crate::Server). It is closed when this is dropped.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    sender: Sender,
    connection: AbortHandle,
    _server: Option<Running>,
}

#[derive(Debug)]
enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

impl Client {
    /// Calls whatever listens there over HTTP/1.1, from an address of this machine such as
    /// 127.0.0.2.
    pub async fn from(own: IpAddr, address: SocketAddr) -> Self {
        let socket = match own {
            IpAddr::V4(_) => TcpSocket::new_v4(),
            IpAddr::V6(_) => TcpSocket::new_v6(),
        };
        let socket = socket.expect("a socket");
        socket.bind((own, 0).into()).expect("an address of this machine");
        let stream = socket.connect(address).await.expect("a connection");
        Self::over(stream, address, Protocol::Http1, None).await
    }

    pub(crate) async fn connect(address: SocketAddr, protocol: Protocol, server: Running) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        Self::over(stream, address, protocol, Some(server)).await
    }

    async fn over(
        stream: TcpStream,
        address: SocketAddr,
        protocol: Protocol,
        server: Option<Running>,
    ) -> Self {
        stream.set_nodelay(true).expect("a connection");
        let io = TokioIo::new(stream);
        let (sender, connection) = match protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(io).await.expect("HTTP/1.1");
                (Sender::Http1(sender), tokio::spawn(connection.with_upgrades()))
            }
            Protocol::Http2 => {
                let shaken = http2::handshake(TokioExecutor::new(), io).await;
                let (sender, connection) = shaken.expect("HTTP/2");
                (Sender::Http2(sender), tokio::spawn(connection))
            }
        };
        Self { address, sender, connection: connection.abort_handle(), _server: server }
    }

    /// Sends a request, and reads the whole answer.
    ///
    /// An answer that is cut off, or whose stream is reset, fails the test.
    pub async fn send(&mut self, ask: Ask) -> Wire {
        Wire::read(self.open(ask).await).await
    }

    /// Sends a request, and reads the head of its answer.
    pub async fn open(&mut self, ask: Ask) -> Response<Incoming> {
        let origin = format!("http://{}", self.address);
        let answer = match &mut self.sender {
            Sender::Http1(sender) => {
                let mut request = ask.request("").map(Full::new);
                let host = HeaderValue::from_str(&self.address.to_string()).expect("an address");
                request.headers_mut().insert(HOST, host);
                sender.ready().await.expect("an open connection");
                sender.send_request(request).await
            }
            Sender::Http2(sender) => {
                sender.ready().await.expect("an open connection");
                sender.send_request(ask.request(&origin).map(Full::new)).await
            }
        };
        answer.expect("an answer, and not a reset")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
