//! Publication of licences and penalties (双公示): what an item's law has everybody see, masked, dated, and gone when its time is over.
//!
//! There is no table of what is published. A page is a predicate on versions, proceedings and the day ([`chengxin_core::publication`]), asked when
//! somebody opens it. Whoever reads is not logged: the page is everybody's.

mod code;
mod confirm;
mod look;
mod row;
mod view;

use std::cmp::Reverse;

use chengxin_core::Caller;
use chengxin_core::catalogue::model::{Severity, Use};
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::dates::to_days;
use chengxin_core::identity::SyntheticRule;
use chengxin_core::publication::{Fate, is_public_notice};
use chengxin_core::record::{severity_to_i64, subject_kind_to_i64};
use chengxin_store::publication::{PublicCandidate, PublicOf};

pub use confirm::{PublicationConfirmed, PublicationDraft, PublicationDraftText, PublicationText};
pub use view::{
    PublicationAuthority, PublicationEntry, PublicationField, PublicationItem, PublicationLine, PublicationShown,
    PublicationTextState, PublicationWithdrawal,
};

use self::code::{CodeFor, code_of, read_code};
use self::look::Public;
use crate::reading::Reading;
use crate::{AppError, Installation};

/// Most entries of a list.
pub const MOST: usize = 50;
/// Records looked at for one part of a list, for each kind of subject: what is not shown is passed over, and no request looks at more.
const LOOKED_AT: i64 = 100;

/// Which part of which list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicationQuery {
    /// Code of the item; the first that is published where it is left out.
    pub item: Option<String>,
    /// Code of one authority.
    pub authority: Option<String>,
    /// `next` of the part before.
    pub after: Option<String>,
    /// How many, up to [`MOST`].
    pub limit: usize,
    /// Withdrawn ones too, for whoever explains them.
    pub withdrawn: bool,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationList {
    /// Which items are published today, and which of them this is.
    pub items: Vec<PublicationItem>,
    /// Offices by which a list may be narrowed.
    pub authorities: Vec<PublicationAuthority>,
    /// Entries, the newest decision first. A part may be short and still have a next one.
    pub entries: Vec<PublicationLine>,
    /// For the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Reading {
    /// What is published of an item, the newest decision first.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an item of which nothing is published; [`crate::Kind::Invalid`] for a place in the list that is none.
    ///
    /// # Source
    /// 发改办财金〔2018〕424号; 行政处罚法 art. 48.
    pub fn publication_list(&self, caller: &Caller, asked: &PublicationQuery) -> Result<PublicationList, AppError> {
        self.authorise(caller, "publication_list")?;
        self.public()?.list(asked, &self.authorities)
    }

    /// One entry by its code, or why it is not shown.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that leads nowhere.
    pub fn publication_show(&self, caller: &Caller, code: &str) -> Result<PublicationShown, AppError> {
        self.authorise(caller, "publication_show")?;
        self.public()?.show(code, &self.authorities)
    }

    fn public(&self) -> Result<Public<'_>, AppError> {
        Public::new(self.store.view(), &self.keys, &self.key_store, &self.catalogue, self.synthetic, self.today())
    }
}

impl Installation {
    /// As [`Reading::publication_list`].
    ///
    /// # Errors
    /// As there.
    pub fn publication_list(&self, caller: &Caller, asked: &PublicationQuery) -> Result<PublicationList, AppError> {
        Reading::open(self)?.publication_list(caller, asked)
    }

    /// As [`Reading::publication_show`].
    ///
    /// # Errors
    /// As there.
    pub fn publication_show(&self, caller: &Caller, code: &str) -> Result<PublicationShown, AppError> {
        Reading::open(self)?.publication_show(caller, code)
    }

    fn public(&self) -> Result<Public<'_>, AppError> {
        let made_up: SyntheticRule = self.synthetic_rule();
        Public::new(self.store.view(), &self.keys, &self.key_store, &self.catalogue, made_up, self.today())
    }
}

impl<'a> Public<'a> {
    /// Items that somebody's law has published today, in the order of the catalogue.
    fn items(&self) -> Vec<&'a ItemDef> {
        let catalogue: &'a Catalogue = self.catalogue;
        let published = |item: &&'a ItemDef| {
            is_public_notice(item) && item.use_rule(Use::Public, self.today).any(|rule| self.read(&rule.clause))
        };
        catalogue.items().iter().filter(published).collect()
    }

    fn list(
        &self,
        asked: &PublicationQuery,
        authorities: &[chengxin_store::authority::AuthorityRow],
    ) -> Result<PublicationList, AppError> {
        let items = self.items();
        let chosen = match &asked.item {
            None => items.first(),
            Some(code) => items.iter().find(|item| item.code() == code),
        };
        let Some(item) = chosen.copied() else { return Err(not_published()) };
        let after = self.place(asked.after.as_deref())?;
        let limit = asked.limit.clamp(1, MOST);
        let (candidates, more) = self.candidates(item, asked.authority.as_deref(), &after)?;
        let (mut entries, mut last) = (Vec::new(), None);
        let mut rest = candidates.into_iter().peekable();
        while let Some(candidate) = rest.next_if(|_| entries.len() < limit) {
            let at = (candidate.1, candidate.2);
            let again = last.is_some_and(|before: PublicCandidate| (before.1, before.2) == at);
            last = Some(candidate);
            // A version whose place a later one took, of another day perhaps: the record stands where the later one says.
            let Some(looked) = self.look(&at, false)?.filter(|looked| looked.row.decided_on == candidate.0) else {
                continue;
            };
            let explained = asked.withdrawn && looked.fate == Fate::Withdrawn;
            if !again && (looked.fate == Fate::Shown || explained) {
                entries.push(self.line(&looked, authorities));
            }
        }
        let next = last.filter(|_| more || rest.peek().is_some()).map(|last| self.place_of(&last));
        let items = items.iter().map(|of| PublicationItem::of(of, of.code() == item.code())).collect();
        let of = |office| PublicationAuthority::of(office, asked.authority.as_deref());
        let authorities = authorities.iter().map(of).collect();
        Ok(PublicationList { items, authorities, entries, next })
    }

    /// Records that may be shown behind a place, in the order of the list, and whether there may be more than these.
    fn candidates(
        &self,
        item: &ItemDef,
        authority: Option<&str>,
        after: &PublicCandidate,
    ) -> Result<(Vec<PublicCandidate>, bool), AppError> {
        let rules: Vec<_> = item.use_rule(Use::Public, self.today).filter(|rule| self.read(&rule.clause)).collect();
        let mut kinds: Vec<i64> =
            rules.iter().flat_map(|rule| &rule.subjects).map(|kind| subject_kind_to_i64(*kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        // An undecided severity counts as minor, and a rule without severities covers all.
        let least =
            |severities: &[Severity]| severities.iter().min().copied().filter(|least| *least != Severity::Minor);
        let severity = rules.iter().map(|rule| severity_to_i64(least(&rule.severities))).min().unwrap_or(0);
        let (mut found, mut cut) = (Vec::new(), None);
        for subject_kind in kinds {
            let of = PublicOf { item: item.code(), subject_kind, authority, severity, today: to_days(self.today) };
            let some = self.view.records_public(of, after, LOOKED_AT)?;
            if some.len() as i64 == LOOKED_AT {
                cut = cut.max(some.last().copied());
            }
            found.extend(some);
        }
        // Behind the end of what was cut off, others of that kind may come first.
        found.retain(|one| cut.is_none_or(|cut| *one >= cut));
        found.sort_unstable_by_key(|one| Reverse(*one));
        Ok((found, cut.is_some()))
    }

    fn place_of(&self, (day, subject, record): &PublicCandidate) -> String {
        format!("{day}-{}", code_of(self.keys, CodeFor::Place, &(*subject, *record)))
    }

    fn place(&self, after: Option<&str>) -> Result<PublicCandidate, AppError> {
        let Some(after) = after else { return Ok((i64::from(i32::MAX), [0xff; 16], [0xff; 16])) };
        let read = after.split_once('-').and_then(|(day, code)| {
            let (subject, record) = read_code(self.keys, CodeFor::Place, code)?;
            Some((day.parse::<i32>().ok()?.into(), subject, record))
        });
        read.ok_or_else(|| {
            AppError::invalid(
                "翻页位置无效：请从第一页重新开始",
                "there is no such place in the list: begin at its first page",
            )
        })
    }
}

fn not_published() -> AppError {
    AppError::not_found("该事项没有公示内容", "nothing of this item is published")
}

/// A code that leads nowhere.
fn no_such() -> AppError {
    AppError::not_found("没有该公示信息；请核对网址", "there is no such entry: compare the address")
}
