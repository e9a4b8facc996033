//! For the one service that the `portcullis` stack is, and for nobody else: it may change at any time.

pub use crate::{
    adopt::{error, panic},
    answer::Refused,
    catch::ready,
    finish::{Finish, Reading},
    head::By,
    renderer::{Asked, Renderer},
};
