use std::time::Duration;

use crate::{Standing, Standings};

/// What a [`Store`](super::Store) decides about one request: all of its charges, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Every policy admitted it and was charged. One standing for each charge, after it.
    Admitted(Standings),
    /// At least one policy refuses, and none was charged. One standing for each charge.
    Refused(Standings),
    /// There is no room to remember one of the keys until some other is forgotten, and the store
    /// was told to refuse then.
    Full {
        /// The time after which there may be room.
        retry_after: Duration,
    },
}

impl Decision {
    /// Admitted if no standing refuses.
    pub fn of(standings: Standings) -> Self {
        match standings.iter().any(Standing::is_refusing) {
            true => Self::Refused(standings),
            false => Self::Admitted(standings),
        }
    }

    /// Whether the request may pass.
    pub fn is_admitted(&self) -> bool {
        matches!(self, Self::Admitted(_))
    }

    /// One standing for each charge, in their order; none where the store is full.
    pub fn standings(&self) -> &[Standing] {
        match self {
            Self::Admitted(standings) | Self::Refused(standings) => standings,
            Self::Full { .. } => &[],
        }
    }
}
