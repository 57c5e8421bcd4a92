//! The applications of a batch, read: what is wrong with one is told with its row and field, all of them at once.

use std::collections::HashSet;

use chengxin_core::Say;
use chengxin_core::catalogue::matter::MatterDef;
use chengxin_core::identity::{DocumentKind, SyntheticRule};
use serde::Serialize;

use super::super::asked::{Applicant, applicant, applies_as};
use super::kind_of;
use crate::AppError;

/// One open application, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct BatchRow {
    /// Kind of the applicant's document; told by the form of the number where it is left out.
    pub kind: Option<DocumentKind>,
    /// Its number, in any usual writing.
    pub number: String,
    /// The applicant's name, as on the document.
    pub name: String,
    /// Number of the application.
    pub case_number: String,
    /// The clause on which this application is checked, `law#clause`: that of the matter.
    pub ground: String,
}

/// What is wrong with one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchFault {
    /// Which, counted from 1 in the order in which they were sent.
    pub row: usize,
    /// What is wrong and how to mend it. Never what stood there.
    pub says: Say,
}

/// One open application, understood.
#[derive(Clone)]
pub(super) struct ReadRow {
    pub(super) applicant: Applicant,
    pub(super) ground: String,
}

/// Reads all of them.
///
/// # Errors
/// What is wrong, row by row.
pub(super) fn read(
    rows: &[BatchRow],
    first: usize,
    matter: &MatterDef,
    synthetic: SyntheticRule,
) -> Result<Vec<ReadRow>, Vec<BatchFault>> {
    let (mut good, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        match read_one(row, matter, synthetic) {
            Ok(read) => good.push(read),
            Err(error) => faults.push(BatchFault { row: first + at, says: error.public }),
        }
    }
    if faults.is_empty() { Ok(good) } else { Err(faults) }
}

fn read_one(row: &BatchRow, matter: &MatterDef, synthetic: SyntheticRule) -> Result<ReadRow, AppError> {
    let kind = kind_of(row.kind, &row.number);
    let applicant = applicant(kind, &row.number, &row.name, &row.case_number, synthetic)?;
    if !matter.matter.subjects.contains(&applies_as(&applicant.document)) {
        let name = matter.name();
        return Err(AppError::invalid(
            format!("事项“{}”不适用于此类申请人", name.zh),
            format!("the matter “{}” is not one for this kind of applicant", name.en),
        ));
    }
    let (ground, clause) = (row.ground.trim(), &matter.matter.clause);
    if ground != clause {
        return Err(AppError::invalid(
            format!("须逐件注明核查依据（{clause}）；没有该依据的办件不能批量核查"),
            format!("state the ground of each application ({clause}); one without it is not checked in a batch"),
        ));
    }
    Ok(ReadRow { applicant, ground: ground.to_owned() })
}

/// Applications that stand twice: the same applicant under the same number.
pub(super) fn twice(rows: &[ReadRow]) -> Vec<BatchFault> {
    let mut seen = HashSet::with_capacity(rows.len());
    let again = rows.iter().enumerate().filter(|(_, row)| {
        let Applicant { document, case_number, .. } = &row.applicant;
        !seen.insert((document.kind(), document.number(), case_number))
    });
    let says =
        || Say::new("同一申请人的同一办件出现了两次，请删去一行", "the same application stands twice: remove one row");
    again.map(|(at, _)| BatchFault { row: at + 1, says: says() }).collect()
}
