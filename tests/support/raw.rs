use std::{fmt, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, ToSocketAddrs},
};

use crate::Ask;

/// An HTTP/1.1 answer, byte for byte as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(Vec<u8>);

impl Raw {
    pub(crate) async fn ask(address: SocketAddr, ask: &Ask) -> Self {
        Self::send(address, &ask.bytes()).await
    }

    /// Sends a request on a connection of its own, which it asks to be closed.
    pub async fn send(address: impl ToSocketAddrs, request: &[u8]) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(request).await.expect("a request that is read");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.expect("an answer, and then the end");
        Self(bytes)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The answer with dots for the value of this header: for what changes between two requests.
    #[must_use]
    pub fn but_for(self, header: &str) -> Self {
        let text = self.to_string();
        let name = format!("\r\n{header}: ");
        let Some((before, rest)) = text.split_once(&name) else { return self };
        let after = rest.find("\r\n").map_or("", |end| &rest[end..]);
        Self(format!("{before}{name}…{after}").into_bytes())
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// The text, line for line.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.to_string().split("\r\n")).finish()
    }
}
