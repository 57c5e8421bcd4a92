//! What the words of the catalogue are called, for people.

use super::model::{AtMaximum, Audience, Clock, FieldType, LawLevel, Polarity, Severity, Sharing, SubjectKind, Use};
use crate::say::Say;

/// Names the variants of a closed list in both languages.
macro_rules! named {
    ($($list:ident { $($variant:ident = $zh:literal, $en:literal;)+ })+) => { $(
        impl $list {
            /// What it is called.
            #[must_use]
            pub fn name(self) -> Say {
                match self { $(Self::$variant => Say::new($zh, $en),)+ }
            }
        }
    )+ };
}

named! {
    SubjectKind {
        Person = "自然人", "persons";
        SoleTrader = "个体工商户", "sole traders";
        Organisation = "法人及非法人组织", "organisations";
        Authority = "行政机关", "authorities";
    }
    Polarity {
        Adverse = "失信信息", "adverse";
        Neutral = "基础信息", "plain fact";
        Positive = "守信信息", "positive";
    }
    Sharing {
        Public = "公开", "public";
        Government = "政务共享", "shared between authorities";
        Consent = "授权查询", "by consent";
    }
    Severity {
        Minor = "轻微", "minor";
        General = "一般", "general";
        Serious = "严重", "serious";
    }
    Use {
        Public = "公示", "public display";
        Report = "信用报告", "report";
        Check = "核查", "check";
    }
    Audience {
        Subject = "本人", "the subject";
        Check = "核查人员", "the checking clerk";
        Report = "信用报告", "reports";
        Public = "公示页面", "the public page";
    }
    Clock {
        DecidedOn = "自认定之日起", "from the day of the document";
        ValidUntil = "自有效期届满之日起", "from the last day of validity";
    }
    AtMaximum {
        Stop = "届满自动停止公示", "display stops at the maximum";
        SectorRule = "届满停止公示，行业名册依其规定", "display stops at the maximum; the sector's register follows its own rule";
    }
    FieldType {
        Text = "文本", "text";
        Date = "日期", "date";
        MoneyWan = "金额（万元）", "amount (10 000 CNY)";
        MoneyYuan = "金额（元）", "amount (CNY)";
        Integer = "整数", "whole number";
        Choice = "选项", "choice";
        Name = "名称", "name";
        DocumentKind = "证件类型", "kind of document";
        DocumentNumber = "证件号码", "number of a document";
        Uscc = "统一社会信用代码", "unified social credit code";
        SourceTime = "数据时间", "time at the source";
    }
    LawLevel {
        Law = "法律", "law";
        AdministrativeRegulation = "行政法规", "administrative regulation";
        CentralPolicy = "党中央、国务院政策文件", "central policy document";
        LocalRegulation = "地方性法规", "local regulation";
        DepartmentRule = "部门规章", "department rule";
        NormativeDocument = "规范性文件", "normative document";
    }
}

/// Several names, joined.
pub(super) fn joined(names: impl Iterator<Item = Say>) -> Say {
    names
        .reduce(|all, next| Say::new(format!("{}、{}", all.zh, next.zh), format!("{}, {}", all.en, next.en)))
        .unwrap_or_default()
}
