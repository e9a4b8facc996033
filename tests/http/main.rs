//! Whatever goes wrong, and over whichever protocol, the client gets the one contract.
//!
//! Every test here goes over a real socket. What it shows is what came over the wire, without the
//! date; the clock stands still unless a test moves it.

mod answers;
mod authorization;
mod bytes;
mod head;
mod hidden;
mod limits;
mod rejections;
mod spent;
mod untouched;
mod way;
