use portcullis::{Catalogue, catalogue};

use super::raised;
use crate::golden::protect_accounts;

catalogue! {
    /// Authentication and registration.
    pub(crate) AUTHENTICATION {
        MISSING_NAME: 400, "A name is required";
        MISSING_EMAIL: 400, "An e-mail address is required";
        MISSING_PASSWORD: 400, "A password is required";
        INVALID_EMAIL: 400, "That is no e-mail address";
        PASSWORD_TOO_WEAK: 400, "Use 8 characters or more, with a letter, a number and a special one";
        EMAIL_ALREADY_EXISTS: 409, "An account with this e-mail address already exists";
        INVALID_CREDENTIALS: 401, "Wrong e-mail address or password";
        REGISTRATION_FAILED: 500, "Registration failed";
    }
}

catalogue! {
    pub(crate) TWO_FACTOR {
        INVALID_CHALLENGE: 401, "The challenge is expired or invalid";
        /// 400 while enabling, 401 while signing in.
        INVALID_CODE: 400 | 401, "Wrong code";
        TWO_FACTOR_ALREADY_ENABLED as "2FA_ALREADY_ENABLED": 409, "2FA is on already";
        TWO_FACTOR_NOT_STARTED as "2FA_NOT_STARTED": 400, "Call /v1/2fa/setup first";
        TWO_FACTOR_NOT_ENABLED as "2FA_NOT_ENABLED": 400, "2FA is not on";
    }
}

catalogue! {
    /// Clients and projects.
    pub(crate) CLIENTS {
        NO_ACCESS: 403, "You do not belong to that client";
        NOT_FOUND: 404, "There is no such thing";
        USER_NOT_FOUND: 404, "There is no such user";
        /// The page has it here too, and means the same by it.
        PROJECT_NAME as "MISSING_NAME": 400, "A name is required";
    }
}

/// Of the contract: each code, and its statuses.
const PAGE: &str = "\
MISSING_NAME 400
MISSING_EMAIL 400
MISSING_PASSWORD 400
INVALID_EMAIL 400
PASSWORD_TOO_WEAK 400
2FA_NOT_STARTED 400
2FA_NOT_ENABLED 400
INVALID_CODE 400 401
INVALID_CREDENTIALS 401
INVALID_CHALLENGE 401
NO_ACCESS 403
NOT_FOUND 404
USER_NOT_FOUND 404
EMAIL_ALREADY_EXISTS 409
2FA_ALREADY_ENABLED 409
REGISTRATION_FAILED 500";

#[tokio::test]
async fn every_code_of_the_accounts_is_raised_with_each_of_its_statuses_and_its_message() {
    let catalogue = Catalogue::new(&[&AUTHENTICATION, &TWO_FACTOR, &CLIENTS]).expect("one meaning");
    assert_eq!(catalogue.entries().len(), PAGE.lines().count());
    for line in PAGE.lines() {
        let (code, statuses) = line.split_once(' ').expect("a code, and its statuses");
        let entry = catalogue.get(code).expect(code);
        let statuses: Vec<u16> = statuses.split(' ').flat_map(str::parse).collect();
        assert_eq!(entry.statuses(), statuses, "{code}");
        for status in statuses {
            let wire = raised(protect_accounts, entry.at(status)).await;
            let message = entry.message();
            let body = format!(r#"{{"detail":{{"code":"{code}","message":"{message}"}}}}"#);
            assert_eq!((wire.status.as_u16(), wire.text()), (status, &*body));
        }
    }
}
