//! Rows that a handler has found by itself.

use super::*;

#[tokio::test]
async fn a_row_that_a_handler_has_found_by_itself_is_judged_alike() {
    let service = service(true, Some(ONE));
    assert_eq!(service.post("/batch", "[1]").await, (200, "all".to_owned()));
    let unnamed = (404, "404: Not Found".to_owned());
    assert_eq!(service.post("/batch", "[1,2]").await, unnamed);
    assert_eq!(service.post("/batch", "[1,3]").await, unnamed);
}

#[tokio::test]
async fn a_handler_that_words_a_missing_row_by_itself_does_not_tell_it_from_a_foreign_one() {
    async fn show(Path(id): Path<u64>) -> Result<(), ApiError> {
        let found = Ticket::load(Database { is_up: true }, id, &ONE).await;
        let row = found.map_err(ApiError::unavailable)?.ok_or_else(ApiError::not_found)?;
        Visible::to(&ONE, Some(row))?;
        Ok(())
    }
    for (mask, words) in [
        (MaskLayer::new(), "404: Not Found"),
        (MaskLayer::new().with_resource::<Ticket>(), "404: Ticket not found"),
    ] {
        let router = Router::new().route("/tickets/{id}", get(show)).layer(mask);
        let service = Service { router, trail: Trail::default() };
        for path in ["/tickets/2", "/tickets/3"] {
            assert_eq!(service.get(path).await, (404, words.to_owned()));
        }
    }
}

#[tokio::test]
async fn a_missing_one_of_a_kind_reads_as_a_foreign_one_that_a_handler_has_found() {
    async fn show(Path(id): Path<u64>) -> Result<(), Hidden> {
        let row = (id <= 2).then_some(Ticket { id, tenant: id });
        let ticket = row.ok_or_else(Hidden::missing_of::<Ticket>)?;
        Visible::to(&ONE, Some(ticket))?;
        Ok(())
    }
    let trail = Trail::default();
    let mask = MaskLayer::new().with_audit(trail.clone());
    let router = Router::new().route("/tickets/{id}", get(show)).layer(mask);
    let service = Service { router, trail };
    assert_eq!(service.get("/tickets/2").await, service.get("/tickets/3").await);
    let kinds =
        [r#"Foreign Some("wile") Some("Ticket") false 2"#, r#"Missing None Some("Ticket") false "#];
    assert_eq!(service.told(), kinds);
}

/// A decision that needs two rows is made when both are proven.
#[tokio::test]
async fn what_is_required_of_another_row_is_required_of_a_visible_one() {
    async fn merge(ticket: Visible<Ticket>, Json(into): Json<u64>) -> Result<(), ApiError> {
        let row = (into <= 2).then_some(Ticket { id: into, tenant: into });
        let into = Visible::to(ticket.caller(), row)?;
        into.require(|caller, _| caller.is_editor)?;
        Ok(())
    }
    let router = Router::new()
        .route("/tickets/{id}", post(merge))
        .layer(MaskLayer::new())
        .with_state(App { database: Database { is_up: true } })
        .layer(Extension(ONE));
    let service = Service { router, trail: Trail::default() };
    assert_eq!(service.post("/tickets/1", "1").await.0, 403);
    let foreign = service.post("/tickets/1", "2").await;
    assert_eq!(foreign.0, 404);
    assert_eq!(foreign, service.post("/tickets/1", "3").await);
}
