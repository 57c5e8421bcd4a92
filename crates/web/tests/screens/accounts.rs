//! Codes that a window hands over, accounts of staff, and authorities.

use chengxin_core::Role;

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::city::{OFFICE, row};
use crate::site::Site;

const SEEN: &str = "居民身份证原件，与本人相符";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_begins_where_their_work_is_and_the_desk_is_named_to_nobody_without_any() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &person.number, "zhouming");
    let people = [
        (zhou, "/me", false),
        (officer(&mut site, Role::Clerk, "sun"), "/desk", true),
        (officer(&mut site, Role::CreditOffice, "heping"), "/office", true),
    ];
    let desk = "<li><a href=\"/desk\">工作台</a></li>";
    assert!(Browser::new(&site).get("/").await.body.contains(desk), "whoever is not signed in finds it");
    for (person, start, works) in people {
        let browser = Browser::of(&site, &person).await;
        assert_eq!(browser.start, start);
        let page = browser.get(start).await;
        assert_eq!((page.status, page.body.contains(desk)), (200, works), "{start}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_hands_over_a_code_to_begin_with_and_another_to_come_back_with() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    resident(&mut site, &person.number, "zhouming");
    let clerk = officer(&mut site, Role::IdentityClerk, "sun");
    let decider = officer(&mut site, Role::Decider, "chen");
    let browser = Browser::of(&site, &clerk).await;
    let path = "/desk/activations";
    let ask = browser.get(path).await;
    ask.shows(&["港澳居民来往内地通行证", "value=\"begin\" checked"]);
    assert!(!ask.body.contains("value=\"uscc\""), "no account binds to an organisation");
    assert_well_made(path, &ask);
    let lacking = browser.post(path, &form(&[("what", "begin"), ("document-kind", "01"), ("number", "990000x")])).await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"number-error\"", "id=\"evidence-error\"", "value=\"990000x\""]);
    assert_well_made(path, &lacking);
    let other = row(2).number;
    let asked = |what, number| form(&[("what", what), ("document-kind", "01"), ("number", number), ("evidence", SEEN)]);
    let none = browser.post(path, &asked("recover", &other)).await;
    assert_eq!(none.status, 422);
    none.says(&["role=\"alert\"", "没有在用的账户", &other, SEEN]);
    let handed = browser.post(path, &asked("begin", &other)).await;
    handed.shows(&["开通您的账户", "data-cover=\"60\"", "data-print", "<svg", "只显示这一次"]);
    assert_well_made(path, &handed);
    assert!(!handed.body.contains(&other), "the slip has no number of a document");
    let begin = handed.after("https://credit.example").to_owned();
    assert!(begin.starts_with("/begin/"), "{begin}");
    Browser::new(&site).get(&begin).await.shows(&["name=\"password\""]);
    // Who has an account comes back to it, and begins no second one.
    let second = browser.post(path, &asked("begin", &person.number)).await;
    assert_eq!(second.status, 422);
    second.says(&["role=\"alert\"", "已有账户", &person.number]);
    browser.post(path, &asked("recover", &person.number)).await.shows(&["恢复您的登录"]);
    let theirs = Browser::of(&site, &decider).await;
    assert_eq!(theirs.get(path).await.status, 403);
    assert_eq!(theirs.post(path, &asked("begin", &row(3).number)).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_staff_is_opened_given_rights_and_closed() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let administrator = officer(&mut site, Role::Administrator, "qian");
    let browser = Browser::of(&site, &administrator).await;
    let path = "/desk/accounts/new";
    browser.get(path).await.shows(&["云汀市交通运输局", "窗口经办人员"]);
    let lacking = browser.post(path, &form(&[("login", "wu.min"), ("role", "")])).await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"person-error\"", "id=\"role-error\"", "value=\"wu.min\""]);
    assert_well_made(path, &lacking);
    let clerk = [("login", "wu.min"), ("person", "吴敏"), ("role", "clerk")];
    let nowhere = browser.post(path, &form(&clerk)).await;
    assert_eq!(nowhere.status, 422);
    nowhere.says(&["role=\"alert\"", "须注明所属单位", "value=\"吴敏\"", "value=\"clerk\" selected"]);
    let clerk: Vec<_> = clerk.into_iter().chain([("authority", OFFICE)]).collect();
    let opened = browser.post(path, &form(&clerk)).await;
    opened.shows(&["启用您的工作账户", "吴敏 · wu.min", "data-cover=\"60\"", "/begin/"]);
    assert_well_made(path, &opened);
    let taken = browser.post(path, &form(&clerk)).await;
    assert_eq!(taken.status, 422);
    taken.says(&["id=\"login-error\"", "已被使用"]);

    let list = browser.get("/desk/accounts").await;
    let row = list.body.split("<tr>").find(|row| row.contains("wu.min")).expect("it is in the list");
    assert!(row.contains("云汀市交通运输局") && !row.contains(OFFICE), "by name and not by code: {row}");
    let id = row.split("/desk/accounts/").nth(1).and_then(|rest| rest.split('"').next()).expect("it leads on");
    assert!(id.len() == 32 && !id.contains("wu"), "no name in an address: {id}");
    let one = format!("/desk/accounts/{id}");
    let shown = browser.get(&one).await;
    shown.shows(&["吴敏", "待启用", "qian"]);
    assert_well_made(&one, &shown);
    let step = |step: &str| format!("{one}/{step}");
    let mixed = browser.post(&step("rights"), &form(&[("role", "auditor")])).await;
    assert_eq!(mixed.status, 403);
    mixed.says(&["role=\"alert\"", "不得由同一账户兼任", "value=\"auditor\" selected"]);
    assert_well_made(&one, &mixed);
    let granted = browser.post(&step("rights"), &form(&[("role", "data_officer"), ("authority", OFFICE)])).await;
    assert_eq!((granted.status, granted.location.as_str()), (303, one.as_str()), "{}", granted.text());
    browser.get(&one).await.shows(&["数据报送人员 · 云汀市交通运输局"]);
    let right = format!("data_officer@{OFFICE}");
    let awake = browser.post(&step("rights/renewed"), &form(&[("right", &right)])).await;
    assert_eq!(awake.status, 409);
    awake.says(&["无须续期"]);
    assert_eq!(browser.post(&step("rights/ended"), &form(&[("right", &right)])).await.status, 303);
    let left = browser.get(&one).await;
    assert!(!left.body.contains(&right), "{}", left.text());
    assert_eq!(browser.post(&step("recovered"), "").await.status, 422);
    browser.post(&step("recovered"), &form(&[("evidence", "工作证，本人到场")])).await.shows(&["恢复您的工作账户"]);
    let unsure = browser.post(&step("closed"), "").await;
    assert_eq!(unsure.status, 422);
    unsure.says(&["id=\"sure-error\""]);
    assert_eq!(browser.post(&step("closed"), &form(&[("sure", "yes")])).await.status, 303);
    let closed = browser.get(&one).await;
    closed.shows(&["已关闭"]);
    assert!(!closed.body.contains("<select"), "nothing is changed of a closed account");
    assert_eq!(browser.get("/desk/accounts/00000000000000000000000000000000").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_their_own_account_or_gives_what_is_not_theirs_to_give() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let office = officer(&mut site, Role::CreditOffice, "feng");
    let auditor = officer(&mut site, Role::Auditor, "heming");
    officer(&mut site, Role::Administrator, "qian");
    let browser = Browser::of(&site, &office).await;
    let list = browser.get("/desk/accounts").await;
    let id_of = |login: &str| {
        let row = list.body.split("<tr>").find(|row| row.contains(&format!(">{login}<"))).expect("in the list");
        row.split("/desk/accounts/").nth(1).and_then(|rest| rest.split('"').next()).expect("leads on").to_owned()
    };
    let own = format!("/desk/accounts/{}", id_of("feng"));
    let refused = browser.post(&format!("{own}/rights"), &form(&[("role", "identity_clerk")])).await;
    assert_eq!(refused.status, 403);
    refused.says(&["role=\"alert\"", "不得变更自己的账户和权限", "value=\"identity_clerk\" selected"]);
    let above = format!("/desk/accounts/{}", id_of("qian"));
    let refused = browser.post(&format!("{above}/closed"), &form(&[("sure", "yes")])).await;
    assert_eq!(refused.status, 403);
    refused.says(&["只能由平台管理员"]);
    let higher = [("login", "new.one"), ("person", "新人"), ("role", "administrator")];
    let refused = browser.post("/desk/accounts/new", &form(&higher)).await;
    assert_eq!(refused.status, 422);
    refused.says(&["只能由平台管理员", "value=\"new.one\""]);
    let theirs = Browser::of(&site, &auditor).await;
    let watched = theirs.get(&above).await;
    watched.shows(&["qian"]);
    assert!(!watched.body.contains("<form method=\"post\" action=\"/desk/accounts"), "who audits changes nothing");
    assert!(!theirs.get("/desk/accounts").await.body.contains("/desk/accounts/new"));
    assert_eq!(theirs.post(&format!("{above}/closed"), &form(&[("sure", "yes")])).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_is_registered_once_and_renamed_on_its_page() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let office = officer(&mut site, Role::CreditOffice, "feng");
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &office).await;
    let (path, code) = ("/desk/authorities/new", "11990000MB0000002C");
    let ask = browser.get(path).await;
    ask.shows(&["市场监督管理部门", "云汀市交通运输局"]);
    assert_well_made(path, &ask);
    let asked = |code, name| {
        form(&[("authority-code", code), ("authority-name", name), ("authority-kind", "tax"), ("supervisor", OFFICE)])
    };
    let lacking = browser.post(path, &asked(code, "")).await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"authority-name-error\"", code, "value=\"tax\" selected"]);
    let wrong = browser.post(path, &asked("123", "云汀市税务局")).await;
    assert_eq!(wrong.status, 422);
    wrong.says(&["role=\"alert\"", "不是统一社会信用代码", "value=\"云汀市税务局\""]);
    let done = browser.post(path, &asked(code, "云汀市税务局")).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/desk/authorities"), "{}", done.text());
    browser.get("/desk/authorities").await.shows(&["云汀市税务局", "税务机关", "主管部门"]);
    let twice = browser.post(path, &asked(code, "另一个名称")).await;
    assert_eq!(twice.status, 422);
    twice.says(&["id=\"authority-code-error\"", "已经登记"]);
    let one = format!("/desk/authorities/{code}");
    let shown = browser.get(&one).await;
    shown.shows(&["value=\"云汀市税务局\"", &format!("value=\"{OFFICE}\" selected")]);
    assert_well_made(&one, &shown);
    let under_itself = [("authority-name", "甲"), ("authority-kind", "tax"), ("supervisor", code)];
    assert_eq!(browser.post(&one, &form(&under_itself)).await.status, 422);
    let renamed = [("authority-name", "云汀市税务总局"), ("authority-kind", "tax"), ("supervisor", "")];
    assert_eq!(browser.post(&one, &form(&renamed)).await.status, 303);
    let list = browser.get("/desk/authorities").await;
    list.shows(&["云汀市税务总局"]);
    assert_eq!(list.body.matches("云汀市交通运输局").count(), 1, "it is under nobody any more: {}", list.text());
    assert_eq!(browser.get("/desk/authorities/11990000MB0000009A").await.status, 404);
    let theirs = Browser::of(&site, &sender).await;
    let read = theirs.get("/desk/authorities").await;
    read.shows(&["云汀市税务总局"]);
    assert!(!read.body.contains("/desk/authorities/1") && !read.body.contains(path), "{}", read.body);
    assert_eq!(theirs.get(&one).await.status, 403);
    assert_eq!(theirs.post(&one, &form(&renamed)).await.status, 403);
}
