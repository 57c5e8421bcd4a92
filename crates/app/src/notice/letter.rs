//! Where nobody could be told: the printed letter, and that it was served. For the authority that determined the record, which knows the person already;
//! and for the credit office, of complaints that it answered itself: of records it has no letter.

use chengxin_core::check::without_numbers;
use chengxin_core::dates::{day_start_us, shanghai_date};
use chengxin_core::delivery::DeliveryStep;
use chengxin_core::identity::Document;
use chengxin_core::notice::NoticeKind;
use chengxin_core::workflow::Party;
use chengxin_core::{Caller, Lang, Say};
use chengxin_policy::Resource;
use chengxin_store::View;
use chengxin_typeset::{DecisionDoc, NoticeDoc, Pair};
use data_encoding::{BASE64, HEXLOWER};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::list::NoticeLine;
use super::office::told_for;
use super::row::{Opened, find, newest};
use super::text::NoticeView;
use super::{MOST, read_id};
use crate::authority::called;
use crate::log::told::Telling;
use crate::paper::{self, Print};
use crate::reading::Reading;
use crate::report::{sha256, stated};
use crate::{AppError, Installation, Mode, journal, policy};

/// A letter that waits to be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterLine {
    /// Number of the notice.
    pub notice: String,
    /// Of what.
    pub kind: String,
    /// The same in words.
    pub title: Say,
    /// Case number; empty where there is none.
    pub case_number: String,
    /// About which record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// When it was made, in Asia/Shanghai.
    pub made: String,
}

/// How a letter was served.
#[derive(Debug, Clone)]
pub struct Served {
    /// On which day.
    pub on: Date,
    /// Who served it.
    pub by: String,
    /// What shows it: kind and number of the acknowledgement, and where it is kept.
    pub evidence: String,
}

/// A letter that was asked for, to be set outside the store.
#[derive(Debug, Clone)]
pub struct NoticeLetter {
    doc: NoticeDoc,
    at_us: i64,
}

impl NoticeLetter {
    /// As PDF/A.
    ///
    /// # Errors
    /// An internal fault of the typesetter.
    pub fn pdf(&self) -> Result<Vec<u8>, AppError> {
        Ok(paper::letter(&self.doc, self.at_us)?.pdf)
    }
}

/// Is it theirs to serve: their authority's; for the credit office, where `own` is empty, its own answer to a complaint and nothing else?
fn serves(own: &str, of: &Opened) -> bool {
    let answer = of.kind == NoticeKind::ComplaintAnswered && of.row.record_id.is_none();
    of.row.authority == own && (!own.is_empty() || answer)
}

/// To an officer, of a notice that is none of their authority's.
fn no_letter() -> AppError {
    AppError::not_found("本单位没有此编号的告知", "your authority has no notice of this number")
}

impl Installation {
    /// What the caller's authority has to serve on paper, the oldest first, some hundreds at most.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever names no authority.
    pub fn notice_undelivered(&self, caller: &Caller) -> Result<Vec<LetterLine>, AppError> {
        self.authorise(caller, "notice_undelivered")?;
        let own = told_for(caller)?;
        let rows = self.store.view().notices_undelivered(own, MOST)?;
        let ours = rows.into_iter().filter_map(|row| Opened::of(&self.keys, row)).filter(|of| serves(own, of));
        let line = |of: Opened| {
            let NoticeLine { notice, kind, title, case_number, record, made, .. } = NoticeLine::of(&of);
            LetterLine { notice, kind, title, case_number, record, made }
        };
        Ok(ours.map(line).collect())
    }

    /// The letter of a notice that nobody could be told of: the same text, for the authority to serve. It is a line in the person's log.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a notice of another authority's.
    pub fn notice_letter(&mut self, caller: &Caller, notice: &str, lang: Lang) -> Result<NoticeLetter, AppError> {
        const NAME: &str = "notice_letter";
        self.authorise(caller, NAME)?;
        let found = self.letter_of(caller, NAME, notice)?;
        let view = Reading::open(self)?.notice_view(&found)?;
        let doc = self.letter(&found, &view, Print(lang))?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({ "read_notice": view.notice.notice, "content": doc.content_hash });
        self.store.write(NAME, |tx| {
            journal::log_about(tx, &keys, &found.row.subject_id, now_us, NAME, caller, &detail).map(drop)
        })?;
        Ok(NoticeLetter { doc, at_us: now_us })
    }

    /// Records that a letter was served: from that day on the person was told. One that was told already stays as it was.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] without who served it and what shows it, and for a day before the notice or ahead; and as [`Self::notice_letter`].
    pub fn notice_served(&mut self, caller: &Caller, notice: &str, how: &Served) -> Result<NoticeLine, AppError> {
        const NAME: &str = "notice_served";
        self.authorise(caller, NAME)?;
        let found = self.letter_of(caller, NAME, notice)?;
        let (by_whom, evidence) = said(how)?;
        let (made, today) = (shanghai_date(found.row.made_us), self.today());
        if how.on < made || how.on > today {
            return Err(AppError::invalid(
                format!("送达日期须在告知生成之日（{made}）和今天（{today}）之间"),
                format!("the day of service lies between the day of the notice ({made}) and today ({today})"),
            ));
        }
        let subject = found.row.subject_id;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let key = keys.subject_key(&self.key_store, &subject)?.notes();
        let plain = json!({ "by": by_whom, "evidence": evidence }).to_string();
        let sealed = BASE64.encode(&key.seal(&aad(&subject, &found.row.notice_id), plain.as_bytes()));
        let done = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let found = find(tx.view(), &keys, &subject, &found.row.notice_id)?.ok_or_else(no_letter)?;
            if found.is_delivered() {
                return Err(AppError::conflict(
                    "当事人已经被告知，无须再登记送达",
                    "the person was told already: there is nothing to record",
                ));
            }
            let by = Telling { keys: &keys, now_us, operation: NAME, caller };
            let detail = json!({ "served_on": how.on, "sealed": sealed });
            found.deliver(tx, &by, (DeliveryStep::Serve, day_start_us(how.on)), detail)
        });
        Ok(NoticeLine::of(&done?))
    }

    /// A notice that the caller's own authority serves.
    fn letter_of(&self, caller: &Caller, name: &'static str, notice: &str) -> Result<Opened, AppError> {
        let own = self.own_letter(self.store.view(), caller, notice)?;
        let found = own.ok_or_else(|| self.unseen(caller, name, no_letter()))?;
        let mut thing = Resource::new();
        thing.authority = Some(found.row.authority.clone()).filter(|authority| !authority.is_empty());
        policy::on(caller, name, &thing).map_err(|refusal| self.denied(caller, name, refusal))?;
        if let Some(document) = self.told_on_paper(&found)? {
            self.recused(caller, name, &document)?;
        }
        Ok(found)
    }

    /// Who is told, where record or complaint says it.
    fn told_on_paper(&self, of: &Opened) -> Result<Option<Document>, AppError> {
        match &of.row.record_id {
            Some(record) => self.named_in(&of.row.subject_id, record),
            None if of.kind == NoticeKind::ComplaintAnswered => self.complainant(&of.row.subject_id, &of.row.case_no),
            None => Ok(None),
        }
    }

    fn own_letter(&self, view: View<'_>, caller: &Caller, notice: &str) -> Result<Option<Opened>, AppError> {
        let (Some(id), own) = (read_id(notice), told_for(caller)?) else { return Ok(None) };
        let found = newest(view, &self.keys, view.notice_anywhere(&id)?)?;
        Ok(found.filter(|of| serves(own, of)))
    }

    /// To whom: the record's person, whom the authority knows; or who complained, so that a window can compare the document.
    fn addressee(&self, of: &Opened) -> Result<String, AppError> {
        let complained = if of.row.record_id.is_none() { self.told_on_paper(of)? } else { None };
        Ok(complained.map_or_else(
            || "记录所指的当事人（由送达单位填写姓名）".to_owned(),
            |document| format!("投诉人（证件号码 {}；送达时核对证件，由送达单位填写姓名）", document.masked()),
        ))
    }

    fn letter(&self, of: &Opened, view: &NoticeView, print: Print) -> Result<NoticeDoc, AppError> {
        let signer = if of.row.authority.is_empty() {
            Party::CreditOffice.name().zh
        } else {
            called(self.store.view().authority(&of.row.authority)?.as_ref(), &of.row.authority).zh
        };
        let mut table = Vec::new();
        for part in &view.parts {
            let text: Vec<_> = part.sentences.iter().map(|say| print.text(say)).collect();
            table.push(Pair::new(print.short(&part.heading), text.join("\n")));
        }
        Ok(DecisionDoc {
            title: "告知书".to_owned(),
            title_en: "Notice".to_owned(),
            city: self.city().to_owned(),
            synthetic: self.mode() == Mode::Synthetic,
            number: view.notice.notice.clone(),
            date: self.today().to_string(),
            addressee: self.addressee(of)?,
            paragraphs: vec![print.text(&view.notice.title), print.text(&unreached())],
            table,
            signer,
            content_hash: content_hash(view)?,
            ..DecisionDoc::default()
        })
    }
}

fn unreached() -> Say {
    Say::new(
        "平台没有经您核实的通知渠道，现以书面告知。对您的期限自本告知送达之日起计算；此前不计算。",
        "The platform has no proven way to reach you, and tells you on paper. What runs against you is counted from the day on which this is served, and not before.",
    )
}

fn content_hash(view: &NoticeView) -> Result<String, AppError> {
    let text = serde_json::to_vec(&view.parts).map_err(|error| AppError::internal(format!("notice: {error}")))?;
    Ok(HEXLOWER.encode(&sha256(&text)))
}

/// Who served it and what shows it, without numbers of identity documents that were typed by mistake.
fn said(how: &Served) -> Result<(String, String), AppError> {
    let by = stated("送达人", "who served it", &without_numbers(&how.by))?;
    let evidence = stated("送达凭证", "what shows it", &without_numbers(&how.evidence))?;
    if by.is_empty() || evidence.chars().count() < 2 {
        return Err(AppError::invalid(
            "须写明送达人和送达凭证（如送达回证编号）",
            "say who served it, and what shows it (the number of the acknowledgement)",
        ));
    }
    Ok((by, evidence))
}

/// What is authenticated beside it, so that it cannot be laid to another notice.
fn aad(subject: &[u8; 16], notice: &[u8; 16]) -> Vec<u8> {
    [&b"notice-served"[..], subject, notice].concat()
}
