use std::{
    borrow::Cow,
    fmt::{self, Display},
    sync::{Arc, atomic::Ordering},
};

use portcullis_core::{ApiError, CatalogueEntry};
use tower_layer::Layer;

use crate::{
    Audit, MaskService, Resource,
    answer::{self, Answer},
    audit::{self, HashKey},
    mask::Mask,
};

/// Answers every 404 beneath it with one and the same new response.
///
/// That response has the status, `Cache-Control: no-store`, and the body that the envelope above
/// gives it: nothing of the old one is kept.
///
/// It reads as the resource is called, if the extractor [`Visible`](crate::Visible) rejected (`Ticket
/// not found`), since that looks the row up and so words a missing and a foreign one alike; otherwise
/// as the status's phrase; or as the layer is told to. Where something in front of the extractor looks
/// the row up as well, and answers 404, tell the layer. Of several layers around a
/// handler the one nearest to it that was told something is heard, so that a route has its own words
/// within a service that has one mask around it:
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::{Router, routing::get};
/// use portcullis_tenant::{Hidden, MaskLayer};
///
/// let show = async || Err::<(), _>(Hidden::missing());
/// let tickets = MaskLayer::new().with_message("Ticket not found");
/// let app: Router = Router::new()
///     .route("/tickets/{id}", get(show).layer(tickets))
///     .layer(MaskLayer::new());
/// # let _ = app;
/// # }
/// ```
///
/// It sees responses. An error that an inner service fails with becomes one in a `CatchLayer`, which
/// the `portcullis` stack has beneath the mask.
///
/// It asks nothing of the request's body and [`Default`] of the response's, which axum's `Body`
/// has; a body without it goes through tower-http's `MapResponseBodyLayer`.
#[derive(Clone)]
pub struct MaskLayer {
    mask: Arc<Mask>,
}

/// What becomes of a 403 from beneath the layer that is not a [`Forbidden`](crate::Forbidden): of
/// one by which nobody has proven that the caller sees the resource at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnUnproven {
    /// It leaves as it is: the service may mean something else by it than a resource.
    #[default]
    Pass,
    /// It becomes the 404 that a missing resource is, is logged as an error, and
    /// [counted](MaskLayer::unproven_count).
    ///
    /// It reads as the layer is told, or as the phrase: nobody knows which resource it was about. So
    /// where a missing one has a name, tell the route's layer
    /// ([`MaskLayer::with_resource`]). What answers 403 for reasons of its own, such as a missing
    /// scope or CSRF, stands outside the mask.
    Hide,
}

impl MaskLayer {
    /// A layer that tells the truth to a [`TracingAudit`](crate::TracingAudit).
    pub fn new() -> Self {
        Self { mask: Arc::new(Mask::new()) }
    }

    /// Says what every 404 beneath reads: `Ticket not found`.
    #[must_use]
    pub fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        let words = ApiError::not_found().with_message(message);
        self.with(|mask| mask.own_words = Some(words.prepared()))
    }

    /// Says what every 404 beneath reads, by the catalogue's entry for it.
    ///
    /// # Panics
    ///
    /// When the entry's status is not 404.
    #[must_use]
    #[track_caller]
    pub fn with_entry(self, entry: CatalogueEntry) -> Self {
        let words = ApiError::from(answer::not_found(entry));
        self.with(|mask| mask.own_words = Some(words.prepared()))
    }

    /// Says what every 404 beneath reads: what a hidden resource of this kind does.
    #[must_use]
    pub fn with_resource<R: Resource>(self) -> Self {
        let words = Answer::of::<R>().error();
        self.with(|mask| mask.own_words = Some(words.prepared()))
    }

    #[doc(hidden)]
    pub fn mask(&self) -> Arc<Mask> {
        Arc::clone(&self.mask)
    }

    /// Tells the truth to this sink.
    ///
    /// Of several layers around a handler each tells its own sink. Clones of one layer, and layers that
    /// were given clones of one [`Arc`], tell theirs once, by the innermost and with its
    /// [key](Self::with_id_key); give all of them the same key, so that an id has one hash.
    #[must_use]
    pub fn with_audit(self, audit: impl Audit) -> Self {
        let audit = Arc::new(audit);
        self.with(|mask| mask.audit = audit)
    }

    /// Names the caller to the audit sink where a [`Hidden`](crate::Hidden) that a handler made by
    /// hand cannot: by what authentication put into the request's extensions.
    ///
    /// Every request pays for it, since nobody knows beforehand what it will be answered. Where it
    /// panics the caller has no name, the log says so, and the request goes on.
    ///
    /// ```
    /// use portcullis_tenant::MaskLayer;
    ///
    /// # #[derive(Clone)] struct Account { name: &'static str }
    /// let mask = MaskLayer::new().with_principal(|account: &Account| account.name);
    /// # let _ = mask;
    /// ```
    #[must_use]
    pub fn with_principal<P, N>(self, name: impl Fn(&P) -> N + Send + Sync + 'static) -> Self
    where
        P: Clone + Send + Sync + 'static,
        N: Display,
    {
        let name = move |extensions: &http::Extensions| {
            let named =
                || extensions.get::<P>().map(|principal| name(principal).to_string().into());
            audit::name(named)
        };
        self.with(|mask| mask.name = Some(Arc::new(name)))
    }

    /// Hashes the ids that the audit sink sees with this key, a secret, so that the same id has the
    /// same hash in every replica and after a restart. Without one the key is random.
    #[must_use]
    pub fn with_id_key(self, key: u128) -> Self {
        self.with(|mask| mask.id_key = HashKey::new(key))
    }

    /// Says what becomes of a 403 without proof.
    #[must_use]
    pub fn on_unproven(self, on_unproven: OnUnproven) -> Self {
        self.with(|mask| mask.on_unproven = on_unproven)
    }

    /// How many times [`OnUnproven::Hide`] had to step in, in all clones of this layer: each is a
    /// fault of a handler's.
    pub fn unproven_count(&self) -> u64 {
        self.mask.unproven.load(Ordering::Relaxed)
    }

    fn with(mut self, change: impl FnOnce(&mut Mask)) -> Self {
        change(Arc::make_mut(&mut self.mask));
        self
    }
}

impl Default for MaskLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for MaskLayer {
    type Service = MaskService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MaskService::new(Arc::clone(&self.mask), inner)
    }
}

impl fmt::Debug for MaskLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MaskLayer")
            .field("words", &self.mask.own_words)
            .field("on_unproven", &self.mask.on_unproven)
            .finish_non_exhaustive()
    }
}
