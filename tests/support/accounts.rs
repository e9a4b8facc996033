use portcullis::{Member, Token, Verification, Verify};

/// The key of an account of the tenant `acme`. It is known in memory.
pub const ACME: &str = "acme-key";

/// The key of an account of the tenant `globex`. It is looked up elsewhere, so the answer comes
/// later.
pub const GLOBEX: &str = "globex-key";

/// Who a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's name, which no two accounts share.
    pub name: &'static str,
    /// The tenant whose invoices it may see.
    pub tenant: &'static str,
}

impl Member for Account {
    type Tenant = &'static str;

    fn belongs_to(&self, tenant: &&'static str) -> bool {
        self.tenant == *tenant
    }

    fn name(&self) -> impl std::fmt::Display {
        self.name
    }
}

/// The accounts of [`ACME`] and [`GLOBEX`]. No other key is anybody's.
#[derive(Clone, Copy, Debug)]
pub struct Keys;

impl Verify for Keys {
    type Principal = Account;

    fn verify(&self, token: &Token) -> Verification<Account> {
        match token.as_str() {
            ACME => Some(Account { name: "wile", tenant: "acme" }).into(),
            GLOBEX => Verification::later(async {
                tokio::task::yield_now().await;
                Some(Account { name: "hank", tenant: "globex" })
            }),
            _ => None.into(),
        }
    }
}
