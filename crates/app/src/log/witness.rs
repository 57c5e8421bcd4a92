//! Witnesses, from both sides: asking others to sign this log's checkpoints, and signing those of other logs.
//!
//! A witness signs a checkpoint only where it goes on from the last one it signed. With one outside the house, not even the
//! operator can show two people two logs.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chengxin_core::Caller;
use chengxin_seal::{FileKeyProvider, KeyFile, KeyProvider, Profile};
use chengxin_store::audit::WITNESSES;
use chengxin_tlog::{
    AddCheckpoint, Answer, CosignatureVerifier, Hash, Note, NoteSigner, NoteVerifier, StorageError, WitnessState,
    Witnessed, WitnessedLog, add_checkpoint, parse_cosignatures, prove_consistency,
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::rows::marks;
use super::sequence::{head_of, inconsistent};
use super::signer::{KeyUse, Signer, Verifier};
use super::tiles::DatabaseTiles;
use crate::error::io;
use crate::keyring::ProfileHash;
use crate::{AppError, Installation, Kind, journal};

/// Sends a request to a witness. The seam behind which the network lies.
pub trait Post {
    /// Posts a body; status and body of the answer.
    ///
    /// # Errors
    /// In words for the operator, where no answer came.
    fn post(&self, url: &str, body: &[u8]) -> Result<(u16, Vec<u8>), String>;
}

/// What came of asking a witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cosigned {
    /// Name of the witness.
    pub witness: String,
    /// Size that it has signed; `None` where it did not.
    pub size: Option<u64>,
    /// Why it did not.
    pub problem: Option<String>,
}

impl Installation {
    /// Adds a witness that is asked to sign checkpoints, or changes its address; its name.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`Kind::Invalid`] for a text that is no witness's key.
    pub fn log_witness_set(&mut self, caller: &Caller, key: &str, url: &str) -> Result<String, AppError> {
        self.authorise(caller, "log_witness_set")?;
        let verifier = Verifier::parse(key.trim(), KeyUse::Witness)?;
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(AppError::invalid(
                "见证方地址应以 https:// 开头",
                "the witness's address begins with https://",
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("log_witness_set", |tx| -> Result<(), AppError> {
            tx.log_witness_set(verifier.name(), key.trim(), url, now_us)?;
            let rows = marks(tx.view(), &keys, &[(&WITNESSES, vec![verifier.name().into()])])?;
            let detail = json!({ "witness": verifier.name(), "key": key.trim(), "url": url, "rows": rows });
            journal::log(tx, &keys, now_us, "log_witness_set", caller, &detail)?;
            Ok(())
        })?;
        Ok(verifier.name().to_owned())
    }

    /// Sequences, then asks every witness: what an operator does by hand and a server by itself.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; as [`Self::log_cosign`].
    pub fn log_cosign_now(&mut self, caller: &Caller, post: &dyn Post) -> Result<Vec<Cosigned>, AppError> {
        self.authorise(caller, "log_sequence")?;
        self.log_sequence()?;
        self.log_cosign(post)
    }

    /// Asks every witness to sign the newest checkpoint, and keeps it with the signatures that came.
    ///
    /// # Errors
    /// The store's, or an inconsistent log. A witness that does not answer, or refuses, is no error: the answer says so.
    pub fn log_cosign(&mut self, post: &dyn Post) -> Result<Vec<Cosigned>, AppError> {
        let view = self.store.view();
        let (Some(head), witnesses) = (view.log_head()?, view.log_witnesses()?) else { return Ok(Vec::new()) };
        let size = head_of(&head)?.size;
        // Nothing new: those who have signed it are not asked again.
        let witnesses: Vec<_> = witnesses.into_iter().filter(|one| one.size != head.size).collect();
        if witnesses.is_empty() {
            return Ok(Vec::new());
        }
        let plain = Note::parse(head.note.as_bytes()).map_err(|error| inconsistent(&error.to_string()))?;
        // Signatures that this very checkpoint has already are kept.
        let kept = Note::parse(head.cosigned.as_bytes()).ok().filter(|kept| kept.text() == plain.text());
        let mut note = kept.unwrap_or_else(|| plain.clone());
        let mut done = Vec::new();
        for witness in &witnesses {
            let asked = self.ask(post, witness, &plain, size);
            let (size, problem) = match asked {
                Ok(signatures) => {
                    for signature in signatures {
                        note.add(signature).map_err(|error| AppError::internal(error.to_string()))?;
                    }
                    (Some(size), None)
                }
                Err(problem) => (None, Some(problem)),
            };
            done.push(Cosigned { witness: witness.name.clone(), size, problem });
        }
        if done.iter().any(|one| one.size.is_some()) {
            let text = note.to_string();
            self.store.write("log_cosign", |tx| -> Result<(), AppError> {
                tx.log_cosigned_set(&head.origin, &text)?;
                for one in done.iter().filter(|one| one.size.is_some()) {
                    tx.log_witness_signed(&one.witness, head.size)?;
                }
                Ok(())
            })?;
        }
        Ok(done)
    }

    /// One witness's signatures over the note, checked; else what went wrong.
    fn ask(
        &self,
        post: &dyn Post,
        witness: &chengxin_store::log_tree::WitnessRow,
        note: &Note,
        size: u64,
    ) -> Result<Vec<chengxin_tlog::NoteSignature>, String> {
        let verifier = Verifier::parse(&witness.key, KeyUse::Witness).map_err(|error| error.public.en)?;
        let known = CosignatureVerifier(verifier);
        let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
        let mut old = u64::try_from(witness.size).unwrap_or(0);
        // The witness may know another size than we remember: it says which, and is asked once more.
        for _ in 0..2 {
            if old > size {
                return Err(format!("it has seen {old} leaves, this log has {size}: was an old backup restored?"));
            }
            let tiles = DatabaseTiles::reading(self.store.view());
            let proof: Vec<Hash> = if old == 0 || old == size {
                Vec::new()
            } else {
                let proof = prove_consistency(&self.keys.hash(), &tiles, old, size);
                proof.map_err(|error| error.to_string())?.hashes
            };
            // With the log's own signature only: each witness signs for itself.
            let request = AddCheckpoint::new(old, proof, note.clone()).map_err(|error| error.to_string())?;
            let (status, body) = post.post(&url, request.to_string().as_bytes())?;
            match status {
                200 => {
                    let signatures = parse_cosignatures(&body).map_err(|error| error.to_string())?;
                    let mut signed = note.clone();
                    for signature in signatures.iter().filter(|s| s.key_hash == known.key_hash()) {
                        signed.add(signature.clone()).map_err(|error| error.to_string())?;
                    }
                    let own: Vec<&dyn NoteVerifier> = vec![&known];
                    let good = signed.open(&own).map_err(|error| error.to_string())?;
                    return Ok(good.into_iter().cloned().collect());
                }
                409 => {
                    let stated = std::str::from_utf8(&body).ok().and_then(|text| text.trim().parse().ok());
                    old = stated.ok_or("it answered with a conflict and no size")?;
                }
                other => return Err(format!("it answered {other}: {}", String::from_utf8_lossy(&body).trim())),
            }
        }
        Err("it named one size after another".to_owned())
    }
}

/// A witness of other logs: a key of its own, and what it has signed, in a folder.
pub struct Witness {
    dir: PathBuf,
    name: String,
    provider: FileKeyProvider,
    logs: Vec<(String, Verifier)>,
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witness").field("name", &self.name).finish_non_exhaustive()
    }
}

/// File of what a witness has signed.
const STATE: &str = "witness.json";
/// File of a witness's key.
const KEY: &str = "witness-key.json";

impl Witness {
    /// Opens the witness in a folder, which is made with a new key where it is missing. `logs` are the keys of the logs that it
    /// watches, in their text form.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a text that is no log's key; [`Kind::Unavailable`] where the folder cannot be used.
    pub fn open(dir: &Path, name: &str, profile: Profile, logs: &[String], now_us: i64) -> Result<Self, AppError> {
        if !chengxin_tlog::is_key_name(name) {
            return Err(AppError::invalid(
                "见证方名称不得为空，也不得含空格或加号",
                "a witness's name is not empty and holds no spaces and no plus",
            ));
        }
        std::fs::create_dir_all(dir).map_err(io(dir))?;
        let path = dir.join(KEY);
        let file = if path.exists() {
            KeyFile::open(&path)?
        } else {
            let file = KeyFile::create(&path, profile, now_us)?;
            file.save()?;
            file
        };
        let read = |text: &String| {
            let verifier = Verifier::parse(text.trim(), KeyUse::Log)?;
            Ok((verifier.name().to_owned(), verifier))
        };
        let logs = logs.iter().map(read).collect::<Result<_, AppError>>()?;
        Ok(Self { dir: dir.to_owned(), name: name.to_owned(), provider: FileKeyProvider::new(&file)?, logs })
    }

    /// The witness's key, in its text form: what the logs it watches are told.
    ///
    /// # Errors
    /// Internal faults.
    pub fn key(&self) -> Result<String, AppError> {
        Verifier::new(&self.name, &self.provider.signing_key().verifying_key(), KeyUse::Witness).text(KeyUse::Witness)
    }

    /// Answers an `add-checkpoint` request. What it signs is durable in its folder before the answer exists.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where its folder cannot be written.
    ///
    /// # Source
    /// C2SP tlog-witness, “add-checkpoint”.
    pub fn add_checkpoint(&self, body: &[u8], now_us: i64) -> Result<Answer, AppError> {
        let signer = Signer::new(&self.name, self.provider.signing_key(), KeyUse::Witness);
        let signers: Vec<&dyn NoteSigner> = vec![&signer];
        let keys: Vec<(&str, Vec<&dyn NoteVerifier>)> =
            self.logs.iter().map(|(origin, key)| (origin.as_str(), vec![key as &dyn NoteVerifier])).collect();
        let logs: Vec<_> = keys.iter().map(|(origin, keys)| WitnessedLog { origin, keys }).collect();
        // Consistency is proven in the hash of the log's profile, which its key tells.
        let origin = AddCheckpoint::parse(body).ok().map(|request| request.checkpoint().origin.clone());
        let log = self.logs.iter().find(|(name, _)| Some(name) == origin.as_ref());
        let hash = ProfileHash(log.map_or(Profile::Intl, |(_, key)| key.profile()));
        let seconds = u64::try_from(now_us / 1_000_000).unwrap_or(0);
        let mut state = Seen(self.dir.join(STATE));
        add_checkpoint(&hash, &logs, &mut state, &signers, seconds, body).map_err(|error| {
            AppError::new(
                Kind::Unavailable,
                "见证记录无法写入，未签名；请检查磁盘与目录权限",
                "what was seen could not be kept, so nothing was signed: check disk and folder",
            )
            .because(error)
        })
    }
}

/// What was signed last, per log, in a file that is replaced whole.
struct Seen(PathBuf);

#[derive(Serialize, Deserialize)]
struct SeenLog {
    size: u64,
    root: String,
}

impl Seen {
    fn load(&self) -> Result<BTreeMap<String, SeenLog>, StorageError> {
        match std::fs::read(&self.0) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| StorageError::Malformed {
                place: self.0.display().to_string(),
                found: error.to_string(),
                expected: "what this witness has signed",
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(failed("reading", error)),
        }
    }
}

fn failed(what: &str, source: impl std::error::Error + Send + Sync + 'static) -> StorageError {
    StorageError::Failed { what: format!("{what} {STATE}"), source: Box::new(source) }
}

impl WitnessState for Seen {
    fn known(&self, origin: &str) -> Result<Option<Witnessed>, StorageError> {
        let Some(seen) = self.load()?.remove(origin) else { return Ok(None) };
        let root = HEXLOWER.decode(seen.root.as_bytes()).ok().and_then(|bytes| Hash::try_from(bytes).ok());
        let root = root.ok_or_else(|| StorageError::Malformed {
            place: self.0.display().to_string(),
            found: "a root of another form".to_owned(),
            expected: "64 hexadecimal digits",
        })?;
        Ok(Some(Witnessed { size: seen.size, root }))
    }

    fn compare_and_set(
        &mut self,
        origin: &str,
        expected: Option<Witnessed>,
        new: Witnessed,
    ) -> Result<bool, StorageError> {
        let lock =
            std::fs::File::options().create(true).truncate(false).write(true).open(self.0.with_extension("lock"));
        let lock = lock.map_err(|error| failed("locking", error))?;
        lock.lock().map_err(|error| failed("locking", error))?;
        if self.known(origin)? != expected {
            return Ok(false);
        }
        let mut all = self.load()?;
        all.insert(origin.to_owned(), SeenLog { size: new.size, root: HEXLOWER.encode(&new.root) });
        let text = serde_json::to_vec_pretty(&all).map_err(|error| failed("writing", error))?;
        let next = self.0.with_extension("new");
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::File::create(&next)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&next, &self.0)?;
            std::fs::File::open(self.0.parent().unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|error| failed("writing", error))?;
        Ok(true)
    }
}
