//! Does somebody act for a person? Asked of staff, who keep out of such a person's affairs.

use chengxin_core::dates::day_start_us;
use chengxin_core::mandate::Stage;
use chengxin_store::View;
use jiff::civil::Date;

use crate::AppError;
use crate::keyring::Keyring;

/// Does `actor` hold a mandate of `mandator` on a day, begun or not? Both are readers of their own records. What it rests on is not looked at: recusal
/// asks whose side somebody is on, and not whether they could act this minute.
pub(crate) fn holds_one(
    view: View<'_>,
    keys: &Keyring,
    actor: &[u8; 16],
    mandator: &[u8; 16],
    today: Date,
) -> Result<bool, AppError> {
    for id in view.mandates_between(actor, mandator)? {
        let row = view.mandate(mandator, &id)?.filter(|row| {
            row.actor_id.as_ref() == Some(actor)
                && row.stage == Stage::Accepted as i64
                && day_start_us(today) < row.until_us
                && keys.is_mandate(row)
        });
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
