//! A person with a revoked licence on record, the offices that deal with it, and a clock that moves.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use chengxin_app::AppError;
use chengxin_app::check::{CheckRequest, Checked, Outcome, OutcomeRequest};
use chengxin_app::intake::{ImportOutcome, ImportRequest, Silent};
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::proceeding::{Attachment, OwnProceeding, Proceeded};
use chengxin_app::record::HeldRecord;
use chengxin_app::repair::{RepairAnswer, RepairRequest};
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::repair::RepairStep;
use chengxin_core::{Caller, Ground, Lang, Role};

use crate::city::{self, City, OFFICE, Row, caller, row};
use crate::desk::{DAY, Desk};

pub const KIND: DocumentKind = DocumentKind::ResidentId;
pub const MATTER: &str = "road-transport-practitioner";
const CLAUSE: &str = "road-transport-regulation#art-9";

/// Zhou Ming, whose licence was revoked.
pub struct Contest {
    pub desk: Desk,
    pub row: Row,
    pub record: RecordId,
}

/// A row of a revocation.
pub fn revoked(sequence: u32) -> Row {
    Row { kind: "吊销许可证件".to_owned(), fine: String::new(), ..row(sequence) }
}

/// The office's file, with the column that a revocation needs.
pub fn file(rows: &[Row]) -> String {
    let lines = city::csv(rows);
    let mut lines = lines.lines();
    let mut text = format!("{},CF_NR_ZKDX\n", lines.next().unwrap());
    for (line, row) in lines.zip(rows) {
        let licence = if row.kind == "吊销许可证件" { "道路运输从业资格证" } else { "" };
        text += &format!("{line},{licence}\n");
    }
    text
}

/// Everything, for a bank.
pub fn report_request(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: KIND,
        number: number.to_owned(),
        name: None,
        recipient: "云汀银行".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    }
}

pub fn own() -> Caller {
    Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Resident, "zhou", None) }
}

pub fn clerk() -> Caller {
    Caller { ground: Ground::Duty(CLAUSE.to_owned()), ..caller(Role::Clerk, "li", Some(OFFICE)) }
}

pub fn decider() -> Caller {
    caller(Role::Decider, "qian", Some(OFFICE))
}

pub fn identity_clerk() -> Caller {
    caller(Role::IdentityClerk, "sun", None)
}

pub fn attached(name: &str, content: &[u8]) -> Attachment {
    Attachment { name: name.to_owned(), content: content.to_vec() }
}

impl Contest {
    pub fn new() -> Self {
        Self::with(&[revoked(1)])
    }

    /// The first row is Zhou Ming's.
    pub fn with(rows: &[Row]) -> Self {
        let mut city = City::new();
        let path = city.write("rows.csv", &file(rows));
        let outcome = city.import_with(&path, |_| {}).unwrap();
        assert_eq!(outcome.quality.counts.new, rows.len() as u64, "{:?}", outcome.quality);
        city.release();
        let mut contest = Self { desk: Desk::over(city), row: rows[0].clone(), record: RecordId([0; 16]) };
        let record = contest.records().remove(0).record;
        contest.record = RecordId::from_hex(&record).unwrap();
        contest
    }

    pub fn days(&self, days: i64) {
        self.desk.pass(days * DAY);
    }

    pub fn records(&mut self) -> Vec<HeldRecord> {
        self.desk.app.record_list(&own(), KIND, &self.row.number).unwrap().records
    }

    pub fn request(&self, aspect: Option<ObjectionAspect>, grounds: &str) -> ObjectionRequest {
        ObjectionRequest {
            kind: KIND,
            number: self.row.number.clone(),
            record: self.record,
            aspect,
            grounds: grounds.to_owned(),
            attachments: Vec::new(),
            evidence: None,
        }
    }

    /// Files an objection to what the record says.
    pub fn object(&mut self) -> String {
        let request = self.request(Some(ObjectionAspect::Content), "当日我不在本市，有车票为证");
        self.desk.app.objection_file(&own(), &request).unwrap().proceeding.number
    }

    pub fn answer(number: &str, step: ObjectionStep, text: &str) -> ObjectionAnswer {
        ObjectionAnswer {
            number: number.to_owned(),
            step,
            text: text.to_owned(),
            attachments: Vec::new(),
            corrected: [].into(),
        }
    }

    pub fn decide(&mut self, number: &str, step: ObjectionStep, text: &str) -> Result<Proceeded, AppError> {
        self.desk.app.objection_decide(&decider(), &Self::answer(number, step, text))
    }

    pub fn add(&mut self, number: &str, statement: bool, text: &str) -> Result<Proceeded, AppError> {
        let document = self.row.number.clone();
        self.desk.app.objection_add(&own(), (KIND, &document), number, statement, text, &[], None)
    }

    pub fn toward(&self, step: RepairStep, text: &str) -> RepairRequest {
        RepairRequest {
            kind: KIND,
            number: self.row.number.clone(),
            record: self.record,
            step,
            text: text.to_owned(),
            attachments: Vec::new(),
            commitment: None,
            national_number: None,
            evidence: None,
        }
    }

    /// The request with everything that it takes.
    pub fn ask(&self) -> RepairRequest {
        RepairRequest {
            attachments: vec![attached("缴款凭证.txt", "已缴清".as_bytes())],
            commitment: Some(attached("承诺书.txt", "本人承诺守法经营".as_bytes())),
            national_number: Some("XYZG2026112200017".to_owned()),
            ..self.toward(RepairStep::Ask, "申请修复")
        }
    }

    pub fn decide_repair(&mut self, number: &str, step: RepairStep, text: &str) -> Result<Proceeded, AppError> {
        let (number, text) = (number.to_owned(), text.to_owned());
        let answer = RepairAnswer { number, step, text, attachments: Vec::new(), until: None };
        self.desk.app.repair_decide(&decider(), &answer)
    }

    pub fn proceedings(&mut self) -> Vec<OwnProceeding> {
        let number = self.row.number.clone();
        self.desk.app.proceeding_list(&own(), KIND, &number).unwrap()
    }

    /// A window checks.
    pub fn check(&mut self, case_number: &str) -> Checked {
        let request = CheckRequest {
            matter: MATTER.to_owned(),
            kind: KIND,
            number: self.row.number.clone(),
            name: self.row.name.clone(),
            case_number: case_number.to_owned(),
        };
        self.desk.app.check_answer(&clerk(), &request).unwrap()
    }

    /// What came of a check.
    pub fn outcome(&mut self, check: &str, outcome: Outcome, on_record: bool) {
        let rests_on = if on_record { vec![self.record.hex()] } else { Vec::new() };
        let (number, check) = (self.row.number.clone(), check.to_owned());
        let reason = "依据核查结果".to_owned();
        let request = OutcomeRequest { kind: KIND, number, check, outcome, reason, rests_on };
        self.desk.app.check_outcome(&clerk(), &request).unwrap();
    }

    pub fn report(&mut self) -> IssuedReport {
        self.desk.app.report_issue(&own(), &report_request(&self.row.number)).unwrap()
    }

    /// The office sends a file.
    pub fn sends(&mut self, name: &str, rows: &[Row]) -> ImportOutcome {
        let path = self.desk.city.write(name, &file(rows));
        let request = ImportRequest {
            authority: OFFICE.to_owned(),
            item: Some("penalty".to_owned()),
            file: path,
            ..ImportRequest::default()
        };
        let officer = caller(Role::DataOfficer, "zhou", Some(OFFICE));
        self.desk.app.submission_import(&officer, &request, &mut Silent).unwrap()
    }

    /// Operations in the person's own log, the newest first, each with its sentence.
    pub fn lines(&mut self) -> Vec<(String, String)> {
        let number = self.row.number.clone();
        let lines = self.desk.app.log_lines(&own(), KIND, &number).unwrap();
        lines.lines.into_iter().map(|line| (line.operation, line.act.zh)).collect()
    }
}

/// A made-up notice of holidays: what counts here is that the year is there.
pub fn year_2027() -> String {
    let mut text = "year = 2027\nverified = false\nnotices = [\"https://www.gov.cn/\"]\n".to_owned();
    for (zh, en, first, last) in [
        ("元旦", "New Year", "01-01", "01-01"),
        ("春节", "Spring Festival", "02-05", "02-11"),
        ("清明节", "Tomb-sweeping Day", "04-05", "04-05"),
        ("劳动节", "Labour Day", "05-01", "05-03"),
        ("端午节", "Dragon Boat Festival", "06-09", "06-09"),
        ("国庆节", "National Day", "10-01", "10-07"),
    ] {
        text += &format!(
            "\n[[holiday]]\nfestival = \"{zh}\"\nfestival_en = \"{en}\"\nfirst = 2027-{first}\nlast = 2027-{last}\n"
        );
    }
    text
}
