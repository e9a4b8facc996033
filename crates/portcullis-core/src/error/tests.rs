use http::{Response, header::WWW_AUTHENTICATE};

use super::*;

#[test]
fn it_is_a_few_words_wide() {
    assert!(size_of::<ApiError>() <= 6 * size_of::<usize>());
    assert!(size_of::<Result<(), ApiError>>() <= 6 * size_of::<usize>());
}

#[test]
fn a_prepared_error_is_shared_until_it_is_changed() {
    let prepared = ApiError::too_many_requests(Duration::ZERO).prepared();
    let keep = |error: &ApiError| error.kept().map(|kept| kept.set(Box::new(())).is_ok());
    assert_eq!(keep(&prepared.clone().with_retry_after(Duration::from_secs(9))), Some(true));
    assert_eq!(keep(&prepared), Some(false), "what one clone keeps is kept by all");

    assert_eq!(keep(&prepared.clone().with_message("Slow down")), None);
    assert_eq!(keep(&prepared.with_message("Slow down").prepared()), Some(true));
    assert_eq!(keep(&ApiError::conflict()), None);
}

#[test]
fn retry_after_is_rounded_up_and_never_zero() {
    for (wait, seconds) in [(0, 1), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
        let error = ApiError::too_many_requests(Duration::from_millis(wait));
        assert_eq!(error.retry_after().map(NonZeroU64::get), Some(seconds), "{wait} ms");
    }
    let forever = ApiError::too_many_requests(Duration::MAX);
    assert_eq!(forever.retry_after().map(NonZeroU64::get), Some(u64::MAX));
}

#[test]
fn a_clone_that_is_changed_leaves_the_original_alone() {
    let original = ApiError::conflict().with_message("Name is taken");
    let changed = original.clone().with_message("Name is reserved");
    assert_eq!(original.message(), "Name is taken");
    assert_eq!(changed.message(), "Name is reserved");
}

#[test]
fn every_401_is_challenged_once() {
    for (refusal, challenge) in [
        (ApiError::unauthorized(), Some("Bearer")),
        (
            ApiError::unauthorized()
                .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Basic")),
            Some("Basic"),
        ),
        (ApiError::forbidden(), None),
    ] {
        let response: Response<()> = refusal.into_response();
        let challenges = response.headers().get_all(WWW_AUTHENTICATE).iter();
        assert_eq!(challenges.collect::<Vec<_>>(), Vec::from_iter(challenge));
    }
}

#[test]
fn a_shared_refusal_keeps_its_headers_for_the_next_response() {
    let shared =
        ApiError::unauthorized().with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    for _ in 0..2 {
        let response: Response<()> = shared.clone().into_response();
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
}

#[test]
fn what_is_said_to_layers_further_out_is_in_the_responses_extensions() {
    let refusal = ApiError::forbidden().with_extension(7_u8);
    let response: Response<()> = refusal.into_response();
    assert_eq!(response.extensions().get::<u8>(), Some(&7));
    let error = response.extensions().get::<ApiError>().unwrap();
    assert_eq!(error.extensions().get::<u8>(), Some(&7));
}

#[test]
fn neither_debug_nor_display_shows_the_cause() {
    let error = ApiError::internal("password=hunter2");
    assert!(!format!("{error:?} {error}").contains("hunter2"));
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("password=hunter2"));
}
