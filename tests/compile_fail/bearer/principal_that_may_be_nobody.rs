use portcullis::{Bearer, Reason, Token, Verification};

#[derive(Clone)]
struct Caller;

fn find(token: &Token) -> Result<Option<Caller>, Reason> {
    Ok((token.as_str() == "tok").then_some(Caller))
}

fn main() {
    let _ = Bearer::from_fn(|token: &Token| find(token).into());
    let _ = Bearer::from_fn(|token: &Token| {
        let found = find(token);
        Verification::later(async move { found })
    });
}
