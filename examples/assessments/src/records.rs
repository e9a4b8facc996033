use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portcullis::{ApiError, Hidden};
use uuid::Uuid;

use crate::assessment::Assessment;

/// All organisations' assessments, in memory.
#[derive(Clone)]
pub(crate) struct Assessments(Arc<Mutex<BTreeMap<Uuid, Assessment>>>);

impl Assessments {
    /// One of north's, and one of south's.
    pub(crate) fn demo() -> Self {
        let demo = [
            (0x1111_1111_1111_4111_8111_1111_1111_1111, "north", "The northern gate"),
            (0x2222_2222_2222_4222_8222_2222_2222_2222, "south", "The southern wall"),
        ];
        let demo = demo.map(|(id, organisation, title)| {
            let id = Uuid::from_u128(id);
            (id, Assessment { id, ..Assessment::new(organisation, title.to_owned()) })
        });
        Self(Arc::new(Mutex::new(demo.into())))
    }

    pub(crate) fn of(&self, organisation: &str) -> Vec<Assessment> {
        let all = self.lock();
        all.values().filter(|it| it.organisation == organisation).cloned().collect()
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<Assessment> {
        self.lock().get(&id).cloned()
    }

    pub(crate) fn add(&self, assessment: Assessment) {
        self.lock().insert(assessment.id, assessment);
    }

    /// Changes an assessment while nobody else does, or leaves it as it was.
    pub(crate) fn change<T>(
        &self,
        id: Uuid,
        change: impl FnOnce(&mut Assessment) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut all = self.lock();
        let assessment = all.get_mut(&id).ok_or_else(Hidden::missing)?;
        let changed = change(assessment)?;
        assessment.version += 1;
        Ok(changed)
    }

    /// Removes an assessment, unless the check says no.
    pub(crate) fn remove(
        &self,
        id: Uuid,
        check: impl FnOnce(&Assessment) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let mut all = self.lock();
        check(all.get(&id).ok_or_else(Hidden::missing)?)?;
        all.remove(&id);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Assessment>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
