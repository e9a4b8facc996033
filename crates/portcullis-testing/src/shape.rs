//! Whether two values that change from request to request are of one kind.

/// Whether two values differ in what may change only: every number may be another, and every word,
/// such as a UUID, another of the same length.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let (mut one, mut other) = (runs(one), runs(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if is_same_run(one, other) => {}
            _ => return false,
        }
    }
}

fn is_same_run(one: &[u8], other: &[u8]) -> bool {
    let is_number = |run: &[u8]| run.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    match (is_word(one), is_word(other)) {
        (true, true) => one.len() == other.len() || (is_number(one) && is_number(other)),
        _ => one == other,
    }
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
        ] {
            assert!(is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }

    #[test]
    fn another_length_or_another_form_is_another_shape() {
        for (one, other) in [
            ("9", ""),
            ("globex-1f3b", "1f3b"),
            ("1f3b", "1f3b, 1f3b"),
            ("db;dur=5.32", "db;dur=5.32, row;dur=1.10"),
            ("9", "nine!"),
        ] {
            assert!(!is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }
}
