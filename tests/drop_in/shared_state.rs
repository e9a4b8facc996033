//! axum makes a layer's service again for every route, every connection, and on an unfinished
//! router every request: what was counted must outlive all of them.

use std::{net::SocketAddr, sync::Arc};

use axum::Router;
use portcullis::Quota;
use portcullis_tests::{ACME, Protocol, Quotas, Server, Stack, get, invoices, oneshot, stack};
use tokio::task::JoinSet;
use tower::Layer;

const REQUESTS: usize = 1_500;
const CAP: u32 = 100;

/// Routes that have a service of the layer each.
const PATHS: [&str; 2] = ["/whoami", "/invoices/1"];

/// The stack, which admits [`CAP`] requests from an address while its clock stands still.
fn capped() -> Stack {
    let per_account = Quota::per_minute(1_000_000);
    stack(Quotas { per_address: Quota::per_hour(CAP), per_account }).0
}

/// How many of [`REQUESTS`], over a connection each, are admitted and refused.
async fn admitted_and_refused(server: Server) -> [usize; 2] {
    const CLIENTS: usize = 30;

    let server = Arc::new(server);
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let server = Arc::clone(&server);
        let protocol = Protocol::ALL[client % 2];
        clients.spawn(async move {
            let mut statuses = Vec::new();
            for path in PATHS.iter().cycle().take(REQUESTS / CLIENTS) {
                let mut client = server.client(protocol).await;
                statuses.push(client.send(get(path).key(ACME)).await.status.as_u16());
            }
            statuses
        });
    }
    let statuses = clients.join_all().await.concat();
    [200, 429].map(|status| statuses.iter().filter(|seen| **seen == status).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifteen_hundred_connections_to_a_router_are_admitted_exactly_the_cap() {
    let router = invoices().layer(capped());
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    assert_eq!(admitted_and_refused(Server::made_by(make).await).await, [100, 1_400]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifteen_hundred_connections_to_an_unfinished_router_are_admitted_exactly_the_cap() {
    let unfinished: Router = invoices().layer(capped());
    assert_eq!(admitted_and_refused(Server::of(unfinished).await).await, [100, 1_400]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifteen_hundred_connections_to_a_stack_around_a_router_are_admitted_exactly_the_cap() {
    let around = capped().layer(invoices());
    assert_eq!(admitted_and_refused(Server::of(around).await).await, [100, 1_400]);
}

#[tokio::test]
async fn clones_of_an_unfinished_router_count_together_in_process() {
    let router: Router = invoices().layer(capped());
    let mut admitted = 0;
    for path in PATHS.iter().cycle().take(REQUESTS) {
        let answer = oneshot(router.clone(), get(path).key(ACME)).await;
        admitted += u32::from(answer.status == 200);
    }
    assert_eq!(admitted, CAP);
}

#[tokio::test]
async fn one_stack_in_front_of_two_routers_counts_for_both() {
    let stack = capped();
    let [first, second] = [invoices().layer(stack.clone()), invoices().layer(stack)];
    let mut admitted = 0;
    for _ in 0..REQUESTS / 2 {
        for router in [&first, &second] {
            let answer = oneshot(router.clone(), get("/whoami").key(ACME)).await;
            admitted += u32::from(answer.status == 200);
        }
    }
    assert_eq!(admitted, CAP);
}
