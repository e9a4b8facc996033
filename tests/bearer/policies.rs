//! What single routes ask for.

use axum::{
    Router,
    routing::{any, get as on_get, post as on_post},
};
use http::{
    HeaderName, Method,
    header::{ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, COOKIE, ORIGIN},
};
use portcullis::{
    Bearer, Guard, GuardLayer, Inbound, OnMissing, OnPreflight, Permit, Portcullis, Principal,
    Quota, RateLimit, Reason, Refusals, RequireScopes, SessionCookie, Token, Verification,
};
use portcullis_tests::{Wire, ask, get, post};
use tower_http::cors::CorsLayer;

use crate::service::{Caller, OneKey, answer, behind, routes};

/// Who calls, by which kind of credentials, and what it was granted.
#[derive(Clone)]
struct Agent {
    scopes: &'static [&'static str],
    is_session: bool,
}

impl Agent {
    fn has(&self, scope: &str) -> bool {
        self.scopes.contains(&scope)
    }
}

fn key(token: &Token) -> Verification<Agent> {
    let scopes: &[_] = match token.as_str() {
        "hunter2full" => &["tickets:read", "tickets:write"],
        "hunter2read" => &["tickets:read"],
        _ => return None.into(),
    };
    Some(Agent { scopes, is_session: false }).into()
}

fn session(value: &Token) -> Verification<Agent> {
    (value.as_str() == "hunter2session").then_some(Agent { scopes: &[], is_session: true }).into()
}

fn tickets(refusals: Refusals) -> Router {
    let scope =
        |scope| GuardLayer::new(RequireScopes::new([scope], Agent::has).with_refusals(&refusals));
    let sessions = Permit::only(|agent: &Agent| agent.is_session).with_refusals(&refusals);
    let cookie = SessionCookie::from_fn("__Host-session", session);
    Router::new()
        .route("/tickets", on_get(async || "tickets").layer(scope("tickets:read")))
        .route("/new", on_post(async || "created").layer(scope("tickets:write")))
        .route("/account", on_get(async || "account").layer(GuardLayer::new(sessions)))
        .layer(
            Portcullis::new()
                .bearer(Bearer::from_fn(key).with_refusals(refusals).or_cookie(cookie)),
        )
}

#[tokio::test]
async fn a_scope_that_is_missing_is_a_403_that_names_it() {
    let app = tickets(Refusals::new());
    assert_eq!(answer(&app, get("/tickets").key("hunter2read")).await.text(), "tickets");
    assert_eq!(answer(&app, post("/new").key("hunter2full")).await.text(), "created");
    let refused = answer(&app, post("/new").key("hunter2read")).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.header("www-authenticate"),
        r#"Bearer error="insufficient_scope", scope="tickets:write""#
    );
    assert_eq!(refused.text(), r#"{"detail":"Missing required scope: tickets:write"}"#);
    assert_eq!(answer(&app, post("/new")).await.status, 401);
}

#[tokio::test]
async fn a_route_for_sessions_takes_no_keys() {
    let words = "API keys are not permitted for this endpoint";
    let app = tickets(Refusals::new().with_message(Reason::NotPermitted, words));
    let refused = answer(&app, get("/account").key("hunter2full")).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text(), format!(r#"{{"detail":"{words}"}}"#));

    let cookie = "theme=dark; __Host-session=hunter2session";
    assert_eq!(answer(&app, get("/account").header(COOKIE, cookie)).await.text(), "account");
    let stolen = get("/account").header(COOKIE, "__Host-session=hunter2stolen");
    assert_eq!(answer(&app, stolen).await.status, 401);
    // A good session does not save a bad key.
    let both = get("/account").header(COOKIE, cookie).key("hunter2stolen");
    assert_eq!(answer(&app, both).await.status, 401);
    let neither = answer(&app, get("/account")).await;
    let lines: Vec<_> = neither.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(lines, ["Bearer", r#"Cookie cookie-name="__Host-session""#]);
}

#[tokio::test]
async fn a_bad_session_is_told_of_its_session_and_of_no_error_of_a_bearer() {
    let lines = |wire: &Wire| {
        let lines = wire.headers.get_all("www-authenticate").iter();
        lines.map(|line| line.to_str().expect("ASCII").to_owned()).collect::<Vec<_>>()
    };
    let cookie = r#"Cookie cookie-name="__Host-session""#;
    for (refusals, malformed) in [
        (Refusals::new().with_realm("tickets"), 401),
        (Refusals::rfc6750().with_realm("tickets"), 400),
    ] {
        let app = tickets(refusals);
        for (value, status, words) in [
            ("hunter2stolen", 401, "Invalid session"),
            ("", malformed, "Empty session cookie"),
            ("\"", malformed, "Malformed session cookie"),
            ("a; __Host-session=b", malformed, "More than one session cookie"),
        ] {
            let ask = get("/account").header(COOKIE, &format!("__Host-session={value}"));
            let refused = answer(&app, ask).await;
            assert_eq!(refused.status, status, "{value:?}");
            assert_eq!(refused.text(), format!(r#"{{"detail":"{words}"}}"#));
            let beside = [r#"Bearer realm="tickets""#, cookie];
            assert_eq!(lines(&refused), beside[..if status == 401 { 2 } else { 1 }]);
        }
        let neither = answer(&app, get("/account")).await;
        assert_eq!(neither.text(), r#"{"detail":"Missing bearer token"}"#);
    }
    // Other words hold for both.
    let app = tickets(Refusals::new().with_message(Reason::Unknown, "Who are you?"));
    let stolen = get("/account").header(COOKIE, "__Host-session=hunter2stolen");
    assert_eq!(answer(&app, stolen).await.text(), r#"{"detail":"Who are you?"}"#);
}

#[tokio::test]
async fn where_credentials_are_optional_none_are_nobody_and_wrong_ones_a_401() {
    let app = behind(Bearer::new(OneKey).on_missing(OnMissing::Anonymous));
    assert_eq!(answer(&app, get("/whoami")).await.text(), "nobody");
    assert_eq!(answer(&app, get("/whoami").key("hunter2")).await.text(), "wile");
    // A handler that needs a principal asks for credentials.
    let needed = answer(&app, get("/me")).await;
    assert_eq!((needed.status.as_u16(), needed.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(needed.text(), r#"{"detail":"Missing bearer token"}"#);
    for wrong in ["Bearer hunter2wrong", "Bearer", "Basic aHVudGVyMg==", "hunter2", ""] {
        let ask = get("/whoami").header(AUTHORIZATION, wrong);
        assert_eq!(answer(&app, ask).await.status, 401, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_health_check_needs_no_credentials_and_nothing_near_it_is_exempt() {
    let app = behind(Bearer::new(OneKey).exempt("/health"));
    assert_eq!(answer(&app, get("/health")).await.text(), "fine");
    assert_eq!(answer(&app, get("/health?verbose")).await.text(), "fine");
    assert_eq!(answer(&app, get("/health").key("hunter2wrong")).await.text(), "fine");
    for near in ["/health/", "//health", "/health/../whoami", "/HEALTH", "/%68ealth", "/whoami"] {
        assert_eq!(answer(&app, get(near)).await.status, 401, "{near}");
    }
}

#[tokio::test]
async fn a_true_preflight_passes_and_nothing_that_looks_like_one() {
    let origin = "https://app.test";
    let method = ACCESS_CONTROL_REQUEST_METHOD;
    let options = || ask(Method::OPTIONS, "/whoami");
    let preflight = || options().header(ORIGIN, origin).header(method.clone(), "PUT");

    let app = behind(Bearer::new(OneKey));
    assert_eq!(answer(&app, preflight()).await.text(), "nobody");
    // Who pretends to be one gets no further than to handlers that let anybody in.
    let pretended =
        ask(Method::OPTIONS, "/me").header(ORIGIN, origin).header(method.clone(), "PUT");
    assert_eq!(answer(&app, pretended).await.status, 401);
    for wrong in [
        options(),
        options().header(ORIGIN, origin),
        options().header(method.clone(), "PUT"),
        get("/whoami").header(ORIGIN, origin).header(method.clone(), "PUT"),
        preflight().key("hunter2wrong"),
    ] {
        assert_eq!(answer(&app, wrong).await.status, 401);
    }
    let strict = behind(Bearer::new(OneKey).on_preflight(OnPreflight::Verify));
    assert_eq!(answer(&strict, preflight()).await.status, 401);

    // tower-http's CORS layer answers it, inside as outside.
    let inside = routes()
        .layer(CorsLayer::permissive())
        .layer(Portcullis::new().bearer(Bearer::new(OneKey)));
    let outside = strict.layer(CorsLayer::permissive());
    for app in [inside, outside] {
        let allowed = answer(&app, preflight()).await;
        assert_eq!(allowed.header("access-control-allow-methods"), "*");
        assert_eq!(allowed.status, 200);
    }
}

#[tokio::test]
async fn a_preflight_passes_what_a_route_requires_only_where_the_bearer_admits_preflights() {
    let app = |bearer: Bearer<OneKey>| {
        let scopes = GuardLayer::new(RequireScopes::new(["admin"], |_: &Caller, _: &str| false));
        let permit = GuardLayer::new(Permit::only(|_: &Caller| false));
        Router::new()
            .route("/scopes", any(async || "served").layer(scopes))
            .route("/permit", any(async || "served").layer(permit))
            .layer(Portcullis::new().bearer(bearer))
    };
    let bearer = || Bearer::new(OneKey).exempt("/permit").on_missing(OnMissing::Anonymous);
    for path in ["/scopes", "/permit"] {
        let preflight = || {
            let ask = ask(Method::OPTIONS, path).header(ORIGIN, "https://app.test");
            ask.header(ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        };
        assert_eq!(answer(&app(bearer()), preflight()).await.text(), "served", "{path}");
        for inbound in [Inbound::MarkSensitive, Inbound::Remove] {
            let lenient = app(bearer().with_inbound(inbound));
            assert_ne!(answer(&lenient, preflight().key("hunter2wrong")).await.status, 200);
            let strict = app(bearer().with_inbound(inbound).on_preflight(OnPreflight::Verify));
            assert_eq!(answer(&strict, preflight()).await.status, 401, "{path}");
        }
    }
}

/// Admits everybody, and leaves a caller for those that come without one.
struct Guest;

impl Guard for Guest {
    fn check(&self, head: &mut http::request::Parts) -> portcullis::Verdict {
        if head.extensions.get::<Caller>().is_none() {
            head.extensions.insert(Caller("guest".into()));
        }
        portcullis::Verdict::from(portcullis::Admission::new())
    }
}

#[tokio::test]
async fn a_limit_per_caller_counts_who_is_anonymous_once_a_guard_says_as_whom() {
    let limit = RateLimit::by(Quota::per_minute(2), |caller: &Caller| &caller.0);
    let bearer = Bearer::new(OneKey).on_missing(OnMissing::Anonymous);
    let handler = any(async |Principal(caller): Principal<Caller>| caller.0);
    let app = Router::new()
        .route("/", handler)
        .layer(GuardLayer::new((bearer, Guest, limit)))
        .layer(Portcullis::new());
    let remaining = HeaderName::from_static("x-ratelimit-remaining");
    let way = crate::service::Way::InProcess;
    for left in ["1", "0"] {
        let answer = way.send(&app, get("/")).await;
        assert_eq!((answer.text(), answer.header(remaining.as_str())), ("guest", left));
    }
    assert_eq!(way.send(&app, get("/")).await.status, 429);
    assert_eq!(way.send(&app, get("/").key("hunter2")).await.text(), "wile");
}

#[tokio::test]
async fn in_the_stack_who_is_let_in_without_credentials_is_not_counted_per_caller() {
    let bearer = Bearer::new(OneKey).on_missing(OnMissing::Anonymous).exempt("/health");
    let limit = RateLimit::by(Quota::per_minute(1), |caller: &Caller| &caller.0);
    let app = routes().layer(Portcullis::new().bearer(bearer).caller_limit(limit));
    let way = crate::service::Way::InProcess;
    for _ in 0..3 {
        assert_eq!(way.send(&app, get("/whoami")).await.text(), "nobody");
        assert_eq!(way.send(&app, get("/health")).await.text(), "fine");
        assert_eq!(way.send(&app, get("/me")).await.status, 401);
    }
    assert_eq!(way.send(&app, get("/me").key("hunter2")).await.status, 200);
    assert_eq!(way.send(&app, get("/me").key("hunter2")).await.status, 429);
}
