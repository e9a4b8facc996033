//! The same over TLS, by a certificate that only its own side trusts.

use std::{env, fs, net::TcpListener, path::PathBuf, process};

use portcullis::limit::Quota;
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};
use redis::{Client, TlsCertificates};

use crate::caller::Caller;

/// A server's certificate and key, in files that go with this.
struct Certified {
    folder: PathBuf,
    certificate: String,
}

impl Certified {
    fn for_loopback() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
        let made = made.expect("a certificate");
        let folder = env::temp_dir().join(format!("portcullis-tls-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let certificate = made.cert.pem();
        fs::write(folder.join("certificate"), &certificate).expect("a file");
        fs::write(folder.join("key"), made.signing_key.serialize_pem()).expect("a file");
        Self { folder, certificate }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

impl Drop for Certified {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn limits_are_shared_over_tls_by_who_trusts_the_certificate_and_by_nobody_else() {
    let certified = Certified::for_loopback();
    let [certificate, key] = ["certificate", "key"].map(|name| certified.path(name));
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let port = port.expect("a loopback port").port();
    let arguments = [
        ["--tls-port", &port.to_string()],
        ["--tls-cert-file", &certificate],
        ["--tls-key-file", &key],
        ["--tls-auth-clients", "no"],
    ];
    // Debian's is built with TLS, and PyPI's Valkey is not.
    let Some(engine) = Engine::start_with(Kind::Redis, arguments.as_flattened()) else { return };
    let url = format!("rediss://localhost:{port}");
    let client = |root: Option<&str>| {
        let root_cert = root.map(|root| root.as_bytes().to_vec());
        Client::build_with_tls(&*url, TlsCertificates { client_tls: None, root_cert })
    };
    let trusting = || Redis::new(client(Some(&certified.certificate)).expect("a client"));
    let caller = Caller::new("alice", Quota::per_hour(1));

    // Said when it is built from a URL, and when it connects otherwise.
    let said = Redis::open(&url).expect_err("nothing encrypts").to_string();
    assert!(said.contains("install_default"), "{said}");
    let error = trusting().connect().await.expect_err("nothing encrypts");
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause, Some(said));
    rustls::crypto::ring::default_provider().install_default().expect("the first");

    let [here, there] = [trusting(), trusting()];
    here.connect().await.expect("it is there, and trusted");
    there.connect().await.expect("it is there, and trusted");
    assert!(caller.is_admitted(&here).await && !caller.is_admitted(&there).await);
    assert_eq!(engine.ask(&["KEYS", "*:caller:v1"]).len(), 1);

    let other = Certified::for_loopback().certificate.clone();
    let wary = Redis::new(client(Some(&other)).expect("a client"));
    wary.connect().await.expect_err("another's certificate");
}
