//! What the tests hide: thing 1 is acme's, thing 2 globex's, and there are no others.

use std::convert::Infallible;

use axum::{extract::Request, response::Response};
use http::StatusCode;
use portcullis::{
    Bearer, Detail, InvalidId, MaskLayer, PathParameters, Portcullis, Quota, RateLimit, Resource,
};
use portcullis_testing::Route;
use portcullis_tests::{ACME, Account, GLOBEX, Keys};

#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) id: u64,
    owner: &'static str,
}

impl Thing {
    pub(crate) fn find(id: u64) -> Option<Self> {
        let owner = match id {
            1 => "acme",
            2 => "globex",
            _ => return None,
        };
        Some(Self { id, owner })
    }

    pub(crate) fn is_of(&self, caller: &Account) -> bool {
        self.owner == caller.tenant
    }
}

impl Resource for Thing {
    type Principal = Account;
    type State = ();
    type Id = u64;
    type Error = Infallible;

    const NOUN: &str = "Thing";

    fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
        path.parse("id")
    }

    async fn load((): (), id: u64, _: &Account) -> Result<Option<Self>, Infallible> {
        tokio::task::yield_now().await;
        Ok(Self::find(id))
    }

    fn owner(&self) -> &&'static str {
        &self.owner
    }
}

/// Authentication and a limit that no test spends, whose headers every answer has.
pub(crate) fn stack() -> Portcullis<Detail, Bearer<Keys>> {
    let plenty = RateLimit::by(Quota::per_minute(1_000_000), |account: &Account| account.name);
    Portcullis::new().bearer(Bearer::new(Keys)).caller_limit(plenty)
}

/// The stack with this mask.
pub(crate) fn masked(mask: MaskLayer) -> Portcullis<Detail, Bearer<Keys>> {
    stack().tenant_mask(mask)
}

/// How the two tenants ask.
pub(crate) fn tenants() -> [http::Request<()>; 2] {
    [ACME, GLOBEX].map(|key| {
        let request = Request::builder().header("authorization", format!("Bearer {key}"));
        request.body(()).expect("a request")
    })
}

/// A route of the matrix: `/etag/{id}`.
pub(crate) fn route(name: &str) -> Route {
    Route::new(format!("/{name}/{{id}}"))
        .first_owns(format!("/{name}/1"))
        .second_owns(format!("/{name}/2"))
        .missing(format!("/{name}/9"))
        .with_body(r#"{"cents":7}"#)
}

/// An answer with this status and these words.
pub(crate) fn answer(status: u16, body: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}
