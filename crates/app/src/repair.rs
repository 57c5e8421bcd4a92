//! Repair: what the person does toward it, what the authority decides, and what of it is possible from when.
//!
//! One proceeding about each record carries all of it: performance, more time, explanations, the request and its decision. It begins with the first step.
//! Nothing here costs anything, and no volunteering or gift stands among the conditions: those are the catalogue's.

use chengxin_core::Caller;
use chengxin_core::dates::from_days;
use chengxin_core::deadline::{DeadlineKind, Due, due};
use chengxin_core::identity::DocumentKind;
use chengxin_core::proceeding::{OPEN_AT_ONCE, ProceedingKind};
use chengxin_core::record::RecordId;
use chengxin_core::repair::{Repair, RepairError, RepairState, RepairStep, Said, clock};
use chengxin_core::workflow::{Party, Word as _};
use chengxin_store::record::VersionRow;
use jiff::civil::Date;

use crate::objection::no_clock;
use crate::proceeding::{Attachment, Change, Course, Opened, Proceeded, find, spoken};
use crate::record::repair_rule;
use crate::{AppError, Installation};

/// Most characters of the number of the national platform.
const NATIONAL: usize = 64;

/// A step of the person's.
#[derive(Debug, Clone)]
pub struct RepairRequest {
    /// Kind of the document of the one whom the record concerns.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Which record.
    pub record: RecordId,
    /// What they do: perform, ask for more time, explain, or ask for repair.
    pub step: RepairStep,
    /// In their own words.
    pub text: String,
    /// What is handed in: with a request, the proof of performance.
    pub attachments: Vec<Attachment>,
    /// The commitment letter (信用承诺书), with a request.
    pub commitment: Option<Attachment>,
    /// Number by which the national platform knows it, where it came in there.
    pub national_number: Option<String>,
    /// What a clerk compared in person; only at a window.
    pub evidence: Option<String>,
}

/// What the determining authority does.
#[derive(Debug, Clone)]
pub struct RepairAnswer {
    /// Number of the repair.
    pub number: String,
    /// The step.
    pub step: RepairStep,
    /// The reason or the answer. The person reads it.
    pub text: String,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
    /// Of an extension: the day until which.
    pub until: Option<Date>,
}

impl Installation {
    /// What the person does toward repair. The first step begins the proceeding; `ask` is the request, which takes the proof of performance and the
    /// commitment letter, and begins the authority's clock.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a record that is not the person's; [`crate::Kind::Conflict`] where the item knows no repair, the step is not lawful now,
    /// or the minimum period is not over, with the day; [`crate::Kind::Invalid`] without proof, commitment or words.
    ///
    /// # Source
    /// 信用修复管理办法 (Order 36): conditions and materials.
    pub fn repair_file(&mut self, caller: &Caller, asked: &RepairRequest) -> Result<Proceeded, AppError> {
        const NAME: &str = "repair_file";
        let mut filer = self.filer(caller, NAME, (asked.kind, &asked.number), asked.evidence.as_deref())?;
        let (keeper, record) = self.own_record(&filer.document, &asked.record)?;
        let (possible_from, until) = self.repairable(&record)?;
        let own = self.store.view().proceedings(&keeper.subject)?;
        // One that was granted is over: a record that came back by a decision may be repaired anew.
        let running = own.iter().find(|row| {
            row.kind == ProceedingKind::Repair as i64
                && row.record_id == record.record_id
                && row.state != RepairState::Granted.code()
        });
        let before = match running {
            Some(row) => find(self.store.view(), &self.keys, &keeper, &row.proceeding_id)?,
            None => None,
        };
        if before.is_none() && own.iter().filter(|row| row.waits > 0).count() >= OPEN_AT_ONCE {
            return Err(AppError::conflict(
                format!("最多同时办理 {OPEN_AT_ONCE} 件；请等其中一件办结"),
                format!("{OPEN_AT_ONCE} proceedings may run at once: file this when one of them is over"),
            ));
        }
        let mut attachments = asked.attachments.clone();
        attachments.extend(asked.commitment.clone());
        let spoken = spoken(&asked.text, &attachments)?;
        let mut handles = spoken.handles(before.as_ref())?;
        let commitment = if asked.commitment.is_some() { handles.pop() } else { None };
        let said = Said { text: spoken.text.clone(), attachments: handles, commitment, due: None, until: None };
        let repair = match before.as_ref().and_then(Opened::repair) {
            Some(repair) => repair.clone().with_days(possible_from, until),
            None => Repair::of(possible_from, until),
        };
        let next = self.after(&repair, asked.step, Party::Person, said)?;
        let course = Course::Repair(next);
        filer.national_number = national(asked.national_number.as_deref())?;
        match before {
            None => self.filed(caller, NAME, &keeper, &record, ProceedingKind::Repair, filer, None, course, spoken),
            Some(before) => {
                let mut after = before.with(course);
                after.body.national_number = filer.national_number.or(after.body.national_number);
                self.stepped_to(caller, NAME, &keeper, &before, after, spoken, None)
            }
        }
    }

    /// What the determining authority does: takes a request up or turns it away, answers about more time, extends, grants or refuses. Granted, the record
    /// is shown and used nowhere from that moment, and is locked.
    ///
    /// # Errors
    /// As [`Installation::objection_decide`].
    ///
    /// # Source
    /// 信用修复管理办法 (Order 36): 谁认定谁修复; 3 working days to take it up, 10 to decide (not verified), extensions with their reason.
    pub fn repair_decide(&mut self, caller: &Caller, answer: &RepairAnswer) -> Result<Proceeded, AppError> {
        const NAME: &str = "repair_decide";
        self.authorise(caller, NAME)?;
        let (keeper, before) = self.proceeding_at_work(caller, NAME, &answer.number)?;
        let none = || AppError::not_found("没有此编号的信用修复", "there is no repair of this number");
        let repair = before.repair().ok_or_else(none)?.clone();
        let spoken = spoken(&answer.text, &answer.attachments)?;
        let quiet = matches!(answer.step, RepairStep::Accept | RepairStep::Grant);
        if spoken.text.is_empty() && !quiet {
            return Err(AppError::invalid("须用文字写明理由，当事人会看到", "say why, in words: the person reads it"));
        }
        let said = Said {
            text: spoken.text.clone(),
            attachments: spoken.handles(Some(&before))?,
            commitment: None,
            due: None,
            until: answer.until,
        };
        let next = self.after(&repair, answer.step, Party::Authority, said)?;
        let granted = next.state() == RepairState::Granted;
        let decided = if granted { Some(self.decided(&before, Change::Repaired)?) } else { None };
        self.stepped(caller, NAME, &keeper, &before, Course::Repair(next), spoken, decided)
    }

    /// From when repair of a record can be asked for, and when its display ends without anybody's help.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] for a record that needs none, and for an item that knows none.
    fn repairable(&self, record: &VersionRow) -> Result<(Date, Option<Date>), AppError> {
        let (first, _) = repair_rule(&self.catalogue, record, self.today()).ok_or_else(|| {
            AppError::conflict(
                "该记录不是使用中的失信信息，或者该事项没有规定信用修复；到期后自动停止公示，也可以提出异议",
                "the record is not an adverse one in use, or no repair is laid down for its item: display ends by itself, and you can object",
            )
        })?;
        let until = record.display_until.and_then(|day| from_days(i32::try_from(day).ok()?));
        Ok((first, until))
    }

    /// A repair after a step, with the clock that it begins. Whatever else lacks is said before a calendar is.
    fn after(&self, repair: &Repair, step: RepairStep, by: Party, said: Said) -> Result<Repair, AppError> {
        let today = self.today();
        match repair.after(step, by, today, said.clone()) {
            Err(RepairError::WrongClock) => {
                let said = Said { due: self.clock_after(repair, step, today)?, ..said };
                repair.after(step, by, today, said).map_err(wrong)
            }
            done => done.map_err(wrong),
        }
    }

    /// The clock that a step begins.
    fn clock_after(&self, repair: &Repair, step: RepairStep, today: Date) -> Result<Option<Due>, AppError> {
        let (kind, from) = match step {
            RepairStep::Ask => (clock(RepairState::Asked), today),
            RepairStep::Accept => (clock(RepairState::Accepted), today),
            RepairStep::Extend => (Some(DeadlineKind::RepairExtension), repair.due().unwrap_or(today)),
            _ => return Ok(None),
        };
        let Some(kind) = kind else { return Ok(None) };
        let rule = self.catalogue.deadline(kind, from).map_err(no_clock)?;
        due(from, rule, &*self.calendar()?).map(Some).map_err(no_clock)
    }
}

fn national(number: Option<&str>) -> Result<Option<String>, AppError> {
    let Some(number) = number.map(str::trim).filter(|number| !number.is_empty()) else { return Ok(None) };
    let number = chengxin_core::check::without_numbers(number);
    if number.chars().count() > NATIONAL || number.contains(char::is_control) {
        return Err(AppError::invalid(
            format!("全国平台的受理编号最多 {NATIONAL} 个字符"),
            format!("the number of the national platform has {NATIONAL} characters at most"),
        ));
    }
    Ok(Some(number))
}

fn wrong(error: RepairError) -> AppError {
    use RepairError as E;
    let say = error.say();
    match error {
        E::Unlawful(_) | E::OutOfOrder { .. } | E::TooEarly(_) | E::ExtendedBefore => {
            AppError::conflict(say.zh, say.en)
        }
        E::NoProof | E::NoCommitment | E::SaysNothing(_) | E::NoExtension(_) | E::ExtendedTooFar(_) => {
            AppError::invalid(say.zh, say.en)
        }
        E::WrongClock => AppError::internal("the clock of a repair"),
    }
}
