use std::{cell::RefCell, fmt, str::FromStr};

use portcullis_core::{ApiError, Issue};

/// The parameters of a route's path, percent-decoded.
///
/// ```
/// use portcullis_tenant::PathParameters;
///
/// // "/orgs/{org}/reports/{number}"
/// let path = PathParameters::from_iter([("org", "acme"), ("number", "7")]);
/// assert_eq!((path.text("org")?, path.parse::<u32>("number")?), ("acme", 7));
/// # Ok::<(), portcullis_tenant::InvalidId>(())
/// ```
#[derive(Default)]
pub struct PathParameters<'a> {
    pairs: Vec<(&'a str, &'a str)>,
    /// All that was asked for: the id as the path has it, for the audit sink.
    asked: RefCell<String>,
}

impl<'a> PathParameters<'a> {
    /// The parameter by this name, as text.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] where the route has no such parameter, or has several by this name, as nested
    /// routers may: a 500, and the log says so.
    pub fn text(&self, name: &'static str) -> Result<&'a str, InvalidId> {
        let misrouted = |fault| InvalidId { parameter: name, fault };
        let mut found = self.pairs.iter().filter(|(known, _)| *known == name);
        let (_, value) = found.next().ok_or_else(|| misrouted(Fault::Misrouted))?;
        if found.next().is_some() {
            return Err(misrouted(Fault::Ambiguous));
        }
        let mut asked = self.asked.borrow_mut();
        if !asked.is_empty() {
            asked.push('/');
        }
        asked.push_str(value);
        Ok(value)
    }

    /// The parameter by this name, read as a number, a UUID, or whatever has a [`FromStr`].
    ///
    /// # Errors
    ///
    /// [`InvalidId`] where it does not read as one, which is hidden like a missing row, and where the
    /// route has no such parameter, or several.
    pub fn parse<T: FromStr>(&self, name: &'static str) -> Result<T, InvalidId> {
        self.text(name)?.parse().map_err(|_| InvalidId::of(name))
    }

    /// What was asked for so far.
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "axum's routes have parameters"))]
    pub(crate) fn asked(self) -> String {
        self.asked.into_inner()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for PathParameters<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        Self { pairs: pairs.into_iter().collect(), asked: RefCell::default() }
    }
}

/// Shows the names only.
impl fmt::Debug for PathParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

/// The path names nothing that could be an id.
///
/// It is answered as a missing row is, so that nobody learns how ids look. Where the API documents
/// that anyway, it may [tell](Self::told).
pub struct InvalidId {
    parameter: &'static str,
    fault: Fault,
}

enum Fault {
    /// The route has no such parameter, whoever calls.
    Misrouted,
    /// The route has several, and the handler may act on another than was judged.
    Ambiguous,
    Hidden,
    Told(Box<ApiError>),
}

impl InvalidId {
    /// The parameter by this name is no id.
    pub const fn of(parameter: &'static str) -> Self {
        Self { parameter, fault: Fault::Hidden }
    }

    /// Tells the caller: 422, with this issue at `["path", parameter]`.
    ///
    /// That depends on how the path is spelt and on no row, so it tells a foreign id from a missing
    /// one no better.
    ///
    /// ```
    /// use portcullis_core::Issue;
    /// use portcullis_tenant::{InvalidId, PathParameters};
    ///
    /// fn id(path: &PathParameters<'_>) -> Result<i64, InvalidId> {
    ///     path.parse("ticket_id").map_err(|invalid| {
    ///         invalid.told(Issue::new(
    ///             "int_parsing",
    ///             "Input should be a valid integer, unable to parse string as an integer",
    ///         ))
    ///     })
    /// }
    /// # assert!(id(&PathParameters::from_iter([("ticket_id", "abc")])).is_err());
    /// ```
    #[must_use]
    pub fn told(self, issue: Issue) -> Self {
        match self.fault {
            Fault::Hidden => {
                let issue = issue.within(self.parameter).within("path");
                let error = ApiError::unprocessable().with_issue(issue);
                Self { fault: Fault::Told(Box::new(error)), ..self }
            }
            Fault::Misrouted | Fault::Ambiguous | Fault::Told(_) => self,
        }
    }

    /// The refusal, where it is not to be hidden.
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "axum's routes have parameters"))]
    pub(crate) fn refusal(self, resource: &'static str) -> Option<ApiError> {
        match self.fault {
            Fault::Hidden => None,
            Fault::Told(error) => Some(*error),
            Fault::Misrouted => {
                tracing::error!(
                    resource,
                    parameter = self.parameter,
                    "a Resource reads its id from a path parameter that its route does not have"
                );
                Some(ApiError::new(portcullis_core::ErrorStatus::INTERNAL_SERVER_ERROR))
            }
            Fault::Ambiguous => {
                tracing::error!(
                    resource,
                    parameter = self.parameter,
                    "a Resource reads its id from a path parameter that its route has several of: \
                     rename one, as in a router that is nested beneath another"
                );
                Some(ApiError::new(portcullis_core::ErrorStatus::INTERNAL_SERVER_ERROR))
            }
        }
    }
}

impl fmt::Debug for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidId").field("parameter", &self.parameter).finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Misrouted => write!(f, "the route has no parameter {}", self.parameter),
            Fault::Ambiguous => write!(f, "the route has several parameters {}", self.parameter),
            _ => write!(f, "the parameter {} is no id", self.parameter),
        }
    }
}

impl std::error::Error for InvalidId {}
