//! A sequence lock: who reads takes no lock, and whoever writes is alone.

#[cfg(not(portcullis_loom))]
use std::{
    hint,
    sync::atomic::{AtomicU64, Ordering, fence},
    thread,
};

#[cfg(portcullis_loom)]
use loom::{
    hint,
    sync::atomic::{AtomicU64, Ordering, fence},
    thread,
};

/// How often something was written, twice over; odd while somebody writes.
///
/// What it guards are atomics, so that a reader that comes in between reads some value, and finds out
/// afterwards: Boehm, "Can seqlocks get along with programming language memory models?" (2012).
#[derive(Default)]
pub(super) struct Latch(AtomicU64);

/// What was read under this version is of one moment, while the latch has it still.
#[derive(Clone, Copy)]
pub(super) struct Version(u64);

/// The right to write, until it is dropped.
pub(super) struct Hold<'a> {
    latch: &'a Latch,
    version: u64,
}

impl Latch {
    /// The version of what is read from now on; waits while somebody writes.
    #[inline]
    pub(super) fn version(&self) -> Version {
        let version = self.0.load(Ordering::Acquire);
        if version & 1 == 0 { Version(version) } else { self.wait() }
    }

    /// Whether nobody has written since.
    #[inline]
    pub(super) fn is_at(&self, Version(version): Version) -> bool {
        // What was read before this was read before the version is.
        fence(Ordering::Acquire);
        self.0.load(Ordering::Relaxed) == version
    }

    /// The right to write, if nobody has written since.
    #[inline]
    pub(super) fn hold_at(&self, Version(version): Version) -> Option<Hold<'_>> {
        let (taken, lost) = (Ordering::Acquire, Ordering::Relaxed);
        self.0.compare_exchange(version, version | 1, taken, lost).ok()?;
        // Whoever reads what is written from now on reads that somebody writes.
        fence(Ordering::Release);
        Some(Hold { latch: self, version })
    }

    /// The right to write, once nobody else does.
    pub(super) fn hold(&self) -> Hold<'_> {
        loop {
            if let Some(hold) = self.hold_at(self.version()) {
                return hold;
            }
        }
    }

    /// A writer is soon gone, unless it has lost its processor meanwhile: then it is given one.
    #[cold]
    fn wait(&self) -> Version {
        const SPINS: u32 = 64;

        let mut spins = 0;
        loop {
            let version = self.0.load(Ordering::Acquire);
            if version & 1 == 0 {
                return Version(version);
            }
            if spins < SPINS {
                spins += 1;
                hint::spin_loop();
            } else {
                thread::yield_now();
            }
        }
    }
}

impl Drop for Hold<'_> {
    #[inline]
    fn drop(&mut self) {
        self.latch.0.store(self.version.wrapping_add(2), Ordering::Release);
    }
}

/// Every order in which threads may come, and every value that they may read, by `loom`:
/// `RUSTFLAGS="--cfg portcullis_loom" cargo test -p portcullis-limit --lib latch`.
#[cfg(all(test, portcullis_loom))]
mod tests {
    use loom::sync::Arc;

    use super::*;

    /// Two words that are always written together.
    #[derive(Default)]
    struct Pair {
        latch: Latch,
        words: [AtomicU64; 2],
    }

    impl Pair {
        fn read(&self) -> [u64; 2] {
            self.words.each_ref().map(|word| word.load(Ordering::Relaxed))
        }

        fn write(&self, _hold: &Hold<'_>, value: u64) {
            self.words.iter().for_each(|word| word.store(value, Ordering::Relaxed));
        }

        /// Adds one to both, as a decision that nobody came between, or else in its turn.
        fn add_one(&self) {
            let version = self.latch.version();
            let [seen, _] = self.read();
            if self.latch.is_at(version)
                && let Some(hold) = self.latch.hold_at(version)
            {
                return self.write(&hold, seen + 1);
            }
            let hold = self.latch.hold();
            let [seen, _] = self.read();
            self.write(&hold, seen + 1);
        }
    }

    /// Two threads on one pair, in every order; what they leave behind is returned.
    fn side_by_side(one: fn(&Pair), other: fn(&Pair)) -> [u64; 2] {
        let pair = Arc::new(Pair::default());
        let threads = [one, other].map(|work| {
            let pair = Arc::clone(&pair);
            thread::spawn(move || work(&pair))
        });
        threads.map(|thread| thread.join().unwrap());
        pair.read()
    }

    #[test]
    fn what_is_read_under_one_version_was_written_together() {
        loom::model(|| {
            let left = side_by_side(Pair::add_one, |pair| {
                let version = pair.latch.version();
                let [one, other] = pair.read();
                assert!(one == other || !pair.latch.is_at(version));
            });
            assert_eq!(left, [1, 1]);
        });
    }

    #[test]
    fn no_writer_overwrites_what_it_has_not_read() {
        loom::model(|| assert_eq!(side_by_side(Pair::add_one, Pair::add_one), [2, 2]));
    }
}
