//! Many rows at once.

use super::Server;
use super::live::Copying;
use super::trouble::{Failure, Trouble};
use crate::value::Value;
use crate::{Statement, StoreError};

/// Rows from which on a COPY is worth its two round trips.
const FEW: usize = 8;
/// Bytes of a COPY handed over at once.
const PIECE: usize = 256 * 1024;
/// Rows in one statement that says what happens on a conflict.
const BLOCK: usize = 128;
/// Signature, no flags, no extension: how the binary format of COPY begins.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// How it ends.
const TAIL: [u8; 2] = (-1i16).to_be_bytes();

impl Server {
    /// Many rows through one `INSERT`. `rows` may not ask the same connection anything.
    pub(crate) fn load<'v, R: AsRef<[Value<'v>]>>(
        &self,
        statement: &Statement,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), StoreError> {
        let mut rows = rows.into_iter();
        let Some(copy) = statement.copy() else { return self.load_blocks(statement, rows) };
        let first: Vec<R> = rows.by_ref().take(FEW).collect();
        if first.len() < FEW {
            return first.iter().try_for_each(|row| self.execute(statement, row.as_ref()).map(drop));
        }
        let mut pieces = Pieces { rows: first.into_iter().chain(rows), begun: false, ended: false };
        let copied = self.with_live(|live| {
            live.map_or(Err(Copying::Failed(Failure::Closed)), |live| live.copy(copy, || pieces.next()))
        })?;
        self.copied(statement, copied)
    }

    /// The same of rows that come in batches, some time apart: one COPY takes them all, and the server works on one batch
    /// while the next is made. `next` may not ask the same connection anything.
    pub(crate) fn load_batches<B>(
        &self,
        statement: &Statement,
        mut next: impl FnMut() -> Option<B>,
        encode_all: impl Fn(&B, &mut dyn FnMut(&[Value<'_>])),
    ) -> Result<(), StoreError> {
        let Some(copy) = statement.copy() else { return Err(StoreError::Value(statement.name.into())) };
        let (mut begun, mut ended) = (false, false);
        let mut piece = || {
            if ended {
                return None;
            }
            let mut piece = Vec::new();
            if !std::mem::replace(&mut begun, true) {
                piece.extend_from_slice(HEAD);
            }
            let mut fits = true;
            match next() {
                Some(batch) => encode_all(&batch, &mut |row| fits &= encode(row, &mut piece).is_some()),
                None => {
                    ended = true;
                    piece.extend_from_slice(&TAIL);
                }
            }
            Some(if fits { Ok(piece) } else { Err(Copying::Unfit) })
        };
        let copied = self
            .with_live(|live| live.map_or(Err(Copying::Failed(Failure::Closed)), |live| live.copy(copy, &mut piece)))?;
        self.copied(statement, copied)
    }

    fn copied(&self, statement: &Statement, copied: Result<(), Copying>) -> Result<(), StoreError> {
        copied.map_err(|error| match error {
            Copying::Failed(failure) => self.noted(failure),
            Copying::Unfit => {
                self.note(Trouble::Lasting);
                StoreError::Value(statement.name.into())
            }
        })
    }

    /// The same for an `INSERT` that says what happens on a conflict: many rows a statement. Rows of one call that conflict
    /// with each other are an error here, which they are not on SQLite.
    fn load_blocks<'v, R: AsRef<[Value<'v>]>>(
        &self,
        statement: &Statement,
        rows: impl Iterator<Item = R>,
    ) -> Result<(), StoreError> {
        let rows: Vec<R> = rows.collect();
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        let (blocks, rest) = rows.as_chunks::<BLOCK>();
        if !blocks.is_empty() {
            let blocks: Vec<Vec<Value<'v>>> = blocks
                .iter()
                .map(|block| block.iter().flat_map(|row| row.as_ref().iter().copied()).collect())
                .collect();
            let text = many(statement.text, BLOCK, width).ok_or_else(|| StoreError::Value(statement.name.into()))?;
            let text = format!("/* {} */ {text}", statement.name);
            self.ask(|live| live.execute_blocks(&text, blocks.iter().map(Vec::as_slice)))?;
        }
        rest.iter().try_for_each(|row| self.execute(statement, row.as_ref()).map(drop))
    }
}

/// Rows in the format of COPY, a piece at a time.
struct Pieces<I> {
    rows: I,
    begun: bool,
    ended: bool,
}

impl<I> Pieces<I> {
    fn next<'v, R: AsRef<[Value<'v>]>>(&mut self) -> Option<Result<Vec<u8>, Copying>>
    where
        I: Iterator<Item = R>,
    {
        if self.ended {
            return None;
        }
        let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
        if !std::mem::replace(&mut self.begun, true) {
            piece.extend_from_slice(HEAD);
        }
        while piece.len() < PIECE {
            let Some(row) = self.rows.next() else {
                piece.extend_from_slice(&TAIL);
                self.ended = true;
                break;
            };
            if encode(row.as_ref(), &mut piece).is_none() {
                self.ended = true;
                return Some(Err(Copying::Unfit));
            }
        }
        Some(Ok(piece))
    }
}

/// One row in the binary format of COPY; nothing where a value has no place in it.
fn encode(row: &[Value<'_>], out: &mut Vec<u8>) -> Option<()> {
    out.extend_from_slice(&i16::try_from(row.len()).ok()?.to_be_bytes());
    for value in row {
        let bytes = match value {
            Value::Null => {
                out.extend_from_slice(&(-1i32).to_be_bytes());
                continue;
            }
            Value::Int(number) => &number.to_be_bytes()[..],
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) => bytes,
            Value::List(_) | Value::Ints(_) | Value::Texts(_) => return None,
        };
        out.extend_from_slice(&i32::try_from(bytes.len()).ok()?.to_be_bytes());
        out.extend_from_slice(bytes);
    }
    Some(())
}

/// An `INSERT` of one row as one of `rows` rows of `width` values.
fn many(text: &str, rows: usize, width: usize) -> Option<String> {
    let (head, rest) = text.split_once(" VALUES (")?;
    let (tuple, tail) = rest.split_once(')')?;
    let tuples: Vec<String> = (0..rows)
        .map(|row| {
            let values = tuple.split(',').map(|value| match value.trim().strip_prefix('$') {
                Some(number) => number.parse::<usize>().ok().map(|number| format!("${}", number + row * width)),
                None => Some(value.trim().to_owned()),
            });
            values.collect::<Option<Vec<String>>>().map(|values| format!("({})", values.join(", ")))
        })
        .collect::<Option<_>>()?;
    Some(format!("{head} VALUES {}{tail}", tuples.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_one_row_becomes_one_of_many() {
        let text = "INSERT INTO t (a, b, c) VALUES ($1, $2, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b";
        assert_eq!(
            many(text, 2, 2).as_deref(),
            Some(
                "INSERT INTO t (a, b, c) VALUES ($1, $2, 1), ($3, $4, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b"
            )
        );
    }
}
