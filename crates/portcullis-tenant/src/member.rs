use std::fmt::Display;

/// Who calls, as this crate sees it: a principal that belongs to a tenant, or to several.
///
/// An API says once, here, who may see what is whose; every [`Resource`](crate::Resource) of it is
/// judged by that.
///
/// ```
/// use portcullis_tenant::Member;
///
/// #[derive(Clone)]
/// struct Account { name: &'static str, organisations: Vec<u64> }
///
/// impl Member for Account {
///     type Tenant = u64;
///
///     fn belongs_to(&self, organisation: &u64) -> bool {
///         self.organisations.contains(organisation)
///     }
///
///     fn name(&self) -> impl std::fmt::Display {
///         self.name
///     }
/// }
/// ```
pub trait Member: Clone + Send + Sync + 'static {
    /// What owns resources: a tenant, an organisation, an account. It is shown to the audit sink.
    type Tenant: Clone + Display + Send + Sync + 'static;

    /// Whether this caller may see what belongs to that tenant.
    fn belongs_to(&self, tenant: &Self::Tenant) -> bool;

    /// How the audit sink calls this caller: by an id or a name, and never by a credential.
    fn name(&self) -> impl Display;
}
