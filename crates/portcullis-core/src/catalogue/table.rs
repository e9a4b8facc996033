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
    /// When a code stands in it twice, or it has more than 4,096 of them; in a `static`, as [`catalogue!`](crate::catalogue) writes
    /// it, that is a compile error that names the code.
    #[track_caller]
    pub const fn new(
        name: &'static str,
        place: &'static str,
        entries: &'static [CatalogueEntry],
    ) -> Self {
        assert!(entries.len() <= MOST_ENTRIES, "a table has at most 4,096 codes: write several");
        // A hash set, since comparing every two codes is more than the compiler likes to evaluate.
        let mut places = [0_u16; 2 * MOST_ENTRIES];
        let mut at = 0;
        while at < entries.len() {
            let code = entries[at].code().as_str();
            let mut slot = hash(code) % places.len();
            while places[slot] > 0 {
                if are_equal(entries[places[slot] as usize - 1].code().as_str(), code) {
                    refuse_duplicate(code);
                }
                slot = (slot + 1) % places.len();
            }
            at += 1;
            places[slot] = at as u16;
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

/// How many codes a table may have.
const MOST_ENTRIES: usize = 4_096;

/// FNV-1a, in 32 bits.
const fn hash(code: &str) -> usize {
    let bytes = code.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize
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
