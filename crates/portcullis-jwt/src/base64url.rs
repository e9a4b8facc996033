use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// What this says in base64url without padding (RFC 7515, section 2). Padding, other alphabets, white
/// space and bits that are left over make it nothing: one text, one meaning.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
