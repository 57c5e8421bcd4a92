//! Keys of subjects, and salts of bodies.

use std::collections::HashMap;

use crate::keys::{BodyAt, Wrapped};
use crate::link::Link;
use crate::value::Value;
use crate::{KeyStore, Statement, StoreError};

static KEYS_OF_SUBJECTS: Statement = Statement::new(
    "KEYS_OF_SUBJECTS",
    "SELECT subject_id, wrapping, wrapped FROM subject_key WHERE subject_id = ANY($1)",
);

static KEYS_OF_BODIES: Statement = Statement::new(
    "KEYS_OF_BODIES",
    "SELECT -1::bigint, wrapping, wrapped FROM subject_key WHERE subject_id = $1 UNION ALL \
     SELECT k.place, b.first_leaf, substr(b.salts, ((k.leaf - b.first_leaf) << 4)::int + 1, 16) \
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS k (place, submission_id, leaf) \
     CROSS JOIN LATERAL (SELECT first_leaf, salts FROM salt_block WHERE submission_id = k.submission_id \
     AND first_leaf <= k.leaf ORDER BY first_leaf DESC LIMIT 1) b",
);

/// Those of the key store.
pub(crate) const KEYS: &[&Statement] = &[&KEYS_OF_SUBJECTS, &KEYS_OF_BODIES];

/// What bodies of one subject are opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyKeys {
    /// The subject's wrapped key, unless it was destroyed.
    pub subject: Option<Wrapped>,
    /// The salt of each body, in the order in which they were asked for; `None` once it was erased.
    pub salts: Vec<Option<[u8; 16]>>,
}

impl KeyStore {
    /// [`KeyStore::subject_key`], and [`KeyStore::body_salt`] of bodies about that subject: one journey to a server.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_keys(&self, subject: &[u8; 16], bodies: &[BodyAt<'_>]) -> Result<BodyKeys, StoreError> {
        let Link::Postgres(server) = self.link() else { return self.body_keys_one_by_one(subject, bodies) };
        if server.is_citus() {
            return self.body_keys_one_by_one(subject, bodies);
        }
        let places: Vec<i64> = (0..).take(bodies.len()).collect();
        let submissions: Vec<i64> = bodies.iter().map(|body| body.submission).collect();
        let leaves: Vec<i64> = bodies.iter().map(|body| body.leaf).collect();
        let mut found = BodyKeys { subject: None, salts: vec![None; bodies.len()] };
        let values = [Value::Bytes(subject), Value::Ints(&places), Value::Ints(&submissions), Value::Ints(&leaves)];
        self.link().each(&KEYS_OF_BODIES, &values, |row| {
            match usize::try_from(row.get::<i64>(0)?) {
                Err(_) => found.subject = Some((row.get(1)?, row.get(2)?)),
                Ok(place) => {
                    let salt: Vec<u8> = row.get(2)?;
                    // Shorter where the leaf lies behind the block's last: then it has none there.
                    let salt = <[u8; 16]>::try_from(salt).ok().filter(|salt| *salt != [0; 16]);
                    if let Some(at) = found.salts.get_mut(place) {
                        *at = salt;
                    }
                }
            }
            Ok(())
        })?;
        for (salt, body) in found.salts.iter_mut().zip(bodies) {
            if salt.is_none() {
                *salt = self.body_salt(body)?;
            }
        }
        Ok(found)
    }

    fn body_keys_one_by_one(&self, subject: &[u8; 16], bodies: &[BodyAt<'_>]) -> Result<BodyKeys, StoreError> {
        let salts = bodies.iter().map(|body| self.body_salt(body)).collect::<Result<_, _>>()?;
        Ok(BodyKeys { subject: self.subject_key(subject)?, salts })
    }

    /// [`KeyStore::subject_key`] of many subjects: those that have one.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_keys_of(&self, subjects: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Wrapped>, StoreError> {
        let mut found = HashMap::with_capacity(subjects.len());
        match self.link() {
            Link::Postgres(_) if subjects.len() > 1 => {
                let subjects: Vec<&[u8]> = subjects.iter().map(<[u8; 16]>::as_slice).collect();
                self.link().each(&KEYS_OF_SUBJECTS, &[Value::List(&subjects)], |row| {
                    found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
                    Ok(())
                })?;
            }
            _ => {
                for subject in subjects {
                    if let Some(wrapped) = self.subject_key(subject)? {
                        found.insert(*subject, wrapped);
                    }
                }
            }
        }
        Ok(found)
    }
}
