use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

/// What a client asks, in process or over a socket.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is sent"]
pub struct Ask {
    method: Method,
    path: &'static str,
    headers: HeaderMap,
    body: Bytes,
}

/// `GET` of this path.
pub fn get(path: &'static str) -> Ask {
    ask(Method::GET, path)
}

/// `HEAD` of this path.
pub fn head(path: &'static str) -> Ask {
    ask(Method::HEAD, path)
}

/// `POST` to this path, with no body yet.
pub fn post(path: &'static str) -> Ask {
    ask(Method::POST, path)
}

/// `PUT` to this path, with no body yet.
pub fn put(path: &'static str) -> Ask {
    ask(Method::PUT, path)
}

/// `DELETE` of this path.
pub fn delete(path: &'static str) -> Ask {
    ask(Method::DELETE, path)
}

/// Any method, of this path.
pub fn ask(method: Method, path: &'static str) -> Ask {
    Ask { method, path, headers: HeaderMap::new(), body: Bytes::new() }
}

impl Ask {
    /// Adds the bearer credentials that this key is.
    pub fn key(self, key: &str) -> Self {
        self.header(AUTHORIZATION, &format!("Bearer {key}"))
    }

    /// Adds a header line, after those by the same name.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.append(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    /// Adds a header line of any bytes that one may have.
    pub fn header_of_bytes(mut self, name: HeaderName, value: &[u8]) -> Self {
        self.headers.append(name, HeaderValue::from_bytes(value).expect("a header's value"));
        self
    }

    /// Sends this body as `application/json`, be it JSON or not.
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.header(CONTENT_TYPE, "application/json").body(body)
    }

    /// Sends this body.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// The request, to an origin such as `http://127.0.0.1:80`, or to none.
    pub(crate) fn request(self, origin: &str) -> Request<Bytes> {
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = Uri::try_from(format!("{origin}{}", self.path)).expect("a path");
        *request.headers_mut() = self.headers;
        request
    }

    /// The request as HTTP/1.1 writes it, on a connection that ends with it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: portcullis\r\n").into_bytes();
        for (name, value) in headers {
            text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        text.extend(format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()).bytes());
        text.extend(body);
        text
    }
}
