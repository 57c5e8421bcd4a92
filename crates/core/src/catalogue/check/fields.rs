//! Form of the fields: roles that are there, once, with values of the right type; identity; words and lengths.

use super::super::finding::FindingRule;
use super::super::model::{Field, FieldRole, FieldType, Polarity, SubjectKind};
use super::super::source::Step::Key;
use super::scene::{Here, Scene};
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        empty(scene, here);
        roles(scene, here);
        missing_roles(scene, here);
        determining_document(scene, here);
        for (index, field) in here.fields() {
            if let Some((key, say)) = form_fault(field) {
                scene.field(here, index, key, FindingRule::FieldForm, say);
            }
        }
        if here.def.identity_fields().is_empty() {
            let say = Say::new(
                "没有标明哪些字段决定同一条记录（identity = true）",
                "no field says what makes a record the same record (identity = true)",
            );
            scene.item(here, FindingRule::NoIdentity, &[], say);
        }
    }
}

fn empty(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    let lacks = [
        (item.code.is_empty(), "code", "代码", "code"),
        (item.name.is_empty(), "name", "中文名称", "Chinese name"),
        (item.name_en.is_empty(), "name_en", "英文名称", "English name"),
        (item.subjects.is_empty(), "subjects", "主体性质", "kind of subject"),
        (item.authorities.is_empty(), "authorities", "责任单位", "kind of authority"),
        (here.def.fields.is_empty(), "field", "数据字段", "field"),
    ];
    for (lacking, key, zh, en) in lacks {
        if lacking {
            let say = Say::new(format!("没有写明{zh}"), format!("no {en} is given"));
            scene.item(here, FindingRule::EmptyItem, &[Key(key)], say);
        }
    }
}

fn roles(scene: &mut Scene<'_>, here: Here<'_>) {
    for (index, field) in here.fields() {
        let Some(role) = field.role else { continue };
        if let Some(first) = here.def.field_of(role).filter(|first| first.field.code != field.code) {
            let say = Say::new(
                format!("字段 {} 与字段 {} 的用途（role）相同", field.code, first.field.code),
                format!("field {} has the same role as field {}", field.code, first.field.code),
            );
            scene.field(here, index, "role", FindingRule::DuplicateRole, say);
        }
    }
}

fn missing_roles(scene: &mut Scene<'_>, here: Here<'_>) {
    let subjects = &here.item().subjects;
    let has = |kind| subjects.contains(&kind);
    let organisations = has(SubjectKind::Organisation) || has(SubjectKind::Authority) || has(SubjectKind::SoleTrader);
    let needed = [
        (FieldRole::SubjectName, true, "主体名称", "the name of the subject (subject_name)"),
        (FieldRole::SubjectKind, subjects.len() > 1, "主体类别", "the kind of the subject (subject_kind)"),
        (FieldRole::DecidedOn, true, "认定日期", "the day of the document (decided_on)"),
        (
            FieldRole::SubjectDocumentKind,
            has(SubjectKind::Person),
            "证件类型",
            "the kind of document (subject_document_kind)",
        ),
        (
            FieldRole::SubjectDocumentNumber,
            has(SubjectKind::Person),
            "证件号码",
            "the number of the document (subject_document_number)",
        ),
        (FieldRole::SubjectUscc, organisations, "统一社会信用代码", "the credit code (subject_uscc)"),
    ];
    for (role, needed, zh, en) in needed {
        if needed && here.def.index_of(role).is_none() {
            let say = Say::new(format!("缺少字段：{zh}"), format!("a field is missing: {en}"));
            scene.item(here, FindingRule::MissingRole, &[], say);
        }
    }
    for role in [FieldRole::SubjectName, FieldRole::SubjectKind, FieldRole::DecidedOn] {
        if let Some(index) = here.def.index_of(role).filter(|index| !is_required(here, *index)) {
            let say = Say::new(
                "该字段对每条记录都必不可少，必须为必填（required = true）",
                "no record can do without this field: it must be required",
            );
            scene.field(here, index, "required", FindingRule::MissingRole, say);
        }
    }
}

fn is_required(here: Here<'_>, index: usize) -> bool {
    here.def.fields.get(index).is_some_and(|def| def.field.required)
}

/// What a label says when it names the document itself, as `行政处罚决定书文号` does.
const NAMED_DOCUMENTS: &[&str] = &["决定书", "判决书", "裁定书", "通知书", "告知书", "认定书", "调解书", "裁决书"];

/// An adverse finding needs a document that has legal effect: its number, and of which kind it is.
///
/// # Source
/// 国办发〔2020〕49号 (二).
fn determining_document(scene: &mut Scene<'_>, here: Here<'_>) {
    if here.item().polarity != Polarity::Adverse {
        return;
    }
    let number = here.def.index_of(FieldRole::DocumentNumber);
    let Some(number) = number.filter(|index| is_required(here, *index)) else {
        let say = Say::new(
            "失信类事项必须有必填的认定文书文号字段",
            "an adverse item needs a required field for the number of the determining document (document_number)",
        );
        match number {
            Some(index) => scene.field(here, index, "required", FindingRule::MissingRole, say),
            None => scene.item(here, FindingRule::MissingRole, &[], say),
        }
        return;
    };
    let kind = here.def.index_of(FieldRole::DocumentType);
    let label = here.def.fields.get(number).map_or("", |def| def.field.label.as_str());
    let named = NAMED_DOCUMENTS.iter().any(|name| label.contains(name));
    if !named && !kind.is_some_and(|index| is_required(here, index)) {
        let say = Say::new(
            "失信类事项必须有必填的认定文书类型字段，或者在文号字段名称中写明是何种文书",
            "an adverse item needs a required kind of document (document_type), or a number whose label names it",
        );
        scene.field(here, number, "label", FindingRule::MissingRole, say);
    }
}

/// What is wrong with a field's form, and at which of its keys.
fn form_fault(field: &Field) -> Option<(&'static str, Say)> {
    let code = &field.code;
    for (text, key, zh, en) in [
        (&field.code, "code", "代码", "code"),
        (&field.label, "label", "中文名称", "Chinese label"),
        (&field.label_en, "label_en", "英文名称", "English label"),
    ] {
        if text.trim().is_empty() {
            return Some((key, Say::new(format!("字段 {code} 没有{zh}"), format!("field {code} has no {en}"))));
        }
    }
    if field.aliases.iter().any(|alias| alias.trim().is_empty()) {
        return Some((
            "aliases",
            Say::new(format!("字段 {code} 有空白的别名"), format!("field {code} has a blank alias")),
        ));
    }
    if matches!(field.kind, FieldType::Text | FieldType::Name) && field.max_length == 0 {
        return Some((
            "max_length",
            Say::new(format!("字段 {code} 没有写明最大长度"), format!("field {code} has no greatest length")),
        ));
    }
    if !field.dictionary.is_empty() && !matches!(field.kind, FieldType::Choice | FieldType::DocumentKind) {
        return Some((
            "dictionary",
            Say::new(
                format!("字段 {code} 不是选项，却写明了字典"),
                format!("field {code} is no choice and names a dictionary"),
            ),
        ));
    }
    let fits = field.role.is_none_or(|role| types_of(role).contains(&field.kind));
    (!fits).then(|| {
        let say = Say::new(
            format!("字段 {code} 的类型与其用途（role）不符"),
            format!("the type of field {code} does not fit its role"),
        );
        ("type", say)
    })
}

fn types_of(role: FieldRole) -> &'static [FieldType] {
    match role {
        FieldRole::SubjectName => &[FieldType::Name],
        FieldRole::SubjectKind | FieldRole::AdultAttested | FieldRole::RowAction => &[FieldType::Choice],
        FieldRole::SubjectDocumentKind => &[FieldType::DocumentKind],
        FieldRole::SubjectDocumentNumber => &[FieldType::DocumentNumber],
        FieldRole::SubjectUscc | FieldRole::AuthorityCode | FieldRole::SourceCode => &[FieldType::Uscc],
        FieldRole::DocumentNumber | FieldRole::CitedBasis => &[FieldType::Text],
        FieldRole::DocumentType => &[FieldType::Text, FieldType::Choice],
        FieldRole::DecidedOn | FieldRole::ConductOn | FieldRole::ValidFrom | FieldRole::ValidUntil => {
            &[FieldType::Date]
        }
        FieldRole::AuthorityName | FieldRole::SourceName => &[FieldType::Name, FieldType::Text],
        FieldRole::SourceTime => &[FieldType::SourceTime, FieldType::Date],
        FieldRole::PerformedOn => &[FieldType::Date, FieldType::MoneyYuan, FieldType::MoneyWan],
    }
}
