//! Every code of the API, and every text that has none, through its own routes.

mod client;

use std::panic;

use portcullis::Catalogue;

use self::client::Client;
use crate::{accounts::Accounts, catalogue::*};

/// Of the page: each code, and its statuses.
const PAGE: [(&str, &[u16]); 16] = [
    ("MISSING_NAME", &[400]),
    ("MISSING_EMAIL", &[400]),
    ("MISSING_PASSWORD", &[400]),
    ("INVALID_EMAIL", &[400]),
    ("PASSWORD_TOO_WEAK", &[400]),
    ("EMAIL_ALREADY_EXISTS", &[409]),
    ("INVALID_CREDENTIALS", &[401]),
    ("REGISTRATION_FAILED", &[500]),
    ("INVALID_CHALLENGE", &[401]),
    ("INVALID_CODE", &[400, 401]),
    ("2FA_ALREADY_ENABLED", &[409]),
    ("2FA_NOT_STARTED", &[400]),
    ("2FA_NOT_ENABLED", &[400]),
    ("NO_ACCESS", &[403]),
    ("NOT_FOUND", &[404]),
    ("USER_NOT_FOUND", &[404]),
];

/// What an answer with a code is.
fn coded(status: u16, code: &str) -> (u16, String) {
    let catalogue = Catalogue::new(&[&AUTHENTICATION, &TWO_FACTOR, &CLIENTS]).unwrap();
    let message = catalogue.get(code).expect(code).message();
    (status, format!(r#"{{"detail":{{"code":"{code}","message":"{message}"}}}}"#))
}

/// What an answer without a code is.
fn text(status: u16, detail: &str) -> (u16, String) {
    (status, format!(r#"{{"detail":"{detail}"}}"#))
}

#[test]
fn the_catalogue_is_the_page() {
    let catalogue = Catalogue::new(&[&AUTHENTICATION, &TWO_FACTOR, &CLIENTS]).unwrap();
    assert_eq!(catalogue.entries().len(), PAGE.len());
    for (code, statuses) in PAGE {
        assert_eq!(catalogue.get(code).expect(code).statuses(), statuses, "{code}");
    }
}

#[tokio::test]
async fn a_registration_says_what_is_missing_or_wrong() {
    let client = Client::new();
    let register = async |body: &str| client.ask("POST", "/v1/auth/register", Some(body)).await;
    for (body, code) in [
        (r#"{"email":"ada@acme.test","password":"correct horse 7!"}"#, "MISSING_NAME"),
        (r#"{"name":"Ada","password":"correct horse 7!"}"#, "MISSING_EMAIL"),
        (r#"{"name":"Ada","email":"ada@acme.test","password":""}"#, "MISSING_PASSWORD"),
        (r#"{"name":"Ada","email":"ada@","password":"correct horse 7!"}"#, "INVALID_EMAIL"),
        (r#"{"name":"Ada","email":"ada@acme.test","password":"horses77"}"#, "PASSWORD_TOO_WEAK"),
    ] {
        assert_eq!(register(body).await, coded(400, code));
    }
    assert_eq!(client.register("ada").await.0, 201);
    assert_eq!(client.register("ADA").await, coded(409, "EMAIL_ALREADY_EXISTS"));
    let wrong = r#"{"name":7,"email":"ada@acme.test"}"#;
    let said = text(400, "body.name: Input should be a valid string");
    assert_eq!(register(wrong).await, said);
    assert_eq!(register("{").await, text(400, "There was an error parsing the body"));
}

#[tokio::test]
async fn a_registration_that_fails_for_no_reason_of_the_callers_says_so_and_no_more() {
    let accounts = Accounts::new(String::new());
    let client = Client::of(accounts.clone());
    let died = std::thread::spawn(move || {
        let _book = accounts.book();
        panic::resume_unwind(Box::new("half-way"));
    });
    assert!(died.join().is_err());
    assert_eq!(client.register("ada").await, coded(500, "REGISTRATION_FAILED"));
    // What has no code keeps quiet.
    assert_eq!(client.log_in("ada").await, text(500, "Internal server error"));
}

#[tokio::test]
async fn a_second_factor_is_set_up_asked_for_and_switched_off() {
    let mut client = Client::signed_in("ada").await;
    let of_2fa = async |client: &Client, step: &str, code: &str| {
        let body = format!(r#"{{"code":"{code}"}}"#);
        client.ask("POST", &format!("/v1/2fa/{step}"), Some(&body)).await
    };
    assert_eq!(of_2fa(&client, "enable", "000000").await, coded(400, "2FA_NOT_STARTED"));
    assert_eq!(of_2fa(&client, "disable", "000000").await, coded(400, "2FA_NOT_ENABLED"));
    let secret = client.member("POST", "/v1/2fa/setup", None, "secret").await;
    assert_eq!(of_2fa(&client, "enable", "not it").await, coded(400, "INVALID_CODE"));

    let now = client::code(&secret, 0);
    let (status, enabled) = of_2fa(&client, "enable", &now).await;
    assert_eq!(status, 200, "{enabled}");
    let recovery = enabled.split('"').nth(3).unwrap().to_owned();
    assert_eq!(of_2fa(&client, "enable", &now).await, coded(409, "2FA_ALREADY_ENABLED"));
    let again = client.ask("POST", "/v1/2fa/setup", None).await;
    assert_eq!(again, coded(409, "2FA_ALREADY_ENABLED"));
    assert_eq!(of_2fa(&client, "disable", "not it").await, coded(400, "INVALID_CODE"));

    // The code that has been used, one that is wrong, and that of the next half minute.
    let challenge = client.challenge("ada").await;
    assert_eq!(client.verify(&challenge, &now).await, coded(401, "INVALID_CODE"));
    assert_eq!(client.verify(&challenge, "000-00").await, coded(401, "INVALID_CODE"));
    let next = client::code(&secret, 30);
    assert_eq!(client.verify(&challenge, &next).await.0, 200);
    assert_eq!(client.verify(&challenge, &next).await, coded(401, "INVALID_CHALLENGE"));

    // A recovery code is as good, once.
    let challenge = client.challenge("ada").await;
    assert_eq!(client.verify(&challenge, &recovery).await.0, 200);
    assert_eq!(of_2fa(&client, "disable", &recovery).await, coded(400, "INVALID_CODE"));
    let recovery = enabled.split('"').nth(5).unwrap();
    assert_eq!(of_2fa(&client, "disable", recovery).await.0, 204);
    client.token = None;
    assert_eq!(client.log_in("ada").await.0, 200);
}

#[tokio::test]
async fn a_challenge_is_over_after_five_wrong_codes() {
    let client = Client::signed_in("ada").await;
    let secret = client.member("POST", "/v1/2fa/setup", None, "secret").await;
    let now = client::code(&secret, 0);
    let body = format!(r#"{{"code":"{now}"}}"#);
    assert_eq!(client.ask("POST", "/v1/2fa/enable", Some(&body)).await.0, 200);
    let challenge = client.challenge("ada").await;
    for _ in 0..5 {
        assert_eq!(client.verify(&challenge, "000-00").await, coded(401, "INVALID_CODE"));
    }
    let right = client::code(&secret, 30);
    assert_eq!(client.verify(&challenge, &right).await, coded(401, "INVALID_CHALLENGE"));
}

#[tokio::test]
async fn members_work_on_the_projects_of_their_clients_and_of_no_others() {
    let client = Client::signed_in("ada").await;
    let named = Some(r#"{"name":"Rocket"}"#);
    for path in ["/v1/clients/acme/projects", "/v1/clients/none/projects", "/v1/projects/p1"] {
        assert_eq!(client.ask("GET", path, None).await, coded(403, "NO_ACCESS"));
    }
    assert_eq!(client.ask("GET", "/v1/projects/none", None).await, coded(404, "NOT_FOUND"));
    assert_eq!(client.ask("POST", "/v1/clients", Some("{}")).await, coded(400, "MISSING_NAME"));

    let own = client.member("POST", "/v1/clients", named, "id").await;
    let projects = format!("/v1/clients/{own}/projects");
    assert_eq!(client.ask("POST", &projects, Some("{}")).await, coded(400, "MISSING_NAME"));
    let project = client.member("POST", &projects, named, "id").await;
    assert_eq!(client.ask("GET", &format!("/v1/projects/{project}"), None).await.0, 200);

    let members = format!("/v1/clients/{own}/members");
    let nobody = Some(r#"{"email":"nobody@acme.test"}"#);
    assert_eq!(client.ask("POST", &members, nobody).await, coded(404, "USER_NOT_FOUND"));
    client.register("bob").await;
    let bob = Some(r#"{"email":"bob@acme.test"}"#);
    assert_eq!(client.ask("POST", &members, bob).await.0, 204);
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_no_token() {
    let client = Client::signed_in("ada").await;
    assert_eq!(client.ask("GET", "/v1/projects/none", None).await.0, 404);
    assert_eq!(client.ask("DELETE", "/v1/tokens/999", None).await, coded(404, "NOT_FOUND"));
    let own = format!("/v1/tokens/{}", client.token_id);
    assert_eq!(client.ask("DELETE", &own, None).await.0, 204);
    let refused = client.ask("GET", "/v1/projects/none", None).await;
    assert_eq!(refused, text(401, "invalid token"));
    let unnamed = client.ask("POST", "/v1/tokens", Some("{}")).await;
    assert_eq!(unnamed, text(400, "token_name is required"));
}

#[tokio::test]
async fn who_has_neither_token_nor_session_is_told_what_is_missing() {
    let mut client = Client::new();
    let usage = client.ask("GET", "/v1/usage", None).await;
    assert_eq!(usage, text(401, "missing bearer token"));
    let tokens = client.ask("POST", "/v1/tokens", Some("{}")).await;
    assert_eq!(tokens, text(401, "no session cookie"));
    client.session = Some("session_of_yesterday".to_owned());
    let tokens = client.ask("POST", "/v1/tokens", Some("{}")).await;
    assert_eq!(tokens, text(401, "no session cookie"));
    let unknown = client.ask("GET", "/v1/nothing", None).await;
    assert_eq!(unknown, text(404, "Not Found"));
    assert_eq!(client.log_in("nobody").await, coded(401, "INVALID_CREDENTIALS"));
    assert_eq!(client.verify("nothing", "000000").await, coded(401, "INVALID_CHALLENGE"));
}

#[tokio::test]
async fn a_service_behind_this_one_that_is_down_is_named() {
    let client = Client::signed_in("ada").await;
    let usage = client.ask("GET", "/v1/usage", None).await;
    assert_eq!(usage, text(503, "Failed to reach billing service"));
}
