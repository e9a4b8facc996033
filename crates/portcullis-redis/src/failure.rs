//! Why the engine did not answer, or not as it should.

use std::{error::Error, fmt};

use redis::{ErrorKind, RedisError};

use crate::tls::NO_CRYPTO;

/// What went wrong with one call, or with the connection.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The breaker is open, or the first connection is not there.
    Down,
    /// No answer in time.
    TimedOut,
    /// An answer that is none of the script's.
    Strange,
    /// There is no tokio to wait with.
    NoRuntime,
    /// There is a tokio that cannot wait.
    NoTimer,
    /// TLS is asked for, and nothing is there that encrypts.
    NoCrypto,
    Engine(RedisError),
}

/// What a failure means for those who call next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It was this call's alone.
    Alone,
    /// The next may fare better.
    Suspect,
    /// This connection is of no use.
    Lost,
}

/// Answers of a server that cannot decide for anybody, or not through this connection.
const OF_THE_SERVER: [&str; 11] = [
    "READONLY",
    "MASTERDOWN",
    "LOADING",
    "CLUSTERDOWN",
    "NOAUTH",
    "WRONGPASS",
    "NOPERM",
    "MISCONF",
    "NOREPLICAS",
    "OOM",
    "BUSY",
];

/// Answers of a node of a cluster that some keys have left, or all.
const OF_THE_SLOT: [&str; 3] = ["MOVED", "ASK", "TRYAGAIN"];

impl Failure {
    pub(crate) fn strange() -> Self {
        Self::Strange
    }

    pub(crate) fn meaning(&self) -> Meaning {
        match self {
            Self::Down | Self::Strange | Self::NoRuntime | Self::NoTimer | Self::NoCrypto => {
                Meaning::Alone
            }
            Self::TimedOut => Meaning::Suspect,
            Self::Engine(error) => {
                let is_server = matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension);
                match is_server {
                    true if says(error, &OF_THE_SLOT) => Meaning::Suspect,
                    true if !says(error, &OF_THE_SERVER) => Meaning::Alone,
                    _ => Meaning::Lost,
                }
            }
        }
    }

    pub(crate) fn is_no_script(&self) -> bool {
        matches!(self, Self::Engine(error) if error.code() == Some("NOSCRIPT"))
    }

    /// Whether keys of one call lie in several slots of a cluster.
    pub(crate) fn is_cross_slot(&self) -> bool {
        matches!(self, Self::Engine(error) if says(error, &["CROSSSLOT"]))
    }
}

/// Whether the server's error is one of these. Old servers put the code that a script's command was
/// answered with into the text of their own.
fn says(error: &RedisError, codes: &[&str]) -> bool {
    let code = error.code().unwrap_or_default();
    let detail = error.detail().unwrap_or_default();
    codes.iter().any(|it| code == *it || detail.contains(&format!("-{it} ")))
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Engine(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down => "the engine is down, and is not asked until it is back",
            Self::TimedOut => "the engine did not answer in time",
            Self::Strange => "the engine answered something that the script never says",
            Self::NoRuntime => {
                "a limit in Redis was asked outside of a tokio runtime: serve it by tokio"
            }
            Self::NoTimer => {
                "a limit in Redis was asked in a tokio runtime without a timer: build it with \
                 `enable_all`"
            }
            Self::NoCrypto => NO_CRYPTO,
            Self::Engine(_) => "the engine answered with an error",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Engine(error) => Some(error),
            _ => None,
        }
    }
}
