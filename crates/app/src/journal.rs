//! One line in the log for every change and disclosure, in the transaction that makes it.

use std::borrow::Cow;

use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::operation_words::{LOG_REVEAL, LOG_SEAL, act};
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::random_bytes;
use chengxin_store::log::{INSTALLATION, LogRow, NewLogEntry};
use chengxin_store::{Store, Tx};
use serde_json::{Value, json};

use crate::keyring::Keyring;
use crate::log::NewEntry;
use crate::log::salt::entry_salt;
use crate::{AppError, mandate};

/// Logs an act that concerns the installation or many subjects at once.
pub(crate) fn log(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    append(tx, keys, &INSTALLATION, now_us, operation, caller, detail)
}

/// Logs an act that concerns one subject: it becomes a numbered line that the subject can read, at once or, where the law
/// orders silence, from its day on.
pub(crate) fn log_about(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    let Ground::SilentDuty { silence, until, said, .. } = &caller.ground else {
        return append(tx, keys, subject, now_us, operation, caller, detail);
    };
    // A chain for each: once one is revealed, its number must not tell how many others are not.
    let chain = random_bytes();
    // It says whom it concerns, which its chain does not: otherwise it could be laid to another's charge by hand.
    let mut detail = detail.clone();
    detail["about"] = json!(data_encoding::HEXLOWER.encode(subject));
    let hidden = append(tx, keys, &chain, now_us, operation, caller, &detail)?;
    tx.log_hidden_add(subject, &chain, hidden.number, to_days(*until), silence)?;
    if *said {
        let platform = Caller::operator("", "依法保密");
        append(tx, keys, subject, now_us, LOG_SEAL, &platform, &json!({ "until": until, "clause": silence }))?;
    }
    Ok(hidden)
}

/// [`log_about`] of many acts, in their order.
pub(crate) fn log_about_all(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    acts: &[&NewEntry],
) -> Result<Vec<LogRow>, AppError> {
    // Silent ones are rare, and take several lines each; so are those on a mandate, which is asked whether it still holds.
    let alone =
        |caller: &Caller| matches!(caller.ground, Ground::SilentDuty { .. }) || caller.standing.deputy().is_some();
    if acts.iter().any(|act| alone(&act.caller)) {
        let one = |act: &&NewEntry| {
            let detail = detail(tx, act, &[])?;
            log_about(tx, keys, &act.subject, now_us, act.operation, &act.caller, &detail)
        };
        return acts.iter().map(one).collect();
    }
    let text = |(at, act): (usize, &&NewEntry)| {
        Ok((caller_text(keys, &act.subject, &act.caller)?, detail(tx, act, &acts[..at])?.to_string()))
    };
    let texts = acts.iter().enumerate().map(text).collect::<Result<Vec<(String, String)>, AppError>>()?;
    let mut entries = Vec::with_capacity(acts.len());
    for (act, (caller, detail)) in acts.iter().zip(&texts) {
        let (subject_id, operation) = (&act.subject, act.operation);
        entries.push(NewLogEntry { subject_id, at_us: now_us, operation, caller, detail });
    }
    Ok(tx.log_append_all(&keys.hash(), &entries, |subject, row| entry_salt(keys, subject, row))?)
}

/// What an entry says, with those before it that are written together with it.
fn detail<'a>(tx: &Tx<'_>, act: &'a NewEntry, before: &[&NewEntry]) -> Result<Cow<'a, Value>, AppError> {
    if act.shown.is_empty() {
        return Ok(Cow::Borrowed(&act.detail));
    }
    let too = |chain: &[u8; 16]| before.iter().filter(|act| act.subject == *chain).count() as i64;
    let end = |chain: &[u8; 16]| Ok(tx.view().log_last_number(chain)? + too(chain));
    let mut detail = act.detail.clone();
    detail["shown"] = json!(act.shown.iter().map(end).collect::<Result<Vec<i64>, AppError>>()?);
    Ok(Cow::Owned(detail))
}

/// Reveals what was hidden from a subject until today or earlier: each as a new line that refers to the whole entry, so
/// that the subject's own numbers never had a gap. One that is missing is a line too, which says so: whoever takes it away
/// must not keep the person from reading the rest.
pub(crate) fn reveal(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    today: i32,
) -> Result<usize, AppError> {
    let due = tx.view().log_hidden_due(subject, today)?;
    for hidden in &due {
        let entry = tx.view().log_entry(&hidden.chain_id, hidden.number)?;
        let platform = Caller::operator("", "保密期届满");
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let detail = json!({
            "chain": hex(&hidden.chain_id), "commitment": entry.map(|entry| hex(&entry.commitment)), "clause": hidden.clause,
        });
        let line = append(tx, keys, subject, now_us, LOG_REVEAL, &platform, &detail)?;
        tx.log_hidden_revealed(subject, hidden, line.number)?;
    }
    Ok(due.len())
}

/// [`reveal`] for every subject with something due; how many lines that made. One subject at a time, so that what waits to
/// be written goes in between.
pub(crate) fn reveal_due(store: &mut Store, keys: &Keyring, now_us: i64) -> Result<usize, AppError> {
    let today = to_days(shanghai_date(now_us));
    let subjects = store.view().log_hidden_subjects(today)?;
    let one = |subject: [u8; 16]| store.write("log_reveal", |tx| reveal(tx, keys, &subject, now_us, today));
    subjects.into_iter().map(one).sum()
}

fn append(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    debug_assert!(act(operation, "").is_some(), "{operation} has no words for the person whom it concerns");
    // Nothing is done for somebody on a mandate that was revoked while it was being done.
    if *subject != INSTALLATION {
        mandate::unchanged(tx.view(), &caller.standing, now_us)?;
    }
    let caller = caller_text(keys, subject, caller)?;
    let entry =
        NewLogEntry { subject_id: subject, at_us: now_us, operation, caller: &caller, detail: &detail.to_string() };
    Ok(tx.log_append(&keys.hash(), &entry, |row| entry_salt(keys, subject, row))?)
}

/// The caller as an entry has them, as JSON. Who acts for another has the mandate beside them: kind and number.
fn caller_text(keys: &Keyring, subject: &[u8; 16], caller: &Caller) -> Result<String, AppError> {
    let told = if *subject == INSTALLATION { caller.clone() } else { as_told(keys, caller) };
    let fault = |e| AppError::internal(format!("log caller: {e}"));
    let Some(deputy) = caller.standing.deputy() else { return serde_json::to_string(&told).map_err(fault) };
    let mut told = serde_json::to_value(&told).map_err(fault)?;
    told["mandate"] = json!({ "kind": deputy.kind, "number": deputy.number });
    Ok(told.to_string())
}

/// Number of the mandate on which the caller of an entry acted, if they did.
pub(crate) fn mandate_of(caller: &str) -> Option<String> {
    // Few did: the rest is not read.
    if !caller.contains("\"mandate\":") {
        return None;
    }
    let caller: Value = serde_json::from_str(caller).ok()?;
    caller["mandate"]["number"].as_str().map(str::to_owned)
}

/// The caller as an entry about a person has them. Persons get their entries whole, to check them; they are told authority
/// and role, and for the name of a member of staff only what lets the installation find it again. Their own name, and what
/// stands for whoever came without login, stay.
fn as_told(keys: &Keyring, caller: &Caller) -> Caller {
    let own = matches!(caller.role, Role::Resident | Role::Representative | Role::Public);
    let actor = if own || caller.actor.is_empty() { caller.actor.clone() } else { keys.actor_tag(&caller.actor) };
    Caller { actor, ..caller.clone() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use chengxin_core::identity::DocumentKind;
    use chengxin_core::mandate::MandateKind;
    use chengxin_core::record::SubjectId;
    use chengxin_core::{Deputy, Standing};

    use super::*;
    use crate::Kind;
    use crate::log::testing::installation;

    fn on_mandate(until_us: i64, rests_on: Vec<([u8; 16], i64)>) -> Caller {
        let deputy = Deputy {
            behind: Standing::Console,
            mandator: SubjectId([1; 16]),
            document: (DocumentKind::ResidentId, String::new()),
            kind: MandateKind::Attorney,
            number: "WT".to_owned(),
            scope: [].into(),
            until_us,
            rests_on,
        };
        Caller { standing: Standing::Deputy(Box::new(deputy)), ..Caller::operator("op", "test") }
    }

    #[test]
    fn the_entry_itself_is_refused_on_a_mandate_that_was_written_since_or_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut installation = installation(&dir.path().join("data"));
        let (now_us, keys) = (installation.now_us(), installation.keys.clone());
        let mut log = |caller: &Caller| {
            let detail = json!({});
            installation
                .store
                .write("test", |tx| log_about(tx, &keys, &[1; 16], now_us, "record_list", caller, &detail))
        };
        assert_eq!(log(&on_mandate(now_us + 1, vec![])).unwrap().number, 1);
        // What it rests on is gone, or names another entry.
        for stale in [on_mandate(now_us + 1, vec![([2; 16], 5)]), on_mandate(now_us, vec![]), on_mandate(0, vec![])] {
            assert_eq!(log(&stale).unwrap_err().kind, Kind::Forbidden);
        }
        assert_eq!(log(&on_mandate(now_us + 1, vec![])).unwrap().number, 2, "nothing of it was written");
    }
}
