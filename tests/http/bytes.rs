//! What a client on HTTP/1.1 reads, to the byte: a client library could forgive what this does not.

use portcullis_tests::{ACME, Ask, Quotas, Raw, delete, get, head, invoices};

use crate::way::Place;

async fn at(place: Place, ask: Ask) -> Raw {
    let (server, _clock) = place.serve(invoices(), Quotas::default()).await;
    server.raw(ask).await.but_for("date").but_for("x-ratelimit-remaining")
}

/// Another tenant's invoice, a missing one, and a path that is no path.
const HIDDEN: [&str; 3] = ["/invoices/2", "/invoices/404", "/nowhere"];

#[tokio::test]
async fn a_hidden_a_missing_and_an_unknown_path_are_the_same_bytes() {
    for place in Place::ALL {
        let [masked, absent, unknown] = HIDDEN.map(|path| at(place, get(path).key(ACME)));
        let masked = masked.await;
        assert_eq!(masked, absent.await);
        assert_eq!(masked, unknown.await);

        let text = masked.to_string();
        assert!(text.starts_with("HTTP/1.1 404 Not Found\r\n"), "{text}");
        assert!(text.contains("\r\nx-ratelimit-remaining: …\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n{\"detail\":\"Not Found\"}"), "{text}");
    }
}

#[tokio::test]
async fn the_answer_to_head_is_that_to_get_up_to_the_end_of_its_headers() {
    for place in Place::ALL {
        for path in HIDDEN {
            let got = at(place, get(path).key(ACME)).await.to_string();
            let head = at(place, head(path).key(ACME)).await.to_string();
            assert_eq!(format!("{head}{{\"detail\":\"Not Found\"}}"), got, "{path}");
        }
    }
}

#[tokio::test]
async fn a_204_and_a_304_end_with_their_headers() {
    for place in Place::ALL {
        for (ask, status) in
            [(delete("/invoices/1"), "204 No Content"), (get("/unchanged"), "304 Not Modified")]
        {
            let answer = at(place, ask.key(ACME)).await.to_string();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
            assert_eq!(answer.find("\r\n\r\n"), Some(answer.len() - 4), "{answer}");
        }
    }
}
