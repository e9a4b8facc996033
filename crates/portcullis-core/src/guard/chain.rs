use http::request::Parts;

use super::{Guard, Verdict};

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

    /// Asks the guard at this place, from 0 to `COUNT` - 1.
    #[doc(hidden)]
    fn check_at(&self, place: usize, head: &mut Parts) -> Verdict;
}

mod sealed {
    pub trait Sealed {}
}

impl<G: Guard> sealed::Sealed for G {}

impl<G: Guard> Guards for G {
    const COUNT: usize = 1;

    #[inline]
    fn check_at(&self, _place: usize, head: &mut Parts) -> Verdict {
        self.check(head)
    }
}

macro_rules! tuple {
    ($count:literal: $($guard:ident $place:tt),+ ; $last:ident $last_place:tt) => {
        impl<$($guard: Guard,)+ $last: Guard> sealed::Sealed for ($($guard,)+ $last) {}

        impl<$($guard: Guard,)+ $last: Guard> Guards for ($($guard,)+ $last) {
            const COUNT: usize = $count;

            #[inline]
            fn check_at(&self, place: usize, head: &mut Parts) -> Verdict {
                match place {
                    $($place => self.$place.check(head),)+
                    _ => self.$last_place.check(head),
                }
            }
        }
    };
}

tuple!(2: A 0; B 1);
tuple!(3: A 0, B 1; C 2);
tuple!(4: A 0, B 1, C 2; D 3);
tuple!(5: A 0, B 1, C 2, D 3; E 4);
tuple!(6: A 0, B 1, C 2, D 3, E 4; F 5);
