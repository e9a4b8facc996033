/// Where the envelope stands, with whatever layers are between it and the routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On `Router::layer`.
    Inside,
    /// As `layer.layer(router)`.
    Outside,
}

impl Place {
    pub(crate) const ALL: [Self; 2] = [Self::Inside, Self::Outside];
}
