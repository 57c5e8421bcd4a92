//! Drafts after a leak: a letter for each person who was touched, and a report to the competent office. A person reads and sends them; nothing goes out
//! from here.

use std::collections::BTreeSet;

use chengxin_core::identity::mask_number;
use chengxin_core::statement::cleaned;
use chengxin_core::{Caller, Lang, Say, dates};
use chengxin_typeset::{DecisionDoc, Pair};
use serde::Serialize;

use super::person::Identity;
use super::{LeakPerson, LeakSearch, LeakSummary};
use crate::paper::{self, Print};
use crate::{AppError, Installation, Mode};

/// Most characters of each thing that only people know.
const WORDS: usize = 1_000;

/// Lines of a log that a letter has in its table.
const PRINTED: usize = 40;

/// What no log knows: people write it, and it is printed as they do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeakSaid {
    /// What happened, and why.
    pub cause: String,
    /// What harm may come of it.
    pub harm: String,
    /// What was done about it.
    pub measures: String,
    /// What the person can do to lessen the harm.
    pub advice: String,
    /// Whom to ask: office, telephone, address. Printed as written, number and all.
    pub contact: String,
}

/// A letter to one person, drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeakLetter {
    /// Its number.
    pub number: String,
    /// By what the installation finds the person again.
    pub person: String,
    /// Name and starred number, by which the letter is served; absent once their key was destroyed, and for whom no name is on file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// What it says, for a message in their account.
    pub text: Vec<Say>,
    /// The letter, PDF/A.
    #[serde(skip)]
    pub pdf: Vec<u8>,
}

/// What drafting came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeakNotices {
    /// The search.
    pub summary: LeakSummary,
    /// Letters with an addressee.
    pub addressed: u64,
    /// The report to the competent office, PDF/A: counts, and nobody's name.
    pub report: Vec<u8>,
}

impl LeakSaid {
    fn checked(&self) -> Result<Self, AppError> {
        let said = |zh: &str, en: &str, text: &str| {
            let chars = text.trim().chars().count();
            if !(2..=WORDS).contains(&chars) {
                return Err(AppError::invalid(
                    format!("须写明{zh}，2 至 {WORDS} 字；留痕中没有，只有人知道"),
                    format!("say {en}, in 2 to {WORDS} characters: the log does not know it"),
                ));
            }
            Ok(cleaned(text).text)
        };
        let contact = said("联系方式", "whom to ask", &self.contact).map(|_| self.contact.trim().to_owned())?;
        Ok(Self {
            cause: said("发生原因", "what happened", &self.cause)?,
            harm: said("可能造成的危害", "what harm may come of it", &self.harm)?,
            measures: said("已采取的措施", "what was done", &self.measures)?,
            advice: said("您可以采取的措施", "what the person can do", &self.advice)?,
            contact,
        })
    }
}

impl Installation {
    /// Drafts the letters and the report. `letter` gets each letter after the line in the person's own log is durable.
    ///
    /// # Errors
    /// As [`Self::leak_list`]; [`crate::Kind::Invalid`] where something that only people know is left out; what `letter` returns.
    ///
    /// # Source
    /// 个人信息保护法 art. 57: kinds of data, causes and possible harm; measures taken and what the person can do; whom to ask.
    pub fn leak_notices(
        &mut self,
        caller: &Caller,
        search: &LeakSearch,
        said: &LeakSaid,
        lang: Lang,
        letter: &mut dyn FnMut(LeakLetter) -> Result<(), AppError>,
    ) -> Result<LeakNotices, AppError> {
        const NAME: &str = "leak_notices";
        self.authorise(caller, NAME)?;
        let (said, print) = (said.checked()?, Print(lang));
        let (now_us, mut addressed, mut drafted) = (self.now_us(), 0, 0_u64);
        let summary = self.leak_found(caller, NAME, search, &mut |installation, found, identity| {
            drafted += 1;
            let made = installation.leak_letter(&said, print, &found, identity, drafted, now_us)?;
            addressed += u64::from(made.addressee.is_some());
            letter(made)
        })?;
        let report = self.leak_report(&said, print, search, &summary, now_us)?;
        Ok(LeakNotices { summary, addressed, report })
    }

    fn leak_letter(
        &self,
        said: &LeakSaid,
        print: Print,
        found: &LeakPerson,
        identity: Option<&Identity>,
        number: u64,
        now_us: i64,
    ) -> Result<LeakLetter, AppError> {
        let today = self.today();
        let number = format!("XL{}-{number:06}", today.strftime("%Y%m%d"));
        let addressee = identity.filter(|identity| !identity.name.is_empty());
        let addressee = addressee.map(|of| format!("{}（{}）", of.name, mask_number(of.kind, &of.number)));
        let text = self.leak_text(said, found);
        let doc = DecisionDoc {
            title: "个人信息安全事件告知书（草稿）".to_owned(),
            title_en: "Notice of an incident with your data (draft)".to_owned(),
            number: number.clone(),
            addressee: addressee
                .clone()
                .unwrap_or_else(|| print.short(&Say::new("（未留存姓名）", "(no name on file)"))),
            paragraphs: print.all(&text),
            table: touched(print, found),
            closing: Vec::new(),
            rights: print.all(&self.leak_rights()),
            ..self.leak_head(today.to_string())
        };
        let pdf = paper::letter(&doc, now_us)?.pdf;
        Ok(LeakLetter { number, person: found.person.clone(), addressee, text, pdf })
    }

    fn leak_head(&self, date: String) -> DecisionDoc {
        let city = self.city().to_owned();
        let signer = format!("{city}信用主管部门");
        DecisionDoc { signer, city, synthetic: self.mode() == Mode::Synthetic, date, ..DecisionDoc::default() }
    }

    /// What a letter says, one thing to a paragraph.
    fn leak_text(&self, said: &LeakSaid, found: &LeakPerson) -> Vec<Say> {
        let told = found.lines.iter().any(|line| line.told);
        let kinds: BTreeSet<_> = found.records.iter().map(|record| (&record.class.zh, &record.item_name)).collect();
        let (zh, en): (Vec<_>, Vec<_>) = kinds.iter().map(|(_, name)| (name.zh.as_str(), name.en.as_str())).unzip();
        let which = if kinds.is_empty() {
            Say::new("没有涉及您的任何一条记录的内容", "the content of no record of yours")
        } else {
            Say::new(zh.join("、"), en.join("; "))
        };
        let looked = if told {
            Say::new("根据留痕，下列信息曾被查看。", "By the log, what follows was looked at.")
        } else {
            Say::new(
                "根据留痕，有下列与您有关的操作，其中没有查看您的记录内容。",
                "By the log, what follows was done that concerns you; the content of your records was not looked at.",
            )
        };
        let of = |zh: &str, en: &str, words: &str| Say::new(format!("{zh}：{words}"), format!("{en}: {words}"));
        vec![
            of("发生了什么", "What happened", &said.cause),
            looked,
            Say::new(format!("涉及的信息种类：{}", which.zh), format!("Kinds of data concerned: {}", which.en)),
            of("可能造成的危害", "Harm that may come of it", &said.harm),
            of("已采取的措施", "What was done about it", &said.measures),
            of("您可以采取的措施", "What you can do", &said.advice),
            of("联系方式", "Whom to ask", &said.contact),
        ]
    }

    fn leak_rights(&self) -> Vec<Say> {
        let city = self.city();
        vec![
            Say::new(
                "您可以随时在“我的留痕”中逐条查看谁在何时查看了什么，并取得证明；也可以就其中任何一条投诉",
                "read in your own log, at any time, who looked at what and when, with proof; and complain about any line of it",
            ),
            Say::new(
                format!("您可以向{city}信用主管部门或者网信部门投诉、举报；受到损害的，可以依法请求赔偿"),
                format!(
                    "complain to the credit office of {city} or the cyberspace administration; whoever suffered harm may claim damages"
                ),
            ),
        ]
    }

    /// The report to the competent office.
    fn leak_report(
        &self,
        said: &LeakSaid,
        print: Print,
        search: &LeakSearch,
        summary: &LeakSummary,
        now_us: i64,
    ) -> Result<Vec<u8>, AppError> {
        let instant = |at: Option<i64>| at.map_or_else(|| "—".to_owned(), dates::shanghai_text);
        let mut table = vec![
            print.pair("涉及人数", "People concerned", summary.people.to_string()),
            print.pair("其中信息被查看的人数", "Of these, people whose data were looked at", summary.told.to_string()),
            print.pair("留痕条数", "Lines of the log", summary.lines.to_string()),
            print.pair("涉及记录数", "Records concerned", summary.records.to_string()),
            print.pair("时段", "Span", format!("{} — {}", instant(search.from_us), instant(search.until_us))),
            print.pair("检索编号", "Number of the search in the log", summary.entry.to_string()),
        ];
        for (operation, count) in &summary.operations {
            let name =
                chengxin_core::operation_words::act(operation, "").unwrap_or_else(|| Say::new(operation, operation));
            table.push(Pair::new(print.short(&name), count.to_string()));
        }
        let of = |zh: &str, en: &str, words: &str| Say::new(format!("{zh}：{words}"), format!("{en}: {words}"));
        let paragraphs = [
            of("发生原因", "What happened", &said.cause),
            of("可能造成的危害", "Harm that may come of it", &said.harm),
            of("已采取的措施", "What was done about it", &said.measures),
            of("联系方式", "Whom to ask", &said.contact),
        ];
        let today = self.today();
        let doc = DecisionDoc {
            title: "个人信息安全事件报告（草稿）".to_owned(),
            title_en: "Report of an incident with personal data (draft)".to_owned(),
            number: format!("XL{}-{}", today.strftime("%Y%m%d"), summary.entry),
            addressee: print.short(&Say::new(
                "履行个人信息保护职责的部门",
                "The department in charge of protecting personal information",
            )),
            paragraphs: print.all(&paragraphs),
            table,
            ..self.leak_head(today.to_string())
        };
        Ok(paper::letter(&doc, now_us)?.pdf)
    }
}

/// The lines of a letter: when, what, by whom. The newest are left out where they are too many; the person's own log has them all.
fn touched(print: Print, found: &LeakPerson) -> Vec<Pair> {
    let line = |line: &super::LeakLine| {
        let by = line.authority.clone().unwrap_or_default();
        let at = line.at.get(..16).unwrap_or(&line.at).replace('T', " ");
        Pair::new(format!("{at} · {}", line.number), format!("{} {} {}", by, line.role, print.short(&line.act)))
    };
    let mut table: Vec<Pair> = found.lines.iter().take(PRINTED).map(line).collect();
    let more = found.lines.len().saturating_sub(PRINTED) + found.further;
    if more > 0 {
        table.push(print.pair("另有", "More", more.to_string()));
    }
    table
}
