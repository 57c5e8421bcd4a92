//! What is wrong with a mandate that somebody wants to make, and how to mend it.

use chengxin_core::mandate::{MandateFault, Party, limits};
use jiff::civil::Date;

use crate::{AppError, Kind};

/// Whom a fault is about.
fn whom(party: Party) -> (&'static str, &'static str) {
    match party {
        Party::Mandator => ("被代理的一方", "the one for whom somebody acts"),
        Party::Actor => ("代为办理的一方", "the one who acts"),
    }
}

/// For whoever wants to make it.
pub(super) fn fault(fault: MandateFault, today: Date) -> AppError {
    let limits = limits(today);
    match fault {
        MandateFault::Minor(party) => {
            let (zh, en) = whom(party);
            AppError::new(
                Kind::Invalid,
                format!(
                    "{zh}未满 18 周岁：平台不收录未成年人的任何信息，也没有可由监护人代办的事；未成年人不能代他人办理"
                ),
                format!(
                    "{en} is under 18: the platform holds nothing about anybody of that age, so that there is nothing a guardian could do here; and nobody of that age acts for another"
                ),
            )
        }
        MandateFault::AgeUnsaid(party) => {
            let (zh, en) = whom(party);
            AppError::invalid(
                format!("{zh}的证件不载明出生日期；须核对并确认其已满 18 周岁"),
                format!(
                    "the document of {en} does not say when they were born: make sure that they are 18 or more, and say so"
                ),
            )
        }
        MandateFault::DocumentKind(party) => {
            let (zh, en) = whom(party);
            AppError::invalid(
                format!("{zh}的证件类型不符：法定代表人和经办人代单位办理，其余代自然人办理；代为办理的总是自然人"),
                format!(
                    "the document of {en} is of the wrong kind: a legal representative or an agent acts for an organisation, all others for a person; who acts is always a person"
                ),
            )
        }
        MandateFault::Oneself => {
            AppError::invalid("双方不能是同一人", "the two are one: nobody acts for themself on a mandate")
        }
        MandateFault::Nothing => AppError::invalid("须写明委托哪些事", "say what the mandate covers"),
        MandateFault::Scope(scope) => {
            let name = scope.name();
            AppError::invalid(
                format!("这种委托不能包含“{}”", name.zh),
                format!("a mandate of this kind cannot cover “{}”", name.en),
            )
        }
        MandateFault::Past => AppError::invalid("起始日不能早于今天", "it cannot begin before today"),
        MandateFault::TooFarAhead(latest) => AppError::invalid(
            format!("起始日不能晚于 {latest}（最多提前 {} 个月）", limits.ahead_months),
            format!("it begins by {latest} ({} months ahead at most)", limits.ahead_months),
        ),
        MandateFault::Backwards => AppError::invalid("截止日须晚于起始日", "it ends after it begins"),
        MandateFault::TooLong(last) => AppError::invalid(
            format!("截止日不能晚于 {last}；到期后可以重新办理"),
            format!("it ends by {last}; after that it can be made anew"),
        ),
        MandateFault::Paper => AppError::invalid(
            "这种委托不以该类文书为依据：委托代理人凭授权委托书；监护人凭法院、民政部门、居（村）民委员会文书或公证的意定监护协议；法定代表人凭营业执照或登记证书；经办人由法定代表人用自己的账户指定，窗口不登记",
            "it does not rest on such a document: an attorney takes a power of attorney; a guardian one of a court, the civil-affairs authority or a committee, or a notarised agreement; a legal representative the licence; an agent is named by the legal representative from their own account, and never at a window",
        ),
        MandateFault::EndPaper => AppError::invalid(
            "这种委托不因该类文书终止：任何一种都可凭法院或民政部门文书终止；委托代理人、经办人另可凭撤销委托的书面声明；监护人另可凭居（村）民委员会文书或公证协议；法定代表人、经办人另可凭新的营业执照或登记证书",
            "it does not end on such a document: every kind ends on one of a court or of the civil-affairs authority; an attorney or agent also on a written revocation; a guardian on a committee's or a notarised document; a legal representative or agent on the new licence",
        ),
        MandateFault::PaperAhead => {
            AppError::invalid("文书日期晚于今天；请核对", "the document is of a day that is still to come: compare it")
        }
    }
}
