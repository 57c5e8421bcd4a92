//! A block of the file held against the item, in a worker thread: everything that needs no database.

use chengxin_core::catalogue::forbidden::refused_at_the_door;
use chengxin_core::catalogue::model::{Polarity, SubjectKind};
use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::{severity_to_i64, subject_kind_to_i64};
use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_core::row::{Action, Facts, RowReader, Scratch, Verdict, join_body};
use chengxin_core::value::Normalised;
use chengxin_sheet::{Block, Mends, Problem, RowRef, Rows, SheetError};

use super::prints::Prints;
use super::quality::Tally;

/// A row that becomes a record, as the next step needs it.
#[derive(Debug)]
pub(super) struct GoodRow {
    /// Row of the file.
    pub(super) row: u64,
    /// Where its values lie in [`Batch::body`].
    pub(super) body: (u32, u32),
    pub(super) tag: [u8; 16],
    pub(super) name_tag: [u8; 16],
    pub(super) seed: [u8; 16],
    pub(super) digest: [u8; 16],
    pub(super) subject: SubjectKind,
    pub(super) document_kind: DocumentKind,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) severity: i64,
    pub(super) decided_on: i32,
    pub(super) display_from: i32,
    pub(super) display_until: Option<i32>,
    pub(super) source_time: Option<i64>,
    pub(super) action: Action,
    pub(super) needs_release: bool,
}

impl GoodRow {
    /// Column value of the kind of subject.
    pub(super) fn subject_kind(&self) -> i64 {
        subject_kind_to_i64(self.subject)
    }
}

/// A row held for a human.
#[derive(Debug)]
pub(super) struct HeldRow {
    pub(super) row: u64,
    pub(super) reason: HeldReason,
    /// Its exact values, joined.
    pub(super) values: Vec<u8>,
}

/// A refused row.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) row: u64,
    pub(super) faults: Vec<Fault>,
    /// What stood in its cells, joined in field order; absent where nothing may be kept.
    pub(super) cells: Option<Vec<u8>>,
}

/// What a block came to.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Its place in the file.
    pub(super) number: u64,
    /// Bytes of the file behind it.
    pub(super) bytes: u64,
    /// Its last row.
    pub(super) through_row: u64,
    pub(super) body: Vec<u8>,
    pub(super) good: Vec<GoodRow>,
    pub(super) held: Vec<HeldRow>,
    pub(super) refused: Vec<Refused>,
    pub(super) tally: Tally,
    pub(super) formulas: u64,
}

/// What every worker shares.
pub(super) struct Bench<'a> {
    pub(super) reader: RowReader<'a>,
    pub(super) prints: Prints<'a>,
    pub(super) authority: &'a str,
    /// Column of each field.
    pub(super) columns: &'a [Option<usize>],
    /// Keep what stood in refused rows? Not in a dry run.
    pub(super) keep_cells: bool,
    /// What was mended away from the file.
    pub(super) mends: &'a Mends,
}

/// Working memory of one worker.
#[derive(Default)]
pub(super) struct Desk {
    rows: Rows,
    scratch: Scratch,
}

impl Bench<'_> {
    fn item(&self) -> &ItemDef {
        self.reader.item()
    }

    /// Works through one block.
    pub(super) fn work(&self, number: u64, block: Block, desk: &mut Desk) -> Result<Batch, SheetError> {
        let mut batch = Batch { number, bytes: block.bytes(), ..Batch::default() };
        let Desk { rows, scratch } = desk;
        rows.clear();
        block.decode(rows)?;
        rows.mend(self.mends);
        self.reader.begin(scratch);
        batch.good.reserve(rows.len());
        batch.tally.counts.blank = rows.blank_rows();
        for row in rows.iter() {
            batch.through_row = row.number();
            self.row(row, scratch, &mut batch);
        }
        for (field, counts) in scratch.normalised.iter().enumerate() {
            for (kind, count) in Normalised::ALL.iter().zip(counts).filter(|(_, count)| **count > 0) {
                *batch.tally.normalised.entry(format!("{field}/{}", *kind as usize)).or_default() += u64::from(*count);
            }
        }
        batch.body = std::mem::take(&mut scratch.body);
        Ok(batch)
    }

    fn row(&self, row: RowRef<'_>, scratch: &mut Scratch, batch: &mut Batch) {
        let faults = self.faults_of_form(row, &mut batch.tally);
        batch.formulas += u64::from(row.has_formula());
        let start = scratch.body.len();
        let verdict = self.reader.read(|column| row.field(column), scratch);
        if let Verdict::Blank = verdict
            && faults.is_empty()
        {
            batch.tally.counts.blank += 1;
            return;
        }
        batch.tally.counts.rows += 1;
        let bare = scratch.faults.iter().any(|f| !f.reason.may_keep_row());
        if !bare && !faults.is_empty() {
            // What is wrong with the form of a row comes first: a shifted column makes every later complaint noise.
            scratch.body.truncate(start);
            return self.refuse(row, faults, batch);
        }
        match verdict {
            Verdict::Good(facts) => self.good(row, start, facts, scratch, batch),
            Verdict::Held(reason, _) => {
                batch.tally.counts.held += 1;
                batch.held.push(HeldRow { row: row.number(), reason, values: scratch.body.split_off(start) });
            }
            Verdict::Refused | Verdict::Blank => self.refuse(row, std::mem::take(&mut scratch.faults), batch),
        }
    }

    fn good(&self, row: RowRef<'_>, start: usize, facts: Facts, scratch: &mut Scratch, batch: &mut Batch) {
        let Facts { subject, document: Some(document), name, .. } = facts else { return };
        let item = self.item();
        let mut identity: [&[u8]; 8] = [&[]; 8];
        let fields = item.identity_fields();
        for (slot, field) in identity.iter_mut().zip(fields) {
            *slot = scratch.value(*field).as_bytes();
        }
        let seed = self.prints.seed(self.authority, item.code(), &identity[..fields.len().min(8)]);
        let person = matches!(subject, SubjectKind::Person | SubjectKind::SoleTrader);
        batch.tally.warned += u64::from(facts.warned);
        let digest = self.prints.digest(&content_parts(item, scratch, start));
        let document_kind = document.kind();
        batch.good.push(GoodRow {
            row: row.number(),
            body: (start as u32, scratch.body.len() as u32),
            tag: self.prints.tag(document_kind, document.number()),
            name_tag: self.prints.name(&name),
            seed,
            digest,
            subject,
            document_kind,
            number: Document::into_number(document),
            name,
            severity: severity_to_i64(facts.severity),
            decided_on: facts.decided_on,
            display_from: facts.display_from,
            display_until: facts.display_until,
            source_time: facts.source_time,
            action: facts.action,
            needs_release: person && item.item.polarity == Polarity::Adverse,
        });
    }

    fn refuse(&self, row: RowRef<'_>, mut faults: Vec<Fault>, batch: &mut Batch) {
        // A fault may have hidden from the reader what must not come in at all (a basis too long, a shifted column): no
        // cell of such a row is kept or told. Only a short cell can be a kind of penalty.
        let barred = |cell: &str| refused_at_the_door(cell, if cell.len() <= 60 { cell } else { "" });
        if row.fields().any(barred) {
            faults = vec![Fault { field: None, reason: Reason::PublicSecurity }];
        }
        batch.tally.counts.refused += 1;
        for fault in &faults {
            let field = fault.field.map_or(-1, i32::from);
            *batch.tally.faults.entry(format!("{field}/{}", fault.reason.code())).or_default() += 1;
        }
        let may_keep = self.keep_cells && faults.iter().all(|f| f.reason.may_keep_row());
        let cells = may_keep.then(|| join_body(self.columns.iter().map(|column| column.map_or("", |c| row.field(c)))));
        batch.refused.push(Refused { row: row.number(), faults, cells });
    }

    /// What is wrong with the row before its values are looked at.
    fn faults_of_form(&self, row: RowRef<'_>, tally: &mut Tally) -> Vec<Fault> {
        let field = |column: usize| {
            let at = self.columns.iter().position(|c| *c == Some(column - 1));
            at.and_then(|i| u16::try_from(i).ok())
        };
        let mut faults = Vec::new();
        for problem in row.problems() {
            let (field, reason) = match problem {
                Problem::TooFewCells { found, expected } | Problem::TooManyCells { found, expected } => {
                    (None, Reason::ColumnCount { found: *found, expected: *expected })
                }
                Problem::StrayQuote { column } | Problem::LongCell { column, .. } => match field(*column) {
                    Some(f) => (Some(f), Reason::TooLong { max: self.item().fields[usize::from(f)].field.max_length }),
                    None => continue,
                },
                Problem::LossyNumber { column } => match field(*column) {
                    Some(f) => (Some(f), Reason::DigitsLost),
                    None => continue,
                },
                Problem::ErrorCell { column, .. } | Problem::NestedValue { column } => match field(*column) {
                    Some(f) => (Some(f), Reason::NotAValue),
                    None => continue,
                },
                Problem::Mojibake { column } => match field(*column) {
                    Some(f) => (Some(f), Reason::Mojibake),
                    None => continue,
                },
                Problem::BadJson { .. } | Problem::RepeatedKey { .. } => (None, Reason::Json),
                // The value of an unlisted key was neither read nor stored; the row itself is sound.
                Problem::UnknownKey { .. } => {
                    tally.unlisted += 1;
                    continue;
                }
                _ => (None, Reason::NotAValue),
            };
            faults.push(Fault { field, reason });
        }
        faults
    }
}

/// The values of the row whose body begins at `start`, without those that say nothing about the record: source time and
/// row action. Equal ones are equal content.
pub(crate) fn content_parts<'s>(item: &ItemDef, scratch: &'s Scratch, start: usize) -> [&'s [u8]; 3] {
    let body = &scratch.body[start..];
    let mut cuts: [(usize, usize); 2] = [(body.len(), body.len()); 2];
    for (cut, role) in cuts.iter_mut().zip([FieldRole::SourceTime, FieldRole::RowAction]) {
        if let Some((from, to)) = item.index_of(role).map(|field| scratch.span(field)) {
            // With the length byte before the value: it differs where the same time is written another way.
            *cut = ((from - start).saturating_sub(1), to - start);
        }
    }
    cuts.sort_unstable();
    [&body[..cuts[0].0], &body[cuts[0].1..cuts[1].0], &body[cuts[1].1..]]
}
