#![no_main]

use http::header;
use libfuzzer_sys::fuzz_target;
use portcullis::Address;
use portcullis_fuzz::address::Header;

const FORWARDED: Header = Header {
    name: header::FORWARDED,
    address: Address::from_forwarded,
    entries: |client, proxy| {
        format!(r#"for="{client}:80";host="a, \"b\\";proto=https, by=_us;For={proxy}"#)
    },
};

fuzz_target!(|made_up: &[u8]| FORWARDED.read(made_up));
