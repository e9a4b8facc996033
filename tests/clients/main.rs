//! Clients that retry, as they come, get through a spent limit when `Retry-After` is over, on the
//! first retry, and not before.
//!
//! Those of the helpdesk's page are written from its description, in Python and in TypeScript; the
//! others are urllib3, httpx-retries, got and ky with what they do by default. Each runs in a process
//! of its own and really waits. Between it and the service stands a recorder, which keeps when each
//! request came and what was answered.
//!
//! Python is the one that `PORTCULLIS_PYTHON` names, with `python/requirements.txt`; Node.js has what
//! `npm ci --prefix tests/clients/node` installs. Where one is missing, what needs it is skipped and
//! says so; `PORTCULLIS_REQUIRE=retry-clients-python,retry-clients-node` makes that a failure.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod back_off;
mod client;
mod judge;
mod node;
mod recorder;
mod spent_limit;
