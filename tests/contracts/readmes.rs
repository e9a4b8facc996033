//! The lines that each service's README gives to type, typed: what comes is what it says.
//!
//! It takes `bash` and `curl`; `PORTCULLIS_REQUIRE=curl` makes their absence a failure.

use std::{
    collections::BTreeMap,
    process::{Command as Blocking, Stdio},
    time::Duration,
};

use portcullis_tests::{Example, skip_for_want_of};
use tokio::{process::Command, time::timeout};

/// Longer than this no README takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The README's shell lines, asked of the service at this address.
fn script(service: &str, readme: &str, address: &str) -> String {
    let (_, shell) = readme.split_once("```sh\n").expect("shell lines");
    let (shell, _) = shell.split_once("```").expect("their end");
    let lines = shell.strip_prefix(&format!("cargo run -p {service} &\n"));
    lines.expect("the service is started first").replace("127.0.0.1:3000", address)
}

fn has_curl() -> bool {
    let mut probe = Blocking::new("bash");
    probe.args(["-c", "command -v curl"]).stdin(Stdio::null()).stdout(Stdio::null());
    let has_curl = probe.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !has_curl {
        skip_for_want_of("curl", "install bash and curl");
    }
    has_curl
}

/// Fails unless the README's lines bring all of this, in this order.
async fn shows(service: &str, readme: &str, expected: &[&str]) {
    if !has_curl() {
        return;
    }
    let running = Example::start(service, &BTreeMap::new()).await;
    let script = script(service, readme, running.address());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).stdin(Stdio::null()).kill_on_drop(true);
    let ended = timeout(PATIENCE, bash.output()).await.expect("lines that come to an end");
    let output = ended.expect("a bash that started a moment ago");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{service}: {}, {shown}", output.status);
    let mut rest = &*shown;
    for text in expected {
        let found = rest.split_once(text);
        (_, rest) = found.unwrap_or_else(|| panic!("{service}: no {text} in\n{rest}"));
    }
}

#[tokio::test]
async fn the_helpdesks_readme_shows_what_it_says() {
    let expected = [
        "The anvil is late",
        "404 Not Found",
        "Ticket not found",
        "404 Not Found",
        "Ticket not found",
        r#""loc":["path","ticket_id"]"#,
        "missing required scope: tickets:write",
        r#""loc":["body","subject"]"#,
        r#""loc":["body","priority"]"#,
        "201 Created",
        "409 Conflict",
        "202 Accepted",
        "202 Accepted",
        "429 Too Many Requests",
        r#"{"error":"rate_limit_exceeded""#,
        "API keys are not permitted for this endpoint",
        r#"{"tenant":"acme"}"#,
        r#"{"detail":"Internal server error"}"#,
    ];
    shows("helpdesk", include_str!("../../examples/helpdesk/README.md"), &expected).await;
}

#[tokio::test]
async fn the_assessments_readme_shows_what_it_says() {
    let expected = [
        "The northern gate",
        r#"{"detail":"Assessment not found"}"#,
        r#"{"detail":"Assessment not found"}"#,
        r#"{"detail":"Assessment not found"}"#,
        "422 Unprocessable",
        "body.title: Input should be",
        "Your role may only read",
        r#""status":"running""#,
        "409 Conflict",
        "304 Not Modified",
        "EMAIL_NOT_VERIFIED",
        r#"{"requires_2fa":true,"#,
        "Wrong code",
    ];
    shows("assessments", include_str!("../../examples/assessments/README.md"), &expected).await;
}

#[tokio::test]
async fn the_accounts_readme_shows_what_it_says() {
    let expected = [
        "MISSING_EMAIL",
        r#""email":"ada@acme.test""#,
        "EMAIL_ALREADY_EXISTS",
        "no session cookie",
        "missing bearer token",
        "NO_ACCESS",
        "Failed to reach billing service",
        "2FA_NOT_STARTED",
    ];
    shows("accounts", include_str!("../../examples/accounts/README.md"), &expected).await;
}

#[tokio::test]
async fn the_directorys_readme_shows_what_it_says() {
    let expected = [
        r#""slug":"console""#,
        "APP_002",
        "APP_005",
        "AUTH_002",
        "APP_001",
        r#"{"slug":["Field required"]}"#,
        "APP_004",
        "REQ_405",
        "SRV_001",
        "AUTH_003",
        "AUTH_003",
        "AUTH_003",
        "AUTH_003",
        "AUTH_003",
        "retry-after: ",
        "AUTH_007",
    ];
    shows("directory", include_str!("../../examples/directory/README.md"), &expected).await;
}
