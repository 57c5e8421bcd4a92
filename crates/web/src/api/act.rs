//! How a request is carried out as whoever sent it: the session is looked up, a right chosen, the use case asked.

use chengxin_app::account::Who;
use chengxin_app::log::Lines;
use chengxin_app::reading::{Disclosure, Reading};
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground};

use super::asker::Asker;
use crate::problem::Problem;
use crate::state::{Shared, public};

/// Kind and number of the document of whoever is signed in.
pub(crate) type Own = (DocumentKind, String);

impl Shared {
    /// Carries out an operation on the connection that writes, which logs where it refuses.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        asker: Asker,
        name: &'static str,
        work: impl FnOnce(&mut Installation, &Caller, &Who) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let stranger = self.is_stranger(&asker).await?;
        let shared = self.clone();
        let acted = move |installation: &mut Installation| {
            let (who, caller) = installation.session_caller(asker.token.as_ref(), name, &asker.acting)?;
            shared.showed(&asker, &who, &caller);
            work(installation, &caller, &who)
        };
        let acted = if stranger { self.with_stranger(acted).await } else { self.with(acted).await };
        acted.map_err(Problem::from)
    }

    /// Remembers what whoever asked may do, for the links of the page that answers.
    fn showed(&self, asker: &Asker, who: &Who, caller: &Caller) {
        self.mays().note(asker.token.as_ref(), asker.acting.mandate.as_deref(), who, caller);
    }

    /// Is it nobody who is signed in? Looked up beside whoever writes: a token that was made up takes no place from those who are.
    pub(crate) async fn is_stranger(&self, asker: &Asker) -> Result<bool, Problem> {
        let Some(token) = asker.token.clone() else { return Ok(true) };
        let somebody = self.read(move |reading| reading.is_somebody(&token)).await;
        Ok(!somebody.map_err(Problem::from)?)
    }

    /// The same for what one does about oneself: the number is that to which a window bound the account, and none is sent.
    pub(crate) async fn act_own<T: Send + 'static>(
        &self,
        asker: Asker,
        name: &'static str,
        work: impl FnOnce(&mut Installation, &Caller, Own) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let own = move |installation: &mut Installation, caller: &Caller, who: &Who| {
            let own = installation.own_document(caller, name, who)?;
            work(installation, caller, own)
        };
        self.act(asker, name, own).await
    }

    /// The same for what takes long: on a connection of its own, beside whoever writes.
    pub(crate) async fn act_own_apart<T: Send + 'static>(
        &self,
        asker: Asker,
        name: &'static str,
        work: impl FnOnce(&mut Installation, &Caller, Own) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.is_stranger(&asker).await? {
            // Refused as everywhere, and never by what takes long.
            return self.act_own(asker, name, work).await;
        }
        let shared = self.clone();
        let acted = move |installation: &mut Installation| {
            let (who, caller) = installation.session_caller(asker.token.as_ref(), name, &asker.acting)?;
            shared.showed(&asker, &who, &caller);
            let own = installation.own_document(&caller, name, &who)?;
            work(installation, &caller, own)
        };
        self.with_apart(acted).await.map_err(Problem::from)
    }

    /// Somebody's own log: that they read it is written first, and the lines put together beside whoever writes.
    pub(crate) async fn log_lines(&self, asker: Asker) -> Result<Lines, Problem> {
        let name = "log_lines";
        let asked = self.disclose_as(
            asker,
            name,
            |reading, caller, who| {
                let Some((kind, number)) = reading.own_document(&caller, who)? else { return Ok(None) };
                reading.log_lines_ask(&caller, kind, &number)
            },
            move |installation, caller, who| {
                let (kind, number) = installation.own_document(&caller, name, who)?;
                installation.log_lines_ask(&caller, kind, &number)
            },
        );
        let asked = asked.await?;
        self.read(move |reading| reading.log_lines_asked(&asked)).await.map_err(Problem::from)
    }

    /// The same for whoever is not signed in.
    pub(crate) async fn act_public<T: Send + 'static>(
        &self,
        purpose: &'static str,
        work: impl FnOnce(&mut Installation, &Caller) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let caller = visitor(purpose);
        self.with_stranger(move |installation| work(installation, &caller)).await.map_err(Problem::from)
    }

    /// Reads what is everybody's: it waits for nobody who writes.
    pub(crate) async fn read_public<T: Send + 'static>(
        &self,
        purpose: &'static str,
        work: impl FnOnce(&Reading, &Caller) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let caller = visitor(purpose);
        self.read(move |reading| work(reading, &caller)).await.map_err(Problem::from)
    }

    /// Discloses beside whoever writes, its entry durable before the answer leaves. What only reading cannot do, and what it
    /// refuses, is asked again of the connection that writes, which logs it; so is the first request in a while.
    pub(crate) async fn disclose_as<T: Send + 'static>(
        &self,
        asker: Asker,
        name: &'static str,
        read: impl FnOnce(&Reading, Caller, &Who) -> Result<Option<Disclosure<T>>, AppError> + Send + 'static,
        write: impl FnOnce(&mut Installation, Caller, &Who) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let again = asker.clone();
        // On a mandate, the transaction that writes the entry asks whether it still holds, and refuses: here nothing is told before it has.
        if asker.acting.mandate.is_some() {
            return self
                .act(again, name, move |installation, caller, who| write(installation, caller.clone(), who))
                .await;
        }
        let shared = self.clone();
        let disclosed = self.disclose_if(move |reading| {
            let came = reading.session_caller(asker.token.as_ref(), name, &asker.acting);
            let answered = came.and_then(|(who, caller)| {
                shared.showed(&asker, &who, &caller);
                if who.stale { Ok(None) } else { read(reading, caller, &who) }
            });
            match answered {
                Err(error) if matches!(error.kind, Kind::Unauthenticated | Kind::Forbidden | Kind::NotFound) => {
                    Ok(None)
                }
                answered => answered,
            }
        });
        match disclosed.await? {
            Some(answer) => Ok(answer),
            None => {
                self.act(again, name, move |installation, caller, who| write(installation, caller.clone(), who)).await
            }
        }
    }
}

/// A list about somebody as a set of connections for reading gives it, and as the connection that writes does.
type Read<T> = fn(&Reading, &Caller, DocumentKind, &str) -> Result<Option<Disclosure<T>>, AppError>;
type Write<T> = fn(&mut Installation, &Caller, DocumentKind, &str) -> Result<T, AppError>;

impl Shared {
    /// [`Self::disclose_as`] of what is about whoever asks.
    pub(crate) async fn disclose_own<T: Send + 'static>(
        &self,
        asker: Asker,
        name: &'static str,
        read: Read<T>,
        write: Write<T>,
    ) -> Result<T, Problem> {
        let disclosed = self.disclose_as(
            asker,
            name,
            move |reading, caller, who| {
                let Some((kind, number)) = reading.own_document(&caller, who)? else { return Ok(None) };
                read(reading, &caller, kind, &number)
            },
            move |installation, caller, who| {
                let (kind, number) = installation.own_document(&caller, name, who)?;
                write(installation, &caller, kind, &number)
            },
        );
        disclosed.await
    }
}

fn visitor(purpose: &str) -> Caller {
    Caller { actor: "visitor".to_owned(), purpose: purpose.to_owned(), ground: Ground::OwnRight, ..public() }
}
