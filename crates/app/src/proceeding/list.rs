//! Reading proceedings: a person's own, an authority's work list by deadline, one whole, and what was handed in.

use chengxin_core::attachment::Media;
use chengxin_core::identity::DocumentKind;
use chengxin_core::proceeding::{ObjectionAspect, ProceedingKind};
use chengxin_core::{Caller, Role, Say};
use chengxin_store::proceeding::ProceedingRow;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::effect::Contests;
use super::file;
use super::follow_up::FollowUpLine;
use super::row::{Keeper, Opened, opened, waits};
use super::view::ProceedingView;
use crate::authority::{called, served};
use crate::{AppError, Installation, journal};

/// Lines of a work list.
const LISTED: i64 = 500;

/// A person's own proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnProceeding {
    /// The proceeding.
    #[serde(flatten)]
    pub proceeding: ProceedingView,
    /// Whom its decision reached, and what they did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<FollowUpLine>,
}

/// A line of a work list: nothing about the person, and nothing that they said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkLine {
    /// Number of the proceeding.
    pub number: String,
    /// Its kind.
    pub kind: ProceedingKind,
    /// The same in words.
    pub kind_name: Say,
    /// Name of the authority.
    pub authority: Say,
    /// Item of the record.
    pub item: Say,
    /// Against what an objection is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<ObjectionAspect>,
    /// How far it has come.
    pub state: Say,
    /// Day of filing.
    pub filed_on: Date,
    /// Last day for what the authority has to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Is it past?
    pub overdue: bool,
    /// Does it wait for the person to hand in more?
    pub waits_for_person: bool,
}

/// Whose work list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkScope {
    /// What waits at the caller's authority.
    Authority,
    /// What waits for an identity clerk.
    Identity,
    /// What waits at every authority, for the credit office.
    Everywhere,
}

impl Installation {
    /// Every proceeding about a person's records, the newest first, whole.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person nor acts for them.
    pub fn proceeding_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<OwnProceeding>, AppError> {
        const NAME: &str = "proceeding_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let tag = self.keys.document_tag(document.kind(), document.number());
        let Some(found) = self.store.view().subject_document(&tag)? else { return Ok(Vec::new()) };
        let rows = self.store.view().proceedings(&found.subject_id)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keeper = Keeper::of(&self.keys, &self.key_store, found.subject_id)?;
        let contests = self.contests_of(&keeper)?;
        let own = |row: ProceedingRow| {
            let of = opened(&self.keys, &keeper, row)?;
            Ok(OwnProceeding {
                proceeding: self.proceeding_view(&keeper, &of, &contests)?,
                reached: self.reached(&of)?,
            })
        };
        let own = rows.into_iter().map(own).collect::<Result<Vec<_>, AppError>>()?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({ "proceedings": own.len() });
        let logged =
            self.store.write(NAME, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, NAME, caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(own)
    }

    /// What waits, what is due first. Names nobody.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn proceeding_work(&self, caller: &Caller) -> Result<Vec<WorkLine>, AppError> {
        self.authorise(caller, "proceeding_work")?;
        let view = self.store.view();
        let rows = match scope(caller) {
            WorkScope::Authority => {
                let mut rows = view.proceeding_work(served(caller)?, LISTED)?;
                rows.retain(|row| row.kind != ProceedingKind::NotMe as i64);
                rows
            }
            WorkScope::Identity => view.proceedings_waiting([waits::IDENTITY_CLERK; 2], LISTED)?,
            WorkScope::Everywhere => view.proceedings_waiting([waits::AUTHORITY, waits::PERSON], LISTED)?,
        };
        rows.into_iter().filter_map(|row| self.work_line(row).transpose()).collect()
    }

    /// The line of a row; `None` for what was about somebody whose key was destroyed.
    fn work_line(&self, row: ProceedingRow) -> Result<Option<WorkLine>, AppError> {
        let Some(keeper) = Keeper::kept(&self.keys, &self.key_store, row.subject_id)? else { return Ok(None) };
        let of = opened(&self.keys, &keeper, row)?;
        let office = self.store.view().authority(&of.row.authority)?;
        let item = self.catalogue.item(&of.body.item);
        Ok(Some(WorkLine {
            number: of.number(),
            kind: of.kind,
            kind_name: of.kind.name(),
            authority: called(office.as_ref(), &of.row.authority),
            item: item.map_or_else(
                || Say::new(&of.body.item, &of.body.item),
                |item| Say::new(&item.item.name, &item.item.name_en),
            ),
            aspect: of.body.aspect,
            state: of.kind.state_name(&of.row.state).unwrap_or_default(),
            filed_on: chengxin_core::dates::shanghai_date(of.row.filed_us),
            due_on: of.due(),
            overdue: of.due().is_some_and(|due| self.today() > due),
            waits_for_person: of.row.waits == 3,
        }))
    }

    /// One proceeding whole, for whoever decides it. That it was read is a line in the person's log.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for another authority's; [`crate::Kind::Forbidden`] for whoever sent the record, or in their own cause.
    pub fn proceeding_show(&mut self, caller: &Caller, number: &str) -> Result<ProceedingView, AppError> {
        const NAME: &str = "proceeding_show";
        self.authorise(caller, NAME)?;
        let (keeper, of) = self.proceeding_at_work(caller, NAME, number)?;
        let shown = self.proceeding_view(&keeper, &of, &self.contests_of(&keeper)?)?;
        self.read(caller, NAME, &keeper, &of, None)?;
        Ok(shown)
    }

    /// Something that was handed in: name, kind and content. For whoever decides, and for the person whose it is (with their document).
    ///
    /// # Errors
    /// As [`Self::proceeding_show`]; [`crate::Kind::NotFound`] for a number of which nothing was handed in.
    pub fn proceeding_attachment(
        &mut self,
        caller: &Caller,
        own: Option<(DocumentKind, &str)>,
        number: &str,
        file_no: i64,
    ) -> Result<(String, Media, Vec<u8>), AppError> {
        const NAME: &str = "proceeding_attachment";
        let (keeper, of) = match own {
            Some((kind, document)) => {
                let document = self.ruling(caller, NAME, kind, document)?;
                self.own_proceeding(&document, number)?
            }
            None => {
                self.authorise(caller, NAME)?;
                self.proceeding_at_work(caller, NAME, number)?
            }
        };
        let found = self.store.view().proceeding_file(&of.row.subject_id, &of.row.proceeding_id, file_no)?;
        let none = || AppError::not_found("该办件没有此编号的附件", "nothing of this number was handed in");
        let (sealed, body) = found.ok_or_else(none)?;
        let label = file::label(&of, &keeper, file_no, &sealed)?;
        let content = file::content(&of, &keeper, file_no, &body)?;
        self.read(caller, NAME, &keeper, &of, Some(file_no))?;
        Ok((label.name, label.media, content))
    }

    /// May the caller do this at all? For whoever reads a body with attachments after this.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`].
    pub fn proceeding_allowed(&self, caller: &Caller, name: &'static str) -> Result<(), AppError> {
        self.authorise(caller, name).map(drop)
    }

    /// What proceedings do to a person's records today.
    pub(super) fn contests_of(&self, keeper: &Keeper) -> Result<Contests, AppError> {
        Contests::read(self.store.view(), &self.keys, &self.key_store, &keeper.subject, self.today())
    }

    /// The same, of any subject.
    pub(crate) fn contests_about(&self, subject: &[u8; 16]) -> Result<Contests, AppError> {
        Contests::read(self.store.view(), &self.keys, &self.key_store, subject, self.today())
    }

    fn read(
        &mut self,
        caller: &Caller,
        name: &'static str,
        keeper: &Keeper,
        of: &Opened,
        file_no: Option<i64>,
    ) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let mut detail = json!({ "number": of.number() });
        if let Some(file_no) = file_no {
            detail["attachment"] = json!(file_no);
        }
        let logged =
            self.store.write(name, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, name, caller, &detail));
        logged.map(drop).map_err(|refusal| self.turned_away(caller, name, refusal))
    }
}

fn scope(caller: &Caller) -> WorkScope {
    match caller.role {
        Role::IdentityClerk => WorkScope::Identity,
        Role::CreditOffice | Role::Auditor => WorkScope::Everywhere,
        _ => WorkScope::Authority,
    }
}
