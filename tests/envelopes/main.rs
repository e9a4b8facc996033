//! Every failure there is, in every envelope, over every protocol, and nothing hidden in any of
//! them.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod between;
mod canaries;
mod house;
mod journal;
mod limited;
mod matrix;
mod nested;
mod panics;
mod place;
mod request_id;
mod shape;
mod source;
mod sources;
mod tokens;
mod unready;
