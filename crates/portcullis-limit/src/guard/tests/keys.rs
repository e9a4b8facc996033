use http::{HeaderName, HeaderValue};
use portcullis_core::ErrorStatus;

use super::*;
use crate::{ByHeader, ByMethod, CLIENT_ADDRESS_MISSING, KeyHasher, LIMIT_KEY_MISSING, NoKey};

/// How many of 100 requests from these addresses, in turn, are admitted at 10 an hour each.
fn admitted_of_100(addresses: &[&str]) -> usize {
    let (limit, _hand) = at_rest(RateLimit::by_address(Quota::per_hour(10)));
    let turns = addresses.iter().cycle().take(100);
    turns.filter(|address| is_admitted(&limit, from_address(address))).count()
}

#[test]
fn a_port_is_not_a_client_and_an_address_is() {
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3"]), 10);
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "192.0.2.2:1"]), 20);
}

#[test]
fn a_mapped_ipv4_address_is_the_ipv4_address() {
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "[::ffff:192.0.2.1]:1"]), 10);
    assert_eq!(admitted_of_100(&["[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:1"]), 20);
}

#[test]
fn a_64_prefix_is_one_client() {
    assert_eq!(admitted_of_100(&["[2001:db8:0:1::1]:1", "[2001:db8:0:1:ffff::2]:1"]), 10);
    assert_eq!(admitted_of_100(&["[2001:db8:0:1::1]:1", "[2001:db8:0:2::1]:1"]), 20);
}

#[cfg(feature = "axum")]
#[test]
fn an_address_that_the_service_put_there_goes_before_the_connections() {
    use axum::extract::ConnectInfo;

    let (limit, _hand) = at_rest(RateLimit::by_address(Quota::per_hour(1)));
    let admitted = ["192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1"].map(|client| {
        let mut head = from_address(client);
        let proxy: SocketAddr = "10.0.0.1:1".parse().unwrap();
        head.extensions.insert(ConnectInfo(proxy));
        is_admitted(&limit, head)
    });
    assert_eq!(admitted, [true; 3]);
}

#[test]
fn a_limit_by_a_part_of_the_principal_tells_principals_apart() {
    let limit = RateLimit::by(Quota::per_hour(3), |account: &Account| account.name);
    let admitted = |name| admitted_of(&limit, 10, || of_account(name));
    assert_eq!([admitted("alice"), admitted("bob"), admitted("alice")], [3, 3, 0]);
}

#[test]
fn a_missing_address_or_value_is_a_500_with_a_code() {
    let (head, ()) = Request::new(()).into_parts();
    let by_address = RateLimit::by_address(Quota::per_minute(5));
    let by_account = RateLimit::by(Quota::per_minute(5), |account: &Account| account.name);

    let refusals = [ask(&by_address, head.clone()), ask(&by_account, head)].map(Result::unwrap_err);

    for refusal in &refusals {
        assert_eq!(refusal.status(), ErrorStatus::INTERNAL_SERVER_ERROR);
    }
    let codes = refusals.map(|refusal| refusal.code());
    assert_eq!(codes, [Some(CLIENT_ADDRESS_MISSING), Some(LIMIT_KEY_MISSING)]);
}

#[test]
fn a_header_tells_callers_apart_and_who_leaves_it_out_is_one_of_them() {
    const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
    let limit = RateLimit::by_key(Quota::per_hour(3), ByHeader(API_KEY));
    let head = |keys: &[&'static str]| {
        let mut head = from_client();
        for key in keys {
            head.headers.append(API_KEY, HeaderValue::from_static(key));
        }
        head
    };
    for keys in [&["a"] as &[_], &["b"], &["a", "b"], &["ab"], &[]] {
        assert_eq!(admitted_of(&limit, 10, || head(keys)), 3, "{keys:?}");
    }
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn every_route_has_a_quota_of_its_own_whatever_stands_in_its_path() {
    use axum::{Router, body::Body, routing::get};
    use portcullis_core::GuardLayer;
    use tower::ServiceExt;

    let limit = RateLimit::by_key(Quota::per_hour(2), (crate::Address::default(), crate::ByRoute));
    let app = Router::new()
        .route("/tickets/{id}", get(async || ""))
        .route("/users/{id}", get(async || ""))
        .layer(GuardLayer::new(limit));
    let mut statuses = Vec::new();
    for path in ["/tickets/1", "/tickets/2", "/tickets/3", "/users/1", "/a", "/b", "/c"] {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        let peer: SocketAddr = "192.0.2.1:9".parse().unwrap();
        request.extensions_mut().insert(peer);
        statuses.push(app.clone().oneshot(request).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 200, 404, 404, 429]);
}

/// Two texts, as two keys.
struct Text(&'static str);

impl Key for Text {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        std::hash::Hasher::write(hasher, head.headers[self.0].as_bytes());
        Ok(())
    }
}

#[test]
fn keys_together_are_told_apart_wherever_the_one_ends() {
    let limit = RateLimit::by_key(Quota::per_hour(1), (Text("left"), Text("right"), ByMethod));
    let head = |left, right| {
        let mut head = from_client();
        head.headers.insert("left", HeaderValue::from_static(left));
        head.headers.insert("right", HeaderValue::from_static(right));
        head
    };
    for (left, right) in [("ab", "c"), ("a", "bc"), ("", "abc"), ("abc", "")] {
        assert!(is_admitted(&limit, head(left, right)));
        assert!(!is_admitted(&limit, head(left, right)));
    }
}

/// Counts nobody.
struct Nobody;

impl Key for Nobody {
    fn hash(&self, _head: &Parts, _hasher: &mut KeyHasher) -> Result<(), NoKey> {
        Err(NoKey::Uncounted)
    }
}

#[test]
fn a_request_that_a_key_does_not_count_passes_and_is_told_of_no_limit() {
    let limit = RateLimit::by_key(Quota::per_hour(1), Nobody);
    assert_eq!(admitted_of(&limit, 10, from_client), 10);
    let mixed =
        RateLimit::by_key(Quota::per_hour(1), Nobody).and(Policy::by_address(Quota::per_hour(4)));
    assert_eq!(admitted_of(&mixed, 10, from_client), 4);
}
