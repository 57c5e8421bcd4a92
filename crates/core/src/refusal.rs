//! Why a row of a file is refused, or held for a human: a closed list, each with what to do about it.

use serde::{Deserialize, Serialize};

use crate::Say;

/// Why a row was refused. The text never repeats a name, a number or free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Reason {
    /// A required field is empty.
    Missing,
    /// Longer than the field allows.
    TooLong {
        /// Most characters.
        max: u32,
    },
    /// Not a date in a known form.
    DateForm {
        /// What stood there.
        found: String,
    },
    /// No such day.
    NoSuchDay {
        /// What stood there.
        found: String,
    },
    /// The decision lies in the future.
    InTheFuture,
    /// Not an amount.
    Amount {
        /// What stood there.
        found: String,
    },
    /// An amount finer than 0.01 CNY, below zero, or beyond decimal(18,6).
    AmountRange {
        /// What stood there.
        found: String,
    },
    /// Not a whole number.
    WholeNumber,
    /// Not a value of the dictionary.
    NotInDictionary {
        /// What stood there.
        found: String,
        /// The values allowed.
        allowed: Vec<String>,
    },
    /// Not a unified social credit code.
    Uscc,
    /// Not a source time.
    SourceTime,
    /// Control characters inside the value.
    ControlCharacter,
    /// The item cannot be about this kind of subject.
    SubjectKind,
    /// Made-up numbers (area 990000) are accepted only where synthetic data is allowed.
    SyntheticNumber,
    /// No legal basis of the item was in force on the decision date.
    NoBasis,
    /// More or fewer columns than the heading row.
    ColumnCount {
        /// Columns of the row.
        found: usize,
        /// Columns of the heading row.
        expected: usize,
    },
    /// The spreadsheet held a long number as a number and has lost its last digits.
    DigitsLost,
    /// The cell is a formula or an error value.
    NotAValue,
    /// Characters were lost in an earlier conversion (`锟斤拷`, U+FFFD).
    Mojibake,
    /// The line is not a JSON object of plain values.
    Json,
    /// A key or column that the item does not have.
    Unlisted,
    /// The subject was under 18. Nothing of the row is kept.
    Minor,
    /// Rests on the public-security penalties law. Nothing of the row is kept.
    PublicSecurity,
    /// The same record stands in this file twice with different content.
    ConflictInFile {
        /// The other row.
        other_row: u64,
    },
    /// The record is locked by a decision.
    Locked {
        /// Case number of the decision.
        case: String,
        /// Its date.
        decided_on: String,
    },
    /// It would have to be destroyed again at once: the time for which such a record is kept is over.
    NoLongerKept,
    /// The subject, on whose wish alone it rested, has had it deleted.
    DeletedByWish,
    /// The source time is older than that of the version held.
    OlderThanHeld,
    /// A withdrawal of a record that is not there.
    NothingToWithdraw,
}

impl Reason {
    /// Stable code for files and API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::TooLong { .. } => "too_long",
            Reason::DateForm { .. } => "date_form",
            Reason::NoSuchDay { .. } => "no_such_day",
            Reason::InTheFuture => "in_the_future",
            Reason::Amount { .. } => "amount",
            Reason::AmountRange { .. } => "amount_range",
            Reason::WholeNumber => "whole_number",
            Reason::NotInDictionary { .. } => "not_in_dictionary",
            Reason::Uscc => "uscc",
            Reason::SourceTime => "source_time",
            Reason::ControlCharacter => "control_character",
            Reason::SubjectKind => "subject_kind",
            Reason::SyntheticNumber => "synthetic_number",
            Reason::NoBasis => "no_basis",
            Reason::ColumnCount { .. } => "column_count",
            Reason::DigitsLost => "digits_lost",
            Reason::NotAValue => "not_a_value",
            Reason::Mojibake => "mojibake",
            Reason::Json => "json",
            Reason::Unlisted => "unlisted",
            Reason::Minor => "minor",
            Reason::PublicSecurity => "public_security",
            Reason::ConflictInFile { .. } => "conflict_in_file",
            Reason::Locked { .. } => "locked",
            Reason::NoLongerKept => "no_longer_kept",
            Reason::DeletedByWish => "deleted_by_wish",
            Reason::OlderThanHeld => "older_than_held",
            Reason::NothingToWithdraw => "nothing_to_withdraw",
        }
    }

    /// May the values of the row be kept, sealed and for 30 days, so that it can be mended?
    ///
    /// # Source
    /// House rule: values of minors, forbidden kinds, unlisted fields and what may be kept no longer are never stored; 治安管理处罚法 art. 136.
    #[must_use]
    pub fn may_keep_row(&self) -> bool {
        !matches!(self, Reason::Minor | Reason::PublicSecurity | Reason::NoLongerKept | Reason::DeletedByWish)
    }

    /// What is wrong with the field called `label` and how to mend it.
    #[must_use]
    pub fn say(&self, label: &Say) -> Say {
        let (zh, en) = (&label.zh, &label.en);
        match self {
            Reason::Missing => Say::new(format!("「{zh}」为必填项，请补填"), format!("“{en}” is required: fill it in")),
            Reason::TooLong { max } => Say::new(
                format!("「{zh}」超过 {max} 个字符，请缩短"),
                format!("“{en}” is longer than {max} characters: shorten it"),
            ),
            Reason::DateForm { found } => Say::new(
                format!("「{zh}」的“{found}”不是日期，请写成 2026-03-01"),
                format!("“{en}”: “{found}” is not a date; write it as 2026-03-01"),
            ),
            Reason::NoSuchDay { found } => Say::new(
                format!("「{zh}」的“{found}”在日历上不存在，请按文书核对"),
                format!("“{en}”: “{found}” is no day of the calendar; check it against the document"),
            ),
            Reason::InTheFuture => Say::new(
                format!("「{zh}」晚于今天，请按文书核对"),
                format!("“{en}” lies in the future: check it against the document"),
            ),
            Reason::Amount { found } => Say::new(
                format!("「{zh}」的“{found}”不是数字，请只填数字和小数点"),
                format!("“{en}”: “{found}” is not a number; write digits and one decimal point only"),
            ),
            Reason::AmountRange { found } => Say::new(
                format!("「{zh}」的“{found}”超出范围（不小于 0，精确到 0.01 元）"),
                format!("“{en}”: “{found}” is out of range (not below 0, no finer than 0.01 CNY)"),
            ),
            Reason::WholeNumber => {
                Say::new(format!("「{zh}」应为不小于 0 的整数"), format!("“{en}” must be a whole number, 0 or more"))
            }
            Reason::NotInDictionary { found, allowed } => Say::new(
                format!("「{zh}」的“{found}”不在取值范围内，应为：{}", allowed.join("、")),
                format!("“{en}”: “{found}” is not one of the values allowed: {}", allowed.join(", ")),
            ),
            Reason::Uscc => Say::new(
                format!("「{zh}」不是 18 位统一社会信用代码，请核对"),
                format!("“{en}” is not a unified social credit code of 18 characters: check it"),
            ),
            Reason::SourceTime => Say::new(
                format!("「{zh}」不是时间，请写成 2026-03-01 08:00:00"),
                format!("“{en}” is not a time; write it as 2026-03-01 08:00:00"),
            ),
            Reason::ControlCharacter => Say::new(
                format!("「{zh}」含有不可见的控制字符，请删除后重填"),
                format!("“{en}” holds invisible control characters: delete and type it again"),
            ),
            Reason::SubjectKind => Say::new(
                "该事项不归集此类主体的信息，请核对「".to_owned() + zh + "」",
                format!("this item is not recorded about such a subject: check “{en}”"),
            ),
            Reason::SyntheticNumber => Say::new(
                format!("「{zh}」是演示用号码（990000），正式环境不接收"),
                format!("“{en}” is a made-up number (990000), which is accepted only where synthetic data is allowed"),
            ),
            Reason::NoBasis => Say::new(
                format!("在「{zh}」当日该事项没有生效的法定依据，不得归集"),
                format!("no legal basis of this item was in force on “{en}”: it may not be collected"),
            ),
            Reason::ColumnCount { found, expected } => Say::new(
                format!("本行有 {found} 列，表头为 {expected} 列；请检查是否有未加引号的分隔符"),
                format!("{found} columns where the heading row has {expected}: look for a separator without quotes"),
            ),
            Reason::DigitsLost => Say::new(
                format!("「{zh}」被表格当作数字保存，末尾数字已丢失；请把该列设为文本后重新填写"),
                format!(
                    "“{en}” was saved as a number and has lost its last digits: format the column as text, type it again"
                ),
            ),
            Reason::NotAValue => Say::new(
                format!("「{zh}」是公式或错误值，请粘贴为数值"),
                format!("“{en}” is a formula or an error value: paste it as a value"),
            ),
            Reason::Mojibake => Say::new(
                format!("「{zh}」含有乱码（此前转换编码时已损坏），请从原系统重新导出"),
                format!("“{en}” holds characters lost in an earlier conversion: export it again from its source"),
            ),
            Reason::Json => Say::new(
                "本行不是由简单值组成的 JSON 对象，请按模板生成",
                "the line is not a JSON object of plain values: make it as the template shows",
            ),
            Reason::Unlisted => Say::new(
                "本行含有目录之外的字段，该字段未读取、未存储；请删除后重报",
                "the row holds a field outside the catalogue, which was neither read nor stored: remove it and send again",
            ),
            Reason::Minor => Say::new(
                "行为发生时（或作出决定时）未满十八周岁，依法不得归集；本行内容未保存",
                "under 18 at the time of the conduct (or decision): may not be recorded; nothing of the row was kept",
            ),
            Reason::PublicSecurity => Say::new(
                "依法不得归集的治安管理类信息；本行内容未保存",
                "public-security information that the law forbids to record; nothing of the row was kept",
            ),
            Reason::ConflictInFile { other_row } => Say::new(
                format!("与第 {other_row} 行是同一记录但内容不同，两行均未采用；请只保留正确的一行"),
                format!(
                    "the same record as row {other_row} with different content; both were refused: keep the right one"
                ),
            ),
            Reason::Locked { case, decided_on } => Say::new(
                format!("该记录已于 {decided_on} 由 {case} 号决定更正、撤销、修复或删除；须有新的决定文书方可变更"),
                format!("decided on {decided_on} by case {case}; only a new decision document reopens this record"),
            ),
            Reason::NoLongerKept => Say::new(
                "该记录的保存期限已届满，依法应予销毁，不再归集；请从报送文件中删除本行",
                "the time for which such a record is kept is over: it is not recorded any more; take the row out of the file",
            ),
            Reason::DeletedByWish => Say::new(
                "该记录凭主体自愿归集，主体已要求删除；主体重新自愿申报的，由本单位解锁后再报",
                "collected on the subject's own wish, and deleted as they wished; where they wish it anew, unlock it and send it again",
            ),
            Reason::OlderThanHeld => Say::new(
                format!("「{zh}」早于平台现有版本，未采用"),
                format!("“{en}” is older than the version held: left out"),
            ),
            Reason::NothingToWithdraw => Say::new(
                "没有可撤销的记录，请核对文书号和主体",
                "there is no record to withdraw: check the document number and the subject",
            ),
        }
    }
}

/// One thing wrong with one field of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Index of the field in the item; `None` where the whole row is meant.
    pub field: Option<u16>,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a row is held apart, attached to nobody, until a human decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// No identity number.
    MissingNumber,
    /// The number fails its own rules.
    WrongNumber,
    /// A 15-digit number of the first generation: a link needs evidence.
    FifteenDigits,
    /// The name is not the one that belongs to the number.
    NameDisagrees,
    /// 18 to 22 years old at the decision, and no date of the conduct.
    AgeUnproven,
    /// A document without a birth date, and no attestation that the person was of age.
    AdulthoodNotAttested,
    /// Without a source time, equal to a version that was superseded.
    EqualsSuperseded,
}

impl HeldReason {
    /// Stable code; also the column value.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            HeldReason::MissingNumber => "missing_number",
            HeldReason::WrongNumber => "wrong_number",
            HeldReason::FifteenDigits => "fifteen_digits",
            HeldReason::NameDisagrees => "name_disagrees",
            HeldReason::AgeUnproven => "age_unproven",
            HeldReason::AdulthoodNotAttested => "adulthood_not_attested",
            HeldReason::EqualsSuperseded => "equals_superseded",
        }
    }

    /// Reads [`HeldReason::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        use HeldReason as H;
        [
            H::MissingNumber,
            H::WrongNumber,
            H::FifteenDigits,
            H::NameDisagrees,
            H::AgeUnproven,
            H::AdulthoodNotAttested,
            H::EqualsSuperseded,
        ]
        .into_iter()
        .find(|r| r.code() == code)
    }

    /// Does it concern who the subject is? Then the sender is told nothing more.
    #[must_use]
    pub fn is_about_identity(self) -> bool {
        matches!(self, Self::MissingNumber | Self::WrongNumber | Self::FifteenDigits | Self::NameDisagrees)
    }

    /// What the identity clerk is told.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = match self {
            HeldReason::MissingNumber => ("没有证件号码", "no document number"),
            HeldReason::WrongNumber => ("证件号码不合规则", "the number fails its own rules"),
            HeldReason::FifteenDigits => ("15 位旧号码，须凭证据关联", "a 15-digit number: linking it needs evidence"),
            HeldReason::NameDisagrees => {
                ("姓名与该号码在册姓名不一致", "the name is not the one on file for the number")
            }
            HeldReason::AgeUnproven => ("行为时是否成年不明", "of age at the conduct? not known"),
            HeldReason::AdulthoodNotAttested => {
                ("证件不含出生日期，未声明成年", "no birth date in the document, adulthood not attested")
            }
            HeldReason::EqualsSuperseded => ("与已被取代的旧版本相同", "equal to a version that was superseded"),
        };
        Say::new(zh, en)
    }

    /// What the sending office is told. One sentence for everything about identity, so that the answer does not
    /// tell who is in the database.
    #[must_use]
    pub fn say_to_sender(self) -> Say {
        match self {
            _ if self.is_about_identity() => Say::new("待核验身份", "held for identity check"),
            HeldReason::AgeUnproven => Say::new(
                "作出决定时未满二十三周岁且缺少行为发生日期，暂不入库；请补报行为发生日期",
                "18 to 22 years old at the decision and no date of the conduct: send the date of the conduct",
            ),
            HeldReason::AdulthoodNotAttested => Say::new(
                "证件不含出生日期，暂不入库；请在「成年证明」列填“是”",
                "the document bears no birth date: attest in the column CNZM that the person was of age",
            ),
            _ => Say::new(
                "内容与已被取代的旧版本相同，暂不入库；如确需恢复旧内容，请填写数据更新时间（SJC）",
                "equal to a version that was superseded: if it is meant, send it with its source time (SJC)",
            ),
        }
    }
}
