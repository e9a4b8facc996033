//! Every code that a contract's page lists is in its catalogue, and goes out with the status and the
//! message that the page gives it.

pub(crate) mod accounts;
pub(crate) mod directory;

use axum::{Router, body::Body, extract::Request};
use portcullis::CatalogueEntry;
use portcullis_tests::Wire;
use tower::ServiceExt;

use crate::golden::refused;

/// What a client gets where a handler refuses with this entry.
async fn raised(protect: fn(Router) -> Router, entry: CatalogueEntry) -> Wire {
    answer(protect(refused(entry))).await
}

async fn answer(service: Router) -> Wire {
    let Ok(response) = service.oneshot(Request::new(Body::empty())).await;
    Wire::read(response).await
}
