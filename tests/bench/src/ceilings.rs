//! What the stack may cost, and a failure where it costs more.

use portcullis::BoxError;

use crate::{
    cases::{FOREIGN, MISSING},
    figures::{Counted, Figures},
};

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

/// By how many instructions a missing and a foreign row may differ: to compare and to copy an owner.
const SAME_WORK: f64 = 100.0;

/// Fails where a ceiling is exceeded, or where nothing was counted.
pub(crate) fn check(figures: &Figures) -> Result<(), BoxError> {
    CEILINGS.iter().try_for_each(|ceiling| ceiling.check(figures))?;
    a_missing_and_a_foreign_row_cost_the_same(figures)
}

fn a_missing_and_a_foreign_row_cost_the_same(figures: &Figures) -> Result<(), BoxError> {
    let (foreign, missing) = (counted(figures, FOREIGN)?, counted(figures, MISSING)?);
    let more = foreign.instructions - missing.instructions;
    if more.abs() > SAME_WORK || (foreign.allocations - missing.allocations).abs() >= 0.5 {
        return Err(format!(
            "another tenant's row costs {more:+.1} instructions and {:+.1} allocations more than a \
             missing one: whoever measures can tell",
            foreign.allocations - missing.allocations
        )
        .into());
    }
    Ok(())
}

/// What a case costs over the bare router.
fn counted(figures: &Figures, name: &str) -> Result<Counted, BoxError> {
    let case = figures.cases.iter().find(|case| case.name == name);
    let counted = case.and_then(|case| case.counted_over_bare);
    counted.ok_or_else(|| format!("nothing was counted of {name}").into())
}

impl Ceiling {
    fn check(&self, figures: &Figures) -> Result<(), BoxError> {
        let name = self.case;
        let counted = counted(figures, name)?;

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
