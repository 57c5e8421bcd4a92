//! What may be consented to, how it becomes less, and signed paper at a window.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::giver;

use chengxin_app::Kind;
use chengxin_app::consent::{ConsentNarrowing, RecipientAsked, verify_receipt};
use chengxin_core::consent::Confirmed;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use city::{OFFICE, caller, number};
use giver::{OTHER_OFFICE, Town, clerk, me, paper};
use jiff::civil::date;

const KIND: DocumentKind = DocumentKind::ResidentId;
const MINUTE_US: i64 = 60_000_000;

#[test]
fn narrowing_makes_less_and_says_so_where_it_would_make_more() {
    let mut town = Town::new();
    let granted = town.grant(|request| {
        request.matter = None;
        request.purpose = "申请信用贷款".to_owned();
        request.classes = vec!["行政管理".to_owned(), "Contract performance".to_owned()];
        request.uses = 5;
    });
    let (number, receipt) = (town.number.clone(), granted.receipt.number.clone());
    let mut narrow = |by: ConsentNarrowing| town.city.installation.consent_narrow(&me(), KIND, &number, &receipt, &by);
    let classes = |of: &[&str]| Some(of.iter().map(|class| (*class).to_owned()).collect::<Vec<_>>());
    for by in [
        ConsentNarrowing { until: Some(date(2027, 5, 22)), ..ConsentNarrowing::default() },
        ConsentNarrowing { uses: Some(6), ..ConsentNarrowing::default() },
        ConsentNarrowing { classes: classes(&["行政管理", "知识产权"]), ..ConsentNarrowing::default() },
    ] {
        let error = narrow(by.clone()).unwrap_err();
        assert_eq!(error.kind, Kind::Invalid, "{by:?}");
        assert!(error.public.zh.contains("授权只能缩小") && error.public.en.contains("narrower"), "{error}");
    }
    for by in [
        ConsentNarrowing::default(),
        ConsentNarrowing { until: Some(date(2026, 11, 21)), ..ConsentNarrowing::default() },
        ConsentNarrowing { uses: Some(0), ..ConsentNarrowing::default() },
        ConsentNarrowing { classes: classes(&[]), ..ConsentNarrowing::default() },
        ConsentNarrowing { classes: classes(&["宗教信仰"]), ..ConsentNarrowing::default() },
    ] {
        assert_eq!(narrow(by.clone()).unwrap_err().kind, Kind::Invalid, "{by:?}");
    }
    let less = ConsentNarrowing { until: Some(date(2027, 1, 1)), uses: Some(2), classes: classes(&["行政管理"]) };
    let after = narrow(less).unwrap();
    assert_eq!(
        (after.receipt.number.as_str(), after.receipt.uses, after.receipt.classes.len()),
        (receipt.as_str(), 2, 1)
    );
    assert!(after.receipt.until.starts_with("2027-01-01"), "{}", after.receipt.until);
    verify_receipt(after.json.as_bytes(), town.trust()).unwrap();
    // One in a matter: fewer uses take effect at once; fewer classes than the matter asks for are no consent to it.
    let of_matter = town.grant(|request| request.uses = 3).receipt.number;
    town.ask(&of_matter).unwrap();
    let fewer = |town: &mut Town, by| town.city.installation.consent_narrow(&me(), KIND, &number, &of_matter, &by);
    let two = ConsentNarrowing { uses: Some(2), ..ConsentNarrowing::default() };
    fewer(&mut town, two).unwrap();
    town.ask(&of_matter).unwrap();
    town.refused_alike(&of_matter);
    let one = ConsentNarrowing { uses: Some(1), ..ConsentNarrowing::default() };
    assert_eq!(fewer(&mut town, one).unwrap_err().kind, Kind::Conflict, "it is used up");
    town.assert_whole();
}

#[test]
fn a_consent_has_terms_that_can_be_and_is_the_persons_own() {
    let mut town = Town::new();
    let base = town.consent_request();
    let mut refused = |what: &str, kind: Kind, change: &dyn Fn(&mut chengxin_app::consent::ConsentRequest)| {
        let mut request = base.clone();
        change(&mut request);
        let error = town.city.installation.consent_grant(&me(), &request).unwrap_err();
        assert_eq!(error.kind, kind, "{what}: {error}");
        assert!(!error.public.zh.is_empty() && !error.public.en.is_empty());
    };
    let nobody = RecipientAsked::Authority("11990000MB0000009X".to_owned());
    refused("an authority that nobody registered", Kind::NotFound, &|request| request.recipient = nobody.clone());
    refused("a matter at an organisation", Kind::Invalid, &|request| {
        request.recipient = RecipientAsked::Organisation("某银行".to_owned());
    });
    refused("an unknown matter", Kind::NotFound, &|request| request.matter = Some("none".to_owned()));
    refused("a matter of duty", Kind::Invalid, &|request| {
        request.matter = Some("road-transport-practitioner".to_owned());
    });
    refused("other classes than the matter's", Kind::Invalid, &|request| request.classes = vec!["行政管理".to_owned()]);
    refused("neither matter nor classes", Kind::Invalid, &|request| {
        request.matter = None;
        request.purpose = "申请信用贷款".to_owned();
    });
    refused("neither matter nor purpose", Kind::Invalid, &|request| {
        request.matter = None;
        request.classes = vec!["行政管理".to_owned()];
    });
    refused("a class that there is not", Kind::Invalid, &|request| request.classes = vec!["宗教信仰".to_owned()]);
    refused("more than a year", Kind::Invalid, &|request| request.until = date(2027, 11, 23));
    refused("an end before its beginning", Kind::Invalid, &|request| request.until = date(2026, 11, 21));
    refused("a beginning in the past", Kind::Invalid, &|request| request.from = Some(date(2026, 11, 20)));
    refused("no use", Kind::Invalid, &|request| request.uses = 0);
    refused("any number of uses", Kind::Invalid, &|request| request.uses = 101);
    refused("a purpose without end", Kind::Invalid, &|request| request.purpose = "长".repeat(201));

    let request = town.consent_request();
    let own_clerk = Caller { ground: Ground::OwnRight, ..clerk("li", OFFICE, "") };
    for other in
        [own_clerk, clerk("li", OFFICE, ""), caller(Role::CreditOffice, "wang", None), Caller::operator("op", "test")]
    {
        let error = town.city.installation.consent_grant(&other, &request).unwrap_err();
        assert_eq!(error.kind, Kind::Forbidden, "{other:?}");
    }
    let representative = Caller { role: Role::Representative, ..me() };
    assert_eq!(town.city.installation.consent_grant(&representative, &request).unwrap_err().kind, Kind::Forbidden);
    let of_office =
        chengxin_app::consent::ConsentRequest { kind: DocumentKind::Uscc, number: OTHER_OFFICE.to_owned(), ..request };
    assert_eq!(town.city.installation.consent_grant(&me(), &of_office).unwrap_err().kind, Kind::Forbidden);
    let granted = town.city.installation.consent_grant(&representative, &of_office).unwrap();
    assert_eq!(granted.receipt.document.en, DocumentKind::Uscc.name_en());

    // Another's receipt is none of one's own, and a wrong one says what one looks like.
    let receipt = granted.receipt.number;
    let number = town.number.clone();
    let mut stop = |shown: &str| town.city.installation.consent_disown(&me(), KIND, &number, shown).unwrap_err().kind;
    assert_eq!((stop(&receipt), stop("12345")), (Kind::NotFound, Kind::Invalid));
}

#[test]
fn nobody_has_more_consents_standing_than_can_be_kept_in_mind() {
    let mut town = Town::new();
    let (mut last, number) = (String::new(), town.number.clone());
    // What a clerk records takes nothing of that away.
    for _ in 0..3 {
        town.city.installation.consent_record(&paper::clerk(), &paper::of(&number)).unwrap();
    }
    for _ in 0..100 {
        last = town.grant(|_| ()).receipt.number;
    }
    let request = town.consent_request();
    assert_eq!(town.city.installation.consent_grant(&me(), &request).unwrap_err().kind, Kind::Conflict);
    town.city.installation.consent_withdraw(&me(), KIND, &number, &last).unwrap();
    town.city.installation.consent_grant(&me(), &request).unwrap();
    // The clerk at the window is not told how many there are.
    town.city.installation.consent_record(&paper::clerk(), &paper::of(&number)).unwrap();
}

#[test]
fn signed_paper_is_recorded_by_the_clerk_who_compared_the_document_and_is_good_for_one_check_there() {
    let mut town = Town::new();
    // Somebody without a phone, of whom nothing is held and who never came before.
    let (name, number) = ("何雨", number("19560101", 7));
    let about = town.about(name, &number);
    let granted = town.city.installation.consent_record(&paper::clerk(), &paper::of(&number)).unwrap();
    assert_eq!((granted.receipt.confirmed, granted.receipt.uses), (Confirmed::Paper, 1));
    let receipt = granted.receipt.number;
    let elsewhere = town.city.installation.check_answer(&clerk("li", OTHER_OFFICE, &receipt), &about).unwrap_err();
    assert_eq!(elsewhere.kind, Kind::Forbidden);
    town.city.installation.check_answer(&clerk("li", OFFICE, &receipt), &about).unwrap();
    let again = town.city.installation.check_answer(&clerk("li", OFFICE, &receipt), &about).unwrap_err();
    assert_eq!(again.kind, Kind::Forbidden);
    let lines = town.city.installation.log_lines(&me(), KIND, &number).unwrap().lines;
    let recorded = lines.iter().find(|line| line.operation == "consent_record").unwrap();
    assert_eq!((recorded.who.authority.as_deref(), recorded.who.role.as_deref()), (Some(OFFICE), Some("clerk")));
    assert_eq!(recorded.receipt.as_deref(), Some(receipt.as_str()));
    let consents = town.city.installation.consent_list(&me(), KIND, &number).unwrap();
    assert_eq!((consents.len(), consents[0].confirmed), (1, Confirmed::Paper));

    // Only on a duty, only by a clerk, only with what was compared and the paper's number; never for the next week.
    for (what, caller) in [
        ("on the person's right", Caller { ground: Ground::OwnRight, ..paper::clerk() }),
        ("on consent", Caller { ground: Ground::Consent(receipt.clone()), ..paper::clerk() }),
        ("by a data officer", Caller { role: Role::DataOfficer, ..paper::clerk() }),
        ("by the person", me()),
    ] {
        let refused = town.city.installation.consent_record(&caller, &paper::of(&number)).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{what}");
    }
    for (evidence, signed) in [("", "纸-1"), ("身份证原件", " ")] {
        let mut paper = paper::of(&number);
        (paper.evidence, paper.paper) = (evidence.to_owned(), signed.to_owned());
        assert_eq!(town.city.installation.consent_record(&paper::clerk(), &paper).unwrap_err().kind, Kind::Invalid);
    }
    let next = town.city.installation.consent_record(&paper::clerk(), &paper::of(&number)).unwrap().receipt.number;
    let mut tomorrow = town.at(town.city.installation.now_us() + 24 * 60 * MINUTE_US);
    assert_eq!(tomorrow.check_answer(&clerk("li", OFFICE, &next), &about).unwrap_err().kind, Kind::Forbidden);
    town.assert_whole();
}
