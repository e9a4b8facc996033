use std::{
    env,
    ffi::OsString,
    process::{Command, Stdio},
};

use crate::skip_for_want_of;

/// The Python that `PORTCULLIS_PYTHON` names, `python3` unless set, if it can import these modules.
/// If not, says that what needs the `program` is skipped, and which requirements to install.
///
/// # Panics
///
/// Where it cannot, and `PORTCULLIS_REQUIRE` names the program.
#[track_caller]
pub fn python_with(program: &str, modules: &str, requirements: &str) -> Option<OsString> {
    let python = env::var_os("PORTCULLIS_PYTHON").unwrap_or_else(|| "python3".into());
    let mut probe = Command::new(&python);
    probe.args(["-c", &format!("import {modules}")]).stdin(Stdio::null());
    probe.stdout(Stdio::null()).stderr(Stdio::null());
    if probe.status().is_ok_and(|status| status.success()) {
        return Some(python);
    }
    let missing = format!(
        "{} has not all of {modules}: pip install -r {requirements}, or name another with \
         PORTCULLIS_PYTHON",
        python.display()
    );
    skip_for_want_of(program, &missing);
    None
}
