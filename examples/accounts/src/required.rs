use portcullis::{ApiError, CatalogueEntry};

/// A member that may not be left out, nor left empty.
pub(crate) fn required(
    member: Option<String>,
    missing: CatalogueEntry,
) -> Result<String, ApiError> {
    Ok(member.filter(|text| !text.trim().is_empty()).ok_or(missing)?)
}
