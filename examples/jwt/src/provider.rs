//! An identity provider, as small as it can be: it asks nobody for a password, and keeps its keys in
//! memory.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Json, Router,
    extract::{Query, State},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use portcullis::{ApiError, BoxError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::service::AUDIENCE;

/// What signs, and what is published.
struct Keys {
    issuer: String,
    /// How many there were.
    number: u32,
    current: Key,
    /// Published for as long as tokens that it signed are about.
    previous: Option<Key>,
}

struct Key {
    signs: EncodingKey,
    public: Jwk,
}

type Shared = Arc<Mutex<Keys>>;

/// Of whom a token is asked for, and what it is to say.
#[derive(Deserialize)]
struct Wanted {
    sub: String,
    #[serde(default)]
    scope: String,
    /// How long it is good.
    #[serde(default = "an_hour")]
    seconds: u64,
}

fn an_hour() -> u64 {
    3_600
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    scope: &'a str,
    nbf: u64,
    exp: u64,
}

/// The provider's routes. Its first key is made here.
pub(crate) fn routes(issuer: &str) -> Result<Router, BoxError> {
    let (issuer, current) = (issuer.to_owned(), Key::new(1)?);
    let keys = Keys { issuer, number: 1, current, previous: None };
    Ok(Router::new()
        .route("/jwks.json", get(jwks))
        .route("/token", post(token))
        .route("/rotate", post(rotate))
        .with_state(Arc::new(Mutex::new(keys))))
}

async fn jwks(State(keys): State<Shared>) -> Json<Value> {
    let keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
    let published = [Some(&keys.current), keys.previous.as_ref()].into_iter().flatten();
    let published: Vec<_> = published.map(|key| &key.public).collect();
    Json(json!({ "keys": published }))
}

async fn token(
    State(keys): State<Shared>,
    Query(wanted): Query<Wanted>,
) -> Result<String, ApiError> {
    let keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
    let now = jsonwebtoken::get_current_timestamp();
    let claims = Claims {
        iss: &keys.issuer,
        aud: AUDIENCE,
        sub: &wanted.sub,
        scope: &wanted.scope,
        nbf: now,
        exp: now.saturating_add(wanted.seconds),
    };
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        kid: keys.current.public.common.key_id.clone(),
        ..Header::new(Algorithm::ES256)
    };
    jsonwebtoken::encode(&header, &claims, &keys.current.signs).map_err(ApiError::internal)
}

/// Signs with another key from now on. The one before stays published until the next rotation.
async fn rotate(State(keys): State<Shared>) -> Result<String, ApiError> {
    let mut keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
    let number = keys.number + 1;
    let next = Key::new(number).map_err(ApiError::internal)?;
    keys.previous = Some(mem::replace(&mut keys.current, next));
    keys.number = number;
    Ok(format!("key-{number}\n"))
}

impl Key {
    fn new(number: u32) -> Result<Self, BoxError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let signs = EncodingKey::from_ec_der(pair.to_pkcs8v1()?.as_ref());
        let mut public = Jwk::from_encoding_key(&signs, Algorithm::ES256)?;
        public.common.key_id = Some(format!("key-{number}"));
        Ok(Self { signs, public })
    }
}
