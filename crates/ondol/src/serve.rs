//! `ondol serve`: the bed's page, the guide and the API, with a twin beside it where no bed is named.

use crate::bed_file;
use crate::care;
use crate::fail::Failure;
use ::care::Language;
use clap::Args;
use host::accounts::Accounts;
use host::station::Station;
use host::wire::WireBed;
use page::door::{self, Door, Here, Listener, Peer, Tls};
use page::guide::Guide;
use page::site::{Site, router};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Arguments of `ondol serve`.
#[derive(Args)]
pub struct Arguments {
    /// en or de
    #[arg(long, default_value = "en")]
    language: Language,
    /// Folder where people's records stand; by default the one this computer keeps for programs
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port of the page; any free one if it is 0
    #[arg(long, default_value_t = 7400)]
    port: u16,
    /// Another address than this computer's own; on a network it goes with a certificate
    #[arg(long, value_name = "ADDRESS", conflicts_with = "port")]
    listen: Option<SocketAddr>,
    /// A certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Make a certificate and keep it; browsers ask once whether to trust it
    #[arg(long, conflicts_with = "tls_cert")]
    tls_self_made: bool,
    /// A further name of this computer, such as bed.local
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// The bed at the other end of a line, such as a board's or that of `ondol twin`; without it a twin is started
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["bed", "speed", "person"])]
    at: Option<SocketAddr>,
    /// Another bed than the reference bed for the twin
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// The twin runs so many times as fast as life
    #[arg(long, value_name = "X")]
    speed: Option<f64>,
    /// Who lies on the twin: somebody drawn from the population, by number
    #[arg(long, value_name = "SEED")]
    person: Option<u64>,
    /// Open no browser
    #[arg(long)]
    no_open: bool,
}

/// Threads that serve. Guess: two more than the small computers that serve have cores, so that a Stop finds one
/// while pages are written.
const WORKERS: usize = 4;

/// What has outlived its time is dropped so often. Design: once a day, as the door asks.
const SWEEP: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// Serves until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = care::folder(arguments.data.as_deref())?;
    let store = care::store(&folder)?;
    let accounts = Accounts::open(&folder).map_err(Failure::input)?;
    let bed_folder = arguments.at.is_none().then(|| folder.join("bed"));
    let start = |bed_folder| Twin::start(&arguments.twin(), bed_folder);
    let twin = bed_folder.as_deref().map(start).transpose()?;
    let at =
        arguments.at.or(twin.as_ref().map(|twin| twin.address)).ok_or_else(|| Failure::work("no bed"))?;
    let length_mm = match WireBed::open(at) {
        Ok(bed) => f64::from(bed.hello().config.surface_length_mm),
        Err(_) => f64::from(bed_file::read(arguments.bed.as_deref())?.surface_length_mm),
    };
    let station = Station::open(at, store.clone()).map_err(Failure::work)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(Failure::work)?;
    runtime.block_on(async {
        let listener = door::listen(arguments.address(), &arguments.tls(&folder)).await;
        let listener = listener.map_err(Failure::input)?;
        let here = Here::new(listener.address(), listener.tls(), &arguments.host_name);
        let door = Door::new(accounts, store.clone(), here, arguments.language);
        let guide = Guide { language: arguments.language, bed: Some("/today"), ..Guide::default() };
        serve(arguments, listener, Site { guide, door, store, station, bed_folder, length_mm }).await
    })
}

impl Arguments {
    fn address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, self.port).into())
    }

    fn tls(&self, folder: &Path) -> Tls {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Tls::Files { certificate: certificate.clone(), key: key.clone() }
            }
            _ if self.tls_self_made => {
                Tls::SelfMade { folder: folder.join("tls"), names: self.host_name.clone() }
            }
            _ => Tls::None,
        }
    }

    /// What the twin's command line says beside where it is.
    fn twin(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                words.extend([name.to_owned(), value]);
            }
        };
        add("--bed", self.bed.as_ref().map(|bed| bed.display().to_string()));
        add("--speed", self.speed.map(|speed| speed.to_string()));
        add("--person", self.person.map(|person| person.to_string()));
        words
    }
}

async fn serve(arguments: &Arguments, listener: Listener, site: Site) -> Result<(), Failure> {
    let (scheme, whom) = match listener.fingerprint() {
        None => ("http", "Only this computer can see it.".to_owned()),
        Some(print) => ("https", format!("Its certificate's SHA-256, for whoever sees it first:\n{print}")),
    };
    let address = format!("{scheme}://{}/", listener.address());
    let mut words = format!("The bed's page stands at {address}\n{whom} Ctrl-C ends it.\n");
    if !arguments.no_open && open::that_detached(&address).is_err() {
        words += "No browser opened; open the address yourself.\n";
    }
    // Whoever started this may have stopped to listen: that is no reason to end.
    let _ = std::io::stdout().write_all(words.as_bytes());
    let (guide, station, door) = (site.guide.clone(), site.station.clone(), site.door.clone());
    let swept = tokio::spawn(async move {
        loop {
            // What cannot be swept now is swept tomorrow.
            let _ = door.sweep().await;
            tokio::time::sleep(SWEEP).await;
        }
    });
    let served = axum::serve(listener, router(site).into_make_service_with_connect_info::<Peer>());
    tokio::select! {
        served = served.into_future() => served.map_err(Failure::work)?,
        ended = crate::signals::end() => ended.map_err(Failure::work)?,
    }
    swept.abort();
    station.end();
    guide.end().map_err(Failure::work)
}

/// A twin in a process of its own, which ends with this one.
pub struct Twin {
    child: Child,
    /// Where it is.
    pub address: SocketAddr,
}

impl Twin {
    /// Starts one with these words of its command line, which keeps its journal in a folder.
    pub fn start(words: &[String], log: &Path) -> Result<Self, Failure> {
        let own = std::env::current_exe().map_err(Failure::work)?;
        let mut command = Command::new(own);
        command.args(["twin", "--listen", "127.0.0.1:0", "--end-with-stdin", "--log"]).arg(log).args(words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(Failure::work)?;
        let mut first = String::new();
        if let Some(said) = child.stdout.take() {
            BufReader::new(said).read_line(&mut first).map_err(Failure::work)?;
        }
        let address = first.trim().rsplit(' ').next().and_then(|address| address.parse().ok());
        let address =
            address.ok_or_else(|| Failure::work("the twin did not start; `ondol twin` says why"))?;
        Ok(Self { child, address })
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // Its end of the pipe tells it to end; what does not listen is ended.
        drop(self.child.stdin.take());
        for _ in 0..20 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
