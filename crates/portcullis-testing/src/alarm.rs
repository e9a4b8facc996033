//! A wait that ends, whichever runtime the test has, and whether or not its clock moves.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError},
    task::{Poll, Waker},
    thread,
    time::{Duration, Instant},
};

/// Wakes what waits when its time is over, from a thread that is started with the first wait.
///
/// One wait at a time: requests are sent one after another.
pub(crate) struct Alarm {
    clock: Arc<Clock>,
    is_wound: Once,
}

#[derive(Default)]
struct Clock {
    hands: Mutex<Hands>,
    moved: Condvar,
}

#[derive(Default)]
struct Hands {
    due: Option<(Instant, Waker)>,
    is_over: bool,
}

impl Alarm {
    pub(crate) fn new() -> Self {
        Self { clock: Arc::default(), is_wound: Once::new() }
    }

    /// What the work comes to; nothing, if it takes longer than this.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let deadline = Instant::now().checked_add(limit);
        let mut work = pin!(work);
        poll_fn(|cx| {
            if let Poll::Ready(done) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(done));
            }
            if let Some(deadline) = deadline {
                if deadline <= Instant::now() {
                    return Poll::Ready(None);
                }
                self.set(deadline, cx.waker());
            }
            Poll::Pending
        })
        .await
    }

    fn set(&self, deadline: Instant, waker: &Waker) {
        self.is_wound.call_once(|| {
            let clock = Arc::clone(&self.clock);
            thread::spawn(move || clock.run());
        });
        let mut hands = self.clock.hands();
        // The thread sleeps on, if it wakes early enough by itself.
        let must_hear = hands.due.as_ref().is_none_or(|(due, _)| deadline < *due);
        hands.due = Some((deadline, waker.clone()));
        drop(hands);
        if must_hear {
            self.clock.moved.notify_one();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clock.hands().is_over = true;
        self.clock.moved.notify_one();
    }
}

impl Clock {
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut hands = self.hands();
        while !hands.is_over {
            let Some((due, _)) = &hands.due else {
                hands = self.moved.wait(hands).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = due.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                let woken = self.moved.wait_timeout(hands, left);
                (hands, _) = woken.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let due = hands.due.take();
            drop(hands);
            if let Some((_, waker)) = due {
                waker.wake();
            }
            hands = self.hands();
        }
    }
}
