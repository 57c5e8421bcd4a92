//! Granting: the person names to whom, for what, which classes, until when and how often, and gets a receipt.

use chengxin_core::Caller;
use chengxin_core::consent::{Confirmed, ReceiptNumber, Terms, check_period, limits};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use chengxin_seal::random_bytes;
use jiff::civil::Date;
use serde::Serialize;

use super::NewGiver;
use super::receipt::ConsentReceipt;
use super::row::{Act, Draft, Opened};
use super::terms::{RecipientAsked, classes_of, period_fault};
use crate::{AppError, Installation};

/// What a person asks to allow.
#[derive(Debug, Clone)]
pub struct ConsentRequest {
    /// Kind of the person's own document.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// To whom.
    pub recipient: RecipientAsked,
    /// For what, in words; may be empty where a matter is named.
    pub purpose: String,
    /// For which matter of the catalogue.
    pub matter: Option<String>,
    /// Which classes of items; empty for those of the matter.
    pub classes: Vec<String>,
    /// First day; today where absent.
    pub from: Option<Date>,
    /// First day on which it no longer holds.
    pub until: Date,
    /// How often it may be used.
    pub uses: i64,
}

/// A receipt, as a value and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Granted {
    /// What it says.
    pub receipt: ConsentReceipt,
    /// The same signed: JSON of a signed envelope.
    #[serde(skip)]
    pub json: String,
}

impl Installation {
    /// Grants a consent. It is durable, and a line in the person's log, when this returns.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person or the organisation's representative; [`crate::Kind::NotFound`] for an
    /// authority or a matter that there is not; [`crate::Kind::Invalid`] for terms that cannot be; [`crate::Kind::Conflict`] where too many
    /// consents stand already.
    ///
    /// # Source
    /// 个人信息保护法 arts 13–14: informed, specific. Bounds: [`chengxin_core::consent::LIMITS`].
    pub fn consent_grant(&mut self, caller: &Caller, request: &ConsentRequest) -> Result<Granted, AppError> {
        const NAME: &str = "consent_grant";
        let document = self.ruling(caller, NAME, request.kind, &request.number)?;
        let today = self.today();
        let (recipient, office) = self.recipient(&request.recipient)?;
        let named = self.classes(&request.classes)?;
        let (matter, classes) = match (&request.matter, &office) {
            (None, _) if named.is_empty() => {
                return Err(AppError::invalid(
                    "没有指明办理事项的，须写明授权哪些信息类别",
                    "without a matter, name the classes that the consent covers",
                ));
            }
            (None, _) => (None, named),
            (Some(_), None) => {
                return Err(AppError::invalid(
                    "办理事项由登记的单位核查；请写明该单位的统一社会信用代码",
                    "a matter is checked by a registered authority: name it by its unified social credit code",
                ));
            }
            (Some(code), Some(office)) => {
                let matter = self.consentable(&document, code, office)?;
                let classes = classes_of(&self.catalogue, matter);
                if !named.is_empty() && named != classes {
                    let own = classes.into_iter().collect::<Vec<_>>().join("、");
                    return Err(AppError::invalid(
                        format!("该事项核查的信息类别是：{own}；不必另写，也不能多写或少写"),
                        format!("this matter asks for exactly these classes: {own}; leave them out, or name them all"),
                    ));
                }
                (Some(matter.code().to_owned()), classes)
            }
        };
        let purpose = Self::purpose(&request.purpose, matter.is_some())?;
        let from = request.from.unwrap_or(today);
        let (from_us, until_us) = check_period(today, from, request.until, request.uses).map_err(period_fault)?;
        let terms = Terms { recipient, purpose, matter, classes, from_us, until_us, uses: request.uses };
        within_mandate(caller, &terms)?;
        let confirmed = if caller.standing.deputy().is_some() { Confirmed::Mandate } else { Confirmed::Account };
        let draft = self.draft(terms, confirmed, caller);
        let person = self.new_giver(&document)?;
        let new = Opened::of(draft, &person.giver, &self.keys, self.now_us());
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let granted = self.store.write(NAME, |tx| -> Result<(), AppError> {
            few_enough(tx.view(), &person, now_us)?;
            Act { keys: &keys, now_us, operation: NAME, caller }.add(tx, &person, &new, None)
        });
        granted.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.granted(&document, &new)
    }

    /// A consent with a number of its own.
    pub(super) fn draft(&self, terms: Terms, confirmed: Confirmed, by: &Caller) -> Draft {
        let number = ReceiptNumber::new(self.today(), &random_bytes());
        let mandate = by.standing.deputy().map(|deputy| (deputy.kind, deputy.number.clone()));
        Draft { number, terms, confirmed, by: by.actor.clone(), paper: None, report_for: None, mandate }
    }
}

/// What is granted on a mandate lasts no longer than the mandate: whoever acts binds nobody beyond their own time.
pub(super) fn within_mandate(caller: &Caller, terms: &Terms) -> Result<(), AppError> {
    match caller.standing.deputy() {
        Some(deputy) if terms.until_us > deputy.until_us => {
            let last = shanghai_text(deputy.until_us);
            Err(AppError::invalid(
                format!("代为授予的授权不能晚于委托的截止日：请写 {last} 或更早"),
                format!("a consent that is granted on a mandate ends with the mandate at the latest: by {last}"),
            ))
        }
        _ => Ok(()),
    }
}

/// Nobody keeps more consents in mind than this; and whoever fills the list of another's account is stopped.
pub(super) fn few_enough(view: chengxin_store::View<'_>, person: &NewGiver, now_us: i64) -> Result<(), AppError> {
    let most = limits(chengxin_core::dates::shanghai_date(now_us)).standing;
    // What clerks recorded on paper keeps nobody from granting and withdrawing their own.
    let standing = view.consents_standing(&person.giver.subject, now_us, Confirmed::Paper as i64)?;
    if usize::try_from(standing).is_ok_and(|standing| standing < most) {
        return Ok(());
    }
    Err(AppError::conflict(
        format!("同时有效的授权最多 {most} 项；请先撤回不再需要的"),
        format!("{most} consents at most stand at once: withdraw what is no longer needed"),
    ))
}
