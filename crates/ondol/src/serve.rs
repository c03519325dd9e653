//! `ondol serve`: the bed's page, the guide and the API, with a twin beside it where no bed is named.

use crate::bed_file;
use crate::care;
use crate::fail::Failure;
use ::care::Language;
use clap::Args;
use host::station::Station;
use host::wire::WireBed;
use page::guide::{Guide, Keeper};
use page::site::{Site, router};
use std::io::{BufRead as _, BufReader};
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
    /// Whose record
    #[arg(long, default_value = "me")]
    name: String,
    /// Port of the page; any free one if it is 0
    #[arg(long, default_value_t = 7400)]
    port: u16,
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

/// Serves until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = care::folder(arguments.data.as_deref())?;
    let store = care::store(&folder)?;
    let keeper = Keeper { store: store.clone(), name: arguments.name.clone() };
    let guide =
        Guide { language: arguments.language, keeper: Some(keeper), bed: Some("/today"), ..Guide::default() };
    let twin = match arguments.at {
        Some(_) => None,
        None => Some(Twin::start(&arguments.twin(), &folder.join("bed"))?),
    };
    let at =
        arguments.at.or(twin.as_ref().map(|twin| twin.address)).ok_or_else(|| Failure::work("no bed"))?;
    let length_mm = match WireBed::open(at) {
        Ok(bed) => f64::from(bed.hello().config.surface_length_mm),
        Err(_) => f64::from(bed_file::read(arguments.bed.as_deref())?.surface_length_mm),
    };
    let station = Station::open(at, store).map_err(Failure::work)?;
    let site = Site { guide, station, length_mm };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::work)?;
    runtime.block_on(serve(arguments, site))
}

impl Arguments {
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

async fn serve(arguments: &Arguments, site: Site) -> Result<(), Failure> {
    let here = (Ipv4Addr::LOCALHOST, arguments.port);
    let listener = tokio::net::TcpListener::bind(here).await.map_err(|error| {
        Failure::input(format!("port {} is not free ({error}): give --port another, or 0", arguments.port))
    })?;
    let address = format!("http://{}/", listener.local_addr().map_err(Failure::work)?);
    println!("The bed's page stands at {address}\nOnly this computer can see it. Ctrl-C ends it.");
    if !arguments.no_open && open::that_detached(&address).is_err() {
        println!("No browser opened; open the address yourself.");
    }
    let (guide, station) = (site.guide.clone(), site.station.clone());
    let served = axum::serve(listener, router(site));
    tokio::select! {
        served = served.into_future() => served.map_err(Failure::work)?,
        ended = crate::signals::end() => ended.map_err(Failure::work)?,
    }
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
