//! Entry of the worker: answers requests until the page terminates it.

fn main() {
    forge_web::worker::start();
}
