//! `cargo xtask serve`: the page on this machine, from a static file server.
//!
//! The server stands for any static host: it sends files and their types, and nothing that the page would not have
//! elsewhere.

use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, thread};

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::page;
use crate::project::Project;

/// How many requests are answered at the same time.
const WORKERS: usize = 4;
/// Ports tried before giving up.
const ATTEMPTS: u16 = 20;

/// Whether a browser is opened on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Browser {
    Open,
    Leave,
}

/// What the user asked for.
pub(crate) struct Options {
    /// First port to try.
    port: u16,
    browser: Browser,
}

impl Options {
    /// Reads `--port N` and `--no-open`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { port: 8080, browser: Browser::Open };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("port") => {
                    options.port = arguments.value()?.parse().context("--port takes a number up to 65535")?;
                }
                Long("no-open") => options.browser = Browser::Leave,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Builds the page and serves it until interrupted.
pub(crate) fn serve(project: &Project, options: &Options) -> Result<()> {
    page::build(project)?;
    let folder = project.dist();
    let (server, port) = listen(options.port)?;
    let address = format!("http://127.0.0.1:{port}/");
    println!("\n  Cleanlab Forge is at {address}   (Ctrl-C stops it)\n");
    if options.browser == Browser::Open {
        open(&address);
    }
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    // A visitor who hangs up is no concern of the server.
                    let _gone = answer(request, &folder);
                }
            });
        }
    });
    Ok(())
}

/// The first free port from `first` on.
fn listen(first: u16) -> Result<(Server, u16)> {
    for port in first..=first.saturating_add(ATTEMPTS) {
        match Server::http(("127.0.0.1", port)) {
            Ok(server) => return Ok((server, port)),
            Err(error) => println!("port {port} cannot be used: {error}"),
        }
    }
    bail!("no free port from {first} on; choose another with `--port N`")
}

fn answer(request: Request, folder: &Path) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
    }
    let file = file_of(request.url()).map(|name| folder.join(name)).and_then(|path| {
        let path = if path.is_dir() { path.join("index.html") } else { path };
        File::open(&path).ok().map(|file| (path, file))
    });
    let Some((path, file)) = file else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    let mut response = Response::from_file(file);
    for (name, value) in [("Content-Type", content_type(&path)), ("Cache-Control", "no-cache")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// The file that `url` means, relative to the folder served; none for a path that leaves it.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = PathBuf::from(percent_decoded(path)?.trim_start_matches('/'));
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            bytes.push((digit(rest.next())? * 16 + digit(rest.next())?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("csv" | "txt") => "text/plain; charset=utf-8",
        // Compressed data sets are handed to the page as they are.
        _ => "application/octet-stream",
    }
}

/// Opens the browser where there is a screen to open it on.
fn open(address: &str) {
    let screen = |name| env::var_os(name).is_some();
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else if screen("DISPLAY") || screen("WAYLAND_DISPLAY") {
        ("xdg-open", &[])
    } else {
        return;
    };
    let started =
        Command::new(program).args(arguments).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        println!("  no browser could be started; open the address yourself");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_files_inside_the_folder() {
        for (url, file) in [
            ("/", Some("")),
            ("/index.html", Some("index.html")),
            ("/data/a%20b.csv?x=1", Some("data/a b.csv")),
            ("/../secret", None),
            ("/a/%2e%2e/%2e%2e/secret", None),
            ("//etc/passwd", Some("etc/passwd")),
            ("/%", None),
            ("/%ff", None),
        ] {
            assert_eq!(file_of(url), file.map(PathBuf::from), "{url}");
        }
    }
}
