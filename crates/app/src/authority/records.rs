//! An authority's own records, for everybody to read: what its law makes public, as long as it is shown. No order of merit: each authority is asked by its code.

use std::collections::BTreeMap;

use chengxin_core::Caller;
use chengxin_core::Say;
use chengxin_core::catalogue::ItemDef;
use chengxin_core::catalogue::model::{SubjectKind, Use};
use chengxin_core::dates::from_days;
use chengxin_core::identity::{DocumentKind, SyntheticRule};
use chengxin_core::publication::{PublicField, masked};
use chengxin_core::record::{RecordId, severity_from_i64, subject_kind_to_i64};
use chengxin_store::record::VersionRow;
use jiff::civil::Date;
use serde::Serialize;

use super::called;
use super::late::is_of_authorities;
use crate::proceeding::{Contest, Contests};
use crate::reading::Reading;
use crate::record::{BodyOpener, by_record, holder, newest};
use crate::report::{showable, value_say};
use crate::{AppError, Installation};

/// What is public about an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityRecords {
    /// Its code.
    pub authority: String,
    /// Its name.
    pub name: Say,
    /// The day of reading.
    pub on: Date,
    /// Records, newest decision first.
    pub records: Vec<AuthorityRecord>,
}

/// One record about an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityRecord {
    /// Id, 32 hexadecimal digits.
    pub record: String,
    /// Item code.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Who determined it.
    pub determined_by: Say,
    /// Date of the determining document.
    pub decided_on: Option<Date>,
    /// First day not shown; absent without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_until: Option<Date>,
    /// What is contested about it, and what that means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
    /// Label and value of every public field that is filled.
    pub fields: Vec<(Say, Say)>,
}

impl Reading {
    /// What is public about an authority on file, today.
    ///
    /// It is no door to other organisations: only records of items that are about authorities alone are read.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that is no authority's on file.
    ///
    /// # Source
    /// 国发〔2016〕76号 (政务诚信); publication by each item's own clause.
    pub fn authority_records(&self, caller: &Caller, code: &str) -> Result<AuthorityRecords, AppError> {
        self.authorise(caller, "authority_records")?;
        let view = self.store.view();
        let office = view.authority(code)?.ok_or_else(|| {
            AppError::not_found(
                "没有登记此统一社会信用代码的机关；请核对代码",
                "no authority with this code is on file: compare the code",
            )
        })?;
        let on = self.today();
        let (authority, name) = (office.code.clone(), called(Some(&office), code));
        let tag = self.keys.document_tag(DocumentKind::Uscc, &office.code);
        let Some((document, versions)) = view.versions_of_document(&tag)? else {
            return Ok(AuthorityRecords { authority, name, on, records: Vec::new() });
        };
        let contests = Contests::read(view, &self.keys, &self.key_store, &document.subject_id, on)?;
        let mut opener = BodyOpener::new(&self.keys, &self.key_store);
        let confirmed = view.clauses_confirmed()?;
        let mut records = Vec::new();
        for own in by_record(&versions) {
            let Some(row) = newest(own).filter(|row| row.subject_kind == subject_kind_to_i64(SubjectKind::Authority))
            else {
                continue;
            };
            let item = showable(&self.catalogue, row, Use::Public, on).filter(|item| {
                let rule = item.may_show(Use::Public, on, SubjectKind::Authority, severity_from_i64(row.severity));
                is_of_authorities(item) && rule.is_some_and(|rule| self.was_read(&rule.clause, &confirmed))
            });
            let contest = contests.of(&row.record_id);
            let Some(item) = item.filter(|_| !contest.out_of_use()) else { continue };
            records.push(self.public_record(item, row, holder(own, row)?, contest, &mut opener)?);
        }
        records.sort_by(|a: &AuthorityRecord, b| (b.decided_on, &a.record).cmp(&(a.decided_on, &b.record)));
        Ok(AuthorityRecords { authority, name, on, records })
    }

    /// Was a clause read at its source, by whoever wrote the catalogue or by an office that confirmed it? In a made-up city any clause counts.
    fn was_read(&self, clause: &str, confirmed: &[String]) -> bool {
        self.synthetic == SyntheticRule::Allowed
            || confirmed.iter().any(|one| one == clause)
            || self.catalogue.clause(clause).is_some_and(|(_, clause)| clause.verified)
    }

    fn public_record(
        &self,
        item: &ItemDef,
        row: &VersionRow,
        holder: &VersionRow,
        contest: Contest,
        opener: &mut BodyOpener<'_>,
    ) -> Result<AuthorityRecord, AppError> {
        let day = |days: i64| i32::try_from(days).ok().and_then(from_days);
        let layout = self.layout(holder.layout_id)?;
        let values = opener.open(holder, &layout)?.unwrap_or_default();
        // What was written freely nobody has read: parties of a suit may stand in it.
        let page = masked(item, SubjectKind::Authority, &values, &BTreeMap::new());
        let public = |of: &PublicField<'_>| (of.def.field.label_read(), value_say(of.def, &of.value));
        let office = self.store.view().authority(&row.authority)?;
        Ok(AuthorityRecord {
            record: RecordId(row.record_id).hex(),
            item: row.item.clone(),
            item_name: Say::new(&item.item.name, &item.item.name_en),
            determined_by: called(office.as_ref(), &row.authority),
            decided_on: day(row.decided_on),
            display_until: row.display_until.and_then(day),
            // Its own words beside the record may name an officer, and nobody has looked at them: they are not published.
            mark: contest.mark(),
            fields: page.iter().map(public).collect(),
        })
    }
}

impl Installation {
    /// [`Reading::authority_records`].
    ///
    /// # Errors
    /// As there.
    pub fn authority_records(&self, caller: &Caller, code: &str) -> Result<AuthorityRecords, AppError> {
        self.authorise(caller, "authority_records")?;
        Reading::open(self)?.authority_records(caller, code)
    }
}
