use std::{
    borrow::Cow,
    cell::RefCell,
    fmt::{self, Display, Write},
    iter,
    str::FromStr,
};

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
    all: Vec<Parameter<'a>>,
}

struct Parameter<'a> {
    name: &'a str,
    value: &'a str,
    /// What was asked for by it, as it was understood: a part of the id, for the audit sink.
    asked: RefCell<Option<Cow<'a, str>>>,
}

impl<'a> PathParameters<'a> {
    /// The parameter by this name, as text.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] where the route has no such parameter, or has several by this name, as nested
    /// routers may: a 500, and the log says so.
    pub fn text(&self, name: &'static str) -> Result<&'a str, InvalidId> {
        let parameter = self.find(name)?;
        parameter.asked.borrow_mut().get_or_insert(Cow::Borrowed(parameter.value));
        Ok(parameter.value)
    }

    /// The parameter by this name, read as a number, a UUID, or whatever has a [`FromStr`].
    ///
    /// The audit sink gets a hash of what is read, as it is displayed: `007` and `7` are one number and
    /// have one hash. What cannot be displayed is read of the [`text`](Self::text).
    ///
    /// # Errors
    ///
    /// [`InvalidId`] where it does not read as one, which is hidden like a missing row, and where the
    /// route has no such parameter, or several.
    pub fn parse<T: FromStr + Display>(&self, name: &'static str) -> Result<T, InvalidId> {
        let parameter = self.find(name)?;
        let id: T = parameter.value.parse().map_err(|_| InvalidId::of(name))?;
        let mut asked = String::new();
        // Writing to a text fails only where a `Display` says that it does; then less is hashed.
        let _ = write!(asked, "{id}");
        *parameter.asked.borrow_mut() = Some(Cow::Owned(asked));
        Ok(id)
    }

    fn find(&self, name: &'static str) -> Result<&Parameter<'a>, InvalidId> {
        let misrouted = |fault| InvalidId { parameter: name, fault };
        let mut found = self.all.iter().filter(|parameter| parameter.name == name);
        let parameter = found.next().ok_or_else(|| misrouted(Fault::Misrouted))?;
        if found.next().is_some() {
            return Err(misrouted(Fault::Ambiguous));
        }
        Ok(parameter)
    }

    /// What was asked for so far.
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "axum's routes have parameters"))]
    pub(crate) fn asked(self) -> Cow<'a, str> {
        let mut parts = self.all.into_iter().filter_map(|it| it.asked.into_inner());
        let first = parts.next().unwrap_or_default();
        let Some(second) = parts.next() else { return first };
        let mut asked = escaped(&first).into_owned();
        for part in iter::once(second).chain(parts) {
            asked.push('/');
            asked.push_str(&escaped(&part));
        }
        Cow::Owned(asked)
    }
}

/// A part of several, which are joined by `/`.
fn escaped(part: &str) -> Cow<'_, str> {
    match part.contains(['/', '%']) {
        true => Cow::Owned(part.replace('%', "%25").replace('/', "%2F")),
        false => Cow::Borrowed(part),
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for PathParameters<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let parameter = |(name, value)| Parameter { name, value, asked: RefCell::default() };
        Self { all: pairs.into_iter().map(parameter).collect() }
    }
}

/// Shows the names only.
impl fmt::Debug for PathParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.iter().map(|parameter| parameter.name)).finish()
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

impl Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Misrouted => write!(f, "the route has no parameter {}", self.parameter),
            Fault::Ambiguous => write!(f, "the route has several parameters {}", self.parameter),
            _ => write!(f, "the parameter {} is no id", self.parameter),
        }
    }
}

impl std::error::Error for InvalidId {}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(id: &str) -> String {
        let path = PathParameters::from_iter([("org", "Acme"), ("id", id)]);
        path.text("org").unwrap();
        path.parse::<u64>("id").unwrap();
        path.asked().into_owned()
    }

    #[test]
    fn an_id_is_hashed_as_it_was_understood() {
        for spelled in ["7", "007", "+7"] {
            assert_eq!(asked(spelled), "Acme/7");
        }
    }

    #[test]
    fn a_parameter_that_is_read_twice_is_one_part() {
        let path = PathParameters::from_iter([("id", "007")]);
        path.parse::<u64>("id").unwrap();
        assert_eq!(path.text("id").unwrap(), "007");
        assert_eq!(path.asked(), "7");
    }

    #[test]
    fn two_ids_of_several_parts_are_not_joined_to_one() {
        let asked = |parts: [&str; 2]| {
            let path = PathParameters::from_iter(["a", "b"].into_iter().zip(parts));
            path.text("b").unwrap();
            path.text("a").unwrap();
            path.asked().into_owned()
        };
        assert_eq!(asked(["x/y", "z"]), "x%2Fy/z");
        assert_eq!(asked(["x", "y/z"]), "x/y%2Fz");
        let whole = PathParameters::from_iter([("path", "x/y")]);
        whole.text("path").unwrap();
        assert_eq!(whole.asked(), "x/y");
    }
}
