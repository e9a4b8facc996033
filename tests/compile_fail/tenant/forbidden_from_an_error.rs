use portcullis::{ApiError, Forbidden};

fn close() -> Result<(), Forbidden> {
    Err(ApiError::forbidden())?
}

fn main() {
    let _ = close();
}
