use http::request::Parts;

use super::{
    Guard,
    progress::{Halt, Progress},
};

/// What a [`GuardLayer`](super::GuardLayer) runs: one guard, or a tuple of up to six, from the
/// outermost in.
///
/// One service steps through all of them, which is cheaper than one service each: the head is taken
/// off the request once, and of their allowances only the tightest is written.
///
/// It is sealed: a [`Guard`] is what to implement.
pub trait Guards: sealed::Sealed + Send + Sync + 'static {
    /// How many guards there are.
    const COUNT: usize;

    /// Asks the guards that are left, until one refuses or has to wait, which is the error.
    #[doc(hidden)]
    fn ask(&self, progress: &mut Progress, head: &mut Parts) -> Result<(), Halt>;
}

mod sealed {
    pub trait Sealed {}
}

impl<G: Guard> sealed::Sealed for G {}

impl<G: Guard> Guards for G {
    const COUNT: usize = 1;

    #[inline]
    fn ask(&self, progress: &mut Progress, head: &mut Parts) -> Result<(), Halt> {
        progress.ask(0, self, head)
    }
}

macro_rules! tuple {
    ($count:literal: $($guard:ident $place:tt),+) => {
        impl<$($guard: Guard),+> sealed::Sealed for ($($guard,)+) {}

        impl<$($guard: Guard),+> Guards for ($($guard,)+) {
            const COUNT: usize = $count;

            #[inline]
            fn ask(&self, progress: &mut Progress, head: &mut Parts) -> Result<(), Halt> {
                $(progress.ask($place, &self.$place, head)?;)+
                Ok(())
            }
        }
    };
}

tuple!(2: A 0, B 1);
tuple!(3: A 0, B 1, C 2);
tuple!(4: A 0, B 1, C 2, D 3);
tuple!(5: A 0, B 1, C 2, D 3, E 4);
tuple!(6: A 0, B 1, C 2, D 3, E 4, F 5);
