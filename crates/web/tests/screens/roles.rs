//! Every page as every role: who is shown it, who is refused, who is sent to sign in.

use std::num::NonZeroU32;

use chengxin_core::Role;
use chengxin_web::Rate;

use crate::browser::{Browser, assert_well_made, fate, officer, resident, revoked};
use crate::site::Site;

const PAGES: [&str; 39] = [
    "/me",
    "/me/records",
    "/me/log",
    "/me/checks",
    "/me/previews/road-transport-practitioner",
    "/me/reports",
    "/me/consents",
    "/me/consents/new",
    "/me/consents/code",
    "/me/mandates",
    "/me/account",
    "/me/proceedings",
    "/me/notices",
    "/me/notices/channels",
    "/me/complaints",
    "/me/carried-away",
    "/desk",
    "/desk/checks",
    "/desk/submissions",
    "/desk/submissions/forms",
    "/desk/held",
    "/desk/accounts",
    "/desk/authorities",
    "/desk/proceedings",
    "/desk/follow-ups",
    "/desk/figures",
    "/desk/publications",
    "/desk/accounts/new",
    "/desk/authorities/new",
    "/desk/activations",
    "/desk/letters",
    "/office",
    "/office/overdue",
    "/office/complaints",
    "/office/submissions",
    "/office/statistics",
    "/office/catalogue",
    "/office/operations",
    "/office/leak",
];

/// Staff whose own accounts are bound to nobody; who is shown what, in the order of the pages. `+` shown, `-` refused.
const MATRIX: [(Role, &str); 8] = [
    (Role::Resident, "++++++++++++++++ +-------------- +-------"),
    (Role::Clerk, "+----+-++-+----+ ++------+----++ +-------"),
    (Role::DataOfficer, "+----+-++-+----+ +-++--+--++---+ +--+----"),
    (Role::Decider, "+----+-++-+----+ +-+---+++++---+ ++++----"),
    (Role::IdentityClerk, "+----+-++-+----+ +---+--+-----+- +-------"),
    (Role::CreditOffice, "+----+-++-+----+ +-+--+++-+-++-- ++++++++"),
    (Role::Auditor, "+----+-++-+----+ +-+--++--+----- +--+++++"),
    (Role::Administrator, "+----+-++-+----+ +----++----++-- +----++-"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_shown_to_whom_it_is_for_and_to_nobody_else() {
    let (city, row) = revoked();
    // All of them come from one place, more often than people do.
    let mut site = Site::at(city, Rate(NonZeroU32::new(100_000).unwrap()));
    let mut people = Vec::new();
    for (role, _) in MATRIX {
        people.push(match role {
            Role::Resident => resident(&mut site, &row.number, "somebody"),
            role => officer(&mut site, role, &format!("one-{}", role.code().replace('_', "-"))),
        });
    }
    let mut found = Vec::new();
    for ((role, _), person) in MATRIX.into_iter().zip(&people) {
        let browser = Browser::of(&site, person).await;
        let mut line = String::new();
        for path in PAGES {
            let page = browser.get(path).await;
            assert_well_made(path, &page);
            let sign = match fate(&page) {
                "shown" => '+',
                "forbidden" => '-',
                other => panic!("{role:?} {path}: {other} {}", page.status),
            };
            if ["/desk", "/office"].contains(&path) {
                line.push(' ');
            }
            line.push(sign);
        }
        found.push((role, line));
    }
    let expected: Vec<_> = MATRIX.into_iter().map(|(role, line)| (role, line.to_owned())).collect();
    assert_eq!(found, expected);
    let nobody = Browser::new(&site);
    for path in PAGES {
        assert_eq!(fate(&nobody.get(path).await), "sign-in", "{path}");
    }
}

/// What is done by pages.
const ACTS: [&str; 61] = [
    "/me/reports",
    "/me/reports/withdrawn",
    "/me/consents/new",
    "/me/consents/code",
    "/me/consents/SQ-1/withdrawn",
    "/me/consents/SQ-1/disowned",
    "/me/mandates/new",
    "/me/mandates/accepted",
    "/me/mandates/WT-1/revoked",
    "/me/mandates/WT-1/resigned",
    "/me/account/sessions/1/ended",
    "/me/account/sessions/ended",
    "/me/account/factors/1/removed",
    "/me/account/proof",
    "/me/account/password",
    "/me/account/recovery",
    "/me/records/00000000000000000000000000000000/object",
    "/me/records/00000000000000000000000000000000/repair",
    "/me/records/00000000000000000000000000000000/delete",
    "/me/proceedings/YY-1/additions",
    "/desk/proceedings/YY-1/objection",
    "/desk/follow-ups/HC-1/settled",
    "/desk/checks",
    "/desk/checks/HC-1/outcomes",
    "/desk/submissions",
    "/desk/submissions/1/released",
    "/desk/submissions/1/recalled",
    "/desk/submissions/1/abandoned",
    "/desk/held/1",
    "/office/complaints/TS-1/answers",
    "/office/complaints/TS-1/comments",
    "/me/account/app",
    "/me/carried-away",
    "/me/account/app/added",
    "/me/account/passkeys/offered",
    "/me/account/passkeys",
    "/me/complaints/new/records/1",
    "/me/complaints/TS-1/withdrawn",
    "/desk/submissions/forms/penalty",
    "/desk/submissions/drafts/1/columns",
    "/desk/submissions/drafts/1/cells",
    "/desk/submissions/drafts/1/submitted",
    "/desk/submissions/drafts/1/discarded",
    "/desk/publications/aaaa",
    "/desk/right",
    "/me/notices/channels",
    "/me/notices/channels/1/proven",
    "/me/notices/channels/1/removed",
    "/desk/activations",
    "/desk/letters/1",
    "/desk/accounts/new",
    "/desk/accounts/1/rights",
    "/desk/accounts/1/rights/ended",
    "/desk/accounts/1/rights/renewed",
    "/desk/accounts/1/recovered",
    "/desk/accounts/1/closed",
    "/desk/authorities/new",
    "/desk/authorities/11990000MB0000001E",
    "/sign-in",
    "/sign-out",
    "/begin/AAAA",
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_for_a_page_of_somebody_else_or_for_whoever_is_not_signed_in() {
    let (city, row) = revoked();
    // All of them come from one place, more often than people do.
    let mut site = Site::at(city, Rate(NonZeroU32::new(100_000).unwrap()));
    let zhou = resident(&mut site, &row.number, "zhouming");
    let (own, nobody) = (Browser::of(&site, &zhou).await, Browser::new(&site));
    for path in ACTS {
        assert_eq!(own.post_from_elsewhere(path).await.status, 403, "{path}");
    }
    for path in ACTS.iter().filter(|path| ["/me", "/desk", "/office"].iter().any(|of| path.starts_with(of))) {
        let page = nobody.post(path, "").await;
        assert_eq!(fate(&page), "sign-in", "{path}: {} {}", page.status, page.text());
    }
}
