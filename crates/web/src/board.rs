//! How authorities send, for everybody: shares in the order of codes, and no rank.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::authority::AuthorityRecords;
use chengxin_app::statistics::Board;

use crate::form::{Frame, Wish, html};
use crate::problem::Problem;
use crate::state::Shared;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    f: Frame,
    board: Board,
}

/// The board of the last month that is over.
pub(crate) async fn show(State(shared): State<Shared>, wish: Wish) -> Result<Response, Problem> {
    let board = shared.read_public("查阅报送质量", |reading, caller| reading.statistics_board(caller)).await?;
    Ok(html(StatusCode::OK, &BoardPage { f: Frame::new(&shared, &wish), board }))
}

#[derive(Template)]
#[template(path = "authority.html")]
struct AboutAuthority {
    f: Frame,
    known: AuthorityRecords,
}

/// What is on record about an authority itself, as far as its items' law makes it public.
pub(crate) async fn about(
    State(shared): State<Shared>,
    wish: Wish,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let known = shared
        .read_public("查阅机关自身的记录", move |reading, caller| reading.authority_records(caller, &code))
        .await?;
    let f = Frame::new(&shared, &wish).below("/quality", "nav-quality");
    Ok(html(StatusCode::OK, &AboutAuthority { f, known }))
}
