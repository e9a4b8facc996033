use super::CatalogueEntry;

/// Codes that are documented together. [`catalogue!`](crate::catalogue) writes one.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    place: &'static str,
    entries: &'static [CatalogueEntry],
}

impl Table {
    /// A table by this name, written at this place (`file:line`).
    ///
    /// # Panics
    ///
    /// When a code stands in it twice; in a `static`, as [`catalogue!`](crate::catalogue) writes
    /// it, that is a compile error that names the code.
    #[track_caller]
    pub const fn new(
        name: &'static str,
        place: &'static str,
        entries: &'static [CatalogueEntry],
    ) -> Self {
        let mut later = 1;
        while later < entries.len() {
            let mut earlier = 0;
            while earlier < later {
                let code = entries[later].code().as_str();
                if are_equal(entries[earlier].code().as_str(), code) {
                    refuse_duplicate(code);
                }
                earlier += 1;
            }
            later += 1;
        }
        Self { name, place, entries }
    }

    /// The table's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it is written: `file:line`.
    pub const fn place(&self) -> &'static str {
        self.place
    }

    /// Its entries, as they were written.
    pub const fn entries(&self) -> &'static [CatalogueEntry] {
        self.entries
    }
}

const fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Panics with a message that names the code, which a `const` panic cannot format.
#[track_caller]
const fn refuse_duplicate(code: &str) -> ! {
    const BEFORE: &[u8] = b"this code stands twice in one catalogue: ";
    let mut message = [b' '; 256];
    let mut length = 0;
    while length < BEFORE.len() {
        message[length] = BEFORE[length];
        length += 1;
    }
    let code = code.as_bytes();
    let mut at = 0;
    while at < code.len() && length < message.len() {
        message[length] = code[at];
        length += 1;
        at += 1;
    }
    match str::from_utf8(message.split_at(length).0) {
        Ok(message) => panic!("{}", message),
        Err(_) => panic!("a code stands twice in one catalogue"),
    }
}
