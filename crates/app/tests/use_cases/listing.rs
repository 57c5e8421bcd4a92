//! Lists of serious violators, and the measures that the law ties to them: no entry without notice, reasons and a route of review, and no
//! measure beyond the record.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use chengxin_app::Kind;
use chengxin_app::intake::{ImportRequest, QualityReport, Silent};
use chengxin_app::record::{Afterwards, Decision, RecordRef};
use chengxin_core::catalogue::FieldRole as R;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::authority::AuthorityRow;
use city::{City, caller, firm};

/// The market regulator of the made-up city.
const REGULATOR: &str = "11990000MB0000002C";
const ITEM: &str = "serious-market-violation";
/// Number of the notice before, its day, the ground, and the route of review.
const NEEDED: [&str; 4] = ["GZWH", "GZRQ", "LRSY", "JJTJ"];

fn town() -> City {
    let mut city = City::new();
    let authority = AuthorityRow {
        code: REGULATOR.to_owned(),
        name: "云汀市市场监督管理局".to_owned(),
        name_en: "Yunting Market Regulation".to_owned(),
        kind: "market_regulation".to_owned(),
    };
    city.installation.authority_add(&caller(Role::Administrator, "root", None), &authority).unwrap();
    city
}

/// The regulator sends an entry in which some columns are empty.
fn listed(city: &mut City, without: &[&str]) -> QualityReport {
    let (firm, item) = (firm(1), city.installation.catalogue().item(ITEM).unwrap().clone());
    let cells = item.fields.iter().filter_map(|def| {
        let code = def.field.code.as_str();
        let cell = match def.field.role {
            _ if without.contains(&code) => "",
            Some(R::SubjectName) => firm.name.as_str(),
            Some(R::SubjectKind) => firm.kind.as_str(),
            Some(R::SubjectUscc) => firm.code.as_str(),
            Some(R::DecidedOn) => "2026-09-01",
            Some(R::AuthorityCode | R::SourceCode) => REGULATOR,
            Some(R::AuthorityName | R::SourceName) => "云汀市市场监督管理局",
            Some(R::DocumentType) => "行政处罚决定书",
            Some(R::DocumentNumber) => "云市监列〔2026〕1号",
            _ if code == "GZRQ" => "2026-07-01",
            _ if def.field.required || NEEDED.contains(&code) => "见告知书",
            _ => return None,
        };
        Some((code, cell))
    });
    let (heads, values): (Vec<_>, Vec<_>) = cells.unzip();
    let file = city.write("listed.csv", &format!("{}\n{}\n", heads.join(","), values.join(",")));
    let request = ImportRequest {
        authority: REGULATOR.to_owned(),
        item: Some(ITEM.to_owned()),
        file,
        ..ImportRequest::default()
    };
    let officer = caller(Role::DataOfficer, "wu", Some(REGULATOR));
    city.installation.submission_import(&officer, &request, &mut Silent).unwrap().quality
}

#[test]
fn no_entry_of_a_list_comes_in_without_notice_ground_and_route_of_review() {
    let mut city = town();
    for lacks in NEEDED {
        let quality = listed(&mut city, &[lacks]);
        let refused: Vec<_> =
            quality.refused.iter().flat_map(|row| &row.faults).map(|fault| fault.field.as_str()).collect();
        assert_eq!((quality.counts.new, refused), (0, vec![lacks]), "{:?}", quality.refused);
    }
    let quality = listed(&mut city, &[]);
    assert_eq!((quality.counts.new, quality.refused.len()), (1, 0), "{:?}", quality.refused);
}

#[test]
fn a_measure_is_named_with_agency_and_clause_while_the_record_is_in_use_and_not_after() {
    let mut city = town();
    let quality = listed(&mut city, &[]);
    assert_eq!(quality.counts.new, 1, "{:?} {:?}", quality.counts, quality.refused);
    let decider = caller(Role::Decider, "qian", Some(REGULATOR));
    let own = Caller { ground: Ground::OwnRight, ..caller(Role::Representative, "rep", None) };
    let (kind, code) = (DocumentKind::Uscc, firm(1).code);
    let record = city.installation.record_list(&own, kind, &code).unwrap().records[0].record.clone();
    let record = RecordId::from_hex(&record).unwrap();
    let ahead = city.installation.record_horizon(&own, (kind, &code), &record).unwrap();
    let measures: Vec<_> = ahead.measures.iter().map(|of| (of.measure.as_str(), of.agency.zh.as_str())).collect();
    assert!(ahead.in_use);
    assert_eq!(measures, [("closer-inspection", "市场监督管理部门")]);
    assert_eq!(ahead.measures[0].clause.cite, "disclosure-regulation#serious");
    let at = RecordRef { kind, number: code.clone(), record };
    let decision = Decision { case_no: "撤1".to_owned(), decided_on: city.installation.today() };
    city.installation.record_erase(&decider, &at, &decision, Afterwards::KeepLock).unwrap();
    let ahead = city.installation.record_horizon(&own, (kind, &code), &record).unwrap();
    assert!(!ahead.in_use && ahead.measures.is_empty() && ahead.affects.is_empty(), "{ahead:?}");
    let gone = city.installation.record_horizon(&own, (kind, &firm(2).code), &record).unwrap_err();
    assert_eq!(gone.kind, Kind::NotFound);
}
