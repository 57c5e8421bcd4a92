//! A file that somebody dropped, to be compared with the report that was issued.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;
use chengxin_core::Say;

use crate::problem::{Problem, of};

/// Largest request body in bytes: 20 MB of file and the form around it.
pub(crate) const UPLOAD_LIMIT: usize = 20 * 1024 * 1024 + 16 * 1024;

/// Largest file in bytes.
const FILE_LIMIT: usize = 20 * 1024 * 1024;

/// The bytes of the first file in a form. Its name and type are not looked at: they say nothing that counts.
pub(crate) async fn file(mut form: Multipart) -> Result<Vec<u8>, Problem> {
    while let Some(mut field) = form.next_field().await.map_err(|error| refused(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| refused(&error))? {
            if bytes.len() + chunk.len() > FILE_LIMIT {
                return Err(of(StatusCode::PAYLOAD_TOO_LARGE));
            }
            bytes.extend_from_slice(&chunk);
        }
        if !bytes.is_empty() {
            return Ok(bytes);
        }
    }
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        Say::new(
            "没有收到文件：请先选择报告文件，再点比对。",
            "No file arrived: choose the report's file first, then compare.",
        ),
    ))
}

fn refused(error: &MultipartError) -> Problem {
    of(error.status())
}
