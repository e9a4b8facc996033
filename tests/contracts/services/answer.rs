//! HTTP/1.1 by hand, so that no library tidies what came.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use portcullis_tests::{Raw, Wire};

/// Sends a request on a connection of its own.
pub(super) async fn ask(address: &str, request: &Request<Bytes>) -> Wire {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri()).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let length = request.body().len();
    let ending =
        format!("host: {address}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    bytes.extend_from_slice(ending.as_bytes());
    bytes.extend_from_slice(request.body());

    let answer = Raw::send(address, &bytes).await;
    read(answer.bytes(), request.method()).unwrap_or_else(|| panic!("no HTTP/1.1: {answer:?}"))
}

/// The one answer that these bytes are, which is as long as it says.
fn read(bytes: &[u8], method: &Method) -> Option<Wire> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let body = Bytes::copy_from_slice(&bytes[end + 4..]);

    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let name: HeaderName = name.parse().ok()?;
        headers.append(name, HeaderValue::from_str(value).ok()?);
    }
    // What belongs to the connection is no part of the answer.
    headers.remove("connection");
    let length = headers.get("content-length")?.to_str().ok()?.parse::<usize>().ok()?;
    let is_as_long = if method == Method::HEAD { body.is_empty() } else { body.len() == length };
    is_as_long.then_some(Wire { status, headers, body })
}

#[test]
fn an_answer_that_is_shorter_or_longer_than_it_says_is_none() {
    let answer =
        |length: usize| format!("HTTP/1.1 404 Not Found\r\ncontent-length: {length}\r\n\r\nbody");
    let is_read = |length, method| read(answer(length).as_bytes(), &method).is_some();
    assert!(is_read(4, Method::GET));
    assert!(!is_read(3, Method::GET));
    assert!(!is_read(5, Method::GET));
    assert!(!is_read(4, Method::HEAD));
    assert!(read(b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", &Method::GET).is_none());
}
