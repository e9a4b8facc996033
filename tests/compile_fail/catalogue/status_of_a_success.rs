portcullis::catalogue! {
    ACCOUNTS {
        CREATED: 201, "Created";
    }
}

fn main() {}
