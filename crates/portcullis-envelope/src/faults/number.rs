//! Which fault a scalar has, given what was asked for and what came.

use serde_core::de::Visitor;

use super::{Finding, Halt, Node};

/// The least and the greatest that an integer type holds.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) least: i128,
    pub(crate) greatest: u128,
}

impl Bounds {
    pub(crate) fn of(least: i128, greatest: u128) -> Self {
        Self { least, greatest }
    }

    /// Whether this may stand for an integer that a type of 128 bits holds and 64 bits do not: it is
    /// without its last digits, and may have been written with a point or an exponent.
    pub(crate) fn may_hold(self, number: f64) -> bool {
        const WIDEST: f64 = u64::MAX as f64;
        if self.greatest <= u64::MAX.into() || number.fract() != 0.0 {
            return false;
        }
        // serde_json takes -0 for a float, and where 128 bits with a sign are asked for, for 0.
        let is_zero = number == 0.0 && number.is_sign_negative() && self.least < 0;
        let is_wide = number >= WIDEST || number <= i64::MIN as f64;
        is_zero || (is_wide && (self.least as f64..=self.greatest as f64).contains(&number))
    }
}

/// The methods of a `Deserializer<'de>` for all integers, each by its own `integer(bounds, visitor)`.
macro_rules! integers {
    () => {
        integers! {
            deserialize_i8 i8,
            deserialize_i16 i16,
            deserialize_i32 i32,
            deserialize_i64 i64,
            deserialize_i128 i128,
            deserialize_u8 u8,
            deserialize_u16 u16,
            deserialize_u32 u32,
            deserialize_u64 u64,
            deserialize_u128 u128,
        }
    };
    ($($method:ident $type:ty,)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
                self.integer(Bounds::of(<$type>::MIN as i128, <$type>::MAX as u128), visitor)
            }
        )*
    };
}
pub(super) use integers;

/// Gives a visitor an integer of more than 64 bits that is about this.
pub(crate) fn visit_like<'de, V: Visitor<'de>>(number: f64, visitor: V) -> Result<V::Value, Halt> {
    if number < 0.0 {
        visitor.visit_i128(number as i128)
    } else {
        visitor.visit_u128(number as u128)
    }
}

/// Why an integer type refused this number.
pub(crate) fn integer(halt: Halt, node: &Node<'_>, bounds: Bounds) -> Halt {
    let (Halt::Type(..) | Halt::Value(..)) = halt else { return halt };
    let finding = match *node {
        Node::Float(number) if number.fract() != 0.0 => Finding::int_from_float(),
        Node::Float(number) if number > bounds.greatest as f64 => Finding::at_most(bounds.greatest),
        Node::Float(number) if number < bounds.least as f64 => Finding::at_least(bounds.least),
        // What is beyond 64 bits came as a float, and lost its last digits on the way.
        Node::Float(number) if number >= u64::MAX as f64 => Finding::at_most(u64::MAX.into()),
        Node::Float(number) if number <= i64::MIN as f64 => Finding::at_least(i64::MIN.into()),
        Node::Unsigned(number) if u128::from(number) > bounds.greatest => {
            Finding::at_most(bounds.greatest)
        }
        Node::Signed(number) if i128::from(number) < bounds.least => {
            Finding::at_least(bounds.least)
        }
        Node::Unsigned(0) if bounds.least == 0 && is_nonzero(&halt) => Finding::at_least(1),
        Node::Unsigned(_) | Node::Signed(_) => Finding::value_error(None),
        _ => Finding::int_type(),
    };
    finding.into()
}

/// Why there is no integer in what is no number.
pub(crate) fn not_integer(node: &Node<'_>) -> Finding {
    match node {
        // Python would read "5" as 5. JSON has numbers, and says so.
        Node::Text(text) if text.trim().parse::<i128>().is_err() => Finding::int_parsing(),
        _ => Finding::int_type(),
    }
}

/// Why there is no float in what is no number.
pub(crate) fn not_float(node: &Node<'_>) -> Finding {
    match node {
        Node::Text(text) if text.trim().parse::<f64>().is_err() => Finding::float_parsing(),
        _ => Finding::float_type(),
    }
}

/// Why there is no boolean in this.
pub(crate) fn not_bool(node: &Node<'_>) -> Finding {
    match node {
        Node::Text(text) if bool_from(text).is_none() => Finding::bool_parsing(),
        // pydantic takes a whole number of 64 bits for a boolean that cannot be read.
        Node::Unsigned(2..=I64_MAX) | Node::Signed(_) => Finding::bool_parsing(),
        Node::Float(number) if is_whole_and_no_boolean(*number) => Finding::bool_parsing(),
        _ => Finding::bool_type(),
    }
}

const I64_MAX: u64 = i64::MAX.unsigned_abs();

fn is_whole_and_no_boolean(number: f64) -> bool {
    number.fract() == 0.0
        && ![0.0, 1.0].contains(&number)
        && (i64::MIN as f64..I64_MAX as f64).contains(&number)
}

/// The boolean that a text stands for, as pydantic reads it.
pub(crate) fn bool_from(text: &str) -> Option<bool> {
    const TRUE: [&str; 6] = ["1", "true", "t", "yes", "y", "on"];
    const FALSE: [&str; 6] = ["0", "false", "f", "no", "n", "off"];
    let is_in = |names: [&str; 6]| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    if is_in(TRUE) {
        return Some(true);
    }
    is_in(FALSE).then_some(false)
}

/// Whether the type that refused is one of std's `NonZero`.
pub(crate) fn is_nonzero(halt: &Halt) -> bool {
    matches!(halt, Halt::Value(_, expected) if expected.starts_with("a nonzero "))
}
