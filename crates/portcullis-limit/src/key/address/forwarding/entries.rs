use std::{iter::Rev, net::IpAddr};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{FORWARDED, ValueIter},
};

use super::{element, node};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The longest entry that is looked at, in bytes.
const LONGEST_ENTRY: usize = 1_024;

/// In which header proxies say whom they forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Header {
    XForwardedFor,
    Forwarded,
}

impl Header {
    /// Its entries from the right, over all lines: an address, or `None` where the entry is none.
    pub(super) fn entries(self, headers: &HeaderMap) -> Entries<'_> {
        let name = match self {
            Self::XForwardedFor => X_FORWARDED_FOR,
            Self::Forwarded => FORWARDED,
        };
        Entries { header: self, lines: headers.get_all(name).iter().rev(), line: None }
    }

    fn read(self, entry: &[u8]) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => node::address(entry.trim_ascii()),
            Self::Forwarded => element::address(entry),
        }
    }
}

/// See [`Header::entries`].
pub(super) struct Entries<'a> {
    header: Header,
    lines: Rev<ValueIter<'a, HeaderValue>>,
    /// What is left of the line that is being read.
    line: Option<&'a [u8]>,
}

impl Iterator for Entries<'_> {
    type Item = Option<IpAddr>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.line.take() {
            Some(line) => line,
            None => self.lines.next()?.as_bytes(),
        };
        let Some(last) = Last::of(line, self.header) else { return Some(None) };
        self.line = last.before;
        Some(self.header.read(last.entry))
    }
}

/// A line's last entry, and what stands before its comma, if there is one.
struct Last<'a> {
    before: Option<&'a [u8]>,
    entry: &'a [u8],
}

impl<'a> Last<'a> {
    /// `None` where the entry is too long to be one.
    fn of(line: &'a [u8], header: Header) -> Option<Self> {
        let from = line.len().saturating_sub(LONGEST_ENTRY + 1);
        let comma = match header {
            Header::XForwardedFor => line[from..].iter().rposition(|byte| *byte == b','),
            Header::Forwarded => last_comma_outside_quotes(&line[from..]),
        };
        match comma.map(|comma| from + comma) {
            Some(comma) => Some(Self { before: Some(&line[..comma]), entry: &line[comma + 1..] }),
            None if line.len() <= LONGEST_ENTRY => Some(Self { before: None, entry: line }),
            None => None,
        }
    }
}

/// Whatever a client writes on the left, an entry that is well-formed is found by itself: outside of
/// a string stands no quotation mark but the one that ends it; inside each follows a backslash, and
/// the one that begins it follows `=`.
fn last_comma_outside_quotes(text: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    for (at, byte) in text.iter().enumerate().rev() {
        match byte {
            b',' if !is_quoted => return Some(at),
            b'"' => is_quoted = !is_quoted || text[..at].ends_with(b"\\"),
            _ => {}
        }
    }
    None
}
