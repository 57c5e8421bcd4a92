//! Names of people: common ones (hence homonyms), compound surnames, minority names with ·, rare characters.

use crate::rng::Rng;

/// Surnames, the most common first.
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "韩", "冯", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡",
    "蒋", "余", "于", "杜", "叶", "程", "魏", "苏", "吕", "丁", "任", "卢", "沈", "钟", "姜", "崔", "谭", "陆", "范",
    "汪", "廖", "石", "金", "韦", "贾", "夏", "付", "方", "邹", "熊", "白", "孟", "秦", "邱", "侯", "江", "尹", "薛",
    "闫", "段", "雷", "龙", "黎", "史", "陶", "贺", "郝", "顾", "龚", "邵", "万", "覃", "武", "钱", "戴", "严", "莫",
    "孔", "向", "常",
];

/// Surnames of two characters.
const COMPOUND: &[&str] = &["欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "令狐", "慕容"];

/// Characters of given names, the most common first. Those that with a common surname make the name of somebody
/// everybody has heard of are left out.
const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平",
    "刚", "桂", "英", "华", "玉", "秀", "兰", "文", "建", "国", "红", "志", "海", "春", "梅", "晓", "燕", "辉", "波",
    "宁", "鹏", "飞", "婷", "雪", "琳", "慧", "莹", "颖", "倩", "宇", "浩", "轩", "子", "涵", "欣", "怡", "佳", "思",
    "嘉", "俊", "博", "天", "永", "新", "成", "光", "庆", "振", "林", "斌", "峰", "龙", "凯", "安", "康", "学", "忠",
    "良", "青", "月", "洁", "萍", "琴", "凤", "珍", "荣", "爱", "素", "巧", "美", "若", "雨", "清", "瑶", "昕", "睿",
    "航", "启",
];

/// First parts of minority names, as they are written in Chinese characters.
const FIRST: &[&str] = &[
    "阿依古丽",
    "古丽娜尔",
    "买买提",
    "艾力",
    "吐尔逊",
    "热依汗",
    "木拉提",
    "帕提古丽",
    "扎西",
    "卓玛",
    "次仁",
    "达瓦",
    "阿木古郎",
    "乌兰",
    "尔古",
    "吉克",
];

/// Second parts.
const SECOND: &[&str] = &[
    "买买提",
    "艾合买提",
    "吐尔逊",
    "依布拉音",
    "阿不都热合曼",
    "尼牙孜",
    "多吉",
    "央金",
    "平措",
    "巴特尔",
    "其其格",
    "木呷",
    "阿依",
];

/// Given names with characters that many programs lose: two in the basic plane outside common fonts, the rest beyond
/// it, where UTF-16 needs two units and GBK has nothing.
const RARE: &[&str] = &["㛃", "䶮", "𬭊", "𫍽", "文𬭊", "㛃然", "子䶮", "𬀩", "𬱟", "云𫍽"];

/// Kind of name, as the city needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Common,
    Compound,
    Minority,
    Rare,
}

impl NameKind {
    /// What share of people has which kind of name: 1 in 200 a rare character, 1 in 40 a name with ·.
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        match rng.below(200) {
            0 => Self::Rare,
            1..=5 => Self::Minority,
            6..=9 => Self::Compound,
            _ => Self::Common,
        }
    }
}

/// A name of that kind.
pub(crate) fn name(kind: NameKind, rng: &mut Rng) -> String {
    match kind {
        NameKind::Common => rng.pick_early(SURNAMES).to_owned() + &given(rng),
        NameKind::Compound => rng.pick(COMPOUND).to_owned() + &given(rng),
        NameKind::Minority => format!("{}·{}", rng.pick(FIRST), rng.pick(SECOND)),
        NameKind::Rare => rng.pick_early(SURNAMES).to_owned() + rng.pick(RARE),
    }
}

fn given(rng: &mut Rng) -> String {
    let mut given = rng.pick_early(GIVEN).to_owned();
    if !rng.percent(22) {
        given.push_str(rng.pick_early(GIVEN));
    }
    given
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn rare_names_need_gb18030_and_others_do_not() {
        for index in 0..500 {
            let mut rng = Rng::of(3, 9, index);
            for kind in [NameKind::Common, NameKind::Compound, NameKind::Minority] {
                let made = name(kind, &mut rng);
                assert!(!encoding_rs::GBK.encode(&made).2, "{made} is in GBK");
            }
            let rare = name(NameKind::Rare, &mut rng);
            assert!(!encoding_rs::GB18030.encode(&rare).2);
            assert!(RARE.iter().any(|r| rare.ends_with(r)));
        }
    }
}
