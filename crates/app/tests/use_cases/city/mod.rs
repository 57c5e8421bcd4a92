//! An installation in a temporary folder, an office, and files as that office would send them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportOutcome, ImportRequest, QualityReport, Silent};
use chengxin_app::{AppError, FixedClock, Installation, Mode};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::testing::{Databases, Hand};
use jiff::civil::date;

/// A made-up transport bureau.
pub const OFFICE: &str = "11990000MB0000001E";

pub struct City {
    pub installation: Installation,
    pub office: String,
    pub dir: tempfile::TempDir,
    /// Dropped last: nothing uses them any more then.
    pub databases: Databases,
}

pub fn caller(role: Role, actor: &str, authority: Option<&str>) -> Caller {
    Caller {
        actor: actor.to_owned(),
        role,
        authority: authority.map(str::to_owned),
        purpose: "test".to_owned(),
        ground: Ground::Duty("penalty-law#art-48".to_owned()),
        standing: chengxin_core::Standing::Console,
    }
}

pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::on(date(2026, 11, 21)))
}

impl City {
    pub fn new() -> Self {
        Self::with(Mode::Synthetic, Profile::Intl)
    }

    pub fn with(mode: Mode, profile: Profile) -> Self {
        let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
        let new = NewInstallation {
            mode,
            profile,
            city: "云汀市".to_owned(),
            place: "990000".to_owned(),
            base_url: "https://credit.example".to_owned(),
            places: databases.places(),
        };
        let operator = Caller::operator("operator", "test");
        let mut installation = Installation::init(&dir.path().join("data"), &new, clock(), &operator).unwrap();
        let office = OFFICE.to_owned();
        let authority = AuthorityRow {
            code: office.clone(),
            name: "云汀市交通运输局".to_owned(),
            name_en: "Yunting Transport Bureau".to_owned(),
            kind: "transport".to_owned(),
        };
        installation.authority_add(&operator, &authority).unwrap();
        Self { installation, office, dir, databases }
    }

    pub fn officer(&self) -> Caller {
        caller(Role::DataOfficer, "zhou", Some(&self.office))
    }

    pub fn second(&self) -> Caller {
        caller(Role::Decider, "qian", Some(&self.office))
    }

    /// A second officer releases the first submission.
    pub fn release(&mut self) {
        let second = self.second();
        self.installation.submission_release(&second, 1).unwrap();
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn import_with(
        &mut self,
        path: &Path,
        change: impl FnOnce(&mut ImportRequest),
    ) -> Result<ImportOutcome, AppError> {
        let mut request = ImportRequest {
            authority: self.office.clone(),
            item: Some("penalty".to_owned()),
            file: path.to_owned(),
            ..ImportRequest::default()
        };
        change(&mut request);
        let officer = self.officer();
        self.installation.submission_import(&officer, &request, &mut Silent)
    }

    /// Every byte that lies in the databases: on SQLite the files themselves, deleted pages and all, on a server every value.
    pub fn everything_stored(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for place in [&self.installation.places().main, &self.installation.places().keys] {
            match place.file() {
                Some(path) => {
                    bytes.extend(std::fs::read(path).unwrap());
                    let log = path.with_extension("db-wal");
                    bytes.extend(std::fs::read(log).unwrap_or_default());
                }
                None => bytes.extend(Hand::in_(place).everything().unwrap()),
            }
        }
        bytes
    }

    pub fn import(&mut self, name: &str, rows: &[Row]) -> ImportOutcome {
        let path = self.write(name, &csv(rows));
        self.import_with(&path, |_| {}).unwrap()
    }
}

/// One row of a penalty file, with valid defaults.
#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub number: String,
    pub document: String,
    pub violation: String,
    pub facts: String,
    pub basis: String,
    pub kind: String,
    pub fine: String,
    pub decided: String,
    pub conduct: String,
    pub time: String,
    pub action: String,
}

/// A valid made-up resident number for a birth date and a sequence.
pub fn number(birth: &str, sequence: u32) -> String {
    let first = format!("990000{birth}{sequence:03}");
    let digits: [u8; 17] = first.as_bytes().try_into().unwrap();
    format!("{first}{}", chengxin_core::identity::ResidentId::check_character(&digits).unwrap())
}

pub fn row(sequence: u32) -> Row {
    Row {
        name: "周明".to_owned(),
        number: number("19850505", sequence),
        document: format!("云交罚〔2026〕{sequence}号"),
        violation: "违规停车".to_owned(),
        facts: "在禁停路段停放车辆".to_owned(),
        basis: "《中华人民共和国道路交通安全法》第九十条".to_owned(),
        kind: "罚款".to_owned(),
        fine: "0.020000".to_owned(),
        decided: "2026-09-01".to_owned(),
        conduct: "2026-08-20".to_owned(),
        time: String::new(),
        action: String::new(),
    }
}

pub const HEADINGS: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,XWFSRQ,SJC,CZBS";

pub fn csv(rows: &[Row]) -> String {
    let mut text = format!("{HEADINGS}\n");
    for r in rows {
        let cells = [
            &r.name,
            "自然人",
            "身份证",
            &r.number,
            &r.document,
            &r.violation,
            &r.facts,
            &r.basis,
            &r.kind,
            "罚款贰佰元",
            &r.fine,
            &r.decided,
            "云汀市交通运输局",
            OFFICE,
            "云汀市交通运输局",
            OFFICE,
            &r.conduct,
            &r.time,
            &r.action,
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// One row of a penalty file about a firm, with valid defaults: a fine that is general, and so published for a year.
#[derive(Clone)]
pub struct Firm {
    pub name: String,
    pub kind: String,
    pub code: String,
    pub document: String,
    pub facts: String,
    pub fine: String,
    pub decided: String,
    pub representative: String,
    pub action: String,
}

/// A valid made-up credit code.
pub fn firm_code(register: &str, sequence: u32) -> String {
    let first = format!("{register}990000MA{sequence:07}");
    let check = chengxin_core::identity::Uscc::check_character(first.as_bytes().try_into().unwrap()).unwrap();
    format!("{first}{check}")
}

pub fn firm(sequence: u32) -> Firm {
    Firm {
        name: format!("云汀市虚构{sequence}号运输有限公司"),
        kind: "法人及非法人组织".to_owned(),
        code: firm_code("91", sequence),
        document: format!("云交罚〔2026〕企{sequence}号"),
        facts: "未按规定维护车辆".to_owned(),
        fine: "6.000000".to_owned(),
        decided: "2026-09-01".to_owned(),
        representative: "何小雨".to_owned(),
        action: String::new(),
    }
}

/// A self-employed business of one person.
pub fn trader(sequence: u32) -> Firm {
    Firm {
        name: "何小雨汽车修理店".to_owned(),
        kind: "个体工商户".to_owned(),
        code: firm_code("92", sequence),
        fine: "12.000000".to_owned(),
        ..firm(sequence)
    }
}

pub fn firms_csv(firms: &[Firm]) -> String {
    let mut text = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_FR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,\
        CF_SJLYDM,XWFSRQ,CZBS\n"
        .replace(' ', "");
    for f in firms {
        let number = number("19850505", 77);
        let cells = [
            &f.name,
            &f.kind,
            &f.code,
            &f.representative,
            &number,
            &f.document,
            "违反道路运输管理规定",
            &f.facts,
            "《中华人民共和国道路运输条例》第七十条",
            "罚款",
            "罚款人民币陆万元",
            &f.fine,
            &f.decided,
            "云汀市交通运输局",
            OFFICE,
            "云汀市交通运输局",
            OFFICE,
            "2026-08-20",
            &f.action,
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

impl City {
    pub fn import_firms(&mut self, name: &str, firms: &[Firm]) -> ImportOutcome {
        let path = self.write(name, &firms_csv(firms));
        self.import_with(&path, |_| {}).unwrap()
    }
}

/// The civil affairs bureau of the made-up city, which sends about volunteers.
const VOLUNTEERS: &str = "11990000MB0000003A";

/// Registers the bureau.
pub fn volunteers(app: &mut Installation) {
    let authority = AuthorityRow {
        code: VOLUNTEERS.to_owned(),
        name: "云汀市民政局".to_owned(),
        name_en: "Yunting Civil Affairs Bureau".to_owned(),
        kind: "civil_affairs".to_owned(),
    };
    app.authority_add(&caller(Role::Administrator, "root", None), &authority).unwrap();
}

/// The bureau sends that somebody served, which is recorded on their own wish alone.
pub fn serve(app: &mut Installation, dir: &Path, row: &Row) -> QualityReport {
    use chengxin_core::catalogue::FieldRole as R;
    let item = app.catalogue().item("volunteer-service").unwrap().clone();
    let cells = item.fields.iter().filter_map(|def| {
        let code = def.field.code.as_str();
        let cell = match def.field.role {
            Some(R::SubjectName) => row.name.as_str(),
            Some(R::SubjectKind) => "自然人",
            Some(R::SubjectDocumentKind) => "身份证",
            Some(R::SubjectDocumentNumber) => row.number.as_str(),
            Some(R::DecidedOn | R::ConductOn) => "2026-09-01",
            Some(R::AuthorityCode | R::SourceCode) => VOLUNTEERS,
            Some(R::AuthorityName | R::SourceName) => "云汀市民政局",
            Some(R::DocumentNumber) => "志愿1号",
            Some(R::AdultAttested) => "是",
            _ if code == "FWXM" => "社区图书馆整理",
            _ if code == "FWSC" => "120",
            _ if def.field.required || def.field.identity => "图书馆",
            _ => return None,
        };
        Some((code, cell))
    });
    let (heads, values): (Vec<_>, Vec<_>) = cells.unzip();
    let file = dir.join("volunteers.csv");
    std::fs::write(&file, format!("{}\n{}\n", heads.join(","), values.join(","))).unwrap();
    let request = ImportRequest {
        authority: VOLUNTEERS.to_owned(),
        item: Some("volunteer-service".to_owned()),
        file,
        ..ImportRequest::default()
    };
    let officer = caller(Role::DataOfficer, "wu", Some(VOLUNTEERS));
    app.submission_import(&officer, &request, &mut Silent).unwrap().quality
}
