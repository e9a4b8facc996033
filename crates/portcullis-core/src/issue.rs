use std::{borrow::Cow, fmt};

use serde_json::Value;

/// One fault in what the caller sent: where it is, what kind it is, and a sentence for people.
///
/// `Debug` does not show the input.
///
/// ```
/// use portcullis_core::Issue;
///
/// let issue = Issue::new("missing", "Field required").at("body").at("items").at(1).at("qty");
/// assert_eq!(issue.location().len(), 4);
/// ```
#[derive(Clone, PartialEq)]
pub struct Issue {
    location: Vec<Segment>,
    kind: Cow<'static, str>,
    message: Cow<'static, str>,
    context: Vec<(Cow<'static, str>, Value)>,
    input: Option<Value>,
}

/// One step of the way to a fault: into an object by name, or into a list by place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment {
    /// A part of the request (`body`, `query`, `path`) or a member's name.
    Name(Cow<'static, str>),
    /// A place in a list, from 0.
    Index(usize),
}

impl Issue {
    /// A fault of this kind (`missing`, `enum`, …), nowhere in particular yet.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            location: Vec::new(),
            kind: kind.into(),
            message: message.into(),
            context: Vec::new(),
            input: None,
        }
    }

    /// Goes one step further in: a name, or a place in a list.
    ///
    /// The first step is the part of the request: `body`, `query`, `path`, `header` or `cookie`.
    #[must_use]
    pub fn at(mut self, segment: impl Into<Segment>) -> Self {
        self.location.push(segment.into());
        self
    }

    /// Puts a step before those that are there: the fault lies in a part of something larger.
    #[must_use]
    pub fn within(mut self, segment: impl Into<Segment>) -> Self {
        self.location.insert(0, segment.into());
        self
    }

    /// Adds a bound or a list that the input broke: `("ge", 1)`.
    #[must_use]
    pub fn with_context(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Self {
        self.context.push((name.into(), value.into()));
        self
    }

    /// Keeps what the caller sent there. No envelope shows it unless it is told to: it may be a
    /// secret.
    #[must_use]
    pub fn with_input(mut self, input: impl Into<Value>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// The way to the fault, from the part of the request inwards.
    pub fn location(&self) -> &[Segment] {
        &self.location
    }

    /// The kind of fault, for machines.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The bounds or lists that the input broke, in the order in which they were added.
    pub fn context(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> + Clone {
        self.context.iter().map(|(name, value)| (&**name, value))
    }

    /// What the caller sent there, where it was kept.
    pub fn input(&self) -> Option<&Value> {
        self.input.as_ref()
    }
}

impl fmt::Debug for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issue")
            .field("location", &self.location)
            .field("kind", &self.kind)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl From<&'static str> for Segment {
    fn from(name: &'static str) -> Self {
        Self::Name(Cow::Borrowed(name))
    }
}

impl From<String> for Segment {
    fn from(name: String) -> Self {
        Self::Name(Cow::Owned(name))
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}
