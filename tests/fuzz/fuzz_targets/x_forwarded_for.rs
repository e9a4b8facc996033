#![no_main]

use http::HeaderName;
use libfuzzer_sys::fuzz_target;
use portcullis::Address;
use portcullis_fuzz::address::Header;

const X_FORWARDED_FOR: Header = Header {
    name: HeaderName::from_static("x-forwarded-for"),
    address: Address::from_x_forwarded_for,
    entries: |client, proxy| format!("{client}, {proxy}:80"),
};

fuzz_target!(|made_up: &[u8]| X_FORWARDED_FOR.read(made_up));
