use proptest::prelude::*;

use super::*;

#[test]
fn the_time_between_two_requests_is_rounded_up() {
    for (count, period, micros) in [
        (600, Duration::from_secs(60), 100_000),
        (7, Duration::from_secs(60), 8_571_429),
        (1_000_000, Duration::from_secs(1), 1),
        (999_999, Duration::from_secs(1), 2),
        (1, Duration::from_nanos(1_001), 2),
    ] {
        let quota = Quota::per(count, period);
        assert_eq!(quota.interval(), Duration::from_micros(micros), "{count} in {period:?}");
        assert_eq!(quota.limit(), count);
    }
}

#[test]
fn a_quota_that_cannot_be_says_why() {
    let second = Duration::from_secs(1);
    assert_eq!(Quota::try_per(0, second), Err(QuotaError::Zero));
    assert_eq!(Quota::try_per(1, Duration::ZERO), Err(QuotaError::Zero));
    assert_eq!(Quota::try_per(1_000_001, second), Err(QuotaError::TooFast));
    assert_eq!(Quota::try_per(1, Duration::from_nanos(999)), Err(QuotaError::TooFast));
    assert_eq!(Quota::try_per(1, Duration::MAX), Err(QuotaError::TooLong));
    let hourly = Quota::per_hour(1);
    assert_eq!(hourly.try_burst(0), Err(QuotaError::Zero));
    assert_eq!(hourly.try_burst(u32::MAX), Err(QuotaError::TooLong));
    let windows = Quota::per_hour(10).in_windows(Window::Epoch);
    assert_eq!(windows.try_burst(5), Err(QuotaError::BurstInWindow));
    assert_eq!(
        Quota::per_hour(10).burst(5).try_in_windows(Window::Epoch),
        Err(QuotaError::BurstInWindow)
    );
    let many = Quota::per(MOST_IN_WINDOW + 1, Duration::from_secs(86_400));
    assert_eq!(many.try_in_windows(Window::Epoch), Err(QuotaError::TooMany));
}

#[test]
fn the_largest_quota_that_can_be_fits_in_nanoseconds() {
    let longest = Quota::per(1, Duration::from_micros(LONGEST_MICROS / 4)).burst(4);
    assert_eq!(longest.governor().burst_size().get(), 4);
    assert!(u64::try_from(longest.whole().as_nanos()).is_ok());
}

#[test]
fn a_text_is_the_quota_that_it_says() {
    for (text, quota) in [
        ("300/1m", Quota::per_minute(300)),
        ("10/s", Quota::per_second(10)),
        (" 10 / 2 s ", Quota::per(10, Duration::from_secs(2))),
        ("1000/24h;burst=50", Quota::per(1_000, Duration::from_secs(86_400)).burst(50)),
        ("5/d", Quota::per(5, Duration::from_secs(86_400))),
        ("5/250ms", Quota::per(5, Duration::from_millis(250))),
        ("5/250us", Quota::per(5, Duration::from_micros(250))),
        ("500/h;window=epoch", Quota::per_hour(500).in_windows(Window::Epoch)),
        ("500/h; window = first-request", Quota::per_hour(500).in_windows(Window::FirstRequest)),
        ("5/h;window=epoch;burst=5", Quota::per_hour(5).in_windows(Window::Epoch)),
    ] {
        assert_eq!(text.parse(), Ok(quota), "{text}");
    }
}

#[test]
fn a_text_that_is_no_quota_is_shown_with_one_that_is() {
    for text in [
        "",
        "300",
        "/",
        "300/",
        "/1m",
        "300/1y",
        "300/m1",
        "-1/s",
        "+1/s",
        "1.5/s",
        "1/s/s",
        "٣/s",
        "1/s;",
        "1/s;burst",
        "1/s;burst=",
        "1/s;burst=x",
        "1/s;rate=3",
        "1/s;burst=2;burst=3",
        "1/s;window=noon",
        "4294967296/d",
        "99999999999999999999/s",
        "1/0.5s",
    ] {
        let error = text.parse::<Quota>().unwrap_err();
        assert_eq!(error, ParseQuotaError::Syntax(text.to_owned()));
        assert!(error.to_string().contains("such as 300/1m"), "{error}");
    }
    for (text, error) in [
        ("0/s", QuotaError::Zero),
        ("1/0s", QuotaError::Zero),
        ("2/us", QuotaError::TooFast),
        ("1/999999999999999999d", QuotaError::TooLong),
        ("1/s;burst=0", QuotaError::Zero),
        ("9/s;window=epoch;burst=3", QuotaError::BurstInWindow),
    ] {
        assert_eq!(text.parse::<Quota>(), Err(ParseQuotaError::Quota(error)), "{text}");
    }
    let long = "9".repeat(10_000).parse::<Quota>().unwrap_err().to_string();
    assert!(long.len() < 300, "{long}");
}

proptest! {
    #[test]
    fn what_a_quota_is_written_as_is_that_quota(
        count in 1..=u32::MAX,
        micros in 1..=LONGEST_MICROS,
        burst in proptest::option::of(1..=u32::MAX),
        window in proptest::option::of(prop_oneof![Just(Window::Epoch), Just(Window::FirstRequest)]),
    ) {
        let Ok(mut quota) = Quota::try_per(count, Duration::from_micros(micros)) else {
            return Ok(());
        };
        if let Some(burst) = burst.and_then(|burst| quota.try_burst(burst).ok()) {
            quota = burst;
        }
        if let Some(window) = window.and_then(|window| quota.try_in_windows(window).ok()) {
            quota = window;
        }
        prop_assert_eq!(quota.to_string().parse(), Ok(quota));
    }

    #[test]
    fn any_text_is_a_quota_or_an_error(text in ".{0,40}") {
        if let Ok(quota) = text.parse::<Quota>() {
            prop_assert_eq!(quota.to_string().parse(), Ok(quota));
        }
    }
}
