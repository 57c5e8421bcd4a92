//! At a window: a clerk compares both documents and the paper, and records who acts for whom, or that somebody does no longer.

use std::collections::BTreeSet;

use chengxin_core::Caller;
use chengxin_core::check::without_numbers;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::mandate::{
    MandateFault, MandateKind, MandateNumber, Paper, Party, RecordedBy, Scope, Stage, check_party, check_terms,
};
use chengxin_seal::random_bytes;
use chengxin_store::View;
use jiff::civil::Date;
use serde_json::json;

use super::act::Act;
use super::list::{MandateLine, MandateSide};
use super::offer::named;
use super::row::{Actor, Draft, Mandator, Opened, open};
use super::{Keeper, mandate_number, words};
use crate::keyring::Keyring;
use crate::report::{Somebody, stated};
use crate::{AppError, Installation, journal};

/// What a clerk records.
#[derive(Debug, Clone)]
pub struct MandateRecord {
    /// Its kind.
    pub kind: MandateKind,
    /// Kind and number of the document of the one for whom somebody acts.
    pub mandator: (DocumentKind, String),
    /// Their name, as it stands in the document.
    pub mandator_name: String,
    /// Kind and number of the document of who acts.
    pub actor: (DocumentKind, String),
    /// Their name, as it stands in the document.
    pub actor_name: String,
    /// Did the clerk make sure that both are of age? Asked only where a document does not say when its holder was born.
    pub of_age: bool,
    /// What it covers; everything that a mandate of its kind can, where it is empty.
    pub scope: BTreeSet<Scope>,
    /// First day; today where absent.
    pub from: Option<Date>,
    /// First day on which it no longer holds.
    pub until: Date,
    /// What was compared in person.
    pub evidence: String,
    /// The document on which it rests.
    pub paper: Paper,
}

/// What a clerk ends.
#[derive(Debug, Clone)]
pub struct MandateEnding {
    /// Kind of the mandates that end.
    pub kind: MandateKind,
    /// Kind and number of the document of the one for whom somebody acted.
    pub mandator: (DocumentKind, String),
    /// Number of the one that ends; every one of the kind where it is absent.
    pub number: Option<String>,
    /// What was compared in person.
    pub evidence: String,
    /// The document on which they end.
    pub paper: Paper,
}

impl Installation {
    /// Records who acts for whom. Who recorded it, and when, stands in the logs of both.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for anybody but a clerk on a duty with a fresh proof, and for one of the two or whoever acts for them; [`crate::Kind::Invalid`] for somebody under 18, with
    /// the reason, and for documents, a scope or a period that cannot be; [`crate::Kind::Conflict`] where another legal representative is recorded. How
    /// many others stand keeps nobody from recording what a court decided, and is told to no clerk.
    ///
    /// # Source
    /// 民法典 arts 34–35, 61, 161–165 (not verified at their source).
    pub fn mandate_record(&mut self, caller: &Caller, asked: &MandateRecord) -> Result<MandateLine, AppError> {
        const NAME: &str = "mandate_record";
        self.authorise(caller, NAME)?;
        let (today, rule, kind) = (self.today(), self.synthetic_rule(), asked.kind);
        let wrong = |fault| words::fault(fault, today);
        let (mandator, _) = Document::parse(asked.mandator.0, &asked.mandator.1, rule)?;
        let (actor, _) = Document::parse(asked.actor.0, &asked.actor.1, rule)?;
        check_party(kind, Party::Mandator, &mandator, asked.of_age, today).map_err(wrong)?;
        check_party(kind, Party::Actor, &actor, asked.of_age, today).map_err(wrong)?;
        if actor == mandator {
            return Err(wrong(MandateFault::Oneself));
        }
        self.recused(caller, NAME, &mandator)?;
        self.recused(caller, NAME, &actor)?;
        let scope = match asked.scope.is_empty() {
            true => Scope::ALL.into_iter().filter(|scope| scope.fits(kind)).collect(),
            false => asked.scope.clone(),
        };
        let (evidence, paper) = seen(&asked.evidence, &asked.paper)?;
        let period = (asked.from.unwrap_or(today), asked.until);
        let terms = check_terms((kind, RecordedBy::Window), scope, period, Some(&paper), today).map_err(wrong)?;
        let (mandator_name, actor_name) = (named(&asked.mandator_name)?, named(&asked.actor_name)?);
        if mandator_name.is_empty() || actor_name.is_empty() {
            return Err(AppError::invalid(
                "须按证件填写双方的姓名（名称）",
                "give the names of both, as they stand in the documents",
            ));
        }
        let (keeping, acting) = (self.somebody(&mandator)?, self.somebody(&actor)?);
        let keeper = self.keeper(keeping.subject)?;
        let draft = Draft {
            number: MandateNumber::new(today, &random_bytes()),
            terms,
            stage: Stage::Accepted,
            mandator: Mandator::new(&mandator, mandator_name),
            actor: Actor::new(&self.keys, &actor, &actor_name),
            actor_id: Some(acting.subject),
            parent_id: None,
            by: caller.actor.clone(),
            account: None,
            paper: Some((evidence, paper)),
        };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let new = Opened::of(draft, keeper.subject, &keys, now_us);
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            if kind == MandateKind::LegalRepresentative {
                alone(tx.view(), &keys, &keeper, now_us)?;
            }
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            act.add(tx, &keeper, keeping.new.as_ref(), &new, None)?;
            act.tell_actor(tx, &acting, &new, true)
        })?;
        MandateLine::of(&new, MandateSide::Given, new.mandate.state(now_us), Vec::new())
    }

    /// Ends every mandate of a kind that somebody's stands, or the one of a number, on a document seen in person; with a legal representative's the agents whom
    /// that one named. The answer is the same where there was none.
    ///
    /// # Errors
    /// As [`Self::mandate_record`].
    ///
    /// # Source
    /// 民法典 arts 36, 39, 173 (not verified at their source).
    pub fn mandate_end(&mut self, caller: &Caller, asked: &MandateEnding) -> Result<(), AppError> {
        const NAME: &str = "mandate_end";
        self.authorise(caller, NAME)?;
        let (mandator, _) = Document::parse(asked.mandator.0, &asked.mandator.1, self.synthetic_rule())?;
        let (evidence, paper) = seen(&asked.evidence, &asked.paper)?;
        if !paper.kind.ends(asked.kind) || paper.date > self.today() {
            let fault = if paper.date > self.today() { MandateFault::PaperAhead } else { MandateFault::EndPaper };
            return Err(words::fault(fault, self.today()));
        }
        self.recused(caller, NAME, &mandator)?;
        let only = asked.number.as_deref().map(mandate_number).transpose()?.map(|number| self.keys.mandate_id(&number));
        let keeper = self.keeper_of(&mandator)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            let ending = match &keeper {
                Some(keeper) => ending(tx.view(), &keys, keeper, asked.kind, only)?,
                None => Vec::new(),
            };
            for (keeper, found) in keeper.iter().flat_map(|keeper| ending.iter().map(move |it| (keeper, it))) {
                act.set(tx, keeper, &found.at(Stage::Ended).on(&evidence, &paper))?;
                if let Some(subject) = found.row.actor_id {
                    act.tell_actor(tx, &Somebody { subject, new: None }, found, false)?;
                }
            }
            if ending.is_empty() {
                // That somebody asked is an entry all the same; whether there is anybody is told to nobody.
                journal::log(tx, &keys, now_us, NAME, caller, &json!({ "ended": 0 }))?;
            }
            Ok(())
        })
    }
}

/// What ends: every open mandate of a kind, or the one with an id, and with each the agents named on it.
fn ending(
    view: View<'_>,
    keys: &Keyring,
    keeper: &Keeper,
    kind: MandateKind,
    only: Option<[u8; 16]>,
) -> Result<Vec<Opened>, AppError> {
    let mut ending = open(view, keys, keeper, kind)?;
    ending.retain(|it| only.is_none_or(|id| it.row.mandate_id == id));
    if kind == MandateKind::LegalRepresentative {
        let agents = open(view, keys, keeper, MandateKind::Agent)?;
        let of_these = |it: &Opened| ending.iter().any(|parent| it.row.parent_id == Some(parent.row.mandate_id));
        let agents: Vec<_> = agents.into_iter().filter(of_these).collect();
        ending.extend(agents);
    }
    Ok(ending)
}

/// What was compared, and the paper, without numbers of identity documents that were typed by mistake.
fn seen(evidence: &str, paper: &Paper) -> Result<(String, Paper), AppError> {
    let evidence = stated("核对情况", "what was compared", &without_numbers(evidence))?;
    if evidence.chars().count() < 2 {
        return Err(AppError::invalid(
            "须写明当面核对了什么（双方证件和文书的名称、是否相符）",
            "say what was compared in person: both documents and the paper, and that they agree",
        ));
    }
    let number = stated("文书编号", "the number of the document", &without_numbers(&paper.number))?;
    if number.is_empty() {
        return Err(AppError::invalid(
            "须写明文书的编号，以便查档",
            "give the number of the document, by which it is found in the files",
        ));
    }
    Ok((evidence, Paper { number, ..paper.clone() }))
}

/// An organisation has one legal representative.
fn alone(view: View<'_>, keys: &Keyring, keeper: &Keeper, now_us: i64) -> Result<(), AppError> {
    let stands = |it: &Opened| now_us < it.mandate.terms.until_us;
    if open(view, keys, keeper, MandateKind::LegalRepresentative)?.iter().any(stands) {
        return Err(AppError::conflict(
            "该单位已登记法定代表人；法定代表人变更的，请先凭新执照终止原登记，其指定的经办人随之失效",
            "a legal representative of this organisation is recorded: where it changed, end the former first on the new licence; agents that one named stand no longer",
        ));
    }
    Ok(())
}
