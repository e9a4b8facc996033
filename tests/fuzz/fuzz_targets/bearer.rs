//! Any `Authorization` and `Cookie` lines: the guard never panics, admits exactly the grammar of RFC
//! 6750, section 2.1, hands on exactly the token, hides what it admits, and answers the rest with a
//! challenge.

#![no_main]

use std::{cell::RefCell, sync::LazyLock};

use http::{
    HeaderValue, Request,
    header::{AUTHORIZATION, COOKIE},
};
use libfuzzer_sys::fuzz_target;
use portcullis::{
    Bearer, Guard, Inbound, OnDuplicate, Reason, SessionCookie, Token, Verdict, Verification,
};

thread_local! {
    /// What a verifier was asked about.
    static ASKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn verify(token: &Token) -> Verification<()> {
    ASKED.set(Some(token.as_str().to_owned()));
    Some(()).into()
}

fn verify_session(token: &Token) -> Verification<()> {
    assert!(token.as_str().bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
    verify(token)
}

/// A guard for each of the settings.
static GUARDS: LazyLock<[Box<dyn Guard>; 4]> = LazyLock::new(|| {
    std::array::from_fn(|settings| {
        let inbound = if settings & 2 != 0 { Inbound::Remove } else { Inbound::MarkSensitive };
        let bearer = Bearer::from_fn(verify)
            .on_duplicate(on_duplicate(settings))
            .with_inbound(inbound)
            .or_cookie(SessionCookie::from_fn("__Host-s", verify_session));
        Box::new(bearer) as Box<dyn Guard>
    })
});

fn on_duplicate(settings: usize) -> OnDuplicate {
    if settings & 1 == 0 { OnDuplicate::Refuse } else { OnDuplicate::AllowIdentical }
}

// The first byte chooses the settings; lines of the rest that begin with `c` are cookies.
fuzz_target!(|input: &[u8]| {
    let Some((settings, lines)) = input.split_first() else { return };
    let mut request = Request::new(());
    let mut credentials = Vec::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let (name, line) = match line.strip_prefix(b"c") {
            Some(cookie) => (COOKIE, cookie),
            None => (AUTHORIZATION, line),
        };
        let Ok(value) = HeaderValue::from_bytes(line) else { continue };
        if name == AUTHORIZATION {
            credentials.push(line);
        }
        request.headers_mut().append(name, value);
    }
    let settings = usize::from(settings & 3);
    let removes = settings & 2 != 0;

    let (mut head, ()) = request.into_parts();
    let verdict = GUARDS[settings].check(&mut head);
    let Verdict::Now(decision) = verdict else { panic!("it is decided now") };
    let asked = ASKED.take();

    if !credentials.is_empty() {
        let token = token(&credentials, on_duplicate(settings));
        assert_eq!(asked.as_deref(), token, "{credentials:?}");
        assert_eq!(decision.is_ok(), token.is_some());
    }
    match decision {
        Ok(_) => {
            assert!(head.headers.get_all(AUTHORIZATION).iter().all(HeaderValue::is_sensitive));
            assert!(!removes || !head.headers.contains_key(AUTHORIZATION));
            if asked.is_some() && credentials.is_empty() {
                assert!(head.headers.get_all(COOKIE).iter().all(HeaderValue::is_sensitive));
            }
        }
        Err(refusal) => {
            let challenges = refusal.headers().get_all("www-authenticate").iter();
            assert_eq!(challenges.count(), 2);
            assert!(refusal.extensions().get::<Reason>().is_some());
        }
    }
});

/// The token of these lines, read as plainly as can be.
fn token<'a>(lines: &[&'a [u8]], on_duplicate: OnDuplicate) -> Option<&'a str> {
    let mut trimmed = lines.iter().map(|line| {
        let line = std::str::from_utf8(line).unwrap_or("not ASCII");
        line.trim_matches([' ', '\t'])
    });
    let line = trimmed.next()?;
    if trimmed.len() > 0 && on_duplicate == OnDuplicate::Refuse || trimmed.any(|it| it != line) {
        return None;
    }
    if lines[0].len() > 8 * 1024 {
        return None;
    }
    let (scheme, token) = line.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    let letters = token.trim_end_matches('=');
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-._~+/".contains(letter);
    let is_token = !letters.is_empty() && letters.chars().all(is_letter);
    (scheme.eq_ignore_ascii_case("bearer") && is_token).then_some(token)
}
