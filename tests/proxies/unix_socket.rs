//! A proxy that calls over a Unix socket: its peer's address is none.

use axum::Router;
use portcullis::{Address, OnMissingAddress, Trust};
use portcullis_tests::{Client, get};
use tokio::net::UnixListener;

use crate::{
    folder::Folder,
    forging::{ALICE, Header, MALLORY, admitted_of_forged},
    proxy::{Kind, Proxy},
    service::{QUOTA, limited},
};

/// nginx in front of the service on a Unix socket, which is gone with the folder.
async fn behind_nginx(service: Router) -> Option<(Proxy, Folder)> {
    let folder = Folder::new();
    let socket = folder.path().join("socket");
    let listener = UnixListener::bind(&socket).expect("a socket");
    tokio::spawn(axum::serve(listener, service).into_future());
    let proxy = Proxy::start(Kind::Nginx, &format!("unix:{}", socket.display())).await?;
    Some((proxy, folder))
}

#[tokio::test]
async fn behind_a_proxy_on_a_unix_socket_each_client_is_one_client_whatever_it_forges() {
    for header in Header::ALL {
        let networks = Trust::networks([""; 0]).expect("none");
        for trust in [Trust::hops(1), networks.with_unix_socket()] {
            let service = limited(header.read_behind(trust));
            let Some((proxy, _folder)) = behind_nginx(service).await else { return };
            for client in [MALLORY, ALICE] {
                let admitted = admitted_of_forged(20, client, proxy.address(), header).await;
                assert_eq!(admitted, QUOTA, "{header:?}");
            }
        }
    }
}

#[tokio::test]
async fn who_has_no_address_is_refused_or_shares_or_passes_uncounted_as_it_was_said() {
    for (on_missing, statuses) in [
        (OnMissingAddress::Refuse, [500, 500]),
        (OnMissingAddress::Share, [200, 429]),
        (OnMissingAddress::Admit, [200, 200]),
    ] {
        let service = limited(Address::new().on_missing(on_missing));
        let Some((proxy, _folder)) = behind_nginx(service).await else { return };
        let mut mallory = Client::from(MALLORY.into(), proxy.address()).await;
        for _ in 0..QUOTA {
            assert_eq!(mallory.send(get("/")).await.status, statuses[0], "{on_missing:?}");
        }
        let mut alice = Client::from(ALICE.into(), proxy.address()).await;
        assert_eq!(alice.send(get("/")).await.status, statuses[1], "{on_missing:?}");
    }
}
