use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

use bytes::Bytes;
use cargo_metadata::Message;
use http::Request;
use portcullis_tests::Wire;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command as Spawn},
};

use super::answer;

/// A service that runs, on a port of its own. It ends when this is dropped.
pub(super) struct Service {
    _process: Child,
    address: String,
}

impl Service {
    /// Starts the example of this name, with these settings and no others of its own.
    pub(super) async fn start(name: &str, env: &BTreeMap<String, String>) -> Self {
        let mut process = Spawn::new(program(name))
            .env_clear()
            .env("PORT", "0")
            .envs(env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the example that was built");
        let stdout = process.stdout.take().expect("its standard output");
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next_line().await.expect("text").unwrap_or_default();
        let address = line.strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{name} began with {line:?}")).to_owned();
        Self { _process: process, address }
    }

    /// Sends a request as it is, and reads the answer as it comes.
    pub(super) async fn ask(&self, request: &Request<Bytes>) -> Wire {
        answer::ask(&self.address, request).await
    }
}

/// The example's program, built if it is not: cargo knows where it lies.
fn program(name: &str) -> &'static PathBuf {
    static PROGRAMS: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(build);
    programs.get(name).unwrap_or_else(|| panic!("there is no example by the name {name}"))
}

fn build() -> HashMap<String, PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    cargo.args(["build", "--quiet", "--message-format=json"]);
    for name in ["helpdesk", "assessments", "accounts", "directory"] {
        cargo.args(["--package", name]);
    }
    let built = cargo.stderr(Stdio::inherit()).output().expect("cargo, which runs this test");
    assert!(built.status.success(), "the examples do not build");
    Message::parse_stream(&built.stdout[..])
        .filter_map(|message| match message.expect("a message of cargo's") {
            Message::CompilerArtifact(artifact) => {
                Some((artifact.target.name, artifact.executable?.into()))
            }
            _ => None,
        })
        .collect()
}
