//! `Forwarded`: the examples of RFC 7239, and what its grammar allows and does not.

use super::*;

/// The client of a request with these lines of `Forwarded`, from a proxy at 10.0.0.1, behind
/// others of 10.0.0.0/8.
fn client(lines: &[&str]) -> String {
    let trust = Trust::networks(["10.0.0.0/8"]).unwrap();
    let lines: Vec<_> = lines.iter().map(|line| ("forwarded", *line)).collect();
    let address = Address::from_forwarded(trust).with_ipv6_prefix(128);
    address.client(&request(Some("10.0.0.1"), &lines)).unwrap().to_string()
}

const PEER: &str = "10.0.0.1";

#[test]
fn the_examples_of_the_rfc_read_as_it_says() {
    for (lines, expected) in [
        // Section 4
        (&[r#"for="_gazonk""#] as &[_], PEER),
        (&[r#"For="[2001:db8:cafe::17]:4711""#], "2001:db8:cafe::17/128"),
        (&["for=192.0.2.60;proto=http;by=203.0.113.43"], "192.0.2.60"),
        (&["for=192.0.2.43, for=198.51.100.17"], "198.51.100.17"),
        // Section 6
        (&[r#"for="192.0.2.43:47011""#], "192.0.2.43"),
        (&[r#"for="[2001:db8:cafe::17]:47011""#], "2001:db8:cafe::17/128"),
        (&["for=unknown"], PEER),
        (&["for=_hidden, for=_SEVKISEK"], PEER),
        // Section 7.1
        (&[r#"for=192.0.2.43,for="[2001:db8:cafe::17]",for=unknown"#], PEER),
        (&[r#"for=192.0.2.43,for="[2001:db8:cafe::17]""#, "for=unknown"], PEER),
        (&["for=192.0.2.43", r#"for="[2001:db8:cafe::17]""#], "2001:db8:cafe::17/128"),
        // Section 7.4
        (&[r#"for=192.0.2.43, for="[2001:db8:cafe::17]""#], "2001:db8:cafe::17/128"),
        // Section 7.5
        (&["for=_hidden, for=_SEVKISEK;by=203.0.113.43"], PEER),
        (&["secret=egah2CGj55fSJFs"], PEER),
    ] {
        assert_eq!(client(lines), expected, "{lines:?}");
    }
}

#[test]
fn the_client_is_the_first_from_the_right_that_is_not_trusted() {
    for (lines, expected) in [
        (&["for=192.0.2.1, for=10.0.0.2"] as &[_], "192.0.2.1"),
        (&["for=198.51.100.1, for=192.0.2.1;proto=https", "for=10.0.0.2;by=_a"], "192.0.2.1"),
        (&[r#"for="[2001:db8::1]:80", for="10.0.0.2:80";host="a, b""#], "2001:db8::1/128"),
    ] {
        assert_eq!(client(lines), expected, "{lines:?}");
    }
}

#[test]
fn a_parameter_is_known_by_its_name_in_any_case_and_at_any_place() {
    for element in [
        "FOR=192.0.2.1",
        "proto=https;fOr=192.0.2.1;by=_me",
        "by=_me ; for=192.0.2.1 ;\thost=example.org",
        ";for=192.0.2.1;;",
        r#"ext="a;for=198.51.100.1,b";for=192.0.2.1"#,
        r#"ext="\",for=198.51.100.1;\\";for=192.0.2.1"#,
        r#"for=192.0.2.1;ext="for=198.51.100.1""#,
        r#"for=192.0.2.1;ext="""#,
    ] {
        assert_eq!(client(&[element]), "192.0.2.1", "{element}");
        let line = format!("for=198.51.100.9,\t{element} , for=10.0.0.2");
        assert_eq!(client(&[&line]), "192.0.2.1", "{line}");
    }
}

#[test]
fn an_address_without_the_quotes_it_needs_is_one_all_the_same() {
    for (element, expected) in [
        ("for=192.0.2.1:80", "192.0.2.1"),
        ("for=2001:db8::1", "2001:db8::1/128"),
        ("for=[2001:db8::1]:80;proto=http", "2001:db8::1/128"),
    ] {
        assert_eq!(client(&[element]), expected, "{element}");
    }
}

#[test]
fn an_element_that_is_malformed_ends_the_walk() {
    for element in [
        "",
        ";",
        "for",
        "for=",
        r#"for="""#,
        "for =192.0.2.1",
        "for= 192.0.2.1",
        "=192.0.2.1",
        "192.0.2.1",
        "for=192.0.2.1;for=192.0.2.1",
        "for=192.0.2.1;For=192.0.2.2",
        "for=192.0.2.1;proto",
        "for=192.0.2.1 proto=http",
        "for=192.0.2.1;host=a/b",
        r#"for="192.0.2.1"#,
        r#"for=192.0.2.1""#,
        r#"for="192.0.2.1"x"#,
        r#"for="192.0.2.\1""#,
        r#"for=192.0.2.1;ext="\""#,
        "for=é",
        "proto=http",
    ] {
        let line = format!("for=198.51.100.1, {element}, for=10.0.0.2");
        assert_eq!(client(&[&line]), "10.0.0.2", "{line}");
        assert_eq!(client(&["for=198.51.100.1", element]), PEER, "{element}");
    }
}

#[test]
fn what_is_forged_on_the_left_cannot_swallow_what_a_proxy_wrote() {
    for forged in [
        "for=\"",
        "for=\"\\",
        "for=\"\\\"",
        "a=\"b",
        "\\",
        "\"\"\"",
        "for=\"198.51.100.1",
        "for=198.51.100.1;a=\",\"",
        ";;;=",
    ] {
        let line = format!(r#"{forged}, for="192.0.2.1:80";by="_\"me", for=10.0.0.2"#);
        assert_eq!(client(&[&line]), "192.0.2.1", "{line}");
    }
}
