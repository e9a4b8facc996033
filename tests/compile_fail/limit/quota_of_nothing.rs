const NOTHING: portcullis::Quota = portcullis::Quota::per_minute(0);

fn main() {
    let _ = NOTHING;
}
