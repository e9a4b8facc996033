//! No token, and nothing that it says, is logged.

use std::{
    io,
    sync::{Arc, Mutex},
};

use portcullis::{Token, Verification, Verify};
use tracing::Level;
use tracing_subscriber::fmt::Subscriber;

use crate::{
    provider::{Answer, Provider},
    signer::{Signer, claims},
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics with it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_a_token_nor_a_claim_nor_a_made_up_name_is_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = Subscriber::builder()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // This test's own: its runtime has one thread.
    let _watching = tracing::subscriber::set_default(subscriber);

    let signer = Signer::new("a");
    let provider = Provider::new(Answer::Keys(signer.set())).await;
    let jwt = provider.builder(provider.jwks()).build().expect("a verifier");
    jwt.ready().await.expect("keys");
    let mut hidden = claims("hunter2");
    hidden["sub"] = "hunter2".into();
    let mut over = hidden.clone();
    over["exp"] = 1.into();
    let tokens = [
        signer.token(&hidden),
        signer.token(&over),
        Signer::new("a").token(&hidden),
        signer.token_as("hunter2", &hidden),
        Signer::new("hunter2").token(&hidden),
    ];
    for token in &tokens {
        let verification = jwt.verify(&Token::try_from(&**token).expect("a token"));
        if let Verification::Later(outcome) = verification {
            let _ = outcome.await;
        }
    }
    let said = format!("{jwt:?}");
    let logged = lines.0.lock().expect("nobody panics with it").clone();
    let logged = String::from_utf8(logged).expect("text") + &said;
    assert!(logged.contains("a token was refused: `exp` is over"), "{logged}");
    for secret in tokens.iter().flat_map(|token| token.split('.')).chain(["hunter2"]) {
        assert!(!logged.contains(secret), "{secret} was logged:\n{logged}");
    }
}
