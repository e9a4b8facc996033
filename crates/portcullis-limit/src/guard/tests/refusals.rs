use portcullis_core::{Allowance, Code, ErrorStatus};

use super::*;

/// The refusal of a limit of one a minute.
fn refused(limit: impl FnOnce(RateLimit) -> RateLimit) -> ApiError {
    let (limit, _hand) = at_rest(limit(RateLimit::by_address(Quota::per_minute(1))));
    assert!(is_admitted(&limit, from_client()));
    ask(&limit, from_client()).unwrap_err()
}

#[test]
fn a_refusal_says_the_limit_and_that_nothing_is_left() {
    let refusal = refused(|limit| limit);
    assert_eq!(refusal.status(), ErrorStatus::TOO_MANY_REQUESTS);
    assert_eq!(refusal.message(), "Rate limit exceeded");
    assert_eq!(refusal.allowance(), Some(Allowance::new(1, 0)));
    assert_eq!(refusal.retry_after(), NonZeroU64::new(60));
}

#[test]
fn its_message_has_the_numbers_that_the_template_asks_for() {
    let refusal = refused(|limit| limit.with_message("{limit} a minute, again in {retry_after}s"));
    assert_eq!(refusal.message(), "1 a minute, again in 60s");
}

#[test]
#[should_panic(expected = "other words in braces than {retry_after} and {limit}")]
fn a_template_that_asks_for_something_else_is_refused_when_the_limit_is_built() {
    let _ = RateLimit::by_address(Quota::per_minute(1)).with_message("{seconds}");
}

#[test]
fn a_contract_makes_of_it_what_it_asks_for_and_cannot_lose_the_numbers() {
    const CODE: Code = Code::new("REQ_429");
    let refusal = refused(|limit| {
        limit.with_refusal(|refusal| {
            assert_eq!((refusal.retry_after(), refusal.remaining()), (60, 0));
            let violated: Vec<_> = refusal.violated().collect();
            ApiError::new(ErrorStatus::TOO_MANY_REQUESTS)
                .with_code(CODE)
                .with_member("limit", refusal.limit())
                .with_member("violated-policies", violated)
        })
    });
    assert_eq!(refusal.code(), Some(CODE));
    assert_eq!(refusal.retry_after(), NonZeroU64::new(60));
    assert_eq!(refusal.allowance(), Some(Allowance::new(1, 0)));
    let members: Vec<_> =
        refusal.members().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(members, ["limit=1", "violated-policies=[\"address\"]"]);
}

#[test]
fn a_refusal_with_another_status_is_left_as_it_is() {
    let refusal = refused(|limit| limit.with_refusal(|_| ApiError::forbidden()));
    assert_eq!(refusal.status(), ErrorStatus::FORBIDDEN);
    assert_eq!((refusal.retry_after(), refusal.allowance()), (None, None));
}

#[test]
fn it_waits_for_the_slowest_of_the_policies_that_refuse() {
    let limit = RateLimit::by_address(Quota::per_second(1))
        .and(Policy::by_address(Quota::per_minute(1)).named("minute"))
        .and(Policy::by_address(Quota::per_hour(9)).named("hour"))
        .with_refusal(|refusal| {
            refusal.error().with_message(refusal.violated().collect::<String>())
        });
    let (limit, hand) = at_rest(limit);
    assert!(is_admitted(&limit, from_client()));
    let refusal = ask(&limit, from_client()).unwrap_err();
    assert_eq!((retry_after(&refusal), refusal.message()), (60, "addressminute"));
    hand.advance(Duration::from_secs(60));
    assert!(is_admitted(&limit, from_client()));
}
