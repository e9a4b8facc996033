//! What is promised of keys, with a source that counts how often it is asked.

mod source;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use http::{Request, header::AUTHORIZATION};
use portcullis_core::{
    Guard, Verdict,
    stack::{Moment, monotonic},
};
use tokio::time::advance;

use self::source::{Counted, Failure, outcome};
use super::*;
use crate::{Bearer, Outcome, Reason};

fn keys() -> (ApiKeys<Counted>, Counted) {
    let source = Counted::default();
    (ApiKeys::new(KeyFormat::new("acme_"), source.clone()), source)
}

/// A key that is stored, by this id.
fn issue(keys: &ApiKeys<Counted>, source: &Counted, id: i64) -> NewKey {
    let key = keys.generate().unwrap();
    source.stored.insert(key.digest(), StoredKey::new(id, id));
    key
}

#[tokio::test(start_paused = true)]
async fn a_key_is_looked_up_once_a_minute() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    for _ in 0..3 {
        assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    }
    assert_eq!(source.asked(), 1);
    advance(Duration::from_secs(60)).await;
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_minute_begins_when_the_source_is_asked() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    source.takes(Duration::from_secs(4));
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    source.stored.remove(&7.into());
    advance(Duration::from_secs(55)).await;
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    advance(Duration::from_secs(1)).await;
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Unknown)));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_at_once_with_one_key_look_it_up_once() {
    let (keys, source) = keys();
    for key in [issue(&keys, &source, 7), keys.generate().unwrap()] {
        let before = source.asked();
        source.takes(Duration::from_secs(1));
        let requests: Vec<_> = (0..1_000)
            .map(|_| {
                let (keys, secret) = (keys.clone(), key.secret().to_owned());
                tokio::spawn(async move { outcome(&keys, &secret).await })
            })
            .collect();
        let mut outcomes = Vec::new();
        for request in requests {
            outcomes.push(request.await.unwrap());
        }
        assert_eq!(outcomes.len(), 1_000);
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
        assert_eq!(source.asked() - before, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn if_the_one_who_looks_a_key_up_goes_away_another_does_it() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    source.takes(Duration::from_secs(1));
    let first = tokio::spawn({
        let (keys, secret) = (keys.clone(), key.secret().to_owned());
        async move { outcome(&keys, &secret).await }
    });
    tokio::task::yield_now().await;
    let second = tokio::spawn({
        let (keys, secret) = (keys.clone(), key.secret().to_owned());
        async move { outcome(&keys, &secret).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(source.asked(), 1);
    first.abort();
    assert_eq!(second.await.unwrap(), Ok(7));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_mistyped_key_is_looked_up_by_nobody() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    let mut mistyped = key.secret().to_owned();
    let last = if mistyped.ends_with('x') { "y" } else { "x" };
    mistyped.replace_range(mistyped.len() - 1.., last);
    for wrong in [&*mistyped, "acme_", "globex_1", &key.secret()[..20], "tok"] {
        assert_eq!(outcome(&keys, wrong).await, Err(Some(Reason::Unknown)), "{wrong}");
    }
    assert_eq!(source.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_key_is_refused_from_the_next_request_on_though_the_source_has_not_heard() {
    let (keys, source) = keys();
    let (key, another) = (issue(&keys, &source, 7), issue(&keys, &source, 8));
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    keys.revoke(&7.into());
    for _ in 0..3 {
        assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Revoked)));
        advance(Duration::from_secs(61)).await;
    }
    assert_eq!(outcome(&keys, another.secret()).await, Ok(8));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_is_under_way_when_its_key_is_revoked_does_not_bring_it_back() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    source.takes(Duration::from_secs(1));
    let under_way = tokio::spawn({
        let (keys, secret) = (keys.clone(), key.secret().to_owned());
        async move { outcome(&keys, &secret).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(source.asked(), 1);
    keys.revoke(&7.into());
    assert_eq!(under_way.await.unwrap(), Err(Some(Reason::Revoked)));
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Revoked)));
}

#[tokio::test(start_paused = true)]
async fn revocations_that_are_no_longer_remembered_are_no_longer_cached_either() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    source.takes(Duration::from_secs(1));
    let another = issue(&keys, &source, 8);
    let under_way = tokio::spawn({
        let (keys, secret) = (keys.clone(), another.secret().to_owned());
        async move { outcome(&keys, &secret).await }
    });
    tokio::task::yield_now().await;
    for id in [7, 8] {
        keys.revoke(&id.into());
        source.stored.remove(&id.into());
    }
    (100..6_000).for_each(|id| keys.revoke(&i64::into(id)));
    // The sources's word counts, which is newer than the cache and than what was under way.
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Unknown)));
    assert_eq!(under_way.await.unwrap(), Err(Some(Reason::Unknown)));
}

#[tokio::test(start_paused = true)]
async fn a_revocation_holds_whatever_is_set_before_or_after_it() {
    let (keys, source) = keys();
    let (key, another) = (issue(&keys, &source, 7), issue(&keys, &source, 8));
    let before = keys.clone().with_ttl(Duration::from_secs(3_600));
    assert_eq!(outcome(&before, key.secret()).await, Ok(7));
    assert_eq!(outcome(&before, another.secret()).await, Ok(8));
    keys.revoke(&7.into());
    let after = keys.clone().with_ttl(Duration::from_secs(10)).with_capacity(100);
    for keys in [&keys, &before, &after] {
        assert_eq!(outcome(keys, key.secret()).await, Err(Some(Reason::Revoked)));
    }
    // One that is no longer remembered is no longer cached by any of them.
    source.stored.remove(&7.into());
    for id in 1_000..6_000 {
        keys.revoke(&id.into());
    }
    for keys in [&keys, &before, &after] {
        assert_eq!(outcome(keys, key.secret()).await, Err(Some(Reason::Unknown)));
        assert_eq!(outcome(keys, another.secret()).await, Ok(8));
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_good_at_once_though_it_was_refused_a_moment_ago() {
    let (keys, source) = keys();
    let key = keys.generate().unwrap();
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Unknown)));
    source.stored.insert(key.digest(), StoredKey::new(7, 7));
    keys.forget(&key.digest());
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));

    // Where nobody is told of it, after a second.
    let key = keys.generate().unwrap();
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Unknown)));
    source.stored.insert(key.digest(), StoredKey::new(8, 8));
    advance(Duration::from_millis(999)).await;
    assert_eq!(outcome(&keys, key.secret()).await, Err(Some(Reason::Unknown)));
    advance(Duration::from_millis(1)).await;
    assert_eq!(outcome(&keys, key.secret()).await, Ok(8));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_is_under_way_when_its_key_is_stored_does_not_hide_it() {
    let (keys, source) = keys();
    let key = keys.generate().unwrap();
    source.takes(Duration::from_secs(1));
    let under_way = tokio::spawn({
        let (keys, secret) = (keys.clone(), key.secret().to_owned());
        async move { outcome(&keys, &secret).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(source.asked(), 1);
    source.stored.insert(key.digest(), StoredKey::new(7, 7));
    keys.forget(&key.digest());
    // It joins no look-up that began before the key was there.
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    assert_eq!(under_way.await.unwrap(), Err(Some(Reason::Unknown)));
    assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_by_those_who_wait_for_it_and_remembered_by_nobody() {
    for failure in [Failure::Error, Failure::Panic] {
        let (keys, source) = keys();
        let key = issue(&keys, &source, 7);
        source.takes(Duration::from_secs(1));
        source.fails(failure);
        let requests: Vec<_> = (0..1_000)
            .map(|_| {
                let (keys, secret) = (keys.clone(), key.secret().to_owned());
                tokio::spawn(async move { outcome(&keys, &secret).await })
            })
            .collect();
        for request in requests {
            assert_eq!(request.await.unwrap(), Err(None));
        }
        assert_eq!(source.asked(), 1);
        source.fails(Failure::None);
        assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
        assert_eq!(source.asked(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_ends_when_it_ends_and_not_when_the_cache_says() {
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
    let now = std::sync::Arc::new(std::sync::Mutex::new(end - Duration::from_secs(1)));
    let (keys, source) = keys();
    let keys = keys.with_clock({
        let now = now.clone();
        move || *now.lock().unwrap()
    });
    // Two keys of one owner, during a rotation.
    let [old, new] = [7, 8].map(|id: i64| {
        let key = keys.generate().unwrap();
        let stored = StoredKey::new(id, 1);
        let stored = if id == 7 { stored.expires_at(end) } else { stored };
        source.stored.insert(key.digest(), stored);
        key
    });
    assert_eq!(outcome(&keys, old.secret()).await, Ok(1));
    assert_eq!(outcome(&keys, new.secret()).await, Ok(1));
    *now.lock().unwrap() = end;
    assert_eq!(outcome(&keys, old.secret()).await, Err(Some(Reason::Expired)));
    assert_eq!(outcome(&keys, new.secret()).await, Ok(1));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_tried_do_not_drive_out_those_that_are_used() {
    let (keys, source) = keys();
    let keys = keys.with_capacity(100);
    let key = issue(&keys, &source, 7);
    for _ in 0..50 {
        assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
        for _ in 0..50 {
            let tried = keys.generate().unwrap();
            assert_eq!(outcome(&keys, tried.secret()).await, Err(Some(Reason::Unknown)));
        }
    }
    assert!(keys.cached() <= 200, "{} answers are cached", keys.cached());
    assert_eq!(source.asked_for(key.digest()), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_be_good_for_ever_or_for_no_time_at_all() {
    for (ttl, asked) in [(Duration::MAX, 1), (Duration::ZERO, 3)] {
        let (keys, source) = keys();
        let keys = keys.with_ttl(ttl).with_refused_ttl(ttl);
        let (key, nobodys) = (issue(&keys, &source, 7), keys.generate().unwrap());
        for _ in 0..3 {
            assert_eq!(outcome(&keys, key.secret()).await, Ok(7));
            assert_eq!(outcome(&keys, nobodys.secret()).await, Err(Some(Reason::Unknown)));
            advance(Duration::from_secs(1_000_000)).await;
        }
        assert_eq!(source.asked_for(key.digest()), asked);
        assert_eq!(source.asked_for(nobodys.digest()), asked);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_that_begins_after_a_revocation_is_admitted_whoever_races() {
    for round in 0..50 {
        let (keys, source) = keys();
        // Nothing stays cached, so that look-ups and revocation meet at every point.
        let keys = keys.with_ttl(Duration::ZERO);
        let key = std::sync::Arc::new(issue(&keys, &source, round));
        let is_revoked = std::sync::Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..4)
            .map(|_| {
                let (keys, key, is_revoked) = (keys.clone(), key.clone(), is_revoked.clone());
                tokio::spawn(async move {
                    for _ in 0..200 {
                        let was_revoked = is_revoked.load(Ordering::SeqCst);
                        let outcome = outcome(&keys, key.secret()).await;
                        if was_revoked {
                            assert_eq!(outcome, Err(Some(Reason::Revoked)));
                        }
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        tokio::task::yield_now().await;
        keys.revoke(&round.into());
        is_revoked.store(true, Ordering::SeqCst);
        for caller in callers {
            caller.await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_digest_reaches_the_source_and_a_pepper_makes_it_another() {
    let (keys, source) = keys();
    let key = keys.generate().unwrap();
    outcome(&keys, key.secret()).await.unwrap_err();
    assert_eq!(source.asked_for(key.digest()), 1);

    let peppered = keys.with_pepper([7; 32]);
    assert_ne!(peppered.digest(key.secret()), key.digest());
    outcome(&peppered, key.secret()).await.unwrap_err();
    assert_eq!(source.asked_for(peppered.digest(key.secret())), 1);
}

#[test]
fn nothing_prints_a_secret() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    let stored = StoredKey::new(7, "principal");
    let printed = format!("{keys:?} {key:?} {:?} {stored:?} {:?}", key.digest(), source.stored);
    assert_eq!(
        printed,
        "ApiKeys { format: KeyFormat { prefix: \"acme_\", has_checksum: true, takes_foreign: false \
         }, .. } NewKey(…) KeyDigest(…) StoredKey { id: KeyId(\"7\"), .. } MemoryKeys { .. }"
    );
}

#[tokio::test]
async fn a_cached_key_and_the_limits_around_it_read_the_clock_once() {
    let (keys, source) = keys();
    let key = issue(&keys, &source, 7);
    outcome(&keys, key.secret()).await.unwrap();
    let bearer = Bearer::new(keys);
    let ask = |moment: &mut Moment| {
        let authorization = format!("Bearer {}", key.secret());
        let request = Request::builder().header(AUTHORIZATION, authorization).body(()).unwrap();
        bearer.check_at(&mut request.into_parts().0, moment)
    };
    let mut moment = Moment::default();
    assert!(matches!(ask(&mut moment), Verdict::Now(Ok(_))));
    assert!(moment.known().is_some());

    let in_a_minute = monotonic() + 60_000_000_000;
    assert!(matches!(ask(&mut Moment::at(in_a_minute)), Verdict::Later(_)));
}

/// An outcome that can be compared: the principal, the reason, or none where nobody could say.
type Seen = Result<i64, Option<Reason>>;

impl From<Outcome<i64>> for source::Comparable {
    fn from(outcome: Outcome<i64>) -> Self {
        Self(match outcome {
            Outcome::Accepted(principal) => Ok(principal),
            Outcome::Rejected(reason) => Err(Some(reason)),
            Outcome::Unavailable(_) => Err(None),
        })
    }
}
