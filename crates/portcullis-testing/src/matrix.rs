mod coverage;
mod report;
mod route;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use self::coverage::Coverage;
pub use self::{report::Report, route::Route};
use crate::{Oracle, RequestBody, answer::ask};

/// Every route of a service, and two tenants who each ask for what is the other's.
///
/// For each [`Route`] it sees first that the owner gets what it owns, so that there is something to
/// hide; then compares, as an [`Oracle`] does, what the other one gets with what it gets for a
/// resource that nobody has. A route that has parameters and is not among them fails the test, as
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

    /// Says which routes there are: `/invoices/{id}`. What a parameter is called does not count. Those
    /// without parameters name nothing that could be another's, and need no [`Route`].
    #[must_use]
    pub fn covering(mut self, templates: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.coverage.expect(templates.into_iter().map(Into::into));
        self
    }

    /// Says which routes there are by an OpenAPI document: a JSON object whose `paths` they are.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn covering_openapi(mut self, document: &str) -> Self {
        match coverage::paths(document) {
            Ok(paths) => self.coverage.expect(paths.into_iter()),
            Err(why) => panic!("this is no OpenAPI document in JSON: {why}"),
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
    /// When one can, or a route is not covered, or a route has nothing to hide.
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
        for route in &self.routes {
            if let Err(fault) = route.validate() {
                report.extend_faults([fault]);
                continue;
            }
            for (asker, owner) in [(0, 1), (1, 0)] {
                if let Some(fault) = self.unseen(&app, route, owner).await {
                    report.extend_faults([fault]);
                }
                let ask = |path: &str| self.request(route, asker, path);
                let foreign = ask(&route.owned[owner]);
                for missing in &route.missing {
                    let found =
                        self.oracle.compare(app.clone(), foreign.clone(), ask(missing)).await;
                    report.extend(route, asker, found);
                }
            }
        }
        report
    }

    /// Why this owner does not get what it owns, if it does not.
    async fn unseen<S, B>(&self, app: &S, route: &Route, owner: usize) -> Option<String>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let path = &route.owned[owner];
        let mut request = self.request(route, owner, path);
        *request.method_mut() = route.seen_by.clone();
        let got = match ask(app, request.map(RequestBody::from)).await {
            Ok(wire) if wire.status == StatusCode::METHOD_NOT_ALLOWED => {
                format!("{}; say by which method it is seen, by `Route::seen_by`", wire.status)
            }
            Ok(wire)
                if [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN]
                    .contains(&wire.status)
                    || wire.status.is_server_error() =>
            {
                wire.status.to_string()
            }
            Ok(_) => return None,
            Err(why) => why,
        };
        Some(format!("{} {path}: its owner does not see it, but gets {got}", route.seen_by))
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
