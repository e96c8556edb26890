//! From values to bytes: `writer` hears them, `format` places them, `room` holds them, `kernel` makes the bytes.

#[forbid(unsafe_code)]
pub mod format;
pub mod kernel;
#[forbid(unsafe_code)]
pub mod replay;
pub mod room;
#[forbid(unsafe_code)]
pub mod window;
#[forbid(unsafe_code)]
pub mod writer;
