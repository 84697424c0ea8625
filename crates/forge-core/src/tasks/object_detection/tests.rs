//! Tests of the whole task on made-up pictures.
