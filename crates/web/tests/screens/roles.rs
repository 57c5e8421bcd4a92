//! Every route as every role: who is shown it, who is refused, who is sent to sign in. Who may follows from the list of operations.

use std::collections::BTreeSet;

use chengxin_core::Role;
use chengxin_core::operation::operation;
use chengxin_web::Rate;

use crate::browser::{Browser, Page, assert_well_made, fate, resident, revoked};
use crate::routes::{ROUTES, Route};
use crate::site::Site;
use crate::whole::Whole;

/// May somebody in a role do what a route is for? Whatever is about oneself takes an account that is bound to somebody, and no staff's is.
fn may(route: &Route, role: Role) -> bool {
    let own = matches!(role, Role::Resident | Role::Representative);
    // What is taken in for somebody who came, staff take in; for oneself there is a page of one's own.
    if own && route.1.starts_with("/desk/filings") {
        return false;
    }
    let name = route.2;
    let about = route.1.starts_with("/me/") && !name.starts_with("session_") && !name.starts_with("account_");
    let may = operation(name).unwrap().roles.contains(&role);
    // Whoever represents an organisation is a resident with a mandate: what is done for oneself they do as that.
    let as_oneself = role == Role::Representative && operation(name).unwrap().roles.contains(&Role::Resident);
    (may || as_oneself && about) && (own || !about)
}

/// What a role may do and is not shown here, with the reason.
const NOT_HERE: &[(Role, &str, u16)] = &[
    // Nothing adverse about a firm is told to it, and nobody decided about it yet.
    (Role::Representative, "/me/notices/{notice}", 404),
    (Role::Representative, "/me/proceedings/{number}/decision", 409),
    // It was not passed on to the authority complained of.
    (Role::Decider, "/office/complaints/{number}", 404),
    // What a person handed in they find on their own page.
    (Role::Resident, "/desk/proceedings/{number}/attachments/{file}", 404),
    (Role::Representative, "/desk/proceedings/{number}/attachments/{file}", 404),
    // The letter is the authority's, about a record of its own.
    (Role::CreditOffice, "/desk/letters/{notice}", 404),
    (Role::CreditOffice, "/desk/letters/{notice}/printed", 404),
    // Whether somebody is who they say is all that the clerk of identities looks into.
    (Role::IdentityClerk, "/desk/proceedings/{number}", 404),
    (Role::IdentityClerk, "/desk/proceedings/{number}/attachments/{file}", 404),
];

/// What is no page: files, and what a browser is sent on from.
fn is_page(page: &Page) -> bool {
    page.body.starts_with("<!doctype html>")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_shown_to_whom_its_operation_names_and_to_nobody_else() {
    let whole = Whole::new().await;
    let mut wrong = Vec::new();
    let nobody = Browser::new(&whole.site);
    for route in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
        let alone = nobody.get(&whole.path(route.1, Role::Resident)).await;
        if !route.2.is_empty() && fate(&alone) != "sign-in" {
            wrong.push(format!("nobody {}: {}", route.1, alone.status));
        }
    }
    for (role, person) in &whole.people {
        let browser = Browser::of(&whole.site, person).await;
        for route in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
            let path = whole.path(route.1, *role);
            let page = browser.get(&path).await;
            if is_page(&page) {
                assert_well_made(&path, &page);
            }
            let about = ["/me/", "/desk/", "/office/"].iter().any(|area| route.1.starts_with(area));
            if about && is_page(&page) && page.status == 200 && !route.1.starts_with("/me/resumed") {
                let bar = page
                    .body
                    .split("<nav class=\"beside\"")
                    .nth(1)
                    .map_or("", |bar| bar.split("</nav>").next().unwrap());
                assert!(bar.matches("<li>").count() > 1, "{role:?} {path}: other pages stand beside it");
            }
            let expected = match route.2 {
                "" => nobody.get(&path).await.status,
                _ if !may(route, *role) => 403,
                _ => NOT_HERE
                    .iter()
                    .find(|(of, at, _)| of == role && *at == route.1)
                    .map_or(200, |(_, _, status)| *status),
            };
            if page.status != expected || page.status >= 500 {
                wrong.push(format!("{role:?} {path}: {}, not {expected}: {}", page.status, problem(&page)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a refusal says.
fn problem(page: &Page) -> String {
    let text = page.text();
    text.split(" 正文 ").last().unwrap_or(&text).chars().rev().take(400).collect::<Vec<_>>().into_iter().rev().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_by_an_empty_form_for_whom_its_operation_does_not_name() {
    let whole = Whole::new().await;
    let (mut wrong, mut visited) = (Vec::new(), BTreeSet::new());
    let posts = || ROUTES.iter().filter(|(method, ..)| *method == "POST");
    for (role, person) in &whole.people {
        let mut browser = Browser::of(&whole.site, person).await;
        for route in posts() {
            let path = whole.path(route.1, *role);
            let page = browser.post(&path, "").await;
            visited.insert(route.1);
            let refused = (400..500).contains(&page.status);
            let fine = match route.2 {
                "" => page.status < 500,
                _ if may(route, *role) => page.status < 500 && page.status != 403,
                _ => refused,
            };
            if !fine {
                wrong.push(format!("{role:?} {path}: {} {}", page.status, problem(&page)));
            }
            if is_page(&page) && page.status < 500 {
                let other = page.body.split("hreflang").next().and_then(|before| before.rsplit("href=\"").next());
                let other = other.unwrap().split('"').next().unwrap().replace("&#38;", "&");
                let switched = browser.get(&other).await.status;
                if matches!(switched, 404 | 405) {
                    wrong.push(format!("{role:?} {path}: in the other language there is nothing: {other}: {switched}"));
                }
                page.says(&["what you typed is not kept"]);
            }
            // Some of it ends the session of whoever may do it.
            if browser.get("/me").await.status != 200 {
                browser = Browser::of(&whole.site, person).await;
            }
        }
    }
    let nobody = Browser::new(&whole.site);
    for route in posts() {
        let path = whole.path(route.1, Role::Resident);
        let page = nobody.post(&path, "").await;
        let fine = if route.2.is_empty() { page.status < 500 } else { fate(&page) == "sign-in" };
        if !fine {
            wrong.push(format!("nobody {path}: {} {}", page.status, problem(&page)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(visited.len(), posts().count());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_for_a_page_of_somebody_else() {
    let (city, row) = revoked();
    // All of them come from one place, more often than people do.
    let mut site = Site::at(city, Rate(std::num::NonZeroU32::new(100_000).unwrap()));
    let zhou = resident(&mut site, &row.number, "zhouming");
    let own = Browser::of(&site, &zhou).await;
    let asks = |route: &&Route| {
        let (method, path, name) = **route;
        method == "POST" && (!name.is_empty() || path.starts_with("/sign-") || path.starts_with("/begin"))
    };
    for (_, path, _) in ROUTES.iter().filter(asks) {
        let path: String = path.replace(['{', '}'], "");
        assert_eq!(own.post_from_elsewhere(&path).await.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_somewhere_for_everybody_who_is_signed_in() {
    let whole = Whole::new().await;
    let mut wrong = Vec::new();
    for (role, person) in &whole.people {
        let browser = Browser::of(&whole.site, person).await;
        let start = match role {
            Role::Resident | Role::Representative => "/me",
            Role::CreditOffice => "/office",
            _ => "/desk",
        };
        let (mut seen, mut to_see) = (BTreeSet::new(), vec![(start.to_owned(), String::new())]);
        while let Some((path, from)) = to_see.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            assert!(seen.len() < 600, "{role:?}: there is no end of pages: {path}");
            let page = browser.get(&path).await;
            if page.status != 200 && page.status != 303 {
                wrong.push(format!("{role:?} {path} from {from}: {}", page.status));
            }
            let onward = Some(page.location.clone()).filter(|to| to.starts_with('/'));
            let links = page.links().into_iter().chain(onward);
            // Pages for everybody are gone through elsewhere, in both languages.
            let ours = links.filter(|to| ["/me", "/desk", "/office"].iter().any(|area| to.starts_with(area)));
            to_see.extend(ours.filter(|to| !to.contains("lang=")).map(|to| (to, path.clone())));
        }
        assert!(seen.len() > 3, "{role:?}: {seen:?}");
        let acts = seen.iter().any(|path| path.starts_with("/me/records?for="));
        assert_eq!(acts, *role == Role::Representative, "{role:?}: {seen:?}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
