//! Several keys together are one: `(Address::default(), ByRoute)` is a quota for each address on
//! each route.

use http::request::Parts;

use super::{Key, KeyHasher, NoKey};

macro_rules! together {
    ($first:ident $($key:ident)+) => {
        impl<$first: Key, $($key: Key),+> Key for ($first, $($key),+) {
            #[expect(non_snake_case, reason = "a key is named by its type")]
            fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
                let ($first, $($key),+) = self;
                $first.hash(head, hasher)?;
                $(
                    // Where one ends and the next begins.
                    hasher.separate();
                    $key.hash(head, hasher)?;
                )+
                Ok(())
            }

            fn name(&self) -> &'static str {
                self.0.name()
            }
        }
    };
}

together!(A B);
together!(A B C);
together!(A B C D);
