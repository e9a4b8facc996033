//! Passwords: which are taken, and their hashes. A hash takes long on purpose, and so is made where
//! no request waits for another.

use argon2::{
    Argon2,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use portcullis::ApiError;
use tokio::task::spawn_blocking;

/// A hash of nobody's password, so that an unknown user takes as long as a known one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                       bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm8";

/// Whether it has 8 characters or more, a letter, a number and something else.
pub(crate) fn is_strong(password: &str) -> bool {
    password.chars().count() >= 8
        && password.chars().any(char::is_alphabetic)
        && password.chars().any(char::is_numeric)
        && password.chars().any(|it| !it.is_alphanumeric())
}

/// What is stored of a password.
pub(crate) async fn hash(password: String) -> Result<String, ApiError> {
    let hashed = spawn_blocking(move || hash_now(&password)).await.map_err(ApiError::internal)?;
    hashed.map_err(ApiError::internal)
}

/// Whether this is the password that a user has, if there is such a user.
pub(crate) async fn is_right(password: String, hash: Option<String>) -> Result<bool, ApiError> {
    let is_known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
    let verified = spawn_blocking(move || verify(&password, &hash)).await;
    Ok(verified.map_err(ApiError::internal)?.map_err(ApiError::internal)? && is_known)
}

pub(crate) fn hash_now(password: &str) -> password_hash::Result<String> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> password_hash::Result<bool> {
    let hash = PasswordHash::new(hash)?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}
