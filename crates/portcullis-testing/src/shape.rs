//! Whether two values that change from request to request are of one kind.

/// How many digits shorter a number in hexadecimal may be than another. It leaves out leading zeros:
/// more of them one in four thousand million has. An id of 8 digits is still told from one of 16.
const LEADING_ZEROS: usize = 7;

/// Whether two values differ in what may change only: every number may be another, and every word,
/// such as a UUID, another of the same length.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    are_pairwise(runs(one), runs(other), |one, other| match (is_word(one), is_word(other)) {
        (true, true) => {
            one.len() == other.len()
                || is_decimal(one) && is_decimal(other)
                || are_pairwise(parts(one), parts(other), is_same_part)
        }
        _ => one == other,
    })
}

/// `5`, or `5.3`: what is measured may come out whole.
fn is_decimal(word: &[u8]) -> bool {
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let mut parts = word.splitn(2, |byte| *byte == b'.');
    parts.next().is_some_and(is_number) && parts.next().is_none_or(is_number)
}

/// Whether two values are the same but for numbers, of which each is the next at most.
pub(crate) fn is_near(one: &[u8], other: &[u8]) -> bool {
    let runs =
        |value| <[u8]>::chunk_by(value, |one, next| one.is_ascii_digit() == next.is_ascii_digit());
    let number = |run: &[u8]| str::from_utf8(run).ok()?.parse::<u64>().ok();
    are_pairwise(runs(one), runs(other), |one, other| match (number(one), number(other)) {
        (Some(one), Some(other)) => one.abs_diff(other) <= 1,
        _ => one == other,
    })
}

fn is_same_part(one: &[u8], other: &[u8]) -> bool {
    let are = |is_digit: fn(&u8) -> bool| {
        [one, other].iter().all(|part| !part.is_empty() && part.iter().all(is_digit))
    };
    one.len() == other.len()
        || are(u8::is_ascii_digit)
        || are(u8::is_ascii_hexdigit) && one.len().abs_diff(other.len()) <= LEADING_ZEROS
}

fn are_pairwise<'a>(
    one: impl Iterator<Item = &'a [u8]>,
    mut other: impl Iterator<Item = &'a [u8]>,
    mut are: impl FnMut(&[u8], &[u8]) -> bool,
) -> bool {
    let mut one = one;
    one.by_ref().all(|one| other.next().is_some_and(|other| are(one, other)))
        && other.next().is_none()
}

/// The parts of a word such as `web1-99`, `12.5` or a UUID.
fn parts(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    word.split(|byte| b"-_.".contains(byte))
}

/// Words, and what stands between them.
fn runs(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.chunk_by(|one, other| is_of_word(*one) == is_of_word(*other))
}

fn is_word(run: &[u8]) -> bool {
    run.first().is_some_and(|byte| is_of_word(*byte))
}

/// Letters, digits, and what UUIDs and Base64 have beside them.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.+/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_ids_have_a_shape() {
        for (one, other) in [
            ("9", "300"),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Mon, 07 Nov 1994 23:00:00 GMT"),
            ("7b1f3b7e-92c1-4a53-9d55-0d9d5b1c8f10", "00000000-0000-4000-8000-000000000000"),
            ("V1StGXR8_Z5jdHi6B-myT", "3z4XlEfcB-v-Yk2o9_aaa"),
            ("12345678", "1234567a"),
            (r#""burst";r=50;t=30"#, r#""burst";r=9;t=4"#),
            ("db;dur=5.32", "db;dur=120.7"),
            ("db;dur=5", "db;dur=5.3"),
            ("f", "10"),
            ("e3b0c44298fc1c14", "8fc1c149afbf4"),
            ("web1-99", "web1-100"),
            (
                "Root=1-67891233-abcdef012345678912345678",
                "Root=1-67891234-abcdef012345678912345679",
            ),
        ] {
            assert!(is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }

    #[test]
    fn what_is_near_differs_by_one() {
        assert!(is_near(b"9", b"10") && is_near(b"\"a\";r=7;t=30", b"\"a\";r=7;t=29"));
        assert!(!is_near(b"3", b"3600") && !is_near(b"9s", b"10"));
    }

    #[test]
    fn another_length_or_another_form_is_another_shape() {
        for (one, other) in [
            ("9", ""),
            ("globex-1f3b", "1f3b"),
            ("1f3b", "1f3b, 1f3b"),
            ("db;dur=5.32", "db;dur=5.32, row;dur=1.10"),
            ("9", "nine!"),
            ("9", "9.9.9"),
            ("9", "9."),
            ("e3b0c44298fc1c14", "e3b0c442"),
            ("7b1f3b7e-92c1-4a53-9d55-0d9d5b1c8f10", "7b1f3b7e92c14a539d55"),
            ("web1-99", "web1-99-1"),
        ] {
            assert!(!is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }
}
