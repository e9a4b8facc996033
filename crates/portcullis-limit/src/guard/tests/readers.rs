//! What others make of what a limit writes.

use http::{HeaderMap, HeaderName, header::RETRY_AFTER};
use portcullis_core::{X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET};
use proptest::prelude::*;
use sfv::{BareItem, ListEntry, Parser};

use super::{headers::answer, *};
use crate::Window;

/// The items of a list of strings with parameters (RFC 9651), by a strict parser of somebody else's.
fn items(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, Vec<(String, BareItem)>)> {
    let value = headers[name].to_str().unwrap();
    let list = Parser::new(value).parse::<sfv::List>().unwrap_or_else(|error| {
        panic!("{value}: {error}");
    });
    list.into_iter()
        .map(|entry| {
            let ListEntry::Item(item) = entry else { panic!("{value} has an inner list") };
            let name = item.bare_item.as_string().expect("a string").as_str().to_owned();
            let parameters = item.params.into_iter();
            (name, parameters.map(|(key, value)| (key.as_str().to_owned(), value)).collect())
        })
        .collect()
}

/// As `ratelimit-header-parser` documents it: three integers, of which `reset` is seconds from now
/// where it is small, and a moment of the Unix epoch where it is large.
fn conventional(headers: &HeaderMap, now: u64) -> [u64; 3] {
    let number = |name| headers[&name].to_str().unwrap().parse::<u64>().unwrap();
    let reset = match number(X_RATELIMIT_RESET) {
        seconds if seconds < 10_000_000 => seconds,
        moment => moment - now,
    };
    [number(X_RATELIMIT_LIMIT), number(X_RATELIMIT_REMAINING), reset]
}

#[tokio::test]
async fn conventional_readers_find_the_limit_what_remains_and_when_it_is_whole() {
    let since_epoch = Duration::from_secs(1_800_000_000);
    for reset in [Reset::DeltaSeconds, Reset::EpochSeconds] {
        let (clock, hand) = Clock::manual();
        hand.advance(since_epoch);
        let limit = RateLimit::by_address(Quota::per_minute(2))
            .with_reset(reset)
            .with_store(Memory::new().with_clock(clock));
        for expected in [[2, 1, 30], [2, 0, 60], [2, 0, 60]] {
            let response = answer(&limit).await;
            assert_eq!(conventional(response.headers(), since_epoch.as_secs()), expected);
        }
    }
}

fn quota() -> impl Strategy<Value = Quota> {
    (1_u32..2_000, 2_000_u64..5_000_000_000_000, any::<bool>()).prop_map(
        |(count, micros, window)| {
            let quota = Quota::per(count, Duration::from_micros(micros));
            if window { quota.in_windows(Window::FirstRequest) } else { quota }
        },
    )
}

proptest! {
    #[test]
    fn a_strict_parser_of_structured_fields_reads_every_item(
        names in prop::collection::vec("[ -~]{1,20}", 1..4),
        quotas in prop::collection::vec(quota(), 4),
        asked in 1_usize..30,
    ) {
        let policies = names.iter().zip(&quotas).enumerate().map(|(place, (name, quota))| {
            Policy::by_address(*quota).named(format!("{place} {name}"))
        });
        let names: Vec<_> =
            names.iter().enumerate().map(|(place, name)| format!("{place} {name}")).collect();
        let mut policies = policies;
        let first = RateLimit::new(policies.next().unwrap());
        let limit = policies.fold(first, RateLimit::and);
        let fields = RateLimitFields::draft_11().with_partition_key();
        let (limit, _hand) = at_rest(limit.with_fields(fields));

        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..asked {
            let response = runtime.block_on(answer(&limit));
            let headers = response.headers();
            let (told, stands) = (items(headers, &RATELIMIT_POLICY), items(headers, &RATELIMIT));
            for items in [&told, &stands] {
                prop_assert!(items.iter().map(|(name, _)| name).eq(&names));
            }
            let mut waits = Vec::new();
            for ((_, told), (_, stands)) in told.iter().zip(&stands) {
                let [(q, units), (w, window), (pk, partition)] = &told[..] else { panic!("{told:?}") };
                let [(r, remaining), stands @ .., (also, same)] = &stands[..] else {
                    panic!("{stands:?}")
                };
                prop_assert_eq!([q, w, pk, r, also], ["q", "w", "pk", "r", "pk"]);
                let integer = |item: &BareItem| i64::from(item.as_integer().unwrap());
                prop_assert!(integer(units) >= 1 && integer(window) >= 1);
                prop_assert!((0..=integer(units)).contains(&integer(remaining)));
                prop_assert_eq!(partition.as_byte_sequence().unwrap().len(), 6);
                prop_assert_eq!(partition, same);
                match stands {
                    [(t, time)] => {
                        prop_assert!(t == "t" && integer(time) >= 1);
                        if integer(remaining) == 0 {
                            waits.push(integer(time));
                        }
                    }
                    // Nobody is told to come before the one that refuses.
                    _ => prop_assert!(stands.is_empty() && response.status() == 429),
                }
            }
            if response.status() == 429 {
                let retry_after: i64 = headers[RETRY_AFTER].to_str().unwrap().parse().unwrap();
                prop_assert_eq!(waits.into_iter().max(), Some(retry_after));
            }
        }
    }
}
