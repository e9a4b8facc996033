use std::{
    ffi::{OsStr, OsString},
    process::Stdio,
    time::Duration,
};

use portcullis_tests::python_with;
use tokio::{process::Command, time::timeout};

use crate::node;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/clients");

/// Longer than this no client takes, unless it has given up waiting for the right thing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that asks for a URL with an API key, retries as its library does, and prints the status
/// that it ended with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    PageInPython,
    PageInTypeScript,
    Urllib3,
    HttpxRetries,
    Got,
    Ky,
}

impl Client {
    /// The status that it ends with, or `None` where this machine lacks what runs it.
    pub(crate) async fn get(self, url: &str, key: &str) -> Option<u16> {
        let mut client = match self {
            Self::PageInPython => python("page.py"),
            Self::Urllib3 => python("with_urllib3.py"),
            Self::HttpxRetries => python("with_httpx.py"),
            Self::PageInTypeScript => node::typescript(&file("node/page.ts")).await,
            Self::Got => node::script(&file("node/with_got.js")),
            Self::Ky => node::script(&file("node/with_ky.js")),
        }?;
        client.args([url, key]).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let ended = timeout(PATIENCE, client.output()).await.expect("a client that ends");
        let output = ended.expect("a program that starts");
        let printed = String::from_utf8_lossy(&output.stdout);
        let status = printed.trim().parse();
        Some(status.unwrap_or_else(|_| panic!("{self:?}: {}, printed {printed:?}", output.status)))
    }

    /// By how much its timers may end too early.
    pub(crate) fn tick(self) -> Duration {
        match self {
            Self::PageInPython | Self::Urllib3 | Self::HttpxRetries => Duration::ZERO,
            // Node.js counts whole milliseconds, from the turn of its loop.
            Self::PageInTypeScript | Self::Got | Self::Ky => Duration::from_millis(1),
        }
    }
}

fn python(script: &str) -> Option<Command> {
    let modules = "httpx_retries, requests, urllib3";
    let requirements = "tests/clients/python/requirements.txt";
    let python = python_with("retry-clients-python", modules, requirements)?;
    Some(command(&python, &file(&format!("python/{script}"))))
}

pub(crate) fn file(path: &str) -> OsString {
    format!("{FOLDER}/{path}").into()
}

pub(crate) fn command(program: &OsStr, script: &OsStr) -> Command {
    let mut command = Command::new(program);
    command.arg(script);
    command
}
