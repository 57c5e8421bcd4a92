//! A city that was just set up, with one account of each role: nothing is there yet, and every page says so.

use std::num::NonZeroU32;

use chengxin_core::Role;
use chengxin_web::Rate;

use crate::browser::{Browser, Page, assert_well_made, officer, resident};
use crate::city::{City, row};
use crate::routes::ROUTES;
use crate::site::Site;

/// Tables of a page that have a head and no row.
fn bare(page: &Page) -> usize {
    let tables = page.body.split("<table").skip(1).map(|rest| rest.split("</table>").next().unwrap());
    tables.filter(|table| !table.split("<tbody>").nth(1).is_some_and(|rows| rows.contains("<tr"))).count()
}

/// What is downloaded of a table.
fn downloads(page: &Page) -> usize {
    page.links()
        .iter()
        .filter(|link| ["/csv", "/xlsx"].iter().any(|ending| link.split('?').next().unwrap().ends_with(ending)))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_empty_city_says_that_nothing_is_there() {
    let mut site = Site::at(City::new(), Rate(NonZeroU32::new(100_000).unwrap()));
    let mut people = vec![(Role::Resident, resident(&mut site, &row(1).number, "somebody"))];
    for role in Role::ALL {
        if !matches!(role, Role::Resident | Role::Representative | Role::Public) {
            people.push((role, officer(&mut site, role, &format!("one-{}", role.code().replace('_', "-")))));
        }
    }
    let mut shown = 0;
    for (role, person) in &people {
        let browser = Browser::of(&site, person).await;
        let whole = |route: &&str| !route.contains('{') || route.contains("{month}") && !route.contains("{table}");
        for route in ROUTES.iter().filter(|(method, ..)| *method == "GET").map(|(_, route, _)| *route).filter(whole) {
            for lang in ["", "?lang=en"] {
                let path = format!("{}{lang}", route.replace("{month}", "2026-10"));
                let page = browser.get(&path).await;
                assert!(page.status < 500, "{role:?} {path}: {}", page.text());
                if page.status != 200 || !page.body.starts_with("<!doctype html>") {
                    continue;
                }
                shown += 1;
                assert_well_made(&path, &page);
                assert_eq!(bare(&page), 0, "{role:?} {path}: a table without a row: {}", page.text());
                let tables = page.body.matches("<table").count();
                assert!(downloads(&page) <= 2 * tables, "{role:?} {path}: what is empty is not downloaded");
                let main = page.body.split("<main").nth(1).unwrap();
                assert!(main.contains("<p") || main.contains("<li"), "{role:?} {path}: it says nothing");
            }
        }
    }
    assert!(shown > 200, "{shown}");
    let office = people.iter().find(|(role, _)| *role == Role::CreditOffice).map(|(_, person)| person).unwrap();
    let office = Browser::of(&site, office).await;
    office.get("/office/statistics/2026-02").await.shows(&["class=\"empty\""]);
    assert_eq!(
        downloads(&office.get("/office/statistics/2026-02").await),
        2 * office.get("/office/statistics/2026-02").await.body.matches("<table").count()
    );
}
