/// How many bytes are looked at together: as many as a register of any 64-bit machine holds.
const LANES: usize = 16;

/// Whether all bytes are of this class, of which `is_one` says without a branch, so that the compiler
/// looks at several at a time.
#[inline]
pub(crate) fn all(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> bool {
    let Some(last) = bytes.last_chunk::<LANES>() else {
        return bytes.iter().all(|byte| is_one(*byte));
    };
    // Numbers and not truth values, which the compiler takes one by one.
    let mut others = last.map(|byte| u8::from(!is_one(byte)));
    // The last lanes have some of those before them too, and so leave none over.
    for more in bytes[..bytes.len() - 1].as_chunks::<LANES>().0 {
        others.iter_mut().zip(more).for_each(|(other, byte)| *other |= u8::from(!is_one(*byte)));
    }
    others == [0; LANES]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_byte_is_found_wherever_it_is() {
        for length in 0..=3 * LANES + 1 {
            let letters = vec![b'a'; length];
            assert!(all(&letters, |byte| byte == b'a'), "{length}");
            for place in 0..length {
                let mut text = letters.clone();
                text[place] = b'-';
                assert!(!all(&text, |byte| byte == b'a'), "{place} of {length}");
            }
        }
    }
}
