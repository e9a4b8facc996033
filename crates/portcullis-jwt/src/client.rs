use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{
    HeaderValue, Request, StatusCode, Uri,
    header::{ACCEPT, USER_AGENT},
};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, builderstates::WantsSchemes};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use portcullis_core::BoxError;
use rustls::{ClientConfig, RootCertStore};

use crate::Fetch;

/// Fetches key sets over HTTP/1.1, with TLS by rustls and the platform's roots. It follows no
/// redirect, and looks at no proxy that the environment names.
#[derive(Clone)]
pub struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

impl Client {
    /// A client with the platform's roots.
    ///
    /// # Errors
    ///
    /// When the platform has no root that can be read.
    pub fn new() -> Result<Self, BoxError> {
        // Named, since rustls would otherwise ask for what the process has installed, and panic.
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        Ok(Self::of(HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?))
    }

    /// A client that trusts nobody's TLS, for plain HTTP where the platform has no roots.
    pub(crate) fn without_roots() -> Result<Self, BoxError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        Ok(Self::of(HttpsConnectorBuilder::new().with_tls_config(tls)))
    }

    fn of(connector: HttpsConnectorBuilder<WantsSchemes>) -> Self {
        let connector = connector.https_or_http().enable_http1().build();
        Self { inner: legacy::Client::builder(TokioExecutor::new()).build(connector) }
    }
}

impl Fetch for Client {
    async fn fetch(&self, url: &Uri, max_bytes: usize) -> Result<Vec<u8>, BoxError> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = url.clone();
        let headers = request.headers_mut();
        headers
            .insert(ACCEPT, HeaderValue::from_static("application/jwk-set+json, application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static("portcullis-jwt"));

        let response = self.inner.request(request).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the answer is {}, and not 200", response.status()).into());
        }
        let body = Limited::new(response.into_body(), max_bytes).collect().await?;
        Ok(body.to_bytes().to_vec())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
