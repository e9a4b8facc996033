use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Stands in front of an engine, and swallows what it is sent, when told to: as a firewall does that
/// drops packets, it closes nothing and answers nothing.
pub(crate) struct Swallow {
    address: SocketAddr,
    /// How many times it has swallowed, and whether it does.
    state: Arc<watch::Sender<(usize, bool)>>,
}

impl Swallow {
    pub(crate) async fn before(engine: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let address = listener.local_addr().expect("the port that was bound");
        let state = Arc::new(watch::Sender::new((0, false)));
        let states = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, engine, states.subscribe()));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn swallow(&self, is_swallowing: bool) {
        self.state.send_modify(|(count, swallows)| {
            *count += usize::from(is_swallowing);
            *swallows = is_swallowing;
        });
    }
}

/// Passes on what comes, unless it came while nothing passed; such a connection is dead for ever.
async fn pass(client: TcpStream, engine: SocketAddr, state: watch::Receiver<(usize, bool)>) {
    let born = *state.borrow();
    let Ok(engine) = TcpStream::connect(engine).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_engine, mut to_engine) = engine.into_split();
    let is_dead = move || *state.borrow() != born || born.1;
    let is_dead_too = is_dead.clone();
    let there = async move {
        let mut bytes = vec![0; 65_536];
        while let Ok(read @ 1..) = from_client.read(&mut bytes).await {
            if !is_dead() && to_engine.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    };
    let back = async move {
        let mut bytes = vec![0; 65_536];
        while let Ok(read @ 1..) = from_engine.read(&mut bytes).await {
            if !is_dead_too() && to_client.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(there, back);
}
