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
