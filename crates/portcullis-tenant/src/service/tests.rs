use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, HeaderValue, StatusCode};
use portcullis_core::{ApiError, BoxError, CatalogueEntry};
use tower::{Layer, ServiceExt};

use super::*;
use crate::{Audit, AuditEvent, Hidden, MaskLayer, OnUnproven, Reason};

/// Answers every request alike.
#[derive(Clone)]
struct Always(Arc<dyn Fn() -> Response<String>>);

impl Service<Request<()>> for Always {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok((self.0)()))
    }
}

fn always(answer: impl Fn() -> Response<String> + 'static) -> Always {
    Always(Arc::new(answer))
}

/// An answer, and the words that an envelope would read in it.
type Wire = (StatusCode, HeaderMap, String, Option<String>);

async fn ask<S>(service: S) -> Wire
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    let mut request = Request::new(());
    request.extensions_mut().insert("wile");
    let Ok(response) = service.oneshot(request).await;
    let (head, body) = response.into_parts();
    let words = head.extensions.get::<ApiError>().map(ToString::to_string);
    (head.status, head.headers, body, words)
}

/// What a client sees of this answer, through the mask.
async fn masked(answer: impl Fn() -> Response<String> + 'static) -> Wire {
    ask(MaskLayer::new().layer(always(answer))).await
}

fn bare(status: u16) -> Response<String> {
    let mut response = Response::new("own".to_owned());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert("etag", HeaderValue::from_static("\"1\""));
    response
}

#[tokio::test]
async fn a_foreign_row_a_missing_row_and_an_unknown_path_are_one_response() {
    let foreign = masked(|| ApiError::from(Hidden::foreign("globex")).into_response()).await;
    let missing = masked(|| ApiError::from(Hidden::missing()).into_response()).await;

    assert_eq!(foreign, missing);
    assert_eq!(foreign, masked(|| Hidden::foreign("globex").into_response()).await);
    assert_eq!(foreign, masked(|| bare(404)).await);
    assert_eq!(foreign.1["cache-control"], "no-store");
    assert_eq!(foreign.3.as_deref(), Some("404: Not Found"));
}

#[tokio::test]
async fn nothing_that_a_404_said_gets_through() {
    #[derive(Clone)]
    struct Owner;

    let service = MaskLayer::new().layer(always(|| {
        let mut response = Response::new("invoice 7 is globex's".to_owned());
        *response.status_mut() = StatusCode::NOT_FOUND;
        *response.version_mut() = http::Version::HTTP_2;
        for name in ["etag", "set-cookie", "x-owner", "cache-control", "location"] {
            response.headers_mut().insert(name, HeaderValue::from_static("globex"));
        }
        response.extensions_mut().insert(Owner);
        response
    }));
    let response = service.oneshot(Request::new(())).await.unwrap();

    let names: Vec<_> = response.headers().keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["cache-control"]);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.version(), http::Version::default());
    assert!(response.extensions().get::<Owner>().is_none());
    assert_eq!(response.body(), "");
}

#[tokio::test]
async fn every_other_status_passes_untouched() {
    for status in [200, 204, 301, 400, 401, 403, 405, 410, 429, 500] {
        let (seen, headers, body, _) = masked(move || bare(status)).await;
        assert_eq!((seen.as_u16(), &*body), (status, "own"));
        assert_eq!(headers["etag"], "\"1\"");
    }
}

#[tokio::test]
async fn what_is_hidden_is_a_404_whatever_status_somebody_gave_it() {
    let natural = masked(|| bare(404)).await;
    for status in [200, 204, 302, 403, 410, 500] {
        let renamed = masked(move || {
            let mut response = Hidden::foreign("globex").into_response();
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            response.headers_mut().insert("location", HeaderValue::from_static("/globex"));
            response
        });
        assert_eq!(renamed.await, natural, "{status}");
    }
}

#[tokio::test]
async fn a_route_has_its_own_words_within_a_service_that_has_one_mask() {
    const TICKET: CatalogueEntry = CatalogueEntry::new("TCK_404", &[404], "No such ticket");
    let plain = MaskLayer::new;
    let tickets = || plain().with_entry(TICKET);
    let service = || plain().with_message("Nothing here");
    let missing = || always(|| Hidden::missing().into_response());
    for (words, wire) in [
        ("404: Not Found", ask(plain().layer(plain().layer(missing()))).await),
        ("404: Nothing here", ask(service().layer(plain().layer(missing()))).await),
        ("404 TCK_404: No such ticket", ask(plain().layer(tickets().layer(missing()))).await),
        ("404 TCK_404: No such ticket", ask(service().layer(tickets().layer(missing()))).await),
    ] {
        assert_eq!(wire.3.as_deref(), Some(words));
        assert_eq!(wire.1["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn what_a_layer_between_two_masks_says_is_not_heard() {
    let inner = MaskLayer::new().with_message("No such ticket");
    let inner = inner.layer(always(|| Hidden::missing().into_response()));
    let between = inner.map_response(|mut response: Response<String>| {
        response.extensions_mut().insert(ApiError::not_found().with_message("globex has it"));
        response.headers_mut().insert("x-owner", HeaderValue::from_static("globex"));
        response
    });
    let (_, headers, _, words) = ask(MaskLayer::new().layer(between)).await;
    assert_eq!(words.as_deref(), Some("404: No such ticket"));
    assert!(!headers.contains_key("x-owner"));
}

#[test]
#[should_panic(expected = "name a catalogue entry whose status is 404")]
fn an_entry_of_another_status_is_refused_when_the_layer_is_built() {
    let _ = MaskLayer::new().with_entry(CatalogueEntry::new("NO_ACCESS", &[403], "No access"));
}

/// What a sink was told, one line for each event.
#[derive(Clone, Default)]
struct Trail(Arc<Mutex<Vec<String>>>);

impl Audit for Trail {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{event:?}"));
        Ok(())
    }
}

#[tokio::test]
async fn the_sink_learns_once_what_a_handler_knows_of_a_row() {
    let trail = Trail::default();
    let mask = MaskLayer::new()
        .with_audit(trail.clone())
        .with_id_key(1)
        .with_principal(|name: &&'static str| *name);
    for hidden in [Hidden::missing(), Hidden::foreign(7).about("Invoice", 41)] {
        let inner = always(move || hidden.clone().into_response());
        ask(mask.layer(mask.layer(inner))).await;
    }
    ask(mask.layer(always(|| bare(404)))).await;
    assert_eq!(
        *trail.0.lock().unwrap(),
        [
            r#"AuditEvent { reason: Missing, principal: Some("wile"), resource: None, id: None, owner: None }"#,
            r#"AuditEvent { reason: Foreign, principal: Some("wile"), resource: Some("Invoice"), id: Some(3d19b428df24c966), owner: Some("7") }"#,
        ]
    );
}

#[tokio::test]
async fn one_sink_that_two_layers_were_given_learns_once() {
    let trail = Trail::default();
    let sink = Arc::new(trail.clone());
    let layers = [MaskLayer::new().with_message("No such ticket"), MaskLayer::new()];
    let [route, service] = layers.map(|layer| layer.with_audit(Arc::clone(&sink)));
    let hidden = always(|| Hidden::foreign("globex").into_response());
    ask(service.layer(route.layer(hidden))).await;
    assert_eq!(trail.0.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_caller_that_cannot_be_named_gets_what_it_asked_for() {
    struct Nameless;
    impl fmt::Display for Nameless {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    let trail = Trail::default();
    let mask = MaskLayer::new().with_audit(trail.clone());
    for mask in [
        mask.clone().with_principal(|_: &&'static str| Nameless),
        mask.with_principal(|name: &&'static str| -> &'static str { panic!("{name}") }),
    ] {
        assert_eq!(ask(mask.layer(always(|| bare(200)))).await.2, "own");
        ask(mask.layer(always(|| Hidden::missing().into_response()))).await;
    }
    let expected =
        "AuditEvent { reason: Missing, principal: None, resource: None, id: None, owner: None }";
    assert_eq!(*trail.0.lock().unwrap(), [expected, expected]);
}

#[tokio::test]
async fn a_sink_that_fails_or_panics_changes_nothing() {
    struct Full;
    impl Audit for Full {
        fn record(&self, _: &AuditEvent<'_>) -> Result<(), BoxError> {
            Err("the disk is full".into())
        }
    }
    struct Broken;
    impl Audit for Broken {
        fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
            panic!("{:?}", event.reason())
        }
    }
    /// Panics with what panics when it is dropped, and fails with what does.
    #[derive(Debug)]
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            std::panic::panic_any(Self);
        }
    }
    impl fmt::Display for Bomb {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("armed")
        }
    }
    impl std::error::Error for Bomb {}
    struct Thrown;
    impl Audit for Thrown {
        fn record(&self, _: &AuditEvent<'_>) -> Result<(), BoxError> {
            std::panic::panic_any(Bomb)
        }
    }
    struct Handed;
    impl Audit for Handed {
        fn record(&self, _: &AuditEvent<'_>) -> Result<(), BoxError> {
            Err(Bomb.into())
        }
    }
    let natural = masked(|| bare(404)).await;
    for mask in [
        MaskLayer::new().with_audit(Full),
        MaskLayer::new().with_audit(Broken),
        MaskLayer::new().with_audit(Thrown),
        MaskLayer::new().with_audit(Handed),
    ] {
        let answer = ask(mask.layer(always(|| Hidden::foreign("globex").into_response()))).await;
        assert_eq!(answer, natural);
    }
}

#[tokio::test]
async fn the_net_makes_of_a_403_without_proof_the_404_of_a_missing_row() {
    let trail = Trail::default();
    let mask = MaskLayer::new().with_audit(trail.clone()).on_unproven(OnUnproven::Hide);
    let natural = ask(mask.layer(always(|| bare(404)))).await;
    let caught = ask(mask.layer(always(|| bare(403)))).await;
    assert_eq!(caught, natural);
    assert_eq!(mask.clone().unproven_count(), 1);
    assert!(trail.0.lock().unwrap()[0].contains(&format!("{:?}", Reason::Unproven)));
}

#[test]
fn neither_debug_nor_display_tells_the_two_apart() {
    let [foreign, missing] = [Hidden::foreign("globex"), Hidden::missing()];
    assert_eq!(format!("{foreign:?} {foreign}"), format!("{missing:?} {missing}"));
    assert_ne!(foreign.reason(), missing.reason());
}

/// An application's own error, around one of ours.
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

#[tokio::test]
async fn what_is_hidden_within_an_applications_error_is_audited_and_a_404() {
    let trail = Trail::default();
    let mask = MaskLayer::new().with_audit(trail.clone());
    let natural = ask(mask.layer(always(|| bare(404)))).await;
    for refusal in [ApiError::not_found, ApiError::forbidden] {
        let wrapped = always(move || {
            let error = Wrapped(Wrapped(Hidden::foreign("globex").into()).into());
            refusal().with_source(error).into_response()
        });
        assert_eq!(ask(mask.layer(wrapped)).await, natural);
    }
    assert_eq!(trail.0.lock().unwrap().len(), 2);
}

/// As thiserror's `#[error(transparent)]` has it: the source is that of what is wrapped.
#[tokio::test]
async fn what_an_error_hides_of_its_sources_is_not_hidden() {
    #[derive(Debug)]
    struct Transparent(Hidden);
    impl fmt::Display for Transparent {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fmt(f)
        }
    }
    impl std::error::Error for Transparent {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.0.source()
        }
    }
    let natural = masked(|| bare(404)).await;
    let lost = || ApiError::internal(Wrapped(Transparent(Hidden::foreign("globex")).into()));
    let lost = masked(move || lost().into_response()).await;
    assert_eq!(lost.0, StatusCode::INTERNAL_SERVER_ERROR);
    let kept = || ApiError::internal(Wrapped(Hidden::foreign("globex").into()));
    assert_eq!(masked(move || kept().into_response()).await, natural);
}

#[tokio::test]
async fn each_sink_hears_once_whatever_masks_are_beneath_its_own() {
    let [inner, outer] = [Trail::default(), Trail::default()];
    let route = MaskLayer::new().with_audit(inner.clone()).with_message("No such ticket");
    let service = MaskLayer::new()
        .with_audit(outer.clone())
        .on_unproven(OnUnproven::Hide)
        .with_principal(|name: &&'static str| *name);
    let net = route.clone().on_unproven(OnUnproven::Hide);

    let hidden = || always(|| Hidden::foreign("globex").into_response());
    let plain = MaskLayer::new();
    let beneath = plain.layer(route.layer(route.layer(hidden())));
    ask(service.layer(service.layer(beneath))).await;
    ask(service.layer(net.layer(always(|| bare(403))))).await;

    let foreign = |principal| {
        format!(
            "AuditEvent {{ reason: Foreign, principal: {principal}, resource: None, id: None, owner: Some(\"globex\") }}"
        )
    };
    let unproven = |principal| {
        format!(
            "AuditEvent {{ reason: Unproven, principal: {principal}, resource: None, id: None, owner: None }}"
        )
    };
    assert_eq!(*inner.0.lock().unwrap(), [foreign("None"), unproven("None")]);
    let wile = "Some(\"wile\")";
    assert_eq!(*outer.0.lock().unwrap(), [foreign(wile), unproven(wile)]);
}
