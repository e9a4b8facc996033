//! What the audit sink learns, and nobody else.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::Path,
    routing::{any, get as on_get},
};
use http::StatusCode;
use metrics_util::debugging::DebuggingRecorder;
use portcullis::{
    BoxError, Forbidden, Hidden, MaskLayer, OnUnproven, Principal, Visible,
    tenant::{Audit, AuditEvent, TracingAudit},
};
use portcullis_tests::{ACME, Account, get, oneshot};

use crate::{
    journal::Journal,
    things::{Thing, masked},
};

/// A sink that keeps what it is told, one line for each event, and hands it on to the default one.
#[derive(Clone, Default)]
struct Trail(Arc<Mutex<Vec<String>>>);

impl Audit for Trail {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        let word = |word: Option<String>| word.unwrap_or_else(|| "-".to_owned());
        let line = [
            event.reason().as_str().to_owned(),
            word(event.principal()),
            word(event.resource().map(str::to_owned)),
            word(event.id().map(|id| id.to_string())),
            word(event.owner()),
        ];
        self.0.lock().expect("a trail").push(line.join(" "));
        TracingAudit::new().record(event)
    }
}

async fn by_hand(Path(id): Path<u64>, caller: Principal<Account>) -> Result<String, Hidden> {
    match Thing::find(id) {
        Some(thing) if thing.is_of(&caller) => Ok(id.to_string()),
        Some(_) => Err(Hidden::foreign("globex").about("Thing", id)),
        None => Err(Hidden::missing().about("Thing", id)),
    }
}

async fn viewer(thing: Visible<Thing>) -> Result<(), Forbidden> {
    thing.require(|caller, _| caller.name == "nobody")
}

fn service(trail: &Trail) -> Router {
    let mask = MaskLayer::new()
        .with_audit(trail.clone())
        .with_id_key(7)
        .with_principal(|account: &Account| account.name)
        .on_unproven(OnUnproven::Hide);
    Router::new()
        .route("/things/{id}", any(async |thing: Visible<Thing>| thing.id.to_string()))
        .route("/viewed/{id}", any(viewer))
        .route("/by-hand/{id}", on_get(by_hand))
        .route("/unproven/{id}", on_get(async || StatusCode::FORBIDDEN))
        .layer(masked(mask))
}

/// What is asked for, and what the sink learns.
const CASES: [(&str, u16, &str); 10] = [
    ("/things/1", 200, ""),
    ("/things/2", 404, "foreign wile Thing c2008fcfa704fc4d globex"),
    ("/things/9", 404, "missing wile Thing 53a1465fafd8e25b -"),
    ("/things/x", 404, "missing wile Thing - -"),
    ("/viewed/1", 403, "role wile Thing 0afd5a4da880eace acme"),
    ("/viewed/2", 404, "foreign wile Thing c2008fcfa704fc4d globex"),
    ("/by-hand/2", 404, "foreign wile Thing c2008fcfa704fc4d globex"),
    ("/by-hand/9", 404, "missing wile Thing 53a1465fafd8e25b -"),
    ("/unproven/2", 404, "unproven wile - - -"),
    ("/nowhere", 404, ""),
];

#[tokio::test]
async fn the_sink_has_the_true_reason_in_each_case() {
    let trail = Trail::default();
    let service = service(&trail);
    for (path, status, line) in CASES {
        let answer = oneshot(service.clone(), get(path).key(ACME)).await;
        assert_eq!(answer.status, status, "{path}");
        let told = std::mem::take(&mut *trail.0.lock().expect("a trail"));
        assert_eq!(told.join("\n"), line, "{path}");
    }
}

/// Every word that the sink gets, but for those that the requests themselves have.
fn words() -> impl Iterator<Item = &'static str> {
    let words = CASES.iter().flat_map(|(_, _, line)| line.split(' '));
    words.filter(|word| !["", "-", "Thing"].contains(word))
}

#[test]
fn its_words_are_in_no_response_no_header_and_no_metric() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    metrics_for(&recorder, || {
        runtime.block_on(async {
            let service = service(&Trail::default());
            for (path, ..) in CASES {
                let answer = oneshot(service.clone(), get(path).key(ACME)).await;
                let said = answer.lines().join("\n").to_lowercase();
                for word in words() {
                    assert!(!said.contains(word), "{path} says {word}: {said}");
                }
            }
        });
    });
    let metrics = format!("{:?}", snapshotter.snapshot().into_vec());
    assert!(metrics.contains("portcullis_tenant_unproven_total"), "{metrics}");
    let unproven = "portcullis_tenant_unproven_total";
    for word in words() {
        assert!(!metrics.replace(unproven, "").contains(word), "a metric says {word}: {metrics}");
    }
}

fn metrics_for(recorder: &DebuggingRecorder, work: impl FnOnce()) {
    metrics::with_local_recorder(recorder, work);
}

#[tokio::test]
async fn the_log_has_it_all_and_an_unproven_403_as_an_error() {
    let journal = Journal::open();
    let service = service(&Trail::default());
    for path in ["/things/2", "/unproven/2"] {
        oneshot(service.clone(), get(path).key(ACME)).await;
    }
    let lines = journal.take();
    let of_ours: Vec<_> = lines.iter().filter(|line| line.contains("portcullis_tenant")).collect();
    assert_eq!(of_ours.len(), 2, "{lines:#?}");
    assert!(of_ours[0].starts_with("INFO portcullis_tenant: a resource was hidden"), "{lines:#?}");
    assert!(of_ours[0].contains(r#"reason="foreign" principal="wile" resource="Thing""#));
    assert!(of_ours[1].starts_with("ERROR portcullis_tenant: "), "{lines:#?}");
}
