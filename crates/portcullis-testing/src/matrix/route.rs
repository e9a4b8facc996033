use bytes::Bytes;
use http::{HeaderValue, Method, Uri};

use super::coverage::is_path_of;

/// A route whose path names what belongs to a tenant, and three sorts of things that it names.
///
/// ```
/// use portcullis_testing::Route;
///
/// let route = Route::new("/orgs/{org}/reports/{number}")
///     .first_owns("/orgs/acme/reports/1")
///     .second_owns("/orgs/globex/reports/7")
///     .missing("/orgs/acme/reports/404")
///     .missing("/orgs/nobody/reports/1");
/// # let _ = route;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Route {
    pub(super) template: String,
    pub(super) owned: [String; 2],
    pub(super) missing: Vec<String>,
    pub(super) seen_by: Method,
    pub(super) body: Bytes,
    pub(super) content_type: Option<HeaderValue>,
}

impl Route {
    /// The route by this template, as the router has it.
    pub fn new(template: impl Into<String>) -> Self {
        Self {
            template: template.into(),
            owned: [String::new(), String::new()],
            missing: Vec::new(),
            seen_by: Method::GET,
            body: Bytes::new(),
            content_type: None,
        }
    }

    /// The path of something that belongs to the first tenant.
    pub fn first_owns(mut self, path: impl Into<String>) -> Self {
        self.owned[0] = path.into();
        self
    }

    /// The path of something that belongs to the second tenant.
    pub fn second_owns(mut self, path: impl Into<String>) -> Self {
        self.owned[1] = path.into();
        self
    }

    /// The path of something that there is not. There may be several ways of not being there.
    pub fn missing(mut self, path: impl Into<String>) -> Self {
        self.missing.push(path.into());
        self
    }

    /// The method by which an owner sees what it owns; `GET` unless said otherwise.
    pub fn seen_by(self, method: Method) -> Self {
        Self { seen_by: method, ..self }
    }

    /// A body that is valid there, as `application/json`.
    pub fn with_body(self, body: impl Into<Bytes>) -> Self {
        Self {
            body: body.into(),
            content_type: Some(HeaderValue::from_static("application/json")),
            ..self
        }
    }

    /// What is wrong with the route itself, if anything is.
    pub(super) fn validate(&self) -> Result<(), String> {
        let Self { template, owned, missing, .. } = self;
        for (path, call) in owned.iter().zip(["first_owns", "second_owns"]) {
            if path.is_empty() {
                return Err(format!("{template}: nothing to ask for; say it by `Route::{call}`"));
            }
        }
        if missing.is_empty() {
            return Err(format!("{template}: nothing to compare with; say it by `Route::missing`"));
        }
        match owned.iter().chain(missing).find(|path| !is_of(template, path)) {
            Some(path) => Err(format!("{template}: {path} is no path of that route")),
            None => Ok(()),
        }
    }
}

fn is_of(template: &str, path: &str) -> bool {
    path.parse::<Uri>().is_ok_and(|uri| is_path_of(template, uri.path()))
}
