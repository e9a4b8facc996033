//! One header value has one reason, whatever it came over.

use http::header::AUTHORIZATION;
use portcullis::{Bearer, OnDuplicate, Refusals};
use portcullis_tests::get;

use crate::service::{OneKey, answer, behind};

/// `Authorization` lines, and who called or why not.
const LINES: [(&[&[u8]], &str); 58] = [
    (&[], "Missing"),
    (&[b"Bearer hunter2"], "wile"),
    (&[b"Bearer hunter2later"], "wile"),
    (&[b"bearer hunter2"], "wile"),
    (&[b"BEARER hunter2"], "wile"),
    (&[b"bEaReR hunter2"], "wile"),
    (&[b"Bearer  hunter2"], "wile"),
    (&[b"Bearer        hunter2"], "wile"),
    (&[b" Bearer hunter2"], "wile"),
    (&[b"\tBearer hunter2"], "wile"),
    (&[b"Bearer hunter2 "], "wile"),
    (&[b"Bearer hunter2\t"], "wile"),
    (&[b" \t Bearer  hunter2 \t "], "wile"),
    (&[b"Bearer hunter2="], "Unknown"),
    (&[b"Bearer hunter2=="], "Unknown"),
    (&[b"Bearer hunter2/+._~-09azAZ="], "Unknown"),
    (&[b"Bearer Hunter2"], "Unknown"),
    (&[b"Bearer bearer"], "Unknown"),
    (&[b"Bearer"], "Empty"),
    (&[b"Bearer "], "Empty"),
    (&[b"bearer\t"], "Empty"),
    (&[b" Bearer   "], "Empty"),
    (&[b""], "Malformed"),
    (&[b" "], "Malformed"),
    (&[b"B"], "Malformed"),
    (&[b"hunter2"], "Malformed"),
    (&[b"Bearerhunter2"], "Malformed"),
    (&[b"Bearer\thunter2"], "Malformed"),
    (&[b"Bearer \thunter2"], "Malformed"),
    (&[b"Bearer hunter2 extra"], "Malformed"),
    (&[b"Bearer hunter2 hunter2"], "Malformed"),
    (&[b"Bearer hunter2, Bearer hunter2"], "Malformed"),
    (&[b"Bearer hunter2,hunter2"], "Malformed"),
    (&[b"Bearer ,hunter2"], "Malformed"),
    (&[b"Bearer hunter2, Basic aHVudGVyMg=="], "Malformed"),
    (&[b"Bearer hunter2=x"], "Malformed"),
    (&[b"Bearer =hunter2"], "Malformed"),
    (&[b"Bearer ="], "Malformed"),
    (&[b"Bearer token=hunter2"], "Malformed"),
    (&[b"Bearer token=\"hunter2\""], "Malformed"),
    (&[b"Bearer \"hunter2\""], "Malformed"),
    (&[b"Bearer hunter2\\"], "Malformed"),
    (&[b"Bearer hunter2:x"], "Malformed"),
    (&[b"Bearer hunter2;x"], "Malformed"),
    (&[b"Bearer <hunter2>"], "Malformed"),
    (&[b"Bearer {hunter2}"], "Malformed"),
    (&[b"Bearer h%75nter2"], "Malformed"),
    (&[b"Bearer hunter2\xff"], "Malformed"),
    (&["Bearer hünter2".as_bytes()], "Malformed"),
    (&[b"\xef\xbb\xbfBearer hunter2"], "Malformed"),
    (&[b"Bearer: hunter2"], "Malformed"),
    (&[b"Basic aHVudGVyMjpodW50ZXIy"], "OtherScheme"),
    (&[b"Token hunter2"], "OtherScheme"),
    (&[b"Bearer2 hunter2"], "OtherScheme"),
    (&[b"Bearer hunter2", b"Bearer hunter2"], "Duplicate"),
    (&[b"Bearer hunter2", b"Basic aHVudGVyMg=="], "Duplicate"),
    (&[b"Basic aHVudGVyMg==", b"Bearer hunter2"], "Duplicate"),
    (&[b"Bearer hunter2", b""], "Duplicate"),
];

fn showing_reasons() -> Refusals {
    Refusals::new().map(|reason, refusal| refusal.with_message(format!("{reason:?}")))
}

async fn said(bearer: Bearer<OneKey>, lines: &[&[u8]]) -> String {
    let dress = |ask: portcullis_tests::Ask, line: &&[u8]| ask.header_of_bytes(AUTHORIZATION, line);
    let ask = lines.iter().fold(get("/whoami"), dress);
    let answer = answer(&behind(bearer.with_refusals(showing_reasons())), ask).await;
    let said = answer.text().trim_start_matches(r#"{"detail":""#).trim_end_matches(r#""}"#);
    assert_eq!(answer.status == 200, said == "wile", "{lines:?}");
    said.to_owned()
}

#[tokio::test]
async fn every_line_is_read_alike_over_http_1_and_http_2_and_in_process() {
    for (lines, expected) in LINES {
        let shown: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
        assert_eq!(said(Bearer::new(OneKey), lines).await, expected, "{shown:?}");
    }
}

#[tokio::test]
async fn a_header_is_as_long_as_it_may_be_and_no_longer() {
    let longest = format!("Bearer {}", "hunter2".repeat(1_169));
    assert_eq!(longest.len(), 8_190);
    for (padding, expected) in [("", "Unknown"), ("xx", "Unknown"), ("xxx", "TooLong")] {
        let line = format!("{longest}{padding}");
        assert_eq!(said(Bearer::new(OneKey), &[line.as_bytes()]).await, expected);
    }
    let padded = format!("Bearer hunter2{}", " ".repeat(8_192));
    assert_eq!(said(Bearer::new(OneKey), &[padded.as_bytes()]).await, "wile");
    let short = || Bearer::new(OneKey).with_max_length(14);
    assert_eq!(said(short(), &[b"Bearer hunter2"]).await, "wile");
    assert_eq!(said(short(), &[b"    Bearer hunter2    "]).await, "wile");
    assert_eq!(said(short(), &[b"Bearer  hunter2"]).await, "TooLong");
}

#[tokio::test]
async fn lines_that_are_the_same_are_one_where_that_is_allowed() {
    let lenient = || Bearer::new(OneKey).on_duplicate(OnDuplicate::AllowIdentical);
    for (lines, expected) in [
        (&[b"Bearer hunter2" as &[u8], b"Bearer hunter2"], "wile"),
        (&[b"Bearer hunter2", b"Bearer hunter2 "], "wile"),
        (&[b"Bearer hunter2", b"bearer hunter2"], "Duplicate"),
        (&[b"Bearer hunter2", b"Bearer hunter3"], "Duplicate"),
    ] {
        assert_eq!(said(lenient(), lines).await, expected);
    }
}
