//! A token is no word for a client or for a log, at whichever level, and whatever becomes of it.

use axum::{Router, routing::get};
use http::{Method, header::AUTHORIZATION};
use portcullis::{Bearer, GuardLayer, Principal, Token, Verification, Verify};
use portcullis_tests::Protocol;

use crate::{
    canaries::{CANARY, everything, status},
    journal::Journal,
    place::Place,
    shape::Shape,
    source::{Dress, Source},
};

/// Takes `hunter2` at once, and `hunter2later` later.
#[derive(Clone, Copy)]
struct OneKey;

impl Verify for OneKey {
    type Principal = ();

    fn verify(&self, token: &Token) -> Verification<()> {
        match token.as_str() {
            CANARY => Some(()).into(),
            "hunter2later" => Verification::later(async {
                tokio::task::yield_now().await;
                Some(())
            }),
            _ => None.into(),
        }
    }
}

/// What a caller sends, and what becomes of it.
fn tokens() -> [(&'static str, u16, Dress); 13] {
    [
        ("/", 200, |ask| ask.key(CANARY)),
        ("/", 200, |ask| ask.key("hunter2later")),
        ("/panic", 500, |ask| ask.key(CANARY)),
        ("/panic", 500, |ask| ask.key("hunter2later")),
        ("/nowhere", 404, |ask| ask.key(CANARY)),
        ("/", 401, |ask| ask.key("hunter2stolen")),
        ("/", 401, |ask| ask.header(AUTHORIZATION, "bEARER hunter2stolen")),
        ("/", 401, |ask| ask.header(AUTHORIZATION, "hunter2")),
        ("/", 401, |ask| ask.header(AUTHORIZATION, "Basic hunter2")),
        ("/", 401, |ask| ask.key("hunter2 hunter2")),
        ("/", 401, |ask| ask.key("hunter2,\"hunter2\"")),
        ("/", 401, |ask| ask.key(CANARY).key(CANARY)),
        ("/", 401, |ask| ask.key(&CANARY.repeat(1_300))),
    ]
}

#[tokio::test]
async fn a_token_is_neither_sent_nor_logged() {
    let journal = Journal::open();
    let mut wrong = Vec::new();
    for (path, expected, dress) in tokens() {
        let routes = Router::new()
            .route("/", get(async |_: Principal<()>| "served"))
            .route("/panic", get(async || -> () { panic!("the database is gone") }));
        let guard = GuardLayer::new(Bearer::new(OneKey));
        let source = Source::beneath("token", expected, guard, routes).at(path).asked(dress);
        for shape in &Shape::all() {
            for place in Place::ALL {
                let server = source.serve(place, shape).await;
                for protocol in Protocol::ALL {
                    let ask = source.ask(&Method::GET);
                    let got = everything(&server, protocol, ask.clone()).await;
                    let mut log = journal.take();
                    log.retain(|line| line.contains(CANARY));
                    if status(&got) != expected.to_string()
                        || got.contains(CANARY)
                        || !log.is_empty()
                    {
                        wrong.push(format!(
                            "{ask:?} {} {place:?} {protocol:?}\n{got}\n{log:#?}",
                            shape.name
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
