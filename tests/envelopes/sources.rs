//! The ways for a request to fail, and what must come of each.

mod extractors;
mod faults;
mod foreign;
mod ours;
mod tower;
mod tower_http;

use crate::source::Source;

pub(crate) fn all() -> Vec<Source> {
    [extractors::all(), faults::all(), foreign::all(), ours::all(), tower::all(), tower_http::all()]
        .into_iter()
        .flatten()
        .collect()
}
