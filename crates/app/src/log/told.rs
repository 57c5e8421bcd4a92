//! Which entry of somebody's log told of a thing last. A row that names another is an older one, put back by hand.

use std::collections::HashMap;

use chengxin_store::View;
use serde_json::Value;

use crate::AppError;

/// Entries of a log read at once.
const SLICE: i64 = 1_024;

/// Of each thing that entries behind `after` name under `what` in their detail, the last that does.
pub(crate) fn told(
    view: View<'_>,
    subject: &[u8; 16],
    mut after: i64,
    what: &str,
) -> Result<HashMap<String, i64>, AppError> {
    let mut told = HashMap::new();
    let named = format!("\"{what}\":");
    loop {
        let slice = view.log_of_subject(subject, after, SLICE)?;
        let Some(last) = slice.last() else { return Ok(told) };
        after = last.number;
        for entry in slice.iter().filter(|entry| entry.detail.contains(&named)) {
            let detail: Option<Value> = serde_json::from_str(&entry.detail).ok();
            if let Some(id) = detail.as_ref().and_then(|detail| detail[what].as_str()) {
                told.insert(id.to_owned(), entry.number);
            }
        }
    }
}
