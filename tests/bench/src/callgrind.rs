//! One profile a case, taken by callgrind of a child process: this program again.

mod profile;

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    process::{self, Command},
};

use portcullis::BoxError;

pub(crate) use self::profile::Profile;
use crate::{RUN_CASE, cases, region};

/// How many requests one profile is of.
pub(crate) const REQUESTS: usize = 300;

/// Profiles by the case's name; none where there is no valgrind, which is said aloud.
pub(crate) fn profiles() -> Result<Option<HashMap<&'static str, Profile>>, BoxError> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!(
            "portcullis-bench: VALGRIND IS MISSING: no instructions and no allocations are \
             measured, only time. Install the package `valgrind`."
        );
        return Ok(None);
    }
    let profiles = cases::all().map(|entry| Ok((entry.name, profile(entry.name)?)));
    profiles.collect::<Result<_, _>>().map(Some)
}

/// Runs one case under callgrind.
fn profile(name: &str) -> Result<Profile, BoxError> {
    let file = env::temp_dir().join(format!("portcullis-bench-{}-{name}.out", process::id()));
    let profile = run(name, &file).and_then(|()| Profile::parse(&fs::read_to_string(&file)?));
    // It may not be there, where the child did not come so far.
    let _ = fs::remove_file(&file);
    profile.map_err(|error| format!("{name}: {error}").into())
}

fn run(name: &str, file: &Path) -> Result<(), BoxError> {
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg("--collect-atstart=no")
        .arg(format!("--toggle-collect=*{}*", region::SYMBOL))
        .args(["--dump-instr=yes", "--compress-pos=no", "--compress-strings=no"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(env::current_exe()?)
        .args([RUN_CASE, name])
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("under callgrind: {}\n{said}", output.status).into())
}
