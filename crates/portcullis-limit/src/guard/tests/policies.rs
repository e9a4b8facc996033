use http::Method;

use super::*;
use crate::{Address, ByHeader, ByMethod, COST_ABOVE_QUOTA};

#[test]
fn of_several_policies_all_are_charged_or_none() {
    let limit = RateLimit::by_address(Quota::per_second(1))
        .and(Policy::by_address(Quota::per_hour(10)).named("hourly"));
    let (limit, hand) = at_rest(limit);

    // The first second admits one, and refuses what would have cost the hour nine more.
    assert_eq!(admitted_of(&limit, 10, from_client), 1);
    for _ in 0..9 {
        hand.advance(Duration::from_secs(1));
        assert!(is_admitted(&limit, from_client()));
    }
    hand.advance(Duration::from_secs(1));
    let refusal = ask(&limit, from_client()).unwrap_err();
    assert_eq!(refusal.allowance().map(|it| (it.limit, it.remaining)), Some((10, 0)));
    assert_eq!(retry_after(&refusal), 350);
}

#[test]
fn policies_by_different_keys_are_charged_together_too() {
    let limit = RateLimit::by_address(Quota::per_hour(3))
        .and(Policy::by(Quota::per_hour(2), |account: &Account| account.name));
    let admitted = |name| admitted_of(&limit, 5, || of_account(name));
    // Two of alice's, and one of bob's, from one address.
    assert_eq!([admitted("alice"), admitted("bob"), admitted("carol")], [2, 1, 0]);
}

#[test]
fn the_caller_is_told_of_the_policy_that_has_least_left() {
    let limit = RateLimit::by_address(Quota::per_second(10))
        .and(Policy::by_address(Quota::per_hour(12)).named("hourly"));
    let (limit, hand) = at_rest(limit);
    let told = |limit: &RateLimit| {
        let shown = format!("{:?}", ask(limit, from_client()).unwrap());
        shown.split("remaining: ").nth(1).map(|rest| rest[..2].trim_end_matches(',').to_owned())
    };
    assert_eq!(told(&limit).as_deref(), Some("9"));
    hand.advance(Duration::from_secs(1));
    assert_eq!(told(&limit).as_deref(), Some("9"));
    hand.advance(Duration::from_secs(1));
    // Of the hour 12 - 3 are left, of the second 9.
    assert_eq!(told(&limit).as_deref(), Some("9"));
    hand.advance(Duration::from_secs(1));
    assert_eq!(told(&limit).as_deref(), Some("8"));
}

#[test]
#[should_panic(expected = "two policies by the name address: name one of them")]
fn two_policies_by_one_name_are_refused_when_the_limit_is_built() {
    let _ = RateLimit::by_address(Quota::per_second(1)).and(Policy::by_address(Quota::per_hour(1)));
}

#[test]
fn a_callers_tier_has_a_quota_of_its_own_and_a_change_gives_no_fresh_burst() {
    let (free, paid) = (Quota::per_hour(10), Quota::per_second(100));
    let policy = Policy::by(free, |account: &Account| account.name)
        .with_quota_for(|head| head.extensions.get::<Account>()?.quota);
    let (limit, hand) = at_rest(RateLimit::new(policy));
    let of_tier = |quota| {
        let mut head = from_client();
        head.extensions.insert(Account { name: "alice", quota });
        head
    };

    assert_eq!(admitted_of(&limit, 20, || of_tier(None)), 10);
    // What was sent was sent, and comes back at the new rate.
    assert_eq!(admitted_of(&limit, 200, || of_tier(Some(paid))), 90);
    hand.advance(Duration::from_millis(500));
    assert_eq!(admitted_of(&limit, 200, || of_tier(Some(paid))), 50);
    hand.advance(Duration::from_millis(950));
    // Five of the last hundred have not come back, of either quota's.
    assert_eq!(admitted_of(&limit, 20, || of_tier(None)), 5);
    assert_eq!(admitted_of(&limit, 200, || of_tier(Some(paid))), 90);
}

#[test]
fn in_windows_what_was_sent_was_sent_whatever_the_tier() {
    let window = |count| Quota::per_hour(count).in_windows(crate::Window::FirstRequest);
    let policy = Policy::by(window(10), |account: &Account| account.name)
        .with_quota_for(|head| head.extensions.get::<Account>()?.quota);
    let (limit, hand) = at_rest(RateLimit::new(policy));
    let of_tier = |quota| {
        let mut head = from_client();
        head.extensions.insert(Account { name: "alice", quota });
        head
    };
    assert_eq!(admitted_of(&limit, 20, || of_tier(None)), 10);
    assert_eq!(admitted_of(&limit, 50, || of_tier(Some(window(30)))), 20);
    assert_eq!(admitted_of(&limit, 20, || of_tier(None)), 0);
    hand.advance(Duration::from_secs(3_600));
    assert_eq!(admitted_of(&limit, 20, || of_tier(None)), 10);
}

#[test]
fn a_request_may_count_for_several_or_for_none() {
    let policy = Policy::by_address(Quota::per_hour(10)).with_cost(|head| match head.method {
        Method::POST => 4,
        Method::OPTIONS => 0,
        Method::PUT => 11,
        _ => 1,
    });
    let (limit, _hand) = at_rest(RateLimit::new(policy));
    let head = |method: Method| {
        let mut head = from_client();
        head.method = method;
        head
    };
    let admitted = |method: Method| admitted_of(&limit, 20, || head(method.clone()));
    assert_eq!(admitted(Method::POST), 2);
    let refusal = ask(&limit, head(Method::POST)).unwrap_err();
    assert_eq!(refusal.allowance().map(|it| it.remaining), Some(2));
    assert_eq!(retry_after(&refusal), 2 * 360);
    assert_eq!(admitted(Method::GET), 2);
    assert_eq!(admitted(Method::OPTIONS), 20);

    let refusal = ask(&limit, head(Method::PUT)).unwrap_err();
    assert_eq!(refusal.status().as_u16(), 400);
    assert_eq!(refusal.code(), Some(COST_ABOVE_QUOTA));
    assert_eq!(refusal.retry_after(), None);
}

#[test]
fn an_exempt_request_is_not_counted() {
    let limit = RateLimit::by_address(Quota::per_hour(2))
        .with_exemption(|head| head.uri.path() == "/health");
    let health = || {
        let mut head = from_client();
        head.uri = http::Uri::from_static("/health");
        head
    };
    assert_eq!(admitted_of(&limit, 10, health), 10);
    assert_eq!(admitted_of(&limit, 10, from_client), 2);
    assert!(format!("{:?}", ask(&limit, health()).unwrap()).contains("allowance: None"));
}

#[test]
fn a_limit_in_shadow_counts_and_refuses_nobody_whatever_happens() {
    let (limit, _hand) = at_rest(RateLimit::by_address(Quota::per_hour(2)));
    let shadow = limit.clone().in_shadow();
    for _ in 0..10 {
        let admission = ask(&shadow, from_client()).unwrap();
        assert!(format!("{admission:?}").contains("allowance: None"));
    }
    assert!(!is_admitted(&limit, from_client()), "what the shadow counted is counted");

    let (head, ()) = Request::new(()).into_parts();
    assert!(is_admitted(&shadow, head), "a request without an address");
    let costly = Policy::by_address(Quota::per_hour(2)).with_cost(|_| 3);
    assert!(is_admitted(&RateLimit::new(costly).in_shadow(), from_client()));
}

#[tokio::test]
async fn an_operator_sees_how_a_caller_stands_gives_back_and_forgets() {
    let limit = RateLimit::by(Quota::per_hour(10), |account: &Account| account.name);
    let (limit, hand) = at_rest(limit);
    let left = async |name: &str| {
        limit.partition("caller", name).unwrap().peek().await.unwrap().remaining()
    };
    assert_eq!(left("alice").await, 10);
    assert_eq!(admitted_of(&limit, 12, || of_account("alice")), 10);
    assert_eq!([left("alice").await, left("bob").await], [0, 10]);

    let alice = limit.partition("caller", "alice").unwrap();
    let standing = alice.peek().await.unwrap();
    assert_eq!(standing.retry_after(), Some(Duration::from_secs(360)));
    assert_eq!(standing.whole_in(), Duration::from_secs(3_600));

    alice.refund(3).await.unwrap();
    assert_eq!(left("alice").await, 3);
    alice.refund(u32::MAX).await.unwrap();
    assert_eq!(left("alice").await, 10);
    assert_eq!(admitted_of(&limit, 12, || of_account("alice")), 10);
    alice.reset().await.unwrap();
    assert_eq!(admitted_of(&limit, 12, || of_account("alice")), 10);

    // A handler asks about the request that it has.
    let partitions = limit.partitions(&of_account("alice")).unwrap();
    hand.advance(Duration::from_secs(720));
    let standings: Vec<_> = partitions.iter().map(Partition::policy).collect();
    assert_eq!(standings, ["caller"]);
    assert_eq!(partitions[0].peek().await.unwrap().remaining(), 2);
    assert!(!format!("{partitions:?}").contains("alice"));
}

#[test]
fn a_policy_that_a_limit_does_not_have_is_told_with_those_that_it_has() {
    let limit = RateLimit::by_address(Quota::per_second(1))
        .and(Policy::by_address(Quota::per_hour(1)).named("hourly"));
    let error = limit.partition("daily", "alice").unwrap_err();
    let words = "the limit has no policy \"daily\": its policies are address, hourly";
    assert_eq!(error.to_string(), words);
}

#[tokio::test]
async fn a_partition_is_named_by_what_its_policy_counts_by_and_by_nothing_else() {
    let limit = RateLimit::by(Quota::per_hour(3), |account: &Account| account.name)
        .and(Policy::by_address(Quota::per_hour(5)))
        .and(Policy::by_key(Quota::per_hour(7), ByHeader(http::header::HOST)))
        .and(Policy::by_key(Quota::per_hour(9), (Address::default(), ByMethod)).named("methods"));
    let mut head = of_account("alice");
    let host = http::HeaderValue::from_static("example.org");
    head.headers.insert(http::header::HOST, host.clone());
    assert!(is_admitted(&limit, head.clone()));

    let client = Address::default().client(&head).unwrap();
    for partition in [
        limit.partition("caller", "alice").unwrap(),
        limit.partition("address", &client).unwrap(),
        limit.partition("header", &host).unwrap(),
        limit.partitions(&head).unwrap().pop().unwrap(),
    ] {
        let left = partition.peek().await.unwrap().remaining();
        assert_eq!(left, partition.quota().limit() - 1, "{}", partition.policy());
    }

    let address: std::net::IpAddr = [192, 0, 2, 1].into();
    let errors = [
        limit.partition("caller", &7_u64).unwrap_err(),
        limit.partition("address", &address).unwrap_err(),
        limit.partition("methods", &client).unwrap_err(),
    ];
    let words = errors.map(|error| error.to_string());
    assert_eq!(words[0], "the policy \"caller\" counts by str, not by u64");
    assert!(words[1].contains("Client, not by core::net::ip_addr::IpAddr"), "{}", words[1]);
    assert!(words[2].contains("several values together"), "{}", words[2]);
}
