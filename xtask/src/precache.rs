//! The last step of the page's build: the Content-Security-Policy and the list of files for the offline cache.
//!
//! trunk starts the page with a small inline script whose text holds the hashed file names, so the policy that allows
//! this script and no other can only be written now. The service worker caches the list and takes its version from the
//! contents: a build that differs in one byte is a new version.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::project::Project;
use crate::vision;

const CSP_MARK: &str = "<!-- csp -->";
const FILES_MARK: &str = "/*PRECACHE*/[]";
const VERSION_MARK: &str = "\"FORGE_VERSION\"";
const WORKER: &str = "sw.js";
/// What is fetched, and kept, when it is first needed, by the beginnings of its names: sw.js has the same list.
const ON_DEMAND: [&str; 3] = ["vision/", "data/pictures_", "worker_formats"];

/// Completes the page in `TRUNK_STAGING_DIR`.
pub(crate) fn run() -> Result<()> {
    let folder =
        env::var_os("TRUNK_STAGING_DIR").context("`precache` is a step of `cargo xtask build`; trunk calls it")?;
    vision::copy_into(&Project::find()?, Path::new(&folder))?;
    complete(Path::new(&folder))
}

fn complete(folder: &Path) -> Result<()> {
    let page = folder.join("index.html");
    let html = read(&page)?;
    write(&page, &replace_once(&html, CSP_MARK, &policy_element(&html), "index.html")?)?;

    let mut files = Vec::new();
    list(folder, "", &mut files)?;
    files.retain(|name| name != WORKER);
    files.sort_unstable();
    let mut hash = Sha256::new();
    for name in &files {
        let path = folder.join(name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    // A change of what is kept later makes a new version too.
    files.retain(|name| !ON_DEMAND.iter().any(|start| name.starts_with(start)));
    let version = BASE64_STANDARD.encode(&hash.finalize()[..9]);
    let path = folder.join(WORKER);
    let worker = replace_once(&read(&path)?, FILES_MARK, &serde_json::to_string(&files)?, WORKER)?;
    write(&path, &replace_once(&worker, VERSION_MARK, &format!("\"{version}\""), WORKER)?)
}

/// The policy: everything from this site, no connection to any other, no inline script but those in `html`.
fn policy_element(html: &str) -> String {
    let mut scripts = String::from("'self' 'wasm-unsafe-eval'");
    for script in inline_scripts(html) {
        let hash = BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()));
        scripts.push_str(" 'sha256-");
        scripts.push_str(&hash);
        scripts.push('\'');
    }
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src {scripts}; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'\">"
    )
}

/// The text of every `<script>` without a `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    })
}

fn replace_once(text: &str, mark: &str, with: &str, file: &str) -> Result<String> {
    match text.matches(mark).count() {
        1 => Ok(text.replace(mark, with)),
        found => bail!("{file} must hold the mark {mark} once; it holds it {found} times"),
    }
}

/// Adds the names of all files under `folder`, with `/` between folders and `prefix` in front.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            bail!("{} has a name that is not UTF-8", entry.path().display());
        };
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &PathBuf, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html = "<script src=\"a.js\"></script><script type=\"module\">\nstart();\n</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["\nstart();\n"]);
    }

    #[test]
    fn the_policy_names_the_hash_of_the_inline_script() {
        // printf 'start();' | openssl dgst -sha256 -binary | base64
        let hash = "'sha256-E6jQvrT2ZivWG9GJ4AAEZf4MhI7l3QkLroW4hgvUT4c='";
        assert!(policy_element("<script>start();</script>").contains(hash));
    }

    #[test]
    fn a_missing_mark_is_named() {
        let error = replace_once("<html>", CSP_MARK, "", "index.html").unwrap_err();
        assert_eq!(error.to_string(), "index.html must hold the mark <!-- csp --> once; it holds it 0 times");
    }
}
