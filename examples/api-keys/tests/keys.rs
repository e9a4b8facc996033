//! What the example's own `curl` lines show, asked of the binary over a real socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// The example, running; it ends with the test.
struct Service {
    process: Child,
    address: String,
    key: String,
    database: PathBuf,
}

impl Service {
    fn start(name: &str) -> Self {
        let database = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.sqlite"));
        std::fs::remove_file(&database).ok();
        let mut process = Command::new(env!("CARGO_BIN_EXE_api-keys"))
            .env("PORT", "0")
            .env("DATABASE", &database)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut after =
            |start: &str| lines.next().unwrap().unwrap().strip_prefix(start).unwrap().to_owned();
        let (address, key) = (after("listening on http://"), after("KEY="));
        Self { process, address, key, database }
    }

    /// The whole answer as it came.
    fn ask(&self, method: &str, path: &str, key: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: demo\r\nAuthorization: Bearer {key}\r\n\
             Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The status and the body.
    fn told(&self, method: &str, path: &str, key: &str) -> (u16, String) {
        let answer = self.ask(method, path, key);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_file(&self.database).ok();
    }
}

#[test]
fn an_owner_rotates_a_key_and_the_old_one_is_refused_at_once() {
    let service = Service::start("rotation");
    let old = &service.key;
    assert_eq!(service.told("GET", "/whoami", old), (200, "wile".to_owned()));

    let (status, made) = service.told("POST", "/keys", old);
    assert_eq!(status, 200);
    let new = made.strip_prefix(r#"{"id":2,"key":""#).unwrap().strip_suffix(r#""}"#).unwrap();
    assert!(new.starts_with("acme_") && new.len() == 43);
    // Both are good, until the old one is taken back.
    assert_eq!(service.told("GET", "/whoami", new), (200, "wile".to_owned()));
    assert_eq!(service.told("GET", "/whoami", old), (200, "wile".to_owned()));

    assert_eq!(service.told("DELETE", "/keys/1", old).0, 200);
    let refused = (401, r#"{"detail":"Invalid API key"}"#.to_owned());
    assert_eq!(service.told("GET", "/whoami", old), refused);
    assert_eq!(service.told("GET", "/whoami", new), (200, "wile".to_owned()));
}

#[test]
fn a_key_without_the_scope_makes_no_keys() {
    let service = Service::start("scope");
    let (_, made) = service.told("POST", "/keys", &service.key);
    let new = made.split('"').nth(5).unwrap();
    let refused = (403, r#"{"detail":"Missing required scope: keys"}"#.to_owned());
    assert_eq!(service.told("POST", "/keys", new), refused);
    assert_eq!(service.told("DELETE", "/keys/9", &service.key).0, 404);
}

#[test]
fn a_mistyped_key_is_refused_with_a_challenge_that_says_why() {
    let service = Service::start("mistyped");
    let answer = service.ask("GET", "/whoami", &format!("{}x", service.key));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let challenge = "www-authenticate: Bearer realm=\"acme\", error=\"invalid_token\", \
                     error_description=\"Invalid API key\"";
    assert!(answer.lines().any(|line| line == challenge), "{answer}");
}

#[test]
fn no_key_is_in_the_database() {
    let service = Service::start("digests");
    let (_, made) = service.told("POST", "/keys", &service.key);
    let new = made.split('"').nth(5).unwrap();
    let file = std::fs::read(&service.database).unwrap();
    assert!(file.len() > 4_096);
    for key in [&service.key[5..], &new[5..]] {
        assert!(!file.windows(key.len()).any(|bytes| bytes == key.as_bytes()));
    }
}
