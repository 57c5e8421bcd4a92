//! Signing in by a passkey, as the script of the page does it.

use chengxin_core::Role;
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::browser::{Browser, revoked};
use crate::site::Site;

fn read(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_by_the_page_and_leads_back_to_where_one_came_from() {
    let mut site = Site::over(revoked().0);
    let token = site.officer(Role::Clerk, "zhou").await;
    let mut device = Authenticator::new("https://credit.example");
    let offered = site.ask(&token, "POST /account/passkeys/offered", None).await.expect(200);
    let made =
        json!({ "ceremony": offered["ceremony"], "name": "窗口 3", "answer": device.register(&offered["options"]) });
    site.ask(&token, "POST /account/passkeys", Some(&made)).await.expect(201);

    let mut browser = Browser::new(&site);
    browser.get("/sign-in").await.shows(&["data-passkey", "用通行密钥登录", "hidden>"]);
    let asked = read(&browser.post_json("/sign-in/passkey/asked", &json!({ "login": "zhou" })).await.body);
    let proof = json!({ "ceremony": asked["ceremony"], "answer": device.prove(&asked["options"]) });
    let came = browser.post_json("/sign-in/passkey?lang=en&next=/desk/checks", &proof).await;
    assert_eq!((came.status, &read(&came.body)["next"]), (200, &json!("/desk/checks?lang=en")));
    browser.get("/desk/checks?lang=en").await.shows(&["Check at the window"]);

    let again = browser.post_json("/sign-in/passkey", &proof).await;
    assert!(again.status == 403 && browser.cookie().is_empty(), "an answer counts once: {}", again.body);
    let nobody = browser.post_json("/sign-in/passkey/asked", &json!({ "login": "nobody-here" })).await;
    assert_eq!(nobody.status, 200, "a name that nobody has is asked alike");
}
