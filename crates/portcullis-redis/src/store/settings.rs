use std::{
    error::Error,
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use portcullis_limit::{Memory, OnStoreFailure};
use redis::{Client, ProtocolVersion};

use super::Redis;
use crate::{
    time::Time,
    tls::{NO_CRYPTO, may_encrypt},
};

/// What a store was told.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) client: Client,
    pub(super) prefix: Arc<str>,
    pub(super) timeout: Duration,
    pub(super) failures: u32,
    pub(super) in_flight: usize,
    pub(super) refusals: usize,
    pub(super) on_failure: OnStoreFailure,
    pub(super) memory: Memory,
    pub(super) time: Time,
}

/// Shorter, and an answer that is on its way is given up; longer, and nobody waits for it.
const TIMEOUTS: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(2)..=Duration::from_secs(60);

impl Redis {
    /// A store in the engine at this URL: `redis://user:password@host:6379/0`, `rediss://` for TLS
    /// (with the feature `rustls`), `redis+unix:///run/redis.sock`. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// When it is no such URL.
    pub fn open(url: &str) -> Result<Self, InvalidSetting> {
        let client = Client::open(url).map_err(|error| InvalidSetting {
            message: "this is no URL of Redis or Valkey: write redis://host:6379, or rediss:// \
                      with the feature `rustls`",
            source: Some(Box::new(error)),
        })?;
        if !may_encrypt(&client) {
            return Err(InvalidSetting::of(NO_CRYPTO));
        }
        Ok(Self::new(client))
    }

    /// A store in the engine that this client connects to: for certificates and options that no URL
    /// says.
    pub fn new(client: Client) -> Self {
        Self::of(Settings {
            client: hearing(client),
            prefix: Arc::from("portcullis"),
            timeout: Duration::from_millis(50),
            failures: 5,
            in_flight: 1_024,
            refusals: 8_192,
            on_failure: OnStoreFailure::default(),
            memory: Memory::new(),
            time: Time::machine(),
        })
    }

    /// What becomes of requests while the engine is gone or too slow, where their policy does not
    /// [say](portcullis_limit::Policy::on_store_failure): counted in memory by the whole quota,
    /// unless said otherwise. Say how many replicas there are, and each counts by its share.
    #[must_use]
    pub fn on_failure(self, on_failure: OnStoreFailure) -> Self {
        Self::of(Settings { on_failure, ..self.settings() })
    }

    /// Counts in this memory while the engine is gone: one with another capacity.
    #[must_use]
    pub fn with_memory(self, memory: Memory) -> Self {
        Self::of(Settings { memory, ..self.settings() })
    }

    /// How long a request waits for a decision, all in all, before it is decided without the engine:
    /// 50 ms unless said otherwise. What it asked for is not spent later.
    ///
    /// # Errors
    ///
    /// When it is below 2 ms or above a minute.
    pub fn with_timeout(self, timeout: Duration) -> Result<Self, InvalidSetting> {
        match TIMEOUTS.contains(&timeout) {
            true => Ok(Self::of(Settings { timeout, ..self.settings() })),
            false => Err(InvalidSetting::of("a time-out is between 2 milliseconds and a minute")),
        }
    }

    /// Opens the breaker once so many more calls timed out than were answered: 5 unless said
    /// otherwise. A connection that is lost is replaced at once, whatever this says.
    ///
    /// # Errors
    ///
    /// When it is zero.
    pub fn with_failures(self, failures: u32) -> Result<Self, InvalidSetting> {
        match failures {
            0 => Err(InvalidSetting::of("a breaker opens after at least 1 failure")),
            _ => Ok(Self::of(Settings { failures, ..self.settings() })),
        }
    }

    /// Has at most so many calls on their way at once, 1,024 unless said otherwise; others wait, and
    /// their time runs.
    ///
    /// # Errors
    ///
    /// When it is zero or above 65,536.
    pub fn with_calls_in_flight(self, calls: usize) -> Result<Self, InvalidSetting> {
        match calls {
            1..=65_536 => Ok(Self::of(Settings { in_flight: calls, ..self.settings() })),
            _ => Err(InvalidSetting::of("between 1 and 65,536 calls are on their way at once")),
        }
    }

    /// Remembers so many refusals, 8,192 unless said otherwise, at about 150 bytes each; with 0, every
    /// request of a client that floods reaches the engine.
    #[must_use]
    pub fn with_known_refusals(self, refusals: usize) -> Self {
        Self::of(Settings { refusals, ..self.settings() })
    }

    /// Begins the names of its cells with something else than `portcullis`, so that services that
    /// share an engine need not share policies of one name.
    ///
    /// # Errors
    ///
    /// When it is not 1 to 64 letters, digits, `-`, `_`, `.` or `:`.
    pub fn with_prefix(self, prefix: &str) -> Result<Self, InvalidSetting> {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        match (1..=64).contains(&prefix.len()) && prefix.bytes().all(is_plain) {
            true => Ok(Self::of(Settings { prefix: Arc::from(prefix), ..self.settings() })),
            false => {
                Err(InvalidSetting::of("a prefix is 1 to 64 letters, digits, '-', '_', '.' or ':'"))
            }
        }
    }

    /// Has a test say how many microseconds have passed since the Unix epoch, here and there.
    #[doc(hidden)]
    #[must_use]
    pub fn at_a_time_of_tests(self, micros: Arc<AtomicU64>) -> Self {
        Self::of(Settings { time: Time::Told(micros), ..self.settings() })
    }

    fn settings(&self) -> Settings {
        self.shared.settings.clone()
    }
}

/// The same client, by the protocol in which an engine says on its own that something was forgotten.
fn hearing(client: Client) -> Client {
    let info = client.get_connection_info();
    let redis = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    // It was one before, so it is one still.
    Client::open(info.clone().set_redis_settings(redis)).unwrap_or(client)
}

/// A setting that a store cannot have.
#[derive(Debug)]
pub struct InvalidSetting {
    message: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl InvalidSetting {
    fn of(message: &'static str) -> Self {
        Self { message, source: None }
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Error for InvalidSetting {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_cannot_be_says_what_to_do() {
        let store = || Redis::open("redis://:secret@127.0.0.1:1").unwrap();
        for (setting, says) in [
            (Redis::open("http://127.0.0.1"), "redis://host:6379"),
            (Redis::open("rediss://127.0.0.1"), "rustls"),
            (store().with_timeout(Duration::ZERO), "between 2 milliseconds"),
            (store().with_failures(0), "at least 1"),
            (store().with_calls_in_flight(0), "between 1 and"),
            (store().with_prefix("a{b}"), "letters"),
        ] {
            let message = setting.unwrap_err().to_string();
            assert!(message.contains(says), "{message}");
        }
        assert!(!format!("{:?}", store()).contains("secret"));
    }
}
