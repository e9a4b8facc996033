//! What can be wrong with a value, in the kinds and words of pydantic 2.14.

use std::{borrow::Cow, fmt::Write};

use portcullis_core::Issue;
use serde_json::Value;

/// What is wrong with a value, wherever it is.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    kind: &'static str,
    message: Cow<'static, str>,
    context: Vec<(&'static str, Value)>,
}

macro_rules! findings {
    ($($name:ident $message:literal,)*) => {
        impl Finding {
            $(
                pub(crate) const fn $name() -> Self {
                    Self::new(stringify!($name), $message)
                }
            )*
        }
    };
}

findings! {
    bool_parsing "Input should be a valid boolean, unable to interpret input",
    bool_type "Input should be a valid boolean",
    bytes_type "Input should be a valid bytes",
    dict_type "Input should be a valid dictionary",
    extra_forbidden "Extra inputs are not permitted",
    finite_number "Input should be a finite number",
    float_parsing "Input should be a valid number, unable to parse string as a number",
    float_type "Input should be a valid number",
    int_from_float "Input should be a valid integer, got a number with a fractional part",
    int_parsing "Input should be a valid integer, unable to parse string as an integer",
    int_type "Input should be a valid integer",
    list_type "Input should be a valid list",
    missing "Field required",
    model_attributes_type
        "Input should be a valid dictionary or object to extract fields from",
    none_required "Input should be None",
    string_type "Input should be a valid string",
    string_unicode "Input should be a valid string, unable to parse raw data as a unicode string",
    tuple_type "Input should be a valid tuple",
}

/// The kind of [`Finding::parameters`].
pub(crate) const WRONG_PARAMETERS: &str = "path_parameters";

/// The message of a value that its type's own rule refuses.
const INVALID_VALUE: &str = "Value error, invalid value";

impl Finding {
    const fn new(kind: &'static str, message: &'static str) -> Self {
        Self { kind, message: Cow::Borrowed(message), context: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.context.push((name, value.into()));
        self
    }

    /// A name that stands twice where once is enough: not pydantic's, whose last one wins.
    pub(crate) const fn duplicate() -> Self {
        Self::new("duplicate_key", "Key should appear only once")
    }

    /// A value that its type's own rule refuses. `reason` is the rule's own text.
    pub(crate) fn value_error(reason: Option<&str>) -> Self {
        let message = match reason {
            Some(reason) => Cow::Owned(format!("Value error, {reason}")),
            None => Cow::Borrowed(INVALID_VALUE),
        };
        Self { kind: "value_error", message, context: Vec::new() }
    }

    /// A value that is none of these names.
    pub(crate) fn one_of(names: &[&str]) -> Self {
        let mut expected = String::new();
        for (place, name) in names.iter().enumerate() {
            let before = match place {
                0 => "",
                _ if place + 1 == names.len() => " or ",
                _ => ", ",
            };
            // Writing to a `String` does not fail.
            let _ = write!(expected, "{before}'{name}'");
        }
        let message = Cow::Owned(format!("Input should be {expected}"));
        Self { kind: "enum", message, context: Vec::new() }.with("expected", expected)
    }

    /// A number below the least that its type holds.
    pub(crate) fn at_least(least: i128) -> Self {
        let message = Cow::Owned(format!("Input should be greater than or equal to {least}"));
        Self { kind: "greater_than_equal", message, context: Vec::new() }
            .with("ge", i64::try_from(least).map_or_else(|_| Value::Null, Value::from))
    }

    /// A number above the greatest that its type holds.
    pub(crate) fn at_most(greatest: u128) -> Self {
        let message = Cow::Owned(format!("Input should be less than or equal to {greatest}"));
        Self { kind: "less_than_equal", message, context: Vec::new() }
            .with("le", u64::try_from(greatest).map_or_else(|_| Value::Null, Value::from))
    }

    /// Text where one character belongs.
    pub(crate) fn one_character(text: &str) -> Self {
        if text.is_empty() {
            return Self::new("string_too_short", "String should have at least 1 character")
                .with("min_length", 1);
        }
        Self::new("string_too_long", "String should have at most 1 character").with("max_length", 1)
    }

    /// A list with more items than the tuple has places.
    pub(crate) fn too_long(places: usize, items: usize) -> Self {
        let plural = if places == 1 { "" } else { "s" };
        let message = Cow::Owned(format!(
            "Tuple should have at most {places} item{plural} after validation, not {items}"
        ));
        Self { kind: "too_long", message, context: Vec::new() }
            .with("field_type", "Tuple")
            .with("max_length", places)
            .with("actual_length", items)
    }

    /// A path whose parameters are not as many as the handler's type has places: the service's
    /// own mistake, which no caller can mend.
    pub(crate) const fn parameters() -> Self {
        Self::new(WRONG_PARAMETERS, "Wrong number of path parameters")
    }

    /// The issue, nowhere in particular yet.
    pub(crate) fn into_issue(self) -> Issue {
        let issue = Issue::new(self.kind, self.message);
        self.context.into_iter().fold(issue, |issue, (name, value)| issue.with_context(name, value))
    }
}
