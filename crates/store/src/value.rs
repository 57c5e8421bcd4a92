//! Values on their way into and out of a statement: the types that both engines hold without loss.

use std::error::Error;

use bytes::BytesMut;
use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::StoreError;

/// One value given to a statement, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// NULL.
    Null,
    /// An integer.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Many of them, for statements of PostgreSQL alone.
    List(&'a [&'a [u8]]),
    /// Many integers, likewise.
    Ints(&'a [i64]),
    /// Many texts, likewise.
    Texts(&'a [&'a str]),
}

impl Value<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) | Self::Ints(_) | Self::Texts(_) => "a list",
        }
    }
}

/// What can be given to a statement.
pub(crate) trait Given {
    /// As a value, borrowed.
    fn value(&self) -> Value<'_>;
}

/// Values of one statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Given::value(&$value)),*] };
}

/// One row for [`crate::link::Link::load`]. What is borrowed is written with a `*`, so that it lives as long as what it
/// was borrowed from.
macro_rules! row {
    ($($value:expr),* $(,)?) => { [$($crate::value::Given::value(&$value)),*] };
}

pub(crate) use {row, values};

macro_rules! given {
    ($($type:ty: $self:ident => $value:expr;)*) => { $(
        impl Given for $type {
            fn value(&self) -> Value<'_> {
                let $self = self;
                $value
            }
        }
    )* };
}

given! {
    i64: n => Value::Int(*n);
    i32: n => Value::Int(i64::from(*n));
    u32: n => Value::Int(i64::from(*n));
    bool: n => Value::Int(i64::from(*n));
    str: text => Value::Text(text);
    String: text => Value::Text(text);
    [u8]: bytes => Value::Bytes(bytes);
    Vec<u8>: bytes => Value::Bytes(bytes);
}

impl<const N: usize> Given for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<T: Given + ?Sized> Given for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: Given> Given for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Given::value)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::List(_) | Self::Ints(_) | Self::Texts(_) => {
                return Err(rusqlite::Error::ToSqlConversionFailure("SQLite has no lists".into()));
            }
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // The server takes a number compared with a small literal for a small one.
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Self::Text(text) if *ty == Type::TEXT => text.to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Self::List(list) if *ty == Type::BYTEA_ARRAY => list.to_sql(ty, out),
            Self::Ints(list) if *ty == Type::INT8_ARRAY => list.to_sql(ty, out),
            Self::Texts(list) if *ty == Type::TEXT_ARRAY => list.to_sql(ty, out),
            // Never the value: it may be a person's.
            _ => Err(format!("the server expects {ty} where {} is given", self.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        // What does not fit is refused by `to_sql`, which sees the value.
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// One value of a row, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum CellRef<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
    /// A fraction, or text that is none: nothing of ours, but a hand may have put it there.
    Foreign(&'r [u8]),
    /// The same: a fraction that SQLite holds.
    Real(f64),
}

impl<'r> From<ValueRef<'r>> for CellRef<'r> {
    fn from(value: ValueRef<'r>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(text) => std::str::from_utf8(text).map_or(Self::Foreign(text), Self::Text),
            ValueRef::Blob(bytes) => Self::Bytes(bytes),
        }
    }
}

impl<'r> FromSql<'r> for CellRef<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::TEXT => Self::Text(<&str>::from_sql(ty, raw)?),
            Type::BYTEA => Self::Bytes(raw),
            _ => Self::Foreign(raw),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A type that a column is read as.
pub(crate) trait Column: Sized {
    /// The value, or nothing where the cell holds another type.
    fn of(cell: CellRef<'_>) -> Option<Self>;
}

impl Column for i64 {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        if let CellRef::Int(number) = cell { Some(number) } else { None }
    }
}

impl Column for bool {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        i64::of(cell).map(|number| number != 0)
    }
}

impl Column for String {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        if let CellRef::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}

impl Column for Vec<u8> {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        if let CellRef::Bytes(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        if let CellRef::Bytes(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}

impl<T: Column> Column for Option<T> {
    fn of(cell: CellRef<'_>) -> Option<Self> {
        if let CellRef::Null = cell { Some(None) } else { T::of(cell).map(Some) }
    }
}

/// One row of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    /// The value in a column.
    ///
    /// # Errors
    /// [`StoreError::Value`] where it is of another type or length.
    pub(crate) fn get<T: Column>(&self, at: usize) -> Result<T, StoreError> {
        T::of(self.cell(at)?).ok_or_else(|| StoreError::Value(self.column(at).into()))
    }

    /// The value in a column, whatever it is.
    pub(crate) fn cell(&self, at: usize) -> Result<CellRef<'r>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get_ref(at)?.into()),
            Self::Postgres(row) => row.try_get(at).map_err(StoreError::from),
        }
    }

    /// How many columns it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.as_ref().column_count(),
            Self::Postgres(row) => row.len(),
        }
    }

    fn column(&self, at: usize) -> String {
        match self {
            Self::Sqlite(row) => row.as_ref().column_name(at).unwrap_or("?").to_owned(),
            Self::Postgres(row) => row.columns().get(at).map_or("?", tokio_postgres::Column::name).to_owned(),
        }
    }
}
