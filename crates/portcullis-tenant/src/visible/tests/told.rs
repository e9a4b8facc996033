//! What an audit sink is told, and what the owner of a row is asked.

use super::*;

#[tokio::test]
async fn an_id_has_one_hash_however_the_path_spells_it() {
    #[derive(Clone, Default)]
    struct Hashes(Arc<Mutex<Vec<String>>>);
    impl Audit for Hashes {
        fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
            self.0.lock().unwrap().push(event.id().unwrap().to_string());
            Ok(())
        }
    }
    let hashes = Hashes::default();
    let by_hand = async || Err::<(), _>(Hidden::missing().about("Ticket", 7));
    let router = Router::new()
        .route("/tickets/{id}", get(show))
        .route("/by-hand", get(by_hand))
        .layer(MaskLayer::new().with_audit(hashes.clone()))
        .with_state(App { database: Database { is_up: true } })
        .layer(Extension(ONE));
    let service = Service { router, trail: Trail::default() };
    for path in ["/tickets/7", "/tickets/007", "/tickets/%37", "/tickets/+7", "/by-hand"] {
        service.get(path).await;
    }
    let mut hashes = hashes.0.lock().unwrap();
    assert_eq!(hashes.len(), 5);
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}

/// However a service words it: some say 404 to a role that is too low, some 409.
#[tokio::test]
async fn the_sink_learns_of_a_role_whatever_status_is_made_of_it() {
    for status in [ErrorStatus::NOT_FOUND, ErrorStatus::CONFLICT, ErrorStatus::FORBIDDEN] {
        let show = async move |ticket: Visible<Ticket>| {
            let may = ticket.require(|_, _| false);
            may.map_err(|forbidden| ApiError::new(status).with_source(forbidden))
        };
        let trail = Trail::default();
        let mask = MaskLayer::new().with_audit(trail.clone());
        let router = Router::new()
            .route("/tickets/{id}", get(show))
            .layer(mask.clone())
            .layer(mask)
            .with_state(App { database: Database { is_up: true } })
            .layer(Extension(ONE));
        let service = Service { router, trail };
        assert_eq!(service.get("/tickets/1").await.0, status.as_u16());
        assert_eq!(service.told(), [r#"Role Some("wile") Some("Ticket") true 1"#]);
    }
}

#[tokio::test]
async fn a_refusal_that_was_kept_proves_nothing_of_another_row() {
    let kept = Arc::new(Mutex::new(None));
    let keep = {
        let kept = Arc::clone(&kept);
        async move |ticket: Visible<Ticket>| {
            let refusal = ApiError::from(Forbidden::of(&ticket));
            *kept.lock().unwrap() = Some(refusal.clone());
            refusal
        }
    };
    let say_again = async move |_: Path<u64>| kept.lock().unwrap().clone();
    let trail = Trail::default();
    let [route, service] = [OnUnproven::Pass, OnUnproven::Hide]
        .map(|it| MaskLayer::new().with_audit(trail.clone()).on_unproven(it));
    let router = Router::new()
        .route("/tickets/{id}", get(keep))
        .layer(route)
        .route("/again/{id}", get(async move |id| say_again(id).await.ok_or(StatusCode::GONE)))
        .layer(service)
        .with_state(App { database: Database { is_up: true } })
        .layer(Extension(ONE));
    let service = Service { router, trail };
    // A proof of one answer, whichever masks that passes.
    assert_eq!(service.get("/tickets/1").await.0, 403);
    assert_eq!(service.get("/again/2").await, (404, "404: Not Found".to_owned()));
    let [inner, outer, again] = service.told().try_into().unwrap();
    assert_eq!(inner, r#"Role Some("wile") Some("Ticket") true 1"#);
    assert_eq!(outer, inner);
    assert_eq!(again, r#"Unproven None None false "#);
}

#[test]
fn no_owner_is_cloned_to_hide_a_row() {
    static CLONES: AtomicUsize = AtomicUsize::new(0);
    struct Owner;
    impl Clone for Owner {
        fn clone(&self) -> Self {
            CLONES.fetch_add(1, Ordering::Relaxed);
            Self
        }
    }
    impl fmt::Display for Owner {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("globex")
        }
    }
    #[derive(Clone)]
    struct Nobody;
    impl Member for Nobody {
        type Tenant = Owner;

        fn belongs_to(&self, _: &Owner) -> bool {
            false
        }

        fn name(&self) -> impl fmt::Display {
            ""
        }
    }
    #[derive(Debug)]
    struct Row;
    impl Resource for Row {
        type Principal = Nobody;
        type State = ();
        type Id = u64;
        type Error = Infallible;

        const NOUN: &str = "Row";

        fn id(_: &PathParameters<'_>) -> Result<u64, InvalidId> {
            Ok(2)
        }

        async fn load((): (), _: u64, _: &Nobody) -> Result<Option<Self>, Infallible> {
            Ok(None)
        }

        fn owner(&self) -> &Owner {
            &Owner
        }
    }
    for (row, reason) in [(Some(Row), Reason::Foreign), (None, Reason::Missing)] {
        let hidden = Visible::to(&Nobody, row).unwrap_err();
        assert_eq!(hidden.reason(), reason);
        assert_eq!(hidden.clone().reason(), reason);
    }
    assert_eq!(CLONES.load(Ordering::Relaxed), 0);
}

/// A row that panics when it is asked whose it is cannot look missing.
#[tokio::test]
async fn an_owner_that_panics_is_told_by_the_panic() {
    struct Broken;
    impl Resource for Broken {
        type Principal = Account;
        type State = Database;
        type Id = u64;
        type Error = Infallible;

        const NOUN: &str = "Row";

        fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
            path.parse("id")
        }

        async fn load(_: Database, id: u64, _: &Account) -> Result<Option<Self>, Infallible> {
            Ok((id == 2).then_some(Self))
        }

        fn owner(&self) -> &u64 {
            panic!("the row has no owner")
        }
    }
    let router = Router::new()
        .route("/rows/{id}", get(async |_: Visible<Broken>| ()))
        .layer(MaskLayer::new())
        .with_state(App { database: Database { is_up: true } })
        .layer(Extension(ONE));
    let ask = |path| {
        let service = Service { router: router.clone(), trail: Trail::default() };
        tokio::spawn(async move { service.get(path).await })
    };
    assert_eq!(ask("/rows/3").await.unwrap(), (404, "404: Row not found".to_owned()));
    assert!(ask("/rows/2").await.unwrap_err().is_panic());
}
