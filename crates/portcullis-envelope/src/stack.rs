//! For the one service that the `portcullis` stack is, and for nobody else: it may change at any time.

pub use crate::{
    adopt::{error, panic},
    catch::ready,
    finish::{Finish, Reading},
    renderer::{Asked, Renderer},
};
