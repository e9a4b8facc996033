use std::{
    collections::BTreeSet,
    env,
    io::{self, Write},
    sync::Mutex,
};

/// Says that tests are skipped, since this machine lacks a program, and what to do about it; once
/// for each program.
///
/// # Panics
///
/// Where `PORTCULLIS_REQUIRE` names the program: `fastapi,nginx`.
#[track_caller]
pub fn skip_for_want_of(program: &str, missing: &str) {
    let required = env::var("PORTCULLIS_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|name| name.trim() == program);
    assert!(!is_required, "{program} is required: {missing}");
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().expect("nobody panics with it").insert(program.to_owned()) {
        // Past the test harness, which would keep it to itself.
        let program = program.to_uppercase();
        let _ = writeln!(io::stderr(), "\nSKIPPED, NOTHING TESTED WITH {program}: {missing}\n");
    }
}
