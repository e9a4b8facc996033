//! A foreign error's text, read within bounds of size and time.

use std::{
    future::poll_fn,
    panic::catch_unwind,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Buf;
use http_body::Body;
use tokio::time::Sleep;

/// The longest text that is read, in bytes.
const LONGEST: usize = 8 * 1_024;

/// How long a text may be in coming.
const PATIENCE: Duration = Duration::from_secs(1);

/// The whole body, if it is UTF-8, comes without an error, and keeps to the bounds.
pub(crate) async fn text<B: Body>(body: B) -> Option<String> {
    if body.size_hint().lower() > LONGEST as u64 {
        return None;
    }
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    // Nearly every body is there at once, and asks for no timer.
    let at_once = poll_fn(|cx| Poll::Ready(poll_read(body.as_mut(), &mut bytes, cx))).await;
    let is_whole = match at_once {
        Poll::Ready(is_whole) => is_whole,
        Poll::Pending => {
            let mut patience = pin!(timer()?);
            poll_fn(|cx| match poll_read(body.as_mut(), &mut bytes, cx) {
                Poll::Pending => patience.as_mut().poll(cx).map(|()| false),
                ready => ready,
            })
            .await
        }
    };
    if is_whole { String::from_utf8(bytes).ok() } else { None }
}

/// The end of our patience; none where the runtime has no timer, and nobody can wait.
fn timer() -> Option<Sleep> {
    // tokio answers the question whether there is a timer with a panic.
    catch_unwind(|| tokio::time::sleep(PATIENCE)).ok()
}

/// Reads on; ready with whether the body ended within the bounds.
fn poll_read<B: Body>(
    mut body: Pin<&mut B>,
    bytes: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Poll<bool> {
    loop {
        match std::task::ready!(body.as_mut().poll_frame(cx)) {
            None => return Poll::Ready(true),
            Some(Err(_)) => return Poll::Ready(false),
            Some(Ok(frame)) => {
                let Ok(mut data) = frame.into_data() else { continue };
                if bytes.len() + data.remaining() > LONGEST {
                    return Poll::Ready(false);
                }
                while data.has_remaining() {
                    let chunk = data.chunk();
                    let read = chunk.len();
                    bytes.extend_from_slice(chunk);
                    data.advance(read);
                }
            }
        }
    }
}
