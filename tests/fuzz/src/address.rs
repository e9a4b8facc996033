//! Whatever stands in the header on the left of what trusted proxies have appended, the client is
//! whom the first of them was called by.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderName, HeaderValue, Request, request::Parts};
use portcullis::{Address, Client, Trust};

const CLIENT: &str = "198.51.100.7";
const PROXY: &str = "10.0.0.2";
const PEER: &str = "10.0.0.1";

/// One header, and how an entry of it is written.
pub struct Header {
    pub name: HeaderName,
    pub address: fn(Trust) -> Address,
    pub entries: fn(client: &str, proxy: &str) -> String,
}

impl Header {
    /// Reads what a client makes up; a line feed begins another line of the header.
    pub fn read(&self, made_up: &[u8]) {
        let Some(lines) = lines(made_up) else { return };
        let networks = Trust::networks(["10.0.0.0/8", "fd00::/8"]).expect("they are networks");

        // From a client, from a proxy, and from a Unix socket, whatever comes out.
        let by_network = (self.address)(networks.with_unix_socket());
        let from_client = self.head(Some(CLIENT), &lines);
        let client = client(&by_network, CLIENT);
        assert_eq!(by_network.client(&from_client).expect("a client"), client);
        by_network.client(&self.head(Some(PEER), &lines)).expect("at least the peer");
        let _ = by_network.client(&self.head(None, &lines));
        for hops in [1, 2, 64] {
            let address = (self.address)(Trust::hops(hops));
            address.client(&self.head(Some(CLIENT), &lines)).expect("at least the peer");
        }

        // Appended on the same line, and as a line of its own.
        let appended = (self.entries)(CLIENT, PROXY);
        let mut same_line = lines.clone();
        if let Some(last) = same_line.pop() {
            let line = [last.as_bytes(), b", ", appended.as_bytes()].concat();
            same_line.push(HeaderValue::from_bytes(&line).expect("two values and a comma"));
        }
        let mut own_line = lines;
        own_line.push(HeaderValue::from_str(&appended).expect("a value"));
        let by_hops = (self.address)(Trust::hops(2));
        for lines in [same_line, own_line] {
            let head = self.head(Some(PEER), &lines);
            for address in [&by_network, &by_hops] {
                assert_eq!(address.client(&head).expect("a client"), client);
            }
        }
    }

    fn head(&self, peer: Option<&str>, lines: &[HeaderValue]) -> Parts {
        let (mut head, ()) = Request::new(()).into_parts();
        if let Some(peer) = peer {
            head.extensions.insert(SocketAddr::new(ip(peer), 9));
        }
        for line in lines {
            head.headers.append(&self.name, line.clone());
        }
        head
    }
}

fn client(address: &Address, text: &str) -> Client {
    address.client_of(ip(text))
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// `None` where a header cannot hold it.
fn lines(made_up: &[u8]) -> Option<Vec<HeaderValue>> {
    made_up.split(|byte| *byte == b'\n').map(|line| HeaderValue::from_bytes(line).ok()).collect()
}
