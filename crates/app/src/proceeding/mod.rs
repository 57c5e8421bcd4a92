//! Proceedings: what objections, statements “this is not me” and repairs have in common. How each is filed and decided stands in `objection.rs`
//! and `repair.rs` beside this folder; which steps are lawful, and what follows from a state and a day, in `core`.
//!
//! A proceeding lies with the subject of its record, sealed under that one's key; its row carries the columns from which every reading computes what
//! the record may be used for (`effect.rs`), a seal, and the number of the log entry that wrote it last. A decision writes a further version of the
//! record and a lock in the same transaction (`rewrite.rs`), and reaches whoever was shown the record (`reach.rs`); what an authority's file changes reaches them
//! by a job (`turn.rs`).

mod act;
mod decision;
mod effect;
mod ends;
mod figures;
mod file;
mod follow_up;
mod keys;
mod late;
mod list;
mod overdue;
mod reach;
mod rewrite;
mod row;
mod tell;
mod turn;
mod view;

pub use decision::{Decided, DecisionPaper, DecisionStatus, verify_decision};
pub(crate) use effect::{Contest, Contests, ever_stated};
pub use figures::AuthorityFigures;
pub use file::Attachment;
pub use follow_up::FollowUpLine;
pub use list::{OwnProceeding, WorkLine, WorkScope};
pub(crate) use rewrite::Change;
pub(crate) use row::{Course, Opened, asked_of_person, find};
pub(crate) use turn::{after_lock, after_submission, after_version};
pub use view::{AttachmentLine, NextStep, ProceedingView, StepLine};

use std::collections::BTreeSet;

use chengxin_core::check::without_numbers;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::proceeding::{Earlier, ProceedingKind, ProceedingNumber, Way};
use chengxin_core::record::RecordId;
use chengxin_core::statement::{WORDS, cleaned};
use chengxin_core::{Caller, Role, Say};
use chengxin_policy::{Resource, Stage};
use chengxin_seal::random_bytes;
use chengxin_store::record::VersionRow;

use self::act::{Act, Besides};
use self::file::Checked;
use self::reach::Turn;
use self::rewrite::Rewriting;
use self::row::{Draft, Keeper, opened};
use crate::notice::repair_moved;
use crate::record::{by_record, newest};
use crate::report::{adult, stated};
use crate::{AppError, Installation, policy};

/// Who files or does a step as the person.
pub(crate) struct Filer {
    pub(crate) document: Document,
    pub(crate) way: Way,
    pub(crate) evidence: Option<String>,
    /// Number by which the national platform knows it.
    pub(crate) national_number: Option<String>,
}

/// What is said with a step, once it is known to be harmless.
pub(crate) struct Spoken {
    pub(crate) text: String,
    files: Vec<Checked>,
    /// What was changed in the words, for whoever wrote them.
    pub(crate) warnings: Vec<Say>,
}

/// What came of a step: the proceeding as it is now, and what was changed in the words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proceeded {
    /// As it is now.
    #[serde(flatten)]
    pub proceeding: ProceedingView,
    /// What of the words was changed, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Say>,
}

/// Looks at words and attachments.
///
/// # Errors
/// [`crate::Kind::Invalid`] for words that are too long, and as [`file::checked`].
pub(crate) fn spoken(text: &str, attachments: &[Attachment]) -> Result<Spoken, AppError> {
    let chengxin_core::statement::Cleaned { text, warnings } = cleaned(text);
    let chars = text.chars().count();
    if chars > WORDS {
        return Err(AppError::invalid(
            format!("文字有 {chars} 字，最多 {WORDS} 字；较长的内容请作为附件提交"),
            format!("the words have {chars} characters, and may have {WORDS}: hand in what is longer as an attachment"),
        ));
    }
    Ok(Spoken { text, files: file::checked(attachments)?, warnings })
}

impl Spoken {
    /// Handles of what is handed in.
    pub(crate) fn handles(&self, after: Option<&Opened>) -> Result<Vec<String>, AppError> {
        match after {
            Some(after) => file::handles(after, self.files.len()),
            None => Ok((1..=self.files.len()).map(|number| number.to_string()).collect()),
        }
    }
}

impl Installation {
    /// Whoever files: the person, somebody on their mandate, or a clerk who compared their document in person.
    pub(crate) fn filer(
        &self,
        caller: &Caller,
        name: &'static str,
        (kind, number): (DocumentKind, &str),
        evidence: Option<&str>,
    ) -> Result<Filer, AppError> {
        if caller.role != Role::Clerk {
            let document = self.ruling(caller, name, kind, number)?;
            let way = if caller.standing.deputy().is_some() { Way::Mandate } else { Way::Own };
            return Ok(Filer { document, way, evidence: None, national_number: None });
        }
        self.authorise(caller, name)?;
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        adult(&document, self.today())?;
        self.recused(caller, name, &document)?;
        let evidence = stated("核对情况", "what was compared", &without_numbers(evidence.unwrap_or_default()))?;
        if evidence.chars().count() < 2 {
            return Err(AppError::invalid(
                "须写明当面核对了什么（证件名称、是否与本人相符）",
                "say what was compared in person: which document, and that it is the applicant's",
            ));
        }
        Ok(Filer { document, way: Way::Window, evidence: Some(evidence), national_number: None })
    }

    /// The person's records: whose they are, and the version of one that counts now.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] in one sentence for a record that there is not, that is another's, or that waits for release.
    pub(crate) fn own_record(&self, document: &Document, record: &RecordId) -> Result<(Keeper, VersionRow), AppError> {
        let none =
            || AppError::not_found("您没有这条记录；请核对记录编号", "you have no such record: compare its number");
        let tag = self.keys.document_tag(document.kind(), document.number());
        let (row, versions) = self.store.view().versions_of_document(&tag)?.ok_or_else(none)?;
        let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == record.0));
        let current = own.and_then(newest).ok_or_else(none)?.clone();
        Ok((Keeper::of(&self.keys, &self.key_store, row.subject_id)?, current))
    }

    /// What was filed before, as far as another proceeding about a record asks.
    pub(crate) fn earlier(&self, keeper: &Keeper, record: &VersionRow) -> Result<Vec<Earlier>, AppError> {
        let rows = self.store.view().proceedings(&keeper.subject)?;
        let of = |row| {
            let of = opened(&self.keys, keeper, row)?;
            let same_record = of.row.record_id == record.record_id;
            Ok(Earlier {
                kind: of.kind,
                number: of.number(),
                same_record,
                same_version: same_record && of.body.version == record.version,
                aspect: of.body.aspect,
                state: of.row.state.clone(),
                open: of.row.waits > 0,
            })
        };
        rows.into_iter().map(of).collect()
    }

    /// A proceeding of the person's own.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a number that is none of theirs; [`crate::Kind::Invalid`] for one that cannot be.
    pub(crate) fn own_proceeding(&self, document: &Document, number: &str) -> Result<(Keeper, Opened), AppError> {
        let none = || AppError::not_found("您没有此编号的办件", "you have no proceeding of this number");
        let id = self.keys.proceeding_id(&proceeding_number(number)?);
        let tag = self.keys.document_tag(document.kind(), document.number());
        let subject = self.store.view().subject_document(&tag)?.ok_or_else(none)?.subject_id;
        let keeper = Keeper::of(&self.keys, &self.key_store, subject)?;
        let found = find(self.store.view(), &self.keys, &keeper, &id)?.ok_or_else(none)?;
        Ok((keeper, found))
    }

    /// A proceeding for whoever decides it, or reads it at work.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] in one sentence for an unknown number and for one of another authority; [`crate::Kind::Forbidden`] for whoever sent a
    /// version of the record, and in their own cause. Both are entries in the log.
    pub(crate) fn proceeding_at_work(
        &self,
        caller: &Caller,
        name: &'static str,
        number: &str,
    ) -> Result<(Keeper, Opened), AppError> {
        let number = proceeding_number(number)?;
        let found = self.looked_up(caller, name, &number);
        found.map_err(|refusal| self.turned_away(caller, name, refusal))
    }

    fn looked_up(&self, caller: &Caller, name: &str, number: &ProceedingNumber) -> Result<(Keeper, Opened), AppError> {
        let none = || AppError::not_found("没有此编号的办件", "there is no proceeding of this number");
        let (view, keys) = (self.store.view(), &self.keys);
        let row = view.proceeding_number(&keys.proceeding_tag(number))?.filter(|row| keys.is_proceeding_number(row));
        let keeper = Keeper::of(keys, &self.key_store, row.ok_or_else(none)?.subject_id)?;
        let found = find(view, keys, &keeper, &keys.proceeding_id(number))?.ok_or_else(none)?;
        policy::acts_for(caller, &found.row.authority).map_err(|_| none())?;
        // Whose a record is an identity clerk finds out, and nobody of the authority that is held to have been wrong.
        if (caller.role == Role::IdentityClerk) != (found.kind == ProceedingKind::NotMe)
            && caller.role != Role::CreditOffice
        {
            return Err(none());
        }
        let document = found.document()?;
        policy::recused(view, keys, caller, name, &document)?;
        let versions = view.versions_of_subject(&keeper.subject)?;
        let own = versions.iter().filter(|version| version.row.record_id == found.row.record_id);
        let submissions: BTreeSet<i64> = own.map(|version| version.row.submission_id).collect();
        let stage = || Resource::new().of_authority(&found.row.authority).at(Stage::Active);
        policy::on(caller, name, &stage())?;
        for submission in submissions {
            let mut thing = stage();
            // A version that a decision wrote was sent by nobody.
            thing.submitter = view.submission(submission)?.map(|submission| submission.sent_by);
            policy::on(caller, name, &thing)?;
        }
        Ok((keeper, found))
    }

    /// Writes a new proceeding.
    #[expect(clippy::too_many_arguments, reason = "a filing with its parts, each of another meaning")]
    pub(crate) fn filed(
        &mut self,
        caller: &Caller,
        name: &'static str,
        keeper: &Keeper,
        record: &VersionRow,
        kind: ProceedingKind,
        filer: Filer,
        aspect: Option<chengxin_core::proceeding::ObjectionAspect>,
        course: Course,
        spoken: Spoken,
    ) -> Result<Proceeded, AppError> {
        let number = ProceedingNumber::new(kind, self.today(), &random_bytes());
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let Filer { document, way, evidence, national_number } = filer;
        let draft = Draft {
            number: &number,
            kind,
            document: &document,
            item: &record.item,
            record: record.record_id,
            version: record.version,
            authority: &record.authority,
            way,
            evidence,
            national_number,
            aspect,
            course,
        };
        let new = Opened::of(draft, keeper, &keys, now_us);
        let handles: Vec<String> = (1..=spoken.files.len()).map(|number| number.to_string()).collect();
        let files = file::rows(&new, keeper, &handles, &spoken.files, now_us)?;
        let leads = keys.sealed_proceeding_number(&number, &keeper.subject);
        let before = self.store.view().proceedings(&keeper.subject)?.len();
        let written = self.store.write(name, |tx| -> Result<(), AppError> {
            // Two requests at once: what was asked of the earlier ones was asked of all of them.
            if tx.view().proceedings(&keeper.subject)?.len() != before {
                return Err(AppError::conflict(
                    "您刚刚提交了另一件；请刷新后再提交",
                    "you have just filed another one: look again, then file",
                ));
            }
            let act = Act { keys: &keys, keeper, now_us, operation: name, caller };
            act.add(tx, &new, &leads, &files, Besides::default())?;
            tell::step(tx, &keys, now_us, (None, &new))
        });
        written.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        self.proceeded(keeper, &new, spoken.warnings)
    }

    /// Writes the next state of a proceeding, and what its decision does to the record.
    #[expect(clippy::too_many_arguments, reason = "a step with its parts, each of another meaning")]
    pub(crate) fn stepped(
        &mut self,
        caller: &Caller,
        name: &'static str,
        keeper: &Keeper,
        before: &Opened,
        course: Course,
        spoken: Spoken,
        decided: Option<Rewriting>,
    ) -> Result<Proceeded, AppError> {
        let next = before.with(course);
        self.stepped_to(caller, name, keeper, before, next, spoken, decided)
    }

    /// The same where more than the course changes.
    #[expect(clippy::too_many_arguments, reason = "a step with its parts, each of another meaning")]
    pub(crate) fn stepped_to(
        &mut self,
        caller: &Caller,
        name: &'static str,
        keeper: &Keeper,
        before: &Opened,
        next: Opened,
        spoken: Spoken,
        decided: Option<Rewriting>,
    ) -> Result<Proceeded, AppError> {
        let (now_us, today, keys) = (self.now_us(), self.today(), self.keys.clone());
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let handles = spoken.handles(Some(before))?;
        let files = file::rows(&next, keeper, &handles, &spoken.files, now_us)?;
        let written = self.store.write(name, |tx| -> Result<(), AppError> {
            let (mut besides, subject) = (Besides::default(), &keeper.subject);
            let (turn, mut shown) = (decided.as_ref().and_then(|_| Turn::of(&next)), Vec::new());
            if let Some(decided) = &decided {
                let (rows, versions) = decided.write(tx, &keys, &caller.actor, now_us)?;
                besides.rows = rows;
                besides.detail = serde_json::json!({ "versions": versions });
            }
            if let Some(turn) = &turn {
                // Looked for here, and not before: whoever was answered meanwhile is among them.
                shown = reach::concerned(tx.view(), subject, &turn.record, now_us)?;
                besides.rows.extend(reach::reach(tx, &keys, (keeper, now_us), turn, &shown)?);
            }
            let act = Act { keys: &keys, keeper, now_us, operation: name, caller };
            act.set(tx, before, &next, &files, besides)?;
            tell::step(tx, &keys, now_us, (Some(before), &next))?;
            if turn.is_some() && next.kind == ProceedingKind::NotMe {
                ends::with_identity(tx, &act, today, &next)?;
            }
            if let (Some(turn), Some(decided)) = (&turn, &decided) {
                reach::tell(tx, &keys, now_us, turn, &shown)?;
                turn::after_decision(tx, &keys, now_us, &next.row, decided.version())?;
                // What a correction says may be repaired sooner, or later.
                repair_moved(tx, &keys, (&catalogue, today), (subject, &turn.record), decided.repairable())?;
            }
            Ok(())
        });
        written.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        self.proceeded(keeper, &next, spoken.warnings)
    }

    fn proceeded(&self, keeper: &Keeper, of: &Opened, warnings: Vec<Say>) -> Result<Proceeded, AppError> {
        let contests = Contests::read(self.store.view(), &self.keys, &self.key_store, &keeper.subject, self.today())?;
        Ok(Proceeded { proceeding: self.proceeding_view(keeper, of, &contests)?, warnings })
    }

    /// What a decision about the record of a proceeding writes.
    pub(crate) fn decided(&mut self, of: &Opened, change: Change<'_>) -> Result<Rewriting, AppError> {
        self.rewriting(of, change)
    }
}

/// Reads the number of a proceeding.
fn proceeding_number(text: &str) -> Result<ProceedingNumber, AppError> {
    ProceedingNumber::parse(text).ok_or_else(|| {
        AppError::invalid(
            "办件编号有误，应形如 YY20261122-XXXX-XXXX-XXXX-XX；请核对",
            "this is no number of a proceeding, which looks like YY20261122-XXXX-XXXX-XXXX-XX: compare it",
        )
    })
}
