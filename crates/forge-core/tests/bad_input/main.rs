//! Whatever a call is given, it answers: with a result, or with an error that names argument, place, value and rule.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod every_argument;
mod fuzz;
mod table;
