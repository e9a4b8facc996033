use std::fmt;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use crate::{Allowance, stamps::Stamps};

/// A guard's yes: what the request carries inwards, and what the response carries out.
///
/// It stays small, because every request moves one for every guard: what is rare lies in a box.
///
/// ```
/// use portcullis_core::{Admission, Allowance};
///
/// #[derive(Clone)]
/// struct Caller(u64);
///
/// let admission = Admission::new()
///     .with_extension(Caller(7))                       // the handler's `Extension<Caller>`
///     .with_allowance(Allowance::new(300, 299));       // X-RateLimit-Limit and -Remaining
/// # let _ = admission;
/// ```
///
/// `Debug` does not show what it inserts and stamps, which may be secrets.
#[derive(Clone, Default)]
#[must_use = "an admission does nothing until a guard returns it"]
pub struct Admission {
    allowance: Option<Allowance>,
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Default)]
struct Rare {
    extensions: Extensions,
    headers: HeaderMap,
    lines: HeaderMap,
}

impl Admission {
    /// A plain yes.
    pub const fn new() -> Self {
        Self { allowance: None, rare: None }
    }

    /// Puts a value into the request's extensions, for guards and handlers further in.
    ///
    /// A guard that answers [`Now`](crate::Verdict::Now) may as well insert it into the head that
    /// it was given.
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.rare().extensions.insert(value);
        self
    }

    /// Stamps a header on the response, whatever it will be, unless the response has one by that
    /// name already.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.rare().headers.append(name, value);
        self
    }

    /// Stamps a line of a list header (RFC 9110, section 5.3), beside those that the response has by
    /// that name: `RateLimit`, of which every limit writes its part.
    pub fn with_line(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.rare().lines.append(name, value);
        self
    }

    /// Stamps what the caller may still send. Of several guards' the tightest is stamped.
    pub fn with_allowance(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Hands the extensions to the request, and what is to be stamped to the response's stamps.
    #[inline(always)]
    pub(crate) fn apply(self, extensions: &mut Extensions, stamps: &mut Stamps) {
        if let Some(allowance) = self.allowance {
            stamps.add_allowance(allowance);
        }
        if let Some(rare) = self.rare {
            rare.apply(extensions, stamps);
        }
    }
}

impl Rare {
    #[cold]
    fn apply(self, extensions: &mut Extensions, stamps: &mut Stamps) {
        extensions.extend(self.extensions);
        stamps.add_headers(self.headers, self.lines);
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission").field("allowance", &self.allowance).finish_non_exhaustive()
    }
}
