//! The service as its team wrote it. Nothing in this file knows of Portcullis.
//!
//! Mind what it says to the wrong caller: `get` tells whose an invoice is, and the panic handler is
//! whatever hyper does.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use serde::{Deserialize, Serialize};

/// Who calls: one of a tenant's API keys.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) tenant: &'static str,
    pub(crate) may_void: bool,
}

#[derive(Clone, Serialize)]
pub(crate) struct Invoice {
    pub(crate) id: usize,
    #[serde(skip)]
    pub(crate) tenant: &'static str,
    cents: u64,
}

#[derive(Deserialize)]
struct NewInvoice {
    cents: u64,
}

/// All tenants' invoices, in memory.
#[derive(Clone)]
pub(crate) struct Invoices(Arc<Mutex<Vec<Invoice>>>);

impl Invoices {
    /// Two of acme's, and one of globex's.
    pub(crate) fn demo() -> Self {
        let invoices = [("acme", 12_000), ("acme", 350), ("globex", 99_900)];
        let invoices = invoices
            .into_iter()
            .zip(1..)
            .map(|((tenant, cents), id)| Invoice { id, tenant, cents })
            .collect();
        Self(Arc::new(Mutex::new(invoices)))
    }

    /// The account that an API key belongs to.
    pub(crate) fn account_of(&self, key: &str) -> Option<Account> {
        let (name, tenant, may_void) = match key {
            "acme-demo-key" => ("acme-demo", "acme", true),
            "acme-clerk-key" => ("acme-clerk", "acme", false),
            "globex-demo-key" => ("globex-demo", "globex", true),
            _ => return None,
        };
        Some(Account { name, tenant, may_void })
    }

    pub(crate) fn find(&self, id: usize) -> Option<Invoice> {
        self.with(|invoices| invoices.iter().find(|invoice| invoice.id == id).cloned())
    }

    pub(crate) fn remove(&self, id: usize) {
        self.with(|invoices| invoices.retain(|invoice| invoice.id != id));
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/invoices", get(list).post(create))
            .route("/invoices/{id}", get(read))
            .route("/panic", get(panics))
            .with_state(self.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<Invoice>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn list(
    State(invoices): State<Invoices>,
    Extension(account): Extension<Account>,
) -> Json<Vec<Invoice>> {
    let is_own = |invoice: &&Invoice| invoice.tenant == account.tenant;
    Json(invoices.with(|invoices| invoices.iter().filter(is_own).cloned().collect()))
}

async fn read(
    State(invoices): State<Invoices>,
    Extension(account): Extension<Account>,
    Path(id): Path<usize>,
) -> Result<Json<Invoice>, (StatusCode, String)> {
    match invoices.find(id) {
        Some(invoice) if invoice.tenant == account.tenant => Ok(Json(invoice)),
        Some(invoice) => {
            Err((StatusCode::NOT_FOUND, format!("invoice {id} belongs to {}", invoice.tenant)))
        }
        None => Err((StatusCode::NOT_FOUND, format!("there is no invoice {id}"))),
    }
}

async fn create(
    State(invoices): State<Invoices>,
    Extension(account): Extension<Account>,
    Json(new): Json<NewInvoice>,
) -> (StatusCode, Json<Invoice>) {
    let invoice = invoices.with(|invoices| {
        let invoice = Invoice { id: invoices.len() + 1, tenant: account.tenant, cents: new.cents };
        invoices.push(invoice.clone());
        invoice
    });
    (StatusCode::CREATED, Json(invoice))
}

async fn panics() -> &'static str {
    panic!("the ledger is on fire")
}
