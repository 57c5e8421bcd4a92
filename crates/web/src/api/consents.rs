//! What a person allows: standing consents, one-time codes for the desk, and signed paper recorded there.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::Installation;
use chengxin_app::consent::{
    ConsentCodeRequest, ConsentLine, ConsentNarrowing, ConsentReceipt, ConsentRequest, Granted, RecipientAsked,
};
use chengxin_app::reading::Reading;
use chengxin_core::{Lang, Say};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{Body, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// To whom, for what, and how far.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsentBody {
    /// To an authority, by its unified social credit code; or `organisation`.
    authority: Option<String>,
    /// To another organisation, by its name.
    organisation: Option<String>,
    /// For what, in words; may be left out where a matter is named.
    #[serde(default)]
    purpose: String,
    /// Code of a matter of the catalogue that is asked on consent.
    matter: Option<String>,
    /// Classes of items; those of the matter, where none is named.
    #[serde(default)]
    classes: Vec<String>,
    /// First day; today, where it is left out.
    from: Option<Date>,
    /// First day on which it no longer holds.
    until: Date,
    /// How often it may be used.
    uses: i64,
}

/// A receipt, and the same signed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GrantedBody {
    /// What it says.
    receipt: ConsentReceipt,
    /// The same as JSON of a signed envelope.
    signed: String,
}

impl From<Granted> for GrantedBody {
    fn from(granted: Granted) -> Self {
        Self { receipt: granted.receipt, signed: granted.json }
    }
}

/// Every consent that one gave, with each use, newest first.
#[utoipa::path(get, path = "/me/consents", operation_id = "consent_list", tag = "consents", params(Paging),
    responses((status = 200, body = Page<ConsentLine>), Refusals))]
pub(crate) async fn consent_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.disclose_own(asker, "consent_list", Reading::consent_list, Installation::consent_list);
    Ok(json(Page::of(listed.await?, &paging, |line: &ConsentLine| line.number.clone())?))
}

/// Grant a consent.
#[utoipa::path(post, path = "/me/consents", operation_id = "consent_grant", tag = "consents",
    request_body = ConsentBody, responses((status = 201, body = GrantedBody), Refusals))]
pub(crate) async fn consent_grant(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ConsentBody>,
) -> Result<Response, Problem> {
    let ConsentBody { authority, organisation, purpose, matter, classes, from, until, uses } = body;
    let recipient = match (authority, organisation) {
        (Some(code), None) => RecipientAsked::Authority(code),
        (None, Some(name)) => RecipientAsked::Organisation(name),
        _ => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                Say::new("authority 与 organisation 须且只须填写一项", "give either authority or organisation"),
            ));
        }
    };
    let granted = shared.act_own(asker, "consent_grant", move |installation, caller, (kind, number)| {
        let request = ConsentRequest { kind, number, recipient, purpose, matter, classes, from, until, uses };
        installation.consent_grant(caller, &request)
    });
    Ok((StatusCode::CREATED, json(GrantedBody::from(granted.await?))).into_response())
}

/// What is to become less; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NarrowingBody {
    /// First day on which it no longer holds.
    until: Option<Date>,
    /// Uses in all, those that were made included.
    uses: Option<i64>,
    /// The classes that are left.
    classes: Option<Vec<String>>,
}

/// Narrow a consent; it never widens.
#[utoipa::path(post, path = "/me/consents/{receipt}/narrowed", operation_id = "consent_narrow", tag = "consents",
    params(("receipt" = String, Path, description = "number of the receipt")),
    request_body = NarrowingBody, responses((status = 200, body = GrantedBody), Refusals))]
pub(crate) async fn consent_narrow(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(receipt): InPath<String>,
    Body(body): Body<NarrowingBody>,
) -> Result<Response, Problem> {
    let by = ConsentNarrowing { until: body.until, uses: body.uses, classes: body.classes };
    let narrowed = shared.act_own(asker, "consent_narrow", move |installation, caller, (kind, number)| {
        installation.consent_narrow(caller, kind, &number, &receipt, &by)
    });
    Ok(json(GrantedBody::from(narrowed.await?)))
}

/// Withdraw a consent, with effect from the next check.
#[utoipa::path(post, path = "/me/consents/{receipt}/withdrawn", operation_id = "consent_withdraw", tag = "consents",
    params(("receipt" = String, Path, description = "number of the receipt")),
    responses((status = 200, body = ConsentLine), Refusals))]
pub(crate) async fn consent_withdraw(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(receipt): InPath<String>,
) -> Result<Response, Problem> {
    let withdrawn = shared.act_own(asker, "consent_withdraw", move |installation, caller, (kind, number)| {
        installation.consent_withdraw(caller, kind, &number, &receipt)
    });
    withdrawn.await.map(json)
}

/// Say that a consent was not given freely: sharing on it stops, and whoever asks is not told why.
#[utoipa::path(post, path = "/me/consents/{receipt}/disowned", operation_id = "consent_disown", tag = "consents",
    params(("receipt" = String, Path, description = "number of the receipt")),
    responses((status = 200, body = ConsentLine), Refusals))]
pub(crate) async fn consent_disown(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(receipt): InPath<String>,
) -> Result<Response, Problem> {
    let disowned = shared.act_own(asker, "consent_disown", move |installation, caller, (kind, number)| {
        installation.consent_disown(caller, kind, &number, &receipt)
    });
    disowned.await.map(json)
}

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReceiptForm {
    /// `json`, signed, or `pdf` to show and to print; `json` where it is left out.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Language of the paper beside Chinese: `en` adds English.
    lang: Option<String>,
}

/// Of what kind an answer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// JSON.
    #[default]
    Json,
    /// PDF/A, with the number of the receipt as a QR code.
    Pdf,
}

/// A file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only described: its bytes are sent as they are")]
pub(crate) struct Pdf(Vec<u8>);

/// The receipt of a consent once more, as it stands now.
#[utoipa::path(get, path = "/me/consents/{receipt}/receipt", operation_id = "consent_receipt", tag = "consents",
    params(("receipt" = String, Path, description = "number of the receipt"), ReceiptForm),
    responses((status = 200, description = "The receipt", content((GrantedBody = "application/json"), (Pdf = "application/pdf"))), Refusals))]
pub(crate) async fn consent_receipt(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(receipt): InPath<String>,
    InQuery(form): InQuery<ReceiptForm>,
) -> Result<Response, Problem> {
    let granted = shared.act_own(asker, "consent_receipt", move |installation, caller, (kind, number)| {
        installation.consent_receipt(caller, kind, &number, &receipt)
    });
    let granted = granted.await?;
    match form.format {
        Format::Json => Ok(json(GrantedBody::from(granted))),
        Format::Pdf => {
            let lang = if form.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh };
            let pdf = shared.print(move || granted.pdf(lang)).await?;
            Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
        }
    }
}

/// At which desk, in which matter.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CodeWantedBody {
    /// Code of the matter.
    matter: String,
    /// Unified social credit code of the authority at whose desk one stands.
    authority: String,
}

/// A one-time code, to be shown at the desk; told once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentCodeBody {
    /// The code, in groups.
    code: String,
    /// The same as a QR code: an SVG image.
    qr_svg: String,
    /// From when on it is worth nothing, microseconds UTC.
    expires_us: i64,
    /// The receipt of what it grants, without the code.
    granted: GrantedBody,
}

/// Make a code that grants one check, in its matter, at its desk.
#[utoipa::path(post, path = "/me/consent-codes", operation_id = "consent_code", tag = "consents",
    request_body = CodeWantedBody, responses((status = 201, body = ConsentCodeBody), Refusals))]
pub(crate) async fn consent_code(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<CodeWantedBody>,
) -> Result<Response, Problem> {
    let issued = shared.act_own(asker, "consent_code", move |installation, caller, (kind, number)| {
        let CodeWantedBody { matter, authority } = body;
        installation.consent_code(caller, &ConsentCodeRequest { kind, number, matter, authority })
    });
    let issued = issued.await?;
    let (code, expires_us, qr_svg) = (issued.code.grouped(), issued.expires_us, issued.qr_svg()?);
    Ok((StatusCode::CREATED, json(ConsentCodeBody { code, expires_us, qr_svg, granted: issued.granted.into() }))
        .into_response())
}
