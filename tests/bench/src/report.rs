//! The figures, for people and for programs.

use crate::figures::{Counted, Figures};

/// How the figures are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// Columns.
    Table,
    /// A line each: `metric<TAB>value<TAB>unit`.
    Tsv,
}

/// Prints the figures.
#[expect(clippy::print_stdout, reason = "it is what the program is for")]
pub(crate) fn print(figures: &Figures, format: Format) {
    match format {
        Format::Table => print!("{}", table(figures)),
        Format::Tsv => print!("{}", tsv(figures)),
    }
}

fn table(figures: &Figures) -> String {
    let bare = figures.bare;
    let mut table = row("a request, over bare", ["instructions", "allocations", "time to bare"]);
    for case in &figures.cases {
        let [instructions, allocations] = columns(case.counted_over_bare, "+");
        table +=
            &row(case.name, [&instructions, &allocations, &format!("{:.2}", case.time_to_bare)]);
    }
    let [instructions, allocations] = columns(bare.counted, "");
    table
        + &row("bare itself", [&instructions, &allocations, &format!("{:.0} ns", bare.nanoseconds)])
}

fn row(name: &str, [instructions, allocations, time]: [&str; 3]) -> String {
    format!("{name:<34}{instructions:>14}{allocations:>13}{time:>14}\n")
}

fn columns(counted: Option<Counted>, plus: &str) -> [String; 2] {
    let Some(Counted { instructions, allocations }) = counted else {
        return ["-".to_owned(), "-".to_owned()];
    };
    [instructions.round(), rounded(allocations)].map(|number| {
        let sign = if number < 0.0 { "" } else { plus };
        format!("{sign}{number}")
    })
}

fn tsv(figures: &Figures) -> String {
    let mut tsv = String::new();
    let mut line = |who: &str, figure: &str, value: f64, unit: &str| {
        tsv += &format!("{who}.{figure}\t{value}\t{unit}\n");
    };
    if let Some(bare) = figures.bare.counted {
        line("bare", "instructions", bare.instructions.round(), "instructions");
        line("bare", "allocations", rounded(bare.allocations), "allocations");
    }
    line("bare", "nanoseconds", figures.bare.nanoseconds.round(), "ns");
    for case in &figures.cases {
        if let Some(over_bare) = case.counted_over_bare {
            let instructions = over_bare.instructions.round();
            line(case.name, "instructions_over_bare", instructions, "instructions");
            let allocations = rounded(over_bare.allocations);
            line(case.name, "allocations_over_bare", allocations, "allocations");
        }
        line(case.name, "time_to_bare", rounded(case.time_to_bare), "ratio");
    }
    tsv
}

/// To two digits after the point: an allocation that not every request makes is to be seen.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
