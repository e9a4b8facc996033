use portcullis_core::Segment;

/// Where a value stands: a step, and the place that it was taken from. It lives on the stack, so
/// that a valid request pays nothing for it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    outer: Option<&'p Self>,
    step: Step<'p>,
    /// Where the step stands among its siblings: declared members in their order, then the others.
    rank: usize,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Name(&'p str),
    Index(usize),
    /// The name itself of the member that it leads on from.
    Key,
}

impl<'p> Place<'p> {
    /// The part of the request that all of it is in.
    pub(crate) fn root(part: &'p str) -> Self {
        Self { outer: None, step: Step::Name(part), rank: 0 }
    }

    /// The member by this name.
    pub(crate) fn member(&'p self, name: &'p str, rank: usize) -> Self {
        Self { outer: Some(self), step: Step::Name(name), rank }
    }

    /// The item at this index.
    pub(crate) fn item(&'p self, index: usize) -> Self {
        Self { outer: Some(self), step: Step::Index(index), rank: index }
    }

    /// The member's own name.
    pub(crate) fn key(&'p self) -> Self {
        Self { outer: Some(self), step: Step::Key, rank: 0 }
    }

    /// The way from the root, and the ranks that sort it among others.
    pub(crate) fn way(&self) -> (Vec<usize>, Vec<Segment>) {
        let (mut ranks, mut segments) = match self.outer {
            Some(outer) => outer.way(),
            None => (Vec::new(), Vec::new()),
        };
        segments.push(match self.step {
            Step::Name(name) => Segment::from(name.to_owned()),
            Step::Index(index) => Segment::from(index),
            Step::Key => Segment::from("[key]"),
        });
        // A key ranks with its member: before what is in it.
        if !matches!(self.step, Step::Key) {
            ranks.push(self.rank);
        }
        (ranks, segments)
    }
}
