//! The rules of `garde`, for the types that have them.

use garde::Validate;
use portcullis_core::{Issue, Segment};

use super::Rules;

/// Each line of garde's report is an issue of the kind `value_error`, in the order of the report: nested
/// values come before the members beside them.
///
/// garde knows a member by its Rust name: one that serde renames stands under the Rust name.
impl<T> Rules for T
where
    T: Validate,
    T::Context: Default,
{
    fn broken(&self) -> Vec<Issue> {
        let Err(report) = self.validate() else { return Vec::new() };
        let issues = report.iter().map(|(path, error)| {
            let issue = Issue::new("value_error", format!("Value error, {}", error.message()));
            steps(&path.to_string()).into_iter().fold(issue, Issue::at)
        });
        issues.collect()
    }
}

/// The steps of a path as garde writes it: `items[1].qty`.
fn steps(path: &str) -> Vec<Segment> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    let step = |part: &str| match part.strip_suffix(']') {
        Some(index) => match index.parse::<usize>() {
            Ok(index) => Segment::from(index),
            Err(_) => Segment::from(index.to_owned()),
        },
        None => Segment::from(part.to_owned()),
    };
    parts.map(step).collect()
}

#[cfg(test)]
mod tests {
    use garde::Validate;

    use super::*;

    #[derive(Validate)]
    struct Order {
        #[garde(length(min = 1))]
        subject: String,
        #[garde(dive)]
        items: Vec<Item>,
    }

    #[derive(Validate)]
    struct Item {
        #[garde(range(min = 1))]
        qty: u8,
    }

    #[test]
    fn every_broken_rule_is_an_issue_at_its_place() {
        let items = vec![Item { qty: 1 }, Item { qty: 0 }];
        let broken = Order { subject: String::new(), items }.broken();

        let located: Vec<_> = broken.iter().map(Issue::location).collect();
        let subject: &[Segment] = &["subject".into()];
        let qty: &[Segment] = &["items".into(), 1.into(), "qty".into()];
        assert_eq!(located, [qty, subject]);
        assert!(broken.iter().all(|issue| issue.message().starts_with("Value error, ")));
    }

    #[test]
    fn what_keeps_its_rules_has_no_issue() {
        assert!(Order { subject: "a".to_owned(), items: Vec::new() }.broken().is_empty());
    }
}
