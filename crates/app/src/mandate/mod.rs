//! Mandates: who acts for whom, and how an act finds out whether one holds.
//!
//! A person grants one to somebody whose number they name; it lies there, with a one-time code, until that very person accepts it from an account
//! that a window bound to them. Typing a number makes nobody known, and its answer does not tell whether somebody is. What rests on a document (a
//! guardian, a legal representative, a power of attorney of somebody without an account) a window records, after comparing both documents.
//! An organisation's agent is named by its recorded legal representative, and stands and falls with that one.
//!
//! A mandate lies with the one for whom somebody acts, as a *reader* of their own records (`report/gather.rs`), sealed under their key. As a consent's
//! its row carries a seal and names the entry that wrote it last. Nothing is taken on the word of whoever acts: a request names a mandate, which is
//! looked at then (`acting.rs`), and again in the transaction that writes the log (`journal.rs`). Whatever is wrong with it, they read one sentence.

mod accept;
mod act;
mod acting;
mod change;
mod held;
mod keys;
mod list;
mod offer;
mod record;
mod row;
mod words;

pub(crate) use acting::{Looked, Wanted, deputised, look, no_mandate, tried, unchanged, unlapsed};
pub use change::Revoked;
pub(crate) use held::holds_one;
pub(crate) use list::deputies;
pub use list::{MandateLine, MandateSide, MandateUseLine, PartyLine};
pub use offer::{MandateOffer, OfferedMandate};
pub use record::{MandateEnding, MandateRecord};

use chengxin_core::identity::Document;
use chengxin_core::mandate::MandateNumber;
use chengxin_seal::AeadKey;
use chengxin_store::KeyStore;

use crate::keyring::Keyring;
use crate::report::reader;
use crate::{AppError, Installation};

/// Most mandates that are listed of one person, those that stand first: the rest are of the past, and in the log.
const MOST: i64 = 500;

/// Somebody for whom others act, as their mandates are kept.
struct Keeper {
    subject: [u8; 16],
    key: AeadKey,
}

impl Keeper {
    /// The subject's, unless its key was destroyed.
    fn of(keys: &Keyring, key_store: &KeyStore, subject: [u8; 16]) -> Result<Option<Self>, AppError> {
        let key = keys.subject_key_kept(key_store, &subject)?;
        Ok(key.map(|key| Self { subject, key: key.mandates() }))
    }
}

impl Installation {
    /// Whoever keeps mandates under a subject that was just found or made.
    fn keeper(&self, subject: [u8; 16]) -> Result<Keeper, AppError> {
        Ok(Keeper { subject, key: self.keys.subject_key(&self.key_store, &subject)?.mandates() })
    }

    /// The same for the holder of a document, if they are known as a reader and their key was not destroyed.
    fn keeper_of(&self, document: &Document) -> Result<Option<Keeper>, AppError> {
        match reader(self.store.view(), &self.keys, document)? {
            Some(subject) => Keeper::of(&self.keys, &self.key_store, subject),
            None => Ok(None),
        }
    }
}

/// Reads the number of a mandate.
fn mandate_number(text: &str) -> Result<MandateNumber, AppError> {
    MandateNumber::parse(text).ok_or_else(|| {
        AppError::invalid(
            "委托编号有误，应形如 WT20261122-XXXX-XXXX-XXXX-XX；请核对，或运行 chengxin mandate list 查看",
            "this is no number of a mandate, which looks like WT20261122-XXXX-XXXX-XXXX-XX: compare it, or see chengxin mandate list",
        )
    })
}

/// To a person, of a mandate that is none of theirs.
fn no_such_mandate() -> AppError {
    AppError::not_found(
        "您没有此编号的委托；运行 chengxin mandate list 可查看全部委托",
        "you have no mandate of this number: chengxin mandate list shows them all",
    )
}
