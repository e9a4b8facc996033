//! What the team wrote next: an invoice can be voided, by its own tenant, by who may.
//!
//! The handler never sees another tenant's invoice, so it cannot say anything of one.

use std::convert::Infallible;

use axum::{Router, extract::State, http::StatusCode, routing::delete};
use portcullis::{Forbidden, InvalidId, Member, PathParameters, Resource, Visible};

use crate::invoices::{Account, Invoice, Invoices};

impl Member for Account {
    type Tenant = &'static str;

    fn belongs_to(&self, tenant: &&'static str) -> bool {
        self.tenant == *tenant
    }

    fn name(&self) -> impl std::fmt::Display {
        self.name
    }
}

impl Resource for Invoice {
    type Principal = Account;
    type State = Invoices;
    type Id = usize;
    type Error = Infallible;

    const NOUN: &str = "Invoice";

    fn id(path: &PathParameters<'_>) -> Result<usize, InvalidId> {
        path.parse("id")
    }

    async fn load(invoices: Invoices, id: usize, _: &Account) -> Result<Option<Self>, Infallible> {
        Ok(invoices.find(id))
    }

    fn owner(&self) -> &&'static str {
        &self.tenant
    }
}

pub(crate) fn router(invoices: &Invoices) -> Router {
    Router::new().route("/invoices/{id}", delete(void)).with_state(invoices.clone())
}

async fn void(
    invoice: Visible<Invoice>,
    State(invoices): State<Invoices>,
) -> Result<StatusCode, Forbidden> {
    invoice.require(|account, _| account.may_void)?;
    invoices.remove(invoice.id);
    Ok(StatusCode::NO_CONTENT)
}
