//! Every failure that the API has a code for.

use portcullis::{CatalogueEntry, catalogue};

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

/// Nobody is signed in yet.
pub(crate) const INVALID_CODE_AT_SIGN_IN: CatalogueEntry = INVALID_CODE.at(401);

catalogue! {
    /// Clients and projects.
    pub(crate) CLIENTS {
        NO_ACCESS: 403, "You do not belong to that client";
        NOT_FOUND: 404, "There is no such thing";
        USER_NOT_FOUND: 404, "There is no such user";
        /// As for people.
        PROJECT_NAME as "MISSING_NAME": 400, "A name is required";
    }
}
