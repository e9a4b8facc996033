//! The way of an error response into its last form.

use std::{
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, header::CONTENT_LENGTH, response::Parts};
use http_body::Body;
use portcullis_core::{BoxFuture, ErrorStatus};

use crate::{
    Envelope, adopt,
    adopt::Adopted,
    read,
    renderer::{Asked, Renderer},
};

/// What has become of an error response.
pub enum Finish {
    /// It is in its last form.
    Now,
    /// It has to be read first, and what was handed in is no longer of use.
    Later(Box<Reading>),
}

/// A foreign error, while its text is read.
pub struct Reading {
    status: ErrorStatus,
    head: Option<Parts>,
    text: BoxFuture<Option<String>>,
}

impl<E: Envelope> Renderer<E> {
    /// Brings a response of 400 to 599 into its last form.
    pub fn finish<B>(&self, response: &mut Response<B>, asked: &Asked) -> Finish
    where
        B: Body + From<Bytes> + Send + 'static,
    {
        match self.adopt(response, asked) {
            Adopted::Not => Finish::Now,
            Adopted::Now(error) => {
                self.write(response, error, asked);
                Finish::Now
            }
            Adopted::Text(status) => {
                let empty = Response::new(B::from(Bytes::new()));
                let (head, body) = mem::replace(response, empty).into_parts();
                let text = Box::pin(read::text(body));
                Finish::Later(Box::new(Reading { status, head: Some(head), text }))
            }
        }
    }
}

impl Reading {
    /// The response, once its text is read.
    pub fn poll<B, E>(
        &mut self,
        renderer: &Renderer<E>,
        asked: &Asked,
        cx: &mut Context<'_>,
    ) -> Poll<Response<B>>
    where
        B: Body + From<Bytes>,
        E: Envelope,
    {
        let Self { status, head, text } = self;
        // A body that panics has no text.
        let text = match catch_unwind(AssertUnwindSafe(|| text.as_mut().poll(cx))) {
            Ok(text) => ready!(text),
            Err(_) => None,
        };
        let Some(head) = head.take() else { return Poll::Pending };
        let mut response = Response::from_parts(head, B::from(Bytes::new()));
        // Whoever answered `HEAD` before us may have dropped the text, and with it what `GET` says.
        let is_unknown = asked.is_head && text.as_deref() == Some("") && !status.is_server_error();
        renderer.write(&mut response, adopt::text(*status, text), asked);
        if is_unknown {
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        Poll::Ready(response)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("status", &self.status).finish_non_exhaustive()
    }
}
