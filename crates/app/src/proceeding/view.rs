//! A proceeding in words: the same for the person and for whoever decides, for neither is told what the other is not.

use chengxin_core::Say;
use chengxin_core::attachment::Media;
use chengxin_core::catalogue::FieldRole;
use chengxin_core::dates::{shanghai_date, shanghai_text};
use chengxin_core::deadline::{DeadlineKind, due, period};
use chengxin_core::objection::{OBJECTION, ObjectionStep};
use chengxin_core::proceeding::{ObjectionAspect, ProceedingKind};
use chengxin_core::record::RecordId;
use chengxin_core::repair::{REPAIR, RepairStep};
use chengxin_core::workflow::{Party, Word};
use chengxin_store::View;
use jiff::civil::Date;
use serde::Serialize;

use super::effect::Contests;
use super::file;
use super::row::{Course, Keeper, Opened};
use super::tell;
use crate::authority::called;
use crate::notice::{About, delivered_on};
use crate::record::{BodyOpener, by_record, holder};
use crate::{AppError, Installation};

/// A proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProceedingView {
    /// Its number.
    pub number: String,
    /// Objection, “this is not me”, or repair.
    pub kind: ProceedingKind,
    /// The same in words.
    pub kind_name: Say,
    /// The record that it is about.
    pub record: String,
    /// Item of that record.
    pub item: Say,
    /// Number of the document that determined it, by which an office finds its file; absent where there is none, and once the record was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Code of the authority that determined it and decides.
    pub authority: String,
    /// Its name.
    pub authority_name: Say,
    /// Against what an objection is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<ObjectionAspect>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect_name: Option<Say>,
    /// How it came in.
    pub way: Say,
    /// Day of filing.
    pub filed_on: Date,
    /// How far it has come, as a word.
    pub state: String,
    /// The same in words.
    pub state_name: Say,
    /// What the record may be used for meanwhile; absent where the proceeding changes nothing about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
    /// Last day for what the authority has to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// How that day was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_how: Option<Say>,
    /// Is it past?
    pub overdue: bool,
    /// Days by which steps of the authority came late.
    pub late_days: i64,
    /// Number by which the national platform knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_number: Option<String>,
    /// What was done, in its order; the filing first.
    pub steps: Vec<StepLine>,
    /// What was handed in.
    pub attachments: Vec<AttachmentLine>,
    /// What may be done next, and by whom.
    pub next: Vec<NextStep>,
    /// Once it is answered: reconsideration and the courts, each with its time limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Say>,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepLine {
    /// Which, as a word; `file` for the filing.
    pub step: String,
    /// The same in words.
    pub step_name: Say,
    /// By whom.
    pub by: Party,
    /// The same in words.
    pub by_name: Say,
    /// On which day.
    pub on: Date,
    /// What was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Numbers of what was handed in with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// Days by which it came after its last day.
    #[serde(skip_serializing_if = "is_zero")]
    pub late: i32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(days: &i32) -> bool {
    *days == 0
}

/// Something that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentLine {
    /// By which steps name it.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it is, by its content.
    pub media: Media,
    /// Bytes.
    pub size: i64,
    /// When it was handed in.
    pub added: String,
}

/// Something that may be done next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextStep {
    /// As a word.
    pub step: String,
    /// In words.
    pub step_name: Say,
    /// By whom.
    pub by: Party,
}

impl Installation {
    /// A proceeding in words, of a subject whose contests are known.
    pub(super) fn proceeding_view(
        &self,
        keeper: &Keeper,
        of: &Opened,
        contests: &Contests,
    ) -> Result<ProceedingView, AppError> {
        let (today, view) = (self.today(), self.store.view());
        let office = view.authority(&of.row.authority)?;
        let item = self.catalogue.item(&of.body.item);
        let broken = || AppError::internal("a proceeding is in a state that there is not");
        let overdue = of.row.waits > 0 && of.due().is_some_and(|due| today > due);
        let open = of.row.waits > 0;
        Ok(ProceedingView {
            number: of.number(),
            kind: of.kind,
            kind_name: of.kind.name(),
            record: RecordId(of.row.record_id).hex(),
            item: item.map_or_else(
                || Say::new(&of.body.item, &of.body.item),
                |item| Say::new(&item.item.name, &item.item.name_en),
            ),
            document_number: self.determining_document(of)?,
            authority: of.row.authority.clone(),
            authority_name: called(office.as_ref(), &of.row.authority),
            aspect: of.body.aspect,
            aspect_name: of.body.aspect.map(Word::name),
            way: of.body.way.name(),
            filed_on: shanghai_date(of.row.filed_us),
            state: of.row.state.clone(),
            state_name: of.kind.state_name(&of.row.state).ok_or_else(broken)?,
            mark: contests.of(&of.row.record_id).mark().filter(|_| open && of.kind != ProceedingKind::Repair),
            due_on: of.due(),
            due_how: due_how(of),
            overdue,
            late_days: of.row.late_days.max(if overdue { days_since(of.due(), today) } else { 0 }),
            national_number: of.body.national_number.clone(),
            steps: steps(of),
            attachments: attachments(view, keeper, of)?,
            next: next(of),
            routes: self.routes_against(of)?,
        })
    }

    /// Number of the document that determined the record, as the contested version has it.
    fn determining_document(&self, of: &Opened) -> Result<Option<String>, AppError> {
        let field = self.catalogue.item(&of.body.item).and_then(|item| item.field_of(FieldRole::DocumentNumber));
        let Some(field) = field else { return Ok(None) };
        let view = self.store.view();
        let versions = view.versions_of_subject(&of.row.subject_id)?;
        let mut records = by_record(&versions);
        let own = records.find(|all| all.first().is_some_and(|one| one.row.record_id == of.row.record_id));
        let own = own.unwrap_or_default();
        let Some(contested) = own.iter().find(|version| version.row.version == of.body.version) else {
            return Ok(None);
        };
        let holder = holder(own, &contested.row)?;
        let (_, layout) = view.layout(holder.layout_id)?;
        let values = BodyOpener::new(&self.keys, &self.key_store).open(holder, &layout)?.unwrap_or_default();
        let found = values.into_iter().find(|(code, value)| *code == field.field.code && !value.is_empty());
        Ok(found.map(|(_, value)| value))
    }

    /// Reconsideration and the courts against an answer, with the days that the catalogue has for them.
    ///
    /// # Source
    /// 行政复议法, 行政诉讼法: the deadlines `reconsideration` and `litigation` of the catalogue.
    fn routes_against(&self, of: &Opened) -> Result<Vec<Say>, AppError> {
        let Some(closed) = of.row.closed_on.and_then(|day| chengxin_core::dates::from_days(i32::try_from(day).ok()?))
        else {
            return Ok(Vec::new());
        };
        let case = of.number();
        let about = tell::kind_of(of).map(|kind| About { kind, record: tell::record(of), case: &case });
        self.routes_of(closed, &of.row.subject_id, about.as_ref())
    }

    /// The same against an answer of a day, of which somebody was told by the notices `about` it: a last day is named only once one of them reached the
    /// person, and counts from then.
    pub(crate) fn routes_of(
        &self,
        closed: Date,
        subject: &[u8; 16],
        about: Option<&About<'_>>,
    ) -> Result<Vec<Say>, AppError> {
        let calendar = self.calendar()?;
        let told = match about {
            Some(about) => delivered_on(self.store.view(), &self.keys, subject, about)?,
            None => None,
        };
        let route = |kind: DeadlineKind| -> Option<Say> {
            let rule = self.catalogue.deadline(kind, closed).ok()?;
            let name = rule.label();
            // Nobody was reached, or a calendar to come decides: the period is said, and no day.
            let until = told.and_then(|told| due(told, rule, &calendar).ok());
            let within = || {
                let Say { zh, en } = period(rule.unit, rule.count);
                Say::new(
                    format!("不服的，可以自知道该答复之日起 {zh}内{}", name.zh),
                    format!("against it, {}, within {en} of learning of it", name.en),
                )
            };
            Some(until.map_or_else(within, |until| {
                Say::new(
                    format!("不服的，可以{}：{}", name.zh, until.how.zh),
                    format!("against it, {}: {}", name.en, until.how.en),
                )
            }))
        };
        Ok([DeadlineKind::Reconsideration, DeadlineKind::Litigation].into_iter().filter_map(route).collect())
    }
}

fn days_since(due: Option<Date>, today: Date) -> i64 {
    due.map_or(0, |due| i64::from(chengxin_core::dates::to_days(today) - chengxin_core::dates::to_days(due)))
}

fn due_how(of: &Opened) -> Option<Say> {
    match &of.body.course {
        Course::Objection(objection) => objection.due().map(|due| due.how.clone()),
        Course::Repair(repair) => {
            let (due, clock) = (repair.due()?, repair.clock()?);
            let Some(most) = repair.extension().map(|done| done.said.due.as_ref()) else {
                return Some(clock.how.clone());
            };
            let most = most.map_or_else(Say::default, |most| {
                Say::new(format!("；最多可延长到{}", most.last), format!("; it could be until {} at most", most.last))
            });
            Some(Say::new(
                format!("原定{}届满，已延长到{due}{}", clock.last, most.zh),
                format!("due on {} at first, extended until {due}{}", clock.last, most.en),
            ))
        }
    }
}

fn steps(of: &Opened) -> Vec<StepLine> {
    match &of.body.course {
        Course::Objection(objection) => {
            let filed = objection.filed();
            let first = StepLine {
                step: "file".to_owned(),
                step_name: of.kind.name(),
                by: Party::Person,
                by_name: Party::Person.name(),
                on: objection.filed_on(),
                text: filed.text.clone(),
                attachments: filed.attachments.clone(),
                late: 0,
            };
            let done = objection
                .done()
                .iter()
                .map(|done| step(done.step, done.by, done.on, &done.said.text, &done.said.attachments, 0));
            std::iter::once(first).chain(done).collect()
        }
        Course::Repair(repair) => {
            let of_step = |done: &chengxin_core::repair::Done| {
                let said = &done.said;
                let mut handles = said.attachments.clone();
                handles.extend(said.commitment.clone());
                step(done.step, done.by, done.on, &said.text, &handles, done.late)
            };
            repair.done().iter().map(of_step).collect()
        }
    }
}

fn step<K: Word>(step: K, by: Party, on: Date, text: &str, attachments: &[String], late: i32) -> StepLine {
    StepLine {
        step: step.code().to_owned(),
        step_name: step.name(),
        by,
        by_name: by.name(),
        on,
        text: text.to_owned(),
        attachments: attachments.to_vec(),
        late,
    }
}

fn attachments(view: View<'_>, keeper: &Keeper, of: &Opened) -> Result<Vec<AttachmentLine>, AppError> {
    if of.attached() == 0 {
        return Ok(Vec::new());
    }
    let line = |row: chengxin_store::proceeding::ProceedingFileRow| {
        let label = file::label(of, keeper, row.file_no, &row.sealed)?;
        Ok(AttachmentLine {
            number: row.file_no.to_string(),
            name: label.name,
            media: label.media,
            size: row.size,
            added: shanghai_text(row.added_us),
        })
    };
    view.proceeding_files(&of.row.subject_id, &of.row.proceeding_id)?.into_iter().map(line).collect()
}

fn next(of: &Opened) -> Vec<NextStep> {
    let of_word = |step: &'static str, step_name: Say, by: Party| NextStep { step: step.to_owned(), step_name, by };
    match &of.body.course {
        Course::Objection(objection) => {
            // An identity clerk decides in “this is not me” alone; what else of the person's ends with it, ends by itself.
            let here = |by: Party| by != Party::IdentityClerk || of.kind == ProceedingKind::NotMe;
            let lawful = OBJECTION.iter().filter(|it| it.from == objection.state() && here(it.by));
            lawful.map(|it| of_word(ObjectionStep::code(it.step), it.step.name(), it.by)).collect()
        }
        Course::Repair(repair) => {
            let lawful = REPAIR.iter().filter(|it| it.from == repair.state());
            lawful.map(|it| of_word(RepairStep::code(it.step), it.step.name(), it.by)).collect()
        }
    }
}
