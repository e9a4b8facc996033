//! Base 62: digits, capitals, small letters, in the order of ASCII.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether this is a digit, without a branch.
#[inline]
pub(super) const fn is_digit(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    is_letter | (byte.wrapping_sub(b'0') < 10)
}

/// A number in six digits, the most significant first.
pub(super) fn six_digits(mut number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// The digit that a random byte stands for: none for the few that would make some digits likelier.
pub(super) fn digit_of(random: u8) -> Option<u8> {
    const FAIR: u8 = 62 * 4;
    (random < FAIR).then(|| DIGITS[usize::from(random % 62)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_six_digits_always() {
        for (number, digits) in
            [(0, b"000000"), (61, b"00000z"), (62, b"000010"), (u32::MAX, b"4gfFC3")]
        {
            assert_eq!(&six_digits(number), digits, "{number}");
        }
    }

    #[test]
    fn a_digit_is_one_of_the_62() {
        assert!((0..=u8::MAX).all(|byte| is_digit(byte) == DIGITS.contains(&byte)));
    }

    #[test]
    fn every_digit_is_as_likely_as_any_other() {
        let mut count = [0; 256];
        (0..=u8::MAX).filter_map(digit_of).for_each(|digit| count[usize::from(digit)] += 1);
        assert!(DIGITS.iter().all(|digit| count[usize::from(*digit)] == 4));
    }
}
