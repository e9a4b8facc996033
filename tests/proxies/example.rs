//! The configuration that `examples/behind-a-proxy` shows.

use portcullis::{Address, Trust};

use crate::{
    forging::{ALICE, Header, MALLORY, admitted_of_forged},
    proxy::{Kind, Proxy},
    service::{QUOTA, limited, serve},
};

const CONFIG: &str = include_str!("../../examples/behind-a-proxy/nginx.conf");

/// The same, on ports of the test's own and as one process.
fn config() -> String {
    let mut config = CONFIG.to_owned();
    for (theirs, ours) in [
        ("daemon off;", "daemon off; master_process off;"),
        ("listen 127.0.0.1:8080;", "listen LISTEN; location = /READY { return 204; }"),
        ("http://127.0.0.1:3000;", "http://BACKEND;"),
        ("http {", "http { keepalive_requests 100000;"),
    ] {
        assert_eq!(config.matches(theirs).count(), 1, "{theirs}");
        config = config.replace(theirs, ours);
    }
    config
}

#[tokio::test]
async fn behind_the_examples_nginx_each_client_is_one_client_whatever_it_forges() {
    let trust = Trust::networks(["127.0.0.1"]).expect("an address");
    let service = serve(limited(Address::from_x_forwarded_for(trust)), "127.0.0.1:0").await;
    let proxy = Proxy::start_with(Kind::Nginx, &config(), &service.to_string()).await;
    let Some(proxy) = proxy else { return };
    for client in [MALLORY, ALICE] {
        let header = Header::XForwardedFor;
        assert_eq!(admitted_of_forged(20, client, proxy.address(), header).await, QUOTA);
    }
}
