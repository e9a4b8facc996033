//! What a layer was told, and how it makes the one response of it.

use std::{
    error::Error,
    iter::successors,
    mem,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{Extensions, HeaderMap, HeaderValue, Response, StatusCode, header::CACHE_CONTROL};
use portcullis_core::{ApiError, stack::give_headers};
use smallvec::SmallVec;

use crate::{
    Audit, AuditEvent, Forbidden, Hidden, OnUnproven, Reason, TracingAudit,
    audit::{self, HashKey},
    facts::Facts,
};

/// How many headers the response gets from those around it: two of a limit, the body's type and
/// length, and `cache-control`.
const HEADERS: usize = 6;

/// How a layer names who asks, where a marker does not.
pub(crate) type Name = dyn Fn(&Extensions) -> Option<Box<str>> + Send + Sync;

/// The settings of a layer, shared by its services.
#[derive(Clone)]
pub struct Mask {
    /// What every 404 says; without it each says what its resource is called, or the phrase.
    pub(crate) own_words: Option<ApiError>,
    phrase: ApiError,
    pub(crate) audit: Arc<dyn Audit>,
    pub(crate) id_key: HashKey,
    pub(crate) name: Option<Arc<Name>>,
    pub(crate) on_unproven: OnUnproven,
    pub(crate) unproven: Arc<AtomicU64>,
}

/// What a client gets in place of a response that hides something.
pub struct Missing {
    /// What it reads.
    pub error: ApiError,
    /// What lies on the answer beside the error, for the masks further out.
    pub extensions: Extensions,
}

/// Left on a response whose words a mask further out must not change. It holds them, since nothing
/// else that lies beside it is trusted.
#[derive(Clone)]
enum Worded {
    /// They are the layer's.
    ByLayer(ApiError),
    /// They are the resource's.
    ByResource(ApiError),
}

/// Left on a response whose truth some sinks know of, for those of the masks further out.
#[derive(Clone)]
struct Told {
    reason: Reason,
    facts: Option<Facts>,
    caller: Option<Box<str>>,
    sinks: SmallVec<[Arc<dyn Audit>; 1]>,
}

impl Told {
    /// No sink knows yet.
    fn nobody(reason: Reason, facts: Option<Facts>) -> Self {
        Self { reason, facts, caller: None, sinks: SmallVec::new() }
    }
}

/// Where a mask tells the truth to that was told of no other sink: one for all, so that masks around
/// each other log it once.
static LOG: LazyLock<Arc<dyn Audit>> = LazyLock::new(|| Arc::new(TracingAudit::new()));

impl Mask {
    pub(crate) fn new() -> Self {
        Self {
            own_words: None,
            phrase: ApiError::not_found().prepared(),
            audit: Arc::clone(&LOG),
            id_key: HashKey::random(),
            name: None,
            on_unproven: OnUnproven::Pass,
            unproven: Arc::default(),
        }
    }

    /// Who asks, if it was told how to name them.
    #[inline]
    pub fn caller(&self, extensions: &Extensions) -> Option<Box<str>> {
        self.name.as_ref().and_then(|name| name(extensions))
    }

    /// Looks at a response, and says what a client gets in its place where it hides something.
    #[inline]
    pub fn see<B>(&self, response: &mut Response<B>, caller: Option<&str>) -> Option<Missing> {
        if response.status() >= StatusCode::BAD_REQUEST || !response.extensions().is_empty() {
            self.look(response, caller)
        } else {
            None
        }
    }

    /// Looks at what may be an error: a 404 hides something, and whatever else somebody made of a
    /// [`Hidden`].
    #[cold]
    #[inline(never)]
    fn look<B>(&self, response: &mut Response<B>, caller: Option<&str>) -> Option<Missing> {
        let extensions = response.extensions();
        let hidden = extensions.get::<Hidden>().or_else(|| source(extensions));
        let told = match hidden {
            Some(hidden) => Some(Told::nobody(hidden.reason(), Some(hidden.facts().clone()))),
            None => extensions.get().cloned().or_else(|| {
                let forbidden = source::<Forbidden>(extensions)?.taken()?;
                Some(Told::nobody(Reason::Role, Some(forbidden.facts().clone())))
            }),
        };
        let told = told.map(|told| self.tell(told, caller));
        if hidden.is_some() || response.status() == StatusCode::NOT_FOUND {
            let words = self.words(extensions, hidden);
            Some(self.missing(response, words, told))
        } else if response.status() == StatusCode::FORBIDDEN {
            self.forbid(response, told, caller)
        } else {
            if let Some(told) = told {
                response.extensions_mut().insert(told);
            }
            None
        }
    }

    /// Lets a 403 pass that was proven; another hides something, where it is told so.
    fn forbid<B>(
        &self,
        response: &mut Response<B>,
        told: Option<Told>,
        caller: Option<&str>,
    ) -> Option<Missing> {
        let extensions = response.extensions();
        let is_proven = told.as_ref().is_some_and(|told| told.reason == Reason::Role);
        if !is_proven && self.on_unproven == OnUnproven::Hide {
            self.unproven.fetch_add(1, Ordering::Relaxed);
            #[cfg(feature = "metrics")]
            metrics::counter!("portcullis_tenant_unproven_total").increment(1);
            let told = self.tell(Told::nobody(Reason::Unproven, None), caller);
            let words = self.words(extensions, None);
            return Some(self.missing(response, words, Some(told)));
        }
        if let Some(told) = told {
            response.extensions_mut().insert(told);
        }
        None
    }

    /// Tells this mask's sink, unless it knows.
    fn tell(&self, mut told: Told, caller: Option<&str>) -> Told {
        let sink = audit::address(&self.audit);
        if told.sinks.iter().all(|known| audit::address(known) != sink) {
            let caller = caller.or(told.caller.as_deref());
            let event = AuditEvent::new(told.reason, told.facts.as_ref(), caller, &self.id_key);
            audit::tell(&*self.audit, &event);
            told.sinks.push(Arc::clone(&self.audit));
        }
        told.caller = told.caller.or_else(|| caller.map(Into::into));
        told
    }

    /// What the client reads: what the mask nearest to the handler was told to say; else what the
    /// resource is called; else, as `None`, the phrase.
    fn words(&self, extensions: &Extensions, hidden: Option<&Hidden>) -> Option<Worded> {
        match (extensions.get::<Worded>(), &self.own_words) {
            (Some(inner @ Worded::ByLayer(_)), _) | (Some(inner), None) => Some(inner.clone()),
            (_, Some(words)) => Some(Worded::ByLayer(words.clone())),
            (None, None) => Some(Worded::ByResource(hidden?.answer()?.clone())),
        }
    }

    /// What a client gets. It has nothing of the response but the room that its extensions took.
    fn missing<B>(
        &self,
        response: &mut Response<B>,
        worded: Option<Worded>,
        told: Option<Told>,
    ) -> Missing {
        let mut extensions = mem::take(response.extensions_mut());
        extensions.clear();
        if let Some(told) = told {
            extensions.insert(told);
        }
        let error = match worded {
            Some(worded) => {
                let (Worded::ByLayer(error) | Worded::ByResource(error)) = &worded;
                let error = error.clone();
                extensions.insert(worded);
                error
            }
            None => self.phrase.clone(),
        };
        Missing { error, extensions }
    }
}

impl Missing {
    /// The new 404, still without a body.
    pub fn into_response<B: Default>(self) -> Response<B> {
        let Self { error, mut extensions } = self;
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::NOT_FOUND;

        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        give_headers(&mut response, headers);

        extensions.insert(error);
        *response.extensions_mut() = extensions;
        response
    }
}

/// What an error was made of, however deep in its chain, where that is one of ours.
fn source<E: Error + 'static>(extensions: &Extensions) -> Option<&E> {
    let first = extensions.get::<ApiError>()?.source();
    successors(first, |&error| error.source()).find_map(|error| error.downcast_ref())
}
