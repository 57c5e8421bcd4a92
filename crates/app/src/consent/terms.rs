//! What somebody asks to allow, held against the catalogue and the bounds.

use std::collections::BTreeSet;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::catalogue::matter::{MatterDef, MatterGround};
use chengxin_core::check::{CheckError, without_numbers};
use chengxin_core::consent::{PeriodFault, Recipient};
use chengxin_core::identity::Document;
use chengxin_store::authority::AuthorityRow;

use crate::authority::called;
use crate::check::refused_by_rules;
use crate::matter::find;
use crate::report::{stated, subject_kinds};
use crate::{AppError, Installation};

/// Fewest characters of a purpose in words: a sign or a word is none.
const SHORTEST_PURPOSE: usize = 4;

/// To whom somebody consents, as they name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientAsked {
    /// A registered authority, by its unified social credit code.
    Authority(String),
    /// Another organisation, by its name.
    Organisation(String),
}

/// Classes of the items that a matter makes relevant.
pub(crate) fn classes_of(catalogue: &Catalogue, matter: &MatterDef) -> BTreeSet<String> {
    let items = matter.items();
    items.iter().filter_map(|code| catalogue.item(code)).map(|item| item.item.class.clone()).collect()
}

impl Installation {
    /// The authority to which a consent is given.
    pub(super) fn authority_named(&self, code: &str) -> Result<AuthorityRow, AppError> {
        let code = code.trim();
        self.store.view().authority(code)?.ok_or_else(|| {
            let excerpt: String = code.chars().take(18).collect();
            AppError::not_found(
                format!("没有登记代码为“{excerpt}”的单位；请核对统一社会信用代码"),
                format!("no authority “{excerpt}” is registered: compare its unified social credit code"),
            )
        })
    }

    /// A matter in which this person may let this authority check: one that is asked on consent, now, about such an applicant.
    pub(super) fn consentable(
        &self,
        document: &Document,
        code: &str,
        authority: &AuthorityRow,
    ) -> Result<&MatterDef, AppError> {
        let matter = find(self.catalogue.matter(code), code)?;
        let name = matter.name();
        if matter.matter.ground != MatterGround::Consent {
            return Err(AppError::invalid(
                format!("事项“{}”依法定职责核查，不需要也不接受授权", name.zh),
                format!("“{}” is checked on a statutory duty: it neither takes nor needs a consent", name.en),
            ));
        }
        if !matter.holds_on(self.today()) {
            return Err(refused_by_rules(CheckError::NotInForce, matter));
        }
        let kinds = subject_kinds(document);
        if !kinds.first().is_some_and(|kind| matter.matter.subjects.contains(kind)) {
            return Err(refused_by_rules(CheckError::NotForThisApplicant, matter));
        }
        if !matter.may_be_asked_by(&authority.kind) {
            let office = called(Some(authority), &authority.code);
            return Err(AppError::invalid(
                format!("“{}”不办理事项“{}”；请核对单位", office.zh, name.zh),
                format!("{} does not handle “{}”: compare the authority", office.en, name.en),
            ));
        }
        Ok(matter)
    }

    /// The recipient as it will be kept.
    pub(super) fn recipient(&self, asked: &RecipientAsked) -> Result<(Recipient, Option<AuthorityRow>), AppError> {
        match asked {
            RecipientAsked::Authority(code) => {
                let office = self.authority_named(code)?;
                let recipient = Recipient::Authority { code: office.code.clone(), name: office.name.clone() };
                Ok((recipient, Some(office)))
            }
            RecipientAsked::Organisation(name) => {
                let name = stated("接收方", "the recipient", &without_numbers(name))?;
                if name.chars().count() < 2 {
                    return Err(AppError::invalid("须写明授权给哪个单位的全称", "name the organisation in full"));
                }
                Ok((Recipient::Organisation { name }, None))
            }
        }
    }

    /// A purpose in words. Where a matter is named it may be empty.
    pub(super) fn purpose(text: &str, has_matter: bool) -> Result<String, AppError> {
        let purpose = stated("授权用途", "the purpose", &without_numbers(text))?;
        let length = purpose.chars().count();
        if length < SHORTEST_PURPOSE && !(has_matter && length == 0) {
            return Err(AppError::invalid(
                format!("须写明授权用途（不少于 {SHORTEST_PURPOSE} 个字符），或者指明办理事项"),
                format!("say what the consent is for ({SHORTEST_PURPOSE} characters at least), or name a matter"),
            ));
        }
        Ok(purpose)
    }

    /// Classes by any spelling of the dictionary.
    pub(super) fn classes(&self, asked: &[String]) -> Result<BTreeSet<String>, AppError> {
        let known = self.catalogue.dictionary("item-class");
        let known = known.ok_or_else(|| AppError::internal("the catalogue lacks the dictionary item-class"))?;
        let one = |spelling: &String| {
            let spelling = spelling.trim();
            let english = || known.entries().iter().find(|entry| entry.en.eq_ignore_ascii_case(spelling));
            let found = known.normalise(spelling).map(|(value, _)| value);
            found.or_else(|| english().map(|entry| entry.value.as_str())).map(str::to_owned).ok_or_else(|| {
                let excerpt: String = spelling.chars().take(20).collect();
                let english: Vec<&str> = known.entries().iter().map(|entry| entry.en.as_str()).collect();
                AppError::invalid(
                    format!("没有信息类别“{excerpt}”；可选：{}", known.values().collect::<Vec<_>>().join("、")),
                    format!("there is no class “{excerpt}”; choose from: {}", english.join("; ")),
                )
            })
        };
        asked.iter().map(one).collect()
    }
}

/// What is wrong with a period or a number of uses, and how to mend it.
pub(super) fn period_fault(fault: PeriodFault) -> AppError {
    match fault {
        PeriodFault::Past => {
            AppError::invalid("授权的第一天不能早于今天", "the first day of a consent is today or later")
        }
        PeriodFault::TooFarAhead(latest) => AppError::invalid(
            format!("授权的第一天不能晚于 {latest}"),
            format!("the first day of a consent is {latest} at the latest"),
        ),
        PeriodFault::Backwards => AppError::invalid(
            "授权的截止日（不再有效的第一天）须晚于第一天",
            "the day from which it no longer holds lies behind its first day",
        ),
        PeriodFault::TooLong(last) => AppError::invalid(
            format!("授权最长一年：不再有效的第一天不能晚于 {last}"),
            format!("a consent lasts a year at most: the day from which it no longer holds is {last} or before"),
        ),
        PeriodFault::Uses(most) => {
            AppError::invalid(format!("使用次数应为 1 至 {most}"), format!("the number of uses is from 1 to {most}"))
        }
    }
}
