//! Where a request was meant for, and where it comes from.
//!
//! A page from elsewhere must not read or drive this one through the person's browser. A request whose `Host`
//! is a name that is not this computer's is refused (DNS rebinding), and so is a form or a call that another
//! site sent.

use axum::http::{HeaderMap, Method, header};
use std::net::{IpAddr, SocketAddr};

/// The names under which this computer answers.
#[derive(Clone, Debug)]
pub struct Here {
    names: Vec<String>,
    /// Any address of numbers is meant for this computer: a name can be made to lead here, numbers cannot.
    numbers: bool,
    tls: bool,
}

impl Here {
    /// For an address that is listened on, with further names of this computer (`bed.local`).
    #[must_use]
    pub fn new(address: SocketAddr, tls: bool, names: &[String]) -> Self {
        let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        names.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
        Self { names, numbers: !address.ip().is_loopback(), tls }
    }

    /// Whether browsers speak to it encrypted.
    #[must_use]
    pub fn tls(&self) -> bool {
        self.tls
    }

    /// Whether the request was meant for this computer.
    #[must_use]
    pub fn meant(&self, headers: &HeaderMap) -> bool {
        let Some(host) = text(headers, header::HOST.as_str()) else { return false };
        let name = without_port(host).to_lowercase();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        self.names.contains(&name) || (self.numbers && bare.parse::<IpAddr>().is_ok())
    }

    /// Whether nothing says that the request was sent by another site: what only reads may be a link from
    /// anywhere, what changes something may not.
    ///
    /// A browser that hides its origin ("null") must say beside it that it is one of our own pages.
    #[must_use]
    pub fn ours(&self, method: &Method, headers: &HeaderMap) -> bool {
        let site = text(headers, "sec-fetch-site");
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let from_here = match headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default()) {
            None => true,
            Some("null") => site == Some("same-origin"),
            Some(origin) => {
                let scheme = if self.tls { "https" } else { "http" };
                let host = text(headers, header::HOST.as_str()).unwrap_or_default();
                origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
            }
        };
        from_here && (reads || site.is_none_or(|site| matches!(site, "same-origin" | "none")))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A host without its port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(told: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |&(name, value): &(&'static str, &str)| {
            (name.parse::<header::HeaderName>().expect("a name"), value.parse().expect("a value"))
        };
        told.iter().map(pair).collect()
    }

    fn here(address: &str, tls: bool) -> Here {
        Here::new(address.parse().expect("an address"), tls, &["bed.local".to_owned()])
    }

    #[test]
    fn a_name_that_is_not_this_computers_is_refused_and_numbers_only_count_on_a_network() {
        let (alone, open) = (here("127.0.0.1:7000", false), here("0.0.0.0:7000", true));
        let meant = |here: &Here, host| here.meant(&headers(&[("host", host)]));
        for host in ["127.0.0.1:7000", "localhost", "LocalHost:7000", "[::1]:7000", "bed.local:7000"] {
            assert!(meant(&alone, host) && meant(&open, host), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example:7000", "localhost.evil.example", "", "bed.local.:1:2"]
        {
            assert!(!meant(&alone, host) && !meant(&open, host), "{host}");
        }
        for host in ["192.168.1.7:7000", "[fe80::1]:7000"] {
            assert!(!meant(&alone, host) && meant(&open, host), "{host}");
        }
        assert!(!alone.meant(&HeaderMap::new()));
    }

    #[test]
    fn a_change_from_another_site_scheme_or_port_is_refused_and_a_link_is_not() {
        let here = here("127.0.0.1:7000", false);
        let ours = |method: Method, told: &[(&'static str, &str)]| {
            let mut told = told.to_vec();
            told.push(("host", "localhost:7000"));
            here.ours(&method, &headers(&told))
        };
        for told in [
            &[][..],
            &[("origin", "http://localhost:7000")],
            &[("origin", "http://localhost:7000"), ("sec-fetch-site", "same-origin")],
            &[("origin", "null"), ("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(ours(Method::POST, told), "{told:?}");
        }
        for told in [
            &[("origin", "http://evil.example")][..],
            &[("origin", "https://localhost:7000")],
            &[("origin", "http://localhost:7001")],
            &[("origin", "null")],
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            assert!(!ours(Method::POST, told) && !ours(Method::DELETE, told), "{told:?}");
        }
        assert!(ours(Method::GET, &[("sec-fetch-site", "cross-site")]));
        assert!(!ours(Method::GET, &[("origin", "http://evil.example")]));
    }
}
