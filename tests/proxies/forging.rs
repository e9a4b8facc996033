use std::net::{IpAddr, SocketAddr};

use http::{HeaderName, header::FORWARDED};
use portcullis::{Address, Trust};
use portcullis_tests::{Ask, Client, get};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Two clients of this machine, neither of which is a proxy.
pub(crate) const MALLORY: [u8; 4] = [127, 0, 0, 2];
pub(crate) const ALICE: [u8; 4] = [127, 0, 0, 3];

/// The header that is read, and forged.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Header {
    XForwardedFor,
    Forwarded,
}

impl Header {
    pub(crate) const ALL: [Self; 2] = [Self::XForwardedFor, Self::Forwarded];

    /// A limit's key that reads this header, and believes these proxies.
    pub(crate) fn read_behind(self, proxies: Trust) -> Address {
        match self {
            Self::XForwardedFor => Address::from_x_forwarded_for(proxies),
            Self::Forwarded => Address::from_forwarded(proxies),
        }
    }

    /// A request with a value that is made up, another one for each number.
    fn forged(self, number: usize) -> Ask {
        let made_up = format!("198.51.{}.{}", number / 250, number % 250 + 1);
        let made_up = made_up.as_str();
        match self {
            Self::XForwardedFor => {
                let value = match number % 8 {
                    0 => made_up.to_owned(),
                    1 => format!("{made_up}, 127.0.0.1"),
                    2 => format!("127.0.0.1, {made_up}:80"),
                    3 => format!("[2001:db8:{number:x}::1]:80"),
                    4 => format!("::ffff:{made_up}"),
                    5 => format!("unknown, {made_up}, "),
                    6 => format!("\"{made_up}"),
                    _ => format!("{made_up}{}", ", 127.0.0.1".repeat(70)),
                };
                let ask = get("/").header(X_FORWARDED_FOR, &value);
                if number.is_multiple_of(3) { ask.header(X_FORWARDED_FOR, made_up) } else { ask }
            }
            Self::Forwarded => {
                let value = match number % 8 {
                    0 => format!("for={made_up}"),
                    1 => format!("for={made_up}, for=127.0.0.1"),
                    2 => format!("for=\"{made_up}:80\";proto=https"),
                    3 => format!("for=\"[2001:db8:{number:x}::1]\""),
                    4 => format!("for={made_up};host=\""),
                    5 => format!("for={made_up}, for=\"\\"),
                    6 => format!("for=_{number}"),
                    _ => format!("for={made_up}{}", ", for=127.0.0.1".repeat(70)),
                };
                let ask = get("/").header(FORWARDED, &value);
                let more = format!("for={made_up}");
                if number.is_multiple_of(3) { ask.header(FORWARDED, &more) } else { ask }
            }
        }
    }
}

/// How many of so many requests from this client, each with another value of the header, are
/// admitted by what listens there; the others are 429.
pub(crate) async fn admitted_of_forged(
    count: usize,
    client: impl Into<IpAddr>,
    server: SocketAddr,
    header: Header,
) -> u32 {
    let mut client = Client::from(client.into(), server).await;
    let mut admitted = 0;
    for number in 0..count {
        let answer = client.send(header.forged(number)).await;
        match answer.status.as_u16() {
            200 => admitted += 1,
            429 => {}
            _ => panic!("{header:?}: {:?}", answer.lines()),
        }
    }
    admitted
}
