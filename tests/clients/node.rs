//! Node.js, and what npm has installed for it.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{self, Command as Blocking, Stdio},
};

use portcullis_tests::skip_for_want_of;
use tokio::{process::Command, sync::OnceCell};

use crate::client::{command, file};

const INSTALL: &str = "npm ci --ignore-scripts --prefix tests/clients/node";

/// Runs a script, or says on standard error what is missing.
pub(crate) fn script(script: &OsStr) -> Option<Command> {
    is_installed().then(|| command("node".as_ref(), script))
}

/// Runs a script in TypeScript. It is compiled once, in strict mode.
pub(crate) async fn typescript(script: &OsStr) -> Option<Command> {
    static COMPILED: OnceCell<String> = OnceCell::const_new();
    if !is_installed() {
        return None;
    }
    let javascript = COMPILED.get_or_init(|| compile(script)).await;
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", javascript]);
    Some(node)
}

async fn compile(script: &OsStr) -> String {
    // Another process of the same tests may compile at the same time.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(process::id().to_string());
    let mut tsc = command("node".as_ref(), &file("node/node_modules/typescript/bin/tsc"));
    tsc.arg("--project").arg(file("node")).arg("--outDir").arg(&folder).stdin(Stdio::null());
    let compiled = tsc.status().await.expect("a Node.js that started a moment ago");
    assert!(compiled.success(), "{} does not compile", script.display());
    let script = Path::new(script).with_extension("js");
    let javascript = folder.join(script.file_name().expect("a script's name"));
    let javascript = fs::read_to_string(javascript).expect("what was compiled");
    fs::remove_dir_all(folder).expect("the folder that was made");
    javascript
}

fn is_installed() -> bool {
    let mut probe = Blocking::new("node");
    probe.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let has_node = probe.status().is_ok_and(|status| status.success());
    let packages = ["got", "ky", "typescript"];
    let has_packages = packages.iter().all(|package| {
        fs::exists(file(&format!("node/node_modules/{package}/package.json"))).unwrap_or(false)
    });
    if !has_node {
        skip_for_want_of("retry-clients-node", "there is no node");
    } else if !has_packages {
        skip_for_want_of("retry-clients-node", INSTALL);
    }
    has_node && has_packages
}
