//! Two proxies in a row.

use portcullis::Trust;

use crate::{
    forging::{ALICE, Header, MALLORY, admitted_of_forged},
    proxy::{Kind, Proxy},
    service::{QUOTA, limited, serve},
};

/// The outer proxy, the inner one, and the header. `Forwarded` is not sent through haproxy to nginx:
/// haproxy adds a line of its own, of which nginx before 1.23 knows nothing, since `$http_forwarded`
/// is the first line.
const CHAINS: [(Kind, Kind, Header); 3] = [
    (Kind::Haproxy, Kind::Nginx, Header::XForwardedFor),
    (Kind::Nginx, Kind::Haproxy, Header::XForwardedFor),
    (Kind::Nginx, Kind::Haproxy, Header::Forwarded),
];

#[tokio::test]
async fn behind_two_proxies_each_client_is_one_client_whatever_it_forges() {
    for (outer, inner, header) in CHAINS {
        for trust in [Trust::networks(["127.0.0.1"]).expect("an address"), Trust::hops(2)] {
            let service = serve(limited(header.read_behind(trust)), "127.0.0.1:0").await;
            let Some(inner) = Proxy::start(inner, &service.to_string()).await else { return };
            let Some(outer) = Proxy::start(outer, &inner.address().to_string()).await else {
                return;
            };
            for (count, client) in [(1_000, MALLORY), (20, ALICE)] {
                let admitted = admitted_of_forged(count, client, outer.address(), header).await;
                assert_eq!(admitted, QUOTA, "{header:?}");
            }
        }
    }
}

#[tokio::test]
async fn one_hop_too_few_and_everybody_behind_the_outer_proxy_shares_a_quota() {
    let header = Header::XForwardedFor;
    let service = serve(limited(header.read_behind(Trust::hops(1))), "127.0.0.1:0").await;
    let Some(inner) = Proxy::start(Kind::Nginx, &service.to_string()).await else { return };
    let inner_address = inner.address().to_string();
    let Some(outer) = Proxy::start(Kind::Haproxy, &inner_address).await else { return };
    assert_eq!(admitted_of_forged(20, MALLORY, outer.address(), header).await, QUOTA);
    assert_eq!(admitted_of_forged(20, ALICE, outer.address(), header).await, 0);
}
