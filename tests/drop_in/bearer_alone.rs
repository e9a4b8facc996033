use portcullis::{Bearer, GuardLayer};
use portcullis_tests::{ACME, Keys, get, oneshot, put};

use crate::place::{Layered, Place};

fn behind_a_bearer(place: Place) -> Layered {
    place.put(GuardLayer::new(Bearer::new(Keys)))
}

#[tokio::test]
async fn without_a_key_a_route_is_a_401_with_its_challenge_and_no_body_where_no_envelope_is() {
    for place in Place::ALL {
        let answer = oneshot(behind_a_bearer(place), get("/api/here")).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (401, ""), "{place:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{place:?}");
    }
}

#[tokio::test]
async fn with_a_key_every_route_answers_as_it_did_before() {
    for place in Place::ALL {
        for path in ["/api/here", "/api/gone", "/api/empty", "/api/unchanged", "/api/nowhere"] {
            let answer = oneshot(behind_a_bearer(place), get(path).key(ACME)).await;
            let bare = oneshot(place.bare(), get(path)).await;
            assert_eq!(answer.lines(), bare.lines(), "{place:?} {path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_asks_for_a_key_where_the_layer_covers_it() {
    for (place, status) in [
        (Place::RouterLayer, 401),
        (Place::RouteLayer, 404),
        (Place::MethodRouter, 404),
        (Place::Nested, 404),
        (Place::NestedWithFallback, 401),
        (Place::Outside, 401),
    ] {
        let answer = oneshot(behind_a_bearer(place), get("/api/nowhere")).await;
        assert_eq!(answer.status, status, "{place:?}");
    }
}

#[tokio::test]
async fn inside_the_router_a_401_for_a_method_that_is_not_there_says_which_are() {
    for place in Place::ALL {
        let answer = oneshot(behind_a_bearer(place), put("/api/here")).await;
        let allow = if place == Place::Outside { "" } else { "GET,HEAD" };
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (401, allow), "{place:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{place:?}");
    }
}
