//! What made-up people and businesses are punished for: everyday matters, each with the provision it rests on and
//! outcomes that the provision allows.
//!
//! Nothing here is about health, belief, family or public-security violations: such rows may not exist in good data.
//! The articles are cited as real files cite them; whether they still read so is the catalogue's business, not this
//! list's.

/// A kind of penalty, as `CF_CFLB` writes it.
///
/// # Source
/// 行政处罚法 art. 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Warning,
    Criticism,
    Fine,
    IllegalGains,
    IllegalGoods,
    Suspension,
    Downgrade,
    Revocation,
    Closure,
    Bar,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "警告",
            Self::Criticism => "通报批评",
            Self::Fine => "罚款",
            Self::IllegalGains => "没收违法所得",
            Self::IllegalGoods => "没收非法财物",
            Self::Suspension => "暂扣许可证件",
            Self::Downgrade => "降低资质等级",
            Self::Revocation => "吊销许可证件",
            Self::Closure => "责令停产停业",
            Self::Bar => "限制从业",
        }
    }
}

impl Kind {
    /// Does it oblige the sender to fill the column of confiscated value or of the licence?
    pub(super) fn needs_columns(self) -> bool {
        matches!(self, Self::IllegalGains | Self::IllegalGoods | Self::Suspension | Self::Revocation)
    }
}

/// How a case ended: amounts in 元 (CNY), from `least` to `most` in steps.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) kind: Kind,
    pub(super) least: i64,
    pub(super) most: i64,
    pub(super) step: i64,
    /// Licence suspended, lowered or revoked; empty otherwise.
    pub(super) licence: &'static str,
}

/// One offence.
#[derive(Debug)]
pub(super) struct Offence {
    pub(super) authority: &'static str,
    pub(super) name: &'static str,
    /// What was found; follows day and place.
    pub(super) facts: &'static str,
    pub(super) basis: &'static str,
    pub(super) by_person: bool,
    pub(super) by_business: bool,
    pub(super) outcomes: &'static [Outcome],
}

const fn plain(kind: Kind) -> Outcome {
    Outcome { kind, least: 0, most: 0, step: 1, licence: "" }
}

const fn money(kind: Kind, least: i64, most: i64, step: i64) -> Outcome {
    Outcome { kind, least, most, step, licence: "" }
}

const fn fine(least: i64, most: i64, step: i64) -> Outcome {
    money(Kind::Fine, least, most, step)
}

const fn licence(kind: Kind, licence: &'static str) -> Outcome {
    Outcome { kind, least: 0, most: 0, step: 1, licence }
}

/// Who can commit it.
enum By {
    Person,
    Business,
    Both,
}

const fn offence(
    authority: &'static str,
    by: By,
    name: &'static str,
    facts: &'static str,
    basis: &'static str,
    outcomes: &'static [Outcome],
) -> Offence {
    let (by_person, by_business) = match by {
        By::Person => (true, false),
        By::Business => (false, true),
        By::Both => (true, true),
    };
    Offence { authority, name, facts, basis, by_person, by_business, outcomes }
}

pub(super) static OFFENCES: &[Offence] = &[
    offence(
        "market_regulation",
        By::Both,
        "经营超过保质期的食品",
        "经营超过保质期的食品，货值较小",
        "《中华人民共和国食品安全法》第一百二十四条第一款第五项",
        &[fine(2_000, 50_000, 500), money(Kind::IllegalGains, 35, 4_800, 1)],
    ),
    offence(
        "market_regulation",
        By::Both,
        "无照经营",
        "未取得营业执照从事经营活动",
        "《无证无照经营查处办法》第十三条",
        &[fine(300, 10_000, 100), money(Kind::IllegalGains, 80, 9_600, 1)],
    ),
    offence(
        "market_regulation",
        By::Business,
        "发布虚假广告",
        "在店堂内发布与实际不符的商品广告",
        "《中华人民共和国广告法》第五十五条第一款",
        &[fine(3_000, 200_000, 1_000)],
    ),
    offence(
        "market_regulation",
        By::Business,
        "销售不合格产品",
        "销售的插座经抽样检验不合格",
        "《中华人民共和国产品质量法》第四十九条",
        &[fine(1_000, 80_000, 100), money(Kind::IllegalGoods, 120, 30_000, 10), plain(Kind::Closure)],
    ),
    offence(
        "market_regulation",
        By::Business,
        "餐具未按规定消毒",
        "使用的餐具未经洗净消毒",
        "《中华人民共和国食品安全法》第一百二十六条第一款第五项",
        &[plain(Kind::Warning), fine(5_000, 20_000, 500)],
    ),
    offence(
        "transport",
        By::Person,
        "无证从事道路运输",
        "驾驶货车时未随车携带从业资格证件",
        "《中华人民共和国道路运输条例》第六十四条",
        &[fine(200, 2_000, 100)],
    ),
    offence(
        "transport",
        By::Both,
        "超限运输",
        "使用超限车辆运输货物，超限不足百分之三十",
        "《公路安全保护条例》第六十四条",
        &[plain(Kind::Warning), fine(500, 30_000, 500)],
    ),
    offence(
        "transport",
        By::Person,
        "网约车违规营运",
        "未取得网络预约出租汽车驾驶员证从事营运",
        "《网络预约出租汽车经营服务管理暂行办法》第三十四条",
        &[fine(200, 2_000, 100)],
    ),
    offence(
        "transport",
        By::Both,
        "擅自改装营运车辆",
        "擅自改装已取得道路运输证的车辆",
        "《中华人民共和国道路运输条例》第七十条",
        &[fine(5_000, 20_000, 500), licence(Kind::Suspension, "道路运输证")],
    ),
    offence(
        "fire_rescue",
        By::Both,
        "占用疏散通道",
        "在楼梯间堆放杂物，占用疏散通道",
        "《中华人民共和国消防法》第六十条第一款第三项、第二款",
        &[plain(Kind::Warning), fine(100, 500, 50)],
    ),
    offence(
        "fire_rescue",
        By::Business,
        "消防设施不符合标准",
        "室内消火栓无水，消防设施未保持完好有效",
        "《中华人民共和国消防法》第六十条第一款第一项",
        &[fine(5_000, 50_000, 1_000)],
    ),
    offence(
        "fire_rescue",
        By::Person,
        "违规使用明火",
        "在具有火灾危险的仓库内使用明火作业",
        "《中华人民共和国消防法》第六十三条第二项",
        &[plain(Kind::Warning), fine(100, 500, 50)],
    ),
    offence(
        "housing_construction",
        By::Person,
        "房地产经纪人员违规",
        "以个人名义承接房地产经纪业务和收取费用",
        "《房地产经纪管理办法》第三十三条",
        &[fine(1_000, 10_000, 500)],
    ),
    offence(
        "housing_construction",
        By::Person,
        "注册人员未履行职责",
        "担任项目负责人期间未按规定在岗履职",
        "《建设工程质量管理条例》第七十二条",
        &[plain(Kind::Bar), licence(Kind::Suspension, "注册执业证书"), fine(10_000, 50_000, 1_000)],
    ),
    offence(
        "housing_construction",
        By::Business,
        "未取得施工许可证施工",
        "未取得施工许可证擅自施工",
        "《中华人民共和国建筑法》第六十四条",
        &[fine(10_000, 300_000, 5_000), licence(Kind::Downgrade, "建筑业企业资质")],
    ),
    offence(
        "ecology",
        By::Person,
        "露天焚烧",
        "露天焚烧落叶产生烟尘污染",
        "《中华人民共和国大气污染防治法》第一百一十九条第一款",
        &[fine(500, 2_000, 100)],
    ),
    offence(
        "ecology",
        By::Business,
        "未批先建",
        "建设项目未依法报批环境影响报告表即开工建设",
        "《中华人民共和国环境影响评价法》第三十一条第一款",
        &[fine(10_000, 500_000, 1_000), plain(Kind::Criticism)],
    ),
    offence(
        "urban_management",
        By::Both,
        "擅自占道经营",
        "占用人行道摆放货架经营",
        "《城市市容和环境卫生管理条例》第三十六条",
        &[plain(Kind::Warning), fine(50, 2_000, 50)],
    ),
    offence(
        "urban_management",
        By::Person,
        "随意倾倒垃圾",
        "随意倾倒装修垃圾",
        "《中华人民共和国固体废物污染环境防治法》第一百一十一条",
        &[fine(100, 500, 50)],
    ),
    offence(
        "urban_management",
        By::Both,
        "违法搭建",
        "未取得规划许可在楼顶搭建构筑物",
        "《中华人民共和国城乡规划法》第六十四条",
        &[fine(1_000, 30_000, 100)],
    ),
    offence(
        "emergency_management",
        By::Person,
        "主要负责人未履行安全职责",
        "作为主要负责人未组织制定应急救援预案",
        "《中华人民共和国安全生产法》第九十四条第一款",
        &[fine(20_000, 50_000, 1_000)],
    ),
    offence(
        "emergency_management",
        By::Business,
        "未如实记录培训情况",
        "未如实记录从业人员安全生产教育培训情况",
        "《中华人民共和国安全生产法》第九十七条第四项",
        &[fine(3_000, 100_000, 1_000)],
    ),
    offence(
        "emergency_management",
        By::Person,
        "无证上岗作业",
        "未取得特种作业操作证从事电焊作业",
        "《特种作业人员安全技术培训考核管理规定》第四十一条",
        &[plain(Kind::Warning), fine(1_000, 5_000, 500)],
    ),
    offence(
        "human_resources",
        By::Business,
        "拒不支付劳动报酬",
        "未按规定编制书面工资支付台账",
        "《保障农民工工资支付条例》第五十四条",
        &[fine(5_000, 20_000, 1_000)],
    ),
    offence(
        "human_resources",
        By::Both,
        "违规从事职业中介",
        "未经许可从事职业中介活动",
        "《中华人民共和国就业促进法》第六十四条",
        &[fine(10_000, 50_000, 1_000), money(Kind::IllegalGains, 200, 20_000, 10)],
    ),
    offence(
        "culture_tourism",
        By::Person,
        "无证导游",
        "未取得导游证从事导游活动",
        "《中华人民共和国旅游法》第一百零二条第一款",
        &[fine(1_000, 10_000, 500), money(Kind::IllegalGains, 100, 3_000, 10)],
    ),
    offence(
        "culture_tourism",
        By::Person,
        "导游私自承揽业务",
        "私自承揽导游业务",
        "《中华人民共和国旅游法》第一百零二条第二款",
        &[fine(1_000, 10_000, 500), licence(Kind::Revocation, "导游证")],
    ),
    offence(
        "culture_tourism",
        By::Business,
        "旅行社违规经营",
        "未向旅游者提供书面合同",
        "《旅行社条例》第五十五条",
        &[fine(20_000, 100_000, 5_000), plain(Kind::Closure)],
    ),
    offence(
        "public_security",
        By::Both,
        "机动车违反禁令标志",
        "驾驶机动车违反禁止货车通行标志指示",
        "《中华人民共和国道路交通安全法》第九十条",
        &[plain(Kind::Warning), fine(20, 200, 10)],
    ),
    offence(
        "public_security",
        By::Person,
        "超速行驶",
        "驾驶机动车超过规定时速百分之五十",
        "《中华人民共和国道路交通安全法》第九十九条",
        &[fine(200, 2_000, 100), licence(Kind::Revocation, "机动车驾驶证")],
    ),
    offence(
        "tax",
        By::Both,
        "未按期申报纳税",
        "未按照规定的期限办理纳税申报",
        "《中华人民共和国税收征收管理法》第六十二条",
        &[fine(50, 2_000, 50)],
    ),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::items::penalty;

    #[test]
    fn every_sender_of_penalties_has_offences_of_businesses_and_persons() {
        for sender in penalty().senders {
            assert!(OFFENCES.iter().any(|o| o.authority == *sender && o.by_person), "{sender}");
            assert!(OFFENCES.iter().any(|o| o.authority == *sender && o.by_business), "{sender}");
        }
    }

    #[test]
    fn no_offence_rests_on_the_public_security_penalties_law_or_touches_what_may_not_be_held() {
        for o in OFFENCES {
            for word in ["治安管理", "疾病", "宗教", "婚姻", "计划生育"] {
                assert!(!o.basis.contains(word) && !o.facts.contains(word) && !o.name.contains(word), "{}", o.name);
            }
        }
    }

    #[test]
    fn every_offence_can_end_in_a_file_with_few_columns() {
        assert!(OFFENCES.iter().all(|o| o.outcomes.iter().any(|o| !o.kind.needs_columns())));
    }

    #[test]
    fn amounts_are_there_exactly_where_the_outcome_has_money() {
        for outcome in OFFENCES.iter().flat_map(|o| o.outcomes) {
            let monetary = matches!(outcome.kind, Kind::Fine | Kind::IllegalGains | Kind::IllegalGoods);
            assert_eq!(outcome.most > 0, monetary);
            assert!(outcome.least <= outcome.most && outcome.step > 0);
            let licensed = matches!(outcome.kind, Kind::Suspension | Kind::Revocation | Kind::Downgrade);
            assert_eq!(!outcome.licence.is_empty(), licensed);
        }
    }
}
