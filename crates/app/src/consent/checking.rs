//! Whether a consent holds for a check or a report, and using it: in the transaction that writes the log.

use std::collections::BTreeSet;

use chengxin_core::consent::{Consent, Presented, Use, holds};
use chengxin_core::{Caller, Ground};
use chengxin_store::audit::CONSENT_USES;
use chengxin_store::consent::ConsentUseRow;
use chengxin_store::{Tx, View};
use serde_json::json;

use super::Giver;
use super::keys::use_aad;
use super::list::UseBody;
use super::row::{Act, Opened, find};
use crate::keyring::Keyring;
use crate::{AppError, Kind};

/// What somebody shows as consent, taken out of the ground on which they ask: from there on nobody has it before them who should not, neither a
/// log nor an error. `None` where the ground is another.
pub(crate) fn shown(caller: &Caller) -> Option<(Presented, Caller)> {
    let Ground::Consent(text) = &caller.ground else { return None };
    Some((Presented::read(text), Caller { ground: Ground::Consent(String::new()), ..caller.clone() }))
}

/// What is said of every consent and every code that does not hold, whatever the reason.
pub(crate) fn no_consent() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "没有可用于本次核查的已登记的授权；无论何种原因，答复都是这一句。请按该事项的一般方式办理，不得因此作不利处理；也可请申请人核对回执编号或出示新的一次性码",
        "no recorded consent holds for this check; whatever the reason, this is the answer. Handle the matter in its ordinary way, and hold this against nobody; or ask the applicant to compare the number or to show a new one-time code",
    )
}

/// The same of a report.
pub(crate) fn no_consent_to_report() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "没有可用于出具该报告的已登记的授权；无论何种原因，答复都是这一句。请当事人自行申请，或者核对回执编号：授权须给予本单位、写明用途而不限于某一办理事项，申请时所写的用途须与授权的用途相同",
        "no recorded consent holds for this report; whatever the reason, this is the answer. The person can ask for it themself, or compare the number of the receipt: the consent is to be given to this authority, for a purpose in words and not for a matter, and that purpose is to be stated",
    )
}

/// What a check, or a report, wants to do on a consent.
pub(crate) struct Wanted<'a> {
    pub(crate) authority: &'a str,
    /// `None` for a report.
    pub(crate) matter: Option<&'a str>,
    pub(crate) classes: &'a BTreeSet<String>,
    pub(crate) presented: &'a Presented,
}

/// The person's consent that was shown, if it holds at this instant.
pub(crate) fn usable(
    view: View<'_>,
    keys: &Keyring,
    giver: &Giver,
    wanted: &Wanted<'_>,
    now_us: i64,
) -> Result<Option<Opened>, AppError> {
    let (id, by_code) = match wanted.presented {
        Presented::Neither => return Ok(None),
        Presented::Receipt(number) => (keys.consent_id(number), false),
        Presented::Code(code) => {
            let found = view.consent_code(&keys.consent_code_tag(code))?;
            let own = found.filter(|row| keys.is_consent_code(row) && row.subject_id == giver.subject);
            let Some(row) = own else { return Ok(None) };
            (row.consent_id, true)
        }
    };
    let classes: Vec<&str> = wanted.classes.iter().map(String::as_str).collect();
    let wanted = Use { authority: wanted.authority, matter: wanted.matter, classes: &classes, by_code };
    Ok(find(view, keys, giver, &id)?.filter(|found| holds(&found.consent, &wanted, now_us)))
}

/// In which case a consent is used.
pub(crate) struct Case<'a> {
    /// The operation that uses it.
    pub(crate) operation: &'static str,
    /// Name of the authority.
    pub(crate) authority: &'a str,
    /// Number of the application.
    pub(crate) case_number: &'a str,
    /// Number of the check, or of the report.
    pub(crate) check: &'a str,
}

/// Counts a use, and says so in the person's log.
pub(crate) fn use_up(
    tx: &Tx<'_>,
    keys: &Keyring,
    giver: &Giver,
    found: &Opened,
    (caller, now_us): (&Caller, i64),
    case: &Case<'_>,
) -> Result<(), AppError> {
    let (consent_id, number) = (found.row.consent_id, found.consent.used + 1);
    let after = found.changed(Consent { used: number, ..found.consent.clone() });
    let Case { operation, authority, case_number, check } = *case;
    let body =
        UseBody { authority: authority.to_owned(), case_number: case_number.to_owned(), check: check.to_owned() };
    let plain = serde_json::to_vec(&body).map_err(|error| AppError::internal(format!("use of a consent: {error}")))?;
    let sealed = giver.key.seal(&use_aad(&giver.subject, &consent_id, number), &plain);
    tx.consent_use_add(&ConsentUseRow { subject_id: giver.subject, consent_id, number, at_us: now_us, sealed })?;
    let row = (&CONSENT_USES, vec![(&giver.subject).into(), (&consent_id).into(), number.into()]);
    // Not the number of the application, which lies sealed beside it.
    let detail = json!({ "check": check, "use": number, "of": after.consent.terms.uses });
    Act { keys, now_us, operation, caller }.set(tx, giver, &after, vec![row], &detail)
}
