//! How the installation fares.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::operations::InstallationView;

use super::PURPOSE;
use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/operations.html")]
struct Operations {
    f: Frame,
    of: InstallationView,
}

impl Operations {
    /// What a job does, in words; one that is not known here by its code.
    fn job(&self, kind: &str) -> String {
        let key = match kind {
            "keys_destroy" => "job-keys-destroy",
            "tidy" => "job-tidy",
            "notice_make" => "job-notice-make",
            "notice_send" => "job-notice-send",
            "notice_deliver" => "job-notice-deliver",
            "channel_code" => "job-channel-code",
            "repair_possible" => "job-repair-possible",
            "record_expire" => "job-record-expire",
            "subject_forget" => "job-subject-forget",
            "authority_late" => "job-authority-late",
            "record_reach" => "job-record-reach",
            "repair_moved" => "job-repair-moved",
            other => return other.to_owned(),
        };
        self.f.m(key)
    }
}

/// Versions, queues, the log, when it was checked and saved last.
pub(super) async fn show(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let of = shared.act(visit.duty(PURPOSE), "installation_show", |installation, caller, _| {
        installation.installation_show(caller)
    });
    Ok(html(StatusCode::OK, &Operations { f: visit.office(&shared), of: of.await? }))
}
