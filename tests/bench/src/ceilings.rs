//! What the stack may cost, and a failure where it costs more.

use portcullis::BoxError;

use crate::figures::Figures;

/// What a case may cost over the bare router.
struct Ceiling {
    case: &'static str,
    instructions: f64,
    allocations: f64,
}

const CEILINGS: [Ceiling; 2] = [
    // The whole stack, in one `Router::layer`, admitting a request.
    Ceiling { case: "stack.router.admitted", instructions: 6_000.0, allocations: 8.0 },
    // The envelope, outside the router, around a success: it allocates nothing.
    Ceiling { case: "envelope.outside.admitted", instructions: 800.0, allocations: 0.0 },
];

/// Fails where a ceiling is exceeded, or where nothing was counted.
pub(crate) fn check(figures: &Figures) -> Result<(), BoxError> {
    CEILINGS.iter().try_for_each(|ceiling| ceiling.check(figures))
}

impl Ceiling {
    fn check(&self, figures: &Figures) -> Result<(), BoxError> {
        let name = self.case;
        let case = figures.cases.iter().find(|case| case.name == name);
        let counted = case.and_then(|case| case.counted_over_bare);
        let counted = counted.ok_or_else(|| format!("nothing was counted of {name}"))?;

        for (what, count, ceiling) in [
            ("instructions", counted.instructions, self.instructions),
            ("allocations", counted.allocations, self.allocations),
        ] {
            if count > ceiling {
                return Err(format!(
                    "{name}: {count:.1} {what} over bare, the ceiling is {ceiling}"
                )
                .into());
            }
        }
        Ok(())
    }
}
