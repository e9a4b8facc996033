use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use portcullis_tests::python_with;

const APP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contracts/fastapi/app.py");
const REQUIREMENTS: &str = "tests/contracts/fastapi/requirements.txt";

/// Longer than this Python does not take to start, unless it will not start at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Python that serves `app.py`. It ends when this is dropped.
pub(crate) struct Python {
    process: Child,
    address: SocketAddr,
    version: Version,
}

/// A version of Python: major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u16, pub(crate) u16);

impl Python {
    /// Starts it, or says on standard error that there is none.
    ///
    /// # Panics
    ///
    /// Where there is none and `PORTCULLIS_REQUIRE` names `fastapi`, and where `app.py` fails.
    pub(crate) fn start() -> Option<Self> {
        let python = python_with("fastapi", "fastapi, uvicorn", REQUIREMENTS)?;
        let mut process = Command::new(python)
            .arg(APP)
            .stdin(Stdio::piped()) // app.py ends when this does, however the test ends
            .stdout(Stdio::piped())
            .spawn()
            .expect("a Python that started a moment ago");
        let stdout = process.stdout.take().expect("a pipe");
        let mut python =
            Self { process, address: ([127, 0, 0, 1], 0).into(), version: Version(0, 0) };
        let [port, version] = first_lines(stdout);
        python.address.set_port(port.parse().expect("a port"));
        python.version = Version::parse(&version).expect("a version such as 3.12");
        Some(python)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

/// The first two lines that it prints.
fn first_lines(stdout: ChildStdout) -> [String; 2] {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok).take(2) {
            let _ = sender.send(line);
        }
    });
    [(); 2].map(|()| receiver.recv_timeout(PATIENCE).expect("app.py to say where it listens"))
}
