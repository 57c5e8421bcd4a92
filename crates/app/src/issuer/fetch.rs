//! The network behind asking a provider.

use std::time::Duration;

/// How long an answer may take, from the first byte sent to the last one read.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read: a set of keys with their certificates has some tens of kilobytes.
const LARGEST: u64 = 256 * 1_024;

/// What a provider answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Asks a provider. The seam behind which the network lies; whoever asks waits.
pub trait Fetch: Send + Sync {
    /// Gets a document, with a value of the header `Authorization` where one is given.
    ///
    /// # Errors
    /// In words for the operator, where no answer came.
    fn get(&self, url: &str, authorization: Option<&str>) -> Result<Fetched, String>;

    /// Posts a form, with a value of the header `Authorization` where one is given.
    ///
    /// # Errors
    /// In words for the operator, where no answer came.
    fn post(&self, url: &str, authorization: Option<&str>, form: &str) -> Result<Fetched, String>;
}

/// Asks over HTTP or HTTPS: follows no redirect, and neither waits nor reads for ever.
pub struct Http(ureq::Agent);

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http(..)")
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::waiting(PATIENCE)
    }
}

impl Http {
    /// The same with another patience.
    #[must_use]
    pub fn waiting(patience: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(patience))
            // A refusal is an answer here, and a redirect none that is followed.
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("chengxin/", env!("CARGO_PKG_VERSION")));
        Self(config.build().into())
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Fetched, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| error.to_string())?;
    Ok(Fetched { status: answer.status().as_u16(), body })
}

impl Fetch for Http {
    fn get(&self, url: &str, authorization: Option<&str>) -> Result<Fetched, String> {
        let mut request = self.0.get(url).header("Accept", "application/json");
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        read(request.call())
    }

    fn post(&self, url: &str, authorization: Option<&str>, form: &str) -> Result<Fetched, String> {
        let mut request = self.0.post(url).header("Accept", "application/json");
        request = request.header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        read(request.send(form.as_bytes()))
    }
}
