//! What is asked for, and whether this caller may have it.

use chengxin_core::identity::{Document, DocumentKind, Uscc, normalise_name};
use chengxin_core::{Caller, Ground, Lang, Role, Say, Standing};
use chengxin_store::View;
use jiff::civil::Date;

use super::compose::Scope;
use super::gather::reader_tag;
use super::reader::adult;
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind, mandate, policy};

/// Most characters of recipient and purpose, so that both fit on the page.
const STATED_LENGTH: usize = 200;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// Kind of the subject's document.
    pub document_kind: DocumentKind,
    /// Its number, in any usual writing.
    pub number: String,
    /// Name; where it is given it must agree with the one on file.
    pub name: Option<String>,
    /// For whom the report is.
    pub recipient: String,
    /// Values of the dictionary `domain` (or spellings of them); empty for all.
    pub domains: Vec<String>,
    /// First day of decision.
    pub from: Option<Date>,
    /// Last day of decision.
    pub to: Option<Date>,
    /// Chinese, or Chinese with English.
    pub lang: Lang,
}

/// The request once it is known to make sense.
pub(super) struct Asked {
    pub(super) document: Document,
    pub(super) name: Option<String>,
    pub(super) recipient: String,
    /// As a consent states it; whoever asks on their own right states it themself.
    pub(super) purpose: Option<String>,
    pub(super) scope: Scope,
    pub(super) lang: Lang,
}

impl Installation {
    /// Reads a request.
    pub(super) fn asked(&self, request: &ReportRequest) -> Result<Asked, AppError> {
        let (document, _) = Document::parse(request.document_kind, &request.number, self.synthetic_rule())?;
        adult(&document, self.today())?;
        if let (Some(from), Some(to)) = (request.from, request.to)
            && to < from
        {
            return Err(AppError::invalid("期间的截止日早于起始日", "the period ends before it begins"));
        }
        let name = request.name.as_deref().map(normalise_name).filter(|name| !name.is_empty());
        if let Some(name) = &name {
            stated("姓名（名称）", "the name", name)?;
        }
        let recipient = stated("接收方", "the recipient", &request.recipient)?;
        if recipient.is_empty() {
            return Err(AppError::invalid("须注明报告接收方", "say who the report is for"));
        }
        let domains = request.domains.iter().map(|domain| self.domain(domain)).collect::<Result<Vec<_>, _>>()?;
        let scope = Scope { domains, from: request.from, to: request.to, classes: None };
        Ok(Asked { document, name, recipient, purpose: None, scope, lang: request.lang })
    }

    fn domain(&self, spelling: &str) -> Result<Say, AppError> {
        let dictionary = self.catalogue.dictionary("domain");
        let dictionary = dictionary.ok_or_else(|| AppError::internal("the catalogue lacks the dictionary domain"))?;
        let by_en = || dictionary.entries().iter().position(|entry| entry.en.eq_ignore_ascii_case(spelling.trim()));
        let found = dictionary.index_of(spelling.trim()).or_else(by_en).and_then(|at| dictionary.entries().get(at));
        found.map(|entry| Say::new(&entry.value, &entry.en)).ok_or_else(|| {
            let known: Vec<_> = dictionary.values().collect();
            let excerpt: String = spelling.chars().take(20).collect();
            AppError::invalid(
                format!("没有领域“{excerpt}”；可选：{}", known.join("、")),
                format!("there is no field “{excerpt}”; choose from: {}", known.join(", ")),
            )
        })
    }
}

/// May this caller do such a thing about such a person? In a session the person is the one to whom a window bound the
/// account, and nobody else, or the one for whom they act on a mandate; at the console, and with a clerk, whoever compared card and
/// consent answers for it.
pub(crate) fn entitled(
    caller: &Caller,
    name: &str,
    document: &Document,
    keys: &Keyring,
    view: View<'_>,
) -> Result<(), AppError> {
    addressed(caller, document)?;
    mandate::unlapsed(view, &caller.standing)?;
    let reader = match caller.standing {
        Standing::Session(_) | Standing::Machine(_) | Standing::Deputy(_) => {
            view.subject_document(&reader_tag(keys, document))?.map(|row| row.subject_id)
        }
        Standing::Anonymous | Standing::Console => None,
    };
    policy::on_person(caller, name, reader)?;
    policy::recused(view, keys, caller, name, document)
}

/// Does role, ground and kind of the subject go together?
fn addressed(caller: &Caller, document: &Document) -> Result<(), AppError> {
    let organisation = document.kind() == DocumentKind::Uscc;
    let sole_trader = organisation && Uscc::parse(document.number()).is_ok_and(|(code, _)| code.is_self_employed());
    let (zh, en) = match (caller.role, &caller.ground) {
        (Role::Resident, Ground::OwnRight) if !organisation || sole_trader => return Ok(()),
        (Role::Representative, Ground::OwnRight) if organisation => return Ok(()),
        // Whether the consent holds is for the transaction that counts its use (`consented.rs`).
        (Role::Clerk, Ground::Consent(_)) => return Ok(()),
        (Role::Clerk, _) => (
            "工作人员出具报告须有当事人授权，并注明授权回执编号",
            "a clerk issues a report on the subject's consent only: give the number of its receipt",
        ),
        (Role::Resident, Ground::OwnRight) => {
            ("单位的报告由其代表人申请", "the report of an organisation is for its representative to ask for")
        }
        (Role::Representative, Ground::OwnRight) => (
            "代表人只能申请本单位的报告；个人报告由本人申请",
            "a representative asks for the organisation's report; a person's own is for the person",
        ),
        _ => ("本人申请报告以本人权利为依据", "the ground on which one asks for one's own report is one's own right"),
    };
    Err(AppError::new(Kind::Forbidden, zh, en))
}

/// A text that will be printed as somebody stated it: trimmed, of bounded length, without control characters.
pub(crate) fn stated(what_zh: &str, what_en: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > STATED_LENGTH {
        return Err(AppError::invalid(
            format!("{what_zh}不得超过 {STATED_LENGTH} 个字符"),
            format!("{what_en} may have {STATED_LENGTH} characters at most"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(AppError::invalid(
            format!("{what_zh}中不得有控制字符或换行"),
            format!("{what_en} may hold no control characters or line breaks"),
        ));
    }
    Ok(text.to_owned())
}
