//! What there is when the service starts.

use std::time::SystemTime;

use portcullis::{
    BoxError,
    keys::{ApiKeys, KeyFormat, StoredKey},
};

use crate::{
    password,
    records::{Application, Caller, Directory, Tokens, User},
    second_factor::SecondFactor,
};

/// Every user's password.
pub(crate) const PASSWORD: &str = "correct horse 7!";

/// What the second factor of `u3` is made from.
pub(crate) const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// Three tokens, the application `a1` with one active user, and two users who cannot simply sign in.
pub(crate) fn directory() -> Result<(Directory, Tokens), BoxError> {
    let directory = Directory::default();
    let tokens = ApiKeys::new(KeyFormat::new("dt_").with_foreign_keys(), directory.clone());
    let mut records = directory.records()?;

    let manager = Caller { is_manager: true, is_client: true };
    let plain = Caller { is_manager: false, is_client: false };
    for (token, caller, end) in [
        ("dt_admin", manager.clone(), None),
        ("dt_expired", manager, Some(SystemTime::UNIX_EPOCH)),
        ("dt_plain", plain, None),
    ] {
        records.tokens.insert(tokens.digest(token), StoredKey::new(token, caller).expires_at(end));
    }

    let hash = password::hash_now(PASSWORD)?;
    let user = |email: &str| User::new(email, hash.clone());
    let root = User { is_superadmin: true, ..user("root@directory.test") };
    let gone = User { is_disabled: true, ..user("gone@directory.test") };
    let second_factor = Some(SecondFactor::new(SECRET)?);
    let careful = User { second_factor, ..user("careful@directory.test") };
    let [root, _, _] = [root, gone, careful].map(|user| {
        let id = records.new_id('u');
        records.users.insert(id.clone(), user);
        id
    });

    let mut console = Application::new("Console", "console");
    console.users.insert(root);
    records.applications.insert("a1".to_owned(), console);
    records.plans.extend(["free", "team"].map(str::to_owned));
    drop(records);
    Ok((directory, tokens))
}
