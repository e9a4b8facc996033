use std::{
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Request, Response, header},
};
use http_body_util::BodyExt;
use portcullis::Quota;
use serde_json::Value;
use totp_rs::{Builder, Secret};
use tower::ServiceExt;

use crate::{accounts::Accounts, gate, session};

/// Somebody who uses a fresh service, from the start or with a session and a token.
pub(super) struct Client {
    app: Router,
    pub(super) session: Option<String>,
    pub(super) token: Option<String>,
    pub(super) token_id: u64,
}

impl Client {
    pub(super) fn new() -> Self {
        Self::of(Accounts::new("http://127.0.0.1:9".to_owned()))
    }

    pub(super) fn of(accounts: Accounts) -> Self {
        let address: SocketAddr = "192.0.2.7:1024".parse().unwrap();
        let app = gate::protect(accounts, Quota::per_minute(1_000));
        let app = app.layer(MockConnectInfo(address));
        Self { app, session: None, token: None, token_id: 0 }
    }

    pub(super) async fn signed_in(name: &str) -> Self {
        let mut client = Self::new();
        assert_eq!(client.register(name).await.0, 201);
        let body = credentials(name);
        let signed_in = client.send("POST", "/v1/auth/login", Some(&body)).await;
        let cookie = signed_in.headers()[header::SET_COOKIE].to_str().unwrap();
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax");
        let (name, value) = pair.split_once('=').unwrap();
        assert_eq!(name, session::COOKIE);
        client.session = Some(value.to_owned());

        let named = Some(r#"{"token_name":"ci"}"#);
        let (status, made) = client.ask("POST", "/v1/tokens", named).await;
        assert_eq!(status, 201, "{made}");
        let made: Value = serde_json::from_str(&made).unwrap();
        client.token = made["token"].as_str().map(str::to_owned);
        client.token_id = made["id"].as_u64().unwrap();
        client
    }

    pub(super) async fn register(&self, name: &str) -> (u16, String) {
        let body = format!(
            r#"{{"name":"{name}","email":"{name}@acme.test","password":"correct horse 7!"}}"#
        );
        self.ask("POST", "/v1/auth/register", Some(&body)).await
    }

    pub(super) async fn log_in(&self, name: &str) -> (u16, String) {
        self.ask("POST", "/v1/auth/login", Some(&credentials(name))).await
    }

    /// What a sign-in is answered where a second factor is due.
    pub(super) async fn challenge(&self, name: &str) -> String {
        let body = credentials(name);
        self.member("POST", "/v1/auth/login", Some(&body), "challenge").await
    }

    pub(super) async fn verify(&self, challenge: &str, code: &str) -> (u16, String) {
        let body = format!(r#"{{"challenge":"{challenge}","code":"{code}"}}"#);
        self.ask("POST", "/v1/auth/2fa/verify", Some(&body)).await
    }

    /// One text of an answer.
    pub(super) async fn member(
        &self,
        method: &str,
        path: &str,
        json: Option<&str>,
        name: &str,
    ) -> String {
        let (_, body) = self.ask(method, path, json).await;
        let answer: Value = serde_json::from_str(&body).unwrap();
        answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
    }

    pub(super) async fn ask(&self, method: &str, path: &str, json: Option<&str>) -> (u16, String) {
        let response = self.send(method, path, json).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn send(&self, method: &str, path: &str, json: Option<&str>) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(session) = &self.session {
            request = request.header(header::COOKIE, format!("{}={session}", session::COOKIE));
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if json.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = Body::from(json.unwrap_or_default().to_owned());
        self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }
}

/// The generator's code in so many seconds.
pub(super) fn code(secret: &str, ahead: u64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now + ahead).to_string()
}

fn credentials(name: &str) -> String {
    format!(r#"{{"email":"{name}@acme.test","password":"correct horse 7!"}}"#)
}
