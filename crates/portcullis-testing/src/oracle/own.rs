//! What each of two requests has of its own, such as its id, and may be told again.

use std::{borrow::Cow, collections::HashSet};

use bytes::Bytes;
use http::Request;

/// So many ways to read an answer as a repetition are tried; after them it counts as another.
const MOST_WAYS: usize = 10_000;

/// The places in which two requests differ: what the one has there, and what the other has.
///
/// An answer that repeats what was asked for, as an error's `instance` does, tells nothing: so two
/// answers are the same too if the one becomes the other when, in places where the one has its
/// request's, the other's is put. Whatever else differs, and whatever stands in one of them only,
/// counts.
#[derive(Clone, Default)]
pub(crate) struct Own {
    pairs: Vec<[Vec<u8>; 2]>,
    /// Whether they have something of one digit, which is left out: it may as well be a count.
    pub(crate) has_digit: bool,
}

impl Own {
    /// What these have: their targets, the parts of those in which they differ, as they were sent and
    /// decoded, and what is between the first and the last difference of a header or the body.
    pub(crate) fn of(one: &Request<Bytes>, other: &Request<Bytes>) -> Self {
        let mut own = Self::default();
        let (to, to_other) = (one.uri(), other.uri());
        let targets = [to, to_other].map(|uri| uri.path_and_query().map_or("/", |it| it.as_str()));
        own.pair(targets[0].as_bytes(), targets[1].as_bytes());
        own.pair(to.path().as_bytes(), to_other.path().as_bytes());
        own.parts(to.path(), to_other.path(), '/');
        own.parts(to.query().unwrap_or(""), to_other.query().unwrap_or(""), '&');
        for (name, value) in one.headers() {
            if let Some(others) = other.headers().get(name) {
                own.middle(value.as_bytes(), others.as_bytes());
            }
        }
        own.middle(one.body(), other.body());
        own
    }

    /// These, and what the answers say of themselves in headers that change with each.
    pub(crate) fn with(&self, said: impl IntoIterator<Item = [Vec<u8>; 2]>) -> Self {
        let mut own = self.clone();
        for [one, other] in said {
            own.pair(&one, &other);
        }
        own
    }

    /// Whether two texts are the same but for what each request has of its own.
    pub(crate) fn is_same(&self, one: &[u8], other: &[u8]) -> bool {
        if one == other {
            return true;
        }
        // Where both ways go on, by a byte that both have and by what each has of its own, both are tried.
        let (mut open, mut seen) = (vec![(0, 0)], HashSet::new());
        let mut forks = HashSet::new();
        while let Some((mut at, mut at_other)) = open.pop() {
            loop {
                if at == one.len() && at_other == other.len() {
                    return true;
                }
                let mut is_fork = false;
                for [own, others] in &self.pairs {
                    if may_begin(own, one, at)
                        && may_begin(others, other, at_other)
                        && is_repeated([own, others], [&one[at..], &other[at_other..]])
                        && begins_word(own, one, at)
                        && begins_word(others, other, at_other)
                    {
                        is_fork = true;
                        let next = (at + own.len(), at_other + others.len());
                        if seen.insert(next) {
                            open.push(next);
                        }
                    }
                }
                // From here it was gone on before.
                if is_fork && !forks.insert((at, at_other)) {
                    break;
                }
                if seen.len() > MOST_WAYS {
                    return false;
                }
                match (one.get(at), other.get(at_other)) {
                    (Some(byte), Some(others)) if byte == others => {
                        (at, at_other) = (at + 1, at_other + 1);
                    }
                    _ => break,
                }
            }
        }
        false
    }

    fn parts(&mut self, one: &str, other: &str, between: char) {
        let (one, other): (Vec<_>, Vec<_>) =
            (one.split(between).collect(), other.split(between).collect());
        if one.len() != other.len() {
            return;
        }
        for (one, other) in one.into_iter().zip(other) {
            let [one, other] = [one, other].map(|part| match (between, part.split_once('=')) {
                ('&', Some((_, value))) => value,
                _ => part,
            });
            self.pair(one.as_bytes(), other.as_bytes());
            self.pair(&decoded(one), &decoded(other));
        }
    }

    /// What is between the first byte in which two texts differ and the last, as whole words.
    fn middle(&mut self, one: &[u8], other: &[u8]) {
        let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
        let mut first = one.iter().zip(other).take_while(same).count();
        let shorter = one.len().min(other.len());
        let mut last =
            one.iter().rev().zip(other.iter().rev()).take(shorter - first).take_while(same).count();
        while first > 0 && one[first - 1].is_ascii_alphanumeric() {
            first -= 1;
        }
        while last > 0 && one[one.len() - last].is_ascii_alphanumeric() {
            last -= 1;
        }
        self.pair(&one[first..one.len() - last], &other[first..other.len() - last]);
    }

    fn pair(&mut self, one: &[u8], other: &[u8]) {
        if one == other || one.is_empty() || other.is_empty() {
            return;
        }
        let is_digit = |words: &[u8]| matches!(words, [digit] if digit.is_ascii_digit());
        if is_digit(one) || is_digit(other) {
            self.has_digit = true;
        } else {
            self.pairs.push([one.to_owned(), other.to_owned()]);
        }
    }
}

/// Whether these words begin as the text does at that place: most do not.
fn may_begin(words: &[u8], text: &[u8], at: usize) -> bool {
    match (words.first(), text.get(at)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    }
}

/// Whether both texts begin with what their requests have, and spell it alike: as it was sent, or
/// both in small letters or in capitals, as a UUID may be written back. The spelling of the one alone
/// would be the row's.
fn is_repeated(own: [&[u8]; 2], texts: [&[u8]; 2]) -> bool {
    let as_sent = |own: &u8| *own;
    [as_sent, u8::to_ascii_lowercase, u8::to_ascii_uppercase].iter().any(|spelt| {
        own.iter().zip(texts).all(|(own, text)| {
            let found = text.get(..own.len());
            let is_it = |found: &[u8]| found.iter().copied().eq(own.iter().map(spelt));
            found.is_some_and(is_it) && !continues_word(own, text)
        })
    })
}

/// Whether these words, at that place, are no part of longer ones that begin before.
fn begins_word(words: &[u8], text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    !(is_of_word(before) && is_of_word(words.first()))
}

/// Whether these words, with which the text begins, are a part of longer ones.
fn continues_word(words: &[u8], text: &[u8]) -> bool {
    is_of_word(text.get(words.len())) && is_of_word(words.last())
}

fn is_of_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}

/// Percent-decoded (RFC 3986, section 2.1).
fn decoded(part: &str) -> Cow<'_, [u8]> {
    if !part.contains('%') {
        return Cow::Borrowed(part.as_bytes());
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (bytes, mut at) = (part.as_bytes(), 0);
    let mut decoded = Vec::with_capacity(bytes.len());
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(one: &str, other: &str) -> Own {
        let request = |path: &str| Request::get(path).body(Bytes::new()).unwrap();
        Own::of(&request(one), &request(other))
    }

    #[test]
    fn what_was_asked_for_may_be_repeated_by_both() {
        let own = own("/orgs/acme/reports/73?part=a%20b", "/orgs/globex/reports/8899?part=c");
        for (one, other) in [
            ("no report 73", "no report 8899"),
            (
                r#"{"instance":"/orgs/acme/reports/73"}"#,
                r#"{"instance":"/orgs/globex/reports/8899"}"#,
            ),
            ("73 of acme: a b, 73 pages", "8899 of globex: c, 73 pages"),
            ("</orgs/acme/reports/73/parts>", "</orgs/globex/reports/8899/parts>"),
        ] {
            assert!(own.is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }

    #[test]
    fn an_id_may_be_written_back_in_small_letters_or_in_capitals() {
        let own = own("/things/aB-1", "/things/Zz-404");
        assert!(own.is_same(b"no ab-1", b"no zz-404"));
        assert!(own.is_same(b"no AB-1", b"no ZZ-404"));
    }

    #[test]
    fn a_rows_own_spelling_is_no_repetition() {
        let own = own("/things/bob", "/things/nobody");
        assert!(own.is_same(b"no bob", b"no nobody"));
        for (one, other) in
            [("no BoB", "no nobody"), ("no BOB", "no nobody"), ("no bob", "no NOBODY")]
        {
            assert!(!own.is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }

    #[test]
    fn what_can_be_read_in_too_many_ways_is_another() {
        let own = own("/things/a", "/things/a-a");
        let many = |last: &str| format!("{}{last}", "a-".repeat(10_000));
        assert!(!own.is_same(many("x").as_bytes(), many("y").as_bytes()));
    }

    #[test]
    fn what_one_alone_says_and_what_neither_asked_for_counts() {
        let own = own("/things/22", "/things/99");
        for (one, other) in [
            ("no thing 22", "no thing"),
            ("no thing 22", "no thing 88"),
            ("no thing 99", "no thing 22"),
            ("122 things", "199 things"),
            ("thing 22 of globex", "thing 99 of nobody"),
            ("thing 22, 22", "thing 99, 33"),
        ] {
            assert!(!own.is_same(one.as_bytes(), other.as_bytes()), "{one} and {other}");
        }
    }

    #[test]
    fn a_digit_may_be_a_count_and_is_no_repetition_but_in_the_path() {
        let own = own("/things/1", "/things/0");
        assert!(!own.is_same(br#"{"matches":1}"#, br#"{"matches":0}"#));
        assert!(own.is_same(b"no /things/1", b"no /things/0"));
        assert!(own.has_digit);
    }

    #[test]
    fn an_id_that_begins_as_the_other_does_is_told_from_it() {
        let own = own("/things/a", "/things/a-b");
        assert!(own.is_same(b"thing a-b, a", b"thing a-b, a-b"));
        assert!(own.is_same(b"a", b"a-b"));
        assert!(!own.is_same(b"a-b", b"a"));
    }

    #[test]
    fn what_stands_in_a_body_or_a_header_is_its_own_too() {
        let request = |id: &str| {
            let request = Request::post("/batch").header("x-thing", format!("t-{id}"));
            request.body(Bytes::from(format!(r#"{{"ids":[1,{id}]}}"#))).unwrap()
        };
        let own = Own::of(&request("22"), &request("8899"));
        assert!(own.is_same(b"no 22, see t-22", b"no 8899, see t-8899"));
        assert!(!own.is_same(b"no 22", b"no 11"));
    }
}
