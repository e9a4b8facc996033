//! IPv6, and IPv4 that looks like it.

use std::net::{Ipv6Addr, TcpListener};

use portcullis::{Address, Trust};

use crate::{
    forging::{ALICE, Header, MALLORY, admitted_of_forged},
    proxy::{Kind, Proxy},
    service::{QUOTA, limited, serve},
};

/// Says so where this machine has no IPv6.
fn has_ipv6() -> bool {
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if !has_ipv6 {
        portcullis_tests::skip_for_want_of("ipv6", "this machine has no ::1");
    }
    has_ipv6
}

#[tokio::test]
async fn the_ipv4_clients_of_a_listener_for_both_are_told_apart() {
    if !has_ipv6() {
        return;
    }
    let mut service = serve(limited(Address::new()), "[::]:0").await;
    service.set_ip([127, 0, 0, 1].into());
    for client in [MALLORY, ALICE] {
        let admitted = admitted_of_forged(20, client, service, Header::XForwardedFor).await;
        assert_eq!(admitted, QUOTA);
    }
}

#[tokio::test]
async fn a_proxy_that_listens_for_both_tells_its_clients_apart_as_well() {
    if !has_ipv6() {
        return;
    }
    // nginx's `$remote_addr` is now `::ffff:127.0.0.2`, and for the third client `::1`.
    let config = include_str!("configs/nginx.conf").replace("LISTEN", "[::]:PORT ipv6only=off");
    for header in Header::ALL {
        let trust = Trust::networks(["127.0.0.1"]).expect("an address");
        let service = serve(limited(header.read_behind(trust)), "127.0.0.1:0").await;
        let Some(proxy) = Proxy::start_with(Kind::Nginx, &config, &service.to_string()).await
        else {
            return;
        };
        for client in [MALLORY, ALICE] {
            let admitted = admitted_of_forged(20, client, proxy.address(), header).await;
            assert_eq!(admitted, QUOTA, "{header:?}");
        }
        let mut over_ipv6 = proxy.address();
        over_ipv6.set_ip(Ipv6Addr::LOCALHOST.into());
        let admitted = admitted_of_forged(20, Ipv6Addr::LOCALHOST, over_ipv6, header).await;
        assert_eq!(admitted, QUOTA, "{header:?}");
    }
}
