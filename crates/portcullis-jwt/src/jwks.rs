use std::{fmt, sync::Arc, time::Duration};

use http::Uri;
use portcullis_core::{BoxError, BoxFuture};

use crate::{BuildError, Fetch};

const REFRESH: Duration = Duration::from_secs(300);
const COOL_DOWN: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(3);
const MAX_STALE: Duration = Duration::from_secs(24 * 60 * 60);
const MAX_BYTES: usize = 256 * 1024;

/// An issuer's key set at a URL, fetched in the background.
///
/// ```
/// use std::time::Duration;
///
/// use portcullis_jwt::Jwks;
///
/// let keys = Jwks::at("https://id.example.com/jwks.json")
///     .with_refresh(Duration::from_secs(600))
///     .with_cool_down(Duration::from_secs(30))
///     .with_timeout(Duration::from_secs(2))
///     .with_max_stale(Duration::from_secs(3_600))
///     .with_max_bytes(64 * 1024);
/// # let _ = keys;
/// ```
pub struct Jwks {
    url: String,
    plain_http: PlainHttp,
    schedule: Schedule,
    max_bytes: usize,
    fetching: Option<Fetching>,
}

/// When keys are fetched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) refresh: Duration,
    pub(crate) cool_down: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_stale: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PlainHttp {
    Loopback,
    Anywhere,
}

type Fetching =
    Arc<dyn Fn(Uri, usize) -> BoxFuture<Result<Vec<u8>, BoxError>> + Send + Sync + 'static>;

/// A key set that can be fetched.
pub(crate) struct Endpoint {
    /// For the log: without the query, which may hold a secret.
    pub(crate) name: String,
    pub(crate) schedule: Schedule,
    pub(crate) max_bytes: usize,
    url: Uri,
    fetching: Fetching,
}

impl Jwks {
    /// The key set at this URL: HTTPS, or HTTP of this machine's own.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            plain_http: PlainHttp::Loopback,
            schedule: Schedule {
                refresh: REFRESH,
                cool_down: COOL_DOWN,
                timeout: TIMEOUT,
                max_stale: MAX_STALE,
            },
            max_bytes: MAX_BYTES,
            fetching: None,
        }
    }

    /// Has it fetched by this client: by a `Client` of its own unless you say otherwise.
    #[must_use]
    pub fn with_fetch(self, fetch: impl Fetch) -> Self {
        let fetch = Arc::new(fetch);
        let fetching = move |url: Uri, max_bytes| -> BoxFuture<_> {
            let fetch = Arc::clone(&fetch);
            Box::pin(async move { fetch.fetch(&url, max_bytes).await })
        };
        Self { fetching: Some(Arc::new(fetching)), ..self }
    }

    /// Fetches over plain HTTP from another machine too: who sits between can then sign tokens.
    #[must_use]
    pub fn with_plain_http(self) -> Self {
        Self { plain_http: PlainHttp::Anywhere, ..self }
    }

    /// Fetches it again so long after it was last fetched: 5 minutes unless you say otherwise.
    #[must_use]
    pub fn with_refresh(mut self, every: Duration) -> Self {
        self.schedule.refresh = every;
        self
    }

    /// Begins no fetch sooner than this after the last began, whatever happens: 10 seconds unless you
    /// say otherwise. A token with a key that is not known has the set fetched, and within this time
    /// after it no other does; so a key that is used before the set has it is good after this time.
    #[must_use]
    pub fn with_cool_down(mut self, cool_down: Duration) -> Self {
        self.schedule.cool_down = cool_down;
        self
    }

    /// How long a fetch may take in all: 3 seconds unless you say otherwise. Choose less than the
    /// [`Bearer`](portcullis_bearer::Bearer) waits for its verifier.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.schedule.timeout = timeout;
        self
    }

    /// How long keys serve on that could not be fetched again: a day unless you say otherwise. After
    /// that every token is a 503 until they can. A set without any key that can be used counts as one
    /// that could not be fetched: a key that leaves its set as the last is believed for so long.
    #[must_use]
    pub fn with_max_stale(mut self, max_stale: Duration) -> Self {
        self.schedule.max_stale = max_stale;
        self
    }

    /// The longest key set that is read, in bytes: 256 KiB unless you say otherwise.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }

    pub(crate) fn build(self) -> Result<Endpoint, BuildError> {
        let url = self.checked_url()?;
        let Schedule { refresh, cool_down, timeout, max_stale } = self.schedule;
        for (setting, fault, is_wrong) in [
            ("with_cool_down", "no cool-down at all: use a second or more", cool_down.is_zero()),
            ("with_timeout", "no time to fetch in: use a second or more", timeout.is_zero()),
            ("with_refresh", "more often than the cool-down lets it", refresh < cool_down),
            (
                "with_max_stale",
                "the keys would be given up before they are fetched again: use several times what \
                 `with_refresh` says",
                max_stale < refresh || max_stale.is_zero(),
            ),
            ("with_max_bytes", "no key set is that short", self.max_bytes < 64),
        ] {
            if is_wrong {
                return Err(BuildError::Setting { setting, fault });
            }
        }
        let fetching = match self.fetching {
            Some(fetching) => fetching,
            None => own_client(&url)?,
        };
        Ok(Endpoint {
            name: format!("{}{}", url.authority().map_or("", |it| it.as_str()), url.path()),
            schedule: self.schedule,
            max_bytes: self.max_bytes,
            url,
            fetching,
        })
    }

    fn checked_url(&self) -> Result<Uri, BuildError> {
        let wrong = |fault| Err(BuildError::Url { url: without_secrets(&self.url), fault });
        let Ok(url) = self.url.parse::<Uri>() else { return wrong("it is no URL") };
        let (Some(scheme), Some(host)) = (url.scheme_str(), url.host()) else {
            return wrong("it has no scheme and host: begin it with `https://` and a name");
        };
        if host.is_empty() {
            return wrong("it has no host");
        }
        if url.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return wrong("it has a name and a password, which no client sends: leave them out");
        }
        if !has_port_or_none(&url) {
            return wrong(
                "its port is no number; where that is a password, which no client sends, leave it \
                 out",
            );
        }
        match scheme {
            "https" => Ok(url),
            "http" if self.plain_http == PlainHttp::Anywhere || is_loopback(host) => Ok(url),
            "http" => wrong(
                "over plain HTTP anybody between can sign tokens: use `https://`, or \
                 `with_plain_http` where nobody is between",
            ),
            _ => wrong("its scheme is neither `https` nor `http`"),
        }
    }
}

/// Whether what follows the host is its port. `http` takes a password for one, where a `/`, a `?` or
/// a `#` in it comes before the `@`.
fn has_port_or_none(url: &Uri) -> bool {
    let Some(authority) = url.authority() else { return true };
    authority.port_u16().is_some() || authority.as_str() == authority.host()
}

/// A URL as it may be shown: its scheme alone where a password may be in it, and without a query.
fn without_secrets(url: &str) -> String {
    let is_good = |url: Uri| has_port_or_none(&url);
    if url.contains('@') || !url.parse().map_or(true, is_good) {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| url.starts_with(scheme));
        return format!("{}…", scheme.unwrap_or_default());
    }
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(feature = "client")]
fn own_client(url: &Uri) -> Result<Fetching, BuildError> {
    let client = match url.scheme_str() {
        Some("http") => crate::Client::without_roots(),
        _ => crate::Client::new(),
    };
    let client = client.map_err(BuildError::Client)?;
    let jwks = Jwks::at("").with_fetch(client);
    jwks.fetching.ok_or(BuildError::NoClient)
}

#[cfg(not(feature = "client"))]
fn own_client(_: &Uri) -> Result<Fetching, BuildError> {
    Err(BuildError::NoClient)
}

impl Endpoint {
    pub(crate) fn fetch(&self) -> BoxFuture<Result<Vec<u8>, BoxError>> {
        (self.fetching)(self.url.clone(), self.max_bytes)
    }
}

impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwks").field("schedule", &self.schedule).finish_non_exhaustive()
    }
}
