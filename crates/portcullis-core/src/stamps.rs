use http::{HeaderMap, HeaderName, Response, StatusCode};

use crate::Allowance;

/// What the guards that admitted a request want on its response.
#[derive(Debug, Default)]
pub struct Stamps {
    tightest: Option<Allowance>,
    /// Boxed, since most guards have none.
    headers: Option<Box<Headers>>,
}

#[derive(Debug, Default)]
struct Headers {
    /// Written where they are absent.
    absent: HeaderMap,
    /// Written beside those that are there.
    lines: HeaderMap,
}

impl Stamps {
    /// Keeps the tighter of two allowances; of equals the one nearer to the handler.
    #[inline(always)]
    pub(crate) fn add_allowance(&mut self, allowance: Allowance) {
        match self.tightest {
            Some(tightest) if tightest.remaining < allowance.remaining => {}
            _ => self.tightest = Some(allowance),
        }
    }

    /// Adds a guard's headers, and its lines of list headers.
    pub(crate) fn add_headers(&mut self, headers: HeaderMap, lines: HeaderMap) {
        if headers.is_empty() && lines.is_empty() {
            return;
        }
        let ours = self.headers.get_or_insert_default();
        // As on the wire, the guard nearest to the handler names a header first.
        let outer = std::mem::replace(&mut ours.absent, headers);
        append_absent(&mut ours.absent, outer);
        append(&mut ours.lines, lines);
    }

    /// The allowance, where there is nothing else to stamp.
    #[inline]
    pub fn allowance_alone(&self) -> Option<Option<Allowance>> {
        self.headers.is_none().then_some(self.tightest)
    }

    /// Stamps a response: only where a header is absent, but a limit that has less left than an
    /// inner one promises replaces its pair. A 429 has the pair of whoever refused, or none.
    #[inline]
    pub fn stamp<B>(self, response: &mut Response<B>) {
        if let Some(allowance) = self.tightest
            && response.status() != StatusCode::TOO_MANY_REQUESTS
        {
            allowance.stamp(response.headers_mut());
        }
        if let Some(headers) = self.headers {
            append_absent(response.headers_mut(), headers.absent);
            append(response.headers_mut(), headers.lines);
        }
    }
}

/// Moves every header whose name `headers` does not have yet, all of its lines in order.
fn append_absent(headers: &mut HeaderMap, more: HeaderMap) {
    append_where(headers, more, |headers, name| !headers.contains_key(name));
}

/// Moves every line, after those by the same name.
fn append(headers: &mut HeaderMap, more: HeaderMap) {
    append_where(headers, more, |_, _| true);
}

/// Moves all lines, in order, of every header that is wanted.
fn append_where(
    headers: &mut HeaderMap,
    more: HeaderMap,
    is_wanted: impl Fn(&HeaderMap, &HeaderName) -> bool,
) {
    let mut current = None;
    for (name, value) in more {
        // An owning iterator names only the first line of each header.
        if let Some(name) = name {
            current = is_wanted(headers, &name).then_some(name);
        }
        if let Some(name) = &current {
            headers.append(name, value);
        }
    }
}
