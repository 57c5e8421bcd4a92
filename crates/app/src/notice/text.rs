//! What a notice says: composed when it is read, from the record as it stood, the catalogue, the calendar and the day. Nothing of a record lies in a notice,
//! so that what is erased is erased there too.

use chengxin_core::Say;
use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::check::cited;
use chengxin_core::dates::{chinese_date, from_days, to_days};
use chengxin_core::deadline::{DeadlineKind, DeadlineUnit, due};
use chengxin_core::delivery::counts_from;
use chengxin_core::notice::NoticeKind;
use chengxin_core::period::repair_from;
use chengxin_core::record::{State, severity_from_i64};
use chengxin_store::record::{StoredVersion, VersionRow};
use jiff::civil::Date;
use serde::Serialize;

use super::list::NoticeLine;
use super::row::Opened;
use crate::AppError;
use crate::authority::called;
use crate::reading::Reading;
use crate::record::{BodyOpener, by_record, holder, newest};
use crate::report::value_say;

/// One part of a notice: a heading, and sentences under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticePart {
    /// Its heading.
    pub heading: Say,
    /// Its sentences.
    pub sentences: Vec<Say>,
}

/// A notice as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// What it is, and whether it was delivered.
    #[serde(flatten)]
    pub notice: NoticeLine,
    /// What it says.
    pub parts: Vec<NoticePart>,
}

fn part(zh: &str, en: &str, sentences: Vec<Say>) -> NoticePart {
    NoticePart { heading: Say::new(zh, en), sentences }
}

fn say(zh: impl Into<String>, en: impl Into<String>) -> Say {
    Say::new(zh, en)
}

fn day_of(days: i64) -> Option<Date> {
    i32::try_from(days).ok().and_then(from_days)
}

/// A record as a notice speaks of it.
struct About<'a> {
    /// The version that somebody is told of.
    row: &'a VersionRow,
    item: Option<&'a ItemDef>,
    authority: Say,
    decided_on: Option<Date>,
    /// Values of a few fields, by role: those that say on what it rests, and nothing of whom it concerns.
    values: Vec<(FieldRole, Say)>,
    /// What became of it since.
    now: State,
}

impl About<'_> {
    fn value(&self, role: FieldRole) -> Option<&Say> {
        self.values.iter().find(|(of, _)| *of == role).map(|(_, value)| value)
    }

    fn name(&self) -> Say {
        self.item.map_or_else(|| say(&self.row.item, &self.row.item), |item| say(&item.item.name, &item.item.name_en))
    }
}

impl Reading {
    /// A notice, as it reads today.
    ///
    /// # Errors
    /// The stores'; an internal fault where a record cannot be opened.
    pub(super) fn notice_view(&self, of: &Opened) -> Result<NoticeView, AppError> {
        let versions = self.store.view().versions_of_subject(&of.row.subject_id)?;
        let about = self.about(of, &versions)?;
        let mut parts = Vec::new();
        if let Some(about) = &about {
            parts.push(self.what(about));
            parts.extend(changed(about));
        }
        parts.extend(self.beside(of));
        if let Some(about) = about.as_ref().filter(|about| about.now == State::Active) {
            match of.kind {
                NoticeKind::AdverseRecord => {
                    parts.push(shown(about));
                    parts.push(self.contest(of, about)?);
                    parts.push(self.repair(about));
                }
                NoticeKind::RepairPossible => parts.push(self.repair(about)),
                _ => {}
            }
        }
        if is_answer(of.kind) {
            parts.push(part("救济途径", "Routes of review", self.routes(of, about.as_ref())?));
        }
        parts.push(helps(about.as_ref()));
        Ok(NoticeView { notice: NoticeLine::of(of), parts })
    }

    fn about<'v>(&'v self, of: &Opened, versions: &'v [StoredVersion]) -> Result<Option<About<'v>>, AppError> {
        let Some((record, version)) = of.row.record_id.zip(of.row.version) else { return Ok(None) };
        let Some(own) = by_record(versions).find(|own| own[0].row.record_id == record) else { return Ok(None) };
        let Some(row) = own.iter().map(|of| &of.row).find(|row| row.version == version) else { return Ok(None) };
        let now = newest(own).and_then(|row| State::from_i64(row.state)).unwrap_or(State::Withdrawn);
        let item = self.catalogue.item(&row.item);
        let values = match item {
            Some(item) if now != State::Erased => self.grounds(item, holder(own, row)?)?,
            _ => Vec::new(),
        };
        let office = self.authorities.iter().find(|office| office.code == row.authority);
        let authority = called(office, &row.authority);
        Ok(Some(About { row, item, authority, decided_on: day_of(row.decided_on), values, now }))
    }

    fn grounds(&self, item: &ItemDef, holder: &VersionRow) -> Result<Vec<(FieldRole, Say)>, AppError> {
        const ROLES: [FieldRole; 4] =
            [FieldRole::DocumentType, FieldRole::DocumentNumber, FieldRole::CitedBasis, FieldRole::AuthorityName];
        let layout = self.layout(holder.layout_id)?;
        let values = BodyOpener::new(&self.keys, &self.key_store).open(holder, &layout)?.unwrap_or_default();
        let value = |role: FieldRole| {
            let def = item.field_of(role)?;
            let (_, value) = values.iter().find(|(code, _)| *code == def.field.code)?;
            (!value.is_empty()).then(|| (role, value_say(def, value)))
        };
        Ok(ROLES.into_iter().filter_map(value).collect())
    }

    /// What was recorded, by whom, and on what it rests.
    fn what(&self, about: &About<'_>) -> NoticePart {
        let (name, office) = (about.name(), &about.authority);
        let decided = about.value(FieldRole::AuthorityName).unwrap_or(office);
        let mut sentences = vec![say(format!("事项：{}", name.zh), format!("Item: {}", name.en))];
        if let Some(severity) = severity_from_i64(about.row.severity) {
            let severity = severity.name();
            sentences.push(say(format!("程度：{}", severity.zh), format!("Severity: {}", severity.en)));
        }
        sentences.push(say(format!("认定单位：{}", decided.zh), format!("Determined by: {}", decided.en)));
        sentences.push(say(format!("报送单位：{}", office.zh), format!("Sent by: {}", office.en)));
        let document = match (about.value(FieldRole::DocumentType), about.value(FieldRole::DocumentNumber)) {
            (Some(kind), Some(number)) => Some(format!("{} {}", kind.zh, number.zh)),
            (None, Some(one)) | (Some(one), None) => Some(one.zh.clone()),
            (None, None) => None,
        };
        if let Some(document) = document {
            let on = about.decided_on.map_or_else(String::new, |day| format!("（{}）", chinese_date(day)));
            let on_en = about.decided_on.map_or_else(String::new, |day| format!(" of {day}"));
            sentences.push(say(format!("依据文书：{document}{on}"), format!("Document: {document}{on_en}")));
        }
        if let Some(basis) = about.value(FieldRole::CitedBasis) {
            sentences.push(say(format!("文书所引依据：{}", basis.zh), format!("Basis that it cites: {}", basis.en)));
        }
        let bases = about.item.zip(about.decided_on).map(|(item, on)| item.basis_on(on).collect::<Vec<_>>());
        for basis in bases.unwrap_or_default() {
            let label = cited(&self.catalogue, &basis.clause).label;
            sentences.push(say(format!("归集依据：{}", label.zh), format!("Recorded under: {}", label.en)));
        }
        part("内容", "What is recorded", sentences)
    }

    /// What the notice itself carries.
    fn beside(&self, of: &Opened) -> Option<NoticePart> {
        let detail = self.keys.open_detail(&of.row);
        let mut sentences = Vec::new();
        if !of.row.case_no.is_empty() {
            let case = &of.row.case_no;
            sentences.push(say(format!("案件编号：{case}"), format!("Case number: {case}")));
        }
        if let Ok(more) = serde_json::from_value::<Say>(detail["say"].clone()) {
            sentences.push(more);
        }
        if let Some(due) = detail["due"].as_str().and_then(|due| due.parse::<Date>().ok()) {
            sentences.push(say(format!("期限：{}", chinese_date(due)), format!("Due: {due}")));
        }
        (!sentences.is_empty()).then(|| part("办理情况", "How it stands", sentences))
    }

    /// How it is contested: the objection first, which is free and marks the record at once.
    fn contest(&self, of: &Opened, about: &About<'_>) -> Result<NoticePart, AppError> {
        let office = &about.authority;
        let mut sentences = vec![say(
            format!(
                "认为记录有误、或者不是您本人的，可以随时在本平台、任一窗口或向{}提出异议，免费；异议期间该记录标注“异议中”，不能单独作为不利决定的依据",
                office.zh
            ),
            format!(
                "If it is wrong, or not about you, object at any time on this platform, at any window or with {}, free of charge; while the objection runs the record is marked, and supports no adverse decision by itself",
                office.en
            ),
        )];
        if let Ok(rule) = self.catalogue.deadline(DeadlineKind::ObjectionAnswer, self.today()) {
            let (zh, en) = length(rule.count, rule.unit);
            sentences.push(say(
                format!("异议应当自收到之日起{zh}内书面答复"),
                format!("An objection is answered in writing within {en} of its receipt"),
            ));
        }
        sentences.extend(self.routes(of, Some(about))?);
        Ok(part("如何提出异议、复议和诉讼", "How to contest it", sentences))
    }

    /// Reconsideration and litigation with their time limits: counted from the day on which the person was told, and not at all before.
    fn routes(&self, of: &Opened, about: Option<&About<'_>>) -> Result<Vec<Say>, AppError> {
        let from = counts_from(of.delivery(), of.row.delivered_us);
        let mut sentences = Vec::new();
        let decided = about.and_then(|about| about.decided_on);
        for (kind, zh, en) in [
            (
                DeadlineKind::Reconsideration,
                "不服该决定的，可以申请行政复议",
                "Against the decision you can ask for administrative reconsideration",
            ),
            (DeadlineKind::Litigation, "也可以向人民法院提起行政诉讼", "or sue in the people's court"),
        ] {
            let day = from.or(decided).unwrap_or_else(|| self.today());
            let Ok(rule) = self.catalogue.deadline(kind, day) else { continue };
            let (long, long_en) = length(rule.count, rule.unit);
            let clause = cited(&self.catalogue, &rule.clause).label;
            let (mut text, mut text_en) = (
                format!("{zh}：自知道之日起{long}内（{}）", clause.zh),
                format!("{en}: within {long_en} of learning of it ({})", clause.en),
            );
            match from {
                None => {
                    text += "；本告知尚未送达，平台不计算对您的期限";
                    text_en += "; this notice has not reached you yet, and nothing is counted against you here";
                }
                // Without the holidays of a year the length is told, and no day guessed.
                Some(day) => {
                    if let Ok(due) = due(day, rule, &*self.calendar()?) {
                        text += &format!("；此前未收到决定书的，按本告知送达之日计算，至{}", chinese_date(due.last));
                        text_en += &format!(
                            "; where you had not received the decision before, counted from this notice: until {}",
                            due.last
                        );
                    }
                }
            }
            sentences.push(say(text, text_en));
        }
        Ok(sentences)
    }

    /// How it is repaired: from when, on which conditions, with which documents; free of charge.
    fn repair(&self, about: &About<'_>) -> NoticePart {
        let heading = |sentences| part("如何修复", "How it is repaired", sentences);
        let rule = about.item.and_then(|item| Some((item, item.repair_on(self.today())?)));
        let (Some((item, rule)), Some(decided)) = (rule, about.decided_on) else {
            let office = &about.authority;
            return heading(vec![say(
                format!("目录未对该事项规定修复程序；义务已经履行的，可请{}更新履行情况", office.zh),
                format!(
                    "The catalogue states no repair procedure for this item; once duties are performed, ask {} to record it",
                    office.en
                ),
            )]);
        };
        let months =
            item.period_for(decided, severity_from_i64(about.row.severity)).map_or(0, |period| period.min_months);
        let first = repair_from(decided, months);
        let when = match first <= self.today() {
            true => say("现在即可申请信用修复，免费", "Repair may be asked for now, free of charge"),
            false => say(
                format!("自{}起可以申请信用修复，免费", chinese_date(first)),
                format!("Repair may be asked for from {first}, free of charge"),
            ),
        };
        let mut sentences = vec![when];
        let conditions = rule.conditions.iter().zip(&rule.conditions_en);
        sentences.extend(conditions.map(|(zh, en)| {
            let bare = |text: &str| text.trim_end_matches(['。', '.']).to_owned();
            say(format!("条件：{}", bare(zh)), format!("Condition: {}", bare(en)))
        }));
        let (accept, decide) = (rule.accept_working_days, rule.decide_working_days);
        let clause = cited(&self.catalogue, &rule.clause).label;
        sentences.extend([
            say(
                "材料：履行义务的证明、信用承诺书；不需要参加志愿服务或捐款",
                "Documents: proof of performance, and a commitment letter; neither volunteering nor donating is asked for",
            ),
            say(
                format!("{accept} 个工作日内受理，{decide} 个工作日内决定（{}）", clause.zh),
                format!("Taken up within {accept} and decided within {decide} working days ({})", clause.en),
            ),
        ]);
        heading(sentences)
    }
}

/// Does it answer something, so that it names the routes of review?
fn is_answer(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::ObjectionRefused
            | NoticeKind::ObjectionAnswered
            | NoticeKind::RepairTurnedAway
            | NoticeKind::RepairDecided
            | NoticeKind::RepairDelayAnswered
            | NoticeKind::OutcomeReviewed
            | NoticeKind::ComplaintAnswered
    )
}

/// What became of the record since.
fn changed(about: &About<'_>) -> Option<NoticePart> {
    let (zh, en) = match about.now {
        State::Active => return None,
        State::Withdrawn => {
            ("该记录此后已撤销，不再展示和使用", "The record was withdrawn since: it is neither shown nor used")
        }
        State::Repaired => {
            ("该记录此后已修复，不再展示和使用", "The record was repaired since: it is neither shown nor used")
        }
        State::Erased => ("该记录此后已删除，内容不复存在", "The record was erased since: its content is gone"),
    };
    Some(part("现状", "How it stands now", vec![say(zh, en)]))
}

/// How long it shows.
fn shown(about: &About<'_>) -> NoticePart {
    let from = day_of(about.row.display_from);
    let until = about.row.display_until.and_then(day_of);
    let sentence = match (from, until) {
        (Some(from), Some(until)) if to_days(until) > to_days(from) => say(
            format!("最迟自{}起不再展示，无须申请；此前修复的，修复后即停止展示", chinese_date(until)),
            format!(
                "From {until} at the latest it is no longer shown, without anybody's asking; where it is repaired before, from then on"
            ),
        ),
        (_, Some(_)) => say("该记录不展示", "This record is not shown"),
        _ => say("目录未规定展示的届满日", "The catalogue states no day on which showing it ends"),
    };
    let apart = say(
        "它在信用报告、窗口核查和公示中分别依目录的规则展示；本人随时可以查看全部内容和谁看过",
        "Whether it shows in a report, at a window and in public is each ruled by the catalogue; you can see all of it, and who looked, at any time",
    );
    part("展示多久", "How long it shows", vec![sentence, apart])
}

/// Who helps.
fn helps(about: Option<&About<'_>>) -> NoticePart {
    let office = about.map(|about| &about.authority);
    let (zh, en) = office.map_or_else(
        || ("受理单位".to_owned(), "the authority".to_owned()),
        |office| (office.zh.clone(), office.en.clone()),
    );
    part(
        "谁可以帮助您",
        "Who helps",
        vec![say(
            format!("{zh}、本市任一政务服务窗口和信用主管部门免费解答并协助办理；没有网络或手机的，可到窗口办理"),
            format!(
                "{en}, any window of the city and the credit office explain and help, free of charge; whoever has neither network nor telephone comes to a window"
            ),
        )],
    )
}

fn length(count: u32, unit: DeadlineUnit) -> (String, String) {
    let (zh, en) = match unit {
        DeadlineUnit::WorkingDays => ("个工作日", "working days"),
        DeadlineUnit::Days => ("日", "days"),
        DeadlineUnit::Months => ("个月", "months"),
        DeadlineUnit::Years => ("年", "years"),
    };
    (format!("{count} {zh}"), format!("{count} {en}"))
}
