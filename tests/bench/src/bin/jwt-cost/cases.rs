//! Everything that is measured.

use std::{cell::RefCell, hint::black_box, rc::Rc};

use http::{HeaderValue, Request, Uri, header::AUTHORIZATION, request::Parts};
use jsonwebtoken::{Algorithm, Validation};
use portcullis::{
    Bearer, BoxError, Guard, Outcome, Reason, Token, Verdict, Verification, Verify,
    jwt::{self, Claims, Fetch, Issuer, IssuerKeys, Jwks, Jwt},
};
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::signer::{AUDIENCE, ISSUER, Signer};

/// What a service reads of a token.
#[derive(Deserialize)]
struct Account {
    #[expect(dead_code, reason = "it is read as a service would read it")]
    sub: String,
}

/// One thing that is measured.
pub(crate) struct Case {
    pub(crate) name: String,
    /// How many make a turn.
    pub(crate) requests: usize,
    /// Makes what so many requests need, unmeasured.
    pub(crate) prepare: Box<dyn FnMut(usize)>,
    pub(crate) run: Box<dyn FnMut(usize)>,
    /// Whether the answer is what the name says.
    is_right: Box<dyn FnMut() -> bool>,
}

impl Case {
    pub(crate) fn prove(&mut self) -> Result<(), BoxError> {
        if (self.is_right)() {
            return Ok(());
        }
        Err(format!("{} does not do what its name says", self.name).into())
    }

    fn new<T>(
        name: String,
        requests: usize,
        ask: impl Fn() -> T + Clone + 'static,
        is_right: fn(T) -> bool,
    ) -> Self
    where
        T: 'static,
    {
        let asked = ask.clone();
        Self {
            name,
            requests,
            prepare: Box::new(drop),
            run: Box::new(move |requests| {
                for _ in 0..requests {
                    drop(black_box(ask()));
                }
            }),
            is_right: Box::new(move || is_right(asked())),
        }
    }
}

pub(crate) fn all(runtime: &Runtime) -> Result<Vec<Case>, BoxError> {
    let mut cases = Vec::new();
    for (algorithm, ours) in [
        (Algorithm::HS256, jwt::Algorithm::Hs256),
        (Algorithm::ES256, jwt::Algorithm::Es256),
        (Algorithm::RS256, jwt::Algorithm::Rs256),
    ] {
        let name = |case: &str| format!("{}.{case}", ours.name());
        let signer = Rc::new(Signer::new(algorithm)?);
        let good = signer.token("a")?;
        let (signed, signature) = good.rsplit_once('.').ok_or("a token has a signature")?;
        let tail = if signature.ends_with("AAAA") { "BBBB" } else { "AAAA" };
        let bad = format!("{signed}.{}{tail}", &signature[..signature.len() - 4]);

        cases.push(plain(name("plain.verified"), &signer, &good, true)?);
        cases.push(judged(name("verified"), &forgetful(&signer, ours)?, &good, is_accepted)?);
        cases.push(judged(name("cached"), &remembering(&signer, ours)?, &good, is_accepted)?);
        cases.push(guarded(name("cached.guard"), remembering(&signer, ours)?, &good)?);
        cases.push(plain(name("plain.refused"), &signer, &bad, false)?);
        cases.push(judged(name("refused"), &remembering(&signer, ours)?, &bad, is_unknown)?);
        if algorithm != Algorithm::HS256 {
            let stranger = signer.token("nobody's")?;
            let jwt = remote(&signer, ours)?;
            runtime.block_on(jwt.ready())?;
            cases.push(judged(name("unknown kid"), &jwt, &stranger, is_unknown)?);
        }
    }
    Ok(cases)
}

fn plain(name: String, signer: &Signer, token: &str, is_good: bool) -> Result<Case, BoxError> {
    let key = Rc::new(signer.decoding_key()?);
    let mut validation = Validation::new(signer.algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    let (validation, token) = (Rc::new(validation), Rc::<str>::from(token));
    let ask = move || jsonwebtoken::decode::<Account>(&*token, &key, &validation).is_ok();
    let is_right: fn(bool) -> bool = if is_good { |it| it } else { |it| !it };
    Ok(Case::new(name, 200, ask, is_right))
}

fn judged(
    name: String,
    jwt: &Jwt<Account>,
    token: &str,
    is_right: fn(Verification<Claims<Account>>) -> bool,
) -> Result<Case, BoxError> {
    let token = Rc::new(Token::try_from(token).map_err(|reason| format!("{reason:?}"))?);
    let jwt = jwt.clone();
    let requests = if name.ends_with("cached") { 2_000 } else { 200 };
    let _ = jwt.verify(&token);
    Ok(Case::new(name, requests, move || jwt.verify(&token), is_right))
}

/// The whole guard, from a request's head to its principal.
fn guarded(name: String, jwt: Jwt<Account>, token: &str) -> Result<Case, BoxError> {
    let bearer = Bearer::new(jwt);
    let value = HeaderValue::try_from(format!("Bearer {token}"))?;
    let head = move || {
        let (mut head, ()) = Request::new(()).into_parts();
        head.uri = Uri::from_static("/invoices");
        head.headers.insert(AUTHORIZATION, value.clone());
        head
    };
    let (proven, proof) = (bearer.clone(), head.clone());
    let heads = Rc::new(RefCell::new(Vec::<Parts>::new()));
    let prepared = Rc::clone(&heads);
    Ok(Case {
        name,
        requests: 500,
        prepare: Box::new(move |requests| {
            *prepared.borrow_mut() = (0..requests).map(|_| head()).collect();
        }),
        run: Box::new(move |_| {
            for head in heads.borrow_mut().iter_mut() {
                drop(black_box(bearer.check(head)));
            }
        }),
        is_right: Box::new(move || {
            let mut head = proof();
            let verdict = proven.check(&mut head);
            matches!(verdict, Verdict::Now(Ok(_)))
                && head.extensions.get::<Claims<Account>>().is_some()
        }),
    })
}

fn is_accepted(verification: Verification<Claims<Account>>) -> bool {
    matches!(verification, Verification::Now(Outcome::Accepted(_)))
}

fn is_unknown(verification: Verification<Claims<Account>>) -> bool {
    matches!(verification, Verification::Now(Outcome::Rejected(Reason::Unknown)))
}

fn forgetful(signer: &Signer, algorithm: jwt::Algorithm) -> Result<Jwt<Account>, BoxError> {
    of(signer.keys()?, algorithm, 0)
}

fn remembering(signer: &Signer, algorithm: jwt::Algorithm) -> Result<Jwt<Account>, BoxError> {
    of(signer.keys()?, algorithm, 10_000)
}

fn of(
    keys: IssuerKeys,
    algorithm: jwt::Algorithm,
    capacity: usize,
) -> Result<Jwt<Account>, BoxError> {
    let issuer = Issuer::new(ISSUER, keys).with_algorithms([algorithm]);
    let builder = Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE);
    Ok(builder.with_capacity(capacity).build()?)
}

/// Fetches what was made here.
struct Known(String);

impl Fetch for Known {
    async fn fetch(&self, _: &Uri, _: usize) -> Result<Vec<u8>, BoxError> {
        Ok(self.0.clone().into_bytes())
    }
}

fn remote(signer: &Signer, algorithm: jwt::Algorithm) -> Result<Jwt<Account>, BoxError> {
    // No second fetch while it is measured.
    let hour = std::time::Duration::from_secs(3_600);
    let jwks = Jwks::at("https://id.example.com/jwks.json")
        .with_fetch(Known(signer.jwks()?))
        .with_refresh(hour)
        .with_cool_down(hour);
    of(jwks.into(), algorithm, 10_000)
}
