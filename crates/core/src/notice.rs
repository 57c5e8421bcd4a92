//! Notices: of what somebody is told, when it counts as told, and what goes out of the house.
//!
//! A notice is read here, by the person, once they have signed in. What leaves the house says only that one waits: the same bytes for good
//! news and for bad, so that whoever reads over a shoulder learns nothing. A deadline of the person runs from the day on which they were
//! told ([`crate::delivery::counts_from`]), and not at all before.
//!
//! # Source
//! 信用修复管理办法 (NDRC Order 36): the repair notice goes with the decision (两书同达; clause not verified). One neutral sentence, and no deadline
//! without a proven way of telling, are house rules of the domain reference, §10.

use crate::say::Say;
use crate::workflow::{Word as _, words};

words! {
    /// Of what somebody is told.
    NoticeKind {
        /// An adverse record took effect; with how it is repaired, in one notice (两书同达).
        AdverseRecord "adverse_record" "有一条对您不利的记录生效（随附信用修复告知）" "an adverse record about you took effect (with how to have it repaired)",
        /// The first day on which repair may be asked for has come.
        RepairPossible "repair_possible" "一条记录现在可以申请信用修复" "a record may be repaired now",
        /// An objection was received.
        ObjectionReceived "objection_received" "已收到异议" "an objection was received",
        /// An objection was taken up.
        ObjectionAccepted "objection_accepted" "异议已受理" "an objection was taken up",
        /// An objection was not taken up, with reasons.
        ObjectionRefused "objection_refused" "异议不予受理" "an objection was not taken up",
        /// More is asked for, to decide an objection.
        ObjectionMoreAsked "objection_more_asked" "异议需要补充材料" "more is asked for to decide an objection",
        /// An objection was answered.
        ObjectionAnswered "objection_answered" "异议已答复" "an objection was answered",
        /// An objection was not answered in time: the record is out of use.
        ObjectionOverdue "objection_overdue" "异议逾期未答复，该记录停止使用" "an objection was not answered in time: the record is out of use",
        /// A request for repair was received.
        RepairReceived "repair_received" "已收到信用修复申请" "a request for repair was received",
        /// It was taken up.
        RepairAccepted "repair_accepted" "信用修复申请已受理" "a request for repair was taken up",
        /// It was turned away, with reasons.
        RepairTurnedAway "repair_turned_away" "信用修复申请不予受理" "a request for repair was turned away",
        /// The time to decide on it was extended, with a reason.
        RepairExtended "repair_extended" "信用修复办理期限延长" "the time to decide on a repair was extended",
        /// It was decided.
        RepairDecided "repair_decided" "信用修复已作出决定" "a repair was decided",
        /// It was not decided in time.
        RepairOverdue "repair_overdue" "信用修复逾期未决定" "a repair was not decided in time",
        /// A record was corrected.
        RecordCorrected "record_corrected" "一条记录已更正" "a record was corrected",
        /// A record was withdrawn.
        RecordWithdrawn "record_withdrawn" "一条记录已撤销" "a record was withdrawn",
        /// A record was repaired.
        RecordRepaired "record_repaired" "一条记录已修复" "a record was repaired",
        /// An outcome rests on a record that has changed: the authority confirms or reopens it.
        OutcomeReview "outcome_review" "一项办理结果所依据的记录已变更，须确认或者重新办理" "a record on which an outcome rests has changed: confirm or reopen it",
        /// An outcome was confirmed or reopened.
        OutcomeReviewed "outcome_reviewed" "一项办理结果已确认或者重新办理" "an outcome was confirmed or reopened",
        /// A complaint was answered.
        ComplaintAnswered "complaint_answered" "投诉已答复" "a complaint was answered",
        /// A consent was used.
        ConsentUsed "consent_used" "您的一项授权已被使用" "a consent of yours was used",
        /// Letters wait to be served: told to the authority, once a week while some wait for long.
        LettersWait "letters_wait" "有书面告知超过三日尚待送达" "letters have waited for more than three days to be served",
        /// A complaint about an authority was filed: told to the authority that supervises it.
        ComplaintFiled "complaint_filed" "有一件投诉涉及您单位主管的单位" "a complaint is about an authority that yours supervises",
        /// A complaint was handed over: told to the authority that is to answer it.
        ComplaintReferred "complaint_referred" "有一件投诉转交您单位答复" "a complaint was handed over to your authority, which answers it",
        /// More was handed in to an objection: told to the authority that decides it too.
        ObjectionSupplied "objection_supplied" "异议已补充材料" "more was handed in to an objection",
        /// More time to perform was asked for: told to the authority that answers too.
        RepairDelayAsked "repair_delay_asked" "已收到延期申请" "a request for more time was received",
        /// A request for more time was answered.
        RepairDelayAnswered "repair_delay_answered" "延期申请已答复" "a request for more time was answered",
    }
}

impl NoticeKind {
    /// Column value: its place in the list, from 1. The list is added to at its end only.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        Self::ALL.iter().position(|kind| *kind == self).map_or(0, |at| at as i64 + 1)
    }

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_i64() == value)
    }

    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.code()
    }

    /// In words.
    #[must_use]
    pub fn says(self) -> Say {
        self.name()
    }
}

/// The one sentence that leaves the house, whatever the notice says.
#[must_use]
pub fn outside(base_url: &str) -> Say {
    Say::new(
        format!("信用平台有一条给您的通知，请登录查看：{base_url}"),
        format!("The credit platform has a notice for you. Sign in to read it: {base_url}"),
    )
}

/// Subject line of a mail; as neutral as the sentence.
#[must_use]
pub fn outside_title() -> Say {
    Say::new("信用平台通知", "A notice of the credit platform")
}

/// What proves that a channel is somebody's: the code, and nothing of what for.
#[must_use]
pub fn outside_code(code: &str) -> Say {
    Say::new(
        format!("信用平台验证码：{code}。24 小时内有效；非本人操作请忽略。"),
        format!("Code of the credit platform: {code}. It is good for 24 hours; ignore it if you did not ask for it."),
    )
}

const MINUTE_US: i64 = 60 * 1_000_000;
/// Longest pause between two attempts.
const LONGEST_US: i64 = 360 * MINUTE_US;
/// After so many attempts a message is given up: three days have passed then.
pub const ATTEMPTS: i64 = 20;

/// When a message that could not be handed over is tried again, counted from now: a minute after the first attempt, twice as long after each
/// further one, six hours at most. `None` after [`ATTEMPTS`]: it waits for an operator.
///
/// # Example
/// ```
/// use chengxin_core::notice::{ATTEMPTS, pause_us};
/// assert_eq!(pause_us(1), Some(60_000_000));
/// assert_eq!(pause_us(2), Some(120_000_000));
/// assert_eq!(pause_us(ATTEMPTS), None);
/// ```
#[must_use]
pub fn pause_us(attempts: i64) -> Option<i64> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let doublings = (attempts - 1).clamp(0, 20);
    Some((MINUTE_US << doublings).min(LONGEST_US))
}

/// How a notice reaches somebody outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// A mail address.
    Mail,
    /// An address of a program: `https://…`.
    Webhook,
}

impl ChannelKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Webhook];

    /// Column value.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self as i64 + 1
    }

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_i64() == value)
    }

    /// The word of the command line and the interface.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Mail => Say::new("电子邮件", "mail"),
            Self::Webhook => Say::new("接口回调", "webhook"),
        }
    }
}

/// For how long a letter waits to be served before the authority is told that it does, microseconds.
pub const LETTER_US: i64 = 3 * 24 * 60 * MINUTE_US;
/// For how long a code proves a channel, microseconds.
pub const CODE_US: i64 = 24 * 60 * MINUTE_US;
/// Wrong codes after which a channel is begun anew.
pub const CODE_TRIES: i64 = 5;
/// Most channels of one person that are not removed.
pub const CHANNELS: usize = 5;
/// Most channels that one person adds in a day: nobody has strangers flooded with codes from here.
pub const CHANNELS_A_DAY: usize = 5;
/// Most bytes of an address.
pub const LONGEST_ADDRESS: usize = 254;

/// Why an address is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    /// Too long, empty, or with characters that no address has.
    Form,
    /// A webhook that is not `https://` (in production), or has user, password or fragment.
    Scheme,
}

impl AddressFault {
    /// What is wrong, and how it is mended.
    #[must_use]
    pub fn say(self, kind: ChannelKind) -> Say {
        match (self, kind) {
            (Self::Form, ChannelKind::Mail) => Say::new(
                "电子邮件地址有误，应形如 name@example.cn，不超过 254 字节，不含空格",
                "this is no mail address: it looks like name@example.cn, has 254 bytes at most and no spaces",
            ),
            (Self::Form, ChannelKind::Webhook) => Say::new(
                "回调地址有误，应形如 https://example.cn/hook，不超过 254 字节，不含空格",
                "this is no address of a webhook: it looks like https://example.cn/hook, has 254 bytes at most and no spaces",
            ),
            (Self::Scheme, _) => Say::new(
                "回调地址须以 https:// 开头，且不得含用户名、口令或 #",
                "the address of a webhook begins with https:// and has neither user, password nor #",
            ),
        }
    }
}

/// Reads the address of a channel; `synthetic` where made-up data allow `http://`.
///
/// # Errors
/// [`AddressFault`].
pub fn address(kind: ChannelKind, text: &str, synthetic: bool) -> Result<String, AddressFault> {
    let text = text.trim();
    let odd = |c: char| c.is_whitespace() || c.is_control() || !c.is_ascii() || "<>\"\\,;".contains(c);
    if text.is_empty() || text.len() > LONGEST_ADDRESS || text.contains(odd) {
        return Err(AddressFault::Form);
    }
    match kind {
        ChannelKind::Mail => mail(text),
        ChannelKind::Webhook => webhook(text, synthetic),
    }
}

fn mail(text: &str) -> Result<String, AddressFault> {
    let Some((user, host)) = text.rsplit_once('@') else { return Err(AddressFault::Form) };
    let host_fits = host.split('.').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !part.starts_with('-')
    });
    let fits = !user.is_empty() && user.len() <= 64 && !user.contains(['@', ':', '(', ')', '[', ']']) && host_fits;
    if fits { Ok(format!("{user}@{}", host.to_ascii_lowercase())) } else { Err(AddressFault::Form) }
}

fn webhook(text: &str, synthetic: bool) -> Result<String, AddressFault> {
    let rest = match text.strip_prefix("https://") {
        Some(rest) => rest,
        None => text.strip_prefix("http://").filter(|_| synthetic).ok_or(AddressFault::Scheme)?,
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if host.contains('@') || text.contains('#') {
        return Err(AddressFault::Scheme);
    }
    if host.is_empty() { Err(AddressFault::Form) } else { Ok(text.to_owned()) }
}

/// An address as it is shown again: enough to know it by.
#[must_use]
pub fn masked(kind: ChannelKind, address: &str) -> String {
    match kind {
        ChannelKind::Mail => {
            let (user, host) = address.rsplit_once('@').unwrap_or((address, ""));
            let first: String = user.chars().take(1).collect();
            format!("{first}***@{host}")
        }
        ChannelKind::Webhook => {
            let host = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            format!("{host}/***")
        }
    }
}

/// May a message of ours be sent to this address of the network? Never to what only our own house can reach: an address that a person
/// types in must not become a way to look behind the wall.
///
/// # Source
/// RFC 6890 (special-purpose addresses), RFC 4193, RFC 6598, RFC 4291.
#[must_use]
pub fn is_public(address: std::net::IpAddr) -> bool {
    match address {
        std::net::IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let special = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation();
            let more = a == 0 || a >= 240 || (a == 100 && (64..128).contains(&b)) || (a == 192 && b == 0 && c == 0);
            !(special || more || (a == 198 && (b == 18 || b == 19)))
        }
        std::net::IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4() {
                return is_public(v4.into());
            }
            let [a, b, ..] = v6.segments();
            // Only what is handed out to the world, 2000::/3; of it neither documentation nor what carries another address inside (6to4, Teredo).
            (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b == 0xdb8 || b == 0)) && a != 0x2002
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn every_kind_has_a_number_of_its_own_and_is_found_by_it() {
        for (at, kind) in NoticeKind::ALL.iter().enumerate() {
            assert_eq!(kind.as_i64(), at as i64 + 1);
            assert_eq!(NoticeKind::from_i64(kind.as_i64()), Some(*kind));
        }
        assert_eq!((NoticeKind::from_i64(0), NoticeKind::AdverseRecord.as_i64()), (None, 1));
    }

    #[test]
    fn pauses_double_up_to_six_hours_and_end() {
        let pauses: Vec<_> = (1..ATTEMPTS).map(|attempts| pause_us(attempts).unwrap() / MINUTE_US).collect();
        assert_eq!(pauses[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert!(pauses[9..].iter().all(|pause| *pause == 360));
        assert_eq!((pause_us(ATTEMPTS), pause_us(i64::MAX)), (None, None));
        assert_eq!(pause_us(0), Some(MINUTE_US));
    }

    #[test]
    fn what_leaves_the_house_depends_on_nothing_but_the_address_of_the_house() {
        let Say { zh, en } = outside("https://credit.example");
        assert!(zh.ends_with("https://credit.example") && en.ends_with("https://credit.example"));
        for kind in NoticeKind::ALL {
            assert!(!zh.contains(&kind.says().zh) && !en.contains(&kind.says().en));
        }
    }

    #[test]
    fn addresses_are_read_and_what_is_none_is_refused() {
        let read = |kind, text: &str| address(kind, text, false);
        assert_eq!(read(ChannelKind::Mail, " Zhou@Example.CN "), Ok("Zhou@example.cn".to_owned()));
        for wrong in [
            "",
            "zhou",
            "@example.cn",
            "zhou@",
            "a b@example.cn",
            "a@b@example.cn",
            "a@-x.cn",
            "a@b\r\nBcc: c@d.cn",
            "<a@b.cn>",
        ] {
            assert_eq!(read(ChannelKind::Mail, wrong), Err(AddressFault::Form), "{wrong:?}");
        }
        assert_eq!(read(ChannelKind::Webhook, "https://example.cn/h"), Ok("https://example.cn/h".to_owned()));
        for wrong in ["http://example.cn/h", "ftp://example.cn", "https://u:p@example.cn/", "https://example.cn/#x"] {
            assert_eq!(read(ChannelKind::Webhook, wrong), Err(AddressFault::Scheme), "{wrong:?}");
        }
        assert_eq!(read(ChannelKind::Webhook, "https://"), Err(AddressFault::Form));
        assert!(address(ChannelKind::Webhook, "http://127.0.0.1:8080/h", true).is_ok());
    }

    #[test]
    fn an_address_is_shown_so_that_only_its_owner_knows_it_by_it() {
        assert_eq!(masked(ChannelKind::Mail, "zhou@example.cn"), "z***@example.cn");
        assert_eq!(masked(ChannelKind::Webhook, "https://example.cn/secret/path?token=1"), "https://example.cn/***");
    }

    #[test]
    fn nothing_that_only_our_own_house_can_reach_is_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "64:ff9b::a00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
