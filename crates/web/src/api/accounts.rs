//! Accounts: beginning one with a code that was handed over, and administering those of staff.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::account::{AccountLine, Begin, Enrolment, NewAccount, OneTimeCode, Recovering, Redeem, Redeemed};
use chengxin_app::{AppError, Installation};
use chengxin_core::{Caller, Role, Say};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use super::sessions::RightBody;
use crate::problem::Problem;
use crate::state::Shared;

/// A code that was handed over.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CodeBody {
    /// The code, as it was typed, or the address that it stands in.
    code: String,
}

/// What a code leads to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnrolmentBody {
    /// Login name; absent where its holder chooses it.
    login: Option<String>,
    /// Name of the person, where it is an account of staff.
    name: Option<String>,
    /// Does its holder state their name?
    asks_name: bool,
    /// Must an authenticator app be enrolled?
    needs_second: bool,
    /// Is it an account that is being recovered?
    recovers: bool,
    /// To be sent back with the choice.
    enrolment: String,
    /// The app's secret, in base 32, to be typed.
    totp_secret: String,
    /// The same as an address, for a QR code.
    totp_uri: String,
}

/// What its holder chooses.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BeginBody {
    /// The code, as it was typed, or the address that it stands in.
    code: String,
    /// Login name, where none is set.
    login: Option<String>,
    /// Name, where it is asked for.
    name: Option<String>,
    /// Password.
    password: String,
    /// As the code's enrolment had it; left out where no app is enrolled.
    #[serde(default)]
    enrolment: String,
    /// Digits of the authenticator app that was enrolled.
    totp: Option<String>,
}

impl BeginBody {
    fn read(self, source: String) -> Begin {
        let Self { code, login, name, password, enrolment, totp } = self;
        Begin { code, login, name, password, enrolment, totp, source }
    }
}

/// An account that can be signed in to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BegunBody {
    /// Login name.
    login: String,
    /// Recovery codes; shown once and never again.
    recovery_codes: Vec<String>,
}

/// See what a code leads to; uses nothing up.
#[utoipa::path(post, path = "/accounts/enrolments", operation_id = "account_enrol", tag = "accounts", security(()),
    request_body = CodeBody, responses((status = 200, body = EnrolmentBody), Refusals))]
pub(crate) async fn account_enrol(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<CodeBody>,
) -> Result<Response, Problem> {
    let enrol = shared.act_public("启用账户", move |installation, caller| {
        installation.account_enrol(caller, &body.code, &asker.source)
    });
    let Enrolment { login, name, asks_name, needs_second, recovers, enrolment, totp_secret, totp_uri } = enrol.await?;
    Ok(json(EnrolmentBody { login, name, asks_name, needs_second, recovers, enrolment, totp_secret, totp_uri }))
}

/// Begin an account of staff, or one that is recovered, with its one-time code.
#[utoipa::path(post, path = "/accounts/begun", operation_id = "account_begin", tag = "accounts", security(()),
    request_body = BeginBody, responses((status = 201, body = BegunBody), Refusals))]
pub(crate) async fn account_begin(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<BeginBody>,
) -> Result<Response, Problem> {
    let begin = body.read(asker.source);
    let begun =
        shared.act_public("启用账户", move |installation, caller| installation.account_begin(caller, &begin)).await?;
    let answer = BegunBody { login: begun.login, recovery_codes: begun.recovery_codes };
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// Begin an account of one's own with the activation code that a window handed over.
#[utoipa::path(post, path = "/activations/redeemed", operation_id = "activation_redeem", tag = "accounts", security(()),
    request_body = BeginBody, responses((status = 201, body = BegunBody), Refusals))]
pub(crate) async fn activation_redeem(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<BeginBody>,
) -> Result<Response, Problem> {
    let begin = body.read(asker.source);
    let redeem = move |installation: &mut Installation, caller: &Caller| match installation
        .activation_redeem(caller, &Redeem::New(&begin))?
    {
        Redeemed::Begun(begun) => Ok(begun),
        Redeemed::Bound => Err(AppError::internal("a new account was not begun")),
    };
    let begun = shared.act_public("启用账户", redeem).await?;
    let answer = BegunBody { login: begun.login, recovery_codes: begun.recovery_codes };
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// A one-time code to be handed over; shown once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneTimeCodeBody {
    /// The code, in groups.
    code: String,
    /// Address at which it is used.
    link: String,
    /// From when on it is worth nothing, microseconds UTC.
    expires_us: i64,
}

fn handed_over(code: &OneTimeCode) -> Response {
    let answer = OneTimeCodeBody { code: code.code.grouped(), link: code.link.clone(), expires_us: code.expires_us };
    (StatusCode::CREATED, json(answer)).into_response()
}

/// A person at a window, and how it was seen that it is they.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComparedBody {
    /// Their document.
    document: DocumentBody,
    /// What was compared in person.
    evidence: String,
}

/// Hand over an activation code after a document was compared in person.
#[utoipa::path(post, path = "/activations", operation_id = "activation_issue", tag = "accounts",
    request_body = ComparedBody, responses((status = 201, body = OneTimeCodeBody), Refusals))]
pub(crate) async fn activation_issue(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ComparedBody>,
) -> Result<Response, Problem> {
    let (kind, number) = body.document.read()?;
    let issued = shared.act(asker, "activation_issue", move |installation, caller, _| {
        installation.activation_issue(caller, kind, &number, &body.evidence)
    });
    issued.await.map(|code| handed_over(&code))
}

/// Whose account is recovered, and how it was checked who it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecoveryBody {
    /// Of a member of staff: the login name.
    login: Option<String>,
    /// Of a person: the document that was compared.
    document: Option<DocumentBody>,
    /// How it was checked.
    evidence: String,
}

/// Hand over a code by which an account gets a new password and second factor.
#[utoipa::path(post, path = "/recoveries", operation_id = "recovery_issue", tag = "accounts",
    request_body = RecoveryBody, responses((status = 201, body = OneTimeCodeBody), Refusals))]
pub(crate) async fn recovery_issue(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<RecoveryBody>,
) -> Result<Response, Problem> {
    let document = body.document.as_ref().map(DocumentBody::read).transpose()?;
    let issued = shared.act(asker, "recovery_issue", move |installation, caller, _| {
        let whose = match (&document, &body.login) {
            (Some((kind, number)), None) => Recovering::Person(*kind, number),
            (None, Some(login)) => Recovering::Staff(login),
            _ => return Err(AppError::invalid("login 与 document 须且只须填写一项", "give either login or document")),
        };
        installation.recovery_issue(caller, whose, &body.evidence)
    });
    issued.await.map(|code| handed_over(&code))
}

/// A right.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WantedRight {
    /// Role.
    role: String,
    /// Authority for which they act, where the role serves one.
    authority: Option<String>,
}

impl WantedRight {
    fn role(&self) -> Result<Role, Problem> {
        role_named(&self.role)
    }
}

/// The role that a body names by its code.
pub(super) fn role_named(code: &str) -> Result<Role, Problem> {
    Role::from_code(code).filter(|role| *role != Role::Public).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.into_iter().filter(|role| *role != Role::Public).map(Role::code).collect();
        let known = known.join("、");
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Say::new(format!("角色（role）须为下列之一：{known}"), format!("the role is one of: {known}")),
        )
    })
}

/// The right that is taken.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RightQuery {
    /// Role.
    role: String,
    /// Authority for which they act, where the role serves one.
    authority: Option<String>,
}

/// An account for a member of staff.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccountNewBody {
    /// Login name.
    login: String,
    /// Name of the person.
    name: String,
    /// Rights to begin with.
    rights: Vec<WantedRight>,
}

/// One account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountBody {
    /// Login name.
    login: String,
    /// Name of the person.
    name: String,
    /// `opened`, `in_use` or `closed`.
    state: &'static str,
    /// Rights that hold.
    rights: Vec<RightBody>,
    /// When it was opened, microseconds UTC.
    opened_us: i64,
}

impl From<AccountLine> for AccountBody {
    fn from(line: AccountLine) -> Self {
        let rights = line.rights.iter().map(RightBody::of).collect();
        Self { login: line.login, name: line.name, state: line.state, rights, opened_us: line.opened_us }
    }
}

/// List accounts of staff.
#[utoipa::path(get, path = "/accounts", operation_id = "account_list", tag = "accounts", params(Paging),
    responses((status = 200, body = Page<AccountBody>), Refusals))]
pub(crate) async fn account_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let lines = shared.act(asker, "account_list", |installation, caller, _| installation.account_list(caller)).await?;
    let lines: Vec<AccountBody> = lines.into_iter().map(AccountBody::from).collect();
    Ok(json(Page::of(lines, &paging, |line| line.login.clone())?))
}

/// Open an account for a member of staff; its one-time code is handed to them.
#[utoipa::path(post, path = "/accounts", operation_id = "account_open", tag = "accounts",
    request_body = AccountNewBody, responses((status = 201, body = OneTimeCodeBody), Refusals))]
pub(crate) async fn account_open(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<AccountNewBody>,
) -> Result<Response, Problem> {
    let rights = body.rights.into_iter().map(|right| Ok((right.role()?, right.authority)));
    let new = NewAccount { login: body.login, name: body.name, rights: rights.collect::<Result<_, Problem>>()? };
    let opened =
        shared.act(asker, "account_open", move |installation, caller, _| installation.account_open(caller, &new));
    opened.await.map(|opened| handed_over(&opened.code))
}

/// Close an account; its sessions end.
#[utoipa::path(delete, path = "/accounts/{login}", operation_id = "account_close", tag = "accounts",
    params(("login" = String, Path, description = "login name")), responses((status = 204), Refusals))]
pub(crate) async fn account_close(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(login): InPath<String>,
) -> Result<StatusCode, Problem> {
    let closed =
        shared.act(asker, "account_close", move |installation, caller, _| installation.account_close(caller, &login));
    closed.await.map(|()| StatusCode::NO_CONTENT)
}

/// Give an account a right, or wake one that sleeps.
#[utoipa::path(put, path = "/accounts/{login}/rights", operation_id = "account_right_grant", tag = "accounts",
    params(("login" = String, Path, description = "login name")),
    request_body = WantedRight, responses((status = 204), Refusals))]
pub(crate) async fn account_right_grant(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(login): InPath<String>,
    Body(right): Body<WantedRight>,
) -> Result<StatusCode, Problem> {
    let role = right.role()?;
    let granted = shared.act(asker, "account_right_grant", move |installation, caller, _| {
        installation.account_right_grant(caller, &login, role, right.authority.as_deref())
    });
    granted.await.map(|()| StatusCode::NO_CONTENT)
}

/// Wake a right that sleeps because it was not used.
#[utoipa::path(post, path = "/accounts/{login}/rights/renewed", operation_id = "account_renew", tag = "accounts",
    params(("login" = String, Path, description = "login name")),
    request_body = WantedRight, responses((status = 204), Refusals))]
pub(crate) async fn account_renew(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(login): InPath<String>,
    Body(right): Body<WantedRight>,
) -> Result<StatusCode, Problem> {
    let role = right.role()?;
    let renewed = shared.act(asker, "account_renew", move |installation, caller, _| {
        installation.account_renew(caller, &login, role, right.authority.as_deref())
    });
    renewed.await.map(|()| StatusCode::NO_CONTENT)
}

/// Take a right from an account.
#[utoipa::path(delete, path = "/accounts/{login}/rights", operation_id = "account_right_end", tag = "accounts",
    params(("login" = String, Path, description = "login name"), RightQuery), responses((status = 204), Refusals))]
pub(crate) async fn account_right_end(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(login): InPath<String>,
    InQuery(RightQuery { role, authority }): InQuery<RightQuery>,
) -> Result<StatusCode, Problem> {
    let right = WantedRight { role, authority };
    let role = right.role()?;
    let ended = shared.act(asker, "account_right_end", move |installation, caller, _| {
        installation.account_right_end(caller, &login, role, right.authority.as_deref())
    });
    ended.await.map(|()| StatusCode::NO_CONTENT)
}
