//! Working days and deadlines, for everybody to read.

use serde_json::json;

use crate::city::City;
use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reads_the_working_days_without_signing_in() {
    let site = Site::over(City::new());
    let years = site.ask("", "GET /calendars", None).await.expect(200);
    assert_eq!(years.as_array().unwrap().len(), 23);
    let year = site.ask("", "GET /calendars/2026", None).await.expect(200);
    assert_eq!((year["workingDays"].as_i64(), year["verified"].as_bool()), (Some(248), Some(false)));
    let national_day = &year["holidays"][6];
    assert_eq!(national_day["worked"], json!(["2026-09-20", "2026-10-10"]));
    let lacking = site.ask("", "GET /calendars/2031?lang=en", None).await;
    assert_eq!(lacking.status.as_u16(), 404);
    assert!(lacking.body.to_string().contains("2031"), "{:#}", lacking.body);
    for wrong in ["GET /calendars/next", "GET /calendars/99999", "GET /calendars/-1"] {
        assert_eq!(site.ask("", wrong, None).await.status.as_u16(), 404, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_counts_a_deadline_and_reads_how() {
    let site = Site::over(City::new());
    let all = site.ask("", "GET /deadlines", None).await.expect(200);
    assert_eq!(all.as_array().unwrap().len(), 8);
    let due = site.ask("", "GET /deadlines/repair-decision?from=2026-09-29", None).await.expect(200);
    assert_eq!((due["last"].as_str(), due["deadline"]["unit"].as_str()), (Some("2026-10-19"), Some("working_days")));
    assert!(due["how"]["zh"].as_str().unwrap().contains("国庆节2026年10月1日至2026年10月7日放假不计"), "{due:#}");
    for (wrong, status) in [
        ("GET /deadlines/score?from=2026-09-29", 404),
        ("GET /deadlines/repair-decision?from=2026-12-30", 404),
        ("GET /deadlines/repair-decision", 400),
        ("GET /deadlines/repair-decision?from=2026-02-30", 400),
        ("GET /deadlines/objection-answer?from=9999-12-31", 422),
    ] {
        let answer = site.ask("", wrong, None).await;
        assert_eq!(answer.status.as_u16(), status, "{wrong}: {:#}", answer.body);
    }
}
