//! Each layer goes into a service that exists already: alone, in a stack, inside and outside a
//! `Router`, and between other people's layers.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod bearer_alone;
mod clock_between_limits;
mod coverage;
mod envelope_alone;
mod extractors;
mod limit_alone;
mod mask_alone;
mod nested_limits;
mod overload;
mod place;
mod shared_state;
mod stack_as_layers;
mod streams;
mod traced;
mod upgrades;
mod words;
