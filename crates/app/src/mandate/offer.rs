//! Granting: a person names whom they mean, what for and until when, and hands over a one-time code; a legal representative does so for the
//! organisation, within their own standing.

use std::collections::BTreeSet;

use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::mandate::{
    Mandate, MandateCode, MandateFault, MandateKind, MandateNumber, MandateState, Party, RecordedBy, Scope, Stage,
    check_party, check_terms, limits,
};
use chengxin_core::{Caller, Standing};
use chengxin_seal::random_bytes;
use chengxin_store::View;
use jiff::civil::Date;

use super::act::Act;
use super::list::{MandateLine, MandateSide};
use super::row::{Actor, Draft, Mandator, Opened, find, offered_us};
use super::{Keeper, acting, words};
use crate::keyring::Keyring;
use crate::report::stated;
use crate::{AppError, Installation, Kind};

const NAME: &str = "mandate_offer";

/// Most characters of a name.
const NAME_LENGTH: usize = 40;

/// What somebody asks to grant.
#[derive(Debug, Clone)]
pub struct MandateOffer {
    /// Kind of the document of the one for whom somebody shall act: the person's own, or the organisation's.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// That one's name, shown masked to whom it is meant for; may be empty.
    pub name: String,
    /// Kind of the document of whoever shall act.
    pub actor_kind: DocumentKind,
    /// Its number. It makes nobody known: only whoever is bound to it can accept.
    pub actor_number: String,
    /// Their name; may be empty.
    pub actor_name: String,
    /// Does whoever grants it answer for it that they are of age? Asked only where their document does not say when they were born.
    pub of_age: bool,
    /// What it covers.
    pub scope: BTreeSet<Scope>,
    /// First day; today where absent.
    pub from: Option<Date>,
    /// First day on which it no longer holds.
    pub until: Date,
}

/// An offer, with the code to be handed over. It is told once and stored nowhere.
#[derive(Debug, Clone)]
pub struct OfferedMandate {
    /// The code.
    pub code: MandateCode,
    /// From when on it is worth nothing, microseconds UTC.
    pub expires_us: i64,
    /// What waits to be accepted.
    pub mandate: MandateLine,
}

impl OfferedMandate {
    /// When it expires, in Asia/Shanghai.
    #[must_use]
    pub fn expires(&self) -> String {
        shanghai_text(self.expires_us)
    }
}

impl Installation {
    /// Grants a mandate. Nobody can act on it before whoever is meant accepts it with the code; whether they have an account is told to nobody.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] where the caller is not the person, or not the organisation's recorded legal representative;
    /// [`Kind::Invalid`] for persons, a scope or a period that cannot be, or that go beyond the legal representative's own;
    /// [`Kind::Conflict`] where too many stand already.
    ///
    /// # Source
    /// 民法典 arts 161–165, 61 (not verified at their source). Bounds: [`chengxin_core::mandate::LIMITS`].
    pub fn mandate_offer(&mut self, caller: &Caller, asked: &MandateOffer) -> Result<OfferedMandate, AppError> {
        let document = self.ruling(caller, NAME, asked.kind, &asked.number)?;
        let (actor, _) = Document::parse(asked.actor_kind, &asked.actor_number, self.synthetic_rule())?;
        let today = self.today();
        let organisation = document.kind() == DocumentKind::Uscc;
        let kind = if organisation { MandateKind::Agent } else { MandateKind::Attorney };
        let wrong = |fault| words::fault(fault, today);
        check_party(kind, Party::Mandator, &document, true, today).map_err(wrong)?;
        check_party(kind, Party::Actor, &actor, asked.of_age, today).map_err(wrong)?;
        if actor == document {
            return Err(wrong(MandateFault::Oneself));
        }
        let period = (asked.from.unwrap_or(today), asked.until);
        let terms =
            check_terms((kind, RecordedBy::Account), asked.scope.clone(), period, None, today).map_err(wrong)?;
        let parent_id = Self::as_legal_representative(caller);
        if organisation && parent_id.is_none() {
            return Err(self.denied(caller, NAME, not_the_legal_representative()));
        }
        let (name, actor_name) = (named(&asked.name)?, named(&asked.actor_name)?);
        let somebody = self.somebody(&document)?;
        let keeper = self.keeper(somebody.subject)?;
        let draft = Draft {
            number: MandateNumber::new(today, &random_bytes()),
            terms,
            stage: Stage::Offered,
            mandator: Mandator::new(&document, name),
            actor: Actor::new(&self.keys, &actor, &actor_name),
            actor_id: None,
            parent_id,
            by: caller.actor.clone(),
            account: self.granting_account(caller).map_err(|refusal| self.turned_away(caller, NAME, refusal))?,
            paper: None,
        };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let new = Opened::of(draft, keeper.subject, &keys, now_us);
        let code = MandateCode::new(&random_bytes());
        let row = keys.sealed_mandate_code(&code, &new.row);
        let granted = self.store.write(NAME, |tx| -> Result<(), AppError> {
            few_enough(tx.view(), &keeper.subject, now_us)?;
            within_parent(tx.view(), &keys, &keeper, &new, now_us)?;
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            act.add(tx, &keeper, somebody.new.as_ref(), &new, Some(&row))
        });
        granted.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        let (expires_us, state) = (new.mandate.answer_by_us(), new.mandate.state(now_us));
        Ok(OfferedMandate { code, expires_us, mandate: MandateLine::of(&new, MandateSide::Given, state, Vec::new())? })
    }

    /// The account in which somebody grants: none at the console.
    fn granting_account(&self, caller: &Caller) -> Result<Option<[u8; 16]>, AppError> {
        let Standing::Session(session) = caller.standing.own() else { return Ok(None) };
        let subject = session.subject.ok_or_else(acting::no_mandate)?;
        let bindings = self.store.view().account_bindings(&subject.0)?;
        // A person has one account.
        bindings.first().map(|binding| Some(binding.account_id)).ok_or_else(acting::no_mandate)
    }
}

/// What a legal representative grants lies within their own standing, at that moment and after.
fn within_parent(view: View<'_>, keys: &Keyring, keeper: &Keeper, new: &Opened, now_us: i64) -> Result<(), AppError> {
    let Some(parent) = &new.row.parent_id else { return Ok(()) };
    let parent = find(view, keys, keeper, parent)?.map(|found| found.mandate);
    let parent = parent.filter(|it| it.state(now_us) == MandateState::InForce).ok_or_else(acting::no_mandate)?;
    let Mandate { terms, .. } = &new.mandate;
    if terms.until_us > parent.terms.until_us || !terms.scope.is_subset(&parent.terms.scope) {
        return Err(AppError::invalid(
            format!(
                "经办人的期限和范围不能超过法定代表人的：截止 {}，范围 {}",
                shanghai_text(parent.terms.until_us),
                listed(&parent.terms.scope, "、", |scope| scope.name().zh),
            ),
            format!(
                "an agent's period and scope lie within the legal representative's: until {}, {}",
                shanghai_text(parent.terms.until_us),
                listed(&parent.terms.scope, ", ", |scope| scope.name().en),
            ),
        ));
    }
    Ok(())
}

fn listed(scope: &BTreeSet<Scope>, between: &str, name: impl Fn(Scope) -> String) -> String {
    scope.iter().filter(|scope| **scope != Scope::Mandates).map(|scope| name(*scope)).collect::<Vec<_>>().join(between)
}

/// Nobody keeps more mandates in mind than this. What was offered and lapsed is no longer in anybody's.
fn few_enough(view: View<'_>, subject: &[u8; 16], now_us: i64) -> Result<(), AppError> {
    let most = limits(chengxin_core::dates::shanghai_date(now_us)).standing;
    let standing = view.mandates_standing(subject, now_us, offered_us(now_us))?;
    if usize::try_from(standing).is_ok_and(|standing| standing < most) {
        return Ok(());
    }
    Err(AppError::conflict(
        format!("同时有效或待接受的委托最多 {most} 项；请先撤销不再需要的"),
        format!("{most} mandates at most stand or wait at once: revoke what is no longer needed"),
    ))
}

/// A name as somebody states it.
pub(super) fn named(text: &str) -> Result<String, AppError> {
    let name = stated("姓名（名称）", "the name", text)?;
    if name.chars().count() > NAME_LENGTH {
        return Err(AppError::invalid(
            format!("姓名（名称）不得超过 {NAME_LENGTH} 个字符"),
            format!("a name has {NAME_LENGTH} characters at most"),
        ));
    }
    Ok(name)
}

fn not_the_legal_representative() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "单位的经办人由其登记的法定代表人指定：请写明法定代表人资格的编号（--mandate，请求头 Chengxin-Mandate）；尚未登记的，请持营业执照和证件到窗口办理",
        "an organisation's agent is named by its recorded legal representative: give the number of that standing (--mandate, header Chengxin-Mandate); where none is recorded, a window does so on licence and document",
    )
}
