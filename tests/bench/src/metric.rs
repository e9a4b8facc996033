//! One figure by its name.

/// What is printed as `name<TAB>value<TAB>unit`.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
}

impl Metric {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit }
    }

    /// A ratio, where what it is compared with is 1.
    pub(crate) fn ratio(name: impl Into<String>, value: f64) -> Self {
        Self::new(name, value, "ratio")
    }
}
