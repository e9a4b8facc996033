use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use http::{HeaderName, HeaderValue, Request, Response, StatusCode, request::Parts};
use tower::{Layer, Service, ServiceExt};

use super::*;
use crate::{Allowance, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING};

/// Answers at once, or after a turn of the executor.
#[derive(Clone)]
struct Scripted {
    later: bool,
    answer: Result<Admission, ApiError>,
    asked: Arc<AtomicUsize>,
}

fn scripted(later: bool, answer: Result<Admission, ApiError>) -> Scripted {
    Scripted { later, answer, asked: Arc::default() }
}

impl Guard for Scripted {
    fn check(&self, _head: &mut Parts) -> Verdict {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.answer.clone();
        if !self.later {
            return Verdict::from(answer);
        }
        Verdict::later(async {
            tokio::task::yield_now().await;
            answer
        })
    }
}

fn allowance(limit: u32, remaining: u32) -> Admission {
    Admission::new().with_allowance(Allowance::new(limit, remaining))
}

async fn through<G: Guards, S>(guards: G, inner: S) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible> + Clone,
{
    let request = Request::new(());
    GuardLayer::new(guards).layer(inner).oneshot(request).await.unwrap()
}

/// A handler that answers 200 with the limit pair that it was told, or without one.
fn answering(
    status: StatusCode,
    pair: Option<(&'static str, &'static str)>,
) -> impl Service<
    Request<()>,
    Response = Response<String>,
    Error = Infallible,
    Future = Ready<Result<Response<String>, Infallible>>,
> + Clone {
    tower::service_fn(move |request: Request<()>| {
        let mut response = Response::new(format!("{:?}", request.extensions().get::<u8>()));
        *response.status_mut() = status;
        if let Some((limit, remaining)) = pair {
            let headers = response.headers_mut();
            headers.insert(X_RATELIMIT_LIMIT, HeaderValue::from_static(limit));
            headers.insert(X_RATELIMIT_REMAINING, HeaderValue::from_static(remaining));
        }
        ready(Ok(response))
    })
}

fn pair<B>(response: &Response<B>) -> [&str; 2] {
    [X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING]
        .map(|name| response.headers().get(name).map_or("", |value| value.to_str().unwrap()))
}

#[test]
fn what_every_request_moves_stays_small() {
    assert!(size_of::<Result<Admission, ApiError>>() <= 48);
    assert!(size_of::<Verdict>() <= 48);
}

#[tokio::test]
async fn guards_are_asked_in_order_and_the_first_refusal_ends_it() {
    for later in [false, true] {
        let first = scripted(later, Ok(Admission::new()));
        let second = scripted(later, Err(ApiError::forbidden()));
        let third = scripted(later, Ok(Admission::new()));
        let guards = (first.clone(), second.clone(), third.clone());

        let response = through(guards, answering(StatusCode::OK, None)).await;

        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(response.extensions().get::<ApiError>().is_some());
        let asked = [first, second, third].map(|guard| guard.asked.load(Ordering::Relaxed));
        assert_eq!(asked, [1, 1, 0]);
    }
}

#[tokio::test]
async fn now_and_later_mix_and_hand_their_extensions_to_the_handler() {
    for laters in 0..8 {
        let guard = |bit: u8| {
            let admission = Admission::new().with_extension(bit);
            scripted(laters & (1 << bit) != 0, Ok(admission))
        };
        let guards = (guard(0), guard(1), guard(2));
        let response = through(guards, answering(StatusCode::OK, None)).await;
        assert_eq!(response.body(), "Some(2)");
    }
}

/// Admits, and says whether it knows the time.
struct Informed(bool);

impl Guard for Informed {
    fn check(&self, head: &mut Parts) -> Verdict {
        self.check_at(head, &mut Moment::default())
    }

    fn check_at(&self, _head: &mut Parts, moment: &mut Moment) -> Verdict {
        assert_eq!(moment.known().is_some(), self.0);
        moment.now();
        Verdict::from(Admission::new())
    }
}

#[tokio::test]
async fn a_moment_is_handed_on_by_who_takes_no_time_and_passes_while_anybody_waits() {
    let waits = scripted(true, Ok(Admission::new()));
    let takes_time = scripted(false, Ok(Admission::new()));
    let handler = || answering(StatusCode::OK, None);
    through((Informed(false), Informed(true), waits.clone(), Informed(false)), handler()).await;
    through((Informed(false), takes_time, Informed(false)), handler()).await;

    /// Waits, and has not let the moment pass.
    struct Forgetful(Scripted);

    impl Guard for Forgetful {
        fn check(&self, head: &mut Parts) -> Verdict {
            self.0.check(head)
        }

        fn check_at(&self, head: &mut Parts, _moment: &mut Moment) -> Verdict {
            self.check(head)
        }
    }

    through((Informed(false), Forgetful(waits), Informed(false)), handler()).await;
}

#[tokio::test]
async fn of_several_allowances_the_tightest_is_stamped() {
    let guards = (scripted(false, Ok(allowance(100, 98))), scripted(true, Ok(allowance(10, 3))));
    let response = through(guards, answering(StatusCode::OK, None)).await;
    assert_eq!(pair(&response), ["10", "3"]);
}

#[tokio::test]
async fn an_outer_limit_replaces_an_inner_pair_only_when_it_has_less_left() {
    for (inner, outer, expected) in [
        (("100", "98"), (10, 3), ["10", "3"]),
        (("10", "3"), (100, 98), ["10", "3"]),
        (("10", "3"), (5, 3), ["10", "3"]),
        (("ten", "many"), (5, 3), ["ten", "many"]),
    ] {
        let guard = scripted(false, Ok(allowance(outer.0, outer.1)));
        let response = through(guard, answering(StatusCode::OK, Some(inner))).await;
        assert_eq!(pair(&response), expected);
    }
}

#[tokio::test]
async fn the_pair_of_a_429_stays_as_the_refuser_wrote_it() {
    // A request that costs ten when five are left is refused with five remaining.
    let guard = scripted(false, Ok(allowance(100, 3)));
    let inner = answering(StatusCode::TOO_MANY_REQUESTS, Some(("10", "5")));
    assert_eq!(pair(&through(guard, inner).await), ["10", "5"]);

    let refusal = ApiError::too_many_requests(std::time::Duration::from_secs(9))
        .with_allowance(Allowance::new(10, 5));
    let guards = (scripted(false, Ok(allowance(100, 3))), scripted(false, Err(refusal)));
    let response = through(guards, answering(StatusCode::OK, None)).await;
    assert_eq!(pair(&response), ["10", "5"]);
    assert_eq!(response.headers()["retry-after"], "9");
}

#[tokio::test]
async fn a_429_of_somebody_elses_is_not_told_that_much_is_left() {
    let guard = scripted(false, Ok(allowance(300, 299)));
    let response = through(guard, answering(StatusCode::TOO_MANY_REQUESTS, None)).await;
    assert_eq!(pair(&response), ["", ""]);
}

#[tokio::test]
async fn a_refusal_that_is_no_limit_still_says_what_is_left() {
    let guards =
        (scripted(false, Ok(allowance(100, 98))), scripted(false, Err(ApiError::unauthorized())));
    let response = through(guards, answering(StatusCode::OK, None)).await;
    assert_eq!(pair(&response), ["100", "98"]);
}

#[tokio::test]
async fn headers_are_stamped_only_where_absent_and_keep_all_their_lines() {
    const VARY: HeaderName = http::header::VARY;
    const LINK: HeaderName = http::header::LINK;
    let value = HeaderValue::from_static;
    let outer = Admission::new()
        .with_header(VARY, value("outer"))
        .with_header(LINK, value("a"))
        .with_header(LINK, value("b"));
    let inner = Admission::new().with_header(VARY, value("inner"));
    let guards = (scripted(false, Ok(outer)), scripted(false, Ok(inner)));

    let response = through(guards, answering(StatusCode::OK, None)).await;

    let lines = |name| response.headers().get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(lines(VARY), ["inner"]);
    assert_eq!(lines(LINK), ["a", "b"]);
}

/// Counts how often a service was made ready, and fails if it is called when it is not.
struct Counted {
    ready: bool,
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self { ready: false }
    }
}

impl Service<Request<()>> for Counted {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<()>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called before it was ready");
        ready(Ok(Response::new(String::new())))
    }
}

#[tokio::test]
async fn the_service_that_was_made_ready_is_the_one_that_is_called() {
    for later in [false, true] {
        let guard = scripted(later, Ok(Admission::new()));
        let mut service = GuardLayer::new(guard).layer(Counted { ready: false });
        for _ in 0..2 {
            service.ready().await.unwrap().call(Request::new(())).await.unwrap();
        }
    }
}

#[tokio::test]
async fn all_services_of_a_layer_and_of_its_clones_share_one_guard() {
    let guard = scripted(false, Ok(Admission::new()));
    let asked = Arc::clone(&guard.asked);
    let layer = GuardLayer::new(guard);
    for layer in [layer.clone(), layer] {
        let service = layer.layer(answering(StatusCode::OK, None));
        service.clone().oneshot(Request::new(())).await.unwrap();
        service.oneshot(Request::new(())).await.unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn every_guards_line_of_a_list_header_stands_beside_those_of_the_others() {
    fn name() -> HeaderName {
        HeaderName::from_static("ratelimit")
    }
    let line = |value| Admission::new().with_line(name(), HeaderValue::from_static(value));
    let inner = tower::service_fn(|_: Request<()>| async {
        let mut response = Response::new(String::new());
        response.headers_mut().insert(name(), HeaderValue::from_static("\"route\";r=1"));
        Ok::<_, Infallible>(response)
    });
    let guards =
        (scripted(false, Ok(line("\"address\";r=3"))), scripted(true, Ok(line("\"caller\";r=2"))));
    let response = through(guards, inner).await;
    let lines: Vec<_> = response.headers().get_all(name()).iter().collect();
    assert_eq!(lines, ["\"route\";r=1", "\"address\";r=3", "\"caller\";r=2"]);

    let refusal =
        ApiError::forbidden().with_header(name(), HeaderValue::from_static("\"own\";r=0"));
    let guards = (scripted(false, Ok(line("\"address\";r=3"))), scripted(false, Err(refusal)));
    let response = through(guards, answering(StatusCode::OK, None)).await;
    let lines: Vec<_> = response.headers().get_all(name()).iter().collect();
    assert_eq!(lines, ["\"own\";r=0", "\"address\";r=3"]);
}

#[tokio::test]
async fn a_reset_goes_with_the_pair_that_it_belongs_to() {
    let reset = |limit, remaining, seconds| {
        let allowance = Allowance::new(limit, remaining);
        let seconds = std::num::NonZeroU64::new(seconds).unwrap();
        Admission::new().with_allowance(allowance.with_reset(seconds))
    };
    for (outer, written) in [(reset(100, 99, 60), Some("7")), (reset(100, 2, 60), Some("60"))] {
        let guard = scripted(false, Ok(outer));
        let inner = GuardLayer::new(scripted(false, Ok(reset(10, 5, 7))))
            .layer(answering(StatusCode::OK, None));
        let response = through(guard, inner).await;
        let reset = response.headers().get(crate::X_RATELIMIT_RESET);
        assert_eq!(reset.map(|reset| reset.to_str().unwrap()), written);
    }
    let inner = GuardLayer::new(scripted(false, Ok(reset(10, 5, 7))))
        .layer(answering(StatusCode::OK, None));
    let response = through(scripted(false, Ok(allowance(100, 2))), inner).await;
    assert_eq!(response.headers().get(crate::X_RATELIMIT_RESET), None);
}
