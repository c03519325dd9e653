//! The bed's own files for whoever looks after it: its whole journal, and the logs of its sessions. They name nobody.

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use host::accounts::Deed;
use serde::Serialize;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Site;
use crate::api::{At, Trouble};
use crate::door::{Denied, Visitor};

/// So much of a file is read at once, bytes. Guess: few reads, little memory.
const CHUNK: usize = 64 * 1024;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(file))
}

/// A file of the bed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct BedFile {
    /// Its name.
    pub(super) name: String,
    /// Its length, bytes.
    pub(super) bytes: u64,
    /// When it was last written, seconds of Unix time.
    pub(super) utc_s: u64,
}

/// What the bed has written: its journal first, then the logs of its sessions, the newest first. Empty where the bed
/// keeps its files elsewhere.
pub(super) fn files(site: &Site) -> Vec<BedFile> {
    let found = site.bed_folder.as_deref().map(|folder| in_folder(folder).unwrap_or_default());
    found.unwrap_or_default()
}

fn in_folder(folder: &Path) -> io::Result<Vec<BedFile>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (name, about) = (entry.file_name().to_string_lossy().into_owned(), entry.metadata()?);
        if about.is_file() && is_given(&name) {
            let written = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            files.push(BedFile { name, bytes: about.len(), utc_s: written.as_secs() });
        }
    }
    files.sort_by_key(|file| (is_log(&file.name), std::cmp::Reverse(file.utc_s), file.name.clone()));
    Ok(files)
}

fn is_log(name: &str) -> bool {
    ends(name, "mcap")
}

/// Whole files alone: a log that is being written is none yet.
fn is_given(name: &str) -> bool {
    is_log(name) || ends(name, "jsonl")
}

fn ends(name: &str, with: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == with)
}

/// The bed's own files: its whole journal, and the logs of its sessions
#[utoipa::path(
    get, path = "/api/v1/service/files", tag = "service", extensions(("x-deed" = json!("take logs"))),
    responses((status = 200, body = [BedFile])),
)]
async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<BedFile>>, Denied> {
    site.door.pass(&visitor, Deed::TakeLogs, None).await?;
    Ok(Json(files(&site)))
}

/// One of the bed's own files
#[utoipa::path(
    get, path = "/api/v1/service/files/{name}", tag = "service", extensions(("x-deed" = json!("take logs"))),
    params(("name" = String, Path, description = "Name in the list.")),
    responses((status = 200, content(
        (String = "application/x-ndjson"),
        (Vec<u8> = "application/octet-stream"),
    ))),
)]
async fn file(State(site): State<Site>, visitor: Visitor, At(name): At<String>) -> Result<Response, Trouble> {
    site.door.pass(&visitor, Deed::TakeLogs, None).await?;
    // Only what the list says: no name leads out of the folder.
    let known = files(&site).into_iter().find(|file| file.name == name);
    let opened = match known.zip(site.bed_folder.as_deref()) {
        Some((file, folder)) => opened(&folder.join(&file.name), &file).await,
        None => None,
    };
    opened.ok_or_else(|| {
        Trouble::none("The bed has no file of this name: GET /api/v1/service/files lists them.")
    })
}

/// The file piece by piece, as long as it was when it was opened.
async fn opened(path: &Path, about: &BedFile) -> Option<Response> {
    let file = File::open(path).await.ok()?.take(about.bytes);
    let pieces = unfold(file, async |mut file| {
        let mut piece = vec![0; CHUNK];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(piece), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let kind = if is_log(&about.name) { "application/octet-stream" } else { "application/x-ndjson" };
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", about.name)),
    ];
    Some((head, Body::from_stream(pieces)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_comes_first_then_whole_logs_and_nothing_else() -> io::Result<()> {
        let place = tempfile::tempdir()?;
        for (name, age_s) in [
            ("bed-1-1.mcap", 30),
            ("bed-2-1.mcap", 20),
            ("bed-3-1.mcap.part", 0),
            ("bed.jsonl", 40),
            ("key.pem", 5),
        ] {
            let path = place.path().join(name);
            std::fs::write(&path, name)?;
            let written = UNIX_EPOCH + std::time::Duration::from_secs(1_800_000_000 - age_s);
            std::fs::File::options().write(true).open(&path)?.set_modified(written)?;
        }
        std::fs::create_dir(place.path().join("folder.mcap"))?;
        let names: Vec<String> = in_folder(place.path())?.into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["bed.jsonl", "bed-2-1.mcap", "bed-1-1.mcap"]);
        assert!(in_folder(Path::new("/nowhere")).is_err());
        Ok(())
    }
}
