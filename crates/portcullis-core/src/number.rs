//! Header values from integers, without an allocation for the small ones that quotas are made of.

use std::mem::{forget, replace};

use http::HeaderValue;

const WIDTH: usize = 3;
const COUNT: usize = 1_000;

/// `000001002…999`: every number's digits stand at its own place, padded with zeros.
const DIGITS: &str = {
    static BYTES: [u8; COUNT * WIDTH] = digits();
    match str::from_utf8(&BYTES) {
        Ok(digits) => digits,
        Err(_) => panic!("decimal digits are ASCII"),
    }
};

const fn digits() -> [u8; COUNT * WIDTH] {
    let mut digits = [0; COUNT * WIDTH];
    let mut number = 0;
    while number < COUNT {
        digits[number * WIDTH] = b'0' + (number / 100) as u8;
        digits[number * WIDTH + 1] = b'0' + (number / 10 % 10) as u8;
        digits[number * WIDTH + 2] = b'0' + (number % 10) as u8;
        number += 1;
    }
    digits
}

/// The values themselves, since to make one takes a look at each of its bytes.
static VALUES: [HeaderValue; COUNT] = values();

const fn values() -> [HeaderValue; COUNT] {
    let mut values = [const { HeaderValue::from_static("") }; COUNT];
    let mut rest = DIGITS;
    let mut number = 0;
    while number < COUNT {
        let padding = match number {
            0..10 => 2,
            10..100 => 1,
            _ => 0,
        };
        let (padded, others) = rest.split_at(WIDTH);
        let (_, digits) = padded.split_at(padding);
        // A constant drops nothing.
        forget(replace(&mut values[number], HeaderValue::from_static(digits)));
        rest = others;
        number += 1;
    }
    values
}

/// The number in decimal digits.
#[inline]
pub fn header_value(number: u64) -> HeaderValue {
    let small = usize::try_from(number).ok().and_then(|number| VALUES.get(number));
    small.map_or_else(|| HeaderValue::from(number), HeaderValue::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_reads_as_the_http_crate_writes_it() {
        for number in (0..2_000).chain([u64::from(u32::MAX), u64::MAX]) {
            assert_eq!(header_value(number), HeaderValue::from(number));
        }
    }
}
