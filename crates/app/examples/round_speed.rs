//! What the daily round costs where much is stored and little is due: `round_speed [--records N]`.
//!
//! Two made-up cities with the same 100 objections, of which 20 pass their last day on each of five days: one with a tenth of `--records` (1 000 000 where it is left out), the
//! other with all of them. One record in a hundred is a person's, with its notice, its letter that waits and its job for the day on which repair becomes
//! possible; the others are organisations'. None of that is due on those days. The cities take turns, day by day.
//!
//! Prints `round us_small MICROSECONDS` and `round us_large MICROSECONDS`, five times each. The comparison is `cargo xtask bench round`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_app::objection::ObjectionRequest;
use chengxin_app::{Clock, FixedClock, Installation, Mode};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::dates::shanghai_date;
use chengxin_core::identity::{DocumentKind, ResidentId, Uscc};
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use jiff::civil::date;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SENDER: &str = "11990000MB0000001E";
const DAY_US: i64 = 86_400_000_000;
const DAYS: usize = 5;
const DUE_A_DAY: usize = 20;

/// A clock that both cities share and that is set by hand.
#[derive(Debug)]
struct Day(AtomicI64);

impl Clock for Day {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let records = args.iter().position(|a| a == "--records").and_then(|at| args.get(at + 1));
    let records: usize = records.map_or(1_000_000, |text| text.parse().unwrap());
    let begin = FixedClock::on(date(2026, 11, 2)).now_us();
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let mut cities = Vec::new();
    for (name, size) in [("small", records / 10), ("large", records)] {
        let clock = Arc::new(Day(AtomicI64::new(begin)));
        let app = city(&dir.path().join(name), size, &clock);
        eprintln!("{name}: {size} records");
        cities.push((name, app, clock));
    }
    for _ in 0..DAYS {
        for (name, app, clock) in &mut cities {
            clock.0.fetch_add(DAY_US, Ordering::Relaxed);
            let start = Instant::now();
            let done = app.job_run(&Caller::operator("operator", "measuring"), "measuring").unwrap();
            let took = start.elapsed();
            assert_eq!(done.failed, 0, "{done:?}");
            println!("round us_{name} {}", took.as_micros());
        }
    }
    for (_, app, _) in &mut cities {
        let figures = app.proceeding_figures(&officer(Role::CreditOffice)).unwrap();
        assert_eq!(figures.iter().map(|of| of.overdue).sum::<i64>(), (DAYS * DUE_A_DAY) as i64, "{figures:?}");
    }
}

fn officer(role: Role) -> Caller {
    Caller {
        actor: format!("{role:?}"),
        role,
        authority: matches!(role, Role::DataOfficer | Role::Decider).then(|| SENDER.into()),
        purpose: "measuring".into(),
        ground: if role == Role::Resident { Ground::OwnRight } else { Ground::Duty("penalty-law#art-48".into()) },
        standing: chengxin_core::Standing::Console,
    }
}

/// A city of so many records on the eve of the days that are measured.
fn city(data: &Path, records: usize, clock: &Arc<Day>) -> Installation {
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places: None,
    };
    let mut app = Installation::init(data, &new, Arc::clone(clock) as Arc<dyn Clock>, &operator).unwrap();
    let authority =
        AuthorityRow { code: SENDER.into(), name: "局".into(), name_en: "Bureau".into(), kind: "transport".into() };
    app.authority_add(&operator, &authority).unwrap();
    let file = data.join("penalties.csv");
    penalties(&file, records);
    let request =
        ImportRequest { authority: SENDER.into(), item: Some("penalty".into()), file, ..ImportRequest::default() };
    app.submission_import(&officer(Role::DataOfficer), &request, &mut Silent).unwrap();
    app.submission_release(&officer(Role::Decider), 1).unwrap();
    work(&mut app);
    for day in 0..DAYS {
        for of_day in 0..DUE_A_DAY {
            object(&mut app, day * DUE_A_DAY + of_day);
        }
        clock.0.fetch_add(DAY_US, Ordering::Relaxed);
    }
    // 20 days after the first ones were filed; their last day passes with the next. What else has come due by then is done.
    clock.0.store(FixedClock::on(date(2026, 11, 22)).now_us(), Ordering::Relaxed);
    work(&mut app);
    app.log_sequence().unwrap();
    app
}

fn work(app: &mut Installation) {
    while app.job_run(&Caller::operator("operator", "measuring"), "measuring").unwrap().done > 0 {}
}

fn object(app: &mut Installation, who: usize) {
    let (number, kind) = (person(who), DocumentKind::ResidentId);
    let held = app.record_list(&officer(Role::Resident), kind, &number).unwrap().records;
    let request = ObjectionRequest {
        kind,
        number,
        record: RecordId::from_hex(&held[0].record).unwrap(),
        aspect: Some(ObjectionAspect::Content),
        grounds: "当日不在本市".to_owned(),
        attachments: Vec::new(),
        evidence: None,
    };
    app.objection_file(&officer(Role::Resident), &request).unwrap();
}

fn person(sequence: usize) -> String {
    // Born on the days from 1 January 1960, 999 on each.
    let day = date(1960, 1, 1).checked_add(jiff::Span::new().days(i64::try_from(sequence / 999).unwrap())).unwrap();
    let first = format!("990000{}{:03}", day.strftime("%Y%m%d"), sequence % 999 + 1);
    format!("{first}{}", ResidentId::check_character(first.as_bytes().try_into().unwrap()).unwrap())
}

fn company(sequence: usize) -> String {
    let first = format!("91990000MD{sequence:07}");
    format!("{first}{}", Uscc::check_character(first.as_bytes().try_into().unwrap()).unwrap())
}

/// One in a hundred about a person, the others about organisations.
fn penalties(file: &Path, records: usize) {
    const HEADINGS: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,XWFSRQ";
    let today = shanghai_date(FixedClock::on(date(2026, 10, 30)).now_us());
    let mut csv = BufWriter::new(std::fs::File::create(file).unwrap());
    writeln!(csv, "{HEADINGS}").unwrap();
    for at in 0..records {
        let whose = if at % 100 == 0 {
            format!("周明,自然人,身份证,{},", person(at / 100))
        } else {
            format!("云汀供应商{at}有限公司,法人及非法人组织,,,{}", company(at))
        };
        writeln!(
            csv,
            "{whose},云交罚〔2026〕{at}号,违规停车,在禁停路段停放车辆,《中华人民共和国道路交通安全法》第九十条,罚款,罚款,0.020000,{today},云汀市交通运输局,{SENDER},云汀市交通运输局,{SENDER},2026-10-20"
        )
        .unwrap();
    }
    csv.flush().unwrap();
}
