mod control;
mod coverage;
mod report;
mod route;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use self::{control::Control, coverage::Coverage};
pub use self::{report::Report, route::Route};
use crate::{Oracle, RequestBody, client::Client};

/// Every route of a service, and two tenants who each ask for what is the other's.
///
/// For each [`Route`] it sees first that the owner gets what it owns, with a 2xx, so that there is
/// something to hide; then compares, as an [`Oracle`] does, what the other one gets with what it gets
/// for a resource that nobody has, asked with the owner's validators too; and sees at last that the
/// owner still gets what it got: the same, where that stood still, and a 2xx where it moved. Nothing is
/// compared where an owner does not see what it owns. A route that has parameters and is not among them fails the test, as
/// long as it is told of [all routes that there are](Self::covering).
///
/// See the [crate's example](crate).
#[derive(Clone, Debug)]
pub struct Matrix {
    tenants: [Request<()>; 2],
    oracle: Oracle,
    routes: Vec<Route>,
    coverage: Coverage,
}

impl Matrix {
    /// A matrix of two tenants, each as its requests are: with its credentials, and with the
    /// extensions that the service's layers need. Method and path come from the routes.
    pub fn new(first: Request<()>, second: Request<()>) -> Self {
        Self {
            tenants: [first, second],
            oracle: Oracle::new(),
            routes: Vec::new(),
            coverage: Coverage::default(),
        }
    }

    /// Compares with this oracle.
    #[must_use]
    pub fn with_oracle(self, oracle: Oracle) -> Self {
        Self { oracle, ..self }
    }

    /// Adds a route whose path names what belongs to a tenant.
    #[must_use]
    pub fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Says which routes there are: `/invoices/{id}`. What a parameter is called does not count.
    ///
    /// A route whose path has no parameters needs no [`Route`], since its path is the same whatever is
    /// asked for. It may still name a resource, in its query or its body: add a [`Route`] whose paths
    /// have the query (`/search?invoice=2`), and compare two bodies by
    /// [`assert_indistinguishable`](crate::assert_indistinguishable).
    #[must_use]
    pub fn covering(mut self, templates: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.coverage.expect(templates.into_iter().map(Into::into));
        self
    }

    /// Says which routes there are by an OpenAPI document: a JSON object whose `paths` they are,
    /// beneath the path of its first server's URL, if it has one.
    ///
    /// # Panics
    ///
    /// When it is none, or has no paths; and when the path of that URL is not known, as it is relative
    /// to where the document lies, or has variables: see
    /// [`covering_openapi_beneath`](Self::covering_openapi_beneath).
    #[must_use]
    #[track_caller]
    pub fn covering_openapi(self, document: &str) -> Self {
        self.covering_paths(coverage::paths(document))
    }

    /// Says which routes there are by an OpenAPI document, whose paths are beneath this one, `/v1`,
    /// or beneath none, `""`, whatever it says of its servers.
    ///
    /// # Panics
    ///
    /// When it is none, or has no paths.
    #[must_use]
    #[track_caller]
    pub fn covering_openapi_beneath(self, base: &str, document: &str) -> Self {
        self.covering_paths(coverage::paths_beneath(base, document))
    }

    #[track_caller]
    fn covering_paths(mut self, paths: Result<Vec<String>, String>) -> Self {
        match paths {
            Ok(paths) => self.coverage.expect(paths.into_iter()),
            Err(why) => panic!("no list of routes comes of this OpenAPI document: {why}"),
        }
        self
    }

    /// Leaves a route out that has parameters, and says why: they name nobody's resource.
    #[must_use]
    pub fn except(mut self, template: impl Into<String>, why: &'static str) -> Self {
        self.coverage.except(template.into(), why);
        self
    }

    /// Fails unless neither tenant can tell what is the other's from what is missing, on any route.
    ///
    /// # Panics
    ///
    /// When one can, or that is not proven; when a route is not covered, or has nothing to hide; or when
    /// one tenant has changed what is the other's.
    pub async fn assert_indistinguishable<S, B>(&self, app: S)
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let report = self.check(app).await;
        assert!(report.is_clean(), "{report}");
    }

    /// All that a test of this matrix would fail on.
    pub async fn check<S, B>(&self, app: S) -> Report
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let mut report = Report::default();
        report.extend_faults(self.coverage.faults(&self.routes));
        if self.routes.is_empty() {
            report.extend_faults(["there is nothing to ask for: add a `Route`".to_owned()]);
        }
        if self.tenants_are_one() {
            report.extend_faults([
                "both tenants ask with the same headers: are they one?".to_owned()
            ]);
            return report;
        }
        let client = self.oracle.client(app);
        for route in &self.routes {
            match route.validate() {
                Ok(()) => self.check_route(route, &client, &mut report).await,
                Err(fault) => report.extend_faults([fault]),
            }
        }
        report
    }

    async fn check_route<S, B>(&self, route: &Route, client: &Client<S>, report: &mut Report)
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let ask = |tenant, path: &str| self.request(route, tenant, path);
        let control = |owner: usize| {
            let path = route.owned[owner].as_str();
            Control::new(&self.oracle, route, path, ask(owner, path))
        };
        // Before anybody has asked for them: where `PUT` creates, they are there afterwards.
        let mut missing = Vec::new();
        for path in &route.missing {
            let mut is_missing = true;
            for (owner, who) in ["first", "second"].into_iter().enumerate() {
                if control(owner).sees(client, ask(owner, path)).await {
                    is_missing = false;
                    report.extend_faults([format!(
                        "{path} is said to be missing, and the {who} tenant sees it"
                    )]);
                }
            }
            missing.extend(is_missing.then_some(path));
        }
        for (asker, owner) in [(0, 1), (1, 0)] {
            let mut control = control(owner);
            let oracle = match control.before(client).await {
                Ok(validators) => self.oracle.clone().with_validators(&validators),
                Err(fault) => {
                    report.extend_faults([fault]);
                    continue;
                }
            };
            let foreign = ask(asker, &route.owned[owner]);
            for path in &missing {
                let found = oracle.compare_by(client, &foreign, &ask(asker, path)).await;
                let methods = route.must_be_hidden_by(self.oracle.methods());
                // Where nothing was hidden at all, the oracle says so.
                for method in
                    methods.iter().filter(|it| found.has_hidden() && !found.is_hidden_by(it))
                {
                    report.extend_faults([format!(
                        "{method} {path}: whatever it was asked with, it was not answered 404, so \
                         nothing was hidden by this method"
                    )]);
                }
                report.extend(route, asker, found);
            }
            report.extend_faults(control.after(client).await);
        }
    }

    /// Whether nothing tells the tenants apart that could be looked at.
    fn tenants_are_one(&self) -> bool {
        let [first, second] = &self.tenants;
        let may_extensions_tell = self.tenants.iter().any(|it| !it.extensions().is_empty());
        first.headers() == second.headers() && !may_extensions_tell
    }

    fn request(&self, route: &Route, tenant: usize, path: &str) -> Request<Bytes> {
        let mut request = self.tenants[tenant].clone().map(|()| route.body.clone());
        // It was read before.
        if let Ok(uri) = path.parse() {
            *request.uri_mut() = uri;
        }
        if let Some(content_type) = &route.content_type {
            request.headers_mut().insert(http::header::CONTENT_TYPE, content_type.clone());
        }
        request
    }
}
