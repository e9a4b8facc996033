//! What the program is asked for.

use portcullis::BoxError;

/// What is printed, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) format: Format,
    /// Fails where a ceiling is exceeded.
    pub(crate) checks: bool,
    /// One part alone; all of them if it is not said.
    part: Option<Part>,
}

/// How the figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Columns.
    Table,
    /// A line each: `metric<TAB>value<TAB>unit`.
    Tsv,
}

/// Something that is measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Requests,
    Socket,
    Limiter,
}

const USAGE: &str = "usage: portcullis-bench [--tsv] [requests | socket | limiter], or --check";

impl Arguments {
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self, BoxError> {
        let mut parsed = Self { format: Format::Table, checks: false, part: None };
        for argument in arguments {
            match *argument {
                "--tsv" => parsed.format = Format::Tsv,
                "--check" => parsed.checks = true,
                "requests" => parsed.part = Some(Part::Requests),
                "socket" => parsed.part = Some(Part::Socket),
                "limiter" => parsed.part = Some(Part::Limiter),
                _ => return Err(USAGE.into()),
            }
        }
        // Nothing else has a ceiling.
        if parsed.checks && *parsed.part.get_or_insert(Part::Requests) != Part::Requests {
            return Err(USAGE.into());
        }
        Ok(parsed)
    }

    pub(crate) fn wants(self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_measured_unless_a_part_is_named_and_requests_alone_are_checked() {
        let parts = |arguments: &[&str]| {
            let arguments = Arguments::parse(arguments).unwrap();
            [Part::Requests, Part::Socket, Part::Limiter].map(|part| arguments.wants(part))
        };
        assert_eq!(parts(&[]), [true; 3]);
        assert_eq!(parts(&["--tsv"]), [true; 3]);
        assert_eq!(parts(&["--tsv", "socket"]), [false, true, false]);
        assert_eq!(parts(&["--check"]), [true, false, false]);
        for refused in [["--check", "limiter"], ["limiter", "--check"], ["--tsv", "--help"]] {
            assert!(Arguments::parse(&refused).is_err(), "{refused:?}");
        }
    }
}
