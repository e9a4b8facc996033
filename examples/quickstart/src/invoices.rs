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
    tenant: &'static str,
}

#[derive(Clone, Serialize)]
struct Invoice {
    id: usize,
    #[serde(skip)]
    tenant: &'static str,
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
        match key {
            "acme-demo-key" => Some(Account { name: "acme-demo", tenant: "acme" }),
            "globex-demo-key" => Some(Account { name: "globex-demo", tenant: "globex" }),
            _ => None,
        }
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
    let found = invoices.with(|invoices| invoices.iter().find(|invoice| invoice.id == id).cloned());
    match found {
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
