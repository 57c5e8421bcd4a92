//! `record_list`: everything that is held about a subject, for the subject.

use chengxin_core::catalogue::ItemDef;
use chengxin_core::dates::from_days;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::{RecordId, State, severity_from_i64};
use chengxin_core::{Caller, Say};
use chengxin_store::record::VersionRow;
use chengxin_store::subject::DocumentRow;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::body::{BodyOpener, by_record, holder, newest};
use crate::authority::called;
use crate::log::NewEntry;
use crate::proceeding::{Contest, Contests};
use crate::reading::{Disclosure, Reading};
use crate::report::{entitled, reader, value_say};
use crate::{AppError, Installation, Kind, journal};

/// Everything held about a subject. Unlike a report it leaves nothing out, and carries no signature: nobody can demand
/// it as a better report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordList {
    /// When it was read, microseconds UTC.
    pub at_us: i64,
    /// Records, newest decision first.
    pub records: Vec<HeldRecord>,
}

/// One record as its subject sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldRecord {
    /// Id, 32 hexadecimal digits.
    pub record: String,
    /// Version.
    pub version: i64,
    /// Item code.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Class of the national catalogue.
    pub class: String,
    /// Office that sent it.
    pub authority: Say,
    /// `active`, `withdrawn` or `erased`.
    pub state: State,
    /// Derived severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Say>,
    /// Date of the determining document.
    pub decided_on: Option<Date>,
    /// First day shown.
    pub display_from: Option<Date>,
    /// First day not shown; absent without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_until: Option<Date>,
    /// What is contested about it, and what that means; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
    /// The person's own words that stand beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// Label and value of every field that is filled; none once the record is erased.
    pub fields: Vec<(Say, Say)>,
}

impl Reading {
    /// Everything held about the subject of a document, and the entry that must be durable before it is shown.
    ///
    /// What waits for a second officer's release is not in it: until then nothing has been decided to be held.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the subject or its representative; [`crate::Kind::Invalid`] for
    /// a number that cannot be; [`crate::Kind::NotFound`] where nothing is held.
    ///
    /// # Source
    /// 个人信息保护法 art. 45.
    pub fn record_list(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Disclosure<RecordList>, AppError> {
        self.authorise(caller, "record_list")?;
        let (document, _) = Document::parse(kind, number, self.synthetic)?;
        entitled(caller, "record_list", &document, &self.keys, self.store.view())?;
        let view = self.store.view();
        let nothing = || AppError::not_found("平台上没有关于您的记录", "nothing is held about you");
        let tag = self.keys.document_tag(document.kind(), document.number());
        let (DocumentRow { subject_id: subject, .. }, versions) =
            view.versions_of_document(&tag)?.ok_or_else(nothing)?;
        let current: Vec<_> = by_record(&versions).filter_map(|record| Some((newest(record)?, record))).collect();
        // Of what was erased nothing is opened.
        let erased = |row: &VersionRow| row.state == State::Erased.as_i64();
        let body = |&(row, record): &(_, _)| if erased(row) { Ok(row) } else { holder(record, row) };
        let holders = current.iter().map(body).collect::<Result<Vec<_>, _>>()?;
        let mut opener = BodyOpener::new(&self.keys, &self.key_store);
        opener.ask_for(&subject, &holders)?;
        let contests = Contests::read(view, &self.keys, &self.key_store, &subject, self.today())?;
        let held = current
            .iter()
            .zip(holders)
            .map(|((row, _), holder)| self.held(row, holder, contests.of(&row.record_id), &mut opener));
        let mut records = held.collect::<Result<Vec<_>, _>>()?;
        records.sort_by(|a, b| (b.decided_on, &a.record).cmp(&(a.decided_on, &b.record)));
        let ids: Vec<_> = records.iter().map(|r| json!([r.record, r.version])).collect();
        let detail = json!({ "records": ids });
        let entry = NewEntry::new(subject, "record_list", caller.clone(), detail);
        Ok(Disclosure { answer: RecordList { at_us: self.clock.now_us(), records }, entry })
    }

    fn held(
        &self,
        row: &VersionRow,
        holder: &VersionRow,
        contest: Contest,
        opener: &mut BodyOpener<'_>,
    ) -> Result<HeldRecord, AppError> {
        let broken = || AppError::internal("a version has columns that cannot be");
        let day = |days: i64| i32::try_from(days).ok().and_then(from_days);
        let state = State::from_i64(row.state).ok_or_else(broken)?;
        let item = self.catalogue.item(&row.item);
        let fields = match item {
            Some(item) if state != State::Erased => self.fields(item, holder, opener)?,
            _ => Vec::new(),
        };
        let office = self.authorities.iter().find(|a| a.code == row.authority);
        let authority = called(office, &row.authority);
        Ok(HeldRecord {
            record: RecordId(row.record_id).hex(),
            version: row.version,
            item: row.item.clone(),
            item_name: item.map_or_else(|| Say::new(&row.item, &row.item), |i| Say::new(&i.item.name, &i.item.name_en)),
            class: item.map_or_else(String::new, |i| i.item.class.clone()),
            authority,
            state,
            severity: severity_from_i64(row.severity).map(chengxin_core::catalogue::Severity::name),
            decided_on: day(row.decided_on),
            display_from: day(row.display_from),
            display_until: row.display_until.and_then(day),
            mark: contest.mark(),
            statement: contest.statement,
            fields,
        })
    }

    fn fields(
        &self,
        item: &ItemDef,
        holder: &VersionRow,
        opener: &mut BodyOpener<'_>,
    ) -> Result<Vec<(Say, Say)>, AppError> {
        let layout = self.layout(holder.layout_id)?;
        let values = opener.open(holder, &layout)?.unwrap_or_default();
        let shown = |(code, value): &(String, String)| {
            let def = item.field(code)?;
            (!value.is_empty()).then(|| (def.field.label_read(), value_say(def, value)))
        };
        Ok(values.iter().filter_map(shown).collect())
    }
}

impl Installation {
    /// [`Reading::record_list`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn record_list(&mut self, caller: &Caller, kind: DocumentKind, number: &str) -> Result<RecordList, AppError> {
        self.authorise(caller, "record_list")?;
        let disclosure = Reading::open(self)?.record_list(caller, kind, number);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let Disclosure { answer, entry } = match disclosure {
            Err(nothing) if nothing.kind == Kind::NotFound => {
                return Err(self.nothing_held(caller, kind, number, nothing)?);
            }
            disclosure => disclosure.map_err(|refusal| self.refused(caller, "record_list", refusal))?,
        };
        let logged = self.store.write("record_list", |tx| {
            journal::log_about(tx, &keys, &entry.subject, now_us, entry.operation, &entry.caller, &entry.detail)
        });
        logged.map_err(|refusal| self.turned_away(caller, "record_list", refusal))?;
        Ok(answer)
    }

    /// That nothing is held is an answer too, and a line for whoever is known as a reader; nobody else has a log that could say it.
    fn nothing_held(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        nothing: AppError,
    ) -> Result<AppError, AppError> {
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        let Some(subject) = reader(self.store.view(), &self.keys, &document)? else { return Ok(nothing) };
        let (now_us, keys, detail) = (self.now_us(), self.keys.clone(), json!({ "records": [] }));
        let logged = self
            .store
            .write("record_list", |tx| journal::log_about(tx, &keys, &subject, now_us, "record_list", caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, "record_list", refusal))?;
        Ok(nothing)
    }
}
