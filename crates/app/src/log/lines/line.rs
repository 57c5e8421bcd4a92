//! One line, as the person reads it.

use chengxin_core::Say;
use chengxin_core::mandate::Scope;
use serde::{Deserialize, Serialize};

/// Where a numbered line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineChain {
    /// In the chain of the subject whose records are held.
    Records,
    /// In the chain of somebody who asked for a report while nothing was held about them.
    Reports,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// In which chain it is numbered.
    pub chain: LineChain,
    /// Its running number there, without gaps from 1; absent for what follows from an entry of the installation, and in what is read as a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// Number of the installation's entry from which it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<i64>,
    /// When it was done, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai, `2026-11-21T09:30:05+08:00`.
    pub at: String,
    /// Operation.
    pub operation: String,
    /// Who did it.
    pub who: Who,
    /// What was done, in a sentence that goes on from `who`.
    pub act: Say,
    /// The person's records that it touched.
    pub records: Vec<Touched>,
    /// What for, as whoever did it stated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// On which clause, consent or right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Say>,
    /// Case number of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_no: Option<String>,
    /// Number of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Who was to receive it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Number of the receipt of the consent that was granted, changed or used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Number of the mandate that was granted, changed, or acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<String>,
    /// Of what a law had kept from the person: since when they may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revealed: Option<Revealed>,
    /// Of what is still sealed, where the law allows saying so: the first day on which it may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<String>,
    /// Where to complain.
    pub complain: Say,
    /// To what a mandate would have to cover for it to be read on one; `None` where it is what anybody may read who sees who looked.
    #[serde(skip)]
    pub(super) scope: Option<Scope>,
    /// Did whoever did it show a consent as their ground?
    #[serde(skip)]
    pub(super) on_consent: bool,
    /// By what lines are in order: when the person could first read it.
    #[serde(skip)]
    pub(super) told_us: i64,
}

/// Who did something. Authority and role, never the name of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Who {
    /// For people: `云汀市交通运输局 · 审核人员`.
    pub say: Say,
    /// Code of the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Code of the role; absent where the entry cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Was it the person themself?
    pub yourself: bool,
}

/// A record of the person that was touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    /// Id, 32 hexadecimal digits.
    pub record: String,
    /// Item code.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Class of the national catalogue.
    pub class: Say,
}

/// When, and under which clause, an act was kept from the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// When the line came to be, in Asia/Shanghai.
    pub at: String,
    /// The clause that ordered silence.
    pub clause: Say,
}
