//! The script, what it is asked, and what it answers.

use std::sync::LazyLock;

use redis::{Cmd, Script, Value};
use smallvec::SmallVec;

use crate::{
    due::{Due, Told, Tolds},
    failure::Failure,
};

static LIMITS: LazyLock<Script> = LazyLock::new(|| Script::new(SOURCE));

const SOURCE: &str = include_str!("limits.lua");

/// What is to be done with the charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Decide, and say what time it is if it is known no longer.
    Decide { says_time: bool },
    /// Say how they stand, and what would become of them.
    Ask,
    /// Give back.
    Refund,
}

/// One call of the script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) dues: &'a [Due],
    pub(crate) task: Task,
    /// When it is to do nothing any more, in microseconds of the server's clock; or, for tests, what
    /// time it is.
    pub(crate) until: Until,
}

/// Until when a call may be carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    Always,
    /// In microseconds of the server's clock.
    Server(u64),
    /// It is this late, and no other time counts.
    ItIs(u64),
}

/// What the script answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The server's time, where it says so.
    pub(crate) now: Option<u64>,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Admitted(Tolds),
    Refused(Tolds),
    /// It was carried out after the caller had given up, so nothing was.
    Late,
}

impl Call<'_> {
    /// By the script's name, which the server knows unless it forgot.
    pub(crate) fn by_name(&self) -> Cmd {
        self.command("EVALSHA", LIMITS.get_hash())
    }

    /// With the whole script, which the server remembers from then on.
    pub(crate) fn by_source(&self) -> Cmd {
        self.command("EVAL", SOURCE)
    }

    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut command = Cmd::with_capacity(3 + 2 * self.dues.len(), 256);
        command.arg(name).arg(script).arg(self.dues.len());
        for due in self.dues {
            command.arg(due.key.cell(self.prefix, due.policy.as_str()));
        }
        for (place, due) in self.dues.iter().enumerate() {
            let mut packed: SmallVec<[u8; 64]> = SmallVec::new();
            let numbers = due.packed(self.task == Task::Refund, self.slack_millis());
            numbers.iter().for_each(|number| packed.extend_from_slice(&number.to_le_bytes()));
            if place == 0 {
                packed.extend_from_slice(&self.until().to_le_bytes());
                packed.extend_from_slice(&self.task().to_le_bytes());
            }
            command.arg(&*packed);
        }
        command
    }

    fn until(&self) -> f64 {
        match self.until {
            Until::Always => f64::MAX,
            Until::Server(at) => at as f64,
            Until::ItIs(now) => -(now as f64),
        }
    }

    /// How long a cell outlives its quota, so that it never goes before its time; by a test's time
    /// that may be late.
    fn slack_millis(&self) -> u64 {
        if matches!(self.until, Until::ItIs(_)) { 3_600_000 } else { 1_000 }
    }

    fn task(&self) -> f64 {
        match self.task {
            Task::Decide { says_time } if self.is_usual() && self.may_omit(says_time) => 0.0,
            Task::Decide { .. } => 1.0,
            Task::Ask => 2.0,
            Task::Refund => 3.0,
        }
    }

    /// Whether the shortest way through the script is enough.
    fn is_usual(&self) -> bool {
        self.dues.iter().all(|due| due.is_by_rate() && due.cost > 0)
    }

    /// The shortest way says what time it is only where it says several things.
    fn may_omit(&self, says_time: bool) -> bool {
        !says_time || self.dues.len() > 1
    }

    /// Reads the answer.
    pub(crate) fn read(&self, value: Value) -> Result<Reply, Failure> {
        let values = match (value, self.dues) {
            (Value::Int(spent), [_]) => {
                let whole_in = spent.unsigned_abs();
                let tolds = SmallVec::from_elem(Told { spent: whole_in, whole_in }, 1);
                let verdict =
                    if spent < 0 { Verdict::Refused(tolds) } else { Verdict::Admitted(tolds) };
                return Ok(Reply { now: None, verdict });
            }
            (Value::Array(values), _) => values,
            _ => return Err(Failure::strange()),
        };
        let mut numbers = values.into_iter().map(|value| match value {
            Value::Int(number) => u64::try_from(number).ok(),
            _ => None,
        });
        let mut next = || numbers.next().flatten();
        let now = next().ok_or_else(Failure::strange)?;
        let verdict = match next() {
            Some(2) => Verdict::Late,
            Some(verdict @ (0 | 1)) if self.task != Task::Refund => {
                let told = |due: &Due| {
                    let spent = next()?;
                    let whole_in = if due.is_by_rate() { spent } else { next()? };
                    Some(Told { spent, whole_in })
                };
                let tolds: Option<Tolds> = self.dues.iter().map(told).collect();
                let tolds = tolds.ok_or_else(Failure::strange)?;
                if verdict == 1 { Verdict::Admitted(tolds) } else { Verdict::Refused(tolds) }
            }
            Some(1) => Verdict::Admitted(Tolds::new()),
            _ => return Err(Failure::strange()),
        };
        Ok(Reply { now: Some(now), verdict })
    }
}
