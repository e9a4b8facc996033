//! What the stack may cost, and a failure where it costs more.

use portcullis::BoxError;

use crate::figures::Figures;

/// The case that has ceilings: the whole stack, in one `Router::layer`, admitting a request.
const CASE: &str = "stack.router.admitted";

/// How many instructions it may cost over the bare router.
const INSTRUCTIONS: f64 = 6_000.0;

/// How many allocations it may cost over the bare router.
const ALLOCATIONS: f64 = 8.0;

/// Fails where a ceiling is exceeded, or where nothing was counted.
pub(crate) fn check(figures: &Figures) -> Result<(), BoxError> {
    let case = figures.cases.iter().find(|case| case.name == CASE);
    let counted = case.and_then(|case| case.counted_over_bare);
    let counted = counted.ok_or_else(|| format!("nothing was counted of {CASE}"))?;

    for (what, count, ceiling) in [
        ("instructions", counted.instructions, INSTRUCTIONS),
        ("allocations", counted.allocations, ALLOCATIONS),
    ] {
        if count > ceiling {
            return Err(
                format!("{CASE}: {count:.1} {what} over bare, the ceiling is {ceiling}").into()
            );
        }
    }
    Ok(())
}
