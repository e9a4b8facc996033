use portcullis::{Allowed, InvalidId, Member, PathParameters, Resource};

#[derive(Clone)]
struct Account;

impl Member for Account {
    type Tenant = u64;

    fn belongs_to(&self, _: &u64) -> bool {
        true
    }

    fn name(&self) -> impl std::fmt::Display {
        ""
    }
}

struct Ticket;

impl Resource for Ticket {
    type Principal = Account;
    type State = ();
    type Id = u64;
    type Error = std::io::Error;

    const NOUN: &str = "Ticket";

    fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
        path.parse("id")
    }

    async fn load((): (), _: u64, _: &Account) -> Result<Option<Self>, std::io::Error> {
        Ok(None)
    }

    fn owner(&self) -> &u64 {
        &1
    }
}

enum Close {}

async fn close(_: Allowed<Ticket, Close>) {}

fn main() {
    let _ = close;
}
