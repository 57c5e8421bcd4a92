//! Which routes there are, as the programme has them, and which operation each asks for.

use std::path::Path;

/// A route: its method, its address, and the operation that says who may; nothing for what is everybody's.
pub(crate) type Route = (&'static str, &'static str, &'static str);

/// Every route of a page.
pub(crate) const ROUTES: &[Route] = &[
    ("GET", "/", ""),
    ("GET", "/verify", ""),
    ("POST", "/verify", ""),
    ("POST", "/verify/picture", ""),
    ("GET", "/publications", ""),
    ("GET", "/publications/{code}", ""),
    ("GET", "/v/{code}", ""),
    ("POST", "/v/{code}", ""),
    ("GET", "/trust.json", ""),
    ("GET", "/health", ""),
    ("POST", "/demo/records", ""),
    ("GET", "/log/checkpoint", ""),
    ("GET", "/log/key", ""),
    ("GET", "/log/tile/{*path}", ""),
    ("GET", "/robots.txt", ""),
    ("GET", "/assets/style.css", ""),
    ("GET", "/assets/script.js", ""),
    ("GET", "/assets/icon.svg", ""),
    ("GET", "/catalogue", ""),
    ("GET", "/catalogue/{item}", ""),
    ("GET", "/matters", ""),
    ("GET", "/matters/{matter}", ""),
    ("GET", "/quality", ""),
    ("GET", "/quality/{authority}", ""),
    ("GET", "/d/{number}/{code}", ""),
    ("GET", "/learn", ""),
    ("GET", "/learn/{page}", ""),
    ("GET", "/log", ""),
    ("GET", "/styleguide", ""),
    ("GET", "/sign-in", ""),
    ("POST", "/sign-in", ""),
    ("GET", "/sign-in/{issuer}", ""),
    ("POST", "/sign-in/{issuer}", ""),
    ("GET", "/sign-in/{issuer}/callback", ""),
    ("POST", "/sign-in/passkey/asked", ""),
    ("POST", "/sign-in/passkey", ""),
    ("POST", "/sign-out", ""),
    ("GET", "/begin", ""),
    ("GET", "/begin/{code}", ""),
    ("POST", "/begin/{code}", ""),
    ("GET", "/me", "session_list"),
    ("GET", "/me/resumed/{id}", "session_list"),
    ("GET", "/me/records", "record_list"),
    ("GET", "/me/records/{record}", "record_horizon"),
    ("GET", "/me/records/{record}/object", "objection_file"),
    ("POST", "/me/records/{record}/object", "objection_file"),
    ("GET", "/me/records/{record}/repair", "repair_file"),
    ("POST", "/me/records/{record}/repair", "repair_file"),
    ("GET", "/me/records/{record}/delete", "record_delete"),
    ("POST", "/me/records/{record}/delete", "record_delete"),
    ("GET", "/me/proceedings", "proceeding_list"),
    ("GET", "/me/proceedings/{number}/decision", "proceeding_decision"),
    ("GET", "/me/proceedings/{number}/attachments/{file}", "proceeding_attachment"),
    ("GET", "/me/proceedings/{number}/additions", "objection_add"),
    ("POST", "/me/proceedings/{number}/additions", "objection_add"),
    ("GET", "/me/notices", "notice_list"),
    ("GET", "/me/notices/channels", "channel_list"),
    ("POST", "/me/notices/channels", "channel_add"),
    ("POST", "/me/notices/channels/{channel}/proven", "channel_prove"),
    ("POST", "/me/notices/channels/{channel}/removed", "channel_remove"),
    ("GET", "/me/notices/{notice}", "notice_show"),
    ("GET", "/me/log", "log_lines"),
    ("GET", "/me/complaints", "complaint_list"),
    ("GET", "/me/complaints/new/{chain}/{number}", "complaint_file"),
    ("POST", "/me/complaints/new/{chain}/{number}", "complaint_file"),
    ("POST", "/me/complaints/{number}/withdrawn", "complaint_withdraw"),
    ("GET", "/me/checks", "check_slip"),
    ("GET", "/me/previews/{matter}", "check_preview"),
    ("GET", "/me/reports", "report_issue"),
    ("POST", "/me/reports", "report_issue"),
    ("POST", "/me/reports/withdrawn", "report_withdraw"),
    ("GET", "/me/consents", "consent_list"),
    ("GET", "/me/consents/new", "consent_grant"),
    ("POST", "/me/consents/new", "consent_grant"),
    ("GET", "/me/consents/code", "consent_code"),
    ("POST", "/me/consents/code", "consent_code"),
    ("GET", "/me/consents/{receipt}/narrowed", "consent_narrow"),
    ("POST", "/me/consents/{receipt}/narrowed", "consent_narrow"),
    ("POST", "/me/consents/{receipt}/withdrawn", "consent_withdraw"),
    ("POST", "/me/consents/{receipt}/disowned", "consent_disown"),
    ("GET", "/me/consents/{receipt}/receipt", "consent_receipt"),
    ("GET", "/me/mandates", "mandate_list"),
    ("GET", "/me/mandates/new", "mandate_offer"),
    ("POST", "/me/mandates/new", "mandate_offer"),
    ("GET", "/me/mandates/accepted", "mandate_accept"),
    ("POST", "/me/mandates/accepted", "mandate_accept"),
    ("POST", "/me/mandates/{mandate}/revoked", "mandate_revoke"),
    ("POST", "/me/mandates/{mandate}/resigned", "mandate_resign"),
    ("GET", "/me/carried-away", "log_lines"),
    ("POST", "/me/carried-away", "log_lines"),
    ("GET", "/me/account", "account_factor_list"),
    ("POST", "/me/account/sessions/{id}/ended", "session_end"),
    ("POST", "/me/account/sessions/ended", "session_end_all"),
    ("POST", "/me/account/factors/{id}/removed", "account_factor_remove"),
    ("POST", "/me/account/proof", "session_reauthenticate"),
    ("POST", "/me/account/password", "account_password"),
    ("POST", "/me/account/recovery", "account_factor_add"),
    ("POST", "/me/account/app", "account_factor_add"),
    ("POST", "/me/account/app/added", "account_factor_add"),
    ("POST", "/me/account/passkeys/offered", "account_factor_add"),
    ("POST", "/me/account/passkeys", "account_factor_add"),
    ("GET", "/desk", "session_list"),
    ("POST", "/desk/right", "session_list"),
    ("GET", "/desk/checks", "check_answer"),
    ("POST", "/desk/checks", "check_answer"),
    ("POST", "/desk/checks/{check}/outcomes", "check_outcome"),
    ("GET", "/desk/filings", "objection_file"),
    ("GET", "/desk/filings/{what}", "objection_file"),
    ("POST", "/desk/filings/{what}", "objection_file"),
    ("GET", "/desk/submissions", "submission_list"),
    ("POST", "/desk/submissions", "submission_import"),
    ("GET", "/desk/submissions/forms", "submission_import"),
    ("GET", "/desk/submissions/forms/{item}", "submission_import"),
    ("POST", "/desk/submissions/forms/{item}", "submission_import"),
    ("GET", "/desk/submissions/drafts/{id}", "submission_import"),
    ("POST", "/desk/submissions/drafts/{id}/columns", "submission_import"),
    ("POST", "/desk/submissions/drafts/{id}/cells", "submission_import"),
    ("POST", "/desk/submissions/drafts/{id}/submitted", "submission_import"),
    ("POST", "/desk/submissions/drafts/{id}/discarded", "submission_import"),
    ("GET", "/desk/submissions/drafts/{id}/refused", "submission_import"),
    ("GET", "/desk/submissions/{id}", "submission_list"),
    ("GET", "/desk/submissions/{id}/refused", "submission_import"),
    ("POST", "/desk/submissions/{id}/released", "submission_release"),
    ("POST", "/desk/submissions/{id}/recalled", "submission_recall"),
    ("POST", "/desk/submissions/{id}/abandoned", "submission_abandon"),
    ("GET", "/desk/held", "held_list"),
    ("GET", "/desk/held/{id}", "held_show"),
    ("POST", "/desk/held/{id}", "held_resolve"),
    ("GET", "/desk/accounts", "account_list"),
    ("GET", "/desk/accounts/new", "account_open"),
    ("POST", "/desk/accounts/new", "account_open"),
    ("GET", "/desk/accounts/{account}", "account_list"),
    ("POST", "/desk/accounts/{account}/rights", "account_right_grant"),
    ("POST", "/desk/accounts/{account}/rights/ended", "account_right_end"),
    ("POST", "/desk/accounts/{account}/rights/renewed", "account_renew"),
    // Of staff: a clerk hands a code to a person, on the page for that.
    ("POST", "/desk/accounts/{account}/recovered", "account_open"),
    ("POST", "/desk/accounts/{account}/closed", "account_close"),
    ("GET", "/desk/activations", "activation_issue"),
    ("POST", "/desk/activations", "activation_issue"),
    ("GET", "/desk/letters", "notice_undelivered"),
    ("GET", "/desk/letters/{notice}", "notice_undelivered"),
    ("POST", "/desk/letters/{notice}", "notice_served"),
    ("GET", "/desk/letters/{notice}/printed", "notice_letter"),
    ("GET", "/desk/authorities", "authority_list"),
    ("GET", "/desk/authorities/new", "authority_add"),
    ("POST", "/desk/authorities/new", "authority_add"),
    ("GET", "/desk/authorities/{code}", "authority_add"),
    ("POST", "/desk/authorities/{code}", "authority_add"),
    ("GET", "/desk/proceedings", "proceeding_work"),
    ("GET", "/desk/proceedings/{number}", "proceeding_show"),
    ("POST", "/desk/proceedings/{number}/{kind}", "objection_decide"),
    ("GET", "/desk/proceedings/{number}/attachments/{file}", "proceeding_attachment"),
    ("GET", "/desk/publications", "publication_draft"),
    ("GET", "/desk/publications/{code}", "publication_draft"),
    ("POST", "/desk/publications/{code}", "publication_confirm"),
    ("GET", "/desk/follow-ups", "follow_up_list"),
    ("POST", "/desk/follow-ups/{check}/settled", "follow_up_settle"),
    ("GET", "/desk/figures", "proceeding_figures"),
    ("GET", "/office", "session_list"),
    ("GET", "/office/overdue", "complaint_work"),
    ("GET", "/office/complaints", "complaint_work"),
    ("GET", "/office/complaints/{number}", "complaint_show"),
    ("POST", "/office/complaints/{number}/answers", "complaint_answer"),
    ("POST", "/office/complaints/{number}/comments", "complaint_comment"),
    ("GET", "/office/submissions", "submission_list"),
    ("GET", "/office/submissions/before/{number}", "submission_list"),
    ("GET", "/office/statistics", "statistics_show"),
    ("GET", "/office/statistics/{month}", "statistics_show"),
    ("GET", "/office/statistics/{month}/{table}/{format}", "statistics_export"),
    ("GET", "/office/catalogue", "catalogue_history"),
    ("GET", "/office/operations", "installation_show"),
    ("GET", "/office/contact", "contact_set"),
    ("POST", "/office/contact", "contact_set"),
    ("GET", "/office/leak", "leak_list"),
];

/// The text of every file of the programme that has routes of pages; the interface for programs and the witness have tests of their own.
fn sources() -> Vec<String> {
    let (mut texts, mut folders) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.extend((name != "api").then_some(path));
            } else if name != "witness.rs" {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

/// What stands in the brackets that were opened before it.
fn bracketed(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &text[..end.unwrap()]
}

/// Method and address of every route of a page, as the programme has it.
pub(crate) fn routes() -> Vec<(&'static str, String)> {
    let (texts, mut routes) = (sources(), Vec::new());
    let constant = |name: &str| {
        let mark = format!("const {}: &str = \"", name.rsplit("::").next().unwrap());
        let text = texts.iter().find_map(|text| text.split(&mark).nth(1));
        text.unwrap_or_else(|| panic!("no {mark}")).split('"').next().unwrap().to_owned()
    };
    for call in texts.iter().flat_map(|text| text.split(".route(").skip(1)) {
        let (address, how) = bracketed(call).split_once(',').unwrap();
        let address = address.trim();
        let address = address.strip_prefix('"').map_or_else(|| constant(address), |text| text.replace('"', ""));
        for (mark, method) in [("get(", "GET"), ("post(", "POST")] {
            if how.contains(mark) {
                routes.push((method, address.clone()));
            }
        }
    }
    routes
}

#[test]
fn every_route_names_its_operation_and_there_is_no_other() {
    let mut routes = routes();
    assert!(routes.len() > 100, "{routes:?}");
    let mut named: Vec<_> = ROUTES.iter().map(|(method, route, _)| (*method, (*route).to_owned())).collect();
    routes.sort();
    named.sort();
    let missing: Vec<_> = routes.iter().filter(|route| !named.contains(route)).collect();
    let gone: Vec<_> = named.iter().filter(|route| !routes.contains(route)).collect();
    assert!(missing.is_empty() && gone.is_empty() && routes.len() == named.len(), "missing {missing:?}, gone {gone:?}");
    for (_, route, name) in ROUTES.iter().filter(|(_, _, name)| !name.is_empty()) {
        assert!(chengxin_core::operation::operation(name).is_some(), "{route}: {name}");
    }
}
