//! Somebody who was touched: which lines of their log say so, and which of their records those name.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::identity::DocumentKind;
use chengxin_core::operation_words::{LOG_REVEAL, act};
use chengxin_core::record::RecordId;
use chengxin_core::row::split_body;
use chengxin_core::{Caller, Say};
use chengxin_store::log::LogRow;
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::search::{Net, parsed, tells};
use crate::log::lines::{local, records_in, variant};
use crate::log::{LineChain, Touched};
use crate::record::identity_aad;
use crate::report::READER;
use crate::{AppError, Installation};

/// Documents looked through at once.
const SLICE: i64 = 2_048;

/// Most lines of one person that are listed; the rest is counted.
const LISTED: usize = 1_000;

/// Somebody who was touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeakPerson {
    /// By what the installation finds them again, 32 hexadecimal digits. Neither number nor name: a letter has those.
    pub person: String,
    /// Is a name on file, to which a letter can be written?
    pub reachable: bool,
    /// Which of their records the lines name. Item and class, nothing of what is in them.
    pub records: Vec<Touched>,
    /// The lines, the oldest first.
    pub lines: Vec<LeakLine>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub further: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A line of somebody's log that whoever is looked for left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeakLine {
    /// In which of the person's chains.
    pub chain: LineChain,
    /// Its number there, by which the person finds it.
    pub number: i64,
    /// When it was done, in Asia/Shanghai.
    pub at: String,
    /// Operation.
    pub operation: String,
    /// The same in words.
    pub act: Say,
    /// Was something told to whoever did it?
    pub told: bool,
    /// Who did it, as the person's log names them: a tag for staff.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// For which authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Ids of the records that the line names.
    pub records: Vec<String>,
}

/// Whose a chain is.
pub(super) struct Found {
    /// In whose log they are told.
    pub(super) subject: [u8; 16],
    /// Every chain of theirs.
    chains: Vec<(LineChain, [u8; 16])>,
    /// Absent once their key was destroyed.
    pub(super) identity: Option<Identity>,
}

/// Who somebody is, as a letter needs it.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) kind: DocumentKind,
    pub(super) number: String,
    pub(super) name: String,
}

/// A document of somebody who was touched, opened.
struct Owner {
    identity: Identity,
    reader: bool,
}

impl Installation {
    /// The people whose chains these are. One of whom records are held and who also read their own has two: they are told once.
    pub(super) fn leak_people(&self, touched: &BTreeSet<[u8; 16]>) -> Result<Vec<Found>, AppError> {
        let mut owners = self.leak_owners(touched)?;
        let (view, keys) = (self.store.view(), &self.keys);
        let mut people: BTreeMap<[u8; 16], Found> = BTreeMap::new();
        for chain in touched {
            let Some(Owner { identity, reader }) = owners.remove(chain) else {
                let chains = vec![(LineChain::Records, *chain)];
                people.entry(*chain).or_insert(Found { subject: *chain, chains, identity: None });
                continue;
            };
            let number = &identity.number;
            let records = view.subject_document(&keys.document_tag(identity.kind, number))?;
            let reads = view.subject_document(&keys.document_tag(identity.kind, &format!("{READER}{number}")))?;
            let chains: Vec<_> = [(LineChain::Records, records), (LineChain::Reports, reads)]
                .into_iter()
                .filter_map(|(kind, row)| Some((kind, row?.subject_id)))
                .collect();
            let subject = chains.first().map_or(*chain, |(_, subject)| *subject);
            let known = people.entry(subject).or_insert(Found { subject, chains, identity: None });
            // A reader's document has no name.
            if known.identity.is_none() || !reader {
                known.identity = Some(identity);
            }
        }
        Ok(people.into_values().collect())
    }

    /// The documents of the chains, in one walk: no index leads from a subject to its documents (`store/fanout.rs` says why).
    fn leak_owners(&self, touched: &BTreeSet<[u8; 16]>) -> Result<BTreeMap<[u8; 16], Owner>, AppError> {
        let (view, mut owners, mut after) = (self.store.view(), BTreeMap::new(), [0; 16]);
        if touched.is_empty() {
            return Ok(owners);
        }
        loop {
            let slice = view.documents_to_rotate(i64::MAX, &after, SLICE)?;
            let Some(last) = slice.last() else { return Ok(owners) };
            after = last.tag;
            for row in slice.iter().filter(|row| touched.contains(&row.subject_id)) {
                if let Some(owner) = self.leak_owner(&row.subject_id, row.kind, &row.sealed)? {
                    owners.insert(row.subject_id, owner);
                }
            }
        }
    }

    fn leak_owner(&self, subject: &[u8; 16], kind: i64, sealed: &[u8]) -> Result<Option<Owner>, AppError> {
        let Some(key) = self.keys.subject_key_kept(&self.key_store, subject)? else { return Ok(None) };
        let plain = key.identity().open(&identity_aad(subject), sealed);
        let plain = plain.map_err(|error| AppError::internal(format!("open identity: {error}")))?;
        let kind = u8::try_from(kind).ok().and_then(DocumentKind::from_u8);
        let parts = split_body(&plain);
        let (Some(kind), Some([number, name])) = (kind, parts.as_deref()) else {
            return Err(AppError::internal("a sealed identity has another form"));
        };
        let (number, reader) = match number.strip_prefix(READER) {
            Some(number) => (number, true),
            None => (*number, false),
        };
        let identity = Identity { kind, number: number.to_owned(), name: (*name).to_owned() };
        Ok(Some(Owner { identity, reader }))
    }

    /// What the net catches in somebody's chains; `None` where by now it is nothing.
    pub(super) fn leak_lines(&self, net: &Net, of: &Found) -> Result<Option<LeakPerson>, AppError> {
        let (mut lines, mut further, mut named) = (Vec::new(), 0, BTreeSet::new());
        for (kind, chain) in &of.chains {
            let mut after = 0;
            loop {
                let slice = self.store.view().log_of_subject(chain, after, super::SLICE)?;
                let Some(last) = slice.last() else { break };
                after = last.number;
                for row in &slice {
                    let Some((line, records)) = self.leak_line(net, *kind, row)? else { continue };
                    named.extend(records);
                    if lines.len() < LISTED {
                        lines.push(line);
                    } else {
                        further += 1;
                    }
                }
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let reachable = of.identity.as_ref().is_some_and(|identity| !identity.name.is_empty());
        let records = self.leak_records(&of.subject, &named)?;
        let person = HEXLOWER.encode(&of.subject);
        Ok(Some(LeakPerson { person, reachable, records, lines, further }))
    }

    fn leak_line(
        &self,
        net: &Net,
        chain: LineChain,
        row: &LogRow,
    ) -> Result<Option<(LeakLine, Vec<RecordId>)>, AppError> {
        let hidden = if row.operation == LOG_REVEAL { self.leak_revealed(row)? } else { None };
        let hit = hidden.as_ref().unwrap_or(row);
        let caller: Option<Caller> = serde_json::from_str(&hit.caller).ok();
        let Some(caller) = caller.filter(|caller| net.catches(&caller.actor, hit)) else { return Ok(None) };
        let (name, detail) = (&hit.operation, parsed(&hit.detail));
        let records = records_in(&detail);
        let line = LeakLine {
            chain,
            number: row.number,
            at: local(hit.at_us),
            operation: name.clone(),
            act: act(name, variant(name, &detail)).unwrap_or_else(|| Say::new(name, name)),
            told: tells(name) && detail.get("refused").is_none(),
            actor: caller.actor,
            role: caller.role.code().to_owned(),
            authority: caller.authority,
            records: records.iter().map(RecordId::hex).collect(),
        };
        Ok(Some((line, records)))
    }

    /// Item and class of each record, from columns: no body is opened.
    fn leak_records(&self, subject: &[u8; 16], named: &BTreeSet<RecordId>) -> Result<Vec<Touched>, AppError> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let versions = self.store.view().versions_of_subject(subject)?;
        let items: BTreeMap<RecordId, &str> =
            versions.iter().map(|v| (RecordId(v.row.record_id), v.row.item.as_str())).collect();
        let touched = |record: &RecordId| {
            let item = *items.get(record)?;
            let known = self.catalogue.item(item);
            let (item_name, class) = known.map_or_else(
                || (Say::new(item, item), Say::default()),
                |known| (Say::new(&known.item.name, &known.item.name_en), self.leak_class(&known.item.class)),
            );
            Some(Touched { record: record.hex(), item: item.to_owned(), item_name, class })
        };
        Ok(named.iter().filter_map(touched).collect())
    }

    fn leak_class(&self, value: &str) -> Say {
        let entries = self.catalogue.dictionary("item-class").map_or(&[][..], |d| d.entries());
        let en = entries.iter().find(|entry| entry.value == value).map_or(value, |entry| entry.en.as_str());
        Say::new(value, en)
    }
}
