use portcullis::{Resource, Visible};

fn seen<R: Resource>(resource: R, caller: R::Principal) -> Visible<R> {
    Visible { resource, caller, asked: None }
}

fn main() {}
