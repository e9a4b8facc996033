use http::header::AUTHORIZATION;
use portcullis_tests::{ACME, Wire, get};

use crate::way::Way;

/// The answer to these `Authorization` lines, which every way gives alike.
async fn answer(lines: &[&str]) -> Wire {
    let mut answers = Vec::new();
    for way in Way::ALL {
        let ask = lines.iter().fold(get("/whoami"), |ask, line| ask.header(AUTHORIZATION, line));
        answers.push(way.open().await.send(ask).await);
    }
    for other in &answers {
        assert_eq!(other.lines(), answers[0].lines(), "{lines:?}");
    }
    answers.swap_remove(0)
}

#[tokio::test]
async fn what_is_no_bearer_token_is_refused_alike_over_either_protocol() {
    let twice = format!("Bearer {ACME}");
    let error = r#" error="invalid_request""#;
    for (lines, detail, error) in [
        // HTTP/1.1 trims the white space at either end of a line, HTTP/2 delivers it.
        (&["Bearer "] as &[_], "Empty bearer token", error),
        (&["Bearer"], "Empty bearer token", error),
        (&["Bearer\t"], "Empty bearer token", error),
        (&["Basic dXNlcjpwdw=="], "Authorization scheme is not Bearer", ""),
        (&["Bearer acme-key extra"], "Malformed Authorization header", error),
        (&[&twice, &twice], "More than one Authorization header", error),
        (&[&twice, "Basic dXNlcjpwdw=="], "More than one Authorization header", error),
    ] {
        assert_eq!(
            answer(lines).await.lines(),
            [
                "401 Unauthorized",
                &format!("content-length: {}", detail.len() + 13),
                "content-type: application/json",
                &format!("www-authenticate: Bearer{error}"),
                "x-ratelimit-limit: 600",
                "x-ratelimit-remaining: 599",
                "",
                &format!(r#"{{"detail":"{detail}"}}"#),
            ],
            "{lines:?}"
        );
    }
}

#[tokio::test]
async fn the_scheme_may_be_in_any_case_and_white_space_around_it() {
    for line in ["bearer acme-key", "BEARER   acme-key", "  Bearer acme-key", "Bearer acme-key \t"]
    {
        let answer = answer(&[line]).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "wile"), "{line:?}");
    }
}

#[tokio::test]
async fn a_header_of_nine_kilobytes_is_refused_unread() {
    let answer = answer(&[&format!("Bearer {}", "a".repeat(9_000))]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text()),
        (401, r#"{"detail":"Bearer token too long"}"#)
    );
}
