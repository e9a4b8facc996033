mod compare;
mod cost;
mod difference;
mod own;
mod probe;
mod run;
mod steady;
#[cfg(test)]
mod tests;

use std::{fmt::Debug, mem, time::Duration};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request, Response,
    header::{
        DATE, ETAG, EXPIRES, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
        IF_UNMODIFIED_SINCE, LAST_MODIFIED,
    },
};
use http_body::Body;
use tower_service::Service;

pub use self::difference::{Difference, Differences};
pub(crate) use self::probe::Probe;
use self::{
    compare::{Comparison, compare, lists},
    cost::confirm,
    own::Own,
    run::Run,
    steady::stands_still,
};
use crate::{
    RequestBody,
    answer::Answer,
    client::{Client, Patience},
};

/// Fails, and says where they differ, unless a service answers these two requests alike: the one for
/// another tenant's resource, and the one for a resource that does not exist.
///
/// Their path, headers, extensions and body are kept; with them it sends every method, preconditions
/// (`If-Match`, `If-None-Match`, `Range` and so on), and bodies that are valid, if theirs is, and not.
/// Version, status, headers and their order, framing, body, how it ends, and trailers must be the
/// same, byte for byte, and so must what a request costs of a quota, and whether the service asks for
/// its body. Two things may differ:
///
/// - the values, not the form, of [headers that change with each request](Oracle::new), and what
///   repeats them;
/// - what repeats the request: where the one answer has the path, or a part of it, a header or the
///   body, in which the one request differs from the other, the other answer may have the other's, at
///   the same place, spelt alike: both as they were sent, or both in small letters or in capitals. The
///   id of the row behind it, its spelling, its owner or its words never may, nor may a single digit.
///
/// ```
/// # use std::convert::Infallible;
/// # use http::{Response, StatusCode};
/// use http::Request;
/// # use portcullis_testing::RequestBody;
/// use portcullis_testing::assert_indistinguishable;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), http::Error> {
/// # let app = tower::service_fn(async |_: Request<RequestBody>| {
/// #     let mut response = Response::new(http_body_util::Empty::<bytes::Bytes>::new());
/// #     *response.status_mut() = StatusCode::NOT_FOUND;
/// #     Ok::<_, Infallible>(response)
/// # });
/// let ask = |path| Request::builder().uri(path).header("authorization", "Bearer acme-key");
/// let foreign = ask("/invoices/73").body(r#"{"cents":7}"#)?;
/// let missing = ask("/invoices/8899").body(r#"{"cents":7}"#)?;
/// assert_indistinguishable(app, foreign, missing).await;
/// # Ok(())
/// # }
/// ```
///
/// The `ETag` that the row's owner gets is not known here: hand it in by
/// [`Oracle::with_validators_of`], or use a [`Matrix`](crate::Matrix).
///
/// # Panics
///
/// When they differ; and when that is not proven: no method answers 404 for what is missing, so that
/// nothing has been hidden; both were refused by a limit; an answer has no end; or both requests are
/// the same.
pub async fn assert_indistinguishable<S, B>(
    app: S,
    foreign: Request<impl Into<Bytes>>,
    missing: Request<impl Into<Bytes>>,
) where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    Oracle::new().assert_indistinguishable(app, foreign, missing).await;
}

/// Asks for a foreign and a missing resource in every way it knows, and compares the answers.
///
/// ```
/// use http::HeaderName;
/// use portcullis_testing::Oracle;
///
/// let oracle = Oracle::new().ignoring_value_of(HeaderName::from_static("server-timing"));
/// # let _ = oracle;
/// ```
#[derive(Clone, Debug)]
pub struct Oracle {
    moving: Vec<HeaderName>,
    /// Those of them that do move, or say the same to both.
    expected_to_move: Vec<HeaderName>,
    methods: Vec<Method>,
    headers: Vec<(HeaderName, HeaderValue)>,
    patience: Patience,
}

/// After so many answers without an end nobody waits for another.
const MOST_LATE: usize = 3;

impl Oracle {
    /// An oracle that ignores the values of `date`, `expires`, `x-request-id`, `ratelimit`,
    /// `ratelimit-remaining`, `ratelimit-reset`, `x-ratelimit-remaining` and `x-ratelimit-reset`, as
    /// long as they do change, or are the same for both: where each of the two always gets a value of
    /// its own, that tells.
    ///
    /// It waits 5 seconds for a head, and as long for a body, of which it reads 4 MiB.
    pub fn new() -> Self {
        let named = [
            "x-request-id",
            "ratelimit",
            "ratelimit-remaining",
            "ratelimit-reset",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ];
        let named = named.map(HeaderName::from_static);
        let methods = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
        ];
        let moving: Vec<_> = named.into_iter().chain([DATE, EXPIRES]).collect();
        Self {
            expected_to_move: moving.clone(),
            moving,
            methods: methods.into(),
            headers: Vec::new(),
            patience: Patience::default(),
        }
    }

    /// Ignores the values of this header, but not their form: how many there are, what stands
    /// between words, and how long the words are. Numbers may be of any length, and those in
    /// hexadecimal up to seven digits shorter, for leading zeros.
    ///
    /// What an answer says there its body may repeat, where it has 8 characters or more and changes.
    #[must_use]
    pub fn ignoring_value_of(mut self, header: HeaderName) -> Self {
        self.expected_to_move.retain(|known| *known != header);
        self.moving.push(header);
        self
    }

    /// Asks by these methods, and no longer by all that RFC 9110 and RFC 5789 have but `CONNECT`.
    ///
    /// Keep `GET` before `HEAD`, where answers repeat ids of unequal lengths: the length that `HEAD`
    /// tells is then compared with that of its `GET`.
    #[must_use]
    pub fn with_methods(self, methods: impl IntoIterator<Item = Method>) -> Self {
        Self { methods: methods.into_iter().collect(), ..self }
    }

    /// Asks with this header too, by every method: with an `Accept` that the service treats
    /// otherwise, for instance.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Asks with the validators of this answer too, which the owner got: its `ETag` as `If-Match`,
    /// `If-None-Match` and `If-Range`, its `Last-Modified` as `If-Modified-Since`,
    /// `If-Unmodified-Since` and `If-Range`. A [`Matrix`](crate::Matrix) does so by itself.
    #[must_use]
    pub fn with_validators_of<B>(self, owners: &Response<B>) -> Self {
        self.with_validators(owners.headers())
    }

    pub(crate) fn with_validators(mut self, owners: &http::HeaderMap) -> Self {
        if let Some(tag) = owners.get(ETAG) {
            let strong = tag.as_bytes().strip_prefix(b"W/").map(HeaderValue::from_bytes);
            for tag in [Some(tag.clone()), strong.and_then(Result::ok)].into_iter().flatten() {
                let asked = [IF_MATCH, IF_NONE_MATCH, IF_RANGE].map(|name| (name, tag.clone()));
                self.headers.extend(asked);
            }
        }
        if let Some(date) = owners.get(LAST_MODIFIED) {
            let names = [IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, IF_RANGE];
            self.headers.extend(names.map(|name| (name, date.clone())));
        }
        self
    }

    /// Waits for a head so long, and so long again for a body.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.patience.time = timeout;
        self
    }

    /// Reads so many bytes of a body.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.patience.body = bytes;
        self
    }

    /// Fails unless the service answers both alike. See [`assert_indistinguishable`].
    ///
    /// # Panics
    ///
    /// When they differ, or nothing was hidden.
    pub async fn assert_indistinguishable<S, B>(
        &self,
        app: S,
        foreign: Request<impl Into<Bytes>>,
        missing: Request<impl Into<Bytes>>,
    ) where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let differences = self.compare(app, foreign, missing).await;
        assert!(differences.is_empty(), "{differences}");
    }

    /// Where the answers differ.
    pub async fn compare<S, B>(
        &self,
        app: S,
        foreign: Request<impl Into<Bytes>>,
        missing: Request<impl Into<Bytes>>,
    ) -> Differences
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let (foreign, missing) = (foreign.map(Into::into), missing.map(Into::into));
        self.compare_by(&self.client(app), &foreign, &missing).await
    }

    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    pub(crate) fn client<S, B>(&self, app: S) -> Client<S>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        Client::new(app, self.patience)
    }

    pub(crate) async fn compare_by<S, B>(
        &self,
        client: &Client<S>,
        foreign: &Request<Bytes>,
        missing: &Request<Bytes>,
    ) -> Differences
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let own = Own::of(foreign, missing);
        let has_digit = own.has_digit;
        let mut run = Run::new(own, &self.moving);
        run.differences.note_requests(foreign, missing, has_digit);
        let probes = Probe::all(&self.methods, &self.headers);
        for (place, probe) in probes.iter().enumerate() {
            let [theirs, nobodys] = ask_both(client, probe, [foreign, missing]).await;
            for name in run.take(probe, &theirs, &nobodys) {
                let requests = [foreign, missing];
                let costs = confirm(client, probe, requests, &name, &mut run.late).await;
                if let Some(costs) = costs {
                    run.note_costs(probe, &name, costs);
                }
            }
            if run.late >= MOST_LATE {
                run.differences.give_up(probes.len() - place - 1);
                break;
            }
        }
        if let (Some(probe), true) = (probes.first(), run.late < MOST_LATE) {
            let steady = mem::take(&mut run.steady);
            for (name, said) in steady.suspects(&self.expected_to_move) {
                if stands_still(client, probe, [foreign, missing], name, said).await {
                    run.note_steady(probe, name, lists(&said[0], &said[1]));
                }
            }
        }
        run.differences
    }

    /// Where these two answers differ.
    pub(crate) fn compare_answers(
        &self,
        asked: &Probe,
        one: &Answer,
        other: &Answer,
    ) -> Vec<Difference> {
        let comparison =
            Comparison { probe: asked, moving: &self.moving, own: &Own::default(), lengths: None };
        compare(&comparison, one, other)
    }
}

/// Asks for both, and once more where a limit has refused one of them: if it ran out between the two,
/// it refuses both now, or neither.
async fn ask_both<S, B>(
    client: &Client<S>,
    probe: &Probe,
    [foreign, missing]: [&Request<Bytes>; 2],
) -> [Answer; 2]
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    let ask = async |request| client.ask(probe.dress(request)).await;
    let (theirs, nobodys) = (ask(foreign).await, ask(missing).await);
    if theirs.is_limited() == nobodys.is_limited() {
        return [theirs, nobodys];
    }
    [ask(foreign).await, ask(missing).await]
}

impl Default for Oracle {
    fn default() -> Self {
        Self::new()
    }
}
