//! Several keys together are one: `(Address::default(), ByRoute)` is a quota for each address on
//! each route.

use std::hash::Hasher;

use http::request::Parts;
use smallvec::SmallVec;

use super::{Key, KeyHasher, NoKey, ValueType};

macro_rules! together {
    ($first:ident $($key:ident)+) => {
        impl<$first: Key, $($key: Key),+> Key for ($first, $($key),+) {
            #[expect(non_snake_case, reason = "a key is named by its type")]
            fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
                let ($first, $($key),+) = self;
                $first.hash(head, hasher)?;
                let mut ends = SmallVec::<[usize; 4]>::new();
                $(
                    ends.push(hasher.bytes().len());
                    $key.hash(head, hasher)?;
                )+
                // Where each ends, after all of them: no bytes of one read as bytes of another.
                for end in ends {
                    hasher.write(&end.to_ne_bytes());
                }
                Ok(())
            }

            fn name(&self) -> &'static str {
                self.0.name()
            }

            fn value_type(&self) -> ValueType {
                ValueType::several()
            }
        }
    };
}

together!(A B);
together!(A B C);
together!(A B C D);
