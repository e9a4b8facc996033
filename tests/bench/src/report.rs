//! The figures, for people and for programs.

use crate::{
    arguments::Format,
    figures::{Cost, Counted, Figures},
    metric::Metric,
};

/// What was measured of each part; nothing where it was not asked for.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) requests: Option<Figures>,
    pub(crate) socket: Vec<Metric>,
    pub(crate) limiter: Vec<Metric>,
}

/// Prints the figures.
#[expect(clippy::print_stdout, reason = "it is what the program is for")]
pub(crate) fn print(report: &Report, format: Format) {
    let Report { requests, socket, limiter } = report;
    let text: String = match format {
        Format::Table => [
            requests.as_ref().map(table),
            rows("over a socket", socket),
            rows("the limiter", limiter),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n"),
        Format::Tsv => requests
            .as_ref()
            .map(tsv)
            .into_iter()
            .chain(socket.iter().chain(limiter).map(line))
            .collect(),
    };
    print!("{text}");
}

fn rows(title: &str, metrics: &[Metric]) -> Option<String> {
    let rows = metrics.iter().map(|Metric { name, value, unit }| {
        let digits = if *value < 100.0 { 2 } else { 0 };
        format!("{name:<54}{value:>15.digits$} {unit}\n")
    });
    (!metrics.is_empty()).then(|| format!("{title}\n{}", rows.collect::<String>()))
}

fn line(Metric { name, value, unit }: &Metric) -> String {
    format!("{name}\t{}\t{unit}\n", rounded(*value))
}

fn table(figures: &Figures) -> String {
    let bare = figures.bare;
    let mut table = row("a request, over bare", ["instructions", "allocations", "time to bare"]);
    for case in &figures.cases {
        let [instructions, allocations] = columns(case.counted_over_bare, "+");
        table +=
            &row(case.name, [&instructions, &allocations, &format!("{:.2}", case.time_to_bare)]);
    }
    for (name, Cost { counted, nanoseconds }) in [("bare itself", bare), ("sha256", figures.sha256)]
    {
        let [instructions, allocations] = columns(counted, "");
        table += &row(name, [&instructions, &allocations, &format!("{nanoseconds:.0} ns")]);
    }
    table
}

fn row(name: &str, [instructions, allocations, time]: [&str; 3]) -> String {
    format!("{name:<40}{instructions:>13}{allocations:>12}{time:>13}\n")
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
    if let Some(sha256) = figures.sha256.counted {
        line("sha256", "instructions", sha256.instructions.round(), "instructions");
    }
    line("sha256", "nanoseconds", figures.sha256.nanoseconds.round(), "ns");
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
