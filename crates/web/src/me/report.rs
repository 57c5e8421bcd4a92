//! One's own report: asked for, handed over once, withdrawn.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_core::dates::shanghai_date;
use chengxin_core::{Lang, Say};
use data_encoding::BASE64;
use jiff::ToSpan as _;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/reports.html")]
struct Ask {
    f: Frame,
    domains: Vec<Say>,
    typed: Typed,
    faults: Faults,
    withdrawing: Faults,
    withdrawn: bool,
}

impl Ask {
    fn periods(&self) -> Vec<(&'static str, String)> {
        [("all", "report-period-all"), ("1", "report-period-one"), ("3", "report-period-three")]
            .map(|(value, key)| (value, self.f.m(key)))
            .into()
    }

    fn choices(&self) -> Vec<(String, String)> {
        self.domains.iter().map(|domain| (domain.zh.clone(), self.f.say(domain))).collect()
    }

    fn languages(&self) -> Vec<(&'static str, String)> {
        [("zh", "report-in-chinese"), ("en", "report-in-both")].map(|(value, key)| (value, self.f.m(key))).into()
    }
}

#[derive(Template)]
#[template(path = "me/report_issued.html")]
struct Issued {
    f: Frame,
    report: IssuedReport,
}

impl Issued {
    /// A file as an address of its own: it is stored nowhere, and no other page can ask for it again.
    fn file(&self, kind: &str, bytes: &[u8]) -> String {
        format!("data:{kind};base64,{}", BASE64.encode(bytes))
    }
}

async fn asked(shared: &Shared, visit: &Visit, ask: impl FnOnce(Ask) -> Ask) -> Result<Response, Problem> {
    // Who may not issue one is told before they type.
    shared.act_own(visit.own(), "report_issue", |_, _, _| Ok(())).await?;
    let domains = shared.read_public("查阅规则", |reading, caller| reading.domain_list(caller)).await?;
    let (f, typed) = (visit.me(shared), Typed::with(&[("period", "all"), ("lang", "zh")]));
    let (faults, withdrawing) = (Faults::default(), Faults::default());
    let page = ask(Ask { f, domains, typed, faults, withdrawing, withdrawn: false });
    let fine = !page.faults.any() && !page.withdrawing.any();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(keep(html(status, &page)))
}

/// The form.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, |page| page).await
}

/// Issues it. Its codes and files are on this page and nowhere else.
pub(super) async fn issue(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let f = visit.me(&shared);
    let kept = typed.clone();
    let issued =
        shared.act_own_apart(visit.own(), "report_issue", move |installation, caller, (document_kind, number)| {
            let today = shanghai_date(installation.now_us());
            let years = typed.get("period").parse::<i8>().ok();
            let from = years.and_then(|years| today.checked_sub(i32::from(years).years()).ok());
            let recipient = Some(typed.own("recipient")).filter(|name| !name.is_empty());
            let request = ReportRequest {
                document_kind,
                number,
                name: None,
                recipient: recipient.unwrap_or_else(|| "本人".to_owned()),
                domains: typed.all("domain").into_iter().collect(),
                from,
                to: None,
                lang: Lang::from_tag(typed.get("lang")),
            };
            installation.report_issue(caller, &request)
        });
    match issued.await {
        Ok(report) => Ok(html(StatusCode::OK, &Issued { f: f.below("/me/reports", "me-reports"), report })),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let faults = Faults::refused(&f, &problem);
            asked(&shared, &visit, |page| Ask { faults, typed: kept, ..page }).await
        }
        Err(problem) => Err(problem),
    }
}

/// Withdraws one by its code.
pub(super) async fn withdraw(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let f = visit.me(&shared);
    let mut faults = Faults::default();
    let code = typed.needed(&f, "report", &mut faults);
    if !faults.any() {
        let withdrawn = shared.act(visit.own(), "report_withdraw", move |installation, caller, _| {
            installation.report_withdraw(caller, &code)
        });
        match withdrawn.await {
            Ok(()) => return asked(&shared, &visit, |page| Ask { withdrawn: true, ..page }).await,
            Err(problem) if problem.status == StatusCode::UNAUTHORIZED => return Err(problem),
            Err(problem) => faults = Faults::beside_field(&f, "report", &problem),
        }
    }
    asked(&shared, &visit, |page| {
        let mut kept = page.typed.clone();
        kept.put("report", typed.own("report"));
        Ask { withdrawing: faults, typed: kept, ..page }
    })
    .await
}
