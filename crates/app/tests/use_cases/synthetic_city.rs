//! A whole city's files, with every mess of real offices in them: each row comes out as its maker intended.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::collections::{BTreeMap, BTreeSet};

use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_core::caller::{Caller, Role};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use chengxin_synth::{Expected, Fault, Plan, make};
use city::City;

#[test]
fn every_row_of_every_file_comes_out_as_its_maker_intended() {
    let mut city = City::with(chengxin_app::Mode::Synthetic, Profile::Intl);
    let plan = Plan { fault_share: 0.08, ..Plan::new(300, 1_500, 7) };
    let out = city.dir.path().join("city");
    let manifest = make(&plan, &out, &mut |_, _| {}).unwrap();
    let operator = Caller::operator("operator", "test");
    for a in &manifest.authorities {
        let row = AuthorityRow {
            code: a.code.clone(),
            name: a.name.clone(),
            name_en: a.name_en.clone(),
            kind: a.kind.clone(),
        };
        city.installation.authority_add(&operator, &row).unwrap();
    }
    let mut seen = BTreeSet::new();
    for file in &manifest.files {
        let request = ImportRequest {
            authority: file.authority.clone(),
            item: Some(file.item.clone()),
            file: out.join(&file.path),
            ..ImportRequest::default()
        };
        let caller = city::caller(Role::DataOfficer, "zhou", Some(&file.authority));
        let outcome = city.installation.submission_import(&caller, &request, &mut Silent);
        let report = outcome.unwrap_or_else(|e| panic!("{}: {e}", file.path)).quality;
        let mut expected: BTreeMap<Expected, BTreeSet<u64>> = BTreeMap::new();
        for fault in &file.fault_rows {
            seen.insert(format!("{:?}", fault.kind));
            expected.entry(fault.expected).or_default().insert(fault.row);
        }
        let of = |e: Expected| expected.get(&e).cloned().unwrap_or_default();
        let refused: BTreeSet<u64> = report.refused.iter().map(|r| r.row).collect();
        let held: BTreeSet<u64> = report.held.iter().map(|r| r.row).collect();
        let mut must_refuse = of(Expected::Refused);
        must_refuse.extend(of(Expected::RefusedUnkept));
        let path = &file.path;
        // Where a number comes with two names and nobody knew it before, its maker calls the later row the wrong one.
        // Intake does not: the first comer's spelling does not win, so both are held.
        let names = file.fault_rows.iter().filter(|f| f.kind == Fault::NameDisagrees).count();
        let beside: Vec<_> = held.difference(&of(Expected::Held)).copied().collect();
        assert!(held.is_superset(&of(Expected::Held)), "held rows of {path}: {:#?}", report.held);
        assert!(beside.len() <= names, "rows {beside:?} of {path} are held beside {names} wrong names");
        assert_eq!(refused, must_refuse, "refused rows of {path}: {:#?}", report.refused);
        assert_eq!(report.counts.rows, file.rows, "rows of {path}");
    }
    assert!(seen.len() >= 12, "{seen:?}");
    assert!(manifest.files.len() >= 12);
}
