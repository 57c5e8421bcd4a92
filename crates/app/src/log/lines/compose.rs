//! From an entry to a line: who, what, which records, what for, on what, and where to complain.

use std::collections::HashMap;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::operation_words::{ACCESS_DENY, LOG_REVEAL, LOG_SEAL, act, role_in};
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role, Say};
use chengxin_store::authority::AuthorityRow;
use chengxin_store::log::LogRow;
use chengxin_store::record::StoredVersion;
use serde_json::Value;

use super::chain::Chain;
use super::{Line, LineChain, Revealed, Touched, Who, local, part};
use crate::authority::called;
use crate::journal;

/// What lines about one subject are written with.
pub(super) struct Desk<'a> {
    catalogue: &'a Catalogue,
    authorities: Vec<AuthorityRow>,
    city: &'a str,
    /// Item of each record of this subject. An id that is not among them is nobody's business here, and is left out.
    items: HashMap<RecordId, String>,
    /// Who acts for this subject, by the number of the mandate.
    deputies: &'a HashMap<String, Say>,
}

/// The sentence about sealed entries: the same for everybody, whether or not there is one.
pub(super) fn sealed() -> Say {
    Say::new(
        "只有在法律、行政法规规定应当保密时，才会有暂不告知的处理；期满后会在这里告知。是否有这样的处理，只在法律允许说明时说明。",
        "An act is kept from you for a time only where a law or an administrative regulation orders secrecy; when that time is over it is told here. Whether there is such an act is said only where the law allows saying so.",
    )
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        authorities: Vec<AuthorityRow>,
        city: &'a str,
        versions: &[StoredVersion],
        deputies: &'a HashMap<String, Say>,
    ) -> Self {
        let shown = versions.iter().filter(|version| !version.awaits_release);
        let items = shown.map(|v| (RecordId(v.row.record_id), v.row.item.clone())).collect();
        Self { catalogue, authorities, city, items, deputies }
    }

    /// The line of an entry of the subject's own chain; of one that reveals, with the entry that it reveals.
    pub(super) fn line(&self, chain: LineChain, row: &LogRow, revealed: Option<&Chain>) -> Line {
        let hidden = revealed.and_then(|chain| chain.rows.first());
        let mut line = self.of(chain, hidden.unwrap_or(row), None);
        line.number = Some(row.number);
        line.told_us = row.at_us;
        if hidden.is_some() {
            let clause = text(&parsed(&row.detail), "clause").map_or_else(Say::default, |cited| self.clause(&cited));
            line.revealed = Some(Revealed { at: local(row.at_us), clause });
        }
        line
    }

    /// The line of an entry; where `records` are given, of those alone.
    pub(super) fn of(&self, chain: LineChain, row: &LogRow, records: Option<&[RecordId]>) -> Line {
        let detail = parsed(&row.detail);
        let caller: Option<Caller> = serde_json::from_str(&row.caller).ok();
        let platform = matches!(row.operation.as_str(), LOG_SEAL | LOG_REVEAL);
        let mandate = journal::mandate_of(&row.caller);
        let who = match &mandate {
            _ if platform => automatic(),
            _ if is_mandators(row, caller.as_ref(), &detail) => whoever_they_acted_for(caller.as_ref()),
            Some(number) => self.deputy(caller.as_ref(), number),
            None => self.who(caller.as_ref(), &row.operation),
        };
        let stated = caller.as_ref().filter(|_| !platform);
        let named = records.map_or_else(|| records_in(&detail), <[RecordId]>::to_vec);
        Line {
            chain,
            number: None,
            anchor: None,
            at_us: row.at_us,
            at: local(row.at_us),
            operation: row.operation.clone(),
            act: act(&row.operation, variant(&row.operation, &detail)).unwrap_or_else(|| unknown(&row.operation)),
            records: named.iter().filter_map(|record| self.touched(record)).collect(),
            purpose: stated.map(|caller| caller.purpose.clone()).filter(|purpose| !purpose.is_empty()),
            basis: match (stated, &mandate) {
                // What a law asks to be destroyed names its clause, whoever did it.
                (Some(_), _) if is_erasure(&row.operation) && text(&detail, "clause").is_some() => {
                    text(&detail, "clause").map(|cited| self.clause(&cited))
                }
                (Some(_), Some(number)) => Some(on_mandate(number)),
                (Some(caller), None) => self.basis(caller),
                (None, _) => text(&detail, "clause").map(|cited| self.clause(&cited)),
            },
            case_no: text(&detail, "case_no"),
            report: text(&detail, "report"),
            recipient: text(&detail, "recipient"),
            scope: part::scope(row, &detail),
            on_consent: stated.is_some_and(|caller| matches!(caller.ground, Ground::Consent(_))),
            receipt: text(&detail, "receipt"),
            mandate: mandate.or_else(|| text(&detail, "mandate_number")),
            revealed: None,
            sealed_until: text(&detail, "until").filter(|_| row.operation == LOG_SEAL),
            complain: self.complain(&who),
            who,
            told_us: row.at_us,
        }
    }

    fn touched(&self, record: &RecordId) -> Option<Touched> {
        let code = self.items.get(record)?;
        let (item_name, class) = match self.catalogue.item(code) {
            Some(item) => (Say::new(&item.item.name, &item.item.name_en), self.class(&item.item.class)),
            // An item that the catalogue in use no longer has.
            None => (Say::new(code, code), Say::default()),
        };
        Some(Touched { record: record.hex(), item: code.clone(), item_name, class })
    }

    fn class(&self, value: &str) -> Say {
        let entries = self.catalogue.dictionary("item-class").map_or(&[][..], |d| d.entries());
        let en = entries.iter().find(|entry| entry.value == value).map_or(value, |entry| entry.en.as_str());
        Say::new(value, en)
    }

    fn who(&self, caller: Option<&Caller>, operation: &str) -> Who {
        let Some(caller) = caller else {
            let say = Say::new("无法辨认", "cannot be read");
            return Who { say, authority: None, role: None, yourself: false };
        };
        let in_role = role_in(caller.role, operation);
        let authority = caller.authority.clone();
        let say = match (&authority, caller.role) {
            (Some(code), _) => {
                let name = self.authority(code);
                Say::new(format!("{} · {}", name.zh, in_role.zh), format!("{} · {}", name.en, in_role.en))
            }
            (None, Role::CreditOffice | Role::IdentityClerk | Role::Auditor) => {
                Say::new(format!("{}{}", self.city, in_role.zh), format!("{} · {}", self.city, in_role.en))
            }
            (None, _) => in_role,
        };
        let role = Some(caller.role.code().to_owned());
        Who { say, authority, role, yourself: matches!(caller.role, Role::Resident | Role::Representative) }
    }

    /// Whoever acts for the person, by what their mandate says of them; once it is erased, by its number.
    fn deputy(&self, caller: Option<&Caller>, number: &str) -> Who {
        let unnamed = || Say::new(format!("受托人（委托 {number}）"), format!("whoever acts on mandate {number}"));
        let say = self.deputies.get(number).cloned().unwrap_or_else(unnamed);
        Who { say, authority: None, role: caller.map(|caller| caller.role.code().to_owned()), yourself: false }
    }

    fn authority(&self, code: &str) -> Say {
        let found = self.authorities.iter().find(|authority| authority.code == code);
        called(found, code)
    }

    fn basis(&self, caller: &Caller) -> Option<Say> {
        match (&caller.ground, caller.role) {
            (Ground::Consent(_) | Ground::OwnRight, Role::Public) => Some(Say::new(
                "您交出的报告：持有核验码的人可以核验",
                "the report that you handed over: whoever holds its code may verify it",
            )),
            (Ground::Duty(clause), _) => Some(self.clause(clause)),
            (Ground::SilentDuty { clause, .. }, _) => Some(self.clause(clause)),
            (Ground::Consent(receipt), _) if receipt.is_empty() => {
                Some(Say::new("所称的授权，没有可用的", "an alleged consent; none held"))
            }
            (Ground::Consent(receipt), _) => {
                Some(Say::new(format!("您的授权（回执 {receipt}）"), format!("your consent (receipt {receipt})")))
            }
            (Ground::OwnRight, _) => Some(Say::new(
                "您本人的知情、查阅、复制权（《个人信息保护法》第四十四条、第四十五条）",
                "your own right to know, read and copy (Personal Information Protection Law, arts 44–45)",
            )),
            (Ground::Operation, _) => None,
        }
    }

    /// Title and clause as the catalogue has them; what it does not have, as it was cited.
    fn clause(&self, cited: &str) -> Say {
        let Some((law, clause)) = self.catalogue.clause(cited) else { return Say::new(cited, cited) };
        Say::new(
            format!("《{}》{}：{}", law.title, clause.label, clause.says.trim_end_matches('。')),
            format!("{}, {}: {}", law.title_en, clause.label, clause.says_en.trim_end_matches('.')),
        )
    }

    fn complain(&self, who: &Who) -> Say {
        let city = self.city;
        if who.yourself {
            return Say::new(
                format!("如果这不是您所为，请立即告知{city}信用主管部门"),
                format!("if this was not you, tell the credit office of {city} at once"),
            );
        }
        let Some(code) = &who.authority else {
            return Say::new(
                format!("如有疑问，可向{city}信用主管部门查询或者投诉；不服的，可以依法申请行政复议或者提起行政诉讼"),
                format!(
                    "ask or complain to the credit office of {city}; you may apply for administrative reconsideration or sue as the law provides"
                ),
            );
        };
        let name = self.authority(code);
        Say::new(
            format!(
                "如有疑问，可向{}提出异议，也可向{city}信用主管部门投诉；不服的，可以依法申请行政复议或者提起行政诉讼",
                name.zh
            ),
            format!(
                "object to {}, or complain to the credit office of {city}; you may apply for administrative reconsideration or sue as the law provides",
                name.en
            ),
        )
    }
}

/// Is the line one that the person reads of a mandate on which they act or acted, and which the one for whom they did changed?
fn is_mandators(row: &LogRow, caller: Option<&Caller>, detail: &Value) -> bool {
    detail.get("held").is_some()
        && !matches!(row.operation.as_str(), "mandate_accept" | "mandate_resign")
        && caller.is_some_and(|caller| matches!(caller.role, Role::Resident | Role::Representative))
}

fn whoever_they_acted_for(caller: Option<&Caller>) -> Who {
    let role = caller.map(|caller| caller.role.code().to_owned());
    Who { say: Say::new("您所代理的一方", "the one for whom you acted"), authority: None, role, yourself: false }
}

/// On what somebody acts for the person.
fn on_mandate(number: &str) -> Say {
    Say::new(
        format!("代您行使您本人的权利（委托 {number}）"),
        format!("your own right, exercised for you (mandate {number})"),
    )
}

/// What the platform does by itself when a day has come.
fn automatic() -> Who {
    Who { say: Say::new("平台", "the platform"), authority: None, role: None, yourself: false }
}

fn is_erasure(operation: &str) -> bool {
    matches!(operation, "record_delete" | "record_erase" | "record_expire")
}

fn unknown(operation: &str) -> Say {
    Say::new(format!("进行了一项操作（{operation}）"), format!("performed an operation ({operation})"))
}

/// Which of an operation's sentences says what came of it.
pub(crate) fn variant<'d>(operation: &str, detail: &'d Value) -> &'d str {
    let is = |name: &str, value: &str| detail.get(name).and_then(Value::as_str) == Some(value);
    match operation {
        "report_issue" if detail.get("refused").is_some() => "refused",
        "report_issue" if detail.get("consent").is_some() => "consent",
        "check_answer" if is("refused", "name") => "name",
        "check_answer" if detail.get("consent").is_some() => "consent",
        "check_answer" if detail.get("batch").is_some() => "batch",
        ACCESS_DENY if is("refused", "consent") => "consent",
        ACCESS_DENY if is("refused", "mandate") => "mandate",
        ACCESS_DENY if is("refused", "code") => "code",
        "consent_disown" | "consent_withdraw" | "mandate_resign" | "mandate_revoke"
            if detail.get("again").is_some() =>
        {
            "again"
        }
        "mandate_accept" if detail.get("looked").is_some() => "looked",
        "objection_file" if is("kind", "not_me") => "not_me",
        "authority_late" if detail.get("answered").is_some_and(Value::is_string) => "answered",
        "proceeding_overdue" if detail.get("stops") == Some(&Value::Bool(true)) => "stops",
        "notice_make" if detail.get("reached").is_some() => "reached",
        "follow_up_settle" => detail.get("settled").and_then(Value::as_str).unwrap_or(""),
        "complaint_answer" | "objection_decide" | "objection_identify" | "repair_decide" | "repair_file" => {
            detail.get("state").and_then(Value::as_str).unwrap_or("")
        }
        "report_view" if is("shown", "content") => "content",
        "report_view" if is("extract_code", "wrong") => "wrong",
        // Without a kind, the sentence that fits every kind.
        "record_lock" => detail.get("kind").and_then(Value::as_str).unwrap_or(""),
        "account_begin" if is("purpose", "recover") => "recovered",
        "session_open" if is("by", "recovery") => "recovery",
        "session_open" if is("by", "passkey") => "passkey",
        "account_factor_add" | "account_factor_remove" => detail.get("factor").and_then(Value::as_str).unwrap_or(""),
        "sign_in_finish" if is("linked", "number") => "bound",
        LOG_REVEAL if detail.get("commitment").is_none_or(Value::is_null) => "missing",
        _ => "",
    }
}

/// Ids of the records that an entry names, each once, in its order.
pub(crate) fn records_in(detail: &Value) -> Vec<RecordId> {
    let listed = ["records", "versions"].into_iter().filter_map(|name| detail.get(name)?.as_array()).flatten();
    let ids = listed.filter_map(|of| of.get(0)).chain(detail.get("record"));
    let mut records = Vec::new();
    for id in ids.filter_map(Value::as_str).filter_map(RecordId::from_hex) {
        if !records.contains(&id) {
            records.push(id);
        }
    }
    records
}

/// What an entry says of its act. Of one that cannot be read, nothing: that it cannot is said by whoever goes through its
/// chain ([`super::chain::is_readable`]), and the rest of its line is shown all the same.
pub(super) fn parsed(detail: &str) -> Value {
    serde_json::from_str(detail).unwrap_or(Value::Null)
}

fn text(detail: &Value, name: &str) -> Option<String> {
    detail.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
