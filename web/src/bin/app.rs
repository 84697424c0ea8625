//! Entry of the page: mounts the app and registers the service worker.

fn main() {
    forge_web::page::start();
}
