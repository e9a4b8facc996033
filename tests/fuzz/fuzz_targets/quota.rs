#![no_main]

use libfuzzer_sys::fuzz_target;
use portcullis::Quota;

// A quota that is read is written as itself, and never admits more than its text says.
fuzz_target!(|text: &str| {
    let Ok(quota) = text.parse::<Quota>() else { return };
    assert_eq!(quota.to_string().parse(), Ok(quota));
    assert!(quota.limit() >= 1);
    assert!(quota.interval().as_micros() >= 1);
    assert!(quota.whole() >= quota.interval());
});
