//! The address that is listened on, and its certificate.
//!
//! On this computer alone the connection is plain: nobody else can hear it. On a network nothing is served
//! without TLS: what is served is about people's health. Whoever has no certificate gets one made here, which
//! every browser warns of once; its fingerprint is printed, to be compared with what the browser shows.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use host::accounts::Moment;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig, version};

use super::Source;

/// How long a certificate that is made here lasts, days.
///
/// Source: Apple refuses certificates of more than 825 days, made by whomever (HT210176).
const MADE_DAYS: u64 = 825;

/// When it is made anew, days after it was made.
///
/// Design: a month before its end.
const RENEWED_DAYS: u64 = MADE_DAYS - 30;

/// Longest greeting of a browser before anything is encrypted. Guess.
const GREETING: Duration = Duration::from_secs(10);

/// Most browsers that are greeted at once; the next ones wait.
///
/// Design: a bed has a handful of viewers; whoever opens connections and says nothing holds no more than these.
const GREETINGS_MAX: usize = 64;

/// How connections are encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: only on this computer's own address.
    None,
    /// With a certificate that somebody brought, as PEM files.
    Files {
        /// The certificate, and those that vouch for it after it.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// With one that is made here and kept in this folder.
    SelfMade {
        /// The folder; readable by its owner only.
        folder: PathBuf,
        /// Further names that this computer is called by.
        names: Vec<String>,
    },
}

/// Nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// A network without TLS.
    #[error(
        "{0} can be reached from the network, and what is served is about people's health: give a certificate \
         with --tls-cert FILE and --tls-key FILE, let one be made with --tls-self-made, or leave --listen away \
         to serve this computer alone"
    )]
    Open(SocketAddr),
    /// The address is taken, or not this computer's.
    #[error("{address} cannot be listened on ({error}): choose another with --port or --listen")]
    Taken {
        /// The address.
        address: SocketAddr,
        /// What went wrong.
        error: io::Error,
    },
    /// A file cannot be used.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        what: String,
    },
    /// Certificate and key cannot be used together.
    #[error("the certificate and its key cannot be used: {0}")]
    Certificate(String),
}

/// Most connections from one place on a network; further ones are closed at once.
///
/// Design: a browser opens six, so ten viewers behind one address; nobody can use up what the host may open, and
/// with it keep a Stop out.
const CONNECTIONS_MAX: usize = 64;

/// Listens on an address. With [`Tls::None`] only addresses of this computer itself are taken.
///
/// # Errors
/// The address is open to a network without TLS, is taken, or the certificate cannot be used.
pub async fn listen(address: SocketAddr, tls: &Tls) -> Result<Listener, ListenError> {
    let identity = match tls {
        Tls::None if address.ip().is_loopback() => None,
        Tls::None => return Err(ListenError::Open(address)),
        Tls::Files { certificate, key } => Some(Identity::read(certificate, key)?),
        Tls::SelfMade { folder, names } => Some(Identity::made(folder, names, address)?),
    };
    let acceptor = identity.as_ref().map(Identity::acceptor).transpose()?;
    let taken = |error| ListenError::Taken { address, error };
    let tcp = TcpListener::bind(address).await.map_err(taken)?;
    let address = tcp.local_addr().map_err(taken)?;
    let fingerprint = identity.map(|identity| identity.fingerprint());
    let way = match acceptor {
        None => Way::Plain(tcp),
        Some(acceptor) => Way::encrypted(tcp, acceptor),
    };
    Ok(Listener { address, fingerprint, way })
}

/// Where connections come in; `axum::serve` takes it.
#[derive(Debug)]
pub struct Listener {
    address: SocketAddr,
    fingerprint: Option<String>,
    way: Way,
}

impl Listener {
    /// The address, with the port that was found free.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether connections are encrypted.
    #[must_use]
    pub fn tls(&self) -> bool {
        self.fingerprint.is_some()
    }

    /// SHA-256 of the certificate as browsers show it, if there is one.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref()
    }
}

#[derive(Debug)]
enum Way {
    Plain(TcpListener),
    /// Greeted by a task of its own, so that nobody who is slow to greet keeps others out.
    Encrypted {
        greeted: mpsc::Receiver<(Box<dyn Wire>, SocketAddr)>,
        task: JoinHandle<()>,
    },
}

/// A connection, plain or encrypted.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Wire for T {}

impl Way {
    fn encrypted(mut tcp: TcpListener, acceptor: TlsAcceptor) -> Self {
        let (send, greeted) = mpsc::channel::<(Box<dyn Wire>, SocketAddr)>(GREETINGS_MAX);
        let greetings = Arc::new(Semaphore::new(GREETINGS_MAX));
        let open = Open::default();
        let task = tokio::spawn(async move {
            while let Ok(turn) = greetings.clone().acquire_owned().await {
                let (stream, peer) = axum::serve::Listener::accept(&mut tcp).await;
                let Some(place) = open.enter(peer) else { continue };
                swift(&stream);
                let (acceptor, send) = (acceptor.clone(), send.clone());
                tokio::spawn(async move {
                    // Whoever cannot greet is not of our browsers; there is nobody to tell.
                    if let Ok(Ok(stream)) = tokio::time::timeout(GREETING, acceptor.accept(stream)).await {
                        send.send((Box::new(Placed { stream, _place: place }), peer)).await.ok();
                    }
                    drop(turn);
                });
            }
        });
        Self::Encrypted { greeted, task }
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Self::Encrypted { task, .. } = self {
            task.abort();
        }
    }
}

/// Sends small answers at once: a Stop must not wait for more to send.
fn swift(stream: &TcpStream) {
    // It only costs time if the system will not.
    stream.set_nodelay(true).ok();
}

impl axum::serve::Listener for Listener {
    type Io = Box<dyn Wire>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        match &mut self.way {
            Way::Plain(tcp) => {
                let (stream, peer) = axum::serve::Listener::accept(tcp).await;
                swift(&stream);
                (Box::new(stream), peer)
            }
            Way::Encrypted { greeted, .. } => match greeted.recv().await {
                Some(connection) => connection,
                None => std::future::pending().await,
            },
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// How many connections are open from where.
#[derive(Clone, Debug, Default)]
struct Open(Arc<Mutex<HashMap<Source, usize>>>);

impl Open {
    /// One more from there, unless there are too many.
    fn enter(&self, peer: SocketAddr) -> Option<Place> {
        let source = Source::of(peer.ip());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(source.clone()).or_default();
        if *count >= CONNECTIONS_MAX {
            return None;
        }
        *count += 1;
        Some(Place { open: self.clone(), source })
    }
}

/// The place of one open connection; it is free again when this is dropped.
#[derive(Debug)]
struct Place {
    open: Open,
    source: Source,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.source);
            }
        }
    }
}

/// A connection that holds its place while it is open.
#[derive(Debug)]
struct Placed<S> {
    stream: S,
    _place: Place,
}

impl<S: AsyncRead + Unpin> AsyncRead for Placed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Placed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The other end of a connection, for [`super::Source`]: serve with
/// `into_make_service_with_connect_info::<Peer>()`.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Listener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A certificate with its key.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    fn read(certificate: &Path, key: &Path) -> Result<Self, ListenError> {
        let failed = |path: &Path, error: &pem::Error| ListenError::File {
            path: path.to_owned(),
            what: format!("{error}; a PEM file is expected"),
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
        let chain = chain.map_err(|error| failed(certificate, &error))?;
        if chain.is_empty() {
            return Err(failed(certificate, &pem::Error::NoItemsFound));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, &error))?;
        Ok(Self { chain, key })
    }

    /// The certificate of this folder, made anew when there is none or it nears its end.
    fn made(folder: &Path, names: &[String], address: SocketAddr) -> Result<Self, ListenError> {
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        let age = std::fs::metadata(&certificate).and_then(|file| file.modified()).ok();
        let age = age.and_then(|made| SystemTime::now().duration_since(made).ok());
        let young = age.is_some_and(|age| age.as_secs() < RENEWED_DAYS * 24 * 3600);
        if !(young && key.is_file()) {
            let made = make(names, address).map_err(|error| ListenError::Certificate(error.to_string()))?;
            // The key first: a certificate alone would look as if both were there.
            for (path, text) in [(&key, made.1), (&certificate, made.0)] {
                write_private(folder, path, &text)
                    .map_err(|error| ListenError::File { path: path.clone(), what: error.to_string() })?;
            }
        }
        Self::read(&certificate, &key)
    }

    fn acceptor(&self) -> Result<TlsAcceptor, ListenError> {
        let failed = |error: rustls::Error| ListenError::Certificate(error.to_string());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&version::TLS13])
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.chain[0]);
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

/// A certificate and its key, as PEM.
fn make(names: &[String], address: SocketAddr) -> Result<(String, String), rcgen::Error> {
    let mut called = names.to_vec();
    called.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    if !address.ip().is_unspecified() {
        called.push(address.ip().to_string());
    }
    called.sort();
    called.dedup();
    let mut parameters = rcgen::CertificateParams::new(called)?;
    parameters.distinguished_name.push(rcgen::DnType::CommonName, "Ondol on this computer");
    let day = Duration::from_secs(24 * 3600);
    // A day back: clocks of tablets lag.
    let from = SystemTime::now() - day;
    parameters.not_before = from.into();
    parameters.not_after = (from + day * u32::try_from(MADE_DAYS).expect("a few hundred")).into();
    parameters.serial_number =
        Some(rcgen::SerialNumber::from(u64::try_from(Moment::now().utc_s()).unwrap_or(1)));
    let key = rcgen::KeyPair::generate()?;
    Ok((parameters.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// Writes a file that only its owner reads, whole or not at all.
fn write_private(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    builder.create(folder)?;
    let beside = path.with_extension("new");
    let mut file = options.open(&beside)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_so_many_connections_and_gets_another_when_one_ends() {
        let open = Open::default();
        let peer = |text: &str| text.parse::<SocketAddr>().expect("an address");
        let mut held: Vec<Place> =
            (0..CONNECTIONS_MAX).map(|_| open.enter(peer("192.0.2.7:5000")).expect("a place")).collect();
        assert!(open.enter(peer("192.0.2.7:6000")).is_none());
        assert!(open.enter(peer("192.0.2.8:5000")).is_some(), "others are not kept out");
        held.pop();
        held.push(open.enter(peer("192.0.2.7:6000")).expect("a place"));
        drop(held);
        assert!(open.0.lock().expect("a map").is_empty());
    }
}
