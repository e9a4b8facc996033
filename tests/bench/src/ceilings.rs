//! What the stack may cost, and a failure where it costs more.

use portcullis::BoxError;

use crate::{
    cases::{FOREIGN, MISSING},
    figures::{Counted, Figure, Figures},
};

/// What a case may cost over the bare router.
struct Ceiling {
    case: &'static str,
    instructions: f64,
    allocations: f64,
}

/// What was measured when they were set, and a twentieth more of instructions, but at least 250, which
/// is what another machine or compiler may make of the same code. Allocations are exact, since nothing
/// but the code changes them. Whoever makes a case cheaper lowers its ceiling.
const CEILINGS: [Ceiling; 12] = [
    at_most("stack.router.admitted", 3_820.0, 3.0),
    at_most("stack.router.denied_ip", 1_910.0, 0.0),
    at_most("stack.router.denied_key", 3_050.0, 1.0),
    at_most("stack.router.unauthorized", 2_320.0, 1.0),
    at_most("stack.router.masked", 5_690.0, 8.0),
    at_most("stack.outside.admitted", 2_990.0, 1.0),
    at_most("stack.outside.denied_ip", -1_330.0, -6.0),
    at_most("stack.outside.denied_key", -230.0, -5.0),
    at_most("stack.outside.unauthorized", -930.0, -5.0),
    at_most("stack.outside.masked", 5_250.0, 8.0),
    at_most("stack_20_headers.outside.admitted", 3_010.0, 1.0),
    at_most("envelope.outside.admitted", 580.0, 0.0),
];

/// What allocations may exceed their ceiling by: a table that grows within 300 requests.
const NOW_AND_THEN: f64 = 0.1;

/// A refusal may take so many times the bare router's time, on a machine however busy: it takes about
/// as long as the router, and a clock that is made anew for each takes five times as long and more.
const REFUSAL: (&str, f64) = ("stack.outside.denied_ip", 3.0);

/// By how many instructions a missing and a foreign row may differ: to compare and to copy an owner.
const SAME_WORK: f64 = 100.0;

/// Fails where a ceiling is exceeded, or where nothing was counted.
pub(crate) fn check(figures: &Figures) -> Result<(), BoxError> {
    let exceeded: Vec<String> = CEILINGS
        .iter()
        .flat_map(|ceiling| ceiling.exceeded(figures).transpose())
        .collect::<Result<_, _>>()?;
    if !exceeded.is_empty() {
        return Err(exceeded.join("\n").into());
    }
    a_refusal_makes_no_clock(figures)?;
    a_missing_and_a_foreign_row_cost_the_same(figures)
}

fn a_refusal_makes_no_clock(figures: &Figures) -> Result<(), BoxError> {
    let (name, ceiling) = REFUSAL;
    let time = case(figures, name)?.time_to_bare;
    if time > ceiling {
        return Err(format!("{name}: {time:.2} of bare's time, the ceiling is {ceiling}").into());
    }
    Ok(())
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

fn case<'a>(figures: &'a Figures, name: &str) -> Result<&'a Figure, BoxError> {
    let case = figures.cases.iter().find(|case| case.name == name);
    case.ok_or_else(|| format!("there is no case {name}").into())
}

/// What a case costs over the bare router.
fn counted(figures: &Figures, name: &str) -> Result<Counted, BoxError> {
    let counted = case(figures, name)?.counted_over_bare;
    counted.ok_or_else(|| format!("nothing was counted of {name}").into())
}

const fn at_most(case: &'static str, instructions: f64, allocations: f64) -> Ceiling {
    Ceiling { case, instructions, allocations }
}

impl Ceiling {
    /// What to say of a case that costs more.
    fn exceeded(&self, figures: &Figures) -> Result<Option<String>, BoxError> {
        let Self { case, instructions, allocations } = *self;
        let counted = counted(figures, case)?;
        if counted.instructions <= instructions && counted.allocations <= allocations + NOW_AND_THEN
        {
            return Ok(None);
        }
        Ok(Some(format!(
            "{case}: {:.0} instructions and {:.2} allocations over bare, the ceilings are \
             {instructions} and {allocations}",
            counted.instructions, counted.allocations
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Cost;

    /// Every case at its ceiling, but for one, which has so many more.
    fn figures(other: &str, more: Counted, time: f64) -> Figures {
        let nothing = Counted { instructions: 0.0, allocations: 0.0 };
        let figure = |name, counted: Counted| Figure {
            name,
            counted_over_bare: Some(match name == other {
                true => Counted {
                    instructions: counted.instructions + more.instructions,
                    allocations: counted.allocations + more.allocations,
                },
                false => counted,
            }),
            time_to_bare: time,
        };
        let at_ceiling = |&Ceiling { case, instructions, allocations }: &Ceiling| {
            figure(case, Counted { instructions, allocations })
        };
        let cost = Cost { nanoseconds: 0.0, counted: None };
        let cases = CEILINGS.iter().map(at_ceiling);
        let cases = cases.chain([figure(FOREIGN, nothing), figure(MISSING, nothing)]).collect();
        Figures { bare: cost, sha256: cost, cases }
    }

    #[test]
    fn what_costs_more_than_its_ceiling_is_told_by_name() {
        let none = Counted { instructions: 0.0, allocations: 0.0 };
        let instruction = Counted { instructions: 1.0, ..none };
        let allocation = Counted { allocations: 1.0, ..none };
        assert!(check(&figures("", none, 1.0)).is_ok());
        for more in [instruction, allocation] {
            let error = check(&figures("stack.router.masked", more, 1.0)).unwrap_err();
            assert!(error.to_string().starts_with("stack.router.masked: "), "{error}");
        }
        assert!(check(&figures("", none, 5.0)).is_err());
        assert!(check(&figures(FOREIGN, Counted { instructions: 101.0, ..none }, 1.0)).is_err());
    }

    #[test]
    fn what_was_not_counted_does_not_pass() {
        let none = Counted { instructions: 0.0, allocations: 0.0 };
        let mut figures = figures("", none, 1.0);
        figures.cases[0].counted_over_bare = None;
        assert!(check(&figures).is_err());
    }
}
