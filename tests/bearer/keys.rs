//! API keys in front of a service, by every way to it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use portcullis::{
    Bearer, BoxError,
    keys::{ApiKeys, KeyDigest, KeyFormat, KeySource, MemoryKeys, NewKey, StoredKey},
};
use portcullis_tests::{Wire, get};

use crate::{
    secrecy::{hide, was_logged},
    service::{Caller, Way, behind},
};

/// Keys that take a moment to be found, and how many were looked for.
#[derive(Clone, Default)]
struct Table {
    stored: MemoryKeys<Caller>,
    asked: Arc<AtomicUsize>,
}

impl KeySource for Table {
    type Principal = Caller;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<Caller>>, BoxError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let found = self.stored.find(digest).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        found
    }
}

struct Service {
    app: Router,
    keys: ApiKeys<Table>,
    table: Table,
}

impl Service {
    fn new() -> Self {
        let table = Table::default();
        let keys = ApiKeys::new(KeyFormat::new("acme_"), table.clone());
        Self { app: behind(Bearer::new(keys.clone())), keys, table }
    }

    fn make(&self) -> NewKey {
        let key = self.keys.generate().expect("random numbers");
        hide(key.secret());
        key
    }

    fn store(&self, key: &NewKey, id: i64, owner: &str) {
        self.table.stored.insert(key.digest(), StoredKey::new(id, Caller(owner.to_owned())));
    }

    async fn ask(&self, way: Way, key: &NewKey) -> Wire {
        way.send(&self.app, get("/whoami").key(key.secret())).await
    }

    fn asked(&self) -> usize {
        self.table.asked.load(Ordering::Relaxed)
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_at_once_with_one_key_ask_the_table_once() {
    for is_stored in [true, false] {
        let service = Arc::new(Service::new());
        let key = service.make();
        if is_stored {
            service.store(&key, 7, "wile");
        }
        let key = Arc::new(key);
        let requests: Vec<_> = (0..1_000)
            .map(|_| {
                let (service, key) = (Arc::clone(&service), Arc::clone(&key));
                tokio::spawn(async move { service.ask(Way::InProcess, &key).await.status })
            })
            .collect();
        for request in requests {
            let expected = if is_stored { 200 } else { 401 };
            assert_eq!(request.await.expect("an answer"), expected);
        }
        assert_eq!(service.asked(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_mistyped_key_is_refused_and_the_table_not_asked() {
    let service = Service::new();
    let key = service.make();
    service.store(&key, 7, "wile");
    let mut mistyped = key.secret().to_owned();
    mistyped.replace_range(10..11, if &mistyped[10..11] == "x" { "y" } else { "x" });
    hide(&mistyped);
    for way in Way::ALL {
        let answer = way.send(&service.app, get("/whoami").key(&mistyped)).await;
        assert_eq!(answer.text(), r#"{"detail":"Invalid bearer token"}"#);
    }
    assert_eq!(service.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn after_a_revocation_the_very_next_request_is_a_401() {
    for way in Way::ALL {
        let service = Service::new();
        let (old, new) = (service.make(), service.make());
        // Two keys of one owner, as during a rotation.
        service.store(&old, 7, "wile");
        service.store(&new, 8, "wile");
        assert_eq!(service.ask(way, &old).await.text(), "wile");
        assert_eq!(service.ask(way, &new).await.text(), "wile");

        service.keys.revoke(&7.into());

        let answer = service.ask(way, &old).await;
        assert_eq!(answer.status, 401, "{way:?}");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
        assert_eq!(service.ask(way, &new).await.text(), "wile");
    }
    assert!(was_logged("an API key was revoked key.id=7"));
}

#[tokio::test(start_paused = true)]
async fn a_new_key_works_though_it_was_refused_a_moment_ago() {
    for way in Way::ALL {
        let service = Service::new();
        let key = service.make();
        assert_eq!(service.ask(way, &key).await.status, 401, "{way:?}");
        service.store(&key, 7, "wile");
        service.keys.forget(&key.digest());
        assert_eq!(service.ask(way, &key).await.text(), "wile", "{way:?}");
    }
}
