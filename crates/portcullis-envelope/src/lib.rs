//! Every error leaves in the API's one shape, whoever made it.
//!
//! [`EnvelopeLayer`] is the outermost layer of a service. Whatever comes out beneath it with a
//! status of 400 to 599, be it a guard's refusal, a handler's [`ApiError`], the router's 404 and
//! 405, an extractor's rejection, an error of a tower layer, or a panic, goes to the client in the
//! shape that one [`Envelope`] gives it.
//!
//! ```
//! use portcullis_envelope::{Detail, EnvelopeLayer};
//!
//! let layer = EnvelopeLayer::new(Detail::new()); // {"detail":"Not Found"}
//! # let _ = layer;
//! ```
//!
//! An envelope chooses the bytes and the content type, and nothing else: the status, and headers
//! such as `Retry-After`, `WWW-Authenticate`, `Allow` and `Set-Cookie`, are out of its reach. A
//! shape of your own is one method:
//!
//! ```
//! use portcullis_envelope::{ApiError, Envelope, EnvelopeLayer, Rendered};
//!
//! #[derive(serde::Serialize)]
//! struct Body<'a> {
//!     error: &'a str,
//!     code: Option<&'a str>,
//! }
//!
//! struct House;
//!
//! impl Envelope for House {
//!     fn render(&self, error: &ApiError) -> Rendered {
//!         let code = error.code().map(|code| code.as_str());
//!         Rendered::json(&Body { error: error.message(), code })
//!     }
//! }
//!
//! let layer = EnvelopeLayer::new(House);
//! # let _ = layer;
//! ```
//!
//! # The shapes that come ready
//!
//! | envelope | shape |
//! |---|---|
//! | [`Detail`] | `{"detail":"Not Found"}`, as FastAPI has it; optionally with codes, nested or beside |
//! | [`ErrorObject`] | `{"error":{"code":"NOT_FOUND","message":"Not Found"}}` |
//! | [`ProblemDetails`] | `{"type":"about:blank","title":"Not Found","status":404}`, RFC 9457 |
//! | [`Flat`] | `{"error":"not_found","message":"Not Found"}` |
//!
//! An endpoint whose refusals have another shape than the rest puts it into the error: [`OwnEnvelope`].
//!
//! # What becomes of errors that are not ours
//!
//! | beneath the layer | what the client gets |
//! |---|---|
//! | an [`ApiError`], returned by a handler or a guard | its status and headers, rendered |
//! | an error without a body: axum's 404 and 405, tower-http's timeouts | its status and headers, and the status's phrase |
//! | a 4xx with a plain text: `(StatusCode::CONFLICT, "Name is taken")` | the text as its message, if it is one line of up to 1 KiB and none of axum's or tower-http's own, which hold Rust's words, serde's, or the caller's input; otherwise the phrase ([`ClientText`]) |
//! | a 5xx with a plain text | the phrase; the text is logged |
//! | an error with a JSON body (`application/json`, `application/*+json`) | as it is: an API that renders its own errors goes on doing so ([`EnvelopeLayer::on_foreign`]) |
//! | an error in any other media type | the phrase |
//! | a 406, in whichever media type | the phrase: compression layers answer it with the success that they could not encode |
//! | an answer marked [`Final`] | as it is |
//! | `application/grpc`, and every status from 100 to 399 | as it is, not read and not buffered |
//! | an error of the inner service: tower's `Elapsed`, `Overloaded`, a `Buffer`'s, an `ApiError` | 504, 503, what its service failed with or 503, the error itself; 500 for any other |
//! | a panic (unless the program is built with `panic = "abort"`) | 500 |
//!
//! A text is read only from an error, up to 8 KiB and for at most a second. The layer's own error is
//! [`Infallible`](std::convert::Infallible), so it replaces axum's `HandleErrorLayer`. The cause of
//! a 5xx goes to [`tracing`] at the level `ERROR`, once, and that of a 4xx at `DEBUG`; neither to the
//! client.
//!
//! Three answers are beyond any layer, since hyper gives them before a request exists: 400 for what
//! is no HTTP, 414 for an address over 64 KiB, and 431 for headers that are too many or too long.
//! They are empty.
//!
//! # Where to put it
//!
//! On `Router::layer` it sees the router's 404 and 405. On `route_layer` and on a `MethodRouter` it
//! sees the 405 only, since an unknown path reaches none of them; on a nested router it sees that
//! router's unknown paths only if the nested router, and every one around it, has a fallback of its
//! own. Where two envelopes
//! are nested, the one nearest to the error renders it.
//!
//! # Cargo features
//!
//! - `extract`: the module `extract`, with `Json`, `Query`, `Path`, `Header` and `Cookie` for axum,
//!   whose refusals have every fault of the request as issues. Off by default; changes nothing else.

mod adopt;
mod answer;
mod catch;
mod envelope;
mod envelopes;
#[cfg(feature = "extract")]
pub mod extract;
#[cfg(feature = "extract")]
mod faults;
mod finish;
mod foreign;
mod head;
mod layer;
mod log;
mod media_type;
mod read;
mod renderer;
mod rewrite;
mod service;
#[doc(hidden)]
pub mod stack;

pub use catch::{CatchFuture, CatchLayer, CatchService};
pub use envelope::{Envelope, Final, OwnEnvelope, Rendered};
pub use envelopes::{
    CodePlace, Detail, DetailsWhen, ErrorObject, Flat, IssuesAs, Phrases, ProblemDetails,
};
pub use foreign::{ClientText, Foreign};
pub use layer::EnvelopeLayer;
pub use portcullis_core::{
    ApiError, BoxError, CatalogueEntry, Code, ErrorStatus, Table, catalogue,
};
pub use service::{EnvelopeService, ResponseFuture};
