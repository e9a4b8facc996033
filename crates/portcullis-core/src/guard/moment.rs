/// What the monotonic clock showed to a guard of this request, for those that are asked right after
/// it: so that several limits read it once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment(Option<u64>);

impl Moment {
    /// What it showed, in nanoseconds of whoever reads it; it is read where nobody has yet.
    #[inline]
    pub fn or_read(&mut self, read: impl FnOnce() -> u64) -> u64 {
        *self.0.get_or_insert_with(read)
    }

    /// Time has passed, nobody knows how much.
    #[inline]
    pub fn pass(&mut self) {
        self.0 = None;
    }
}
