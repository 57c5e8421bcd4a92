//! Held rows: the identity clerk's work list, decisions on evidence, and the deadline.

use chengxin_core::catalogue::model::{Polarity, SubjectKind};
use chengxin_core::catalogue::{FieldRole, FieldType};
use chengxin_core::dates::from_days;
use chengxin_core::identity::{Document, DocumentKind, normalise_name};
use chengxin_core::notice::NoticeKind;
use chengxin_core::record::severity_to_i64;
use chengxin_core::refusal::HeldReason;
use chengxin_core::row::{ReadRules, RowReader, Scratch, Verdict, split_body};
use chengxin_core::{Caller, Say};
use chengxin_seal::{RandomPool, random_bytes};
use chengxin_store::audit::{Cell, HELD, LAYOUTS, NAMES, SUBJECTS};
use chengxin_store::held::{HeldRow, HeldState};
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::subject::NewDocument;
use jiff::civil::Date;
use serde_json::json;

use crate::intake::content_parts;
use crate::keyring::body_aad;
use crate::log::rows::marks;
use crate::notice::{Told, await_repair, tell};
use crate::proceeding::after_version;
use crate::record::{anchor, identity_aad, version_commitment};
use crate::report::value_say;
use crate::subject::SubjectIds;
use crate::{AppError, Installation, journal};

/// Most rows of one list.
const PAGE: i64 = 500;

/// A held row as the work list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldItem {
    /// Running number.
    pub id: i64,
    /// Submission that it came with.
    pub submission: i64,
    /// Row of the file.
    pub row: i64,
    /// Sending office.
    pub authority: String,
    /// What it is called.
    pub authority_name: Say,
    /// Item code.
    pub item: String,
    /// What it is called.
    pub item_name: Say,
    /// Why it is held. For the identity clerk alone: the sender is told less.
    pub reason: HeldReason,
    /// Day after which it is deleted undecided.
    pub delete_after: Date,
}

/// A held row with what stands in it.
#[derive(Debug, Clone)]
pub struct HeldDetail {
    /// The row.
    pub item: HeldItem,
    /// Field label and value, empty ones left out.
    pub fields: Vec<(Say, String)>,
    /// The name on file for the row's number, where there is one and it is another.
    pub name_on_file: Option<String>,
}

/// What the identity clerk decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldDecision {
    /// The row is about the person with this document. Its name must be the one on file, or be named as a further one.
    Attach {
        /// Kind of document.
        kind: DocumentKind,
        /// Its number.
        number: String,
        /// Is the name in the row a further name of that person (former name, variant of the middle dot)?
        further_name: bool,
        /// Was the person shown to be of age at the conduct?
        of_age: bool,
    },
    /// The name on file for the row's number is wrong, the one in the row is right.
    CorrectName,
    /// The row is wrong: nothing of it is kept.
    Reject,
}

impl Installation {
    /// Rows that wait, by deadline.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn held_list(&self, caller: &Caller) -> Result<Vec<HeldItem>, AppError> {
        self.authorise(caller, "held_list")?;
        self.store.view().held_list(0, PAGE)?.iter().map(|row| self.held_item(row)).collect()
    }

    /// Opens a held row. It discloses a person's data, so the look is logged first.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a row that is decided, deleted or not there.
    pub fn held_show(&mut self, caller: &Caller, id: i64) -> Result<HeldDetail, AppError> {
        self.authorise(caller, "held_show")?;
        let (row, values) = self.held_values(id)?;
        let detail = self.detail(&row, &values)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("held_show", |tx| -> Result<(), AppError> {
            let entry = json!({ "held": id, "submission": row.submission_id, "row": row.row_no });
            journal::log(tx, &keys, now_us, "held_show", caller, &entry)?;
            Ok(())
        })?;
        Ok(detail)
    }

    /// Decides a held row on evidence.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] without evidence, for a number that is not valid, or a row that would be refused (a
    /// minor, a day without a legal basis); [`crate::Kind::Conflict`] for a row that somebody else decided.
    pub fn held_resolve(
        &mut self,
        caller: &Caller,
        id: i64,
        decision: &HeldDecision,
        evidence: &str,
    ) -> Result<(), AppError> {
        self.authorise(caller, "held_resolve")?;
        if evidence.trim().is_empty() {
            return Err(AppError::invalid("须写明核验依据（--evidence）", "state the evidence (--evidence)"));
        }
        let (row, values) = self.held_values(id)?;
        match decision {
            HeldDecision::Reject => self.held_reject(caller, &row, evidence),
            HeldDecision::Attach { kind, number, further_name, of_age } => {
                let (document, _) = Document::parse(*kind, number, self.synthetic_rule())?;
                self.held_attach(caller, &row, values, document, *further_name, *of_age, false, evidence)
            }
            HeldDecision::CorrectName => {
                let Some(document) = self.document_of(&row, &values)? else {
                    return Err(AppError::invalid(
                        "该行没有有效的证件号码，请改用 --attach 指定",
                        "the row has no valid number: attach it to one",
                    ));
                };
                self.held_attach(caller, &row, values, document, false, true, true, evidence)
            }
        }
    }

    /// Deletes what has passed its deadline: held rows nobody decided, values of refused rows after 30 days, and the
    /// keys of submissions that seal nothing any more. Hands back how many of each of the first two.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn held_purge(&mut self, caller: &Caller) -> Result<(usize, usize), AppError> {
        self.authorise(caller, "held_purge")?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let today = chengxin_core::dates::to_days(self.today());
        let counts = self.store.write("held_purge", |tx| -> Result<(usize, usize), AppError> {
            let counts = (tx.held_purge(today, now_us)?, tx.refusals_purge(today)?);
            let detail = json!({ "held": counts.0, "refused": counts.1, "at_us": now_us });
            journal::log(tx, &keys, now_us, "held_purge", caller, &detail)?;
            Ok(counts)
        })?;
        let needed = self.store.view().submissions_with_sealed_rows()?;
        let open = |id: i64| -> Result<bool, AppError> {
            Ok(self
                .store
                .view()
                .submission(id)?
                .is_some_and(|s| s.state == chengxin_store::submission::SubmissionState::Open as i64))
        };
        let mut idle = Vec::new();
        for (id, _) in self.key_store.submission_keys()? {
            if !needed.contains(&id) && !open(id)? {
                idle.push(id);
            }
        }
        self.key_store.write(|tx| -> Result<(), AppError> {
            Ok(idle.iter().try_for_each(|id| tx.submission_key_remove(*id))?)
        })?;
        self.key_store.checkpoint()?;
        Ok(counts)
    }

    /// A waiting row and its values by field code.
    fn held_values(&self, id: i64) -> Result<(HeldRow, Vec<(String, String)>), AppError> {
        let missing = || AppError::not_found("没有该待核验记录", "there is no such held row");
        let row = self.store.view().held(id)?.filter(|h| h.state == HeldState::Waiting as i64).ok_or_else(missing)?;
        let sealed = row.sealed.as_ref().ok_or_else(missing)?;
        let key = self.keys.submission_aead(&self.submission_key(row.submission_id)?);
        let aad = crate::intake::row_aad(row.submission_id, row.row_no as u64);
        let plain = key.open(&aad, sealed).map_err(|e| AppError::internal(format!("open held row: {e}")))?;
        let values = split_body(&plain).ok_or_else(|| AppError::internal("held row is no row"))?;
        let (_, fields) = self.store.view().layout(row.layout_id)?;
        let pairs = fields.into_iter().zip(values.into_iter().map(str::to_owned)).collect();
        Ok((row, pairs))
    }

    fn held_item(&self, row: &HeldRow) -> Result<HeldItem, AppError> {
        let reason = HeldReason::from_code(&row.reason).ok_or_else(|| AppError::internal("unknown held reason"))?;
        let delete_after =
            i32::try_from(row.delete_after).ok().and_then(from_days).ok_or_else(|| AppError::internal("held date"))?;
        Ok(HeldItem {
            id: row.id,
            submission: row.submission_id,
            row: row.row_no,
            authority: row.authority.clone(),
            authority_name: self.authority_called(&row.authority)?,
            item: row.item.clone(),
            item_name: self.item_called(&row.item),
            reason,
            delete_after,
        })
    }

    fn detail(&self, row: &HeldRow, values: &[(String, String)]) -> Result<HeldDetail, AppError> {
        let item = crate::intake::item_of(&self.catalogue, &row.item)?;
        // Everything is shown as the file has it, but for amounts, which are held in 分 and read in 元.
        let read = |(code, value): &(String, String)| match item.field(code) {
            Some(def) if matches!(def.field.kind, FieldType::MoneyWan | FieldType::MoneyYuan) => {
                (def.field.label_read(), value_say(def, value).zh)
            }
            Some(def) => (def.field.label_read(), value.clone()),
            None => (Say::new(code, code), value.clone()),
        };
        let fields = values.iter().filter(|(_, value)| !value.is_empty()).map(read).collect();
        let own = value_of(item.field_of(FieldRole::SubjectName).map_or("", |f| f.field.code.as_str()), values);
        let tag = self.document_of(row, values)?.map(|d| self.keys.document_tag(d.kind(), d.number()));
        let found = tag.map(|tag| self.store.view().subject_document(&tag)).transpose()?.flatten();
        let name_on_file = found.map(|document| self.name_on_file(&document)).transpose()?;
        let name_on_file = name_on_file.filter(|name| *name != normalise_name(own));
        Ok(HeldDetail { item: self.held_item(row)?, fields, name_on_file })
    }

    /// The row's own document, if its number is valid.
    fn document_of(&self, row: &HeldRow, values: &[(String, String)]) -> Result<Option<Document>, AppError> {
        let item = crate::intake::item_of(&self.catalogue, &row.item)?;
        let value = |role| item.field_of(role).map_or("", |f| value_of(&f.field.code, values));
        let uscc = value(FieldRole::SubjectUscc);
        let kind = DocumentKind::from_value(value(FieldRole::SubjectDocumentKind)).unwrap_or(DocumentKind::ResidentId);
        let number = value(FieldRole::SubjectDocumentNumber);
        let (kind, number) = if number.is_empty() { (DocumentKind::Uscc, uscc) } else { (kind, number) };
        Ok(Document::parse(kind, number, self.synthetic_rule()).ok().map(|(document, _)| document))
    }

    fn held_reject(&mut self, caller: &Caller, row: &HeldRow, evidence: &str) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("held_resolve", |tx| -> Result<(), AppError> {
            tx.held_decide(row.id, HeldState::Rejected, &caller.actor, evidence, now_us)?;
            let rows = marks(tx.view(), &keys, &[(&HELD, vec![row.id.into()])])?;
            let detail = json!({
                "held": row.id, "submission": row.submission_id, "row": row.row_no, "decision": "rejected", "rows": rows,
            });
            journal::log(tx, &keys, now_us, "held_resolve", caller, &detail)?;
            Ok(())
        })
    }

    /// Attaches a held row: it becomes a version like any other.
    #[expect(clippy::too_many_arguments, reason = "one decision with its parts, each of another meaning")]
    fn held_attach(
        &mut self,
        caller: &Caller,
        row: &HeldRow,
        values: Vec<(String, String)>,
        document: Document,
        further_name: bool,
        of_age: bool,
        correct_name: bool,
        evidence: &str,
    ) -> Result<(), AppError> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let item = crate::intake::item_of(&catalogue, &row.item)?;
        // The second officer's release covers the held rows of a file too: it comes first.
        let submission = self.store.view().submission(row.submission_id)?;
        if submission.is_some_and(|s| s.needs_release && s.released_at_us.is_none()) {
            return Err(AppError::conflict(
                format!("批次 {} 尚未审核，审核后方可关联", row.submission_id),
                format!(
                    "submission {} has not been released yet: a second officer releases it first",
                    row.submission_id
                ),
            ));
        }
        let code = |role| item.field_of(role).map(|f| f.field.code.clone());
        let mut values = values;
        let mut set = |code: Option<String>, value: &str| {
            if let Some(pair) = values.iter_mut().find(|(c, _)| Some(c) == code.as_ref()) {
                value.clone_into(&mut pair.1);
            }
        };
        // The record is held as the evidence shows it: with the number that was found.
        if document.kind() == DocumentKind::Uscc {
            set(code(FieldRole::SubjectUscc), document.number());
        } else {
            set(code(FieldRole::SubjectDocumentNumber), document.number());
            set(code(FieldRole::SubjectDocumentKind), document.kind().name_zh());
        }
        if of_age {
            set(code(FieldRole::AdultAttested), "是");
        }
        // Held against the item once more, so that nothing comes in by this door that the front one refuses.
        let rules = ReadRules { today: self.today(), synthetic: self.synthetic_rule(), adults_attested: of_age };
        let columns = (0..item.fields.len()).map(Some).collect();
        let reader = RowReader::new(item, columns, rules);
        let mut scratch = Scratch::default();
        reader.begin(&mut scratch);
        let cells: Vec<String> =
            item.fields.iter().map(|f| cell_text(f.field.kind, value_of(&f.field.code, &values))).collect();
        let facts = match reader.read(|column| cells[column].as_str(), &mut scratch) {
            Verdict::Good(facts) => facts,
            Verdict::Held(HeldReason::AgeUnproven, facts) if of_age => facts,
            Verdict::Held(reason, _) => {
                let say = reason.say_to_sender();
                return Err(AppError::invalid(
                    format!("仍不能入库：{}", say.zh),
                    format!("still cannot be taken: {}", say.en),
                ));
            }
            Verdict::Refused | Verdict::Blank => {
                let say =
                    scratch.faults.first().map_or_else(Say::default, |f| f.reason.say(&Say::new("本行", "the row")));
                return Err(AppError::invalid(
                    format!("该行不得入库：{}", say.zh),
                    format!("the row may not be taken: {}", say.en),
                ));
            }
        };
        let (now_us, today, keys) = (self.now_us(), self.today(), self.keys.clone());
        let tag = keys.document_tag(document.kind(), document.number());
        let name_tag = keys.name_tag(&facts.name);
        let found = self.store.view().subject_document(&tag)?;
        let agrees = match &found {
            None => true,
            Some(f) => f.name_tag == name_tag || self.store.view().subject_has_name(&f.subject_id, &name_tag)?,
        };
        if !agrees && !further_name && !correct_name {
            return Err(AppError::conflict(
                "姓名与该号码在册姓名不一致；请选择登记为曾用名/别名，或更正在册姓名",
                "the name is not the one on file for this number: link it as a further name, or correct the name on file",
            ));
        }
        let mut pool = RandomPool::new();
        let subject_id = found.as_ref().map_or_else(|| SubjectIds::new(now_us).next_id(&mut pool), |f| f.subject_id);
        let (subject_key, wrapped) = match &found {
            Some(_) => (keys.subject_key(&self.key_store, &subject_id)?, None),
            None => {
                let (key, wrapped) = keys.new_subject_key(&mut pool, &subject_id);
                (key, Some(wrapped))
            }
        };
        let identity: Vec<&[u8]> = item.identity_fields().iter().map(|f| scratch.value(*f).as_bytes()).collect();
        let seed = keys.record_seed(&row.authority, item.code(), &identity);
        let record_id = keys.record_id(&subject_id, &seed);
        let heads = self.store.view().versions_of_record(&subject_id, &record_id)?;
        if self.store.view().lock(&subject_id, &record_id)?.is_some() {
            return Err(AppError::conflict("该记录已被决定锁定", "this record is locked by a decision"));
        }
        let version = heads.last().map_or(1, |h| h.version + 1);
        let (salt, body_salt): ([u8; 16], [u8; 16]) = (random_bytes(), random_bytes());
        let body_key = subject_key.body(&record_id, version, &body_salt);
        let codes: Vec<&str> = item.fields.iter().map(|f| f.field.code.as_str()).collect();
        let sealed_identity = |name: &str| {
            let plain = chengxin_core::row::join_body([document.number(), name]);
            subject_key.identity().seal(&identity_aad(&subject_id), &plain)
        };
        let mut draft = VersionRow {
            subject_id,
            record_id,
            version,
            body_version: version,
            cause: Cause::Identity as i64,
            submission_id: 0,
            leaf: 0,
            row_no: row.row_no,
            item: item.code().to_owned(),
            authority: row.authority.clone(),
            subject_kind: chengxin_core::record::subject_kind_to_i64(facts.subject),
            severity: severity_to_i64(facts.severity),
            decided_on: i64::from(facts.decided_on),
            display_from: i64::from(facts.display_from),
            display_until: facts.display_until.map(i64::from),
            state: chengxin_core::record::State::Active.as_i64(),
            needs_release: 0,
            source_time: facts.source_time,
            layout_id: 0,
            digest: keys.digest(&content_parts(item, &scratch, 0)),
            salt,
            commitment: [0; 32],
            body: body_key.seal_single_use(&body_aad(&subject_id, &record_id, version), &scratch.body),
        };
        let Self { store, key_store, .. } = self;
        key_store.write(|tx| -> Result<(), AppError> {
            if let Some(wrapped) = &wrapped {
                tx.subject_key_set(&subject_id, keys.wrapping_version(), wrapped)?;
            }
            tx.body_salt_set(&draft.body_at(), &body_salt)?;
            Ok(())
        })?;
        store.write("held_resolve", |tx| -> Result<(), AppError> {
            if found.is_none() {
                tx.subject_add(&subject_id, draft.subject_kind, 0, now_us)?;
                tx.subject_document_add(NewDocument {
                    tag: &tag,
                    subject_id: &subject_id,
                    kind: i64::from(document.kind().as_u8()),
                    key_version: keys.index_version(),
                    name_tag: &name_tag,
                    sealed: &sealed_identity(&facts.name),
                })?;
            } else if correct_name {
                tx.subject_document_rename(&tag, &name_tag, &sealed_identity(&facts.name))?;
            } else if further_name && !agrees {
                let sealed = subject_key
                    .identity()
                    .seal(&identity_aad(&subject_id), &chengxin_core::row::join_body([facts.name.as_str()]));
                tx.subject_name_add(
                    &subject_id,
                    &name_tag,
                    keys.index_version(),
                    &sealed,
                    evidence,
                    &caller.actor,
                    now_us,
                )?;
            }
            draft.layout_id = tx.layout_for(item.code(), &codes.join(" "))?;
            draft.commitment = version_commitment(&keys, &draft, &mut Vec::new());
            tx.version_add(&draft)?;
            tx.held_decide(row.id, HeldState::Attached, &caller.actor, evidence, now_us)?;
            let subject = Cell::from(&subject_id);
            let mut rows = vec![(&HELD, vec![row.id.into()]), (&LAYOUTS, vec![draft.layout_id.into()])];
            if found.is_none() {
                rows.push((&SUBJECTS, vec![subject]));
            } else if further_name && !agrees && !correct_name {
                rows.push((&NAMES, vec![subject, (&name_tag).into()]));
            }
            let detail = json!({
                "rows": marks(tx.view(), &keys, &rows)?,
                "held": row.id, "submission": row.submission_id, "row": row.row_no, "decision": "attached",
                "versions": [anchor(&draft)], "nameCorrected": correct_name,
                "furtherName": further_name && !agrees,
            });
            journal::log_about(tx, &keys, &subject_id, now_us, "held_resolve", caller, &detail)?;
            after_version(tx, &keys, now_us, &draft)?;
            if item.item.polarity == Polarity::Adverse
                && matches!(facts.subject, SubjectKind::Person | SubjectKind::SoleTrader)
            {
                let (record, kind) = (Some((record_id, version)), NoticeKind::AdverseRecord);
                let told = Told { subject: &subject_id, kind, record, office: "", case: "", detail: &json!({}) };
                tell(tx, &keys, now_us, &told)?;
                await_repair(tx, &keys, &catalogue, today, (&subject_id, &record_id))?;
            }
            Ok(())
        })
    }
}

fn value_of<'v>(code: &str, values: &'v [(String, String)]) -> &'v str {
    values.iter().find(|(c, _)| c == code).map_or("", |(_, v)| v.as_str())
}

/// An exact value as a file would write it: amounts are held in 分 and read in their unit.
pub(crate) fn cell_text(kind: chengxin_core::catalogue::FieldType, value: &str) -> String {
    use chengxin_core::catalogue::FieldType as T;
    match (kind, value.parse::<i64>()) {
        (T::MoneyWan, Ok(fen)) => format!("{}.{:06}", fen / 1_000_000, fen % 1_000_000),
        (T::MoneyYuan, Ok(fen)) => format!("{}.{:02}", fen / 100, fen % 100),
        _ => value.to_owned(),
    }
}
