use portcullis::Catalogue;

use super::raised;
use crate::golden::protect_accounts;

/// The service's own.
#[path = "../../../examples/accounts/src/catalogue.rs"]
#[expect(dead_code, reason = "its handlers raise some that are no contract's of their own")]
mod catalogue;

pub(crate) use self::catalogue::*;

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
