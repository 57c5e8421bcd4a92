//! The catalogue that is shipped: sound, and as wide as the national catalogue and the city plans.

use std::collections::BTreeSet;
use std::path::Path;

use chengxin_core::catalogue::model::{FieldRole, FieldType, Polarity, SubjectKind, Use};
use chengxin_core::catalogue::{Catalogue, FindingRule, ItemDef, check, forbidden};
use jiff::civil::date;

use crate::example::{PLACE, TODAY, load};

fn shipped_files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut files: Vec<_> = [("", folder.clone()), ("matters/", folder.join("matters"))]
        .into_iter()
        .flat_map(|(under, folder)| std::fs::read_dir(folder).unwrap().map(move |entry| (under, entry.unwrap().path())))
        .filter(|(_, path)| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|(under, path)| {
            let name = format!("{under}{}", path.file_name().unwrap().to_str().unwrap());
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

pub(crate) fn shipped() -> Catalogue {
    load(&shipped_files())
}

/// Classes of the national base catalogue of 2024.
const CLASSES: &[&str] = &[
    "登记注册基本信息",
    "司法裁判及执行",
    "行政管理",
    "职称和职业",
    "经营(活动)异常名录(状态)",
    "严重失信主体名单",
    "合同履行",
    "信用承诺及履行情况",
    "信用评价结果",
    "遵守法律法规情况",
    "诚实守信相关荣誉",
    "知识产权",
    "经营主体自主提供",
];

/// Fields of life that the city plans name.
const DOMAINS: &[&str] = &[
    "食品药品",
    "安全生产",
    "消防安全",
    "交通安全",
    "环境保护",
    "生物安全",
    "产品质量",
    "不动产交易",
    "税收缴纳",
    "医疗卫生",
    "劳动保障",
    "社会保险",
    "社会救助",
    "工程建设",
    "金融服务",
    "知识产权",
    "司法诉讼",
    "电子商务",
    "志愿服务",
];

/// Occupations that the city plans name.
const OCCUPATIONS: &[&str] = &[
    "公务员",
    "企(事)业法定代表人及相关责任人",
    "律师",
    "教师",
    "医师",
    "执业药师",
    "评估师",
    "税务师",
    "注册消防工程师",
    "注册建筑师",
    "会计审计人员",
    "房地产中介从业人员",
    "认证人员",
    "金融从业人员",
    "导游",
    "专利代理人",
    "公证员",
    "基层法律服务工作者",
    "法律援助人员",
    "司法鉴定人员",
];

/// Codes of the licence file, as deployed systems use them.
const LICENCE: &[&str] = &[
    "XK_XDR_MC",
    "XK_XDR_LB",
    "XK_XKWS",
    "XK_WSH",
    "XK_XKLB",
    "XK_XKZS",
    "XK_XKBH",
    "XK_NR",
    "XK_JDRQ",
    "XK_YXQZ",
    "XK_YXQZI",
    "XK_XKJG",
    "XK_XKJGDM",
    "XK_ZT",
    "XK_LYDW",
    "XK_LYDWDM",
    "BZ",
    "XK_XDR_ZJLX",
    "XK_XDR_ZJHM",
    "XK_XDR_SHXYM",
    "XK_XDR_GSZC",
    "XK_XDR_ZZJG",
    "XK_XDR_SWDJ",
    "XK_XDR_SYDW",
    "XK_XDR_SHZZ",
    "XK_FRDB",
    "XK_FR_ZJLX",
    "XK_FR_ZJHM",
    "XK_SYFW",
    "XK_FR_SFZH",
];

/// Codes of the penalty file.
const PENALTY: &[&str] = &[
    "CF_XDR_MC",
    "CF_XDR_LB",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_NR_WFFF",
    "CF_NR_ZKDX",
    "CF_JDRQ",
    "CF_YXQ",
    "CF_GSJZQ",
    "CF_CFJG",
    "CF_CFJGDM",
    "CF_SJLY",
    "CF_SJLYDM",
    "BZ",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_XDR_SHXYM",
    "CF_XDR_GSZC",
    "CF_XDR_ZZJG",
    "CF_XDR_SWDJ",
    "CF_XDR_SYDW",
    "CF_XDR_SHZZ",
    "CF_FRDB",
    "CF_FR_ZJLX",
    "CF_FR_ZJHM",
    "CF_CFMC",
    "CF_CFLB1",
    "CF_CFLB2",
    "CF_JG",
    "CF_XZJG",
    "CF_FR",
    "CF_XDR_ZDM",
    "CF_XDR_GSDJ",
    "CF_XDR_SFZ",
    "CF_ZT",
    "DFBM",
    "SJC",
    "CF_SYFW",
    "CF_FR_SFZH",
];

/// 行政处罚法 art. 9, as the file has them.
const PENALTY_TYPES: &[&str] = &[
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "行政拘留",
    "其他",
];

#[test]
fn the_shipped_catalogue_is_refused_for_nothing() {
    let errors: Vec<_> = check(&shipped_files(), TODAY, PLACE).into_iter().filter(|f| f.is_error()).collect();
    let text: String = errors.iter().map(|f| format!("{f}\n")).collect();
    assert!(errors.is_empty(), "{text}");
}

#[test]
fn no_record_of_the_last_three_years_lacks_a_display_period() {
    let gaps: Vec<_> =
        check(&shipped_files(), TODAY, PLACE).into_iter().filter(|f| f.rule == FindingRule::PeriodGap).collect();
    assert!(gaps.is_empty(), "{gaps:#?}");
}

#[test]
fn the_shipped_catalogue_holds_in_every_place() {
    for place in ["110000", "310000", "990000"] {
        assert!(check(&shipped_files(), TODAY, place).iter().all(|f| !f.is_error()), "{place}");
    }
}

#[test]
fn at_least_sixty_items_cover_every_class_field_of_life_and_occupation() {
    let catalogue = shipped();
    assert!(catalogue.items().len() >= 60, "{}", catalogue.items().len());
    let all = |of: fn(&ItemDef) -> Vec<String>| -> BTreeSet<String> { catalogue.items().iter().flat_map(of).collect() };
    for (wanted, used, dictionary) in [
        (CLASSES, all(|def| vec![def.item.class.clone()]), "item-class"),
        (DOMAINS, all(|def| def.item.domains.clone()), "domain"),
        (OCCUPATIONS, all(|def| def.item.occupations.clone()), "occupation"),
    ] {
        let choices = catalogue.dictionary(dictionary).unwrap();
        for word in wanted {
            let (value, _) = choices.normalise(word).unwrap_or_else(|| panic!("{dictionary} lacks {word}"));
            assert!(used.contains(value), "no item of {dictionary} {word}");
        }
        let idle: Vec<_> = choices.values().filter(|value| !used.contains(*value)).collect();
        assert!(idle.is_empty(), "{dictionary}: {idle:?}");
    }
}

#[test]
fn licences_and_penalties_take_every_heading_of_the_national_files() {
    let catalogue = shipped();
    for (code, headings) in [("licence", LICENCE), ("penalty", PENALTY)] {
        let item = catalogue.item(code).unwrap();
        let missing: Vec<_> = headings.iter().filter(|heading| item.match_heading(heading).is_none()).collect();
        assert!(missing.is_empty(), "{code}: {missing:?}");
    }
}

#[test]
fn penalties_know_all_kinds_of_penalty_and_amounts_in_ten_thousand_yuan() {
    let catalogue = shipped();
    let item = catalogue.item("penalty").unwrap();
    let kinds = item.field("CF_CFLB").unwrap().choices.clone().unwrap();
    for kind in PENALTY_TYPES {
        assert!(kinds.holds(kind), "{kind}");
    }
    for amount in ["CF_NR_FK", "CF_NR_WFFF"] {
        assert_eq!(item.field(amount).unwrap().field.kind, FieldType::MoneyWan);
    }
    assert_eq!(item.item.polarity, Polarity::Adverse);
}

#[test]
fn licences_and_penalties_can_be_sent_for_persons_and_organisations_within_seven_working_days() {
    let catalogue = shipped();
    for code in ["licence", "penalty"] {
        let item = catalogue.item(code).unwrap();
        assert!(item.allows(SubjectKind::Person) && item.allows(SubjectKind::Organisation), "{code}");
        assert_eq!(item.item.send_within_working_days, Some(7), "{code}");
        assert!(item.basis_on(TODAY).all(|basis| catalogue.clause(&basis.clause).unwrap().1.verified), "{code}");
        assert!(item.index_of(FieldRole::AuthorityName).is_some(), "{code}");
    }
    assert!(catalogue.item("penalty").unwrap().index_of(FieldRole::CitedBasis).is_some());
}

#[test]
fn the_columns_of_the_legal_representative_are_shown_to_nobody_outside() {
    let catalogue = shipped();
    for (item, field) in
        [("licence", "XK_FRDB"), ("licence", "XK_FR_ZJHM"), ("penalty", "CF_FRDB"), ("penalty", "CF_FR_ZJHM")]
    {
        let item = catalogue.item(item).unwrap();
        let def = &item.fields[item.match_heading(field).unwrap()];
        assert!(
            def.field.shown_to.iter().all(|to| matches!(to, chengxin_core::catalogue::Audience::Subject)),
            "{field}"
        );
        assert_eq!(def.field.role, None, "{field} never finds a person");
    }
}

#[test]
fn severity_and_display_of_a_penalty_follow_order_36() {
    let catalogue = shipped();
    let item = catalogue.item("penalty").unwrap();
    let decided = date(2026, 4, 1);
    let until = |kind: &'static str| {
        let severity = item.severity_of(decided, SubjectKind::Person, |code| if code == "CF_CFLB" { kind } else { "" });
        item.display_until(decided, severity, None)
    };
    assert_eq!(until("警告"), Some(date(2026, 7, 2)));
    assert_eq!(until("没收违法所得"), Some(date(2027, 4, 2)));
    assert_eq!(until("吊销许可证件"), Some(date(2029, 4, 2)));
}

#[test]
fn every_adverse_item_can_be_repaired_today() {
    let catalogue = shipped();
    let without: Vec<_> = catalogue
        .items()
        .iter()
        .filter(|def| def.item.polarity == Polarity::Adverse && def.repair_on(TODAY).is_none())
        .map(ItemDef::code)
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn no_adverse_record_about_a_person_is_published() {
    let catalogue = shipped();
    for def in catalogue.items().iter().filter(|def| def.item.polarity == Polarity::Adverse) {
        let mut rules = def.use_rule(Use::Public, TODAY);
        assert!(!rules.any(|rule| rule.subjects.iter().any(|kind| kind.is_person_like())), "{}", def.code());
    }
}

#[test]
fn responsible_persons_are_recorded_by_their_own_item() {
    let catalogue = shipped();
    let item = catalogue.item("responsible-person").unwrap();
    assert_eq!(item.item.subjects, [SubjectKind::Person]);
}

#[test]
fn nothing_shipped_speaks_of_a_forbidden_kind_or_grades_people() {
    for def in shipped().items().iter().filter(|def| def.concerns_people()) {
        for text in [&def.item.name, &def.item.name_en, &def.item.code] {
            assert_eq!(forbidden::scan_for_score(text), None, "{text}");
        }
    }
}

#[test]
fn no_label_beside_an_amount_names_the_unit_of_the_file() {
    let catalogue = shipped();
    let fields = catalogue.items().iter().flat_map(|item| &item.fields).map(|def| &def.field);
    let amounts: Vec<_> =
        fields.filter(|field| matches!(field.kind, FieldType::MoneyWan | FieldType::MoneyYuan)).collect();
    assert!(amounts.len() > 5, "{}", amounts.len());
    for field in amounts {
        let read = field.label_read();
        assert!(!read.zh.contains('元') && !read.en.contains("CNY"), "{}: {read}", field.code);
        assert!(field.label.starts_with(&read.zh) && !read.zh.is_empty(), "{}: {read}", field.code);
    }
}
