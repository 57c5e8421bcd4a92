//! The decision on paper: what was decided, signed, with a QR code, to be shown to a bank or whoever still has the old record.
//!
//! The QR code leads to the installation, by the number and a code that only who has the paper knows; what stands there is the outcome, its day and its
//! authority, and nothing else. The signed JSON proves the same without the installation.

use chengxin_core::dates::{from_days, shanghai_text};
use chengxin_core::identity::DocumentKind;
use chengxin_core::proceeding::{ProceedingKind, ProceedingNumber};
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Lang, Say};
use chengxin_seal::{SignedEnvelope, TrustList, same_secret, sign_envelope, verify_envelope};
use chengxin_typeset::DecisionDoc;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::row::{Keeper, Opened, find};
use super::view::ProceedingView;
use super::{Contests, proceeding_number};
use crate::keyring::Keyring;
use crate::paper::{self, Print};
use crate::report::sha256;
use crate::{AppError, Installation, Mode, journal};

/// Name of the format of [`Decided`].
const FORMAT: &str = "chengxin-decision/1";
/// What the signature says that it signs.
const DECISION_TYPE: &str = "application/vnd.chengxin.decision+json";
/// Characters of the code behind the QR code: 60 bits.
const CODE: usize = 12;
/// Steps whose words are the decision's.
const DECIDING: [&str; 8] =
    ["correct", "withdraw", "keep", "refuse", "find_theirs", "find_not_theirs", "grant", "turn_away"];

/// A decision as it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decided {
    /// `chengxin-decision/1`.
    pub format: String,
    /// Number of the proceeding.
    pub number: String,
    /// City.
    pub city: String,
    /// Made-up data?
    pub synthetic: bool,
    /// Kind of proceeding.
    pub kind: ProceedingKind,
    /// The same in words.
    pub kind_name: Say,
    /// Kind of the document of the one whom it concerns.
    pub document: Say,
    /// Its number, masked.
    pub document_number: String,
    /// The record.
    pub record: String,
    /// Its item.
    pub item: Say,
    /// The authority that decided.
    pub authority: Say,
    /// What was decided, as a word.
    pub outcome: String,
    /// The same in words.
    pub outcome_name: Say,
    /// On which day.
    pub decided_on: Date,
    /// The reasons, or the answer.
    pub reasons: String,
    /// What follows for the record.
    pub effect: Say,
    /// Reconsideration and the courts.
    pub routes: Vec<Say>,
    /// Where it can be verified.
    pub verify_url: String,
    /// When it was made out, microseconds UTC.
    pub issued_at_us: i64,
}

/// A decision with its signature and its page.
#[derive(Debug, Clone)]
pub struct DecisionPaper {
    /// What it says.
    pub decided: Decided,
    /// The signed JSON.
    pub json: String,
    /// PDF/A.
    pub pdf: Vec<u8>,
}

/// What stands behind the QR code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionStatus {
    /// Number of the proceeding.
    pub number: String,
    /// Kind of proceeding.
    pub kind: Say,
    /// What was decided.
    pub outcome: Say,
    /// On which day.
    pub decided_on: Date,
    /// By which authority.
    pub authority: Say,
}

impl Keyring {
    /// The code behind the QR code of a decision: whoever has the paper has it, and the number alone opens nothing.
    fn decision_code(&self, number: &ProceedingNumber) -> String {
        chengxin_core::code::text_of(&self.code_tag("decision-code", &[number.as_str().as_bytes()])[..CODE])
    }
}

impl Installation {
    /// The decision in a proceeding of somebody's own, once there is one.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a number that is none of theirs; [`crate::Kind::Conflict`] while nothing is decided.
    ///
    /// # Source
    /// 信用修复管理办法 (Order 36): decisions are in writing; the QR code is a house rule.
    pub fn proceeding_decision(
        &mut self,
        caller: &Caller,
        (kind, document): (DocumentKind, &str),
        number: &str,
        lang: Lang,
    ) -> Result<DecisionPaper, AppError> {
        const NAME: &str = "proceeding_decision";
        let document = self.ruling(caller, NAME, kind, document)?;
        let (keeper, of) = self.own_proceeding(&document, number)?;
        let contests = self.contests_of(&keeper)?;
        let paper = self.decision_paper(&keeper, &of, &contests, lang)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({ "number": of.number() });
        let logged =
            self.store.write(NAME, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, NAME, caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(paper)
    }

    fn decision_paper(
        &self,
        keeper: &Keeper,
        of: &Opened,
        contests: &Contests,
        lang: Lang,
    ) -> Result<DecisionPaper, AppError> {
        let undecided = || AppError::conflict("该办件尚未作出决定", "nothing is decided in this proceeding yet");
        let decided_on = closed(of).ok_or_else(undecided)?;
        let view = self.proceeding_view(keeper, of, contests)?;
        let number = proceeding_number(&view.number)?;
        let (document, code) = (of.document()?, self.keys.decision_code(&number));
        let decided = Decided {
            format: FORMAT.to_owned(),
            number: view.number.clone(),
            city: self.city().to_owned(),
            synthetic: self.mode() == Mode::Synthetic,
            kind: of.kind,
            kind_name: of.kind.name(),
            document: Say::new(document.kind().name_zh(), document.kind().name_en()),
            document_number: document.masked(),
            record: RecordId(of.row.record_id).hex(),
            item: view.item.clone(),
            authority: view.authority_name.clone(),
            outcome: view.state.clone(),
            outcome_name: view.state_name.clone(),
            decided_on,
            reasons: reasons(&view),
            effect: effect(&view.state),
            routes: view.routes,
            verify_url: format!("{}/d/{}/{code}", self.base_url(), number.as_str()),
            issued_at_us: self.now_us(),
        };
        let payload = serde_json::to_vec(&decided).map_err(|error| AppError::internal(format!("decision: {error}")))?;
        let signing = self.keys.provider().signing_key();
        let json = sign_envelope(signing, DECISION_TYPE, &payload, decided.issued_at_us).to_json();
        let doc = document_of(&decided, HEXLOWER.encode(&sha256(json.as_bytes())), Print(lang));
        let pdf = paper::letter(&doc, decided.issued_at_us)?.pdf;
        Ok(DecisionPaper { decided, json, pdf })
    }

    /// What stands behind the QR code of a decision, for whoever was shown the paper. It names nobody, and no record.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] in one sentence for an unknown number, a wrong code and what is not decided.
    pub fn decision_verify(&self, caller: &Caller, number: &str, code: &str) -> Result<DecisionStatus, AppError> {
        self.authorise(caller, "decision_verify")?;
        let none = || {
            AppError::not_found(
                "没有这样的决定；请对照纸件核对",
                "there is no such decision: compare it with the paper",
            )
        };
        let number = ProceedingNumber::parse(number).ok_or_else(none)?;
        let code = chengxin_core::code::canonical(code, CODE).ok_or_else(none)?;
        if !same_secret(code.as_bytes(), self.keys.decision_code(&number).as_bytes()) {
            return Err(none());
        }
        let (view, keys) = (self.store.view(), &self.keys);
        let row = view.proceeding_number(&keys.proceeding_tag(&number))?.filter(|row| keys.is_proceeding_number(row));
        let keeper = Keeper::of(keys, &self.key_store, row.ok_or_else(none)?.subject_id).map_err(|_| none())?;
        let of = find(view, keys, &keeper, &keys.proceeding_id(&number))?.ok_or_else(none)?;
        let decided_on = closed(&of).ok_or_else(none)?;
        let office = view.authority(&of.row.authority)?;
        Ok(DecisionStatus {
            number: number.text(),
            kind: of.kind.name(),
            outcome: of.kind.state_name(&of.row.state).unwrap_or_default(),
            decided_on,
            authority: crate::authority::called(office.as_ref(), &of.row.authority),
        })
    }
}

/// The decision in a signed file, checked against the keys that the verifier trusts.
///
/// # Errors
/// [`crate::Kind::Invalid`] for what is no decision, was altered, or was signed by a key that is not on the list.
pub fn verify_decision(file: &[u8], trust: &TrustList) -> Result<Decided, AppError> {
    let none = || AppError::invalid("不是办件决定书", "this is no decision of a proceeding");
    let envelope = SignedEnvelope::from_json(file).map_err(|_| none())?;
    if envelope.payload_type != DECISION_TYPE {
        return Err(none());
    }
    let verified = verify_envelope(&envelope, trust).map_err(|error| {
        AppError::invalid(
            "决定书的签名无效：内容被改动，或者签名的密钥不在信任清单上",
            "the decision's signature does not hold: it was altered, or its key is not on the trust list",
        )
        .because(error)
    })?;
    let decided: Decided = serde_json::from_slice(verified.payload).map_err(|_| none())?;
    if decided.format == FORMAT { Ok(decided) } else { Err(none()) }
}

fn closed(of: &Opened) -> Option<Date> {
    from_days(i32::try_from(of.row.closed_on?).ok()?)
}

fn reasons(view: &ProceedingView) -> String {
    let last = view.steps.iter().rfind(|step| DECIDING.contains(&step.step.as_str()));
    last.map_or_else(String::new, |step| step.text.clone())
}

/// What follows for the record.
fn effect(outcome: &str) -> Say {
    let (zh, en) = match outcome {
        "corrected" => (
            "该记录已按本决定更正，更正前的内容不得再展示和使用。",
            "The record was corrected by this decision; what it said before is shown and used no more.",
        ),
        "withdrawn" | "not_theirs" => {
            ("该记录已撤销，不得再展示和使用。", "The record is withdrawn, and shown and used no more.")
        }
        "granted" => (
            "该记录自决定之日起停止公示、共享和使用，据此采取的措施同时解除。接收过该记录的单位和网站应当同步更新。",
            "From this decision on the record is shown, shared and used no more, and measures that rest on it are lifted. Whoever received it follows suit.",
        ),
        "kept" | "theirs" => (
            "该记录维持不变；当事人可以附加不超过五百字的说明。",
            "The record stays as it is; the person may put a statement of at most 500 characters beside it.",
        ),
        _ => (
            "该记录不因本决定改变；补正后可以再次提出。",
            "The record is not changed by this decision; what lacked may be mended, and it may be asked again.",
        ),
    };
    Say::new(zh, en)
}

fn document_of(decided: &Decided, digest: String, print: Print) -> DecisionDoc {
    let paragraphs =
        [(!decided.reasons.is_empty()).then(|| decided.reasons.clone()), Some(print.text(&decided.effect))];
    DecisionDoc {
        title: format!("{}决定书", decided.kind_name.zh),
        title_en: format!("Decision: {}", decided.kind_name.en),
        city: decided.city.clone(),
        synthetic: decided.synthetic,
        number: decided.number.clone(),
        date: shanghai_text(decided.issued_at_us),
        paragraphs: paragraphs.into_iter().flatten().collect(),
        table: vec![
            print.pair(
                "当事人证件",
                "Document",
                format!("{} {}", print.short(&decided.document), decided.document_number),
            ),
            print.pair("事项", "Item", print.short(&decided.item)),
            print.pair("认定单位", "Authority", print.short(&decided.authority)),
            print.pair("决定", "Decided", print.short(&decided.outcome_name)),
            print.pair("决定日期", "On", decided.decided_on.to_string()),
        ],
        rights: print.all(&decided.routes),
        signer: print.short(&decided.authority),
        verify_url: decided.verify_url.clone(),
        content_hash: digest,
        notes: print.all(&[Say::new(
            "扫描二维码可以核对本决定；核对页面只显示编号、决定、日期和单位。",
            "The QR code leads to a page that confirms this decision: number, outcome, day and authority, and nothing else.",
        )]),
        ..DecisionDoc::default()
    }
}
