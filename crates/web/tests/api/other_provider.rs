//! Signing in by a provider that others wrote, npm's `oidc-provider`, as a browser does: to it, through its forms, and back. What it is asked to be
//! is said in `tests/oidc-provider/provider.mjs`; what it does is its own.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use chengxin_app::issuer::read_terms;
use chengxin_core::identity::mask_number;
use serde_json::{Value, json};

use crate::city::{City, row};
use crate::desk::{MINUTE, administrator};
use crate::sign_in::{Page, ask};
use crate::site::Site;

/// A secret that is another text once it is written into a form or a header.
const SECRET: &str = "100% of +, / and : in a secret = trouble?";

/// A key by which we prove ourselves where no secret is shared (RFC 7515 appendix A.3), and its public half.
const KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"ours","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

fn public_half() -> Value {
    let mut key: Value = serde_json::from_str(KEY).unwrap();
    key.as_object_mut().unwrap().remove("d");
    key
}

/// Where `cargo xtask test` puts its packages, and how they get there by hand.
fn packages() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/oidc-provider");
    let folder = std::env::var_os("CHENGXIN_OIDC_PROVIDER").map_or(usual, PathBuf::from);
    assert!(
        folder.join("node_modules/oidc-provider/package.json").is_file(),
        "oidc-provider is not installed. With Node.js 20 or later (Debian: sudo apt-get install npm), in the folder of the workspace run: \
         mkdir -p target/tools/oidc-provider && cp tests/oidc-provider/package*.json target/tools/oidc-provider && \
         npm ci --ignore-scripts --prefix target/tools/oidc-provider"
    );
    folder
}

/// The provider; it ends with this.
struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn started(asked: &Value) -> Running {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oidc-provider/provider.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(packages()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let started = node.spawn();
    let mut child = started.unwrap_or_else(|error| {
        panic!("node: {error}. Node.js 20 or later runs the provider (Debian: sudo apt-get install nodejs)")
    });
    writeln!(child.stdin.as_mut().unwrap(), "{asked}").unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the provider did not start: {line:?}"));
    Running { child, url: said["issuer"].as_str().unwrap().to_owned() }
}

/// A browser at the provider: its cookies there.
#[derive(Default)]
struct Browser(HashMap<String, String>);

/// What is entered at the provider.
struct Entered<'a> {
    login: &'a str,
    password: &'a str,
    /// `go`, or `stop` where the person thinks better of it.
    then: &'a str,
}

/// Somebody who knows their password and goes through with it.
fn as_they_are(login: &str) -> Entered<'_> {
    Entered { login, password: "quiet herons", then: "go" }
}

impl Browser {
    /// Status, where it leads, text.
    fn fetch(&mut self, method: &str, url: &str, form: &str) -> (u16, Option<String>, String) {
        let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let cookies: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        write!(
            stream,
            "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            cookies.join("; "),
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut leads = None;
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "location" => leads = Some(value.to_owned()),
                "set-cookie" => {
                    let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                    self.0.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        self.0.retain(|_, value| !value.is_empty());
        (head.split(' ').nth(1).unwrap().parse().unwrap(), leads, body.to_owned())
    }

    /// Goes to an address there, fills in what is asked, and is sent away again: to where, and which forms it met on the way.
    fn visit(&mut self, address: &str, entered: &Entered<'_>) -> (String, Vec<&'static str>) {
        let own: String = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let (mut at, mut met) = (address.to_owned(), Vec::new());
        let mut answer = self.fetch("GET", &at, "");
        for _ in 0..12 {
            if let (302 | 303, Some(leads)) = (answer.0, &answer.1) {
                at = if leads.starts_with('/') { format!("{own}{leads}") } else { leads.clone() };
                if !at.starts_with(&own) {
                    return (at, met);
                }
                answer = self.fetch("GET", &at, "");
                continue;
            }
            assert_eq!(answer.0, 200, "{at}: {}", answer.2);
            let asks = ["login", "consent"].into_iter().find(|name| answer.2.contains(&format!("id=\"{name}\"")));
            met.push(asks.unwrap_or_else(|| panic!("{at}: {}", answer.2)));
            let Entered { login, password, then } = entered;
            answer =
                self.fetch("POST", &at, &format!("login={login}&password={}&do={then}", password.replace(' ', "+")));
        }
        panic!("it went on and on, the last time to {at}");
    }
}

/// A city that trusts the provider.
struct Bench {
    site: Site,
    _running: Running,
}

impl Bench {
    /// `strict`: we prove ourselves by a key, and the claims that are needed are asked for by name. Else it is as it comes: it shares a secret with us,
    /// takes no such parameter, and gives what belongs to a scope only where it is asked about somebody.
    fn new(alg: &str, strict: bool) -> Self {
        let mut site = Site::over(City::new());
        site.desk.clerk("zhanghua");
        site.desk.clerk("lihong");
        let person = |sub: &str, acr: &str, at: u32| json!({ "password": "quiet herons", "sub": sub, "acr": acr, "claims": { "id_number": row(at).number } });
        let staff =
            |sub: &str, amr: &[&str]| json!({ "password": "quiet herons", "sub": sub, "amr": amr, "claims": {} });
        let back = format!("{}/sign-in/city/callback", site.desk.app.issuer());
        let mut claims = json!({ "openid": ["sub", "amr"], "identity": ["id_number"] });
        let mut client =
            json!({ "client_id": "chengxin", "redirect_uris": [back], "id_token_signed_response_alg": alg });
        let mut secret = SECRET;
        if strict {
            claims = json!({ "amr": null, "identity": ["id_number"] });
            client["token_endpoint_auth_method"] = json!("private_key_jwt");
            client["token_endpoint_auth_signing_alg"] = json!("ES256");
            client["jwks"] = json!({ "keys": [public_half()] });
            secret = KEY;
        } else {
            client["client_secret"] = json!(SECRET);
        }
        let running = started(&json!({
            "client": client, "claims": claims, "claimsParameter": strict, "acrValues": ["low", "high"],
            "users": {
                "zhou": person("s-1", "high", 1), "li": person("s-2", "low", 2),
                "zhang": staff("staff-1", &["pwd", "otp"]), "hong": staff("staff-2", &["pwd"]),
            },
            "now": site.desk.now() / 1_000,
        }));
        let terms = format!(
            "url = \"{}\"\nclient_id = \"chengxin\"\nzh = \"统一认证\"\nen = \"City sign-in\"\nscopes = [\"identity\"]\nstaff = true\n\
             second = {{ claim = \"amr\", values = [\"otp\"] }}\n\
             [residents]\nnumber = \"id_number\"\nkind = \"resident_id\"\nlevel = {{ claim = \"acr\", values = [\"high\"] }}\n",
            running.url
        );
        site.desk.app.issuer_set(&administrator(), "city", &read_terms(&terms).unwrap(), secret).unwrap();
        Self { site, _running: running }
    }

    /// Back from the provider.
    async fn back(&self, left: &Page, returned: &str) -> Page {
        let path = returned.strip_prefix(&self.site.desk.app.issuer()).unwrap();
        ask(&self.site, "GET", path, &[("cookie", &left.cookie("__Host-chengxin-away"))], "").await
    }

    async fn came(&self, browser: &mut Browser, entered: &Entered<'_>) -> (Page, Vec<&'static str>) {
        let left = ask(&self.site, "GET", "/sign-in/city", &[], "").await;
        assert_eq!(left.status, 303, "{}", left.text);
        let (returned, met) = browser.visit(&left.location, entered);
        (self.back(&left, &returned).await, met)
    }

    /// The same with a one-time code that links an account of staff.
    async fn linked(&mut self, login: &str, there: &str) -> Page {
        let code = self.site.desk.app.issuer_link(&administrator(), login, "city").unwrap().code.grouped();
        let left = ask(&self.site, "POST", "/sign-in/city", &[], &format!("code={code}")).await;
        assert_eq!(left.status, 200, "{}", left.text);
        let address = left.text.split("href=\"http://").nth(1).unwrap().split('"').next().unwrap();
        let address = format!("http://{}", address.replace("&#38;", "&").replace("&amp;", "&"));
        let (returned, _) = Browser::default().visit(&address, &as_they_are(there));
        self.back(&left, &returned).await
    }

    /// What is held about whoever is signed in; where they begin is for residents that page and for staff the desk.
    async fn me(&self, came: &Page) -> String {
        assert!(came.status == 303 && ["/me", "/desk"].contains(&came.location.as_str()), "{}", came.text);
        let me = ask(&self.site, "GET", "/me", &[("cookie", &came.cookie("__Host-chengxin"))], "").await;
        assert_eq!(me.status, 200, "{}", me.text);
        me.text
    }

    #[track_caller]
    fn refused(came: &Page, words: &str) {
        assert_eq!(came.status, 403, "{}", came.text);
        assert!(came.text.contains(words), "{}", came.text);
        assert!(!came.cookies.iter().any(|cookie| cookie.starts_with("__Host-chengxin=")), "{:?}", came.cookies);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_and_staff_sign_in_by_a_provider_that_others_wrote() {
    for (alg, strict) in [("RS256", false), ("ES256", true)] {
        let mut bench = Bench::new(alg, strict);
        let own = row(1).number;
        // One comes to the account to which a window bound them, the other to one that begins.
        if strict {
            bench.site.resident(&own, "zhouming").await;
        }
        let begun = i64::from(!strict);
        let accounts = |bench: &Bench| bench.site.desk.hand().number("SELECT count(*) FROM account", &[]).unwrap();
        let before = accounts(&bench);
        let mut browser = Browser::default();
        let (came, met) = bench.came(&mut browser, &as_they_are("zhou")).await;
        assert_eq!(met, ["login", "consent"]);
        let me = bench.me(&came).await;
        assert!(me.contains(&mask_number(chengxin_core::identity::DocumentKind::ResidentId, &own)), "{me}");
        // The provider knows the browser still and asks nothing; it is the same account.
        bench.site.desk.pass(MINUTE);
        let (again, met) = bench.came(&mut browser, &as_they_are("zhou")).await;
        assert!(met.is_empty(), "{met:?}");
        bench.me(&again).await;
        assert_eq!(accounts(&bench), before + begun);
        // Out here, whatever is remembered there.
        let cookie = again.cookie("__Host-chengxin");
        let out = ask(&bench.site, "POST", "/sign-out", &[("cookie", &cookie)], "").await;
        assert_eq!((out.status, out.location.as_str()), (303, "/sign-in"));
        assert_eq!(ask(&bench.site, "GET", "/me", &[("cookie", &cookie)], "").await.status, 303);
        // Verified less well than the operator asked for.
        let (low, _) = bench.came(&mut Browser::default(), &as_they_are("li")).await;
        Bench::refused(&low, "窗口");
        // Staff: by nothing but an administrator's code, and with two factors.
        let (unlinked, _) = bench.came(&mut Browser::default(), &as_they_are("zhang")).await;
        Bench::refused(&unlinked, "窗口");
        let one = bench.linked("lihong", "hong").await;
        Bench::refused(&one, "未能通过该登录提供方登录");
        let came = bench.linked("zhanghua", "zhang").await;
        assert!(bench.me(&came).await.contains("zhanghua"));
        let (came, _) = bench.came(&mut Browser::default(), &as_they_are("zhang")).await;
        assert!(bench.me(&came).await.contains("zhanghua"));
        assert_eq!(accounts(&bench), before + begun);
        bench.site.desk.assert_whole();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_that_others_wrote_refuses_opens_nothing() {
    let mut bench = Bench::new("RS256", false);
    let (stopped, _) = bench.came(&mut Browser::default(), &Entered { then: "stop", ..as_they_are("zhou") }).await;
    Bench::refused(&stopped, "未能通过该登录提供方登录");
    // Its code, once used, is worth nothing to another departure, whose verifier it does not fit.
    let left = ask(&bench.site, "GET", "/sign-in/city", &[], "").await;
    let (returned, _) = Browser::default().visit(&left.location, &as_they_are("zhou"));
    let other = ask(&bench.site, "GET", "/sign-in/city", &[], "").await;
    let state = |address: &str| address.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mixed = returned.replace(&state(&returned), &state(&other.location));
    Bench::refused(&bench.back(&other, &mixed).await, "未能通过该登录提供方登录");
    // The secret is another since; what it was trusted for before has ended with it.
    let terms = bench.site.desk.app.issuer_trusted("city").unwrap().terms;
    bench.site.desk.pass(MINUTE);
    bench.site.desk.app.issuer_set(&administrator(), "city", &terms, "another secret").unwrap();
    Bench::refused(&bench.back(&left, &returned).await, "未能通过该登录提供方登录");
    let (wrong, _) = bench.came(&mut Browser::default(), &as_they_are("zhou")).await;
    Bench::refused(&wrong, "未能通过该登录提供方登录");
    assert_eq!(bench.site.desk.hand().number("SELECT count(*) FROM session", &[]).unwrap(), 0);
    bench.site.desk.assert_whole();
}
