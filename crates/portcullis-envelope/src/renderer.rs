//! What a layer was configured with, and how it makes an error's body of it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, Uri};
use http_body::Body;
use portcullis_core::ApiError;

use crate::{
    ClientText, Envelope, Final, OwnEnvelope, adopt, adopt::Adopted, foreign::Policy, log, rewrite,
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
pub(crate) struct Renderer<E> {
    pub(crate) envelope: Arc<E>,
    pub(crate) options: Arc<Options>,
}

/// What of a request it takes to write its error.
pub(crate) struct Asked {
    pub(crate) is_head: bool,
    request_id: Option<HeaderValue>,
    instance: Option<Box<Uri>>,
}

impl<E: Envelope> Renderer<E> {
    /// Notes what an error of this request would take.
    pub(crate) fn note<B>(&self, request: &Request<B>) -> Asked {
        let request_id = self.options.request_id.as_ref();
        Asked {
            is_head: request.method() == Method::HEAD,
            request_id: request_id.and_then(|name| request.headers().get(name)).cloned(),
            instance: self.options.shows_instance.then(|| Box::new(request.uri().clone())),
        }
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
        let request_id = asked.request_id.as_ref().and_then(|id| id.to_str().ok());
        log::cause(&error, request_id);

        let instance = asked.instance.as_ref().map(|uri| uri.path());
        let mut shown = error;
        for (name, value) in [("instance", instance), ("request_id", request_id)] {
            if let Some(value) = value
                && shown.members().all(|(known, _)| known != name)
            {
                shown = shown.with_member(name, value);
            }
        }
        let rendered = match shown.extensions().get::<OwnEnvelope>() {
            Some(own) => own.render(&shown),
            None => self.envelope.render(&shown),
        };
        rewrite::body(response, rendered, asked.is_head);
        response.extensions_mut().insert(Final);
    }
}
