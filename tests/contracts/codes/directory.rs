use portcullis::{ApiError, Catalogue};

use super::{answer, raised};
use crate::golden::{protect_directory, refused};

/// The service's own.
#[path = "../../../examples/directory/src/catalogue.rs"]
mod catalogue;

pub(crate) use self::catalogue::*;

/// The page's tables: each code, its status and its default message.
const PAGE: &str = "\
AUTH_001 | 401 | Missing or invalid authentication token
AUTH_002 | 401 | Token expired
AUTH_003 | 401 | Invalid credentials
AUTH_004 | 401 | MFA required
AUTH_005 | 401 | Invalid MFA code
AUTH_006 | 403 | Account disabled
AUTH_007 | 429 | Too many login attempts
AUTH_008 | 400 | Invalid or expired password reset token
AUTH_009 | 400 | Password too weak
AUTH_010 | 409 | Email already registered
APP_001 | 400 | Invalid application data
APP_002 | 404 | Application not found
APP_003 | 409 | Application slug already exists
APP_004 | 400 | Cannot delete application with active users
APP_005 | 403 | User does not have access to this application
PERM_001 | 400 | Invalid permission format
PERM_002 | 404 | Role not found
PERM_003 | 404 | Permission not found
PERM_004 | 409 | Role name already exists in this application
PERM_005 | 409 | Permission already defined
PERM_006 | 400 | Cannot delete role assigned to active users
SUB_001 | 404 | Subscription plan not found
SUB_002 | 409 | User already has an active subscription
SUB_003 | 400 | Plan has active subscribers, cannot delete
SUB_004 | 400 | Subscription expired
CONS_001 | 400 | Invalid key format
CONS_002 | 400 | Value must be a finite number
CONS_003 | 404 | User and application combination not found
CONS_004 | 403 | Caller not authorized (requires client_credentials)
USR_001 | 404 | User not found
USR_002 | 400 | Cannot delete the last superadmin
USR_003 | 400 | Invalid user data
SRV_001 | 500 | Internal server error
SRV_002 | 503 | Service temporarily unavailable
SRV_003 | 500 | Database error";

#[tokio::test]
async fn every_code_of_the_directory_is_raised_with_its_status_and_its_default_message() {
    let catalogue = Catalogue::new(&[
        &AUTHENTICATION,
        &APPLICATIONS,
        &PERMISSIONS,
        &SUBSCRIPTIONS,
        &CONSUMPTION,
        &USERS,
        &SERVER,
    ])
    .expect("one meaning");
    assert_eq!((catalogue.entries().len(), PAGE.lines().count()), (35, 35));
    for line in PAGE.lines() {
        let [code, status, message] = line.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("a code, a status and a message: {line}");
        };
        let entry = catalogue.get(code).expect(code);
        let wire = raised(protect_directory, entry).await;
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        assert_eq!((wire.status.as_str(), wire.text()), (status, &*body));
    }
}

#[tokio::test]
async fn a_failure_without_a_code_takes_the_code_of_its_status() {
    for entry in REQUESTS.entries() {
        let bare = refused(ApiError::new(entry.status()));
        let wire = answer(protect_directory(bare)).await;
        let [code, message] = [entry.code().as_str(), entry.message()];
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        assert_eq!((wire.status, wire.text()), (entry.status().into(), &*body));
    }
}
