//! What came of a matter: recorded by a clerk with a reason, and where it is adverse, told to the person with the facts on
//! which it rests, the clause, and both routes against it.
//!
//! A finding by itself decides nothing. An adverse outcome may rest on a record only where the answer to that very check
//! could support one: not on a contested record, nor on one that merely informs.

use chengxin_core::catalogue::Catalogue;
use chengxin_core::check::{self, CheckFinding};
use chengxin_core::deadline::{DeadlineKind, period};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::{Caller, Say};
use chengxin_store::KeyStore;
use chengxin_store::record::VersionRow;
use data_encoding::BASE64;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asked;
use super::list::{CheckSaid, Found};
use crate::keyring::Keyring;
use crate::matter::find;
use crate::proceeding::Contests;
use crate::reading::Reading;
use crate::report::{stated, subjects_of};
use crate::{AppError, Installation, Kind, journal};

/// Fewest characters of a reason: a sign or a word is none.
const SHORTEST_REASON: usize = 4;

/// What came of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was granted.
    Granted,
    /// It was refused, or granted in part or under a burden.
    Refused,
    /// The applicant withdrew it.
    Withdrawn,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Refused, Self::Withdrawn];

    /// The word on the command line and in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Granted => Say::new("准予", "granted"),
            Self::Refused => {
                Say::new("不予办理（含部分不予、附加条件）", "refused, in part or whole, or granted under a burden")
            }
            Self::Withdrawn => Say::new("申请人撤回", "withdrawn by the applicant"),
        }
    }
}

/// What a clerk records.
#[derive(Debug, Clone)]
pub struct OutcomeRequest {
    /// Kind of the applicant's document.
    pub kind: DocumentKind,
    /// Its number: a check's own number leads to nobody.
    pub number: String,
    /// Number of the check.
    pub check: String,
    /// What came of the matter.
    pub outcome: Outcome,
    /// Why, in the clerk's words; kept sealed under the person's key.
    pub reason: String,
    /// Identifiers of the records on which a refusal rests; empty where it rests on something else.
    pub rests_on: Vec<String>,
}

/// What the person is told of an adverse outcome that rests on records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeNotice {
    /// Number of the check.
    pub check: String,
    /// Number of the application.
    pub case_number: String,
    /// The matter.
    pub matter: Say,
    /// What was decided.
    pub outcome: Say,
    /// Why.
    pub reason: String,
    /// The facts on which it rests, each with its clause.
    pub facts: Vec<CheckFinding>,
    /// Against a fact: where and how to object.
    pub object: Say,
    /// Against the decision: who reviews it, and until when.
    pub review: Say,
}

/// What an entry says of an outcome.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OutcomeSaid {
    pub(super) check: String,
    pub(super) outcome: Outcome,
    pub(super) rests_on: Vec<String>,
    /// The reason, sealed under the person's key, base64.
    sealed: String,
}

/// What is authenticated beside a reason, so that it cannot be laid to another check.
fn aad(subject: &[u8; 16], check: &str) -> Vec<u8> {
    [&b"check-outcome"[..], subject, check.as_bytes()].concat()
}

/// The reason of an outcome; `None` once the person's key was destroyed.
pub(super) fn opened(
    keys: &Keyring,
    key_store: &KeyStore,
    subject: &[u8; 16],
    said: &OutcomeSaid,
) -> Result<Option<String>, AppError> {
    let key = match keys.subject_key(key_store, subject) {
        Ok(key) => key.notes(),
        Err(error) if error.kind == Kind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let broken = |what: &dyn std::fmt::Display| AppError::internal(format!("reason of an outcome: {what}"));
    let sealed = BASE64.decode(said.sealed.as_bytes()).map_err(|error| broken(&error))?;
    let plain = key.open(&aad(subject, &said.check), &sealed).map_err(|error| broken(&error))?;
    String::from_utf8(plain).map(Some).map_err(|error| broken(&error))
}

impl Reading {
    /// The check that an authority made under a number, and in whose chain it stands.
    fn check_of(
        &self,
        caller: &Caller,
        document: &Document,
        number: &str,
    ) -> Result<([u8; 16], Found<CheckSaid>), AppError> {
        let own = |found: &Found<CheckSaid>| found.said.check == number && found.caller.authority == caller.authority;
        for subject in subjects_of(self.store.view(), &self.keys, document)? {
            let checks = self.entries_of::<CheckSaid>(&subject, "check_answer")?;
            if let Some(found) = checks.into_iter().find(own) {
                return Ok((subject, found));
            }
        }
        // Whether another authority made it is none of the caller's business.
        Err(AppError::not_found(
            "本单位没有对该申请人作过此编号的核查",
            "your authority made no check of this number about this applicant",
        ))
    }

    /// What the person is told of an outcome. The records on which it rests must be as good today as when they were shown:
    /// what was repaired, withdrawn or ran out since supports nothing any more.
    fn notice(
        &self,
        subject: &[u8; 16],
        request: &OutcomeRequest,
        said: &CheckSaid,
        reason: &str,
    ) -> Result<OutcomeNotice, AppError> {
        let catalogue = self.catalogue_then(&said.catalogue)?;
        let matter = find(catalogue.matter(&said.matter), &said.matter)?;
        let mut facts = Vec::new();
        if !request.rests_on.is_empty() {
            let versions = self.store.view().versions_of_subject(subject)?;
            let contests = Contests::read(self.store.view(), &self.keys, &self.key_store, subject, self.today())?;
            let beside = |row: &VersionRow| contests.of(&row.record_id).beside();
            let records = asked::records(self, &matter.items(), subject, &versions, beside)?;
            let today = check::answer(&catalogue, matter, said.applicant, &records, self.today());
            facts = today.map_err(|error| asked::refused(error, matter))?.findings;
            facts.retain(|it| request.rests_on.contains(&it.record) && it.finding.is_adverse() && it.mark.is_none());
            if !request.rests_on.iter().all(|record| facts.iter().any(|it| it.record == *record)) {
                return Err(AppError::conflict(
                    "所依据的记录已不再可用，请重新核查",
                    "a record on which this rests is no longer in use: check again",
                ));
            }
        }
        Ok(OutcomeNotice {
            check: said.check.clone(),
            case_number: said.case_no.clone(),
            matter: matter.name(),
            outcome: request.outcome.name(),
            reason: reason.to_owned(),
            facts,
            object: objection_route(),
            review: review_route(&self.catalogue, self.today()),
        })
    }
}

impl Installation {
    /// Records what came of a matter that was checked. Another one later stands beside it; both are seen.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a check that the caller's authority did not make; [`Kind::Invalid`] without a reason;
    /// [`Kind::Conflict`] where a refusal is to rest on a record that this check did not show, that cannot support one, or
    /// that is no longer in use; and for an outcome that is the last one once more. A refusal makes a notice, whatever it rests on.
    ///
    /// # Source
    /// House rules of the domain reference, §2 and §9: no machine decides, a record under objection alone supports nothing.
    pub fn check_outcome(
        &mut self,
        caller: &Caller,
        request: &OutcomeRequest,
    ) -> Result<Option<OutcomeNotice>, AppError> {
        self.authorise(caller, "check_outcome")?;
        let reading = Reading::open(self)?;
        let document = reading.document(request.kind, &request.number)?;
        self.recused(caller, "check_outcome", &document)?;
        let reason = stated("理由", "the reason", &request.reason)?;
        if reason.chars().count() < SHORTEST_REASON {
            return Err(AppError::invalid(
                format!("须说明理由（不少于 {SHORTEST_REASON} 个字符）；理由会告知申请人"),
                format!("give a reason ({SHORTEST_REASON} characters at least): the applicant is told it"),
            ));
        }
        let found = reading.check_of(caller, &document, &request.check);
        let (subject, found) = found.map_err(|refusal| self.unseen(caller, "check_outcome", refusal))?;
        let said = &found.said;
        supported(request, said)?;
        let same = |told: &Found<OutcomeSaid>| {
            told.said.check == said.check
                && told.said.outcome == request.outcome
                && told.said.rests_on == request.rests_on
        };
        if reading
            .entries_of::<OutcomeSaid>(&subject, "check_outcome")?
            .iter()
            .rfind(|told| told.said.check == said.check)
            .is_some_and(same)
        {
            return Err(AppError::conflict("该办理结果已登记", "this outcome was recorded already"));
        }
        let notice = reading.notice(&subject, request, said, &reason)?;

        let key = self.keys.subject_key(&self.key_store, &subject)?.notes();
        let sealed = BASE64.encode(&key.seal(&aad(&subject, &said.check), reason.as_bytes()));
        let detail = json!({
            "check": said.check, "matter": said.matter, "case_no": said.case_no, "outcome": request.outcome,
            "rests_on": request.rests_on, "sealed": sealed,
        });
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("check_outcome", |tx| {
            journal::log_about(tx, &keys, &subject, now_us, "check_outcome", caller, &detail)
        })?;
        Ok((request.outcome == Outcome::Refused).then_some(notice))
    }
}

/// A refusal rests on nothing, or on what its check showed and may be held against the applicant.
fn supported(request: &OutcomeRequest, said: &CheckSaid) -> Result<(), AppError> {
    if request.outcome != Outcome::Refused && !request.rests_on.is_empty() {
        return Err(AppError::invalid(
            "只有不予办理才注明所依据的记录",
            "only a refusal rests on records: leave them out",
        ));
    }
    let Some(other) = request.rests_on.iter().find(|record| !said.supports.contains(record)) else { return Ok(()) };
    let shown = said.records.iter().any(|(record, _)| record == other);
    let (zh, en) = if said.contested.contains(other) {
        ("正处于异议中，不能单独作为不利决定的依据", "is contested, and supports no adverse decision by itself")
    } else if shown {
        (
            "在该事项中仅供参考，或须先由认定单位答复",
            "is for information only in this matter, or for its authority to answer first",
        )
    } else {
        ("不在该次核查的答复之中", "was not in the answer to this check")
    };
    Err(AppError::conflict(format!("记录 {other} {zh}"), format!("the record {other} {en}")))
}

fn objection_route() -> Say {
    Say::new(
        "认为所依据的记录有误的，可以在本平台、任一窗口或认定单位提出异议；异议期间该记录标注“异议中”，不能单独作为不利决定的依据。",
        "If you hold a record on which this rests to be wrong, object to it on this platform, at any window or with the authority that determined it: while the objection runs the record is marked as contested, and by itself supports no adverse decision.",
    )
}

/// Who reviews a decision and until when, by the deadlines of the catalogue in force on a day; without a rule the route is named without its days.
///
/// # Source
/// 行政复议法, 行政诉讼法: the deadlines `reconsideration` and `litigation` of the catalogue.
fn review_route(catalogue: &Catalogue, on: Date) -> Say {
    let within = |kind: DeadlineKind| {
        let rule = catalogue.deadline(kind, on).ok();
        rule.map_or_else(Say::default, |rule| {
            let Say { zh, en } = period(rule.unit, rule.count);
            Say::new(format!("自知道之日起 {zh}内"), format!(" within {en} of learning of it"))
        })
    };
    let (first, second) = (within(DeadlineKind::Reconsideration), within(DeadlineKind::Litigation));
    Say::new(
        format!("不服该决定的，可以{}申请行政复议，或者{}向人民法院提起行政诉讼。", first.zh, second.zh),
        format!(
            "Against the decision itself you can ask for administrative reconsideration{}, or sue in the people's court{}.",
            first.en, second.en
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_found_by_its_word() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::from_code("score"), None);
    }

    #[test]
    fn a_reason_is_bound_to_its_check_and_its_person() {
        assert!(aad(&[1; 16], "C1") != aad(&[1; 16], "C2") && aad(&[1; 16], "C1") != aad(&[2; 16], "C1"));
    }
}
