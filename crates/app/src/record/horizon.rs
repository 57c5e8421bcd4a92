//! `record_horizon`: what lies ahead of one record, for its subject. When it stops showing, from when it can be repaired, the shortest lawful way there,
//! what it means to windows today, and who has seen it.

use std::collections::BTreeMap;

use chengxin_core::catalogue::matter::FindingKind;
use chengxin_core::catalogue::model::{Polarity, RepairRule};
use chengxin_core::catalogue::{Catalogue, Dated as _, kind_of_authority};
use chengxin_core::check::{self, Cited, cited};
use chengxin_core::dates::{from_days, shanghai_text};
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use chengxin_core::period::repair_from;
use chengxin_core::record::{RecordId, State, severity_from_i64, subject_kind_from_i64};
use chengxin_core::retention::Fate;
use chengxin_core::{Caller, Say};
use chengxin_store::record::{StoredVersion, VersionRow};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::body::{by_record, newest};
use super::retention::Law;
use crate::authority::called;
use crate::log::NewEntry;
use crate::proceeding::{Contests, FollowUpLine};
use crate::reading::{Disclosure, Reading};
use crate::report::entitled;
use crate::{AppError, Installation, journal};

/// Lines about who has seen a record; the rest is in the log.
const SEEN: usize = 100;

/// What lies ahead of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Horizon {
    /// Its id.
    pub record: String,
    /// Its item.
    pub item: Say,
    /// Is it shown and used at all today?
    pub in_use: bool,
    /// First day on which it is no longer shown; absent where it has none.
    pub stops_on: Option<Date>,
    /// First day on which repair can be asked for; absent where none is laid down, and where there is nothing to repair.
    pub repair_from: Option<Date>,
    /// What repair takes, by the catalogue.
    pub conditions: Vec<Say>,
    /// What is handed in with the request.
    pub documents: Vec<Say>,
    /// The shortest lawful way until it shows no more, step by step.
    pub way: Vec<Say>,
    /// What is contested about it, where something is.
    pub mark: Option<Say>,
    /// Matters in which a window would be told of it today.
    pub affects: Vec<Affected>,
    /// Measures that may follow from it today, each on a clause, decided by a person of the agency that it names; none once the record is out of use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MayFollow>,
    /// First day on which its content is kept no longer: it is destroyed. Absent where it is kept as long as it is in force.
    pub destroyed_on: Option<Date>,
    /// Why it is still there after that day, where it is.
    pub put_off: Option<Say>,
    /// Can it be had deleted at will?
    pub own_wish: bool,
    /// Whoever was shown it, the newest first, a hundred at most.
    pub seen_by: Vec<Seen>,
    /// Who of them was told that it changed, and whether they confirmed what they had decided on it or opened that again; the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<FollowUpLine>,
}

/// A matter in which a record counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Affected {
    /// Its code.
    pub matter: String,
    /// Its name.
    pub name: Say,
    /// What the record is there: it bars, is to be considered, or informs; absent where the window must ask the authority.
    pub finding: Option<FindingKind>,
    /// What that means.
    pub means: Say,
    /// What the person can do.
    pub can_do: Say,
}

/// A measure (措施) that the catalogue ties to the item of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MayFollow {
    /// Its code.
    pub measure: String,
    /// What it is.
    pub name: Say,
    /// Kind of the agency that decides on it and carries it out.
    pub agency: Say,
    /// The clause that allows it.
    pub clause: Cited,
}

/// Somebody who was shown a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// When, in Asia/Shanghai.
    pub at: String,
    /// Who.
    pub who: Say,
    /// For which matter, or as what.
    pub what: Say,
}

/// From when repair of an adverse record can be asked for, and by which rule; `None` where the item lays none down, and where there is nothing to repair.
pub(crate) fn repair_rule<'c>(
    catalogue: &'c Catalogue,
    row: &VersionRow,
    today: Date,
) -> Option<(Date, &'c RepairRule)> {
    let item = catalogue.item(&row.item)?;
    if item.item.polarity != Polarity::Adverse || State::from_i64(row.state) != Some(State::Active) {
        return None;
    }
    let decided_on = from_days(i32::try_from(row.decided_on).ok()?)?;
    let months = item.period_for(decided_on, severity_from_i64(row.severity)).map_or(0, |rule| rule.min_months);
    let first = repair_from(decided_on, months);
    Some((first, item.repair_on(first.max(today))?))
}

impl Reading {
    /// What lies ahead of a record of somebody's.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person; [`crate::Kind::NotFound`] for a record that is not theirs.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45; 信用修复管理办法 (Order 36).
    pub fn record_horizon(
        &self,
        caller: &Caller,
        (kind, number): (DocumentKind, &str),
        record: &RecordId,
    ) -> Result<Disclosure<Horizon>, AppError> {
        const NAME: &str = "record_horizon";
        self.authorise(caller, NAME)?;
        let (document, _) = Document::parse(kind, number, self.synthetic)?;
        let view = self.store.view();
        entitled(caller, NAME, &document, &self.keys, view)?;
        let none =
            || AppError::not_found("您没有这条记录；请核对记录编号", "you have no such record: compare its number");
        let tag = self.keys.document_tag(document.kind(), document.number());
        let (row, versions) = view.versions_of_document(&tag)?.ok_or_else(none)?;
        let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == record.0));
        let current = own.and_then(newest).ok_or_else(none)?;
        let subject = row.subject_id;
        let contests = Contests::read(view, &self.keys, &self.key_store, &subject, self.today())?;
        let answer = self.horizon(&subject, &versions, current, &contests)?;
        let detail = json!({ "records": [[record.hex(), current.version]] });
        let entry = NewEntry::new(subject, NAME, caller.clone(), detail);
        Ok(Disclosure { answer, entry })
    }

    fn horizon(
        &self,
        subject: &[u8; 16],
        versions: &[StoredVersion],
        row: &VersionRow,
        contests: &Contests,
    ) -> Result<Horizon, AppError> {
        let (today, item) = (self.today(), self.catalogue.item(&row.item));
        let until = row.display_until.and_then(|day| from_days(i32::try_from(day).ok()?));
        let active = State::from_i64(row.state) == Some(State::Active);
        let in_use = active && until.is_none_or(|until| today < until);
        let rule = repair_rule(&self.catalogue, row, today).filter(|_| in_use);
        let (destroyed_on, put_off) = self.end_of(versions, row)?;
        let affects = if in_use { self.affected(subject, versions, row, contests)? } else { Vec::new() };
        Ok(Horizon {
            record: RecordId(row.record_id).hex(),
            item: item.map_or_else(|| Say::new(&row.item, &row.item), |i| Say::new(&i.item.name, &i.item.name_en)),
            in_use,
            stops_on: until.filter(|_| active),
            repair_from: rule.map(|(first, _)| first),
            conditions: rule.map(|(_, rule)| conditions(rule)).unwrap_or_default(),
            documents: if rule.is_some() { documents() } else { Vec::new() },
            way: way(in_use, until, rule, today),
            mark: contests.of(&row.record_id).mark(),
            affects,
            measures: if in_use { self.may_follow(&row.item)? } else { Vec::new() },
            destroyed_on,
            put_off,
            own_wish: item.is_some_and(|item| item.item.own_wish) && row.state != State::Erased.as_i64(),
            seen_by: self.seen(subject, &RecordId(row.record_id).hex())?,
            reached: self.reached(subject, &row.record_id)?,
        })
    }

    /// When its content is destroyed, and what puts that off.
    fn end_of(&self, versions: &[StoredVersion], row: &VersionRow) -> Result<(Option<Date>, Option<Say>), AppError> {
        let view = self.store.view();
        let law = Law::new(view, &self.catalogue, self.synthetic, self.today())?;
        let own = by_record(versions).find(|all| all.first().is_some_and(|one| one.row.record_id == row.record_id));
        let judged = law.judged_of(view, own.unwrap_or_default())?;
        Ok(match judged.map(|judged| judged.fate) {
            Some(Fate::Kept(until)) => (until, None),
            Some(Fate::PutOff(why)) => (law.kept_until(row), Some(why.say())),
            Some(Fate::Due) => (law.kept_until(row), None),
            None => (None, None),
        })
    }

    /// Measures in force today that may follow from a record of an item. In production one whose clause nobody read at its source is none.
    fn may_follow(&self, item: &str) -> Result<Vec<MayFollow>, AppError> {
        let (catalogue, today) = (&self.catalogue, self.today());
        let tied =
            catalogue.measures().iter().filter(|of| of.span().holds(today) && of.items.iter().any(|it| it == item));
        let tied: Vec<_> = tied.collect();
        if tied.is_empty() {
            return Ok(Vec::new());
        }
        let confirmed = self.store.view().clauses_confirmed()?;
        let read = |clause: &String| {
            self.synthetic == SyntheticRule::Allowed
                || catalogue.clause(clause).is_some_and(|(_, of)| of.verified)
                || confirmed.contains(clause)
        };
        let told = tied.into_iter().filter(|of| read(&of.clause)).map(|of| MayFollow {
            measure: of.code.clone(),
            name: Say::new(&of.name, &of.name_en),
            agency: kind_of_authority(catalogue, &of.agency),
            clause: cited(catalogue, &of.clause),
        });
        Ok(told.collect())
    }

    /// Every matter whose answer today would tell of the record: asked of the same function that answers windows.
    fn affected(
        &self,
        subject: &[u8; 16],
        versions: &[StoredVersion],
        row: &VersionRow,
        contests: &Contests,
    ) -> Result<Vec<Affected>, AppError> {
        let own: Vec<StoredVersion> = versions.iter().filter(|of| of.row.record_id == row.record_id).cloned().collect();
        let beside = |of: &VersionRow| contests.of(&of.record_id).beside();
        let records = crate::check::records_of(self, &[row.item.as_str()], subject, &own, beside)?;
        let broken = || AppError::internal("kind of a subject");
        let applicant = subject_kind_from_i64(row.subject_kind).ok_or_else(broken)?;
        let mut affected = Vec::new();
        for matter in self.catalogue.matters().iter().filter(|matter| matter.items().contains(&row.item.as_str())) {
            // Not in force, or not for such an applicant: then it says nothing about the record.
            let Ok(answer) = check::answer(&self.catalogue, matter, applicant, &records, self.today()) else {
                continue;
            };
            let (matter, name) = (matter.code().to_owned(), matter.name());
            if let Some(it) = answer.findings.into_iter().next() {
                let (finding, means, can_do) = (Some(it.finding), it.means, it.can_do);
                affected.push(Affected { matter, name, finding, means, can_do });
            } else if let Some(it) = answer.ask.into_iter().next() {
                affected.push(Affected { matter, name, finding: None, means: it.means, can_do: it.can_do });
            }
        }
        Ok(affected)
    }

    /// Checks that showed the record, and reports that carried it to others.
    fn seen(&self, subject: &[u8; 16], record: &str) -> Result<Vec<Seen>, AppError> {
        let mut offices: BTreeMap<String, Say> = BTreeMap::new();
        let mut seen = Vec::new();
        for it in crate::check::shown_to(self.store.view(), subject, record, i64::MIN)? {
            if !offices.contains_key(&it.authority) {
                let office = self.store.view().authority(&it.authority)?;
                offices.insert(it.authority.clone(), called(office.as_ref(), &it.authority));
            }
            let matter = self.catalogue.matter(&it.matter);
            let what = matter.map_or_else(|| Say::new(&it.matter, &it.matter), |matter| matter.name());
            seen.push((it.at_us, offices.get(&it.authority).cloned().unwrap_or_default(), what));
        }
        for (at_us, recipient) in crate::report::carried(self, subject, record)? {
            seen.push((at_us, Say::new(&recipient, &recipient), Say::new("信用报告", "a report")));
        }
        seen.sort_by_key(|(at_us, ..)| std::cmp::Reverse(*at_us));
        seen.truncate(SEEN);
        Ok(seen.into_iter().map(|(at_us, who, what)| Seen { at: shanghai_text(at_us), who, what }).collect())
    }
}

fn conditions(rule: &RepairRule) -> Vec<Say> {
    rule.conditions.iter().zip(&rule.conditions_en).map(|(zh, en)| Say::new(zh, en)).collect()
}

/// # Source
/// 信用修复管理办法 (Order 36): materials.
fn documents() -> Vec<Say> {
    vec![
        Say::new("义务履行完毕的证明材料", "proof that everything was performed"),
        Say::new("信用承诺书", "the commitment letter"),
    ]
}

/// The shortest lawful way: whichever comes first, the end of display or repair.
fn way(in_use: bool, until: Option<Date>, rule: Option<(Date, &RepairRule)>, today: Date) -> Vec<Say> {
    if !in_use {
        return vec![Say::new(
            "该记录已不再展示和使用，无须办理",
            "the record is shown and used no more: nothing needs doing",
        )];
    }
    let stops = until.map(|until| {
        Say::new(
            format!("{until} 起自动停止展示，无须任何人办理"),
            format!("from {until} it shows no more, with no one's help"),
        )
    });
    let Some((first, rule)) = rule.filter(|(first, _)| until.is_none_or(|until| *first < until)) else {
        let object = Say::new(
            "内容、期限有误的，随时可以提出异议；提出即标注“异议中”",
            "where it is wrong, object at any time: it is marked as contested at once",
        );
        return stops.into_iter().chain([object]).collect();
    };
    let (accept, decide) = (rule.accept_working_days, rule.decide_working_days);
    let when = first.max(today);
    let mut way = vec![
        Say::new(
            "履行决定文书确定的全部义务，并保存证明",
            "perform everything that the decision asks, and keep the proof",
        ),
        Say::new(
            format!("{when} 起可以申请修复：附履行证明和信用承诺书，免费"),
            format!("from {when} on ask for repair, with the proof and a commitment letter, free of charge"),
        ),
        Say::new(
            format!("认定单位 {accept} 个工作日内受理、{decide} 个工作日内决定；准予的，即时停止展示和使用"),
            format!(
                "the authority takes it up within {accept} working days and decides within {decide}; granted, it shows and counts no more at once"
            ),
        ),
    ];
    way.extend(stops.map(|stops| Say::new(format!("未申请的，{}", stops.zh), format!("without that, {}", stops.en))));
    way
}

impl Installation {
    /// [`Reading::record_horizon`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn record_horizon(
        &mut self,
        caller: &Caller,
        document: (DocumentKind, &str),
        record: &RecordId,
    ) -> Result<Horizon, AppError> {
        const NAME: &str = "record_horizon";
        self.authorise(caller, NAME)?;
        let found = Reading::open(self)?.record_horizon(caller, document, record);
        let Disclosure { answer, entry } = found.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let logged = self.store.write(NAME, |tx| {
            journal::log_about(tx, &keys, &entry.subject, now_us, entry.operation, &entry.caller, &entry.detail)
        });
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(answer)
    }
}
