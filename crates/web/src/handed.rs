//! Forms that files come with: words in some fields, files in others.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use chengxin_app::proceeding::Attachment;
use chengxin_core::Say;

use crate::problem::{Problem, of};
use crate::state::Shared;
use crate::typed::Typed;

/// Largest body of such a form, in bytes: six files of five megabytes each, with room for words.
pub(crate) const LARGEST: usize = 32 * 1024 * 1024;
/// Most bytes of a field that is no file: some thousands of characters.
const FIELD: usize = 64 * 1024;
/// Most files of a form: five, and a commitment letter.
const FILES: usize = 6;

/// A form with its files.
#[derive(Debug, Default)]
pub(crate) struct Handed {
    /// What was typed.
    pub(crate) typed: Typed,
    /// Each file, with the name of its field.
    files: Vec<(String, Attachment)>,
}

impl Handed {
    /// Reads a form, with files or without. Only for a caller who may hand something in: files are held in memory, those of a few at a time.
    ///
    /// # Errors
    /// That many files are being read; a field that is too long, or files that are too many or too large; a form that is none.
    pub(crate) async fn read(request: Request, shared: &Shared) -> Result<Self, Problem> {
        let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("");
        if !kind.starts_with("multipart/form-data") {
            return Ok(Self { typed: Typed::from_request(request, shared).await?, files: Vec::new() });
        }
        let _place = shared.uploads().try_acquire().map_err(|_| Problem::busy())?;
        let mut form = Multipart::from_request(request, shared).await.map_err(|rejection| of(rejection.status()))?;
        let mut handed = Self::default();
        while let Some(field) = form.next_field().await.map_err(|error| of(error.status()))? {
            handed.take(field).await?;
        }
        Ok(handed)
    }

    async fn take(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or("").to_owned();
        let Some(file) = field.file_name().map(ToOwned::to_owned) else {
            let text = bytes(&mut field, FIELD).await?;
            let text = String::from_utf8(text).map_err(|_| of(StatusCode::BAD_REQUEST))?;
            self.typed.put(&name, text);
            return Ok(());
        };
        let content = bytes(&mut field, LARGEST).await?;
        // A browser sends the field of a file that was not chosen, empty and without a name.
        if file.is_empty() && content.is_empty() {
            return Ok(());
        }
        if self.files.len() >= FILES {
            return Err(too_much("最多提交 6 个文件", "six files may be handed in at once"));
        }
        self.files.push((name, Attachment { name: file, content }));
        Ok(())
    }

    /// What was chosen in a field.
    pub(crate) fn files(&self, name: &str) -> Vec<Attachment> {
        self.files.iter().filter(|(of, _)| of == name).map(|(_, file)| file.clone()).collect()
    }
}

fn too_much(zh: &str, en: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Say::new(zh, en))
}

/// The content of a field, of bounded length.
async fn bytes(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>, Problem> {
    let mut all = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| of(error.status()))? {
        all.extend_from_slice(&bytes);
        if all.len() > most {
            return Err(too_much(
                "表单中有一项内容过长，请缩短后重试",
                "one field of the form is too long: shorten it and try again",
            ));
        }
    }
    Ok(all)
}
