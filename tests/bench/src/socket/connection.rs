//! One connection of a client that is as cheap as can be: what it costs is in every figure.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use portcullis::BoxError;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::answer::Answer;

/// HTTP/1.1, kept alive, one request at a time.
pub(super) struct Connection {
    stream: TcpStream,
    /// What has come of the answer.
    read: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, BoxError> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4096) })
    }

    /// Sends a request, and reads the answer to its end.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, BoxError> {
        self.read.clear();
        self.stream.write_all(request).await?;
        while !Answer::is_whole(&self.read)? {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server has closed a connection that is to be kept".into());
            }
        }
        Ok(Answer(&self.read))
    }

    /// Sends so many requests, one after the other, and says how long each took.
    pub(super) async fn ask_often(
        &mut self,
        request: &[u8],
        status: &[u8],
        times: usize,
    ) -> Result<Vec<Duration>, BoxError> {
        let mut took = Vec::with_capacity(times);
        for _ in 0..times {
            let start = Instant::now();
            let answer = self.ask(request).await?;
            if answer.status() != status {
                return Err("an answer has another status than the first".into());
            }
            took.push(start.elapsed());
        }
        Ok(took)
    }
}
