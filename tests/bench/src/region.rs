//! What is measured, and nothing else.

use crate::request::Request;

/// The part of [`measured_region`]'s symbol that callgrind knows it by. No other symbol has it.
pub(crate) const SYMBOL: &str = "measured_region";

/// Hands every request on. Whatever happens in here is measured.
///
/// One function for all cases, so that it costs them all the same.
#[inline(never)]
pub(crate) fn measured_region(requests: &mut Vec<Request>, each: &mut dyn FnMut(Request)) {
    for request in requests.drain(..) {
        each(request);
    }
}
