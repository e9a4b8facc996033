//! What a layer was configured with, and how it makes an error's body of it.

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, Uri};
use http_body::Body;
use portcullis_core::ApiError;

use crate::{
    ClientText, Envelope, Final, OwnEnvelope, Rendered, adopt, adopt::Adopted, foreign::Policy,
    head::Heads, log, rewrite,
};

/// A layer's settings, the envelope aside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) policy: Policy,
    pub(crate) client_text: ClientText,
    pub(crate) request_id: Option<HeaderName>,
    pub(crate) shows_instance: bool,
}

/// All that is shared by the services of one layer.
pub struct Renderer<E> {
    pub(crate) envelope: Arc<E>,
    /// Tells the envelope from others, also of its type.
    pub(crate) id: u64,
    pub(crate) options: Arc<Options>,
}

/// What an envelope made of a prepared error.
pub(crate) struct Kept {
    by: u64,
    pub(crate) rendered: Rendered,
    pub(crate) heads: Heads,
}

/// What of a request it takes to write its error.
pub struct Asked {
    pub(crate) is_head: bool,
    // Boxed: every request moves it, and most envelopes show nothing of a request.
    pub(crate) shown: Option<Box<Shown>>,
}

/// What of a request its error shows.
pub(crate) struct Shown {
    request_id: Option<HeaderValue>,
    instance: Option<Uri>,
}

impl<E: Envelope> Renderer<E> {
    /// Notes what an error of this request would take.
    #[inline]
    pub fn note<B>(&self, request: &Request<B>) -> Asked {
        let Options { request_id, shows_instance, .. } = &*self.options;
        let shown = (request_id.is_some() || *shows_instance).then(|| {
            let request_id = request_id.as_ref().and_then(|name| request.headers().get(name));
            let instance = shows_instance.then(|| request.uri());
            Box::new(Shown { request_id: request_id.cloned(), instance: instance.cloned() })
        });
        Asked { is_head: request.method() == Method::HEAD, shown }
    }

    /// What an error response is to this envelope.
    pub(crate) fn adopt<B: Body>(&self, response: &Response<B>, asked: &Asked) -> Adopted {
        let Options { policy, client_text, .. } = &*self.options;
        adopt::response(response, asked.is_head, policy, *client_text)
    }

    /// Writes the body of an error.
    pub(crate) fn write<B: From<Bytes>>(
        &self,
        response: &mut Response<B>,
        error: ApiError,
        asked: &Asked,
    ) {
        let shown = asked.shown.as_deref();
        let request_id = shown.and_then(|it| it.request_id.as_ref()?.to_str().ok());
        log::cause(&error, request_id);

        let instance = shown.and_then(|it| Some(it.instance.as_ref()?.path()));
        let mut shown = error;
        for (name, value) in [("instance", instance), ("request_id", request_id)] {
            if let Some(value) = value
                && shown.members().all(|(known, _)| known != name)
            {
                shown = shown.with_member(name, value);
            }
        }
        rewrite::body(response, self.render(&shown), asked.is_head);
        response.extensions_mut().insert(Final);
    }

    /// An error's body, as it was written before where that can be.
    fn render(&self, error: &ApiError) -> Rendered {
        if let Some(own) = error.extensions().get::<OwnEnvelope>() {
            return own.render(error);
        }
        let render = || self.envelope.render(error);
        let Some(kept) = self.place(error) else { return render() };
        kept.get_or_init(|| {
            Box::new(Kept { by: self.id, rendered: render(), heads: Heads::default() })
        });
        match self.kept(error) {
            Some(kept) => kept.rendered.clone(),
            // Another envelope's.
            None => render(),
        }
    }

    /// What this envelope made before of an error whose body is the same each time.
    #[inline]
    pub(crate) fn kept<'a>(&self, error: &'a ApiError) -> Option<&'a Kept> {
        let kept = self.place(error)?.get()?.downcast_ref::<Kept>()?;
        (kept.by == self.id).then_some(kept)
    }

    /// Where it is kept what is made of an error whose body is the same each time.
    #[inline]
    fn place<'a>(&self, error: &'a ApiError) -> Option<&'a OnceLock<Box<dyn Any + Send + Sync>>> {
        error.kept().filter(|_| self.envelope.repeats(error))
    }
}
