use std::{sync::Arc, time::Duration};

use portcullis::limit::{Charge, PolicyName, Quota, Store};
use portcullis_redis::Redis;
use portcullis_tests::Engine;
use redis::{Script, aio::MultiplexedConnection};

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Get,
    Bare,
    One,
    Two,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Get, Kind::Bare, Kind::One, Kind::Two];

/// As few lines as it takes.
const BARE: &str = "
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local tat = tonumber(redis.call('GET', KEYS[1]) or now)
if tat < now then tat = now end
local new = tat + interval
if new - now > interval * burst then return {0, tat - now} end
redis.call('SET', KEYS[1], string.format('%.0f', new), 'PX', math.ceil((new - now) / 1000))
return {1, new - now}
";

/// Refuses nobody in the time that this takes.
const QUOTA: Quota = Quota::per_second(1_000).burst(1_000_000);

#[derive(Clone)]
pub(crate) struct Subject {
    plain: MultiplexedConnection,
    bare: Arc<Script>,
    store: Redis,
    policies: Arc<[PolicyName; 2]>,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Bare => "bare script",
            Self::One => "ours, one limit",
            Self::Two => "ours, two of one key",
        }
    }
}

impl Subject {
    pub(crate) async fn connect(engine: &Engine) -> Self {
        let client = redis::Client::open(engine.url()).expect("a URL");
        let plain = client.get_multiplexed_async_connection().await.expect("it is there");
        let bare = Arc::new(Script::new(BARE));
        let store = Redis::open(&engine.url()).expect("a URL");
        let store = store.with_timeout(Duration::from_secs(10)).expect("a time-out");
        store.connect().await.expect("it is there");
        let policies = Arc::new([PolicyName::new("caller"), PolicyName::new("burst")]);
        Self { plain, bare, store, policies }
    }

    pub(crate) async fn send(&self, kind: Kind, caller: usize, count: u64) {
        let key = format!("{caller}-{}", count % 10);
        match kind {
            Kind::Get => {
                let mut plain = self.plain.clone();
                let command = redis::cmd("GET").arg(format!("plain:{key}")).to_owned();
                let _: Option<String> = command.query_async(&mut plain).await.expect("it answers");
            }
            Kind::Bare => {
                let mut plain = self.plain.clone();
                let mut call = self.bare.key(format!("bare:{key}"));
                let (is_admitted, _): (u8, u64) = call
                    .arg(1_000)
                    .arg(1_000_000)
                    .invoke_async(&mut plain)
                    .await
                    .expect("it answers");
                assert_eq!(is_admitted, 1);
            }
            Kind::One | Kind::Two => {
                let policies = if matches!(kind, Kind::One) { 1 } else { 2 };
                let answer = {
                    let charge = |policy| {
                        Charge::new(policy, key.as_bytes(), &QUOTA, 1).expect("at most the burst")
                    };
                    let charges = [charge(&self.policies[0]), charge(&self.policies[1])];
                    self.store.check(&charges[..policies])
                };
                assert!(answer.wait().await.expect("it answers").is_admitted());
            }
        }
    }
}
