use axum::Extension;
use portcullis::{
    CatalogueEntry,
    extract::{ExtractPolicy, OnInvalid},
};

use crate::gate::EXTRACTORS;

/// On one endpoint: what is wrong with a body is told under a code of its own.
pub(crate) const fn invalid(entry: CatalogueEntry) -> Extension<ExtractPolicy> {
    Extension(EXTRACTORS.with_on_invalid(OnInvalid::Entry(entry)))
}
