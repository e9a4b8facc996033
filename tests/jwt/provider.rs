use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use portcullis::jwt::{Algorithm, Issuer, Jwks, Jwt, JwtBuilder};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::signer::{AUDIENCE, ISSUER};

/// What a service reads of a token.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Account {
    pub(crate) sub: String,
}

/// An identity provider's endpoint on a loopback port, which answers whatever it is told to, byte by
/// byte. It ends when it is dropped.
pub(crate) struct Provider {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    running: JoinHandle<()>,
}

struct Shared {
    answer: Mutex<Answer>,
    asked: AtomicUsize,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Status 200 and this.
    Keys(String),
    /// These bytes, and the end of the connection.
    Bytes(String),
    /// These bytes, and silence.
    Silence(String),
    /// Bytes without an end.
    Endless,
}

impl Provider {
    pub(crate) async fn new(answer: Answer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let address = listener.local_addr().expect("the port that was bound");
        let shared = Arc::new(Shared { answer: Mutex::new(answer), asked: AtomicUsize::new(0) });
        let running = tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(Arc::clone(&shared).serve(stream));
                }
            }
        });
        Self { address, shared, running }
    }

    pub(crate) fn answers(&self, answer: Answer) {
        *self.shared.answer.lock().expect("nobody panics with it") = answer;
    }

    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::Relaxed)
    }

    pub(crate) fn jwks(&self) -> Jwks {
        Jwks::at(format!("http://{}/jwks.json", self.address))
    }

    /// Who believes what is published here.
    pub(crate) fn builder(&self, jwks: Jwks) -> JwtBuilder<Account> {
        let issuer = Issuer::new(ISSUER, jwks).with_algorithms([Algorithm::EdDsa]);
        Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE).with_type("at+jwt")
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Shared {
    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        while read_head(&mut stream).await.is_some() {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let answer = self.answer.lock().expect("nobody panics with it").clone();
            match answer {
                Answer::Keys(keys) => {
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", keys.len());
                    if stream.write_all((head + &keys).as_bytes()).await.is_err() {
                        return;
                    }
                }
                Answer::Bytes(bytes) => {
                    // Whoever hangs up first has heard enough.
                    let _ = stream.write_all(bytes.as_bytes()).await;
                    return;
                }
                Answer::Silence(bytes) => {
                    let _ = stream.write_all(bytes.as_bytes()).await;
                    // Until the other side hangs up.
                    let _ = stream.read_u8().await;
                    return;
                }
                Answer::Endless => {
                    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                    let chunk = format!("1000\r\n{}\r\n", "[".repeat(0x1000));
                    let mut text = head.to_owned();
                    while stream.write_all(text.as_bytes()).await.is_ok() {
                        text.clone_from(&chunk);
                    }
                    return;
                }
            }
        }
    }
}

/// Reads until an empty line.
async fn read_head(stream: &mut TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(())
}

/// A short time, which passes where somebody does not answer.
pub(crate) const SHORT: Duration = Duration::from_millis(300);
