//! The guide in the browser.

use crate::fail::Failure;
use page::guide::{Guide, router};
use std::io::Write as _;
use std::net::Ipv4Addr;

/// Serves the guide on this computer until Ctrl-C.
pub fn run(guide: Guide, port: u16, open: bool) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::work)?;
    runtime.block_on(async {
        let here = (Ipv4Addr::LOCALHOST, port);
        let listener = tokio::net::TcpListener::bind(here).await.map_err(|error| {
            Failure::input(format!("port {} is not free ({error}): leave --port away", port))
        })?;
        let address = format!("http://{}/", listener.local_addr().map_err(Failure::work)?);
        let mut words =
            format!("The care guide stands at {address}\nOnly this computer can see it. Ctrl-C ends it.\n");
        if open && open::that_detached(&address).is_err() {
            words += "No browser opened; open the address yourself.\n";
        }
        // Whoever started this may have stopped to listen: that is no reason to end.
        let _ = std::io::stdout().write_all(words.as_bytes());
        let end = async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        axum::serve(listener, router(guide.clone()))
            .with_graceful_shutdown(end)
            .await
            .map_err(Failure::work)?;
        guide.end().map_err(Failure::work)
    })
}
