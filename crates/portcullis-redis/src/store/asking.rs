//! How the engine is asked, within the time that there is.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use super::Shared;
use crate::{
    due::{Due, Tolds, decision},
    failure::{Failure, Meaning},
    key::reset_channel,
    link::Connection,
    patience::within,
    refusals::Request,
    script::{Call, Reply, Task, Until, Verdict},
    time::{Time, micros},
};
use portcullis_limit::{Decision, StoreError};

/// Timers are that coarse, and nobody is to wait for longer than was said.
const TIMER: Duration = Duration::from_millis(1);

/// One call of the store's, from its beginning to its end.
struct Asking {
    /// On which connection the engine was asked, if it came to that.
    connection: Option<u64>,
    /// When nobody waits any more.
    ends: tokio::time::Instant,
    /// The same, in microseconds of our clock.
    ends_micros: u64,
}

impl Shared {
    /// Has the engine decide, or decides without it.
    pub(super) async fn decide(
        &self,
        dues: &[Due],
        request: Request,
    ) -> Result<Decision, StoreError> {
        let mut asking = self.asking();
        let failure = match within(asking.ends, self.ask(dues, request, &mut asking)).await {
            Ok(decision) => return Ok(decision),
            // No outage, and not to be taken for one: every request would be counted here for ever.
            Err(failure @ Failure::NoTimer) => return Err(StoreError::new(failure)),
            Err(failure) => failure,
        };
        self.failed(&asking, &failure);
        if dues.iter().any(|due| due.cost > 0) {
            self.refusals.forget(request);
        }
        self.fallback.decide(dues, failure)
    }

    /// Gives back where it was spent. For what was decided without the engine it is not asked.
    pub(super) async fn refund(&self, dues: &[Due]) -> Result<(), StoreError> {
        let left = self.fallback.refund(dues);
        if left.is_empty() {
            return Ok(());
        }
        let refund = async |asking: &mut Asking| {
            let mut connection = self.connection(asking).await?;
            for group in self.groups(&left) {
                self.call(&mut connection, &group, Task::Refund, asking).await?;
            }
            Ok(())
        };
        let mut asking = self.asking();
        let outcome = within(asking.ends, refund(&mut asking)).await;
        left.iter().for_each(|due| self.refusals.changed(due));
        self.conclude(&asking, outcome)
    }

    pub(super) async fn reset(&self, due: &Due) -> Result<(), StoreError> {
        self.fallback.reset(due);
        let reset = async |asking: &mut Asking| {
            let mut connection = self.connection(asking).await?;
            let mut command = redis::cmd("DEL");
            let cell = due.key.cell(&self.settings.prefix, due.policy.as_str());
            command.arg(&cell);
            connection.send(&command).await?;
            // For the other replicas, which may know that it is refused.
            let mut heard = redis::cmd("PUBLISH");
            heard.arg(reset_channel(&self.settings.prefix)).arg(cell);
            match connection.send(&heard).await {
                Err(failure) if failure.meaning() != Meaning::Alone => Err(failure),
                _ => Ok(()),
            }
        };
        let mut asking = self.asking();
        let outcome = within(asking.ends, reset(&mut asking)).await;
        self.refusals.changed(due);
        self.conclude(&asking, outcome)
    }

    fn conclude(&self, asking: &Asking, outcome: Result<(), Failure>) -> Result<(), StoreError> {
        match outcome {
            Ok(()) => {
                self.link.succeeded();
                Ok(())
            }
            Err(failure) => {
                self.failed(asking, &failure);
                Err(StoreError::new(failure))
            }
        }
    }

    fn failed(&self, asking: &Asking, failure: &Failure) {
        // Who waited for a connection, or for others, has nothing to say about it.
        if let Some(connection) = asking.connection {
            self.link.failed(connection, failure);
        }
    }

    fn asking(&self) -> Asking {
        let patience = self.settings.timeout.saturating_sub(TIMER);
        let ends_micros = self.settings.time.now().saturating_add(micros(patience));
        Asking { connection: None, ends: (Instant::now() + patience).into(), ends_micros }
    }

    async fn connection(&self, asking: &mut Asking) -> Result<Connection, Failure> {
        let connection = self.link.connection().await?;
        asking.connection = Some(connection.number());
        Ok(connection)
    }

    async fn ask(
        &self,
        dues: &[Due],
        request: Request,
        asking: &mut Asking,
    ) -> Result<Decision, Failure> {
        // Who only asks wants to know it from the engine, and changes nothing that is known.
        let spends = dues.iter().any(|due| due.cost > 0);
        let _permit = match self.permits.try_acquire() {
            Ok(permit) => permit,
            Err(_) => {
                let permit = self.permits.acquire().await.map_err(|_| Failure::Down)?;
                // Those that were in front may have found out.
                let now = self.settings.time.now();
                if spends && let Some(refusal) = self.refusals.refusal(request, dues, now) {
                    return Ok(refusal);
                }
                permit
            }
        };
        let mut connection = self.connection(asking).await?;
        let (is_admitted, tolds) = self.charge(&mut connection, dues, asking).await?;
        self.link.succeeded();
        if spends {
            self.refusals.learn(request, dues, &tolds, self.settings.time.now());
        }
        Ok(decision(dues, &tolds, is_admitted))
    }

    /// Charges all of them or none, in one call where they share a slot or need not.
    async fn charge(
        &self,
        connection: &mut Connection,
        dues: &[Due],
        asking: &Asking,
    ) -> Result<(bool, Tolds), Failure> {
        if !self.is_split.load(Ordering::Relaxed) {
            let says_time = self.link.clock.is_stale(self.settings.time.now());
            match self.call(connection, dues, Task::Decide { says_time }, asking).await {
                Ok(verdict) => return tolds_of(verdict),
                Err(failure) if failure.is_cross_slot() => {
                    self.is_split.store(true, Ordering::Relaxed);
                }
                Err(failure) => return Err(failure),
            }
        }
        self.charge_apart(connection, dues, asking).await
    }

    /// One call for each key: what was charged is given back where a later one refuses.
    async fn charge_apart(
        &self,
        connection: &mut Connection,
        dues: &[Due],
        asking: &Asking,
    ) -> Result<(bool, Tolds), Failure> {
        let groups = self.groups(dues);
        let mut answers: Vec<Tolds> = Vec::new();
        let mut refused_by = None;
        for (place, group) in groups.iter().enumerate() {
            let task = match refused_by {
                None => Task::Decide { says_time: true },
                Some(_) => Task::Ask,
            };
            let (is_admitted, tolds) = tolds_of(self.call(connection, group, task, asking).await?)?;
            answers.push(tolds);
            if !is_admitted && refused_by.is_none() {
                refused_by = Some(place);
            }
        }
        if let Some(charged) = refused_by {
            for (place, group) in groups.iter().enumerate().take(charged) {
                self.call(connection, group, Task::Refund, asking).await?;
                answers[place] =
                    tolds_of(self.call(connection, group, Task::Ask, asking).await?)?.1;
            }
        }
        // Back in the order in which they were asked.
        let mut answers: Vec<_> = answers.into_iter().map(IntoIterator::into_iter).collect();
        let mut keys: Vec<_> = Vec::new();
        for due in dues {
            if !keys.contains(&due.key) {
                keys.push(due.key);
            }
        }
        let of = |due: &Due| keys.iter().position(|key| *key == due.key);
        let tolds: Option<Tolds> =
            dues.iter().map(|due| answers.get_mut(of(due)?)?.next()).collect();
        Ok((refused_by.is_none(), tolds.ok_or_else(Failure::strange)?))
    }

    /// The charges that go in one call: all, or those of each key.
    fn groups(&self, dues: &[Due]) -> Vec<Vec<Due>> {
        if !self.is_split.load(Ordering::Relaxed) {
            return vec![dues.to_vec()];
        }
        let mut groups: Vec<Vec<Due>> = Vec::new();
        for due in dues {
            match groups.iter_mut().find(|group| group.iter().any(|it| it.key == due.key)) {
                Some(group) => group.push(due.clone()),
                None => groups.push(vec![due.clone()]),
            }
        }
        groups
    }

    /// One call of the script. A server that forgot it is told it again, and one whose clock was set
    /// is asked again.
    async fn call(
        &self,
        connection: &mut Connection,
        dues: &[Due],
        task: Task,
        asking: &Asking,
    ) -> Result<Verdict, Failure> {
        let most = micros(self.settings.timeout);
        let mut attempts = 0;
        loop {
            let until = self.until(task, asking);
            let call = Call { prefix: &self.settings.prefix, dues, task, until };
            let value = match connection.send(&call.by_name()).await {
                Err(failure) if failure.is_no_script() => {
                    connection.send(&call.by_source()).await?
                }
                value => value?,
            };
            let Reply { now, verdict } = call.read(value)?;
            let here = self.settings.time.now();
            attempts += 1;
            match (verdict, now) {
                (Verdict::Late, Some(now)) if attempts < 3 => self.link.clock.start(now, here),
                (Verdict::Late, _) => return Err(Failure::TimedOut),
                (verdict, Some(now)) => {
                    self.link.clock.learn(now, here, most);
                    return Ok(verdict);
                }
                (verdict, None) => return Ok(verdict),
            }
        }
    }

    /// When the engine is to do nothing any more.
    fn until(&self, task: Task, asking: &Asking) -> Until {
        match (&self.settings.time, task) {
            (Time::Told(_), _) => Until::ItIs(self.settings.time.now()),
            (_, Task::Decide { .. }) => {
                let ends = self.link.clock.at(asking.ends_micros);
                ends.map_or(Until::Always, Until::Server)
            }
            _ => Until::Always,
        }
    }
}

fn tolds_of(verdict: Verdict) -> Result<(bool, Tolds), Failure> {
    match verdict {
        Verdict::Admitted(tolds) => Ok((true, tolds)),
        Verdict::Refused(tolds) => Ok((false, tolds)),
        Verdict::Late => Err(Failure::TimedOut),
    }
}
