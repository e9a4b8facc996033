//! Every code of the API, raised through its own routes, with the status and the message that its
//! page gives it.

mod page;

use std::{net::SocketAddr, panic};

use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt;
use portcullis::{Catalogue, Quota};
use tower::ServiceExt;

use self::page::PAGE;
use crate::{catalogue::*, demo, gate, records::Directory};

/// A fresh service that one sign-in an hour may be tried at, asked one request after the other.
async fn last_answer(requests: &str) -> (StatusCode, String) {
    let (directory, tokens) = demo::directory().unwrap();
    let client: SocketAddr = "192.0.2.7:1024".parse().unwrap();
    let app = gate::protect(directory.clone(), tokens, Quota::per_hour(1));
    let app = app.layer(MockConnectInfo(client));
    let mut last = None;
    for line in requests.lines().map(str::trim) {
        match line {
            "DIE-HALF-WAY" => die_half_way(&directory),
            line => last = Some(answer(&app, line).await),
        }
    }
    last.expect("a request")
}

async fn answer(app: &Router, line: &str) -> (StatusCode, String) {
    let mut words = line.splitn(4, ' ');
    let [method, path, token] = [(); 3].map(|()| words.next().expect("method, path, token"));
    let mut request = Request::builder().method(method).uri(path);
    if token != "-" {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = match words.next() {
        Some(body) => request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned())),
        None => request.body(Body::empty()),
    };
    let response = app.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A write that panics while it has the records.
fn die_half_way(directory: &Directory) {
    let directory = directory.clone();
    let died = std::thread::spawn(move || {
        let _records = directory.records();
        panic::resume_unwind(Box::new("half-way"));
    });
    assert!(died.join().is_err());
}

#[tokio::test]
async fn every_code_is_raised_with_its_status_and_its_default_message() {
    for (code, status, message, requests) in PAGE {
        let (came, body) = last_answer(requests).await;
        let expected = format!(r#"{{"error":{{"code":"{code}","message":"{message}""#);
        assert!(body.starts_with(&expected), "{code}: {body}");
        assert_eq!(came, status, "{code}");
        let is_validation = matches!(code, "APP_001" | "USR_003");
        assert_eq!(body.contains("details"), is_validation, "{body}");
    }
}

#[test]
fn the_catalogue_is_the_page() {
    let tables = [
        &AUTHENTICATION,
        &APPLICATIONS,
        &PERMISSIONS,
        &SUBSCRIPTIONS,
        &CONSUMPTION,
        &USERS,
        &SERVER,
    ];
    let catalogue = Catalogue::new(&tables).unwrap();
    assert_eq!(catalogue.entries().len(), PAGE.len());
    for (code, status, message, _) in PAGE {
        let entry = catalogue.get(code).expect(code);
        assert_eq!((entry.statuses(), entry.message()), (&[status][..], message));
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once() {
    let (directory, tokens) = demo::directory().unwrap();
    let client: SocketAddr = "192.0.2.7:1024".parse().unwrap();
    let app = gate::protect(directory, tokens, Quota::per_hour(9)).layer(MockConnectInfo(client));
    let (_, handed_over) = answer(&app, "POST /users/u1/password-reset dt_admin").await;
    let token = handed_over.split('"').nth(3).unwrap();
    let reset =
        format!(r#"POST /password-reset - {{"token":"{token}","password":"another horse 8!"}}"#);
    assert_eq!(answer(&app, &reset).await.0, 204);
    assert!(answer(&app, &reset).await.1.contains("AUTH_008"));

    let login = |password: &str| {
        format!(r#"POST /login - {{"email":"root@directory.test","password":"{password}"}}"#)
    };
    assert!(answer(&app, &login(demo::PASSWORD)).await.1.contains("AUTH_003"));
    let (status, signed_in) = answer(&app, &login("another horse 8!")).await;
    let token = signed_in.split('"').nth(3).unwrap();
    assert_eq!(status, 200);
    assert_eq!(answer(&app, &format!("GET /users/u1 {token}")).await.0, 200);
}
