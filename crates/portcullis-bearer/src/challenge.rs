use std::{borrow::Cow, fmt::Write};

use http::HeaderValue;

use crate::Reason;

/// One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1): a scheme, and parameters
/// that are all optional.
///
/// ```
/// use portcullis_bearer::Challenge;
///
/// let challenge = Challenge::bearer()
///     .with_realm("invoices")
///     .with_error("invalid_token")
///     .with_error_description("The token expired");
/// assert_eq!(
///     challenge.header_value(),
///     r#"Bearer realm="invoices", error="invalid_token", error_description="The token expired""#,
/// );
/// assert_eq!(Challenge::bearer().header_value(), "Bearer");
/// ```
///
/// A value may be any text: quotes and backslashes are escaped, control characters dropped, and what
/// is not ASCII becomes `?`, so that none of it can end its quotes, the header or the head.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a challenge does nothing until it is sent"]
pub struct Challenge {
    scheme: Cow<'static, str>,
    parameters: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl Challenge {
    /// `Bearer` (RFC 6750, section 3), without parameters.
    pub const fn bearer() -> Self {
        Self { scheme: Cow::Borrowed("Bearer"), parameters: Vec::new() }
    }

    /// Another scheme, without parameters.
    ///
    /// # Panics
    ///
    /// When the scheme is no token (RFC 9110, section 5.6.2): letters, digits and a few marks.
    #[track_caller]
    pub fn new(scheme: impl Into<Cow<'static, str>>) -> Self {
        let scheme = scheme.into();
        assert!(is_token(&scheme), "{scheme:?} is no scheme: use letters, digits and `-`");
        Self { scheme, parameters: Vec::new() }
    }

    /// What RFC 6750 says of this reason: `Bearer`, with an `error` unless no credentials came.
    pub fn rfc6750(reason: Reason) -> Self {
        match reason.error_code() {
            Some(error) => Self::bearer().with_error(error),
            None => Self::bearer(),
        }
    }

    /// `realm`: what the credentials are for (RFC 9110, section 11.5).
    pub fn with_realm(self, realm: impl Into<Cow<'static, str>>) -> Self {
        self.with("realm", realm)
    }

    /// `error`: one of the codes of RFC 6750, section 3.1.
    pub fn with_error(self, error: impl Into<Cow<'static, str>>) -> Self {
        self.with("error", error)
    }

    /// `error_description`: what went wrong, for a developer. RFC 6750 wants neither quotes nor
    /// backslashes in it.
    pub fn with_error_description(self, description: impl Into<Cow<'static, str>>) -> Self {
        self.with("error_description", description)
    }

    /// `scope`: the scopes that are needed, with spaces between them.
    pub fn with_scope(self, scope: impl Into<Cow<'static, str>>) -> Self {
        self.with("scope", scope)
    }

    /// `resource_metadata`: the URL of the resource's metadata (RFC 9728, section 5.1).
    pub fn with_resource_metadata(self, url: impl Into<Cow<'static, str>>) -> Self {
        self.with("resource_metadata", url)
    }

    /// Any parameter: after those that are there, or in place of the one by that name.
    ///
    /// # Panics
    ///
    /// When the name is no token (RFC 9110, section 5.6.2).
    #[track_caller]
    pub fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (name, value) = (name.into(), value.into());
        assert!(is_token(&name), "{name:?} is no parameter's name: use letters, digits and `_`");
        match self.parameters.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((_, there)) => *there = value,
            None => self.parameters.push((name, value)),
        }
        self
    }

    /// The challenge as a header's value.
    pub fn header_value(&self) -> HeaderValue {
        let mut text = self.scheme.clone().into_owned();
        for (place, (name, value)) in self.parameters.iter().enumerate() {
            let separator = if place == 0 { " " } else { ", " };
            // Writing to a string does not fail.
            let _ = write!(text, "{separator}{name}=");
            quote(value, &mut text);
        }
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Bearer"))
    }
}

/// Writes a quoted-string (RFC 9110, section 5.6.4).
fn quote(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars().filter(|character| !character.is_control()) {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ => text.push(if character.is_ascii() { character } else { '?' }),
        }
    }
    text.push('"');
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// `tchar` (RFC 9110, section 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_holds_cannot_end_it() {
        for (value, expected) in [
            ("plain", r#"Bearer realm="plain""#),
            ("", r#"Bearer realm="""#),
            (r#"a", error="none"#, r#"Bearer realm="a\", error=\"none""#),
            (r"a\", r#"Bearer realm="a\\""#),
            ("a\r\nset-cookie: b=c\0\t\u{7f}", r#"Bearer realm="aset-cookie: b=c""#),
            ("caf\u{e9}\u{85}\u{2028}", r#"Bearer realm="caf??""#),
        ] {
            assert_eq!(Challenge::bearer().with_realm(value).header_value(), expected, "{value:?}");
        }
    }

    #[test]
    fn a_parameter_comes_once() {
        let challenge = Challenge::bearer().with_error("one").with_scope("a").with("Error", "two");
        assert_eq!(challenge.header_value(), r#"Bearer error="two", scope="a""#);
    }

    #[test]
    #[should_panic = "use letters, digits"]
    fn a_scheme_that_is_none_is_refused_when_it_is_made() {
        let _ = Challenge::new("Bearer, Basic");
    }
}
