//! Real connections: plain on this computer, encrypted or not at all on a network.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::door::{ListenError, Listener, Peer, Source, Tls, listen};

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

fn serve(listener: Listener) {
    let app = Router::new().route("/", get(|source: Source| async move { format!("from {}", source.0) }));
    tokio::spawn(async move {
        axum::serve(listener, app.into_make_service_with_connect_info::<Peer>()).await.expect("served");
    });
}

async fn ask(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin)) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("an answer");
    text
}

fn self_made(folder: &Path) -> Tls {
    Tls::SelfMade { folder: folder.to_owned(), names: vec!["bed.local".to_owned()] }
}

#[test]
fn this_computer_alone_is_served_plain_and_knows_where_a_request_comes_from() {
    run(async {
        let listener =
            listen("127.0.0.1:0".parse().expect("an address"), &Tls::None).await.expect("listening");
        let address = listener.address();
        assert!(!listener.tls() && address.port() != 0);
        serve(listener);
        let mut stream = TcpStream::connect(address).await.expect("connected");
        assert!(ask(&mut stream).await.ends_with("from 127.0.0.1"));
    });
}

#[test]
fn a_network_is_not_served_without_tls_and_the_refusal_says_the_way_out() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.7:0"] {
        let refused = run(listen(address.parse().expect("an address"), &Tls::None)).expect_err("refused");
        assert!(matches!(refused, ListenError::Open(_)), "{refused}");
        assert!(refused.to_string().contains("--tls-cert FILE"), "{refused}");
    }
}

#[test]
fn a_self_made_certificate_is_kept_and_served_and_the_slow_keep_nobody_out() {
    let folder = tempfile::tempdir().expect("a folder");
    run(async {
        let listener = listen("127.0.0.1:0".parse().expect("an address"), &self_made(folder.path())).await;
        let listener = listener.expect("listening");
        let (address, fingerprint) = (listener.address(), listener.fingerprint().expect("one").to_owned());
        assert_eq!(fingerprint.len(), 32 * 3 - 1);
        serve(listener);
        let _silent = TcpStream::connect(address).await.expect("connected");
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_file(folder.path().join("certificate.pem")).expect("PEM");
        roots.add(certificate).expect("trusted");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        for name in ["localhost", "127.0.0.1", "bed.local"] {
            let stream = TcpStream::connect(address).await.expect("connected");
            let name = ServerName::try_from(name).expect("a name");
            let mut stream = connector.connect(name, stream).await.expect("encrypted");
            assert!(ask(&mut stream).await.ends_with("from 127.0.0.1"));
        }
        let mut plain = TcpStream::connect(address).await.expect("connected");
        plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
        let mut bytes = Vec::new();
        plain.read_to_end(&mut bytes).await.ok();
        assert!(!bytes.starts_with(b"HTTP"), "served plain");
        let again = listen("127.0.0.1:0".parse().expect("an address"), &self_made(folder.path())).await;
        assert_eq!(again.expect("listening").fingerprint(), Some(fingerprint.as_str()));
    });
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("key.pem")).expect("the key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn files_that_hold_no_certificate_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    std::fs::write(&certificate, "nothing").expect("written");
    let tls = Tls::Files { certificate, key };
    let refused = run(listen("127.0.0.1:0".parse().expect("an address"), &tls)).expect_err("refused");
    assert!(refused.to_string().contains("c.pem") && refused.to_string().contains("PEM"), "{refused}");
}
