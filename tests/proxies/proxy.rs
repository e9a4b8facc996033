use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use portcullis_tests::skip_for_want_of;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::folder::Folder;

/// Longer than this a proxy does not take to start, unless it will not start at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that stands in front of others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Nginx,
    Haproxy,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Nginx, Self::Haproxy];

    fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
        }
    }

    fn config(self) -> &'static str {
        match self {
            Self::Nginx => include_str!("configs/nginx.conf"),
            Self::Haproxy => include_str!("configs/haproxy.cfg"),
        }
    }

    /// Runs it in the foreground, as one process.
    fn command(self, folder: &Folder) -> Command {
        let config = folder.path().join("config");
        let mut command = Command::new(self.program());
        match self {
            // `-e`: it writes to a log of the system's before it has read which one to write to.
            Self::Nginx => command.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c"),
            Self::Haproxy => command.args(["-db", "-f"]),
        };
        command.arg(config).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn is_installed(self) -> bool {
        let mut probe = Command::new(self.program());
        probe.arg("-v").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok()
    }
}

/// A proxy that runs. It ends when this is dropped.
pub(crate) struct Proxy {
    process: Child,
    address: SocketAddr,
    _folder: Folder,
}

impl Proxy {
    /// Starts one in front of `backend`, an address or `unix:` and a path, or says on standard error
    /// that there is none.
    pub(crate) async fn start(kind: Kind, backend: &str) -> Option<Self> {
        Self::start_with(kind, kind.config(), backend).await
    }

    /// The same with another configuration, in which READY, a path that is answered with 204, is
    /// filled in, and BACKEND, and LISTEN, the address, or PORT, its port.
    pub(crate) async fn start_with(kind: Kind, config: &str, backend: &str) -> Option<Self> {
        if !kind.is_installed() {
            let program = kind.program();
            skip_for_want_of(program, &format!("apt-get install {program}"));
            return None;
        }
        // A port that is free may be taken a moment later.
        for _ in 0..5 {
            let address = free_port().expect("a loopback port");
            let folder = Folder::new();
            let ready = format!("ready-{}", address.port());
            let config = config
                .replace("LISTEN", &address.to_string())
                .replace("PORT", &address.port().to_string())
                .replace("BACKEND", backend)
                .replace("READY", &ready);
            fs::write(folder.path().join("config"), config).expect("a file");
            let process = kind.command(&folder).spawn().expect("a program that is installed");
            let mut proxy = Self { process, address, _folder: folder };
            if proxy.is_ready(&ready).await {
                return Some(proxy);
            }
        }
        panic!("{kind:?} does not start: it says why above");
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks until it answers, and says whether it ever does.
    async fn is_ready(&mut self, path: &str) -> bool {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if is_answered(self.address, path).await.unwrap_or(false) {
                return true;
            }
            if self.process.try_wait().expect("a child").is_some() {
                return false;
            }
            thread::yield_now();
        }
        false
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether it is our proxy that answers there, and not whoever else has got the port.
async fn is_answered(address: SocketAddr, path: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /{path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 204 "))
}

fn free_port() -> io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}
