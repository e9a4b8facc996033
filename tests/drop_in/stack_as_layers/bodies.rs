use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;

use super::behaviours::panics;

type Polled = Poll<Option<Result<Frame<Bytes>, Infallible>>>;

/// A text that is there when it is asked for a second time.
#[derive(Default)]
pub(super) struct Late {
    asked: usize,
}

impl HttpBody for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        self.asked += 1;
        match self.asked {
            1 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            2 => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"Name is taken"))))),
            _ => Poll::Ready(None),
        }
    }
}

/// A body that panics when it is read.
pub(super) struct Trap;

impl HttpBody for Trap {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Polled {
        panics()
    }
}
