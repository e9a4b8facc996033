use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{FromRef, Path, Request},
    routing::{get, post},
};
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use portcullis_core::{ApiError, BoxError, CatalogueEntry, Issue};
use tower::ServiceExt;

use super::*;
use crate::{Audit, AuditEvent, InvalidId, MaskLayer, OnUnproven, PathParameters};

#[derive(Clone)]
struct Account {
    tenants: &'static [u64],
    is_editor: bool,
}

impl Member for Account {
    type Tenant = u64;

    fn belongs_to(&self, tenant: &u64) -> bool {
        self.tenants.contains(tenant)
    }

    fn name(&self) -> impl fmt::Display {
        "wile"
    }
}

/// A part of the router's state; whether it answers.
#[derive(Clone, Copy)]
struct Database {
    is_up: bool,
}

#[derive(Clone, Copy)]
struct App {
    database: Database,
}

impl FromRef<App> for Database {
    fn from_ref(app: &App) -> Self {
        app.database
    }
}

#[derive(Debug, PartialEq)]
struct Ticket {
    id: u64,
    tenant: u64,
}

impl Resource for Ticket {
    type Principal = Account;
    type State = Database;
    type Id = u64;
    type Error = BoxError;

    const NOUN: &str = "Ticket";

    fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
        path.parse("id")
    }

    async fn load(database: Database, id: u64, _: &Account) -> Result<Option<Self>, BoxError> {
        if !database.is_up {
            return Err("10.0.0.7 refused the connection".into());
        }
        Ok((id <= 2).then_some(Self { id, tenant: id }))
    }

    fn owner(&self) -> &u64 {
        &self.tenant
    }
}

/// A report is named by two parameters, says its own code, and tells that a number is none.
struct Report;

const NO_REPORT: CatalogueEntry = CatalogueEntry::new("RPT_404", &[404], "No such report");

impl Resource for Report {
    type Principal = Account;
    type State = Database;
    type Id = (String, u8);
    type Error = Infallible;

    const NOUN: &str = "Report";
    const NOT_FOUND: Option<CatalogueEntry> = Some(NO_REPORT);

    fn id(path: &PathParameters<'_>) -> Result<Self::Id, InvalidId> {
        let number = path.parse("number");
        let number = number.map_err(|it| it.told(Issue::new("int_parsing", "No number")))?;
        Ok((path.text("org")?.to_owned(), number))
    }

    async fn load(_: Database, id: Self::Id, _: &Account) -> Result<Option<Self>, Infallible> {
        Ok((id == ("acme".to_owned(), 1)).then_some(Self))
    }

    fn owner(&self) -> &u64 {
        &2
    }
}

#[derive(Clone, Default)]
struct Trail(Arc<Mutex<Vec<String>>>);

impl Audit for Trail {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        let owner = event.owner().unwrap_or_default();
        let id = event.id().is_some();
        let line = format!(
            "{:?} {:?} {:?} {id} {owner}",
            event.reason(),
            event.principal(),
            event.resource()
        );
        self.0.lock().unwrap().push(line);
        Ok(())
    }
}

struct Service {
    router: Router,
    trail: Trail,
}

fn service(is_up: bool, caller: Option<Account>) -> Service {
    let trail = Trail::default();
    let routes = Router::new()
        .route("/tickets/{id}", get(show).post(rename))
        .route("/tickets/{id}/comments/{comment}", get(show))
        .route("/maybe/{id}", get(maybe))
        .route("/misrouted/{ticket}", get(show))
        .route("/misrouted", get(show))
        .nest("/nested/{id}", Router::new().route("/tickets/{id}", get(show)))
        .route("/orgs/{org}/reports/{number}", get(async |_: Visible<Report>| ()))
        .route("/batch", post(batch))
        .layer(MaskLayer::new().with_audit(trail.clone()))
        .with_state(App { database: Database { is_up } });
    let router = match caller {
        Some(caller) => routes.layer(Extension(caller)),
        None => routes,
    };
    Service { router, trail }
}

async fn show(ticket: Visible<Ticket>) -> String {
    format!("{} of {}", ticket.id, ticket.tenant)
}

async fn rename(ticket: Visible<Ticket>, Json(_): Json<String>) -> Result<(), Forbidden> {
    ticket.require(|caller, _| caller.is_editor)
}

async fn maybe(ticket: Option<Visible<Ticket>>) -> String {
    format!("{:?}", ticket.map(Visible::into_inner))
}

async fn batch(
    Extension(caller): Extension<Account>,
    Json(ids): Json<Vec<u64>>,
) -> Result<String, ApiError> {
    for id in ids {
        let row = Ticket::load(Database { is_up: true }, id, &caller).await;
        Visible::to(&caller, row.map_err(ApiError::unavailable)?)?;
    }
    Ok("all".to_owned())
}

const ONE: Account = Account { tenants: &[1], is_editor: false };

impl Service {
    async fn ask(&self, request: Request) -> Response<Body> {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// The status, and what an envelope reads.
    async fn get(&self, path: &str) -> (u16, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        said(self.ask(request).await).await
    }

    async fn post(&self, path: &str, body: &'static str) -> (u16, String) {
        let request = Request::post(path).header("content-type", "application/json");
        said(self.ask(request.body(body.into()).unwrap()).await).await
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.trail.0.lock().unwrap())
    }
}

async fn said(response: Response<Body>) -> (u16, String) {
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let words = head.extensions.get::<ApiError>().map(ToString::to_string);
    (head.status.as_u16(), words.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
}

fn hidden() -> (u16, String) {
    (404, "404: Ticket not found".to_owned())
}

#[tokio::test]
async fn a_caller_gets_what_belongs_to_a_tenant_of_its_own() {
    let service = service(true, Some(Account { tenants: &[7, 1], is_editor: false }));
    assert_eq!(service.get("/tickets/1").await, (200, "1 of 1".to_owned()));
    assert_eq!(service.get("/tickets/1/comments/9").await, (200, "1 of 1".to_owned()));
    assert_eq!(service.get("/tickets/%31").await.0, 200);
    assert_eq!(service.told(), [""; 0]);
}

#[tokio::test]
async fn a_foreign_a_missing_and_an_impossible_id_are_one_answer() {
    let service = service(true, Some(ONE));
    for id in ["2", "3", "99999999999999999999999", "abc", "%ff", "-1", "2%00", "%2e%2e"] {
        assert_eq!(service.get(&format!("/tickets/{id}")).await, hidden(), "{id}");
        assert_eq!(service.post(&format!("/tickets/{id}"), "{").await, hidden(), "{id}");
    }
}

#[tokio::test]
async fn the_sink_learns_which_it_was() {
    let service = service(true, Some(ONE));
    for path in ["/tickets/2", "/tickets/3", "/tickets/abc"] {
        service.get(path).await;
    }
    service.post("/tickets/1", "\"new\"").await;
    assert_eq!(
        service.told(),
        [
            r#"Foreign Some("wile") Some("Ticket") true 2"#,
            r#"Missing Some("wile") Some("Ticket") true "#,
            r#"Missing Some("wile") Some("Ticket") false "#,
            r#"Role Some("wile") Some("Ticket") true 1"#,
        ]
    );
}

#[tokio::test]
async fn a_body_is_judged_after_the_resource_and_a_role_after_the_body() {
    let viewer = service(true, Some(ONE));
    assert_eq!(viewer.post("/tickets/2", "{").await, hidden());
    assert_eq!(viewer.post("/tickets/1", "\"new").await.0, 400);
    assert_eq!(viewer.post("/tickets/1", "\"new\"").await, (403, "403: Forbidden".to_owned()));
    let editor = service(true, Some(Account { is_editor: true, ..ONE }));
    assert_eq!(editor.post("/tickets/1", "\"new\"").await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_loaded_is_a_503_for_any_id() {
    let service = service(false, Some(ONE));
    for id in [1, 2, 3] {
        let answer = service.get(&format!("/tickets/{id}")).await;
        assert_eq!(answer, (503, "503: Service Unavailable".to_owned()));
        assert_eq!(service.get(&format!("/maybe/{id}")).await, answer);
    }
}

#[tokio::test]
async fn an_optional_resource_is_none_for_a_foreign_and_a_missing_one_alike() {
    let service = service(true, Some(ONE));
    assert_eq!(service.get("/maybe/1").await.1, "Some(Ticket { id: 1, tenant: 1 })");
    for id in [2, 3] {
        assert_eq!(service.get(&format!("/maybe/{id}")).await, (200, "None".to_owned()));
    }
}

#[tokio::test]
async fn several_parameters_make_one_id_and_a_catalogues_entry_its_answer() {
    let service = service(true, Some(ONE));
    for path in ["/orgs/acme/reports/1", "/orgs/acme/reports/2", "/orgs/globex/reports/1"] {
        assert_eq!(service.get(path).await, (404, "404 RPT_404: No such report".to_owned()));
    }
    let owner = self::service(true, Some(Account { tenants: &[2], ..ONE }));
    assert_eq!(owner.get("/orgs/acme/reports/1").await.0, 200);
}

#[tokio::test]
async fn an_id_that_is_none_is_told_where_the_resource_tells() {
    let service = service(true, Some(ONE));
    let request = Request::get("/orgs/acme/reports/x").body(Body::empty()).unwrap();
    let response = service.ask(request).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let issue = &response.extensions().get::<ApiError>().unwrap().issues()[0];
    assert_eq!(issue.location(), ["path".into(), "number".into()]);
}

#[tokio::test]
async fn a_row_that_a_handler_has_found_by_itself_is_judged_alike() {
    let service = service(true, Some(ONE));
    assert_eq!(service.post("/batch", "[1]").await, (200, "all".to_owned()));
    let unnamed = (404, "404: Not Found".to_owned());
    assert_eq!(service.post("/batch", "[1,2]").await, unnamed);
    assert_eq!(service.post("/batch", "[1,3]").await, unnamed);
}

#[tokio::test]
async fn a_handler_that_words_a_missing_row_by_itself_does_not_tell_it_from_a_foreign_one() {
    async fn show(Path(id): Path<u64>) -> Result<(), ApiError> {
        let found = Ticket::load(Database { is_up: true }, id, &ONE).await;
        let row = found.map_err(ApiError::unavailable)?.ok_or_else(ApiError::not_found)?;
        Visible::to(&ONE, Some(row))?;
        Ok(())
    }
    for (mask, words) in [
        (MaskLayer::new(), "404: Not Found"),
        (MaskLayer::new().with_resource::<Ticket>(), "404: Ticket not found"),
    ] {
        let router = Router::new().route("/tickets/{id}", get(show)).layer(mask);
        let service = Service { router, trail: Trail::default() };
        for path in ["/tickets/2", "/tickets/3"] {
            assert_eq!(service.get(path).await, (404, words.to_owned()));
        }
    }
}

#[tokio::test]
async fn a_forgotten_layer_and_a_wrong_parameter_are_a_500_for_any_id() {
    let nobody = service(true, None);
    let service = service(true, Some(ONE));
    for id in ["1", "2", "3", "abc"] {
        let missing = (500, "500 PRINCIPAL_MISSING: Internal Server Error".to_owned());
        assert_eq!(nobody.get(&format!("/tickets/{id}")).await, missing);
        assert_eq!(service.get(&format!("/misrouted/{id}")).await.0, 500);
    }
    assert_eq!(service.get("/misrouted").await.0, 500);
}

#[tokio::test]
async fn an_applications_error_around_a_proven_403_or_a_rejection_is_understood() {
    #[derive(Debug)]
    struct Wrapped(BoxError);
    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the application failed")
        }
    }
    impl std::error::Error for Wrapped {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&*self.0)
        }
    }
    async fn show(ticket: Result<Visible<Ticket>, NotVisible>) -> Result<(), ApiError> {
        let ticket = ticket
            .map_err(|rejection| ApiError::not_found().with_source(Wrapped(rejection.into())))?;
        let may = ticket.require(|_, _| false);
        may.map_err(|forbidden| ApiError::forbidden().with_source(Wrapped(forbidden.into())))
    }
    let trail = Trail::default();
    let mask = MaskLayer::new().on_unproven(OnUnproven::Hide).with_audit(trail.clone());
    let router = Router::new()
        .route("/tickets/{id}", get(show))
        .layer(mask)
        .with_state(App { database: Database { is_up: true } })
        .layer(Extension(ONE));
    let service = Service { router, trail };
    assert_eq!(service.get("/tickets/1").await.0, 403);
    assert_eq!(service.get("/tickets/2").await, service.get("/tickets/3").await);
    let reasons = service.told();
    let reasons: Vec<_> = reasons.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(reasons, ["Role", "Foreign", "Missing"]);
}

#[tokio::test]
async fn an_id_that_the_path_has_twice_is_judged_by_neither() {
    let service = service(true, Some(ONE));
    let misrouted = service.get("/misrouted/1").await;
    for path in ["/nested/1/tickets/2", "/nested/2/tickets/1", "/nested/1/tickets/1"] {
        assert_eq!(service.get(path).await, misrouted, "{path}");
    }
    assert_eq!(misrouted.0, 500);
}
