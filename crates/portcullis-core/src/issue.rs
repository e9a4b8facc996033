use std::borrow::Cow;

/// One fault in what the caller sent: where it is, what kind it is, and a sentence for people.
///
/// ```
/// use portcullis_core::Issue;
///
/// let issue = Issue::new("missing", "Field required").at("body").at("items").at(1).at("qty");
/// assert_eq!(issue.location().len(), 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    location: Vec<Segment>,
    kind: Cow<'static, str>,
    message: Cow<'static, str>,
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
        Self { location: Vec::new(), kind: kind.into(), message: message.into() }
    }

    /// Goes one step further in: a name, or a place in a list.
    #[must_use]
    pub fn at(mut self, segment: impl Into<Segment>) -> Self {
        self.location.push(segment.into());
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
