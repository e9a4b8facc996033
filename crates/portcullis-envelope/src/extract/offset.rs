//! Where JSON stops being JSON, as Python's `json` counts it: FastAPI reports that place.

/// As deep as serde_json goes.
const DEPTH: usize = 127;

/// The place at which a document that serde_json refuses stops being JSON, in characters.
pub(super) fn of_fault(document: &[u8]) -> usize {
    let text = match std::str::from_utf8(document) {
        Ok(text) => text,
        // The bytes that are no text come at the end of those that are.
        Err(error) => return characters(document, error.valid_up_to()),
    };
    let mut scanner = Scanner { text, at: 0, depth: 0 };
    let at = match scanner.document() {
        Ok(()) => text.len(),
        Err(Stop(at)) => at,
    };
    characters(document, at)
}

/// How many characters the first `end` bytes are.
fn characters(document: &[u8], end: usize) -> usize {
    document.iter().take(end).filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The byte at which it stops.
struct Stop(usize);

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), Stop> {
        self.space();
        self.value()?;
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Stop(self.at)) }
    }

    fn value(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.nested(b'}', |scanner| {
                scanner.expect_string()?;
                scanner.space();
                scanner.expect(b':')?;
                scanner.space();
                scanner.value()
            }),
            Some(b'[') => self.nested(b']', Self::value),
            _ => {
                for word in ["null", "true", "false"] {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(());
                    }
                }
                self.number()
            }
        }
    }

    fn nested(
        &mut self,
        end: u8,
        part: impl Fn(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if self.depth == DEPTH {
            return Err(Stop(self.at));
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        if self.peek() != Some(end) {
            loop {
                part(self)?;
                self.space();
                if self.peek() == Some(end) {
                    break;
                }
                self.expect(b',')?;
                self.space();
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    fn expect_string(&mut self) -> Result<(), Stop> {
        if self.peek() == Some(b'"') { self.string() } else { Err(Stop(self.at)) }
    }

    fn string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(Stop(start)),
                Some(b'"') => break,
                Some(..0x20) => return Err(Stop(self.at)),
                Some(b'\\') => self.escape(start)?,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self, string: usize) -> Result<(), Stop> {
        let start = self.at;
        self.at += 2;
        match self.text.as_bytes().get(start + 1) {
            None => Err(Stop(string)),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let unit = self.code_unit().ok_or(Stop(start + 1))?;
                if !(0xD800..0xE000).contains(&unit) {
                    return Ok(());
                }
                // Half a character needs its other half.
                let is_pair = unit < 0xDC00 && self.text[self.at..].starts_with("\\u") && {
                    self.at += 2;
                    self.code_unit().is_some_and(|low| (0xDC00..0xE000).contains(&low))
                };
                if is_pair { Ok(()) } else { Err(Stop(start)) }
            }
            Some(_) => Err(Stop(start)),
        }
    }

    /// Four digits, which CPython takes for such only where something follows them.
    fn code_unit(&mut self) -> Option<u32> {
        if self.at + 4 >= self.text.len() {
            return None;
        }
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let unit = u32::from_str_radix(self.text.get(self.at..self.at + 4)?, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.skip(b"-", 1);
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return Err(Stop(start));
        }
        self.suffix(|scanner| scanner.skip(b".", 1) == 1);
        self.suffix(|scanner| {
            let is_exponent = scanner.skip(b"eE", 1) == 1;
            scanner.skip(b"+-", 1);
            is_exponent
        });
        // What is too great to be a number is where serde_json stops, and Python does not.
        match self.text[start..self.at].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err(Stop(start)),
        }
    }

    /// Goes past what `begins` and digits, or stays.
    fn suffix(&mut self, begins: impl Fn(&mut Self) -> bool) {
        let start = self.at;
        if !begins(self) || self.digits() == 0 {
            self.at = start;
        }
    }

    fn digits(&mut self) -> usize {
        self.skip(b"0123456789", usize::MAX)
    }

    fn space(&mut self) {
        self.skip(b" \t\r\n", usize::MAX);
    }

    fn skip(&mut self, any_of: &[u8], most: usize) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take(most).take_while(|byte| any_of.contains(byte)).count();
        self.at += count;
        count
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.skip(&[byte], 1) == 1 { Ok(()) } else { Err(Stop(self.at)) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_where_python_says_it_is() {
        // As `json.loads` of CPython 3.11 answered.
        for (document, at) in [
            ("", 0),
            ("   ", 3),
            ("{", 1),
            (r#"{"a""#, 4),
            (r#"{"a" 1}"#, 5),
            (r#"{"a": "#, 6),
            (r#"{"a": 1,}"#, 8),
            (r#"{"a": nope}"#, 6),
            (r#"{"é": nope}"#, 6),
            (r#"{"a": 01}"#, 7),
            (r#"{"a":-}"#, 5),
            (r#"{"a": 1.}"#, 7),
            (r#"{"a":1e}"#, 6),
            (r#"{"a":1"#, 6),
            (r#"{"a":1]"#, 6),
            (r#"{"a":1} x"#, 8),
            (r#"{"a":1 ,, }"#, 8),
            (r#"{"k":"v" "w"}"#, 9),
            ("{a:1}", 1),
            ("{'a':1}", 1),
            ("[1 2]", 3),
            ("[1,]", 3),
            ("[tru]", 1),
            ("1 2", 2),
            ("-", 0),
            ("}", 0),
            (r#""abc"#, 0),
            (r#"{"a":"b"#, 5),
            (r#""\"#, 0),
            (r#""a\qb""#, 2),
            (r#"{"a":"\u12"}"#, 7),
            ("\"a\nb\"", 2),
            ("{\n \"a\": 1\n \"b\": 2}", 11),
        ] {
            assert_eq!(of_fault(document.as_bytes()), at, "{document}");
        }
    }

    #[test]
    fn what_python_takes_and_json_does_not_is_named_where_it_begins() {
        for (document, at) in
            [("[NaN]", 1), ("[1, 1e400]", 4), (r#"["\ud800"]"#, 2), (r#"["\ud800\u0041"]"#, 2)]
        {
            assert_eq!(of_fault(document.as_bytes()), at, "{document}");
        }
        assert_eq!(of_fault(b"[\"\xC3\xA9\xFF\"]"), 3);
        assert_eq!(of_fault("[".repeat(10_000).as_bytes()), 127);
    }
}
