//! A process whose jsonwebtoken has no backend, as where none of its features is on, or both: what
//! is missing is missed when the layer is built. A process of its own, since it is the process's.

use jsonwebtoken::crypto::{CryptoProvider, KeyUtils};
use portcullis_jwt::{Algorithm, Backend, BuildError, Issuer, Jwt, Secret};

/// What jsonwebtoken itself takes in place of a backend.
static NONE: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| panic!("there is no backend"),
    verifier_factory: |_, _| panic!("there is no backend"),
    key_utils: KeyUtils::new_unimplemented(),
};

fn build(backend: Backend) -> Result<Jwt<serde_json::Value>, BuildError> {
    let issuer = Issuer::new("gateway", Secret::new([7; 32])).with_algorithms([Algorithm::Hs256]);
    Jwt::builder().with_issuer(issuer).with_any_audience().with_backend(backend).build()
}

#[test]
fn a_missing_backend_is_an_error_when_the_layer_is_built() {
    NONE.install_default().expect("nobody has installed another");
    let error = build(Backend::ProcessDefault).expect_err("there is none");
    assert!(matches!(error, BuildError::NoBackend), "{error}");
    assert!(error.to_string().contains("enable the feature `aws-lc-rs`"), "{error}");

    // Where the crate's own is named, what the process has does not matter.
    #[cfg(feature = "aws-lc-rs")]
    {
        build(Backend::AwsLc).expect("it is there");
        build(Backend::default()).expect("it is there");
    }
}
