//! Issuing.

use chengxin_app::report::{IssuedReport, ReportEntry, VALID_DAYS, VerificationCode};
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Lang, Role, Standing};
use chengxin_seal::Profile;
use chengxin_store::testing::Hand;
use jiff::civil::date;

use super::fixture::{City, NOBODY, WANG, WANG_NAME, about, resident};

fn entries(report: &IssuedReport) -> Vec<&ReportEntry> {
    report.content.classes.iter().flat_map(|class| &class.entries).collect()
}

fn issue(city: &mut City, number: &str) -> IssuedReport {
    city.installation.report_issue(&resident(), &about(number)).unwrap()
}

fn refusal(result: Result<IssuedReport, AppError>) -> AppError {
    result.map(|report| report.number).unwrap_err()
}

#[test]
fn each_record_says_who_decided_what_until_when_and_how_to_contest_and_repair_it() {
    let mut city = City::new();
    city.wang();
    let report = issue(&mut city, WANG);
    let all = entries(&report);
    let fine = all.iter().find(|entry| entry.item == "penalty").unwrap();
    assert_eq!(fine.authority, "示范市市场监督管理局");
    assert_eq!(fine.document_number, "示市监罚字〔2026〕118号");
    assert_eq!(fine.decided_on, date(2026, 5, 8));
    // A fine of 20 000 CNY on a person is a general record: three months to one year.
    assert_eq!(fine.severity.as_ref().unwrap().zh, "一般");
    assert_eq!(fine.shown_through, Some(date(2027, 5, 8)));
    assert_eq!(fine.stops.zh, "2027年5月8日为最后展示日，次日起不再展示");
    assert_eq!(fine.repair_from, Some(date(2026, 8, 9)));
    assert!(fine.repair.as_ref().unwrap().zh.starts_with("2026年8月9日起可申请，免费"), "{:?}", fine.repair);
    assert!(
        fine.contest.zh.contains("异议")
            && fine.contest.zh.contains("行政复议")
            && fine.contest.zh.contains("行政诉讼")
    );
    assert!(fine.basis.iter().any(|basis| basis.zh == "《行政处罚法》第四十八条"), "{:?}", fine.basis);
    let amount = fine.fields.iter().find(|field| field.code == "CF_NR_FK").unwrap();
    assert_eq!((amount.value.zh.as_str(), amount.value.en.as_str()), ("20,000.00 元", "CNY 20,000.00"));

    let licence = all.iter().find(|entry| entry.item == "licence").unwrap();
    assert_eq!((licence.shown_through, &licence.repair), (None, &None));
    assert!(licence.fields.iter().any(|field| field.code == "XK_YXQZI" && field.value.zh == "长期"));
}

#[test]
fn classes_stand_in_the_order_of_the_catalogue_and_those_without_a_record_say_so() {
    let mut city = City::new();
    city.wang();
    let report = issue(&mut city, WANG);
    let classes: Vec<_> = report.content.classes.iter().map(|class| class.name.zh.as_str()).collect();
    let dictionary = city.installation.catalogue().dictionary("item-class").unwrap();
    let order: Vec<_> = dictionary.values().filter(|value| classes.contains(value)).collect();
    assert_eq!(classes, order);
    assert!(classes.len() > 5, "{classes:?}");
    for class in &report.content.classes {
        assert_eq!(class.entries.is_empty(), class.empty.is_some(), "{}", class.name);
    }
    let judicial = report.content.classes.iter().find(|class| class.name.zh == "司法裁判及执行").unwrap();
    assert_eq!(judicial.empty.as_ref().unwrap().zh, "未查询到可报告信息");
}

#[test]
fn a_report_holds_no_number_no_internal_remark_and_no_score() {
    let mut city = City::new();
    city.wang();
    let report = issue(&mut city, WANG);
    let json = serde_json::to_string(&report.content).unwrap();
    assert!(!json.contains(WANG), "the full number");
    assert!(json.contains("990*************17"), "the masked number");
    assert!(!json.contains("内部备注"), "a field that is shown to the subject only");
    for entry in entries(&report) {
        for field in &entry.fields {
            let label = &field.label.zh;
            assert!(
                !["证件号码", "地址", "住址", "电话", "评分", "等级"].iter().any(|word| label.contains(word)),
                "{label}"
            );
        }
    }
    assert_eq!(report.content.subject.name, WANG_NAME);
}

#[test]
fn what_is_repaired_sealed_out_of_period_or_not_released_leaves_no_trace_in_the_report() {
    let mut bare = City::new();
    let subject = bare.person(WANG, WANG_NAME);
    bare.licence(subject);
    let plain = issue(&mut bare, WANG);

    let mut city = City::new();
    let subject = city.person(WANG, WANG_NAME);
    city.licence(subject);
    let withdrawn = city.fine(subject);
    city.next(&withdrawn, |row| row.state = 2);
    let erased = city.fine(subject);
    city.key_store.write(|tx| tx.body_salt_remove(&erased.row.body_at())).unwrap();
    city.next(&erased, |row| row.state = 3);
    // A minor fine of 2025: its three months are long over.
    city.fine_of(subject, date(2021, 5, 8), "旧");
    let hidden = issue(&mut city, WANG);

    let words = |report: &IssuedReport| {
        let mut content = report.content.clone();
        let codes = [&mut content.number, &mut content.verification_code, &mut content.verify_url];
        codes.into_iter().for_each(String::clear);
        content.classes.iter_mut().flat_map(|c| &mut c.entries).for_each(|entry| entry.record.clear());
        serde_json::to_string(&content).unwrap()
    };
    assert_eq!(words(&plain), words(&hidden));
}

#[test]
fn a_version_that_waits_for_release_does_not_hide_the_one_before_it() {
    let mut city = City::new();
    let (fine, _) = city.wang();
    let submission = city.accepted_submission("penalty");
    city.next(&fine, |row| {
        row.submission_id = submission;
        row.needs_release = 1;
        row.state = 2;
    });
    assert_eq!(entries(&issue(&mut city, WANG)).len(), 2);
}

#[test]
fn who_is_not_known_gets_a_report_that_shows_nothing_and_keeps_no_name_for_the_number() {
    let mut city = City::new();
    let mut request = about(NOBODY);
    request.name = Some("李不实".into());
    let report = city.installation.report_issue(&resident(), &request).unwrap();
    assert_eq!(report.content.entry_count(), 0);
    assert_eq!(report.content.subject.name, "李不实");
    assert!(city.installation.find_subject(DocumentKind::ResidentId, NOBODY).unwrap().is_none());
    // A second one under another name: the first comer's spelling does not count.
    request.name = Some("李真".into());
    city.installation.report_issue(&resident(), &request).unwrap();
    // Both stand under one owner, so that the person can once read of both.
    let reader = city.keys.document_tag(DocumentKind::ResidentId, &format!("report:{NOBODY}"));
    let owner = city.store.view().subject_document(&reader).unwrap().unwrap().subject_id;
    assert_eq!(city.log(&owner).iter().filter(|entry| entry.operation == "report_issue").count(), 2);
}

#[test]
fn a_report_that_shows_nothing_does_not_tell_whether_the_number_is_known() {
    let mut city = City::new();
    let subject = city.person(WANG, WANG_NAME);
    let fine = city.fine(subject);
    city.next(&fine, |row| row.state = 2);
    let known = issue(&mut city, WANG);
    let unknown = issue(&mut city, NOBODY);
    assert_eq!(known.content.subject.name, "");
    assert_eq!(known.content.subject.name, unknown.content.subject.name);
    assert_eq!(known.content.classes, unknown.content.classes);
    assert_eq!(known.content.sources, unknown.content.sources);
}

#[test]
fn another_name_is_refused_and_the_attempt_stands_in_the_log_of_the_person() {
    let mut city = City::new();
    let (fine, _) = city.wang();
    let mut request = about(WANG);
    request.name = Some("李四".into());
    let error = refusal(city.installation.report_issue(&resident(), &request));
    assert_eq!(error.kind, Kind::Conflict);
    let log = city.log(&fine.row.subject_id);
    assert!(log[0].detail.contains("\"refused\":\"name\""), "{}", log[0].detail);
    request.name = Some(" 王　小明 ".into());
    city.installation.report_issue(&resident(), &request).unwrap();
}

#[test]
fn the_log_entry_names_records_recipient_and_purpose_and_no_person() {
    let mut city = City::new();
    let (fine, licence) = city.wang();
    let report = issue(&mut city, WANG);
    let log = city.log(&fine.row.subject_id);
    assert_eq!((log.len(), log[0].number, log[0].operation.as_str()), (1, 1, "report_issue"));
    let hex = |id: [u8; 16]| chengxin_core::record::RecordId(id).hex();
    for part in [&hex(fine.row.record_id), &hex(licence.row.record_id), "示范市公共资源交易中心", &report.content_hash]
    {
        assert!(log[0].detail.contains(part), "{part}");
    }
    assert!(log[0].caller.contains("应聘"));
    assert!(!log[0].detail.contains(WANG) && !log[0].detail.contains(WANG_NAME));
    assert_eq!(log[0].commitment, log[0].expected_commitment(&city.keys.hash(), &fine.row.subject_id));
}

#[test]
fn fields_of_life_and_period_narrow_the_report() {
    let mut city = City::new();
    city.wang();
    let mut request = about(WANG);
    (request.from, request.to) = (Some(date(2026, 1, 1)), Some(date(2026, 12, 31)));
    let report = city.installation.report_issue(&resident(), &request).unwrap();
    assert_eq!(entries(&report).iter().map(|e| e.item.as_str()).collect::<Vec<_>>(), ["penalty"]);

    let mut request = about(WANG);
    request.domains = vec!["志愿服务".into()];
    let report = city.installation.report_issue(&resident(), &request).unwrap();
    assert_eq!(report.content.entry_count(), 0);

    request.domains = vec!["占星".into()];
    let error = refusal(city.installation.report_issue(&resident(), &request));
    assert!(error.kind == Kind::Invalid && error.public.zh.contains("志愿服务"), "{error}");

    let mut request = about(WANG);
    (request.from, request.to) = (Some(date(2026, 12, 31)), Some(date(2026, 1, 1)));
    assert_eq!(refusal(city.installation.report_issue(&resident(), &request)).kind, Kind::Invalid);
}

#[test]
fn only_the_subject_or_a_clerk_with_a_consent_gets_one() {
    let mut city = City::new();
    city.wang();
    let clerk = |ground| Caller {
        actor: "赵六".into(),
        role: Role::Clerk,
        authority: Some(super::fixture::OFFICE.into()),
        purpose: "代为申请".into(),
        ground,
        standing: Standing::Console,
    };
    let cases = [
        (clerk(Ground::OwnRight), Err(Kind::Forbidden)),
        (clerk(Ground::Duty("penalty-law#art-48".into())), Err(Kind::Forbidden)),
        (clerk(Ground::Consent(" ".into())), Err(Kind::Forbidden)),
        (clerk(Ground::Consent("SQ-2026-1".into())), Err(Kind::Forbidden)),
        (Caller { role: Role::Representative, ..resident() }, Err(Kind::Forbidden)),
        (Caller { role: Role::Administrator, ..resident() }, Err(Kind::Forbidden)),
        (Caller { role: Role::CreditOffice, ..resident() }, Err(Kind::Forbidden)),
        (Caller { role: Role::Public, ..resident() }, Err(Kind::Forbidden)),
        (Caller { ground: Ground::Operation, ..resident() }, Err(Kind::Forbidden)),
        (Caller { purpose: String::new(), ..resident() }, Err(Kind::Forbidden)),
    ];
    for (caller, expected) in cases {
        let result = city.installation.report_issue(&caller, &about(WANG));
        assert_eq!(result.map(|_| ()).map_err(|e| e.kind), expected, "{caller:?}");
    }
}

#[test]
fn an_organisation_is_asked_about_by_its_representative_and_a_sole_trader_by_themself() {
    let mut city = City::new();
    let mut request = about("91990000MA0000001X");
    request.document_kind = DocumentKind::Uscc;
    assert_eq!(refusal(city.installation.report_issue(&resident(), &request)).kind, Kind::Forbidden);
    let representative = Caller { role: Role::Representative, ..resident() };
    let report = city.installation.report_issue(&representative, &request).unwrap();
    let classes: Vec<_> = report.content.classes.iter().map(|class| class.name.zh.as_str()).collect();
    assert!(classes.contains(&"经营（活动）异常名录（状态）"), "{classes:?}");
    request.number = "92990000MA0000001X".into();
    city.installation.report_issue(&resident(), &request).unwrap();
}

#[test]
fn what_is_not_a_number_or_cannot_be_printed_is_refused_with_the_reason() {
    let mut city = City::new();
    let number = city.installation.report_issue(&resident(), &about("990000199001010018"));
    let error = refusal(number);
    assert!(error.kind == Kind::Invalid && !error.to_string().contains("990000199001010018"), "{error}");
    for change in [
        |r: &mut chengxin_app::report::ReportRequest| r.recipient = " ".into(),
        |r: &mut chengxin_app::report::ReportRequest| r.recipient = "甲".repeat(201),
        |r: &mut chengxin_app::report::ReportRequest| r.recipient = "甲\r\n乙".into(),
        |r: &mut chengxin_app::report::ReportRequest| r.name = Some("王\0".into()),
    ] {
        let mut request = about(WANG);
        change(&mut request);
        assert_eq!(refusal(city.installation.report_issue(&resident(), &request)).kind, Kind::Invalid);
    }
}

#[test]
fn codes_differ_from_report_to_report_and_lead_to_the_address() {
    let mut city = City::new();
    let (a, b) = (issue(&mut city, NOBODY), issue(&mut city, NOBODY));
    assert_ne!(a.verification_code, b.verification_code);
    assert_ne!(a.extract_code, b.extract_code);
    assert_ne!(a.number, b.number);
    assert!(a.number.starts_with("XB20260610-"));
    assert!(a.verify_url.starts_with("https://credit.example/v/"));
    let code = VerificationCode::parse(&a.verify_url).unwrap();
    assert_eq!(code.grouped(), a.verification_code);
    assert_eq!(a.content.valid_through, date(2026, 7, 10));
    assert_eq!(VALID_DAYS, 30);
}

#[test]
fn codes_and_content_are_nowhere_in_the_files_of_the_installation() {
    let mut city = City::new();
    city.wang();
    let report = issue(&mut city, WANG);
    let code = report.verification_code.replace('-', "");
    let extract = report.extract_code.replace('-', "");
    let files = std::fs::read_dir(city.dir.path()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let places = city.installation.places();
    let stored = [&places.main, &places.keys].map(|place| Hand::in_(place).everything().unwrap());
    let mut looked_at = 0;
    for bytes in files.chain(stored) {
        looked_at += 1;
        let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        for text in [&code, &report.verification_code, &extract, &report.extract_code, WANG, WANG_NAME, "示市监罚字"]
        {
            assert!(!holds(text), "{text}");
        }
    }
    assert!(looked_at >= 4);
}

#[test]
fn the_pdf_is_a_pdf_and_english_stands_beside_chinese_where_it_was_asked_for() {
    for profile in Profile::ALL {
        let mut city = City::with_profile(profile);
        city.wang();
        let mut request = about(WANG);
        let zh = city.installation.report_issue(&resident(), &request).unwrap();
        request.lang = Lang::En;
        let en = city.installation.report_issue(&resident(), &request).unwrap();
        assert!(zh.pdf.starts_with(b"%PDF-1.7") && en.pdf.starts_with(b"%PDF-1.7"));
        assert!(zh.pages >= 1 && en.pages > zh.pages, "{} {}", zh.pages, en.pages);
        assert!(zh.missing.is_empty(), "{:?}", zh.missing);
    }
}

#[test]
fn a_character_without_a_glyph_is_reported() {
    let mut city = City::new();
    let mut request = about(NOBODY);
    request.name = Some("王\u{2b8e2}".into());
    let report = city.installation.report_issue(&resident(), &request).unwrap();
    assert_eq!(report.missing, ['\u{2b8e2}']);
}
