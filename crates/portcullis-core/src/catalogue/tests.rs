use crate::{ApiError, Catalogue, ErrorStatus};

crate::catalogue! {
    /// The account side.
    ACCOUNTS {
        MISSING_NAME: 400, "Name is required";
        TWO_FACTOR_NOT_STARTED as "2FA_NOT_STARTED": 400, "Not started" {
            remedy: "Start it",
            retryable: true,
            since: "1.2",
            deprecated: "2FA_REQUIRED",
        };
        REGISTRATION_FAILED: 500, "Registration failed";
    }
}

crate::catalogue! {
    PROJECTS {
        PROJECT_NAME as "MISSING_NAME": 400, "Name is required";
    }
}

crate::catalogue! {
    RIVALS {
        RIVAL_NAME as "MISSING_NAME": 422 | 400, "A name, please";
    }
}

#[test]
fn an_entry_becomes_an_error_with_its_status_code_and_message() {
    let error = ApiError::from(REGISTRATION_FAILED);
    assert_eq!(error.status(), ErrorStatus::INTERNAL_SERVER_ERROR);
    assert_eq!(error.code(), Some(REGISTRATION_FAILED.code()));
    assert_eq!(error.message(), "Registration failed");
}

#[test]
fn what_the_reference_says_is_kept() {
    let entry = TWO_FACTOR_NOT_STARTED;
    assert_eq!(entry.code().as_str(), "2FA_NOT_STARTED");
    assert_eq!(entry.remedy_text(), Some("Start it"));
    assert!(entry.is_retryable());
    assert_eq!(entry.since_version(), Some("1.2"));
    assert_eq!(entry.deprecated_for(), Some("2FA_REQUIRED"));
}

#[test]
fn the_same_meaning_twice_is_fine() {
    let catalogue = Catalogue::new(&[&ACCOUNTS, &PROJECTS]).unwrap();
    assert_eq!(catalogue.entries().len(), 3);
    assert_eq!(catalogue.get("MISSING_NAME"), Some(MISSING_NAME));
    assert_eq!(catalogue.get("PROJECT_NAME"), None);
    assert_eq!(PROJECT_NAME.code(), MISSING_NAME.code());
}

#[test]
fn two_meanings_of_one_code_name_both_places() {
    let conflict = Catalogue::new(&[&ACCOUNTS, &RIVALS]).unwrap_err().to_string();
    for part in [
        "the code MISSING_NAME means 400 \"Name is required\" in ACCOUNTS (",
        ") and 422/400 \"A name, please\" in RIVALS (",
        "tests.rs:",
    ] {
        assert!(conflict.contains(part), "{conflict}");
    }
    assert_eq!(RIVAL_NAME.at(400).status(), ErrorStatus::BAD_REQUEST);
}

#[test]
fn a_table_of_a_thousand_codes_that_begin_alike_is_checked_while_it_compiles() {
    const CODES: usize = 1_000;
    static NAMES: [[u8; 22]; CODES] = {
        let mut names = [*b"APPLICATION_ERROR_0000"; CODES];
        let mut at = 0;
        while at < CODES {
            names[at][19] = b'0' + (at / 100) as u8;
            names[at][20] = b'0' + (at / 10 % 10) as u8;
            names[at][21] = b'0' + (at % 10) as u8;
            at += 1;
        }
        names
    };
    static ENTRIES: [crate::CatalogueEntry; CODES] = {
        let mut entries = [MISSING_NAME; CODES];
        let mut at = 0;
        while at < CODES {
            if let Ok(name) = str::from_utf8(&NAMES[at]) {
                entries[at] = crate::CatalogueEntry::new(name, &[400], "m");
            }
            at += 1;
        }
        entries
    };
    static TABLE: crate::Table = crate::Table::new("LARGE", "here", &ENTRIES);
    assert_eq!(Catalogue::new(&[&TABLE]).unwrap().entries().len(), CODES);
}
