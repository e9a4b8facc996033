//! What the README's lines show, asked of the binary over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// The example, running; it ends with the test.
struct Example {
    process: Child,
    service: String,
    provider: String,
}

impl Example {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_jwt"))
            .envs([("PORT", "0"), ("PROVIDER_PORT", "0"), ("COOL_DOWN", "1")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut after = |prefix: &str| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(prefix).unwrap().to_owned()
        };
        let service = after("listening on http://");
        let provider = after("PROVIDER=http://");
        Self { process, service, provider }
    }

    fn me(&self, token: &str) -> (u16, String) {
        ask(&self.service, "GET", "/me", token)
    }

    fn token(&self, query: &str) -> String {
        let (status, token) = ask(&self.provider, "POST", &format!("/token?{query}"), "");
        assert_eq!(status, 200, "{token}");
        token
    }

    fn rotate(&self) {
        assert_eq!(ask(&self.provider, "POST", "/rotate", "").0, 200);
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// An answer's status and body.
fn ask(address: &str, method: &str, path: &str, token: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: demo\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[test]
fn a_caller_is_who_the_provider_says_and_may_what_it_says() {
    let example = Example::start();
    let alice = example.token("sub=alice&scope=reports:read");
    let me = (200, r#"{"scopes":["reports:read"],"sub":"alice"}"#.to_owned());
    assert_eq!(example.me(&alice), me);
    let reports = |token: &str| ask(&example.service, "GET", "/reports", token).0;
    assert_eq!(reports(&alice), 200);
    assert_eq!(reports(&example.token("sub=bob")), 403);
    assert_eq!(example.me("opaque").0, 401);
    assert_eq!(example.me(&format!("{alice}x")).0, 401);
}

#[test]
fn a_rotation_is_followed_within_one_cool_down_and_an_old_key_goes() {
    let example = Example::start();
    let old = example.token("sub=alice");
    assert_eq!(example.me(&old).0, 200);
    for rotation in 1..=2 {
        example.rotate();
        // Each ask takes longer than the cool-down, a millisecond, or nearly so.
        let new = example.token("sub=alice");
        let followed = (0..100).any(|_| example.me(&new).0 == 200);
        assert!(followed, "rotation {rotation}");
    }
    assert_eq!(example.me(&old).0, 401);
}
