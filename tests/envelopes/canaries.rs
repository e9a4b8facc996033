//! What must not get out: a word is planted wherever something may leak from, and looked for in all
//! that a client gets, and in all that is logged.

mod causes;
mod inputs;

use axum::routing::get;
use http::Method;
use portcullis::ApiError;
use portcullis_tests::{Ask, Protocol, Server};

use crate::{journal::Journal, place::Place, shape::Shape, source::Source};

/// The word.
pub(crate) const CANARY: &str = "hunter2";

/// All that the client gets, the status line and the headers among it.
pub(crate) async fn everything(server: &Server, protocol: Protocol, ask: Ask) -> String {
    match protocol {
        Protocol::Http1 => server.raw(ask).await.to_string(),
        Protocol::Http2 => server.client(protocol).await.send(ask).await.lines().join("\n"),
    }
}

/// The number in the first line.
pub(crate) fn status(got: &str) -> &str {
    let line = got.strip_prefix("HTTP/1.1 ").unwrap_or(got);
    line.split(' ').next().unwrap_or_default()
}

/// Whether axum wrote this line: with its feature `tracing`, on or not, it says what it rejects.
fn is_axums(line: &str) -> bool {
    line.split_whitespace().nth(1).is_some_and(|target| target.starts_with("axum::"))
}

/// A word in a source, and how the only line begins that has it in the log; empty if none has.
type Planted = (Source, &'static str);

/// Fails, and names every place, if the word gets out of one of these or is not logged as it should.
async fn assert_kept(planted: Vec<Planted>) {
    let journal = Journal::open();
    let mut wrong = Vec::new();
    for (source, log) in planted {
        for shape in &Shape::all() {
            for place in Place::ALL {
                let server = source.serve(place, shape).await;
                for protocol in source.protocols {
                    let cell = (source.name, shape.name, place, protocol);
                    let _before = journal.take();
                    let got = everything(&server, *protocol, source.ask(&source.methods[0])).await;
                    if got.contains(CANARY) || status(&got) != source.status().to_string() {
                        wrong.push(format!("{cell:?} answers\n{got}"));
                    }
                    let mut lines = journal.take();
                    lines.retain(|line| line.contains(CANARY) && !is_axums(line));
                    let is_right = match &*lines {
                        [] => log.is_empty(),
                        [line] => !log.is_empty() && line.starts_with(log),
                        _ => false,
                    };
                    if !is_right {
                        wrong.push(format!("{cell:?} logs {lines:#?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_said_and_logged_on_purpose_is_found() {
    let message = || ApiError::conflict().with_message(CANARY).with_source(CANARY);
    let said = Source::route("said", 409, get(async move || Err::<(), _>(message())));
    let journal = Journal::open();
    for shape in &Shape::all() {
        let server = said.serve(Place::Inside, shape).await;
        for protocol in Protocol::ALL {
            let got = everything(&server, protocol, said.ask(&Method::GET)).await;
            assert!(got.contains(CANARY), "{} {protocol:?}: {got}", shape.name);
            let lines = journal.take();
            assert!(lines.iter().any(|line| line.contains(CANARY)), "{lines:#?}");
        }
    }
}
