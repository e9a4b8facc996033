use http::Uri;
use portcullis_core::BoxError;

/// Fetches a key set.
///
/// The crate's own, `Client`, comes with the feature `client`. One of your own goes through your
/// proxy, or reads a file:
///
/// ```
/// use portcullis_core::BoxError;
/// use portcullis_jwt::{Fetch, Jwks};
///
/// struct Mounted;
///
/// impl Fetch for Mounted {
///     async fn fetch(&self, _: &http::Uri, _: usize) -> Result<Vec<u8>, BoxError> {
///         Ok(tokio::fs::read("/etc/keys/jwks.json").await?)
///     }
/// }
///
/// let keys = Jwks::at("https://id.example.com/jwks.json").with_fetch(Mounted);
/// # let _ = keys;
/// ```
pub trait Fetch: Send + Sync + 'static {
    /// The key set at this URL, of no more than so many bytes.
    ///
    /// It asks for just this URL: a redirect is an error, and so is any status but 200. It is dropped
    /// when it takes too long ([`Jwks::with_timeout`](crate::Jwks::with_timeout)); an error, a panic,
    /// a silence and a longer body are all a fetch that failed, after which the known keys serve on.
    ///
    /// It must not block its thread, which nobody can take from it: one that is not over a second
    /// after its time-out is given up, and another begins beside it, but no third beside two of them.
    fn fetch(
        &self,
        url: &Uri,
        max_bytes: usize,
    ) -> impl Future<Output = Result<Vec<u8>, BoxError>> + Send;
}
