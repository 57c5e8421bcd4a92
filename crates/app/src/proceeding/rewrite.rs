//! What a decision does to its record: a further version, and a lock against last month's file.

use std::collections::BTreeMap;

use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::dates::to_days;
use chengxin_core::record::{State, severity_to_i64, subject_kind_to_i64};
use chengxin_core::row::{ReadRules, RowReader, Scratch, Verdict};
use chengxin_core::say::Say;
use chengxin_seal::random_bytes;
use chengxin_store::Tx;
use chengxin_store::audit::{Cell, LAYOUTS, LOCKS, Table};
use chengxin_store::lock::LockRow;
use chengxin_store::record::{Cause, StoredVersion, VersionRow};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::row::Opened;
use crate::intake::content_parts;
use crate::keyring::{Keyring, body_aad};
use crate::record::{BodyOpener, LockKind, anchor, by_record, committed, holder, newest, next_version, repair_rule};
use crate::{AppError, Installation};

/// What is decided about a record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    /// These fields get these values, as a file would write them.
    Corrected(&'a BTreeMap<String, String>),
    /// It is withdrawn.
    Withdrawn,
    /// It is not this person's.
    NotTheirs,
    /// It is repaired.
    Repaired,
}

impl Change<'_> {
    fn cause(self) -> Cause {
        match self {
            Self::Corrected(_) => Cause::Correction,
            Self::Withdrawn => Cause::Withdrawal,
            Self::NotTheirs => Cause::Identity,
            Self::Repaired => Cause::Repair,
        }
    }

    fn lock(self) -> LockKind {
        match self {
            Self::Corrected(_) => LockKind::Correction,
            Self::Withdrawn | Self::NotTheirs => LockKind::Withdrawal,
            Self::Repaired => LockKind::Repair,
        }
    }
}

/// Rows that a decision wrote in other tables, and what the entry says of its version.
type Written = (Vec<(&'static Table, Vec<Cell>)>, Value);

/// A decision ready to be written.
pub(crate) struct Rewriting {
    row: VersionRow,
    /// Item and fields of a new body, whose order of values may be new.
    layout: Option<(String, String)>,
    lock: LockRow,
    /// From when repair could be asked for before.
    repairable: Option<Date>,
}

impl Installation {
    /// Makes what a decision writes. Keys of a new body are committed here: without the body they harm nobody.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the record is gone, waits for release or was decided about already; [`crate::Kind::Invalid`] for a correction
    /// that changes nothing, names a field that there is not, changes which record it is, or that the item refuses.
    pub(super) fn rewriting(&mut self, of: &Opened, change: Change<'_>) -> Result<Rewriting, AppError> {
        let (subject, record) = (&of.row.subject_id, &of.row.record_id);
        let versions = self.store.view().versions_of_subject(subject)?;
        let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == *record));
        let gone = || AppError::conflict("该记录已不存在或尚待审核", "the record is gone, or waits for release");
        let own = own.ok_or_else(gone)?;
        let current = newest(own).ok_or_else(gone)?.clone();
        let wants =
            if matches!(change, Change::Repaired) { &[State::Active][..] } else { &[State::Active, State::Withdrawn] };
        if !wants.iter().any(|state| state.as_i64() == current.state) {
            return Err(AppError::conflict(
                "该记录已撤销、修复或删除，不能再作此决定",
                "the record is withdrawn, repaired or erased: this can be decided no more",
            ));
        }
        let version = next_version(self.store.view(), subject, record)?;
        let repairable = repair_rule(&self.catalogue, &current, self.today()).map(|(first, _)| first);
        let base = VersionRow {
            version,
            cause: change.cause() as i64,
            submission_id: 0,
            leaf: 0,
            row_no: 0,
            needs_release: 0,
            source_time: None,
            body: Vec::new(),
            ..current.clone()
        };
        let (row, layout) = match change {
            Change::Corrected(fields) => self.corrected(of, own, &current, base, fields)?,
            Change::Withdrawn | Change::NotTheirs => (self.ended(State::Withdrawn, base), None),
            Change::Repaired => (self.ended(State::Repaired, base), None),
        };
        // What is withdrawn has no content that a file could repeat.
        let digest = if row.state == State::Withdrawn.as_i64() { [0; 16] } else { row.digest };
        let lock = LockRow {
            kind: change.lock().code().to_owned(),
            case_no: of.number(),
            decided_on: i64::from(to_days(self.today())),
            digest,
        };
        Ok(Rewriting { row: committed(&self.keys, row), layout, lock, repairable })
    }

    /// Shown from today on no more, and kept from today on for as long as what is not shown is kept.
    fn ended(&self, state: State, base: VersionRow) -> VersionRow {
        let today = i64::from(to_days(self.today()));
        let until = base.display_until.map_or(today, |until| until.min(today));
        VersionRow { state: state.as_i64(), display_until: Some(until), ..base }
    }

    /// The record with other values, held against its item as a row of a file is: nothing comes in by this door that the front one refuses.
    fn corrected(
        &mut self,
        of: &Opened,
        own: &[StoredVersion],
        current: &VersionRow,
        base: VersionRow,
        fields: &BTreeMap<String, String>,
    ) -> Result<(VersionRow, Option<(String, String)>), AppError> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let item = crate::intake::item_of(&catalogue, &current.item)?;
        let holder = holder(own, current)?;
        let (_, layout) = self.store.view().layout(holder.layout_id)?;
        let values = BodyOpener::new(&self.keys, &self.key_store).open(holder, &layout)?;
        let values = values.ok_or_else(|| AppError::conflict("该记录已删除", "the record is erased"))?;
        let cells = changed(item, &values, fields)?;
        let rules = ReadRules { today: self.today(), synthetic: self.synthetic_rule(), adults_attested: true };
        let reader = RowReader::new(item, (0..item.fields.len()).map(Some).collect(), rules);
        let mut scratch = Scratch::default();
        reader.begin(&mut scratch);
        let facts = match reader.read(|column| cells[column].as_str(), &mut scratch) {
            Verdict::Good(facts) => facts,
            Verdict::Held(reason, _) => {
                let say = reason.say_to_sender();
                return Err(AppError::invalid(
                    format!("更正后的内容不能入库：{}", say.zh),
                    format!("what it would say cannot be taken: {}", say.en),
                ));
            }
            Verdict::Refused | Verdict::Blank => return Err(fault(item, &scratch)),
        };
        let identity: Vec<&[u8]> =
            item.identity_fields().iter().map(|field| scratch.value(*field).as_bytes()).collect();
        let (keys, subject) = (self.keys.clone(), &current.subject_id);
        let seed = keys.record_seed(&current.authority, item.code(), &identity);
        let same_person =
            facts.document.as_ref().is_none_or(|document| of.document().is_ok_and(|own| own == *document));
        if keys.record_id(subject, &seed) != current.record_id || !same_person {
            return Err(AppError::invalid(
                "更正不能改变这是谁的、哪一条记录（当事人证件、文书号等）；这类错误请答复“撤销”，再重新报送",
                "a correction does not change whose and which record it is (document, number of the decision): answer that it is withdrawn, and send it anew",
            ));
        }
        let digest = keys.digest(&content_parts(item, &scratch, 0));
        if digest == current.digest {
            return Err(AppError::invalid(
                "更正后的内容与现在的相同；请写明要更正的字段，或答复“维持”",
                "what it would say is what it says: name the fields to correct, or answer that it stays",
            ));
        }
        let (fresh, at): ([u8; 16], _) = (random_bytes(), (subject, &current.record_id, base.version));
        let salt = self.key_store.write(|tx| tx.body_salt_kept(at, &fresh))?;
        let body_key = keys.subject_key(&self.key_store, subject)?.body(&current.record_id, base.version, &salt);
        let aad = body_aad(subject, &current.record_id, base.version);
        let row = VersionRow {
            body_version: base.version,
            subject_kind: subject_kind_to_i64(facts.subject),
            severity: severity_to_i64(facts.severity),
            decided_on: i64::from(facts.decided_on),
            display_from: i64::from(facts.display_from),
            display_until: facts.display_until.map(i64::from),
            state: State::Active.as_i64(),
            digest,
            body: body_key.seal_single_use(&aad, &scratch.body),
            ..base
        };
        let codes: Vec<&str> = item.fields.iter().map(|def| def.field.code.as_str()).collect();
        Ok((row, Some((item.code().to_owned(), codes.join(" ")))))
    }
}

impl Rewriting {
    /// The version that it writes.
    pub(super) fn version(&self) -> i64 {
        self.row.version
    }

    /// From when repair could be asked for before it.
    pub(super) fn repairable(&self) -> Option<Date> {
        self.repairable
    }

    /// Writes version and lock; what the entry says of them.
    pub(super) fn write(&self, tx: &Tx<'_>, keys: &Keyring, by: &str, now_us: i64) -> Result<Written, AppError> {
        let mut row = self.row.clone();
        let (subject, record) = (row.subject_id, row.record_id);
        if next_version(tx.view(), &subject, &record)? != row.version {
            return Err(AppError::conflict(
                "该记录刚刚有了新版本；请重新打开后再办",
                "the record has just got another version: open it again",
            ));
        }
        let mut rows: Vec<(&'static Table, Vec<Cell>)> = vec![(&LOCKS, vec![(&subject).into(), (&record).into()])];
        if let Some((item, fields)) = &self.layout {
            row.layout_id = tx.layout_for(item, fields)?;
            row = committed(keys, row);
            rows.push((&LAYOUTS, vec![row.layout_id.into()]));
        }
        tx.version_add(&row)?;
        tx.lock_set(&subject, &record, &self.lock, by, now_us)?;
        Ok((rows, json!([anchor(&row)])))
    }
}

/// The cells of a row that says what the record says, but for these fields.
fn changed(
    item: &ItemDef,
    values: &[(String, String)],
    fields: &BTreeMap<String, String>,
) -> Result<Vec<String>, AppError> {
    if fields.is_empty() {
        return Err(AppError::invalid(
            "请写明要更正的字段和更正后的内容",
            "name the fields to correct, and what they shall say",
        ));
    }
    if let Some(unknown) = fields.keys().find(|code| item.field(code).is_none()) {
        let excerpt: String = unknown.chars().take(40).collect();
        let known: Vec<_> = item.fields.iter().map(|def| def.field.code.as_str()).collect();
        return Err(AppError::invalid(
            format!("该事项没有字段“{excerpt}”；有 {}", known.join("、")),
            format!("the item has no field “{excerpt}”; it has {}", known.join(", ")),
        ));
    }
    let held = |code: &str| values.iter().find(|(of, _)| of == code).map_or("", |(_, value)| value.as_str());
    let cell = |def: &chengxin_core::catalogue::FieldDef| {
        let code = &def.field.code;
        // A change says what is so now; what an office's file would do with the row is not asked.
        if def.field.role == Some(FieldRole::RowAction) {
            return String::new();
        }
        let given = fields.get(code).cloned();
        given.unwrap_or_else(|| crate::held::cell_text(def.field.kind, held(code)))
    };
    Ok(item.fields.iter().map(cell).collect())
}

fn fault(item: &ItemDef, scratch: &Scratch) -> AppError {
    let Some(fault) = scratch.faults.first() else {
        return AppError::internal("a row was refused without a reason");
    };
    let field = fault.field.and_then(|field| item.fields.get(usize::from(field)));
    let label =
        field.map_or_else(|| Say::new("本行", "the row"), |def| Say::new(&def.field.label, &def.field.label_en));
    let say = fault.reason.say(&label);
    AppError::invalid(format!("更正后的内容有误：{}", say.zh), format!("what it would say is wrong: {}", say.en))
}
