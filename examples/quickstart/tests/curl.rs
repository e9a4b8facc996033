//! What the example's own `curl` lines show, asked of the binary over a real socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// The example, running; it ends with the test.
struct Quickstart {
    process: Child,
    address: String,
}

impl Quickstart {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_quickstart"))
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        let address = first_line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, address }
    }

    /// The whole answer as it came, but for the date.
    fn ask(&self, method: &str, path: &str, key: Option<&str>) -> String {
        let authorization =
            key.map_or_else(String::new, |key| format!("Authorization: Bearer {key}\r\n"));
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: demo\r\n{authorization}Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let lines = answer.split_inclusive("\r\n");
        lines.filter(|line| !line.starts_with("date: ")).collect()
    }
}

impl Drop for Quickstart {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

const ACME: Option<&str> = Some("acme-demo-key");

/// An answer's body, and whether it has this header line.
fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[track_caller]
fn assert_line(answer: &str, line: &str) {
    assert!(answer.lines().any(|found| found == line), "no line {line:?} in\n{answer}");
}

#[test]
fn an_account_reads_its_own_invoice() {
    let answer = Quickstart::start().ask("GET", "/invoices/1", ACME);
    assert_line(&answer, "HTTP/1.1 200 OK");
    assert_line(&answer, "x-ratelimit-limit: 30");
    assert_line(&answer, "x-ratelimit-remaining: 29");
    assert_eq!(body(&answer), r#"{"id":1,"cents":12000}"#);
}

#[test]
fn nobody_gets_in_not_even_to_an_unknown_path() {
    let quickstart = Quickstart::start();
    for path in ["/invoices/1", "/nowhere"] {
        let answer = quickstart.ask("GET", path, None);
        assert_line(&answer, "HTTP/1.1 401 Unauthorized");
        assert_line(&answer, "www-authenticate: Bearer");
        assert_eq!(body(&answer), r#"{"detail":"Missing bearer token"}"#);
    }
}

#[test]
fn another_tenants_invoice_is_byte_for_byte_a_missing_one() {
    let quickstart = Quickstart::start();
    let but_remaining = |answer: String| {
        let lines = answer.split_inclusive("\r\n");
        lines.filter(|line| !line.starts_with("x-ratelimit-remaining: ")).collect::<String>()
    };
    let [foreign, missing, unknown] = ["/invoices/3", "/invoices/9", "/nowhere"]
        .map(|path| but_remaining(quickstart.ask("GET", path, ACME)));
    assert_line(&foreign, "HTTP/1.1 404 Not Found");
    assert_eq!(body(&foreign), r#"{"detail":"Not Found"}"#);
    assert_eq!(foreign, missing);
    assert_eq!(foreign, unknown);
}

#[test]
fn who_would_void_another_tenants_invoice_reads_what_is_said_of_a_missing_one() {
    let quickstart = Quickstart::start();
    let [foreign, missing] = ["/invoices/3", "/invoices/9"].map(|path| {
        let answer = quickstart.ask("DELETE", path, ACME);
        answer
            .lines()
            .filter(|line| !line.starts_with("x-ratelimit-remaining: "))
            .collect::<String>()
    });
    assert!(foreign.ends_with(r#"{"detail":"Invoice not found"}"#), "{foreign}");
    assert_eq!(foreign, missing);
}

#[test]
fn a_clerk_is_forbidden_what_its_account_may_do() {
    let quickstart = Quickstart::start();
    let forbidden = quickstart.ask("DELETE", "/invoices/1", Some("acme-clerk-key"));
    assert_line(&forbidden, "HTTP/1.1 403 Forbidden");
    assert_line(&quickstart.ask("DELETE", "/invoices/1", ACME), "HTTP/1.1 204 No Content");
    assert_line(&quickstart.ask("GET", "/invoices/1", ACME), "HTTP/1.1 404 Not Found");
}

#[test]
fn a_panic_and_a_wrong_method_leave_in_the_envelope() {
    let quickstart = Quickstart::start();
    let panicked = quickstart.ask("GET", "/panic", ACME);
    assert_line(&panicked, "HTTP/1.1 500 Internal Server Error");
    assert_line(&panicked, "x-ratelimit-remaining: 29");
    assert_eq!(body(&panicked), r#"{"detail":"Internal Server Error"}"#);

    let not_allowed = quickstart.ask("PUT", "/invoices", ACME);
    assert_line(&not_allowed, "HTTP/1.1 405 Method Not Allowed");
    assert_line(&not_allowed, "allow: GET,HEAD,POST");
    assert_eq!(body(&not_allowed), r#"{"detail":"Method Not Allowed"}"#);
}

#[test]
fn a_spent_limit_says_when_to_come_back() {
    let quickstart = Quickstart::start();
    let spent = (0..1_000).map(|_| quickstart.ask("GET", "/invoices", ACME));
    let refused = spent.into_iter().find(|answer| !answer.starts_with("HTTP/1.1 200")).unwrap();
    assert_line(&refused, "HTTP/1.1 429 Too Many Requests");
    assert_line(&refused, "x-ratelimit-remaining: 0");
    // 30 a minute come back one every two seconds.
    let wait = refused.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
    assert!(matches!(wait, "1" | "2"), "{wait}");
    assert_eq!(body(&refused), r#"{"detail":"Rate limit exceeded"}"#);
}

#[test]
fn a_port_that_is_none_says_what_to_do() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_quickstart")).env("PORT", "http").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("use a number up to 65535"));
}
