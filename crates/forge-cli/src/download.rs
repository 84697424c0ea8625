//! Fetching: of what the user names by its address, and of data sets of the catalogue into the data folder.
//!
//! A file of a data set is written as NAME.part, continued there after a broken connection, checked, and then renamed.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use forge_data::{Address, DataFile, DataSet};
use indicatif::{ProgressBar, ProgressStyle};
use ureq::Agent;
use ureq::http::Response;

use crate::context::Context;

/// Bytes of a file named by its address at most: what a table may have.
const MAX_BYTES: u64 = 2 << 30;
const CHUNK: usize = 1 << 16;

fn agent() -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .user_agent(concat!("cleanlab-forge/", env!("CARGO_PKG_VERSION")))
        .build();
    config.into()
}

/// Asks for an address, from byte `from` on where that is not 0.
fn ask(url: &str, from: u64) -> anyhow::Result<Response<ureq::Body>> {
    let request = agent().get(url);
    let request = if from > 0 { request.header("Range", format!("bytes={from}-")) } else { request };
    let response = request.call().with_context(|| {
        format!("cannot fetch {url}: is there a network? A file that was fetched elsewhere can be named instead")
    })?;
    let status = response.status();
    if !status.is_success() && status.as_u16() != 416 {
        bail!("cannot fetch {url}: the server says {status}");
    }
    Ok(response)
}

/// The bytes at an address that the user named.
pub(crate) fn fetch(url: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let response = ask(url, 0)?;
    let bar = bar(url, length(&response), 0);
    let body = response.into_body().into_reader();
    let read = bar.wrap_read(body).take(MAX_BYTES + 1).read_to_end(&mut bytes);
    bar.finish_and_clear();
    read.with_context(|| format!("cannot fetch {url}: the connection broke"))?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{url} has more than {MAX_BYTES} bytes, which is the limit for a file named by its address");
    }
    Ok(bytes)
}

fn length(response: &Response<ureq::Body>) -> Option<u64> {
    response.headers().get("content-length")?.to_str().ok()?.parse().ok()
}

fn bar(name: &str, length: Option<u64>, from: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length.unwrap_or(0) + from);
    bar.set_position(from);
    if let Ok(style) = ProgressStyle::with_template("{msg:40!} [{bar:30}] {bytes}/{total_bytes} left {eta}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(name.to_owned());
    bar
}

/// Where a file of a data set is kept.
pub(crate) fn place(set: &DataSet, file: &DataFile, context: &Context) -> anyhow::Result<PathBuf> {
    Ok(context.data_dir()?.join(set.name).join(file.name))
}

/// The address to fetch a file from; that of its authors where there is one, else the one for browsers.
pub(crate) fn address(file: &DataFile) -> Option<Address> {
    let is_zip = |name: &str| name.to_ascii_lowercase().ends_with(".zip");
    let direct = |address: &Address| !is_zip(address.url) || is_zip(file.name);
    file.canonical.filter(direct).or(file.browser)
}

/// What [`download`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// It was there already, whole.
    Before,
    /// It was fetched.
    Now,
}

/// Fetches a file of a data set to `path`, unless it is there.
pub(crate) fn download(address: &Address, path: &Path) -> anyhow::Result<Fetched> {
    if path.exists() {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        address
            .check(&bytes)
            .with_context(|| format!("{} is damaged: remove it and fetch it again", path.display()))?;
        return Ok(Fetched::Before);
    }
    let folder = path.parent().context("a file without a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let have = std::fs::metadata(&part).map_or(0, |found| found.len());
    let response = ask(address.url, have)?;
    let (mut file, from) = match response.status().as_u16() {
        // The rest comes, or the server has nothing beyond what is here.
        206 | 416 => (OpenOptions::new().append(true).open(&part), have),
        _ => (File::create(&part), 0),
    };
    let file = file.as_mut().map_err(|error| anyhow::anyhow!("cannot write {}: {error}", part.display()))?;
    if response.status().as_u16() != 416 {
        let bar = bar(address.url, length(&response), from);
        let mut body = bar.wrap_read(response.into_body().into_reader());
        let mut chunk = vec![0; CHUNK];
        loop {
            let n = body.read(&mut chunk).with_context(|| {
                format!("the connection to {} broke: run the command again to continue where it stopped", address.url)
            })?;
            if n == 0 {
                break;
            }
            file.write_all(&chunk[..n]).with_context(|| format!("cannot write {}", part.display()))?;
        }
        bar.finish_and_clear();
    }
    file.sync_all().with_context(|| format!("cannot write {}", part.display()))?;
    let bytes = std::fs::read(&part).with_context(|| format!("cannot read {}", part.display()))?;
    if let Err(error) = address.check(&bytes) {
        // What came is not the file: continuing it would never help.
        let _ = std::fs::remove_file(&part);
        return Err(error.into());
    }
    std::fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Fetched::Now)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use forge_data::HashOf;

    use super::*;

    const BYTES: usize = 300_000;

    fn content() -> Vec<u8> {
        (0..BYTES).map(|i| (i * i % 251) as u8).collect()
    }

    /// The value of the header `range` in a request.
    fn range(stream: &TcpStream) -> Option<String> {
        let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        let headers: Vec<String> = lines.map(|line| line.to_ascii_lowercase()).collect();
        headers.iter().find_map(|line| line.strip_prefix("range: ")).map(str::to_owned)
    }

    #[test]
    fn a_broken_download_goes_on_where_it_stopped() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url: &'static str = format!("http://{}/set.csv", server.local_addr().unwrap()).leak();
        let address = Address { url, bytes: Some(BYTES as u64), sha256: None, hash_of: HashOf::File };
        let serving = thread::spawn(move || {
            let content = content();
            let (mut stream, _) = server.accept().unwrap();
            assert_eq!(range(&stream), None);
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {BYTES}\r\n\r\n").unwrap();
            stream.write_all(&content[..BYTES / 3]).unwrap();
            drop(stream);
            let (mut stream, _) = server.accept().unwrap();
            let from = range(&stream).unwrap();
            let from: usize =
                from.strip_prefix("bytes=").and_then(|from| from.strip_suffix('-')).unwrap().parse().unwrap();
            assert!(from > 0 && from <= BYTES / 3, "{from}");
            write!(stream, "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\n\r\n", BYTES - from).unwrap();
            stream.write_all(&content[from..]).unwrap();
        });
        let folder = std::env::temp_dir().join(format!("forge-download-{}", std::process::id()));
        let path = folder.join("set.csv");
        let broken = download(&address, &path).unwrap_err();
        assert!(format!("{broken:#}").contains("run the command again"), "{broken:#}");
        assert!(!path.exists(), "half a file has another name");
        assert_eq!(download(&address, &path).unwrap(), Fetched::Now);
        assert_eq!(std::fs::read(&path).unwrap(), content());
        assert_eq!(download(&address, &path).unwrap(), Fetched::Before);
        serving.join().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
