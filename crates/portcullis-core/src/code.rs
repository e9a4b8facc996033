use std::fmt;

/// A stable, machine-readable name for one way to fail, such as `EMAIL_ALREADY_EXISTS`.
///
/// It is made of ASCII letters, digits, `_`, `-`, `.` and `:`, and may begin with any of them
/// (`2FA_NOT_STARTED`). A code that is not fails where it is written:
///
/// ```compile_fail
/// const SPACED: portcullis_core::Code = portcullis_core::Code::new("not a code");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code with this name.
    ///
    /// # Panics
    ///
    /// When the name is empty or has a character that a code cannot have; in a `const`, that is a
    /// compile error. [`Code::try_new`] returns it instead.
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        match Self::try_new(name) {
            Ok(code) => code,
            Err(_) => {
                panic!("a code is one or more of the ASCII letters, digits, `_`, `-`, `.` and `:`")
            }
        }
    }

    /// The code with this name, for a name that comes from a table or a file.
    ///
    /// # Errors
    ///
    /// [`InvalidCode`] when the name is empty or has a character that a code cannot have.
    pub const fn try_new(name: &'static str) -> Result<Self, InvalidCode> {
        let bytes = name.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !matches!(bytes[at], b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b':')
            {
                return Err(InvalidCode(()));
            }
            at += 1;
        }
        if bytes.is_empty() { Err(InvalidCode(())) } else { Ok(Self(name)) }
    }

    /// The code as it goes over the wire.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The name is empty, or has a character that a [`Code`] cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode(());

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code is one or more of the ASCII letters, digits, `_`, `-`, `.` and `:`")
    }
}

impl std::error::Error for InvalidCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_begin_with_a_digit() {
        const CODE: Code = Code::new("2FA_NOT_STARTED");
        assert_eq!(CODE.as_str(), "2FA_NOT_STARTED");
    }

    #[test]
    fn an_empty_code_and_one_with_a_space_are_refused() {
        assert_eq!(Code::try_new(""), Err(InvalidCode(())));
        assert_eq!(Code::try_new("NOT FOUND"), Err(InvalidCode(())));
    }
}
