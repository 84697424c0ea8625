//! The page of Cleanlab Forge and the worker that computes for it.
//!
//! Two programs come out of this crate. The *app* ([`page`]) runs on the page's main thread: it turns what the user does
//! into actions, applies them in one reducer and draws the result. The *worker* ([`worker`]) reads files and runs jobs.
//! They talk in the messages of [`protocol`] and nothing else.
//!
//! *Invariant*: no algorithm runs on the main thread beyond linear passes over the findings, and nothing here opens a
//! connection except to fetch the bundled sample from the page's own address.

pub mod page;
pub mod protocol;
pub mod vision;
pub mod worker;
