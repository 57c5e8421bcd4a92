//! What nobody may record, whatever a catalogue says. This part is compiled in: a file cannot loosen it.
//!
//! A field says what its content is about with a word of the closed vocabulary ([`content`]). A word of a forbidden
//! kind is refused, and so is a field whose code, heading or alias speaks of one ([`scan`]): a mislabelled
//! `血型` is still a blood type.
//!
//! # Source
//! 征信业管理条例 art. 14 (religion, genes, fingerprints, blood type, disease and medical history); 治安管理处罚法
//! art. 136, in force 2026-01-01 (public-security violation records). The other kinds are house rules: sensitive under
//! 个人信息保护法 art. 28, or without any ground on which a credit record could rest on them.

use std::borrow::Cow;

use super::heading::fold;

/// What a field's content may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Word used in the catalogue.
    pub code: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// May it be recorded?
    pub allowed: bool,
}

/// What a field may be about.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("identity", "主体身份", "identity of the subject"),
    ("contact", "联系方式", "contacts"),
    ("amount", "金额", "an amount"),
    ("decision", "决定及其内容", "a decision"),
    ("qualification", "资格资质", "a qualification"),
    ("honour", "荣誉", "an honour"),
    ("commitment", "承诺及履行", "a commitment"),
    ("contract", "合同及履行", "a contract"),
    ("property_right", "财产权利", "a property right"),
    ("enterprise_status", "经营主体状态", "the status of an enterprise"),
    ("remark", "备注", "a remark"),
];

/// A kind of content that is refused, with the words that give it away.
struct Forbidden {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    /// Chinese words, looked for anywhere in a heading once spaces and punctuation are gone.
    words: &'static [&'static str],
    /// English words or phrases, looked for as whole words. A trailing `*` takes any ending.
    english: &'static [&'static str],
    /// Longer phrases that contain a word and mean something else; they are taken out before looking.
    except: &'static [&'static str],
    /// Refused only where the item can be about people.
    people_only: bool,
}

impl Forbidden {
    const fn content(&self) -> Content {
        Content { code: self.code, zh: self.zh, en: self.en, allowed: false }
    }
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        code: "religion",
        zh: "宗教信仰",
        en: "religion",
        words: &["宗教", "信仰", "教派", "皈依", "教徒"],
        english: &["religio*", "faith", "creed"],
        // Places of worship are registered organisations, and an office is called after them.
        except: &["宗教活动场所", "宗教事务", "宗教院校"],
        people_only: false,
    },
    Forbidden {
        code: "ethnicity",
        zh: "民族",
        en: "ethnicity",
        words: &["民族", "族别", "种族"],
        english: &["ethnic*", "race"],
        except: &["民族宗教事务", "民族事务", "中华民族"],
        people_only: false,
    },
    Forbidden {
        code: "genes",
        zh: "基因",
        en: "genes",
        words: &["基因", "dna", "遗传", "染色体"],
        english: &["gene", "genes", "genetic*", "genom*", "dna"],
        // Genetically modified crops and collections of genetic resources are licensed.
        except: &["转基因", "遗传资源", "基因工程药物", "genetically modified", "genetic resources"],
        people_only: false,
    },
    Forbidden {
        code: "fingerprints",
        zh: "指纹",
        en: "fingerprints",
        words: &["指纹", "掌纹", "指静脉", "指印"],
        english: &["fingerprint*", "palm print*"],
        except: &["证书指纹", "文件指纹", "数字指纹", "certificate fingerprint"],
        people_only: false,
    },
    Forbidden {
        code: "blood_type",
        zh: "血型",
        en: "blood type",
        words: &["血型"],
        english: &["blood type*", "blood group*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "disease",
        zh: "疾病和健康状况",
        en: "disease and health",
        words: &[
            "疾病",
            "病种",
            "病名",
            "病情",
            "诊断",
            "患病",
            "患者",
            "传染病",
            "慢性病",
            "职业病",
            "精神障碍",
            "精神病",
            "残疾",
            "伤残",
            "艾滋",
            "hiv",
            "肝炎",
            "健康状况",
            "健康信息",
            "体检",
            "怀孕",
            "孕产",
        ],
        english: &["disease*", "illness*", "diagnos*", "disabilit*", "health status", "hiv", "pregnan*"],
        // Offices, licences, levies and statutes that carry the word and say nothing about anyone's body.
        except: &[
            "疾病预防控制",
            "职业病防治",
            "职业病危害",
            "职业病诊断机构",
            "职业病诊断资质",
            "传染病防治",
            "体外诊断",
            "诊断试剂",
            "诊断设备",
            "动物疾病",
            "残疾人就业保障金",
            "残疾人联合会",
            "disease control",
        ],
        people_only: false,
    },
    Forbidden {
        code: "medical_history",
        zh: "病史",
        en: "medical history",
        words: &["病史", "病历", "就诊", "就医", "住院", "诊疗记录", "医疗记录", "用药", "手术", "处方"],
        english: &["medical histor*", "medical record*", "hospitalis*", "hospitaliz*", "prescription*"],
        except: &["处方药", "处方权", "prescription drug*", "prescription medicine*"],
        people_only: false,
    },
    Forbidden {
        code: "biometrics",
        zh: "生物识别",
        en: "biometrics",
        words: &["人脸", "面部", "面容", "虹膜", "声纹", "步态", "生物特征", "生物识别"],
        english: &["biometric*", "iris", "face image*", "facial*", "voiceprint*", "gait"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "politics",
        zh: "政治面貌和政治观点",
        en: "politics",
        words: &[
            "政治面貌",
            "政治倾向",
            "政治观点",
            "政治立场",
            "政治身份",
            "政治态度",
            "党派",
            "党员",
            "入党",
            "党籍",
        ],
        english: &["political*", "party member*", "party affiliation*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "online_speech",
        zh: "网络言论和社交行为",
        en: "online speech",
        words: &[
            "言论",
            "发帖",
            "跟帖",
            "微博",
            "微信号",
            "朋友圈",
            "社交账号",
            "社交媒体",
            "社交关系",
            "聊天",
            "浏览记录",
            "上网记录",
            "搜索记录",
        ],
        english: &["online speech", "social media", "browsing histor*", "search histor*", "chat histor*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "family",
        zh: "家庭成员和亲属",
        en: "family",
        words: &[
            "家庭成员",
            "家庭关系",
            "家庭情况",
            "家庭背景",
            "家属",
            "亲属",
            "直系",
            "配偶",
            "父母",
            "父亲",
            "母亲",
            "子女",
            "生育",
            "计划生育",
            "监护人",
            "赡养",
            "抚养",
        ],
        english: &["family member*", "relatives", "spouse*", "parent*", "child*", "kinship", "guardian*"],
        // A levy paid by employers; a parent company.
        except: &["生育保险", "parent company", "child care institution*"],
        people_only: false,
    },
    Forbidden {
        code: "marriage",
        zh: "婚姻",
        en: "marriage",
        words: &["婚姻", "婚史", "婚育", "结婚", "离婚", "婚恋"],
        english: &["marital*", "marriage*", "divorce*"],
        except: &["婚姻介绍", "marriage agency"],
        people_only: false,
    },
    Forbidden {
        code: "household",
        zh: "户籍和住址",
        en: "household and home address",
        words: &[
            "户籍",
            "户口",
            "户主",
            "籍贯",
            "家庭住址",
            "家庭地址",
            "家庭收入",
            "家庭财产",
            "住址",
            "居住地",
            "门牌",
        ],
        english: &["household*", "home address*", "residential address*", "native place"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "birth",
        zh: "出生信息",
        en: "birth",
        // The number, or the authority's word that the person is of age, is all that is needed.
        words: &["出生", "生日", "年龄"],
        english: &["birth*", "age"],
        // 行为发生日期: the day on which something happened, in which 生日 stands by accident.
        except: &["发生日", "产生日"],
        people_only: true,
    },
    Forbidden {
        code: "location_trace",
        zh: "行踪轨迹",
        en: "location traces",
        words: &[
            "行踪",
            "轨迹",
            "行程记录",
            "行程码",
            "定位信息",
            "实时定位",
            "手机定位",
            "位置信息",
            "住宿记录",
            "乘机记录",
            "乘车记录",
            "出行记录",
            "出入境记录",
            "gps",
        ],
        english: &["location trace*", "trajector*", "whereabouts", "travel histor*", "gps"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "purchases",
        zh: "消费购物",
        en: "purchases",
        words: &[
            "消费记录",
            "消费习惯",
            "消费水平",
            "消费金额",
            "购物",
            "购买记录",
            "网购",
            "订单记录",
            "交易流水",
            "银行流水",
        ],
        english: &["purchase histor*", "purchases", "shopping*", "consumption habit*"],
        except: &["购物中心", "shopping centre*"],
        people_only: false,
    },
    Forbidden {
        code: "wealth",
        zh: "收入和存款",
        en: "income and savings",
        words: &[
            "个人收入",
            "收入情况",
            "工资",
            "存款",
            "银行账号",
            "银行帐号",
            "银行卡",
            "有价证券",
            "商业保险",
            "个人财产",
        ],
        english: &["income", "salar*", "bank account*", "bank card*", "savings", "wages"],
        except: &["拖欠工资", "工资支付", "克扣工资", "工资保证金", "欠薪", "unpaid wages", "wage arrears"],
        people_only: true,
    },
    Forbidden {
        code: "utility_arrears",
        zh: "水电气、通信等欠费",
        en: "utility, post and telecom arrears",
        words: &["水费", "电费", "燃气费", "供暖费", "取暖费", "物业费", "话费", "宽带费", "通信欠费", "邮政欠费"],
        english: &["water bill*", "electricity bill*", "gas bill*", "phone bill*", "utility arrears", "utility bill*"],
        except: &["污水费", "排水费"],
        people_only: true,
    },
    Forbidden {
        code: "vaccination",
        zh: "疫苗接种",
        en: "vaccination",
        words: &["疫苗", "接种", "核酸", "健康码", "抗体"],
        english: &["vaccin*", "immunis*", "immuniz*", "health code*"],
        // Vaccines are made, released and sold under licence.
        except: &["疫苗生产", "疫苗管理", "疫苗流通", "疫苗批签发", "vaccine manufactur*", "vaccine production"],
        people_only: false,
    },
    Forbidden {
        code: "petitions",
        zh: "信访",
        en: "petitions",
        words: &["信访", "上访", "非访", "缠访", "闹访", "集访", "访民"],
        english: &["petition*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "photo",
        zh: "照片影像",
        en: "photographs",
        words: &["照片", "相片", "头像", "人像", "证件照", "影像资料", "监控录像"],
        english: &["photo", "photos", "photograph*", "portrait*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "schooling",
        zh: "学籍和在校表现",
        en: "files on pupils",
        words: &["学籍", "在校表现", "考试成绩", "学业成绩", "班级"],
        english: &["school record*", "exam result*", "pupil*"],
        except: &[],
        people_only: true,
    },
    Forbidden {
        code: "relief",
        zh: "受救助情况",
        en: "receipt of relief",
        words: &["低保", "救助对象", "受助人", "贫困户", "建档立卡", "特困人员"],
        english: &["relief recipient*", "poverty status"],
        except: &[],
        people_only: true,
    },
    Forbidden {
        code: "intimate_life",
        zh: "私密生活",
        en: "intimate life",
        words: &["性取向", "性生活", "性经历"],
        english: &["sexual*"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "criminal_record",
        zh: "犯罪记录",
        en: "criminal record",
        // Not held at all: the report says to ask the police.
        words: &["犯罪记录", "前科", "服刑", "刑满", "吸毒", "强制戒毒", "社区矫正"],
        english: &["criminal record*", "prior conviction*", "drug use"],
        except: &[],
        people_only: true,
    },
    Forbidden {
        code: "public_security_violation",
        zh: "治安违法记录",
        en: "public-security violation",
        words: &["治安管理处罚", "治安处罚", "治安违法", "行政拘留"],
        english: &["public security violation*", "administrative detention"],
        except: &[],
        people_only: false,
    },
    Forbidden {
        code: "score",
        zh: "评分和评级",
        en: "score or grade",
        words: &[
            "评分",
            "积分",
            "信用分",
            "得分",
            "打分",
            "分值",
            "分数",
            "记分",
            "扣分",
            "加分",
            "等级",
            "评级",
            "信用评价",
            "星级",
            "排名",
        ],
        english: &["score*", "credit grade*", "rating*", "credit level*", "ranking*", "points"],
        // The level of a certificate says what its holder may do, not what the holder is worth.
        except: &[
            "技能等级",
            "资格等级",
            "资质等级",
            "职称等级",
            "专业等级",
            "技术等级",
            "职业等级",
            "证书等级",
            "执业等级",
            "许可等级",
            "注册等级",
            "等级证书",
            "导游等级",
            "等级保护",
            "风险等级",
            "荣誉等级",
            "奖励等级",
            "资格级别",
        ],
        people_only: true,
    },
];

/// The vocabulary of contents: what may be recorded first, then what may not.
pub fn contents() -> impl Iterator<Item = Content> {
    let allowed = ALLOWED.iter().map(|&(code, zh, en)| Content { code, zh, en, allowed: true });
    allowed.chain(FORBIDDEN.iter().map(Forbidden::content))
}

/// The content that a word of the catalogue names; `None` outside the vocabulary.
#[must_use]
pub fn content(code: &str) -> Option<Content> {
    contents().find(|content| content.code == code)
}

/// A word that gives a forbidden kind away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The kind.
    pub content: Content,
    /// The word found.
    pub word: &'static str,
}

/// Looks for forbidden kinds in a heading, code, alias or name. `people`: can the item be about people? Some kinds
/// (income, a grade) are an ordinary matter of organisations.
#[must_use]
pub fn scan(text: &str, people: bool) -> Option<Hit> {
    scan_kinds(text, |kind| people || !kind.people_only)
}

/// Looks for a score or grade only, as for the name of an item about people.
#[must_use]
pub fn scan_for_score(text: &str) -> Option<Hit> {
    scan_kinds(text, |kind| kind.code == SCORE)
}

/// Words by which a heading asks how or where someone can be reached.
const CONTACT_WORDS: &[&str] = &["电话", "手机", "邮箱", "联系方式", "联系地址", "通讯地址", "通信地址", "邮寄地址"];

/// Does a heading ask how someone can be reached? That is allowed content, but stays inside the platform.
#[must_use]
pub fn names_contact(text: &str) -> bool {
    let dense = dense(text);
    CONTACT_WORDS.iter().any(|word| dense.contains(word))
}

/// Code of the kind that grades people.
pub const SCORE: &str = "score";

fn scan_kinds(text: &str, wanted: impl Fn(&Forbidden) -> bool) -> Option<Hit> {
    let dense = dense(text);
    let spaced = spaced(text);
    FORBIDDEN.iter().filter(|kind| wanted(kind)).find_map(|kind| {
        let word = chinese_word(kind, &dense).or_else(|| english_word(kind, &spaced))?;
        Some(Hit { content: kind.content(), word })
    })
}

fn chinese_word(kind: &Forbidden, dense: &str) -> Option<&'static str> {
    // A Latin word inside a dense text has lost its edges: "gps" would be found in a code "XGPSD". English words are
    // looked for with their edges instead.
    let rest = without(dense, kind.except);
    kind.words.iter().find(|word| !word.is_ascii() && rest.contains(**word)).copied()
}

fn english_word(kind: &Forbidden, spaced: &str) -> Option<&'static str> {
    let mut rest = Cow::Borrowed(spaced);
    for phrase in kind.except.iter().filter(|phrase| phrase.is_ascii()) {
        while let Some((at, end)) = find_phrase(&rest, phrase) {
            rest.to_mut().replace_range(at..end, " ");
        }
    }
    let ascii = kind.words.iter().filter(|word| word.is_ascii());
    kind.english.iter().chain(ascii).find(|word| find_phrase(&rest, word).is_some()).copied()
}

/// Where a phrase stands as whole words in ` text `; a trailing `*` takes the rest of the last word.
fn find_phrase(spaced: &str, phrase: &str) -> Option<(usize, usize)> {
    let (stem, open) = phrase.strip_suffix('*').map_or((phrase, false), |stem| (stem, true));
    spaced.match_indices(stem).find_map(|(at, found)| {
        let end = at + found.len();
        let before = spaced[..at].ends_with(' ');
        let rest = &spaced[end..];
        let word_end = end + rest.find(' ').unwrap_or(rest.len());
        (before && (open || rest.starts_with(' '))).then_some((at, word_end))
    })
}

/// Letters and digits only, folded, so that `血 型` and `血·型` read like `血型`.
fn dense(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Latin words, lower case, each between single spaces.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

fn without<'t>(text: &'t str, phrases: &[&str]) -> Cow<'t, str> {
    phrases.iter().filter(|phrase| !phrase.is_ascii()).fold(Cow::Borrowed(text), |text, phrase| {
        // A separator, so that what stood on either side does not join into a new word.
        if text.contains(phrase) { Cow::Owned(text.replace(phrase, "|")) } else { text }
    })
}

/// Must a row be refused before anything of it is kept? So it is with whatever rests on the law on public-security
/// penalties or is a detention: records of it may be given to nobody. `cited_basis` is the legal basis that the row
/// cites, `penalty_type` its kind of penalty; pass every text in which either may stand.
///
/// Spacing, brackets and the names of the law before 2006 (`治安管理处罚条例`) make no difference.
///
/// # Source
/// 治安管理处罚法 art. 136, in force 2026-01-01.
///
/// # Example
/// ```
/// use chengxin_core::catalogue::forbidden::refused_at_the_door;
///
/// assert!(refused_at_the_door("《中华人民共和国治安 管理处罚法》第四十三条", "罚款"));
/// assert!(refused_at_the_door("", "罚款、行政拘留"));
/// assert!(!refused_at_the_door("《中华人民共和国水污染防治法》第八十三条", "罚款"));
/// ```
#[must_use]
pub fn refused_at_the_door(cited_basis: &str, penalty_type: &str) -> bool {
    rests_on_public_security_law(cited_basis) || is_detention(penalty_type)
}

const PUBLIC_SECURITY: &[&str] =
    &["治安管理处罚", "治安处罚", "治安管理条例", "治安管理法", "治安法第", "治安管理處罰", "治安處罰"];

fn rests_on_public_security_law(basis: &str) -> bool {
    // Called for every row of a file: most texts do not even have the first character.
    if memchr::memmem::find(basis.as_bytes(), "治".as_bytes()).is_none() {
        return false;
    }
    let basis = dense(basis);
    PUBLIC_SECURITY.iter().any(|name| basis.contains(name))
}

fn is_detention(penalty_type: &str) -> bool {
    if memchr::memmem::find(penalty_type.as_bytes(), "拘".as_bytes()).is_none() {
        return false;
    }
    // 司法拘留 is a court's measure in its own proceedings and not a public-security penalty; nobody but a court
    // can impose it, and no other kind of detention stands in a penalty column.
    dense(penalty_type).replace("司法拘留", "").contains("拘留")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forbidden_word_is_found_for_its_own_kind() {
        for kind in FORBIDDEN {
            for word in kind.words.iter().filter(|word| !word.is_ascii()) {
                let hit = scan_kinds(word, |k| k.code == kind.code).expect("its own word gives the kind away");
                assert_eq!(hit.content.code, kind.code, "{word}");
            }
            for word in kind.english.iter().map(|word| word.trim_end_matches('*')) {
                assert!(scan_kinds(word, |k| k.code == kind.code).is_some(), "{word}");
            }
            for phrase in kind.except {
                let phrase = phrase.trim_end_matches('*');
                assert_eq!(scan_kinds(phrase, |k| k.code == kind.code), None, "{phrase}");
            }
        }
    }

    #[test]
    fn spelling_does_not_hide_a_forbidden_kind() {
        for text in ["血 型", "血·型", "【血型】", "Blood  Type", "ＤＮＡ样本", "GR_DNA", "配偶姓名", "家庭住址"]
        {
            assert!(scan(text, true).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_headings_are_not_mistaken_for_forbidden_kinds() {
        for text in [
            "住所",
            "经营场所",
            "家庭服务业许可证号",
            "家庭农场名称",
            "消费者投诉处理结果",
            "农业转基因生物加工许可证",
            "宗教活动场所登记证编号",
            "职业病防治资质证书编号",
            "职业技能等级证书编号",
            "残疾人就业保障金缴纳情况",
            "疫苗生产许可证编号",
            "行政相对人名称",
            "行为发生日期",
            "法定代表人",
            "基金从业资格",
            "处方药经营许可",
            "无偿献血奉献奖",
            "Name of the party",
            "Percentage of completion",
            "General agency",
            "CF_XDR_ZJHM",
        ] {
            assert_eq!(scan(text, true), None, "{text}");
        }
    }

    #[test]
    fn a_grade_is_refused_for_people_and_left_to_organisations() {
        assert_eq!(scan("纳税信用等级", true).map(|hit| hit.content.code), Some("score"));
        assert_eq!(scan("纳税信用等级", false), None);
        assert_eq!(scan_for_score("社区居民信用积分").map(|hit| hit.word), Some("积分"));
    }

    #[test]
    fn the_vocabulary_is_closed_and_its_codes_are_unique() {
        let codes: Vec<_> = contents().map(|content| content.code).collect();
        let unique: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(codes.len(), unique.len());
        assert!(content("decision").is_some_and(|content| content.allowed));
        assert!(content("religion").is_some_and(|content| !content.allowed));
        assert_eq!(content("shoe_size"), None);
    }

    #[test]
    fn rows_on_the_public_security_law_are_refused_however_it_is_written() {
        for basis in [
            "《中华人民共和国治安管理处罚法》第二十六条第一项",
            "中华人民共和国治安管理处罚法第26条",
            "依据〈治安 管理\n处罚法〉",
            "治安管理处罚条例",
            "《治安处罚法》",
            "《中华人民共和国 治安管理　处罚法》",
        ] {
            assert!(refused_at_the_door(basis, "罚款"), "{basis}");
        }
        for penalty in ["行政拘留", "罚款;行政拘留", "拘留五日", "行政 拘留"] {
            assert!(refused_at_the_door("", penalty), "{penalty}");
        }
        for basis in
            ["《中华人民共和国水污染防治法》", "《综合治理条例》", "《道路交通安全法》第九十条", "治理安全隐患办法"]
        {
            assert!(!refused_at_the_door(basis, "罚款"), "{basis}");
        }
        assert!(!refused_at_the_door("《民事诉讼法》", "司法拘留"));
    }
}
