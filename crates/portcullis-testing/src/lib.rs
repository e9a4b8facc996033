//! What the tests of a service call, to see that it keeps its promises.
//!
//! A dev-dependency. It drives any tower `Service` over `http` types: an axum `Router`, or whatever
//! stands in front of one. Everything here fails by a panic, as a test does, and says what is wrong.
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
//! #     let own = matches!((key, request.uri().path()), (Some("Bearer acme-key"), "/invoices/1") | (Some("Bearer globex-key"), "/invoices/2"));
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
//!             .first_owns("/invoices/1")
//!             .second_owns("/invoices/2")
//!             .missing("/invoices/404")
//!             .with_body(r#"{"cents":7}"#),
//!     )
//!     .covering(["/invoices", "/invoices/{id}"]) // every route there is
//!     .assert_indistinguishable(app)
//!     .await;
//! # Ok(())
//! # }
//! ```
//!
//! What it cannot see is time. And it asks one service in process, so it sees nothing of what a
//! proxy in front adds or a cache keeps.

#![expect(clippy::panic, reason = "a test that has failed says so by a panic")]

mod answer;
mod body;
mod error;
mod matrix;
mod oracle;
mod shape;

pub use body::RequestBody;
pub use error::{ErrorAssertion, assert_error};
pub use matrix::{Matrix, Report, Route};
pub use oracle::{Difference, Differences, Oracle, assert_indistinguishable};
