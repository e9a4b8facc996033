use bytes::Bytes;
use http::{HeaderValue, Method, Uri};

use super::coverage::is_path_of;

/// A route whose path names what belongs to a tenant, and three sorts of things that it names.
///
/// ```
/// use portcullis_testing::Route;
///
/// let route = Route::new("/orgs/{org}/reports/{number}")
///     .first_owns("/orgs/acme/reports/71")
///     .second_owns("/orgs/globex/reports/73")
///     .missing("/orgs/acme/reports/8899")
///     .missing("/orgs/nobody/reports/73");
/// # let _ = route;
/// ```
///
/// Choose ids that no answer says for another reason: an answer may repeat the id that it was asked
/// for, so that one which is also a status, `404`, or a count could hide behind that. Of one digit
/// none may be repeated, but in the path as a whole.
#[derive(Clone, Debug)]
#[must_use]
pub struct Route {
    pub(super) template: String,
    pub(super) owned: [String; 2],
    pub(super) missing: Vec<String>,
    pub(super) seen_by: Method,
    hidden_by: Option<Vec<Method>>,
    pub(super) owner_may_change: bool,
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
            hidden_by: None,
            owner_may_change: false,
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

    /// The methods by which what is missing must be answered 404, so that it is seen that they get as
    /// far as the resource: a scope that the tenants lack, or a CSRF check, would refuse a foreign and
    /// a missing one alike. Unless said otherwise, that by which an owner [sees](Self::seen_by) it.
    pub fn hidden_by(self, methods: impl IntoIterator<Item = Method>) -> Self {
        let mut hidden_by = self.hidden_by.unwrap_or_default();
        hidden_by.extend(methods);
        Self { hidden_by: Some(hidden_by), ..self }
    }

    /// What an owner gets changes by itself, such as an age or a link that expires. Then only its
    /// status is looked at once more after the other tenant has asked, and that it is there still.
    ///
    /// Where two answers that follow each other differ, that is seen without being said.
    pub fn owner_may_change(self) -> Self {
        Self { owner_may_change: true, ..self }
    }

    /// A body that is valid there, of the `content-type` that the tenants' requests have, or else
    /// `application/json`.
    pub fn with_body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), content_type: None, ..self }
    }

    /// A body that is valid there, and of this type on this route, whatever the tenants' requests
    /// have: a form, for instance.
    pub fn with_body_of(self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), content_type: Some(content_type), ..self }
    }

    /// The methods by which something must be hidden, among those that are asked by. What was named
    /// must be; the default need not be asked by.
    pub(super) fn must_be_hidden_by(&self, asked: &[Method]) -> Vec<Method> {
        match &self.hidden_by {
            Some(methods) => methods.clone(),
            None => asked.iter().filter(|method| **method == self.seen_by).cloned().collect(),
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
        if owned[0] == owned[1] {
            let path = &owned[0];
            return Err(format!(
                "{template}: both tenants own {path}, so it is hidden from neither"
            ));
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
