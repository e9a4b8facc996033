//! One limit over many replicas: the rate limits of Portcullis, shared through Redis or Valkey.
//!
//! ```
//! use portcullis_limit::{OnStoreFailure, Policy, Quota, RateLimit};
//! use portcullis_redis::Redis;
//!
//! // Three replicas of this service share one limit, in the engine that is there already:
//! let store = Redis::open("redis://127.0.0.1:6379")?.on_failure(OnStoreFailure::local(3));
//!
//! let per_address = RateLimit::by_address(Quota::per_minute(600)).with_store(store.clone());
//! let sign_in = Policy::by_address(Quota::per_hour(20))
//!     .named("sign-in")
//!     .on_store_failure(OnStoreFailure::Refuse);
//! let sign_in = RateLimit::new(sign_in).with_store(store);
//! # let _ = (per_address, sign_in);
//! # Ok::<_, portcullis_redis::InvalidSetting>(())
//! ```
//!
//! Redis 6 or later, or any Valkey. The service is served by tokio, on a runtime that is built with
//! `enable_all`: without its timer every request is a 503 whose cause says so. Nothing is connected
//! before the first request, unless [`Redis::connect`] is called, and a service may start before its
//! engine. That call may be made on another runtime than the one that serves.
//! Over TLS the first connection takes longer than a request waits: call it when the service starts.
//! In the facade this crate is `portcullis::redis`, by its feature `redis`.
//!
//! # How it counts
//!
//! - A decision is one `EVALSHA`, one round trip: all policies of a request are checked, then all are
//!   charged or none. Times are whole microseconds of the server's clock, so replicas whose clocks
//!   differ agree. It decides as [`Memory`](portcullis_limit::Memory) does, by rate and in windows,
//!   costs, refunds, peeks and changes of quota included: under another quota what was sent was sent,
//!   and comes back at the new rate. A server that forgot the script is told it again.
//! - A client that is refused is known to be refused until its time, so that one that floods costs
//!   the engine one call an interval from each replica. What it reads meanwhile is what the engine
//!   would say if nobody else spent: `X-RateLimit-Remaining: 0` for requests that cost 1, and a
//!   `Retry-After` that counts down. In an outage it stays refused until then where it is counted in
//!   memory, and not where its policy says otherwise. An operator's
//!   [`reset`](portcullis_limit::Partition::reset) goes past that in every replica; a
//!   [`refund`](portcullis_limit::Partition::refund) does so where it was made, and elsewhere with
//!   the client's next call.
//! - In a cluster all policies of one key share a slot. Policies of several keys, an account's and
//!   its tenant's, may not: then each key is a call of its own, in their order, and where a later one
//!   refuses what the earlier ones were charged is given back. Between the two calls another request
//!   may be refused for it, and a request that is given up between them stays charged. It is found
//!   out from the server's `CROSSSLOT`, and nothing need be said. The URL names one node, which has
//!   to serve those slots: a client that follows a cluster, or Sentinel, comes later.
//!
//! # When the engine is slow or gone
//!
//! A request waits 50 ms for its decision, [unless said otherwise](Redis::with_timeout), and no
//! longer, whatever the engine does. A call that was given up carries the time at which that was so,
//! in the server's own time, and spends nothing if it is carried out later: a server that stood still
//! for an hour comes back to untouched quotas.
//!
//! After [5 failures](Redis::with_failures) the breaker opens: no request waits any more, and one
//! task tries to bring the engine back, at most half a second apart, over a new connection that is
//! taken only if it answers within the time-out and may be written to. A connection that is closed or
//! leads to a read-only replica is replaced at once. Meanwhile each policy does what it
//! [says](portcullis_limit::Policy::on_store_failure), or else what the [store](Redis::on_failure)
//! says:
//!
//! | [`OnStoreFailure`] | a caller gets | all replicas together admit |
//! |---|---|---|
//! | `Local { replicas }`, the default | its share of the quota, counted in memory: a 429 only for who spends more | the quota at most, and once more what was spent before the outage |
//! | `Admit` | through | everything |
//! | `Refuse` | 503 with `Retry-After`, never a 429 | nothing |
//!
//! The default counts by the whole quota in each replica: say how many there are. A share is at least
//! one request at once, and a request that costs more than a share costs all of it.
//!
//! A [`refund`](portcullis_limit::Partition::refund) goes where the request was decided, also while the
//! engine is gone: what was admitted without it is given back in memory, and takes nothing from the
//! engine that others spent. A request that timed out is one that the engine was not charged for. Where
//! it was, and only its answer came too late, that charge is not given back, and comes back by itself.
//! So much is remembered of 8,192 clients and policies in each process, until their share would be
//! whole again; until then what they give back goes there first, and only the rest to the engine. What
//! the engine was charged cannot be given back while it is gone: that is an error.
//!
//! Each change is one line in the log, `WARN` when the breaker opens and `INFO` when it closes. With
//! the feature `metrics` there are `portcullis_redis_breaker_open` (a gauge, 0 or 1),
//! `portcullis_redis_breaker_changes_total` by `state` (`open`, `closed`),
//! `portcullis_redis_without_engine_total` by `policy` and `mode` (`local`, `admit`, `refuse`), and
//! `portcullis_redis_known_refusals_total`.
//!
//! # Failover
//!
//! Replication is asynchronous, so a replica that is promoted may not have seen what was spent last:
//! up to rate × replication lag is admitted twice. With 600 a minute and a lag of a second that is 10
//! requests a key; an engine that comes back empty gives each key its burst once more. Replicas of
//! the engine are not asked. A server whose clock is set back makes nobody's wait longer; one whose
//! clock is set forward gives back as much time as it skipped.
//!
//! # Sizing
//!
//! A cell takes about 210 bytes of the engine's memory for each key and policy, and always ends by
//! itself: by rate a second after 1¼ of the time in which the quota is whole again, in windows a second
//! after the window; later only where a key still owes a slower quota. So memory is 210 bytes × the
//! keys that are seen in that time: 100,000 clients of a quota by the minute or the hour take 21 MB. A
//! server that evicts (`maxmemory-policy`) gives whoever is evicted a fresh burst: prefer
//! `volatile-ttl`, and room. One that does not, and is full, counts as gone. A decision takes 5 µs of
//! the server's one thread, one about two policies 10 µs, so one server makes about 100,000 a second.
//!
//! # What lies in the engine
//!
//! A cell is called `portcullis:{digest}:policy:v1`. The digest is the first 32 hexadecimal digits of
//! the SHA-256 of the key, so that no address and no credential is sent or kept; who knows the engine
//! and guesses a key finds its cell, as there are few addresses. [`Redis::cell`] says a cell's name,
//! and so does a shell, for a text and for a number of 64 bits, 42:
//!
//! ```sh
//! printf 'alice\377' | sha256sum | head -c 32
//! printf '\052\0\0\0\0\0\0\0' | sha256sum | head -c 32
//! redis-cli --scan --pattern 'portcullis:*:sign-in:v1'    # all cells of a policy
//! redis-cli DEL 'portcullis:{72113adcd646508ce8ff232d7435f008}:caller:v1'
//! redis-cli PUBLISH portcullis:reset ''                   # replicas forget whom they know as refused
//! ```
//!
//! [`Partition::reset`](portcullis_limit::Partition::reset) does the last two. Services that share an
//! engine share policies of one name, unless they have a [prefix](Redis::with_prefix) each. An access
//! list needs `~portcullis:* &portcullis:reset +evalsha +eval +time +get +mget +setrange +psetex +del
//! +subscribe +publish`; where there is a `+client|setinfo`, from Redis 7.2 on and in Valkey, it keeps
//! a harmless refusal out of `ACL LOG`.
//!
//! # Cargo features
//!
//! - `rustls`: connections over TLS, `rediss://`, trusting whom the machine trusts. The application
//!   brings rustls's crypto provider, and installs it as the process's. Off by default.
//! - `metrics`: counters and a gauge through the `metrics` facade. Off by default.

mod breaker;
mod due;
mod failure;
mod fallback;
mod key;
mod link;
mod observe;
mod patience;
mod refusals;
mod script;
mod store;
mod time;
mod tls;

pub use portcullis_limit::OnStoreFailure;

pub use self::store::{InvalidSetting, Redis};
