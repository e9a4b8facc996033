use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};

use super::ApiError;
use crate::{ErrorStatus, headers::give_headers, number::header_value};

/// How many headers a refusal's response gets beside the error's own: when to come back, a limit's
/// pair, the body's type and length.
const HEADERS: usize = 5;

impl ApiError {
    /// Turns the refusal into a response: the status, the headers, an empty body, and itself in the
    /// extensions, where the envelope finds it and writes the body.
    ///
    /// Without an envelope above, the client still gets the right status and headers.
    pub fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::from(self.inner.status);

        // Room for those that are still to come, which a clone of the map would not have.
        let mut headers = HeaderMap::with_capacity(self.inner.headers.len() + HEADERS);
        let mut is_challenged = self.inner.status != ErrorStatus::UNAUTHORIZED;
        for (name, value) in &self.inner.headers {
            is_challenged |= *name == WWW_AUTHENTICATE;
            headers.append(name, value.clone());
        }
        if !is_challenged {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, header_value(seconds.get()));
        }
        if let Some(allowance) = self.allowance {
            allowance.write(&mut headers);
        }
        give_headers(&mut response, headers);
        self.extend(response.extensions_mut());
        response.extensions_mut().insert(self);
        response
    }
}
