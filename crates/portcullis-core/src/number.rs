//! Header values from integers, without an allocation for the small ones that quotas are made of.

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

/// The number in decimal digits.
pub fn header_value(number: u64) -> HeaderValue {
    let Ok(small) = usize::try_from(number) else { return HeaderValue::from(number) };
    if small >= COUNT {
        return HeaderValue::from(number);
    }
    let padding = match small {
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    HeaderValue::from_static(&DIGITS[small * WIDTH + padding..(small + 1) * WIDTH])
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
