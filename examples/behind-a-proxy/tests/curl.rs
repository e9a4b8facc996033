//! What the README's `curl` lines show, asked of the binary as nginx asks it: from 127.0.0.1, with
//! the client's address at the end of `X-Forwarded-For`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

/// The example, running; it ends with the test.
struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    fn trusting(proxies: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_behind-a-proxy"));
        command.env_remove("TRUSTED_PROXIES").env("PORT", "0").stdout(Stdio::piped());
        if let Some(proxies) = proxies {
            command.env("TRUSTED_PROXIES", proxies);
        }
        let mut process = command.spawn().unwrap();
        let mut first_line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        let address = first_line.trim().strip_prefix("listening on http://").unwrap();
        Self { process, address: address.parse().unwrap() }
    }

    /// The status of a request of this client's, as nginx passes it on.
    async fn through_nginx(&self, client: &str, forged: Option<&str>) -> String {
        let forwarded = match forged {
            Some(forged) => format!("{forged}, {client}"),
            None => client.to_owned(),
        };
        self.status("127.0.0.1", &forwarded).await
    }

    async fn status(&self, own_address: &str, forwarded: &str) -> String {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(own_address.parse().unwrap(), 0)).unwrap();
        let mut stream = socket.connect(self.address).await.unwrap();
        let request = format!(
            "GET / HTTP/1.1\r\nHost: demo\r\nX-Forwarded-For: {forwarded}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    }

    /// The statuses of six requests, each with another forged header.
    async fn six_forged(&self, client: &str) -> Vec<String> {
        let mut statuses = Vec::new();
        for number in 1..=6 {
            let forged = format!("198.51.100.{number}");
            statuses.push(self.through_nginx(client, Some(&forged)).await);
        }
        statuses
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

const FIVE_AND_NO_MORE: [&str; 6] = ["200", "200", "200", "200", "200", "429"];

#[tokio::test]
async fn without_trusted_proxies_everybody_shares_the_proxys_quota() {
    let service = Service::trusting(None);
    assert_eq!(service.six_forged("127.0.0.2").await, FIVE_AND_NO_MORE);
    assert_eq!(service.through_nginx("127.0.0.3", None).await, "429");
}

#[tokio::test]
async fn where_clients_are_trusted_a_forged_header_is_a_new_client() {
    let service = Service::trusting(Some("127.0.0.0/8"));
    assert_eq!(service.six_forged("127.0.0.2").await, ["200"; 6]);
}

#[tokio::test]
async fn where_the_proxy_is_trusted_each_client_has_its_own_quota_and_no_other() {
    let service = Service::trusting(Some("127.0.0.1"));
    assert_eq!(service.six_forged("127.0.0.2").await, FIVE_AND_NO_MORE);
    assert_eq!(service.through_nginx("127.0.0.3", None).await, "200");
    // Around nginx, posing as the other; elsewhere than on Linux this is no address of the machine:
    if cfg!(target_os = "linux") {
        assert_eq!(service.status("127.0.0.2", "127.0.0.3").await, "429");
    }
}

#[test]
fn a_network_that_is_none_says_what_to_write() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_behind-a-proxy"));
    let output =
        command.env("TRUSTED_PROXIES", "127.0.0.1,nginx").env("PORT", "0").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("nginx"));
}
