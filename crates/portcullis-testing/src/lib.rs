//! What the tests of a service call, to see that it keeps its promises.
//!
//! It drives any tower `Service` over `http` types: an axum `Router`, or whatever stands in front of
//! one. Everything here fails by a panic, as a test does, and says what is wrong.
//!
//! ```toml
//! [dev-dependencies]
//! portcullis-testing = { git = "https://github.com/portcullis-rs/portcullis" } # not on crates.io yet
//! http = "1" # or none: `axum::http::Request` is the same type
//! tokio = { version = "1", features = ["macros", "rt"] }
//! ```
//!
//! - [`assert_indistinguishable`]: a foreign and a missing resource are one answer, whichever method,
//!   precondition and body they are asked with; [`Oracle`] is the same, told more.
//! - [`Matrix`]: that of every route of a service and both ways between two tenants, so that a route
//!   which nobody thought of fails the test.
//! - [`assert_error`]: status, code, message and `Retry-After` of a refusal.
//!
//! ```
//! use http::Request;
//! use portcullis_testing::{Matrix, RequestBody, Route};
//! # use std::convert::Infallible;
//! # use http::Response;
//! # use http_body_util::Full;
//! #
//! # async fn invoices(request: Request<RequestBody>) -> Result<Response<Full<bytes::Bytes>>, Infallible> {
//! #     let key = request.headers().get("authorization").and_then(|key| key.to_str().ok());
//! #     let own = matches!((key, request.uri().path()), (Some("Bearer acme-key"), "/invoices/71") | (Some("Bearer globex-key"), "/invoices/73"));
//! #     let mut response = Response::new(Full::default());
//! #     if !own { *response.status_mut() = http::StatusCode::NOT_FOUND; }
//! #     Ok(response)
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), http::Error> {
//! # let app = tower::service_fn(invoices);
//! // How two tenants ask: their credentials, and whatever else their requests need.
//! let acme = Request::builder().header("authorization", "Bearer acme-key").body(())?;
//! let globex = Request::builder().header("authorization", "Bearer globex-key").body(())?;
//!
//! Matrix::new(acme, globex)
//!     .route(
//!         Route::new("/invoices/{id}")
//!             .first_owns("/invoices/71")
//!             .second_owns("/invoices/73")
//!             .missing("/invoices/8899")
//!             .with_body(r#"{"cents":7}"#),
//!     )
//!     .covering(["/invoices", "/invoices/{id}"]) // every route there is
//!     .assert_indistinguishable(app)
//!     .await;
//! # Ok(())
//! # }
//! ```
//!
//! # What a run needs
//!
//! - **Rows of two tenants**, and the paths of them: the owner must get its own with a 2xx. Choose ids
//!   that no answer says for another reason, of two digits or more; see [`Route`].
//! - **Limits that it does not spend.** For each missing path of a route each tenant sends about 260
//!   requests, and 50 more where the owner's answer has an `ETag`; a limit per address counts those of
//!   both. Build the service that is tested with a quota for all routes together, such as
//!   `Quota::per_minute(100_000)`. A pair that is refused by a limit fails the test, as it proves
//!   nothing.
//! - **The peer's address**, where a limit counts by it, in the extensions of each tenant's request,
//!   since nobody connects: with axum
//!   `request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 7))))`. Without it
//!   such a limit answers 500.
//! - **What changes with every request.** Beside [those that it knows](Oracle::new), name the headers,
//!   such as `server-timing`, by [`Oracle::ignoring_value_of`], and give the oracle to
//!   [`Matrix::with_oracle`]. Where a body has such an id, send one in the request
//!   (`x-request-id: test`), or let the answer have it in a header as well, in 8 characters or more.
//! - **All routes**, by [`Matrix::covering`] or from an OpenAPI document.
//!
//! It is green where another's resource and a missing one are one answer. Where nothing by some
//! method gets as far as the resource, since a scope or a CSRF check refuses it before, they are one
//! answer too: say by [`Route::hidden_by`] which methods must answer 404, beside the one by which an
//! owner sees it.
//!
//! # What it cannot see
//!
//! Time. And it asks one service in process, so it sees nothing of what a proxy in front adds or a
//! cache keeps, nor the phrase beside a status. It does not ask with an `Origin`, or with a header that
//! overrides the method: add such by [`Oracle::with_header`]. Several missing paths of a route that
//! `PUT` creates at are seen apart only where `DELETE` takes them away. A handler that blocks its
//! thread is waited for.

#![expect(clippy::panic, reason = "a test that has failed says so by a panic")]

mod alarm;
mod answer;
mod body;
mod client;
mod error;
mod matrix;
mod oracle;
mod shape;

pub use body::RequestBody;
pub use error::{ErrorAssertion, assert_error};
pub use matrix::{Matrix, Report, Route};
pub use oracle::{Difference, Differences, Oracle, assert_indistinguishable};
