//! A client that makes up another value with each request is one client.

use portcullis::{Address, Trust};

use crate::{
    forging::{ALICE, Header, MALLORY, admitted_of_forged},
    proxy::{Kind, Proxy},
    service::{QUOTA, limited, serve},
};

/// The ways to trust proxies at 127.0.0.1, the only one on the way.
fn trusts() -> [Trust; 2] {
    [Trust::networks(["127.0.0.1"]).expect("an address"), Trust::hops(1)]
}

#[tokio::test]
async fn a_thousand_forged_values_from_one_peer_are_one_client() {
    for header in Header::ALL {
        let trust = Trust::networks(["127.0.0.1", "10.0.0.0/8"]).expect("networks");
        for address in [Address::new(), header.read_behind(trust)] {
            let service = serve(limited(address), "127.0.0.1:0").await;
            assert_eq!(admitted_of_forged(1_000, MALLORY, service, header).await, QUOTA);
            assert_eq!(admitted_of_forged(20, ALICE, service, header).await, QUOTA);
        }
    }
}

#[tokio::test]
async fn a_thousand_forged_values_through_a_real_proxy_are_one_client() {
    for kind in Kind::ALL {
        for header in Header::ALL {
            for trust in trusts() {
                let service = serve(limited(header.read_behind(trust)), "127.0.0.1:0").await;
                let Some(proxy) = Proxy::start(kind, &service.to_string()).await else { break };
                let admitted = admitted_of_forged(1_000, MALLORY, proxy.address(), header).await;
                assert_eq!(admitted, QUOTA, "{kind:?} {header:?}");
                // Another client is told apart, and the first one stays refused.
                let admitted = admitted_of_forged(20, ALICE, proxy.address(), header).await;
                assert_eq!(admitted, QUOTA, "{kind:?} {header:?}");
                let admitted = admitted_of_forged(20, MALLORY, proxy.address(), header).await;
                assert_eq!(admitted, 0, "{kind:?} {header:?}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_goes_around_the_proxy_is_counted_as_himself() {
    for header in Header::ALL {
        let [by_network, _] = trusts();
        let service = serve(limited(header.read_behind(by_network)), "127.0.0.1:0").await;
        let Some(proxy) = Proxy::start(Kind::Nginx, &service.to_string()).await else { return };
        assert_eq!(admitted_of_forged(1_000, MALLORY, proxy.address(), header).await, QUOTA);
        assert_eq!(admitted_of_forged(20, MALLORY, service, header).await, 0);
        assert_eq!(admitted_of_forged(20, ALICE, service, header).await, QUOTA);
    }
}

#[tokio::test]
async fn without_trusted_proxies_everybody_behind_one_shares_a_quota() {
    let service = serve(limited(Address::new()), "127.0.0.1:0").await;
    for kind in Kind::ALL {
        let Some(proxy) = Proxy::start(kind, &service.to_string()).await else { continue };
        let header = Header::XForwardedFor;
        let mallory = admitted_of_forged(20, MALLORY, proxy.address(), header).await;
        let alice = admitted_of_forged(20, ALICE, proxy.address(), header).await;
        assert!(mallory <= QUOTA, "{kind:?} {mallory}");
        assert_eq!(alice, 0, "{kind:?}");
    }
}
