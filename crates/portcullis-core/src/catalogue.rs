//! The codes that an API documents, as constants that cannot drift from the documentation.

mod conflict;
mod entry;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use self::{conflict::CatalogueConflict, entry::CatalogueEntry, table::Table};

/// Writes a [`Table`] of an API's codes, and a constant for each of them.
///
/// An entry is a name, `as` another code where the two differ (a code may begin with a digit, a Rust
/// name may not), its status or several, and the message that clients read. What a reference page
/// says beside that, `remedy`, `retryable`, `since` and `deprecated`, goes into braces.
///
/// ```
/// use portcullis_core::{ApiError, CatalogueEntry, ErrorStatus, catalogue};
///
/// catalogue! {
///     /// What goes wrong with a second factor.
///     pub SECOND_FACTOR {
///         TWO_FACTOR_NOT_STARTED as "2FA_NOT_STARTED": 400, "Two-factor set-up was not started" {
///             remedy: "Call /v1/2fa/setup first",
///             since: "1.2",
///         };
///         /// A wrong code: 400 while enabling, 401 while signing in.
///         INVALID_CODE: 400 | 401, "Invalid code";
///     }
/// }
///
/// fn enable(code: &str) -> Result<(), ApiError> {
///     if code.is_empty() { Err(INVALID_CODE.into()) } else { Ok(()) }
/// }
///
/// // The first status is the entry's own; another of its statuses is chosen in a const.
/// const INVALID_CODE_AT_SIGN_IN: CatalogueEntry = INVALID_CODE.at(401);
///
/// assert_eq!(enable("").unwrap_err().status(), ErrorStatus::BAD_REQUEST);
/// assert_eq!(ApiError::from(INVALID_CODE_AT_SIGN_IN).status(), ErrorStatus::UNAUTHORIZED);
/// assert_eq!(TWO_FACTOR_NOT_STARTED.code().as_str(), "2FA_NOT_STARTED");
/// ```
///
/// A code that stands twice in one table, and a status that is no error's, fail to compile.
#[macro_export]
macro_rules! catalogue {
    (
        $(#[$about:meta])*
        $visibility:vis $table:ident {
            $(
                $(#[$doc:meta])*
                $name:ident $(as $code:literal)? : $($status:literal)|+ , $message:literal
                $({ $($detail:ident : $value:expr),* $(,)? })? ;
            )*
        }
    ) => {
        $(
            #[doc = ::core::concat!(
                "`", $crate::__code!($name $($code)?), "`", $(" ", $status,)+ ": ", $message, "."
            )]
            #[doc = ""]
            $(#[$doc])*
            $visibility const $name: $crate::CatalogueEntry =
                $crate::CatalogueEntry::new(
                    $crate::__code!($name $($code)?), &[$($status),+], $message,
                )
                $($(.$detail($value))*)?;
        )*

        $(#[$about])*
        $visibility static $table: $crate::Table = $crate::Table::new(
            ::core::stringify!($table),
            ::core::concat!(::core::file!(), ":", ::core::line!()),
            &[$($name),*],
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __code {
    ($name:ident) => {
        ::core::stringify!($name)
    };
    ($name:ident $code:literal) => {
        $code
    };
}

/// All codes of an API, from however many tables.
///
/// ```
/// use portcullis_core::{Catalogue, catalogue};
///
/// catalogue! { SIGN_IN { INVALID_CREDENTIALS: 401, "Wrong e-mail or password"; } }
/// catalogue! { PROJECTS { NO_ACCESS: 403, "You do not belong to that client"; } }
///
/// let catalogue = Catalogue::new(&[&SIGN_IN, &PROJECTS])?;
/// assert_eq!(catalogue.get("NO_ACCESS").map(|entry| entry.status().as_u16()), Some(403));
/// # Ok::<(), portcullis_core::CatalogueConflict>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    entries: BTreeMap<&'static str, CatalogueEntry>,
}

impl Catalogue {
    /// Puts tables together. A code may stand in several, if it means the same in each: the same
    /// statuses, in the same order, and the same message.
    ///
    /// # Errors
    ///
    /// [`CatalogueConflict`], which names both places, when a code means one thing here and another
    /// there.
    pub fn new(tables: &[&'static Table]) -> Result<Self, CatalogueConflict> {
        let mut places: BTreeMap<&'static str, (&'static Table, CatalogueEntry)> = BTreeMap::new();
        for table in tables {
            for entry in table.entries() {
                let code = entry.code().as_str();
                match places.get(code) {
                    Some((first, known)) if !known.means(entry) => {
                        return Err(CatalogueConflict::new((first, *known), (table, *entry)));
                    }
                    Some(_) => {}
                    None => {
                        places.insert(code, (table, *entry));
                    }
                }
            }
        }
        let entries = places.into_iter().map(|(code, (_, entry))| (code, entry)).collect();
        Ok(Self { entries })
    }

    /// The entry of this code.
    pub fn get(&self, code: &str) -> Option<CatalogueEntry> {
        self.entries.get(code).copied()
    }

    /// All entries, by the order of their codes.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = CatalogueEntry> {
        self.entries.values().copied()
    }
}
