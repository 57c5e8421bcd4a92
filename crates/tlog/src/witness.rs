//! The witness protocol: a log shows that it goes on from what the witness saw, and the witness cosigns.
//!
//! # Source
//! C2SP tlog-witness, “add-checkpoint”.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::cosign;
use crate::note::{Note, NoteError, NoteSignature, NoteSigner, NoteVerifier};
use crate::proof::{ConsistencyProof, ProofError};
use crate::storage::StorageError;
use crate::tile::canonical;
use crate::{Hash, TreeHash, base64};

/// Most proof lines that a request may have.
const MAX_PROOF_LINES: usize = 63;

/// The request to cosign a checkpoint.
///
/// Its [`Display`](fmt::Display) is the body that is sent; [`AddCheckpoint::parse`] takes exactly what that gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old_size: u64,
    proof: Vec<Hash>,
    note: Note,
    checkpoint: Checkpoint,
}

impl AddCheckpoint {
    /// A request for the witness that knows the log at `old_size`, with the proof that the checkpoint in `note` goes on from
    /// there (empty where `old_size` is 0 or the size of the checkpoint).
    ///
    /// # Errors
    /// [`Refusal::Malformed`] where the note holds no checkpoint, or the proof has more than 63 hashes.
    pub fn new(old_size: u64, proof: Vec<Hash>, note: Note) -> Result<Self, Refusal> {
        if proof.len() > MAX_PROOF_LINES {
            return Err(Refusal::line(MAX_PROOF_LINES + 2, "expected at most 63 proof lines"));
        }
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { old_size, proof, note, checkpoint })
    }

    /// Reads the body of a request, strictly.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let blank = body.windows(2).position(|pair| pair == b"\n\n");
        let blank = blank.ok_or_else(|| Refusal::line(1, "expected a blank line before the checkpoint"))?;
        let (head, note) = (&body[..blank], &body[blank + 2..]);
        let head = std::str::from_utf8(head).map_err(|_| Refusal::line(1, "expected UTF-8"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(canonical);
        let old_size = old.ok_or_else(|| Refusal::line(1, "expected old, a space and a size without leading zeros"))?;
        let mut proof = Vec::new();
        for (i, line) in lines.enumerate() {
            if i == MAX_PROOF_LINES {
                return Err(Refusal::line(i + 2, "expected at most 63 proof lines"));
            }
            proof.push(
                base64::decode_hash(line)
                    .ok_or_else(|| Refusal::line(i + 2, "expected 32 bytes in canonical base64"))?,
            );
        }
        Self::new(old_size, proof, Note::parse(note).map_err(CheckpointError::Note)?)
    }

    /// The checkpoint to cosign. Nothing about it is known until [`decide`] has checked it.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", base64::encode(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

/// Why a witness does not cosign. The order of the variants is that in which they are found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is not a request.
    #[error("malformed request: {0}")]
    Malformed(String),
    /// The witness does not watch this log.
    #[error("unknown log {0:?}")]
    UnknownLog(String),
    /// No signature by the log's key, or one that does not fit.
    #[error("{0}")]
    NotSigned(NoteError),
    /// The request says that the log shrank.
    #[error("the old size {old} is larger than the checkpoint's size {new}")]
    OldLarger {
        /// Old size stated.
        old: u64,
        /// Size of the checkpoint.
        new: u64,
    },
    /// The witness knows the log at another size than the request goes on from.
    #[error("the witness knows the log at {known} leaves")]
    Conflict {
        /// The size it knows; 0 where it knows none.
        known: u64,
    },
    /// A checkpoint of no leaves with a root that is not the empty one.
    #[error("the checkpoint of no leaves has a root that is not the hash of nothing")]
    EmptyRoot,
    /// The checkpoint does not go on from what the witness knows, or the proof does not show it.
    #[error("{0}")]
    Inconsistent(ProofError),
}

impl Refusal {
    fn line(line: usize, expected: &str) -> Self {
        Self::Malformed(format!("line {line}: {expected}"))
    }

    /// HTTP status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldLarger { .. } => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::Conflict { .. } => 409,
            Self::EmptyRoot | Self::Inconsistent(_) => 422,
        }
    }
}

impl From<CheckpointError> for Refusal {
    fn from(error: CheckpointError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// A log that a witness watches.
#[derive(Clone, Copy)]
pub struct WitnessedLog<'a> {
    /// Origin of its checkpoints.
    pub origin: &'a str,
    /// Keys of the log, one of which must have signed.
    pub keys: &'a [&'a dyn NoteVerifier],
}

/// What a witness remembers of a log: the newest checkpoint it cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witnessed {
    /// Leaves of the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

/// Whether the witness may cosign the request's checkpoint, given the log it is of (`None`: not watched) and what it
/// remembers of that log. It may only once this has been stored in one step with the check: see [`WitnessState`].
///
/// # Errors
/// [`Refusal`].
pub fn decide(
    hash: &impl TreeHash,
    request: &AddCheckpoint,
    log: Option<&WitnessedLog<'_>>,
    known: Option<Witnessed>,
) -> Result<Witnessed, Refusal> {
    let AddCheckpoint { old_size: old, proof, note, checkpoint } = request;
    let &Checkpoint { size: new, root, .. } = checkpoint;
    let log = log.filter(|log| log.origin == checkpoint.origin);
    let log = log.ok_or_else(|| Refusal::UnknownLog(checkpoint.origin.clone()))?;
    note.open(log.keys).map_err(Refusal::NotSigned)?;
    if *old > new {
        return Err(Refusal::OldLarger { old: *old, new });
    }
    let known = known.unwrap_or_else(|| Witnessed { size: 0, root: hash.hash(&[]) });
    if *old != known.size {
        return Err(Refusal::Conflict { known: known.size });
    }
    checkpoint.check_empty(hash).map_err(|_| Refusal::EmptyRoot)?;
    if *old == 0 {
        let found = proof.len();
        return if found == 0 { Ok(Witnessed { size: new, root }) } else { Err(too_long(found)) };
    }
    let proof = ConsistencyProof { old_size: *old, new_size: new, hashes: proof.clone() };
    proof.verify(hash, &known.root, &root).map_err(Refusal::Inconsistent)?;
    Ok(Witnessed { size: new, root })
}

fn too_long(found: usize) -> Refusal {
    Refusal::Inconsistent(ProofError::Length { found, expected: 0 })
}

/// What a witness keeps: for each log, the newest checkpoint it cosigned.
///
/// **Trust and durability:** as [`CheckpointStore`](crate::CheckpointStore). A witness that forgets may cosign a fork.
pub trait WitnessState {
    /// What is kept of the log, or `None`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn known(&self, origin: &str) -> Result<Option<Witnessed>, StorageError>;

    /// Replaces `expected` by `new` in one step, durably. `false`: something else was there, and nothing was stored.
    ///
    /// # Errors
    /// [`StorageError`]; it may or may not have been stored.
    fn compare_and_set(
        &mut self,
        origin: &str,
        expected: Option<Witnessed>,
        new: Witnessed,
    ) -> Result<bool, StorageError>;
}

/// What is sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Body; ends in a newline.
    pub body: String,
    /// The checkpoint with the witness's cosignatures, to be served to monitors; with status 200 only.
    pub cosigned: Option<Note>,
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let (content_type, body) = match refusal {
            Refusal::Conflict { known } => ("text/x.tlog.size", format!("{known}\n")),
            ref other => ("text/plain; charset=utf-8", format!("{other}\n")),
        };
        Self { status: refusal.status(), content_type, body, cosigned: None }
    }
}

/// Answers an `add-checkpoint` request: decides, stores, and only then cosigns with each of the witness's keys, at `time` in
/// seconds since 1970.
///
/// # Errors
/// [`StorageError`] of the state: nothing was cosigned, and the client may try again.
pub fn add_checkpoint(
    hash: &impl TreeHash,
    logs: &[WitnessedLog<'_>],
    state: &mut impl WitnessState,
    cosigners: &[&dyn NoteSigner],
    time: u64,
    body: &[u8],
) -> Result<Answer, StorageError> {
    let request = match AddCheckpoint::parse(body) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.into()),
    };
    let origin = &request.checkpoint.origin;
    let log = logs.iter().find(|log| log.origin == origin);
    let known = if log.is_some() { state.known(origin)? } else { None };
    let new = match decide(hash, &request, log, known) {
        Ok(new) => new,
        Err(refusal) => return Ok(refusal.into()),
    };
    if !state.compare_and_set(origin, known, new)? {
        let known = state.known(origin)?.map_or(0, |known| known.size);
        return Ok(Refusal::Conflict { known }.into());
    }
    let mut note = request.note.clone();
    let mut lines = String::new();
    for cosigner in cosigners {
        let signed = cosign(*cosigner, request.note.text(), time).and_then(|signature| {
            lines.push_str(&format!("{signature}\n"));
            note.add(signature)
        });
        signed.map_err(|error| StorageError::Failed { what: "cosigning".into(), source: Box::new(error) })?;
    }
    Ok(Answer { status: 200, content_type: "text/plain; charset=utf-8", body: lines, cosigned: Some(note) })
}

/// The cosignature lines of a witness's answer, to be added to the checkpoint's note once they are verified.
///
/// # Errors
/// [`NoteError::Line`], [`NoteError::Character`], [`NoteError::NoSignatures`], [`NoteError::TooManySignatures`].
pub fn parse_cosignatures(body: &[u8]) -> Result<Vec<NoteSignature>, NoteError> {
    // They are the lines of a note without its text.
    let note = Note::parse(&[b"\n\n", body].concat())?;
    if note.text() != "\n" {
        return Err(NoteError::Line { line: 1, expected: "expected no blank lines" });
    }
    Ok(note.signatures().to_vec())
}
