mod table;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt, sync::Arc};

use http::header::WWW_AUTHENTICATE;
use portcullis_core::{ApiError, ErrorStatus};

use self::table::{message, session_message, status};
use crate::{Challenge, Reason};

/// How each [`Reason`] reads on the wire: a status, a message, a code, and the challenge.
///
/// ```
/// use portcullis_bearer::{Bearer, Reason, Refusals};
///
/// # let bearer = Bearer::from_fn(|_| Some(()).into());
/// let bearer = bearer.with_refusals(
///     Refusals::new()
///         .with_realm("invoices")
///         .with_message(Reason::Unknown, "Invalid API key"),
/// );
/// # let _ = bearer;
/// ```
///
/// | preset | statuses | `WWW-Authenticate` |
/// |---|---|---|
/// | [`new`](Self::new), the default | 401, and 403 for who may not | `Bearer`, with RFC 6750's `error` |
/// | [`rfc6750`](Self::rfc6750) | 400 for what is malformed, as the RFC says | the same, with an `error_description` |
/// | [`fastapi`](Self::fastapi) | 401 and 403 | `Bearer` |
///
/// It is written once, when a layer is built; a refusal is a clone of one pointer.
#[derive(Clone)]
#[must_use = "refusals do nothing until a guard is told them"]
pub struct Refusals {
    /// In the order of [`Reason::ALL`], with their challenges.
    written: Arc<[ApiError]>,
    rows: Vec<ApiError>,
    unavailable: ApiError,
    style: Style,
    parameters: Parameters,
    beside: Vec<Challenge>,
}

#[derive(Clone)]
enum Style {
    Rfc6750 { describes: bool },
    Plain,
    Custom(Arc<dyn Fn(Reason) -> Challenge + Send + Sync>),
}

/// What every challenge may have.
#[derive(Clone, Default)]
struct Parameters {
    realm: Option<Cow<'static, str>>,
    scope: Option<Cow<'static, str>>,
    resource_metadata: Option<Cow<'static, str>>,
}

impl Refusals {
    /// Every refusal of credentials is a 401, and who may not gets a 403.
    pub fn new() -> Self {
        Self::preset(status, message, Style::Rfc6750 { describes: false })
    }

    /// RFC 6750, section 3.1, to the letter: what is malformed is a 400, and the challenge says what
    /// went wrong.
    pub fn rfc6750() -> Self {
        Self::preset(table::rfc6750_status, message, Style::Rfc6750 { describes: true })
    }

    /// What FastAPI's `HTTPBearer` and its guide answer: `Not authenticated`, and a challenge of
    /// nothing but `Bearer`.
    pub fn fastapi() -> Self {
        Self::preset(status, table::fastapi_message, Style::Plain)
    }

    fn preset(
        status: fn(Reason) -> ErrorStatus,
        message: fn(Reason) -> &'static str,
        style: Style,
    ) -> Self {
        let row = |reason| ApiError::new(status(reason)).with_message(message(reason));
        let unwritten = Self {
            written: Arc::new([]),
            rows: Reason::ALL.iter().map(|reason| row(*reason)).collect(),
            unavailable: ApiError::new(ErrorStatus::SERVICE_UNAVAILABLE),
            style,
            parameters: Parameters::default(),
            beside: Vec::new(),
        };
        unwritten.written()
    }

    /// Changes any refusal in any way: a `match` on the reason is the whole table.
    ///
    /// In the message for [`Reason::InsufficientScope`], `{scope}` stands for the missing scope. A
    /// refusal that brings a `WWW-Authenticate` of its own keeps it.
    ///
    /// ```
    /// use portcullis_bearer::{Reason, Refusals};
    /// use portcullis_core::Code;
    ///
    /// const INVALID: Code = Code::new("AUTH_001");
    /// const EXPIRED: Code = Code::new("AUTH_002");
    ///
    /// let refusals = Refusals::new().map(|reason, refusal| match reason {
    ///     Reason::Expired => refusal.with_code(EXPIRED).with_message("Token expired"),
    ///     reason if reason.is_forbidden() => refusal,
    ///     _ => refusal.with_code(INVALID).with_message("Missing or invalid token"),
    /// });
    /// # let _ = refusals;
    /// ```
    pub fn map(mut self, mut table: impl FnMut(Reason, ApiError) -> ApiError) -> Self {
        for (reason, row) in Reason::ALL.iter().zip(&mut self.rows) {
            *row = table(*reason, row.clone());
        }
        self.written()
    }

    /// Says this for one reason.
    pub fn with_message(self, reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        self.map(|row, refusal| match row == reason {
            true => refusal.with_message(message.clone()),
            false => refusal,
        })
    }

    /// Says what is said for every reason: a `match` on the reason, or the same for all.
    ///
    /// ```
    /// use portcullis_bearer::{Reason, Refusals};
    ///
    /// let refusals = Refusals::new().with_messages(|reason| match reason {
    ///     Reason::Missing => "Missing authentication credentials",
    ///     Reason::InsufficientScope => "API key missing required scope: {scope}",
    ///     _ => "Invalid API key",
    /// });
    /// # let _ = refusals;
    /// ```
    pub fn with_messages<M>(self, mut messages: impl FnMut(Reason) -> M) -> Self
    where
        M: Into<Cow<'static, str>>,
    {
        self.map(|reason, refusal| refusal.with_message(messages(reason)))
    }

    /// Names what the credentials are for, in every challenge (RFC 9110, section 11.5).
    pub fn with_realm(mut self, realm: impl Into<Cow<'static, str>>) -> Self {
        self.parameters.realm = Some(realm.into());
        self.written()
    }

    /// Names the scopes that a token has to have, with spaces between them, in every challenge.
    pub fn with_scope(mut self, scope: impl Into<Cow<'static, str>>) -> Self {
        self.parameters.scope = Some(scope.into());
        self.written()
    }

    /// Says where a client learns how to get a token, in every challenge (RFC 9728, section 5.1).
    pub fn with_resource_metadata(mut self, url: impl Into<Cow<'static, str>>) -> Self {
        self.parameters.resource_metadata = Some(url.into());
        self.written()
    }

    /// Challenges with `Bearer` and neither `error` nor `scope`: exactly `Bearer`, unless a realm or
    /// the like was asked for.
    pub fn with_plain_challenges(self) -> Self {
        Self { style: Style::Plain, ..self }.written()
    }

    /// Says in each challenge what the message says, as `error_description`.
    pub fn with_descriptions(self) -> Self {
        Self { style: Style::Rfc6750 { describes: true }, ..self }.written()
    }

    /// Challenges as this says, in place of [`Challenge::rfc6750`].
    pub fn with_challenge(
        self,
        challenge: impl Fn(Reason) -> Challenge + Send + Sync + 'static,
    ) -> Self {
        Self { style: Style::Custom(Arc::new(challenge)), ..self }.written()
    }

    /// Adds a challenge of another scheme to every 401, on a line of its own after that for
    /// `Bearer`.
    pub fn and_challenge(mut self, challenge: Challenge) -> Self {
        self.beside.push(challenge);
        self.written()
    }

    /// Answers this when nobody could say whether a token is good, with the cause, which is logged,
    /// and `Retry-After`: the verifier's, or else this error's own, or else the guard's. It is a 503
    /// unless you say otherwise.
    pub fn with_unavailable(self, unavailable: ApiError) -> Self {
        Self { unavailable, ..self }
    }

    /// The same of a session: what these say of a token in their own words is said of the session, the
    /// challenges are those of who sent no token, and all that was changed stays.
    pub(crate) fn of_sessions(self) -> Self {
        let challenge = match self.style {
            Style::Custom(challenge) => {
                Style::Custom(Arc::new(move |_| challenge(Reason::Missing)))
            }
            Style::Plain | Style::Rfc6750 { .. } => Style::Plain,
        };
        let of_sessions = Self { style: challenge, ..self };
        of_sessions.map(|reason, refusal| match refusal.message() == message(reason) {
            true => refusal.with_message(session_message(reason)),
            false => refusal,
        })
    }

    /// The refusal for this reason.
    pub fn of(&self, reason: Reason) -> ApiError {
        // Every reason has its row: there is a test.
        self.written.get(reason as usize).cloned().unwrap_or_else(ApiError::unauthorized)
    }

    /// The refusal of a token that has not all of these scopes, but lacks this one.
    pub(crate) fn insufficient_scope(&self, needed: &str, missing: &str) -> ApiError {
        let reason = Reason::InsufficientScope;
        let Some(row) = self.rows.get(reason as usize) else { return self.of(reason) };
        self.write(reason, naming(row, missing), Some(needed))
    }

    /// The refusal when nobody could say whether a token is good.
    pub(crate) fn unavailable(&self) -> ApiError {
        self.unavailable.clone()
    }

    fn written(mut self) -> Self {
        let rows = Reason::ALL.iter().zip(&self.rows);
        let scope = self.parameters.scope.as_deref().unwrap_or_default();
        let write = |(reason, row): (&Reason, &ApiError)| {
            self.write(*reason, naming(row, scope), None).prepared()
        };
        self.written = rows.map(write).collect();
        self
    }

    fn write(&self, reason: Reason, row: ApiError, needed: Option<&str>) -> ApiError {
        let status = row.status().as_u16();
        let row = row.with_extension(reason);
        // RFC 6750, section 3, has a challenge with a 400 and a 403 too.
        if !matches!(status, 400 | 401 | 403) || row.headers().contains_key(WWW_AUTHENTICATE) {
            return row;
        }
        let challenge = self.challenge(reason, row.message(), needed).header_value();
        let row = row.with_header(WWW_AUTHENTICATE, challenge);
        let beside = self.beside.iter().filter(|_| status == 401);
        beside
            .fold(row, |row, challenge| row.with_header(WWW_AUTHENTICATE, challenge.header_value()))
    }

    fn challenge(&self, reason: Reason, message: &str, needed: Option<&str>) -> Challenge {
        let Parameters { realm, scope, resource_metadata } = &self.parameters;
        let mut challenge = match &self.style {
            Style::Custom(challenge) => challenge(reason),
            Style::Plain | Style::Rfc6750 { .. } => Challenge::bearer(),
        };
        if let Some(realm) = realm {
            challenge = challenge.with_realm(realm.clone());
        }
        if let Style::Rfc6750 { describes } = self.style
            && let Some(error) = reason.error_code()
        {
            challenge = challenge.with_error(error);
            if describes {
                challenge = challenge.with_error_description(message.to_owned());
            }
        }
        let needed = needed.filter(|_| !matches!(self.style, Style::Plain));
        if let Some(scope) = needed.map(|scope| scope.to_owned().into()).or(scope.clone()) {
            challenge = challenge.with_scope(scope);
        }
        if let Some(url) = resource_metadata {
            challenge = challenge.with_resource_metadata(url.clone());
        }
        challenge
    }
}

/// The refusal with its message's `{scope}` filled in. A verifier that refuses for want of a scope
/// does not say which.
fn naming(row: &ApiError, scope: &str) -> ApiError {
    match row.own_message() {
        Some(message) if message.contains("{scope}") => {
            let message = message.replace("{scope}", scope);
            row.clone().with_message(message.trim_end_matches([':', ' ']).to_owned())
        }
        _ => row.clone(),
    }
}

impl Default for Refusals {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(Reason::ALL.iter().zip(&*self.written)).finish()
    }
}
