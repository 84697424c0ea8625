//! Entry of the worker that reads every format: that of `worker.rs`, built with the feature `formats`.

#[path = "worker.rs"]
pub mod worker;

fn main() {
    worker::main();
}
