use std::{fmt, sync::Arc};

use crate::{
    Algorithm, BuildError,
    algorithm::Family,
    backend::Backend,
    believed::{Believed, Keys},
    jwks::Jwks,
    key_set::{HmacKey, KeySet},
    remote::Remote,
};

/// Somebody whose tokens are believed: a name, algorithms, and keys.
///
/// ```
/// use portcullis_jwt::{Algorithm, Issuer, Jwks, Secret};
///
/// // Public keys, which rotate:
/// let keys = Jwks::at("https://id.example.com/jwks.json");
/// let provider =
///     Issuer::new("https://id.example.com", keys).with_algorithms([Algorithm::Es256]);
///
/// // A secret that both sides have:
/// # let secret = [7; 32];
/// let gateway =
///     Issuer::new("gateway", Secret::new(secret)).with_algorithms([Algorithm::Hs256]);
/// # let _ = (provider, gateway);
/// ```
pub struct Issuer {
    name: Option<String>,
    algorithms: Vec<Algorithm>,
    keys: IssuerKeys,
}

/// An issuer's keys: of a [`Jwks`], a [`KeySetText`] or a [`Secret`].
pub struct IssuerKeys(Source);

enum Source {
    Jwks(Box<Jwks>),
    Text(String),
    Secret(Secret),
}

/// A JWK Set that is known already, as its text: `{"keys":[…]}`. It is read when the layer is built.
pub struct KeySetText(String);

/// A secret for HMAC. It is as long as the hash, or longer: 32 bytes for HS256, and random ones.
///
/// Who can verify with it can sign with it.
pub struct Secret(Vec<u8>);

impl Issuer {
    /// Whose tokens say `iss` is this, letter by letter, and are signed with one of these keys.
    pub fn new(name: impl Into<String>, keys: impl Into<IssuerKeys>) -> Self {
        Self { name: Some(name.into()), algorithms: Vec::new(), keys: keys.into() }
    }

    /// Whose tokens may say any `iss`, or none: the keys alone say whose they are.
    pub fn any(keys: impl Into<IssuerKeys>) -> Self {
        Self { name: None, algorithms: Vec::new(), keys: keys.into() }
    }

    /// The algorithms that it signs with, one at least. A token with another is refused, and a key
    /// that says that it is for another is not used.
    #[must_use]
    pub fn with_algorithms(self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self { algorithms: algorithms.into_iter().collect(), ..self }
    }

    /// As it is called in messages.
    pub(crate) fn called(&self) -> String {
        self.name.as_ref().map_or("any issuer".to_owned(), |name| format!("{name:?}"))
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) fn build(self, backend: Backend) -> Result<Believed, BuildError> {
        if self.algorithms.is_empty() {
            return Err(BuildError::NoAlgorithm(self.called()));
        }
        if self.name.as_ref().is_some_and(String::is_empty) {
            return Err(BuildError::Empty("issuer"));
        }
        let is_secret = matches!(self.keys.0, Source::Secret(_));
        let fits = |algorithm: &Algorithm| (algorithm.family() == Family::Hmac) == is_secret;
        if let Some(stranger) = self.algorithms.iter().find(|algorithm| !fits(algorithm)) {
            return Err(BuildError::KeysDoNotFit(*stranger));
        }
        backend.check(&self.algorithms)?;
        let Self { name, algorithms, keys } = self;
        let keys = match keys.0 {
            Source::Jwks(jwks) => {
                Keys::Remote(Arc::new(Remote::new(jwks.build()?, algorithms.clone(), backend)))
            }
            Source::Text(text) => {
                let keys = KeySet::parse(text.as_bytes(), &algorithms, backend);
                Keys::Fixed(keys.map_err(BuildError::NoKeys)?)
            }
            Source::Secret(secret) => Keys::Secret(secret.build(&algorithms)?),
        };
        Ok(Believed { name, algorithms, keys, backend })
    }
}

impl KeySetText {
    /// The set of this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Secret {
    /// These bytes, as they are: decode base64 before.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(secret.into())
    }

    fn build(self, algorithms: &[Algorithm]) -> Result<HmacKey, BuildError> {
        let length = self.0.len();
        match algorithms.iter().find(|algorithm| length < algorithm.shortest_secret()) {
            Some(algorithm) => Err(BuildError::SecretTooShort { algorithm: *algorithm, length }),
            None => Ok(HmacKey::new(&self.0)),
        }
    }
}

impl From<Jwks> for IssuerKeys {
    fn from(jwks: Jwks) -> Self {
        Self(Source::Jwks(Box::new(jwks)))
    }
}

impl From<KeySetText> for IssuerKeys {
    fn from(text: KeySetText) -> Self {
        Self(Source::Text(text.0))
    }
}

impl From<Secret> for IssuerKeys {
    fn from(secret: Secret) -> Self {
        Self(Source::Secret(secret))
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("name", &self.name)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for IssuerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuerKeys(…)")
    }
}

impl fmt::Debug for KeySetText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySetText(…)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
