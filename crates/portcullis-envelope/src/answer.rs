//! The whole answer of a refusal, where one service knows all that stands on it.

#[cfg(test)]
mod tests;

use std::error::Error;

use bytes::Bytes;
use http::{Extensions, Response, StatusCode};
use portcullis_core::{
    ApiError,
    stack::{Stamps, give_headers},
};

use crate::{
    Envelope, Final,
    head::{By, Numbers},
    renderer::{Asked, Renderer},
};

/// What a request is refused with.
pub struct Refused {
    /// Who refuses it.
    pub by: By,
    /// Why.
    pub error: ApiError,
    /// What lies on the answer beside the error.
    pub extensions: Extensions,
}

impl<E: Envelope> Renderer<E> {
    /// Answers with an error: as `plain` has it, stamped and with its body; as it was answered with
    /// before, where that can be.
    #[inline]
    pub fn answer<B: From<Bytes>>(
        &self,
        refused: Refused,
        stamps: Stamps,
        asked: &Asked,
        plain: impl FnOnce(Refused) -> Response<B>,
    ) -> Response<B> {
        let Refused { by, error, .. } = &refused;
        let numbers = if asked.shown.is_none() { Numbers::of(error, &stamps) } else { None };
        if let Some(numbers) = &numbers
            && let Some(kept) = self.kept(error)
            && let Some(headers) = kept.heads.again(*by, numbers)
        {
            let body = if asked.is_head { Bytes::new() } else { kept.rendered.body.clone() };
            let Refused { error, mut extensions, .. } = refused;
            let mut response = Response::new(B::from(body));
            *response.status_mut() = StatusCode::from(error.status());
            give_headers(&mut response, headers);
            extensions.insert(error);
            extensions.insert(Final);
            *response.extensions_mut() = extensions;
            return response;
        }
        self.answer_anew(refused, stamps, asked, numbers, plain)
    }

    #[cold]
    fn answer_anew<B: From<Bytes>>(
        &self,
        refused: Refused,
        stamps: Stamps,
        asked: &Asked,
        numbers: Option<Numbers>,
        plain: impl FnOnce(Refused) -> Response<B>,
    ) -> Response<B> {
        let (by, error) = (refused.by, refused.error.clone());
        let mut response = plain(refused);
        stamps.stamp(&mut response);
        if response.extensions().get::<Final>().is_some() {
            return response;
        }
        self.write(&mut response, error.clone(), asked);
        if let Some(numbers) = numbers
            && error.source().is_none()
            && let Some(kept) = self.kept(&error)
        {
            kept.heads.keep(by, &error, response.headers(), numbers);
        }
        response
    }
}
