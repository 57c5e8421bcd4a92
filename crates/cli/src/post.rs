//! The network behind asking a witness.

use std::time::Duration;

use chengxin_app::log::Post;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read: some signature lines, or a sentence.
const LARGEST: u64 = 64 * 1024;

/// Posts over HTTP or HTTPS.
pub(crate) struct Http(ureq::Agent);

impl Http {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // A refusal is an answer here, and a redirect none.
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("chengxin/", env!("CARGO_PKG_VERSION")));
        Self(config.build().into())
    }
}

impl Post for Http {
    fn post(&self, url: &str, body: &[u8]) -> Result<(u16, Vec<u8>), String> {
        let mut answer = self.0.post(url).send(body).map_err(|error| error.to_string())?;
        let read = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        Ok((answer.status().as_u16(), read.map_err(|error| error.to_string())?))
    }
}
