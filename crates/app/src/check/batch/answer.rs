//! Answering a part of a batch.

use std::collections::HashMap;
use std::ops::Range;

use chengxin_core::Caller;
use chengxin_core::Say;
use chengxin_core::check::NotNow;
use chengxin_core::identity::Document;
use chengxin_seal::same_secret;
use chengxin_store::audit::{CHECK_BATCHES, Cell, SUBJECTS};
use chengxin_store::check_batch::CheckBatchRow;
use serde::Serialize;
use serde_json::json;

use super::super::asked::Question;
use super::super::{Checked, other_name};
use super::approve::changed;
use super::rows::{BatchFault, BatchRow, ReadRow, read};
use super::{DIGEST, asked_for_by_law, part_size, progress};
use crate::log::NewEntry;
use crate::log::rows::marks;
use crate::reading::{Disclosure, Reading};
use crate::report::{Owner, owner};
use crate::{AppError, Installation, Kind, journal};

const NAME: &str = "check_batch_answer";
/// Fewest applications for which another thread is worth its connections.
const WORTH_A_THREAD: usize = 64;

/// A part of a batch, shown again.
#[derive(Debug, Clone)]
pub struct PartRequest {
    /// Number of the batch.
    pub number: String,
    /// Which part, from 1.
    pub part: usize,
    /// Its applications, as they were sent when the batch was asked for, in the same order.
    pub rows: Vec<BatchRow>,
}

/// The answer about one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// Which, counted from 1 in the order in which they were sent.
    pub row: usize,
    /// Number of the application.
    pub case_number: String,
    /// What the clerk sees and the applicant keeps; absent where there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Say>,
}

/// The answers of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartAnswers {
    /// Which part, from 1.
    pub part: usize,
    /// The part to ask for next; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
    /// In the order of the applications.
    pub answers: Vec<Answered>,
}

/// One application, looked at; its entry is still to be written, and until then nobody can see what was found.
pub struct Look {
    case_number: String,
    /// Nothing where the name is another than the document's.
    checked: Option<Checked>,
    entry: NewEntry,
    /// The document of whoever nothing was ever written about.
    newcomer: Option<Document>,
}

/// A part that is being answered: its rows are those that were approved. Made by [`Installation::check_batch_part`].
pub struct Part {
    batch: CheckBatchRow,
    /// As the applicants read it: on the clause, for what the batch states.
    asking: Caller,
    part: usize,
    rows: Vec<ReadRow>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("part", &self.part).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look").finish_non_exhaustive()
    }
}

impl Part {
    /// How many applications it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Has it none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of its first application, from 1.
    fn first(&self) -> usize {
        self.part * part_size(&self.batch) + 1
    }
}

impl Installation {
    /// Answers a part of an approved batch, its entries written before it returns: one in the log of each applicant, one that says how far
    /// the batch came. The steps of it by themselves, for whoever looks beside others: [`Self::check_batch_part`],
    /// [`Reading::check_batch_look`], [`Self::check_batch_answered`].
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for anybody but whoever asked for the batch; [`crate::Kind::Conflict`] before the approval, after its end, for
    /// another part than the next, and for other applications than those that were approved.
    pub fn check_batch_answer(&mut self, caller: &Caller, request: &PartRequest) -> Result<PartAnswers, AppError> {
        let part = self.check_batch_part(caller, request)?;
        let looks = self.look_at(&part)?;
        self.check_batch_answered(caller, &part, looks)
    }

    /// May the caller carry out batches at all? Asked before a part is received; [`Self::check_batch_part`] asks again.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] with what is wanting.
    pub fn check_batch_answer_allowed(&self, caller: &Caller) -> Result<(), AppError> {
        self.authorise(caller, NAME).map(drop)
    }

    /// The part that is asked for, where it may be answered now. Nobody is looked up yet.
    ///
    /// # Errors
    /// As [`Self::check_batch_answer`].
    pub fn check_batch_part(&mut self, caller: &Caller, request: &PartRequest) -> Result<Part, AppError> {
        self.authorise(caller, NAME)?;
        let batch = self.batch_of(caller, NAME, &request.number)?;
        if batch.opened_by != caller.actor {
            let refusal = AppError::new(
                Kind::Forbidden,
                "批量核查由提出人本人进行",
                "whoever asked for a batch carries it out, and nobody else",
            );
            return Err(self.denied(caller, NAME, refusal));
        }
        let part =
            request.part.checked_sub(1).ok_or_else(|| AppError::invalid("部分从 1 起编号", "parts count from 1"))?;
        let not_now = |why: NotNow| {
            let says = why.say();
            AppError::conflict(says.zh, says.en)
        };
        progress(&batch).may_ask(part, self.now_us()).map_err(not_now)?;
        let as_stated = Caller { purpose: batch.purpose.clone(), ..caller.clone() };
        let asking = self.for_matter(as_stated, &batch.matter);
        let rows = self.approved_rows(&asking, &batch, part, &request.rows)?;
        Ok(Part { batch, asking, part, rows })
    }

    /// Writes what looking at all applications of a part came to, and gives the answers.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the batch changed since [`Self::check_batch_part`], and where some application was not looked at; as there.
    pub fn check_batch_answered(
        &mut self,
        caller: &Caller,
        part: &Part,
        looks: Vec<Look>,
    ) -> Result<PartAnswers, AppError> {
        self.authorise(caller, NAME)?;
        if looks.len() != part.rows.len() || caller.actor != part.batch.opened_by {
            return Err(other_rows());
        }
        let answers = self.write_part(caller, part, looks)?;
        let progress = progress(&part.batch);
        let next = (part.part + 1).max(progress.done);
        Ok(PartAnswers { part: part.part + 1, next: (next < progress.parts).then_some(next + 1), answers })
    }

    /// The rows that are shown, where they are those that were approved.
    fn approved_rows(
        &self,
        caller: &Caller,
        batch: &CheckBatchRow,
        part: usize,
        rows: &[BatchRow],
    ) -> Result<Vec<ReadRow>, AppError> {
        let reading = Reading::open(self)?;
        let question = reading.question(caller, &batch.matter).and_then(|question| {
            asked_for_by_law(question.matter)?;
            Ok(question)
        });
        let question = question.map_err(|refusal| self.refused(caller, NAME, refusal))?;
        let size = part_size(batch);
        if rows.len() > size {
            return Err(other_rows());
        }
        let rows = read(rows, part * size + 1, question.matter, self.synthetic_rule()).map_err(|faults| {
            let says = BatchFault::sentence(&faults);
            AppError::invalid(says.zh, says.en)
        })?;
        let digest = self.keys.check_part(&batch.number, part, &rows);
        let approved = batch.parts.chunks(DIGEST).nth(part);
        if approved.is_some_and(|approved| same_secret(approved, &digest)) { Ok(rows) } else { Err(other_rows()) }
    }

    /// Looks at the applications, on every core.
    fn look_at(&self, part: &Part) -> Result<Vec<Look>, AppError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(part.len() / WORTH_A_THREAD).max(1);
        let share = part.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let mut working = Vec::with_capacity(threads);
            for first in (0..part.len()).step_by(share) {
                let reading = Reading::open(self)?;
                working.push(scope.spawn(move || reading.check_batch_look(part, first..first + share)));
            }
            let mut looks = Vec::with_capacity(part.len());
            for one in working {
                let looked = one.join().map_err(|_| AppError::internal("a thread of a batch ended early"))?;
                looks.extend(looked?);
            }
            Ok(looks)
        })
    }

    fn write_part(&mut self, caller: &Caller, asked: &Part, mut looks: Vec<Look>) -> Result<Vec<Answered>, AppError> {
        let (batch, part, first) = (&asked.batch, asked.part as i64 + 1, asked.first());
        let mut newcomers: HashMap<Document, [u8; 16]> = HashMap::new();
        for look in &mut looks {
            if let Some(document) = look.newcomer.take() {
                // Who applies twice is one.
                look.entry.subject = *newcomers.entry(document).or_insert(look.entry.subject);
            }
        }
        let newcomers: Vec<_> = newcomers.into_iter().map(|(document, subject)| (subject, document)).collect();
        let readers = self.new_readers(&newcomers)?;
        let repeated = if part <= batch.done { part } else { batch.repeated };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let row = keys.sealed_check_batch(CheckBatchRow { done: part.max(batch.done), repeated, ..batch.clone() });
        let answered = looks.iter().filter(|look| look.checked.is_some()).count();
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            if !tx.check_batch_set(&row, &batch.seal)? {
                return Err(changed());
            }
            readers.write(tx, &keys, now_us)?;
            let mut told = HashMap::with_capacity(newcomers.len());
            for (subject, _) in &newcomers {
                told.insert(*subject, marks(tx.view(), &keys, &[(&SUBJECTS, vec![Cell::from(subject)])])?);
            }
            let mut entries: Vec<NewEntry> = looks.iter().map(|look| look.entry.clone()).collect();
            for entry in &mut entries {
                if let Some(rows) = told.remove(&entry.subject) {
                    entry.detail["rows"] = rows;
                }
            }
            journal::log_about_all(tx, &keys, now_us, &entries.iter().collect::<Vec<_>>())?;
            let rows = marks(tx.view(), &keys, &[(&CHECK_BATCHES, vec![row.number.as_str().into()])])?;
            let detail =
                json!({ "batch": row.number, "part": part, "applications": looks.len(), "answered": answered, "rows": rows });
            journal::log(tx, &keys, now_us, NAME, caller, &detail).map(drop)
        })?;
        let answer = |(at, look): (usize, Look)| {
            let refused = look.checked.is_none().then(|| other_name().public);
            Answered { row: first + at, case_number: look.case_number, checked: look.checked, refused }
        };
        Ok(looks.into_iter().enumerate().map(answer).collect())
    }
}

impl Reading {
    /// Looks at some applications of a part, by their place in it; those past its end are none. Nothing of it may leave before
    /// [`Installation::check_batch_answered`] wrote it down.
    ///
    /// # Errors
    /// As [`Installation::check_answer`].
    pub fn check_batch_look(&self, part: &Part, places: Range<usize>) -> Result<Vec<Look>, AppError> {
        let question = self.question(&part.asking, &part.batch.matter)?;
        let rows = part.rows.iter().take(places.end).skip(places.start);
        rows.map(|row| self.look(&part.asking, &part.batch, &question, row.clone())).collect()
    }

    fn look(
        &self,
        caller: &Caller,
        batch: &CheckBatchRow,
        question: &Question<'_>,
        row: ReadRow,
    ) -> Result<Look, AppError> {
        let asked = question.about(row.applicant);
        let owner = owner(self.store.view(), &self.keys, &asked.document, self.clock.now_us())?;
        let named = match &owner {
            Owner::Known { document, .. } => self.name_is(document.as_ref(), &asked.name)?,
            Owner::Reader { .. } => true,
        };
        let Disclosure { answer, mut entry } = self.checked(caller, &asked, owner.subject(), owner.versions())?;
        let told = named || answer.slip.answer.records().is_empty();
        if !told {
            entry.detail = json!({ "refused": "name", "matter": batch.matter, "case_no": asked.case_number });
        }
        entry.detail["batch"] = json!(batch.number);
        let newcomer = matches!(owner, Owner::Reader { new: true, .. }).then(|| asked.document.clone());
        Ok(Look { case_number: asked.case_number, checked: told.then_some(answer), entry, newcomer })
    }
}

fn other_rows() -> AppError {
    AppError::conflict(
        "这一部分的办件与批准的不同：请按提出时的内容和顺序提交，内容有变的请重新提出",
        "these applications are not those that were approved: send them as they were when the batch was asked for, in their order, or ask anew",
    )
}
