//! Writing files: refused rows to be mended, plain tables, upload templates.

pub(crate) mod csv;
mod place;
pub(crate) mod table;
pub(crate) mod template;
