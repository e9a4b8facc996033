use portcullis::Forbidden;

fn close() -> Result<(), Forbidden> {
    Err(Forbidden {})
}

fn main() {
    let _ = close();
}
