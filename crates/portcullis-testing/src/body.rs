use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body of a request that a test sends: all of it is there at once.
#[derive(Clone, Debug, Default)]
pub struct RequestBody {
    bytes: Bytes,
    was_asked_for: Arc<AtomicBool>,
}

impl RequestBody {
    /// Tells, later, whether the service has asked for the body: a client that sends
    /// `Expect: 100-continue` learns that.
    pub(crate) fn was_asked_for(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.was_asked_for)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.was_asked_for.store(true, Ordering::Relaxed);
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, was_asked_for: Arc::default() }
    }
}
