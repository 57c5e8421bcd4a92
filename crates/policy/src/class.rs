//! The classes of the national base catalogue, as far as a policy may speak of them.

/// A class of the national base catalogue.
///
/// # Source
/// 全国公共信用信息基础目录（2024年版）. The dictionary `item-class` of the shipped catalogue holds the same thirteen; a
/// test compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// 登记注册基本信息.
    Registration,
    /// 司法裁判及执行.
    Judicial,
    /// 行政管理.
    Administration,
    /// 职称和职业.
    Professions,
    /// 经营（活动）异常名录（状态）.
    Abnormal,
    /// 严重失信主体名单.
    Lists,
    /// 合同履行.
    Contracts,
    /// 信用承诺及履行情况.
    Commitments,
    /// 信用评价结果.
    Evaluation,
    /// 遵守法律法规情况.
    Compliance,
    /// 诚实守信相关荣誉.
    Honours,
    /// 知识产权.
    IntellectualProperty,
    /// 经营主体自主提供.
    SelfProvided,
}

impl Class {
    /// All classes, in the order of the national catalogue.
    pub const ALL: [Class; 13] = [
        Class::Registration,
        Class::Judicial,
        Class::Administration,
        Class::Professions,
        Class::Abnormal,
        Class::Lists,
        Class::Contracts,
        Class::Commitments,
        Class::Evaluation,
        Class::Compliance,
        Class::Honours,
        Class::IntellectualProperty,
        Class::SelfProvided,
    ];

    /// The word of the dictionary `item-class`, by which items name their class and policies speak of it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Class::Registration => "登记注册基本信息",
            Class::Judicial => "司法裁判及执行",
            Class::Administration => "行政管理",
            Class::Professions => "职称和职业",
            Class::Abnormal => "经营（活动）异常名录（状态）",
            Class::Lists => "严重失信主体名单",
            Class::Contracts => "合同履行",
            Class::Commitments => "信用承诺及履行情况",
            Class::Evaluation => "信用评价结果",
            Class::Compliance => "遵守法律法规情况",
            Class::Honours => "诚实守信相关荣誉",
            Class::IntellectualProperty => "知识产权",
            Class::SelfProvided => "经营主体自主提供",
        }
    }

    /// Reads [`Class::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }
}
