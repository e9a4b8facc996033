use std::{
    io,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use tracing::{Dispatch, Level, subscriber::DefaultGuard};
use tracing_subscriber::fmt::Subscriber;

/// All that is logged on this thread while it is open, down to `TRACE`.
pub(crate) struct Journal {
    text: Text,
    _open: DefaultGuard,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

/// As long as there is but one subscriber in a process, `tracing` asks the thread that first comes
/// by a line whether anybody listens, and a thread without one says no for all. This is a second.
static SECOND: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(Subscriber::builder().with_writer(io::sink).finish()));

impl Journal {
    pub(crate) fn open() -> Self {
        LazyLock::force(&SECOND);
        let text = Text::default();
        let writer = text.clone();
        let subscriber = Subscriber::builder()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        Self { text, _open: tracing::subscriber::set_default(subscriber) }
    }

    /// The lines that were written since they were last taken.
    pub(crate) fn take(&self) -> Vec<String> {
        let bytes =
            std::mem::take(&mut *self.text.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl io::Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
