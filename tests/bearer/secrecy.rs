//! No token is ever logged or answered, by whichever test.

use std::{
    io,
    process::abort,
    sync::{LazyLock, Mutex, PoisonError, RwLock},
};

use portcullis_tests::Wire;
use tracing::Level;
use tracing_subscriber::fmt::Subscriber;

/// Every token that is sent here has this in it, or is [registered](hide).
pub(crate) const CANARY: &str = "hunter2";

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());
static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The one subscriber of this process, down to `TRACE`. A line with a token in it ends the process,
/// and with it all tests, whichever they are.
static WATCH: LazyLock<()> = LazyLock::new(|| {
    let subscriber = Subscriber::builder()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(|| Watch)
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the one subscriber");
});

/// Begins to watch what is logged.
pub(crate) fn watch() {
    LazyLock::force(&WATCH);
}

/// Has this looked for, too.
pub(crate) fn hide(secret: &str) {
    SECRETS.write().unwrap_or_else(PoisonError::into_inner).push(secret.to_owned());
}

fn leaks(text: &str) -> bool {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    text.contains(CANARY) || secrets.iter().any(|secret| text.contains(secret))
}

/// The answer, which shows no token.
pub(crate) fn searched(answer: Wire) -> Wire {
    let text = answer.lines().join("\n");
    assert!(!leaks(&text), "a token was answered:\n{text}");
    answer
}

/// Whether a line of this text was logged so far.
pub(crate) fn was_logged(text: &str) -> bool {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|line| line.contains(text))
}

struct Watch;

impl io::Write for Watch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes).into_owned();
        if leaks(&line) {
            // A panic here would be caught by what logs.
            let _ = io::stderr().write_all(format!("a token was logged: {line}\n").as_bytes());
            abort();
        }
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_watch_sees_what_others_log_and_would_know_a_token() {
    watch();
    tracing::trace!("a line of this test");
    assert!(was_logged("a line of this test"));
    assert!(leaks("Bearer hunter2"));
    hide("a_registered_one");
    assert!(leaks("Bearer a_registered_one"));
    assert!(!leaks("Bearer"));
}
