//! Asking for a batch.

use chengxin_core::check::{BatchNumber, without_numbers};
use chengxin_core::{Caller, Say};
use chengxin_seal::random_bytes;
use chengxin_store::audit::CHECK_BATCHES;
use chengxin_store::check_batch::CheckBatchRow;
use serde_json::json;

use super::rows::{BatchFault, BatchRow, read, twice};
use super::{Batch, DIGEST, asked_for_by_law};
use crate::authority::served;
use crate::log::rows::marks;
use crate::reading::Reading;
use crate::{AppError, Installation, journal};

/// What a clerk asks for.
#[derive(Debug, Clone)]
pub struct BatchRequest {
    /// Code of the matter.
    pub matter: String,
    /// The open applications.
    pub rows: Vec<BatchRow>,
}

/// What came of asking.
#[derive(Debug, Clone)]
pub enum BatchOpened {
    /// It waits for its second person.
    Waits(Box<Batch>),
    /// Something is wrong with some applications; nothing was kept.
    Faulty(Vec<BatchFault>),
}

impl Installation {
    /// May the caller ask for batches at all? Asked before a large list is received; [`Self::check_batch_open`] asks again.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] with what is wanting.
    pub fn check_batch_open_allowed(&self, caller: &Caller) -> Result<(), AppError> {
        // What for is said by the matter, which stands in the list.
        let caller = Caller { purpose: "批量核查".to_owned(), ..caller.clone() };
        self.authorise(&caller, "check_batch_open").map(drop)
    }

    /// Asks for a batch: nothing is looked up and nobody is checked before a second person approves it.
    ///
    /// # Errors
    /// As [`Installation::check_answer`] for the matter; [`crate::Kind::Conflict`] where its clause does not ask for batches;
    /// [`crate::Kind::Invalid`] for none or too many applications.
    ///
    /// # Source
    /// 个人信息保护法 arts 6 and 34: within what the duty takes. That a batch wants a clause of its own and a second person is a house rule.
    pub fn check_batch_open(&mut self, caller: &Caller, request: &BatchRequest) -> Result<BatchOpened, AppError> {
        const NAME: &str = "check_batch_open";
        // A person's number, typed by mistake, is kept neither here nor in the log.
        let caller = &Caller { purpose: without_numbers(caller.purpose.trim()), ..caller.clone() };
        self.authorise(caller, NAME)?;
        let office = served(caller)?;
        let reading = Reading::open(self)?;
        let question = reading.question(caller, &request.matter);
        let question = question.map_err(|refusal| self.refused(caller, NAME, refusal))?;
        let matter = question.matter;
        asked_for_by_law(matter)?;
        let limits = self.batch_limits();
        let (most, part) = (limits.applications, limits.part);
        if request.rows.is_empty() || request.rows.len() > most {
            return Err(AppError::invalid(
                format!("一次批量核查须有 1 至 {most} 个办件，收到 {} 个；请分次提出", request.rows.len()),
                format!("a batch has 1 to {most} applications, and {} came: ask in several", request.rows.len()),
            ));
        }
        let going_on = self.store.view().check_batches_open(office, self.now_us())?;
        if usize::try_from(going_on).is_ok_and(|count| count >= limits.open) {
            return Err(AppError::conflict(
                format!("贵单位已有 {going_on} 项批量核查尚未办完，请先办完或待其过期，再提出新的"),
                format!(
                    "{going_on} batches of your authority go on already: finish them, or wait until they are over, before asking for another"
                ),
            ));
        }
        let rows = match read(&request.rows, 1, matter, self.synthetic_rule()) {
            Ok(rows) => rows,
            Err(faults) => return Ok(BatchOpened::Faulty(faults)),
        };
        let again = twice(&rows);
        if !again.is_empty() {
            return Ok(BatchOpened::Faulty(again));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let number = BatchNumber::new(self.today(), &random_bytes());
        let digests = rows.chunks(part).enumerate().map(|(at, rows)| keys.check_part(number.as_str(), at, rows));
        let parts: Vec<[u8; DIGEST]> = digests.collect();
        let row = keys.sealed_check_batch(CheckBatchRow {
            number: number.as_str().to_owned(),
            authority: office.to_owned(),
            matter: matter.matter.code.clone(),
            purpose: caller.purpose.clone(),
            applications: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            part_size: i64::try_from(part).unwrap_or(i64::MAX),
            parts: parts.concat(),
            opened_by: caller.actor.clone(),
            opened_us: now_us,
            approved_by: None,
            approved_us: None,
            until_us: now_us + limits.lasts_us,
            done: 0,
            repeated: 0,
            seal: [0; 32],
        });
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.check_batch_add(&row)?;
            let rows = marks(tx.view(), &keys, &[(&CHECK_BATCHES, vec![row.number.as_str().into()])])?;
            let detail =
                json!({ "batch": row.number, "matter": row.matter, "applications": row.applications, "rows": rows });
            journal::log(tx, &keys, now_us, NAME, caller, &detail).map(drop)
        })?;
        Ok(BatchOpened::Waits(Box::new(self.batch(&row))))
    }
}

impl BatchFault {
    /// The first few, in a sentence, where there is room for no more.
    #[must_use]
    pub fn sentence(faults: &[Self]) -> Say {
        let shown = faults.iter().take(5);
        let zh: Vec<_> = shown.clone().map(|fault| format!("第 {} 件：{}", fault.row, fault.says.zh)).collect();
        let en: Vec<_> = shown.map(|fault| format!("application {}: {}", fault.row, fault.says.en)).collect();
        let count = faults.len();
        Say::new(
            format!("有 {count} 件不能核查，未保存任何内容；请更正后重新提出。{}", zh.join("；")),
            format!(
                "{count} applications cannot be checked, and nothing was kept: mend them and ask again. {}",
                en.join("; ")
            ),
        )
    }
}
