//! A person objects, goes the way to repair, and is told; officers answer.

use chengxin_core::{Caller, Role};

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::site::Site;

/// The first record on the page.
async fn record(browser: &Browser<'_>) -> String {
    let records = browser.get("/me/records").await;
    let link = records.links().into_iter().find(|link| link.starts_with("/me/records/")).unwrap();
    link.replace("/me/records/", "")
}

/// The first proceeding on the page.
async fn number(browser: &Browser<'_>) -> String {
    let page = browser.get("/me/proceedings").await;
    page.after("id=\"p").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_objects_by_the_page_the_decider_answers_and_the_person_reads_the_answer() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let decider = officer(&mut site, Role::Decider, "qian");
    let browser = Browser::of(&site, &zhou).await;
    browser.get("/me/proceedings").await.shows(&["您没有提出过异议或者信用修复"]);
    let record = record(&browser).await;
    let ahead = browser.get(&format!("/me/records/{record}")).await;
    ahead.shows(&["停止展示", "最短的合法途径", "谁看到过它", "/object\"", "/repair\""]);
    assert_well_made("/me/records/{record}", &ahead);
    let path = format!("/me/records/{record}/object");
    assert_well_made(&path, &browser.get(&path).await);
    let lacking = browser.upload(&path, &[("grounds", "罚款已经撤销")], "", "").await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"aspect-error\"", "罚款已经撤销</textarea>"]);
    assert_well_made(&path, &lacking);
    let fields = [("aspect", "content"), ("grounds", "处罚决定已被撤销")];
    let strange = browser.upload(&path, &fields, "x.exe", "MZ\u{0}\u{1}").await;
    assert_eq!(strange.status, 422, "{}", strange.text());
    strange.says(&["role=\"alert\"", "处罚决定已被撤销</textarea>"]);
    let filed = browser.upload(&path, &fields, "撤销决定.txt", "决定书全文").await;
    assert_eq!((filed.status, filed.location.as_str()), (303, "/me/proceedings"), "{}", filed.text());
    let twice = browser.upload(&path, &fields, "", "").await;
    assert_eq!(twice.status, 422, "one runs already: {}", twice.text());
    let own = browser.get("/me/proceedings").await;
    own.shows(&["<ol class=\"lines\">", "最迟答复日", "处罚决定已被撤销", "撤销决定.txt", "补充材料"]);
    assert_well_made("/me/proceedings", &own);
    let number = number(&browser).await;
    let file = browser.get(&format!("/me/proceedings/{number}/attachments/1")).await;
    assert_eq!((file.status, file.body.as_str()), (200, "决定书全文"));
    assert_eq!(browser.get(&format!("/me/proceedings/{number}/decision")).await.status, 409, "nothing is decided");

    let theirs = Browser::of(&site, &decider).await;
    let work = theirs.get("/desk/proceedings").await;
    work.shows(&[&number]);
    assert!(!work.body.contains(&row.name), "the list names nobody");
    assert_well_made("/desk/proceedings", &work);
    let path = format!("/desk/proceedings/{number}");
    let whole = theirs.get(&path).await;
    whole.shows(&["处罚决定已被撤销", "撤销决定.txt", "value=\"accept\"", "value=\"refuse\""]);
    assert!(!whole.body.contains("value=\"withdraw\""), "only what is lawful now");
    assert_well_made(&path, &whole);
    assert_eq!(theirs.get(&format!("{path}/attachments/1")).await.body, "决定书全文");
    let answer = format!("{path}/objection");
    let none = theirs.post(&answer, "").await;
    assert_eq!(none.status, 422);
    none.says(&["id=\"step-error\""]);
    let taken = theirs.post(&answer, &form(&[("step", "accept")])).await;
    assert_eq!(taken.status, 303, "{}", taken.text());
    let silent = theirs.post(&answer, &form(&[("step", "keep")])).await;
    assert_eq!(silent.status, 422, "a reason is needed");
    let wrong = form(&[("step", "correct"), ("text", "登记有误"), ("corrected", "CF_CFLB 警告")]);
    theirs.post(&answer, &wrong).await.says(&["id=\"corrected-error\"", "CF_CFLB 警告</textarea>"]);
    let right =
        form(&[("step", "correct"), ("text", "登记有误，已改为警告"), ("corrected", "CF_CFLB=警告\nCF_NR_ZKDX=")]);
    let done = theirs.post(&answer, &right).await;
    assert_eq!((done.status, done.location.as_str()), (303, path.as_str()), "{}", done.text());

    let read = browser.get("/me/proceedings").await;
    read.shows(&["登记有误，已改为警告", "已更正", "对答复不服", "下载决定书"]);
    let paper = browser.get(&format!("/me/proceedings/{number}/decision")).await;
    assert!(paper.status == 200 && paper.body.starts_with("%PDF-"), "{}", paper.status);
    browser.get("/me/records").await.shows(&["警告"]);
    theirs.get("/desk/figures").await.shows(&["云汀市交通运输局"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_counted_and_stands_beside_a_record_that_is_kept() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let decider = officer(&mut site, Role::Decider, "qian");
    let browser = Browser::of(&site, &zhou).await;
    let record = record(&browser).await;
    let fields = [("aspect", "period"), ("grounds", "期限算错")];
    assert_eq!(browser.upload(&format!("/me/records/{record}/object"), &fields, "", "").await.status, 303);
    let path = format!("/me/proceedings/{}/additions", number(&browser).await);
    assert_well_made(&path, &browser.get(&path).await);
    let long = "长".repeat(501);
    let refused = browser.upload(&path, &[("what", "statement"), ("text", &long)], "", "").await;
    assert_eq!(refused.status, 422);
    refused.says(&["现在有 501 字", "id=\"text-error\"", &long]);
    let said = browser.upload(&path, &[("what", "statement"), ("text", "我已提起诉讼")], "", "").await;
    assert_eq!(said.status, 303, "{}", said.text());
    let more = browser.upload(&path, &[("what", "supply"), ("text", "")], "证.txt", "证明").await;
    assert_eq!(more.status, 303, "{}", more.text());
    browser.get("/me/proceedings").await.shows(&["我已提起诉讼", "证.txt"]);
    let open = browser.get("/me/records").await;
    assert!(!open.body.contains("我已提起诉讼"), "the record is marked; the statement is for one that stays");
    let theirs = Browser::of(&site, &decider).await;
    let answer = path.replace("/me/", "/desk/").replace("/additions", "/objection");
    assert_eq!(theirs.post(&answer, &form(&[("step", "accept")])).await.status, 303);
    assert_eq!(theirs.post(&answer, &form(&[("step", "keep"), ("text", "期限计算正确")])).await.status, 303);
    browser.get("/me/records").await.shows(&["我已提起诉讼"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_a_record_is_an_identity_clerk_finds_and_no_decider() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let (decider, sun) = (officer(&mut site, Role::Decider, "qian"), officer(&mut site, Role::IdentityClerk, "sun"));
    let browser = Browser::of(&site, &zhou).await;
    let record = record(&browser).await;
    let filed = browser.upload(&format!("/me/records/{record}/object"), &[("aspect", "not-me")], "", "").await;
    assert_eq!(filed.status, 303, "{}", filed.text());
    let path = format!("/desk/proceedings/{}", number(&browser).await);
    assert_eq!(Browser::of(&site, &decider).await.get(&path).await.status, 404);
    let theirs = Browser::of(&site, &sun).await;
    theirs.get("/desk/proceedings").await.shows(&["非本人"]);
    theirs.get(&path).await.shows(&["value=\"find_theirs\"", "value=\"find_not_theirs\""]);
    let found = form(&[("step", "find_not_theirs"), ("text", "与户籍信息核对，证件号码系他人冒用")]);
    assert_eq!(theirs.post(&format!("{path}/objection"), &found).await.status, 403, "not by the other way");
    let done = theirs.post(&format!("{path}/not_me"), &found).await;
    assert_eq!(done.status, 303, "{}", done.text());
    browser.get("/me/proceedings").await.shows(&["系他人冒用", "确认非本人"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_repair_says_what_lacks_and_from_when_it_can_be_asked_for() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let path = format!("/me/records/{}/repair", record(&browser).await);
    let page = browser.get(&path).await;
    page.shows(&["信用承诺书", "value=\"ask\"", "value=\"ask_delay\"", "免费"]);
    assert_well_made(&path, &page);
    let lacking = browser.upload(&path, &[("step", "ask"), ("text", "已全部履行")], "", "").await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"file-error\"", "id=\"commitment-error\"", "已全部履行</textarea>"]);
    let told = browser.upload(&path, &[("step", "perform"), ("text", "证件已交回")], "回执.txt", "回执").await;
    assert_eq!(told.status, 303, "{}", told.text());
    browser.get("/me/proceedings").await.shows(&["证件已交回", "回执.txt", "已履行"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_delivered_by_being_opened_and_by_nothing_less() {
    let (mut city, row) = revoked();
    while city.installation.job_run(&Caller::operator("operator", "test"), "one").unwrap().done > 0 {}
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let list = browser.get("/me/notices").await;
    list.shows(&["未送达"]);
    assert_well_made("/me/notices", &list);
    browser.get("/me/notices").await.shows(&["未送达"]);
    let one = |link: &String| link.starts_with("/me/notices/") && !link.contains("channels");
    let path = list.links().into_iter().find(one).unwrap();
    let notice = browser.get(&path).await;
    notice.shows(&["云汀市交通运输局"]);
    assert_well_made(&path, &notice);
    assert!(!browser.get("/me/notices").await.body.contains("未送达"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_takes_in_what_somebody_files_who_has_no_account() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let (clerk, decider) = (officer(&mut site, Role::Clerk, "zhou"), officer(&mut site, Role::Decider, "qian"));
    let own = Browser::of(&site, &zhou).await;
    let record = record(&own).await;
    let browser = Browser::of(&site, &clerk).await;
    let start = browser.get("/desk/filings").await;
    start.shows(&["/desk/filings/objection", "/desk/filings/addition", "/desk/filings/repair"]);
    assert_well_made("/desk/filings", &start);
    assert_eq!(browser.get("/desk/filings/nothing").await.status, 404);
    for what in ["objection", "addition", "repair"] {
        let path = format!("/desk/filings/{what}");
        assert_well_made(&path, &browser.get(&path).await);
        let lacking = browser.upload(&path, &[("number", "990000x"), ("record", "12")], "", "").await;
        assert_eq!(lacking.status, 422);
        lacking.says(&["id=\"document-kind-error\"", "id=\"evidence-error\"", "value=\"990000x\""]);
        assert_well_made(&path, &lacking);
        assert_eq!(Browser::of(&site, &decider).await.get(&path).await.status, 403, "{what}");
        let refused = own.get(&path).await;
        assert_eq!(refused.status, 403, "{what}");
        refused.says(&["本人请在“我的”页面提出"]);
    }

    let seen = "居民身份证原件，与本人相符";
    let who = |number| vec![("document-kind", "01"), ("number", number), ("evidence", seen)];
    let objects = |number, record| {
        let what = [("record", record), ("aspect", "content"), ("grounds", "处罚决定已被撤销")];
        who(number).into_iter().chain(what).collect::<Vec<_>>()
    };
    let path = "/desk/filings/objection";
    let wrong = browser.upload(path, &objects(&row.number, "记录"), "", "").await;
    wrong.says(&["id=\"record-error\"", "value=\"记录\"", "处罚决定已被撤销</textarea>"]);
    let other = crate::city::row(3).number;
    let not_theirs = browser.upload(path, &objects(&other, &record), "", "").await;
    assert_eq!(not_theirs.status, 422);
    not_theirs.says(&["role=\"alert\"", "没有这条记录", seen]);
    let filed = browser.upload(path, &objects(&row.number, &record), "撤销决定.txt", "决定书全文").await;
    filed.shows(&["已收下", "最迟答复日", "云汀市交通运输局", "撤销决定.txt", "data-print"]);
    assert_well_made(path, &filed);
    assert!(!filed.body.contains(&row.number), "the receipt has no number of a document");
    let twice = browser.upload(path, &objects(&row.number, &record), "", "").await;
    assert_eq!(twice.status, 422, "one runs already: {}", twice.text());

    let number = filed.after("<p class=\"big\">").to_owned();
    let path = "/desk/filings/addition";
    let more = [("proceeding", number.as_str()), ("what", "statement"), ("text", "我已提起诉讼")];
    let silent: Vec<_> = who(&row.number).into_iter().chain([("proceeding", number.as_str())]).collect();
    browser.upload(path, &silent, "", "").await.says(&["id=\"text-error\"", &number]);
    let more: Vec<_> = who(&row.number).into_iter().chain(more).collect();
    browser.upload(path, &more, "", "").await.shows(&["已收下", &number]);
    own.get("/me/proceedings").await.shows(&["处罚决定已被撤销", "我已提起诉讼", "窗口"]);
    own.get("/me/log").await.shows(&["云汀市交通运输局"]);

    let path = "/desk/filings/repair";
    let toward = |step| who(&row.number).into_iter().chain([("record", record.as_str()), ("step", step)]);
    let asked: Vec<_> = toward("ask").collect();
    browser.upload(path, &asked, "", "").await.says(&["id=\"file-error\"", "id=\"commitment-error\""]);
    let told: Vec<_> = toward("perform").chain([("text", "证件已交回")]).collect();
    browser.upload(path, &told, "回执.txt", "回执").await.shows(&["已收下", "回执.txt"]);
    own.get("/me/proceedings").await.shows(&["证件已交回"]);
}
