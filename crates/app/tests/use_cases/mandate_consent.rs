//! Consents that somebody grants for another on a mandate, and what is left of them once it is revoked.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::proxy;

use chengxin_app::Kind;
use chengxin_app::consent::{ConsentRequest, RecipientAsked};
use chengxin_core::consent::{Confirmed, ConsentState};
use chengxin_core::mandate::{MandateKind, Scope};
use city::OFFICE;
use jiff::civil::{Date, date};
use proxy::{KIND, Proxies, UNTIL};

fn consent(number: &str, until: Date) -> ConsentRequest {
    ConsentRequest {
        kind: KIND,
        number: number.to_owned(),
        recipient: RecipientAsked::Authority(OFFICE.to_owned()),
        purpose: "申请营运资质时出具报告".to_owned(),
        matter: None,
        classes: vec!["行政管理".to_owned()],
        from: None,
        until,
        uses: 3,
    }
}

#[test]
fn a_consent_that_is_granted_on_a_mandate_says_so_and_lasts_no_longer_than_it() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Consents]);
    let (her, _, number) = town.as_whom(|it| &it.daughter, "consent_grant", Some(&mandate)).unwrap();
    let longer = town.desk.app.consent_grant(&her, &consent(&number, date(2027, 5, 22))).unwrap_err();
    assert!(longer.kind == Kind::Invalid && longer.public.en.contains("2027-05-21"), "{longer}");
    let granted = town.desk.app.consent_grant(&her, &consent(&number, UNTIL)).unwrap();
    let on = granted.receipt.mandate.as_ref().unwrap();
    assert_eq!((on.kind, on.number.as_str()), (MandateKind::Attorney, mandate.as_str()));
    assert_eq!(granted.receipt.confirmed, Confirmed::Mandate);
    assert!(!granted.receipt.confirmed_name.en.contains("own account"), "{:?}", granted.receipt.confirmed_name);
    assert!(!granted.pdf(chengxin_core::Lang::Zh).unwrap().is_empty());
    // What she grants herself says that, and lasts as long as she likes.
    let (mother, kind, hers) = town.as_whom(|it| &it.mother, "consent_grant", None).unwrap();
    let own = town.desk.app.consent_grant(&mother, &consent(&hers, date(2027, 11, 1))).unwrap().receipt;
    assert_eq!((own.confirmed, own.mandate), (Confirmed::Account, None));
    // Revoked, the mandate is over; the consent is named, stands until it is withdrawn, and is then named no more.
    let (mother, ..) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    let receipt = granted.receipt.number;
    let revoked = town.desk.app.mandate_revoke(&mother, kind, &hers, &mandate).unwrap();
    assert_eq!(revoked.consents, std::slice::from_ref(&receipt));
    let (mother, ..) = town.as_whom(|it| &it.mother, "consent_list", None).unwrap();
    let listed = town.desk.app.consent_list(&mother, kind, &hers).unwrap();
    let line = listed.iter().find(|line| line.number == receipt).unwrap();
    assert_eq!((line.state, line.mandate.as_ref().unwrap().number.as_str()), (ConsentState::InForce, mandate.as_str()));
    let (mother, ..) = town.as_whom(|it| &it.mother, "consent_withdraw", None).unwrap();
    town.desk.app.consent_withdraw(&mother, kind, &hers, &receipt).unwrap();
    let (mother, ..) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    assert_eq!(town.desk.app.mandate_revoke(&mother, kind, &hers, &mandate).unwrap().consents, [""; 0]);
    town.desk.assert_whole();
}
