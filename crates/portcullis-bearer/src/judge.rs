#[cfg(test)]
mod tests;

use std::{
    error::Error,
    fmt,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Once},
    task::Poll,
    time::Duration,
};

use http::request::Parts;
use portcullis_core::{Admission, ApiError, BoxError, BoxFuture, Verdict, stack::Moment};
use tokio::{
    runtime::Handle,
    time::{Sleep, sleep},
};

use crate::{Outcome, Refusals, Token, Unavailable, Verification, Verify};

/// How long a verifier may take, unless it is said otherwise.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is shorter, in bytes, is not looked for in the causes of failures.
const SHORTEST_SECRET: usize = 8;

/// When to come back after a check that could not be made, unless it is said otherwise.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Asks a verifier, and turns whatever becomes of it into a principal or a refusal.
#[derive(Clone, Debug)]
pub(crate) struct Judge {
    pub(crate) refusals: Refusals,
    pub(crate) patience: Option<Duration>,
    pub(crate) retry_after: Duration,
}

/// A principal or a refusal, now or later.
pub(crate) enum Judgement<P> {
    Now(Result<P, ApiError>),
    Later(BoxFuture<Result<Admission, ApiError>>),
}

impl<P: Clone + Send + Sync + 'static> Judgement<P> {
    /// As a guard answers: an accepted principal goes into the request's extensions.
    #[inline]
    pub(crate) fn carried_out(self, head: &mut Parts) -> Verdict {
        match self {
            Self::Now(Ok(principal)) => {
                head.extensions.insert(principal);
                Verdict::from(Admission::new())
            }
            Self::Now(Err(refusal)) => Verdict::from(refusal),
            Self::Later(decision) => Verdict::Later(decision),
        }
    }
}

impl Judge {
    pub(crate) fn new() -> Self {
        Self { refusals: Refusals::new(), patience: Some(PATIENCE), retry_after: RETRY_AFTER }
    }

    #[inline]
    pub(crate) fn ask<V: Verify + ?Sized>(
        self: &Arc<Self>,
        verify: &V,
        token: &Token,
        moment: &mut Moment,
    ) -> Judgement<V::Principal> {
        match catch_unwind(AssertUnwindSafe(|| verify.verify_at(token, moment))) {
            Ok(Verification::Now(Outcome::Accepted(principal))) => Judgement::Now(Ok(principal)),
            Ok(Verification::Now(outcome)) => Judgement::Now(self.decide(outcome, token)),
            Ok(Verification::Later(outcome)) => {
                let (judge, token) = (Arc::clone(self), token.clone());
                Judgement::Later(Box::pin(async move {
                    let outcome = awaited(outcome, judge.patience).await;
                    let principal = judge.decide(outcome, &token)?;
                    Ok(Admission::new().with_extension(principal))
                }))
            }
            Err(_) => Judgement::Now(self.decide(no_answer(Silence::Panicked), token)),
        }
    }

    fn decide<P>(&self, outcome: Outcome<P>, token: &Token) -> Result<P, ApiError> {
        match outcome {
            Outcome::Accepted(principal) => Ok(principal),
            Outcome::Rejected(reason) => Err(self.refusals.of(reason)),
            Outcome::Unavailable(Unavailable { retry_after, source }) => {
                let refusal =
                    self.refusals.unavailable().with_source(withheld_if_it_quotes(token, source));
                Err(match (retry_after, refusal.retry_after()) {
                    (Some(wait), _) => refusal.with_retry_after(wait),
                    (None, Some(_)) => refusal,
                    (None, None) => refusal.with_retry_after(self.retry_after),
                })
            }
        }
    }
}

/// The outcome, or that there is none because the verifier panicked or took too long.
async fn awaited<P>(mut outcome: BoxFuture<Outcome<P>>, patience: Option<Duration>) -> Outcome<P> {
    // What panicked is not asked again: the error ends this.
    let mut asked = poll_fn(move |cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| outcome.as_mut().poll(cx)));
        polled.unwrap_or_else(|_| Poll::Ready(no_answer(Silence::Panicked)))
    });

    // Most answers that come later come soon; only those that do not take a timer.
    let at_once = poll_fn(|cx| Poll::Ready(Pin::new(&mut asked).poll(cx))).await;
    if let Poll::Ready(outcome) = at_once {
        return outcome;
    }
    let Some((patience, timer)) = patience.and_then(|it| Some((it, timer(it)?))) else {
        return asked.await;
    };
    let mut timer = pin!(timer);
    poll_fn(|cx| {
        // The timer first, so that one that waited for another's look-up in vain does not begin its
        // own in its last moment.
        if timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(no_answer(Silence::TimedOut(patience)));
        }
        Pin::new(&mut asked).poll(cx)
    })
    .await
}

/// A timer, unless this is no tokio runtime: then nobody can wait but the verifier itself.
fn timer(patience: Duration) -> Option<Sleep> {
    static SAID: Once = Once::new();

    // tokio answers with a panic where its timers were not enabled.
    let timer = Handle::try_current().ok().and_then(|_| catch_unwind(move || sleep(patience)).ok());
    if timer.is_none() {
        SAID.call_once(|| {
            tracing::error!(
                "a verifier may take for ever, since its time-out needs tokio's timer: serve from a \
                 tokio runtime with `enable_time`, or build the Bearer `without_timeout`"
            );
        });
    }
    timer
}

/// Why there was no answer.
#[derive(Debug)]
enum Silence {
    Panicked,
    TimedOut(Duration),
}

fn no_answer<P>(silence: Silence) -> Outcome<P> {
    Outcome::Unavailable(Unavailable { retry_after: None, source: silence.into() })
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked => f.write_str("the verifier panicked"),
            Self::TimedOut(patience) => {
                write!(f, "the verifier gave no answer within {patience:?}")
            }
        }
    }
}

impl Error for Silence {}

/// The cause of a failure, for the logs: not one that quotes the token, as that of an HTTP client
/// does which had it in a URL.
///
/// Callers choose tokens, and one of a few letters is in any text: it would hide why nobody is let
/// in, and it is no secret.
fn withheld_if_it_quotes(token: &Token, source: BoxError) -> BoxError {
    if token.as_bytes().len() < SHORTEST_SECRET {
        return source;
    }
    let mut error: Option<&dyn Error> = Some(&*source);
    while let Some(cause) = error {
        if quotes(&cause.to_string(), token) {
            return "the verifier failed; the cause is withheld, since it quotes the token".into();
        }
        error = cause.source();
    }
    source
}

/// Whether this text has the token in it, as it is or percent-encoded, once or twice.
fn quotes(text: &str, token: &Token) -> bool {
    let mut text = text.as_bytes().to_vec();
    for _ in 0..3 {
        if text.windows(token.as_bytes().len()).any(|part| part == token.as_bytes()) {
            return true;
        }
        text = percent_decoded(&text);
    }
    false
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}
